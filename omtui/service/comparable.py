"""What an open profile can be compared with: other profiles, its own earlier states, what is committed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from omtui.plain_text import plain
from omtui.problem import Problem
from omtui.service.comparing import State
from omtui.service.history import when
from omtui.service.states import PROMOTED, state_of
from omtui.service.working_copy import QUICKLY, ask, branch_of
from omtui.setup.indexed import text
from omtui.store.document import Document
from omtui.store.files import content_hash, read_file

if TYPE_CHECKING:
    from pathlib import Path

    from omtui.service.session import Session
    from omtui.service.workspace import Workspace

MOST_STATES = 50
MOST_COMMITS = 20

Loaded = State | Problem


@dataclass(frozen=True, slots=True)
class Comparable:
    """Something to compare with. `load` reads it, which may take a while; `own` marks states of the profile itself."""

    title: str
    remark: str
    load: Callable[[], Loaded]
    own: bool = True


def comparables(workspace: Workspace, session: Session) -> list[Comparable]:
    """All there is, the most likely first. Git is asked, and left out when it is slow."""
    found = []
    path = session.path
    if session.unsaved:
        found.append(Comparable("the file on disk", f"{session.unsaved} unsaved here", partial(on_disk, path)))
    follows = text(session.indexed.single("profile"), "follows")
    names = [name for name in workspace.names() if workspace.library.folder / f"{name}.toml" != path]
    for name in sorted(names, key=lambda each: each != follows):
        remark = "the profile that this one follows" if name == follows else "profile"
        found.append(Comparable(name, remark, partial(_profile, workspace, name), own=False))
    if branch_of(path) is not None:
        found += _commits(path)
    journal = workspace.journal.of(path)
    if journal.last_promoted() is not None:
        found.append(Comparable("as last promoted", "the base of the next promotion", partial(earlier, path, PROMOTED)))
    did = {entry.file_hash: entry for entry in journal.entries()}
    for saved in journal.states()[:MOST_STATES]:
        remark = "as another program had left it"
        if saved.who:
            remark = f"{saved.who}: {did[saved.hash].label}" if saved.hash in did else f"saved by {saved.who}"
        found.append(Comparable(when(saved.at), remark, partial(kept, workspace, path, saved.hash, when(saved.at))))
    return found


def on_disk(path: Path) -> Loaded:
    """The file as it is now."""
    content = read_file(path)
    name = f"{path.name.removesuffix('.toml')} on disk"
    return content if isinstance(content, Problem) else _read(content, name, path)


def earlier(path: Path, state: str) -> Loaded:
    """An earlier state by what a person typed: a time, `promoted`, a Git revision."""
    content = state_of(path, state)
    name = f"{path.name.removesuffix('.toml')}@{plain(state)}"
    return content if isinstance(content, Problem) else _read(content, name, path)


def kept(workspace: Workspace, path: Path, digest: str, words: str) -> Loaded:
    """A state that the journal keeps, by its hash. `words` name it."""
    content = workspace.journal.of(path).content(digest)
    if content is None:
        return Problem("this state is not kept any more", "choose a later one")
    return _read(content, f"{path.name.removesuffix('.toml')}@{words}", path)


def _profile(workspace: Workspace, name: str) -> Loaded:
    path = workspace.library.folder / f"{name}.toml"
    content = read_file(path)
    return content if isinstance(content, Problem) else _read(content, name, path)


def _commits(path: Path) -> Iterator[Comparable]:
    """The last commits that changed the file; the first is what is committed."""
    form = ("--format=%h%x1f%ad%x1f%an%x1f%s", "--date=format:%Y-%m-%d %H:%M")
    listed = ask(path, "rev-list", f"-{MOST_COMMITS}", *form, "HEAD", "--", f"./{path.name}", patience=QUICKLY)
    lines = listed.decode("utf-8", "replace").split("\n") if isinstance(listed, bytes) else []
    for number, line in enumerate(line for line in lines if "\x1f" in line):  # the others name the commit in full
        commit, at, who, subject = line.split("\x1f", 3)
        title = f"committed {at}" if number else f"as committed, {at}"
        yield Comparable(title, f"{commit} {who}: {subject}", partial(earlier, path, commit))


def _read(content: bytes, name: str, path: Path) -> Loaded:
    document = Document.from_bytes(content)
    if isinstance(document, list):
        return Problem(f"{plain(name)} cannot be read: {document[0].message}", document[0].fix)
    return State(name, document.data, path, content_hash(content))
