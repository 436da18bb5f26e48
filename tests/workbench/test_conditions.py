"""Building a rule's tree of conditions: what is added and removed, and that everything can be taken back."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.service.editing import Plan
from omtui.setup.catalogue import TABLES
from omtui.setup.conditions import evaluate
from omtui.setup.indexed import Indexed
from omtui.setup.place import Data, Path
from omtui.setup.reading import verify
from omtui.setup.references import conditions
from omtui.setup.table import Record
from omtui.store.change import apply, inverse, value_at
from omtui.workbench.conditions import additions, plan_addition, plan_removal
from omtui.workbench.sheets import SheetRow, is_comparison, sheet
from omtui.workbench.signs import UNICODE
from tests.setup.strategies import profiles, trees

RULE: Path = ("routing_rules", 0)
WHEN: Path = (*RULE, "when")
NEW = {"operator": "is equal to"}


def profile(rule: Record) -> Data:
    rules = [{"name": "R", **deepcopy(dict(rule))}]
    return {"schema": 1, "profile": {"name": "a", "environment": "test"}, "routing_rules": rules}


def perform(data: Data, plan: Plan) -> list[Any]:
    return [apply(data, operation) for operation in plan.operations]


def rows_of(data: Data) -> list[SheetRow]:
    record = value_at(data, RULE)
    assert isinstance(record, dict)
    return sheet(TABLES["routing_rules"], record, RULE, UNICODE)


def row(data: Data, kind: str, *path: str | int) -> SheetRow:
    return next(each for each in rows_of(data) if each.kind == kind and each.path == (*RULE, *path))


def leaf(value: object) -> dict[str, Any]:
    return {"attribute": "Item", "operator": "=", "value": value}


def rule_of(data: Data) -> Any:
    record = value_at(data, RULE)
    assert isinstance(record, dict)
    return {name: value for name, value in record.items() if name != "name"}


def added(rule: Record, what: str, kind: str, *path: str | int) -> Any:
    """The rule after an addition at one of its rows; what is offered there must hold it."""
    data = profile(rule)
    here = row(data, kind, *path)
    at = next(place for _, _, name, place in additions(RULE, here) if name == what)
    plan = plan_addition(Indexed(data), what, at)
    perform(data, plan)
    assert isinstance(value_at(data, plan.path), dict)
    return rule_of(data)


def removed(rule: Record, kind: str, *path: str | int) -> Any:
    data = profile(rule)
    here = row(data, kind, *path)
    plan = plan_removal(Indexed(data), here.path, here.kind)
    assert plan is not None
    perform(data, plan)
    return rule_of(data)


A, B, C = leaf("a"), leaf("b"), leaf("c")
SET = {"action": "Set Connector Name"}


@pytest.mark.parametrize(
    ("when", "what", "kind", "path", "after"),
    [
        (None, "condition", "section", ("when",), {"all": [NEW]}),
        (None, "or", "section", ("when",), {"any": [NEW]}),
        (A, "condition", "condition", ("when",), {"all": [A, NEW]}),
        (A, "or", "condition", ("when",), {"any": [A, NEW]}),
        (A, "not", "condition", ("when",), {"not": A}),
        ({"not": A}, "not", "group", ("when", "not"), A),
        ({"not": A}, "condition", "condition", ("when", "not"), {"not": {"all": [A, NEW]}}),
        ({"all": [A, B]}, "condition", "condition", ("when", "all", 0), {"all": [A, NEW, B]}),
        ({"all": [A, B]}, "or", "condition", ("when", "all", 0), {"all": [{"any": [A, NEW]}, B]}),
        ({"all": [A, B]}, "not", "condition", ("when", "all", 1), {"all": [A, {"not": B}]}),
        ({"all": [A, B]}, "condition", "group", ("when", "all"), {"all": [A, B, NEW]}),
        ({"all": [A, B]}, "or", "group", ("when", "all"), {"any": [{"all": [A, B]}, NEW]}),
        ({"all": [A, B]}, "not", "group", ("when", "all"), {"not": {"all": [A, B]}}),
        ({"all": [A, B]}, "or", "section", ("when",), {"any": [{"all": [A, B]}, NEW]}),
        ({"any": [A, B]}, "condition", "section", ("when",), {"all": [{"any": [A, B]}, NEW]}),
        ({"all": [A], "any": [B]}, "or", "group", ("when", "any"), {"all": [A], "any": [B, NEW]}),
        ({"all": [A], "any": [B]}, "or", "group", ("when", "all"), {"any": [{"all": [A], "any": [B]}, NEW]}),
        ({"any": [A], "not": B}, "not", "group", ("when", "not"), {"not": {"any": [A], "not": B}}),
    ],
)
def test_what_an_addition_makes(when: Any, what: str, kind: str, path: tuple[str | int, ...], after: Any) -> None:
    assert added({} if when is None else {"when": when}, what, kind, *path) == {"when": after}


@pytest.mark.parametrize(
    ("when", "kind", "path", "after"),
    [
        (A, "condition", ("when",), None),
        (A, "section", ("when",), None),
        ({"all": [A]}, "condition", ("when", "all", 0), None),
        ({"all": [A, B]}, "condition", ("when", "all", 0), {"all": [B]}),
        ({"all": [A, B]}, "group", ("when", "all"), None),
        ({"not": A}, "condition", ("when", "not"), None),
        ({"not": A}, "group", ("when", "not"), None),
        ({"all": [A, {"any": [B]}]}, "condition", ("when", "all", 1, "any", 0), {"all": [A]}),
        ({"all": [A, {"not": {"any": [B]}}]}, "condition", ("when", "all", 1, "not", "any", 0), {"all": [A]}),
        ({"all": [{"any": [{"not": B}]}]}, "condition", ("when", "all", 0, "any", 0, "not"), None),
        ({"all": [A], "any": [B]}, "condition", ("when", "any", 0), {"all": [A]}),
        ({"all": [A], "any": [B, C]}, "group", ("when", "all"), {"any": [B, C]}),
        ({"all": [A], "not": B}, "group", ("when", "not"), {"all": [A]}),
        ({"all": [A], **B}, "condition", ("when",), {"all": [A]}),
        ({"all": [A], **B}, "condition", ("when", "all", 0), B),
        ({"all": [A, {}]}, "condition", ("when", "all", 1), {"all": [A]}),
        ({"not": {}}, "condition", ("when", "not"), None),
        ({"all": []}, "group", ("when", "all"), None),
    ],
)
def test_what_a_removal_leaves(when: Any, kind: str, path: tuple[str | int, ...], after: Any) -> None:
    assert removed({"when": when}, kind, *path) == ({} if after is None else {"when": after})


def test_branches_and_actions_are_added_where_they_belong() -> None:
    rule = {"when": A, "then": [SET], "otherwise": [{"when": B, "then": [SET]}, SET]}
    new_branch = {"when": {"all": [NEW]}}
    assert added(rule, "branch", "section", "when")["otherwise"] == [rule["otherwise"][0], new_branch, SET]
    assert added(rule, "last action", "section", "otherwise")["otherwise"] == [*rule["otherwise"], SET]
    assert added(rule, "action", "section", "then")["then"] == [SET, SET]
    assert added(rule, "action", "action", "otherwise", 0, "then", 0)["otherwise"][0]["then"] == [SET, SET]
    assert added(rule, "condition", "branch", "otherwise", 0)["otherwise"][0]["when"] == {"all": [B, NEW]}
    assert added(rule, "condition", "condition", "otherwise", 0, "when")["otherwise"][0]["when"] == {"all": [B, NEW]}
    assert added({}, "branch", "section", "otherwise") == {"otherwise": [new_branch]}
    assert added({"otherwise": [{"unit": "Days"}]}, "branch", "section", "otherwise")["otherwise"][0] == new_branch


def test_an_else_if_goes_with_the_last_of_it() -> None:
    only_if, only_then = {"otherwise": [{"when": A}, SET]}, {"otherwise": [{"then": [SET]}, SET]}
    assert removed(only_if, "condition", "otherwise", 0, "when") == {"otherwise": [SET]}
    assert removed(only_then, "action", "otherwise", 0, "then", 0) == {"otherwise": [SET]}
    assert removed(only_then, "section", "otherwise", 0, "then") == {"otherwise": [SET]}
    both = {"otherwise": [{"when": A, "then": [SET]}]}
    assert removed(both, "condition", "otherwise", 0, "when") == {"otherwise": [{"then": [SET]}]}
    assert removed(both, "action", "otherwise", 0, "then", 0) == {"otherwise": [{"when": A}]}
    assert removed(both, "branch", "otherwise", 0) == {}
    assert removed({"otherwise": [SET]}, "action", "otherwise", 0) == {}
    assert removed({"then": [SET]}, "action", "then", 0) == {}


def test_what_is_not_there_cannot_be_removed() -> None:
    data = profile({})
    for each in rows_of(data):
        if each.kind == "section":
            assert plan_removal(Indexed(data), each.path, each.kind) is None


def _leaves(tree: object) -> list[object]:
    return [value for _, node in conditions((), tree) if is_comparison(node) for value in [node.get("value")]]


def _holes(node: object) -> int:
    """Groups and tables of conditions that are empty."""
    if not isinstance(node, dict):
        return 0
    inner = [each for join in ("all", "any") for each in node.get(join, [])]
    inner += [node["not"]] if "not" in node else []
    return (not node) + sum(not node[join] for join in ("all", "any") if join in node) + sum(map(_holes, inner))


@st.composite
def numbered_trees(draw: st.DrawFn) -> dict[str, Any]:
    """Trees whose comparisons differ in their value."""
    tree = deepcopy(draw(trees))
    for number, (_, node) in enumerate(conditions((), tree)):
        assert isinstance(node, dict)
        node |= {"attribute": "Item", "operator": "=", "value": number}
    return tree


def _tree_rows(data: Data) -> Iterator[SheetRow]:
    for each in rows_of(data):
        if each.kind in ("condition", "group") and each.path[: len(WHEN)] == WHEN:
            yield each


@given(numbered_trees(), st.data())
def test_a_removal_takes_what_the_row_shows_and_nothing_else(tree: dict[str, Any], draw: st.DataObject) -> None:
    data = profile({"when": tree})
    offered = list(_tree_rows(data))
    if not offered:
        return
    here = offered[draw.draw(st.integers(0, len(offered) - 1))]
    before, holes = _leaves(tree), _holes(tree)
    if here.kind == "condition":
        node = value_at(data, here.path)
        assert isinstance(node, dict)
        gone = [node.get("value")] if is_comparison(node) else []
    else:
        inside = value_at(data, here.path)
        gone = [v for each in (inside if isinstance(inside, list) else [inside]) for v in _leaves(each)]
    plan = plan_removal(Indexed(data), here.path, here.kind)
    assert plan is not None
    perform(data, plan)
    after = value_at(data, WHEN)
    assert _leaves(after) == [value for value in before if value not in gone]
    assert _holes(after) <= holes
    assert verify(data) == []


@given(numbered_trees(), st.data())
def test_an_addition_keeps_every_comparison(tree: dict[str, Any], draw: st.DataObject) -> None:
    data = profile({"when": tree})
    offered = [each for each in rows_of(data) if each.path[: len(WHEN)] == WHEN]
    here = offered[draw.draw(st.integers(0, len(offered) - 1))]
    what, at = draw.draw(st.sampled_from([(each[2], each[3]) for each in additions(RULE, here)]))
    before = sorted(_leaves(tree), key=str)
    plan = plan_addition(Indexed(data), what, at)
    perform(data, plan)
    new = [None] if what in ("condition", "or") else []
    assert sorted(_leaves(value_at(data, WHEN)), key=str) == sorted([*before, *new], key=str)
    assert value_at(data, plan.path) == NEW or what in ("not", "action", "last action")


ITEM = ("", "Item")


@given(numbered_trees(), st.integers(0, 6), st.booleans())
def test_what_an_addition_at_the_top_means(tree: dict[str, Any], item: int, holds: bool) -> None:
    tree = _without_entities(tree)
    order = {ITEM: item, ("", "Other"): 1}
    old = evaluate(tree, order).holds
    for what, wanted in (
        ("condition", _opposite(_either(_opposite(old), not holds))),
        ("or", _either(old, holds)),
        ("not", _opposite(old)),
    ):
        data = profile({"when": deepcopy(tree)})
        plan = plan_addition(Indexed(data), what, WHEN)
        perform(data, plan)
        if what != "not":
            new = value_at(data, plan.path)
            assert isinstance(new, dict)
            new |= {"attribute": "Other", "operator": "=", "value": 1 if holds else 2}
        if tree:
            assert evaluate(value_at(data, WHEN), order).holds is wanted


def _without_entities(tree: dict[str, Any]) -> dict[str, Any]:
    for _, node in conditions((), tree):
        assert isinstance(node, dict)
        node.pop("entity", None)
    return tree


def _either(one: bool | None, other: bool | None) -> bool | None:
    return True if True in (one, other) else None if None in (one, other) else False


def _opposite(one: bool | None) -> bool | None:
    return None if one is None else not one


@given(profiles("routing_rules"), st.data())
def test_any_sequence_keeps_the_profile_readable_and_can_be_undone(data: Data, draw: st.DataObject) -> None:
    original, performed = deepcopy(data), []
    for _ in range(draw.draw(st.integers(1, 8))):
        setup = Indexed(data)
        if not setup.records("routing_rules"):
            break
        offered = rows_of(data)
        here = offered[draw.draw(st.integers(0, len(offered) - 1))]
        choices = [(what, path) for _, _, what, path in additions(RULE, here)]
        choice = draw.draw(st.sampled_from([*choices, None]))
        if choice:
            plan = plan_addition(setup, *choice)
            assert plan.operations
        elif here.kind == "field" or (removal := plan_removal(setup, here.path, here.kind)) is None:
            continue
        else:
            plan = removal
        performed += perform(data, plan)
        assert verify(data) == []
        if choice:
            assert isinstance(value_at(data, plan.path), dict)
    for operation in reversed(performed):
        apply(data, inverse(operation))
    assert data == original
