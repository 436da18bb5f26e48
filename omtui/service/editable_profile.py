"""A profile that can be changed: every change is one step that can be undone, also in a later run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from omtui.problem import Done, Outcome, Problem
from omtui.service.editing import Plan
from omtui.service.open_profile import OpenProfile
from omtui.store.change import MISSING, Operation, Set, same
from omtui.store.database import now
from omtui.store.document import Document
from omtui.store.rebase import reapply

if TYPE_CHECKING:
    from omtui.checks.finding import CheckContext
    from omtui.store.journal import Journal, ProfileJournal
    from omtui.store.splice import Splice
    from omtui.store.step import Draft, RunState, Step

NEEDED_TO_READ = (("schema",), ("profile",), ("profile", "name"), ("profile", "environment"))


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


class EditableProfile(OpenProfile):
    """An open profile with its changes. A command `keeps_drafts` of nothing: what it cannot save is not done."""

    def __init__(
        self,
        path: FilePath,
        document: Document,
        content: bytes,
        surroundings: Callable[[], CheckContext],
        journal: Callable[[], Journal],
        *,
        keeps_drafts: bool = True,
    ) -> None:
        super().__init__(path, document, content, surroundings)
        self._open_journal = journal
        self._keeps_drafts = keeps_drafts
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._saved: tuple[Step, ...] = ()
        """The changes that the file holds, of those that can be undone."""
        self._times: dict[int, str] = {}
        """When changes were undone or done again last (UTC), by their numbers."""
        self._has_history = False
        self._news = ""
        self._trouble_said = ""
        self._fields_counted = (-1, 0)

    @cached_property
    def _journal(self) -> ProfileJournal:
        """The journal of this profile. Only what changes the profile, or asks for a draft, opens it."""
        return self._open_journal().of(self.path)

    @property
    def _run_state(self) -> RunState:
        from omtui.store.step import RunState  # what only reads a profile knows nothing of changes

        stacks = (self._saved, tuple(self._done), tuple(reversed(self._undone)))
        return RunState(*stacks, base=self.base, base_hash=self.file_hash, times=self._times)

    @property
    def unsaved(self) -> int:
        """How many changes separate what is shown from the file."""
        return self._run_state.count

    @property
    def unsaved_fields(self) -> int:
        """How many fields and records are other than in the file."""
        if not self.unsaved:
            return 0
        if self._fields_counted[0] != self.revision:
            from omtui.store.differing import differing  # what only reads a profile knows nothing of changes

            self._fields_counted = (self.revision, differing(self.unsaved_operations()))
        return self._fields_counted[1]

    def unsaved_operations(self) -> list[Operation]:
        """What leads from the file, as it was read or written last, to the profile as it is now."""
        return self._run_state.operations if self._done or self._saved else []

    def edit(self, plan: Plan, reason: str = "", *, text: bytes | None = None) -> Outcome:
        """Carry out a plan as one change that can be undone. The only gate to the profile's data.

        `text` is a content of the file that says what the profile says then, to be used in place of the least change.
        """
        if (refusal := self.why_locked()) is not None:
            return refusal
        if (unreadable := _cannot_go(plan)) is not None:
            return unreadable
        if plan.operations or (text is not None and text != self.document.to_bytes()):
            self._recall()
            before = self.document.text()
            performed = tuple(self.document.perform(operation) for operation in plan.operations)
            given = Document.from_bytes(text) if text is not None else []
            if isinstance(given, Document) and same(given.data, self.data):
                self.document.use_text(given.text())
            self._add(plan.label, performed, before, reason, plan.returns_to)
        return Done(plan.label)

    def undo(self) -> Outcome:
        """Take back the last change, also one of an earlier run."""
        return self._walked(self._done, self._step_back, "undo", "undone")

    def redo(self) -> Outcome:
        """Do again what was taken back last."""
        return self._walked(self._undone, self._step_forward, "redo", "done again")

    def _walked(self, steps: list[Step], walk: Callable[[], bool], verb: str, done: str) -> Outcome:
        if (refusal := self.why_locked()) is not None:
            return refusal
        self._recall()
        if not steps:
            return Problem(f"nothing to {verb}", "" if self._has_history else self.trouble)
        label = steps[-1].label
        if not walk():
            return Problem(f"{label} cannot be {done}: the profile says something else there now", "change it by hand")
        self._changed()
        return Done(f"{done}: {label}")

    def _step_back(self) -> bool:
        """Take back the last change; false when it does not fit what the profile says now."""
        step = self._done[-1]
        splice = step.splice or self._splice_of(self._done)
        back = self._made(step, step.back, splice.inverse() if splice else None)
        if back is None:
            return False
        self._done.pop()
        self._undone.append(back)
        self._times[step.number] = now()
        return True

    def _step_forward(self) -> bool:
        """Do again what was taken back last; false when it does not fit what the profile says now."""
        step = self._undone[-1]
        done = self._made(step, step.operations, step.splice)
        if done is None:
            return False
        self._undone.pop()
        self._done.append(done)
        self._times[done.number] = now()
        return True

    def _made(self, step: Step, operations: Sequence[Operation], splice: Splice | None) -> Step | None:
        """Carry out the operations of a change or those that take it back; the change as it is known from now on."""
        from omtui.store.step import new_number

        is_back = operations is not step.operations
        if splice is not None and self.document.replay(splice, operations):
            return step if step.splice else replace(step, splice=splice.inverse() if is_back else splice)
        # Not on the text that it was made for: it is written again, and what undoes that is another splice.
        before = self.document.text()
        if not operations or not self.document.perform_all(operations):
            return None
        made = self._splice_since(before)
        number = new_number() if step.splice else step.number
        return replace(step, number=number, splice=made.inverse() if is_back else made)

    def _splice_of(self, steps: Sequence[Step]) -> Splice | None:
        """What the last of these changes did to the text, where it was kept by omtui 0.1.0, which kept no splices.

        The ones before it are made again on the last content that is known to hold only some of them.
        """
        numbers = [step.number for step in steps]
        content, count = self._journal.earlier(self.file_hash, numbers) or (self.base, len(self._saved))
        document = Document.from_bytes(content)
        if isinstance(document, list) or count >= len(steps):
            return None
        earlier = [each for step in steps[count:-1] for each in step.operations]
        return self._splice_since(document.text()) if document.perform_all(earlier) else None

    def _splice_since(self, before: str) -> Splice:
        from omtui.store.splice import between

        return between(before, self.document.text())

    def _add(
        self, label: str, performed: tuple[Operation, ...], before: str, reason: str = "", returns_to: str = ""
    ) -> None:
        """A change was made; `before` is the text from before it."""
        step = self._journal.step(label, performed, self._splice_since(before), reason, returns_to)
        self._done.append(step)
        self._undone.clear()
        if step.is_private:
            self._news = "not kept for a later run: it looks like a secret, which belongs in the credential store"
        self._changed()

    def _changed(self) -> None:
        """Something was made, taken back or done again: the next look is new, and it is kept where this run is."""
        self.revision += 1
        if self._keeps_drafts:
            self._journal.keep_state(self._run_state)

    def _recall(self) -> None:
        """Take up what earlier runs did and saved, so that it can be undone. Asked until the journal answers."""
        found = None if self._has_history else self._journal.changes_in(self.file_hash)
        if found is None:
            return
        self._has_history = True
        done, undone = found
        self._done[:0] = done
        self._saved = (*done, *self._saved)
        if len(self._done) == len(done):
            self._undone[:] = reversed(undone)

    @property
    def trouble(self) -> str:
        """Why changes cannot be kept for later; empty while they can."""
        return self._open_journal().trouble or ""

    def news(self) -> str:
        """What to report now of changes that are not kept for later, each thing once; empty when there is nothing."""
        words, self._news = self._news, ""
        trouble = self.trouble
        if trouble != self._trouble_said:
            said, self._trouble_said = self._trouble_said, trouble
            words = trouble or (words or "changes are kept again" if said else words)
        return words

    def resume(self) -> Resumed | None:
        """Take up what a run that ended left unsaved; `None` when there is nothing."""
        for draft in self._journal.drafts():
            if self._journal.take(draft):
                return self._take_up(draft)
        return None

    def _take_up(self, draft: Draft) -> Resumed:
        if draft.base == self.file_hash and self._go_to(draft):
            self._has_history = True
            self._changed()
            return Resumed(draft.count, draft.at)
        self._done, self._undone, self._saved, self._has_history = [], [], (), False
        self._recall()
        base = self._journal.content(draft.base)
        if base is None and draft.base == self.file_hash:
            base = self.base
        lost = self._make_again(base, draft.operations, "Changes of an earlier run")
        return Resumed(draft.count, draft.at, lost)

    def _go_to(self, draft: Draft) -> bool:
        """Go where another run of the program was with this file; false, and nothing is done, when that cannot be."""
        self._done, self._saved = list(draft.saved), draft.saved
        while len(self._done) > draft.shared and self._step_back():
            pass
        is_there = len(self._done) == draft.shared
        self._undone = list(reversed(draft.done[draft.shared :]))
        while is_there and self._undone:
            is_there = self._step_forward()
        self._undone = list(reversed(draft.undone))
        if not is_there:
            document = Document.from_bytes(self.base)
            assert isinstance(document, Document)
            self.document = document
        return is_there

    def _make_again(self, base: bytes | None, operations: Sequence[Operation], label: str) -> tuple[str, ...]:
        """Make changes that were made on another state of the file. Returns what could not be made again, and why."""
        before = Document.from_bytes(base) if base is not None else []
        if isinstance(before, list):
            return ("the state they were made on is not kept any more",)
        text = self.document.text()
        rebased = reapply(before, operations, self.document)
        if rebased.performed:
            self._add(label, rebased.performed, text)
        return tuple(str(lost) for lost in rebased.lost)


def _cannot_go(plan: Plan) -> Problem | None:
    """Why a plan would leave a file that no one can read: what every profile must state is taken away."""
    for operation in plan.operations:
        if isinstance(operation, Set) and operation.new is MISSING and operation.path in NEEDED_TO_READ:
            where = ".".join(map(str, operation.path))
            return Problem(f"{where} cannot be left empty", "no profile is read without it")
    return None
