"""Values and keys as TOML writes them, on one line where that is possible."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from omtui.store.shape import inner_name, ordered


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
    """A text in single quotes, as it is; `None` where that cannot be."""
    return None if "'" in text or any(letter not in '"\\\t' for letter in _ESCAPED.findall(text)) else f"'{text}'"


_QUOTE_BEFORE_QUOTE = re.compile(r'"(?="|\Z)')


def long_string(text: str, newline: str) -> str:
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
