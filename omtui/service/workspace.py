"""The library as both fronts see it: what is in it, opening a profile, and what checks may know of its neighbours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
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
from omtui.setup.place import Data
from omtui.setup.profile import ENVIRONMENTS, SCHEMA
from omtui.setup.reading import Fault
from omtui.setup.values import toml_string
from omtui.store.database import FILE as DATABASE
from omtui.store.document import Document
from omtui.store.document import Refused as StoreRefused
from omtui.store.files import Unreadable, content_hash, read_file
from omtui.store.folders import state_folder
from omtui.store.library import Library
from omtui.store.watching import FolderWatch

if TYPE_CHECKING:
    from omtui.checks.finding import Review, Surroundings
    from omtui.documents.progress import Count
    from omtui.service.reviewing import Warm
    from omtui.store.journal import Journal
    from omtui.store.library import Listed as File


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
    """How far the walk-through is; `None` where nothing was ticked yet."""
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
        self._heads: dict[FilePath, tuple[float, Data | None]] = {}
        self._ticks: dict[FilePath, Ticks] = {}

    @cached_property
    def journal(self) -> Journal:
        """What was done to profiles on this machine."""
        from omtui.store.journal import Journal

        return Journal(self.state, redact=_without_secrets)

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

    def listed(self) -> list[Listed]:
        """Every profile with what stands at the head of its file; findings are not counted yet."""
        return [self._headed(file) for file in self.library.listed()]

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
        counts = session.walk.counts
        return replace(
            listed,
            counts=session.counts,
            next_expiry=next_expiry(session.indexed),
            unsaved=unsaved,
            progress=counts.get(""),
        )

    def _headed(self, file: File) -> Listed:
        head, pod = (file.head.get(name) for name in ("profile", "pod"))
        head = head if isinstance(head, dict) else {}
        pod = pod if isinstance(pod, dict) else {}
        host = text(pod, "url").partition("://")[2].partition("/")[0]
        return Listed(
            file.name,
            file.path,
            "",
            text(head, "title"),
            text(head, "description"),
            text(head, "environment"),
            text(head, "stage"),
            host,
            text(pod, "release"),
            None,
            file.modified,
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
            lambda: self.surroundings(path, session.data),
            lambda: self.journal,
            unlocked=unlock == name,
            ticks=self.ticks(path),
        )
        return session

    def ticks(self, path: FilePath) -> Ticks:
        """The ticks of a profile: what was entered in the pod."""
        return self._ticks.setdefault(path, Ticks(path))

    def surroundings(self, path: FilePath, data: Data | None = None) -> Surroundings:
        """What the checks of one profile may know: today, and the other profiles of the library.

        With its data also which of its credentials are in the store, if that was learned in this run: no store is
        asked for it.
        """
        from omtui.checks.finding import Surroundings

        names = self.secrets.names_known(data) if data is not None else None
        review = self._last_review(path, data) if data is not None else None
        ticked = self.ticks(path).records() if data is not None else None
        return Surroundings(date.today(), self._others(path), path.name.removesuffix(".toml"), names, review, ticked)

    def _last_review(self, path: FilePath, data: Data) -> Review | None:
        """The last topology review. No database is opened, nor made, where there is none."""
        if not (self.state / DATABASE).exists():
            return None
        from omtui.service.reviewing import last_review

        return last_review(self.state, path, data)

    def profiles(self) -> Mapping[str, Data]:
        """Every readable profile of the library by its file's name, as it stands on disk."""
        return self._others(self.library.folder)

    def _others(self, path: FilePath) -> Mapping[str, Data]:
        """The other readable profiles. Each file is read again only when it changed."""
        found: dict[str, Data] = {}
        for file in self.library.listed():
            if file.path.absolute() == path.absolute() or file.modified is None:
                continue
            stamp = file.modified.timestamp()
            known = self._heads.get(file.path)
            if known is None or known[0] != stamp:
                content = read_file(file.path)
                document = Document.from_bytes(content) if isinstance(content, bytes) else []
                known = self._heads[file.path] = (stamp, document.data if isinstance(document, Document) else None)
            if known[1] is not None:
                found[file.name] = known[1]
        return found

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
        content = ("\n".join(lines) + "\n").encode()
        return _told(self.library.create(name, content), f"created {name}{_in_commands(name)}")

    def duplicate(self, name: str, new: str) -> Outcome:
        """Copy a profile and its mapping under another name."""
        return _told(self.library.duplicate(name, new), f"copied {name} to {new}{_in_commands(new)}")

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
        return _told(outcome, f"renamed {name} to {new}{_in_commands(new)}")

    def delete(self, name: str) -> Outcome:
        """Move a profile and its companions to the trash."""
        outcome = self.library.delete(name)
        if isinstance(outcome, StoreRefused):
            return Refused(outcome.message, outcome.fix)
        return Done(f"{name} is in the trash: {outcome.folder}")


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


def _in_commands(name: str) -> str:
    """How a name with a blank is written in a command."""
    return f'; in commands it needs quotes: "{name}"' if " " in name else ""


def _told(outcome: FilePath | StoreRefused, done: str) -> Outcome:
    return Refused(outcome.message, outcome.fix) if isinstance(outcome, StoreRefused) else Done(done)
