"""Several environments side by side."""

import pytest

from omtui.compare.table import ComparisonRow, compare, to_json
from tests.checks.profiles import REMOVED, sound
from tests.compare.profiles import shuffled


def rows(**profiles: object) -> dict[str, ComparisonRow]:
    return {row.where: row for row in compare(profiles).rows}  # type: ignore[arg-type]


def test_equal_profiles_agree_everywhere() -> None:
    import random

    found = compare({"a": sound(), "b": shuffled(sound(), random.Random(1)), "c": sound()})
    assert found.changed == ()
    assert not found
    assert {row.where for row in found.rows} >= {"connectors[Requests]", "task_types[Pick].tasks[PICK_CARTON]"}


def test_same_other_missing() -> None:
    found = rows(
        a=sound(),
        b=sound({"connectors[Requests].description": "x", "jeopardy.priorities[LOW]": REMOVED}),
        c=sound({"source_systems[+]": {"code": "NEW"}}),
    )
    assert found["connectors[Requests]"].cells == ("same", "other", "same")
    assert found["connectors[Requests].description"].cells == ("missing", "same", "missing")
    assert found["jeopardy.priorities[LOW]"].cells == ("same", "missing", "same")
    assert found["source_systems[NEW]"].cells == ("missing", "missing", "same")
    assert found["connectors[Events]"].cells == ("same", "same", "same")
    assert "connectors[Events].url" not in found, "fields have a row only where they differ"


def test_what_is_bound_to_an_environment_makes_no_record_other() -> None:
    found = rows(
        a=sound(), b=sound({"connectors[Requests].url": "https://other.example", "pod.url": "https://x.example"})
    )
    assert found["connectors[Requests]"].cells == ("same", "same")
    assert found["connectors[Requests].url"].cells == ("same", "other")
    assert found["connectors[Requests].url"].travels == "environment"
    assert found["pod.url"].cells == ("same", "other")


def test_a_step_that_differs_makes_its_process_other() -> None:
    found = rows(a=sound(), b=sound({"orchestration_processes[Vision_Pick].steps[100].task": "x"}))
    for where in (
        "orchestration_processes[Vision_Pick]",
        "orchestration_processes[Vision_Pick].steps[100]",
        "orchestration_processes[Vision_Pick].steps[100].task",
    ):
        assert found[where].cells == ("same", "other")


def test_users_of_other_names_are_recognised() -> None:
    found = rows(a=sound(), b=sound({"integration_users[WMS].user_name": "WMS_TEST"}))
    assert found["integration_users[WMS]"].cells == ("same", "same")
    assert found["integration_users[WMS].user_name"].values == ("WMS", "WMS_TEST")
    assert "integration_users[WMS_TEST]" not in found


@pytest.mark.parametrize("changed", [True, False])
def test_json(changed: bool) -> None:
    found = to_json(compare({"a": sound(), "b": sound({"roles[VISION_RESPONSES].name": "x"})}), changed=changed)
    assert found["profiles"] == ["a", "b"]
    rows_found = found["rows"]
    assert isinstance(rows_found, list)
    assert (len(rows_found) == 2) is changed
    assert {"where", "step", "travels", "cells", "values"} == set(rows_found[0])
