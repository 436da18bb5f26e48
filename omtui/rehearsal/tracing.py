"""One order line through its process: what each step sends, waits for and raises, and where the set-up has a gap.

Branching conditions are words in a profile: which branch a line takes is not judged, and all are followed. That a line
gets the status on which a wait ends, and an order its first and last status, is inferred.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from typing import Final, Literal, NamedTuple

from omtui.plain_text import few, plain
from omtui.problem import Wrong
from omtui.rehearsal.cells import is_missing
from omtui.rehearsal.changes import HEADER, LINE, STATUS, OrderChange
from omtui.rehearsal.columns import PROCESS_NAME, ROLES, ColumnChoice, map_columns
from omtui.rehearsal.events import RaisedEvent, raised_events
from omtui.rehearsal.explaining import near_misses, reasons
from omtui.rehearsal.rehearsing import Rehearsal
from omtui.rehearsal.requests import Request, request_of
from omtui.rehearsal.routing import RequestOutcome
from omtui.setup.answers import Answerer, answerers
from omtui.setup.comparisons import Attribute
from omtui.setup.connectors import ASYNCHRONOUS, SYNCHRONOUS
from omtui.setup.did_you_mean import did_you_mean
from omtui.setup.indexed import LocatedRecord, flag, is_predefined, text
from omtui.setup.step_order import OrderedStep, in_order
from omtui.setup.table import Record

SHIP_DATES: Final[tuple[Attribute, ...]] = tuple(
    (LINE, name) for name in ("Scheduled Ship Date", "Schedule Ship Date", "Requested Ship Date", "Request Ship Date")
)
"""The attributes that say when a line ships, the best first."""

_WITH_AN_END: Final = (("certificate", "keystore_alias", "certificates"), ("credential", "credential", "credentials"))
"""What a connector leans on: its field, and the table that knows the last day."""


class TracedLine(NamedTuple):
    """The line of an orders file that is traced, and the names of all lines of its order."""

    row: Sequence[object]
    order: str
    line: str
    lines: tuple[str, ...]


class ReviewedEndpoint(NamedTuple):
    """What the last topology review found at the endpoint of a connector."""

    ok: bool
    outcome: str
    on: date | None = None
    certificate_ends: date | None = None


@dataclass(frozen=True)
class TraceStep:
    """A step of the process, or the start or end of the order, as the line goes through it."""

    kind: Literal["call", "wait", "branch", "merge", "start", "end"]
    name: str
    events: tuple[RaisedEvent, ...] = ()
    gaps: tuple[str, ...] = ()
    number: object = None
    depth: int = 0
    branch: str = ""
    """The condition of the branch that begins with it."""
    task_type: str = ""
    service: str = ""
    only_for: str = ""
    outcome: str = ""
    connector: str = ""
    to: str = ""
    """The connector with its system and its mode, or who routes it."""
    because: str = ""
    waits_for: str = ""
    ends_with: str = ""
    answer: Answerer | None = None
    answer_words: str = ""


@dataclass(frozen=True)
class Trace:
    """An order line on its way."""

    profile: str
    line: TracedLine
    process: str
    ships: date | None
    as_of: datetime
    is_published: bool
    steps: tuple[TraceStep, ...]
    """The first is the start of the order, the last its end."""

    @property
    def gaps(self) -> int:
        """How many gaps there are."""
        return sum(len(each.gaps) for each in self.steps)


def find_line(run: Rehearsal, order: str, line: str = "") -> TracedLine | Wrong:
    """The line of an order by its number; the first where none is named. Rows of other orders are not kept."""
    file = plain(run.orders.name)
    if "order" not in run.columns.roles:
        fix = f'name a column {", ".join(ROLES["order"])}, or map one: is = "order"'
        return Wrong(f"{file} does not say which order a line belongs to", fix)
    found: dict[str, Sequence[object]] = {}
    others: dict[str, None] = {}
    number = run.orders.first_line
    for chunk in run.orders.chunks:
        if isinstance(chunk, Wrong):
            return chunk
        for row in chunk:
            name = run.role("order", row).strip()
            if name == order:
                found.setdefault(run.role("line", row).strip() or str(number), row)
            elif len(others) < 5:
                others[name] = None
            number += 1
    if not found:
        return Wrong(f"there is no order {plain(order)} in {file}", f"it has {few(list(others)) or 'none'}")
    if line and line not in found:
        return Wrong(f"order {plain(order)} has no line {plain(line)}", f"it has {few(list(found))}")
    line = line or next(iter(found))
    if len(found[line]) != len(run.orders.headings):
        message = f"order {plain(order)}, line {plain(line)} has {len(found[line])} cells"
        return Wrong(f"{message}, and {file} has {len(run.orders.headings)} headings", "correct the line")
    return TracedLine(found[line], order, line, tuple(found))


def trace(
    run: Rehearsal,
    line: TracedLine,
    profile: str,
    *,
    process: str = "",
    endpoints: Mapping[str, ReviewedEndpoint] | None = None,
    choices: Sequence[ColumnChoice] = (),
) -> Trace | Wrong:
    """The line through the process that its columns name, or that is named here.

    `endpoints` are those of connectors by name, where a review is kept.
    """
    column = run.columns.of(PROCESS_NAME)
    cell = line.row[column.index] if column else None
    process = process or ("" if is_missing(cell) else str(cell))
    if not process:
        message = f"order {plain(line.order)}, line {plain(line.line)} does not say its process"
        return Wrong(message, "fill in the column Process Name, map one to it, or name it with --process")
    known = run.rehearsed.setup.by_key("orchestration_processes")
    if process not in known:
        near = did_you_mean(process, known)
        fix = f"did you mean {plain(near)}?" if near else f"it has {few(list(known)) or 'none'}"
        return Wrong(f"the profile has no process {plain(process)}", fix)
    steps = in_order(run.rehearsed.setup.within(known[process][0], "steps"))
    if not steps:
        return Wrong(f"the profile notes no steps of {plain(process)}", "enter the steps in step 2, or name another")
    ships, rules = _ship_date(run, line, choices), run.rehearsed.rules
    way = tuple(_Walk(run, line, ships, endpoints or {}).through(steps))
    return Trace(profile, line, process, ships, rules.as_of, run.rehearsed.router.published, way)


def _ship_date(run: Rehearsal, line: TracedLine, choices: Sequence[ColumnChoice]) -> date | None:
    zone = run.rehearsed.rules.zone
    columns = map_columns(run.orders.headings, SHIP_DATES, zone, choices)
    for attribute in SHIP_DATES:
        column = columns.of(attribute)
        cell = line.row[column.index] if column else None
        if column and not is_missing(cell) and (ships := _day(column.read(cell, "date"), zone)):
            return ships
    return None


def _day(value: object, zone: tzinfo) -> date | None:
    if isinstance(value, datetime):
        return (value.astimezone(zone) if value.tzinfo else value).date()
    return value if isinstance(value, date) else None


class _Walk:
    """The way of one line from step to step."""

    def __init__(
        self, run: Rehearsal, line: TracedLine, ships: date | None, endpoints: Mapping[str, ReviewedEndpoint]
    ) -> None:
        self._run, self._line, self._ships, self._endpoints = run, line, ships, endpoints
        self._setup = run.rehearsed.setup
        self._group = run.judge.groups[run.judge.numbers([line.row], len(run.orders.headings))[0]]
        self._sent: list[tuple[OrderedStep, TraceStep]] = []

    def through(self, steps: Sequence[OrderedStep]) -> Iterator[TraceStep]:
        """The start, the steps, the end."""
        yield self._milestone("start", "The order is submitted", (HEADER, "Submitted"))
        for number, step in enumerate(steps):
            record = step.found.record
            condition = text(record, "condition").strip()
            words = f"if {condition}" if condition else "otherwise" if flag(record, "otherwise") else "no condition"
            made = TraceStep(
                step.sign,
                text(record, "name"),
                number=record.get("number"),
                depth=step.depth,
                branch=words if step.starts_branch else "",
                task_type=text(record, "task_type"),
                service=text(record, "service"),
                only_for=text(record, "line_selection"),
            )
            if step.sign == "wait":
                made = self._wait(step, made)
            elif (request := request_of(self._setup, record)) is not None:
                made = self._call(step, made, request, steps[number + 1 :])
                self._sent.append((step, made))
            yield made
        yield self._milestone("end", "The line closes, then its order", (LINE, "CLOSED"), (HEADER, "Closed"))

    def _milestone(self, kind: Literal["start", "end"], name: str, *statuses: tuple[str, str]) -> TraceStep:
        events = self._events(*statuses)
        return TraceStep(kind, name, events, tuple(self._connector_gaps(events, is_now=kind == "start")))

    def _call(self, step: OrderedStep, made: TraceStep, request: Request, later: Sequence[OrderedStep]) -> TraceStep:
        run = self._run
        found = run.rehearsed.router.outcome(request.task_type, run.judge.mask(self._group, request))
        why = "; ".join(each.words for each in reasons(run.judge, self._line.row, request, found))
        connector = found.connector or ""
        to = self._target(connector) if connector else "Oracle's own routing" if found.outcome == "predefined" else ""
        gaps = [*self._routing_gaps(found, request), *self._connector_gaps((), connector)]
        is_awaited = any(
            each.sign == "wait" and text(each.found.record, "task_type") == made.task_type and not each.excludes(step)
            for each in later
        )
        if not is_awaited and self._record("connectors", connector).get("invocation_mode") == ASYNCHRONOUS:
            gaps.append(f"nobody waits for the answer: no later step of {plain(made.task_type)} waits")
        because = why or ("the task type is Oracle's own, and no rule is true for it" if to else "")
        return replace(made, outcome=found.outcome, connector=connector, to=to, because=because, gaps=tuple(gaps))

    def _routing_gaps(self, found: RequestOutcome, request: Request) -> Iterator[str]:
        match found.outcome:
            case "unrouted":
                near = near_misses(self._run.judge, self._line.row, request)[:1]
                nearest = "".join(f"; the nearest is {plain(each.rule.name)}: {each.because}" for each in near)
                yield f"no connector: no rule is true for the line{nearest}"
            case "ambiguous":
                yield f"no connector: rules for {few(found.connectors)} are true, and Oracle names no winner"
            case "cannot-evaluate":
                yield "no connector that is sure: a rule cannot be evaluated"
        if found.connector and "unknown-connector" in found.notes:
            yield f"connector {plain(found.connector)} is not in step 5"

    def _wait(self, step: OrderedStep, made: TraceStep) -> TraceStep:
        status = text(step.found.record, "exit_criteria").strip()
        events = self._events((LINE, status)) if status else ()
        sent = (before for other, before in reversed(self._sent) if not other.excludes(step))
        asked = next((each for each in sent if each.task_type == made.task_type), None)
        gaps = [*self._status_gaps(made.task_type, status, asked), *self._connector_gaps(events)]
        answer, words = self._answer(asked) if asked is not None else (None, "")
        if answer is not None and not answer.brings_a_status:
            gaps.append(f"nobody answers: {plain(answer.words)} brings no status")
        elif answer is None and not words and asked is not None and asked.to:
            system = text(self._record("connectors", asked.connector), "target_system")
            gaps.append(f"nobody answers: no user of {self._system(system)} calls a service for responses")
        return replace(
            made,
            events=events,
            gaps=tuple(gaps),
            waits_for=made.service or made.task_type,
            ends_with=status,
            answer=answer,
            answer_words=words,
        )

    def _answer(self, asked: TraceStep) -> tuple[Answerer | None, str]:
        """Who answers a request, and in words how. Without words nobody does."""
        if not asked.to:
            return None, f"nothing: step {plain(asked.number)} has no connector"
        connector = self._record("connectors", asked.connector)
        code = text(connector, "target_system")
        if is_predefined(connector) or not connector:
            is_oracles = connector or asked.outcome == "predefined"
            return None, "Oracle's own system answers" if is_oracles else "its connector is not in step 5"
        if connector.get("invocation_mode") == SYNCHRONOUS:
            return None, f"{self._system(code)} answers in the reply to the call"
        able = [each for each in answerers(self._setup) if each.system in ("", code)]
        able.sort(key=lambda each: (not each.brings_a_status, not each.system))
        return (able[0], f"{self._system(code)} calls {plain(able[0].words)}") if able else (None, "")

    def _status_gaps(self, task_type: str, status: str, asked: TraceStep | None) -> Iterator[str]:
        if not status:
            yield "the status never comes: the wait names no exit criteria"
        holder = next(iter(self._setup.by_key("task_types").get(task_type, ())), None)
        if holder is None or is_predefined(holder.record):
            return
        if asked is None:
            yield f"the status never comes: no earlier step asks for {plain(task_type)}"
        statuses = [each.record for each in self._setup.within(holder, "statuses")]
        complete = [text(each, "internal") for each in statuses if flag(each, "complete")]
        if status and status not in complete:
            ends = f"; complete are {few(complete)}" if complete else ""
            yield f"the status never comes: {plain(status)} is not marked complete for {plain(task_type)}{ends}"

    def _connector_gaps(
        self, events: Sequence[RaisedEvent], connector: str = "", *, is_now: bool = False
    ) -> Iterator[str]:
        """What is wrong with the endpoints of the connectors that are called, until the line ships or only now."""
        names = (connector, *(name for each in events for name in each.connectors))
        rules, ships = self._run.rehearsed.rules, None if is_now else self._ships
        day = ships or rules.as_of.date()
        for name in filter(None, dict.fromkeys(names)):
            record, endpoint = self._record("connectors", name), self._endpoints.get(name)
            if endpoint is not None and not endpoint.ok:
                yield f"the endpoint of {plain(name)} failed the review of {endpoint.on}: {plain(endpoint.outcome)}"
            ends = {"endpoint's certificate": endpoint.certificate_ends if endpoint else None}
            for what, field, table in _WITH_AN_END:
                key = text(record, field)
                ends[f"{what} {plain(key)}"] = _day(self._record(table, key).get("expires_on"), rules.zone)
            for what, end in ends.items():
                if end is not None and end < day:
                    before = f"before the line ships on {day}" if ships else f"before {day}"
                    yield f"the {what} of {plain(name)} ends on {end}, {before}"

    def _events(self, *statuses: tuple[str, str]) -> tuple[RaisedEvent, ...]:
        """The events that are raised when an order or a line gets a status."""
        order, line = self._line.order, self._line.line
        changes = [OrderChange(order, line, entity, STATUS, "", status) for entity, status in statuses]
        return tuple(each for each in raised_events(self._setup, changes) if each.fired)

    def _record(self, table: str, key: str) -> Record:
        found: Sequence[LocatedRecord] = self._setup.by_key(table).get(key, ())
        return found[0].record if found else {}

    def _target(self, connector: str) -> str:
        record = self._record("connectors", connector)
        system = self._system(text(record, "target_system")) if record.get("target_system") else ""
        return ", ".join(filter(None, (plain(connector), system, plain(text(record, "invocation_mode")))))

    def _system(self, code: str) -> str:
        name = text(self._record("source_systems", code), "name")
        return plain(f"{name} ({code})" if name else code or "the external system")
