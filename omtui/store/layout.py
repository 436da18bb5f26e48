"""How new values, statements and tables are written: the canonical layout of a profile."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Literal

from omtui.setup.catalogue import TABLES, child, children
from omtui.setup.place import Path

WIDTH = 100
"""Columns up to which an array stands on one line."""

INDENT = "    "

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
"""How a value stands in the file: `key = …`, under `[key]`, or under `[[key]]` for each record."""


def table_name(path: Path) -> str:
    """The catalogue's path of the table whose record or list stands at a path; a dotted name where it knows none."""
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
    """Where a key stands among the others of its table: in the order of the page; unknown keys after all others."""
    known = _orders(table)
    return known.get(key, len(known))


@cache
def _orders(table: str) -> dict[str, int]:
    if not table:
        known = ["schema", *(path for path in TABLES if "." not in path)]
    else:
        description = TABLES.get(table)
        known = [*(description.by_name if description else ()), *children(table)]
    return {name: number for number, name in enumerate(dict.fromkeys(known))}


def ordered(value: Mapping[str, object], table: str) -> list[tuple[str, object]]:
    """The items of a table in the order in which they are written."""
    return sorted(value.items(), key=lambda item: order(table, item[0]))


def table_text(names: tuple[str, ...], value: Mapping[str, object], newline: str, *, array: bool) -> str:
    """A whole table under its header, a blank line above it, with all tables inside."""
    header = ".".join(map(key_text, names))
    table = table_name(names)
    text = f"{newline}[[{header}]]{newline}" if array else f"{newline}[{header}]{newline}"
    headed = []
    for key, inner in ordered(value, table):
        if form(table, key, inner) == "statement":
            text += statement(key_text(key), inner, inner_name(table, key), newline)
        else:
            headed.append((key, inner))
    return text + "".join(part for key, inner in headed for part in tables(names, key, inner, newline))


def tables(names: tuple[str, ...], key: str, value: object, newline: str) -> Iterator[str]:
    """The texts of the table, or of each record, that a key holds under headers of its own."""
    if isinstance(value, list):
        for record in value:
            yield table_text((*names, key), record, newline, array=True)
    else:
        assert isinstance(value, dict)
        yield table_text((*names, key), value, newline, array=False)


def statement(key: str, value: object, table: str, newline: str, indent: str = "") -> str:
    """A line (or several) that gives a key its value. `key` is written as it should stand."""
    lead = f"{indent}{key} = "
    return f"{lead}{value_text(value, table, newline, indent, len(lead))}{newline}"


def value_text(value: object, table: str, newline: str, indent: str = "", column: int = 0) -> str:
    """A value at a column of a line: on one line where that fits, else one element a line."""
    if isinstance(value, str) and "\n" in value:
        return _long_string(value, newline)
    return spread(value, table, newline, indent, column)


def spread(value: object, table: str, newline: str, indent: str, column: int) -> str:
    """Like `value_text`, but a text stays on its line: for a value inside another one."""
    short = inline(value, table)
    if isinstance(value, list):
        rows = len(value) > 1 and all(isinstance(item, dict) for item in value)
        if not value or (not rows and (column + len(short) <= WIDTH)):
            return short
        deeper = indent + INDENT
        lines = "".join(f"{deeper}{spread(item, table, newline, deeper, len(deeper))},{newline}" for item in value)
        return f"[{newline}{lines}{indent}]"
    if isinstance(value, dict) and column + len(short) > WIDTH and _holds_rows(value):
        parts = (
            f"{key_text(key)} = {spread(inner, inner_name(table, key), newline, indent, column)}"
            for key, inner in ordered(value, table)
        )
        return f"{{ {', '.join(parts)} }}"
    return short


def _holds_rows(value: Mapping[str, object]) -> bool:
    """Whether a table holds a list of tables, which may have lines of its own even inside an inline table."""
    return any(
        (isinstance(inner, list) and any(isinstance(item, dict) for item in inner))
        or (isinstance(inner, dict) and _holds_rows(inner))
        for inner in value.values()
    )


def inline(value: object, table: str) -> str:
    """A value on one line. Raises `TypeError` for what no profile can hold."""
    match value:
        case str():
            return string(value)
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Decimal():
            return _decimal(value)
        case datetime():
            text = value.isoformat()
            return f"{text[:-6]}Z" if value.tzinfo is not None and value.utcoffset() == timedelta() else text
        case date() | time():
            return value.isoformat()
        case list():
            return f"[{', '.join(inline(item, table) for item in value)}]"
        case dict() if value:
            items = (f"{key_text(key)} = {inline(item, inner_name(table, key))}" for key, item in ordered(value, table))
            return f"{{ {', '.join(items)} }}"
        case dict():
            return "{}"
    raise TypeError(f"a profile cannot hold {type(value).__name__}")


_BARE = re.compile(r"[A-Za-z0-9_-]+")


def key_text(name: str) -> str:
    """A key as it is written: bare where that is possible."""
    return name if _BARE.fullmatch(name) else string(name)


_ESCAPED = re.compile(
    '["\\\\\x00-\x1f\x7f'
    # Allowed as they are, but they change or hide what an editor or a terminal shows.
    "\x80-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]"
)
_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def _escape(match: re.Match[str]) -> str:
    return _SHORT.get(match[0]) or f"\\u{ord(match[0]):04X}"


def string(text: str) -> str:
    """A text in double quotes that reads back as it was."""
    return f'"{_ESCAPED.sub(_escape, text)}"'


def literal(text: str) -> str | None:
    """A text in single quotes, as it is; `None` where it cannot stand so."""
    return None if "'" in text or any(letter not in '"\\\t' for letter in _ESCAPED.findall(text)) else f"'{text}'"


_QUOTE_BEFORE_QUOTE = re.compile(r'"(?="|\Z)')


def _long_string(text: str, newline: str) -> str:
    """A text of several lines, each on a line of its own."""
    lines = (_ESCAPED.sub(_escape_in_line, line) for line in text.split("\n"))
    escaped = _QUOTE_BEFORE_QUOTE.sub(r"\"", newline.join(lines))
    return f'"""{newline}{escaped}"""'


def _escape_in_line(match: re.Match[str]) -> str:
    return match[0] if match[0] in '"\t' else _escape(match)


def _decimal(value: Decimal) -> str:
    if value.is_nan():
        return "nan"
    if value.is_infinite():
        return "inf" if value > 0 else "-inf"
    text = str(value)
    return text if any(sign in text for sign in ".E") else f"{text}.0"
