"""One open profile: everything that changes it goes through here, from a key in the workbench or from a command."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from omtui.service.editing import Plan
from omtui.service.outcomes import Done, Outcome, Refused
from omtui.setup.indexed import Indexed, rows
from omtui.setup.place import Data, Path, resolve
from omtui.setup.reading import Fault
from omtui.setup.table import Record
from omtui.store.change import Operation, fits, inverse, value_at
from omtui.store.document import Document
from omtui.store.document import Refused as CannotWrite
from omtui.store.files import ChangedOnDisk, Failed, Unreadable, content_hash, read_file, read_hash, write_file

if TYPE_CHECKING:
    from omtui.checks.finding import Result, Surroundings
    from omtui.store.journal import Journal


@dataclass(frozen=True, slots=True)
class NotReadable:
    """The file is no profile (P0-01): what is wrong, and where."""

    path: FilePath
    faults: tuple[Fault, ...]

    def __str__(self) -> str:
        first = self.faults[0]
        at = f":{first.line}:{first.column}" if first.line and first.column else ""
        more = f" (and {len(self.faults) - 1} more)" if len(self.faults) > 1 else ""
        return f"{self.path.name}{at}: {first.message}; {first.fix}{more}"


@dataclass(frozen=True, slots=True)
class FileChanged:
    """Nothing was written: another program changed the file. `hash` is that of the file now; `None` when it is gone."""

    hash: str | None
    differences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resumed:
    """Unsaved changes of an earlier run that were taken up again, and those that no longer fit."""

    count: int
    since: str
    lost: tuple[str, ...] = ()

    def __str__(self) -> str:
        words = f"{self.count} unsaved changes of {self.since} are here again; ctrl+z takes them back one by one"
        return f"{words}; no longer fitting: {', '.join(self.lost)}" if self.lost else words


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One change as it was made: what the log and undo know of it."""

    label: str
    operations: tuple[Operation, ...]
    number: int = 0
    """Its number in the journal; 0 when it is kept in memory only."""


class Session:
    """An open profile.

    `revision` grows with every change, so that a screen knows when to draw anew. Findings and indexes are made when
    they are asked for, once for each revision.
    """

    def __init__(
        self,
        name: str,
        path: FilePath,
        document: Document,
        file_hash: str | None,
        surroundings: Callable[[], Surroundings],
        journal: Journal | None = None,
        *,
        unlocked: bool = False,
    ) -> None:
        self.name = name
        self.path = path
        self.document = document
        self.file_hash = file_hash
        self.revision = 0
        self.unlocked = unlocked
        self.resumed: Resumed | None = None
        self._surroundings = surroundings
        self._journal = journal
        self._base = document.to_bytes()
        """The file's content that the unsaved changes start from."""
        self._mark_on_disk: tuple[int, int, int] | None = None
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._saved: tuple[Step, ...] = ()
        """The changes that the file holds, of those that can be undone."""
        self._indexed: tuple[int, Indexed] | None = None
        self._results: tuple[int, list[Result]] | None = None
        self._levels: tuple[int, dict[Path, str]] | None = None

    # Reading

    @property
    def data(self) -> Data:
        """The profile as it stands, unsaved changes included. Not to be changed but by `edit`."""
        return self.document.data

    @property
    def indexed(self) -> Indexed:
        """The profile with its indexes."""
        if self._indexed is None or self._indexed[0] != self.revision:
            self._indexed = (self.revision, Indexed(self.data))
        return self._indexed[1]

    def value(self, path: Path) -> object:
        """What stands at a path; `MISSING` when nothing does."""
        return value_at(self.data, path)

    def records_at(self, path: Path) -> list[Record]:
        """The records of the list at a path."""
        holder = self.value(path[:-1])
        return rows(holder, str(path[-1])) if isinstance(holder, Mapping) else []

    @property
    def unsaved(self) -> int:
        """How many changes separate what is shown from the file."""
        same = 0
        for mine, kept in zip(self._done, self._saved, strict=False):
            if mine is not kept:
                break
            same += 1
        return len(self._done) + len(self._saved) - 2 * same

    # Findings

    @property
    def results(self) -> list[Result]:
        """Every finding, accepted ones included, in the order of the file. Lines are not looked up."""
        from omtui.checks.running import results, run

        if self._results is None or self._results[0] != self.revision:
            surroundings = self._surroundings()
            found = results(self.indexed, run(self.indexed, surroundings), surroundings.today)
            self._results = (self.revision, found)
        return self._results[1]

    @property
    def counts(self) -> Counter[str]:
        """How many findings of each level are not accepted."""
        return Counter(result.finding.level for result in self.results if not result.waived)

    @property
    def levels(self) -> Mapping[Path, str]:
        """The worst level at each path that a finding points at, and at every record and list around it."""
        if self._levels is None or self._levels[0] != self.revision:
            levels: dict[Path, str] = {}
            for result in self.results:
                if not result.waived:
                    level = result.finding.level
                    for end in range(1, len(result.finding.path) + 1):
                        here = result.finding.path[:end]
                        if _ORDER[level] < _ORDER.get(levels.get(here, ""), 9):
                            levels[here] = level
            self._levels = (self.revision, levels)
        return self._levels[1]

    def results_where(self, concerns: Callable[[Path], bool]) -> list[Result]:
        """The findings whose path concerns the asker, the worst first; accepted ones are left out."""
        found = [each for each in self.results if not each.waived and concerns(each.finding.path)]
        return sorted(found, key=lambda each: _ORDER[each.finding.level])

    def results_at(self, path: Path) -> list[Result]:
        """The findings at a path or inside it, the worst first; accepted ones are left out."""
        return self.results_where(lambda each: each[: len(path)] == path)

    # Changing

    @property
    def is_production(self) -> bool:
        """Whether this is the set-up of a production pod."""
        return self.indexed.environment == "production"

    @property
    def locked(self) -> bool:
        """Whether the file may not be changed: production, until its name was typed."""
        return self.is_production and not self.unlocked

    def why_locked(self) -> Refused | None:
        """The refusal of every change while the profile is locked."""
        if not self.locked:
            return None
        return Refused(f"{self.name} is production and read-only", "unlock it by typing its name")

    def unlock(self, name: str) -> Outcome:
        """Allow changes of a production profile's file for this run, when its name was typed."""
        if name != self.name:
            return Refused(f"that is not the name of {self.name}", f"type {self.name}")
        self.unlocked = True
        return Done(f"{self.name} can be changed")

    def edit(self, plan: Plan, reason: str = "") -> Outcome:
        """Carry out a plan as one change that can be undone. The only gate to the profile's data."""
        if (refusal := self.why_locked()) is not None:
            return refusal
        if plan.operations:
            performed = tuple(self.document.perform(operation) for operation in plan.operations)
            self._done.append(Step(plan.label, performed, self._keep(plan.label, performed, reason)))
            self._undone.clear()
            self.revision += 1
        return Done(plan.label)

    def undo(self) -> Outcome:
        """Take back the last change."""
        if (refusal := self.why_locked()) is not None:
            return refusal
        if not self._done:
            return Refused("nothing to undo")
        step = self._done.pop()
        for operation in reversed(step.operations):
            self.document.perform(inverse(operation))
        self._undone.append(step)
        self._mark(step, undone=True)
        self.revision += 1
        return Done(f"undone: {step.label}")

    def redo(self) -> Outcome:
        """Do again what was taken back last."""
        if (refusal := self.why_locked()) is not None:
            return refusal
        if not self._undone:
            return Refused("nothing to redo")
        step = self._undone.pop()
        for operation in step.operations:
            self.document.perform(operation)
        self._done.append(step)
        self._mark(step, undone=False)
        self.revision += 1
        return Done(f"done again: {step.label}")

    # Saving

    def save(self, *, overwrite: str | None = None) -> Outcome | FileChanged:
        """Write the file, unless another program changed it.

        `overwrite` is the hash of the changed file that was looked at and may be replaced all the same.
        """
        if (refusal := self.why_locked()) is not None:
            return refusal
        content = self.document.to_bytes()
        if isinstance(content, CannotWrite):
            return Refused(content.message, content.fix)
        written = write_file(self.path, content, overwrite or self.file_hash)
        if isinstance(written, ChangedOnDisk):
            return FileChanged(written.hash, self._differences())
        if isinstance(written, Failed):
            return Refused(written.message, f"{written.fix}; the unsaved changes are kept")
        self._now_saved(content, written.hash)
        return Done(f"saved {self.path.name}")

    def changed_on_disk(self) -> bool:
        """Whether the file is no longer the one that was read or written last. Reads the file only if it looks new."""
        try:
            status = self.path.stat()
        except OSError:
            return self.file_hash is not None
        mark = (status.st_mtime_ns, status.st_size, status.st_ino)
        if mark == self._mark_on_disk:
            return False
        changed = read_hash(self.path) != self.file_hash
        if not changed:
            self._mark_on_disk = mark
        return changed

    def refresh(self) -> Outcome:
        """Take in what other programs wrote: the file is read again when nothing here is unsaved, else merged."""
        self.revision += 1
        if not self.changed_on_disk():
            return Done("checked anew; the file is the one that was read")
        return self.merge_from_disk()

    def discard(self) -> Outcome:
        """Go back to what the file holds. What was not saved can be brought back with redo."""
        if (refusal := self.why_locked()) is not None:
            return refusal
        count = self.unsaved
        while self.unsaved and self._done != list(self._saved[: len(self._done)]):
            self.undo()
        while self.unsaved and self._undone:
            self.redo()
        if self.changed_on_disk():
            document = self._read_again()
            if not isinstance(document, Document):
                return document
            self.document = document
            self._restart([])
            return Done(f"read {self.path.name} again; {count} unsaved changes left out")
        return Done(f"{count} unsaved changes taken back; redo brings them back")

    def merge_from_disk(self) -> Outcome:
        """Read the file again and make the unsaved changes on top of it.

        A change whose place is gone or was changed by the other program as well is left out and told.
        """
        mine = [operation for step in self._unsaved_steps() for operation in step.operations]
        places = [(operation, self.indexed.place(operation.path)) for operation in mine]
        document = self._read_again()
        if not isinstance(document, Document):
            return document
        lost = []
        self.document = document
        kept = []
        for operation, place in places:
            path = resolve(document.data, place)
            moved = replace(operation, path=path, trace=None) if isinstance(path, tuple) else None
            if moved is not None and fits(document.data, moved):
                kept.append(document.perform(moved))
            else:
                lost.append(str(place))
        self._restart([Step("Changes made before the file was read again", tuple(kept))] if kept else [])
        words = f"read {self.path.name} again"
        if kept:
            words += f"; {len(kept)} unsaved changes kept"
        return Done(f"{words}; not kept, changed there too: {', '.join(lost)}" if lost else words)

    def keep_draft(self) -> None:
        """Nothing is left to do: every change is in the journal from the moment it was made."""

    def _keep(self, label: str, operations: tuple[Operation, ...], reason: str) -> int:
        return 0

    def _mark(self, step: Step, *, undone: bool) -> None:
        return

    def _unsaved_steps(self) -> list[Step]:
        return self._done[len(self._done) - self.unsaved :] if self.unsaved <= len(self._done) else self._done

    def _read_again(self) -> Document | Refused:
        content = read_file(self.path)
        if isinstance(content, Unreadable):
            return Refused(content.message, content.fix)
        document = Document.from_bytes(content)
        if isinstance(document, list):
            return Refused(str(NotReadable(self.path, tuple(document))))
        self._base, self.file_hash = content, content_hash(content)
        return document

    def _restart(self, steps: list[Step]) -> None:
        self._done, self._undone, self._saved = steps, [], ()
        self.revision += 1

    def _now_saved(self, content: bytes, file_hash: str) -> None:
        self._base, self.file_hash = content, file_hash
        self._saved = tuple(self._done)

    def _differences(self) -> tuple[str, ...]:
        return ()


_ORDER = {"error": 0, "warning": 1, "info": 2}
