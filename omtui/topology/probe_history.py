"""Results of reviews, kept in the state database: last states, latencies, and what changed since the last time.

Each result is committed when it comes, so that a review killed in its middle loses none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omtui.store.database import Database

if TYPE_CHECKING:
    import sqlite3

    from omtui.topology.result import ProbeResult

KEPT_REVIEWS = 200
"""Reviews kept of one profile and vantage; older ones go when a new one ends."""

_READING = 0.1
"""Seconds to wait for a program that holds the database: the checks ask after every change."""

_WRITING = 5.0
_COLUMNS = (
    "name, host, port, url, at, outcome, faults, ok, warned, message, advice, milliseconds, certificate_ends, used_by"
)


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
    """The probe history in the database of a state folder. Nothing here raises; `trouble` says what is not kept."""

    def __init__(self, state: Path) -> None:
        self._database = Database(state)

    @property
    def trouble(self) -> str:
        """Why the last use failed, and what to do; empty while all is well."""
        return self._database.trouble or ""

    def begin(
        self, profile: str, vantage: str, machine: str, program: str, started: float, *, partial: bool = False
    ) -> int:
        """Begin to keep a review; its number, 0 where it cannot be kept. One never finished was broken off."""
        query = "INSERT INTO probe_reviews (profile, vantage, machine, program, started, partial) VALUES (?,?,?,?,?,?)"
        row = (profile, vantage, machine, program, started, partial)
        return self._written(lambda connection: connection.execute(query, row).lastrowid or 0)

    def record(self, review: int, *results: ProbeResult) -> bool:
        """Keep results of a review, at once and for good; whether that was possible. Together they cost one commit."""
        query = f"INSERT OR REPLACE INTO probe_results (review, {_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
        rows = [_row(review, result) for result in results]
        return self._written(lambda connection: connection.executemany(query, rows).rowcount) > 0

    def finish(self, review: int, finished: float, *, interrupted: bool = False) -> bool:
        """Mark a review as ended, and drop those that nobody will look at any more; whether that was possible."""

        def work(connection: sqlite3.Connection) -> int:
            query = "UPDATE probe_reviews SET finished = ?, interrupted = ? WHERE id = ?"
            done = connection.execute(query, (finished, interrupted, review)).rowcount
            connection.execute(
                "DELETE FROM probe_reviews WHERE id IN (SELECT other.id FROM probe_reviews AS this JOIN probe_reviews"
                " AS other USING (profile, vantage) WHERE this.id = ? ORDER BY other.started DESC, other.id DESC"
                " LIMIT -1 OFFSET ?)",
                (review, KEPT_REVIEWS),
            )
            return done

        return self._written(work) > 0

    def reviews(self, profile: str, *, vantage: str | None = None, limit: int = 20) -> list[PastReview]:
        """The reviews of a profile, the newest first."""
        rows = self._rows(
            "SELECT id, profile, vantage, machine, program, started, finished, interrupted, partial"
            " FROM probe_reviews WHERE profile = ? AND (? IS NULL OR vantage = ?)"
            " ORDER BY started DESC, id DESC LIMIT ?",
            (profile, vantage, vantage, limit),
        )
        return list(map(_past, rows))

    def results(self, review: int) -> list[EndpointState]:
        """The results of one review."""
        query = f"SELECT {_COLUMNS} FROM probe_results WHERE review = ? ORDER BY name"
        return list(map(_state, self._rows(query, (review,))))

    def latest(self, profile: str, *, vantage: str = "local") -> list[EndpointState]:
        """The last state of each endpoint of a profile, whichever review saw it; a cancelled probe says nothing."""
        rows = self._rows(
            f"SELECT {_COLUMNS}, max(r.at) FROM probe_results r JOIN probe_reviews v ON v.id = r.review"
            " WHERE v.profile = ? AND v.vantage = ? AND r.outcome <> 'cancelled' GROUP BY r.name ORDER BY r.name",
            (profile, vantage),
        )
        return list(map(_state, rows))

    def series(self, profile: str, name: str, *, vantage: str = "local", limit: int = 50) -> list[EndpointState]:
        """The last states of one endpoint, the oldest first: outcomes, latencies, certificate ends over time."""
        rows = self._rows(
            f"SELECT {_COLUMNS} FROM probe_results r JOIN probe_reviews v ON v.id = r.review"
            " WHERE v.profile = ? AND v.vantage = ? AND r.name = ? AND r.outcome <> 'cancelled'"
            " ORDER BY r.at DESC LIMIT ?",
            (profile, vantage, name, limit),
        )
        return list(map(_state, reversed(rows)))

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

    def _rows(self, query: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        """What a query finds; nothing where nothing was ever kept or nothing can be read."""
        if not self._database.path.exists():
            return []
        return self._database.use(
            lambda connection: connection.execute(query, values).fetchall(),
            [],
            writes=False,
            patience=_READING,
            puts_aside=False,
        )

    def _written(self, work: Callable[[sqlite3.Connection], int]) -> int:
        return self._database.use(work, 0, patience=_WRITING)


def _row(review: int, result: ProbeResult) -> tuple[object, ...]:
    evidence, verdict, target = result.evidence, result.verdict, result.target
    leaf = evidence.tls.leaf if evidence.tls is not None else None
    return (
        review, target.name, target.host, target.port, target.url, result.at, verdict.outcome,
        json.dumps([fault.word for fault in verdict.faults]), verdict.ok, result.warned, verdict.message,
        verdict.advice, evidence.times.total(), leaf.not_after if leaf is not None else None,
        json.dumps(target.used_by),
    )  # fmt: skip


def _state(row: Sequence[Any]) -> EndpointState:
    faults, used_by = (tuple(json.loads(row[at])) for at in (6, 13))
    values: list[Any] = [*row[:6], faults, bool(row[7]), bool(row[8]), *row[9:13], used_by]
    return EndpointState(*values)


def _past(row: Sequence[Any]) -> PastReview:
    values: list[Any] = [*row[:7], bool(row[7]), bool(row[8])]
    return PastReview(*values)
