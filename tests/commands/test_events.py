"""The command events."""

from pathlib import Path

from tests.commands.conftest import Command


def test_the_sample_shows_an_event_of_each_kind(omtui: Command, samples: Path) -> None:
    document = omtui("events", "vision-dev", str(samples / "changes.csv"), "--json").document
    assert document["profile"] == "vision-dev"
    keys = {"order", "trigger_point", "value", "fired", "reason", "event_code", "connectors", "email"}
    assert all(keys <= each.keys() for each in document["results"])
    assert len({each["trigger_point"] for each in document["results"]}) == 9
    assert {each["fired"] for each in document["results"]} == {True, False}
    answer = omtui("events", "vision-dev", str(samples / "changes.csv"))
    assert answer.code == 0
    assert "5 raised, 5 not raised, 2 e-mails, of 9 changes" in answer.out
    assert "payload of 2016" in answer.out


def test_wrong_usage(omtui: Command, samples: Path) -> None:
    changes = str(samples / "changes.csv")
    for words in ([], [changes, "--before", "a"], ["--before", "a"], ["nothing.csv"], [changes, "--encoding", "q"]):
        answer = omtui("events", "vision-dev", *words)
        assert (answer.code, answer.out) == (2, ""), words
