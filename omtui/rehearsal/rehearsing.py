"""A rehearsal: the lines of an orders file through the rules of a profile, counted."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Final, NamedTuple

from omtui.plain_text import plain
from omtui.problem import Wrong
from omtui.rehearsal.columns import OF_THE_REQUEST, ColumnChoice, ColumnMap, Role, map_columns
from omtui.rehearsal.judging import Judge, Outcomes
from omtui.rehearsal.masks import Engine
from omtui.rehearsal.orders import Orders, Rows
from omtui.rehearsal.requests import Requests, Source
from omtui.rehearsal.routing import Outcome, Router
from omtui.rehearsal.rules import RuleSet, rule_set
from omtui.setup.comparisons import Unreadable
from omtui.setup.indexed import Indexed, is_predefined, text

WHAT_IT_IS_NOT: Final = (
    "What these rules say of the columns given. Pretransformation, defaulting, holds and process conditions of the pod "
    "are not rehearsed."
)


def as_of_time(word: str, zone: tzinfo) -> datetime | Wrong:
    """The time at which rules are judged: now where none is given."""
    if not word:
        return datetime.now(zone)
    try:
        moment = datetime.fromisoformat(word)
    except ValueError:
        return Wrong(f"{plain(word)} is no time", "write 2026-11-30 or 2026-11-30T08:00")
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


class Rehearsed:
    """The rules of one profile, ready for lines."""

    def __init__(self, setup: Indexed, as_of: datetime, zone: tzinfo, *, published: bool = False) -> None:
        self.setup = setup
        self.rules: RuleSet = rule_set(setup, as_of, zone)
        self.engine = Engine(self.rules)
        names = {
            "connectors": [text(each.record, "name") for each in setup.records("connectors")],
            "oracles_task_types": [
                text(each.record, "name") for each in setup.records("task_types") if is_predefined(each.record)
            ],
        }
        self.router = Router(self.engine, published=published, **names)
        self.other_router = Router(self.engine, published=not published, **names)
        """The same rules as the other set has them: published against draft."""


class OrderLine(NamedTuple):
    """One line of the file: its number among the rows from 0, its cells, its group."""

    number: int
    row: Sequence[object]
    group: int


@dataclass
class ColumnFacts:
    """What the cells of one column are like."""

    missing: int = 0
    unreadable: int = 0
    example: str = ""
    example_line: int = 0
    reason: Unreadable | None = None


@dataclass
class Counts:
    """What was counted. Requests by outcome, connector and rule; cells by column."""

    lines: int = 0
    requests: Decimal | int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    connectors: Counter[str] = field(default_factory=Counter)
    branches: Counter[tuple[int, int]] = field(default_factory=Counter)
    """Requests by the rule and the branch that they take."""
    table: Counter[tuple[str | None, str]] = field(default_factory=Counter)
    """Requests by task type and connector, or outcome where there is none."""
    published_differs: Decimal | int = 0


class Rehearsal:
    """An orders file through a profile's rules. The lines are read once, in chunks; groups are kept, lines are not."""

    def __init__(
        self,
        rehearsed: Rehearsed,
        orders: Orders,
        *,
        task_type: str = "",
        choices: Sequence[ColumnChoice] = (),
    ) -> None:
        self.rehearsed = rehearsed
        self.orders = orders
        rules = rehearsed.rules
        self.columns: ColumnMap = map_columns(orders.headings, sorted(rules.attributes), rules.zone, choices)
        self.requests = Requests(rehearsed.setup, self._source(), task_type=task_type)
        self.judge = Judge(rehearsed.engine, self.requests, self.columns, is_typed=orders.is_typed)
        self.outcomes = Outcomes(self.judge, rehearsed.router)
        self.group_counts: Counter[int] = Counter()
        """Lines of each group; with a weight column the sum of the weights."""
        self.facts = {each.index: ColumnFacts() for each in self.judge.columns}
        self.lines = 0
        self.odd_rows: list[int] = []
        """The first rows, by number, whose width is not the heading's."""
        self.odd_count = 0
        self.bad_weights = 0
        self.report: Callable[[], None] | None = None
        """Called after each chunk."""
        self.problem: Wrong | None = None
        """Why the file was not read to its end."""

    def _source(self) -> Source:
        task_type, _, process = map(self.columns.of, OF_THE_REQUEST)
        return "task type" if task_type else "process" if process else "all"

    @property
    def knows_nothing(self) -> bool:
        """Whether no heading is understood."""
        return not self.columns.columns

    def run(self) -> Iterator[list[OrderLine]]:
        """Judge all lines, chunk by chunk; what was counted is right after each chunk."""
        for chunk, numbers in self._judged():
            first = self.lines - len(chunk)
            yield [
                OrderLine(first + at, row, group) for at, (row, group) in enumerate(zip(chunk, numbers, strict=True))
            ]

    def count_all(self) -> None:
        """Judge all lines where nobody looks at them one by one."""
        for _ in self._judged():
            pass

    def _judged(self) -> Iterator[tuple[Rows, list[int]]]:
        """The rows in chunks, each row with the number of its group."""
        width = len(self.orders.headings)
        weight = self.columns.roles.get("weight")
        for chunk in self.orders.chunks:
            if isinstance(chunk, Wrong):
                self.problem = chunk
                return
            if set(map(len, chunk)) == {width}:
                columns = list(zip(*chunk, strict=True))
                numbers = self.judge.numbers_of(columns)
                self._note_cells(columns, range(len(chunk)))
            else:
                numbers = self.judge.numbers(chunk, width)
                self._note_odd(chunk, width)
            if weight is None:
                self.group_counts.update(numbers)
            else:
                self._weigh(chunk, numbers, weight)
            self.lines += len(chunk)
            if self.report is not None:
                self.report()
            yield chunk, numbers

    def _weigh(self, chunk: Rows, numbers: Sequence[int], weight: int) -> None:
        for row, number in zip(chunk, numbers, strict=True):
            try:
                amount = Decimal(str(row[weight]).strip())
            except (ArithmeticError, IndexError):
                amount = Decimal("NaN")
            if not amount.is_finite() or amount < 0:
                self.bad_weights += 1
                continue
            self.group_counts[number] += amount  # type: ignore[assignment]

    def _note_odd(self, chunk: Rows, width: int) -> None:
        """Note the rows whose width is not the heading's, and the cells of the others."""
        odd = [self.lines + at for at, row in enumerate(chunk) if len(row) != width]
        self.odd_count += len(odd)
        self.odd_rows += odd[: 5 - len(self.odd_rows)] if len(self.odd_rows) < 5 else []
        whole = [at for at, row in enumerate(chunk) if len(row) == width]
        if whole:
            self._note_cells(list(zip(*(chunk[at] for at in whole), strict=True)), whole)

    def _note_cells(self, columns: Sequence[Sequence[object]], places: Sequence[int]) -> None:
        """Count the cells that are missing or cannot be read; `places` are those of the rows in the chunk."""
        for column, masks in self.judge.masks:
            facts = self.facts[column.index]
            cells = columns[column.index]
            facts.missing += cells.count("") + cells.count(None)
            bad = masks.unreadable(cells)
            facts.unreadable += len(bad)
            if bad and facts.reason is None:
                place, facts.reason = bad[0]
                facts.example = plain(cells[place])[:60]
                facts.example_line = self.lines + places[place]

    def counts(self) -> Counts:
        """The sums over all lines so far."""
        counts = Counts(self.lines)
        others = Outcomes(self.judge, self.rehearsed.other_router)
        places = {
            id(branch): (at, number)
            for at, rule in enumerate(self.rehearsed.rules.rules)
            for number, branch in enumerate(rule.branches)
        }
        for number, lines in self.group_counts.items():
            for (request, found), (_, other) in zip(self.outcomes.of(number), others.of(number), strict=True):
                counts.requests += lines
                counts.outcomes[found.outcome] += lines
                name = found.connector or f"({found.outcome})"
                counts.table[request.task_type, name] += lines
                if found.connector is not None:
                    counts.connectors[found.connector] += lines
                for state in found.states:
                    if state.taken is not None and not state.open and not state.missing:
                        counts.branches[places[id(state.taken)]] += lines
                if (found.outcome, found.connectors) != (other.outcome, other.connectors):
                    counts.published_differs += lines
        return counts

    def role(self, role: Role, row: Sequence[object]) -> str:
        """What a line says of its order or line number; empty where it does not."""
        index = self.columns.roles.get(role)
        return "" if index is None or index >= len(row) or row[index] is None else str(row[index])
