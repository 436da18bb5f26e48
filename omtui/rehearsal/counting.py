"""An orders file counted for people: ways with examples, what each rule takes, pairs that were met, columns."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from omtui.plain_text import plain
from omtui.rehearsal.against import RoutingChanges, compare_runs, where
from omtui.rehearsal.job import EditImpact, LinesRead, ListedLine, RehearsalCounts, RequestWay, SeenColumn
from omtui.rehearsal.rehearsing import OrderLine, Rehearsal
from omtui.rehearsal.requests import Request
from omtui.rehearsal.routing import RequestOutcome
from omtui.rehearsal.sentences import why

_EXAMPLES: Final = 3
_REPORT_EVERY: Final = 0.25
_SAMPLES: Final = 3
_LONGEST_SAMPLE: Final = 40
_ROLES: Final = {
    "order": "the order's number",
    "line": "the line's number",
    "weight": "how many lines it counts for",
    "expected": "the expected connector",
}


def _chunks(run: Rehearsal, before: Rehearsal | None) -> Iterator[tuple[list[OrderLine], RoutingChanges | None]]:
    if before is None:
        yield from ((chunk, None) for chunk in run.run())
    else:
        yield from compare_runs(run, before)


def count_orders(
    run: Rehearsal, before: Rehearsal | None = None, *, values: bool = True
) -> Iterator[LinesRead | RehearsalCounts]:
    """How far it is, and at last all that is counted; `before` is the same file by the rules before an edit."""
    examples: dict[RequestWay, list[ListedLine]] = {}
    seen: set[int] = set()
    samples: list[list[str]] = [[] for _ in run.orders.headings]
    changes: RoutingChanges | None = None
    reported = time.monotonic()
    for chunk, changes in _chunks(run, before):  # noqa: B007
        for line in chunk:
            if line.number < _SAMPLES:
                for cells, cell in zip(samples, line.row, strict=False):
                    cells.append(plain("" if cell is None else cell)[:_LONGEST_SAMPLE])
            if line.group not in seen:
                seen.add(line.group)
                for request, outcome in run.outcomes.of(line.group):
                    found = examples.setdefault(RequestWay(request.task_type, where(outcome)), [])
                    if len(found) < _EXAMPLES:
                        found.append(listed(run, line, request, outcome, values=values))
        if time.monotonic() - reported > _REPORT_EVERY:
            reported = time.monotonic()
            yield LinesRead(run.lines)
    counts = run.counts()
    taken: Counter[str] = Counter()
    for (rule, _), number in counts.branches.items():
        taken[run.rehearsed.rules.rules[rule].name] += int(number)
    yield RehearsalCounts(
        counts.lines,
        int(counts.requests),
        {name: int(number) for name, number in counts.outcomes.items()},
        {RequestWay(*way): int(number) for way, number in counts.table.items()},
        {way: tuple(lines) for way, lines in examples.items()},
        taken,
        _pairs(run),
        tuple(_columns(run, samples)),
        tuple((f"{each[1]} ({each[0]})", run.columns.nearest_heading(each)) for each in run.judge.not_there),
        (*run.orders.notes, *run.columns.refused),
        _edit_impact(changes) if changes else None,
        run.problem,
    )


def _pairs(run: Rehearsal) -> Counter[tuple[str, str]]:
    pairs: Counter[tuple[str, str]] = Counter()
    for group, lines in run.group_counts.items():
        for _, outcome in run.outcomes.of(group):
            if outcome.outcome == "ambiguous":
                names = sorted({state.rule.name for state in outcome.states if state.taken and not state.missing})
                pairs.update(dict.fromkeys(combinations(names, 2), int(lines)))
    return pairs


def _columns(run: Rehearsal, samples: Sequence[Sequence[str]]) -> Iterator[SeenColumn]:
    named = {index: _ROLES[role] for role, index in run.columns.roles.items()}
    named |= {each.index: f"{each.attribute[1]} ({each.attribute[0]})" for each in run.columns.columns}
    for index, heading in enumerate(run.orders.headings):
        facts = run.facts.get(index)
        yield SeenColumn(
            plain(heading),
            tuple(samples[index]),
            named.get(index, ""),
            facts.missing if facts else None,
            facts.unreadable if facts else None,
        )


def _edit_impact(changes: RoutingChanges) -> EditImpact:
    ways = ((each.task_type, each.before, each.after, int(number)) for each, number in changes.counts.most_common(5))
    return EditImpact(int(changes.changed), int(changes.changed_lines), tuple(ways))


def lines_of(run: Rehearsal, way: RequestWay) -> Iterator[tuple[OrderLine, Request, RequestOutcome] | LinesRead]:
    """The lines that go one way, and now and then how many were read."""
    reported = time.monotonic()
    for chunk in run.run():
        for line in chunk:
            for request, outcome in run.outcomes.of(line.group):
                if (request.task_type, where(outcome)) == way:
                    yield line, request, outcome
        if time.monotonic() - reported > _REPORT_EVERY:
            reported = time.monotonic()
            yield LinesRead(run.lines)


def listed(
    run: Rehearsal, line: OrderLine, request: Request, outcome: RequestOutcome, *, values: bool = True
) -> ListedLine:
    """A line with the reason why its request goes where it goes; without `values` nothing of its cells."""
    return ListedLine(
        line.number,
        run.orders.first_line + line.number,
        plain(run.role("order", line.row)) if values else "",
        plain(run.role("line", line.row)) if values else "",
        tuple(plain(line.row[each.index]) for each in run.judge.columns if values and each.index < len(line.row)),
        plain(why(run, line.row, request, outcome, values=values)),
    )
