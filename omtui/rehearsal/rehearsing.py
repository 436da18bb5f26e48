"""A rehearsal: the lines of an orders file through the rules of a profile, counted."""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from decimal import Decimal
from itertools import combinations
from typing import Final, NamedTuple

from omtui.plain_text import plain
from omtui.problem import Wrong
from omtui.rehearsal.columns import OF_THE_REQUEST, ColumnChoice, ColumnMap, Role, map_columns
from omtui.rehearsal.coverage import Coverage
from omtui.rehearsal.judging import ChunkColumns, Judge, JudgedGroup, Outcomes
from omtui.rehearsal.masks import Engine
from omtui.rehearsal.orders import Orders, Rows
from omtui.rehearsal.requests import Request, Requests, Source
from omtui.rehearsal.routing import Outcome, Router
from omtui.rehearsal.rules import Branch, RuleSet, rule_set
from omtui.setup.comparisons import Unreadable
from omtui.setup.indexed import Indexed, LocatedRecord, is_predefined, text

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

    def __init__(
        self,
        setup: Indexed,
        as_of: datetime,
        zone: tzinfo,
        *,
        published: bool = False,
        branches: Callable[[LocatedRecord], tuple[Branch, ...]] | None = None,
    ) -> None:
        """`branches` may know those of rules, which then are not compiled again."""
        self.setup = setup
        self.rules: RuleSet = rule_set(setup, as_of, zone, branches)
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
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Requests by two rules that are both taken, where no connector wins."""


class Rehearsal:
    """An orders file through a profile's rules. The lines are read once, in chunks; groups are kept, lines are not."""

    def __init__(
        self,
        rehearsed: Rehearsed,
        orders: Orders,
        *,
        task_type: str = "",
        choices: Sequence[ColumnChoice] = (),
        coverage: bool = False,
    ) -> None:
        """`coverage`: count which comparisons decide."""
        self.rehearsed = rehearsed
        self.orders = orders
        rules = rehearsed.rules
        self.columns: ColumnMap = map_columns(orders.headings, sorted(rules.attributes), rules.zone, choices)
        self.requests = Requests(rehearsed.setup, self._source(), task_type=task_type)
        self.judge = Judge(rehearsed.engine, self.requests, self.columns, is_typed=orders.is_typed)
        self.outcomes = Outcomes(self.judge, rehearsed.router)
        self.coverage = Coverage(self.judge, rehearsed.router) if coverage else None
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
        for before, chunk, numbers in self.judged():
            yield [OrderLine(before + at, *each) for at, each in enumerate(zip(chunk, numbers, strict=True))]

    def count_all(self) -> None:
        """Judge all lines where nobody looks at them one by one."""
        deque(self.judged(), 0)

    def judged(self) -> Iterator[tuple[int, Rows, list[int]]]:
        """Chunks of lines with their groups, and how many lines came before."""
        width = len(self.orders.headings)
        weight = self.columns.roles.get("weight")
        for chunk in self.orders.chunks:
            if isinstance(chunk, Wrong):
                self.problem = chunk
                return
            columns = ChunkColumns(chunk, width, is_typed=self.orders.is_typed)
            numbers = self.judge.numbers_of(columns)
            if weight is None:
                self.group_counts.update(numbers)
            else:
                self._weigh(chunk, numbers, weight)
            if self.coverage is not None:
                weights = [] if weight is None else list(map(self.weight, chunk))
                self.coverage.take(columns, numbers, weights)
            self._note_cells(columns)
            before = self.lines
            self.lines += len(chunk)
            if self.report is not None:
                self.report()
            yield before, chunk, numbers

    def _weigh(self, chunk: Rows, numbers: Sequence[int], weight: int) -> None:
        for row, number in zip(chunk, numbers, strict=True):
            amount = _weight(row, weight)
            if amount is None:
                self.bad_weights += 1
            else:
                self.group_counts[number] += amount  # type: ignore[assignment]

    def weight(self, row: Sequence[object]) -> Decimal | int:
        """How many lines a row is for: 1 where no column says it, 0 where it is no number."""
        index = self.columns.roles.get("weight")
        return 1 if index is None else _weight(row, index) or 0

    def _note_cells(self, columns: ChunkColumns) -> None:
        places: Sequence[int] = range(len(columns.cells[0]) if columns.cells else 0)
        if columns.is_odd:
            odd = [self.lines + at for at, is_odd in enumerate(columns.is_odd) if is_odd]
            self.odd_count += len(odd)
            self.odd_rows += odd[: max(0, 5 - len(self.odd_rows))]
            places = [at for at, is_odd in enumerate(columns.is_odd) if not is_odd]
        for column, masks in self.judge.masks if columns.cells else ():
            facts = self.facts[column.index]
            cells = columns.cells[column.index]
            if not all(cells):
                facts.missing += cells.count("") + cells.count(None)
            bad = masks.unreadable(cells) if self.orders.is_typed or not masks.is_text else []
            facts.unreadable += len(bad)
            if bad and facts.reason is None:
                place, facts.reason = bad[0]
                facts.example = plain(cells[place])[:60]
                facts.example_line = self.lines + places[place]

    def counts(self) -> Counts:
        """The sums over all lines so far."""
        counts = Counts(self.lines)
        places = {
            id(branch): (at, number)
            for at, rule in enumerate(self.rehearsed.rules.rules)
            for number, branch in enumerate(rule.branches)
        }
        rules = self.rehearsed.rules.rules
        differing = [rule for rule in rules if rule.missing_from(published=True) != rule.missing_from(published=False)]
        bits = sum(self.rehearsed.engine.rule_bits[rule] for rule in differing)
        for (request, mask), lines in self._answers().items():
            found = self.rehearsed.router.outcome(request.task_type, mask)
            counts.requests += lines
            counts.outcomes[found.outcome] += lines
            name = found.connector or f"({found.outcome})"
            counts.table[request.task_type, name] += lines
            if found.connector is not None:
                counts.connectors[found.connector] += lines
            for state in found.states:
                if state.taken is not None and not state.open and not state.missing:
                    counts.branches[places[id(state.taken)]] += lines
            if found.outcome == "ambiguous":
                names = sorted({state.rule.name for state in found.states if state.taken and not state.missing})
                for pair in combinations(names, 2):
                    counts.pairs[pair] += lines
            if mask & bits:
                other = self.rehearsed.other_router.outcome(request.task_type, mask)
                if (found.outcome, found.connectors) != (other.outcome, other.connectors):
                    counts.published_differs += lines
        return counts

    def _answers(self) -> Counter[tuple[Request, int]]:
        """How many lines have the same mask for a request."""
        engine = self.rehearsed.engine
        by_requests: dict[tuple[Request, ...], list[tuple[JudgedGroup, int]]] = {}
        for number, lines in self.group_counts.items():
            group = self.judge.groups[number]
            by_requests.setdefault(group.requests, []).append((group, lines))
        found: Counter[tuple[Request, int]] = Counter()
        for requests, groups in by_requests.items():
            for request in requests:
                asked = engine.request_mask(*request)
                if not asked & engine.may:
                    found[request, 0] += sum(lines for _, lines in groups)
                    continue
                for group, lines in groups:
                    mask = self.judge.mask(group, request) if engine.wide else group.mask & asked
                    found[request, mask] += lines
        return found

    def is_whole(self, row: Sequence[object]) -> bool:
        """Whether a row has as many cells as there are headings; nothing of another one can be said."""
        return len(row) == len(self.orders.headings)

    def role(self, role: Role, row: Sequence[object]) -> str:
        """What a line says of its order or line number; empty where it does not."""
        index = self.columns.roles.get(role)
        return "" if index is None or index >= len(row) or row[index] is None else str(row[index])


def _weight(row: Sequence[object], index: int) -> Decimal | None:
    return weight_of(row[index]) if index < len(row) else None


def weight_of(cell: object) -> Decimal | None:
    """How many lines a cell says that its row is for."""
    try:
        amount = Decimal(str(cell).strip())
    except ArithmeticError:
        return None
    return amount if amount.is_finite() and amount >= 0 else None
