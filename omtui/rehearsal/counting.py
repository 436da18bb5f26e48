"""An orders file counted for people: ways with examples, what each rule takes, pairs that were met, columns."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from omtui.plain_text import plain
from omtui.rehearsal.against import RouteMove, where
from omtui.rehearsal.job import EditImpact, LinesRead, ListedLine, RehearsalCounts, RequestWay, SeenColumn
from omtui.rehearsal.kept_orders import SAMPLES
from omtui.rehearsal.rehearsing import OrderLine, Rehearsal
from omtui.rehearsal.requests import Request
from omtui.rehearsal.routing import RequestOutcome
from omtui.rehearsal.sentences import why

_EXAMPLES: Final = 3
_MOST_MOVES: Final = 5
_LONGEST_SAMPLE: Final = 40
_ROLES: Final = {
    "order": "the order's number",
    "line": "the line's number",
    "weight": "how many lines it counts for",
    "expected": "the expected connector",
}


class WayExamples:
    """The first lines of each way, of those whose rules come out alike only one."""

    def __init__(self, run: Rehearsal, *, values: bool = True) -> None:
        """Without `values` nothing of the cells is in them."""
        self._run = run
        self._values = values
        self._seen: set[object] = set()
        self._known: set[int] = set()
        self._found: dict[RequestWay, list[ListedLine]] = {}

    def unseen(self, groups: Sequence[int]) -> set[int]:
        """The groups of some lines that have no line yet."""
        return set(groups) - self._known

    def see(self, line: OrderLine) -> None:
        """Take a line of a group that has none yet; lines come in the order of the file."""
        run = self._run
        self._known.add(line.group)
        group = run.judge.groups[line.group]
        if group in self._seen:
            return
        self._seen.add(group)
        for request, outcome in run.outcomes.of(line.group):
            found = self._found.setdefault(RequestWay(request.task_type, where(outcome)), [])
            if len(found) < _EXAMPLES:
                found.append(listed(run, line, request, outcome, values=self._values))

    def by_way(self) -> dict[RequestWay, tuple[ListedLine, ...]]:
        """The lines by their ways."""
        return {way: tuple(lines) for way, lines in self._found.items()}


def count_orders(run: Rehearsal, *, values: bool = True) -> Iterator[LinesRead | RehearsalCounts]:
    """How far it is, after each chunk, and at last all that is counted, with examples."""
    examples = WayExamples(run, values=values)
    samples: list[Sequence[object]] = []
    for before, chunk, groups in run.judged():
        samples += chunk[: max(0, SAMPLES - before)]
        for group in sorted(examples.unseen(groups), key=groups.index):
            at = groups.index(group)
            examples.see(OrderLine(before + at, chunk[at], group))
        yield LinesRead(run.lines)
    yield replace(counted(run, samples), examples=examples.by_way())


def counted(
    run: Rehearsal,
    samples: Sequence[Sequence[object]],
    edit: EditImpact | None = None,
    *,
    is_whole: bool = True,
) -> RehearsalCounts:
    """What was counted so far, without examples. `samples` are the first rows."""
    counts = run.counts()
    taken: Counter[str] = Counter()
    for (rule, _), number in counts.branches.items():
        taken[run.rehearsed.rules.rules[rule].name] += int(number)
    return RehearsalCounts(
        counts.lines,
        int(counts.requests),
        {name: int(number) for name, number in counts.outcomes.items() if number},
        {RequestWay(*way): int(number) for way, number in counts.table.items() if number},
        {},
        taken,
        {pair: int(number) for pair, number in counts.pairs.items() if number},
        tuple(_columns(run, samples)),
        tuple((f"{each[1]} ({each[0]})", run.columns.nearest_heading(each)) for each in run.judge.not_there),
        (*run.orders.notes, *run.columns.refused),
        edit,
        run.problem,
        is_whole,
    )


def _columns(run: Rehearsal, samples: Sequence[Sequence[object]]) -> Iterator[SeenColumn]:
    named = {index: _ROLES[role] for role, index in run.columns.roles.items()}
    named |= {each.index: f"{each.attribute[1]} ({each.attribute[0]})" for each in run.columns.columns}
    for index, heading in enumerate(run.orders.headings):
        facts = run.facts.get(index)
        cells = (row[index] for row in samples if index < len(row))
        yield SeenColumn(
            plain(heading),
            tuple(plain("" if cell is None else cell)[:_LONGEST_SAMPLE] for cell in cells),
            named.get(index, ""),
            facts.missing if facts else None,
            facts.unreadable if facts else None,
        )


def edit_impact(requests: Decimal | int, lines: Decimal | int, moves: Mapping[RouteMove, Decimal | int]) -> EditImpact:
    """What an edit changes, the most frequent first."""
    ways = sorted(moves.items(), key=lambda each: (-each[1], str(each[0])))[:_MOST_MOVES]
    return EditImpact(int(requests), int(lines), tuple((*move, int(number)) for move, number in ways))


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
