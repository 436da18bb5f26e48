"""Values of fields as people type and read them, and as TOML."""

import re
import tomllib
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from omtui.plain_text import plain, without_passwords
from omtui.problem import Problem
from omtui.setup.field import KIND_WORDS, Field, has_kind

YES = ("yes", "true", "y", "on", "1")
NO = ("no", "false", "n", "off", "0")


def from_form(field: Field, text: str, current: object = None) -> object | Problem:
    """The value of what was typed into a form.

    Texts are taken unchanged. Lists are separated by commas (an element with a comma is in double quotes).
    yes and no are true and false. A value of any type keeps the type that is there, else it is a text. What is
    shown of the value that is there is that value.
    """
    if current is not None and text == shown(current) and has_kind(current, field.kind):
        return current
    match field.kind:
        case "text" | "place":
            return text
        case "boolean":
            word = text.strip().casefold()
            if word in YES or word in NO:
                return word in YES
            return Problem(f"{_quote(text)} is neither yes nor no", "type yes or no")
        case "list":
            return split_list(text)
        case "integers":
            parts = split_list(text)
            if all(re.fullmatch(r"-?[0-9]{1,400}", part) for part in parts):
                return [int(part) for part in parts]
            return Problem("not a list of whole numbers", "type for example 200, 401")
        case "scalar":
            return _like(field, current, text)
        case _:
            return _toml(field, text.strip())


def from_command(field: Field, text: str, current: object = None) -> object | Problem:
    """The value of an argument of `omtui set`: texts as typed, everything else as TOML.

    Where any type is allowed, the type that is there is kept.
    """
    if field.kind in ("text", "place"):
        return text
    if field.kind == "scalar":
        return _like(field, current, text, from_form=False)
    return _toml(field, text)


def shown(value: object) -> str:
    """A value as a form shows it: `yes`, `2026-11-20`, `CSS01, CSS02`. Not yet safe for a terminal.

    A password in an address is not shown.
    """
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
        case list():
            return ", ".join(_quoted(shown(item)) for item in value)
        case Decimal():
            return _decimal(value)
    return without_passwords(str(value))


def toml(value: object) -> str:
    """A value as TOML writes it, on one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return toml_string(value)
        case datetime() | date() | time():
            return value.isoformat()
        case list():
            return "[" + ", ".join(toml(item) for item in value) + "]"
        case dict():
            return "{ " + ", ".join(f"{toml_key(name)} = {toml(item)}" for name, item in value.items()) + " }"
        case Decimal():
            return _decimal(value)
    return str(value)


def json_value(value: object) -> object:
    """What JSON has no word for: dates as ISO 8601, decimals as numbers."""
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value) if value.is_finite() else str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _decimal(value: Decimal) -> str:
    """A number with a fraction, never written out over hundreds of zeros."""
    if not value.is_finite():
        return str(value).lower().replace("infinity", "inf")
    text = format(value, "f") if -_MOST_ZEROS < value.adjusted() < 0 else str(value)
    return text if "." in text or "E" in text else f"{text}.0"


_MOST_ZEROS = 20


def toml_string(text: str) -> str:
    """A text as a TOML basic string."""
    import json

    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def toml_key(name: str) -> str:
    """A key, bare where TOML allows it."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else toml_string(name)


def split_list(text: str) -> list[str]:
    """The elements of a list typed with commas; empty ones are left out, but for those in quotes."""
    parts: list[str] = []
    for match in re.finditer(r'\s*(?:"((?:[^"]|"")*)"|([^,]*))\s*(?:,|$)', text):
        if match[1] is not None:
            parts.append(match[1].replace('""', '"'))
        elif part := match[2].strip():
            parts.append(part)
    return parts


def _quoted(item: str) -> str:
    needs_quotes = not item or "," in item or item[0] in '"[' or item != item.strip()
    return '"' + item.replace('"', '""') + '"' if needs_quotes else item


def _like(field: Field, current: object, text: str, *, from_form: bool = True) -> object | Problem:
    """A value of the type that is there; a text where nothing is."""
    if current is None or isinstance(current, str):
        return text
    if isinstance(current, list):
        stripped = text.strip()
        if stripped.startswith("["):
            return _toml(field, stripped)
        inner = current[0] if current else ""
        values = [_like(field, inner, item, from_form=from_form) for item in split_list(text)]
        return next((value for value in values if isinstance(value, Problem)), values)
    word = text.strip().casefold()
    if isinstance(current, bool) and from_form and word in (*YES, *NO):
        return word in YES
    value = parsed(word if isinstance(current, bool) else text.strip())
    if isinstance(value, Problem):
        return value
    if isinstance(current, (int, Decimal)) and not isinstance(current, bool):
        fits = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
    else:
        fits = isinstance(value, date) if isinstance(current, date) else type(value) is type(current)
    return value if fits else Problem(f"{_quote(text)} is not of the type that is there", _EXAMPLES["scalar"])


_EXAMPLES = {
    "integer": "type digits, for example 443",
    "number": "type a number, for example 5 or 2.5",
    "boolean": "type true or false",
    "date": "type a date such as 2026-11-20, or 2026-11-20T08:00:00Z",
    "list": 'type a list such as ["A", "B"]',
    "integers": "type a list such as [200, 401]",
    "scalar": "type a value of the same type, or remove it first",
    "condition": "change one condition at a time",
    "records": "change one record at a time",
}


def _toml(field: Field, text: str) -> object | Problem:
    value = parsed(text)
    if isinstance(value, Problem) or not has_kind(value, field.kind):
        return Problem(f"{_quote(text)} is not {KIND_WORDS[field.kind]}", _EXAMPLES[field.kind])
    return value


def parsed(text: str) -> object | Problem:
    """The one value that a text is as TOML writes it; numbers with a fraction are decimals."""
    try:
        document = tomllib.loads(f"value = {text}", parse_float=Decimal)
    except (ValueError, InvalidOperation, RecursionError):  # no TOML, a number beyond all measure, or too deep
        return Problem(f"{_quote(text)} is not a value", _EXAMPLES["scalar"])
    if len(document) != 1:
        return Problem(f"{_quote(text)} is not one value", "type one value")
    if holds_long_number(document):
        return Problem(f"{_quote(text)} is too large", "type a smaller number")
    value: object = document["value"]
    return value


_MOST_BITS = 1_000


def holds_long_number(value: object) -> bool:
    """Whether a whole number in it has more bits than can be shown: TOML promises 64, Python prints some 14,000."""
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            waiting.extend(here.values())
        elif isinstance(here, list):
            waiting.extend(here)
        elif isinstance(here, int) and here.bit_length() > _MOST_BITS:
            return True
    return False


_LONGEST = 60


def _quote(text: str) -> str:
    """What was typed, for a message: harmless, and cut when it is long."""
    return plain(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")
