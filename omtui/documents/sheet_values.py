"""Values of fields as the texts of cells, and back to the letter.

A list is in one cell, an element a line; typed by a person it may have commas. A text that would be read as
something else is in double quotes.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from omtui.compare.foreign import parsed
from omtui.plain_text import without_passwords
from omtui.setup.field import Field, FieldKind
from omtui.setup.reading import ReadingFault
from omtui.setup.values import NO, YES, toml

NO_VALUE: Final = object()
"""What comes out of a text that is no value of its field."""

NOT_SET: Final = "(empty)"
"""In the first cell of a record of which nothing is set, so that its line is not empty."""

WORDS: Final[dict[FieldKind, tuple[str, str]]] = {
    "integer": ("a whole number", "type digits, for example 443"),
    "number": ("a number", "type a number, for example 5 or 2.5"),
    "boolean": ("yes or no", "type yes or no"),
    "date": ("a date", "type a date such as 2026-11-20"),
    "integers": ("a list of whole numbers", "type numbers with commas, for example 200, 401"),
}


def to_cell(value: object) -> str:
    """A value of a field whose type is known, as the text of its cell."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime() | date() | time():
            return value.isoformat()
        case list():
            return list_cell([item if isinstance(item, str) else to_cell(item) for item in value])
        case str():
            return quoted_text(without_passwords(value))
        case Decimal() | float():
            return toml(Decimal(str(value)))
    return str(value)


def from_cell(field: Field, text: str) -> object:
    """The value of a field that a cell holds; `NO_VALUE` when it holds none of the field's type."""
    stripped = text.strip()
    match field.kind:
        case "list":
            return list_of(text)
        case "boolean":
            word = stripped.casefold()
            return word in YES if word in YES or word in NO else NO_VALUE
        case "integer":
            return _whole(stripped)
        case "integers":
            numbers = [_whole(item) for item in list_of(text)]
            return NO_VALUE if any(item is NO_VALUE for item in numbers) else numbers
        case "number":
            return _number(stripped)
        case "date":
            return _date(stripped)
    return unquoted_text(text)


def type_word(value: object) -> str:
    """The word for the type of a value of any type: `text`, `number`, `list of date` …"""
    match value:
        case str():
            return "text"
        case bool():
            return "yes/no"
        case int() | float() | Decimal():
            return "number"
        case date():
            return "date"
        case time():
            return "time"
        case list():
            words = {type_word(item) for item in value}
            simple = len(words) <= 1 and not words & {"TOML"} and not any(word.startswith("list") for word in words)
            return f"list of {next(iter(words), 'text')}" if simple else "TOML"
    return "TOML"


def any_cell(value: object) -> str:
    """A value of any type as the text of its cell, to be read with its type's word."""
    return toml(value) if type_word(value) == "TOML" else to_cell(value)


def any_value(text: str, word: str) -> object:
    """The value that a cell holds by the word of its type; `NO_VALUE` when it holds none."""
    word = word.strip().casefold()
    if word == "toml":
        found = parsed(f"value = {text}")
        return NO_VALUE if isinstance(found, ReadingFault) or len(found) != 1 else found["value"]
    if word.startswith("list of "):
        items = [any_value(item, word.removeprefix("list of ")) for item in list_of(text)]
        return NO_VALUE if any(item is NO_VALUE for item in items) else items
    if word == "time":
        try:
            return time.fromisoformat(text.strip())
        except ValueError:
            return NO_VALUE
    kind = _KINDS.get(word)
    return NO_VALUE if kind is None else from_cell(Field(word, word, kind), text)


_KINDS: Final[dict[str, FieldKind]] = {"text": "text", "number": "number", "yes/no": "boolean", "date": "date"}


def quoted_text(text: str) -> str:
    """A text as a cell holds it; in quotes where it would not be taken as it is."""
    is_odd = text != text.strip() or not text or text == NOT_SET or (len(text) >= 2 and text[0] == text[-1] == '"')
    return f'"{text}"' if is_odd else text


def unquoted_text(text: str) -> str:
    """The text that a cell means."""
    return text[1:-1] if len(text) >= 2 and text[0] == text[-1] == '"' else text


def list_cell(items: Sequence[str]) -> str:
    """A list as one cell."""
    return "\n".join(map(_quoted_item, items)) if items else "[]"


def list_of(text: str) -> list[str]:
    """The elements of a list in a cell: one a line, or with commas; one with a comma is in double quotes."""
    if text.strip() == "[]":
        return []
    found = []
    for match in re.finditer(r'[ \t]*(?:"((?:[^"]|"")*)"[ \t]*|([^,\n]*))(?:[,\n]|$)', text):
        if match[1] is not None:
            found.append(match[1].replace('""', '"'))
        elif item := match[2].strip():
            found.append(item)
    return found


def _quoted_item(item: str) -> str:
    is_odd = not item or item != item.strip() or item == "[]" or any(letter in item for letter in ',\n"')
    return '"' + item.replace('"', '""') + '"' if is_odd else item


def _whole(text: str) -> object:
    return int(text) if re.fullmatch(r"[+-]?\d{1,18}", text) else NO_VALUE


def _number(text: str) -> object:
    if re.fullmatch(r"[+-]?\d{1,18}", text):
        return int(text)
    if re.fullmatch(r"[+-]?\d{1,100}(?:\.\d{1,100})?(?:[eE][+-]?\d{1,3})?|[+-]?(?:inf|nan)", text):
        return Decimal(text)
    return NO_VALUE


_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)?")


def _date(text: str) -> object:
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
        if _MOMENT.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:
        return NO_VALUE
    return NO_VALUE
