"""Runbook, tick, refreshed and handout as commands: what they write, what they refuse, how they end."""

import csv
import io
import resource
import time
import tomllib
from datetime import date, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest

from omtui.documents.handout import KINDS
from tests.commands.conftest import Command

DAY = (date.today() - timedelta(days=3)).isoformat()


def ticks(file: Path) -> dict[str, dict[str, object]]:
    return {each["place"]: each for each in tomllib.loads(file.read_text()).get("done", [])}


class TestRunbook:
    def test_markdown_goes_to_standard_output(self, omtui: Command, library: Path) -> None:
        answer = omtui("runbook", "dev")
        assert answer.code == 0
        assert answer.err == ""
        order = [line for line in answer.out.splitlines() if line.startswith("## ")]
        assert order[0] == "## What flows"
        assert order.index("## 3 Manage Trading Community Source Systems") < order.index("## 1 Manage Task Types")
        assert "Connector URL: `https://soa.pick.example:8002/process`" in answer.out

    @pytest.mark.parametrize("ending", ["md", "html", "csv", "xlsx", "HTML"])
    def test_the_ending_chooses(self, omtui: Command, library: Path, tmp_path: Path, ending: str) -> None:
        file = tmp_path / f"book.{ending}"
        answer = omtui("runbook", "dev", "-o", str(file))
        assert (answer.code, answer.out) == (0, "")
        content = file.read_bytes()
        if ending == "xlsx":
            with ZipFile(io.BytesIO(content)) as packed:
                assert any(b"Connector01" in packed.read(each) for each in packed.namelist())
        else:
            assert b"Connector01" in content
        assert file.stat().st_mode & 0o777 == 0o644

    def test_csv_has_columns(self, omtui: Command, library: Path, tmp_path: Path) -> None:
        omtui("runbook", "dev", "-o", str(tmp_path / "x.csv"))
        rows = list(csv.DictReader(io.StringIO((tmp_path / "x.csv").read_text("utf-8-sig"))))
        assert {row["Value"] for row in rows if row["Place"] == "connectors[Connector01]"} >= {"Connector01", "CSS01"}

    def test_only_the_difference(self, omtui: Command, library: Path) -> None:
        old = (library / "dev.toml").read_text()
        (library / "old.toml").write_text(old.replace(":8002/other", ":8002/older").replace('"dev"', '"old"'))
        answer = omtui("runbook", "dev", "--since", "old")
        assert "Connector02" in answer.out
        assert "Connector01" not in answer.out.split("## Proof")[0]
        assert "only what differs from old" in answer.out.lower()

    def test_only_a_tag(self, omtui: Command, library: Path) -> None:
        answer = omtui("runbook", "dev", "--tag", "3PL")
        assert "Connector01" in answer.out
        assert "Connector02" not in answer.out

    def test_what_was_ticked_is_shown(self, omtui: Command, library: Path) -> None:
        omtui("tick", "dev", "connectors[Connector01]", "--by", "A. Admin", "--note", "by phone")
        out = omtui("runbook", "dev").out
        assert "### [x] Connector Connector01" in out
        assert "Entered by A. Admin on 20" in out
        assert ": by phone" in out

    def test_broken_ticks_are_told_and_nothing_else(self, omtui: Command, library: Path) -> None:
        (library / "dev.progress.toml").write_text("nonsense")
        answer = omtui("runbook", "dev")
        assert answer.code == 0
        assert "dev.progress.toml:1:" in answer.err
        assert "[x]" not in answer.out

    @pytest.mark.parametrize(
        ("words", "code", "message"),
        [
            (("dev", "-o", "x.pdf"), 2, "end the name in .md, .html, .csv, .xlsx"),
            (("dev", "-o", "x"), 2, "no such format"),
            (("dev", "-o", "nowhere/x.md"), 3, "is not there"),
            (("dev", "--since", "nobody"), 2, "no profile nobody"),
            (("dev", "--since", "dev", "--after-refresh"), 2, "give one of them"),
            (("dev", "--tag", "x", "-o", "x.xlsx"), 2, "holds the whole set-up"),
            (("dve",), 2, "did you mean dev?"),
        ],
    )
    def test_what_makes_no_sense(
        self, omtui: Command, library: Path, words: tuple[str, ...], code: int, message: str
    ) -> None:
        answer = omtui("runbook", *words)
        assert (answer.code, answer.out) == (code, "")
        assert message in answer.err

    def test_after_a_refresh(self, omtui: Command, samples: Path) -> None:
        answer = omtui("runbook", "vision-test", "--after-refresh")
        assert answer.code == 0
        parts = answer.out.split("\n## ")
        assert parts[1].startswith("Harmful")
        assert "Connector01" in parts[1]
        assert "Orders of this pod reach https://soa.pick.example" in parts[1], "production's own address"

    def test_without_the_profile_that_was_copied(self, omtui: Command, samples: Path) -> None:
        (samples / "vision-prod.toml").unlink()
        answer = omtui("runbook", "vision-test", "--after-refresh")
        assert "vision-prod is not at hand" in answer.err
        assert "Harmful" in answer.out

    def test_what_a_profile_names_is_no_path(self, omtui: Command, samples: Path, tmp_path: Path) -> None:
        (tmp_path / "elsewhere.toml").write_text((samples / "vision-prod.toml").read_text())
        file = samples / "vision-test.toml"
        file.write_text(file.read_text().replace('"vision-prod"', f'"{tmp_path}/elsewhere.toml"'))
        assert "is not at hand" in omtui("runbook", "vision-test", "--after-refresh").err


class TestTick:
    def test_records_and_steps(self, omtui: Command, library: Path) -> None:
        before = (library / "dev.toml").read_bytes()
        answer = omtui("tick", "dev", "connectors[Connector01]", "4.1", "--by", "A. Admin", "--note", "by phone")
        assert answer.code == 0
        assert "ticked connectors[Connector01], 4.1 by A. Admin" in answer.err
        found = ticks(library / "dev.progress.toml")
        assert set(found) == {"connectors[Connector01]", "4.1"}
        assert (found["4.1"]["by"], found["4.1"]["note"]) == ("A. Admin", "by phone")
        assert (library / "dev.toml").read_bytes() == before
        assert (library / "dev.progress.toml").stat().st_mode & 0o777 == 0o600

    def test_left_out_and_taken_back(self, omtui: Command, library: Path) -> None:
        assert omtui("tick", "dev", "8", "--skip").code == 0
        assert ticks(library / "dev.progress.toml")["8"]["skipped"] is True
        assert omtui("tick", "dev", "8", "--take-back").code == 0
        assert ticks(library / "dev.progress.toml") == {}

    def test_as_a_document(self, omtui: Command, library: Path) -> None:
        document = omtui("tick", "dev", "3", "deploy", "--json").document
        assert document["profile"] == "dev"
        assert document["progress"]["done"] == 2

    def test_production_is_entered_as_well(self, omtui: Command, samples: Path) -> None:
        assert omtui("tick", "vision-prod", "connectors[Connector01]").code == 0

    def test_a_rename_takes_the_tick_along(self, omtui: Command, library: Path) -> None:
        omtui("tick", "dev", "connectors[Connector01]")
        assert omtui("rename", "dev", "connectors[Connector01]", "Picker").code == 0
        assert set(ticks(library / "dev.progress.toml")) == {"connectors[Picker]"}
        assert omtui("undo", "dev").code == 0
        assert set(ticks(library / "dev.progress.toml")) == {"connectors[Connector01]"}

    def test_a_tick_that_cannot_follow_is_reported(self, omtui: Command, library: Path) -> None:
        (library / "dev.progress.toml").write_text("nonsense")
        answer = omtui("rename", "dev", "connectors[Connector01]", "Picker")
        assert answer.code == 0
        assert "ticks did not follow: dev.progress.toml:1:" in answer.err

    def test_a_place_that_is_gone_can_be_taken_back(self, omtui: Command, library: Path) -> None:
        omtui("tick", "dev", "connectors[Connector01]")
        omtui("remove", "dev", "connectors[Connector01]")
        assert omtui("tick", "dev", "connectors[Connector01]").code == 2
        assert omtui("tick", "dev", "connectors[Connector01]", "--take-back").code == 0

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (("dev", "10"), "steps are profile, flow, 0"),
            (("dev", "connectors"), "tick the step, or the records one by one"),
            (("dev", "connectors[Conector01]"), "did you mean"),
            (("dev", "connectors[Connector01].url"), "is no record"),
            (("dev", "task_types[Pick].tasks[PICK]"), "tick task_types[Pick]"),
            (("dev", "waivers[S5-09]"), "entered on no page"),
            (("dev", "8", "--take-back"), "8 is not ticked"),
            (("dev", "8", "--take-back", "--skip"), "leave the other options out"),
            (("-", "8"), "next to the file"),
        ],
    )
    def test_what_cannot_be_ticked(self, omtui: Command, library: Path, words: tuple[str, ...], message: str) -> None:
        answer = omtui("tick", *words)
        assert answer.code == 2
        assert message in answer.err
        assert not (library / "dev.progress.toml").exists()

    def test_an_earlier_state_has_no_ticks(self, omtui: Command, library: Path) -> None:
        omtui("set", "dev", "pod.release", "26A")
        now = time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(time.time() + 1))
        answer = omtui("tick", f"dev@{now}", "3")
        assert answer.code == 2
        assert "next to the file" in answer.err

    def test_a_disk_that_takes_nothing(self, omtui: Command, library: Path) -> None:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
        try:
            answer = omtui("tick", "dev", "3")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert answer.code == 3
        assert "dev.progress.toml" in answer.err
        assert list(library.iterdir()) == [library / "dev.toml"]

    def test_broken_ticks_are_never_overwritten(self, omtui: Command, library: Path) -> None:
        (library / "dev.progress.toml").write_text("schema = 9\n")
        answer = omtui("tick", "dev", "3")
        assert answer.code == 3
        assert "newer" in answer.err
        assert (library / "dev.progress.toml").read_text() == "schema = 9\n"

    def test_a_check_tells_that_ticks_are_broken(self, omtui: Command, library: Path) -> None:
        (library / "dev.progress.toml").write_text("schema = 1\n[[done]]\nplace = 3\n")
        answer = omtui("check", "dev")
        assert "what was ticked is not known: dev.progress.toml: [[done]] number 1" in answer.err


class TestRefreshed:
    def test_it_is_noted_and_unticks(self, omtui: Command, samples: Path) -> None:
        progress = samples / "vision-test.progress.toml"
        progress.unlink(missing_ok=True)
        places = ("connectors[Connector01]", "integration_users[TEST_WMS]", "source_systems[CSS01]", "5")
        omtui("tick", "vision-test", *places)
        progress.write_text(progress.read_text().replace("on = 20", "on = 19"))
        answer = omtui("refreshed", "vision-test", "--from", "vision-prod", "--on", DAY, "--reason", "monthly")
        assert answer.code == 0
        assert "3 ticks taken away" in answer.err
        assert set(ticks(progress)) == {"source_systems[CSS01]"}
        assert omtui("get", "vision-test", "pod.refreshed_on").out == f"{DAY}\n"
        assert "monthly" in omtui("log", "vision-test").out
        checked = omtui("check", "vision-test", "--json")
        assert checked.code == 1
        assert {each["id"] for each in checked.document["findings"] if each["level"] == "error"} == {"P0-11"}

    def test_twice_is_once(self, omtui: Command, samples: Path) -> None:
        words = ("refreshed", "vision-test", "--from", "vision-prod", "--on", DAY)
        assert omtui(*words).code == 0
        omtui("tick", "vision-test", "connectors[Connector01]")
        before = (samples / "vision-test.toml").read_bytes()
        assert omtui(*words, "--json").document["unticked"] == []
        assert (samples / "vision-test.toml").read_bytes() == before

    def test_a_source_that_is_not_at_hand(self, omtui: Command, library: Path) -> None:
        answer = omtui("refreshed", "dev", "--from", "somewhere", "--on", DAY)
        assert answer.code == 0
        assert "somewhere is not at hand" in answer.err

    @pytest.mark.parametrize(
        ("words", "code", "message"),
        [
            (("--from", "vision-prod"), 2, "--on"),
            (("--on", DAY), 2, "--from"),
            (("--from", "vision-prod", "--on", "tomorrow"), 2, "is no day"),
            (("--from", "vision-prod", "--on", "2999-01-01"), 2, "lies in the future"),
            (("--from", "vision-test", "--on", DAY), 2, "over itself"),
        ],
    )
    def test_what_makes_no_sense(
        self, omtui: Command, samples: Path, words: tuple[str, ...], code: int, message: str
    ) -> None:
        before = (samples / "vision-test.toml").read_bytes()
        answer = omtui("refreshed", "vision-test", *words)
        assert (answer.code, message in answer.err) == (code, True), answer.err
        assert (samples / "vision-test.toml").read_bytes() == before

    def test_production_is_locked(self, omtui: Command, samples: Path) -> None:
        words = ("refreshed", "vision-prod", "--from", "vision-test", "--on", DAY)
        assert omtui(*words).code == 3
        answer = omtui(*words, "--unlock", "vision-prod")
        assert answer.code == 0
        assert "vision-prod is production: a refresh copies production over another pod" in answer.err

    def test_what_the_refresh_brought_is_ticked_when_it_was_removed(self, omtui: Command, samples: Path) -> None:
        words = ("connectors", "OnlyProd", "target_system=CSS01", "url=https://only.pick.example/x")
        assert omtui("add", "vision-prod", *words, "--unlock", "vision-prod").code == 0
        omtui("refreshed", "vision-test", "--from", "vision-prod", "--on", DAY)
        assert "Connector OnlyProd" in omtui("runbook", "vision-test", "--after-refresh").out
        assert omtui("tick", "vision-test", "connectors[OnlyPro]").code == 2
        assert omtui("tick", "vision-test", "connectors[OnlyProd]").code == 0
        assert "Connector OnlyProd" not in omtui("runbook", "vision-test", "--after-refresh").out
        assert omtui("tick", "vision-test", "connectors[OnlyProd]", "--take-back").code == 0


class TestHandout:
    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("ending", ["", "md", "html", "csv", "xlsx"])
    def test_every_kind_in_every_form(
        self, omtui: Command, samples: Path, tmp_path: Path, kind: str, ending: str
    ) -> None:
        where = ("-o", str(tmp_path / f"x.{ending}")) if ending else ()
        answer = omtui("handout", "vision-test", kind, *where)
        assert answer.code == 0
        assert (tmp_path / f"x.{ending}").stat().st_size > 200 if ending else answer.out.startswith("# ")

    def test_the_last_verdict_stands_in_it(self, omtui: Command, library: Path) -> None:
        assert omtui("probe", "dev", "--only", "Printer").code == 1
        line = next(line for line in omtui("handout", "dev", "network").out.splitlines() if "9100" in line)
        assert "name-unknown on 20" in line or "name-server" in line
        (library / "dev.toml").write_text((library / "dev.toml").read_text().replace("port = 9100", "port = 9101"))
        line = next(line for line in omtui("handout", "dev", "network").out.splitlines() if "9101" in line)
        assert "name-" not in line, "it was another endpoint that was probed"

    def test_an_unknown_kind(self, omtui: Command, library: Path) -> None:
        answer = omtui("handout", "dev", "acces")
        assert answer.code == 2
        assert "did you mean access?" in answer.err

    def test_no_secret_of_the_environment(self, omtui: Command, samples: Path) -> None:
        out = omtui("handout", "vision-test", "credentials").out
        assert "test-pick" in out
        assert "password" in out.lower()


class TestList:
    def test_progress_is_a_column(self, omtui: Command, library: Path) -> None:
        assert omtui("list", "--json").document["profiles"][0]["progress"] == ""
        omtui("tick", "dev", "5")
        assert omtui("list", "--json").document["profiles"][0]["progress"] == "2 of 7"
        omtui("set", "dev", "connectors[Connector01].url", "https://new.pick.example")
        assert "0 of 7, 2 changed" in omtui("list").out


def test_what_stands_beside_profiles_is_no_profile(omtui: Command, library: Path) -> None:
    """`omtui check profiles/*.toml` goes on working once something was ticked."""
    before = omtui("check", "profiles/dev.toml", "--json").document
    omtui("tick", "dev", "3")
    (library / "two.toml").write_text((library / "dev.toml").read_text().replace('"dev"', '"two"'))
    answer = omtui("check", *(str(path) for path in sorted(library.glob("*.toml"))), "--json")
    assert [each["profile"] for each in answer.document["profiles"]] == ["dev", "two"]
    assert "1 file next to profiles left out" in answer.err
    assert before["profile"] == "dev"
    assert omtui("check", "profiles/dev.progress.toml").code == 2, "named alone it is reported"
