"""new, list and show."""

import tomllib
from pathlib import Path

import pytest

from tests.commands.conftest import PROFILE, Command


class TestNew:
    def test_an_empty_profile(self, omtui: Command, library: Path) -> None:
        words = ("--environment", "test", "--url", "https://pod.example", "--release", "25D")
        answer = omtui("new", "vision-test", *words)
        assert (answer.code, answer.out) == (0, "")
        assert tomllib.loads((library / "vision-test.toml").read_text()) == {
            "schema": 1,
            "profile": {"name": "vision-test", "environment": "test"},
            "pod": {"url": "https://pod.example", "release": "25D"},
        }
        assert (library / "vision-test.toml").stat().st_mode & 0o777 == 0o600

    def test_it_makes_the_library(self, omtui: Command, home: Path, tmp_path: Path) -> None:
        assert omtui("new", "a", "--library", str(tmp_path / "deep" / "library")).code == 0
        assert (tmp_path / "deep/library/a.toml").exists()
        assert omtui("new", "b").code == 0
        assert (home / ".local/share/omtui/profiles/b.toml").exists()

    def test_a_copy_keeps_comments_and_takes_what_is_said(self, omtui: Command, library: Path) -> None:
        answer = omtui("new", "copy", "--from", "dev", "--environment", "test", "--release", "26A", "--json")
        assert answer.document["profile"] == "copy"
        expected = PROFILE.replace('"dev"', '"copy"').replace('"development"', '"test"').replace("25D", "26A")
        assert (library / "copy.toml").read_text() == expected

    def test_a_copy_of_an_earlier_state(self, omtui: Command, library: Path) -> None:
        omtui("set", "dev", "pod.release", "26A")
        moment = omtui("log", "dev", "--json").document["entries"][0]["at"]
        omtui("set", "dev", "pod.release", "26B")
        assert omtui("new", "before", "--from", f"dev@{moment}").code == 0
        assert omtui("get", "before", "pod.release").out == "26A\n"

    def test_the_log_begins_with_it(self, omtui: Command, library: Path) -> None:
        omtui("new", "x", "--reason", "a pod for the next release")
        (entry,) = omtui("log", "x", "--json").document["entries"]
        assert (entry["action"], entry["reason"]) == ("new", "a pod for the next release")

    def test_by_a_path(self, omtui: Command, library: Path, tmp_path: Path) -> None:
        assert omtui("new", "elsewhere/x.toml").code == 0
        assert tomllib.loads((tmp_path / "elsewhere/x.toml").read_text())["profile"]["name"] == "x"

    @pytest.mark.parametrize(
        ("words", "code", "message"),
        [
            (("dev",), 3, "there is a profile dev already"),
            (("dev", "--from", "nosuch"), 2, "there is no profile nosuch"),
            (("x", "--from", "dve"), 2, "did you mean dev?"),
            (("x", "--environment", "prod"), 2, "did you mean production?"),
            (("x", "--release", "D25"), 2, "such as 25D"),
            (("../x/.toml",), 2, "cannot be a name"),
            (("con",), 2, "device on Windows"),
            ((".hidden",), 2, "cannot be a name"),
            (("",), 2, "an empty text cannot be a name"),
            (("a\x1b[2Jb",), 2, "cannot be seen"),
            (("dev@promoted",), 2, "begins an earlier state"),
            (("x.map",), 2, "ends like a file next to a profile"),
            ((), 2, "NAME is missing"),
        ],
    )
    def test_what_cannot_be_made(
        self, omtui: Command, library: Path, words: tuple[str, ...], code: int, message: str
    ) -> None:
        before = sorted(library.iterdir())
        answer = omtui("new", *words)
        assert answer.code == code
        assert message in answer.err
        assert "\x1b" not in answer.err
        assert sorted(library.iterdir()) == before
        assert (library / "dev.toml").read_text() == PROFILE


class TestList:
    def test_one_line_a_profile(self, omtui: Command, samples: Path) -> None:
        lines = omtui("list").out.splitlines()
        assert lines[0].split() == ["Profile", "Environment", "Pod", "Release", "Findings", "Next", "expiry", "Changed"]
        assert [line.split()[0] for line in lines[1:]] == ["source-text", "vision-dev", "vision-prod", "vision-test"]
        assert "errors" in lines[1]

    def test_json(self, omtui: Command, samples: Path) -> None:
        (samples / "broken.toml").write_text("a = [")
        profiles = {each["name"]: each for each in omtui("list", "--json").document["profiles"]}
        assert profiles["vision-dev"]["environment"] == "development"
        assert profiles["vision-dev"]["counts"] == {"error": 0, "warning": 0, "info": 0}
        assert profiles["source-text"]["counts"]["error"] > 5
        assert "not TOML" in profiles["broken"]["fault"]
        assert profiles["broken"]["counts"] is None

    def test_an_empty_library_says_what_to_do(self, omtui: Command, home: Path) -> None:
        answer = omtui("list")
        assert (answer.code, answer.out) == (0, "")
        assert "omtui new NAME" in answer.err
        assert omtui("list", "--json").document["profiles"] == []

    @pytest.mark.parametrize("given", ["option", "variable"])
    def test_which_library(
        self, omtui: Command, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str
    ) -> None:
        other = tmp_path / "other"
        other.mkdir()
        (other / "x.toml").write_text(PROFILE)
        words = ("--library", str(other)) if given == "option" else ()
        if given == "variable":
            monkeypatch.setenv("OMTUI_LIBRARY", str(other))
        assert [each["name"] for each in omtui("list", "--json", *words).document["profiles"]] == ["x"]
        assert [each["name"] for each in omtui(*words, "list", "--json").document["profiles"]] == ["x"]


class TestShow:
    def test_everything_that_is_entered(self, omtui: Command, library: Path) -> None:
        out = omtui("show", "dev").out
        assert "Step 5  Manage External Interface Web Service Details" in out
        assert "If Task Type (Order Header) is equal to Pick and" in out
        assert "Step 3" in out
        assert "Step 2 " not in out

    def test_one_step_with_all_fields(self, omtui: Command, library: Path) -> None:
        out = omtui("show", "dev", "--step", "5").out
        assert "Step 7" not in out
        assert "3PL" in out
        assert "nothing is entered" in omtui("show", "dev", "--step", "9").out

    def test_records_of_records_name_what_holds_them(self, omtui: Command, library: Path) -> None:
        lines = omtui("show", "dev", "--step", "1").out.splitlines()
        row = next(line for line in lines if "Pick_Inbound" in line and "Pick_Create" not in line)
        assert row.split()[0] == "Pick"

    def test_only_with_a_tag(self, omtui: Command, library: Path) -> None:
        out = omtui("show", "dev", "--tag", "3PL").out
        assert "Connector01" in out
        assert "Connector02" not in out
        assert "Pick_Create" not in out

    def test_json_holds_the_records(self, omtui: Command, library: Path) -> None:
        document = omtui("show", "dev", "--step", "5", "--json").document
        assert (document["profile"], document["release"]) == ("dev", "25D")
        connectors = document["steps"][0]["tables"]["connectors"]
        assert connectors == tomllib.loads(PROFILE)["connectors"]

    def test_all_samples_as_json(self, omtui: Command, samples: Path) -> None:
        for name in ("source-text", "vision-dev", "vision-prod"):
            steps = omtui("show", name, "--json").document["steps"]
            assert [each["step"] for each in steps][:4] == ["profile", "flow", "0", "1"]

    def test_the_two_steps_of_one_table_share_nothing(self, omtui: Command, samples: Path) -> None:
        eight, nine = (
            omtui("show", "vision-dev", "--step", step, "--json").document["steps"][0]["tables"]["trigger_points"]
            for step in ("8", "9")
        )
        assert {each["name"] for each in eight} == {"Jeopardy"}
        assert "Jeopardy" not in {each["name"] for each in nine}

    def test_a_wrong_step(self, omtui: Command, library: Path) -> None:
        answer = omtui("show", "dev", "--step", "10")
        assert answer.code == 2
        assert "there is no step 10" in answer.err

    def test_foreign_text_commands_no_terminal(self, omtui: Command, library: Path) -> None:
        text = PROFILE.replace("Pick system", "\\u001b[31mred\\u202e\\u0007").replace("Printer", "\\u009b2J")
        (library / "dev.toml").write_text(text)
        for words in (("show", "dev"), ("list",), ("show", "dev", "--step", "3", "--json"), ("check", "dev")):
            out = omtui(*words).out
            assert not any(sign in out for sign in "\x1b\x07\x9b\u202e")


def test_a_profile_that_is_not_there(omtui: Command, library: Path) -> None:
    for words in (("show", "dve"), ("get", "dve", "pod"), ("set", "dve", "pod.url", "x"), ("undo", "dve")):
        answer = omtui(*words)
        assert answer.code == 2
        assert "there is no profile dve; did you mean dev?" in answer.err
