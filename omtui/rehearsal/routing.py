"""The outcome of a request: which rules are taken, which are open, and what that means."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final, Literal, NamedTuple, TypeVar

from omtui.rehearsal.masks import Engine
from omtui.rehearsal.rules import TASK_TYPE, Branch, Misses, RoutingRule, comparisons
from omtui.setup.task_types import PREDEFINED_TASK_TYPES

Outcome = Literal["routed", "predefined", "unrouted", "ambiguous", "cannot-evaluate"]
OUTCOMES: Final[tuple[Outcome, ...]] = ("unrouted", "ambiguous", "cannot-evaluate", "predefined", "routed")
"""The most harmful first."""

_Way = TypeVar("_Way", bound=tuple[str | None, str])
_Number = TypeVar("_Number", int, Decimal)


def by_harm(ways: Mapping[_Way, _Number]) -> list[tuple[_Way, _Number]]:
    """Requests by task type and connector, or outcome in brackets: what is not routed first."""
    harm = {f"({outcome})": number for number, outcome in enumerate(OUTCOMES)}
    return sorted(ways.items(), key=lambda each: (harm.get(each[0][1], len(harm)), str(each[0][0]), -each[1]))


@dataclass(frozen=True)
class RuleState:
    """What one rule makes of a request: the branch that is taken, or those that cannot be evaluated."""

    rule: RoutingRule
    taken: Branch | None
    open: tuple[Branch, ...] = ()
    """Branches that may be taken, as far as it is known: a later one only when no earlier one holds for sure."""
    missing: Misses = ""
    """Why the set of rules does not have the rule, which would have been true."""

    @property
    def possible(self) -> frozenset[str]:
        """The connectors that it may set while it is open."""
        branches = (*self.open, *((self.taken,) if self.taken and self.open else ()))
        return frozenset(name for branch in branches for name in branch.connectors)


class RequestOutcome(NamedTuple):
    """Where a request goes, and by which rules."""

    outcome: Outcome
    connectors: tuple[str, ...]
    """Those of the rules taken; one when it is routed."""
    states: tuple[RuleState, ...]
    """Rules taken or open, then those that would have been true but are not in the set."""
    notes: tuple[str, ...] = ()

    @property
    def connector(self) -> str | None:
        """The connector that it is routed to."""
        return self.connectors[0] if self.outcome in ("routed", "predefined") and self.connectors else None


_NOT_KNOWN: Final = RequestOutcome("cannot-evaluate", (), ())
"""Of a request without a task type."""


class Router:
    """The outcomes of requests by the masks of their lines."""

    def __init__(
        self,
        engine: Engine,
        *,
        published: bool = False,
        connectors: Iterable[str] = (),
        oracles_task_types: Iterable[str] = (),
    ) -> None:
        """`connectors` are those of step 5, `oracles_task_types` the profile's task types that are Oracle's own."""
        self.engine = engine
        self.published = published
        self._connectors = frozenset(connectors)
        self._oracles = frozenset(PREDEFINED_TASK_TYPES) | frozenset(oracles_task_types)
        self._known: dict[tuple[str, int], RequestOutcome] = {}

    def outcome(self, task_type: str | None, mask: int) -> RequestOutcome:
        """Where a request goes. `mask` is the line's AND the request's; without a task type nothing is known."""
        if task_type is None:
            return _NOT_KNOWN
        found = self._known.get((task_type, mask))
        if found is None:
            found = self._known[task_type, mask] = self.outcome_if(task_type, mask)
        return found

    def outcome_if(self, task_type: str, mask: int) -> RequestOutcome:
        """The same for a mask that is asked once: it is not kept."""
        return self._decide(task_type, tuple(self._states(mask)))

    def _states(self, mask: int) -> Iterable[RuleState]:
        late = []
        for rule in self.engine.may_hold(mask):
            state = self._state(rule, mask & (bits := self.engine.rule_bits[rule]) | mask & bits << self.engine.width)
            if state is None:
                continue
            if state.missing:
                late.append(state)
            else:
                yield state
        yield from late

    @cache  # noqa: B019 - a router lives as long as the run
    def _state(self, rule: RoutingRule, mask: int) -> RuleState | None:
        missing = rule.missing_from(published=self.published)
        open_branches: list[Branch] = []
        for branch in rule.branches:
            may, sure = self.engine.bits[branch]
            if mask & sure:
                if missing:
                    return None if open_branches else RuleState(rule, branch, (), missing)
                return RuleState(rule, branch, tuple(open_branches))
            if mask & may:
                open_branches.append(branch)
        return RuleState(rule, None, tuple(open_branches)) if open_branches and not missing else None

    def _decide(self, task_type: str, states: tuple[RuleState, ...]) -> RequestOutcome:
        counting = [state for state in states if not state.missing]
        taken = [state for state in counting if state.taken and not state.open and state.taken.connectors]
        certain = tuple(dict.fromkeys(name for state in taken if state.taken for name in state.taken.connectors))
        possible = frozenset(name for state in counting if state.open for name in state.possible)
        outcome: Outcome
        if len(certain) > 1:
            outcome = "ambiguous"
        elif certain:
            only_oracles = all(state.rule.is_predefined for state in taken)
            outcome = "cannot-evaluate" if possible - set(certain) else "predefined" if only_oracles else "routed"
        elif possible:
            outcome = "cannot-evaluate"
        else:
            outcome = "predefined" if self._is_oracles(task_type) else "unrouted"
        return RequestOutcome(outcome, certain, states, tuple(self._notes(outcome, certain, taken)))

    def _notes(self, outcome: Outcome, certain: tuple[str, ...], taken: list[RuleState]) -> Iterable[str]:
        if outcome == "routed" and len(taken) > 1:
            yield "same-connector"
        if outcome == "routed" and certain[0] not in self._connectors:
            yield "unknown-connector"

    def _is_oracles(self, task_type: str) -> bool:
        """Whether Oracle routes a task type itself: it is Oracle's, and its noted rule is not switched off."""
        return task_type in self._oracles and not any(
            rule.is_predefined and rule.misses == "inactive" and _is_for(rule, task_type)
            for rule in self.engine.rules.rules
        )


def _is_for(rule: RoutingRule, task_type: str) -> bool:
    """Whether a rule's conditions name a task type."""
    for branch in rule.branches:
        for each in comparisons(branch.when):
            if each.attribute[1] != TASK_TYPE or each.operator not in ("is equal to", "is in"):
                continue
            if task_type in (each.value if isinstance(each.value, list) else [each.value]):
                return True
    return False
