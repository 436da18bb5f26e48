"""What was done to each profile: undo and redo across restarts, drafts of unsaved changes, former states of the file.

An *edit* is one change as a person made it, kept from the moment it is made. Where a run of the program stands (what is
done, what is undone, what of it the file holds) is its *draft*: when the run ends without saving, the next one finds
it. A *save* remembers which edits the file's content holds, so that they can still be undone when it is opened again.
"""

from __future__ import annotations

import json
import os
import socket
import zlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from omtui.store.change import Operation, from_json, inverse, to_json
from omtui.store.changelog import Entry, append, broken_at, read
from omtui.store.database import Database, now
from omtui.store.files import content_hash

if TYPE_CHECKING:
    import sqlite3

UNDOABLE = 200
"""How many edits can be undone after a restart."""

KEPT_SAVES = 200
"""How many former states of a profile's file are kept."""

KEPT_BASES = 20
"""How many promotions from one source are remembered, so that the last ones can be taken back."""

Redact = Callable[[str], str]
"""Gives a text without what looks like a secret."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An edit as the journal holds it. `at` is UTC in ISO 8601."""

    number: int
    at: str
    who: str
    label: str
    reason: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a run stands, by the numbers of edits, oldest first: what is done, what the file holds of it (`saved`).

    `undone` can be done again, the first one first. `base` is the content of the file, `base_hash` its hash.
    """

    base: bytes
    base_hash: str
    saved: tuple[int, ...] = ()
    done: tuple[int, ...] = ()
    undone: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """Where a run that has ended stood: `saved` edits are in the file with the hash `base`, `done` ones should be."""

    run: str
    at: str
    base: str
    saved: tuple[Kept, ...]
    done: tuple[Kept, ...]
    undone: tuple[Kept, ...]

    @property
    def shared(self) -> int:
        """How many edits the file holds that are still done."""
        count = 0
        for one, other in zip(self.saved, self.done, strict=False):
            if one.number != other.number:
                break
            count += 1
        return count

    @property
    def count(self) -> int:
        """How many edits separate it from the file."""
        return len(self.saved) + len(self.done) - 2 * self.shared

    @property
    def operations(self) -> list[Operation]:
        """What leads from the file to the draft."""
        back = [inverse(each) for kept in reversed(self.saved[self.shared :]) for each in reversed(kept.operations)]
        return back + [each for kept in self.done[self.shared :] for each in kept.operations]


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
    """The journal of a state folder. Nothing here raises; `trouble` tells what could not be kept."""

    def __init__(self, folder: Path, *, who: str | None = None, redact: Redact | None = None) -> None:
        self._database = Database(folder)
        self._who = who
        self._redact = redact
        self.run = f"{os.getpid()}-{os.urandom(4).hex()}"

    @property
    def trouble(self) -> str | None:
        """Why something was not kept, and what to do; `None` while all is well."""
        return self._database.trouble

    @cached_property
    def who(self) -> str:
        """Who edits: the user's name on this machine."""
        import getpass

        if self._who:
            return self._who
        with suppress(KeyError, OSError, ImportError):
            return getpass.getuser()
        return str(os.getuid())

    def of(self, path: Path) -> ProfileJournal:
        """The journal of one profile, by its file."""
        return ProfileJournal(self, self._database, os.path.realpath(path), self._redact)


class ProfileJournal:
    """The journal of one profile."""

    def __init__(self, journal: Journal, database: Database, profile: str, redact: Redact | None) -> None:
        self._journal = journal
        self._database = database
        self._profile = profile
        self._redact = redact

    # Edits and drafts

    def keep(self, label: str, operations: Sequence[Operation], standing: Standing, reason: str = "") -> int:
        """Keep an edit that was performed; `standing` is from before it. Returns its number; 0 when it is not kept."""
        text = json.dumps([to_json(operation) for operation in operations], separators=(",", ":"))
        if not self._is_clean(text):
            return 0
        row = (self._profile, now(), self._journal.who, self._clean(label), self._clean(reason), text)

        def work(connection: sqlite3.Connection) -> int:
            query = "INSERT INTO edits (profile, at, who, label, reason, operations) VALUES (?, ?, ?, ?, ?, ?)"
            number = connection.execute(query, row).lastrowid or 0
            self._stand(connection, replace(standing, done=(*standing.done, number), undone=()))
            return number

        return self._database.use(work, 0)

    def stand(self, standing: Standing) -> None:
        """Note where this run stands after an undo or a redo."""
        self._database.use(lambda connection: self._stand(connection, standing), None)

    def _stand(self, connection: sqlite3.Connection, standing: Standing) -> None:
        key = (self._profile, self._journal.run)
        if standing.saved == standing.done and not standing.undone:
            connection.execute("DELETE FROM drafts WHERE profile = ? AND run = ?", key)
            return
        if not all(standing.saved + standing.done):
            return  # an edit that is not kept cannot be done again
        if not self._put(connection, standing.base_hash, standing.base):
            return
        row = (now(), socket.gethostname(), os.getpid(), _started(os.getpid()), standing.base_hash)
        stacks = (json.dumps(stack[-UNDOABLE:]) for stack in (standing.saved, standing.done))
        connection.execute(
            "INSERT OR REPLACE INTO drafts (profile, run, at, host, pid, started, base, saved, done, undone)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*key, *row, *stacks, json.dumps(standing.undone[:UNDOABLE])),
        )

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
                if run != self._journal.run and _is_alive(host, pid, started):
                    continue
                saved, done, undone = (self._edits(connection, stack) for stack in stacks)
                if saved is not None and done is not None:
                    found.append(Draft(run, at, base, saved, done, undone or ()))
            return [draft for draft in found if draft.count]

        return self._database.use(work, [])

    def take(self, draft: Draft) -> bool:
        """Make a draft this run's own, before its edits are done again. False when another run was faster."""

        def work(connection: sqlite3.Connection) -> bool:
            mine = (self._journal.run, socket.gethostname(), os.getpid(), _started(os.getpid()))
            query = "UPDATE OR REPLACE drafts SET run = ?, host = ?, pid = ?, started = ? WHERE profile = ? AND run = ?"
            return connection.execute(query, (*mine, self._profile, draft.run)).rowcount > 0

        return self._database.use(work, False)

    def forget(self, draft: Draft) -> None:
        """Give a draft up."""
        key = (self._profile, draft.run)
        self._database.use(
            lambda connection: connection.execute("DELETE FROM drafts WHERE profile = ? AND run = ?", key), None
        )

    def standing(self, file_hash: str) -> tuple[tuple[Kept, ...], tuple[Kept, ...]]:
        """The edits that a file with this hash holds, oldest first, and what can be done again, first one first."""

        def work(connection: sqlite3.Connection) -> tuple[tuple[Kept, ...], tuple[Kept, ...]]:
            query = "SELECT done, undone FROM saves WHERE profile = ? AND hash = ? ORDER BY id DESC LIMIT 1"
            row = connection.execute(query, (self._profile, file_hash)).fetchone()
            done, undone = (self._edits(connection, stack) for stack in row or ("[]", "[]"))
            return done or (), undone or ()

        nothing: tuple[tuple[Kept, ...], tuple[Kept, ...]] = ((), ())
        return self._database.use(work, nothing)

    # Saves

    def saved(self, before: Standing, after: Standing, reason: str = "", *, found: str = "") -> None:
        """Note that the file was written, and where this run stood before and stands now.

        Every edit that came into the file or was taken out of it becomes an entry of the log. `found` is since when
        (UTC, ISO 8601) the file held what was there before, should that be the work of another program.
        """

        def work(connection: sqlite3.Connection) -> None:
            query = "SELECT hash FROM saves WHERE profile = ? ORDER BY id DESC LIMIT 1"
            last = connection.execute(query, (self._profile,)).fetchone()
            if last is None or last[0] != before.base_hash:
                # What stood there was not written by this journal: it can be looked at and brought back all the same.
                self._save(connection, before, min(found or now(), now()), "")
            self._save(connection, after, now(), self._journal.who)
            done = after.done if all(after.done) else ()
            self._stand(connection, replace(after, undone=()))
            for action, one, other in (("undo", before.saved, done), ("edit", done, before.saved)):
                for number in one:
                    if number in other:
                        continue
                    connection.execute(
                        "UPDATE bases SET undone = ? WHERE target = ? AND edit = ?",
                        (action == "undo", self._profile, number),
                    )
                    if kept := self._edit(connection, number):
                        self._append(
                            connection, action, kept.label, kept.reason or reason, kept.operations, after.base_hash
                        )
            self._trim(connection)

        self._database.use(work, None)

    def _save(self, connection: sqlite3.Connection, standing: Standing, at: str, who: str) -> None:
        """Keep a state of the file. Nobody is named for one that was found."""
        if not self._put(connection, standing.base_hash, standing.base) and not who:
            return
        done = standing.done if all(standing.done) else ()
        if not who:
            done = standing.saved if all(standing.saved) else ()
        stacks = (json.dumps(done[-UNDOABLE:]), json.dumps(standing.undone[:UNDOABLE] if who else ()))
        connection.execute(
            "INSERT INTO saves (profile, hash, at, who, done, undone) VALUES (?, ?, ?, ?, ?, ?)",
            (self._profile, standing.base_hash, at, who, *stacks),
        )

    def states(self) -> list[Saved]:
        """The former states of the file, newest first."""

        def work(connection: sqlite3.Connection) -> list[Saved]:
            query = "SELECT at, who, hash FROM saves WHERE profile = ? ORDER BY id DESC"
            return [Saved(*row) for row in connection.execute(query, (self._profile,))]

        return self._database.use(work, [])

    def content(self, file_hash: str) -> bytes | None:
        """The content that a hash stands for, if it is kept."""
        return self._database.use(lambda connection: _get(connection, file_hash), None)

    def content_at(self, time: str) -> bytes | None:
        """The content of the file at a time (UTC, ISO 8601), as far as this journal saw it written."""

        def work(connection: sqlite3.Connection) -> bytes | None:
            query = "SELECT hash FROM saves WHERE profile = ? AND at <= ? ORDER BY id DESC LIMIT 1"
            row = connection.execute(query, (self._profile, time)).fetchone()
            return _get(connection, row[0]) if row else None

        return self._database.use(work, None)

    # Promotions

    def promoted(self, source: str, content: bytes) -> None:
        """Note what the file holds after a promotion from a source profile."""
        digest = content_hash(content)

        def work(connection: sqlite3.Connection) -> None:
            if self._put(connection, digest, content):
                row = (self._profile, source, now(), digest)
                query = "INSERT OR REPLACE INTO promotions (target, source, at, hash) VALUES (?, ?, ?, ?)"
                connection.execute(query, row)

        self._database.use(work, None)

    def last_promoted(self, source: str | None = None) -> bytes | None:
        """What the file held after the last promotion, from one source or from any."""

        def work(connection: sqlite3.Connection) -> bytes | None:
            query = "SELECT hash FROM promotions WHERE target = ? AND ifnull(?, source) = source ORDER BY at DESC"
            row = connection.execute(query, (self._profile, source)).fetchone()
            return _get(connection, row[0]) if row else None

        return self._database.use(work, None)

    def decided(self, source: str, base: bytes, *, label: str = "") -> None:
        """Note what a promotion decided: the base of the next three-way comparison with this source.

        `label` is that of the change that was made and saved; empty when nothing had to be changed. When the change is
        undone and that is saved, the base before it counts again.
        """
        digest = content_hash(base)

        def work(connection: sqlite3.Connection) -> None:
            if not self._put(connection, digest, base):
                return
            if label:
                query = "SELECT max(id) FROM edits WHERE profile = ? AND label = ?"
                row = connection.execute(query, (self._profile, self._clean(label))).fetchone()
            else:
                row = connection.execute(
                    "SELECT edit FROM bases WHERE target = ? AND source = ? AND NOT undone ORDER BY id DESC",
                    (self._profile, source),
                ).fetchone()
            edit = (row[0] if row else None) or 0
            query = "INSERT INTO bases (target, source, at, hash, edit) VALUES (?, ?, ?, ?, ?)"
            connection.execute(query, (self._profile, source, now(), digest, edit))
            connection.execute(
                "DELETE FROM bases WHERE target = :t AND source = :s AND id NOT IN"
                " (SELECT id FROM bases WHERE target = :t AND source = :s ORDER BY id DESC LIMIT :n)",
                {"t": self._profile, "s": source, "n": KEPT_BASES},
            )

        self._database.use(work, None)

    def last_decided(self, source: str) -> Base | None:
        """What the last promotion from a source decided that still holds."""

        def work(connection: sqlite3.Connection) -> Base | None:
            query = "SELECT at, hash FROM bases WHERE target = ? AND source = ? AND NOT undone ORDER BY id DESC"
            row = connection.execute(query, (self._profile, source)).fetchone()
            content = _get(connection, row[1]) if row else None
            return Base(row[0], content) if content is not None else None

        return self._database.use(work, None)

    # The log

    def log(
        self,
        action: str,
        label: str,
        *,
        reason: str = "",
        operations: Iterable[Operation] = (),
        file_hash: str = "",
    ) -> None:
        """Add an entry to the log: something that was done with the profile."""
        self._database.use(
            lambda connection: self._append(connection, action, label, reason, operations, file_hash), None
        )

    def entries(self) -> list[Entry]:
        """The log, oldest first."""
        return self._database.use(lambda connection: read(connection, self._profile), [])

    def verify_chain(self) -> int | None:
        """The number of the first entry that was changed, or before which one is missing; `None` when none is."""
        return self._database.use(lambda connection: broken_at(connection, self._profile), None)

    def source_renamed(self, old: str, new: str) -> None:
        """Note that a profile that was promoted here has another name now."""

        def work(connection: sqlite3.Connection) -> None:
            for table in ("promotions", "bases"):
                query = f"UPDATE OR REPLACE {table} SET source = ? WHERE target = ? AND source = ?"
                connection.execute(query, (new, self._profile, old))

        self._database.use(work, None)

    def moved(self, path: Path) -> None:
        """Note that the profile's file has another name now: its journal goes along."""
        new = os.path.realpath(path)

        def work(connection: sqlite3.Connection) -> None:
            for table, column in (
                ("edits", "profile"),
                ("drafts", "profile"),
                ("saves", "profile"),
                ("changes", "profile"),
                ("promotions", "target"),
                ("bases", "target"),
            ):
                query = f"UPDATE OR REPLACE {table} SET {column} = ? WHERE {column} = ?"
                connection.execute(query, (new, self._profile))

        self._database.use(work, None)
        self._profile = new

    # Inside

    def _append(
        self,
        connection: sqlite3.Connection,
        action: str,
        label: str,
        reason: str,
        operations: Iterable[Operation],
        file_hash: str,
    ) -> None:
        changes = [to_json(operation) for operation in operations]
        for change in changes:
            change.pop("trace", None)
        if not self._is_clean(json.dumps(changes)):
            changes = []
        entry = Entry(
            0, now(), self._journal.who, socket.gethostname(), action, self._clean(label), self._clean(reason),
            tuple(changes), file_hash,
        )  # fmt: skip
        append(connection, self._profile, entry)

    def _edits(self, connection: sqlite3.Connection, stack: str) -> tuple[Kept, ...] | None:
        """The edits with these numbers, in their order; `None` when one is missing or cannot be read."""
        found = [self._edit(connection, number) for number in _numbers(stack)]
        return tuple(kept for kept in found if kept is not None) if None not in found else None

    def _edit(self, connection: sqlite3.Connection, number: int) -> Kept | None:
        query = "SELECT at, who, label, reason, operations FROM edits WHERE id = ?"
        row = connection.execute(query, (number,)).fetchone()
        operations = _operations(row[4]) if row else None
        if row is None or operations is None:
            return None
        return Kept(number, row[0], row[1], row[2], row[3], operations)

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
        connection.execute(
            "DELETE FROM contents WHERE hash NOT IN (SELECT hash FROM saves UNION SELECT base FROM drafts"
            " UNION SELECT hash FROM promotions UNION SELECT hash FROM bases)"
        )

    def _clean(self, text: str) -> str:
        return self._redact(text) if self._redact else text

    def _is_clean(self, text: str) -> bool:
        return self._redact is None or self._redact(text) == text


def _numbers(stack: str) -> list[int]:
    try:
        found = json.loads(stack)
    except ValueError:
        return []
    return [number for number in found if isinstance(number, int)] if isinstance(found, list) else []


def _operations(text: str) -> tuple[Operation, ...] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    read = [from_json(item) if isinstance(item, dict) else None for item in found] if isinstance(found, list) else []
    operations = tuple(operation for operation in read if operation is not None)
    return operations if operations and len(operations) == len(read) else None


def _get(connection: sqlite3.Connection, digest: str) -> bytes | None:
    row = connection.execute("SELECT content FROM contents WHERE hash = ?", (digest,)).fetchone()
    if row is None:
        return None
    try:
        content = zlib.decompress(row[0])
    except zlib.error:
        return None
    return content if content_hash(content) == digest else None


def _is_alive(host: str, pid: int, started: str) -> bool:
    """Whether the run that left a draft still goes on. One on another machine that shares the folder has ended."""
    if host != socket.gethostname():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return started == _started(pid)


def _started(pid: int) -> str:
    """When a process started, in the kernel's own count: tells it from a later one with the same number."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
