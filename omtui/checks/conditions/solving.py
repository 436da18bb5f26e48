"""One attribute: whether it can have a value that meets every comparison on it, and which."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import NamedTuple

from omtui.checks.conditions.formula import Comparison
from omtui.checks.conditions.intervals import EVERYTHING, Intervals, Number, chosen_number, intersection, passing
from omtui.checks.conditions.texts import find_text
from omtui.setup.comparisons import Kind, Value, compare, kind_of, span

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Found(NamedTuple):
    """A value that meets all comparisons; `None`: they hold when the order has no value."""

    value: Value | None


class Impossible:
    """No value meets all comparisons, and none at all does not either."""


class Undecided(NamedTuple):
    """It cannot be told: why, and whether another check tells that reason already."""

    reason: str
    told_elsewhere: bool = False


Solution = Found | Impossible | Undecided


def solve(tests: Sequence[Comparison], kinds: Sequence[Kind], zone: tzinfo) -> Solution:
    """A value of one of the `kinds` that meets every test."""
    without_value = all(test.holds_without_value for test in tests)
    opaque = [test for test in tests if test.test == "cannot be judged"]
    if _contradict([test for test in tests if test.test in ("cannot be judged", "matches")]):
        return Found(None) if without_value else Impossible()
    clear = [test for test in tests if test.test != "cannot be judged"] if opaque else tests
    found = _solve(clear, kinds, zone)
    if opaque and not isinstance(found, Impossible):
        return Undecided("a comparison is not complete", told_elsewhere=True)
    if isinstance(found, Found):
        return found
    if without_value and not opaque:
        return Found(None)
    return found


def _solve(tests: Sequence[Comparison], kinds: Sequence[Kind], zone: tzinfo) -> Solution:
    finite = [test for test in tests if test.is_finite]
    if finite:
        return _among(min(finite, key=lambda test: len(test.points)), tests, zone)
    undecided: Undecided | None = None
    for kind in kinds:
        solution: Solution
        if kind == "text":
            solution = _text(tests)
        elif kind == "boolean":
            solution = next((Found(v) for v in (True, False) if meets(v, tests, zone)), Impossible())
        else:
            solution = _in_order(kind, tests, zone)
        if isinstance(solution, Found):
            return solution
        if isinstance(solution, Undecided):
            undecided = solution
    return undecided or Impossible()


def _among(finite: Comparison, tests: Sequence[Comparison], zone: tzinfo) -> Solution:
    """The first value of a list that meets the other comparisons too."""
    undecided = False
    for value in finite.points.values():
        met = meets(value, tests, zone)
        if met:
            return Found(value)  # type: ignore[arg-type]  # points hold values only
        undecided = undecided or met is None
    return Undecided(_PATTERN) if undecided else Impossible()


def meets(value: object, tests: Sequence[Comparison], zone: tzinfo) -> bool | None:
    """Whether a value, or `None` for none, meets all comparisons of its attribute; `None` when it cannot be told."""
    if value is None:
        return (
            None
            if any(test.test == "cannot be judged" for test in tests)
            else all(test.holds_without_value for test in tests)
        )
    known: bool | None = True
    kind = kind_of(value)
    for test in tests:
        passed: bool | None
        if test.test == "cannot be judged":
            passed = None
        elif test.test == "is in" and kind != "date":
            passed = (kind, value) in test.points
        elif test.test == "is empty":
            passed = value == ""
        else:
            comparand: object = test.values if test.test in ("is in", "is between") else test.values[0]
            passed = compare(test.test, comparand, value, zone)  # type: ignore[arg-type]  # a value of a point
        if passed is None:
            known = None
        elif passed is not test.wanted:
            return False
    return known


_PATTERN = "what a pattern matches cannot be decided"


def _text(tests: Sequence[Comparison]) -> Solution:
    found = find_text(tests)
    if isinstance(found, str):
        return Found(found)
    return Impossible() if found is False else Undecided(_PATTERN)


def _in_order(kind: Kind, tests: Sequence[Comparison], zone: tzinfo) -> Solution:
    """Numbers, dates and times: all comparisons as intervals, and what they have in common."""
    whole = kind != "number"
    common: Intervals = EVERYTHING
    for test in tests:
        spans = [_span(value, zone) for value in test.values if kind_of(value) == kind]
        common = intersection(common, passing(test, spans, whole=whole))
        if not common:
            return Impossible()
    days = kind == "date" and not any(isinstance(v, datetime) for test in tests for v in test.values)
    for interval in common:
        value = _value(kind, chosen_number(interval), zone, day=days)
        if value is not None:
            return Found(value)
    return Impossible()


def _span(value: object, zone: tzinfo) -> tuple[Number, Number]:
    if isinstance(value, date):
        return span(value, zone)
    if isinstance(value, time):
        passed = value.replace(tzinfo=None)
        moment = ((passed.hour * 60 + passed.minute) * 60 + passed.second) * 1_000_000 + passed.microsecond
        return moment, moment
    number: Number = value if isinstance(value, int | Decimal) else Decimal(str(value))
    return number, number


def _value(kind: Kind, number: Number, zone: tzinfo, *, day: bool) -> Value | None:
    """The number as a value of its kind; `None` when the calendar or the day does not reach so far."""
    if kind == "number":
        return number
    try:
        if kind == "time":
            return (datetime.min + timedelta(microseconds=int(number))).time() if 0 <= number < 86_400_000_000 else None
        moment = (_EPOCH + timedelta(microseconds=int(number))).astimezone(zone)
    except OverflowError:
        return None
    return moment.date() if day else moment


def _contradict(tests: Sequence[Comparison]) -> bool:
    """Whether the same test is wanted to pass and to fail."""
    if len(tests) < 2:
        return False
    wanted = {test.identity for test in tests if test.wanted}
    return any(not test.wanted and test.identity in wanted for test in tests)
