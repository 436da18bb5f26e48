"""The profile as a whole: each check appears where something is wrong and vanishes when it is fixed."""

import tomllib
from dataclasses import replace
from datetime import date

import pytest

from omtui.checks.profile_checks import unreadable_findings
from omtui.setup.reading import ReadingFault, parse, verify
from tests.checks.cases import Case, appears, each_case, each_fixed_case, vanishes
from tests.checks.profiles import CONTEXT, REMOVED, checked, shown, sound

_JEOPARDY = {
    "name": "Jeopardy",
    "active": True,
    "connectors": ["Events"],
    "details": [{"value": "HIGH", "raise_event": True}],
}
_WAIVER = {"check": "S8-06", "where": "trigger_points[Jeopardy]", "reason": "stays on 25D", "until": date(2027, 6, 30)}
_REFRESHED = {"pod.refreshed_on": date(2026, 10, 2), "integration_users[SETUP]": REMOVED}
_TICKED = (
    {"place": "0", "on": date(2026, 10, 3), "by": "A. Admin"},
    {"place": "connectors[Requests]", "on": date(2026, 10, 4)},
    {"place": "connectors[Events]", "on": date(2026, 10, 1)},
    {"place": "connectors[Events]", "on": date(2026, 10, 2)},
)
_NO_RELEASE = {"pod.release": REMOVED}


def _done(*ticks: dict[str, object]) -> object:
    certificate = {"place": "certificates[pick]", "on": date(2026, 10, 2)}
    return replace(CONTEXT, progress=(*ticks, certificate))


CASES = (
    Case("P0-02", _NO_RELEASE, "pod.release", "info", says="follow 26D"),
    Case("P0-02", {"pod.release": "27B"}, "pod.release", "info", fixed={"pod.release": "26D"}, says="nothing is known"),
    Case("P0-02", {"pod": REMOVED}, "pod.release", "info"),
    Case("P0-02", {"pod.release": "2026 C"}, "pod.release", "info", fixed={"pod.release": "26c"}, says='"2026 C"'),
    Case(
        "P0-05",
        {"profile.environment": "production"},
        "pod.url",
        "warning",
        says="of a test pod",
    ),
    Case(
        "P0-05",
        {"pod.url": "https://fa-xxxx-saasfaprod1.fa.ocs.example"},
        "pod.url",
        "warning",
        fixed={"profile.environment": "production", "topology.applications": []},
        says="says test",
    ),
    Case(
        "P0-05",
        {"topology.applications[FASOA].host": "EJWL.fa.us2.example"},
        "topology.applications[FASOA].host",
        "warning",
        fixed={"topology.applications[FASOA].host": "EJWL-TEST.fa.us2.example"},
    ),
    Case(
        "P0-09",
        {"waivers[+]": {**_WAIVER, "check": "S8-6"}, "trigger_points[+]": _JEOPARDY},
        "waivers[S8-6].check",
        "warning",
        fixed={"waivers[S8-6].check": "S8-06"},
        fix='"S8-06"',
    ),
    Case(
        "P0-09",
        {"waivers[+]": {**_WAIVER, "where": "trigger_points[jeopardy]"}, "trigger_points[+]": _JEOPARDY},
        "waivers[S8-06].where",
        "warning",
        fixed={"waivers[S8-06].where": "trigger_points[Jeopardy].active"},
        fix='"Jeopardy"',
    ),
    Case(
        "P0-09",
        {"waivers[+]": {**_WAIVER, "where": "connectors[Requests].username"}},
        "waivers[S8-06].where",
        "warning",
        fixed={"waivers[S8-06].where": "connectors[Requests].csf_key"},
        fix='"user_name"',
    ),
    Case(
        "P0-09", {"waivers[+]": {**_WAIVER, "where": "connectors["}}, "waivers[S8-06].where", "warning", says="column"
    ),
    Case(
        "P0-09",
        {"waivers[+]": {**_WAIVER, "where": "pod", "reason": ""}},
        "waivers[S8-06].reason",
        "warning",
        fixed={"waivers[S8-06].reason": "looked at"},
    ),
    Case(
        "P0-09",
        {"waivers[+]": {**_WAIVER, "where": "pod", "until": date(2026, 11, 22)}},
        "waivers[S8-06].until",
        "warning",
        fixed={"waivers[S8-06].until": date(2026, 11, 23)},
    ),
    Case("P0-09", {"waivers[+]": {"reason": "all"}}, "waivers[].check", "warning", fixed={"waivers": REMOVED}),
    Case(
        "P0-11",
        {**_REFRESHED},
        "connectors[Events]",
        context=_done(_TICKED[0], _TICKED[1], _TICKED[2]),
        fixed_context=_done(*_TICKED),
        fixed={},
        says="ticked on 2026-10-01",
    ),
    Case(
        "P0-11",
        {**_REFRESHED},
        "integration_users[WMS]",
        context=_done(*_TICKED[1:]),
        fixed_context=_done(*_TICKED[1:], {"place": "integration_users[WMS]", "on": date(2026, 11, 1)}),
        fixed={},
        says="never ticked",
    ),
    Case(
        "P0-12",
        {},
        "connectors[Requests].url",
        context=replace(CONTEXT, unsettled=[(("connectors", 0, "url"), "line 9: a conflict is not settled: url")]),
        fixed_context=CONTEXT,
        fixed={},
        says="line 9: a conflict is not settled",
        fix="take the comment or the markers out",
    ),
)


@each_case(CASES)
def test_appears(case: Case) -> None:
    appears(case)


@each_fixed_case(CASES)
def test_vanishes(case: Case) -> None:
    vanishes(case)


def test_unreadable_appears() -> None:
    """P0-01: every fault is reported, with line and column."""
    fault = parse("schema = 1\nprofile = ")
    assert isinstance(fault, ReadingFault)
    (finding,) = unreadable_findings([fault])
    assert (finding.check, finding.level, finding.path) == ("P0-01", "error", ())
    assert finding.message.startswith("line 2, column 11: not TOML")
    faults = verify(tomllib.loads("schema = 1\n[profile]\nname = 1\n[[connectors]]\nname = 2"))
    assert [found.path for found in unreadable_findings(faults)] == [
        ("profile",),
        ("profile", "name"),
        ("connectors", 0, "name"),
    ]


def test_unreadable_vanishes() -> None:
    assert unreadable_findings(verify(sound())) == []


def test_no_walk_through_reports_nothing() -> None:
    """P0-11 waits for the walk-through."""
    assert "P0-11" not in {finding.check for finding in checked(sound(_REFRESHED))}


@pytest.mark.parametrize("host", ["vision.example", "localhost", "10.0.0.1", "om-gateway.fa.example"])
def test_a_host_that_is_not_of_oracles_form_says_nothing(host: str) -> None:
    """P0-05 only reads the names that Oracle gives."""
    data = sound({"pod.url": f"https://{host}", "topology.applications[FASOA].host": host})
    assert "P0-05" not in {finding.check for finding in checked(data)}


def test_an_accepted_finding_is_marked_with_its_reason() -> None:
    data = sound({"trigger_points[+]": _JEOPARDY, "waivers[+]": _WAIVER})
    (result,) = [result for result in shown(data) if result.finding.check == "S8-06"]
    assert (result.waived, result.reason) == (True, "stays on 25D")


@pytest.mark.parametrize(
    "waiver",
    [
        {**_WAIVER, "until": date(2026, 11, 22)},
        {**_WAIVER, "reason": " "},
        {**_WAIVER, "where": "trigger_points[Hold]"},
        {**_WAIVER, "check": "S8-05"},
    ],
)
def test_a_waiver_that_does_not_count_accepts_nothing(waiver: dict[str, object]) -> None:
    data = sound({"trigger_points[+]": _JEOPARDY, "waivers[+]": waiver})
    (result,) = [result for result in shown(data) if result.finding.check == "S8-06"]
    assert not result.waived


def test_a_waiver_without_a_place_accepts_every_finding_of_the_check() -> None:
    everywhere = {name: value for name, value in _WAIVER.items() if name != "where"}
    data = sound({"trigger_points[+]": _JEOPARDY, "waivers[+]": everywhere})
    assert all(result.waived for result in shown(data) if result.finding.check == "S8-06")


def test_two_waivers_of_one_check_at_two_places_are_fine() -> None:
    both = {"waivers": [_WAIVER, {**_WAIVER, "where": "trigger_points[Jeopardy].details"}]}
    assert "P0-08" not in {finding.check for finding in checked(sound({"trigger_points[+]": _JEOPARDY}, both))}
