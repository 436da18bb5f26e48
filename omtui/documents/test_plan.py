"""The test plan of a set-up: order lines to enter in the pod, and what to do by hand, with boxes for the results."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import StringIO
from typing import Literal

from omtui.documents.model import Cell, ReportDocument, StyledText, table_section, tables_document
from omtui.documents.spreadsheet import cell
from omtui.rehearsal.cells import NUMBER
from omtui.setup.comparisons import Attribute

BOX = "☐"

WHAT_A_LINE_NAMES = (
    "A line names what it needs. What the rules read and it does not name stays empty; where the pod asks for a value, "
    "enter one with which omtui route finds the same connector. What no rule reads may have any value."
)

Kind = Literal["rule", "none", "boundary"]

ORDER_COLUMNS = ("", "Test", "What", "Task type", "Order line", "Goes to", "Order number", "Result", "Tester")
HAND_COLUMNS = ("", "Test", "Step", "Do", "Must happen", "Who hears or answers", "Order number", "Result", "Tester")


@dataclass(frozen=True)
class OrderTest:
    """An order line, and where its request must go."""

    id: str
    """The same as long as its rule, branch and value are."""
    kind: Kind
    what: str
    task_type: str
    operation: str
    cells: Mapping[Attribute, str]
    expected: str
    """A connector, or an outcome in brackets."""
    rule: str = ""
    branch: int = 0
    source: str = ""
    """The real line that it is, where it is one."""
    same: tuple["OrderTest", ...] = ()
    """The tests that the same line makes. They need a line of their own when a real line takes its place."""


@dataclass(frozen=True)
class Untested:
    """What no test of the plan covers, and why."""

    what: str
    why: str


@dataclass(frozen=True)
class HandTest:
    """Something to do in the pod, and what must happen."""

    id: str
    step: str
    do: str
    expected: str
    who: str
    """Who hears of an event, or the user who sends an answer."""


@dataclass(frozen=True)
class PlannedTests:
    """All tests of a profile."""

    profile: str
    attributes: tuple[Attribute, ...]
    """What the rules read."""
    orders: tuple[OrderTest, ...]
    without: tuple[Untested, ...] = ()
    hand: tuple[HandTest, ...] = ()
    asks_operation: bool = False
    """Whether a rule reads the operation."""


def test_number(*what: str) -> str:
    """The number of a test: the same for the same test, also when rules are reordered."""
    return f"T-{sha256('|'.join(what).encode()).hexdigest()[:6].upper()}"


def line_words(test: OrderTest, plan: PlannedTests) -> str:
    """An order line in words, with the real one that it is. An entity is named where the rules read several."""
    names = [name for _, name in plan.attributes]
    words = ", ".join(
        f"{name}{f' ({entity})' if names.count(name) > 1 else ''} {value}"
        for (entity, name), value in test.cells.items()
        if value
    )
    return f"{words or 'no values'}{f' ({test.source})' if test.source else ''}"


def request_words(test: OrderTest) -> str:
    """The task type, and the operation where a rule reads it."""
    return f"{test.task_type}, {test.operation}" if test.operation else test.task_type


def plan_document(plan: PlannedTests) -> ReportDocument:
    """The plan with boxes for results."""
    notes = (
        f"{len(plan.orders)} order lines, {len(plan.hand)} steps by hand.",
        WHAT_A_LINE_NAMES,
        "Where a request goes is what the rules of this profile say; the pod is to be compared with it.",
    )
    without = [(each.what, each.why) for each in plan.without]
    sections = [
        table_section("Order lines", ORDER_COLUMNS, _order_rows(plan), "no rule can be tested by a line"),
        *([table_section("Without a test", ("What", "Why"), without)] if without else []),
        table_section("By hand", HAND_COLUMNS, _hand_rows(plan), "no event and no answer is set up"),
    ]
    return tables_document(f"Test plan of {plan.profile}", notes, sections)


def _order_rows(plan: PlannedTests) -> Iterator[tuple[Cell, ...]]:
    for each in plan.orders:
        goes = StyledText(each.expected, "warn") if each.expected.startswith("(") else each.expected
        yield BOX, each.id, each.what, request_words(each), line_words(each, plan), goes, "", "", ""


def _hand_rows(plan: PlannedTests) -> Iterator[tuple[Cell, ...]]:
    for each in plan.hand:
        yield BOX, each.id, each.step, each.do, each.expected, each.who, "", "", ""


def plan_orders(plan: PlannedTests) -> tuple[str, list[str]]:
    """The order lines as a file of orders: `omtui route PROFILE --expect FILE` is the same test without a pod.

    A file of orders has no apostrophes that keep a text from becoming a formula on somebody's computer: a line with
    such a text is left out. The numbers of these tests come second.
    """
    names = [("Order Header", "Task Type"), *([("Order Header", "Operation")] if plan.asks_operation else ())]
    headings = [f"{attribute} ({entity})" for entity, attribute in (*names, *plan.attributes)]
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(map(cell, ["Order", "Line", *headings, "Expected Connector"]))
    left_out = []
    for each in plan.orders:
        asked = [each.task_type, *([each.operation] if plan.asks_operation else ())]
        cells = [each.cells.get(attribute, "") for attribute in plan.attributes]
        row = [each.id, "1", *asked, *cells, each.expected]
        if all(NUMBER.fullmatch(value) or cell(value) == value for value in row):
            writer.writerow(row)
        else:
            left_out.append(each.id)
    return text.getvalue(), left_out


def plan_json(plan: PlannedTests) -> dict[str, object]:
    """The plan for other programs."""
    return {
        "profile": plan.profile,
        "orders": [
            {
                "id": each.id,
                "kind": each.kind,
                "what": each.what,
                "task_type": each.task_type,
                "operation": each.operation or None,
                "values": {f"{attribute} ({entity})": cell for (entity, attribute), cell in each.cells.items() if cell},
                "expected": each.expected,
                "source": each.source or None,
            }
            for each in plan.orders
        ],
        "without": [{"what": each.what, "why": each.why} for each in plan.without],
        "by_hand": [
            {"id": each.id, "step": each.step, "do": each.do, "expected": each.expected, "who": each.who or None}
            for each in plan.hand
        ],
    }
