"""Records in words."""

import tomllib
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.setup.catalogue import TABLES
from omtui.setup.indexed import Indexed
from omtui.setup.place import Data
from omtui.setup.references import conditions
from omtui.setup.wording import (
    action_words,
    cell,
    cells,
    comparison_words,
    condition_words,
    drawn_steps,
    records_words,
    rule_words,
    step_words,
    summary,
    table_words,
)
from tests.setup.strategies import profiles, records, trees

RULE = tomllib.loads(
    """
name = "Route Invoice Request 01"
when = { all = [
    { entity = "Order Fulfill Line", attribute = "Item", operator = "=", value = "CM5008" },
    { entity = "Order Header", attribute = "Task Type", operator = "is equal to", value = "Invoice" },
] }
then = [{ action = "Set Connector Name", value = "Connector01" }]
otherwise = [
    { when = { attribute = "Item", operator = "is empty" }, then = [{ action = "Override Operation", value = "X" }] },
    { action = "Set Connector Name", value = "Connector02" },
    { action = "Set Acknowledgement Timeout", value = 10, unit = "Minutes" },
]
"""
)


@given(st.data())
def test_no_record_makes_it_raise(data: st.DataObject) -> None:
    table = TABLES[data.draw(st.sampled_from(sorted(TABLES)))]
    record = data.draw(records(table))
    assert len(cells(table, record)) == len(table.columns)
    assert isinstance(summary(table, record), str)
    for field in table.fields:
        assert isinstance(cell(field, record.get(field.name)), str)
    assert isinstance(action_words(record), str)
    assert isinstance(step_words(record), str)
    assert isinstance(comparison_words(record), str)


@given(profiles("routing_rules", "orchestration_processes"))
def test_no_rule_and_no_process_makes_it_raise(data: Data) -> None:
    setup = Indexed(data)
    for found in setup.records("routing_rules"):
        assert rule_words(found.record).startswith("If ")
    for found in setup.records("orchestration_processes"):
        steps = list(drawn_steps(found.record))
        assert sorted(index for index, _, _ in steps) == list(range(len(setup.within(found, "steps"))))
        assert all(drawn.depth >= 0 for _, _, drawn in steps)


@given(trees)
def test_every_condition_is_in_the_sentence(tree: dict[str, Any]) -> None:
    words = condition_words(tree)
    for _, leaf in conditions((), tree):
        if "attribute" in leaf or "operator" in leaf:
            assert comparison_words(leaf) in words


@pytest.mark.parametrize("nothing", [None, {}, "x", 5, []])
def test_nothing_has_no_words(nothing: object) -> None:
    assert condition_words(nothing) == ""
    assert records_words(nothing) == ""


def leaf(value: str) -> dict[str, Any]:
    return {"attribute": "Item", "operator": "=", "value": value}


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        ({"any": [leaf("a"), {"all": [leaf("b"), leaf("c")]}]}, "A or (B and C)"),
        ({"any": [leaf("a"), {"all": [leaf("b")]}]}, "A or B"),
        ({"not": {"any": [leaf("a"), leaf("b")]}}, "not (A or B)"),
        ({"all": [leaf("a"), {"not": leaf("b")}]}, "A and not (B)"),
        ({"any": [leaf("a"), leaf("b")], "not": leaf("c")}, "(A or B) and not (C)"),
        ({"all": [leaf("a")], **leaf("b")}, "A and B"),
        ({"any": [{"any": [leaf("a")], **leaf("b")}, leaf("c")]}, "(A and B) or C"),
        ({"all": [leaf("a"), {}]}, "A and …"),
        ({"not": {}}, "not (…)"),
        ({"all": []}, "always"),
        ({"any": []}, "never"),
    ],
)
def test_how_conditions_are_joined(tree: dict[str, Any], words: str) -> None:
    said = condition_words(tree)
    for name in "abc":
        said = said.replace(f"Item is equal to {name}", name.upper())
    assert said == words


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (
            {"entity": "Order Header", "attribute": "A", "operator": ">=", "value": 5},
            "A (Order Header) is greater than or equal to 5",
        ),
        ({"attribute": "A", "operator": "is between", "value": [1, Decimal("2.5")]}, "A is between 1 and 2.5"),
        ({"attribute": "A", "operator": "is between", "value": [1]}, "A is between 1"),
        ({"attribute": "A", "operator": "is in", "value": ["x", "y, z"]}, 'A is in x, "y, z"'),
        ({"attribute": "A", "operator": "is empty", "value": "x"}, "A is empty"),
        ({"attribute": "A"}, "A … …"),
        ({}, "… … …"),
    ],
)
def test_a_comparison(record: dict[str, Any], words: str) -> None:
    assert comparison_words(record) == words


def test_the_rule_of_the_source_text() -> None:
    assert rule_words(RULE) == (
        "If Item (Order Fulfill Line) is equal to CM5008 and Task Type (Order Header) is equal to Invoice, then use "
        "connector Connector01; else if Item is empty, then Override Operation: X; else use connector Connector02 and "
        "Set Acknowledgement Timeout: 10 Minutes."
    )
    assert rule_words({}) == "If …, then …."
    assert rule_words({"otherwise": [{"when": {}}, {}]}) == "If …, then …; else if …, then …; else …: …."


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([{"internal": "PICKING", "display": "Picking"}, {"internal": "PICKED"}], "PICKING, PICKED"),
        ([{"code": "A"}, {"code": "B"}, {"code": "C"}], "A, B, C"),
        ([{"number": each} for each in (100, 200, 300, 400)], "4: 100, 200, 300 …"),
        ([{"name": "A"}, {}], "2: A …"),
        ([{}], "1"),
        ([{"action": "Set Connector Name", "value": "C"}], "use connector C"),
        ([{"score": 300}], "300"),
    ],
)
def test_nested_records(value: object, words: str) -> None:
    assert records_words(value) == words


def test_steps_in_branches() -> None:
    process = {
        "steps": [
            {"number": 500, "type": "Merge"},
            {"number": 200, "type": "Conditional"},
            {"number": 100, "task_type": "Pick", "task": "Pick Carton", "service": "Pick Create"},
            {"number": 300, "type": "Service", "condition": "x"},
            {"number": 400, "wait": True, "otherwise": True, "exit_criteria": "PICKED"},
            {"name": "without a number"},
        ]
    }
    drawn = [(step.get("number"), d.depth, d.starts_branch, d.sign) for _, step, d in drawn_steps(process)]
    assert drawn == [
        (100, 0, False, "call"),
        (200, 0, False, "branch"),
        (300, 1, True, "call"),
        (400, 1, True, "wait"),
        (None, 1, False, "call"),
        (500, 0, False, "merge"),
    ]
    assert [step_words(step) for step in process["steps"]] == [
        "Merge",
        "Conditional",
        "Pick › Pick Carton › Pick Create",
        "when x",
        "waits for PICKED, otherwise",
        "",
    ]


def test_a_nested_record_on_one_line() -> None:
    statuses = TABLES["task_types.statuses"]
    assert (
        summary(statuses, {"internal": "PICKED", "display": "Picked", "complete": True}) == "Picked · Mark as Complete"
    )
    services = TABLES["task_types.services"]
    assert summary(services, {"code": "A Create", "name": "A Create", "operation": "Create"}) == "Create"


def test_how_many() -> None:
    assert [table_words("connectors", count) for count in (0, 1, 2)] == ["no connectors", "1 connector", "2 connectors"]
