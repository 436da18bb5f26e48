"""The ticks of a profile in NAME.progress.toml, made here and by other programs at once.

Every change reads the file again and is made on what is there; a file that changed in between is read again. So a
colleague's tick is never lost, whoever is first.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from omtui.plain_text import plain
from omtui.problem import Done, Outcome, Problem
from omtui.setup.place import Data, Place, place_of, table_at
from omtui.store.change import MISSING, Operation, Set
from omtui.store.files import ChangedOnDisk, content_hash, read_file, write_file
from omtui.store.library import companion_path
from omtui.store.watching import Mark, mark_of

if TYPE_CHECKING:
    from omtui.documents.progress import Progress
    from omtui.store.together import CompanionFile

Renames = Sequence[tuple[Place, Place]]
"""Records that got another name, in the order in which it happened: from, to."""

TRIES = 50
"""How often a change is made again because another program was quicker, before that is reported."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What the file held when it had this mark. `trouble` says why it cannot be used."""

    mark: Mark | None
    progress: Progress | None
    trouble: str = ""


class Ticks:
    """The ticks of one profile, as they are in the file next to it. Read when asked for, and again when it changed."""

    def __init__(self, profile: FilePath) -> None:
        self.path = companion_path(profile, "progress")
        self._read: _Read | None = None
        self._seen: Mark | None = mark_of(self.path)

    @property
    def mark(self) -> Mark | None:
        """Another for every state of the file; `None` while there is none."""
        return mark_of(self.path)

    @property
    def progress(self) -> Progress:
        """All ticks; none where there is no file, or one that cannot be used."""
        from omtui.documents.progress import Progress

        return self._now().progress or Progress()

    @property
    def trouble(self) -> str:
        """Why the file cannot be used; empty while it can, or while there is none."""
        return self._now().trouble

    def records(self) -> Sequence[Mapping[str, object]] | None:
        """The ticks as the checks know them; `None` where none are kept, or cannot be read."""
        if self.mark is None:
            return None
        now = self._now()
        if now.progress is None:
            return None
        return [
            {"place": each.place, "by": each.by, "on": each.on, "skipped": each.skipped, "entered": each.entered_hash}
            for each in now.progress.ticks
        ]

    def changed(self) -> bool:
        """Whether another program changed the file since this was last asked."""
        mark = self.mark
        changed, self._seen = mark != self._seen, mark
        return changed

    def change(self, make: Callable[[Progress], Progress | Problem], done: str) -> Outcome:
        """Change the ticks, also while other programs do. `done` is the message when it was written."""
        from omtui.documents.progress import Progress, write

        for _ in range(TRIES):
            content = read_file(self.path) if os.path.lexists(self.path) else None
            if isinstance(content, Problem):
                return content
            now = _progress_of(content, self.path) if content is not None else Progress()
            if isinstance(now, str):
                return Problem(now)
            changed = make(now)
            if not isinstance(changed, Progress):
                return changed
            if changed == now and content is not None:
                return Done(done)
            expected = content_hash(content) if content is not None else None
            outcome = write_file(self.path, write(changed).encode(), expected)
            if isinstance(outcome, Problem):
                return outcome
            if not isinstance(outcome, ChangedOnDisk):
                self._seen = self.mark
                return Done(done)
        return Problem(f"other programs keep changing {plain(self.path.name)}", "try again")

    def following(self, renames: Renames) -> tuple[CompanionFile, ...]:
        """What is to be written with the profile so that the ticks of renamed records follow."""
        has_any = renames and self.mark is not None
        return self.planned(lambda progress: followed(progress, renames)) if has_any else ()

    def planned(self, make: Callable[[Progress], Progress]) -> tuple[CompanionFile, ...]:
        """What `change` would make of the file, to be written with the profile; nothing where it cannot be read."""
        from omtui.documents.progress import Progress, write
        from omtui.store.together import CompanionFile

        content = read_file(self.path) if os.path.lexists(self.path) else None
        now = _progress_of(content, self.path) if isinstance(content, bytes) else Progress()
        if isinstance(content, Problem) or isinstance(now, str):
            return ()
        return (CompanionFile.of(FilePath(os.path.realpath(self.path)), content, write(make(now)).encode()),)

    def follow(self, renames: Renames) -> Outcome | None:
        """Take the ticks of renamed records along; `None` where there is nothing to do."""
        if not renames or self.mark is None:
            return None
        return self.change(lambda progress: followed(progress, renames), "ticks followed")

    def _now(self) -> _Read:
        mark = self.mark
        if self._read is None or self._read.mark != mark:
            self._read = _read(self.path, mark)
        return self._read


def _read(path: FilePath, mark: Mark | None) -> _Read:
    if mark is None:
        return _Read(None, None)
    content = read_file(path)
    if isinstance(content, Problem):
        return _Read(mark, None, f"{content.message}; {content.fix}")
    found = _progress_of(content, path)
    return _Read(mark, None, found) if isinstance(found, str) else _Read(mark, found)


def _progress_of(content: bytes, path: FilePath) -> Progress | str:
    from omtui.documents.progress import Progress, read

    found = read(content.decode("utf-8-sig"))
    if isinstance(found, Progress):
        return found
    fault = found[0]
    return f"{plain(path.name)}{fault.at}: {fault.message}; {fault.fix}"


def followed(progress: Progress, renames: Renames) -> Progress:
    """The ticks after records got other names."""
    from omtui.documents.progress import renamed

    for old, new in renames:
        progress = renamed(progress, old, new)
    return progress


def names_change(operations: Iterable[Operation]) -> bool:
    """Whether operations give records other names."""
    return any(_renames(each) for each in operations)


def renames_of(before: Data, operations: Iterable[Operation]) -> list[tuple[Place, Place]]:
    """Which records operations on a profile give other names. `before` is changed: the operations are made on it."""
    from omtui.store.change import apply

    found = []
    for each in operations:
        old = place_of(before, each.path[:-1]) if _renames(each) else None
        apply(before, each)
        if old is not None:
            found.append((old, place_of(before, each.path[:-1])))
    return found


def _renames(operation: Operation) -> bool:
    if not isinstance(operation, Set) or operation.old is MISSING or operation.new is MISSING:
        return False
    table = table_at(operation.path[:-1])
    return table is not None and operation.path[-1] == table.key and isinstance(operation.path[-2], int)
