"""Orders that stay in hand: read once, judged again by each edit of the rules, and asked for their lines."""

import pickle
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from omtui.plain_text import plain
from omtui.problem import Wrong
from omtui.rehearsal.against import RoutingChanges, compare_runs, where
from omtui.rehearsal.columns import ColumnChoice
from omtui.rehearsal.counting import WayExamples, counted, edit_impact, listed
from omtui.rehearsal.edited import JudgedOrders, KnownRules, edit_impact_of, edited, judge_all
from omtui.rehearsal.job import (
    LineRules,
    LinesRead,
    ListedLine,
    RehearsalCounts,
    RehearsalJob,
    RequestWay,
    TraceJob,
    WayLines,
)
from omtui.rehearsal.kept_orders import KeptOrders
from omtui.rehearsal.open_orders import read_orders
from omtui.rehearsal.order_files import order_file
from omtui.rehearsal.orders import Orders
from omtui.rehearsal.rehearsing import OrderLine, Rehearsal, Rehearsed
from omtui.rehearsal.requests import Request
from omtui.rehearsal.routing import RequestOutcome
from omtui.rehearsal.sentences import every_rule
from omtui.rehearsal.tracing import Trace, find_line, trace
from omtui.setup.indexed import Indexed
from omtui.setup.reading import ReadingFault, parse

MOST_LINES: Final = 1_000
_REPORT_EVERY: Final = 0.25
_COUNT_EVERY: Final = 1.0
_BLOCK: Final = 4_096

Answer = RehearsalCounts | WayLines | LineRules | Trace | Wrong
Steps = Iterator[LinesRead | Answer | None]


class _Stamp(NamedTuple):
    """A file as it is on disk."""

    file: str
    modified: int
    size: int
    number: int


class _Loaded:
    """A file that is being read, or was read, and what was judged of it."""

    def __init__(self, stamp: _Stamp, kept: KeptOrders, base: JudgedOrders) -> None:
        self.stamp = stamp
        self.kept = kept
        self.base = base
        """All lines, judged one by one."""
        self.loading = judge_all(base)
        self.judged: dict[object, JudgedOrders] = {}
        """By the last two sets of rules."""
        self.next: tuple[object, Rehearsal | None] = None, None
        """By which rules it will be judged next."""


class LiveRehearsal:
    """What is kept from question to question. Answers come step by step, so that a newer question can go first."""

    def __init__(self) -> None:
        self._loaded: _Loaded | None = None
        self._rules = KnownRules()
        self._before: tuple[bytes, Mapping[str, Any] | Wrong] = (b"", {})

    def answers(self, job: RehearsalJob | TraceJob) -> Steps:
        """How far it is, or nothing where there is nothing new to say, and at last the answer."""
        if isinstance(job, TraceJob):
            yield self._traced(job)
            return
        before = self._parsed(job.before) if job.before is not None and job.way is None else None
        if isinstance(before, Wrong):
            yield before
            return
        loaded = self._open(job, job.data if before is None else before)
        if isinstance(loaded, Wrong):
            yield loaded
            return
        yield from self._load(loaded)
        if job.way is None:
            yield from self._count(loaded, job, before)
        elif job.line is None:
            yield from self._lines(loaded, job, job.way)
        else:
            yield from self._one_line(loaded, job, job.way, job.line)

    def _parsed(self, content: bytes) -> Mapping[str, Any] | Wrong:
        if self._before[0] != content:
            found: Mapping[str, Any] | ReadingFault | Wrong = parse(content.decode("utf-8-sig", "replace"))
            if isinstance(found, ReadingFault):
                found = Wrong(f"the file of the profile cannot be read: {found.message}", found.fix)
            self._before = content, found
        return self._before[1]

    def _traced(self, job: TraceJob) -> Trace | Wrong:
        orders = _opened(job.file)
        if isinstance(orders, Wrong):
            return orders
        run = self._rehearsal(job.data, orders, job.choices)
        line = find_line(run, job.order, job.line)
        if isinstance(line, Wrong):
            return line
        return trace(run, line, job.profile, endpoints=job.endpoints, choices=job.choices)

    # Reading

    def _open(self, job: RehearsalJob, first: Mapping[str, Any]) -> _Loaded | Wrong:
        """The file as it is on disk, with all columns that are read: it is read again where that lacks."""
        stamp = _stamp_of(job.file)
        if isinstance(stamp, Wrong):
            return stamp
        loaded, indexes = self._loaded, set[int]()
        if loaded is not None and loaded.stamp == stamp:
            indexes = {*loaded.kept.columns}
            key = _key(job.data, job.choices)
            if key in loaded.judged:
                return loaded
            run = self._rehearsal(job.data, loaded.kept.again(), job.choices)
            if _read_columns(run) <= indexes:
                loaded.next = key, run
                return loaded
        orders = _opened(job.file)
        if isinstance(orders, Wrong):
            return orders
        for data in (job.data, first):
            indexes |= _read_columns(self._rehearsal(data, orders, job.choices))
        kept = KeptOrders(orders, indexes)
        base = JudgedOrders(self._rehearsal(first, kept.keeping(), job.choices))
        self._loaded = _Loaded(stamp, kept, base)
        self._loaded.judged[_key(first, job.choices)] = base
        return self._loaded

    def _rehearsal(self, data: Mapping[str, Any], orders: Orders, choices: Sequence[ColumnChoice]) -> Rehearsal:
        setup = Indexed(dict(data))
        zone = setup.zone
        rules = Rehearsed(setup, datetime.now(zone), zone, branches=self._rules.branches)
        return Rehearsal(rules, orders, choices=choices)

    def _load(self, loaded: _Loaded) -> Iterator[LinesRead | None]:
        """Read the file to its end, which another question may have begun; say what was counted so far."""
        counted_at = time.monotonic()
        for step in _paced(loaded.loading, loaded.base.run):
            if step is not None and time.monotonic() - counted_at > _COUNT_EVERY:
                yield LinesRead(step.lines, counted(loaded.base.run, loaded.kept.samples, is_whole=False))
                counted_at = time.monotonic()
            else:
                yield step

    # Judging

    def _state(
        self, loaded: _Loaded, data: Mapping[str, Any], choices: Sequence[ColumnChoice]
    ) -> Generator[LinesRead | None, None, JudgedOrders]:
        """All lines by a set of rules."""
        key = _key(data, choices)
        if key in loaded.judged:
            loaded.judged[key] = loaded.judged.pop(key)  # it goes last
            return loaded.judged[key]
        run = loaded.next[1] if loaded.next[0] == key else None
        run = run or self._rehearsal(data, loaded.kept.again(), choices)
        found = yield from edited(loaded.base, run, loaded.kept, self._rules)
        if found is None:
            found = JudgedOrders(run)
            yield from _paced(judge_all(found), run)
            loaded.base = found
        loaded.judged = {**dict(list(loaded.judged.items())[-1:]), key: found}
        return found

    def _count(self, loaded: _Loaded, job: RehearsalJob, before: Mapping[str, Any] | None) -> Steps:
        kept = loaded.kept
        if kept.is_too_much:
            yield from self._count_again(loaded, job, before)
            return
        then = None if before is None else (yield from self._state(loaded, before, job.choices))
        now = yield from self._state(loaded, job.data, job.choices)
        edit = None if then is None else (yield from edit_impact_of(now, then, kept))
        counts = counted(now.run, kept.samples, edit)
        yield LinesRead(counts.lines, counts)
        examples = WayExamples(now.run)
        for first in range(0, kept.lines, _BLOCK):
            groups = now.groups[first : first + _BLOCK]
            for group in sorted(examples.unseen(groups), key=groups.index):
                number = first + groups.index(group)
                examples.see(OrderLine(number, kept.row(number), group))
                yield None
            yield None
        yield replace(counts, examples=examples.by_way())

    def _count_again(self, loaded: _Loaded, job: RehearsalJob, before: Mapping[str, Any] | None) -> Steps:
        """Of more lines than are kept: the file is read once more."""
        orders = _opened(job.file)
        if isinstance(orders, Wrong):
            yield orders
            return
        run = self._rehearsal(job.data, orders, job.choices)
        examples = WayExamples(run)
        compared = compare_runs(run, self._rehearsal(job.data if before is None else before, orders, job.choices))
        changes = RoutingChanges()

        def steps() -> Iterator[None]:
            nonlocal changes
            for chunk, found in compared:
                changes = found
                groups = [line.group for line in chunk]
                for group in sorted(examples.unseen(groups), key=groups.index):
                    examples.see(chunk[groups.index(group)])
                yield

        yield from _paced(steps(), run)
        edit = None if before is None else edit_impact(changes.changed, changes.changed_lines, changes.counts)
        yield replace(counted(run, loaded.kept.samples, edit), examples=examples.by_way())

    # Lines

    def _lines(self, loaded: _Loaded, job: RehearsalJob, way: RequestWay) -> Steps:
        lines: list[ListedLine] = []
        names: tuple[str, ...] = ()
        more = 0
        for found in self._lines_of(loaded, job, way):
            if not isinstance(found, _WayLine):
                yield found
                if isinstance(found, Wrong):
                    return
            elif len(lines) < MOST_LINES:
                names = tuple(each.attribute[1] for each in found.run.judge.columns)
                lines.append(listed(*found))
            else:
                more += 1
        yield WayLines(names, tuple(lines), more)

    def _one_line(self, loaded: _Loaded, job: RehearsalJob, way: RequestWay, number: int) -> Steps:
        for found in self._lines_of(loaded, job, way, number):
            if not isinstance(found, _WayLine):
                yield found
                if isinstance(found, Wrong):
                    return
            elif found.line.number == number:
                yield LineRules(tuple(every_rule(found.run, found.line.row, found.request)))
                return
        yield Wrong("the line is not in the file any more", "choose the file again")

    def _lines_of(
        self, loaded: _Loaded, job: RehearsalJob, way: RequestWay, only: int | None = None
    ) -> Iterator["_WayLine | LinesRead | Wrong | None"]:
        """The lines that go one way. Rows are left out after the first ones, of which more are only counted."""
        kept = loaded.kept
        if kept.is_too_much:
            orders = _opened(job.file)
            if isinstance(orders, Wrong):
                yield orders
                return
            run = self._rehearsal(job.data, orders, job.choices)
            for chunk in run.run():
                yield None
                for line in chunk:
                    yield from _going(run, line, way)
            return
        now = yield from self._state(loaded, job.data, job.choices)
        groups = range(len(now.run.judge.groups))
        wanted = {group for group in groups if any(_going(now.run, OrderLine(0, (), group), way))}
        found = 0
        for first in range(0, kept.lines, _BLOCK) if only is None else (only,):
            yield None
            end = first + (_BLOCK if only is None else 1)
            for number, group in enumerate(now.groups[first:end], first):
                if group in wanted:
                    found += 1
                    row = kept.row(number) if found <= MOST_LINES else ()
                    yield from _going(now.run, OrderLine(number, row, group), way)


class _WayLine(NamedTuple):
    """A line with a request that goes some way."""

    run: Rehearsal
    line: OrderLine
    request: Request
    outcome: RequestOutcome


def _going(run: Rehearsal, line: OrderLine, way: RequestWay) -> Iterator[_WayLine]:
    for request, outcome in run.outcomes.of(line.group):
        if (request.task_type, where(outcome)) == way:
            yield _WayLine(run, line, request, outcome)


def _paced(steps: Iterator[None], run: Rehearsal) -> Iterator[LinesRead | None]:
    """Go on step by step, and say now and then how many lines were read."""
    reported = time.monotonic()
    for _ in steps:
        if time.monotonic() - reported > _REPORT_EVERY:
            reported = time.monotonic()
            yield LinesRead(run.lines)
        else:
            yield None


def _opened(path: str) -> Orders | Wrong:
    file = order_file(Path(path))
    return file if isinstance(file, Wrong) else read_orders(*file)


def _stamp_of(path: str) -> _Stamp | Wrong:
    """The file as it is on disk: when another one is there, it is read again."""
    try:
        found = Path(path).stat()
    except (OSError, ValueError) as error:
        message = f"{plain(path)} cannot be read: {getattr(error, 'strerror', error)}"
        return Wrong(message, "choose a file of orders")
    return _Stamp(path, found.st_mtime_ns, found.st_size, found.st_ino)


def _key(data: Mapping[str, Any], choices: Sequence[ColumnChoice]) -> object:
    """By which rules are the same; of every minute, since rules begin and end."""
    return pickle.dumps((data, choices)), int(time.time() / 60)


def _read_columns(run: Rehearsal) -> set[int]:
    """The columns that are read, and those that name a line."""
    return {each.index for each in run.columns.columns} | {*run.columns.roles.values()}
