"""Orders of the imaginary company, and what happens to some of them, for rehearsals of the practice set-up.

They take every routing rule of `practice-dev`. Lines of fewer than ten pieces find no rule for packing; one line, of
a whole pallet, meets two.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from pathlib import Path
from random import Random

ORDERS, CHANGES = "orders.csv", "changes.csv"
"""The names of the files next to the sample profiles."""

COUNT = 2_000
_FIRST = 500_001
_PALLET = 1_200
"""The order that meets two rules, and how many pieces it has."""

_HEADINGS = ("Order", "Line", "Customer", "Item", "Ordered Quantity", "Requested Ship Date", "Process Name")
_CUSTOMERS = ("Harbour Tools", "Northwind Marine", "Old Mill Bakery", "Quarry Supplies", "Tidewater Clinic")
_ITEMS = ("CM5008", "CM5010", "AS54888", "AS54999", "RV1200")
_PROCESS = "Practice_Pick_Process"


def write_orders(folder: Path) -> None:
    """Write both files into a folder. Raises OSError when that cannot be done."""
    for name, text in ((ORDERS, sample_orders()), (CHANGES, sample_changes())):
        path = folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)


def sample_orders() -> str:
    """`COUNT` orders of one to three lines as CSV: the same at every call."""
    source = Random(COUNT)
    lines = (row for number in range(COUNT) for row in _lines_of(number, source))
    return _as_csv((_HEADINGS, *lines))


def _lines_of(number: int, source: Random) -> Iterator[tuple[object, ...]]:
    customer = source.choice(_CUSTOMERS)
    day = f"2026-{source.randint(1, 12):02}-{source.randint(1, 28):02}"
    for line in range(1, source.choice((1, 1, 1, 2, 2, 3)) + 1):
        pieces = source.choices((source.randint(1, 9), source.randint(10, 480)), (1, 12))[0]
        if (number, line) == (COUNT // 2, 1):
            pieces = _PALLET
        yield _FIRST + number, line, customer, source.choice(_ITEMS), pieces, day, _PROCESS


def sample_changes() -> str:
    """A change of each kind as CSV."""
    order = _FIRST + COUNT // 2
    rows = (
        ("order", "line", "entity", "attribute", "old", "new", "action", "value"),
        (order, "", "Order Header", "Status", "Draft", "Submitted", "", ""),
        (order, 1, "Order Fulfill Line", "Status", "AWAIT_SHIP", "SHIPPED", "", ""),
        (order, 1, "Order Fulfill Line", "Ordered Quantity", _PALLET, 480, "", ""),
        (order, "", "", "", "", "", "hold", "CREDIT_CHECK"),
        (order, "", "", "", "", "", "release-hold", "CREDIT_CHECK"),
        (order, 1, "", "", "", "", "split", ""),
        (order, "", "", "", "", "", "compensation", ""),
        (order, 1, "", "", "LOW", "", "jeopardy", "HIGH"),
    )
    return _as_csv(rows)


def _as_csv(rows: Iterable[Sequence[object]]) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
