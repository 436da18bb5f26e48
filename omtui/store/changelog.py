"""The log of a profile: who changed what, when and why. Each entry's hash covers the one before it.

An entry that was changed, taken out or put in later shows, because no hash after it fits any more; that the last ones
were taken out shows by the end of the log, which is noted apart.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry. `at` is UTC in ISO 8601, `changes` are operations as JSON, `file_hash` that of the file written."""

    number: int
    at: str
    who: str
    host: str
    action: str
    label: str
    reason: str = ""
    changes: tuple[Mapping[str, object], ...] = ()
    file_hash: str = ""
    hash: str = ""


def append(connection: sqlite3.Connection, profile: str, entry: LogEntry) -> None:
    """Add an entry to the end of a profile's log. The transaction must hold the write lock."""
    query = "SELECT hash FROM changes WHERE profile = ? ORDER BY id DESC LIMIT 1"
    last = connection.execute(query, (profile,)).fetchone()
    fields = asdict(entry)
    del fields["number"], fields["hash"]
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"))
    digest = _hash(last[0] if last else "", text)
    insert = "INSERT INTO changes (profile, entry, hash) VALUES (?, ?, ?)"
    number = connection.execute(insert, (profile, text, digest)).lastrowid
    # Noted apart, so that it shows when the last entries are taken out.
    connection.execute(
        "INSERT OR REPLACE INTO log_ends (profile, number, hash) VALUES (?, ?, ?)", (profile, number, digest)
    )


def read(connection: sqlite3.Connection, profile: str) -> list[LogEntry]:
    """The entries of a profile, oldest first; one that cannot be read any more has the action `unreadable`."""
    found = []
    query = "SELECT id, entry, hash FROM changes WHERE profile = ? ORDER BY id"
    for number, text, digest in connection.execute(query, (profile,)):
        try:
            fields: dict[str, Any] = json.loads(text)
            entry = LogEntry(number, **{**fields, "changes": tuple(fields["changes"])})
        except (ValueError, TypeError, KeyError):
            entry = LogEntry(number, "", "", "", "unreadable", "")
        found.append(replace(entry, hash=digest))
    return found


def broken_at(connection: sqlite3.Connection, profile: str) -> int | None:
    """The number of the first entry whose hash does not fit, or of the last one where that is gone; else `None`."""
    last = ""
    found = set()
    query = "SELECT id, entry, hash FROM changes WHERE profile = ? ORDER BY id"
    for number, text, digest in connection.execute(query, (profile,)):
        if _hash(last, text) != digest:
            return int(number)
        last = digest
        found.add(digest)
    end = connection.execute("SELECT number, hash FROM log_ends WHERE profile = ?", (profile,)).fetchone()
    return int(end[0]) if end and end[1] not in found else None


def _hash(last: str, text: str) -> str:
    return hashlib.sha256(f"{last}\n{text}".encode()).hexdigest()
