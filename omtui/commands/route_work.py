"""What `route` does with one file, here or in a process of its own: texts as they are judged, and what is found."""

import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from omtui.commands.interruption import Interruption
from omtui.commands.order_files import named_orders
from omtui.commands.order_moves import OrderMoves, moves_of
from omtui.commands.route_result import result_line
from omtui.documents.spreadsheet import to_csv
from omtui.plain_text import few, plain
from omtui.problem import Problem, Wrong
from omtui.rehearsal.columns import ColumnChoice, map_columns
from omtui.rehearsal.counting import count_orders
from omtui.rehearsal.expecting import Expected, Key, Unmet, judge_column, judge_file, read_expectations
from omtui.rehearsal.file_report import FileReport, FoundRequest, RequestRow, file_report, request_row
from omtui.rehearsal.job import RehearsalCounts
from omtui.rehearsal.rehearsing import Rehearsal, Rehearsed
from omtui.rehearsal.routing import OUTCOMES
from omtui.setup.indexed import Indexed

if TYPE_CHECKING:
    from omtui.setup.place import Data

HARMFUL: Final = ("ambiguous", "unrouted", "cannot-evaluate")
"""In the order in which they are listed."""

Form = Literal["text", "json", "csv", "page", "against", "expect"]


class RuleData(NamedTuple):
    """The rules of a profile, and as of when they are judged."""

    data: "Data"
    as_of: datetime
    published: bool

    def rehearsed(self) -> Rehearsed:
        """They, made ready."""
        setup = Indexed(self.data)
        zone: tzinfo = setup.zone
        return Rehearsed(setup, self.as_of, zone, published=self.published)


@dataclass(frozen=True)
class RouteJob:
    """What is to be done with one file of orders."""

    form: Form
    file: str
    """As it was named."""
    rules: RuleData
    choices: tuple[ColumnChoice, ...]
    encoding: str = ""
    task_type: str = ""
    only: tuple[str, ...] = ()
    limit: int = 0
    values: bool = True
    summary: bool = False
    against: RuleData | None = None
    expectations: str = ""
    """A file of expectations; empty where they are a column of the orders."""
    keeps_met: bool = False
    """Whether expectations that are met are listed, too."""


class JudgedExpectation(NamedTuple):
    """What one request should be and what it is."""

    in_line: str
    order: str
    line: str
    task_type: str
    expected: str
    actual: str


@dataclass
class JudgedExpectations:
    """The expectations of a file."""

    met: int = 0
    kept: list[JudgedExpectation] = field(default_factory=list)
    """Those that are met, where they are asked for."""
    unmet: list[JudgedExpectation] = field(default_factory=list)
    asked: set[Key] = field(default_factory=set)
    """Those of another file for which there was a request."""


@dataclass
class RoutedFile:
    """What was found in one file."""

    name: str
    lines: int = 0
    report: FileReport | None = None
    page: RehearsalCounts | None = None
    moves: OrderMoves | None = None
    expected: JudgedExpectations | None = None
    problem: Problem | None = None
    """Why the file was not read to its end, or not at all."""
    is_broken_off: bool = False


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class ReadyRules:
    """What several files are judged by, each made ready once."""

    def __init__(self, *known: tuple[RuleData, Rehearsed]) -> None:
        self._known = list(known)
        self._expectations: dict[Key, str] | Wrong | None = None

    def rules(self, rules: RuleData) -> Rehearsed:
        """A set of rules, ready for lines."""
        found = next((ready for each, ready in self._known if each is rules), None)
        if found is None:
            found = rules.rehearsed()
            self._known.append((rules, found))
        return found

    def expectations(self, job: RouteJob, zone: tzinfo) -> dict[Key, str] | Wrong:
        """The expectations of a file of their own; none where they are a column of the orders."""
        if self._expectations is None:
            orders = named_orders(job.expectations, job.encoding) if job.expectations else None
            if orders is None or isinstance(orders, Wrong):
                self._expectations = {} if orders is None else orders
            else:
                columns = map_columns(orders.headings, (), zone, job.choices)
                self._expectations = read_expectations(orders, columns)
        return self._expectations


Report = Callable[[Rehearsal], None]


def route_file(
    job: RouteJob, ready: ReadyRules, interruption: Interruption, report: Report | None = None
) -> Iterator[str | RoutedFile]:
    """The texts of a file's requests, where they are asked for, and at last what was found."""
    orders = named_orders(job.file, job.encoding)
    if isinstance(orders, Wrong):
        yield RoutedFile(plain(job.file), problem=orders)
        return
    coverage = job.form in ("text", "json") and not job.summary
    run = Rehearsal(ready.rules(job.rules), orders, task_type=job.task_type, choices=job.choices, coverage=coverage)
    done = RoutedFile(plain(orders.name))
    if run.knows_nothing:
        done.problem = _nothing_known(run)
        yield done
        return

    def broken_off() -> None:
        done.is_broken_off = True

    if report is not None:
        run.report = lambda: report(run)
    orders.chunks = interruption.until_asked(orders.chunks, broken_off)
    yield from _requests(job, run, ready, done)
    done.lines = run.lines
    done.problem = done.problem or run.problem
    yield done


def _requests(job: RouteJob, run: Rehearsal, ready: ReadyRules, done: RoutedFile) -> Iterator[str]:
    listed: list[RequestRow] = []
    more = 0
    match job.form:
        case "page":
            *_, counts = count_orders(run, values=job.values)
            assert isinstance(counts, RehearsalCounts)
            done.page = counts
        case "against":
            assert job.against is not None
            done.moves = moves_of(run, ready.rules(job.against), job.choices, values=job.values)
        case "expect":
            found = _expectations(job, run, ready)
            if isinstance(found, Wrong):
                done.problem = found
            else:
                done.expected = found
        case _ if job.summary:
            run.count_all()
        case "text":
            listed, more = _first_requests(job, run)
        case "json":
            for each in listed_requests(run, job.only):
                yield result_line(run, *each, values=job.values)
        case _:
            for each in listed_requests(run, job.only):
                row = request_row(run, each, values=job.values)
                yield to_csv([(plain(run.orders.name), *row)])
    if job.form in ("text", "json", "csv"):
        done.report = file_report(run, listed, more, values=job.values)


def listed_requests(run: Rehearsal, only: Sequence[str]) -> Iterator[FoundRequest]:
    """The requests with one of some outcomes, as the file is read."""
    for chunk in run.run():
        for line in chunk:
            for request, outcome in run.outcomes.of(line.group):
                if outcome.outcome in only:
                    yield line, request, outcome


def _first_requests(job: RouteJob, run: Rehearsal) -> tuple[list[RequestRow], int]:
    """The first requests, the most harmful ones before the others, and how many more there are."""
    found: dict[str, list[FoundRequest]] = {}
    asked_for = 0
    for each in listed_requests(run, job.only):
        asked_for += 1
        if len(of_outcome := found.setdefault(each[2].outcome, [])) < job.limit:
            of_outcome.append(each)
    first = [each for name in (*HARMFUL, *OUTCOMES[3:]) for each in found.get(name, ())][: job.limit]
    return [request_row(run, each, values=job.values) for each in first], asked_for - len(first)


def _nothing_known(run: Rehearsal) -> Wrong:
    asked = few([f"{name} ({entity})" for entity, name in sorted(run.rehearsed.rules.attributes)])
    return Wrong(
        f"no heading of {plain(run.orders.name)} is understood: it has {few(run.orders.headings)}",
        f"the rules read {asked or 'nothing but the task type'}; map the columns: --columns FILE",
    )


# Expectations


def _expectations(job: RouteJob, run: Rehearsal, ready: ReadyRules) -> JudgedExpectations | Wrong:
    judged = JudgedExpectations()
    found = Expected(kept=[] if job.keeps_met else None)
    if job.expectations:
        asked = ready.expectations(job, run.rehearsed.rules.zone)
        if isinstance(asked, Wrong):
            return asked
        judged.asked.update(judge_file(run, asked, found))
    elif "expected" not in run.columns.roles:
        return Wrong(f"{plain(run.orders.name)} has no column Expected Connector", "add it")
    else:
        deque(judge_column(run, found), 0)
    judged.met = found.met
    judged.kept = [_judged(run, each, values=job.values) for each in found.kept or ()]
    judged.unmet = [_judged(run, each, values=job.values) for each in (*found.unknown, *found.unmet)]
    return judged


def _judged(run: Rehearsal, each: Unmet, *, values: bool) -> JudgedExpectation:
    actual = each.actual or ("(no such outcome)" if each.request is None and each.expected.startswith("(") else "")
    return JudgedExpectation(
        f"{run.orders.first_line + each.line.number}",
        run.role("order", each.line.row) if values else "",
        run.role("line", each.line.row) if values else "",
        each.request.task_type or "" if each.request else "",
        each.expected,
        actual or "(no request)",
    )


def without_request(expectations: Mapping[Key, str], asked: set[Key], *, values: bool) -> Iterator[JudgedExpectation]:
    """The expectations of a file that no line of any file of orders has a request for."""
    for key, expected in expectations.items():
        if key not in asked:
            order, line, task_type, _ = key
            yield JudgedExpectation(
                "", order if values else "", line if values else "", task_type, expected, "(no request)"
            )


class RouteAnswer:
    """What is found in all files. It ends with the first that cannot be read."""

    def __init__(
        self,
        items: Iterator[str | RoutedFile],
        asked_for: int,
        interruption: Interruption,
        before_each: Callable[[], None],
    ) -> None:
        """`asked_for`: how many files there are; `before_each` is called before something is to be written."""
        self.files: list[RoutedFile] = []
        self.asked_for = asked_for
        self._items = items
        self._interruption = interruption
        self._before_each = before_each

    def parts(self) -> Iterator[str | RoutedFile]:
        """The texts of requests, and each file after its own."""
        for each in self._items:
            self._before_each()
            if isinstance(each, str):
                yield each
                continue
            self.files.append(each)
            yield each
            if each.problem is not None:
                return

    def texts(self) -> Iterator[str]:
        """The texts of requests only."""
        return (each for each in self.parts() if isinstance(each, str))

    def read_all(self) -> None:
        """Take in what comes, where there are no texts."""
        deque(self.parts(), 0)

    @property
    def problem(self) -> Problem | None:
        """Why not all was read."""
        return next((each.problem for each in self.files if each.problem is not None), None)

    @property
    def is_interrupted(self) -> bool:
        """Whether Ctrl+C came before the end."""
        return any(each.is_broken_off for each in self.files) or (
            self._interruption.is_asked and len(self.files) < self.asked_for
        )

    @property
    def is_partial(self) -> bool:
        """Whether something of the files was not judged."""
        return self.is_interrupted or self.problem is not None

    @property
    def is_harmful(self) -> bool:
        """Whether a request is unrouted, ambiguous or cannot be evaluated."""
        counted = (each.report.counts.outcomes if each.report else each.page.outcomes if each.page else {}
                   for each in self.files)  # fmt: skip
        return any(outcomes.get(name) for outcomes in counted for name in HARMFUL)

    def interruption_words(self) -> str:
        """How much was judged before Ctrl+C."""
        lines = sum(each.lines for each in self.files)
        if self.asked_for == 1:
            name = self.files[0].name if self.files else "the file"
            return f"interrupted; {lines:,} lines of {name} were judged"
        return f"interrupted; {lines:,} lines of {len(self.files)} of {self.asked_for} files were judged"
