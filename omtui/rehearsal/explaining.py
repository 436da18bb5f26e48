"""Why a request goes where it goes: the rules' sentences for one line, and the rules that it barely misses."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from math import inf
from typing import Final, NamedTuple

from omtui.plain_text import few, plain
from omtui.rehearsal.judging import Judge
from omtui.rehearsal.requests import Request
from omtui.rehearsal.routing import RequestOutcome, RuleState
from omtui.rehearsal.rules import Branch, RoutingRule, comparison_of
from omtui.setup.comparisons import Attribute, Order, Unreadable, Value, fold_case, span
from omtui.setup.conditions import Judgement, evaluate
from omtui.setup.place import Path, found_at
from omtui.setup.table import Record

_DAY: Final = 86_400_000_000


ANOTHER_VALUE: Final = 5
ANOTHER_PART: Final = 6
"""The ranks of near misses that are no likely mistake."""


class RuleReason(NamedTuple):
    """What one rule makes of a request, in a sentence."""

    rule: RoutingRule
    branch: int | None
    """The number of the branch that is taken or open; `None` when none is."""
    matched: bool | None
    because: str

    @property
    def words(self) -> str:
        """The rule, its branch and the sentence."""
        return f"{plain(self.rule.name)}{branch_words(self.branch)}: {self.because}"


class NearMiss(NamedTuple):
    """A branch that would be taken if one comparison came out otherwise."""

    rule: RoutingRule
    branch: int
    path: Path
    """Where the comparison is in the profile."""
    rank: int
    """1: only case, blanks or leading zeros differ; 2: the value is missing; 3: the rule is inactive and the like;
    4: a number or date next to it; 5: another value; 6: another value of what divides the rules."""
    because: str
    attribute: Attribute
    """What the comparison asks for."""


def branch_words(number: int | None) -> str:
    """Which branch of a rule it is; nothing for the first."""
    return f" (ELSE {number})" if number else ""


def reasons(judge: Judge, row: Sequence[object], request: Request, outcome: RequestOutcome) -> list[RuleReason]:
    """The rules that are taken, open, or would be true if the set had them, each with its sentence."""
    order = judge.order(row, request)
    return [_reason(state, order, judge) for state in outcome.states]


def _reason(state: RuleState, order: Order, judge: Judge) -> RuleReason:
    branch = state.open[0] if state.open else state.taken
    assert branch is not None
    number = state.rule.branches.index(branch)
    matched = None if state.open else not state.missing
    if branch.when is None:
        because = "no earlier branch holds"
    else:
        found = evaluate(branch.when, order, judge.engine.rules.zone)
        because = few([each.because for each in found.deciding() if each.because])
    if state.missing:
        because = f"the rule is {state.missing}; otherwise: {because}"
    return RuleReason(state.rule, number, matched, because)


def near_misses(judge: Judge, row: Sequence[object], request: Request) -> list[NearMiss]:
    """The branches that one comparison keeps from being taken, the likeliest mistake first.

    Those that miss by the task type alone are left out: every rule of another task type does.
    """
    candidates = judge.near(row, request)
    if not candidates:
        return []
    order = judge.order(row, request)
    found: list[NearMiss] = []
    for rule in judge.engine.rules.rules:
        if any(judge.engine.bits[branch].may & candidates for branch in rule.branches):
            found += _of_rule(judge, rule, order, candidates)
    dividing = judge.engine.divided_by(*request)
    ranked = (
        each._replace(rank=ANOTHER_PART) if each.rank == ANOTHER_VALUE and each.attribute == dividing else each
        for each in found
    )
    return sorted(ranked, key=lambda each: each.rank)


def _of_rule(judge: Judge, rule: RoutingRule, order: Order, candidates: int) -> Iterator[NearMiss]:
    zone = judge.engine.rules.zone
    before = 0.0
    for number, branch in enumerate(rule.branches):
        judged = Judgement(True) if branch.when is None else evaluate(branch.when, order, zone)
        if judged.holds is None or before == inf:
            return
        flips = _flips(judged, to=True)
        if before == 0 and len(flips) == 1 and judge.engine.bits[branch].may & candidates:
            path = next(iter(flips))
            if path is not None:
                yield _near_miss(rule, number, branch, path, order, judged, judge)
        if judged.holds:
            return


def _flips(judged: Judgement, *, to: bool) -> Sequence[Path | None]:
    """The comparisons of which one must come out otherwise: one if that is enough; two for more than one."""
    if judged.holds is to:
        return ()
    if judged.holds is None:
        return (None, None)
    if not judged.parts:
        return (judged.path,)
    join = judged.path_join
    if join == "not":
        return _flips(judged.parts[0], to=not to)
    inner = [_flips(part, to=to) for part in judged.parts]
    if (join == "all") == to:  # every part must change
        changed = [each for each in inner if each]
        return changed[0] if len(changed) == 1 else (None, None)
    single = [each for each in inner if len(each) == 1]
    return single[0] if single else (None, None)


def _near_miss(
    rule: RoutingRule, number: int, branch: Branch, path: Path, order: Order, judged: Judgement, judge: Judge
) -> NearMiss:
    record = found_at(branch.when, path)
    assert isinstance(record, Mapping)
    leaf = next((each for each in judged.leaves() if each.path == path), judged)
    rank = 3 if rule.misses else _rank(record, order, judge)
    attribute = str(record.get("entity", "")), str(record.get("attribute", ""))
    return NearMiss(rule, number, (*branch.path, "when", *path), rank, leaf.because, attribute)


def _rank(record: Record, order: Order, judge: Judge) -> int:
    comparison = comparison_of(record)
    actual = order.get(comparison.attribute) if comparison else None
    if callable(actual):
        actual = actual(record)
    if actual is None:
        return 2
    if isinstance(actual, Unreadable) or comparison is None:
        return 5
    values = comparison.value if isinstance(comparison.value, list) else [comparison.value]
    if any(_is_alike(actual, each) for each in values):
        return 1
    if any(_is_close(actual, each, judge) for each in values):
        return 4
    return 5


def _is_alike(actual: Value, value: object) -> bool:
    """Whether two texts differ in case, blanks or leading zeros only."""
    if not isinstance(actual, str) or not isinstance(value, str):
        return False
    return _folded(actual) == _folded(value)


def _folded(text: str) -> str:
    return fold_case("".join(text.split())).lstrip("0")


def _is_close(actual: Value, value: object, judge: Judge) -> bool:
    """Whether a number is within one or a tenth of another, or a date within a day."""
    if isinstance(actual, date) and isinstance(value, date):
        zone = judge.engine.rules.zone
        first, last = span(value, zone)
        return first - _DAY <= span(actual, zone)[0] <= last + _DAY
    numbers = (int, float, Decimal)
    if isinstance(actual, bool) or isinstance(value, bool):
        return False
    if not isinstance(actual, numbers) or not isinstance(value, numbers):
        return False
    one, other = Decimal(str(actual)), Decimal(str(value))
    return abs(one - other) <= max(Decimal(1), abs(other) / 10)
