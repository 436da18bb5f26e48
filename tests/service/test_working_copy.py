"""A working copy may come from anybody: nothing that it names is ever run."""

import ast
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from omtui.problem import Problem
from omtui.service.comparable import comparables
from omtui.service.states import state_of
from omtui.service.working_copy import ask, committed, merge_texts
from omtui.service.workspace import Workspace
from tests.service.git import commit, git
from tests.terminal.terminal import ROOT

PROFILE = (ROOT / "profiles" / "vision-dev.toml").read_text()

_NAMED_BY_ITSELF = """
core.fsmonitor core.sshCommand core.gitProxy core.askPass core.pager core.editor core.alternateRefsCommand
sequence.editor diff.external gpg.program gpg.openpgp.program gpg.x509.program gpg.ssh.program
gpg.ssh.defaultKeyCommand credential.helper uploadpack.packObjectsHook interactive.diffFilter filter.hostile.clean
filter.hostile.smudge filter.hostile.process diff.hostile.command diff.hostile.textconv merge.hostile.driver pager.log
pager.rev-list pager.cat-file pager.rev-parse pager.merge-file remote.origin.uploadpack remote.origin.receivepack
trailer.hostile.command trailer.hostile.cmd submodule.hostile.update browser.hostile.cmd man.hostile.cmd
mergetool.hostile.cmd difftool.hostile.cmd
"""

_WORDS = {
    "log.showSignature": "true",
    "log.follow": "true",
    "log.diffMerges": "on",
    "log.decorate": "full",
    "diff.submodule": "log",
    "diff.tool": "hostile",
    "format.pretty": "%G?%GS",
    "core.commitGraph": "false",
    "filter.hostile.required": "true",
    "extensions.partialClone": "origin",
    "remote.origin.promisor": "true",
    "remote.origin.partialclonefilter": "blob:none",
    "protocol.allow": "always",
    "protocol.ext.allow": "always",
    "extensions.worktreeConfig": "true",
}

_HOOKS = """
applypatch-msg commit-msg fsmonitor-watchman post-applypatch post-checkout post-commit post-index-change post-merge
post-receive post-rewrite post-update pre-applypatch pre-auto-gc pre-commit pre-merge-commit pre-push pre-rebase
pre-receive prepare-commit-msg proc-receive push-to-checkout reference-transaction sendemail-validate update
"""


class Hostile:
    """A working copy in which every setting and every hook leaves a mark when it is run."""

    def __init__(self, folder: Path, marks: Path) -> None:
        self.folder, self.marks = folder, marks
        self.profile = folder / "vision-dev.toml"
        marks.mkdir()
        folder.mkdir()
        git(folder, "init", "-q")
        self.profile.write_text(PROFILE.replace("25D", "25C"))
        commit(folder, "one")
        self._sign()
        self.profile.write_text(PROFILE)
        (folder / ".gitattributes").write_text("*.toml diff=hostile filter=hostile merge=hostile\n")
        commit(folder, "two")
        self._sign()
        self._settings()
        self._hooks()

    def _sign(self) -> None:
        """Give the last commit a signature header: what is in it does not matter."""
        text = git(self.folder, "cat-file", "commit", "HEAD")
        head, _, rest = text.partition("\n\n")
        signed = f"{head}\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n iQ==\n -----END PGP SIGNATURE-----\n\n{rest}"
        (self.folder / ".git" / "signed").write_text(signed)
        number = git(self.folder, "hash-object", "-t", "commit", "-w", ".git/signed").strip()
        git(self.folder, "update-ref", "HEAD", number)

    def runs(self, name: str) -> str:
        """A program that leaves a mark of this name."""
        program = self.folder / ".git" / f"run-{name}"
        program.write_text(f'#!/bin/sh\ntouch "{self.marks}/{name}"\n')
        program.chmod(0o755)
        return str(program)

    def _settings(self) -> None:
        lines = [_setting(name, self.runs(name)) for name in _NAMED_BY_ITSELF.split()]
        lines += [_setting(name, value) for name, value in _WORDS.items()]
        commands = ("cat-file", "merge-file", "rev-list", "rev-parse")
        lines += [_setting(f"alias.{each}", f"!{self.runs(f'alias.{each}')}") for each in commands]
        lines.append(_setting("remote.origin.url", f"ext::{self.runs('remote.origin.url')}"))
        lines.append(_setting("remote.origin.vcs", "hostile"))
        lines.append(_setting("include.path", "included"))
        config = self.folder / ".git" / "config"
        again = "".join(lines)
        config.write_text(
            config.read_text().replace("repositoryformatversion = 0", "repositoryformatversion = 1") + again
        )
        included = again.replace("[include]", "[hostile]")
        (self.folder / ".git" / "included").write_text(included)
        (self.folder / ".git" / "config.worktree").write_text(included)

    def _hooks(self) -> None:
        hooks = self.folder / "hooks"
        for place in (hooks, self.folder / ".git" / "hooks"):
            place.mkdir(exist_ok=True)
            for name in _HOOKS.split():
                (place / name).write_text(f'#!/bin/sh\ntouch "{self.marks}/hook-{name}"\n')
                (place / name).chmod(0o755)
        with (self.folder / ".git" / "config").open("a") as stream:
            stream.write(_setting("core.hooksPath", str(hooks)))

    def ran(self) -> list[str]:
        """What was run since this was last asked."""
        found = sorted(each.name for each in self.marks.iterdir())
        for name in found:
            (self.marks / name).unlink()
        return found

    def lose(self, revision: str) -> None:
        """Take an object out of the store: a partial clone fetches it when it is asked for."""
        number = git(self.folder, "-c", "core.hooksPath=/dev/null", "rev-parse", revision).strip()
        (self.folder / ".git" / "objects" / number[:2] / number[2:]).unlink()


def _setting(name: str, value: str) -> str:
    section, _, key = name.rpartition(".")
    first, _, second = section.partition(".")
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'[{first} "{second}"]\n\t{key} = "{quoted}"\n' if second else f'[{first}]\n\t{key} = "{quoted}"\n'


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hostile]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("GIT_SSH_COMMAND", "GIT_PAGER", "GIT_EXTERNAL_DIFF", "GIT_ASKPASS", "GIT_EDITOR", "SSH_ASKPASS"):
        monkeypatch.setenv(name, f"touch {tmp_path}/marks/{name}")
    return Hostile(tmp_path / "library", tmp_path / "marks")  # type: ignore[return-value]


def _plainly(folder: Path, *words: str) -> None:
    """Git as everybody starts it."""
    subprocess.run(("git", *words), cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=False)


def test_git_itself_runs_what_this_working_copy_names(hostile: Hostile) -> None:
    """Without this, the tests below would hold for a working copy that is harmless."""
    _plainly(hostile.folder, "log", "-1")
    assert any(each.startswith("gpg") for each in hostile.ran())
    _plainly(hostile.folder, "status")
    assert any("fsmonitor" in each for each in hostile.ran())
    hostile.lose("HEAD:vision-dev.toml")
    _plainly(hostile.folder, "cat-file", "blob", "HEAD:vision-dev.toml")
    assert hostile.ran(), "a missing object is fetched"


def test_everything_that_is_asked_of_git_runs_nothing(hostile: Hostile, tmp_path: Path) -> None:
    workspace = Workspace(hostile.folder, state=tmp_path / "state")
    session = workspace.open("vision-dev")
    found = comparables(workspace, session)  # type: ignore[arg-type]
    titles = [each.title for each in found]
    assert sum("committed" in each for each in titles) == 2, titles
    loaded = [each.load() for each in found]
    assert not any(isinstance(each, Problem) for each in loaded)
    assert committed(hostile.profile) == "same"
    for state in ("HEAD", "HEAD~1", "main", "2999-01-01", "HEAD^{/one}", "@{-1}", ":/two", "nosuch", "--textconv"):
        state_of(hostile.profile, state)
    assert merge_texts(b"a\nb\nc\n", b"A\nb\nc\n", b"a\nb\nC\n") == b"A\nb\nC\n"
    assert hostile.ran() == []


def test_what_is_missing_in_the_store_is_not_fetched(hostile: Hostile) -> None:
    hostile.lose("HEAD:vision-dev.toml")
    hostile.lose("HEAD~1^{tree}")
    assert isinstance(state_of(hostile.profile, "HEAD"), Problem)
    assert committed(hostile.profile) == "new"
    for question in ("cat-file", "rev-list", "rev-parse", "merge-file"):
        ask(hostile.profile, question, "HEAD:./vision-dev.toml")  # type: ignore[arg-type]
    ask(hostile.profile, "rev-list", "--objects", "--all")
    assert hostile.ran() == []


def test_the_variables_of_another_working_copys_hook_do_not_count(hostile: Hostile, tmp_path: Path) -> None:
    """A hook of a hostile working copy hands its own folder and settings to everything it starts."""
    other = tmp_path / "own"
    other.mkdir()
    git(other, "init", "-q")
    (other / "a.toml").write_text("a = 1\n")
    commit(other, "one")
    outer = os.environ.copy()
    try:
        os.environ["GIT_DIR"] = str(hostile.folder / ".git")
        os.environ["GIT_CONFIG_COUNT"] = "1"
        os.environ["GIT_CONFIG_KEY_0"], os.environ["GIT_CONFIG_VALUE_0"] = "core.fsmonitor", hostile.runs("count")
        os.environ["GIT_CONFIG_PARAMETERS"] = f"'core.fsmonitor'='{hostile.runs('parameters')}'"
        assert ask(other / "a.toml", "cat-file", "blob", "HEAD:./a.toml") == b"a = 1\n"
    finally:
        os.environ.clear()
        os.environ.update(outer)
    assert hostile.ran() == []


def test_git_is_started_in_one_place_only() -> None:
    starters = re.compile(r"\bsubprocess\b|os\.(system|popen|exec\w+|spawn\w+|posix_spawn\w*)|pty\.spawn|\.which\(")
    found = set()
    for file in sorted((ROOT / "omtui").rglob("*.py")):
        text = file.read_text()
        if starters.search(text):
            words = (node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant))
            if any(isinstance(word, str) and re.match(r"(\S*/)?git(\.exe)?(\s|$)", word) for word in words):
                found.add(str(file.relative_to(ROOT)))
    assert found == {"omtui/service/working_copy.py"}
