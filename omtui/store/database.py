"""The state database: one SQLite file in the user's state folder, never in the way of the work itself.

It may be missing, unwritable, locked, damaged or newer than this program. None of that stops anything: what should have
been kept is then kept in memory only, and `trouble` says so until it works again.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from omtui.plain_text import plain

if TYPE_CHECKING:
    import sqlite3

Found = TypeVar("Found")

FILE = "omtui.sqlite"

SCHEMA = 1

PATIENCE = 2.0
"""How long a run of the program waits in all, in seconds, for another program that holds the database."""

AT_ONCE = 0.05
"""How long each use waits, in seconds, once that time is over."""

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
CREATE TABLE IF NOT EXISTS splices (edit INTEGER PRIMARY KEY, splice BLOB NOT NULL, returns_to TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS log_ends (
    profile TEXT PRIMARY KEY,
    number INTEGER NOT NULL,
    hash TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS probe_reviews (
    id INTEGER PRIMARY KEY,
    profile TEXT NOT NULL,
    vantage TEXT NOT NULL,
    machine TEXT NOT NULL,
    program TEXT NOT NULL,
    started REAL NOT NULL,
    finished REAL,
    interrupted INTEGER NOT NULL DEFAULT 0,
    partial INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS probe_reviews_by_profile ON probe_reviews (profile, vantage, started);
CREATE TABLE IF NOT EXISTS probe_results (
    review INTEGER NOT NULL REFERENCES probe_reviews (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    host TEXT NOT NULL,
    port INTEGER NOT NULL,
    url TEXT,
    at REAL NOT NULL,
    outcome TEXT NOT NULL,
    faults TEXT NOT NULL,
    ok INTEGER NOT NULL,
    warned INTEGER NOT NULL,
    message TEXT NOT NULL,
    advice TEXT NOT NULL,
    milliseconds REAL,
    certificate_ends REAL,
    used_by TEXT NOT NULL,
    PRIMARY KEY (review, name)
) WITHOUT ROWID;
"""


class Database:
    """The database of a state folder. It is opened for each use, so no lock outlives one."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self.is_busy = False
        """Whether the last use failed because another program holds the database."""
        self._why_not = ""
        self._was_damaged = ""
        self._patience = PATIENCE
        self._ready = False

    @property
    def is_failing(self) -> bool:
        """Whether the last use failed."""
        return bool(self._why_not)

    @property
    def trouble(self) -> str | None:
        """Why something is not kept, and what to do; `None` while all is well."""
        return self._why_not or self._was_damaged or None

    def use(
        self,
        work: Callable[[sqlite3.Connection], Found],
        otherwise: Found,
        *,
        writes: bool = True,
        patience: float | None = None,
        puts_aside: bool = True,
    ) -> Found:
        """Do something with the database, as one transaction; the other value when it cannot be used.

        What only reads does not wait for a program that writes. `patience` is how long to wait, in seconds, in place of
        what is left of the run's. A damaged database is put aside, and a new one begun, only by who can report it.
        """
        import sqlite3

        for attempt in (1, 2):
            start = time.monotonic()
            opened: list[int] = []
            try:
                with self._open(writes, self._patience if patience is None else patience, opened) as connection:
                    found = work(connection)
            except sqlite3.OperationalError as error:
                if patience is None:
                    self._patience = max(AT_ONCE, self._patience - (time.monotonic() - start))
                self._note(error)
                return otherwise
            except sqlite3.DatabaseError as error:
                if puts_aside and attempt == 1 and _is_damaged(error) and self._move_aside(opened):
                    continue
                self._note(error)
                return otherwise
            except OSError as error:
                self._note(error)
                return otherwise
            self._why_not, self.is_busy = "", False
            return found
        return otherwise

    @contextmanager
    def _open(self, writes: bool, patience: float, opened: list[int]) -> Iterator[sqlite3.Connection]:
        import sqlite3

        with closing(connected(self.path, patience, opened, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
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

    def _move_aside(self, opened: list[int]) -> bool:
        """Put a damaged file out of the way, so that a new one can be begun: only the very one that was opened."""
        aside = self.path.with_name(f"{FILE}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S}")
        try:
            if self.path.stat().st_ino not in opened:
                return True  # another thread or program was faster
            self.path.rename(aside)
        except OSError:
            return False
        for ending in ("-journal", "-wal", "-shm"):
            with suppress(OSError):
                self.path.with_name(f"{FILE}{ending}").unlink()
        self._ready = False
        self._was_damaged = (
            f"the journal was damaged and put aside as {plain(aside)}: earlier changes cannot be undone any more"
        )
        return True

    def _note(self, error: Exception) -> None:
        reason = plain(error.strerror if isinstance(error, OSError) and error.strerror else error).lower()
        self.is_busy = "locked" in reason
        fix = "another program holds it" if self.is_busy else "check its folder's permission and space"
        fix = "install that one" if "newer omtui" in reason else fix
        self._why_not = f"the journal {plain(self.path)} cannot be used ({reason}); {fix}"


def connected(path: Path, patience: float, opened: list[int] | None = None, **options: Any) -> sqlite3.Connection:
    """A connection to the state database, which is made if need be. `opened` gets the number of the file.

    Raises:
        OSError, sqlite3.Error: it cannot be made or opened.
    """
    import sqlite3

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Made here rather than by SQLite: nobody else may read what is in a profile.
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK
    handle = os.open(path, flags, 0o600)
    if opened is not None:
        opened.append(os.fstat(handle).st_ino)
    os.close(handle)
    connection: sqlite3.Connection = sqlite3.connect(path, timeout=patience, **options)
    try:
        # No write-ahead log: home folders on network file systems cannot have one.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _is_damaged(error: Exception) -> bool:
    return "not a database" in str(error) or "malformed" in str(error)


def now() -> str:
    """The time as the database keeps it: UTC, to the microsecond, sortable as text."""
    return datetime.now(UTC).isoformat(timespec="microseconds")
