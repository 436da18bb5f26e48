"""The library as both fronts see it: what is in it, opening a profile, and what checks may know of its neighbours."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path as FilePath
from types import SimpleNamespace

from omtui.checks.finding import Surroundings
from omtui.service.session import NotReadable, Session
from omtui.setup.indexed import text
from omtui.store.document import Document
from omtui.store.files import Unreadable, content_hash, read_file


@dataclass(frozen=True)
class Listed:
    """A profile of the library as the home screen and `omtui list` show it."""

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
    progress: str = ""
    counts: Counter[str] | None = None

    @property
    def findings_words(self) -> str:
        """The findings in words: `2 errors, 1 warning`, `fine`."""
        if self.counts is None:
            return ""
        words = {"error": "error", "warning": "warning", "info": "info"}
        parts = [
            f"{count} {word}{'s' if count > 1 and word != 'info' else ''}"
            for level, word in words.items()
            if (count := self.counts[level])
        ]
        return ", ".join(parts) or "none"

    @property
    def changed_words(self) -> str:
        """When the file was last written, to the minute."""
        return f"{self.changed:%Y-%m-%d %H:%M}" if self.changed else ""


class Workspace:
    def __init__(self, folder: FilePath) -> None:
        self.library = SimpleNamespace(folder=folder)
        self.folder = folder
        from omtui.store.journal import Journal
        from omtui.store.folders import state_folder

        self.journal = Journal(state_folder())

    @property
    def folder_words(self) -> str:
        return str(self.folder)

    def names(self):
        return sorted(p.stem for p in self.folder.glob("*.toml") if p.stem.count(".") == 0)

    def listed(self):
        out = []
        for n in self.names():
            p = self.folder / f"{n}.toml"
            s = self.open(n)
            if isinstance(s, NotReadable):
                out.append(Listed(n, p, fault=str(s)))
                continue
            head = s.indexed.single("profile")
            pod = s.indexed.single("pod")
            out.append(
                Listed(
                    n,
                    p,
                    "",
                    text(head, "title"),
                    text(head, "description"),
                    text(head, "environment"),
                    text(head, "stage"),
                    text(pod, "url").removeprefix("https://"),
                    text(pod, "release"),
                    None,
                    datetime.fromtimestamp(p.stat().st_mtime),
                )
            )
        return out

    def counted(self, each):
        s = self.open(each.name)
        return replace(each, counts=s.counts)

    def open(self, name):
        p = FilePath(name) if name.endswith(".toml") else self.folder / f"{name}.toml"
        b = read_file(p)
        if isinstance(b, Unreadable):
            from omtui.setup.reading import Fault

            return NotReadable(p, (Fault(b.message, b.fix),))
        d = Document.from_bytes(b)
        if isinstance(d, list):
            return NotReadable(p, tuple(d))
        s = Session(p.stem, p, d, b, content_hash(b), lambda: Surroundings(date.today()), self.journal)
        s._done = []
        s._undone = []
        return s
