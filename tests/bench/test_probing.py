"""The fleet that probers are measured on is as broken as it says, and not more."""

import tomllib
from pathlib import Path

from omtui.topology.review import run_review
from omtui.topology.targets import collect
from tests.bench.fleet import FAULTS, endpoints
from tests.bench.probing import fleet, write_profile
from tests.topology.servers import surroundings


def test_the_prober_and_the_fleet_agree(tmp_path: Path) -> None:
    with fleet(tmp_path) as ports:
        stalled = ("handshake stalls", "answer stalls")  # cost their timeouts
        found = [each for each in endpoints(8 * len(FAULTS), ports) if each.behaviour not in stalled]
        assert len({(each.host, each.port) for each in found}) == len(found)
        profile = write_profile(tmp_path / "fleet.toml", found)
        targets = collect(tomllib.loads(profile.read_text()), folder=tmp_path).targets
        review = run_review(targets, surroundings)
    assert {result.target.name: result.verdict.outcome for result in review.results} == {
        each.name: each.outcome for each in found
    }
