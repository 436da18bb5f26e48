"""Changes of orders: read from a CSV, or found between two files of orders in the REST shape."""

from collections.abc import Callable, Iterator, Sequence
from typing import IO, Final, NamedTuple

from omtui.plain_text import plain
from omtui.problem import Wrong
from omtui.rehearsal.columns import REST_NAMES, ROLES
from omtui.rehearsal.open_orders import read_orders
from omtui.rehearsal.orders import Orders
from omtui.setup.did_you_mean import nearest

HEADER: Final = "Order Header"
LINE: Final = "Order Fulfill Line"

ACTIONS: Final = ("hold", "release-hold", "split", "compensation", "jeopardy")
COLUMNS: Final = ("order", "line", "entity", "attribute", "old", "new", "action", "value")

MOST_COMPARED: Final = 200_000
"""Order lines of a file that is compared with another one: they are all in memory."""

STATUS: Final = "Status"


class OrderChange(NamedTuple):
    """One change of an order: an attribute with its values before and after, or an action with its value."""

    order: str
    line: str
    entity: str = ""
    attribute: str = ""
    old: str = ""
    new: str = ""
    action: str = ""
    value: str = ""


Opener = Callable[[], IO[bytes]]


def read_changes(name: str, open_file: Opener, size: int | None, encoding: str = "") -> list[OrderChange] | Wrong:
    """The changes of a CSV with the columns order, line, entity, attribute, old, new, or action and value."""
    orders = read_orders(name, open_file, size, encoding)
    if isinstance(orders, Wrong):
        return orders
    at = {heading.strip().casefold(): number for number, heading in enumerate(orders.headings)}
    if "order" not in at or not {"attribute", "action"} & at.keys():
        fix = f"name the columns {', '.join(COLUMNS)}"
        return Wrong(f"{plain(name)} holds no changes: its columns are {plain(', '.join(orders.headings))}", fix)
    changes: list[OrderChange] = []
    number = orders.first_line
    for chunk in orders.chunks:
        if isinstance(chunk, Wrong):
            return chunk
        for row in chunk:
            change = OrderChange(*(_cell(row, at.get(column)) for column in COLUMNS))
            if (why := _why_no_change(change)) is not None:
                return Wrong(f"{plain(name)}: line {number:,}: {why.message}", why.fix)
            changes.append(change._replace(action=change.action.casefold()))
            number += 1
    return changes


def compare_orders(
    before: tuple[str, Opener, int | None], after: tuple[str, Opener, int | None]
) -> list[OrderChange] | Wrong:
    """What changed between two files of orders: of orders and lines that both hold, in the order of the second."""
    first, second = read_orders(*before), read_orders(*after)
    if isinstance(first, Wrong) or isinstance(second, Wrong):
        return first if isinstance(first, Wrong) else second  # type: ignore[return-value]
    then = _by_line(first)
    if isinstance(then, Wrong):
        return then
    now = _by_line(second)
    if isinstance(now, Wrong):
        return now
    found = (change for key, row in now.items() if key in then for change in _changed(key, then[key], row))
    return list(dict.fromkeys(found))  # a header's change is in each of its lines


def _cell(row: Sequence[object], number: int | None) -> str:
    value = row[number] if number is not None and number < len(row) else None
    return "" if value is None else str(value).strip()


def _why_no_change(change: OrderChange) -> Wrong | None:
    if not change.order:
        return Wrong("the order is missing", "write its number into the column order")
    if bool(change.attribute) == bool(change.action):
        return Wrong("it must have an attribute or an action", f"write one of them; actions are {', '.join(ACTIONS)}")
    if change.action and change.action.casefold() not in ACTIONS:
        near = nearest(change.action, ACTIONS)
        fix = f"did you mean {near}?" if near else f"actions are {', '.join(ACTIONS)}"
        return Wrong(f"{plain(change.action)} is no action", fix)
    return None


_Row = dict[str, str]


def _by_line(orders: Orders) -> dict[tuple[str, str], _Row] | Wrong:
    order, line = (_heading(orders, ROLES[role]) for role in ("order", "line"))
    if order is None:
        fix = f"the file needs one of {', '.join(ROLES['order'])}"
        return Wrong(f"{plain(orders.name)} does not say which order a line belongs to", fix)
    found: dict[tuple[str, str], _Row] = {}
    for chunk in orders.chunks:
        if isinstance(chunk, Wrong):
            return chunk
        for row in chunk:
            cells = {heading: _cell(row, number) for number, heading in enumerate(orders.headings)}
            found[cells[order], cells[line] if line is not None else ""] = cells
        if len(found) > MOST_COMPARED:
            return Wrong(f"{plain(orders.name)} has more than {MOST_COMPARED:,} lines to compare", "split it")
    return found


def _heading(orders: Orders, names: Sequence[str]) -> str | None:
    by_name = {heading.removeprefix("lines."): heading for heading in orders.headings}
    return next((by_name[name] for name in names if name in by_name), None)


def _changed(key: tuple[str, str], before: _Row, after: _Row) -> Iterator[OrderChange]:
    order, line = key
    for heading, new in after.items():
        old = before.get(heading, "")
        if old == new or heading not in before:
            continue
        field = heading.removeprefix("lines.")
        is_line = heading.startswith("lines.")
        _, attribute = REST_NAMES.get(field, ("", STATUS if field in ("Status", "StatusCode") else field))
        yield OrderChange(order, line if is_line else "", LINE if is_line else HEADER, attribute, old, new)
