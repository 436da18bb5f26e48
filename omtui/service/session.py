"""One open profile: everything that changes it goes through here, from a key in the workbench or from a command."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from omtui.plain_text import plain
from omtui.problem import Done, Outcome, Problem
from omtui.service.editing import Plan
from omtui.service.ticks import Ticks
from omtui.service.walking import Walk
from omtui.setup.indexed import Indexed, rows
from omtui.setup.place import Data, Path
from omtui.setup.profile import ENVIRONMENTS, is_production
from omtui.setup.reading import ReadingFault
from omtui.setup.table import Record
from omtui.setup.values import toml_string
from omtui.store.change import MISSING, Operation, Set, apply, fits, inverse, same, value_at
from omtui.store.document import Document
from omtui.store.files import ChangedOnDisk, WrittenFile, content_hash, read_file, read_hash, write_file
from omtui.store.rebase import reapply
from omtui.store.watching import Watch, modified_at

if TYPE_CHECKING:
    from omtui.checks.finding import CheckContext, LastReview, ShownFinding
    from omtui.store.intention import Decided, Intention
    from omtui.store.journal import Journal, ProfileJournal
    from omtui.store.splice import Splice
    from omtui.store.step import Draft, RunState, Step
    from omtui.store.together import CompanionFile


@dataclass(frozen=True, slots=True)
class NotReadable:
    """The file is no profile (P0-01): what is wrong, and where."""

    path: FilePath
    faults: tuple[ReadingFault, ...]

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


class Session:
    """An open profile.

    `revision` grows with every change, so that a screen knows when to draw again. Findings and indexes are made when
    they are asked for, once for each revision. A command `keeps_drafts` of nothing: what it cannot save is not done.
    """

    def __init__(
        self,
        name: str,
        path: FilePath,
        document: Document,
        content: bytes,
        file_hash: str | None,
        surroundings: Callable[[], CheckContext],
        journal: Callable[[], Journal] | None = None,
        *,
        unlocked: bool = False,
        ticks: Ticks | None = None,
        keeps_drafts: bool = True,
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
        self._environment_in_file = self._environment
        self._keeps_drafts = keeps_drafts
        self._watch = Watch(path)
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._saved: tuple[Step, ...] = ()
        """The changes that the file holds, of those that can be undone."""
        self._times: dict[int, str] = {}
        """When changes were undone or done again last (UTC), by their numbers."""
        self._has_history = journal is None
        self._news = ""
        self._unfinished: list[Intention] = []
        """Notes of savings whose files next to the profile could not be written."""
        self._trouble_said = ""
        self._indexed: tuple[int, Indexed] | None = None
        self._results: tuple[int, list[ShownFinding]] | None = None
        self._levels: tuple[int, dict[Path, str]] | None = None
        self.last_review: LastReview | None = None
        """The last topology review that is kept on this machine, as the checks last knew it."""

    @cached_property
    def _journal(self) -> ProfileJournal | None:
        """The journal of this profile. Only what changes the profile, or asks for a draft, opens it."""
        return self._open_journal().of(self.path) if self._open_journal else None

    # Reading

    @property
    def data(self) -> Data:
        """The profile as it is now, unsaved changes included. Not to be changed but by `edit`."""
        return self.document.data

    @property
    def indexed(self) -> Indexed:
        """The profile with its indexes."""
        if self._indexed is None or self._indexed[0] != self.revision:
            self._indexed = (self.revision, Indexed(self.data))
        return self._indexed[1]

    def value(self, path: Path) -> object:
        """What is at a path; `MISSING` when nothing is."""
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
    def results(self) -> list[ShownFinding]:
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
        """Whether `results` are those of the profile as it is now."""
        return self._results is not None and self._results[0] == self.revision

    def check(self) -> None:
        """Find out again what is wrong."""
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

    def results_where(self, concerns: Callable[[Path], bool]) -> list[ShownFinding]:
        """The findings whose path concerns the asker, the worst first; accepted ones are left out."""
        found = [each for each in self.results if not each.waived and concerns(each.finding.path)]
        return sorted(found, key=lambda each: _ORDER[each.finding.level])

    def results_at(self, path: Path) -> list[ShownFinding]:
        """The findings at a path or inside it, the worst first; accepted ones are left out."""
        return self.results_where(lambda each: each[: len(path)] == path)

    # Changing

    @property
    def is_production(self) -> bool:
        """Whether this is taken for the set-up of a production pod: the file, or what is shown of it now."""
        return is_production(self._environment_in_file) or is_production(self._environment)

    @property
    def _environment(self) -> str:
        return str(value_at(self.data, ("profile", "environment")))

    @property
    def own_name(self) -> str:
        """The name that unlocks it: that of the file itself, whichever links lead to it."""
        return FilePath(os.path.realpath(self.path)).name.removesuffix(".toml")

    @property
    def locked(self) -> bool:
        """Whether the file may not be changed: production, until its name was typed."""
        return self.is_production and not self.unlocked

    def why_locked(self) -> Problem | None:
        """The refusal of every change while the profile is locked."""
        return refusal_of(self.name, self.own_name, self._environment) if self.locked else None

    def unlock(self, name: str) -> Outcome:
        """Allow changes of a production profile's file for this run, when its name was typed."""
        if name != self.own_name:
            return Problem(f"that is not the name of {plain(self.name)}", f"type {plain(self.own_name)}")
        self.unlocked = True
        return Done(f"{self.name} can be changed")

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
            written = Document.from_bytes(text) if text is not None else []
            if isinstance(written, Document) and same(written.data, self.data):
                self.document.use_text(written.text())
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
        from omtui.store.database import now

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
        from omtui.store.database import now

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
        from omtui.store.splice import between
        from omtui.store.step import new_number

        is_back = operations is not step.operations
        if splice is not None and self.document.replay(splice, operations):
            return step if step.splice else replace(step, splice=splice.inverse() if is_back else splice)
        # Not on the text that it was made for: it is written again, and what undoes that is another splice.
        if not operations or not self._fits(operations):
            return None
        before = self.document.text()
        for operation in operations:
            self.document.perform(operation)
        made = between(before, self.document.text())
        number = new_number() if step.splice else step.number
        return replace(step, number=number, splice=made.inverse() if is_back else made)

    def _fits(self, operations: Sequence[Operation]) -> bool:
        done: list[Operation] = []
        for operation in operations:
            if not fits(self.data, operation):
                break
            done.append(apply(self.data, operation))
        for performed in reversed(done):
            apply(self.data, inverse(performed))
        return len(done) == len(operations)

    def _splice_of(self, steps: Sequence[Step]) -> Splice | None:
        """What the last of these changes did to the text, where it was kept by omtui 0.1.0, which kept no splices.

        The ones before it are made again on the last content that is known to hold only some of them.
        """
        from omtui.store.splice import between

        numbers = [step.number for step in steps]
        found = self._journal.earlier(self.file_hash or "", numbers) if self._journal else None
        content, count = found or (self.base, len(self._saved))
        document = Document.from_bytes(content)
        if isinstance(document, list) or count >= len(steps):
            return None
        for operation in (each for step in steps[count:-1] for each in step.operations):
            if not fits(document.data, operation):
                return None
            document.perform(operation)
        return between(document.text(), self.document.text())

    def _add(
        self, label: str, performed: tuple[Operation, ...], before: str, reason: str = "", returns_to: str = ""
    ) -> None:
        """A change was made; `before` is the text from before it."""
        from omtui.store.splice import between
        from omtui.store.step import Step, new_number

        splice = between(before, self.document.text())
        if self._journal is None:
            step = Step(new_number(), "", "", label, reason, performed, splice, returns_to)
        else:
            step = self._journal.step(label, performed, splice, reason, returns_to)
        self._done.append(step)
        self._undone.clear()
        if step.is_private:
            self._news = "not kept for a later run: it looks like a secret, which belongs in the credential store"
        self._changed()

    def _changed(self) -> None:
        """Something was made, taken back or done again: the next look is new, and it is kept where this run is."""
        self.revision += 1
        if self._journal and self._keeps_drafts:
            self._journal.keep_state(self._run_state)

    @property
    def _run_state(self) -> RunState:
        from omtui.store.step import RunState

        stacks = (self._saved, tuple(self._done), tuple(reversed(self._undone)))
        return RunState(*stacks, base=self.base, base_hash=self.file_hash or "", times=self._times)

    def _recall(self) -> None:
        """Take up what earlier runs did and saved, so that it can be undone. Asked until the journal answers."""
        found = None if self._has_history or self._journal is None else self._journal.changes_in(self.file_hash or "")
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
        return (self._open_journal().trouble or "") if self._open_journal else ""

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
        if self._journal is None:
            return None
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
        base = self._journal.content(draft.base) if self._journal else None
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

    # Saving

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
        intention = self._journal and self._journal.intend(
            before,
            after,
            reason,
            found=modified_at(self.path),
            follows=not self._has_history,
            at_once=not self._keeps_drafts,
            companions=(*self.walk.written_with(renames), *companions),
            decided=decided and replace(decided, number=self._done[-1].number if self.unsaved and self._done else 0),
        )
        written = write_file(self.path, content, overwrite or self.file_hash)
        if not isinstance(written, WrittenFile):
            if self._journal and intention:
                self._journal.give_up(intention)
            if isinstance(written, ChangedOnDisk):
                return FileChanged(written.hash)
            kept = "; the unsaved changes are kept" if self._keeps_drafts else ""
            return Problem(written.message, f"{written.fix}{kept}")
        stayed = self.walk.follow(renames)
        is_whole = not [failure for each in companions if (failure := each.write()) is not None] and not stayed
        if self._journal and intention:
            self._journal.complete(intention, before.base, content, is_whole=is_whole)
            if is_whole:
                for each in self._unfinished:
                    self._journal.drop(each)
            self._unfinished = [] if is_whole else [*self._unfinished, intention]
        self.base, self.file_hash, self._saved = content, written.hash, tuple(self._done)
        self._environment_in_file = self._environment
        self._has_history = True
        self.revision += 1
        if stayed:
            later = "; the next command of omtui takes them along" if intention and intention.name else ""
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

    def unsaved_operations(self) -> list[Operation]:
        """What leads from the file, as it was read or written last, to the profile as it is now."""
        shared = 0
        for one, other in zip(self._saved, self._done, strict=False):
            if one is not other:
                break
            shared += 1
        back = [operation for step in reversed(self._saved[shared:]) for operation in step.back]
        return [*back, *(operation for step in self._done[shared:] for operation in step.operations)]

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


def environment_of(path: FilePath) -> str:
    """The environment that a file says now; empty where it says none, or cannot be read."""
    content = read_file(path)
    document = Document.from_bytes(content) if isinstance(content, bytes) else []
    return str(value_at(document.data, ("profile", "environment"))) if isinstance(document, Document) else ""


def refusal_of(name: str, own_name: str, environment: str) -> Problem:
    """The refusal of every change of a locked profile, and what unlocks it in both fronts."""
    fix = f"--unlock {plain(own_name)} allows a command to change it, U the workbench"
    if environment in ("production", *ENVIRONMENTS):
        return Problem(f"{plain(name)} is production and read-only", fix)
    said = f"environment = {toml_string(environment)}" if environment else "without an environment"
    return Problem(f"{plain(name)} is taken for production and read-only ({plain(said)})", fix)


def _cannot_go(plan: Plan) -> Problem | None:
    """Why a plan would leave a file that no one can read: what every profile must state is taken away."""
    for operation in plan.operations:
        if isinstance(operation, Set) and operation.new is MISSING and operation.path in NEEDED_TO_READ:
            where = ".".join(map(str, operation.path))
            return Problem(f"{where} cannot be left empty", "no profile is read without it")
    return None


NEEDED_TO_READ = (("schema",), ("profile",), ("profile", "name"), ("profile", "environment"))

BIG = 400_000
"""From how many bytes on a profile is checked when a person pauses, and not within every change."""

_ORDER = {"error": 0, "warning": 1, "info": 2}
