"""One open profile: everything that changes it goes through here, from a key in the workbench or from a command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from omtui.problem import Done, Outcome, Problem
from omtui.service.editable_profile import EditableProfile
from omtui.service.editing import Plan
from omtui.service.open_profile import environment_of
from omtui.service.ticks import Ticks
from omtui.service.walking import Walk
from omtui.setup.reading import ReadingFault
from omtui.store.document import Document
from omtui.store.files import ChangedOnDisk, WrittenFile, content_hash, read_file, read_hash, write_file
from omtui.store.rebase import reapply
from omtui.store.watching import Watch, modified_at

if TYPE_CHECKING:
    from omtui.checks.finding import CheckContext
    from omtui.store.intention import Decided, Intention
    from omtui.store.journal import Journal
    from omtui.store.together import CompanionFile


@dataclass(frozen=True, slots=True)
class NotReadable:
    """The file is no profile (P0-01): what is wrong, and where."""

    path: FilePath
    faults: tuple[ReadingFault, ...]

    def __str__(self) -> str:
        first = self.faults[0]
        more = f" (and {len(self.faults) - 1} more)" if len(self.faults) > 1 else ""
        return f"{self.path.name}{first.at}: {first.message}; {first.fix}{more}"


@dataclass(frozen=True, slots=True)
class FileChanged:
    """Nothing was written: another program changed the file. `hash` is that of the file now; `None` when it is gone."""

    hash: str | None


class Session(EditableProfile):
    """An open profile with its file, and with its walk-through."""

    def __init__(
        self,
        path: FilePath,
        document: Document,
        content: bytes,
        surroundings: Callable[[], CheckContext],
        journal: Callable[[], Journal],
        *,
        ticks: Ticks | None = None,
        keeps_drafts: bool = True,
    ) -> None:
        super().__init__(path, document, content, surroundings, journal, keeps_drafts=keeps_drafts)
        self.walk = Walk(self, ticks or Ticks(path))
        self._watch = Watch(path)
        self._unfinished: list[Intention] = []
        """Notes of savings whose files next to the profile could not be written."""

    def save(
        self,
        *,
        reason: str = "",
        overwrite: str | None = None,
        decided: Decided | None = None,
        companions: Sequence[CompanionFile] = (),
    ) -> Outcome | FileChanged:
        """Write the file, unless another program changed it.

        `overwrite` is the hash of the changed file that was looked at and may be replaced all the same; `decided` is
        what a promotion decided, to be kept with the change that it made; `companions` are written with it.
        """
        if overwrite is not None:  # the file that is replaced is not the one that was read
            self._environment_in_file = environment_of(self.path)
        if (refusal := self.why_locked()) is not None:
            return refusal
        content = self.document.to_bytes()
        if isinstance(content, Problem):
            return content
        self._recall()
        renames = self.walk.renames()
        before = self._run_state
        after = replace(before, base=content, base_hash=content_hash(content), saved=before.done)
        intention = self._journal.intend(
            before,
            after,
            reason,
            found=modified_at(self.path),
            follows=not self._has_history,
            at_once=not self._keeps_drafts,
            companions=(*self.walk.ticks.following(renames), *companions),
            decided=decided and replace(decided, number=self._done[-1].number if self.unsaved and self._done else 0),
        )
        outcome = write_file(self.path, content, overwrite or self.file_hash)
        if not isinstance(outcome, WrittenFile):
            self._journal.give_up(intention)
            if isinstance(outcome, ChangedOnDisk):
                return FileChanged(outcome.hash)
            kept = "; the unsaved changes are kept" if self._keeps_drafts else ""
            return Problem(outcome.message, f"{outcome.fix}{kept}")
        stayed = self.walk.follow(renames)
        is_whole = not [failure for each in companions if (failure := each.write()) is not None] and not stayed
        self._journal.complete(intention, before.base, content, is_whole=is_whole)
        if is_whole:
            for each in self._unfinished:
                self._journal.drop(each)
        self._unfinished = [] if is_whole else [*self._unfinished, intention]
        self.base, self.file_hash, self._saved = content, outcome.hash, tuple(self._done)
        self._environment_in_file = self._environment
        self._has_history = True
        self.revision += 1
        if stayed:
            later = "; the next command of omtui takes them along" if intention.name else ""
            return Done(f"saved {self.path.name}; ticks of renamed records did not follow: {stayed}{later}")
        return Done(f"saved {self.path.name}")

    def lay_out(self) -> bool | Problem:
        """Give the text its canonical layout as one change, the data as they are; whether that changes anything."""
        from omtui.store.formatting import canonical

        if (refusal := self.why_locked()) is not None:
            return refusal
        content = canonical(self.document)
        if isinstance(content, Problem):
            return content
        if content == self.document.to_bytes():
            return False
        return isinstance(self.edit(Plan("Lay out the file", (), ()), text=content), Done)

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
            return Done("checked again; the file is the one that was read")
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
            count_before = len(self._done)
            self._make_again(base, mine, "Changes left out when the file was read again")
            words = f"read {self.path.name} again; {count} unsaved changes left out"
            if len(self._done) == count_before or not self._step_back():
                return Done(words)
            self._changed()
            return Done(f"{words}; redo brings them back")
        while self._done and self._done != list(self._saved[: len(self._done)]) and self._step_back():
            pass
        while self._undone and len(self._done) < len(self._saved) and self._step_forward():
            pass
        if self.unsaved and (fault := self._read_again()) is not None:
            return fault
        self._changed()
        return Done(f"{count} unsaved changes taken back; redo brings them back")

    def merge_from_disk(self) -> Outcome:
        """Read the file again and make the unsaved changes on top of it.

        A change whose place is gone or was changed by the other program as well is left out and reported.
        """
        base, mine = self.base, self.unsaved_operations()
        if (fault := self._read_again()) is not None:
            return fault
        lost = self._make_again(base, mine, "Changes made before the file was read again")
        words = f"read {self.path.name} again"
        if mine:
            words += f"; {len(mine) - len(lost)} of {len(mine)} unsaved changes kept"
        return Done(f"{words}; not kept: {'; '.join(lost)}" if lost else words)

    def catch_up(self) -> bool:
        """Make the unsaved changes again on what another program wrote. False when one of them does not fit there."""
        held = len(self._saved)
        steps = self._done[held:] if self._done[:held] == list(self._saved) else []
        before = Document.from_bytes(self.base)
        if not steps or not all(step.operations for step in steps):
            return False
        if isinstance(before, list) or self._read_again() is not None:
            return False
        for step in steps:
            text = self.document.text()
            rebased = reapply(before, step.operations, self.document)
            if rebased.lost:
                return False
            if rebased.performed:
                self._add(step.label, rebased.performed, text, step.reason, step.returns_to)
        return True

    def _read_again(self) -> Problem | None:
        """Start from what the file holds now."""
        content = read_file(self.path)
        if isinstance(content, Problem):
            return content
        document = Document.from_bytes(content)
        if isinstance(document, list):
            return Problem(str(NotReadable(self.path, tuple(document))), "the unsaved changes are kept")
        self.document, self.base, self.file_hash = document, content, content_hash(content)
        self._done, self._undone, self._saved, self._has_history = [], [], (), False
        self._recall()
        self.revision += 1
        self._environment_in_file = self._environment
        return None
