"""The routing rules of a profile made ready for many orders: each branch as a few lists of comparisons.

A branch's tree of conditions becomes alternatives; an alternative holds when all of its comparisons do. `not` moves
down to the comparisons, `any` is multiplied out. In the three values of a comparison (true, false, cannot be evaluated)
that changes nothing: and, or and not of three values obey the same laws.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from functools import cached_property
from typing import Final, Literal, NamedTuple

from omtui.setup.comparisons import Attribute, misfit, span
from omtui.setup.indexed import Indexed, LocatedRecord, flag, is_predefined, rows, text
from omtui.setup.place import Path
from omtui.setup.references import conditions
from omtui.setup.routing import OF_THE_REQUEST, SET_CONNECTOR, operator_word
from omtui.setup.table import Record

TASK_TYPE, OPERATION = OF_THE_REQUEST
MOST_ALTERNATIVES: Final = 512
"""Branches with more are judged by `evaluate`, once for every distinct tuple of the cells that they read."""

Misses = Literal["", "inactive", "unpublished", "not yet effective", "no longer effective"]


class Comparison(NamedTuple):
    """A comparison that can be judged: `is equal to` and the like, between an order's value and a condition's."""

    attribute: Attribute
    operator: str
    value: object

    @property
    def key(self) -> tuple[Attribute, str, str]:
        """By which two comparisons are the same one. `1 == True` in Python, so the value's type belongs to it."""
        return self.attribute, self.operator, repr(self.value)


class Term(NamedTuple):
    """A comparison or its opposite; without a comparison: what can never be evaluated."""

    comparison: Comparison | None
    is_negated: bool = False
    path: Path = ()
    """Where it is in the conditions of the branch."""


Alternative = tuple[Term, ...]


@dataclass(frozen=True, eq=False)
class Branch:
    """IF, one ELSE IF, or the last ELSE of a rule."""

    path: Path
    when: object
    """Its tree of conditions; `None` for the last ELSE."""
    actions: tuple[LocatedRecord, ...]

    @cached_property
    def connectors(self) -> tuple[str, ...]:
        """The connectors that it sets; more than one is a fault of the rule (S7-11)."""
        names = (text(each.record, "value") for each in self.actions if each.record.get("action") == SET_CONNECTOR)
        return tuple(dict.fromkeys(filter(None, names)))

    @cached_property
    def alternatives(self) -> tuple[Alternative, ...] | None:
        """Any one of them suffices. `None`: there are too many."""
        return ((),) if self.when is None else alternatives(self.when)

    @cached_property
    def attributes(self) -> frozenset[Attribute]:
        """What its conditions read."""
        return frozenset(each.attribute for each in comparisons(self.when))


@dataclass(frozen=True, eq=False)
class RoutingRule:
    """A routing rule with its branches in their order, and what keeps it from counting at a time."""

    name: str
    path: Path
    branches: tuple[Branch, ...]
    is_predefined: bool
    is_active: bool
    is_published: bool
    misses: Misses
    """Why the draft does not have it at that time."""

    def missing_from(self, *, published: bool) -> Misses:
        """Why a set of rules does not have it; empty when it has."""
        if self.misses or not published or self.is_predefined or self.is_published:
            return self.misses
        return "unpublished"


@dataclass(frozen=True)
class RuleSet:
    """All routing rules of a profile, as they are at a time."""

    rules: tuple[RoutingRule, ...]
    as_of: datetime
    zone: tzinfo
    attributes: frozenset[Attribute] = field(init=False)
    """What the rules read of an order line: without task type and operation."""

    def __post_init__(self) -> None:
        read = (each for rule in self.rules for branch in rule.branches for each in branch.attributes)
        object.__setattr__(
            self, "attributes", frozenset(each for each in read if each[1] not in (TASK_TYPE, OPERATION))
        )


def rule_set(
    setup: Indexed,
    as_of: datetime,
    zone: tzinfo,
    branches: Callable[[LocatedRecord], tuple[Branch, ...]] | None = None,
) -> RuleSet:
    """The rules of a profile; of Oracle's own those that are noted with conditions. `branches` may know them."""
    branches = branches or branches_of
    found = []
    for located in setup.records("routing_rules"):
        record = located.record
        if is_predefined(record) and not any(conditions((), record.get("when"))):
            continue
        found.append(
            RoutingRule(
                text(record, "name"),
                located.path,
                branches(located),
                is_predefined(record),
                flag(record, "active"),
                flag(record, "published"),
                _misses(record, as_of, zone),
            )
        )
    return RuleSet(tuple(found), as_of, zone)


def _misses(record: Record, as_of: datetime, zone: tzinfo) -> Misses:
    if record.get("active") is False if is_predefined(record) else not flag(record, "active"):
        return "inactive"
    moment = span(as_of, zone)[0]
    start, end = record.get("start_date"), record.get("end_date")
    if isinstance(start, date) and moment < span(start, zone)[0]:
        return "not yet effective"
    if isinstance(end, date) and moment > span(end, zone)[1]:
        return "no longer effective"
    return ""


def branches_of(rule: LocatedRecord) -> tuple[Branch, ...]:
    """The branches of a rule in their order: IF, each ELSE IF, ELSE."""
    found = [Branch(rule.path, _tree(rule.record), _actions(rule))]
    last = []
    for number, entry in enumerate(rows(rule.record, "otherwise")):
        located = LocatedRecord((*rule.path, "otherwise", number), entry)
        if "action" in entry:
            last.append(located)
        else:
            found.append(Branch(located.path, _tree(entry), _actions(located)))
    if last:
        found.append(Branch((*rule.path, "otherwise"), None, tuple(last)))
    return tuple(found)


def _tree(holder: Record) -> object:
    """The conditions of a branch. Without any, also in groups, it can never be evaluated, and so is an empty record."""
    tree = holder.get("when")
    return tree if any(conditions((), tree)) else {}


def _actions(holder: LocatedRecord) -> tuple[LocatedRecord, ...]:
    return tuple(
        LocatedRecord((*holder.path, "then", number), action)
        for number, action in enumerate(rows(holder.record, "then"))
    )


# From trees to alternatives


def comparisons(node: object) -> list[Comparison]:
    """All comparisons of a tree that can be judged."""
    if not isinstance(node, Mapping):
        return []
    found = [each for join in ("all", "any") for item in _items(node, join) for each in comparisons(item)]
    found += comparisons(node.get("not"))
    own = comparison_of(node) if _has_comparison(node) else None
    return found + ([own] if own else [])


def alternatives(node: object, path: Path = (), *, negated: bool = False) -> tuple[Alternative, ...] | None:
    """A tree, or its opposite, as alternatives of comparisons; `None` when there are too many."""
    if not isinstance(node, Mapping):
        return ((Term(None, path=path),),)
    parts: list[tuple[Alternative, ...] | None] = []
    for join in ("all", "any"):
        if isinstance(node.get(join), list):
            items = enumerate(_items(node, join))
            inner = [alternatives(item, (*path, join, number), negated=negated) for number, item in items]
            parts.append(_joined(inner, every=(join == "all") != negated))
    if "not" in node:
        parts.append(alternatives(node["not"], (*path, "not"), negated=not negated))
    if _has_comparison(node) or not parts:
        parts.append(((Term(comparison_of(node), negated, path),),))
    return _joined(parts, every=not negated)


def _joined(parts: list[tuple[Alternative, ...] | None], *, every: bool) -> tuple[Alternative, ...] | None:
    if any(part is None for part in parts):
        return None
    known = [part for part in parts if part is not None]
    if not every:
        total = tuple(each for part in known for each in part)
        return total if len(total) <= MOST_ALTERNATIVES else None
    product: tuple[Alternative, ...] = ((),)
    for part in known:
        if len(product) * len(part) > MOST_ALTERNATIVES:
            return None
        product = tuple((*one, *other) for one in product for other in part)
    return product


def _items(node: Mapping[str, object], join: str) -> list[object]:
    value = node.get(join)
    return value if isinstance(value, list) else []


def _has_comparison(node: Mapping[str, object]) -> bool:
    return "attribute" in node or "operator" in node


def comparison_of(node: Mapping[str, object]) -> Comparison | None:
    """The comparison that a record of conditions is; `None` when it can never be judged."""
    entity, attribute = str(node.get("entity", "")), str(node.get("attribute", ""))
    if not attribute or misfit(node) is not None:
        return None
    return Comparison((entity, attribute), operator_word(node.get("operator")), node.get("value"))
