"""What the catalogue says about the shape of the file: the order of keys, and which tables have headers."""

from collections.abc import Mapping
from functools import cache
from typing import Literal

from omtui.setup.catalogue import TABLES, child, children
from omtui.setup.place import Path

_ROWS = frozenset(
    {
        "task_types.services",
        "task_types.tasks",
        "task_types.statuses",
        "status_rule_sets.statuses",
        "trigger_points.details",
        "jeopardy.thresholds.scores",
    }
)
"""Tables within records whose rows are short: written as arrays of inline tables, one row a line."""

Form = Literal["statement", "table", "tables"]
"""How a value is written in the file: `key = …`, under `[key]`, or under `[[key]]` for each record."""


def table_name(path: Path) -> str:
    """The catalogue's path of the table whose record or list is at a path; a dotted name where it knows none."""
    name = ""
    for part in path:
        if isinstance(part, str):
            name = inner_name(name, part)
    return name


def inner_name(table: str, key: str) -> str:
    """The catalogue's path of the table that a key holds inside a table."""
    inner = child(table, key)
    return inner.path if inner else f"{table}.{key}".lstrip(".")


def form(table: str, key: str, value: object) -> Form:
    """How the value of a key is written inside a table that has a header."""
    if table == "routing_rules.when":
        return "statement"
    if isinstance(value, dict):
        return "table"
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        return "statement" if inner_name(table, key) in _ROWS else "tables"
    return "statement"


def order(table: str, key: str) -> int:
    """Where a key is among the others of its table: in the order of the page; unknown keys after all others."""
    known = _orders(table)
    return known.get(key, len(known))


@cache
def _orders(table: str) -> dict[str, int]:
    if not table:
        known = ["schema", *(path for path in TABLES if "." not in path)]
    else:
        description = TABLES.get(table)
        key = (description.key,) if description and description.key else ()
        known = [*key, *(description.by_name if description else ()), *children(table)]  # the key first, as people look
    return {name: number for number, name in enumerate(dict.fromkeys(known))}


def ordered(value: Mapping[str, object], table: str) -> list[tuple[str, object]]:
    """The items of a table in the order in which they are written."""
    return sorted(value.items(), key=lambda item: order(table, item[0]))
