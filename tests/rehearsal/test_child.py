"""The job of the child process: counts with examples, what an edit changes, lines, and what every rule makes of one."""

import tomllib
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from omtui.problem import Wrong
from omtui.rehearsal.child import answer_all
from omtui.rehearsal.column_file import read_choices, with_choice
from omtui.rehearsal.columns import ColumnChoice
from omtui.rehearsal.job import (
    ChildAnswer,
    LineRules,
    LinesRead,
    Question,
    RehearsalCounts,
    RehearsalJob,
    RequestWay,
    WayLines,
)
from omtui.rehearsal.live import Answer, LiveRehearsal

SET_UP = """
[[task_types]]
name = "Pick"
[[connectors]]
name = "A"
[[connectors]]
name = "B"
[[routing_rules]]
name = "Many"
active = true
when = { all = [
    { entity = "Order Header", attribute = "Task Type", operator = "=", value = "Pick" },
    { entity = "Order Fulfill Line", attribute = "Ordered Quantity", operator = ">=", value = 10 },
] }
then = [{ action = "Set Connector Name", value = "A" }]
[[routing_rules]]
name = "Very many"
active = true
when = { all = [
    { entity = "Order Header", attribute = "Task Type", operator = "=", value = "Pick" },
    { entity = "Order Fulfill Line", attribute = "Ordered Quantity", operator = ">=", value = 500 },
] }
then = [{ action = "Set Connector Name", value = "B" }]
[[routing_rules]]
name = "Packing"
active = true
when = { entity = "Order Header", attribute = "Task Type", operator = "=", value = "Pack" }
then = [{ action = "Set Connector Name", value = "B" }]
"""
UNROUTED = RequestWay("Pick", "(unrouted)")


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    rows = "".join(f"{1000 + number},1,Pick,{quantity}\n" for number, quantity in enumerate((5, 10, 600, 9, "")))
    path.write_text(f"Order,Line,Task Type,Ordered Quantity\n{rows}")
    return path


def asked(path: Path, text: str = SET_UP, **also: Any) -> Answer:
    *progress, answer = LiveRehearsal().answers(RehearsalJob(tomllib.loads(text), str(path), **also))
    assert all(isinstance(each, LinesRead | None) for each in progress)
    assert not isinstance(answer, LinesRead | None)
    return answer


def test_the_counts_with_examples_and_the_pairs_that_were_met(orders: Path) -> None:
    found = asked(orders)
    assert isinstance(found, RehearsalCounts)
    assert (found.lines, found.requests, found.problem, found.edit) == (5, 5, None, None)
    assert found.ways == {UNROUTED: 3, RequestWay("Pick", "(ambiguous)"): 1, RequestWay("Pick", "A"): 1}
    assert found.taken == {"Many": 2, "Very many": 1}
    assert found.pairs == {("Many", "Very many"): 1}
    assert found.examples[UNROUTED][0].order == "1000"
    assert "Ordered Quantity 5 is not" in found.examples[UNROUTED][0].why
    assert [(each.heading, each.attribute, each.missing) for each in found.columns] == [
        ("Order", "the order's number", None),
        ("Line", "the line's number", None),
        ("Task Type", "Task Type (Order Header)", None),
        ("Ordered Quantity", "Ordered Quantity (Order Fulfill Line)", 1),
    ]
    assert found.columns[3].samples == ("5", "10", "600")


def test_what_an_edit_changes(orders: Path) -> None:
    found = asked(orders, SET_UP.replace("value = 10 }", "value = 6 }"), before=SET_UP.encode())
    assert isinstance(found, RehearsalCounts)
    assert found.edit is not None
    assert (found.edit.requests, found.edit.lines) == (1, 1)
    assert found.edit.ways == (("Pick", "(unrouted)", "A", 1),)
    same = asked(orders, before=SET_UP.encode())
    assert isinstance(same, RehearsalCounts)
    assert same.edit is not None
    assert same.edit.requests == 0


def test_the_lines_of_one_way_and_what_every_rule_makes_of_one(orders: Path) -> None:
    found = asked(orders, way=UNROUTED)
    assert isinstance(found, WayLines)
    assert [(each.place, each.order, each.cells) for each in found.lines] == [
        (2, "1000", ("5",)),
        (5, "1003", ("9",)),
        (6, "1004", ("",)),
    ]
    one = asked(orders, way=UNROUTED, line=found.lines[1].number)
    assert isinstance(one, LineRules)
    words = [(each.depth, each.holds, each.text) for each in one.words]
    assert (0, False, "Many") in words
    assert (2, True, 'Task Type "Pick" is equal to "Pick"') in words
    assert (2, False, "Ordered Quantity 9 is not greater than or equal to 10") in words
    assert words[-1] == (0, False, "1 rule is for other task types")


def test_a_line_of_another_width_is_named_as_that(orders: Path) -> None:
    orders.write_text(f"{orders.read_text()}2000,1\n")
    way = RequestWay(None, "(cannot-evaluate)")
    found = asked(orders, way=way)
    assert isinstance(found, WayLines)
    one = asked(orders, way=way, line=found.lines[0].number)
    assert isinstance(one, LineRules)
    assert [each.text for each in one.words] == ["the line has another number of cells than the headings"]


def test_what_cannot_be_read_is_a_message(orders: Path, tmp_path: Path) -> None:
    assert isinstance(asked(tmp_path / "none.csv"), Wrong)
    assert isinstance(asked(tmp_path), Wrong)
    assert isinstance(asked(orders, before=b"= no profile"), Wrong)
    gone = asked(orders, way=UNROUTED, line=999)
    assert isinstance(gone, Wrong)
    assert "not in the file any more" in gone.message


def test_what_a_person_says_of_a_column_is_kept_next_to_what_is_there() -> None:
    first = with_choice(b"", ColumnChoice("Stk", "Order Fulfill Line", "Ordered Quantity"))
    content = b"# ours\n" + first
    second = with_choice(content, ColumnChoice("Nr", role="order"))
    third = with_choice(second, ColumnChoice("Stk", ignore=True))
    assert third.startswith(b"# ours\n")
    assert read_choices(second, "x") == [
        ColumnChoice("Stk", "Order Fulfill Line", "Ordered Quantity"),
        ColumnChoice("Nr", role="order"),
    ]
    assert read_choices(third, "x") == [ColumnChoice("Stk", ignore=True), ColumnChoice("Nr", role="order")]


class NoMoreQuestionsError(Exception):
    """A child would wait here."""


class Asked(SimpleQueue[Question]):
    """Questions that are asked as soon as something was answered."""

    def __init__(self, first: Question, *later: Question) -> None:
        super().__init__()
        self.put(first)
        self.later = [*later]
        self.told: list[ChildAnswer] = []

    def get(self, block: bool = True, timeout: float | None = None) -> Question:
        """As the child asks for it."""
        if self.empty():
            raise NoMoreQuestionsError
        return super().get(block, timeout)

    def tell(self, answer: ChildAnswer) -> None:
        """Hear an answer, and ask something newer."""
        self.told.append(answer)
        if self.later:
            self.put(self.later.pop(0))


def test_a_newer_question_overtakes_an_older_one_and_one_that_is_taken_back_is_left(orders: Path) -> None:
    job = RehearsalJob(tomllib.loads(SET_UP), str(orders))
    ways = RehearsalJob(tomllib.loads(SET_UP), str(orders), way=UNROUTED)
    asked = Asked(Question(1, job), Question(2, ways), Question(3, None))
    with pytest.raises(NoMoreQuestionsError):
        answer_all(asked, asked.tell)
    finals = [each.number for each in asked.told if not isinstance(each.content, LinesRead)]
    assert asked.told[0].number == 1
    assert finals == [2, 1]
    asked = Asked(Question(1, job), Question(1, None))
    with pytest.raises(NoMoreQuestionsError):
        answer_all(asked, asked.tell)
    assert len(asked.told) == 1
