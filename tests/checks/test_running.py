"""The run: order, release gates, what is reported twice, places, lines, and many findings at once."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from omtui.checks import oracle_pages
from omtui.checks.finding import Flaw, Level
from omtui.checks.registry import CHECKS, check, level_on, lower
from omtui.checks.running import all_checks, results, run
from omtui.setup.indexed import Indexed
from omtui.setup.place import parse, resolve
from omtui.setup.release import Release
from tests.checks.profiles import CONTEXT, REMOVED, checked, shown, sound


@pytest.mark.parametrize(
    ("release", "level"),
    [("25D", "info"), ("26B", "info"), ("26C", "error"), ("27A", "error"), (None, "warning")],
)
def test_a_release_gates_the_level(release: str | None, level: Level) -> None:
    """S8-06: error from 26C, info before; without a release that of the newest, one level lower."""
    here = Release.parse(release) if release else None
    assert level_on(here, Release(26, "C"), "error", "info") == level


@pytest.mark.parametrize(("release", "level"), [("26B", None), ("26C", "warning"), ("", "info")])
def test_without_a_level_before_nothing_is_reported_before(release: str, level: Level | None) -> None:
    assert level_on(Release.parse(release), Release(26, "C"), "warning") == level


def test_levels_go_down_by_one() -> None:
    assert [lower(level) for level in ("error", "warning", "info")] == ["warning", "info", "info"]


def test_checks_that_no_release_changes_are_not_softened() -> None:
    found = {finding.check: finding.level for finding in checked(sound({"pod": REMOVED, "task_types[Pick].tasks": []}))}
    assert found["S1-03"] == "error"


def test_findings_come_in_the_order_of_the_file() -> None:
    spoilt = sound(
        {
            "connectors[Events].url": "x",
            "connectors[Requests].url": "x",
            "pod.release": REMOVED,
            "task_types[Pick].tasks": [],
            "source_systems[PICK].type": "Legacy",
        }
    )
    places = [result.place for result in shown(spoilt) if result.finding.level != "info"]
    top = list(spoilt)
    assert [top.index(place.split("[")[0].split(".")[0]) for place in places] == sorted(
        top.index(place.split("[")[0].split(".")[0]) for place in places
    )
    connectors = [place for place in places if place.startswith("connectors")]
    assert connectors == sorted(connectors, key=lambda place: "Events" in place)


def test_every_place_can_be_resolved() -> None:
    """Also those of records with equal keys, without keys, and within conditions."""
    data = sound(
        {"source_systems[PICK].code": "SHOP", "source_systems[+]": {"name": "no code"}},
        {"routing_rules[Picks].when": {"any": [{"not": {"all": [{"attribute": "Item"}]}}]}},
        {"integration_users[WMS].privileges": ["One", "Two"]},
    )
    found = shown(data)
    assert len(found) > 5
    for result in found:
        place = parse(result.place)
        path = resolve(data, place)  # type: ignore[arg-type]
        assert isinstance(path, tuple), result.place
        assert result.finding.path[: len(path)] == path


def test_the_line_is_that_of_the_element_and_the_place_that_of_the_field() -> None:
    data = sound({"integration_users[WMS].privileges": ["Manage Orchestration Generic Web Service", "Nonsense"]})
    setup = Indexed(data)
    lines = {("integration_users", 0, "privileges", 1): 31}
    found = results(setup, run(setup, CONTEXT), CONTEXT.today, lambda path: lines.get(path))
    result = next(result for result in found if result.finding.check == "S0-02")
    assert (result.place, result.line, result.step) == ("integration_users[WMS].privileges", 31, "0")


@pytest.mark.parametrize(
    ("edits", "id", "step"),
    [
        ({"pod.release": REMOVED}, "P0-02", "profile"),
        ({"planning_source_systems[PICK].time_zone": "Mars"}, "S4-03", "4"),
        ({"upstream_source_systems[SHOP].time_zone": "Mars"}, "S4-03", "4.1"),
        ({"related_setup[Planning switched off].task": REMOVED}, "P0-07", "related"),
        ({"services[OrderFulfillmentResponseService].called_by": ["X"]}, "F-01", "flow"),
        ({"topology.endpoints[Label printers].expect": "ajar"}, "P0-08", "6"),
        ({"trigger_points[+]": {"name": "Jeopardy", "nosuch": 1}}, "P0-03", "8"),
        ({"trigger_points[+]": {"name": "Split", "nosuch": 1}}, "P0-03", "9"),
        ({"jeopardy.priorities[LOW].minimum_score": REMOVED}, "P0-07", "8"),
    ],
)
def test_a_finding_belongs_to_the_task_of_its_place(edits: dict[str, object], id: str, step: str) -> None:
    assert [result.step for result in shown(sound(edits)) if result.finding.check == id] == [step]


def test_a_flaw_yields_to_the_check_that_reports_it_better() -> None:
    """`unless` drops a flaw only where the other check points at the same path."""
    name = "P0-99"
    all_checks()

    @check(name, "info", "reported twice", oracle_pages.OWN)
    def twice(setup: Indexed) -> Iterator[Flaw]:
        """The type. Why: a test. Fix: none."""
        for path, _ in setup.records("source_systems")[:1]:
            yield Flaw((*path, "type"), "twice", "fix", unless=("S3-02",))
            yield Flaw(path, "once", "fix", unless=("S3-02",))

    all_checks.cache_clear()
    try:
        found = checked(sound({"source_systems[PICK].type": "Legacy"}))
    finally:
        del CHECKS[name]
        all_checks.cache_clear()
    assert [finding.message for finding in found if finding.check == name] == ["once"]


@pytest.mark.parametrize(
    ("edits", "path", "ids"),
    [
        ({"source_systems[PICK].type": "Legacy"}, ("source_systems", 0, "type"), {"S3-02"}),
        ({"waivers[+]": {"check": ""}}, ("waivers", 0, "check"), {"P0-09"}),
        (
            {"upstream_source_systems[+]": {"code": "PICK", "time_zone": "UTC", "version": "Older"}},
            ("upstream_source_systems", 1, "version"),
            {"P0-08", "S4-09"},  # that two pages disagree says nothing of the word
        ),
    ],
)
def test_a_general_check_yields_to_one_that_judges_the_field(
    edits: dict[str, object], path: tuple[str | int, ...], ids: set[str]
) -> None:
    assert {finding.check for finding in checked(sound(edits)) if finding.path == path} == ids


def test_thousands_of_wrong_names_take_no_minutes() -> None:
    """Names are compared letter by letter only so often; places of equal keys are counted once."""
    users = [
        {"user_name": "U", "direction": "both", "system": f"PICK-{n}", "privileges": [f"X{n}"]} for n in range(3000)
    ]
    systems = [{**_SYSTEM, "code": f"Code {n} of a system"} for n in range(3000)]
    data = sound({"integration_users": users, "planning_source_systems": systems})
    assert len(shown(data)) > 9000


_SYSTEM = {"time_zone": "Nowhere", "version": "Others", "collections_allowed": True}


def test_the_day_decides_what_has_ended() -> None:
    data = sound({"source_systems[PICK].end_date": date(2027, 1, 1)})
    assert checked(data) == []
    later = replace(CONTEXT, today=date(2027, 1, 2))
    assert "S3-05" in {finding.check for finding in checked(data, later)}


@pytest.fixture
def eager_threads() -> Iterator[None]:
    """Threads that take turns some hundred times as often."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(before / 500)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("eager_threads")
def test_several_threads_check_at_once() -> None:
    """The home screen counts the findings of all profiles while an open one is edited and checked."""
    data = sound()
    expected = checked(data)
    for _ in range(60):
        all_checks.cache_clear()  # the first ones list the checks
        with ThreadPoolExecutor(4) as threads:
            assert all(found == expected for found in threads.map(checked, [data] * 4))
