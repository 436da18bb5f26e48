"""The difference as a person sees it: what counts, what does not, renames, and the three forms it is written in."""

import json
from copy import deepcopy
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.compare.change import Change
from omtui.compare.difference import Difference, difference, limited
from omtui.compare.difference_report import (
    json_value,
    lines,
    text,
    to_json,
    verdict,
)
from omtui.compare.marking import parts, spans
from omtui.compare.sameness import logic
from omtui.documents.difference_document import difference_document
from omtui.documents.markdown import code, escaped, to_markdown
from omtui.setup.place import Data
from tests.checks.profiles import REMOVED, Edits, sound


def changes(*edits: Edits, first: Data | None = None) -> list[tuple[str, str, object, object]]:
    found = difference(first or sound(), sound(*edits), whole=True).changes
    return [(change.op, change.where, change.old, change.new) for change in found]


def whens(old: object, new: object) -> list[tuple[str, str]]:
    first = sound({"routing_rules[Picks].when": old})
    second = sound({"routing_rules[Picks].when": new})
    return [(change.op, change.where) for change in difference(first, second).changes]


def leaf(
    attribute: str = "Item", value: object = "CM5008", operator: str = "is equal to", entity: str = "Order Header"
) -> dict[str, object]:
    return {"entity": entity, "attribute": attribute, "operator": operator, "value": value}


A, B, C = leaf("Item"), leaf("Task Type", "Pick"), leaf("Customer", "X")


def test_one_change_a_field() -> None:
    assert changes(
        {
            "connectors[Requests].user_name": "x",
            "connectors[Events].description": "new",
            "roles[VISION_RESPONSES].copied_from": REMOVED,
        }
    ) == [
        ("change", "roles[VISION_RESPONSES].copied_from", "ORA_DOO_ORDER_MANAGER_JOB", None),
        ("change", "connectors[Requests].user_name", "vision", "x"),
        ("change", "connectors[Events].description", None, "new"),
    ]


def test_one_change_a_record() -> None:
    new = {"code": "NEW", "name": "New"}
    assert changes({"source_systems[+]": new, "jeopardy.priorities[LOW]": REMOVED}) == [
        ("add", "source_systems[NEW]", None, new),
        ("remove", "jeopardy.priorities[LOW]", {"name": "LOW", "minimum_score": 0, "maximum_score": 199}, None),
    ]


def test_nested_records_by_key() -> None:
    assert changes(
        {
            "task_types[Pick].statuses[PICKING].display": "Being picked",
            "orchestration_processes[Vision_Pick].steps[400]": REMOVED,
        }
    ) == [
        ("change", "task_types[Pick].statuses[PICKING].display", "Picking", "Being picked"),
        (
            "remove",
            "orchestration_processes[Vision_Pick].steps[400]",
            sound()["orchestration_processes"][0]["steps"][3],
            None,
        ),  # type: ignore[index]
    ]


def test_single_tables() -> None:
    assert changes({"destination_system": REMOVED, "pod.time_zone": "UTC"}) == [
        ("change", "pod.time_zone", None, "UTC"),
        ("remove", "destination_system", {"code": "OPS", "time_zone": "US Eastern Time"}, None),
    ]


@pytest.mark.parametrize(
    "edit",
    [
        {"integration_users[WMS].privileges": ["B", "A"]},
        {"topology.endpoints[Label printers].timeout": Decimal("5.0")},
        {"routing_rules[Picks].when": {"all": [B, A]}},
        {"routing_rules[Picks].when": {"all": [{"all": [A]}, {"any": [B]}]}},
        {"routing_rules[Picks].when": {"all": [A | {"operator": "="}, B]}},
        {"routing_rules[Picks].when": {"not": {"any": [{"not": A}, {"not": B}]}}},
    ],
)
def test_what_means_the_same(edit: Edits) -> None:
    first = sound(
        {
            "integration_users[WMS].privileges": ["A", "B"],
            "topology.endpoints[Label printers].timeout": 5,
            "routing_rules[Picks].when": {"all": [A, B]},
        }
    )
    second = deepcopy(first)
    for place, value in edit.items():
        name = place.rpartition(".")[2]
        for holder in (*second["integration_users"], *second["topology"]["endpoints"], *second["routing_rules"]):  # type: ignore[misc, index, call-overload]
            if name in holder and (name != "privileges" or holder.get("user_name") == "WMS"):
                holder[name] = value
    assert difference(first, second).changes == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (1, True),
        (1, "1"),
        (date(2026, 1, 1), "2026-01-01"),
        ("a", "A"),
        ([1, 2], [2, 1]),
    ],
)
def test_what_differs_in_a_condition(old: object, new: object) -> None:
    operator = "is between" if isinstance(old, list) else "is equal to"
    assert whens(leaf(value=old, operator=operator), leaf(value=new, operator=operator)) == [
        ("change", "routing_rules[Picks].when.value")
    ]


def test_sets_of_values_in_a_condition() -> None:
    assert whens(leaf(value=["A", "B"], operator="is in"), leaf(value=["B", "A", "A"], operator="is in")) == []


def test_and_and_or_are_not_the_same() -> None:
    assert whens({"all": [A, B]}, {"any": [A, B]}) == [("change", "routing_rules[Picks].when")]


def test_the_condition_that_differs_is_reported() -> None:
    assert whens({"all": [A, B]}, {"all": [B, A | {"value": "CM1"}]}) == [
        ("change", "routing_rules[Picks].when.all[1].value")
    ]
    assert whens({"all": [A, B]}, {"all": [B, C, A]}) == [("add", "routing_rules[Picks].when.all[1]")]
    assert whens({"all": [A, B, C]}, {"all": [C, A]}) == [("remove", "routing_rules[Picks].when.all[1]")]
    assert whens({"all": [A, {"any": [B, C]}]}, {"all": [{"any": [C, B | {"value": "Ship"}]}, A]}) == [
        ("change", "routing_rules[Picks].when.all[0].any[1].value")
    ]


def test_else_branches_keep_their_order() -> None:
    one = {"when": A, "then": [{"action": "Set Connector Name", "value": "Requests"}]}
    two = {"when": B, "then": [{"action": "Set Connector Name", "value": "Events"}]}
    last = {"action": "Override Operation", "value": "x"}
    first = sound({"routing_rules[Picks].otherwise": [one, two, last]})
    place = "routing_rules[Picks].otherwise"

    def against(entries: list[object]) -> list[tuple[str, str]]:
        second = sound({place: entries})
        return [(change.op, change.where) for change in difference(first, second).changes]

    assert against([one, last, two]) == [], "the place of the last ELSE says nothing"
    assert against([two, one, last]) == [("change", place)]
    assert against([one, last]) == [("remove", f"{place}[1]")]
    assert against([one, one | {"when": C}, two, last]) == [("add", f"{place}[1]")]
    assert against([one, two | {"when": B | {"value": "Ship"}}, last]) == [("change", f"{place}[1].when.value")]
    assert against([one, two, last | {"value": "y"}]) == [("change", f"{place}[2].value")]


def test_negation_turned_inside_out() -> None:
    assert logic({"not": {"all": [A, B]}}) == logic({"any": [{"not": B}, {"not": A}]})
    assert logic({"not": {"not": A}}) == logic(A)
    assert logic({"not": A}) != logic(A | {"operator": "is not equal to"}), "a missing value makes them differ"


def test_state_is_distinguished() -> None:
    found = difference(
        sound(), sound({"orchestration_processes[Vision_Pick].deployed": False, "connectors[Requests].user_name": "x"})
    )
    assert [change.where for change in found.states] == ["orchestration_processes[Vision_Pick].deployed"]
    assert [change.where for change in found.setup_changes] == ["connectors[Requests].user_name"]
    shown = text(found)
    assert shown.index("user_name") < shown.index("State of the pods") < shown.index("deployed")
    assert "1 only in the state of the pods" in shown.splitlines()[0]


def test_which_file_it_is_says_nothing() -> None:
    other = sound({"profile.name": "other"})
    assert difference(sound(), other).changes == ()
    assert len(difference(sound(), other, whole=True).changes) == 1


# Renames


def test_a_rename_and_what_only_follows_it() -> None:
    renamed: Edits = {
        "source_systems[PICK].code": "PICK2",
        "integration_users[WMS].system": "PICK2",
        "planning_source_systems[PICK].code": "PICK2",
        "connectors[Requests].target_system": "PICK2",
        "connectors[Events].target_system": "PICK2",
    }
    (change,) = difference(sound(), sound(renamed)).changes
    assert (change.op, change.where, change.old, change.new) == ("rename", "source_systems[PICK]", "PICK", "PICK2")
    assert change.replaces
    assert change.sign == "-/+"


def test_a_rename_with_a_change() -> None:
    assert changes(
        {
            "connectors[Requests].name": "New",
            "routing_rules[Picks].then[0].value": "New",
            "connectors[New].description": "x",
        }
    ) == [
        ("rename", "connectors[Requests]", "Requests", "New"),
        ("change", "connectors[New].description", None, "x"),
    ]


def test_places_follow_a_rename() -> None:
    first = sound(
        {
            "topology.endpoints[+]": {"name": "Own", "of": "connectors[Requests]", "expect": "wsdl"},
            "waivers[+]": {"check": "S5-01", "where": "connectors[Requests].url", "reason": "x"},
        }
    )
    second = deepcopy(first)
    second["connectors"][0]["name"] = "New"  # type: ignore[index]
    second["routing_rules"][0]["then"][0]["value"] = "New"  # type: ignore[index]
    second["topology"]["endpoints"][1]["of"] = "connectors[New]"  # type: ignore[index, call-overload]
    second["waivers"][0]["where"] = "connectors[New].url"  # type: ignore[index]
    assert [change.op for change in difference(first, second).changes] == ["rename"]


def test_a_reference_that_does_not_follow_is_a_change() -> None:
    found = changes({"connectors[Requests].name": "New", "routing_rules[Picks].then[0].value": "Events"})
    assert found[1] == ("change", "routing_rules[Picks].then[0].value", "Requests", "Events")


@pytest.mark.parametrize(
    "edit",
    [
        {
            "connectors[Requests]": REMOVED,
            "connectors[+]": {
                "name": "New",
                "target_system": "PICK",
                "invocation_mode": "Asynchronous Service",
                "user_name": "vision",
            },
        },
        {
            "jeopardy.priorities[LOW]": REMOVED,
            "jeopardy.priorities[+]": {"name": "NONE", "minimum_score": 0, "maximum_score": 199},
        },
        {"trigger_points[Fulfillment Line Status Update].name": "Split"},
    ],
)
def test_what_only_looks_alike_is_no_rename(edit: Edits) -> None:
    assert [op for op, *_ in changes(edit)] == ["remove", "add"] or {op for op, *_ in changes(edit)} == {
        "remove",
        "add",
    }


def test_of_two_candidates_none_is_taken() -> None:
    one = {"name": "One", "url": "https://x.example/a", "description": "the same words", "target_system": "PICK"}
    first = sound({"connectors[+]": one})
    second = sound({"connectors[+]": one | {"name": "Two"}}, {"connectors[+]": one | {"name": "Three"}})
    assert sorted(change.op for change in difference(first, second).changes) == ["add", "add", "remove"]


# Filters


def test_filters() -> None:
    edits: Edits = {
        "connectors[Requests].user_name": "x",
        "roles[VISION_RESPONSES].name": "y",
        "task_types[Pick].tasks[PICK_CARTON].display_name": "z",
        "trigger_points[Order Header Status Update].active": False,
    }
    first, second = sound({"task_types[Pick].tags": ["3PL"]}), sound({"task_types[Pick].tags": ["3PL"]}, edits)
    found = difference(first, second)

    def places(**limits: tuple[str, ...]) -> list[str]:
        return [change.where for change in limited(found, first, second, **limits).changes]

    assert places(steps=("5",)) == ["connectors[Requests].user_name"]
    assert places(steps=("9",)) == ["trigger_points[Order Header Status Update].active"]
    assert places(tags=("3PL",)) == ["task_types[Pick].tasks[PICK_CARTON].display_name"]
    assert len(places()) == 4


# Writing


def test_the_verdict_comes_first() -> None:
    assert verdict(difference(sound(), sound(), "a", "b")) == "a → b: no difference"
    found = difference(
        sound(),
        sound(
            {
                "source_systems[+]": {"code": "N"},
                "roles[VISION_RESPONSES].name": "x",
                "jeopardy.priorities[LOW]": REMOVED,
            }
        ),
        "a\x1b",
        "b",
    )
    assert text(found).splitlines()[0] == "a␛ → b: 1 added, 1 changed, 1 removed"
    assert lines(found, ascii_only=True)[0].text == "a\\u241b -> b: 1 added, 1 changed, 1 removed"


def test_json_has_the_keys_of_the_contract() -> None:
    found = to_json(difference(sound(), sound({"source_systems[PICK].end_date": date(2027, 1, 1)}), "a", "b"))
    assert json.loads(json.dumps(found))["changes"][0] | {} == {
        "op": "change",
        "where": "source_systems[PICK].end_date",
        "old": None,
        "new": "2027-01-01",
        "step": "3",
        "travels": "portable",
        "state": False,
        "replaces": False,
    }
    assert {"source", "target", "changes", "findings"} == set(found)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("1.5"), 1.5),
        (Decimal("nan"), "NaN"),
        (Decimal("1e400"), "1E+400"),
        ({"a": [date(2026, 1, 1)]}, {"a": ["2026-01-01"]}),
    ],
)
def test_values_in_json(value: object, expected: object) -> None:
    assert json_value(value) == expected
    json.dumps(json_value(value), allow_nan=False)


HOSTILE = "\x1b[2J|`*_[x](javascript:1)<b>\u202e\n# x"


def test_foreign_text_is_harmless_in_every_form() -> None:
    found = difference(
        sound(),
        sound({"roles[VISION_RESPONSES].note": HOSTILE, "source_systems[+]": {"code": HOSTILE, "name": HOSTILE}}),
        HOSTILE,
        "b",
    )
    for written in (text(found), to_markdown(difference_document(found))):
        assert "\x1b" not in written
        assert "\u202e" not in written
    for row in to_markdown(difference_document(found)).splitlines():
        if row.startswith("|"):
            assert row.replace("\\|", "").count("|") == 5, row
    assert "<" not in escaped(HOSTILE).replace("\\<", "")
    assert code("a`b``c") == "```a`b``c```"


@given(st.text(), st.text())
def test_marked_parts_make_up_both_texts(old: str, new: str) -> None:
    found = parts(old, new)
    assert "".join(part.text for part in found if part.in_old) == old
    assert "".join(part.text for part in found if part.in_new) == new
    lost, gained = spans(old, new)
    for marks, whole in ((lost, old), (gained, new)):
        assert all(0 <= start < end <= len(whole) for start, end in marks)


def test_the_changed_part_of_a_url_is_marked() -> None:
    old, new = "https://fa-xxxx-dev1.fa.example/a", "https://fa-xxxx-test.fa.example/a"
    assert [part.text for part in parts(old, new) if not (part.in_old and part.in_new)] == ["dev1", "test"]
    assert len(parts("nothing alike here", "quite another thing")) <= 4
    found = difference(sound(), sound({"connectors[Requests].url": "https://pick-prod.partner.example/requests"}))
    assert "https://pick-[-test-]{+prod+}.partner.example/requests" in text(found)


def test_long_texts_take_linear_time() -> None:
    old = " ".join(f"word{number}" for number in range(20_000))
    found = parts(old, f"x {old} y")
    assert [part.text for part in found if part.in_new and not part.in_old] == ["x ", " y"] or len(found) < 10


def test_an_empty_difference_is_false() -> None:
    assert not Difference("a", "b", ())
    assert Difference("a", "b", (Change("add", "x", None, 1, ""),))
