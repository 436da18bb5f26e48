"""Reasoning about conditions, against an evaluator that knows nothing of it and tries every order there is."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omtui.checks.conditions.formula import comparisons, formula, kinds_of, opposite, possible_values
from omtui.checks.conditions.reasoning import (
    No,
    Yes,
    satisfiable,
)
from omtui.checks.conditions.solving import Undecidable
from omtui.setup.conditions import evaluate
from omtui.setup.routing import DATE_OPERATORS, NUMBER_OPERATORS
from tests.thorough import examples

ITEM = ("Order Fulfill Line", "Item")
QUANTITY = ("Order Fulfill Line", "Ordered Quantity")
SHIP_DATE = ("Order Fulfill Line", "Requested Ship Date")
URGENT = ("Order Header", "Urgent")
TASK_TYPE = ("Order Header", "Task Type")

TEXTS = ["", *("".join(letters) for size in (1, 2, 3) for letters in product("abB", repeat=size))]
NUMBERS = [Decimal(n) / 2 for n in range(-2, 9)]
DAYS = [date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3), date(2027, 1, 4)]
MOMENTS = [datetime(2027, 1, d, h, tzinfo=UTC) for d in (1, 2, 3) for h in (0, 10, 23)]
DOMAINS: dict[str, list[Any]] = {
    "text": [*TEXTS, "Zz"],
    "number": NUMBERS,
    "date": [*DAYS, *MOMENTS, datetime(2026, 12, 31, tzinfo=UTC), datetime(2027, 1, 2, 12)],
    "boolean": [True, False],
    "time": [time(8), time(9), time(10)],
}


def leaf(attribute: tuple[str, str], operator: str, value: object = None) -> dict[str, Any]:
    record = {"entity": attribute[0], "attribute": attribute[1], "operator": operator}
    return record if value is None else {**record, "value": value}


def holds(node: dict[str, Any], order: dict[tuple[str, str], Any]) -> bool:
    """The meaning of conditions, written down as plainly as can be."""
    if "all" in node:
        return all(holds(item, order) for item in node["all"])
    if "any" in node:
        return any(holds(item, order) for item in node["any"])
    if "not" in node:
        return not holds(node["not"], order)
    actual = order.get((node["entity"], node["attribute"]))
    operator, value = node["operator"], node.get("value")
    if operator in ("is empty", "is not empty"):
        return (actual is None or actual == "") == (operator == "is empty")
    if actual is None:
        return False
    values = value if isinstance(value, list) else [value]
    if operator in ("is equal to", "is in"):
        return any(is_same(actual, each) for each in values)
    if operator in ("is not equal to", "is not in"):
        return not any(is_same(actual, each) for each in values)
    if operator in ("starts with", "ends with", "contains", "equals ignore case"):
        if not isinstance(actual, str):
            return False
        if operator == "starts with":
            return actual[: len(value)] == value
        if operator == "ends with":
            return actual[len(actual) - len(value) :] == value if len(value) <= len(actual) else False
        return value in actual if operator == "contains" else actual.lower() == value.lower()
    if kind(actual) != kind(values[0]):
        return False
    low, high = zip(*(edges(each) for each in values), strict=True)
    here = edges(actual)[0]
    match operator:
        case "is greater than" | "is after":
            return here > high[0]
        case "is greater than or equal to" | "is on or after":
            return here >= low[0]
        case "is less than" | "is before":
            return here < low[0]
        case "is less than or equal to" | "is on or before":
            return here <= high[0]
    return low[0] <= here <= high[1]


def kind(value: object) -> str:
    names = ((bool, "boolean"), (str, "text"), (int | Decimal, "number"), (date, "date"), (time, "time"))
    return next(name for types, name in names if isinstance(value, types))


def edges(value: Any) -> tuple[Any, Any]:
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return moment, moment
    if isinstance(value, date):
        start = datetime(value.year, value.month, value.day, tzinfo=UTC)
        return start, start + timedelta(days=1) - timedelta(microseconds=1)
    return value, value


def is_same(actual: Any, value: Any) -> bool:
    return kind(actual) == kind(value) and edges(value)[0] <= edges(actual)[0] <= edges(value)[1]


_TEXT = st.sampled_from(["a", "b", "B", "ab", "aB", "ba", "bb", "", "aba"])
_NUMBER = st.sampled_from([0, 1, Decimal("1.5"), 2, 3])
_DATE = st.sampled_from([*DAYS[:3], *MOMENTS[:6]])


def _leaves(attribute: tuple[str, str], value: st.SearchStrategy[Any], *ordered: str) -> st.SearchStrategy[Any]:
    one = st.builds(leaf, st.just(attribute), st.sampled_from(["is equal to", "is not equal to", *ordered]), value)
    many = st.builds(leaf, st.just(attribute), st.sampled_from(["is in", "is not in"]), st.lists(value, max_size=3))
    empty = st.builds(leaf, st.just(attribute), st.sampled_from(["is empty", "is not empty"]))
    return st.one_of(one, one, one, many, empty)


def _between(attribute: tuple[str, str], value: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(leaf, st.just(attribute), st.just("is between"), st.lists(value, min_size=2, max_size=2))


_LEAVES = {
    ITEM: st.one_of(
        _leaves(ITEM, _TEXT, "starts with", "ends with", "contains", "equals ignore case"),
        _leaves(ITEM, st.one_of(_TEXT, _NUMBER)),
    ),
    QUANTITY: st.one_of(_leaves(QUANTITY, _NUMBER, *NUMBER_OPERATORS), _between(QUANTITY, _NUMBER)),
    SHIP_DATE: st.one_of(_leaves(SHIP_DATE, _DATE, *DATE_OPERATORS), _between(SHIP_DATE, _DATE)),
    URGENT: _leaves(URGENT, st.booleans()),
}
_LEAF = st.one_of(*_LEAVES.values())
_SMALL_LEAF = st.one_of(_LEAVES[QUANTITY], _LEAVES[URGENT], _LEAVES[SHIP_DATE])


def trees(leaves: st.SearchStrategy[Any], size: int) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(lambda parts: {"all": parts}),
            st.lists(inner, max_size=3).map(lambda parts: {"any": parts}),
            inner.map(lambda part: {"not": part}),
        ),
        max_leaves=size,
    )


def orders(*given_trees: dict[str, Any]) -> Any:
    """Every order of the small world that has a value of a type which the conditions name, or none."""
    kinds = kinds_of(formula(tree) for tree in given_trees)
    domains = [[None, *(value for name in names for value in DOMAINS[name])] for names in kinds.values()]
    for values in product(*domains):
        yield dict(zip(kinds, values, strict=True))


@settings(max_examples=examples(400))
@given(st.sampled_from(list(_LEAVES)).flatmap(lambda attribute: trees(_LEAVES[attribute], 7)))
def test_conditions_on_one_attribute_are_decided_right(tree: dict[str, Any]) -> None:
    _judge(tree)


@settings(max_examples=examples(300))
@given(trees(_SMALL_LEAF, 8))
def test_conditions_on_several_attributes_are_decided_right(tree: dict[str, Any]) -> None:
    _judge(tree)


def _judge(tree: dict[str, Any]) -> None:
    outcome = satisfiable(formula(tree))
    assert not isinstance(outcome, Undecidable)
    if isinstance(outcome, Yes):
        assert holds(tree, outcome.witness)
        assert evaluate(tree, outcome.witness).holds is True
    else:
        assert not any(holds(tree, order) for order in orders(tree))


@settings(max_examples=examples(200))
@given(trees(_LEAF, 4), trees(_LEAF, 4))
def test_a_witness_meets_both(one: dict[str, Any], other: dict[str, Any]) -> None:
    outcome = satisfiable(formula(one), formula(other))
    if isinstance(outcome, Yes):
        assert holds(one, outcome.witness)
        assert holds(other, outcome.witness)
    assert isinstance(satisfiable(formula(other), formula(one)), type(outcome))


@given(trees(_LEAF, 6))
def test_a_condition_or_its_opposite_can_hold(tree: dict[str, Any]) -> None:
    assert isinstance(satisfiable(formula(tree)), Yes) or isinstance(satisfiable(opposite(formula(tree))), Yes)
    assert isinstance(satisfiable(formula(tree), opposite(formula(tree))), No)


@settings(max_examples=examples(200))
@given(trees(_LEAVES[ITEM], 6))
def test_possible_values_leave_none_out(tree: dict[str, Any]) -> None:
    values = possible_values(formula(tree), ITEM)
    if values is not None:
        for order in orders(tree):
            if holds(tree, order):
                assert order[ITEM] in values.values()


@settings(max_examples=examples(300))
@given(trees(_LEAF, 5), st.data())
def test_evaluation_agrees_with_the_plain_meaning(tree: dict[str, Any], data: st.DataObject) -> None:
    values = st.sampled_from([None, *(value for domain in DOMAINS.values() for value in domain)])
    order = {attribute: data.draw(values) for attribute in (ITEM, QUANTITY, SHIP_DATE, URGENT)}
    judged = evaluate(tree, order)
    assert judged.holds is holds(tree, order)
    for reason in judged.deciding():
        assert reason.because
        found: Any = tree
        for part in reason.path:
            found = found[part]
        assert evaluate(found, order).holds is reason.holds


def both(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"all": list(parts)}


def test_the_witness_is_what_people_would_choose() -> None:
    seed = both(leaf(ITEM, "is equal to", "CM5008"), leaf(TASK_TYPE, "is equal to", "Invoice"))
    many = leaf(QUANTITY, "is greater than or equal to", 1000)
    assert satisfiable(formula(seed), formula(many)) == Yes({ITEM: "CM5008", TASK_TYPE: "Invoice", QUANTITY: 1000})
    late = leaf(SHIP_DATE, "is after", date(2027, 1, 31))
    assert satisfiable(formula(late)) == Yes({SHIP_DATE: date(2027, 2, 1)})
    some = both(leaf(QUANTITY, "is greater than", 1), leaf(QUANTITY, "is less than", 2))
    assert satisfiable(formula(some)) == Yes({QUANTITY: Decimal("1.1")})
    start = both(leaf(ITEM, "starts with", "CM"), leaf(ITEM, "ends with", "8"), leaf(ITEM, "contains", "50"))
    assert satisfiable(formula(start)) == Yes({ITEM: "CM508"})


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        (leaf(ITEM, "matches", "CM.*"), leaf(ITEM, "is equal to", "CM5008"), True),
        (leaf(ITEM, "matches", "^CX"), leaf(ITEM, "is equal to", "CM5008"), False),
        (leaf(ITEM, "matches", "5008"), leaf(ITEM, "is equal to", "CM5008"), None),
        (leaf(ITEM, "matches", "CM[0-9]+"), leaf(ITEM, "matches", ".*08"), None),
        (leaf(ITEM, "matches", "CM.*"), leaf(QUANTITY, "is equal to", 1), True),
        (leaf(ITEM, "matches", "(?=x)"), leaf(QUANTITY, "is equal to", 1), None),
        (leaf(ITEM, "matches", "CM.*"), {"not": leaf(ITEM, "matches", "CM.*")}, True),
        (leaf(ITEM, "matches", "CM.*"), leaf(ITEM, "is equal to", 5008), False),
        (leaf(ITEM, "is equal to", "12"), leaf(ITEM, "is equal to", 12), False),
        (leaf(ITEM, "is equal to", "CM"), leaf(ITEM, "is equal to", "cm"), False),
        (leaf(ITEM, "is equal to", "CM"), leaf(ITEM, "equals ignore case", "cm"), True),
        (leaf(ITEM, "is equal to", "CM"), leaf(ITEM, "is equal to", "CM "), False),
        (leaf(ITEM, "sounds like", "CM"), leaf(ITEM, "is equal to", "CM"), None),
        (leaf(ITEM, "sounds like", "CM"), {"any": []}, False),
        (leaf(QUANTITY, "is between", [5, 1]), {"all": []}, False),
        (leaf(QUANTITY, "is equal to", Decimal("1e-90")), leaf(QUANTITY, "is greater than", 0), True),
        (leaf(QUANTITY, "is equal to", Decimal("NaN")), {"all": []}, None),
        (leaf(QUANTITY, "is less than", Decimal("1E+999999")), {"all": []}, None),
    ],
)
def test_pairs(one: dict[str, Any], other: dict[str, Any], together: bool | None) -> None:
    outcome = satisfiable(formula(one), formula(other))
    if one == {"not": other} or other == {"not": one}:
        together = False
    assert (None if isinstance(outcome, Undecidable) else isinstance(outcome, Yes)) is together


def test_what_is_missing_meets_an_opposite_and_nothing_else() -> None:
    many = leaf(QUANTITY, "is greater than or equal to", 1000)
    few = leaf(QUANTITY, "is less than", 1000)
    neither = both({"not": many}, {"not": few})
    assert satisfiable(formula(neither)) == Yes({QUANTITY: None})
    assert isinstance(satisfiable(formula(neither), formula(leaf(QUANTITY, "is not empty"))), No)
    assert isinstance(satisfiable(opposite(formula({"any": [many, few]}))), Yes)
    assert isinstance(satisfiable(opposite(formula({"any": [many, {"not": many}]}))), No)


def test_a_date_covers_its_day_in_the_zone_of_the_pod() -> None:
    day = leaf(SHIP_DATE, "is equal to", date(2027, 1, 2))
    night = leaf(SHIP_DATE, "is equal to", datetime(2027, 1, 1, 20, tzinfo=UTC))
    assert isinstance(satisfiable(formula(day), formula(night)), No)
    assert isinstance(satisfiable(formula(day), formula(night), zone=timezone(timedelta(hours=9))), Yes)
    extremes = both(leaf(SHIP_DATE, "is on or after", date.max), leaf(SHIP_DATE, "is on or before", date.max))
    assert satisfiable(formula(extremes)) == Yes({SHIP_DATE: date.max})
    assert isinstance(satisfiable(formula(leaf(SHIP_DATE, "is before", date.min))), No)
    assert isinstance(satisfiable(formula(leaf(SHIP_DATE, "is after", date.max))), No)


def test_too_many_combinations_are_not_guessed() -> None:
    holes = range(3)
    pigeons = [("Order Header", f"Pigeon {number}") for number in range(len(holes) + 1)]
    housed = [leaf(pigeon, "is in", list(holes)) for pigeon in pigeons]
    alone = [
        {"not": both(leaf(one, "is equal to", hole), leaf(other, "is equal to", hole))}
        for hole in holes
        for number, one in enumerate(pigeons)
        for other in pigeons[:number]
    ]
    outcome = satisfiable(formula(both(*housed, *alone)), most_steps=50)
    assert outcome == Undecidable("the conditions have too many combinations")
    assert isinstance(satisfiable(formula(both(*housed, *alone)), most_steps=100_000), No)


def test_thousands_of_alternatives_are_no_trouble() -> None:
    choices = [{"any": [leaf(("E", f"a{n}"), "is equal to", 1), leaf(("E", f"b{n}"), "is empty")]} for n in range(3000)]
    assert isinstance(satisfiable(formula(both(*choices))), Undecidable)


def test_long_lists_are_one_comparison() -> None:
    listed = {"any": [leaf(ITEM, "is equal to", f"CM{n}") for n in range(5000)]}
    excluded = {"all": [leaf(ITEM, "is not equal to", f"CM{n}") for n in range(4999)]}
    assert len(list(comparisons(formula(listed)))) == 1
    assert satisfiable(formula(listed), formula(excluded)) == Yes({ITEM: "CM4999"})
