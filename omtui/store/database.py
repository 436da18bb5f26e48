"""The state database: one SQLite file in the user's state folder, never in the way of the work itself.

It may be missing, unwritable, locked, damaged or newer than this program. None of that stops anything: what should have
been kept is then kept in memory only, and `trouble` says so once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from omtui.plain_text import plain

if TYPE_CHECKING:
    import sqlite3

Found = TypeVar("Found")

FILE = "omtui.sqlite"

SCHEMA = 1

PATIENCE = 3.0
"""How long a statement waits, in seconds, for another program that writes."""

_TABLES = """
CREATE TABLE IF NOT EXISTS journal_schema (version INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS contents (hash TEXT PRIMARY KEY, content BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS edits (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    profile TEXT NOT NULL,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    label TEXT NOT NULL,
    reason TEXT NOT NULL,
    operations TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS edits_by_profile ON edits (profile);
CREATE TABLE IF NOT EXISTS drafts (
    run TEXT NOT NULL,
    profile TEXT NOT NULL,
    at TEXT NOT NULL,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    started TEXT NOT NULL,
    base TEXT NOT NULL,
    saved TEXT NOT NULL,
    done TEXT NOT NULL,
    undone TEXT NOT NULL,
    PRIMARY KEY (profile, run)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS saves (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    profile TEXT NOT NULL,
    hash TEXT NOT NULL,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    done TEXT NOT NULL,
    undone TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS saves_by_profile ON saves (profile, hash);
CREATE TABLE IF NOT EXISTS promotions (
    target TEXT NOT NULL,
    source TEXT NOT NULL,
    at TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (target, source)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bases (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    target TEXT NOT NULL,
    source TEXT NOT NULL,
    at TEXT NOT NULL,
    hash TEXT NOT NULL,
    edit INTEGER NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS bases_by_pair ON bases (target, source);
CREATE TABLE IF NOT EXISTS changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    profile TEXT NOT NULL,
    entry TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS changes_by_profile ON changes (profile);
"""


class Database:
    """The database of a state folder. It is opened for each use, so no lock outlives one."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self.trouble: str | None = None
        """Why something was not kept, and what to do; `None` while all is well."""
        self._ready = False

    def use(self, work: Callable[[sqlite3.Connection], Found], otherwise: Found) -> Found:
        """Do something with the database, as one transaction; the other value when it cannot be used."""
        import sqlite3

        for attempt in (1, 2):
            try:
                with self._open() as connection:
                    return work(connection)
            except sqlite3.OperationalError as error:
                self._note(error)
                return otherwise
            except sqlite3.DatabaseError as error:
                if attempt == 1 and _is_damaged(error) and self._move_aside():
                    continue
                self._note(error)
                return otherwise
            except OSError as error:
                self._note(error)
                return otherwise
        return otherwise

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        import sqlite3

        if not self._ready:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Made here rather than by SQLite: nobody else may read what stood in a profile.
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK, 0o600))
        with closing(sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)) as connection:
            # No write-ahead log: home folders on network file systems cannot have one.
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("BEGIN IMMEDIATE")
            try:
                if not self._ready:
                    self._prepare(connection)
                yield connection
            except BaseException:
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
            self._ready = True

    def _prepare(self, connection: sqlite3.Connection) -> None:
        import sqlite3

        for statement in _TABLES.split(";"):
            connection.execute(statement)
        found = connection.execute("SELECT version FROM journal_schema").fetchone()
        if found is None:
            connection.execute("INSERT INTO journal_schema VALUES (?)", (SCHEMA,))
        elif found[0] > SCHEMA:
            raise sqlite3.OperationalError("it was written by a newer omtui")

    def _move_aside(self) -> bool:
        """Put a damaged file out of the way, so that a new one can be begun."""
        aside = self.path.with_name(f"{FILE}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S}")
        try:
            self.path.rename(aside)
        except OSError:
            return False
        for ending in ("-journal", "-wal", "-shm"):
            with suppress(OSError):
                self.path.with_name(f"{FILE}{ending}").unlink()
        self._ready = False
        self.trouble = f"the journal was damaged and put aside as {plain(aside)}; undo starts anew"
        return True

    def _note(self, error: Exception) -> None:
        reason = plain(error.strerror if isinstance(error, OSError) and error.strerror else error)
        self.trouble = (
            f"the journal {plain(self.path)} cannot be used ({reason.lower()}): undo and drafts will not survive the"
            " end of this run; save often, and check the folder's permission and space"
        )


def _is_damaged(error: Exception) -> bool:
    return "not a database" in str(error) or "malformed" in str(error)


def now() -> str:
    """The time as the database keeps it: UTC, to the microsecond, sortable as text."""
    return datetime.now(UTC).isoformat(timespec="microseconds")
