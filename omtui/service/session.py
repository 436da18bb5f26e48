"""One open profile: everything that changes it goes through here, from a key in the workbench or from a command."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from omtui.service.editing import Plan
from omtui.service.outcomes import Done, Outcome, Refused
from omtui.service.ticks import Ticks
from omtui.service.walking import Walk
from omtui.setup.indexed import Indexed, rows
from omtui.setup.place import Data, Path
from omtui.setup.reading import Fault
from omtui.setup.table import Record
from omtui.store.change import MISSING, Operation, Set, inverse, same, value_at
from omtui.store.document import Document
from omtui.store.document import Refused as CannotWrite
from omtui.store.files import ChangedOnDisk, Failed, Unreadable, content_hash, read_file, read_hash, write_file
from omtui.store.rebase import reapply
from omtui.store.watching import Watch, modified_at

if TYPE_CHECKING:
    from omtui.checks.finding import Result, Review, Surroundings
    from omtui.store.journal import Draft, Journal, Kept, ProfileJournal, Standing


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


@dataclass(frozen=True, slots=True)
class Resumed:
    """Unsaved changes of an earlier run that were taken up again, and the places of those that no longer fit."""

    count: int
    since: str
    lost: tuple[str, ...] = ()

    def __str__(self) -> str:
        changes = "1 unsaved change" if self.count == 1 else f"{self.count} unsaved changes"
        words = f"{changes} of {self.since[:16].replace('T', ' ')} UTC taken up again; ctrl+z takes back one by one"
        return f"{words}; not fitting any more: {', '.join(self.lost)}" if self.lost else words


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One change as it was made: what undo and the journal know of it. `number` is 0 when it could not be kept."""

    label: str
    operations: tuple[Operation, ...]
    number: int = 0

    @classmethod
    def of(cls, kept: Kept) -> Step:
        """A change that the journal holds."""
        return cls(kept.label, kept.operations, kept.number)


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
        content: bytes,
        file_hash: str | None,
        surroundings: Callable[[], Surroundings],
        journal: Callable[[], Journal] | None = None,
        *,
        unlocked: bool = False,
        ticks: Ticks | None = None,
    ) -> None:
        self.name = name
        self.path = path
        self.document = document
        self.file_hash = file_hash
        self.revision = 0
        self.unlocked = unlocked
        self._surroundings = surroundings
        self._open_journal = journal
        self.base = content
        """The file's content that the unsaved changes start from."""
        self.walk = Walk(self, ticks or Ticks(path))
        self._watch = Watch(path)
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._saved: tuple[Step, ...] = ()
        """The changes that the file holds, of those that can be undone."""
        self._has_history = journal is None
        self._indexed: tuple[int, Indexed] | None = None
        self._results: tuple[int, list[Result]] | None = None
        self._levels: tuple[int, dict[Path, str]] | None = None
        self.last_review: Review | None = None
        """The last topology review that is kept on this machine, as the checks last knew it."""

    @cached_property
    def _journal(self) -> ProfileJournal | None:
        """The journal of this profile. Only what changes the profile, or asks for a draft, opens it."""
        return self._open_journal().of(self.path) if self._open_journal else None

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
        """Every finding, accepted ones included, in the order of the file. Lines are not looked up.

        Of a big profile these are those of the last `check`, see `is_checked`.
        """
        if self._results is None or (self._results[0] != self.revision and not self.is_big):
            self.check()
        return self._results[1] if self._results else []

    @property
    def is_big(self) -> bool:
        """Whether checking takes so long that a person would feel it after every change."""
        return len(self.base) > BIG

    @property
    def is_checked(self) -> bool:
        """Whether `results` are those of the profile as it stands now."""
        return self._results is not None and self._results[0] == self.revision

    def check(self) -> None:
        """Find out anew what is wrong."""
        from omtui.checks.running import results, run

        surroundings = self._surroundings()
        found = results(self.indexed, run(self.indexed, surroundings), surroundings.today)
        self._results = (self.revision, found)
        self.last_review = surroundings.last_review
        self._levels = None

    @property
    def counts(self) -> Counter[str]:
        """How many findings of each level are not accepted."""
        return Counter(result.finding.level for result in self.results if not result.waived)

    @property
    def levels(self) -> Mapping[Path, str]:
        """The worst level at each path that a finding points at, and at every record and list around it."""
        if self._levels is None or not (self.is_big or self._levels[0] == self.revision):
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
        fix = f"U unlocks it in the workbench, --unlock {self.name} in a command"
        return Refused(f"{self.name} is production and read-only", fix)

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
        if (unreadable := _cannot_go(plan)) is not None:
            return unreadable
        if plan.operations:
            self._recall()
            performed = tuple(self.document.perform(operation) for operation in plan.operations)
            self._add(plan.label, performed, reason)
        return Done(plan.label)

    def undo(self) -> Outcome:
        """Take back the last change, also one of an earlier run."""
        if (refusal := self.why_locked()) is not None:
            return refusal
        self._recall()
        if not self._done:
            return Refused("nothing to undo")
        label = self._step_back()
        self._stand()
        return Done(f"undone: {label}")

    def redo(self) -> Outcome:
        """Do again what was taken back last."""
        if (refusal := self.why_locked()) is not None:
            return refusal
        self._recall()
        if not self._undone:
            return Refused("nothing to redo")
        label = self._step_forward()
        self._stand()
        return Done(f"done again: {label}")

    def _step_back(self) -> str:
        step = self._done.pop()
        for operation in reversed(step.operations):
            self.document.perform(inverse(operation))
        self._undone.append(step)
        return step.label

    def _step_forward(self) -> str:
        step = self._undone.pop()
        for operation in step.operations:
            self.document.perform(operation)
        self._done.append(step)
        return step.label

    def _add(self, label: str, performed: tuple[Operation, ...], reason: str = "") -> None:
        number = self._journal.keep(label, performed, self._standing, reason) if self._journal else 0
        self._done.append(Step(label, performed, number))
        self._undone.clear()
        self.revision += 1

    def _stand(self) -> None:
        """Something was taken back or done again: the next look is new, and the journal knows where this run stands."""
        self.revision += 1
        if self._journal:
            self._journal.stand(self._standing)

    @property
    def _standing(self) -> Standing:
        from omtui.store.journal import Standing

        saved, done, undone = (
            tuple(step.number for step in steps) for steps in (self._saved, self._done, reversed(self._undone))
        )
        return Standing(self.base, self.file_hash or "", saved, done, undone)

    def _recall(self) -> None:
        """Take up what earlier runs did and saved, so that it can be undone. Asked once, when first needed."""
        if not self._has_history and self._journal:
            self._has_history = True
            done, undone = self._journal.standing(self.file_hash or "")
            self._done = [Step.of(kept) for kept in done]
            self._undone = [Step.of(kept) for kept in reversed(undone)]
            self._saved = tuple(self._done)

    @property
    def trouble(self) -> str:
        """Why changes cannot be kept for later; empty while they can."""
        return (self._open_journal().trouble or "") if self._open_journal else ""

    def resume(self) -> Resumed | None:
        """Take up what a run that ended left unsaved; `None` when there is nothing."""
        if self._journal is None:
            return None
        for draft in self._journal.drafts():
            if self._journal.take(draft):
                return self._take_up(draft)
        return None

    def _take_up(self, draft: Draft) -> Resumed:
        self._has_history = True
        if draft.base == self.file_hash:
            self._done = [Step.of(kept) for kept in draft.saved]
            self._saved = tuple(self._done)
            while len(self._done) > draft.shared:
                self._step_back()
            self._undone = [Step.of(kept) for kept in reversed(draft.done[draft.shared :])]
            while self._undone:
                self._step_forward()
            self._undone = [Step.of(kept) for kept in reversed(draft.undone)]
            self._stand()
            return Resumed(draft.count, draft.at)
        self._has_history = False
        self._recall()
        base = self._journal.content(draft.base) if self._journal else None
        lost = self._make_again(base, draft.operations, "Changes of an earlier run")
        return Resumed(draft.count, draft.at, lost)

    # Saving

    def save(self, *, reason: str = "", overwrite: str | None = None) -> Outcome | FileChanged:
        """Write the file, unless another program changed it.

        `overwrite` is the hash of the changed file that was looked at and may be replaced all the same.
        """
        if (refusal := self.why_locked()) is not None:
            return refusal
        content = self.document.to_bytes()
        if isinstance(content, CannotWrite):
            return Refused(content.message, content.fix)
        found = modified_at(self.path)
        renames = self.walk.renames()
        written = write_file(self.path, content, overwrite or self.file_hash)
        if isinstance(written, ChangedOnDisk):
            return FileChanged(written.hash)
        if isinstance(written, Failed):
            return Refused(written.message, f"{written.fix}; the unsaved changes are kept")
        before = self._standing
        self.base, self.file_hash, self._saved = content, written.hash, tuple(self._done)
        if self._journal:
            self._journal.saved(before, self._standing, reason, found=found)
        self.revision += 1
        if stayed := self.walk.follow(renames):
            return Done(f"saved {self.path.name}; ticks of renamed records did not follow: {stayed}")
        return Done(f"saved {self.path.name}")

    def lay_out(self) -> bool | Refused:
        """Give the text its canonical layout, the data as they are; whether that changes anything. Saved like a change.

        What was done before can still be undone.
        """
        from omtui.store.formatting import canonical

        if (refusal := self.why_locked()) is not None:
            return refusal
        content = canonical(self.document)
        if isinstance(content, CannotWrite):
            return Refused(content.message, content.fix)
        return self.use_text(content)

    def use_text(self, content: bytes) -> bool:
        """Give the text a form that says the same data; whether that changes anything. Saved like a change."""
        document = Document.from_bytes(content)
        if isinstance(document, list) or content == self.document.to_bytes() or not same(document.data, self.data):
            return False
        self._recall()
        self.document = document
        self.revision += 1
        return True

    def changed_on_disk(self) -> bool:
        """Whether the file is no longer the one that was read or written last."""
        return read_hash(self.path) != self.file_hash

    def is_stale(self) -> bool:
        """Like `changed_on_disk`, but true once only for each state of the file, and cheap while nothing happens."""
        return self._watch.changed() and self.changed_on_disk()

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
        if self.changed_on_disk():
            base, mine = self.base, self.unsaved_operations()
            if (fault := self._read_again()) is not None:
                return fault
            standing = len(self._done)
            self._make_again(base, mine, "Changes left out when the file was read again")
            words = f"read {self.path.name} again; {count} unsaved changes left out"
            if len(self._done) == standing:
                return Done(words)
            self._step_back()
            self._stand()
            return Done(f"{words}; redo brings them back")
        while self._done and self._done != list(self._saved[: len(self._done)]):
            self._step_back()
        while self._undone and len(self._done) < len(self._saved):
            self._step_forward()
        self._stand()
        return Done(f"{count} unsaved changes taken back; redo brings them back")

    def merge_from_disk(self) -> Outcome:
        """Read the file again and make the unsaved changes on top of it.

        A change whose place is gone or was changed by the other program as well is left out and told.
        """
        base, mine = self.base, self.unsaved_operations()
        if (fault := self._read_again()) is not None:
            return fault
        lost = self._make_again(base, mine, "Changes made before the file was read again")
        words = f"read {self.path.name} again"
        if mine:
            words += f"; {len(mine) - len(lost)} of {len(mine)} unsaved changes kept"
        return Done(f"{words}; not kept: {'; '.join(lost)}" if lost else words)

    def unsaved_operations(self) -> list[Operation]:
        """What leads from the file, as it was read or written last, to the profile as it stands."""
        shared = 0
        for one, other in zip(self._saved, self._done, strict=False):
            if one is not other:
                break
            shared += 1
        back = [inverse(op) for step in reversed(self._saved[shared:]) for op in reversed(step.operations)]
        return [*back, *(operation for step in self._done[shared:] for operation in step.operations)]

    def _make_again(self, base: bytes | None, operations: Sequence[Operation], label: str) -> tuple[str, ...]:
        """Make changes that were made on another state of the file. Returns what could not be made again, and why."""
        before = Document.from_bytes(base) if base is not None else []
        if isinstance(before, list):
            return ("the state they were made on is not kept any more",)
        rebased = reapply(before, operations, self.document)
        if rebased.performed:
            self._add(label, rebased.performed)
        return tuple(str(lost) for lost in rebased.lost)

    def _read_again(self) -> Refused | None:
        """Start from what the file holds now."""
        content = read_file(self.path)
        if isinstance(content, Unreadable):
            return Refused(content.message, content.fix)
        document = Document.from_bytes(content)
        if isinstance(document, list):
            return Refused(str(NotReadable(self.path, tuple(document))), "the unsaved changes are kept")
        self.document, self.base, self.file_hash = document, content, content_hash(content)
        self._done, self._undone, self._saved, self._has_history = [], [], (), False
        self._recall()
        self.revision += 1
        return None


def _cannot_go(plan: Plan) -> Refused | None:
    """Why a plan would leave a file that no one can read: what every profile must state is taken away."""
    for operation in plan.operations:
        if isinstance(operation, Set) and operation.new is MISSING and operation.path in NEEDED_TO_READ:
            where = ".".join(map(str, operation.path))
            return Refused(f"{where} cannot be left empty", "no profile is read without it")
    return None


NEEDED_TO_READ = (("schema",), ("profile",), ("profile", "name"), ("profile", "environment"))

BIG = 400_000
"""From how many bytes on a profile is checked when a person pauses, and not within every change."""

_ORDER = {"error": 0, "warning": 1, "info": 2}
