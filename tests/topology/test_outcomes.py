"""Every fault that the practice can show is named by the prober, and nothing healthy is called faulty."""

import tomllib

import pytest

from omtui.practice.lessons import HEALTHY, LESSONS
from omtui.practice.practice import Practice
from omtui.practice.profiles import BROKEN, sample_profiles
from omtui.topology.result import ProbeResult
from omtui.topology.review import run_review
from omtui.topology.targets import collect
from omtui.topology.words import WORDS
from tests.topology.servers import surroundings, words

ROUNDS = 5
NEEDS_A_NAME_OR_A_NETWORK = {
    "name-unknown", "name-without-address", "name-server-failed", "name-server-silent",
    "host-unreachable", "network-unreachable", "family-broken",
}  # fmt: skip


@pytest.fixture(scope="session")
def rounds(practice: Practice) -> list[dict[str, ProbeResult]]:
    """Five reviews of all lessons, healthy ones among them."""
    profile = tomllib.loads(sample_profiles(practice)[BROKEN])
    for lesson in HEALTHY:
        web = {"protocol": "https"} if lesson.fields["expect"] in ("http", "wsdl") else {}
        profile["topology"]["endpoints"].append(
            {"name": lesson.name, "host": "127.0.0.1", "port": practice.lesson_ports[lesson.name],
             "ca_file": str(practice.ca_file), **web, **lesson.fields}
        )  # fmt: skip
    found = collect(profile)
    assert not found.skipped
    return [
        {result.target.name: result for result in run_review(found.targets, surroundings).results}
        for _ in range(ROUNDS)
    ]


def test_each_fault_gets_its_words_in_every_round_and_nothing_healthy_raises_an_alarm(
    rounds: list[dict[str, ProbeResult]],
) -> None:
    """One test for all, for each worker of a test run would need rounds of its own."""
    wrong = []
    for number, found in enumerate(rounds):
        for lesson in (*LESSONS, *HEALTHY):
            result = found[lesson.name]
            faults = list(lesson.words) if lesson in LESSONS else []
            if (result.verdict.outcome, words(result)) != (lesson.outcome, faults):
                wrong.append((number, lesson.name, result.verdict.outcome, words(result)))
            assert result.ok is (WORDS[lesson.outcome].grade != "fault"), lesson.name
            assert result.verdict.message, lesson.name
            assert result.verdict.advice or lesson in HEALTHY, lesson.name
    assert wrong == []


def test_every_word_of_the_closed_list_is_produced_for_real() -> None:
    shown = {word for lesson in (*LESSONS, *HEALTHY) for word in (*lesson.words, lesson.outcome)}
    cancelled = {"cancelled"}  # test_review
    assert set(WORDS) - shown == NEEDS_A_NAME_OR_A_NETWORK | cancelled  # test_names, test_unreachable
