"""What a run says of its file, as plain data that goes from process to process: counts, columns, requests in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from omtui.plain_text import plain
from omtui.rehearsal.rehearsing import Counts, OrderLine, Rehearsal
from omtui.rehearsal.requests import Request
from omtui.rehearsal.routing import RequestOutcome
from omtui.rehearsal.sentences import why
from omtui.setup.comparisons import Attribute
from omtui.setup.place import Path
from omtui.setup.routing import ATTRIBUTES

FoundRequest = tuple[OrderLine, Request, RequestOutcome]


class ColumnReport(NamedTuple):
    """A column that the rules read, and what its cells are like."""

    heading: str
    attribute: Attribute
    kind: str
    missing: int
    unreadable: int
    example: str
    """The first cell that cannot be read, with its line."""


class RequestRow(NamedTuple):
    """A request in words."""

    in_line: int
    order: str
    line: str
    task_type: str
    operation: str
    outcome: str
    connector: str
    why: str


Decider = tuple[int, int, Path]
"""A comparison: its rule, the branch, both by number, and its path in the conditions."""


@dataclass(frozen=True)
class FileReport:
    """A file through the rules."""

    name: str
    counts: Counts
    is_weighted: bool
    is_for_all: bool
    """Whether the file says neither task type nor process."""
    columns: tuple[ColumnReport, ...]
    not_there: tuple[tuple[Attribute, str], ...]
    """What the rules read and no column holds, with the nearest heading."""
    refused: tuple[str, ...]
    odd_count: int
    odd_lines: tuple[int, ...]
    """Lines whose number of cells is not the heading's: how many, and the first."""
    bad_weights: int
    notes: tuple[str, ...]
    listed: tuple[RequestRow, ...]
    more: int
    """How many requests were not listed."""
    decided: Mapping[Decider, Decimal | int] | None = None
    """How many requests each comparison decides; `None` where that was not counted."""


def file_report(run: Rehearsal, listed: Sequence[RequestRow] = (), more: int = 0, *, values: bool = True) -> FileReport:
    """What a run has counted so far. Without `values` no cell is shown."""
    return FileReport(
        plain(run.orders.name),
        run.counts(),
        "weight" in run.columns.roles,
        run.requests.source == "all",
        tuple(_column(run, number, values=values) for number in range(len(run.judge.columns))),
        tuple((each, run.columns.nearest_heading(each)) for each in run.judge.not_there),
        tuple(map(plain, run.columns.refused)),
        run.odd_count,
        tuple(run.orders.first_line + each for each in run.odd_rows),
        run.bad_weights,
        tuple(run.orders.notes),
        tuple(listed),
        more,
        _decided(run),
    )


def _decided(run: Rehearsal) -> dict[Decider, Decimal | int] | None:
    if run.coverage is None:
        return None
    decided = run.coverage.decided(run.group_counts)
    return {
        (at, number, path): decided[branch, path]
        for at, rule in enumerate(run.rehearsed.rules.rules)
        for number, branch in enumerate(rule.branches)
        for path in run.coverage.leaves_of(branch)
    }


def _column(run: Rehearsal, number: int, *, values: bool) -> ColumnReport:
    column = run.judge.columns[number]
    facts = run.facts[column.index]
    example = ""
    if facts.reason is not None:
        cell = f'"{facts.example}": ' if values else ""
        example = f"line {run.orders.first_line + facts.example_line:,}: {cell}{facts.reason.reason}"
        example += f"; {facts.reason.hint}" if facts.reason.hint else ""
    kind = (column.choice and column.choice.type) or ATTRIBUTES.get(column.attribute[1], ("", "text"))[1]
    return ColumnReport(column.heading, column.attribute, kind, facts.missing, facts.unreadable, example)


def request_row(run: Rehearsal, found: FoundRequest, *, values: bool = True) -> RequestRow:
    """A request with the sentence that decides it; without `values` nothing of its line."""
    line, request, outcome = found
    return RequestRow(
        run.orders.first_line + line.number,
        plain(run.role("order", line.row)) if values else "",
        plain(run.role("line", line.row)) if values else "",
        request.task_type or "",
        request.operation or "",
        outcome.outcome,
        outcome.connector or "",
        plain(why(run, line.row, request, outcome, values=values)),
    )
