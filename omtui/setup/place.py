"""Places: how a record or a field of a profile is named, in messages, differences, JSON and commands.

`connectors[Connector01].url` and `orchestration_processes[Pick process].steps[100].task` name things by key, so a
place stays true when records move. Inside the program the same thing is a *path* into the plain data, such as
`("connectors", 0, "url")`: exact, and only true until something moves.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from omtui.plain_text import is_unsafe
from omtui.setup.catalogue import TABLES, child
from omtui.setup.table import Table

Path = tuple[str | int, ...]

Data = dict[str, object]
"""A profile as plain data, as `tomllib` gives it."""


@dataclass(frozen=True, slots=True)
class Selector:
    """One record of a table by its key; `occurrence` 2 is the second record with the same key."""

    key: str
    occurrence: int = 1

    def __str__(self) -> str:
        key = self.key
        if "]" in key or '"' in key or not _is_seen(key) or key != key.strip() or _NUMBERED.search(key):
            key = _toml_string(key)
        return f"[{key}#{self.occurrence}]" if self.occurrence > 1 else f"[{key}]"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a profile: names of keys, each perhaps followed by the record that is meant."""

    parts: tuple[str | Selector, ...]

    def __str__(self) -> str:
        text = ""
        for part in self.parts:
            if isinstance(part, Selector):
                text += str(part)
            else:
                name = part if _NAME.fullmatch(part) else _toml_string(part)
                text += f".{name}" if text else name
        return text

    @property
    def table(self) -> str:
        """The dotted names without the records: `orchestration_processes.steps.task`."""
        return ".".join(part for part in self.parts if isinstance(part, str))

    @property
    def record(self) -> "Place":
        """The place of the innermost record, or of the single table, that holds this place."""
        for end in range(len(self.parts), 0, -1):
            if isinstance(self.parts[end - 1], Selector):
                return Place(self.parts[:end])
        return Place(self.parts[:1])

    def within(self, other: "Place") -> bool:
        """Whether this place is the other one or lies inside it."""
        return self.parts[: len(other.parts)] == other.parts

    def __truediv__(self, part: "str | Selector") -> "Place":
        return Place((*self.parts, part))


@dataclass(frozen=True, slots=True)
class NotAPlace:
    """A text that cannot be read as a place, with the column where it stops making sense (from 1)."""

    text: str
    column: int
    message: str


_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_QUOTED = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_BRACKET = re.compile(r'\[(?:"((?:[^"\\\n]|\\.)*)"|([^\]"]*?))(?:#([0-9]+))?\]')
_NUMBERED = re.compile(r"#[0-9]+$")
_MOST_DIGITS = 9
"""No profile holds a record beyond; Python reads no number of thousands of digits."""


def parse(text: str) -> Place | NotAPlace:
    """Read a place as a person writes it. A name with other letters than a-z, digits, _ and - is in quotes."""
    parts: list[str | Selector] = []
    position = 0
    while True:
        name = _NAME.match(text, position) or _QUOTED.match(text, position)
        if not name:
            return NotAPlace(text, position + 1, "a name was expected, for example connectors[Connector01].url")
        word = _unquoted(name[1]) if name.re is _QUOTED else name[0]
        if word is None:
            return NotAPlace(text, position + 1, "the quoted name is not a TOML string")
        parts.append(word)
        position = name.end()
        if position < len(text) and text[position] == "[":
            bracket = _BRACKET.match(text, position)
            if not bracket:
                return NotAPlace(
                    text, position + 1, 'the bracket is not closed; a key with ] or " is written in quotes'
                )
            quoted, bare, occurrence = bracket.groups()
            if occurrence is not None and not 1 <= len(occurrence.lstrip("0")) <= _MOST_DIGITS:
                return NotAPlace(text, position + 1, "records are counted from #1")
            key = _unquoted(quoted) if quoted is not None else bare
            if key is None:
                return NotAPlace(text, position + 1, "the quoted key is not a TOML string")
            parts.append(Selector(key, int(occurrence or 1)))
            position = bracket.end()
        if position == len(text):
            return Place(tuple(parts))
        if text[position] != ".":
            return NotAPlace(text, position + 1, "a dot was expected")
        position += 1


@dataclass(frozen=True, slots=True)
class NotFound:
    """A place that names nothing: `where` is the part that was found, `missing` the first part that was not."""

    where: Place
    missing: str
    known: tuple[str, ...] = ()
    """What would have been right instead: keys of records or names of fields."""


def resolve(data: Mapping[str, object], place: Place) -> Path | NotFound:
    """The path of a place in a profile. The last part may be a field that is not set, known or not."""
    path: list[str | int] = []
    here: object = data
    table = ""
    for number, part in enumerate(place.parts):
        found = Place(place.parts[:number])
        if isinstance(part, Selector):
            if not isinstance(here, list):
                return NotFound(found, str(part))
            key = TABLES[table].key if table in TABLES else None
            index = _find(here, key, part)
            if index is None:
                return NotFound(found, str(part), tuple(keys(here, key)))
            path.append(index)
            here = here[index]
            continue
        if not isinstance(here, dict):
            return NotFound(found, part)
        inner = child(table, part)
        last = number == len(place.parts) - 1
        if part not in here and not (last or inner):
            known = TABLES[table].by_name if table in TABLES else {}
            return NotFound(found, part, tuple(known) or tuple(data))
        path.append(part)
        here = here.get(part, [] if inner and not inner.single else {})
        table = inner.path if inner else f"{table}.{part}".lstrip(".")
    return tuple(path)


def found_at(data: object, path: Path) -> object:
    """What is at a path of plain data; `None` when nothing is."""
    here = data
    for part in path:
        if isinstance(here, dict) and isinstance(part, str):
            here = here.get(part)
        elif isinstance(here, list) and isinstance(part, int) and 0 <= part < len(here):
            here = here[part]
        else:
            return None
    return here


def table_at(path: Path) -> Table | None:
    """The table whose record, or whose list of records, is at a path; `None` for a plain field."""
    table: Table | None = None
    name = ""
    for part in path:
        if isinstance(part, str):
            table = child(name, part)
            if table is None:
                return None
            name = table.path
    return table


class Places:
    """Names the places of one state of a profile. Each list of records is counted once, however often one asks."""

    def __init__(self, data: Mapping[str, object]) -> None:
        self._data = data
        self._occurrences: dict[Path, list[int]] = {}

    def of(self, path: Path) -> Place:
        """The place that names what is at a path. The path must exist, but for its last part."""
        parts: list[str | Selector] = []
        here: object = self._data
        table = ""
        for number, part in enumerate(path):
            if isinstance(part, int):
                records = here if isinstance(here, list) else []
                parts.append(self._selector(path[:number], records, part, table))
                here = records[part] if 0 <= part < len(records) else {}
            else:
                parts.append(part)
                inner = child(table, part)
                table = inner.path if inner else f"{table}.{part}".lstrip(".")
                here = here.get(part, {}) if isinstance(here, dict) else {}
        return Place(tuple(parts))

    def _selector(self, path: Path, records: Sequence[object], index: int, table: str) -> Selector:
        key = TABLES[table].key if table in TABLES else None
        if key is None or not 0 <= index < len(records):
            return Selector(str(index))
        occurrences = self._occurrences.get(path)
        if occurrences is None:
            occurrences = self._occurrences[path] = []
            counts: dict[str, int] = {}
            for record in records:
                text = key_text(record, key)
                counts[text] = count = counts.get(text, 0) + 1
                occurrences.append(count)
        return Selector(key_text(records[index], key), occurrences[index])


def place_of(data: Mapping[str, object], path: Path) -> Place:
    """The place that names what is at a path. The path must exist, but for its last part.

    Counts the lists on its way: for many places of one profile use `Places`.
    """
    return Places(data).of(path)


def key_text(record: object, key: str | None) -> str:
    """A record's key as text; empty where it has none."""
    value = record.get(key) if key and isinstance(record, dict) else None
    return "" if value is None else str(value)


def keys(records: Sequence[object], key: str | None) -> list[str]:
    """The keys of records in their order; counted from 0 where the table has no key."""
    if key is None:
        return [str(number) for number in range(len(records))]
    return [key_text(record, key) for record in records]


def _find(records: list[object], key: str | None, selector: Selector) -> int | None:
    if key is None:
        counted = selector.key.isascii() and selector.key.isdecimal() and len(selector.key) <= _MOST_DIGITS
        index = int(selector.key) if counted and selector.occurrence == 1 else len(records)
        return index if index < len(records) else None
    left = selector.occurrence
    for index, record in enumerate(records):
        if key_text(record, key) == selector.key:
            left -= 1
            if not left:
                return index
    return None


def _toml_string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if _is_seen(c) else _escape(c) for c in escaped) + '"'


def _is_seen(text: str) -> bool:
    """Whether text is shown as it is: a place is read back from what a person saw of it."""
    return text.isprintable() and (text.isascii() or not any(map(is_unsafe, text)))


def _escape(letter: str) -> str:
    return f"\\u{ord(letter):04x}" if ord(letter) <= 0xFFFF else f"\\U{ord(letter):08x}"


def _unquoted(inner: str) -> str | None:
    try:
        return str(tomllib.loads(f'key = "{inner}"')["key"])
    except tomllib.TOMLDecodeError:
        return None
