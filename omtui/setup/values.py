"""Values of fields as people type and read them, and as TOML."""

import json
import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from omtui.plain_text import plain
from omtui.setup.field import KIND_WORDS, Field, has_kind


@dataclass(frozen=True, slots=True)
class NotAValue:
    """A text that is no value of the field's type: what is wrong, and what to type instead."""

    message: str
    fix: str


YES = ("yes", "true", "y", "on", "1")
NO = ("no", "false", "n", "off", "0")


def typed(field: Field, text: str, current: object = None) -> object | NotAValue:
    """The value of what was typed into a form.

    Texts are taken as they stand. Lists are separated by commas (an element with a comma stands in double quotes).
    yes and no are true and false. A value of any type keeps the type that stands there, else it is a text.
    """
    match field.kind:
        case "text" | "place":
            return text
        case "boolean":
            word = text.strip().casefold()
            if word in YES or word in NO:
                return word in YES
            return NotAValue(f"{plain(text)} is neither yes nor no", "type yes or no")
        case "list":
            return split_list(text)
        case "integers":
            parts = split_list(text)
            if all(re.fullmatch(r"-?\d+", part) for part in parts):
                return [int(part) for part in parts]
            return NotAValue("not a list of whole numbers", "type for example 200, 401")
        case "scalar":
            return _like(current, text)
        case _:
            return _toml(field, text.strip())


def from_command(field: Field, text: str, current: object = None) -> object | NotAValue:
    """The value of an argument of `omtui set`: texts as typed, everything else as TOML.

    Where any type is allowed, the type standing there is kept.
    """
    if field.kind in ("text", "place"):
        return text
    if field.kind == "scalar":
        return _like(current, text)
    return _toml(field, text)


def shown(value: object) -> str:
    """A value as a form shows it: `yes`, `2026-11-20`, `CSS01, CSS02`. Not yet safe for a terminal."""
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
    return str(value)


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


def _decimal(value: Decimal) -> str:
    """A number with a fraction, never written out over hundreds of zeros."""
    if not value.is_finite():
        return str(value).lower().replace("infinity", "inf")
    text = format(value, "f") if -_MOST_ZEROS < value.adjusted() < 0 else str(value)
    return text if "." in text or "E" in text else f"{text}.0"


_MOST_ZEROS = 20


def toml_string(text: str) -> str:
    """A text as a TOML basic string."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def toml_key(name: str) -> str:
    """A key, bare where TOML allows it."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else toml_string(name)


def split_list(text: str) -> list[str]:
    """The elements of a list typed with commas; empty ones are left out."""
    parts: list[str] = []
    for match in re.finditer(r'\s*(?:"((?:[^"]|"")*)"|([^,]*))\s*(?:,|$)', text):
        part = match[1].replace('""', '"') if match[1] is not None else match[2].strip()
        if part:
            parts.append(part)
    return parts


def _quoted(item: str) -> str:
    return '"' + item.replace('"', '""') + '"' if "," in item or item.startswith('"') else item


def _like(current: object, text: str) -> object | NotAValue:
    """A value of the type that stands there; a text where nothing does."""
    if current is None or isinstance(current, str):
        return text
    if isinstance(current, list):
        stripped = text.strip()
        if stripped.startswith("["):
            return _parsed(stripped)
        items = split_list(text)
        inner = current[0] if current else ""
        values = [_like(inner, item) for item in items]
        return next((value for value in values if isinstance(value, NotAValue)), values)
    value = _parsed(text.strip().casefold() if isinstance(current, bool) else text.strip())
    if isinstance(value, NotAValue):
        return value
    if isinstance(current, (int, Decimal)) and not isinstance(current, bool):
        fits = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
    else:
        fits = isinstance(value, date) if isinstance(current, date) else type(value) is type(current)
    return value if fits else NotAValue(f"{plain(text)} is not of the type that stands there", _EXAMPLES["scalar"])


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


def _toml(field: Field, text: str) -> object | NotAValue:
    value = _parsed(text)
    if isinstance(value, NotAValue) or not has_kind(value, field.kind):
        return NotAValue(f"{plain(text)} is not {KIND_WORDS[field.kind]}", _EXAMPLES[field.kind])
    return value


def _parsed(text: str) -> object | NotAValue:
    try:
        document = tomllib.loads(f"value = {text}", parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError):
        return NotAValue(f"{plain(text)} is not a value", _EXAMPLES["scalar"])
    return document["value"] if len(document) == 1 else NotAValue(f"{plain(text)} is not one value", "type one value")
