"""What was done to each profile: undo and redo across restarts, drafts of unsaved changes, former states of the file.

A change is kept from the moment it is made. Where a run of the program is (what is done, what is undone, what of it the
file holds) is its *draft*: when the run ends without saving, the next one finds it. A *save* remembers which changes
the file's content holds, so that they can still be undone when it is opened again. What a save is about to do is noted
first (`omtui.store.intention`).
"""

from __future__ import annotations

import json
import os
import socket
import zlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from omtui.plain_text import plain
from omtui.store.change import Operation, to_json
from omtui.store.changelog import Entry, append, broken_at, read
from omtui.store.database import AT_ONCE, Database, now
from omtui.store.files import content_hash, read_bytes, read_hash, write_file
from omtui.store.intention import Beside, Decided, Intention, Intentions, is_alive, this_process
from omtui.store.splice import between
from omtui.store.step import Step, new_number, operations_from, operations_text, packed, unpacked

if TYPE_CHECKING:
    import sqlite3

    from omtui.store.splice import Splice
    from omtui.store.writer import Writer

Found = TypeVar("Found")

UNDOABLE = 200
"""How many changes can be undone after a restart."""

KEPT_SAVES = 200
"""How many former states of a profile's file are kept."""

KEPT_BASES = 20
"""How many promotions from one source are remembered, so that the last ones can be taken back."""

Redact = Callable[[str], str]
"""Gives a text without what looks like a secret."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a run is, oldest first: what is done, what the file holds of it (`saved`).

    `undone` can be done again, the first one first. `base` is the content of the file, `base_hash` its hash.
    """

    base: bytes
    base_hash: str
    saved: tuple[Step, ...] = ()
    done: tuple[Step, ...] = ()
    undone: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """Where a run that has ended was: `saved` changes are in the file with the hash `base`, `done` ones should be."""

    run: str
    at: str
    base: str
    saved: tuple[Step, ...]
    done: tuple[Step, ...]
    undone: tuple[Step, ...]

    @property
    def shared(self) -> int:
        """How many changes the file holds that are still done."""
        count = 0
        for one, other in zip(self.saved, self.done, strict=False):
            if one.number != other.number:
                break
            count += 1
        return count

    @property
    def count(self) -> int:
        """How many changes separate it from the file."""
        return len(self.saved) + len(self.done) - 2 * self.shared

    @property
    def operations(self) -> list[Operation]:
        """What leads from the file to the draft."""
        back = [each for step in reversed(self.saved[self.shared :]) for each in step.back]
        return back + [each for step in self.done[self.shared :] for each in step.operations]


@dataclass(frozen=True, slots=True)
class Saved:
    """A former state of a profile's file. `who` is empty where it was found as another program had written it."""

    at: str
    who: str
    hash: str


@dataclass(frozen=True, slots=True)
class Base:
    """What a promotion decided, and when (UTC)."""

    at: str
    content: bytes


class Journal:
    """The journal of a state folder. Nothing here raises; `trouble` says what is not kept.

    In the `background` writing takes place in a thread: nothing waits for another program that holds the journal.
    """

    def __init__(
        self, folder: Path, *, who: str | None = None, redact: Redact | None = None, background: bool = False
    ) -> None:
        self._database = Database(folder)
        self._intentions = Intentions(folder)
        self._who = who
        self._redact = redact
        self._writer: Writer | None = None
        if background:
            from omtui.store.writer import Writer

            self._writer = Writer(self._database)
        self.run = f"{os.getpid()}-{os.urandom(4).hex()}"

    @property
    def trouble(self) -> str | None:
        """Why something is not kept, and what to do; `None` while all is well."""
        return self._database.trouble

    @cached_property
    def who(self) -> str:
        """Who edits: the name that the system knows the user by, and what the environment says where that differs."""
        return self._who or _person()

    def of(self, path: Path) -> ProfileJournal:
        """The journal of one profile, by its file. What a killed program left half done is completed before."""
        self._complete_left()
        return ProfileJournal(self, os.path.realpath(path))

    def end(self, patience: float) -> bool:
        """Wait until all is written, so many seconds at most; whether it is."""
        return self._writer is None or self._writer.flush(patience)

    def write(self, work: Callable[[sqlite3.Connection], bool], key: str = "") -> bool:
        """Have something written; whether it is by now. It takes the place of the last one with the same key."""
        if self._writer is not None:
            return self._writer.put(work, key)
        return self._database.use(work, False)

    def read(self, work: Callable[[sqlite3.Connection], Found], otherwise: Found) -> Found:
        """Ask the database; the other value when it cannot be used."""
        return self._database.use(work, otherwise, writes=False, patience=AT_ONCE if self._writer else None)

    def _complete_left(self) -> None:
        hashes: dict[str, set[str]] = {}
        for intention, is_written in reversed(left := self._intentions.left()):
            # What was written before another writing began was written, too.
            known = hashes.setdefault(intention.profile, {read_hash(intention.profile) or "gone"})
            if is_written or intention.after in known:
                known.add(intention.before)
            else:
                self._intentions.drop(intention)
        for intention, is_written in left:
            if is_written or intention.after in hashes[intention.profile]:
                ProfileJournal(self, intention.profile).complete(intention)


class ProfileJournal:
    """The journal of one profile."""

    def __init__(self, journal: Journal, profile: str) -> None:
        self._journal = journal
        self._profile = profile
        self._redact = journal._redact
        self._intentions = journal._intentions

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

    def stand(self, standing: Standing) -> bool:
        """Keep where this run is; whether that is done by now. Changes that were not kept before are kept with it."""
        key = (self._profile, self._journal.run)
        saved, done, undone = map(_kept, (standing.saved, standing.done, standing.undone))
        process = this_process()

        def work(connection: sqlite3.Connection) -> bool:
            if saved == done and not undone:
                connection.execute("DELETE FROM drafts WHERE profile = ? AND run = ?", key)
                return True
            self._keep(connection, (*saved, *done, *undone))
            self._put(connection, standing.base_hash, standing.base)
            stacks = (_stack(saved[-UNDOABLE:]), _stack(done[-UNDOABLE:]), _stack(undone[:UNDOABLE]))
            connection.execute(
                "INSERT OR REPLACE INTO drafts (profile, run, at, host, pid, started, base, saved, done, undone)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*key, now(), *process, standing.base_hash, *stacks),
            )
            return True

        return self._journal.write(work, f"stand {self._profile}")

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
                saved, done, undone = (self._steps(connection, _numbers(stack)) for stack in stacks)
                if saved is not None and done is not None:
                    found.append(Draft(run, at, base, saved, done, undone or ()))
            return [draft for draft in found if draft.count]

        return self._journal.read(work, [])

    def take(self, draft: Draft) -> bool:
        """Make a draft this run's own, before its changes are done again. False when another run was faster."""

        def work(connection: sqlite3.Connection) -> bool:
            mine = (self._journal.run, *this_process())
            query = "UPDATE OR REPLACE drafts SET run = ?, host = ?, pid = ?, started = ? WHERE profile = ? AND run = ?"
            return connection.execute(query, (*mine, self._profile, draft.run)).rowcount > 0

        return self._journal._database.use(work, False)

    def forget(self, draft: Draft) -> None:
        """Give a draft up."""
        self._change("DELETE FROM drafts WHERE profile = ? AND run = ?", (self._profile, draft.run))

    def standing(self, file_hash: str) -> tuple[tuple[Step, ...], tuple[Step, ...]] | None:
        """The changes that a file with this hash holds, oldest first, and what can be done again, first one first.

        `None` when the journal cannot be asked.
        """

        def work(connection: sqlite3.Connection) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
            done, undone = (self._steps(connection, numbers) for numbers in self._held(connection, file_hash))
            return done or (), undone or ()

        return self._journal.read(work, None)

    def _held(self, connection: sqlite3.Connection, file_hash: str) -> tuple[list[int], list[int]]:
        query = "SELECT done, undone FROM saves WHERE profile = ? AND hash = ? ORDER BY id DESC LIMIT 1"
        row = connection.execute(query, (self._profile, file_hash)).fetchone() or ("[]", "[]")
        return _numbers(row[0]), _numbers(row[1])

    def earlier(self, file_hash: str, numbers: Sequence[int]) -> tuple[bytes, int] | None:
        """The last content that held only the first of these changes, before the file with this hash; how many."""

        def work(connection: sqlite3.Connection) -> tuple[bytes, int] | None:
            query = (
                "SELECT hash, done FROM saves WHERE profile = :p AND id <="
                " (SELECT max(id) FROM saves WHERE profile = :p AND hash = :h) ORDER BY id DESC"
            )
            for digest, stack in connection.execute(query, {"p": self._profile, "h": file_hash}).fetchall():
                last = _numbers(stack)[-1:]
                count = numbers.index(last[0]) + 1 if last and last[0] in numbers else 0
                if count < len(numbers) and (count or not last) and (content := _get(connection, digest)) is not None:
                    return content, count
            return None

        return self._journal.read(work, None)

    # Saves

    def intend(
        self,
        before: Standing,
        after: Standing,
        reason: str = "",
        *,
        found: str = "",
        follows: bool = False,
        times: dict[int, str] | None = None,
        beside: tuple[Beside, ...] = (),
        decided: Decided | None = None,
    ) -> Intention:
        """Note that the file is about to be written, and where this run is before and afterwards.

        `found` is since when (UTC, ISO 8601) the file held what was there before, should that be the work of another
        program.
        """
        found = found or now()
        saved, done, undone = map(_kept, (before.saved, after.done, after.undone))
        held, holds = ({step.number for step in steps} for steps in (before.saved, after.done))
        went = [step for step in reversed(before.saved) if step.number not in holds]
        came = [step for step in after.done if step.number not in held]
        text, written = (each.base.decode("utf-8", "surrogateescape") for each in (before, after))
        splice = between(text, written)
        return self._intentions.add(
            Intention(
                self._profile, self._journal.run, now(), self._journal.who, before.base_hash, after.base_hash, found,
                self._clean(reason), splice if self._is_clean(splice.before + splice.after) else None,
                (*went, *came, *(each for each in undone if each not in went)),
                _numbers_of(saved), _numbers_of(done[-UNDOABLE:]), _numbers_of(undone[:UNDOABLE]),
                _numbers_of(came), _numbers_of(went), follows, times or {}, beside, decided, process=this_process(),
            )
        )  # fmt: skip

    def intend_new(self, content: bytes, action: str, label: str, reason: str) -> Intention:
        """Note that the file is about to be made, for the log."""
        return self._intentions.add(
            Intention(
                self._profile, self._journal.run, now(), self._journal.who, "", content_hash(content),
                reason=self._clean(reason), action=action, label=self._clean(label), process=this_process(),
            )
        )  # fmt: skip

    def give_up(self, intention: Intention) -> None:
        """The file was not written."""
        self._intentions.drop(intention)

    def complete(self, intention: Intention, base: bytes | None = None, content: bytes | None = None) -> bool:
        """The file was written: keep all that belongs to it, once. Whether that is done by now.

        Every change that came into the file or was taken out of it becomes an entry of the log. The contents from
        before and now are looked for where they are not given.
        """
        for file in intention.beside:
            if read_hash(file.path) == file.before:
                write_file(file.path, file.after.encode(), file.before)
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

        def dropping(connection: sqlite3.Connection) -> bool:
            self._intentions.drop(intention)
            return True

        is_done = self._journal.write(work)
        if is_done:
            self._intentions.drop(intention)
        elif self._intentions.written(intention) and self._journal._writer:
            self._journal._writer.put(dropping)
        return is_done

    def _complete(
        self, connection: sqlite3.Connection, intention: Intention, base: bytes | None, content: bytes | None
    ) -> None:
        self._keep(connection, [step for step in intention.steps if not step.is_private])
        earlier = self._held(connection, intention.before)[0] if intention.follows else []
        query = "SELECT hash FROM saves WHERE profile = ? ORDER BY id DESC LIMIT 1"
        last = connection.execute(query, (self._profile,)).fetchone()
        is_found = base is not None and (last is None or last[0] != intention.before)
        if is_found and base is not None and self._put(connection, intention.before, base):
            # What was there was not written by this journal: it can be looked at and brought back all the same.
            at = min(intention.found or intention.at, intention.at)
            self._save(connection, intention.before, at, "", intention.saved)
        if content is not None:
            self._put(connection, intention.after, content)
        done = (*earlier, *intention.done)[-UNDOABLE:]
        self._save(connection, intention.after, intention.at, intention.who, done, intention.undone)
        connection.execute("DELETE FROM drafts WHERE profile = ? AND run = ?", (self._profile, intention.run))
        if intention.action:
            self._append(connection, intention.action, intention.label, intention.reason, (), intention)
        for step in intention.steps:
            is_back = step.number in intention.went
            if not is_back and step.number not in intention.came:
                continue
            query = "UPDATE bases SET undone = ? WHERE target = ? AND edit = ?"
            connection.execute(query, (is_back, self._profile, step.number))
            action = "undo" if is_back else "back" if step.returns_to else "edit"
            at = intention.times.get(step.number, intention.at if is_back else step.at)
            who = intention.who if is_back else step.who
            reason = step.reason or intention.reason
            self._append(connection, action, step.label, reason, step.operations, intention, at=at, who=who)
        if intention.decided is not None:
            decided = intention.decided
            self._decided(connection, decided.source, decided.base.encode(), decided.number)
            if content is not None:
                self._promoted(connection, decided.source, content)
        self._trim(connection)

    def _save(
        self,
        connection: sqlite3.Connection,
        digest: str,
        at: str,
        who: str,
        done: Sequence[int],
        undone: Sequence[int] = (),
    ) -> None:
        """Keep a state of the file. Nobody is named for one that was found."""
        connection.execute(
            "INSERT INTO saves (profile, hash, at, who, done, undone) VALUES (?, ?, ?, ?, ?, ?)",
            (self._profile, digest, at, who, json.dumps(list(done)), json.dumps(list(undone))),
        )

    def states(self) -> list[Saved]:
        """The former states of the file, newest first."""

        def work(connection: sqlite3.Connection) -> list[Saved]:
            query = "SELECT at, who, hash FROM saves WHERE profile = ? ORDER BY id DESC"
            return [Saved(*row) for row in connection.execute(query, (self._profile,))]

        return self._journal.read(work, [])

    def content(self, file_hash: str) -> bytes | None:
        """The content that a hash stands for, if it is kept."""
        return self._journal.read(lambda connection: _get(connection, file_hash), None)

    def content_at(self, time: str) -> bytes | None:
        """The content of the file at a time (UTC, ISO 8601), as far as this journal saw it written."""

        def work(connection: sqlite3.Connection) -> bytes | None:
            query = "SELECT hash FROM saves WHERE profile = ? AND at <= ? ORDER BY id DESC LIMIT 1"
            row = connection.execute(query, (self._profile, time)).fetchone()
            return _get(connection, row[0]) if row else None

        return self._journal.read(work, None)

    # Promotions

    def promoted(self, source: str, content: bytes) -> None:
        """Note what the file holds after a promotion from a source profile."""
        self._journal.write(lambda connection: self._promoted(connection, source, content))

    def _promoted(self, connection: sqlite3.Connection, source: str, content: bytes) -> bool:
        digest = content_hash(content)
        if self._put(connection, digest, content):
            query = "INSERT OR REPLACE INTO promotions (target, source, at, hash) VALUES (?, ?, ?, ?)"
            connection.execute(query, (self._profile, source, now(), digest))
        return True

    def last_promoted(self, source: str | None = None) -> bytes | None:
        """What the file held after the last promotion, from one source or from any."""

        def work(connection: sqlite3.Connection) -> bytes | None:
            query = "SELECT hash FROM promotions WHERE target = ? AND ifnull(?, source) = source ORDER BY at DESC"
            row = connection.execute(query, (self._profile, source)).fetchone()
            return _get(connection, row[0]) if row else None

        return self._journal.read(work, None)

    def decided(self, source: str, base: bytes, number: int = 0) -> None:
        """Note what a promotion decided: the base of the next three-way comparison with this source.

        `number` is that of the change that was made and saved; 0 when nothing had to be changed. When the change is
        undone and that is saved, the base before it counts again.
        """
        self._journal.write(lambda connection: self._decided(connection, source, base, number))

    def _decided(self, connection: sqlite3.Connection, source: str, base: bytes, number: int) -> bool:
        digest = content_hash(base)
        if not self._put(connection, digest, base):
            return True
        if not number:
            query = "SELECT edit FROM bases WHERE target = ? AND source = ? AND NOT undone ORDER BY id DESC"
            row = connection.execute(query, (self._profile, source)).fetchone()
            number = (row[0] if row else None) or 0
        query = "INSERT INTO bases (target, source, at, hash, edit) VALUES (?, ?, ?, ?, ?)"
        connection.execute(query, (self._profile, source, now(), digest, number))
        connection.execute(
            "DELETE FROM bases WHERE target = :t AND source = :s AND id NOT IN"
            " (SELECT id FROM bases WHERE target = :t AND source = :s ORDER BY id DESC LIMIT :n)",
            {"t": self._profile, "s": source, "n": KEPT_BASES},
        )
        return True

    def last_decided(self, source: str) -> Base | None:
        """What the last promotion from a source decided that still holds."""

        def work(connection: sqlite3.Connection) -> Base | None:
            query = "SELECT at, hash FROM bases WHERE target = ? AND source = ? AND NOT undone ORDER BY id DESC"
            row = connection.execute(query, (self._profile, source)).fetchone()
            content = _get(connection, row[1]) if row else None
            return Base(row[0], content) if content is not None else None

        return self._journal.read(work, None)

    # The log

    def log(
        self,
        action: str,
        label: str,
        *,
        reason: str = "",
        operations: Iterable[Operation] = (),
    ) -> None:
        """Add an entry to the log: something that was done with the profile."""

        def work(connection: sqlite3.Connection) -> bool:
            self._append(connection, action, self._clean(label), self._clean(reason), operations)
            return True

        self._journal.write(work)

    def entries(self) -> list[Entry]:
        """The log, oldest first."""
        return self._journal.read(lambda connection: read(connection, self._profile), [])

    def verify_chain(self) -> int | None:
        """The number of the first entry that was changed or is missing; `None` when the log is whole."""
        return self._journal.read(lambda connection: broken_at(connection, self._profile), None)

    def source_renamed(self, old: str, new: str) -> None:
        """Note that a profile that was promoted here has another name now."""
        for table in ("promotions", "bases"):
            query = f"UPDATE OR REPLACE {table} SET source = ? WHERE target = ? AND source = ?"
            self._change(query, (new, self._profile, old))

    def moved(self, path: Path) -> None:
        """Note that the profile's file has another name now: its journal goes along."""
        old, new = self._profile, os.path.realpath(path)

        def work(connection: sqlite3.Connection) -> bool:
            for table, column in (
                ("edits", "profile"),
                ("drafts", "profile"),
                ("saves", "profile"),
                ("changes", "profile"),
                ("log_ends", "profile"),
                ("promotions", "target"),
                ("bases", "target"),
            ):
                connection.execute(f"UPDATE OR REPLACE {table} SET {column} = ? WHERE {column} = ?", (new, old))
            return True

        self._journal.write(work)
        self._profile = new

    # Inside

    def _change(self, query: str, values: tuple[object, ...]) -> None:
        self._journal.write(lambda connection: bool(connection.execute(query, values)))

    def _append(
        self,
        connection: sqlite3.Connection,
        action: str,
        label: str,
        reason: str,
        operations: Iterable[Operation],
        intention: Intention | None = None,
        *,
        at: str = "",
        who: str = "",
    ) -> None:
        changes = [to_json(operation) for operation in operations]
        if not self._is_clean(json.dumps(changes)):
            changes = []
        at = at or (intention.at if intention else now())
        who = who or (intention.who if intention else self._journal.who)
        host = intention.process[0] if intention else socket.gethostname()
        digest = intention.after if intention and not intention.action else ""
        append(connection, self._profile, Entry(0, at, who, host, action, label, reason, tuple(changes), digest))

    def _keep(self, connection: sqlite3.Connection, steps: Sequence[Step]) -> None:
        """Keep the changes that are not kept yet."""
        for step in steps:
            if connection.execute("SELECT 1 FROM edits WHERE id = ?", (step.number,)).fetchone():
                continue
            row = (step.number, self._profile, step.at, step.who, step.label, step.reason)
            query = "INSERT INTO edits (id, profile, at, who, label, reason, operations) VALUES (?, ?, ?, ?, ?, ?, ?)"
            connection.execute(query, (*row, operations_text(step.operations)))
            if step.splice is not None:
                query = "INSERT OR REPLACE INTO splices (edit, splice, returns_to) VALUES (?, ?, ?)"
                connection.execute(query, (step.number, packed(step.splice), step.returns_to))

    def _steps(self, connection: sqlite3.Connection, numbers: Sequence[int]) -> tuple[Step, ...] | None:
        """The changes with these numbers, in their order; `None` when one is missing or cannot be read."""
        found = []
        query = (
            "SELECT at, who, label, reason, operations, splice, returns_to FROM edits"
            " LEFT JOIN splices ON edit = id WHERE id = ?"
        )
        for number in numbers:
            row = connection.execute(query, (number,)).fetchone()
            operations = operations_from(row[4]) if row else None
            splice = unpacked(row[5]) if row else None
            if operations is None or not (operations or splice):
                return None
            at, who, label, reason = row[:4]
            found.append(Step(number, at, who, label, reason, operations, splice, row[6] or ""))
        return tuple(found)

    def _put(self, connection: sqlite3.Connection, digest: str, content: bytes) -> bool:
        """Keep a content, unless a secret seems to stand in it. Returns whether it is kept."""
        if connection.execute("SELECT 1 FROM contents WHERE hash = ?", (digest,)).fetchone() is None:
            if not self._is_clean(content.decode("utf-8", "replace")):
                return False
            blob = zlib.compress(content, 1)
            connection.execute("INSERT INTO contents (hash, content) VALUES (?, ?)", (digest, blob))
        return True

    def _trim(self, connection: sqlite3.Connection) -> None:
        """Let go of the oldest states, and of what only they needed."""
        query = "SELECT id FROM saves WHERE profile = ? ORDER BY id DESC LIMIT 1 OFFSET ?"
        row = connection.execute(query, (self._profile, KEPT_SAVES)).fetchone()
        if row is None:
            return
        connection.execute("DELETE FROM saves WHERE profile = ? AND id <= ?", (self._profile, row[0]))
        stacks = "SELECT done FROM saves WHERE profile = :p UNION SELECT undone FROM saves WHERE profile = :p UNION "
        stacks += "SELECT saved FROM drafts WHERE profile = :p UNION SELECT done FROM drafts WHERE profile = :p"
        rows = connection.execute(stacks, {"p": self._profile}).fetchall()
        oldest = min((number for (stack,) in rows for number in _numbers(stack)), default=0)
        connection.execute("DELETE FROM edits WHERE profile = ? AND id < ?", (self._profile, oldest))
        connection.execute("DELETE FROM splices WHERE edit NOT IN (SELECT id FROM edits)")
        connection.execute(
            "DELETE FROM contents WHERE hash NOT IN (SELECT hash FROM saves UNION SELECT base FROM drafts"
            " UNION SELECT hash FROM promotions UNION SELECT hash FROM bases)"
        )

    def _clean(self, text: str) -> str:
        return self._redact(text) if self._redact else text

    def _is_clean(self, text: str) -> bool:
        return self._redact is None or self._redact(text) == text


def _person() -> str:
    name = str(os.getuid())
    with suppress(KeyError, ImportError):
        import pwd

        name = pwd.getpwuid(os.getuid()).pw_name
    for variable in ("SUDO_USER", "LOGNAME", "USER"):
        if (other := os.environ.get(variable, name)) != name:
            return plain(f"{name} ({variable} {other[:60]})")
    return name


def _kept(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The changes that may be kept."""
    return tuple(step for step in steps if not step.is_private)


def _numbers_of(steps: Sequence[Step]) -> tuple[int, ...]:
    return tuple(step.number for step in steps)


def _stack(steps: Sequence[Step]) -> str:
    return json.dumps(_numbers_of(steps))


def _numbers(stack: str) -> list[int]:
    try:
        found = json.loads(stack)
    except ValueError:
        return []
    return [number for number in found if isinstance(number, int)] if isinstance(found, list) else []


def _get(connection: sqlite3.Connection, digest: str) -> bytes | None:
    row = connection.execute("SELECT content FROM contents WHERE hash = ?", (digest,)).fetchone()
    if row is None:
        return None
    try:
        content = zlib.decompress(row[0])
    except zlib.error:
        return None
    return content if content_hash(content) == digest else None
