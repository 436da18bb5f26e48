"""merge: by hand, and as Git's merge driver with the real Git."""

import os
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.commands.conftest import PROFILE, Command
from tests.programs import require
from tests.service.git import commit, git
from tests.terminal.terminal import ROOT, environment

README = (ROOT / "omtui" / "help" / "git.md").read_text()
OURS = PROFILE.replace(":8002/process", ":9002/process").replace('type = "Spoke"', 'type = "Purchased"')
NEW = """
# Labels are printed by others
[[connectors]]
name = "LabelConnector"  # since spring
target_system = "CSS01"
invocation_mode = "Synchronous Service"
"""
THEIRS = PROFILE.replace('name = "Pick system"', 'name = "Pick and pack"').replace(
    "\n[[topology.endpoints]]", f"{NEW}\n[[topology.endpoints]]"
)


@pytest.fixture
def three(library: Path, tmp_path: Path) -> tuple[str, str, str]:
    """Base, ours (in the library) and theirs, as words."""
    (library / "dev.toml").write_text(OURS)
    (tmp_path / "base.toml").write_text(PROFILE)
    (tmp_path / "theirs.toml").write_text(THEIRS)
    return "./base.toml", "dev", "./theirs.toml"


class TestByHand:
    def test_both_sides_are_there(self, omtui: Command, library: Path, three: tuple[str, str, str]) -> None:
        answer = omtui("merge", *three, "--reason", "the label project")
        assert (answer.code, answer.out, answer.err) == (0, "", "dev: merged\n")
        data = tomllib.loads((library / "dev.toml").read_text())
        assert data["source_systems"][0] == {
            "code": "CSS01",
            "name": "Pick and pack",
            "type": "Purchased",
            "enabled_for": ["Order Orchestration and Planning"],
        }
        assert [each["name"] for each in data["connectors"]] == ["Connector01", "Connector02", "LabelConnector"]
        assert ":9002/process" in data["connectors"][0]["url"]
        (entry,) = omtui("log", "dev", "--json").document["entries"]
        assert (entry["label"], entry["reason"]) == ("Merge theirs", "the label project")

    def test_it_can_be_undone(self, omtui: Command, library: Path, three: tuple[str, str, str]) -> None:
        omtui("merge", *three)
        assert omtui("undo", "dev").code == 0
        assert tomllib.loads((library / "dev.toml").read_text()) == tomllib.loads(OURS)

    def test_comments_of_both_stay(self, omtui: Command, library: Path, three: tuple[str, str, str]) -> None:
        omtui("merge", *three)
        text = (library / "dev.toml").read_text()
        assert NEW in text
        assert "# The pick system's own\n" in text

    def test_again_there_is_nothing_to_do(self, omtui: Command, library: Path, three: tuple[str, str, str]) -> None:
        omtui("merge", *three)
        before = (library / "dev.toml").read_bytes()
        answer = omtui("merge", *three)
        assert (answer.code, answer.err) == (0, "dev: nothing to merge\n")
        assert (library / "dev.toml").read_bytes() == before

    def test_conflicts_are_told_and_settled(
        self, omtui: Command, library: Path, tmp_path: Path, three: tuple[str, str, str]
    ) -> None:
        (tmp_path / "theirs.toml").write_text(THEIRS.replace(":8002/process", ":7002/process"))
        answer = omtui("merge", *three, "--json")
        assert answer.code == 3
        (conflict,) = answer.document["conflicts"]
        where = "connectors[Connector01].url"
        url = "https://soa.pick.example:{}/process"
        assert conflict == {
            "where": where,
            "base": url.format(8002),
            "ours": url.format(9002),
            "theirs": url.format(7002),
            "decided": None,
        }
        assert "CONFLICT connectors[Connector01].url: ours:" in answer.err
        data = tomllib.loads((library / "dev.toml").read_text())
        assert data["connectors"][0]["url"] == url.format(9002)
        assert data["source_systems"][0]["name"] == "Pick and pack", "all else is merged"
        assert omtui("merge", *three, "--ours", where).code == 0
        assert omtui("merge", *three, "--theirs", where).code == 0
        assert tomllib.loads((library / "dev.toml").read_text())["connectors"][0]["url"] == url.format(7002)

    def test_a_decision_for_nothing_is_refused(
        self, omtui: Command, library: Path, three: tuple[str, str, str]
    ) -> None:
        answer = omtui("merge", *three, "--theirs", "connectors[Connector01].url")
        assert answer.code == 2
        assert "there is no conflict at connectors[Connector01].url" in answer.err
        assert (library / "dev.toml").read_text() == OURS
        assert omtui("merge", *three, "--ours", "x", "--theirs", "x").code == 2

    def test_to_standard_output(self, omtui: Command, library: Path, three: tuple[str, str, str]) -> None:
        answer = omtui("merge", *three, "--print")
        assert answer.code == 0
        assert "LabelConnector" in answer.out
        assert (library / "dev.toml").read_text() == OURS

    def test_production_is_locked(self, omtui: Command, library: Path, three: tuple[str, str, str]) -> None:
        text = OURS.replace('"development"', '"production"')
        (library / "dev.toml").write_text(text)
        answer = omtui("merge", *three)
        assert answer.code == 3
        assert "--unlock dev" in answer.err
        assert (library / "dev.toml").read_text() == text
        assert omtui("merge", *three, "--unlock", "dev").code == 0

    def test_without_a_base(self, omtui: Command, library: Path, three: tuple[str, str, str]) -> None:
        answer = omtui("merge", os.devnull, *three[1:])
        assert answer.code == 3
        assert "source_systems[CSS01].name: ours:" in answer.err

    def test_what_cannot_be_read(self, omtui: Command, library: Path, three: tuple[str, str, str]) -> None:
        Path("theirs.toml").write_text("<<<<<<< ours\n")
        answer = omtui("merge", *three)
        assert answer.code == 2
        assert "theirs.toml:1:1" in answer.err
        assert (library / "dev.toml").read_text() == OURS


@pytest.fixture
def repository(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Git working copy with a profile and the merge driver, and a `git` that finds this omtui."""
    require("git")
    folder = tmp_path / "work"
    (folder / "profiles").mkdir(parents=True)
    (folder / "profiles/dev.toml").write_text(PROFILE)
    git(folder, "init", "-q")
    lines = README[README.index("git config merge.omtui.name") :].partition("```")[0]
    subprocess.run(("sh", "-e", "-c", lines), cwd=folder, check=True)
    git(folder, "config", "merge.omtui.driver", f"{_program(tmp_path)} merge %O %A %B")
    commit(folder, "base")
    return folder


def _program(folder: Path) -> Path:
    import sys

    program = folder / "omtui"
    call = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from omtui.cli import run; sys.exit(run())"
    program.write_text(f"#!{sys.executable}\n{call}\n")
    program.chmod(0o755)
    return program


def _branches(folder: Path, ours: str, theirs: str) -> None:
    profile = folder / "profiles/dev.toml"
    git(folder, "checkout", "-q", "-b", "theirs")
    profile.write_text(theirs)
    commit(folder, "theirs")
    git(folder, "checkout", "-q", "main")
    profile.write_text(ours)
    commit(folder, "ours")


def _tick(place: str, by: str, hour: int) -> str:
    return f'\n[[done]]\nplace = "{place}"\nby = "{by}"\non = 2026-11-30T{hour:02}:00:00Z\n'


def _entry(source: str, target: str) -> str:
    return f'\n[[map]]\nkind = "host"\nfrom = "{source}"\nto = "{target}"\n'


class TestGit:
    def test_what_lines_cannot_merge(self, repository: Path, home: Path) -> None:
        """Two neighbouring values, and a record that one side moved and the other changed."""
        ours = PROFILE.replace('code = "CSS01"\nname = "Pick system"', 'name = "Picker"\ncode = "CSS01"')
        theirs = PROFILE.replace('type = "Spoke"', 'type = "Purchased"')
        first, second = PROFILE.index("# The pick"), PROFILE.index('[[connectors]]\nname = "Connector02"')
        end = PROFILE.index("[[topology")
        moved = ours.replace(PROFILE[first:end], PROFILE[second:end] + PROFILE[first:second])
        _branches(repository, moved, theirs.replace(":8002/process", ":9002/process"))
        git(repository, "-c", "merge.omtui.driver=false", "merge", "-q", "theirs", statuses=(1,))
        git(repository, "merge", "--abort")
        shown = git(repository, "merge", "theirs", "-m", "both", env=environment(home, {}))
        assert "CONFLICT" not in shown
        text = (repository / "profiles/dev.toml").read_text()
        data = tomllib.loads(text)
        assert (data["source_systems"][0]["name"], data["source_systems"][0]["type"]) == ("Picker", "Purchased")
        assert [each["name"] for each in data["connectors"]] == ["Connector02", "Connector01"]
        assert ":9002/process" in data["connectors"][1]["url"]
        assert '# The pick system\'s own\n[[connectors]]\nname = "Connector01"  # named in the text' in text
        assert git(repository, "status", "--porcelain") == ""
        assert not (home / ".local/state/omtui").exists(), "Git's own files leave no journal"

    def test_what_lines_can_merge_keeps_remarks_and_layout(self, repository: Path, home: Path) -> None:
        ours = PROFILE.replace("schema = 1\n", "schema = 1  # ours\n").replace("25D", "26A")
        theirs = PROFILE.replace("[[waivers]]", "# seen by theirs\n[[waivers]]").replace("port = 9100", "port  =  9101")
        _branches(repository, ours, theirs)
        git(repository, "merge", "theirs", "-m", "both", env=environment(home, {}))
        expected = ours.replace("[[waivers]]", "# seen by theirs\n[[waivers]]").replace("port = 9100", "port  =  9101")
        assert (repository / "profiles/dev.toml").read_text() == expected

    def test_a_conflict_is_shown_in_a_file_that_can_be_read(self, repository: Path, home: Path) -> None:
        _branches(
            repository,
            PROFILE.replace(":8002/process", ":9002/process"),
            THEIRS.replace(":8002/process", ":7002/process").replace('operation = "Inbound"', 'operation = "Update"'),
        )
        shown = git(repository, "merge", "theirs", statuses=(1,), env=environment(home, {}))
        assert "CONFLICT connectors[Connector01].url: ours:" in shown
        assert "Automatic merge failed" in shown
        text = (repository / "profiles/dev.toml").read_text()
        lines = text.splitlines()
        at = next(number for number, line in enumerate(lines) if line.startswith("# CONFLICT"))
        assert lines[at + 1] == 'url = "https://soa.pick.example:9002/process"'
        assert 'theirs: "https://soa.pick.example:7002/process"' in lines[at]
        assert NEW in text
        assert git(repository, "diff", "--name-only", "--diff-filter=U").split() == ["profiles/dev.toml"]

    def test_one_removes_what_the_other_changes(self, repository: Path, home: Path) -> None:
        start, end = PROFILE.index('[[connectors]]\nname = "Connector02"'), PROFILE.index("[[topology")
        without = PROFILE[:start] + PROFILE[end:]
        changed = PROFILE.replace(":8002/other", ":9002/other")
        _branches(repository, without, changed)
        git(repository, "merge", "theirs", statuses=(1,), env=environment(home, {}))
        text = (repository / "profiles/dev.toml").read_text()
        assert text.startswith("# CONFLICT connectors[Connector02]: ours: nothing; theirs: {")
        assert "Connector02" not in tomllib.loads(text)["connectors"][-1]["name"]

    def test_both_added_the_file(self, repository: Path, home: Path) -> None:
        profile = repository / "profiles/new.toml"
        git(repository, "checkout", "-q", "-b", "theirs")
        profile.write_text(PROFILE)
        commit(repository, "theirs")
        git(repository, "checkout", "-q", "main")
        profile.write_text(PROFILE.replace("[pod]", '[pod]\nstage = "x"').replace("[[waivers]]", "[[waivers]]"))
        commit(repository, "ours")
        git(repository, "merge", "theirs", "-m", "both", env=environment(home, {}))
        assert tomllib.loads(profile.read_text())["pod"]["stage"] == "x"

    def test_production_is_git_s_to_decide(self, repository: Path, home: Path) -> None:
        production = PROFILE.replace('"development"', '"production"')
        (repository / "profiles/dev.toml").write_text(production)
        commit(repository, "production")
        _branches(
            repository,
            production.replace('name = "Pick system"', 'name = "Picker"'),
            production.replace('type = "Spoke"', 'type = "Purchased"'),
        )
        git(repository, "merge", "theirs", "-m", "both", env=environment(home, {}))
        assert tomllib.loads((repository / "profiles/dev.toml").read_text())["source_systems"][0]["name"] == "Picker"

    def test_ticks_of_two_people_are_merged(self, repository: Path, home: Path) -> None:
        progress = repository / "profiles/dev.progress.toml"
        head = "schema = 1\n"
        progress.write_text(head)
        commit(repository, "progress")
        git(repository, "branch", "theirs")
        progress.write_text(head + _tick("1", "Ben", 10) + _tick("connectors[Connector01]", "Ben", 10))
        commit(repository, "ours")
        git(repository, "checkout", "-q", "theirs")
        progress.write_text(head + _tick("connectors[Connector01]", "Anna", 11) + _tick("4.1", "Anna", 9))
        commit(repository, "theirs")
        git(repository, "checkout", "-q", "main")
        shown = git(repository, "merge", "theirs", "-m", "both", env=environment(home, {}))
        assert [(each["place"], each["by"]) for each in tomllib.loads(progress.read_text())["done"]] == [
            ("1", "Ben"),
            ("4.1", "Anna"),
            ("connectors[Connector01]", "Anna"),
        ]
        assert "connectors[Connector01]: the tick by Anna, 2026-11-30 11:00 UTC counts, the one by Ben" in shown

    def test_maps_of_two_people_are_merged_and_what_both_filled_in_is_a_conflict(
        self, repository: Path, home: Path
    ) -> None:
        mapping = repository / "profiles/dev.map.toml"
        head = 'schema = 1\nsource = "a"\ntarget = "dev"\n'
        mapping.write_text(head + _entry("x.example", ""))
        commit(repository, "map")
        git(repository, "branch", "theirs")
        mapping.write_text(
            head + _entry("x.example", "one.example") + "\n# asked Ben" + _entry("y.example", "y2.example")
        )
        commit(repository, "ours")
        git(repository, "checkout", "-q", "theirs")
        mapping.write_text(
            head + _entry("x.example", "two.example") + "\n# asked Anna" + _entry("z.example", "z2.example")
        )
        commit(repository, "theirs")
        git(repository, "checkout", "-q", "main")
        shown = git(repository, "merge", "theirs", statuses=(1,), env=environment(home, {}))
        mark = 'CONFLICT map[host x.example].to: ours: "one.example"; theirs: "two.example"; before: nothing'
        assert mark in shown
        text = mapping.read_text()
        assert f"\n# {mark}\n[[map]]\n" in text
        assert "# asked Ben\n[[map]]" in text
        assert "# asked Anna\n[[map]]" in text
        assert [each["to"] for each in tomllib.loads(text)["map"]] == ["one.example", "y2.example", "z2.example"]

    def test_the_hook_of_the_readme_refuses_another_layout(self, repository: Path, home: Path, tmp_path: Path) -> None:
        hook = README[README.index("#!/bin/sh") :].partition("```")[0]
        file = repository / ".git/hooks/pre-commit"
        file.write_text(hook)
        file.chmod(0o755)
        where = environment(home, {})
        where["PATH"] = f"{tmp_path}:{where.get('PATH', os.defpath)}"
        profile = repository / "profiles/dev.toml"
        profile.write_text(profile.read_text().replace("25D", "26A"))
        git(repository, "add", "-A")
        git(repository, "commit", "-q", "-m", "laid out", env=where)
        profile.write_text(profile.read_text().replace('code = "CSS01"', '  code   =   "CSS01"'))
        git(repository, "add", "-A")
        shown = git(repository, "commit", "-m", "crooked", statuses=(1,), env=where)
        assert "dev: the layout is not canonical; omtui fmt fixes it" in shown


class TestComments:
    """`inputs/merge-comments-*`: their side changed a comment only, and profiles are named by their paths."""

    BASE = 'schema = 1\n\n[profile]\nname = "m"\nenvironment = "development"\nstage = "SIT"  # first\n'

    def test_a_comment_that_one_side_changed_is_kept(self, omtui: Command, home: Path, tmp_path: Path) -> None:
        for name, text in (("base", self.BASE), ("ours", self.BASE), ("theirs", self.BASE.replace("first", "second"))):
            (tmp_path / f"{name}.toml").write_text(text)
        answer = omtui("merge", "./base.toml", "./ours.toml", "./theirs.toml")
        assert (answer.code, answer.err) == (0, "ours: merged\n")
        assert (tmp_path / "ours.toml").read_text() == self.BASE.replace("first", "second")
        assert omtui("undo", "./ours.toml").code in (0, 3)

    def test_a_comment_that_both_changed_is_kept_twice(self, omtui: Command, home: Path, tmp_path: Path) -> None:
        for name, word in (("base", "first"), ("ours", "second"), ("theirs", "third")):
            (tmp_path / f"{name}.toml").write_text(self.BASE.replace("first", word))
        assert omtui("merge", "./base.toml", "./ours.toml", "./theirs.toml").code == 0
        assert (tmp_path / "ours.toml").read_text() == self.BASE.replace(
            'stage = "SIT"  # first', '# third\nstage = "SIT"  # second'
        )


class TestNotFinished:
    """A conflict that is left in a file is reported until it is settled."""

    MARK = '# CONFLICT connectors[Connector01].url: ours: "a"; theirs: "b"; before: "c"\n'
    MARKERS = 'schema = 1\n<<<<<<< ours\n[[done]]\nplace = "1"\n=======\n[[done]]\nplace = "2"\n>>>>>>> theirs\n'

    def test_a_comment_left_in_a_profile(self, omtui: Command, library: Path) -> None:
        url = 'url = "https://soa.pick.example:8002/process"\n'
        (library / "dev.toml").write_text(PROFILE.replace(url, f"{self.MARK}{url}"))
        (library / "other.toml").write_text(PROFILE.replace('"dev"', '"other"'))
        found = [each for each in omtui("check", "dev", "--json").document["findings"] if each["id"] == "P0-12"]
        assert [(each["where"], each["level"]) for each in found] == [("connectors[Connector01].url", "error")]
        answer = omtui("fmt", "dev", "--check")
        assert answer.code == 1
        assert "a conflict is not settled: connectors[Connector01].url" in answer.out
        for pair in (("dev", "other"), ("other", "dev")):
            answer = omtui("promote", *pair)
            assert (answer.code, "P0-12" in answer.err) == (3, True)

    def test_the_same_words_in_a_text_are_no_conflict(self, omtui: Command, library: Path) -> None:
        (library / "dev.toml").write_text(PROFILE.replace('"Pick system"', '"""\n# CONFLICT a: ours: b"""'))
        assert "P0-12" not in omtui("check", "dev").out

    def test_markers_of_git_next_to_a_profile(self, omtui: Command, library: Path) -> None:
        (library / "dev.progress.toml").write_text(self.MARKERS)
        (library / "dev.map.toml").write_text(f'schema = 1\nsource = "other"\ntarget = "dev"\n{self.MARKERS}')
        (library / "other.toml").write_text(PROFILE.replace('"dev"', '"other"'))
        found = [each for each in omtui("check", "dev", "--json").document["findings"] if each["id"] == "P0-12"]
        assert len(found) == 2
        answer = omtui("list")
        assert "not readable" in answer.out
        assert "0 of" not in answer.out
        for command in (
            ("list",),
            ("runbook", "dev"),
            ("check", "dev"),
            ("tick", "dev", "1"),
            ("promote", "other", "dev"),
        ):
            assert "Git's marker of a conflict" in omtui(*command).err, command
        assert omtui("tick", "dev", "1").code == 3
        assert omtui("promote", "other", "dev", "--propose").code == 2
        assert not (library / "dev.from-other.map.toml").exists()
