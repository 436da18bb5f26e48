"""The library as both fronts see it: what is in it, opening a profile, and what checks may know of its neighbours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from omtui.plain_text import plain
from omtui.service.hands import Hands
from omtui.service.outcomes import Done, Outcome, Refused, Wrong
from omtui.service.secrets import Secrets
from omtui.service.session import NotReadable, Session
from omtui.service.ticks import Ticks
from omtui.setup.indexed import Indexed, text
from omtui.setup.place import Data, Path
from omtui.setup.profile import ENVIRONMENTS, SCHEMA
from omtui.setup.reading import Fault, parse
from omtui.setup.values import toml_string
from omtui.store.database import FILE as DATABASE
from omtui.store.document import Document
from omtui.store.document import Refused as StoreRefused
from omtui.store.files import Unreadable, content_hash, read_file
from omtui.store.folders import state_folder
from omtui.store.library import Library, beside, why_not
from omtui.store.unsettled import unsettled
from omtui.store.watching import FolderWatch, Mark, mark_of

if TYPE_CHECKING:
    from omtui.checks.finding import Review, Surroundings
    from omtui.documents.progress import Count
    from omtui.service.neighbours import LibraryNeighbours
    from omtui.service.reviewing import Warm
    from omtui.store.journal import Journal


@dataclass(frozen=True)
class Listed:
    """A profile of the library as the home screen and `omtui list` show it.

    `counts`, `unsaved`, `progress` and `next_expiry` are known once the whole file was read (`Workspace.counted`).
    """

    name: str
    path: FilePath
    fault: str = ""
    title: str = ""
    description: str = ""
    environment: str = ""
    stage: str = ""
    pod_host: str = ""
    release: str = ""
    next_expiry: date | None = None
    changed: datetime | None = None
    unsaved: int = 0
    progress: Count | None = None
    """How far the walk-through is; `None` where nothing was ticked yet, or where that cannot be read."""
    trouble: str = ""
    """Why what was ticked cannot be read."""
    counts: Counter[str] | None = None

    @property
    def changed_words(self) -> str:
        """When the file was last written, to the minute, in the time of this machine."""
        return f"{self.changed.astimezone():%Y-%m-%d %H:%M}" if self.changed else ""


class Workspace:
    """A library, and the journal of this machine. Nothing is read before it is asked for."""

    def __init__(self, folder: FilePath, *, state: FilePath | None = None) -> None:
        self.state = state or state_folder()
        self.library = Library(folder, self.state / "trash")
        self.secrets = Secrets()
        self.hands = Hands()
        self._ticks: dict[FilePath, Ticks] = {}
        self._maps: dict[FilePath, tuple[Mark, Sequence[str]]] = {}

    @cached_property
    def journal(self) -> Journal:
        """What was done to profiles on this machine."""
        from omtui.store.journal import Journal

        return Journal(self.state, redact=_without_secrets)

    @cached_property
    def neighbours(self) -> LibraryNeighbours:
        """The profiles of the library as the checks of one of them ask for the others."""
        from omtui.service.neighbours import LibraryNeighbours

        return LibraryNeighbours(self.library, self.state)

    @cached_property
    def watch(self) -> FolderWatch:
        """Tells which files of the library changed since it was asked last."""
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
            _with_head(Listed(file.name, file.path, changed=file.modified), file.head)
            if heads is None or number < heads
            else Listed(file.name, file.path, changed=file.modified)
            for number, file in enumerate(self.library.listed())
        ]

    def counted(self, listed: Listed) -> Listed:
        """The same with what only the whole file tells: findings, the next expiry, unsaved changes, readability.

        And how far the walk-through has come.
        """
        session = self.open(str(listed.path))
        if isinstance(session, NotReadable):
            return replace(listed, fault=str(session))
        if isinstance(session, Wrong):
            return replace(listed, fault=str(session))
        unsaved = sum(draft.count for draft in self.journal.of(listed.path).drafts())
        trouble = session.walk.ticks.trouble
        return replace(
            _with_head(listed, session.data),
            counts=session.counts,
            next_expiry=next_expiry(session.indexed),
            unsaved=unsaved,
            progress=None if trouble else session.walk.counts.get(""),
            trouble=trouble,
        )

    # Opening

    def open(self, name: str, *, unlock: str = "") -> Session | NotReadable | Wrong:
        """Open a profile by its name in the library or by a path. `unlock` is the name typed for production."""
        path = self.library.find(name)
        if isinstance(path, StoreRefused):
            return Wrong(path.message, path.fix)
        content = read_file(path)
        if isinstance(content, Unreadable):
            return NotReadable(path, (Fault(content.message, content.fix),))
        document = Document.from_bytes(content)
        if isinstance(document, list):
            return NotReadable(path, tuple(document))
        name = path.name.removesuffix(".toml")
        session = Session(
            name,
            path,
            document,
            content,
            content_hash(content),
            lambda: self.surroundings(path, session.document),
            lambda: self.journal,
            unlocked=unlock == name,
            ticks=self.ticks(path),
        )
        return session

    def ticks(self, path: FilePath) -> Ticks:
        """The ticks of a profile: what was entered in the pod."""
        return self._ticks.setdefault(path, Ticks(path))

    def surroundings(self, path: FilePath, document: Document) -> Surroundings:
        """What the checks of one profile may know: today, and the other profiles of the library.

        Also which of its credentials are in the store, if that was learned in this run: no store is asked for it.
        """
        from omtui.checks.finding import Surroundings

        ticks = self.ticks(path)
        return Surroundings(
            date.today(),
            self.neighbours.look(),
            path.name.removesuffix(".toml"),
            self.secrets.names_known(document.data),
            self._last_review(path, document.data),
            ticks.records(),
            [*_conflicts(document), *(((), words) for words in (*_of_ticks(ticks), *self._of_map(path)))],
        )

    def _of_map(self, path: FilePath) -> Sequence[str]:
        """What is wrong with the text of the map file next to a profile; read again when it changed."""
        own = beside(path, "map")
        mark = mark_of(own)
        if mark is None:
            return ()
        known = self._maps.get(own)
        if known is None or known[0] != mark:
            known = self._maps[own] = (mark, _faults_of_map(own))
        return known[1]

    def _last_review(self, path: FilePath, data: Data) -> Review | None:
        """The last topology review. No database is opened, nor made, where there is none."""
        if not (self.state / DATABASE).exists():
            return None
        from omtui.service.reviewing import last_review

        return last_review(self.state, path, data)

    def profiles(self) -> Mapping[str, Data]:
        """Every readable profile of the library by its file's name, as it stands on disk. Reads all files."""
        names = self.library.names()
        return {name: data for name in names if (data := self.data(name)) is not None}

    def data(self, name: str) -> Data | None:
        """A profile of the library as it stands on disk; `None` when it cannot be read."""
        if why_not(name) is not None:
            return None
        content = read_file(self.library.path(name))
        document = Document.from_bytes(content) if isinstance(content, bytes) else []
        return document.data if isinstance(document, Document) else None

    # Files

    def new(self, name: str, environment: str, *, url: str = "", release: str = "") -> Outcome:
        """Create an empty profile."""
        if environment not in ENVIRONMENTS:
            return Wrong(f"{plain(environment)} is no environment", f"use one of {', '.join(ENVIRONMENTS)}")
        lines = [f"schema = {SCHEMA}", "", "[profile]", f"name = {toml_string(name)}"]
        lines.append(f"environment = {toml_string(environment)}")
        if url or release:
            lines += ["", "[pod]"]
            lines += [f"{key} = {toml_string(value)}" for key, value in (("url", url), ("release", release)) if value]
        return _told(self.library.create(name, ("\n".join(lines) + "\n").encode()), f"created {name}")

    def duplicate(self, name: str, new: str) -> Outcome:
        """Copy a profile and its mapping under another name."""
        return _told(self.library.duplicate(name, new), f"copied {name} to {new}")

    def rename(self, name: str, new: str) -> Outcome:
        """Give a profile another name; its companions, journal and undo go along."""
        path = self.library.find(name)
        outcome = self.library.rename(name, new)
        if isinstance(outcome, FilePath) and isinstance(path, FilePath):
            self.journal.of(path).moved(outcome)
            if (self.state / DATABASE).exists():
                from omtui.service.reviewing import history_moved

                history_moved(self.state, path, outcome)
            from omtui.service.promoting import renamed

            renamed(self, path, outcome)
        return _told(outcome, f"renamed {name} to {new}")

    def delete(self, name: str) -> Outcome:
        """Move a profile and its companions to the trash."""
        outcome = self.library.delete(name)
        if isinstance(outcome, StoreRefused):
            return Refused(outcome.message, outcome.fix)
        return Done(f"{name} is in the trash: {outcome.folder}")


def _of_ticks(ticks: Ticks) -> Sequence[str]:
    return [f"what was ticked is not known: {ticks.trouble}"] if ticks.trouble else ()


def _faults_of_map(path: FilePath) -> Sequence[str]:
    content = read_file(path)
    if isinstance(content, Unreadable):
        return [f"{content.message}; {content.fix}"]
    text = content.decode("utf-8-sig")
    data = parse(text)
    if isinstance(data, Fault):
        return [f"{plain(path.name)}:{data.line}:{data.column}: {data.message}; {data.fix}"]
    found = unsettled(text)
    return [f"{plain(path.name)}:{each.line}: a conflict is not settled: {plain(each.words)}" for each in found]


def _conflicts(document: Document) -> Iterator[tuple[Path, str]]:
    for each in unsettled(document.text(), document.data):
        yield each.path, f"line {each.line}: a conflict is not settled: {plain(each.words)}"


def _without_secrets(text: str) -> str:
    """What the journal may keep: a secret that stands in a profile (P0-04) is in its file alone, till it is removed."""
    from omtui.checks.secret_texts import hidden, may_hold_secret

    return hidden(text) if may_hold_secret((text,)) else text


def next_expiry(setup: Indexed) -> date | None:
    """The first day on which a credential or a certificate noted in the profile ends."""
    days = []
    for table in ("credentials", "certificates"):
        for found in setup.records(table):
            day = found.record.get("expires_on")
            if isinstance(day, datetime):
                days.append(day.date())
            elif isinstance(day, date):
                days.append(day)
    return min(days, default=None)


def _with_head(listed: Listed, data: Mapping[str, object]) -> Listed:
    head, pod = data.get("profile"), data.get("pod")
    head = head if isinstance(head, dict) else {}
    pod = pod if isinstance(pod, dict) else {}
    return replace(
        listed,
        title=text(head, "title"),
        description=text(head, "description"),
        environment=text(head, "environment"),
        stage=text(head, "stage"),
        pod_host=text(pod, "url").partition("://")[2].partition("/")[0],
        release=text(pod, "release"),
    )


def _told(outcome: FilePath | StoreRefused, done: str) -> Outcome:
    return Refused(outcome.message, outcome.fix) if isinstance(outcome, StoreRefused) else Done(done)
