"""Which branches of different rules can meet, without comparing every rule with every other.

Branches are sorted by the values they require: two that require different values of one attribute never meet. What is
left in a bucket together is swept in the order of a range they all have. On thousands of realistic rules the pairs that
remain are about as many as the rules.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, Final

from omtui.checks.conditions.formula import AllOf, AttributeTest, Formula
from omtui.checks.routing_rules import RuleBranch, required_values
from omtui.setup.comparisons import Attribute, kind_of

_MOST_KEYS: Final = 64
"""How many combinations of values one branch may be under."""
_SMALL: Final = 12
"""A bucket that is not worth sorting."""

Span = tuple[str, Any, Any]
"""The type of a range, its first value and its last; the ends themselves may be out."""


class Routed:
    """A branch that sets connectors, with what it requires."""

    __slots__ = ("branch", "connectors", "number", "required", "spans")

    def __init__(self, number: int, branch: RuleBranch, condition: Formula) -> None:
        self.number = number
        self.branch = branch
        self.connectors = frozenset(name for _, name in branch.connectors)
        self.required = required_values(condition)
        self.spans = dict(_spans(condition))
        self.spans["", "in effect"] = ("date", branch.rule.start, branch.rule.end)


class TooManyPairsError(Exception):
    """There are more pairs to look at than can be compared. What was found before still holds."""


class Pairs:
    """The pairs of branches that may meet and set different connectors, each once, as far as the budget goes."""

    def __init__(self, routed: Sequence[Routed], budget: int) -> None:
        self._routed = routed
        self._left = budget
        self._seen: set[tuple[int, int]] = set()

    def __iter__(self) -> Iterator[tuple[Routed, Routed]]:
        groups: dict[frozenset[Attribute], list[Routed]] = {}
        for each in self._routed:
            groups.setdefault(frozenset(each.required), []).append(each)
        signatures = list(groups)
        for number, signature in enumerate(signatures):
            yield from self._within(groups[signature], signature)
            for other in signatures[:number]:
                self._spend(1)
                yield from self._across(groups[signature], groups[other], signature & other)

    def _within(self, group: list[Routed], attributes: frozenset[Attribute]) -> Iterator[tuple[Routed, Routed]]:
        for bucket in _buckets(group, _sorted_by(group, attributes)).values():
            yield from self._meetings(bucket, bucket)

    def _across(
        self, one: list[Routed], other: list[Routed], shared: frozenset[Attribute]
    ) -> Iterator[tuple[Routed, Routed]]:
        attributes = _sorted_by(one + other, shared)
        buckets = _buckets(other, attributes)
        for key, bucket in _buckets(one, attributes).items():
            if key in buckets:
                yield from self._meetings(bucket, buckets[key])

    def _meetings(self, one: list[Routed], other: list[Routed]) -> Iterator[tuple[Routed, Routed]]:
        """The pairs of two buckets whose ranges overlap and whose connectors differ."""
        if len(one) < 2 and one is other:
            return
        if len({each.connectors for each in one} | {each.connectors for each in other}) == 1:
            return
        swept = self._sweep_attribute(one, other) if len(one) * len(other) > _SMALL * _SMALL else None
        found = _crossed(one, other) if swept is None else _swept(one, other, swept)
        for first, second in found:
            self._spend(1)
            if first.branch.rule is second.branch.rule or first.connectors == second.connectors:
                continue
            pair = (first, second) if first.number < second.number else (second, first)
            key = pair[0].number, pair[1].number
            if key not in self._seen and _may_meet(*pair):
                self._seen.add(key)
                yield pair

    @staticmethod
    def _sweep_attribute(one: list[Routed], other: list[Routed]) -> Attribute | None:
        """The attribute of whose ranges most differ, among those that every branch has."""
        everyone = one if one is other else one + other
        shared = set(everyone[0].spans)
        for each in everyone:
            shared.intersection_update(each.spans)
        best: tuple[int, Attribute] | None = None
        for attribute in sorted(shared):
            spans = {each.spans[attribute] for each in everyone}
            if len({kind for kind, _, _ in spans}) == 1 and (best is None or len(spans) > best[0]):
                best = len(spans), attribute
        return best[1] if best and best[0] > 1 else None

    def _spend(self, amount: int) -> None:
        self._left -= amount
        if self._left < 0:
            raise TooManyPairsError


def _sorted_by(group: Sequence[Routed], attributes: frozenset[Attribute]) -> list[Attribute]:
    """The attributes to sort by: all, unless a branch would then be under too many combinations."""
    most = {attribute: max(len(each.required[attribute]) for each in group) for attribute in attributes}
    size = 1
    used: list[Attribute] = []
    for attribute in sorted(attributes, key=lambda each: (most[each], each)):
        size *= max(most[attribute], 1)
        if size <= _MOST_KEYS or not used:
            used.append(attribute)
    return used


def _buckets(group: Sequence[Routed], attributes: Sequence[Attribute]) -> dict[tuple[object, ...], list[Routed]]:
    """The branches by the values they require of the attributes; each is under all its combinations."""
    buckets: dict[tuple[object, ...], list[Routed]] = {}
    for each in group:
        for key in product(*(each.required[attribute] for attribute in attributes)):
            buckets.setdefault(key, []).append(each)
    return buckets


def _crossed(one: list[Routed], other: list[Routed]) -> Iterator[tuple[Routed, Routed]]:
    if one is other:
        for number, first in enumerate(one):
            for second in one[:number]:
                yield first, second
    else:
        yield from product(one, other)


def _swept(one: list[Routed], other: list[Routed], attribute: Attribute) -> Iterator[tuple[Routed, Routed]]:
    """The pairs whose ranges of one attribute overlap, found in ascending order."""
    open_ones: list[Routed] = []
    open_others = open_ones if one is other else []
    ordered = [(each, open_ones, open_others) for each in one]
    if one is not other:
        ordered += [(each, open_others, open_ones) for each in other]
    ordered.sort(key=lambda entry: entry[0].spans[attribute][1])
    for current, mine, facing in ordered:
        low = current.spans[attribute][1]
        facing[:] = [each for each in facing if each.spans[attribute][2] >= low]
        for each in facing:
            yield current, each
        mine.append(current)


def _may_meet(one: Routed, other: Routed) -> bool:
    """Whether required values and ranges leave a common value for every attribute."""
    for attribute, values in one.required.items():
        others = other.required.get(attribute)
        if others is not None and values.isdisjoint(others):
            return False
    for attribute, span in one.spans.items():
        against = other.spans.get(attribute)
        if against is None or span[0] != against[0]:
            continue
        if span[2] < against[1] or against[2] < span[1]:
            return False
    return True


def _spans(condition: Formula) -> Iterator[tuple[Attribute, Span]]:
    """A range for each attribute with comparisons of size: the range that holds every value which passes."""
    parts = condition.parts if isinstance(condition, AllOf) else (condition,)
    lows: dict[Attribute, list[Span]] = {}
    for part in parts:
        if isinstance(part, AttributeTest) and part.must_pass and not part.holds_without_value:
            span = _span(part)
            if span is not None:
                lows.setdefault(part.attribute, []).append(span)
    for attribute, spans in lows.items():
        kinds = {kind for kind, _, _ in spans}
        if len(kinds) == 1:
            yield attribute, (kinds.pop(), max(span[1] for span in spans), min(span[2] for span in spans))


def _span(comparison: AttributeTest) -> Span | None:
    kinds = {kind_of(value) for value in comparison.values}
    values: tuple[Any, ...] = comparison.values
    if kinds == {"number"}:
        match comparison.test:
            case "is greater than" | "is greater than or equal to":
                return "number", values[0], float("inf")
            case "is less than" | "is less than or equal to":
                return "number", float("-inf"), values[0]
            case "is between":
                return "number", values[0], values[1]
            case "is in":
                return "number", min(values), max(values)
    if kinds == {"text"}:
        match comparison.test:
            case "starts with":
                return "text", values[0], f"{values[0]}\U0010ffff"
            case "is in":
                return "text", min(values), max(values)
    return None
