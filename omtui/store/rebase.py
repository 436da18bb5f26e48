"""Changes made to one state of a profile, made again on another: after the file was changed by somebody else.

Every operation finds its place by key, as a person would name it. What cannot be done again is reported, never guessed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from omtui.setup.catalogue import TABLES
from omtui.setup.field import is_scalar
from omtui.setup.place import Data, Path, key_text, place_of, resolve, table_at
from omtui.store.change import MISSING, Insert, Move, Operation, Remove, Set, fits, same, value_at
from omtui.store.document import Document


@dataclass(frozen=True, slots=True)
class Lost:
    """An operation that could not be made again: where, and why."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Rebased:
    """What was performed on the other state, and what was not."""

    performed: tuple[Operation, ...]
    lost: tuple[Lost, ...]


def reapply(base: Document, operations: Iterable[Operation], onto: Document) -> Rebased:
    """Perform operations that were made for one document on another. The base is changed along with it.

    What the other document holds already is left as it is, without a word. A list of plain values that both sides
    changed gets what either side added and loses what either took out.
    """
    performed: list[Operation] = []
    lost: list[Lost] = []
    for operation in operations:
        if not fits(base.data, operation):
            lost.append(Lost(str(place_of(base.data, operation.path)), "it was not made for this state"))
            continue
        found = _found(base.data, operation, onto.data)
        if isinstance(found, str):
            where = operation.path
            if not isinstance(operation, Set):
                where = (*where, operation.start if isinstance(operation, Move) else operation.index)
            place = place_of(base.data, operation.path if isinstance(operation, Insert) else where)
            lost.append(Lost(str(place), found))
        elif found is not None:
            performed.append(onto.perform(found))
        base.perform(operation)
    return Rebased(tuple(performed), tuple(lost))


_GONE = "it is not there any more"
_CHANGED = "it was changed there too"


def _found(base: Data, operation: Operation, onto: Data) -> Operation | str | None:
    """The operation for the other data; why there is none; `None` when nothing is left to do."""
    match operation:
        case Set(path, old, new):
            return _set(base, operation, onto, path, old, new)
        case Insert(path, index, record):
            target = _resolved(base, path, onto)
            items = value_at(onto, target) if target is not None else MISSING
            if target is None or not (items is MISSING or isinstance(items, list)):
                return _GONE
            others: list[object] = items if isinstance(items, list) else []
            mine = value_at(base, path)
            before: list[object] = mine if isinstance(mine, list) else []
            twin = _twin(path, record, others) if _twin(path, record, before) is None else None
            if twin is not None:
                return None if same(others[twin], record) else "a record with this key was added there too"
            place = _behind(path, before, index, others)
            return replace(operation, path=target, index=place)
        case Remove(path, index, record):
            target = _resolved(base, (*path, index), onto)
            if target is None or not isinstance(target[-1], int):
                return None
            current = value_at(onto, target)
            if not same(current, record):
                return _CHANGED
            return replace(
                operation,
                path=target[:-1],
                index=target[-1],
                holders=None if operation.holders == _would_go(base, path) else operation.holders,
            )
        case Move(path, start, end):
            target = _resolved(base, (*path, start), onto)
            if target is None or not isinstance(target[-1], int):
                return _GONE
            rest = _without(value_at(base, path), start)
            place = _behind(path, rest, end, _without(value_at(onto, target[:-1]), target[-1]))
            return None if place == target[-1] else Move(target[:-1], target[-1], place)


def _would_go(data: Data, path: Path) -> int:
    """How many holders go with the only element of a list: the list, and the tables that hold nothing else."""
    gone = 0
    while path and isinstance(path[-1], str):
        holder = value_at(data, path)
        if not isinstance(holder, (dict, list)) or len(holder) != 1:
            break
        gone += 1
        path = path[:-1]
    return gone


def _set(base: Data, operation: Set, onto: Data, path: Path, old: object, new: object) -> Operation | str | None:
    target = _resolved(base, path, onto)
    if target is None:
        return None if new is MISSING else _GONE
    current = value_at(onto, target)
    if same(current, new):
        return None
    moved = replace(operation, path=target)
    if fits(onto, moved):
        return moved
    if _is_plain(old) and _is_plain(new) and _is_plain(current):
        assert isinstance(old, list)
        assert isinstance(new, list)
        assert isinstance(current, list)
        merged = [item for item in current if _has(new, item) or not _has(old, item)]
        merged += [item for item in new if not _has(old, item) and not _has(current, item)]
        return None if same(merged, current) else Set(target, current, merged)
    return _CHANGED


def _resolved(base: Data, path: Path, onto: Data) -> Path | None:
    found = resolve(onto, place_of(base, path))
    return found if isinstance(found, tuple) else None


def _behind(path: Path, before: list[object], index: int, others: list[object]) -> int:
    """The index in another list for what is at an index of one: behind the nearest neighbour that both have."""
    if same(before, others):
        return index
    key = _key(path)
    for neighbour in reversed(before[:index]):
        for number, other in enumerate(others):
            if same(neighbour, other) or (key and key_text(other, key) == key_text(neighbour, key) != ""):
                return number + 1
    return 0 if before[:index] == [] else min(index, len(others))


def _without(items: object, index: int) -> list[object]:
    assert isinstance(items, list)
    return [item for number, item in enumerate(items) if number != index]


def _twin(path: Path, record: object, others: list[object]) -> int | None:
    """Where a record with the same key is, or the same plain value."""
    if is_scalar(record):
        return next((number for number, other in enumerate(others) if same(other, record)), None)
    key = _key(path)
    text = key_text(record, key)
    return next((number for number, other in enumerate(others) if text and key_text(other, key) == text), None)


def _key(path: Path) -> str | None:
    table = table_at(path)
    return TABLES[table.path].key if table else None


def _is_plain(value: object) -> bool:
    return isinstance(value, list) and all(is_scalar(item) for item in value)


def _has(items: list[object], value: object) -> bool:
    return any(same(item, value) for item in items)
