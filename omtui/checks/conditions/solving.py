"""One attribute: whether it can have a value that meets every comparison on it, and which."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import NamedTuple

from omtui.checks.conditions.formula import AttributeTest
from omtui.checks.conditions.intervals import EVERYTHING, Intervals, Number, chosen_number, intersection, passing
from omtui.checks.conditions.texts import find_text
from omtui.setup.comparisons import Value, ValueKind, compare, kind_of, span

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Solved(NamedTuple):
    """A value that meets all comparisons; `None`: they hold when the order has no value."""

    value: Value | None


class Impossible:
    """No value meets all comparisons, and none at all does not either."""


class Undecidable(NamedTuple):
    """Why it cannot be decided, and whether another check reports that reason already."""

    reason: str
    reported_elsewhere: bool = False


Solution = Solved | Impossible | Undecidable


def solve(tests: Sequence[AttributeTest], kinds: Sequence[ValueKind], zone: tzinfo) -> Solution:
    """A value of one of the `kinds` that meets every test."""
    without_value = all(test.holds_without_value for test in tests)
    opaque = [test for test in tests if test.test == "cannot be judged"]
    if _contradict([test for test in tests if test.test in ("cannot be judged", "matches")]):
        return Solved(None) if without_value else Impossible()
    clear = [test for test in tests if test.test != "cannot be judged"] if opaque else tests
    found = _solve(clear, kinds, zone)
    if opaque and not isinstance(found, Impossible):
        return Undecidable("a comparison is not complete", reported_elsewhere=True)
    if isinstance(found, Solved):
        return found
    if without_value and not opaque:
        return Solved(None)
    return found


def _solve(tests: Sequence[AttributeTest], kinds: Sequence[ValueKind], zone: tzinfo) -> Solution:
    finite = [test for test in tests if test.is_finite]
    if finite:
        return _among(min(finite, key=lambda test: len(test.points)), tests, zone)
    undecided: Undecidable | None = None
    for kind in kinds:
        solution: Solution
        if kind == "text":
            solution = _text(tests)
        elif kind == "boolean":
            solution = next((Solved(v) for v in (True, False) if meets(v, tests, zone)), Impossible())
        else:
            solution = _in_order(kind, tests, zone)
        if isinstance(solution, Solved):
            return solution
        if isinstance(solution, Undecidable):
            undecided = solution
    return undecided or Impossible()


def _among(finite: AttributeTest, tests: Sequence[AttributeTest], zone: tzinfo) -> Solution:
    """The first value of a list that meets the other comparisons too."""
    undecided = False
    for value in finite.points.values():
        met = meets(value, tests, zone)
        if met:
            return Solved(value)  # type: ignore[arg-type]  # points hold values only
        undecided = undecided or met is None
    return Undecidable(_PATTERN) if undecided else Impossible()


def meets(value: object, tests: Sequence[AttributeTest], zone: tzinfo) -> bool | None:
    """Whether a value, or `None` for none, meets all comparisons of its attribute; `None` when it cannot be decided."""
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
        elif passed is not test.must_pass:
            return False
    return known


_PATTERN = "what a pattern matches cannot be decided"


def _text(tests: Sequence[AttributeTest]) -> Solution:
    found = find_text(tests)
    if isinstance(found, str):
        return Solved(found)
    return Impossible() if found is False else Undecidable(_PATTERN)


def _in_order(kind: ValueKind, tests: Sequence[AttributeTest], zone: tzinfo) -> Solution:
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
            return Solved(value)
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


def _value(kind: ValueKind, number: Number, zone: tzinfo, *, day: bool) -> Value | None:
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


def _contradict(tests: Sequence[AttributeTest]) -> bool:
    """Whether the same test must pass and must fail."""
    if len(tests) < 2:
        return False
    identities = {test.identity for test in tests if test.must_pass}
    return any(not test.must_pass and test.identity in identities for test in tests)
