"""A rule in one line: what is printed reads back as a rule of the same meaning, and a fault has a place."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omtui.problem import Wrong
from omtui.setup.routing import (
    ACTION,
    ACTIONS,
    ATTRIBUTES,
    EMPTY_OPERATORS,
    ENTITIES,
    LIST_OPERATORS,
    OPERATOR_SIGNS,
    OPERATORS,
    operator_word,
)
from omtui.setup.rule_line import print_rule, taken_over
from omtui.setup.rule_line_parser import LineFault, completions, parse_rule
from omtui.store.change import same
from tests.setup.strategies import decimals, integers, moments, names, records, times, trees
from tests.thorough import examples

ROOT = Path(__file__).parents[2]
SAMPLES = [
    rule
    for file in [*(ROOT / "profiles").glob("*.toml"), ROOT / "tests/setup/example.toml"]
    for rule in tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal).get("routing_rules", ())
    if "then" in rule
]

LOOKALIKES = (
    *("5", "-1.5", "1e3", "0x1F", "1_000", "inf", "nan", "true", "false", "2026-11-20", "07:32:00", "True", "TRUE"),
    *(
        "2026-11-20 07:32:00",
        "2026-11-20T07:32:00Z",
        "and",
        "Or",
        "else",
        "else if",
        "not",
        "in",
        "is blank",
        "a and b",
    ),
    *("a, b", "(a)", "a->b", "->", "a = b", "5 # five", "'a'", "[1]", "{a = 1}", '"', "a\tb", "a  b", "Days", "5 Days"),
    *(
        "between",
        "if",
        "starts with",
        "contains lithium",
        "item",
        "ITEM",
        "Order header",
        "set connector name",
        "AS5-X",
    ),
    *("ctx.segment", "O'Brien", "a\u00a0b", "≥", "Straße", "İ", "\\", "a\nb", "#", "5#", "1 2", "no", "yes", "a < b"),
)
words = st.sampled_from(LOOKALIKES) | names
keys = words.filter(bool)
values = words | integers | decimals | st.booleans() | st.dates() | moments | times


@st.composite
def leaves(draw: st.DrawFn) -> dict[str, Any]:
    """Comparisons that the grammar knows, with operators as words or signs."""
    attribute = draw(st.sampled_from(list(ATTRIBUTES)) | keys)
    entity = draw(st.sampled_from([ATTRIBUTES.get(attribute, ("",))[0], *ENTITIES, ""]) | words)
    operator = draw(st.sampled_from([*OPERATORS, *OPERATOR_SIGNS, "Is Equal To", "IS BLANK"]))
    found: dict[str, Any] = {"attribute": attribute, "operator": operator}
    found |= {"entity": entity} if entity else {}
    word = operator_word(operator)
    if word in LIST_OPERATORS:
        found["value"] = draw(st.lists(values, max_size=3))
    elif word == "is between":
        found["value"] = draw(st.lists(values, min_size=2, max_size=2))
    elif word not in EMPTY_OPERATORS:
        found["value"] = draw(values)
    return found


def _joined(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner, min_size=1, max_size=3)
    mixed = st.fixed_dictionaries({"any": several}, optional={"all": several, "not": inner})
    both = st.builds(lambda leaf, group: leaf | group, leaves(), mixed)
    return st.builds(lambda each: {"all": each}, several) | st.builds(lambda each: {"not": each}, inner) | mixed | both


conditions = st.recursive(leaves(), _joined, max_leaves=6)
actions = st.builds(
    lambda label, value, unit: {"action": label, "value": value} | ({"unit": unit} if unit else {}),
    st.sampled_from(ACTIONS) | keys,
    values,
    st.sampled_from(["", "Days", "Hours", "Minutes", "Seconds"]),
)
branches = st.fixed_dictionaries({"when": conditions, "then": st.lists(actions, min_size=1, max_size=2)})
rules = st.builds(
    lambda first, more, last: first | ({"otherwise": [*more, *last]} if more or last else {}),
    branches,
    st.lists(branches, max_size=2),
    st.lists(actions, max_size=2),
)


def meaning(node: Any) -> Any:
    """A part of a rule without what its spelling leaves open."""
    if isinstance(node, list):
        return [meaning(each) for each in node]
    if not isinstance(node, dict):
        return node
    found = {name: meaning(inner) for name, inner in node.items()}
    if "operator" in found:
        found["operator"] = operator_word(found["operator"])
        if found["operator"] in EMPTY_OPERATORS:
            found.pop("value", None)
    parts: list[Any] = []
    for join in ("all", "any"):
        if join in found:
            items = found.pop(join)
            parts.append(items[0] if len(items) == 1 else {join: items})
    if "not" in found:
        parts.append({"not": found.pop("not")})
    if not parts:
        return found
    if found.keys() & {"attribute", "operator"}:
        leaf = {name: found.pop(name) for name in ("entity", "attribute", "operator", "value") if name in found}
        parts.append(leaf)
    return found | (parts[0] if len(parts) == 1 else {"all": parts})


@settings(max_examples=examples(400), deadline=None)
@given(rules)
def test_what_is_printed_reads_back_with_the_same_meaning(rule: dict[str, Any]) -> None:
    line = print_rule(rule)
    assert isinstance(line, str), line
    again = parse_rule(line)
    assert isinstance(again, dict), (line, str(again))
    assert same(meaning(again), meaning(rule)), line
    assert print_rule(again) == line


@pytest.mark.parametrize("rule", SAMPLES, ids=lambda rule: str(rule.get("name")))
def test_every_rule_of_the_samples_reads_back(rule: dict[str, Any]) -> None:
    line = print_rule(rule)
    assert isinstance(line, str)
    again = parse_rule(line)
    assert isinstance(again, dict)
    for part in ("when", "then", "otherwise"):
        assert same(meaning(taken_over(rule, again).get(part, [])), meaning(rule.get(part, [])))


@settings(max_examples=examples(200), deadline=None)
@given(trees, st.lists(records(ACTION), max_size=2))
def test_any_rule_is_printed_whole_or_refused(when: dict[str, Any], then: list[dict[str, Any]]) -> None:
    rule = {"when": when, "then": then}
    line = print_rule(rule)
    if isinstance(line, Wrong):
        return
    again = parse_rule(line)
    assert isinstance(again, dict) or not line
    assert isinstance(again, LineFault) or same(meaning(again), meaning(rule))


@settings(max_examples=examples(300), deadline=None)
@given(st.lists(st.sampled_from([*LOOKALIKES, "Item", "=", "->", "(", ")", ",", "C1", "else if", "not"])).map(" ".join))
def test_any_text_is_a_rule_or_has_a_fault_in_it(text: str) -> None:
    found = parse_rule(text)
    if isinstance(found, LineFault):
        assert 1 <= found.column <= found.end <= len(text) + 1
    else:
        assert isinstance(print_rule(found), str)
    assert all(each != text for each in completions(text, ["C1", "else"], lambda _attribute: ["5", "a b"]))


def test_what_did_not_change_keeps_its_spelling() -> None:
    old = {
        "when": {"all": [{"attribute": "Item", "operator": "=", "value": "A", "entity": "Order Fulfill Line"}]},
        "then": [{"action": "Set Connector Name", "value": "C1"}],
        "otherwise": [{"when": {"attribute": "B", "operator": ">=", "value": 1}, "if_text": "big", "then": []}],
    }
    new = parse_rule("Item = A and Task Type = Pick -> C2 else if B >= 1 -> C3")
    assert isinstance(new, dict)
    found: Any = taken_over(old, new)
    assert found["when"]["all"][0] == old["when"]["all"][0]
    assert found["otherwise"][0]["when"] == old["otherwise"][0]["when"]
    assert found["otherwise"][0]["if_text"] == "big"


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("", 1, "an attribute was expected"),
        ("Item CM5008 -> C", 13, "an operator was expected"),
        ("Item = CM5008", 14, "-> was expected"),
        ("Item = A and -> C", 14, "an attribute was expected"),
        ("(Item = A -> C", 11, ") was expected"),
        ("Item in A -> C", 9, "( was expected"),
        ("Item between 1 or 2 -> C", 16, "and was expected"),
        ("Item = A -> C else", 19, "a connector or an action was expected"),
        ("Item = A -> C D) x", 16, "this has no place here"),
        ('Item = "a\\x" -> C', 8, "this is no TOML string"),
    ],
)
def test_a_fault_has_its_place(text: str, column: int, words: str) -> None:
    found = parse_rule(text)
    assert isinstance(found, LineFault)
    assert (found.column, found.message) == (column, words)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"when": {"all": []}, "then": [{"action": "X", "value": 1}]}, "all holds no condition"),
        ({"when": {"attribute": "A", "operator": "is like", "value": 1}}, "is like is no operator"),
        ({"when": {"attribute": "A", "operator": "=", "value": 1, "note": "x"}}, "note has no place in it"),
        ({"when": {"attribute": "A", "operator": "=", "value": 1}}, "THEN is missing"),
    ],
)
def test_what_the_grammar_lacks_is_named(rule: dict[str, Any], words: str) -> None:
    found = print_rule(rule)
    assert isinstance(found, Wrong)
    assert words in found.message


def test_names_are_offered_as_the_line_goes_on() -> None:
    def offered(text: str) -> list[str]:
        return completions(text, ["Connector01"], lambda attribute: ["CM5008"] if attribute == "Item" else [])

    assert offered("It") == ["Item"]
    assert offered("Item")[0] == "Item ="
    assert offered("Item = c") == ["Item = CM5008"]
    assert "Item = CM5008 ->" in offered("Item = CM5008 ")
    assert offered("Item = CM5008 and task") == ["Item = CM5008 and Task Type"]
    assert offered("Item = CM5008 -> Con") == ["Item = CM5008 -> Connector01"]
    assert offered("= nonsense and It") == []
