"""Operations on plain data: applied, inverted, kept as JSON."""

import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from omtui.store.change import (
    MISSING,
    Insert,
    Move,
    Operation,
    Remove,
    Set,
    apply,
    copied,
    fits,
    from_json,
    inverse,
    same,
    to_json,
    value_at,
)
from tests.store.laws import law
from tests.store.profiles import Maker


def test_set_changes_adds_and_takes_away() -> None:
    data: dict[str, Any] = {"pod": {"url": "a"}}
    apply(data, Set(("pod", "url"), "a", "b"))
    apply(data, Set(("pod", "release"), MISSING, "25D"))
    assert data == {"pod": {"url": "b", "release": "25D"}}
    apply(data, Set(("pod", "url"), "b", MISSING))
    assert data == {"pod": {"release": "25D"}}


def test_set_brings_the_tables_above_and_its_inverse_takes_them_away() -> None:
    data: dict[str, Any] = {}
    performed = apply(data, Set(("jeopardy", "note"), MISSING, "text"))
    assert data == {"jeopardy": {"note": "text"}}
    apply(data, inverse(performed))
    assert data == {}


def test_a_list_that_becomes_empty_goes_with_the_tables_it_empties() -> None:
    data: dict[str, Any] = {"jeopardy": {"priorities": [{"name": "HIGH"}]}, "connectors": [{"name": "a"}]}
    apply(data, Remove(("jeopardy", "priorities"), 0, {"name": "HIGH"}))
    apply(data, Remove(("connectors",), 0, {"name": "a"}))
    assert data == {}


def test_a_record_that_becomes_empty_stays() -> None:
    data: dict[str, Any] = {"task_types": [{"services": [{"code": "a"}]}]}
    apply(data, Remove(("task_types", 0, "services"), 0, {"code": "a"}))
    assert data == {"task_types": [{}]}


def test_an_empty_list_that_was_there_is_there_again_after_undo() -> None:
    data: dict[str, Any] = {"roles": []}
    performed = apply(data, Insert(("roles",), 0, {"code": "a"}))
    apply(data, inverse(performed))
    assert data == {"roles": []}


def test_move_is_by_the_index_afterwards() -> None:
    data: dict[str, Any] = {"x": ["a", "b", "c"]}
    apply(data, Move(("x",), 0, 2))
    assert data == {"x": ["b", "c", "a"]}
    apply(data, Move(("x",), 2, 0))
    assert data == {"x": ["a", "b", "c"]}


def test_records_are_copied_on_the_way_in() -> None:
    record: dict[str, Any] = {"name": "a", "tags": ["x"]}
    operation = Insert(("connectors",), 0, record)
    record["name"] = "changed"
    data: dict[str, Any] = {}
    apply(data, operation)
    data["connectors"][0]["tags"].append("y")
    assert operation.record == {"name": "a", "tags": ["x"]}


@pytest.mark.parametrize(
    "operation",
    [
        Set(("pod", "url"), "other", "b"),
        Set(("pod", "url"), MISSING, "b"),
        Set(("pod", "url"), True, "b"),
        Set(("pod",), {"url": "a", "more": 1}, MISSING),
        Set(("list", 0), "a", MISSING),
        Set(("list", 2), MISSING, "c"),
        Set(("pod", "url", "deeper"), MISSING, "c"),
        Set((), MISSING, "c"),
        Set(("pod", "absent"), MISSING, MISSING),
        Insert(("list",), 3, "c"),
        Insert(("list",), -1, "c"),
        Insert(("absent",), 1, "c"),
        Insert(("pod",), 0, "c"),
        Remove(("list",), 0, "b"),
        Remove(("list",), 2, "b"),
        Remove(("absent",), 0, "b"),
        Move(("list",), 0, 2),
        Move(("pod",), 0, 0),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(operation: Operation) -> None:
    data: dict[str, Any] = {"pod": {"url": "a"}, "list": ["a", "b"]}
    assert not fits(data, operation)
    with pytest.raises(ValueError, match="not what"):
        apply(data, operation)
    assert data == {"pod": {"url": "a"}, "list": ["a", "b"]}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        (1, Decimal("1.0")),
        (Decimal("1.0"), Decimal("1.00")),
        ("1", 1),
        ([1], [True]),
        ({"a": 1}, {"a": True}),
        (datetime(2026, 1, 1, 12, tzinfo=UTC), datetime.fromisoformat("2026-01-01T13:00:00+01:00")),
        (date(2026, 1, 1), datetime(2026, 1, 1)),
    ],
)
def test_values_of_another_type_or_spelling_are_not_the_same(one: object, other: object) -> None:
    assert not same(one, other)
    assert same(one, copied(one))
    assert same(other, copied(other))


def test_not_a_number_is_the_same_as_itself() -> None:
    assert same([Decimal("NaN")], [Decimal("NaN")])


def test_numbers_are_copied_as_they_would_be_read() -> None:
    assert same(copied([0.1, 1e16, Decimal(5), float("inf")]), [*map(Decimal, ("0.1", "1e+16", "5.0", "inf"))])


@pytest.mark.parametrize(
    "value",
    [
        {"$decimal": "1.5"},
        {"$table": {}, "b": [{"$date": 1}]},
        [Decimal("1.50"), Decimal("NaN"), date(2026, 1, 2), time(7, 30), datetime(2026, 1, 2, 3, 4, 5, 6, UTC)],
        "\ud800 half a character",
        10**30,
        True,
        "",
    ],
)
def test_every_value_comes_back_from_json_as_it_was(value: object) -> None:
    text = json.dumps(to_json(Set(("a",), MISSING, value)))
    text.encode("ascii")
    read = from_json(json.loads(text))
    assert isinstance(read, Set)
    assert read.old is MISSING
    assert same(read.new, value)


@pytest.mark.parametrize(
    "found",
    [
        {},
        {"op": "set"},
        {"op": "later", "path": ["a"]},
        {"op": "insert", "path": ["a"], "index": "0", "record": 1},
        {"op": "move", "path": "a", "start": 0, "end": 0},
        {"op": "move", "path": [1.5], "start": 0, "end": 0},
        {"op": "set", "path": ["a"], "new": 1, "holders": -1},
        {"op": "set", "path": [True], "new": 1},
    ],
)
def test_what_is_no_operation_is_none(found: dict[str, object]) -> None:
    assert from_json(found) is None


@law(200)
def test_every_operation_is_taken_back_by_its_inverse(seed: int) -> None:
    maker = Maker(Random(seed))
    data = maker.profile()
    data = copied(data)  # type: ignore[assignment]
    for _ in range(5):
        operation = maker.operation(data)
        if operation is None or not fits(data, operation):
            continue
        before = copied(data)
        performed = apply(data, operation)
        read = from_json(json.loads(json.dumps(to_json(performed))))
        assert read is not None
        after = copied(data)
        apply(data, inverse(read))
        assert same(data, before)
        apply(data, read)
        assert same(data, after)
        assert value_at(data, ()) is data
