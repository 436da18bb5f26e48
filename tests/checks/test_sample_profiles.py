"""The sample profiles: the source text shows its own faults, the family that corrects it shows none."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from omtui.checks.finding import CheckContext
from omtui.checks.neighbours import Neighbours
from omtui.checks.report import Report
from omtui.checks.running import results, run
from omtui.setup.catalogue import TABLES
from omtui.setup.indexed import Indexed
from omtui.setup.place import Data
from omtui.setup.reading import parse, verify

PROFILES = Path(__file__).parents[2] / "profiles"
FAMILY = ("vision-dev", "vision-test", "vision-prod")
TODAY = date(2026, 11, 23)


def read(name: str) -> Data:
    data = parse((PROFILES / f"{name}.toml").read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    assert verify(data) == []
    return data


def report(name: str, today: date = TODAY) -> Report:
    """As the library checks it: with the other samples next to it."""
    names = [path.stem for path in PROFILES.glob("*.toml") if "." not in path.stem]  # nothing that is next to one
    others = {each: read(each) for each in names if each != name}
    setup = Indexed(read(name))
    found = run(setup, CheckContext(today, Neighbours(others), name))
    return Report(name, str(setup.release or "") or None, results(setup, found, today))


def test_the_source_text_shows_its_own_faults() -> None:
    """All of them, by place. The text is at fault, or leaves out what Oracle's pages ask for."""
    reported = Counter(
        (result.finding.check, result.finding.level, result.place) for result in report("source-text").results
    )
    assert reported == Counter(
        [
            # what the text says wrongly
            ("S0-02", "warning", "integration_users[].privileges"),
            ("S0-02", "warning", "integration_users[#2].privileges"),
            ("S0-02", "warning", "integration_users[#2].privileges"),
            ("S4-01", "error", "upstream_source_systems[CSS02].code"),
            ("S7-10", "warning", "routing_rules[Route Invoice Request 01].then_text"),
            ("S8-01", "error", "trigger_points[Jeopardy].connectors"),
            ("S8-13", "error", "trigger_points[Fulfillment Line Shipment Update].name"),
            # what does not work as the text has it
            ("S1-09", "warning", "task_types[Pick_From_Ravi].statuses"),
            ("S2-02", "warning", "orchestration_processes[].steps[]"),
            ("S7-03", "error", "task_types[Pick_From_Ravi]"),
            ("S7-15", "info", "routing_rules[Route Invoice Request 01]"),
            # what the text leaves out
            ("P0-02", "info", "pod.release"),
            ("P0-07", "error", "integration_users[].user_name"),
            ("P0-07", "error", "integration_users[#2].user_name"),
            ("P0-07", "error", "orchestration_processes[].set"),
            ("P0-07", "error", "orchestration_processes[].steps[].number"),
            ("P0-07", "error", "planning_source_systems[CSS01].version"),
            ("P0-07", "error", "source_systems[CSS01].name"),
            ("P0-07", "error", "connectors[Event Connector].url"),
            ("P0-07", "error", "connectors[Connector01].url"),
            ("S0-08", "info", "integration_users"),
            ("S1-08", "error", "task_types[Pick_From_Ravi].tasks[].code"),
            ("S2-08", "error", "orchestration_processes[].name"),
            ("S2-11", "warning", "orchestration_processes[].assignment"),
            ("S5-04", "error", "connectors[Connector01].user_name"),
            ("S5-04", "error", "connectors[Connector01].credential"),
            ("S6-01", "error", "topology.applications"),
            ("S8-07", "warning", "trigger_points[Order Header Status Update].connectors"),
            ("S8-07", "warning", "trigger_points[Hold].connectors"),
            # what is more than the set-up needs, and what Oracle has changed since
            ("S0-06", "info", "integration_users[#2].privileges"),
            ("S0-06", "info", "integration_users[#2].privileges"),
            ("S0-06", "info", "integration_users[#2].privileges"),
            ("S0-06", "info", "integration_users[#2].privileges"),
            ("S5-15", "info", "connectors[Event Connector]"),
            ("F-02", "warning", "services[OrderInformationService].name"),
            ("S8-06", "warning", "trigger_points[Jeopardy].active"),
            ("S8-08", "info", "trigger_points[Jeopardy].connectors"),
            ("S8-10", "info", "trigger_points[Hold].active"),
        ]
    )


def test_every_fault_of_the_text_is_explained() -> None:
    for result in report("source-text").results:
        assert result.finding.message
        assert result.finding.fix


def test_the_source_text_holds_nothing_invented() -> None:
    """No host, no URL, no user, no release; all ten privilege names, and both spellings of the connector."""
    data: Any = read("source-text")
    assert "pod" not in data
    assert "topology" not in data
    privileges = [name for user in data["integration_users"] for name in user["privileges"]]
    assert len(privileges) == 10
    assert not any("url" in connector or "user_name" in connector for connector in data["connectors"])
    assert [connector["name"] for connector in data["connectors"]] == ["Event Connector", "Connector01"]
    assert data["trigger_points"][0]["connectors"] == ["EventConnector"]
    assert not any("user_name" in user for user in data["integration_users"])


@pytest.mark.parametrize("name", FAMILY)
@pytest.mark.parametrize("today", [TODAY, date(2034, 12, 1)])
def test_the_family_is_clean(name: str, today: date) -> None:
    """What is left was looked at and accepted."""
    left = [result for result in report(name, today).results if not result.waived]
    assert [(result.finding.check, result.place, result.finding.message) for result in left] == []


def test_the_family_shows_every_table() -> None:
    shown = {each.table.path for name in FAMILY for each in Indexed(read(name)).described}
    assert set(TABLES) - shown == set()


def test_the_family_shows_what_is_special() -> None:
    """Branches and waits, ELSE IF, ranges, accepted findings, Integration Cloud, certificates, vantage points."""
    data: Any = read("vision-dev")
    steps = data["orchestration_processes"][0]["steps"]
    assert {step["type"] for step in steps} == {"Service", "Conditional", "Merge"}
    assert any(step.get("wait") for step in steps)
    assert any("when" in entry for rule in data["routing_rules"] for entry in rule.get("otherwise", ()))
    operators = str(data["routing_rules"])
    assert all(word in operators for word in ("is between", "is in", ">=", "'not'", "'any'"))
    assert any(point.get("integration_cloud") for point in data["trigger_points"])
    assert any(point["name"] == "Jeopardy" for point in data["trigger_points"])
    for name in FAMILY:
        assert report(name).accepted


@pytest.mark.parametrize("name", ["source-text", *FAMILY])
def test_hosts_are_invented(name: str) -> None:
    import re

    text = (PROFILES / f"{name}.toml").read_text(encoding="utf-8")
    hosts = re.findall(r'://([^/:"]+)|host = "([^"]+)"|ssh = "([^"]+)"', text)
    assert all("".join(host).endswith(".example") for host in hosts)
