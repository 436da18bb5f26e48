"""Every fault that the practice can show is named by the prober, and nothing healthy is called faulty."""

import tomllib

import pytest

from omtui.practice.lessons import HEALTHY, LESSONS, Lesson
from omtui.practice.practice import Practice
from omtui.practice.profiles import BROKEN, sample_profiles
from omtui.topology.result import Result
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
def rounds(practice: Practice) -> list[dict[str, Result]]:
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


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_each_fault_gets_its_words_in_every_round(lesson: Lesson, rounds: list[dict[str, Result]]) -> None:
    for found in rounds:
        result = found[lesson.name]
        assert (result.verdict.outcome, words(result)) == (lesson.outcome, list(lesson.words))
        assert result.ok is (WORDS[lesson.outcome].grade != "fault")
        assert result.verdict.message
        assert result.verdict.advice


@pytest.mark.parametrize("lesson", HEALTHY, ids=lambda lesson: lesson.name)
def test_nothing_healthy_raises_an_alarm(lesson: Lesson, rounds: list[dict[str, Result]]) -> None:
    for found in rounds:
        result = found[lesson.name]
        assert (result.verdict.outcome, words(result), result.ok) == (lesson.outcome, [], True)


def test_every_word_of_the_closed_list_is_produced_for_real() -> None:
    shown = {word for lesson in (*LESSONS, *HEALTHY) for word in (*lesson.words, lesson.outcome)}
    cancelled = {"cancelled"}  # test_review
    assert set(WORDS) - shown == NEEDS_A_NAME_OR_A_NETWORK | cancelled  # test_names, test_unreachable
