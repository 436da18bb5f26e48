"""The routing rules of a profile made ready for checks: branches, conditions for reasoning, when they are in effect.

Made once for a profile and shared by all checks of step 7.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from datetime import date, tzinfo
from functools import cached_property
from typing import NamedTuple
from weakref import WeakKeyDictionary

from omtui.checks.conditions.formula import AllOf, AttributeTest, Formula, both, formula, opposite
from omtui.checks.moments import day_of
from omtui.setup.comparisons import Attribute, Value, value_words
from omtui.setup.indexed import Indexed, LocatedRecord, flag, is_predefined, rows, text
from omtui.setup.place import Path
from omtui.setup.references import conditions
from omtui.setup.routing import SET_CONNECTOR
from omtui.setup.table import Record

TASK_TYPE = "Task Type"

Required = Mapping[Attribute, frozenset[tuple[object, object]]]
"""For each attribute of which one of certain values is required: those, by type and value."""


MOST_EARLIER = 300
"""How many branches before one are taken into account, of those that could be taken instead."""


class TaskTypes(NamedTuple):
    """Task types for which a condition can hold: the names, or all but the names."""

    names: frozenset[str]
    excluded: bool

    def __and__(self, other: "TaskTypes") -> "TaskTypes":
        if self.excluded and other.excluded:
            return TaskTypes(self.names | other.names, True)
        if self.excluded:
            return TaskTypes(other.names - self.names, False)
        return TaskTypes(self.names - other.names if other.excluded else self.names & other.names, False)

    def __or__(self, other: "TaskTypes") -> "TaskTypes":
        return (self.inverted & other.inverted).inverted

    @property
    def inverted(self) -> "TaskTypes":
        """All the others."""
        return TaskTypes(self.names, not self.excluded)


EVERY = TaskTypes(frozenset(), True)
NONE = TaskTypes(frozenset(), False)


class RuleBranch:
    """IF, one ELSE IF, or the last ELSE of a rule."""

    def __init__(self, rule: "Rule", number: int, path: Path, record: Record, actions: list[LocatedRecord]) -> None:
        self.rule = rule
        self.number = number
        """Its place among the branches of the rule, from 0."""
        self.path = path
        self.record = record
        self.actions = actions
        self.is_else = record is _LAST
        """The last ELSE, which has no conditions of its own."""

    @property
    def when_path(self) -> Path:
        """Where its conditions are; of the last ELSE, its first action."""
        return self.actions[0].path if self.is_else else (*self.path, "when")

    @cached_property
    def own(self) -> Formula | None:
        """Its own conditions; `None` when there are none."""
        when = self.record.get("when")
        return formula(when) if isinstance(when, dict) and when else None

    @cached_property
    def whole(self) -> Formula | None:
        """When it is taken: its own conditions hold, and those of no earlier branch. `None` when it cannot be said.

        Of the earlier branches only those count whose conditions can hold where its own do.
        """
        if not self.number:
            return self.own
        if self.own is None and not self.is_else:
            return None
        earlier = self.rule.before(self)
        if earlier is None:
            return None
        parts = [] if self.own is None else [self.own]
        return both([*parts, *(opposite(branch.own) for branch in earlier if branch.own is not None)])

    @property
    def is_too_far(self) -> bool:
        """Whether so many branches are before it that it cannot be said when it is taken."""
        return self.whole is None and self.own is not None and self.number <= self.rule.first_unfinished

    @cached_property
    def required(self) -> Required:
        """The values that its own conditions require."""
        return {} if self.own is None else required_values(self.own)

    @property
    def task_types(self) -> TaskTypes:
        """The task types for which it can be taken, as far as the conditions on them alone decide."""
        own = EVERY if self.own is None else _task_types(self.own)
        return own & self.rule.task_types_left[self.number]

    @cached_property
    def connectors(self) -> tuple[tuple[Path, str], ...]:
        """The connectors it sets, each with the path of its name."""
        return tuple(
            ((*path, "value"), name)
            for path, action in self.actions
            if action.get("action") == SET_CONNECTOR and (name := text(action, "value"))
        )


_LAST: Record = {}
"""In place of the record of the last ELSE, which is no record of its own."""


class Rule:
    """One routing rule."""

    def __init__(self, found: LocatedRecord, today: date) -> None:
        self.path, self.record = found
        self.name = text(found.record, "name")
        self.is_predefined = is_predefined(found.record)
        self.is_active = flag(found.record, "active") or (
            # Oracle's own counts where it is noted with conditions and not as switched off
            self.is_predefined and "active" not in found.record and any(conditions((), found.record.get("when")))
        )
        self.start = day_of(found.record.get("start_date")) or date.min
        self.end = day_of(found.record.get("end_date")) or date.max
        self.in_effect = self.is_active and self.start <= self.end and self.end >= today
        """Active, and not over: it is true for some request, now or later."""

    @cached_property
    def branches(self) -> list[RuleBranch]:
        """Its branches in their order."""
        found = [RuleBranch(self, 0, self.path, self.record, _actions(self.path, self.record))]
        last: list[LocatedRecord] = []
        for number, entry in enumerate(rows(self.record, "otherwise")):
            path = (*self.path, "otherwise", number)
            if "action" in entry:
                last.append(LocatedRecord(path, entry))
            else:
                found.append(RuleBranch(self, len(found), path, entry, _actions(path, entry)))
        if last:
            found.append(RuleBranch(self, len(found), (*self.path, "otherwise"), _LAST, last))
        return found

    @cached_property
    def task_types_left(self) -> list[TaskTypes]:
        """For each branch the task types that the branches before it may leave over."""
        left = [EVERY]
        for branch in self.branches[:-1]:
            taken = NONE if branch.own is None else _task_types(opposite(branch.own))
            left.append(left[-1] & taken)
        return left

    def before(self, branch: RuleBranch) -> list[RuleBranch] | None:
        """The earlier branches that could be taken where a branch could; `None`: too many, or one is unfinished."""
        if branch.number > self.first_unfinished:
            return None
        earlier: list[RuleBranch] | None = None
        for attribute, values in branch.required.items():
            with_values, without = self._by_value.get(attribute, ({}, []))
            found = list(_before(without, branch.number))
            for value in values:
                found += _before(with_values.get(value, []), branch.number)
            if earlier is None or len(found) < len(earlier):
                earlier = found
        if earlier is None:
            earlier = self.branches[: branch.number]
        earlier = [each for each in earlier if _can_meet(each.required, branch.required)]
        if len(earlier) > MOST_EARLIER and not branch.is_else:
            return None
        return sorted(set(earlier), key=lambda each: each.number)

    @cached_property
    def first_unfinished(self) -> int:
        """The number of the first branch without conditions, of those that need some; else how many there are."""
        unfinished = (branch.number for branch in self.branches if branch.own is None and not branch.is_else)
        return next(unfinished, len(self.branches))

    @cached_property
    def _by_value(self) -> "dict[Attribute, tuple[dict[object, list[RuleBranch]], list[RuleBranch]]]":
        """For each attribute the branches by the values they require, and those that require none."""
        attributes = {attribute for branch in self.branches for attribute in branch.required}
        index: dict[Attribute, tuple[dict[object, list[RuleBranch]], list[RuleBranch]]] = {}
        for attribute in attributes:
            with_values: dict[object, list[RuleBranch]] = {}
            without = []
            for branch in self.branches:
                values = branch.required.get(attribute)
                if values is None:
                    without.append(branch)
                else:
                    for value in values:
                        with_values.setdefault(value, []).append(branch)
            index[attribute] = with_values, without
        return index

    def comparisons(self) -> Iterator[tuple[Path, Record]]:
        """Every comparison of the rule with its path."""
        for branch in self.branches:
            if not branch.is_else:
                yield from conditions((*branch.path, "when"), branch.record.get("when"))


def _before(branches: list[RuleBranch], number: int) -> list[RuleBranch]:
    return branches[: bisect_left(branches, number, key=lambda each: each.number)]


def _can_meet(one: Required, other: Required) -> bool:
    """Whether required values leave a common value for every attribute."""
    small, large = (one, other) if len(one) <= len(other) else (other, one)
    return all(attribute not in large or not values.isdisjoint(large[attribute]) for attribute, values in small.items())


class Rules(NamedTuple):
    """The rules of a profile: Oracle's own, as far as they are noted, and those entered by hand."""

    own: list[Rule]
    predefined: list[Rule]
    zone: tzinfo
    """In which a date without a time is read: the pod's time zone."""

    @property
    def branches(self) -> Iterator[RuleBranch]:
        """The branches of the rules entered by hand."""
        return (branch for rule in self.own for branch in rule.branches)

    @property
    def actions(self) -> Iterator[tuple[RuleBranch, Path, Record]]:
        """What they do."""
        return ((branch, *action) for branch in self.branches for action in branch.actions)

    @property
    def connectors(self) -> Iterator[tuple[RuleBranch, Path, str]]:
        """The connectors that they set, each with the path of its name."""
        return ((branch, *each) for branch in self.branches for each in branch.connectors)

    @property
    def comparisons(self) -> Iterator[tuple[Rule, Path, Record]]:
        """Every comparison of the rules entered by hand."""
        return ((rule, *each) for rule in self.own for each in rule.comparisons())

    def by_task_type(self) -> "TaskRouting":
        """The connectors that the active rules entered by hand may choose, by task type."""
        routing = TaskRouting({}, {})
        for branch in (each for each in self.branches if each.rule.is_active):
            names = dict.fromkeys(name for _, name in branch.connectors)
            if not branch.task_types.excluded:
                for task_type in branch.task_types.names:
                    routing.named.setdefault(task_type, {}).update(names)
            elif names:
                routing.general.setdefault(branch.task_types, {}).update(names)
        return routing


class TaskRouting(NamedTuple):
    """The connectors that rules may choose: those made for certain task types, and those for all but some."""

    named: dict[str, dict[str, None]]
    general: dict[TaskTypes, dict[str, None]]

    def connectors(self, task_type: str) -> list[str]:
        """The connectors by name: of the rules for this task type, or, without any, of those for every task type."""
        if named := self.named.get(task_type):
            return list(named)
        return [name for types, names in self.general.items() if task_type not in types.names for name in names]


_MADE: "WeakKeyDictionary[Indexed, tuple[date, Rules]]" = WeakKeyDictionary()


def rules_of(setup: Indexed, today: date) -> Rules:
    """The rules of a profile as of a day."""
    made = _MADE.get(setup)
    if made is None or made[0] != today:
        rules = [Rule(found, today) for found in setup.records("routing_rules")]
        own = [rule for rule in rules if not rule.is_predefined]
        made = (
            today,
            Rules(own, [rule for rule in rules if rule.is_predefined], setup.zone),
        )
        _MADE[setup] = made
    return made[1]


def _actions(path: Path, holder: Record) -> list[LocatedRecord]:
    return [LocatedRecord((*path, "then", number), action) for number, action in enumerate(rows(holder, "then"))]


def _task_types(of: Formula) -> TaskTypes:
    """The task types for which a formula can hold; other attributes may have any value."""
    if isinstance(of, AttributeTest):
        if of.attribute[1] != TASK_TYPE or of.test not in ("is in", "equals ignore case"):
            return EVERY
        return TaskTypes(frozenset(map(str, of.values)), not of.must_pass)
    total = EVERY if isinstance(of, AllOf) else NONE
    for part in of.parts:
        total = total & _task_types(part) if isinstance(of, AllOf) else total | _task_types(part)
    return total


def required_values(of: Formula) -> Required:
    """What a formula requires to hold: nothing is said of attributes that may have any value."""
    if isinstance(of, AttributeTest):
        return {of.attribute: frozenset(of.points)} if of.is_finite and not of.holds_without_value else {}
    found: dict[Attribute, frozenset[tuple[object, object]]] = {}
    if isinstance(of, AllOf):
        for part in of.parts:
            for attribute, values in required_values(part).items():
                found[attribute] = found[attribute] & values if attribute in found else values
        return found
    for number, part in enumerate(of.parts):
        values_of_part = required_values(part)
        if not number:
            found = dict(values_of_part)
        else:
            found = {a: found[a] | values_of_part[a] for a in found if a in values_of_part}
        if not found:
            break
    return found


def is_plainly_possible(of: Formula) -> bool:
    """Whether a formula can hold at a glance: lists of values, each on an attribute of its own."""
    if isinstance(of, AttributeTest):
        return of.is_finite and bool(of.values)
    if not isinstance(of, AllOf):
        return False
    seen = set()
    for part in of.parts:
        if not isinstance(part, AttributeTest) or not part.is_finite or not part.values or part.attribute in seen:
            return False
        seen.add(part.attribute)
    return True


def order_words(values: Mapping[Attribute, Value | None]) -> str:
    """An order in words: `Item "CM5008", Task Type "Invoice" and no Ordered Quantity`."""
    names = [attribute for _, attribute in values]
    words = []
    for (entity, attribute), value in values.items():
        name = f"{attribute} ({entity})" if names.count(attribute) > 1 else attribute
        words.append(f"no {name}" if value is None else f"{name} {value_words(value)}")
    if len(words) > 6:
        words = [*words[:5], f"{len(words) - 5} more values"]
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0] if words else "any values"
