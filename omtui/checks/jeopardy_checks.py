"""S8-12: the scores behind Jeopardy: ranges of priorities, and what thresholds give."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from omtui.checks import pages
from omtui.checks.finding import Flaw, Level, Surroundings
from omtui.checks.registry import check
from omtui.checks.wording import joined, quoted
from omtui.setup.events import JEOPARDY_PRIORITIES
from omtui.setup.indexed import Found, Indexed, text


class _Range(NamedTuple):
    """A jeopardy priority with its scores."""

    found: Found
    name: str
    low: int | Decimal
    high: int | Decimal


@check(
    "S8-12",
    "error",
    "jeopardy scores that do not fit",
    meaning="The ranges of two priorities overlap, have a gap between them, or end before they begin; or a threshold "
    "gives a score that lies outside all ranges (a warning while a priority that might hold it is not listed).",
    why="The score of a delay decides its priority. One that has none, or two, raises nothing that can be relied on. "
    "A shared boundary belongs to the lower priority.",
    page=pages.JEOPARDY,
    mend="Let each range begin where the one below it ends, for example 10 to 199, 200 to 399, 400 to 600.",
)
def jeopardy_scores(setup: Indexed, around: Surroundings) -> Iterator[Flaw]:
    """A shared boundary and the step from 199 to 200 are neither an overlap nor a gap."""
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
