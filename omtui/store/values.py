"""Changing the text of one value: arrays and inline tables keep their layout, and what is not changed keeps its text.

Every function takes the text of a value and gives the new one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import NamedTuple, TypeAlias

from omtui.setup.place import Path
from omtui.store.arrays import Array
from omtui.store.change import same
from omtui.store.layout import WIDTH, Layout
from omtui.store.literals import inline, key_text, literal
from omtui.store.shape import inner_name, order, ordered, table_name
from omtui.store.syntax import Entry, Key, elements, entries


@dataclass(frozen=True, slots=True)
class Where:
    """Where a value is: its path, the line break of the file, how its line is indented, and its column."""

    path: Path
    newline: str
    indent: str = ""
    column: int = 0
    within: bool = False
    """Whether it is inside another value, where a text of several lines would be hard to read."""

    def inside(self, text: str, start: int, names: Path) -> "Where":
        """The same for a value inside this one: it starts at a position of its text."""
        line = text.rfind("\n", 0, start) + 1
        before = text[line:start]
        indent = before[: len(before) - len(before.lstrip(" \t"))] if line else self.indent
        column = len(before) + (0 if line else self.column)
        return Where((*self.path, *names), self.newline, indent, column, within=True)

    def write(self, value: object, column: int | None = None) -> str:
        """A new value as it is written there."""
        layout = Layout(self.newline)
        write = layout.spread if self.within else layout.value
        return write(self.path, value, self.indent, self.column if column is None else column, [])


Step: TypeAlias = Callable[[str, Where], str]
"""What is done to a value: from its text and place to the new text."""


def at(text: str, path: Path, where: Where, step: Step) -> str:
    """The text with a step done to the value at a path inside it. It must be there (`find`)."""
    if not path:
        return step(text, where)
    spot = _follow(text, path)
    assert not spot.rest, path
    new = step(text[spot.value_start : spot.value_end], where.inside(text, spot.value_start, path))
    return text[: spot.value_start] + new + text[spot.value_end :]


def find(text: str, path: Path) -> bool | None:
    """Whether there is a value at a path inside this one; `None` for a table that only dotted keys make up."""
    spot = _follow(text, path)
    return not spot.rest or (None if spot.dotted is not None else False)


def offset(text: str, path: Path) -> int:
    """Where the element or the key at a path starts in the text of a value; as far as the path leads."""
    spot = _follow(text, path)
    if spot.dotted is not None:
        return spot.dotted
    return spot.value_start if spot.rest else spot.start


class _Spot(NamedTuple):
    """How far a path leads inside a value: the element or entry there, its value, and what is left of the path."""

    start: int
    value_start: int
    value_end: int
    rest: Path
    dotted: int | None = None
    """Where the first entry starts whose dotted key begins with the rest."""


def _follow(text: str, path: Path) -> _Spot:
    spot = _Spot(0, 0, len(text), path)
    while spot.rest:
        part, opening = spot.rest[0], text[spot.value_start : spot.value_start + 1]
        if isinstance(part, int):
            spans = elements(text, spot.value_start) if opening == "[" else []
            if part >= len(spans):
                break
            spot = _Spot(spans[part].start, *spans[part], spot.rest[1:])
            continue
        present = entries(text, spot.value_start) if opening == "{" else []
        found = next((each for each in present if spot.rest[: len(each.key)] == each.key), None)
        if found is None:
            dotted = (each.start for each in present if each.key[: len(spot.rest)] == spot.rest)
            return spot._replace(dotted=next(dotted, None))
        spot = _Spot(found.start, found.value_start, found.value_end, spot.rest[len(found.key) :])
    return spot


def changed(text: str, old: object, new: object, where: Where) -> str:
    """The text for a new value in the place of the old one."""
    if same(old, new):
        return text
    if isinstance(old, dict) and isinstance(new, dict) and text.startswith("{") and old.keys() & new.keys():
        return table_changed(text, old, new, where)
    if isinstance(old, list) and isinstance(new, list) and text.startswith("["):
        return _array_changed(text, old, new, where)
    if isinstance(new, str) and text.startswith("'") and (quoted := literal(new)):
        return quoted
    return where.write(new)


def inserted(text: str, index: int, value: object, where: Where) -> str:
    """The text of an array with one more element."""
    array = Array(text)
    _insert(array, index, value, where)
    return _wrapped(array.text, where)


class TableChanges(NamedTuple):
    """What a change of a table means for its entries, dotted keys included."""

    gone: list[Entry]
    changes: list[tuple[Entry, object, object]]
    added: list[tuple[Key, object]]


def plan(
    present: Sequence[Entry],
    old: Mapping[str, object],
    new: Mapping[str, object],
    table: str,
    prefix: Key = (),
    into: TableChanges | None = None,
) -> TableChanges:
    """Which entries go, change and come when a table becomes another."""
    found = into or TableChanges([], [], [])
    for key, value in old.items():
        name = (*prefix, key)
        inside = [entry for entry in present if entry.key[: len(name)] == name]
        if key not in new:
            found.gone.extend(inside)
            continue
        after = new[key]
        if same(value, after):
            continue
        if len(inside) == 1 and inside[0].key == name:
            found.changes.append((inside[0], value, after))
        elif isinstance(value, dict) and isinstance(after, dict) and after:
            plan(inside, value, after, inner_name(table, key), name, found)
        else:
            found.gone.extend(inside)
            found.added.append((name, after))
    found.added.extend(((*prefix, key), value) for key, value in ordered(new, table) if key not in old)
    return found


def predecessors(present: Sequence[Entry], key: Key, table: str) -> int:
    """Behind how many of the entries a new key belongs, by the order of the page. `table` is the one it belongs to."""
    depth = len(key) - 1
    place = order(table, key[-1])
    best = first = number = 0
    for count, entry in enumerate(present, 1):
        if entry.key[:depth] != key[:depth]:
            continue
        first = first or count
        other = order(table, entry.key[depth])
        if best <= other <= place:
            best, number = other, count
    return number or max(first - 1, 0)


def table_changed(text: str, old: Mapping[str, object], new: Mapping[str, object], where: Where) -> str:
    """The text of an inline table after keys were added, removed or changed; keys in neither stay."""
    present = entries(text, 0)
    gone, changes, added = plan(present, old, new, table_name(where.path))
    left = set(gone)
    texts = {
        entry: changed(
            text[entry.value_start : entry.value_end],
            before,
            after,
            where.inside(text, entry.value_start, entry.key),
        )
        for entry, before, after in changes
    }
    opening = text[1 : present[0].start] if present else " "
    closing = text[present[-1].end : -1] if present else " "
    # Each entry with its text and with what is between it and the one before it.
    parts: list[tuple[Key, str, str]] = []
    position = 1
    for entry in present:
        if entry not in left:
            value_text = texts.get(entry, text[entry.value_start : entry.value_end])
            between = text[position : entry.start] if position > 1 else ", "
            parts.append((entry.key, between, text[entry.start : entry.value_start] + value_text))
        position = entry.end
    for key, value in added:
        path = (*where.path, *key)
        number = predecessors([Entry(known, 0, 0, 0, 0) for known, _, _ in parts], key, table_name(path[:-1]))
        name = ".".join(map(key_text, key))
        value_text = replace(where, path=path, within=True).write(value, where.column + len(text))
        parts.insert(number, (key, ", ", f"{name} = {value_text}"))
    if not parts:
        return "{}"
    return f"{{{opening}{parts[0][2]}{''.join(between + part for _, between, part in parts[1:])}{closing}}}"


def _array_changed(text: str, old: list[object], new: list[object], where: Where) -> str:
    array = Array(text)
    longer = False
    for first, last, start, end in reversed(list(differences(old, new))):
        both = min(last - first, end - start)
        for index in reversed(range(first + both, last)):
            array.remove(index)
        for number in range(start + both, end):
            _insert(array, first + number - start, new[number], where)
            longer = True
        for number in range(both):
            index = first + number
            piece = array.pieces[index]
            value = changed(piece.value, old[index], new[start + number], _element(array, index, where))
            array.pieces[index] = replace(piece, value=value)
    return _wrapped(array.text, where) if longer else array.text


def _element(array: Array, index: int, where: Where) -> Where:
    """Where an element of an array is."""
    indent = array.indent if array.in_lines else where.indent
    return Where((*where.path, index), where.newline, indent, len(indent), within=True)


def _insert(array: Array, index: int, value: object, where: Where) -> None:
    element = _element(array, index, where)
    value_text = element.write(value) if array.in_lines else inline(value, table_name(element.path))
    array.insert(index, value_text, where.newline)


def _wrapped(text: str, where: Where) -> str:
    """An array that has become too long for its line, one element a line."""
    if "\n" in text or where.column + len(text) <= WIDTH:
        return text
    array = Array(f"[{where.newline}{where.indent}]")
    for index, span in enumerate(elements(text, 0)):
        array.insert(index, text[span.start : span.end], where.newline)
    return array.text


def differences(old: list[object], new: list[object]) -> Iterator[tuple[int, int, int, int]]:
    """Where two lists differ: start and end in the one and in the other."""
    start = 0
    while start < min(len(old), len(new)) and same(old[start], new[start]):
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and same(old[-1 - end], new[-1 - end]):
        end += 1
    one, other = old[start : len(old) - end], new[start : len(new) - end]
    if len(one) * len(other) > 250_000:  # comparing them all would take seconds
        yield start, start + len(one), start, start + len(other)
        return
    matcher = SequenceMatcher(None, [_token(item) for item in one], [_token(item) for item in other], autojunk=False)
    for kind, first, last, begin, until in matcher.get_opcodes():
        if kind != "equal":
            yield first + start, last + start, begin + start, until + start


def _token(value: object) -> str:
    """A text that two values share when, and only when, they are the same."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{key!r}:{_token(inner)}" for key, inner in sorted(value.items())) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_token, value)) + "]"
    return repr(value)
