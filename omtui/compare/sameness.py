"""When two values of a profile mean the same, although they are written differently.

Order never counts for records and for lists of plain values. Numbers compare by size, not by type; date-times
compare as moments, text letter by letter. Conditions compare as logic: the order of what AND and OR join does not
count, nested groups of one kind are one group, `=` is `is equal to`, and what follows `not` may be turned inside
out. ELSE IF branches keep their order, because it decides.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal

from omtui.setup.catalogue import TABLES, child
from omtui.setup.routing import LIST_OPERATORS, operator_word
from omtui.setup.table import Record, Table

OTHERWISE = "routing_rules.otherwise"


def identical(one: object, other: object) -> bool:
    """Whether two values are the same to the letter, types and order included: the quick answer for most records."""
    if one is other:
        return True
    kind = type(one)
    if kind is not type(other):
        return False
    if kind is dict:
        assert isinstance(one, dict)
        assert isinstance(other, dict)
        if len(one) != len(other):
            return False
        return all(name in other and identical(value, other[name]) for name, value in one.items())
    if kind is list:
        assert isinstance(one, list)
        assert isinstance(other, list)
        return len(one) == len(other) and all(map(identical, one, other))
    return one == other


def same_value(one: object, other: object) -> bool:
    """Whether two values of a field mean the same, whichever field it is: lists are compared without their order."""
    if identical(one, other):
        return True
    if isinstance(one, str) or isinstance(other, str) or isinstance(one, bool) or isinstance(other, bool):
        return False
    return frozen(one) == frozen(other)


def same_field(table: Table | None, name: str, one: object, other: object) -> bool:
    """Whether two values of a field of a table mean the same; a condition is compared as logic."""
    if identical(one, other):
        return True
    return frozen_field(table, name, one) == frozen_field(table, name, other)


def same_record(table: Table | None, one: Record, other: Record) -> bool:
    """Whether two records of a table mean the same, with all that is inside them."""
    return identical(one, other) or frozen_record(table, one) == frozen_record(table, other)


def frozen(value: object) -> Hashable:
    """The meaning of a value as something that can be compared and counted."""
    match value:
        case str():
            return value
        case bool():
            return ("yes/no", value)
        case int():
            return ("number", value)
        case Decimal() | float():
            return ("number", "nan") if value != value else ("number", value)
        case datetime():
            return ("moment", value)
        case date():
            return ("day", value)
        case time():
            return ("time", value)
        case dict():
            return ("table", frozenset((name, frozen(inner)) for name, inner in value.items()))
        case list():
            return ("list", _counted(frozen(item) for item in value))
    return ("?", str(value))


def frozen_record(table: Table | None, record: Mapping[str, object], without: Collection[str] = ()) -> Hashable:
    """The meaning of a record, perhaps without some of its fields. Lists of records that are empty count as not set."""
    parts = []
    for name, value in record.items():
        if name in without:
            continue
        meaning = frozen_field(table, name, value)
        if meaning is not None:
            parts.append((name, meaning))
    return frozenset(parts)


def frozen_field(table: Table | None, name: str, value: object) -> Hashable:
    """The meaning of one field of a record; `None` for a list of records or a table that holds nothing."""
    inner = child(table.path if table else "", name)
    if inner is None:
        return frozen(value)
    if isinstance(value, dict):
        return logic(value) if inner.path == "routing_rules.when" else frozen_record(inner, value) or None
    if not isinstance(value, list):
        return frozen(value)
    if not value:
        return None
    if inner.path == OTHERWISE:
        return _frozen_otherwise(value)
    return ("records", _counted(_frozen_item(inner, item) for item in value))


def is_branch(entry: object) -> bool:
    """Whether an entry of `otherwise` is an ELSE IF; else it is an action of the last ELSE."""
    return isinstance(entry, dict) and ("when" in entry or "then" in entry)


def _frozen_otherwise(entries: list[object]) -> Hashable:
    table = TABLES[OTHERWISE]
    branches = tuple(_frozen_item(table, entry) for entry in entries if is_branch(entry))
    actions = _counted(_frozen_item(table, entry) for entry in entries if not is_branch(entry))
    return ("branches", branches, actions)


def _frozen_item(table: Table, item: object) -> Hashable:
    return frozen_record(table, item) if isinstance(item, dict) else frozen(item)


def logic(node: object) -> Hashable:
    """What a tree of conditions means. Two trees with the same meaning here are true for the same orders.

    The reverse does not hold: this is no theorem prover, two trees may be true for the same orders and still differ.
    """
    return _logic(node, negated=False)


def _logic(node: object, negated: bool) -> tuple[Hashable, ...]:
    if not isinstance(node, dict):
        return ("?", frozen(node), negated)
    joins = [name for name in ("all", "any", "not") if name in node]
    if not joins:
        return _comparison(node, negated)
    if len(node) > 1:
        return ("?", frozen(node), negated)
    inner = node[joins[0]]
    if joins[0] == "not":
        return _logic(inner, not negated)
    if not isinstance(inner, list):
        return ("?", frozen(node), negated)
    join = "all" if (joins[0] == "all") is not negated else "any"
    parts: set[Hashable] = set()
    for item in inner:
        part = _logic(item, negated)
        if part[0] == join:
            nested = part[1]
            assert isinstance(nested, frozenset)
            parts |= nested
        else:
            parts.add(part)
    if len(parts) == 1:
        only = next(iter(parts))
        assert isinstance(only, tuple)
        return only
    return (join, frozenset(parts))


def _comparison(leaf: Record, negated: bool) -> tuple[Hashable, ...]:
    operator = operator_word(leaf.get("operator", ""))
    value = leaf.get("value")
    meaning: Hashable
    if isinstance(value, list) and operator == "is between":
        meaning = ("from-to", tuple(frozen(item) for item in value))
    elif isinstance(value, list) and operator in LIST_OPERATORS:
        meaning = ("one of", frozenset(frozen(item) for item in value))
    else:
        meaning = frozen(value)
    rest = frozenset(
        (name, frozen(inner))
        for name, inner in leaf.items()
        if name not in ("entity", "attribute", "operator", "value")
    )
    subject = (frozen(leaf.get("entity")), frozen(leaf.get("attribute")))
    return ("comparison", subject, operator, meaning, "value" in leaf, rest, negated)


def _counted(items: Iterable[Hashable]) -> Hashable:
    return frozenset(Counter(items).items())
