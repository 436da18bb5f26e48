"""What an update changes: the net difference between two releases, and waivers that lapse on the way."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omtui.checks.finding import LEVELS, CheckContext
from omtui.checks.impact import Impact, UpdateImpact, documents, impact
from omtui.setup.indexed import Indexed
from omtui.setup.place import Data
from omtui.setup.release import Release
from tests.checks.profiles import CONTEXT, REMOVED, Edits, shown, sound
from tests.setup.strategies import profiles
from tests.thorough import examples

RELEASES = [Release(year, letter) for year in (25, 26, 27) for letter in "ABCD"]
TODAY = date(2026, 11, 23)
JEOPARDY: Edits = {
    "trigger_points[+]": {
        "name": "Jeopardy",
        "active": True,
        "connectors": ["Events"],
        "details": [{"value": "HIGH", "raise_event": True}],
    },
    "pod.connector_association": "shown",
    "jeopardy": REMOVED,
    "related_setup": REMOVED,
}
STEP = "orchestration_processes[Vision_Pick].steps[100]"


def release(text: str) -> Release:
    found = Release.parse(text)
    assert found is not None
    return found


def changes(start: str, to: str, *edits: Edits) -> list[Impact]:
    return list(impact(Indexed(sound(*edits)), CONTEXT, release(start), release(to)))


def rows(start: str, to: str, *edits: Edits) -> list[tuple[str, str, str | None, str]]:
    return [(each.check, each.kind, each.level, str(each.release)) for each in changes(start, to, *edits)]


def test_jeopardy_gets_worse_with_26c() -> None:
    assert rows("25D", "26D", JEOPARDY) == [("S8-06", "worsens", "error", "26C")]
    (change,) = changes("25D", "26D", JEOPARDY)
    assert (change.was, change.when, change.matters) == ("info", "before", True)
    assert "f46416" in change.source
    assert rows("26C", "26D", JEOPARDY) == []
    assert rows("25D", "26B", JEOPARDY) == []


def test_what_was_read_only_of_a_later_release_disappears() -> None:
    hold: Edits = {
        "trigger_points[+]": {"name": "Release Hold", "active": True, "connectors": ["Events"]},
        "pod.connector_association": "shown",
        "jeopardy": REMOVED,
    }
    (change,) = changes("25D", "26D", hold)
    assert (change.check, change.kind, change.level, change.was, change.when) == (
        "S8-13",
        "disappears",
        None,
        "error",
        "either",
    )
    assert str(change.release) == "26C"
    assert not change.matters


def test_what_is_due_with_26d() -> None:
    parameter = "Enable Orchestration Process Planning and Calculate Jeopardy"
    edits: Edits = {
        "services[+]": {"name": "OrderInformationService", "operations": ["GetOrderDetails"]},
        "related_setup[+]": {"name": "Jeopardy", "task": "x", "setting": parameter, "value": "Yes"},
        f"{STEP}.lead_time": "2 days",
        "pod.connector_association": "shown",
    }
    found = {check: (kind, level, since) for check, kind, level, since in rows("26C", "26D", edits)}
    assert found == {
        "F-02": ("worsens", "error", "26D"),
        "F-06": ("worsens", "error", "26D"),
        "S2-09": ("worsens", "warning", "26D"),
        "S8-18": ("appears", "warning", "26D"),
    }


def waived(**fields: Any) -> Edits:
    record = {"check": "S8-06", "where": "trigger_points[Jeopardy]", "reason": "looked at", **fields}
    return {"waivers[+]": record}


@pytest.mark.parametrize(
    ("fields", "on", "is_accepted", "says"),
    [
        ({"level": "info", "release": "25D"}, "25D", True, ""),
        ({"level": "info", "release": "25D"}, "26C", False, "accepted up to info, and is worse now"),
        ({"level": "error", "release": "25D"}, "26B", True, ""),
        ({"level": "error", "release": "25D"}, "26C", False, "accepted on 25D, and what it is about changed with 26C"),
        ({"level": "error", "release": "26C"}, "26D", True, ""),
        ({"level": "error"}, "26C", True, ""),
        ({}, "25D", True, ""),
        ({}, "26C", False, "no level is noted"),
        ({"level": "badly", "release": "25D"}, "25D", True, ""),
    ],
)
def test_a_waiver_holds_up_to_its_level_and_until_a_fact_changes(
    fields: dict[str, str], on: str, is_accepted: bool, says: str
) -> None:
    data = sound(JEOPARDY, waived(**fields), {"pod.release": on})
    (result,) = (each for each in shown(data) if each.finding.check == "S8-06")
    assert result.waived is is_accepted
    assert bool(result.lapsed) is not is_accepted
    assert says in result.finding.message
    assert says in result.lapsed


def test_a_waiver_of_a_check_without_a_choice_of_levels_holds_without_keys() -> None:
    url: Edits = {"connectors[Requests].url": "not a url"}
    for where in ("connectors[Requests]", "connectors[Requests].url"):
        waiver = {"check": "S5-02", "where": where, "reason": "looked at"}
        assert all(each.waived for each in shown(sound(url, {"waivers[+]": waiver})) if each.finding.check == "S5-02")


def test_a_waiver_lapses_with_the_update() -> None:
    edits = [JEOPARDY, waived(level="info", release="25D")]
    assert rows("25D", "26D", *edits) == [("S8-06", "waiver-lapses", "error", "26C")]
    accepted = [JEOPARDY, waived(level="error", release="26C")]
    (change,) = changes("25D", "26D", *accepted)
    assert change.waived
    assert not change.matters


def test_a_release_newer_than_the_facts_is_as_the_newest() -> None:
    newest = changes("25D", "26D", JEOPARDY)
    found = changes("25D", "99D", JEOPARDY)
    assert found == newest
    assert changes("27A", "28A", JEOPARDY) == []
    assert UpdateImpact("a", release("25D"), release("27A"), ()).note
    assert not UpdateImpact("a", release("25D"), release("26D"), ()).note


def test_the_json_has_the_keys_of_the_contract() -> None:
    found = UpdateImpact("a", release("25D"), release("26D"), tuple(changes("25D", "26D", JEOPARDY)))
    (document,) = documents((found,))
    assert {"profile", "from", "to", "changes", "counts"} <= set(document)
    assert document["counts"] == {"appears": 0, "worsens": 1, "eases": 0, "disappears": 0, "waiver-lapses": 0}
    (change,) = document["changes"]  # type: ignore[misc]
    keys = {"id", "where", "kind", "level", "was", "release", "message", "fix", "source", "when"}
    assert keys <= set(change)


State = tuple[str, bool] | None
Net = dict[tuple[str, str], tuple[State, State, str]]


def net(found: list[Impact], before: dict[tuple[str, str], bool]) -> Net:
    """Each change as what was and what is, with its release; whether it was accepted is known from the first release.

    `before` says of each finding on the first release whether it was accepted.
    """
    return {
        (each.check, each.where): (
            (each.was, before[each.check, each.where]) if each.was else None,
            (each.level, each.waived) if each.level else None,
            str(each.release),
        )
        for each in found
    }


def composed(first: Net, second: Net) -> Net:
    """Appears and disappears is nothing, appears and worsens is appears, and so on."""
    both: Net = {}
    for key in {*first, *second}:
        one, other = first.get(key), second.get(key)
        if one and other:
            if one[0] != other[1]:
                both[key] = (one[0], other[1], other[2])
        else:
            both[key] = one or other  # type: ignore[assignment]
    return both


def accepted(data: Data, on: Release) -> dict[tuple[str, str], bool]:
    """The findings on a release, and whether they are accepted; of several at a place the one that counts most."""
    found: dict[tuple[str, str], tuple[bool, int]] = {}
    for each in shown({**data, "pod": {**data.get("pod", {}), "release": str(on)}}, CheckContext(TODAY)):
        key, rank = (each.finding.check, each.place), (each.waived, LEVELS.index(each.finding.level))
        found[key] = min(rank, found.get(key, rank))
    return {key: waived for key, (waived, _) in found.items()}


def part_equals_whole(data: Data, first: Release, second: Release, third: Release) -> None:
    setup, context = Indexed(data), CheckContext(TODAY)
    on_first, on_second = accepted(data, first), accepted(data, second)
    one = net(list(impact(setup, context, first, second)), on_first)
    other = net(list(impact(setup, context, second, third)), on_second)
    assert composed(one, other) == net(list(impact(setup, context, first, third)), on_first)


three = st.tuples(*[st.sampled_from(RELEASES)] * 3).map(sorted)


@settings(max_examples=examples(25))
@given(three, st.sampled_from([{}, waived(level="info", release="25D"), waived(level="error", release="25C")]))
def test_an_update_in_two_parts_is_the_update_as_a_whole(between: list[Release], waiver: Edits) -> None:
    """Of the profile that has everything that releases change."""
    first, second, third = between
    data = sound(
        JEOPARDY,
        waiver,
        {
            "services[+]": {"name": "OrderInformationService", "operations": ["GetOrderDetails"]},
            f"{STEP}.lead_time": "2 days",
            f"{STEP}.lead_time_unit": "days",
            "connectors[Requests].name": "ORA_Requests",
            "orchestration_processes[Vision_Pick].copied_from": "DOO_OrderFulfillmentGenericProcess",
        },
        {"trigger_points[+]": {"name": "Release Hold", "active": True, "connectors": ["Events"]}},
        {"trigger_points[+]": {"name": "Hold", "active": True, "connectors": ["Events"]}},
        {"related_setup[+]": {"name": "P", "task": "x", "setting": "Compute jeopardy", "value": "Yes"}},
        {"jeopardy": {"priorities": [{"name": "HIGH", "minimum_score": 1, "maximum_score": 9}]}},
    )
    part_equals_whole(data, first, second, third)


@settings(max_examples=examples(15))
@given(profiles(), three)
def test_an_update_in_two_parts_is_the_update_as_a_whole_for_any_profile(data: Data, between: list[Release]) -> None:
    part_equals_whole(data, *between)
