"""Every check is explained, appears and vanishes in a test, and a wrong id finds the nearest."""

import ast
from pathlib import Path

import pytest

from omtui.checks.connector_checks import _SOON_DAYS
from omtui.checks.event_checks import _MOST_ATTRIBUTES
from omtui.checks.explaining import UnknownCheck, explain, explanation
from omtui.checks.registry import Check
from omtui.checks.running import all_checks
from omtui.checks.topology_checks import _REVIEW_DAYS
from omtui.setup.catalogue import TABLES
from omtui.setup.release import NEWEST
from tests.looping import loop_over

GROUPS = {"P0": 13, "S0": 10, "F": 7, "S1": 10, "S2": 20, "S3": 7, "S4": 9, "S5": 20, "S6": 8, "S7": 19, "S8": 18}
"""How many rows each group of the list of checks has; ids count from 01 without a gap."""

ROWS = [f"{group}-{number:02}" for group, count in GROUPS.items() for number in range(1, count + 1)]

BETWEEN = [f"D-{number:02}" for number in range(1, 9)]


def test_every_row_is_registered() -> None:
    assert sorted(all_checks()) == sorted(ROWS + BETWEEN)


@loop_over("id", ROWS + BETWEEN)
def test_every_check_is_explained(id: str) -> None:
    check = all_checks()[id]
    for words in (check.meaning, check.why, check.fix):
        assert words[0].isupper() or words[0] in "'\"0123456789", words
        assert words.endswith((".", "?")), words
    assert check.title
    assert check.title[0].islower() or not check.title[0].isalpha() or check.title.split()[0][0].isupper()
    assert not check.title.endswith(".")
    assert check.page.title
    assert check.page.url.startswith("https://docs.oracle.com/") or not check.page.url
    assert "!" not in f"{check.title}{check.meaning}{check.why}{check.fix}"


def _most(place: str) -> str:
    table, _, field = place.rpartition(".")
    return f" {TABLES[table].by_name[field].maximum_length} characters"


NUMBERS = {
    "P0-02": str(NEWEST),
    "S1-01": _most("task_types.name"),
    "S1-04": _most("task_types.services.code"),
    "S1-08": _most("task_types.tasks.name"),
    "S2-08": _most("orchestration_processes.steps.name"),
    "S3-01": _most("source_systems.code"),
    "S5-01": _most("connectors.name"),
    "S5-02": _most("connectors.url"),
    "S5-17": f"within {_SOON_DAYS} days",
    "S6-07": f"older than {_REVIEW_DAYS} days",
    "S8-09": f"more than {_MOST_ATTRIBUTES} attributes",
}
"""Limits of the program that explanations repeat."""


@loop_over("id, words", NUMBERS.items())
def test_an_explanation_gives_the_limit_that_counts(id: str, words: str) -> None:
    assert words in all_checks()[id].meaning


@loop_over("id", [row for row in ROWS if row != "P0-01"])
def test_every_check_has_a_function(id: str) -> None:
    assert all_checks()[id].asks_for


def _tested() -> set[str]:
    """The ids for which a test module holds a case (each case is tested both ways)."""
    found: set[str] = set()
    for path in Path(__file__).parent.rglob("test_*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Case":
                id = node.args[0]
                if isinstance(id, ast.Constant):
                    found.add(str(id.value))
    return found


def test_every_check_appears_and_vanishes_in_a_test() -> None:
    """P0-01 has its own tests: it is about what cannot be read as a profile."""
    assert set(ROWS) - _tested() == {"P0-01"}


@pytest.mark.parametrize(
    ("id_text", "nearest"),
    [("S5-2", "S5-02"), ("S52", "S5-02"), ("5-02", "S5-02"), ("s5_02", "S5-02"), ("S5-99", "S5-20"), ("F1", "F-01")],
)
def test_a_wrong_id_finds_the_nearest(id_text: str, nearest: str) -> None:
    assert explain(id_text) == UnknownCheck(id_text, nearest)


def test_a_wrong_id_without_a_nearest_shows_what_ids_look_like() -> None:
    unknown = explain("nonsense\x1b")
    assert isinstance(unknown, UnknownCheck)
    assert "\x1b" not in unknown.message
    assert "S5-02" in unknown.message


def test_case_does_not_matter() -> None:
    found = explain(" s8-06 ")
    assert isinstance(found, Check)
    assert found.id == "S8-06"


def test_an_explanation_has_all_parts_and_fits() -> None:
    found = explain("S8-06")
    assert isinstance(found, Check)
    page = explanation(found, width=60)
    assert page.startswith("S8-06  ")
    assert "error from 26C, info before" in page
    for label in ("meaning", "why", "fix", "Oracle"):
        assert f"\n{label}" in page
    assert found.page.url in page
    assert all(len(line) <= 60 or "https://" in line for line in page.splitlines()[1:])
