"""check and explain: formats, exit codes, tags, several profiles, what cannot be read."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.commands.conftest import PROFILE, Command

Program = Callable[..., subprocess.CompletedProcess[bytes]]


class TestCheck:
    def test_the_source_text_tells_its_own_faults(self, omtui: Command, samples: Path) -> None:
        answer = omtui("check", "profiles/source-text.toml", "--json")
        assert answer.code == 1
        assert answer.err == ""
        found = [each["id"] for each in answer.document["findings"]]
        assert found.count("S0-02") == 3
        expected = {"S1-09", "S2-02", "S4-01", "S7-03", "S7-10", "S7-15", "S8-01", "S8-06", "S8-13", "P0-02", "P0-07"}
        assert expected <= set(found)

    def test_every_finding_has_all_keys_and_a_line(self, omtui: Command, samples: Path) -> None:
        document = omtui("check", "source-text", "--json").document
        assert set(document) >= {"profile", "release", "findings", "counts"}
        keys = {"id", "level", "where", "line", "message", "fix", "waived"}
        assert all(set(each) >= keys for each in document["findings"])
        # Only what has nothing around it in the file has no line: there is no [pod] and no [topology].
        assert {each["where"] for each in document["findings"] if not each["line"]} <= {
            "pod.release",
            "topology.applications",
        }
        counted = dict.fromkeys(("error", "warning", "info"), 0)
        for each in document["findings"]:
            counted[each["level"]] += not each["waived"]
        assert document["counts"] == counted

    def test_a_sound_profile_ends_with_0(self, omtui: Command, samples: Path) -> None:
        answer = omtui("check", "vision-dev")
        assert answer.code == 0
        assert answer.out.startswith("vision-dev (development, 25D): nothing to report")

    def test_warnings_count_when_strict(self, omtui: Command, samples: Path) -> None:
        text = (samples / "vision-dev.toml").read_text()
        (samples / "vision-dev.toml").write_text(text.replace("[pod]\n", "[pod]\nour_own = 1\n"))
        assert omtui("check", "vision-dev", "--json").document["counts"] == {"error": 0, "warning": 1, "info": 0}
        assert omtui("check", "vision-dev").code == 0
        assert omtui("check", "vision-dev", "--strict").code == 1

    def test_several_profiles(self, omtui: Command, samples: Path) -> None:
        document = omtui("check", "source-text", "vision-dev", "--format", "json").document
        assert [each["profile"] for each in document["profiles"]] == ["source-text", "vision-dev"]
        assert document["counts"] == document["profiles"][0]["counts"]
        assert omtui("check", "source-text", "vision-dev").code == 1

    def test_only_with_a_tag(self, omtui: Command, library: Path) -> None:
        everything = omtui("check", "dev", "--json").document["findings"]
        tagged = omtui("check", "dev", "--tag", "3PL", "--json").document["findings"]
        assert tagged
        assert [each["where"] for each in tagged if not each["where"].startswith("connectors[Connector01]")] == []
        assert len(tagged) < len(everything)
        assert omtui("check", "dev", "--tag", "none", "--json").code == 2

    def test_the_other_formats(self, omtui: Command, samples: Path) -> None:
        suites = ElementTree.fromstring(omtui("check", "source-text", "--format", "junit").out)
        assert suites.tag == "testsuites"
        assert omtui("check", "source-text", "--format", "sarif").document["version"] == "2.1.0"
        first = omtui("check", "source-text", "--format", "github").out.splitlines()[0]
        assert first.startswith("::")
        assert "file=profiles/source-text.toml" in first

    def test_files_are_named_from_where_one_works(
        self, omtui: Command, samples: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(samples)
        (samples.parent / "below").mkdir()
        for word in (str(samples / "source-text.toml"), "source-text.toml"):
            assert "file=source-text.toml," in omtui("check", word, "--format", "github").out

    def test_from_standard_input(self, home: Path, program: Program) -> None:
        done = program("check", "-", "--json", stdin=PROFILE.encode())
        assert done.returncode == 1
        assert json.loads(done.stdout)["profile"] == "dev"

    def test_bytes_of_a_machine_format_are_utf_8_whatever_the_locale(self, library: Path, program: Program) -> None:
        (library / "dev.toml").write_text(
            PROFILE.replace("Pick system", "漢字").replace('"CSS01"\nname', '"漢字"\nname')
        )
        for style in ("junit", "github", "text"):
            done = program("check", "dev", "--format", style, env={"LC_ALL": "C", "PYTHONIOENCODING": "ascii"})
            assert "漢字" in done.stdout.decode("utf-8")

    def test_no_colour_but_on_a_terminal(self, omtui: Command, samples: Path) -> None:
        assert "\x1b" not in omtui("check", "source-text").out


class TestUnreadable:
    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"", "is empty"),
            (b"a = [", "not TOML"),
            (b"\xff\xfe\x00", "not UTF-8"),
            (b"schema = 1\n\0", "NUL"),
            (b"schema = 2\n", "newer than this omtui"),
            (b"schema = 1\n", "[profile] is missing"),
            (b'schema = 1\n[profile]\nname = "x"\n', "profile.environment is missing"),
            (b"x = " + b"[" * 5000 + b"]" * 5000, "deep"),
            (b"a" + b".a" * 5000 + b" = 1", "parts"),
            (b"schema = 1\nschema = 1\n", "not TOML"),
            (b"x = " + b"9" * 5000, ""),
        ],
        ids=lambda value: repr(value)[:24],
    )
    def test_it_ends_with_2_and_still_prints_the_finding(
        self, omtui: Command, library: Path, content: bytes, message: str
    ) -> None:
        (library / "bad.toml").write_bytes(content)
        answer = omtui("check", "bad", "--json")
        assert answer.code == 2
        assert message in answer.err
        assert {each["id"] for each in answer.document["findings"]} == {"P0-01"}
        assert answer.document["counts"]["error"] >= 1

    def test_every_fault_has_its_line(self, omtui: Command, library: Path) -> None:
        (library / "bad.toml").write_text(
            'schema = 1\n[profile]\nname = "x"\nenvironment = "test"\n\n[[connectors]]\nname = "C"\nurl = 5\n'
            "send_attachments = 1\n"
        )
        answer = omtui("check", "bad", "--json")
        assert [(each["where"], each["line"]) for each in answer.document["findings"]] == [
            ("connectors[C].url", 8),
            ("connectors[C].send_attachments", 9),
        ]
        assert "bad.toml:8:1: connectors[C].url is a whole number, not a text" in answer.err
        assert "bad.toml:9:1:" in answer.err

    def test_the_readable_ones_are_checked_all_the_same(self, omtui: Command, samples: Path) -> None:
        (samples / "bad.toml").write_text("a = [")
        answer = omtui("check", "bad", "vision-dev", "--json")
        assert answer.code == 2
        assert [each["profile"] for each in answer.document["profiles"]] == ["bad", "vision-dev"]


class TestExplain:
    @pytest.mark.parametrize("typed", ["S5-02", "s5-02", "S5-2 "])
    def test_what_a_check_means(self, omtui: Command, home: Path, typed: str) -> None:
        answer = omtui("explain", typed.strip() if typed != "S5-2 " else "S5-02")
        assert answer.code == 0
        assert answer.out.startswith("S5-02  ")
        for word in ("meaning", "why", "fix", "Oracle"):
            assert f"\n{word} " in answer.out

    def test_json(self, omtui: Command, home: Path) -> None:
        document = omtui("explain", "S5-02", "--json").document
        assert {"id", "level", "title", "meaning", "why", "mend", "page"} <= set(document)

    def test_what_was_probably_meant(self, omtui: Command, home: Path) -> None:
        answer = omtui("explain", "S52")
        assert answer.code == 2
        assert "did you mean S5-02?" in answer.err
