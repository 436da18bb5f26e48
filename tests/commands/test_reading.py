"""get, usages, log, schema; and PROFILE@STATE."""

import os
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from tests.commands.conftest import PROFILE, Command
from tests.programs import require


class TestGet:
    @pytest.mark.parametrize(
        ("place", "shown"),
        [
            ("connectors[Connector01].url", "https://soa.pick.example:8002/process\n"),
            ("connectors[Connector01].send_attachments", "true\n"),
            ("topology.endpoints[Printer].port", "9100\n"),
            ("connectors[Connector01].tags", '["3PL"]\n'),
            ("routing_rules[Route picks].when.all[1].value", "10\n"),
            ("schema", "1\n"),
        ],
    )
    def test_texts_raw_the_rest_as_toml(self, omtui: Command, library: Path, place: str, shown: str) -> None:
        assert omtui("get", "dev", place).out == shown

    @pytest.mark.parametrize("place", ["pod", "connectors[Connector01]", "routing_rules[Route picks].when"])
    def test_a_table_is_toml(self, omtui: Command, library: Path, place: str) -> None:
        found = tomllib.loads(omtui("get", "dev", place).out)
        profile = tomllib.loads(PROFILE)
        expected = {"p": profile["pod"], "c": profile["connectors"][0], "r": profile["routing_rules"][0]["when"]}
        assert found == expected[place[0]]

    def test_records_are_a_toml_array(self, omtui: Command, library: Path) -> None:
        out = omtui("get", "dev", "connectors").out
        assert tomllib.loads(f"connectors = {out}")["connectors"] == tomllib.loads(PROFILE)["connectors"]

    def test_what_is_not_set_is_said_beside(self, omtui: Command, library: Path) -> None:
        answer = omtui("get", "dev", "pod.time_zone")
        assert (answer.code, answer.out) == (0, "")
        assert "pod.time_zone is not set" in answer.err
        assert omtui("get", "dev", "pod.time_zone", "--json").document["value"] is None

    def test_a_pipe_gets_the_text_as_it_stands(self, library: Path, program: Callable[..., object]) -> None:
        (library / "dev.toml").write_text(PROFILE.replace("Pick system", "Süd\\u001b[31m 漢字"))
        done = program("get", "dev", "source_systems[CSS01].name", env={"LANG": "C", "PYTHONIOENCODING": "latin-1"})
        assert done.stdout == "Süd\x1b[31m 漢字\n".encode()  # type: ignore[attr-defined]

    def test_from_standard_input(self, home: Path, program: Callable[..., object]) -> None:
        done = program("get", "-", "pod.release", stdin=PROFILE.encode())
        assert (done.returncode, done.stdout) == (0, b"25D\n")  # type: ignore[attr-defined]

    def test_a_second_record_with_the_same_key(self, omtui: Command, library: Path) -> None:
        (library / "dev.toml").write_text(PROFILE.replace('"Connector02"', '"Connector01"'))
        assert omtui("get", "dev", "connectors[Connector01#2].url").out.endswith("/other\n")


class TestUsages:
    def test_places_and_lines(self, omtui: Command, library: Path) -> None:
        lines = omtui("usages", "dev", "connectors[Connector01]").out.splitlines()
        assert lines == [
            f"routing_rules[Route picks].then[0].value  line {PROFILE[: PROFILE.rindex('value')].count(chr(10)) + 1}"
        ]

    def test_json(self, omtui: Command, library: Path) -> None:
        document = omtui("usages", "dev", "source_systems[CSS01]", "--json").document
        assert [each["where"] for each in document["usages"]] == [
            "connectors[Connector01].target_system",
            "connectors[Connector02].target_system",
        ]

    def test_none(self, omtui: Command, library: Path) -> None:
        answer = omtui("usages", "dev", "connectors[Connector02]")
        assert (answer.code, answer.out) == (0, "")
        assert "nothing refers to" in answer.err

    @pytest.mark.parametrize("place", ["connectors", "pod", "connectors[Connector01].url", "connectors[No]"])
    def test_only_of_one_record(self, omtui: Command, library: Path, place: str) -> None:
        assert omtui("usages", "dev", place).code == 2


class TestLog:
    def test_who_what_and_why(self, omtui: Command, library: Path) -> None:
        omtui("set", "dev", "pod.release", "26A", "--reason", "the pod was updated")
        omtui("remove", "dev", "connectors[Connector02]")
        omtui("undo", "dev")
        lines = omtui("log", "dev").out.splitlines()
        assert lines[0].split() == ["No", "When", "Who", "What", "Why"]
        assert [line.split()[0] for line in lines[1:]] == ["1", "2", "3"]
        assert "Set pod.release" in lines[1]
        assert "the pod was updated" in lines[1]
        assert "undo: Remove connectors[Connector02]" in lines[3]

    def test_json_has_what_was_there_before(self, omtui: Command, library: Path) -> None:
        omtui("set", "dev", "pod.release", "26A")
        document = omtui("log", "dev", "--json").document
        assert document["broken_at"] is None
        (entry,) = document["entries"]
        assert entry["changes"] == [{"op": "set", "path": ["pod", "release"], "old": "25D", "new": "26A"}]

    def test_a_gap_shows(self, omtui: Command, library: Path, home: Path) -> None:
        import sqlite3

        for release in ("26A", "26B", "26C"):
            omtui("set", "dev", "pod.release", release)
        with sqlite3.connect(home / ".local/state/omtui/omtui.sqlite") as connection:
            connection.execute("DELETE FROM changes WHERE id = 2")
        answer = omtui("log", "dev")
        assert "was changed or taken out" in answer.err
        assert omtui("log", "dev", "--json").document["broken_at"] == 3

    def test_nothing_yet(self, omtui: Command, library: Path) -> None:
        answer = omtui("log", "dev")
        assert (answer.code, answer.out) == (0, "")
        assert "nothing was changed" in answer.err
        assert omtui("log", "nosuch").code == 2


def test_the_schema_is_one_document(omtui: Command, library: Path) -> None:
    schema = omtui("schema").document
    jsonschema.Draft202012Validator(schema).validate(tomllib.loads(PROFILE))


class TestStates:
    """PROFILE@STATE, wherever a profile is read."""

    def test_a_time(self, omtui: Command, library: Path) -> None:
        for release in ("26A", "26B"):
            omtui("set", "dev", "pod.release", release)
        first, second = (each["at"] for each in omtui("log", "dev", "--json").document["entries"])
        assert omtui("get", f"dev@{first}", "pod.release").out == "26A\n"
        assert omtui("get", f"dev@{second}", "pod.release").out == "26B\n"
        assert omtui("get", "dev@2999-01-01", "pod.release").out == "26B\n"
        assert omtui("show", f"dev@{first}", "--json").document["profile"] == f"dev@{first}"
        assert omtui("get", f"profiles/dev.toml@{first}", "pod.release").out == "26A\n"

    def test_before_anything_is_known(self, omtui: Command, library: Path) -> None:
        answer = omtui("get", "dev@2001-01-01T10:00", "pod.release")
        assert answer.code == 2
        assert "nothing is known of it at 2001-01-01T10:00" in answer.err

    def test_what_was_promoted(self, omtui: Command, library: Path, home: Path) -> None:
        from omtui.store.journal import Journal

        assert "nothing was promoted" in omtui("get", "dev@promoted", "pod.release").err
        Journal(home / ".local/state/omtui").of(library / "dev.toml").promoted("x", PROFILE.encode())
        omtui("set", "dev", "pod.release", "26A")
        assert omtui("get", "dev@promoted", "pod.release").out == "25D\n"

    @pytest.fixture
    def working_copy(self, library: Path) -> Path:
        git = require("git")

        def run(*words: str, year: int = 2020) -> None:
            settings = ("-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "init.defaultBranch=main")
            env = {**os.environ, "GIT_COMMITTER_DATE": f"{year}-01-01T00:00:00Z"}
            subprocess.run([git, *settings, "-C", str(library), *words], check=True, capture_output=True, env=env)

        run("init")
        run("add", "dev.toml")
        run("commit", "-m", "first")
        run("tag", "v1")
        (library / "dev.toml").write_text(PROFILE.replace("25D", "26A"))
        run("commit", "-a", "-m", "second", year=2022)
        (library / "dev.toml").write_text(PROFILE.replace("25D", "26B"))
        return library

    def test_a_git_revision(self, omtui: Command, working_copy: Path) -> None:
        assert omtui("get", "dev", "pod.release").out == "26B\n"
        assert omtui("get", "dev@HEAD", "pod.release").out == "26A\n"
        assert omtui("get", "dev@HEAD~1", "pod.release").out == "25D\n"
        assert omtui("get", "dev@v1", "pod.release").out == "25D\n"
        assert omtui("check", "dev@v1", "--json").document["profile"] == "dev@v1"

    def test_a_time_that_only_git_knows(self, omtui: Command, working_copy: Path) -> None:
        assert omtui("get", "dev@2021-06-01", "pod.release").out == "25D\n"
        assert omtui("get", "dev@2999-01-01", "pod.release").out == "26A\n"
        assert omtui("get", "dev@2019-12-31", "pod.release").code == 2

    @pytest.mark.parametrize("revision", ["nosuch", "--help", "-", "HEAD:dev.toml", "HEAD^{tree}", ""])
    def test_no_revision(self, omtui: Command, working_copy: Path, revision: str) -> None:
        answer = omtui("get", f"dev@{revision}", "pod.release")
        assert answer.code == 2
        assert answer.out == ""

    def test_a_file_that_was_not_there_yet(self, omtui: Command, working_copy: Path) -> None:
        (working_copy / "new.toml").write_text(PROFILE)
        assert "it is not in revision HEAD" in omtui("get", "new@HEAD", "pod.release").err

    def test_nothing_of_the_working_copys_configuration_is_run(
        self, omtui: Command, working_copy: Path, tmp_path: Path
    ) -> None:
        mark = tmp_path / "ran"
        hostile = f"touch {mark}"
        (working_copy / ".gitattributes").write_text("*.toml diff=x filter=x\n")
        with (working_copy / ".git/config").open("a") as stream:
            stream.write(f'[core]\n\tfsmonitor = "{hostile}"\n\tpager = "{hostile}"\n')
            stream.write(f'[diff "x"]\n\ttextconv = "{hostile}"\n[filter "x"]\n\tsmudge = "{hostile}"\n')
        assert omtui("get", "dev@HEAD", "pod.release").out == "26A\n"
        assert not mark.exists()

    def test_outside_a_working_copy(self, omtui: Command, library: Path) -> None:
        require("git")
        answer = omtui("get", "dev@HEAD", "pod.release")
        assert answer.code == 2
        assert "no Git working copy" in answer.err

    def test_a_file_with_such_a_name_comes_first(self, omtui: Command, library: Path) -> None:
        (library / "dev@HEAD.toml").write_text(PROFILE.replace("25D", "24A"))
        assert omtui("get", "dev@HEAD", "pod.release").out == "24A\n"
