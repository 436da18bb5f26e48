"""The library as both fronts see it: what is in it, opening a profile, and what checks may know of its neighbours."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, TypeVar

from omtui.plain_text import plain
from omtui.problem import Done, Outcome, Problem, Wrong
from omtui.service.former_names import FormerNames
from omtui.service.key_priority import KeyPriority
from omtui.service.listing import Listed, next_expiry, with_head
from omtui.service.open_profile import environment_of, refusal_of
from omtui.service.session import NotReadable, Session
from omtui.service.ticks import Ticks
from omtui.setup.place import Data, Path
from omtui.setup.profile import ENVIRONMENTS, SCHEMA, is_production
from omtui.setup.reading import ReadingFault, parse
from omtui.setup.values import toml_string
from omtui.store.database import FILE as DATABASE
from omtui.store.database import PATIENCE
from omtui.store.document import Document
from omtui.store.files import read_file
from omtui.store.folders import PENDING, state_folder
from omtui.store.library import Library, NoteMoves, Trashed, companion_path, why_not
from omtui.store.together import CompanionFile
from omtui.store.unsettled import unsettled
from omtui.store.watching import FolderWatch, Mark, mark_of

if TYPE_CHECKING:
    from omtui.checks.finding import CheckContext, LastReview
    from omtui.service.neighbours import LibraryNeighbours
    from omtui.service.reviewing import Warm
    from omtui.service.secrets import Secrets
    from omtui.store.intention import Intention
    from omtui.store.journal import Journal
    from omtui.store.together import FileMove

Moved = TypeVar("Moved")


@dataclass(frozen=True, slots=True)
class Created:
    """A profile that was added, and why its mapping is not written yet; empty when that is, or there is none."""

    path: FilePath
    unwritten: str = ""


class Workspace:
    """A library, and the journal of this machine. Nothing is read before it is asked for.

    With `in_background` the journal is written in a thread, for a front that must not wait.
    """

    def __init__(self, folder: FilePath, *, state: FilePath | None = None) -> None:
        self.in_background = False
        self.state = state or state_folder()
        self.library = Library(folder, self.state / "trash")
        self._former_names = FormerNames(self.state)
        self.key_priority = KeyPriority()
        self._ticks: dict[FilePath, Ticks] = {}
        self._maps: dict[FilePath, tuple[Mark, Sequence[str]]] = {}

    @cached_property
    def secrets(self) -> Secrets:
        """The secrets of its profiles. Most commands need none of what this loads."""
        from omtui.service.secrets import Secrets

        return Secrets(former_names=self._former_names)

    @property
    def secrets_in_use(self) -> Secrets | None:
        """The same, if anybody has worked with secrets in this run: what was learned, and what is to be closed."""
        return vars(self).get("secrets")

    @cached_property
    def journal(self) -> Journal:
        """What was done to profiles on this machine."""
        from omtui.store.journal import Journal

        return Journal(self.state, redact=_without_secrets, background=self.in_background)

    def end(self) -> str:
        """Wait shortly until the journal has all that was done; why it has not, or nothing."""
        if "journal" not in vars(self) or self.journal.end(PATIENCE):
            return ""
        return self.journal.trouble or "the journal is busy"

    def finish(self) -> list[str]:
        """Finish what a killed program left half done; what to report of it."""
        with suppress(OSError):
            if os.listdir(self.state / PENDING):  # noqa: PTH208 - no list is needed, and this is the fastest
                self.journal.finish()
        owed = [f"{each}; looking at its credentials moves them" for each in self._former_names.left()]
        if "journal" not in vars(self):
            return owed
        said, self.journal.said = self.journal.said, []
        return [*said, *owed]

    @cached_property
    def neighbours(self) -> LibraryNeighbours:
        """The profiles of the library as the checks of one of them ask for the others."""
        from omtui.service.neighbours import LibraryNeighbours

        return LibraryNeighbours(self.library, self.state)

    @cached_property
    def watch(self) -> FolderWatch:
        """Says which files of the library changed since it was asked last."""
        return FolderWatch(self.library.folder)

    @cached_property
    def warm(self) -> Warm:
        """What probes share; asking for it for the first time begins to make it ready."""
        from omtui.service.reviewing import Warm

        return Warm()

    @property
    def folder_words(self) -> str:
        """The library's folder, with the home folder as `~`."""
        folder = self.library.folder.absolute()
        home = FilePath.home()
        return f"~/{folder.relative_to(home)}" if folder.is_relative_to(home) else str(folder)

    def names(self) -> list[str]:
        """The names of the profiles."""
        return self.library.names()

    # The list

    def listed(self, heads: int | None = None) -> list[Listed]:
        """Every profile with what is at the head of its file; findings are not counted yet.

        Only the first `heads` files are read, all by default: of the others nothing but name and day is known.
        """
        return [
            with_head(Listed(file.name, file.path, changed=file.modified), file.head)
            if heads is None or number < heads
            else Listed(file.name, file.path, changed=file.modified)
            for number, file in enumerate(self.library.listed())
        ]

    def counted(self, listed: Listed) -> Listed:
        """The same with what only the whole file shows: findings, the next expiry, unsaved changes, readability.

        And how far the walk-through is.
        """
        session = self.open(str(listed.path))
        if isinstance(session, NotReadable | Wrong):
            return replace(listed, fault=str(session))
        unsaved = sum(draft.count for draft in self.journal.of(listed.path).drafts())
        trouble = session.walk.ticks.trouble
        return replace(
            with_head(listed, session.data),
            counts=session.counts,
            next_expiry=next_expiry(session.indexed),
            unsaved=unsaved,
            progress=None if trouble else session.walk.counts.get(""),
            trouble=trouble,
        )

    # Opening

    def open(self, name: str, *, keeps_drafts: bool = True) -> Session | NotReadable | Wrong:
        """Open a profile by its name in the library or by a path.

        What is saved or given up at once `keeps_drafts` of nothing.
        """
        path = self.library.find(name)
        if isinstance(path, Problem):
            return Wrong(path.message, path.fix)
        content = read_file(path)
        if isinstance(content, Problem):
            return NotReadable(path, (ReadingFault(content.message, content.fix),))
        document = Document.from_bytes(content)
        if isinstance(document, list):
            return NotReadable(path, tuple(document))
        session = Session(
            path,
            document,
            content,
            lambda: self.surroundings(path, session.data, session.document),
            lambda: self.journal,
            ticks=self.ticks(path),
            keeps_drafts=keeps_drafts,
        )
        return session

    def ticks(self, path: FilePath) -> Ticks:
        """The ticks of a profile: what was entered in the pod."""
        return self._ticks.setdefault(path, Ticks(path))

    def surroundings(self, path: FilePath, data: Data, document: Document | None = None) -> CheckContext:
        """What the checks of one profile may know: today, the other profiles of the library, and its own text, if any.

        Also which of its credentials are in the store, if that was learned in this run: no store is asked for it.
        """
        from omtui.checks.finding import CheckContext

        ticks = self.ticks(path)
        ticks_unknown = [f"what was ticked is not known: {ticks.trouble}"] if ticks.trouble else ()
        return CheckContext(
            date.today(),
            self.neighbours.look(),
            path.name.removesuffix(".toml"),
            self.secrets_in_use.names_known(data) if self.secrets_in_use else None,
            self._last_review(path, data),
            ticks.records(),
            [
                *(_conflicts(document) if document else ()),
                *(((), words) for words in (*ticks_unknown, *self._of_map(path))),
            ],
        )

    def _of_map(self, path: FilePath) -> Sequence[str]:
        """What is wrong with the text of the map file next to a profile; read again when it changed."""
        own = companion_path(path, "map")
        mark = mark_of(own)
        if mark is None:
            return ()
        known = self._maps.get(own)
        if known is None or known[0] != mark:
            known = self._maps[own] = (mark, _faults_of_map(own))
        return known[1]

    def _last_review(self, path: FilePath, data: Data) -> LastReview | None:
        """The last topology review. No database is opened, nor made, where there is none."""
        if not (self.state / DATABASE).exists():
            return None
        from omtui.service.reviewing import last_review

        return last_review(self.state, path, data)

    def profiles(self) -> Mapping[str, Data]:
        """Every readable profile of the library by its file's name, as it is on disk. Reads all files."""
        names = self.library.names()
        return {name: data for name in names if (data := self.data(name)) is not None}

    def owner(self, path: FilePath | None, data: Data) -> Data | Problem:
        """A profile under the name by which its secrets are kept: that of its file, not the one a file gives itself.

        A file elsewhere that is called like a profile of the library does not reach that profile's secrets.
        """
        if path is None:
            fix = "name the profile, or its file"
            return Problem("secrets belong to a profile's file, and this is none, or an earlier state", fix)
        folder, real = FilePath(os.path.realpath(self.library.folder)), FilePath(os.path.realpath(path))
        is_listed = FilePath(os.path.realpath(path.parent)) == folder
        own = (path if is_listed or real.parent != folder else real).name.removesuffix(".toml")
        there = self.library.path(own)
        if os.path.lexists(there) and not (path.exists() and there.exists() and path.samefile(there)):
            what = f"{plain(path)} is not the profile {plain(own)} of the library, whose secrets these are"
            return Problem(what, f"name the profile, {plain(own)}, or import the file under another name first")
        return named(data, own)

    def data(self, name: str) -> Data | None:
        """A profile of the library as it is on disk, under its file's name; `None` when it cannot be read."""
        if why_not(name, new=False) is not None:
            return None
        content = read_file(self.library.path(name))
        document = Document.from_bytes(content) if isinstance(content, bytes) else []
        return named(document.data, name) if isinstance(document, Document) else None

    # Files

    def create(
        self, name: str, content: bytes, action: str, label: str, reason: str = "", mapping: bytes | None = None
    ) -> Created | Problem:
        """Add a profile, with an entry in the log; the mapping that comes with it, where there is none yet."""
        noted: list[Intention] = []

        def note(path: FilePath, named: bytes) -> None:
            file = () if mapping is None else (CompanionFile.of(companion_path(path, "map"), None, mapping),)
            noted.append(self.journal.of(path).intend_new(named, action, label, reason, file))

        created = self.library.create(name, content, note)
        unwritten = [why for each in noted if (why := self._ended(each, is_done=isinstance(created, FilePath)))]
        return created if isinstance(created, Problem) else Created(created, *unwritten)

    def _ended(self, intention: Intention, *, is_done: bool) -> str:
        """What was intended was done, or was not. Why a file next to the profile is not written yet, or nothing."""
        journal = self.journal.of(FilePath(intention.profile))
        if not is_done:
            journal.give_up(intention)
            return ""
        failures = [failure for each in intention.companions if (failure := each.write()) is not None]
        journal.complete(intention, is_whole=not failures)
        later = "the next start of omtui tries again" if intention.name else "write it by hand"
        return f"{failures[0].message}; {later}" if failures else ""

    def new(self, name: str, environment: str, *, url: str = "", release: str = "", reason: str = "") -> Outcome:
        """Create an empty profile."""
        if environment not in ENVIRONMENTS:
            return Wrong(f"{plain(environment)} is no environment", f"use one of {', '.join(ENVIRONMENTS)}")
        lines = [f"schema = {SCHEMA}", "", "[profile]", f"name = {toml_string(name)}"]
        lines.append(f"environment = {toml_string(environment)}")
        if url or release:
            lines += ["", "[pod]"]
            lines += [f"{key} = {toml_string(value)}" for key, value in (("url", url), ("release", release)) if value]
        content = ("\n".join(lines) + "\n").encode()
        made = self.create(name, content, "new", f"Make {name}", reason)
        return _outcome(made, f"created {name}{_in_commands(name)}")

    def duplicate(self, name: str, new: str) -> Outcome:
        """Copy a profile and its mapping under another name. What was entered in the pod is not copied."""
        source = self.library.find(name)
        if isinstance(source, Problem):
            return source
        content, mapping = read_file(source), read_file(companion_path(source, "map"))
        if isinstance(content, Problem):
            return content
        kept = mapping if isinstance(mapping, bytes) else None
        made = self.create(new, content, "copy", f"Copy {name}", mapping=kept)
        return _outcome(made, f"copied {name} to {new}{_in_commands(new)}")

    def why_locked(self, name: str, unlock: str = "") -> Problem | None:
        """Why the file of a profile may not get another name or go away: it is locked, and `unlock` is not its name."""
        path = self.library.find(name)
        if isinstance(path, Problem):
            return path
        own_name = FilePath(os.path.realpath(path)).name.removesuffix(".toml")
        environment = environment_of(path)
        return refusal_of(name, own_name, environment) if is_production(environment) and unlock != own_name else None

    def rename(self, name: str, new: str, *, unlock: str = "") -> Outcome:
        """Give a profile another name; journal and undo follow. `unlock` is the name typed for production."""
        if (locked := self.why_locked(name, unlock)) is not None:
            return locked
        path = self.library.find(name)
        if isinstance(path, Problem):
            return path
        from omtui.service.renamed_mappings import renamed_in_mappings

        def moved(note: NoteMoves) -> FilePath | Problem:
            files = [*renamed_in_mappings(path, path.parent / f"{new}.toml"), *self._owed_to(path, new)]
            return self.library.rename(name, new, files, note)

        outcome = self._moved(path, "rename", f"Rename {name} to {new}", moved)
        return _outcome(outcome, f"renamed {name} to {new}{_in_commands(new)}")

    def _owed_to(self, path: FilePath, new: str) -> Iterator[CompanionFile]:
        """The note that secrets are to follow a rename, last of all that is written; none where no store is chosen."""
        from omtui.credentials.uses import credential_names

        old = path.name.removesuffix(".toml")
        data = self.data(old)
        if data is not None and (names := credential_names(data)) and self.secrets.are_kept():
            yield self._former_names.note(old, new, names)

    def delete(self, name: str, *, unlock: str = "") -> Outcome:
        """Move a profile and its companions to the trash. `unlock` is the name typed for production."""
        if (locked := self.why_locked(name, unlock)) is not None:
            return locked
        from omtui.store.intention import DELETE

        path = self.library.path(name)
        outcome = self._moved(path, DELETE, f"Delete {name}", lambda note: self.library.delete(name, note))
        if isinstance(outcome, Problem):
            return outcome
        return Done(f"{name} is in the trash: {outcome.folder}")

    def restore(self, trashed: Trashed) -> Outcome:
        """Bring a profile and its companions back from the trash; the journal has kept its log and undo."""
        label = f"Bring {trashed.name} back"
        outcome = self._moved(trashed.path, "restore", label, lambda note: self.library.restore(trashed, note))
        return _outcome(outcome, f"{trashed.name} is back from the trash")

    def _moved(
        self, path: FilePath, action: str, label: str, move: Callable[[NoteMoves], Moved | Problem]
    ) -> Moved | Problem:
        """Move a profile's files as one."""
        noted: list[Intention] = []

        def note(moves: Sequence[FileMove], files: Sequence[CompanionFile]) -> None:
            noted.append(self.journal.of(path).intend_moves(moves, files, action, label))

        outcome = move(note)
        for each in noted:
            self._ended(each, is_done=not isinstance(outcome, Problem))
        return outcome


def named(data: Data, name: str) -> Data:
    """A profile's data with another name."""
    head = data.get("profile")
    return {**data, "profile": {**(head if isinstance(head, dict) else {}), "name": name}}


def _faults_of_map(path: FilePath) -> Sequence[str]:
    content = read_file(path)
    if isinstance(content, Problem):
        return [f"{content.message}; {content.fix}"]
    text = content.decode("utf-8-sig")
    data = parse(text)
    if isinstance(data, ReadingFault):
        return [f"{plain(path.name)}{data.at}: {data.message}; {data.fix}"]
    found = unsettled(text)
    return [f"{plain(path.name)}:{each.line}: a conflict is not settled: {plain(each.words)}" for each in found]


def _conflicts(document: Document) -> Iterator[tuple[Path, str]]:
    for each in unsettled(document.text(), document.data):
        yield each.path, f"line {each.line}: a conflict is not settled: {plain(each.words)}"


def _without_secrets(text: str) -> str:
    """What the journal may keep: a secret in a profile (P0-04) is in its file alone, till it is removed."""
    from omtui.checks.secret_texts import hidden, may_hold_secret

    return hidden(text) if may_hold_secret((text,)) else text


def _in_commands(name: str) -> str:
    """How a name with a blank is written in a command."""
    return f'; in commands it needs quotes: "{name}"' if " " in name else ""


def _outcome(outcome: Created | FilePath | Problem, done: str) -> Outcome:
    if isinstance(outcome, Problem):
        return outcome
    unwritten = outcome.unwritten if isinstance(outcome, Created) else ""
    return Done(f"{done}; not written yet: {unwritten}" if unwritten else done)
