"""Building the IF / ELSE IF / ELSE of a routing rule: what can be added where, and the operations that do it."""

from omtui.service import editing
from omtui.service.editing import Plan
from omtui.setup.defaults import new_record
from omtui.setup.indexed import Indexed
from omtui.setup.place import Data, Path
from omtui.store.change import MISSING, Insert, Remove, Set, value_at
from omtui.workbench.sheets import SheetRow, is_comparison, is_else_if

Addition = tuple[str, str, str, Path]
"""Title, remark, what it is, and the path it is added at."""


def additions(rule: Path, row: SheetRow) -> list[Addition]:
    """What can be added at a row of a rule, the most likely first."""
    branch = _branch_of(row.path, rule)
    when, then = (*branch, "when"), (*branch, "then")
    tree = row.path if row.kind in ("condition", "group") else when
    condition: Addition = ("condition", "joined with AND", "condition", tree)
    either: Addition = ("condition with OR", "one of several must hold", "or", tree)
    negated: Addition = ("NOT around it", "the opposite must hold", "not", tree)
    action: Addition = ("action", "what is done when the conditions hold", "action", then)
    branch_if: Addition = (
        "ELSE IF branch",
        "tried when the conditions above do not hold",
        "branch",
        (*rule[:2], "otherwise"),
    )
    last: Addition = ("ELSE action", "done when nothing above holds", "last action", (*rule[:2], "otherwise"))
    if row.kind == "action" or (row.kind == "section" and row.label == "THEN"):
        in_else = "otherwise" in row.path and row.path[-2:-1] == ("otherwise",)
        return [last, branch_if] if in_else else [action, branch_if, last]
    if row.kind == "section" and row.label == "ELSE":
        return [last, branch_if]
    if row.kind in ("condition", "group"):
        return [condition, either, negated, action, branch_if, last]
    if row.kind in ("section", "branch"):
        return [condition, either, action, branch_if, last]
    return [condition, action, branch_if, last]


def plan_addition(setup: Indexed, what: str, path: Path) -> Plan:
    """The operations of an addition, and the path of what was added."""
    data = setup.data
    if what in ("action", "last action"):
        record = new_record("routing_rules.then")
        have = value_at(data, path)
        index = len(have) if isinstance(have, list) else 0
        return Plan("Add action", (Insert(path, index, record),), (*path, index))
    if what == "branch":
        have = value_at(data, path)
        branches = have if isinstance(have, list) else []
        index = next((n for n, each in enumerate(branches) if not is_else_if(each)), len(branches))
        branch: dict[str, object] = {"when": {"all": [new_record("routing_rules.when")]}}
        return Plan("Add ELSE IF", (Insert(path, index, branch),), (*path, index, "when", "all", 0))
    if what == "not":
        return _negate(data, path)
    return _join(data, path, "any" if what == "or" else "all")


def plan_removal(setup: Indexed, path: Path, kind: str) -> Plan | None:
    """The operations that take a condition, a group, an action or a branch away; `None` where nothing can be."""
    data = setup.data
    if kind == "group":
        return _remove_part(data, path[:-1], (str(path[-1]),))
    if kind == "condition":
        return _remove_part(data, path, _COMPARISON)
    if isinstance(path[-1], int):
        holder = path[:-2]
        actions = value_at(data, path[:-1])
        emptied = path[-2] == "then" and isinstance(actions, list) and len(actions) == 1
        if emptied and _is_left_empty(data, holder, "then"):
            return editing.remove_record(setup, holder)
        return editing.remove_record(setup, path)
    if kind == "section" and path[-1] in ("when", "then"):
        old = value_at(data, path)
        if old is MISSING:
            return None
        return _without(data, path[:-1], str(path[-1])) or Plan(f"Remove {path[-1]}", (Set(path, old, MISSING),), path)
    return None


def _branch_of(path: Path, rule: Path) -> Path:
    """The branch that a row belongs to: the rule itself, or one of its ELSE IF."""
    if len(path) >= 4 and path[2] == "otherwise" and isinstance(path[3], int):
        return path[:4]
    return rule[:2]


def _join(data: Data, path: Path, join: str) -> Plan:
    """Add a comparison next to what is at a path, joined by `all` or `any`."""
    leaf = new_record("routing_rules.when")
    group, index = _group_of(path)
    if group is not None and group[-1] == join:
        return Plan("Add condition", (Insert(group, index + 1, leaf),), (*group, index + 1))
    here = path if path[-1] not in ("all", "any") else path[:-1]
    old = value_at(data, here)
    inner = old.get(join) if isinstance(old, dict) else None
    if isinstance(inner, list) and (path[-1] == join or join == "all" or _has_one_part(old)):
        return Plan("Add condition", (Insert((*here, join), len(inner), leaf),), (*here, join, len(inner)))
    if old is MISSING or old == {}:
        new: object = {join: [leaf]}
        place = 0
    else:
        new = {join: [old, leaf]}
        place = 1
    return Plan("Add condition", (Set(here, old, new),), (*here, join, place))


def _group_of(path: Path) -> tuple[Path | None, int]:
    """The list that a comparison is in, and its position there."""
    if isinstance(path[-1], int) and path[-2] in ("all", "any"):
        return path[:-1], path[-1]
    return None, 0


def _negate(data: Data, path: Path) -> Plan:
    """Put NOT around a node, or take it away."""
    here = path[:-1] if path[-1] in ("all", "any", "not") else path
    old = value_at(data, here)
    inner = old.get("not") if isinstance(old, dict) and _has_one_part(old) else None
    new = inner if isinstance(inner, dict) else {"not": old}
    return Plan("Negate", (Set(here, old, new),), here)


_COMPARISON = ("entity", "attribute", "operator", "value")
_JOINS = ("all", "any", "not")


def _has_one_part(node: object) -> bool:
    """Whether a table of conditions holds one thing only, as it should: a group, a NOT or a comparison."""
    return isinstance(node, dict) and sum(join in node for join in _JOINS) + is_comparison(node) == 1


def _remove_part(data: Data, path: Path, keys: tuple[str, ...]) -> Plan:
    """Take a group, a NOT or the comparison out of a node; the node goes when nothing else is in it.

    A group of which one is left stays a group: the person may go on typing.
    """
    node = value_at(data, path)
    if (
        isinstance(node, dict)
        and not _has_one_part(node)
        and (set(node) & {*_JOINS, "attribute", "operator"}) - {*keys}
    ):
        gone = [(key, node[key]) for key in keys if key in node]
        return Plan(_REMOVE, tuple(Set((*path, key), old, MISSING) for key, old in gone), path)
    return _remove_node(data, path)


def _remove_node(data: Data, path: Path) -> Plan:
    """Take a node away, and what would be left empty around it."""
    group, index = _group_of(path)
    old = value_at(data, path)
    if group is not None:
        holder = value_at(data, group)
        if isinstance(holder, list) and len(holder) == 1:
            return _remove_part(data, group[:-1], (str(group[-1]),))
        return Plan(_REMOVE, (Remove(group, index, old),), path)
    if path[-1] == "not":
        return _remove_part(data, path[:-1], ("not",))
    return _without(data, path[:-1], "when") or Plan(_REMOVE, (Set(path, old, MISSING),), path)


_REMOVE = "Remove condition"


def _without(data: Data, branch: Path, part: str) -> Plan | None:
    """The removal of an ELSE IF of which nothing would be left; `None` where something is."""
    record = value_at(data, branch)
    if _is_left_empty(data, branch, part):
        assert isinstance(branch[-1], int)
        return Plan("Remove ELSE IF", (Remove(branch[:-1], branch[-1], record),), branch[:-1])
    return None


def _is_left_empty(data: Data, branch: Path, part: str) -> bool:
    """Whether an ELSE IF would have neither conditions nor actions without its `when` or `then`."""
    record = value_at(data, branch)
    other = "then" if part == "when" else "when"
    return len(branch) > 2 and isinstance(record, dict) and part in record and other not in record
