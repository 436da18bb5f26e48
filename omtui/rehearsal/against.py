"""Two sets of rules on the same lines: which requests change connector, and from where to where."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from omtui.rehearsal.rehearsing import OrderLine, Rehearsal
from omtui.rehearsal.requests import Request
from omtui.rehearsal.routing import RequestOutcome


class RouteMove(NamedTuple):
    """Requests that go from one connector (or outcome, in brackets) to another; empty: there is no such request."""

    task_type: str | None
    before: str
    after: str


@dataclass
class RoutingChanges:
    """What another set of rules changes."""

    counts: Counter[RouteMove] = field(default_factory=Counter)
    examples: dict[RouteMove, OrderLine] = field(default_factory=dict)
    """The first line of each."""
    changed: Decimal | int = 0
    changed_lines: Decimal | int = 0
    requests: Decimal | int = 0
    lines: Decimal | int = 0
    """With a weight column, all are sums of weights."""


def compare_runs(now: Rehearsal, then: Rehearsal) -> Iterator[tuple[list[OrderLine], RoutingChanges]]:
    """Judge the lines of `now` by the rules of `then`, too. Yields each chunk, and the changes up to its end.

    `then` is a rehearsal of the same headings; its own lines are not read.
    """
    changes = RoutingChanges()
    known: dict[tuple[int, int], list[RouteMove]] = {}
    width = len(now.orders.headings)
    for chunk in now.run():
        others = then.judge.numbers([line.row for line in chunk], width)
        for line, other in zip(chunk, others, strict=True):
            key = (line.group, other)
            if key not in known:
                known[key] = list(moves_of(now.outcomes.of(line.group), then.outcomes.of(other)))
            moves = known[key]
            weight = now.weight(line.row)
            changes.lines += weight
            changes.requests += weight * len(now.outcomes.of(line.group))
            changes.changed += weight * len(moves)
            changes.changed_lines += weight * bool(moves)
            for move in moves:
                changes.counts[move] += weight  # type: ignore[assignment]
                changes.examples.setdefault(move, line)
        yield chunk, changes


def where(outcome: RequestOutcome | None) -> str:
    """The connector of a request, or its outcome in brackets; empty where there is no request."""
    return "" if outcome is None else outcome.connector or f"({outcome.outcome})"


def moves_of(
    now: tuple[tuple[Request, RequestOutcome], ...], then: tuple[tuple[Request, RequestOutcome], ...]
) -> Iterator[RouteMove]:
    """From where to where the requests of a line go, of those that do not stay."""
    before, after = dict(then), dict(now)
    for request in dict.fromkeys((*after, *before)):
        one, other = where(before.get(request)), where(after.get(request))
        if one != other:
            yield RouteMove(request.task_type, one, other)
