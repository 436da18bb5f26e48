"""A rehearsal in a process of its own, for the workbench: no key waits for it, and what it reads ends with it.

Started as `python -m omtui.rehearsal.child`. Both sides are the same program of the same person: a job is read from
standard input and answers are written to standard output, pickled, each with its length before it. Nothing of the
orders is written anywhere else.
"""

import pickle
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import Any, Final

from omtui.plain_text import plain
from omtui.problem import Wrong
from omtui.rehearsal.against import RoutingChanges, compare_runs, where
from omtui.rehearsal.columns import ColumnChoice
from omtui.rehearsal.job import (
    LENGTH,
    EditImpact,
    LineRules,
    LinesRead,
    ListedLine,
    RehearsalCounts,
    RehearsalJob,
    SeenColumn,
    TraceJob,
    Way,
    WayLines,
)
from omtui.rehearsal.open_orders import read_orders
from omtui.rehearsal.orders import Orders
from omtui.rehearsal.rehearsing import OrderLine, Rehearsal, Rehearsed
from omtui.rehearsal.requests import Request
from omtui.rehearsal.routing import RequestOutcome
from omtui.rehearsal.tracing import Trace, find_line, trace
from omtui.rehearsal.wording import every_rule, why
from omtui.setup.indexed import Indexed, text
from omtui.setup.time_zones import zone_of

MOST_LINES: Final = 1_000
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

Answer = RehearsalCounts | WayLines | LineRules | Trace | Wrong


def main() -> None:
    """Do the job on standard input."""
    for answer in answers(pickle.load(sys.stdin.buffer)):
        content = pickle.dumps(answer)
        sys.stdout.buffer.write(len(content).to_bytes(LENGTH) + content)
        sys.stdout.buffer.flush()


def answers(job: RehearsalJob | TraceJob) -> Iterator[LinesRead | Answer]:
    """How far it is, and at last the answer."""
    path = Path(job.file)
    try:
        orders = read_orders(path.name, lambda: path.open("rb"), path.stat().st_size, "")
    except OSError as error:
        orders = Wrong(f"{plain(path)} cannot be read: {error.strerror}", "choose a file of orders")
    if isinstance(orders, Wrong):
        yield orders
        return
    run = _rehearsal(job.data, orders, job.choices)
    if isinstance(job, TraceJob):
        line = find_line(run, job.order, job.line)
        if not isinstance(line, Wrong):
            yield trace(run, line, job.profile, endpoints=job.endpoints, choices=job.choices)
        else:
            yield line
    elif job.way is None:
        yield from _counts(run, _rehearsal(job.before, orders, job.choices) if job.before is not None else None)
    elif job.line is None:
        yield from _lines(run, job.way)
    else:
        yield from _one_line(run, job.way, job.line)


def _rehearsal(data: Mapping[str, Any], orders: Orders, choices: Sequence[ColumnChoice]) -> Rehearsal:
    setup = Indexed(dict(data))
    zone = zone_of(text(setup.single("pod"), "time_zone"))
    return Rehearsal(Rehearsed(setup, datetime.now(zone), zone), orders, choices=choices)


def _chunks(run: Rehearsal, before: Rehearsal | None) -> Iterator[tuple[list[OrderLine], RoutingChanges | None]]:
    if before is None:
        yield from ((chunk, None) for chunk in run.run())
    else:
        yield from compare_runs(run, before)


# Counts


def _counts(run: Rehearsal, before: Rehearsal | None) -> Iterator[LinesRead | RehearsalCounts]:
    examples: dict[Way, list[ListedLine]] = {}
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
                    found = examples.setdefault(Way(request.task_type, where(outcome)), [])
                    if len(found) < _EXAMPLES:
                        found.append(_listed(run, line, request, outcome))
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
        {Way(*way): int(number) for way, number in counts.table.items()},
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
    ways = ((each.task_type, each.before, each.after, number) for each, number in changes.counts.most_common(5))
    return EditImpact(changes.changed, changes.changed_lines, tuple(ways))


# Lines


def _found(run: Rehearsal, way: Way) -> Iterator[tuple[OrderLine, Request, RequestOutcome] | LinesRead]:
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


def _listed(run: Rehearsal, line: OrderLine, request: Request, outcome: RequestOutcome) -> ListedLine:
    return ListedLine(
        line.number,
        run.orders.first_line + line.number,
        plain(run.role("order", line.row)),
        plain(run.role("line", line.row)),
        tuple(plain(line.row[each.index]) for each in run.judge.columns if each.index < len(line.row)),
        plain(why(run, line.row, request, outcome)),
    )


def _lines(run: Rehearsal, way: Way) -> Iterator[LinesRead | WayLines]:
    lines: list[ListedLine] = []
    more = 0
    for found in _found(run, way):
        if isinstance(found, LinesRead):
            yield found
        elif len(lines) < MOST_LINES:
            lines.append(_listed(run, *found))
        else:
            more += 1
    yield WayLines(tuple(each.attribute[1] for each in run.judge.columns), tuple(lines), more)


def _one_line(run: Rehearsal, way: Way, number: int) -> Iterator[LinesRead | LineRules | Wrong]:
    for found in _found(run, way):
        if isinstance(found, LinesRead):
            yield found
        elif found[0].number == number:
            line, request, _ = found
            yield LineRules(tuple(every_rule(run, line.row, request)))
            return
    yield Wrong("the line is not in the file any more", "choose the file again")


if __name__ == "__main__":
    main()
