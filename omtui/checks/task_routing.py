"""Which connector the active rules may choose for a task type, as far as the task type alone decides."""

from collections.abc import Iterator
from typing import NamedTuple

from omtui.setup.indexed import Indexed, LocatedRecord, flag, is_predefined, rows, text
from omtui.setup.place import Path
from omtui.setup.references import conditions
from omtui.setup.routing import SET_CONNECTOR, operator_word
from omtui.setup.table import Record


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


class TaskTypeBranch(NamedTuple):
    """One branch of a routing rule: IF, an ELSE IF, or the last ELSE."""

    path: Path
    actions: list[LocatedRecord]
    task_types: TaskTypes


def branches(rule: LocatedRecord) -> Iterator[TaskTypeBranch]:
    """The branches of a rule in their order, each with the task types for which it can be taken."""
    yield TaskTypeBranch(rule.path, _actions(rule), _admitted(rule.record.get("when")))
    left = _admitted(rule.record.get("when"), inverted=True)
    last: list[LocatedRecord] = []
    for number, entry in enumerate(rows(rule.record, "otherwise")):
        found = LocatedRecord((*rule.path, "otherwise", number), entry)
        if "action" in entry:
            last.append(found)
            continue
        yield TaskTypeBranch(found.path, _actions(found), left & _admitted(entry.get("when")))
        left &= _admitted(entry.get("when"), inverted=True)
    if last:
        yield TaskTypeBranch((*rule.path, "otherwise"), last, left)


def is_active(rule: Record) -> bool:
    """Whether a rule is switched on; a new rule is not."""
    return flag(rule, "active")


def chosen(branch: TaskTypeBranch) -> Iterator[tuple[Path, str]]:
    """The connectors that a branch sets, each with the path of its name."""
    for path, action in branch.actions:
        if text(action, "action") == SET_CONNECTOR and (name := text(action, "value")):
            yield (*path, "value"), name


def comparisons(rule: Record) -> Iterator[Record]:
    """Every comparison of a rule, of IF and of each ELSE IF."""
    for branch in (rule, *rows(rule, "otherwise")):
        for _, leaf in conditions((), branch.get("when")):
            yield leaf


class TaskRouting:
    """The connectors that the active rules of a profile may choose, by task type."""

    def __init__(self, setup: Indexed) -> None:
        self._named: dict[str, dict[str, None]] = {}
        self._general: dict[TaskTypes, dict[str, None]] = {}
        for rule in setup.records("routing_rules"):
            if not is_active(rule.record) or is_predefined(rule.record):
                continue
            for branch in branches(rule):
                names = [name for _, name in chosen(branch)]
                if not branch.task_types.excluded:
                    for task_type in branch.task_types.names:
                        self._named.setdefault(task_type, {}).update(dict.fromkeys(names))
                elif names:
                    self._general.setdefault(branch.task_types, {}).update(dict.fromkeys(names))

    def connectors(self, task_type: str) -> list[str]:
        """The connectors by name: of the rules for this task type, or, without any, of those for every task type."""
        named = self._named.get(task_type)
        if named:
            return list(named)
        return [name for types, names in self._general.items() if task_type not in types.names for name in names]


def _actions(holder: LocatedRecord) -> list[LocatedRecord]:
    return [
        LocatedRecord((*holder.path, "then", number), action)
        for number, action in enumerate(rows(holder.record, "then"))
    ]


def _admitted(node: object, *, inverted: bool = False) -> TaskTypes:
    """The task types for which a condition (or its opposite) can hold; other attributes may have any value."""
    if not isinstance(node, dict):
        return NONE if inverted else EVERY
    parts = [_of_comparison(node, inverted)] if "attribute" in node else []
    for join in ("all", "any"):
        if join in node:
            inner = [_admitted(item, inverted=inverted) for item in rows(node, join)]
            both = (join == "all") != inverted
            total = EVERY if both else NONE
            for each in inner:
                total = total & each if both else total | each
            parts.append(total)
    if "not" in node:
        parts.append(_admitted(node["not"], inverted=not inverted))
    total = NONE if inverted else EVERY
    for part in parts:
        total = total | part if inverted else total & part
    return total


def _of_comparison(leaf: Record, inverted: bool) -> TaskTypes:
    if text(leaf, "attribute") != "Task Type":
        return EVERY
    value = leaf.get("value")
    names = TaskTypes(frozenset(str(item) for item in (value if isinstance(value, list) else [value])), False)
    match operator_word(leaf.get("operator", "is equal to")):
        case "is equal to" | "is in" | "equals ignore case":
            return names.inverted if inverted else names
        case "is not equal to" | "is not in":
            return names if inverted else names.inverted
    return EVERY
