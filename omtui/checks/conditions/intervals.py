"""Sets of numbers and instants as intervals, and a value that people would choose out of one."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal, localcontext
from typing import NamedTuple

from omtui.checks.conditions.formula import AttributeTest

Number = int | Decimal | float
Bound = tuple[Number, int]
"""A value, and 0 for the value itself, 1 for just above it, -1 for just below it."""

_LOWEST: Bound = (float("-inf"), 0)
_HIGHEST: Bound = (float("inf"), 0)


class Interval(NamedTuple):
    """All values from one bound to another, both included."""

    low: Bound
    high: Bound


Intervals = list[Interval]
"""Intervals in ascending order that do not touch."""

EVERYTHING: Intervals = [Interval(_LOWEST, _HIGHEST)]


def passing(comparison: AttributeTest, spans: Sequence[tuple[Number, Number]], *, whole: bool) -> Intervals:
    """The values that meet a comparison.

    `spans` are the first and last value that each value of the comparison covers; `whole`: there is nothing between
    a number and the next (microseconds).
    """
    match comparison.test:
        case "is in":
            found = _united([Interval((first, 0), (last, 0)) for first, last in spans])
        case "is between" if len(spans) == 2:
            between = Interval((spans[0][0], 0), (spans[1][1], 0))
            found = [between] if between.low <= between.high else []
        case "is greater than" if spans:
            found = [Interval(_after((spans[0][1], 0), whole=whole), _HIGHEST)]
        case "is greater than or equal to" if spans:
            found = [Interval((spans[0][0], 0), _HIGHEST)]
        case "is less than" if spans:
            found = [Interval(_LOWEST, _before((spans[0][0], 0), whole=whole))]
        case "is less than or equal to" if spans:
            found = [Interval(_LOWEST, (spans[0][1], 0))]
        case _:
            found = []  # tests of texts, and comparisons with another type
    return found if comparison.must_pass else complement(found, whole=whole)


def intersection(one: Intervals, other: Intervals) -> Intervals:
    """The values that are in both sets."""
    common: Intervals = []
    first = second = 0
    while first < len(one) and second < len(other):
        low = max(one[first].low, other[second].low)
        high = min(one[first].high, other[second].high)
        if low <= high:
            common.append(Interval(low, high))
        if one[first].high < other[second].high:
            first += 1
        else:
            second += 1
    return common


def complement(intervals: Intervals, *, whole: bool) -> Intervals:
    """Every value that is not in the set."""
    rest: Intervals = []
    low = _LOWEST
    for interval in intervals:
        if interval.low > low:
            rest.append(Interval(low, _before(interval.low, whole=whole)))
        if interval.high == _HIGHEST:
            return rest
        low = _after(interval.high, whole=whole)
    rest.append(Interval(low, _HIGHEST))
    return rest


def chosen_number(interval: Interval) -> Number:
    """A number in the interval: a bound if it is one, else a whole number, else the shortest decimal."""
    (low, above), (high, below) = interval
    if low == float("-inf"):
        if high == float("inf"):
            return 1
        return high if not below else _floor(high, 0, lower=True)
    if not above:
        return low
    whole = _floor(low, 0, lower=False)
    if (whole, 0) <= interval.high:
        return whole
    if not below:
        return high
    places = 1
    while True:
        between = _floor(low, places, lower=False)
        if between < high:
            return between
        places += 1


def _floor(value: Number, places: int, *, lower: bool) -> Number:
    """The next number with so many decimal places above the value, or below it."""
    with localcontext() as context:
        context.prec = 500  # exact for every number that a comparison may hold
        step = Decimal(1).scaleb(-places)
        exact = Decimal(value) if not isinstance(value, Decimal) else value
        floor = (exact / step).to_integral_value(ROUND_FLOOR) * step
        found = floor + step if not lower else floor if floor < exact else floor - step
        return int(found) if not places else found


def _before(bound: Bound, *, whole: bool) -> Bound:
    value, side = bound
    return (value - 1, 0) if whole else (value, side - 1)


def _after(bound: Bound, *, whole: bool) -> Bound:
    value, side = bound
    return (value + 1, 0) if whole else (value, side + 1)


def _united(intervals: Intervals) -> Intervals:
    united: Intervals = []
    for interval in sorted(intervals):
        if united and interval.low <= united[-1].high:
            united[-1] = Interval(united[-1].low, max(united[-1].high, interval.high))
        else:
            united.append(interval)
    return united
