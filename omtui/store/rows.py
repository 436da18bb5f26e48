"""The rows of the journal that belong to one profile. All of it takes place inside a transaction."""

from __future__ import annotations

import json
import os
import socket
import zlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from omtui.store.change import Operation, to_json
from omtui.store.changelog import LogEntry, append
from omtui.store.database import now
from omtui.store.files import content_hash
from omtui.store.step import Step, operations_from, operations_text, packed, unpacked

if TYPE_CHECKING:
    import sqlite3

    from omtui.store.intention import Intention

UNDOABLE = 200
"""How many changes can be undone after a restart."""

KEPT_SAVES = 200
"""How many former states of a profile's file are kept."""

KEPT_BASES = 20
"""How many promotions from one source are remembered, so that the last ones can be taken back."""

_OF_A_PROFILE = (
    ("edits", "profile"),
    ("drafts", "profile"),
    ("saves", "profile"),
    ("changes", "profile"),
    ("log_ends", "profile"),
    ("promotions", "target"),
    ("bases", "target"),
)

Redact = Callable[[str], str]
"""Gives a text without what looks like a secret."""


class Rows:
    """What is kept of a profile, by its file's real path."""

    def __init__(self, profile: str, redact: Redact | None) -> None:
        self._profile = profile
        self._redact = redact

    def _held(self, connection: sqlite3.Connection, file_hash: str) -> tuple[list[int], list[int]]:
        query = "SELECT done, undone FROM saves WHERE profile = ? AND hash = ? ORDER BY id DESC LIMIT 1"
        row = connection.execute(query, (self._profile, file_hash)).fetchone() or ("[]", "[]")
        return numbers_in(row[0]), numbers_in(row[1])

    def _complete(
        self, connection: sqlite3.Connection, intention: Intention, base: bytes | None, content: bytes | None
    ) -> None:
        if intention.was:
            self._move(connection, intention)
        self._keep(connection, [step for step in intention.steps if not step.is_private])
        earlier, undone = self._held(connection, intention.before) if intention.follows else ([], [])
        undone = undone if intention.was else list(intention.undone)
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
        self._save(connection, intention.after, intention.at, intention.who, done, undone)
        connection.execute("DELETE FROM drafts WHERE profile = ? AND run = ?", (self._profile, intention.run))
        if intention.action:
            words = (intention.who, intention.action, intention.label, intention.reason)
            self._append(connection, *words, (), at=intention.at, digest=intention.after)
        for step in intention.steps:
            is_back = step.number in intention.went
            if not is_back and step.number not in intention.came:
                continue
            query = "UPDATE bases SET undone = ? WHERE target = ? AND edit = ?"
            connection.execute(query, (is_back, self._profile, step.number))
            action = "undo" if is_back else "back" if step.returns_to else "edit"
            at = intention.times.get(step.number, intention.at if is_back else step.at)
            at = intention.at if intention.at_once else at
            who = intention.who if is_back else step.who
            reason = step.reason or intention.reason
            digest = intention.after
            self._append(connection, who, action, step.label, reason, step.operations, at=at, digest=digest)
        if intention.decided is not None:
            decided = intention.decided
            self._decided(connection, decided.source, decided.base.encode(), decided.number)
            if content is not None:
                self._promoted(connection, decided.source, content)
        self._trim(connection)

    def _move(self, connection: sqlite3.Connection, intention: Intention) -> None:
        """The profile has another name: what is kept of it is moved to that name, also in profiles promoted from it."""
        names = (intention.profile, intention.was)
        for table, column in _OF_A_PROFILE if intention.profile != intention.was else ():
            connection.execute(f"UPDATE OR REPLACE {table} SET {column} = ? WHERE {column} = ?", names)
        old, new = (Path(each) for each in (intention.moves[0].source, intention.moves[0].target))
        connection.execute("UPDATE probe_reviews SET profile = ? WHERE profile = ?", (str(new), str(old)))
        here = {os.path.realpath(each) for each in new.parent.glob("*.toml")}
        for table in ("promotions", "bases"):
            found = connection.execute(f"SELECT DISTINCT target FROM {table} WHERE source = ?", (old.stem,)).fetchall()
            for (target,) in found:
                if target in here:
                    query = f"UPDATE OR REPLACE {table} SET source = ? WHERE target = ? AND source = ?"
                    connection.execute(query, (new.stem, target, old.stem))

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

    def _promoted(self, connection: sqlite3.Connection, source: str, content: bytes) -> bool:
        digest = content_hash(content)
        if self._put(connection, digest, content):
            query = "INSERT OR REPLACE INTO promotions (target, source, at, hash) VALUES (?, ?, ?, ?)"
            connection.execute(query, (self._profile, source, now(), digest))
        return True

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

    def _append(
        self,
        connection: sqlite3.Connection,
        who: str,
        action: str,
        label: str,
        reason: str,
        operations: Iterable[Operation],
        *,
        at: str = "",
        digest: str = "",
    ) -> None:
        changes = [to_json(operation) for operation in operations]
        if not self._is_clean(json.dumps(changes)):
            changes = []
        host = socket.gethostname()
        entry = LogEntry(0, at or now(), who, host, action, label, reason, tuple(changes), digest)
        append(connection, self._profile, entry)

    def _keep(self, connection: sqlite3.Connection, steps: Sequence[Step]) -> None:
        """Keep the changes that are not kept yet."""
        for step in steps:
            if not connection.execute("SELECT 1 FROM edits WHERE id = ?", (step.number,)).fetchone():
                row = (step.number, self._profile, step.at, step.who, step.label, step.reason)
                query = (
                    "INSERT INTO edits (id, profile, at, who, label, reason, operations) VALUES (?, ?, ?, ?, ?, ?, ?)"
                )
                connection.execute(query, (*row, operations_text(step.operations)))
            known = connection.execute("SELECT 1 FROM splices WHERE edit = ?", (step.number,)).fetchone()
            if step.splice is not None and not known:
                query = "INSERT INTO splices (edit, splice, returns_to) VALUES (?, ?, ?)"
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
        """Keep a content, unless there seems to be a secret in it. Returns whether it is kept."""
        if connection.execute("SELECT 1 FROM contents WHERE hash = ?", (digest,)).fetchone() is None:
            if not self._is_clean(content.decode("utf-8", "replace")):
                return False
            blob = zlib.compress(content, 1)
            connection.execute("INSERT INTO contents (hash, content) VALUES (?, ?)", (digest, blob))
        return True

    def _trim(self, connection: sqlite3.Connection) -> None:
        """Drop the oldest states, and what only they needed."""
        query = "SELECT id FROM saves WHERE profile = ? ORDER BY id DESC LIMIT 1 OFFSET ?"
        row = connection.execute(query, (self._profile, KEPT_SAVES)).fetchone()
        if row is None:
            return
        connection.execute("DELETE FROM saves WHERE profile = ? AND id <= ?", (self._profile, row[0]))
        stacks = "SELECT done FROM saves WHERE profile = :p UNION SELECT undone FROM saves WHERE profile = :p UNION "
        stacks += "SELECT saved FROM drafts WHERE profile = :p UNION SELECT done FROM drafts WHERE profile = :p"
        rows = connection.execute(stacks, {"p": self._profile}).fetchall()
        oldest = min((number for (stack,) in rows for number in numbers_in(stack)), default=0)
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


def numbers_in(stack: str) -> list[int]:
    """The numbers of changes that a row holds; none when it cannot be read."""
    try:
        found = json.loads(stack)
    except ValueError:
        return []
    return [number for number in found if isinstance(number, int)] if isinstance(found, list) else []


def content_of(connection: sqlite3.Connection, digest: str) -> bytes | None:
    """The content with a hash, if it is kept."""
    row = connection.execute("SELECT content FROM contents WHERE hash = ?", (digest,)).fetchone()
    if row is None:
        return None
    try:
        content = zlib.decompress(row[0])
    except zlib.error:
        return None
    return content if content_hash(content) == digest else None
