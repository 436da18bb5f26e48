"""What was done to each profile: undo and redo across restarts, drafts of unsaved changes, former states of the file.

A change is kept from the moment it is made. Where a run of the program is (what is done, what is undone, what of it the
file holds) is its *draft*: when the run ends without saving, the next one finds it. A *save* remembers which changes
the file's content holds, so that they can still be undone when it is opened again. What a save is about to do is noted
first (`omtui.store.intention`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from omtui.store.change import Operation
from omtui.store.database import now
from omtui.store.files import content_hash, read_bytes, read_hash
from omtui.store.intention import DELETE, Decided, Intention, is_alive, this_process
from omtui.store.journal_database import JournalDatabase
from omtui.store.past import Past
from omtui.store.rows import UNDOABLE, numbers_in
from omtui.store.splice import between_contents
from omtui.store.step import Draft, RunState, Step, kept, new_number, operations_text
from omtui.store.together import CompanionFile, FileMove, carry_out

if TYPE_CHECKING:
    import sqlite3

    from omtui.store.splice import Splice


class Journal(JournalDatabase):
    """The journal of a state folder. Nothing here raises; `trouble` says what is not kept."""

    def of(self, path: Path) -> ProfileJournal:
        """The journal of one profile, by its file. What a killed program left half done is completed before."""
        self.finish()
        return ProfileJournal(self, os.path.realpath(path))

    def finish(self) -> None:
        """Complete what killed programs left half done, and drop what they had not begun."""
        hashes: dict[str, set[str]] = {}
        begun = []
        for intention, is_written in reversed(self.intentions.left()):
            # What was written before another writing began was written, too.
            known = hashes.setdefault(intention.profile, {read_hash(intention.profile) or "gone"})
            is_moved = any(each.is_begun for each in intention.moves)
            if is_written or is_moved or (not intention.moves and intention.after in known):
                begun.append((intention, is_written))
                hashes.setdefault(intention.was or intention.profile, known).add(intention.before)
                continue
            self.intentions.drop(intention)
            if intention.moves:
                self.said.append(f"{intention.label}: it was broken off before anything was changed; do it again")
        for intention, is_written in reversed(begun):
            failure = None if is_written else carry_out(intention.moves, intention.companions)
            if intention.moves and not is_written:
                how = f"cannot be finished: {failure.message}; {failure.fix}" if failure else "is finished now"
                self.said.append(f"{intention.label}: it was broken off and {how}")
            if failure is None and not ProfileJournal(self, intention.profile).complete(intention):
                break  # not now: the others would not be kept either


class ProfileJournal(Past):
    """The journal of one profile."""

    # Changes and drafts

    def step(
        self,
        label: str,
        operations: Sequence[Operation],
        splice: Splice | None = None,
        reason: str = "",
        returns_to: str = "",
    ) -> Step:
        """A change that was just made."""
        texts = (operations_text(operations), splice.before if splice else "", splice.after if splice else "")
        return Step(
            new_number(), now(), self._journal.who, self._clean(label), self._clean(reason), tuple(operations), splice,
            returns_to, is_private=not all(map(self._is_clean, texts)),
        )  # fmt: skip

    def keep_state(self, state: RunState) -> bool:
        """Keep where this run is; whether that is done by now. Changes that were not kept before are kept with it."""
        key = (self._profile, self._journal.run)
        saved, done, undone = map(kept, (state.saved, state.done, state.undone))
        process = this_process()

        def work(connection: sqlite3.Connection) -> bool:
            if saved == done and not undone:
                connection.execute("DELETE FROM drafts WHERE profile = ? AND run = ?", key)
                return True
            self._keep(connection, (*saved, *done, *undone))
            self._put(connection, state.base_hash, state.base)
            stacks = (_stack(saved[-UNDOABLE:]), _stack(done[-UNDOABLE:]), _stack(undone[:UNDOABLE]))
            connection.execute(
                "INSERT OR REPLACE INTO drafts (profile, run, at, host, pid, started, base, saved, done, undone)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*key, now(), *process, state.base_hash, *stacks),
            )
            return True

        return self._journal.write(work, f"state {self._profile}")

    def drafts(self) -> list[Draft]:
        """What runs that have ended left unsaved, newest first."""

        def work(connection: sqlite3.Connection) -> list[Draft]:
            rows = connection.execute(
                "SELECT run, at, host, pid, started, base, saved, done, undone FROM drafts WHERE profile = ?"
                " ORDER BY at DESC",
                (self._profile,),
            ).fetchall()
            found = []
            for run, at, host, pid, started, base, *stacks in rows:
                if run != self._journal.run and is_alive(host, pid, started):
                    continue
                saved, done, undone = (self._steps(connection, numbers_in(stack)) for stack in stacks)
                if saved is not None and done is not None:
                    found.append(Draft(saved, done, undone or (), run=run, at=at, base=base))
            return [draft for draft in found if draft.count]

        return self._journal.read(work, [])

    def take(self, draft: Draft) -> bool:
        """Make a draft this run's own, before its changes are done again. False when another run was faster."""

        def work(connection: sqlite3.Connection) -> bool:
            mine = (self._journal.run, *this_process())
            query = "UPDATE OR REPLACE drafts SET run = ?, host = ?, pid = ?, started = ? WHERE profile = ? AND run = ?"
            return connection.execute(query, (*mine, self._profile, draft.run)).rowcount > 0

        return self._journal.write_now(work)

    def changes_in(self, file_hash: str) -> tuple[tuple[Step, ...], tuple[Step, ...]] | None:
        """The changes that a file with this hash holds, oldest first, and what can be done again, first one first.

        `None` when the journal cannot be asked.
        """

        def work(connection: sqlite3.Connection) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
            done, undone = (self._steps(connection, numbers) for numbers in self._held(connection, file_hash))
            return done or (), undone or ()

        return self._journal.read(work, None)

    # Saves

    def intend(
        self,
        before: RunState,
        after: RunState,
        reason: str = "",
        *,
        found: str = "",
        follows: bool = False,
        at_once: bool = False,
        companions: tuple[CompanionFile, ...] = (),
        decided: Decided | None = None,
    ) -> Intention:
        """Note that the file is about to be written, and where this run is before and afterwards.

        `found` is since when (UTC, ISO 8601) the file held what was there before, should that be the work of another
        program.
        """
        saved, done, undone = map(kept, (before.saved, after.done, after.undone))
        held, holds = ({step.number for step in steps} for steps in (before.saved, after.done))
        went = [step for step in reversed(before.saved) if step.number not in holds]
        came = [step for step in after.done if step.number not in held]
        splice = between_contents(before.base, after.base)
        return self._journal.intentions.add(
            Intention(
                profile=self._profile, run=self._journal.run, who=self._journal.who, before=before.base_hash,
                after=after.base_hash, found=found or now(), reason=self._clean(reason),
                splice=splice if self._is_clean(splice.before + splice.after) else None,
                steps=(*went, *came, *(each for each in undone if each not in went)), saved=_numbers_of(saved),
                done=_numbers_of(done[-UNDOABLE:]), undone=_numbers_of(undone[:UNDOABLE]), came=_numbers_of(came),
                went=_numbers_of(went), follows=follows, times=after.times, at_once=at_once, companions=companions,
                decided=decided,
            )
        )  # fmt: skip

    def intend_new(
        self, content: bytes, action: str, label: str, reason: str, companions: tuple[CompanionFile, ...] = ()
    ) -> Intention:
        """Note that the file is about to be made, for the log, and what is made next to it."""
        return self._journal.intentions.add(
            Intention(
                profile=self._profile, run=self._journal.run, who=self._journal.who, before="",
                after=content_hash(content), companions=companions, reason=self._clean(reason), action=action,
                label=self._clean(label),
            )
        )  # fmt: skip

    def intend_moves(
        self, moves: Sequence[FileMove], files: Sequence[CompanionFile], action: str, label: str
    ) -> Intention:
        """Note that the profile and what is next to it are about to get other names. The profile's move is the first.

        `files` are written with it; of the profile's own text only what follows its name.
        """
        first = moves[0]
        content = read_bytes(first.source)
        content = content if isinstance(content, bytes) else b""
        splice = next((each.splice for each in files if each.path == first.target), None)
        named = splice.applied_to(content) if splice else None
        path = self._profile if Path(first.source).is_symlink() else os.path.realpath(first.target)
        return self._journal.intentions.add(
            Intention(
                profile=path, run="", who=self._journal.who, before=content_hash(content),
                after=content_hash(content if named is None else named), splice=splice, follows=True,
                companions=tuple(files), moves=tuple(moves), was=self._profile, action=action,
                label=self._clean(label),
            )
        )  # fmt: skip

    def give_up(self, intention: Intention) -> None:
        """The file was not written. Where moved files could not be moved back, the next run of a program finishes."""
        if not any(each.is_begun for each in intention.moves):
            self.drop(intention)

    def drop(self, intention: Intention) -> None:
        """What belongs to it was done otherwise."""
        self._journal.intentions.drop(intention)

    def complete(
        self, intention: Intention, base: bytes | None = None, content: bytes | None = None, *, is_whole: bool = True
    ) -> bool:
        """The file was written: keep all that belongs to it, once. Whether that is done by now.

        Every change that was added to the file or taken out becomes an entry of the log. The contents from
        before and now are looked for where they are not given. Where a file next to it could not be written, all of it
        `is_whole` only once the next program has done that: the note stays.
        """
        if intention.action == DELETE:
            self.drop(intention)
            return True
        if content is None:
            current = read_bytes(intention.profile)
            content = current if isinstance(current, bytes) and content_hash(current) == intention.after else None
        if base is None and content is not None:
            base = intention.base(content)

        def work(connection: sqlite3.Connection) -> bool:
            query = "SELECT 1 FROM saves WHERE profile = ? AND hash = ? AND at = ?"
            if not connection.execute(query, (self._profile, intention.after, intention.at)).fetchone():
                self._complete(connection, intention, base, content)
            return True

        is_done = self._journal.write(work)
        if not is_whole:
            return is_done
        if is_done:
            self.drop(intention)
        elif self._journal.intentions.written(intention):
            self._journal.after_writing(lambda: self.drop(intention))
        return is_done


def _numbers_of(steps: Sequence[Step]) -> tuple[int, ...]:
    return tuple(step.number for step in steps)


def _stack(steps: Sequence[Step]) -> str:
    return json.dumps(_numbers_of(steps))
