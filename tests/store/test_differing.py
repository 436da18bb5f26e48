"""The count of what is not saved: fields that differ from the file, whatever was pressed on the way."""

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from omtui.store.change import MISSING, Insert, Move, Operation, Remove, Set, apply
from omtui.store.differing import MOST, differing

DATA: dict[str, Any] = {
    "profile": {"name": "a", "title": "b"},
    "connectors": [{"name": "A", "url": "1", "tags": ["x"]}, {"name": "B", "url": "2"}, {"name": "C", "url": "3"}],
}


def test_a_field_counts_once_and_not_when_it_is_as_before() -> None:
    url = ("connectors", 1, "url")
    assert differing([Set(url, "2", "3"), Set(url, "3", "4")]) == 1
    assert differing([Set(url, "2", "3"), Set(url, "3", "2")]) == 0
    assert differing([Set((*url[:2], "note"), MISSING, "n"), Set((*url[:2], "note"), "n", MISSING)]) == 0
    assert differing([Set(url, "2", "3"), Set(("connectors", 0, "url"), "1", "3")]) == 2


def test_a_record_counts_once_with_all_that_is_in_it() -> None:
    new = [Insert(("connectors",), 0, {"name": "N"}), Set(("connectors", 0, "url"), MISSING, "x")]
    assert differing(new) == 1
    assert differing([*new, Remove(("connectors",), 0, {"name": "N", "url": "x"})]) == 0
    assert differing([Set(("connectors", 2, "url"), "3", "4"), Remove(("connectors",), 2, {})]) == 1
    assert differing([Move(("connectors",), 0, 2)]) == 1


def test_a_field_keeps_its_record_when_others_come_and_go() -> None:
    back = [
        Set(("connectors", 2, "url"), "3", "4"),
        Insert(("connectors",), 0, {}),
        Set(("connectors", 3, "url"), "4", "3"),
    ]
    assert differing(back) == 1
    assert differing([*back, Remove(("connectors",), 0, {})]) == 0


def test_of_very_many_it_is_said_how_many_changes_there_are() -> None:
    assert differing([Set(("profile", "name"), "a", "b")] * (MOST + 1)) == MOST + 1


@st.composite
def _changes(draw: st.DrawFn) -> tuple[dict[str, Any], list[Operation]]:
    data, operations = copy.deepcopy(DATA), []
    for _ in range(draw(st.integers(0, 12))):
        records = data.get("connectors", [])
        kinds = ["set", "insert", *(["remove", "move", "field"] if records else [])]
        number = draw(st.integers(0, max(0, len(records) - 1)))
        match draw(st.sampled_from(kinds)):
            case "set":
                made: Operation = Set(("profile", "title"), data["profile"]["title"], draw(st.sampled_from("bcd")))
            case "field":
                old = records[number].get("url", MISSING)
                made = Set(("connectors", number, "url"), old, draw(st.sampled_from("123")))
            case "insert":
                made = Insert(("connectors",), number, {"name": draw(st.sampled_from("XYZ"))})
            case "remove":
                made = Remove(("connectors",), number, records[number])
            case _:
                made = Move(("connectors",), number, draw(st.integers(0, len(records) - 1)))
        operations.append(apply(data, made))
    return data, operations


@given(_changes())
def test_nothing_counted_means_nothing_differs_and_never_more_than_was_done(
    changes: tuple[dict[str, Any], list[Operation]],
) -> None:
    data, operations = changes
    count = differing(operations)
    assert count <= len(operations)
    if count == 0:
        assert data == DATA
    if all(isinstance(each, Set) for each in operations):
        fields = [data["profile"]["title"], *(each.get("url") for each in data["connectors"])]
        assert count == sum(now != before for now, before in zip(fields, ["b", "1", "2", "3"], strict=True))
