"""The sheet of a record shows all of it, once, in the order of Oracle's page."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given

from omtui.setup.catalogue import TABLES, child
from omtui.setup.indexed import Indexed
from omtui.setup.place import Data, Path, table_at
from omtui.setup.references import conditions
from omtui.setup.table import Record, Table
from omtui.setup.wording import action_words, comparison_words
from omtui.workbench.sheets import SheetRow, is_comparison, sheet
from omtui.workbench.signs import ASCII, UNICODE
from tests.setup.strategies import profiles


def sheets(data: Data) -> Iterator[tuple[Table, Path, Record, list[SheetRow]]]:
    """Every record that has a screen, with its sheet."""
    setup = Indexed(data)
    for table in TABLES.values():
        if table.path.startswith("routing_rules."):
            continue
        for found in setup.records(table.path) if not table.single else [((table.path,), setup.single(table.path))]:
            path, record = found
            yield table, path, record, sheet(table, record, path, UNICODE)
    for rule in setup.records("routing_rules"):
        otherwise = TABLES["routing_rules.otherwise"]
        for branch in setup.within(rule, "otherwise"):
            yield otherwise, branch.path, branch.record, sheet(otherwise, branch.record, branch.path, UNICODE)


@given(profiles())
def test_every_field_has_one_row(data: Data) -> None:
    for table, path, _, rows in sheets(data):
        if table.path == "routing_rules.otherwise":
            continue
        shown = Counter(row.path for row in rows if row.kind in ("field", "section", "branch"))
        wanted = {(*path, field.name) for field in table.fields}
        assert {each for each in shown if len(each) == len(path) + 1} == wanted
        assert all(shown[each] == 1 for each in wanted)


@given(profiles())
def test_every_nested_record_has_one_row_that_opens_it(data: Data) -> None:
    for table, path, record, rows in sheets(data):
        opened = Counter(row.path for row in rows if row.opens)
        assert not opened or max(opened.values()) == 1
        for name, value in record.items() if not table.single else ():  # single tables have their records on lists
            inner = child(table.path, name)
            if inner is None or inner.path == "routing_rules.when" or inner.single or name == "otherwise":
                continue
            assert {(*path, name, number) for number in range(len(value))} <= set(opened)
        for row in rows:
            if row.opens:
                assert table_at(row.path) is not None
                assert isinstance(_value(data, row.path), dict)


@given(profiles("routing_rules"))
def test_every_condition_and_every_action_of_a_rule_is_shown(data: Data) -> None:
    for rule in Indexed(data).records("routing_rules"):
        rows = sheet(TABLES["routing_rules"], rule.record, rule.path, UNICODE)
        conditions_shown = {row.path: row.value for row in rows if row.kind == "condition"}
        branches = [(rule.path, rule.record)]
        branches += [((*rule.path, "otherwise", n), each) for n, each in enumerate(_rows(rule.record, "otherwise"))]
        for path, branch in branches:
            for leaf_path, leaf in conditions((*path, "when"), branch.get("when")):
                if is_comparison(leaf):
                    assert conditions_shown[leaf_path] == comparison_words(leaf)
            for number, action in enumerate(_rows(branch, "then")):
                assert (*path, "then", number) in {row.path for row in rows if row.kind == "action"}
                assert action_words(action) in {row.value for row in rows if row.kind == "action"}
        assert all(row.depth >= 1 for row in rows if row.kind in ("condition", "group", "action"))


@given(profiles())
def test_where_something_can_be_added_a_row_says_so(data: Data) -> None:
    for table, path, _, rows in sheets(data):
        for field in table.fields:
            if field.kind == "records" and table.path != "routing_rules.otherwise":
                row = next(row for row in rows if row.path == (*path, field.name))
                assert row.rows == row.path


def _value(data: Data, path: Path) -> Any:
    here: Any = data
    for part in path:
        here = here[part]
    return here


def _rows(record: Record, name: str) -> list[Any]:
    value = record.get(name)
    return value if isinstance(value, list) else []


def drawn(record: Record, table: str, path: Path, signs: Any = UNICODE) -> list[str]:
    rows = sheet(TABLES[table], record, path, signs)
    return [f"{'  ' * row.depth}{row.label} | {row.value}".rstrip() for row in rows if row.value or row.kind != "field"]


A = {"entity": "Order Header", "attribute": "Task Type", "operator": "=", "value": "Pick"}
B = {"attribute": "Item", "operator": "is empty"}


def test_a_rule_is_drawn_as_a_tree() -> None:
    rule = {
        "name": "R",
        "when": {"all": [A, {"any": [B, {"not": A}]}, {}]},
        "then_text": "Route it",
        "then": [{"action": "Set Connector Name", "value": "C1"}],
        "otherwise": [
            {"when": {"any": [A], "not": B}, "then": []},
            {"action": "Set Connector Name", "value": "C2"},
        ],
        "priority": 3,
    }
    assert drawn(rule, "routing_rules", ("routing_rules", 0)) == [
        "Name | R",
        "IF |",
        "  all of |",
        "     | Task Type (Order Header) is equal to Pick",
        "    any of |",
        "       | Item is empty",
        "      not |",
        "         | Task Type (Order Header) is equal to Pick",
        "     | … … …",
        "Text of THEN | Route it",
        "THEN |",
        "   | use connector C1",
        "ELSE IF |",
        "  any of |",
        "     | Task Type (Order Header) is equal to Pick",
        "  not |",
        "     | Item is empty",
        "THEN | no action yet",
        "ELSE |",
        "  │ | use connector C2",
        "Priority | 3",
    ]


def test_an_empty_rule_says_what_is_missing() -> None:
    assert drawn({}, "routing_rules", ("routing_rules", 0)) == [
        "IF | no condition yet",
        "THEN | no action yet",
        "ELSE | nothing",
    ]
    assert drawn({"when": {}}, "routing_rules", ("routing_rules", 0))[0] == "IF | no condition yet"
    assert drawn({"when": {"all": []}}, "routing_rules", ("routing_rules", 0))[:2] == ["IF |", "  all of | empty"]


def test_a_branch_has_a_sheet_of_its_own() -> None:
    path = ("routing_rules", 0, "otherwise", 0)
    branch = {"if_text": "Item is X", "when": B, "then": [], "then_text": "Go"}
    assert drawn(branch, "routing_rules.otherwise", path) == [
        "Text of IF | Item is X",
        "ELSE IF |",
        "   | Item is empty",
        "Text of THEN | Go",
        "THEN | no action yet",
    ]
    last = {"action": "Set Acknowledgement Timeout", "value": 5, "unit": "Days"}
    assert drawn(last, "routing_rules.otherwise", path) == [
        "Action | Set Acknowledgement Timeout",
        "Value | 5",
        "Unit | Days",
    ]


@pytest.mark.parametrize(("signs", "letters"), [(UNICODE, "→◇├─◷◆"), (ASCII, "->?|-~=")])
def test_steps_are_drawn_in_the_order_they_run(signs: Any, letters: str) -> None:
    process = {
        "name": "P",
        "steps": [
            {"number": 500, "name": "meet", "type": "Merge"},
            {"number": 100, "name": "a", "task_type": "Pick"},
            {"number": 200, "name": "b", "type": "Conditional"},
            {"number": 300, "name": "c", "condition": "x"},
            {"number": 400, "wait": True, "otherwise": True},
        ],
    }
    rows = sheet(TABLES["orchestration_processes"], process, ("orchestration_processes", 0), signs)
    steps = [row for row in rows if row.kind == "record"]
    assert [row.path[-1] for row in steps] == [1, 2, 3, 4, 0]
    assert {letter for row in steps for letter in row.label if not letter.isalnum() and letter not in " …."} == set(
        letters
    )
    if signs is ASCII:
        assert all(row.label.isascii() for row in steps)
    assert steps[2].label == f"  300 {signs.tee}{signs.call} c"


def test_nested_records_show_their_key_and_the_rest() -> None:
    task_type = {"name": "Pick", "statuses": [{"internal": "PICKED", "complete": True}], "tasks": []}
    assert drawn(task_type, "task_types", ("task_types", 0)) == [
        "Task Type | Pick",
        "Services | none yet",
        "Tasks | none yet",
        "Statuses | 1",
        "  PICKED | Mark as Complete",
    ]
    threshold = {"code": "T", "scores": [{"minimum_delay": 1, "unit": "Days", "score": 5}]}
    assert drawn(threshold, "jeopardy.thresholds", ("jeopardy", "thresholds", 0))[-1] == "  1 | 1 · Days · 5"
