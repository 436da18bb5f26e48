"""Networks that fail, made with routes in a network namespace (needs root, as CI has)."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.programs import require
from tests.topology.namespace import ROUNDS

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True, scope="module")
def _namespaces() -> None:
    require("ip")
    works = ["unshare", "-n", "true"]
    if os.geteuid() != 0 or subprocess.run(works, capture_output=True, check=False).returncode != 0:
        pytest.skip("needs root and network namespaces")


def _inside(*arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        ["unshare", "-n", sys.executable, "-m", "tests.topology.namespace", *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return _inside()


@pytest.mark.parametrize(
    ("case", "outcome", "ok"),
    [
        ("route-unreachable", "host-unreachable", False),
        ("route-prohibited", "host-unreachable", False),
        ("no-route", "network-unreachable", False),
        ("dropped", "timed-out", False),
        ("closed-dropped", "ok", True),
        ("v6-refused", "family-broken", True),
        ("v6-dropped", "family-broken", True),
        ("v6-unreachable", "family-broken", True),
        ("v4-refused", "family-broken", True),
        ("two-a-one-dead", "family-broken", True),
        ("all-refused", "refused", False),
        ("both-fine", "ok", True),
        ("v6-literal", "ok", True),
    ],
)
def test_each_broken_way_gets_its_word(found: dict[str, Any], case: str, outcome: str, ok: bool) -> None:
    assert found[case][:3] == [outcome, [] if outcome == "ok" else [outcome], ok]
    assert found[case][5] == [outcome] * ROUNDS


def test_the_dead_family_and_how_it_fails_are_named(found: dict[str, Any]) -> None:
    assert "IPv6 fd00:f1ee::1 refused" in found["v6-refused"][3]
    assert "IPv6 fd00:f1ee::3 timed-out" in found["v6-dropped"][3]
    assert "IPv4 127.0.0.1 refused" in found["v4-refused"][3]
    assert "10.6.0.1 timed-out" in found["two-a-one-dead"][3]


def test_a_family_that_this_machine_lacks_is_not_the_endpoints_fault(found: dict[str, Any]) -> None:
    outcome, faults, ok, _, notes, _ = found["v6-elsewhere"]
    assert (outcome, faults, ok) == ("ok", [], True)
    assert any("no IPv6 at all" in note for note in notes)


def test_a_thousand_filtered_ports_cost_their_timeout_once() -> None:
    took, named = _inside("--filtered")["filtered"]
    assert named == 1000
    assert took < 2 * 2.0 + 2.0  # their timeout of 2 s, and room for a busy machine
