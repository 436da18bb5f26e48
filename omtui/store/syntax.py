"""Where things are in TOML text that is known to be valid: statements, values, elements, entries.

`tomllib` has read the text before, so nothing here judges it; these functions only find spans. Patterns repeat groups
without possessive quantifiers, which Python 3.11.0 to 3.11.4 match wrongly (python/cpython issue 106052).
"""

import re
import tomllib
from functools import lru_cache
from typing import NamedTuple

_KEY_PART = r"""(?:[A-Za-z0-9_-]++|"[^"\\\n]*+(?:\\.[^"\\\n]*+)*"|'[^'\n]*+')"""
KEY = rf"{_KEY_PART}(?:[ \t]*+\.[ \t]*+{_KEY_PART})*"
_BASIC = r'"(?!"")[^"\\\n]*+(?:\\.[^"\\\n]*+)*"'
_LITERAL = r"'(?!'')[^'\n]*+'"
_LONG_BASIC = r'"""[^"\\]*+(?:(?:\\[\s\S]|"(?!""))[^"\\]*+)*"""(?:"{0,2})'
_LONG_LITERAL = r"'''[^']*+(?:'(?!'')[^']*+)*'''(?:'{0,2})"
# The second half is a date-time with a space; the lookahead leaves one way only to read it, so nothing is tried twice.
_BARE = r"[A-Za-z0-9+_.:-]++(?:[ ][0-9][0-9:.Zz+-]*+|(?![ ][0-9]))"
_SHORT = rf"(?:{_BARE}|{_BASIC}|{_LITERAL})"
_STRING = rf"(?:{_LONG_BASIC}|{_LONG_LITERAL}|{_BASIC}|{_LITERAL})"
_SCALAR = rf"(?:{_STRING}|{_BARE})"
_FLAT_ARRAY = rf"\[[ \t]*+(?:{_SHORT}[ \t]*+,?[ \t]*+)*\]"
_FLAT_TABLE = rf"\{{[ \t]*+(?:{KEY}[ \t]*+=[ \t]*+(?:{_SHORT}|{_FLAT_ARRAY})[ \t]*+,?[ \t]*+)*\}}"
_TRIVIA = r"(?:[ \t\r\n,]++|#[^\n]*+)"
_ROWS = rf"\[(?:{_TRIVIA}|{_SHORT}|{_FLAT_ARRAY}|{_FLAT_TABLE})*\]"

_REST_OF_LINE = r"[ \t]*+(?:#[^\n]*+)?\r?\n"
_SIMPLE = rf"[ \t]*+{KEY}[ \t]*+=[ \t]*+(?:{_SHORT}|{_FLAT_ARRAY}|{_ROWS}|{_FLAT_TABLE}){_REST_OF_LINE}"
_NO_STATEMENT = r"[ \t]*+(?:#[^\n]*+)?\r?\n"
BODY = re.compile(
    rf"(?:(?:{_NO_STATEMENT})*{_SIMPLE})*"
    rf"((?:{_NO_STATEMENT})*)"
    rf"([ \t]*+\[\[?[ \t]*+{KEY}[ \t]*+\]\]?{_REST_OF_LINE})?"
)
"""The statements of a table, as far as they are simple. Group 1: blank and comment lines after them; 2: a header."""

_STATEMENT = re.compile(rf"[ \t]*+({KEY})[ \t]*+=[ \t]*+")
_SHORT_STATEMENT = re.compile(rf"[ \t]*+({KEY})[ \t]*+=[ \t]*+({_SHORT}|{_FLAT_ARRAY}){_REST_OF_LINE}")
_SKIPPED_LINES = re.compile(r"(?:[ \t]*+(?:#[^\n]*+)?\r?\n)*")
_LINE_END = re.compile(_REST_OF_LINE)
_SCALAR_AT = re.compile(_SCALAR)
_ROWS_AT = re.compile(_ROWS)
_FLAT_TABLE_AT = re.compile(_FLAT_TABLE)
_CHUNK = re.compile(rf"(?:[^\[\]{{}}\"'#]++|{_STRING}|#[^\n]*+)*")
_BETWEEN = re.compile(rf"{_TRIVIA}*")
_HEADER = re.compile(rf"[ \t]*+(\[\[?)[ \t]*+({KEY})")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")

Key = tuple[str, ...]
"""The names of a dotted key; one name for a plain key."""


class Entry(NamedTuple):
    """A key with its value. `start` is where its line starts (or the key, in an inline table), `end` where it ends."""

    key: Key
    start: int
    value_start: int
    value_end: int
    end: int


class Span(NamedTuple):
    """A piece of text."""

    start: int
    end: int


def value_end(text: str, start: int) -> int:
    """Where the value that starts at a position ends."""
    first = text[start]
    if first == "[":
        if match := _ROWS_AT.match(text, start):
            return match.end()
    elif first == "{":
        if match := _FLAT_TABLE_AT.match(text, start):
            return match.end()
    else:
        return _end(_SCALAR_AT, text, start)
    position, depth = start, 0
    while True:
        position = _end(_CHUNK, text, position)
        depth += 1 if text[position] in "[{" else -1
        position += 1
        if not depth:
            return position


def statement_end(text: str, start: int) -> int:
    """Where the statement ends whose line starts at a position, its comment and line break included."""
    value = value_end(text, _end(_STATEMENT, text, start))
    return _end(_LINE_END, text, value)


def statements(text: str, start: int = 0) -> list[Entry]:
    """The statements of one table's text from a position on. The text ends with a line break."""
    found: list[Entry] = []
    position = _end(_SKIPPED_LINES, text, start)
    while True:
        if short := _SHORT_STATEMENT.match(text, position):  # most are
            value, after = short.span(2)
            key, end = short[1], short.end()
        elif long := _STATEMENT.match(text, position):
            value = long.end()
            after = value_end(text, value)
            key, end = long[1], _end(_LINE_END, text, after)
        else:
            return found
        found.append(Entry(names(key), position, value, after, end))
        position = _end(_SKIPPED_LINES, text, end)


def entries(text: str, start: int) -> list[Entry]:
    """The entries of the inline table whose brace is at a position."""
    found = []
    position = _end(_BETWEEN, text, start + 1)
    while match := _STATEMENT.match(text, position):
        value = match.end()
        after = value_end(text, value)
        found.append(Entry(names(match[1]), position, value, after, after))
        position = _end(_BETWEEN, text, after)
    return found


def elements(text: str, start: int) -> list[Span]:
    """The elements of the array whose bracket is at a position."""
    found = []
    position = _end(_BETWEEN, text, start + 1)
    while text[position] != "]":
        end = value_end(text, position)
        found.append(Span(position, end))
        position = _end(_BETWEEN, text, end)
    return found


@lru_cache(maxsize=1024)
def header(line: str) -> tuple[Key, bool]:
    """The key of a header line, and whether it is one of an array of tables."""
    match = _HEADER.match(line)
    assert match
    return names(match[2]), match[1] == "[["


@lru_cache(maxsize=4096)
def names(key: str) -> Key:
    """The names of a key as it is in the text."""
    if _BARE_KEY.fullmatch(key):
        return (key,)
    here: object = tomllib.loads(f"{key} = 0")
    found = []
    while isinstance(here, dict):
        name, here = next(iter(here.items()))
        found.append(name)
    return tuple(found)


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.match(text, start)
    assert match
    return match.end()
