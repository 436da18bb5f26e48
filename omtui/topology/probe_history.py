"""Results of reviews, kept in the state database: last states, latencies, and what changed since the last time.

Each result is committed when it comes, so that a review killed in its middle loses none. The file belongs to
the whole program; this module's tables begin with `probe_`, and their version is in `probe_schema`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omtui.store.database import connected

if TYPE_CHECKING:
    import sqlite3

    from omtui.topology.result import ProbeResult

SCHEMA = 1
KEPT_REVIEWS = 200
"""Reviews kept of one profile and vantage; older ones go when a new one ends."""

_TABLES = """
CREATE TABLE IF NOT EXISTS probe_schema (version INTEGER NOT NULL);
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
_COLUMNS = (
    "name, host, port, url, at, outcome, faults, ok, warned, message, advice, milliseconds, certificate_ends, used_by"
)


class HistoryError(Exception):
    """The state database can't be used; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class EndpointState:
    """How one endpoint was found once. Times in seconds since 1970; `milliseconds` is all phases together."""

    name: str
    host: str
    port: int
    url: str | None
    at: float
    outcome: str
    faults: tuple[str, ...]
    ok: bool
    warned: bool
    message: str
    advice: str
    milliseconds: float | None
    certificate_ends: float | None
    used_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PastReview:
    """A review as it is kept. `finished` is None when the program was killed in its middle.

    `partial` says that only some of the profile's targets were asked for.
    """

    id: int
    profile: str
    vantage: str
    machine: str
    program: str
    started: float
    finished: float | None
    interrupted: bool
    partial: bool


@dataclass(frozen=True, slots=True)
class EndpointChange:
    """How one endpoint changed between two reviews: `before` or `after` is None for one that is new or gone."""

    name: str
    before: EndpointState | None
    after: EndpointState | None

    @property
    def kind(self) -> str:
        """One of new, gone, broken, fixed, changed (another outcome, as good or bad as before)."""
        if self.before is None:
            return "new"
        if self.after is None:
            return "gone"
        if self.before.ok != self.after.ok:
            return "fixed" if self.after.ok else "broken"
        return "changed"


@dataclass(frozen=True, slots=True)
class ReviewComparison:
    """Two reviews of a profile, and what the later one found otherwise."""

    before: PastReview
    after: PastReview
    changes: tuple[EndpointChange, ...]


class ProbeHistory:
    """The probe history in one SQLite file. Every method may raise `HistoryError`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def begin(
        self, profile: str, vantage: str, machine: str, program: str, started: float, *, partial: bool = False
    ) -> Recorder:
        """Opens a review to be recorded; close the recorder, or use it in a `with`."""
        connection = self._opened()
        with _history_errors(self.path):
            cursor = connection.execute(
                "INSERT INTO probe_reviews (profile, vantage, machine, program, started, partial) VALUES (?,?,?,?,?,?)",
                (profile, vantage, machine, program, started, partial),
            )
            connection.commit()
        return Recorder(connection, self.path, int(cursor.lastrowid or 0), profile, vantage)

    def is_there(self) -> bool:
        """Whether any review was ever kept here. Only looks: makes no file and no table."""
        import sqlite3

        if not self.path.exists():
            return False
        with _history_errors(self.path):
            # Not only for reading: what a killed program had half written is taken back by whoever looks first.
            address = f"{self.path.absolute().as_uri()}?mode=rw"
            # Not for long: the checks ask this after every change, while another program may hold the database.
            with closing(sqlite3.connect(address, uri=True, timeout=0.1)) as connection:
                known = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'probe_schema'"
                return connection.execute(known).fetchone() is not None

    def reviews(self, profile: str, *, vantage: str | None = None, limit: int = 20) -> list[PastReview]:
        """The reviews of a profile, the newest first."""
        with self._reading() as connection:
            rows = connection.execute(
                "SELECT id, profile, vantage, machine, program, started, finished, interrupted, partial"
                " FROM probe_reviews WHERE profile = ? AND (? IS NULL OR vantage = ?)"
                " ORDER BY started DESC, id DESC LIMIT ?",
                (profile, vantage, vantage, limit),
            ).fetchall()
        return [_past(row) for row in rows]

    def results(self, review: int) -> list[EndpointState]:
        """The results of one review."""
        with self._reading() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM probe_results WHERE review = ? ORDER BY name", (review,)
            ).fetchall()
        return [_state(row) for row in rows]

    def latest(self, profile: str, *, vantage: str = "local") -> list[EndpointState]:
        """The last state of each endpoint of a profile, whichever review saw it; a cancelled probe says nothing."""
        with self._reading() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS}, max(r.at) FROM probe_results r JOIN probe_reviews v ON v.id = r.review"
                " WHERE v.profile = ? AND v.vantage = ? AND r.outcome <> 'cancelled' GROUP BY r.name ORDER BY r.name",
                (profile, vantage),
            ).fetchall()
        return list(map(_state, rows))

    def series(self, profile: str, name: str, *, vantage: str = "local", limit: int = 50) -> list[EndpointState]:
        """The last states of one endpoint, the oldest first: outcomes, latencies, certificate ends over time."""
        with self._reading() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM probe_results r JOIN probe_reviews v ON v.id = r.review"
                " WHERE v.profile = ? AND v.vantage = ? AND r.name = ? AND r.outcome <> 'cancelled'"
                " ORDER BY r.at DESC LIMIT ?",
                (profile, vantage, name, limit),
            ).fetchall()
        return [_state(row) for row in reversed(rows)]

    def changes(self, before: int, after: int) -> list[EndpointChange]:
        """What differs between two reviews, endpoint by endpoint; what stayed as it was is left out."""
        old = {state.name: state for state in self.results(before)}
        new = {state.name: state for state in self.results(after)}
        changes = []
        for name in sorted(old.keys() | new.keys()):
            was, now = old.get(name), new.get(name)
            if "cancelled" in (was.outcome if was else "", now.outcome if now else ""):
                continue
            if was is None or now is None or (was.outcome, was.faults) != (now.outcome, now.faults):
                changes.append(EndpointChange(name, was, now))
        return changes

    def changes_since_last(self, profile: str, *, vantage: str = "local") -> ReviewComparison | None:
        """What the newest whole review of a profile found otherwise than the one before; `None` without two.

        One that was ended in its middle is not whole: what it did not come to is not gone.
        """
        past = self.reviews(profile, vantage=vantage, limit=KEPT_REVIEWS)
        whole = [each for each in past if each.finished is not None and not (each.partial or each.interrupted)]
        if len(whole) < 2:
            return None
        return ReviewComparison(whole[1], whole[0], tuple(self.changes(whole[1].id, whole[0].id)))

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with closing(self._opened()) as connection, _history_errors(self.path):
            yield connection

    def _opened(self) -> sqlite3.Connection:
        import sqlite3

        with _history_errors(self.path):
            connection = connected(self.path, 5.0, check_same_thread=False)
            try:
                connection.execute("PRAGMA foreign_keys = ON")
                self._prepare(connection)
            except (sqlite3.Error, HistoryError):
                connection.close()
                raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        known = connection.execute(
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'probe_schema'"
        ).fetchone()
        if known is None:
            with connection:
                # Two programs may come here at once: no table is seen without the others, and one row is enough.
                connection.execute("BEGIN IMMEDIATE")
                for statement in _TABLES.split(";"):
                    connection.execute(statement)
                connection.execute(
                    "INSERT INTO probe_schema SELECT ? WHERE NOT EXISTS (SELECT 1 FROM probe_schema)", (SCHEMA,)
                )
        version = connection.execute("SELECT max(version) FROM probe_schema").fetchone()[0]
        if version is not None and version > SCHEMA:
            raise HistoryError(
                f"The probe history in {self.path} was written by a newer omtui;"
                " use that version, or move the file away."
            )


class Recorder:
    """One review being recorded. Its methods are for one thread at a time, whichever it is."""

    def __init__(self, connection: sqlite3.Connection, path: Path, review: int, profile: str, vantage: str) -> None:
        self.review = review
        self._connection = connection
        self._path = path
        self._profile = profile
        self._vantage = vantage

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def close(self) -> None:
        """Closes the database; a review that was not finished stays as one that was broken off."""
        self._connection.close()

    def record(self, *results: ProbeResult) -> None:
        """Keeps results, at once and for good. Those that are kept together cost one commit."""
        with _history_errors(self._path):
            self._connection.executemany(
                f"INSERT OR REPLACE INTO probe_results (review, {_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                [self._row(result) for result in results],
            )
            self._connection.commit()

    def _row(self, result: ProbeResult) -> tuple[object, ...]:
        evidence, verdict, target = result.evidence, result.verdict, result.target
        leaf = evidence.tls.leaf if evidence.tls is not None else None
        return (
            self.review, target.name, target.host, target.port, target.url, result.at, verdict.outcome,
            json.dumps([fault.word for fault in verdict.faults]), verdict.ok, result.warned, verdict.message,
            verdict.advice, evidence.times.total(), leaf.not_after if leaf is not None else None,
            json.dumps(target.used_by),
        )  # fmt: skip

    def finish(self, finished: float, *, interrupted: bool = False) -> None:
        """Marks the review as ended, and lets reviews go that nobody will look at any more."""
        with _history_errors(self._path):
            self._connection.execute(
                "UPDATE probe_reviews SET finished = ?, interrupted = ? WHERE id = ?",
                (finished, interrupted, self.review),
            )
            self._connection.execute(
                "DELETE FROM probe_reviews WHERE profile = ? AND vantage = ? AND id NOT IN (SELECT id FROM"
                " probe_reviews WHERE profile = ? AND vantage = ? ORDER BY started DESC, id DESC LIMIT ?)",
                (self._profile, self._vantage, self._profile, self._vantage, KEPT_REVIEWS),
            )
            self._connection.commit()


@contextmanager
def _history_errors(path: Path) -> Iterator[None]:
    """SQLite's and the system's errors as one that a person can act on."""
    import sqlite3

    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise HistoryError(f"The probe history in {path} can't be used: {error}.") from error


def _state(row: Sequence[Any]) -> EndpointState:
    faults, used_by = (tuple(json.loads(row[at])) for at in (6, 13))
    values: list[Any] = [*row[:6], faults, bool(row[7]), bool(row[8]), *row[9:13], used_by]
    return EndpointState(*values)


def _past(row: Sequence[Any]) -> PastReview:
    values: list[Any] = [*row[:7], bool(row[7]), bool(row[8])]
    return PastReview(*values)
