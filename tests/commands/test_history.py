"""log of one place, and going back to an earlier state."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.commands.conftest import PROFILE, Command
from tests.programs import require
from tests.service.git import commit, git

PLACE = "connectors[Connector01]"


def release(library: Path) -> str:
    return str(tomllib.loads((library / "dev.toml").read_text())["pod"]["release"])


def test_the_log_of_one_record(omtui: Command, library: Path) -> None:
    omtui("set", "dev", "pod.release", "26A")
    omtui("set", "dev", f"{PLACE}.url", "https://new.pick.example", "--reason", "moved house")
    omtui("rename", "dev", PLACE, "PickConnector")
    answer = omtui("log", "dev", "--place", "connectors[PickConnector]")
    assert "pod.release" not in answer.out
    url = r"https://soa\.pick\.example:8002/process → https://new\.pick\.example"
    assert re.search(rf" connectors\[Connector01\]\.url: {url} +moved house", answer.out)
    assert "Rename connectors[Connector01] to PickConnector" in answer.out
    document = omtui("log", "dev", "--place", "connectors[PickConnector].url", "--json").document
    assert [entry["number"] for entry in document["entries"]] == [2]
    assert omtui("log", "dev", "--place", PLACE).code == 2


def test_what_another_program_wrote_is_listed(omtui: Command, library: Path) -> None:
    omtui("set", "dev", "pod.release", "26A")
    path = library / "dev.toml"
    path.write_text(path.read_text().replace("26A", "26B"))
    answer = omtui("log", "dev")
    assert answer.out.splitlines()[-1].split() == ["?", "changed", "by", "another", "program", "since"]
    omtui("set", "dev", "pod.time_zone", "UTC")
    lines = omtui("log", "dev").out.splitlines()
    assert [line.split()[0] for line in lines] == ["No", "1", lines[2].split()[0], "2"]
    assert "changed by another program" in lines[2]
    document = omtui("log", "dev", "--json").document
    assert [entry["number"] for entry in document["entries"]] == [1, 2]
    (found,) = [each for each in document["found"] if each["changes"]]
    assert (found["who"], found["changes"][0]["new"]) == ("", "26B")


class TestGoingBack:
    def test_to_a_time_as_the_log_shows_it(self, omtui: Command, library: Path) -> None:
        for value in ("26A", "26B"):
            omtui("set", "dev", "pod.release", value)
        states = omtui("log", "dev", "--json").document["states"]
        assert omtui("undo", "dev", "--to", states[1]["at"], "--reason", "too early").code == 0
        assert release(library) == "26A"
        entry = omtui("log", "dev", "--json").document["entries"][-1]
        assert entry["reason"] == "too early"
        assert omtui("undo", "dev").code == 0
        assert release(library) == "26B", "going back is one change"
        shown = omtui("log", "dev").out.splitlines()[-1]
        moment = re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", shown)
        assert moment
        assert omtui("get", f"dev@{moment[0].replace(' ', 'T')}", "pod.release").out == "26B\n"

    def test_only_one_place(self, omtui: Command, library: Path) -> None:
        omtui("set", "dev", "pod.release", "26A")
        omtui("set", "dev", f"{PLACE}.url", "https://new.pick.example")
        first = omtui("log", "dev", "--json").document["states"][-1]["at"]
        answer = omtui("undo", "dev", "--to", first, "--place", PLACE, "--json")
        assert (answer.code, answer.document["changed"], answer.document["where"]) == (0, True, PLACE)
        assert release(library) == "26A"
        assert omtui("get", "dev", f"{PLACE}.url").out == "https://soa.pick.example:8002/process\n"
        again = omtui("undo", "dev", "--to", first, "--place", PLACE)
        assert (again.code, "nothing differs" in again.err) == (0, True)

    def test_a_record_that_is_gone(self, omtui: Command, library: Path) -> None:
        omtui("set", "dev", "pod.release", "26A")
        omtui("remove", "dev", PLACE)
        first = omtui("log", "dev", "--json").document["states"][-1]["at"]
        assert omtui("undo", "dev", "--to", first, "--place", PLACE).code == 0
        data = tomllib.loads((library / "dev.toml").read_text())
        assert data["connectors"] == tomllib.loads(PROFILE)["connectors"]
        assert release(library) == "26A"
        assert omtui("undo", "dev", "--to", first, "--place", "connectors[No]").code == 2

    def test_to_a_git_revision(self, omtui: Command, library: Path) -> None:
        require("git")
        git(library, "init", "-q")
        commit(library, "first")
        omtui("set", "dev", "pod.release", "26A")
        assert omtui("undo", "dev", "--to", "HEAD").code == 0
        assert (library / "dev.toml").read_text() == PROFILE

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (("--to", "yesterday"), "yesterday is no time"),
            (("--to", "2001-01-01"), "nothing is known of it at 2001-01-01"),
            (("--place", PLACE), "which state is missing"),
            (("--to", "promoted"), "nothing was promoted"),
        ],
    )
    def test_misuse(self, omtui: Command, library: Path, words: tuple[str, ...], message: str) -> None:
        require("git")  # without it the answer to a revision is another
        answer = omtui("undo", "dev", *words)
        assert answer.code == 2
        assert message in answer.err
        assert (library / "dev.toml").read_text() == PROFILE

    def test_production_is_locked(self, omtui: Command, library: Path) -> None:
        (library / "dev.toml").write_text(PROFILE.replace("development", "production"))
        omtui("set", "dev", "pod.release", "26A", "--unlock", "dev")
        first = omtui("log", "dev", "--json").document["states"][-1]["at"]
        assert omtui("undo", "dev", "--to", first).code == 3
        assert release(library) == "26A"
