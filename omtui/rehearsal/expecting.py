"""Expectations: which connector a line should get, from a column of the file or from a file of its own."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from omtui.plain_text import plain
from omtui.problem import Wrong
from omtui.rehearsal.against import where
from omtui.rehearsal.columns import OF_THE_REQUEST, ColumnMap
from omtui.rehearsal.orders import Orders
from omtui.rehearsal.rehearsing import OrderLine, Rehearsal
from omtui.rehearsal.requests import Request
from omtui.rehearsal.routing import OUTCOMES, RequestOutcome


class Unmet(NamedTuple):
    """A request that is held against an expectation; without a request there was none to judge."""

    line: OrderLine
    request: Request | None
    expected: str
    actual: str


@dataclass
class Expected:
    """How many expectations were met, and which were not."""

    met: int = 0
    unmet: list[Unmet] = field(default_factory=list)
    unknown: list[Unmet] = field(default_factory=list)
    """Expectations in words that are no outcome: `(routed?)`."""
    kept: list[Unmet] | None = None
    """Those that are met, where a list is given to keep them."""

    @property
    def total(self) -> int:
        """All cells that expect something."""
        return self.met + len(self.unmet) + len(self.unknown)


def is_expectation(word: str) -> bool:
    """Whether a cell is a connector's name, or an outcome in brackets."""
    return not word.startswith("(") or word in {f"({each})" for each in OUTCOMES}


def judge_line(
    found: Expected, line: OrderLine, expected: str, requests: Iterable[tuple[Request, RequestOutcome]]
) -> Iterator[bool]:
    """Hold the requests of a line against what is expected of them. An empty cell expects nothing."""
    word = expected.strip()
    if not word:
        return
    if not is_expectation(word):
        found.unknown.append(Unmet(line, None, word, ""))
        yield False
        return
    is_empty = True
    for request, outcome in requests:
        is_empty = False
        actual = where(outcome)
        if actual == word or f"({outcome.outcome})" == word:
            found.met += 1
            if found.kept is not None:
                found.kept.append(Unmet(line, request, word, actual))
            yield True
        else:
            found.unmet.append(Unmet(line, request, word, actual))
            yield False
    if is_empty:
        found.unmet.append(Unmet(line, None, word, ""))
        yield False


def judge_column(run: Rehearsal, found: Expected | None = None) -> Iterator[Expected]:
    """Hold a run against the expectations in its own file. Yields what is known after each chunk."""
    found = found or Expected()
    for chunk in run.run():
        for line in chunk:
            deque(judge_line(found, line, run.role("expected", line.row), run.outcomes.of(line.group)), 0)
        yield found


Key = tuple[str, str, str, str]
"""Order, line, task type, operation; empty where the expectation is for all of them."""


def read_expectations(orders: Orders, columns: ColumnMap) -> dict[Key, str] | Wrong:
    """The expectations of a file that has orders, lines and Expected Connector."""
    if "expected" not in columns.roles:
        return Wrong(f"{plain(orders.name)} has no column Expected Connector", "add it, or map it")
    places = [columns.roles.get("order"), columns.roles.get("line")]
    places += [column.index if (column := columns.of(each)) else None for each in OF_THE_REQUEST[:2]]
    found: dict[Key, str] = {}
    for chunk in orders.chunks:
        if isinstance(chunk, Wrong):
            return chunk
        for row in chunk:
            order, line, task_type, operation = (_cell(row, place) for place in places)
            if expected := _cell(row, columns.roles["expected"]):
                found[order, line, task_type, operation] = expected
    return found


def judge_file(run: Rehearsal, expectations: Mapping[Key, str], found: Expected) -> Iterator[Key]:
    """Hold a run against the expectations of another file. Yields those for which there is a request."""
    for chunk in run.run():
        for line in chunk:
            order, number = run.role("order", line.row), run.role("line", line.row)
            for request, outcome in run.outcomes.of(line.group):
                names = (request.task_type or "", request.operation or "")
                for key in ((order, number, *names), (order, number, names[0], ""), (order, number, "", "")):
                    if key in expectations:
                        deque(judge_line(found, line, expectations[key], [(request, outcome)]), 0)
                        yield key
                        break


def _cell(row: Sequence[object], place: int | None) -> str:
    return "" if place is None or place >= len(row) or row[place] is None else str(row[place]).strip()
