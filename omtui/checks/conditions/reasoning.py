"""Whether conditions can hold together, with an order that shows it."""

from collections.abc import Sequence
from datetime import UTC, tzinfo
from typing import NamedTuple

from omtui.checks.conditions.formula import AllOf, AnyOf, AttributeTest, Formula, kinds_of
from omtui.checks.conditions.solving import Impossible, Solved, Undecidable, meets, solve
from omtui.setup.comparisons import Attribute, Value, ValueKind

MOST_STEPS = 2_000
"""How many attributes are solved for one question before it counts as undecided."""
_DEEPEST = 100
"""How many alternatives may be chosen one after the other: each is a level of recursion."""
_LOOKS_PER_STEP = 25
"""How many looks at an alternative cost as much as solving an attribute."""


class Yes(NamedTuple):
    """It can: an order with these values shows it. `None` means that the order has no value there."""

    witness: dict[Attribute, Value | None]


class No:
    """No order can."""

    __slots__ = ()


Outcome = Yes | No | Undecidable


def satisfiable(*conditions: Formula, zone: tzinfo = UTC, most_steps: int = MOST_STEPS) -> Outcome:
    """Whether an order can meet all these conditions at once."""
    return _Search(conditions, zone, most_steps).run()


class _TooManyStepsError(Exception):
    """The question costs too much. Never leaves this module."""


class _Search:
    """Tries the alternatives of `any` one after the other, solving each attribute as its comparisons gather.

    An alternative that the values found so far meet anyway is not chosen: hundreds of them cost no more than a look.
    """

    def __init__(self, conditions: Sequence[Formula], zone: tzinfo, most_steps: int) -> None:
        self._conditions = conditions
        self._zone = zone
        self._left = most_steps
        self._kinds: dict[Attribute, tuple[ValueKind, ...]] | None = None
        self._undecided: Undecidable | None = None

    def run(self) -> Outcome:
        try:
            found = self._try(list(reversed(self._conditions)), _Gathered({}, {}, (), None), 0)
        except _TooManyStepsError:
            return Undecidable("the conditions have too many combinations")
        return found or self._undecided or No()

    def _try(self, pending: list[Formula], before: "_Gathered", depth: int) -> Yes | None:
        """One branch: an order that meets everything pending, or `None`; doubts are remembered."""
        tests = dict(before.tests)
        changed: dict[Attribute, None] = {}
        choices = list(before.choices)
        while pending:
            part = pending.pop()
            if isinstance(part, AttributeTest):
                tests[part.attribute] = (*tests.get(part.attribute, ()), part)
                changed[part.attribute] = None
            elif isinstance(part, AllOf):
                pending.extend(reversed(part.parts))
            elif len(part.parts) == 1:
                pending.append(part.parts[0])
            elif not part.parts:
                return None
            else:
                choices.append(part)
        values, doubt = dict(before.values), before.doubt
        for attribute in changed:
            self._spend()
            solution = solve(tests[attribute], self._kinds_of(attribute), self._zone)
            if isinstance(solution, Impossible):
                return None
            if isinstance(solution, Solved):
                values[attribute] = solution.value
            elif doubt is None or doubt.reported_elsewhere:
                doubt = solution
                values.pop(attribute, None)
        self._spend(len(choices) // _LOOKS_PER_STEP)
        not_met = [choice for choice in choices if not self._holds(choice, values)]
        if not not_met:
            if doubt is None:
                return Yes({attribute: values[attribute] for attribute in values})
            self._undecided = self._undecided or doubt
            return None
        if depth == _DEEPEST:
            raise _TooManyStepsError
        choice = min(not_met, key=lambda each: len(each.parts))
        here = _Gathered(tests, values, tuple(each for each in choices if each is not choice), doubt)
        for part in choice.parts:
            found = self._try([part], here, depth + 1)
            if found:
                return found
        return None

    def _holds(self, part: Formula, values: dict[Attribute, Value | None]) -> bool:
        """Whether the values found so far are known to meet a part."""
        if isinstance(part, AttributeTest):
            return part.attribute in values and meets(values[part.attribute], (part,), self._zone) is True
        each = (self._holds(inner, values) for inner in part.parts)
        return all(each) if isinstance(part, AllOf) else any(each)

    def _spend(self, steps: int = 1) -> None:
        self._left -= steps
        if self._left < 0:
            raise _TooManyStepsError

    def _kinds_of(self, attribute: Attribute) -> tuple[ValueKind, ...]:
        if self._kinds is None:
            self._kinds = kinds_of(self._conditions)
        return self._kinds[attribute]


class _Gathered(NamedTuple):
    """What was gathered on the way into a branch."""

    tests: dict[Attribute, tuple[AttributeTest, ...]]
    values: dict[Attribute, Value | None]
    choices: tuple[AnyOf, ...]
    doubt: Undecidable | None
