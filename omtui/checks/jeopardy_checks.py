"""S8: what Jeopardy rests on: ranges of priorities, thresholds with their delays, and whether it is computed."""

from collections.abc import Iterator, Sequence
from decimal import Decimal, Overflow, localcontext
from itertools import pairwise
from typing import NamedTuple, TypeGuard

from omtui.checks import oracle_pages
from omtui.checks.facts import news_26b, news_26c
from omtui.checks.finding import Flaw, Level
from omtui.checks.registry import check
from omtui.checks.wording import KnownNames, joined, quoted
from omtui.setup.catalogue import TABLES
from omtui.setup.indexed import Indexed, LocatedRecord, flag, is_predefined, rows, text
from omtui.setup.processes import PREDEFINED_PROCESSES
from omtui.setup.release import Release
from omtui.setup.task_types import PREDEFINED_TASK_TYPES
from omtui.setup.trigger_points import JEOPARDY, JEOPARDY_PRIORITIES

_26C = Release(26, "C")


class _Range(NamedTuple):
    """A jeopardy priority with its scores."""

    found: LocatedRecord
    name: str
    low: int | Decimal
    high: int | Decimal


@check("S8-12", "error", "jeopardy scores that do not fit", oracle_pages.JEOPARDY, weakest="warning")
def jeopardy_scores(setup: Indexed) -> Iterator[Flaw]:
    """The ranges of two priorities overlap, have a gap between them, or end before they begin; or a threshold gives a
    score that lies outside all ranges (a warning while a priority that might hold it is not listed).

    Why: The score of a delay decides its priority. One that has none, or two, raises nothing that can be relied on. A
    shared boundary belongs to the lower priority.
    Fix: Let each range begin where the one below it ends, for example 10 to 199, 200 to 399, 400 to 600.
    """
    # A shared boundary and the step from 199 to 200 are neither an overlap nor a gap.
    ranges = []
    for found in setup.records("jeopardy.priorities"):
        name = text(found.record, "name")
        low, high = found.record.get("minimum_score"), found.record.get("maximum_score")
        if not isinstance(low, int | Decimal) or not isinstance(high, int | Decimal):
            continue
        if not Decimal(low).is_finite() or not Decimal(high).is_finite():
            continue
        if low > high:
            message = f"{quoted(name)} begins at {low} and ends at {high}"
            yield Flaw((*found.path, "minimum_score"), message, f"enter a minimum of at most {high}")
        else:
            ranges.append(_Range(found, name, low, high))
    ranges.sort(key=lambda each: (each.low, each.high))
    yield from _between_ranges(ranges)
    yield from _scores_outside(setup, ranges)


def _between_ranges(ranges: Sequence[_Range]) -> Iterator[Flaw]:
    """Overlaps, and gaps where no priority is left that might fill them. The ranges ascend."""
    named = {each.name.upper() for each in ranges}
    lower = ranges[0] if ranges else None
    for upper in ranges[1:]:
        assert lower is not None
        here = (*upper.found.path, "minimum_score")
        one, other = quoted(lower.name), quoted(upper.name)
        fix = f"begin {other} at {lower.high + 1}, or end {one} at {upper.low - 1}"
        if upper.low < lower.high:
            message = f"the scores {upper.low} to {min(lower.high, upper.high)} are both {one} and {other}"
            yield Flaw(here, message, fix)
        elif upper.low > lower.high + 1 and not _missing_between(lower, upper, named):
            yield Flaw(here, f"the scores between {lower.high} and {upper.low} have no priority", fix)
        lower = max(lower, upper, key=lambda each: each.high)


def _missing_between(lower: _Range, upper: _Range, names: set[str]) -> bool:
    """Whether a priority that is not listed lies between two that are."""
    order = JEOPARDY_PRIORITIES
    if lower.name.upper() not in order or upper.name.upper() not in order:
        return False
    first, last = sorted((order.index(lower.name.upper()), order.index(upper.name.upper())))
    return any(name not in names for name in order[first:last])


def _scores_outside(setup: Indexed, ranges: Sequence[_Range]) -> Iterator[Flaw]:
    if not ranges:
        return
    missing = [name for name in JEOPARDY_PRIORITIES if name not in {each.name.upper() for each in ranges}]
    spans = joined([f"{each.name} {each.low} to {each.high}" for each in ranges])
    fix = f"enter a score within {spans}" + (f", or add {joined(missing)} to the priorities" if missing else "")
    for threshold in setup.records("jeopardy.thresholds"):
        for path, record in setup.within(threshold, "scores"):
            score = record.get("score")
            if not isinstance(score, int | Decimal) or not Decimal(score).is_finite():
                continue
            if any(each.low <= score <= each.high for each in ranges) or _is_step(score, ranges):
                continue
            shown = quoted(text(threshold.record, "code"))
            message = f"the score {score} of the threshold {shown} lies outside all ranges"
            level: Level | None = "warning" if _may_be_missing(score, ranges, missing) else None
            yield Flaw((*path, "score"), message, fix, level)


def _is_step(score: int | Decimal, ranges: Sequence[_Range]) -> bool:
    """Whether a score lies in the step between two ranges, such as 199.5."""
    return any(lower.high < score < upper.low <= lower.high + 1 for lower, upper in pairwise(ranges))


def _may_be_missing(score: int | Decimal, ranges: Sequence[_Range], missing: Sequence[str]) -> bool:
    """Whether a priority that is not listed might hold the score."""
    if not missing:
        return False
    if score > ranges[-1].high:
        return ranges[-1].name.upper() != JEOPARDY_PRIORITIES[-1]
    if score < ranges[0].low:
        return ranges[0].name.upper() != JEOPARDY_PRIORITIES[0]
    return True


@check("S8-15", "warning", "a threshold for what is not there", oracle_pages.JEOPARDY)
def threshold_of_nothing(setup: Indexed) -> Iterator[Flaw]:
    """A jeopardy threshold names a process, a task type or a task that is neither in steps 1 and 2 nor known as
    Oracle's own.

    Why: Its delay is never computed, so it gives no score.
    Fix: Correct the name, or leave it out: the threshold then counts for all of them.
    """
    # Tasks of Oracle's own task types are not known, and not judged.
    types = setup.by_key("task_types")
    known = (
        ("process", KnownNames((*setup.by_key("orchestration_processes"), *PREDEFINED_PROCESSES)), "process", "step 2"),
        ("task_type", KnownNames((*types, *PREDEFINED_TASK_TYPES)), "task type", "step 1"),
    )
    for found in setup.records("jeopardy.thresholds"):
        shown = quoted(text(found.record, "code"))
        for field, names, noun, step in known:
            name = text(found.record, field)
            if name.strip() and name not in names.known:
                message = f"the threshold {shown} is for the {noun} {quoted(name)}, which is not in {step}"
                fix = names.offer(name, f"add it in {step}, or leave it out")
                yield Flaw((*found.path, field), message, fix, enter=names.nearest(name))
        named = types.get(text(found.record, "task_type"), ())
        task = text(found.record, "task")
        if not task.strip() or not named or is_predefined(named[0].record):
            continue
        tasks = KnownNames(text(each, "name") for each in rows(named[0].record, "tasks"))
        if task not in tasks.known:
            message = f"the threshold {shown} is for {quoted(task)}, no task of {quoted(text(named[0].record, 'name'))}"
            fix = tasks.offer(task, "add it in step 1, or leave it out")
            yield Flaw((*found.path, "task"), message, fix, enter=tasks.nearest(task))


@check("S8-16", "warning", "jeopardy is not computed", oracle_pages.JEOPARDY, news_26c.JEOPARDY_GONE)
def not_computed(setup: Indexed) -> Iterator[Flaw]:
    """The Jeopardy event is active, and the parameter Enable Orchestration Process Planning and Calculate Jeopardy is
    noted as No.

    Why: Without the parameter no priority ever changes, and the event is never raised.
    Fix: Set the parameter to Yes under Manage Order Management Parameters, or switch the event off.
    """
    # As the related set-up notes it. From 26D the parameter must be No, see F-06, and from 26C there is no such event.
    if setup.release is None or setup.release >= _26C:
        return
    points = setup.records("trigger_points")
    if not any(text(f.record, "name") == JEOPARDY and flag(f.record, "active") for f in points):
        return
    for found in setup.records("related_setup"):
        named = f"{text(found.record, 'setting')} {text(found.record, 'name')}".casefold()
        value = found.record.get("value")
        if "calculate jeopardy" in named and str(value).strip().casefold() in ("no", "n", "false", "off"):
            message = f"the Jeopardy event is active, and {quoted(text(found.record, 'setting'))} is noted as {value}"
            yield Flaw((*found.path, "value"), message, "set it to Yes, or switch the event off")


@check(
    "S8-18",
    "warning",
    "jeopardy scores that nothing computes",
    news_26b.PLANNING_PARAMETERS,
    since="26D",
)
def nothing_computes(setup: Indexed) -> Iterator[Flaw]:
    """Jeopardy priorities or thresholds are described.

    Why: From 26D the parameter that computes jeopardy must be No: scores and priorities then say nothing.
    Fix: Ask who reads the jeopardy of orders, offer another report, and remove the records after the update.
    """
    for table in ("jeopardy.priorities", "jeopardy.thresholds"):
        if found := setup.records(table):
            message = f"{TABLES[table].title} are described, and from 26D no jeopardy is computed"
            yield Flaw(found[0].path[:-1], message, "ask who reads them, and remove them after the update to 26D")


_MINUTES = {"minutes": 1, "hours": 60, "days": 1440}


@check("S8-17", "warning", "delays that overlap", oracle_pages.JEOPARDY)
def overlapping_delays(setup: Indexed) -> Iterator[Flaw]:
    """Two ranges of delay of one threshold overlap, or one ends before it begins.

    Why: Which score such a delay gets is not said anywhere. The columns are known from Oracle's tables.
    Fix: Let each range begin where the one before it ends.
    """
    # A shared boundary is no overlap. Ranges in units that are not known are not compared.
    for threshold in setup.records("jeopardy.thresholds"):
        ranges = []
        for path, record in setup.within(threshold, "scores"):
            low, high = record.get("minimum_delay"), record.get("maximum_delay")
            factor = _MINUTES.get(text(record, "unit").strip().casefold() or "days")
            if factor is None or not _is_number(low) or not _is_number(high):
                continue
            if low > high:
                message = f"the delay begins at {low} and ends at {high}"
                yield Flaw((*path, "minimum_delay"), message, f"enter a minimum of at most {high}")
            else:
                words = f"{low} to {high} {text(record, 'unit')}".strip()
                ranges.append((_times(low, factor), _times(high, factor), path, words))
        ranges.sort(key=lambda each: each[:2])
        for lower, upper in pairwise(ranges):
            if upper[0] < lower[1]:
                message = f"the delays {lower[3]} and {upper[3]} of {quoted(text(threshold.record, 'code'))} overlap"
                yield Flaw((*upper[2], "minimum_delay"), message, "begin it where the other one ends")


def _is_number(value: object) -> TypeGuard[int | Decimal]:
    return isinstance(value, int | Decimal) and not isinstance(value, bool) and Decimal(value).is_finite()


def _times(delay: int | Decimal, minutes: int) -> int | Decimal:
    """A delay in minutes; infinite where the file's number has more digits than can be counted with."""
    with localcontext() as arithmetic:
        arithmetic.traps[Overflow] = False
        return delay * minutes
