"""Operations: every change of a profile is one or several of four small steps that can be undone and kept.

An operation is a value. It says what is where before and after, so that it can be applied to plain data, inverted,
written to the journal as JSON, and refused when the data is no longer what it was made for. The text of the file
follows the operation (`omtui.store.document`); what that changed in it is kept as a `Splice`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Final, TypeAlias

from omtui.setup.place import Data, Path


class Missing(Enum):
    """The type of `MISSING`."""

    MISSING = "missing"

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing.MISSING
"""A key that is not there. Never a value of a profile."""


@dataclass(frozen=True, slots=True)
class Set:
    """A value was given, changed or taken away: a field, an element of a list, or a whole table.

    `new` is `MISSING` when the key is removed, `old` when it is added, with the tables above that are not there yet;
    `holders` counts them (an operation as performed knows how many). With a key, up to `holders` emptied tables
    above it are removed too.
    """

    path: Path
    old: object
    new: object
    holders: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "old", copied(self.old))
        object.__setattr__(self, "new", copied(self.new))


@dataclass(frozen=True, slots=True)
class _OfList:
    path: Path
    index: int
    record: object
    holders: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "record", copied(self.record))


@dataclass(frozen=True, slots=True)
class Insert(_OfList):
    """A record (or a plain value) was added to the list at `path`, before the one at `index`.

    The list and tables above it that are not there yet come with it; `holders` counts them once it is performed.
    """


@dataclass(frozen=True, slots=True)
class Remove(_OfList):
    """A record (or a plain value) left the list at `path`.

    A list that becomes empty is removed too, and the tables above it that are then empty; `holders` limits how many.
    """


@dataclass(frozen=True, slots=True)
class Move:
    """The record at index `start` of the list at `path` is at index `end` afterwards."""

    path: Path
    start: int
    end: int


Operation: TypeAlias = Set | Insert | Remove | Move


def apply(data: Data, operation: Operation) -> Operation:
    """Change the data in place. Returns the operation as performed: it knows how many holders were added or removed.

    Raises `ValueError` when the data is not what the operation was made for; ask `fits` first where that can be.
    """
    if not fits(data, operation):
        raise ValueError(f"the data is not what {operation!r} was made for")
    match operation:
        case Set(path, _, new):
            if new is MISSING:
                holder = value_at(data, path[:-1])
                assert isinstance(holder, dict)
                del holder[path[-1]]
                return replace(operation, holders=_prune(data, path[:-1], operation.holders))
            holder, created = _holder(data, path[:-1])
            if isinstance(holder, list):
                holder[_number(path[-1])] = copied(new)
            else:
                holder[str(path[-1])] = copied(new)
            return replace(operation, holders=created)
        case Insert(path, index, record):
            parent, created = _holder(data, path[:-1])
            if isinstance(parent, dict):
                created += path[-1] not in parent
                parent.setdefault(str(path[-1]), [])
            items = value_at(data, path)
            assert isinstance(items, list)
            items.insert(index, copied(record))
            return replace(operation, holders=created)
        case Remove(path, index, _):
            items = value_at(data, path)
            assert isinstance(items, list)
            del items[index]
            return replace(operation, holders=_prune(data, path, operation.holders))
        case Move(path, start, end):
            items = value_at(data, path)
            assert isinstance(items, list)
            items.insert(end, items.pop(start))
            return operation


def fits(data: Mapping[str, object], operation: Operation) -> bool:
    """Whether the data is what the operation was made for: what it replaces or removes is where it says."""
    match operation:
        case Set(path, old, new):
            if not path or (old is MISSING and new is MISSING):
                return False
            if isinstance(path[-1], int) and (old is MISSING or new is MISSING):
                return False
            return _can_hold(data, path) and same(value_at(data, path), old)
        case Insert(path, index, _):
            items = value_at(data, path)
            if items is MISSING:
                return bool(path) and isinstance(path[-1], str) and index == 0 and _can_hold(data, path)
            return isinstance(items, list) and 0 <= index <= len(items)
        case Remove(path, index, record):
            items = value_at(data, path)
            return isinstance(items, list) and 0 <= index < len(items) and same(items[index], record)
        case Move(path, start, end):
            items = value_at(data, path)
            return isinstance(items, list) and 0 <= start < len(items) and 0 <= end < len(items)


def inverse(operation: Operation) -> Operation:
    """The operation that takes this one back."""
    match operation:
        case Set(path, old, new, holders):
            return Set(path, new, old, holders)
        case Insert(path, index, record, holders):
            return Remove(path, index, record, holders)
        case Remove(path, index, record, holders):
            return Insert(path, index, record, holders)
        case Move(path, start, end):
            return Move(path, end, start)


def value_at(data: object, path: Path) -> object:
    """What is at a path; `MISSING` when nothing is."""
    here = data
    for part in path:
        if isinstance(here, dict) and isinstance(part, str):
            here = here.get(part, MISSING)
        elif isinstance(here, list) and isinstance(part, int) and 0 <= part < len(here):
            here = here[part]
        else:
            return MISSING
    return here


def copied(value: object) -> object:
    """A copy that shares no table and no list with the value. Binary floats become decimals, as reading gives them."""
    match value:
        case dict():
            return {key: copied(inner) for key, inner in value.items()}
        case list() | tuple():
            return [copied(inner) for inner in value]
        case float():
            return copied(Decimal(repr(value)))
        case Decimal() if value.is_finite() and not any(sign in str(value) for sign in ".E"):
            return Decimal(f"{value}.0")  # without a point it would read back as a whole number
    return value


def same(one: object, other: object) -> bool:
    """Whether two values are the same in a file: also of the same type (1 is not true, 1.0 is not 1)."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        # 1.0 and 1.00 differ as text; 7e0 is read as 7, and kept as 7.0.
        alike = str(one) == str(other) or str(copied(one)) == str(copied(other))
        return alike or (one.is_nan() and other.is_nan())
    if isinstance(one, datetime):
        return str(one) == str(other)  # the same moment in another time zone is not the same
    return one == other


def _can_hold(data: Mapping[str, object], path: Path) -> bool:
    """Whether the last part of the path exists or can be added, tables above it included."""
    here: object = data
    for part in path[:-1]:
        if isinstance(part, str):
            if not isinstance(here, dict):
                return False
            here = here.get(part, {})
        elif isinstance(here, list) and 0 <= part < len(here):
            here = here[part]
        else:
            return False
    last = path[-1]
    if isinstance(last, str):
        return isinstance(here, dict)
    return isinstance(here, list) and 0 <= last < len(here)


def _holder(data: Data, path: Path) -> tuple[dict[str, object] | list[object], int]:
    here: object = data
    created = 0
    for part in path:
        if isinstance(here, dict):
            created += part not in here
            here = here.setdefault(str(part), {})
        else:
            assert isinstance(here, list)
            here = here[_number(part)]
    assert isinstance(here, (dict, list))
    return here, created


def _prune(data: Data, path: Path, limit: int | None) -> int:
    """Take away the emptied list or table at the path, and emptied tables above it; a record stays, though empty."""
    gone = 0
    while path and isinstance(path[-1], str) and (limit is None or gone < limit) and not value_at(data, path):
        holder = value_at(data, path[:-1])
        assert isinstance(holder, dict)
        del holder[path[-1]]
        gone += 1
        path = path[:-1]
    return gone


def _number(part: str | int) -> int:
    assert isinstance(part, int)
    return part


Json: TypeAlias = dict[str, object]


def to_json(operation: Operation) -> Json:
    """The operation as an object that `json.dumps` takes."""
    path = list(operation.path)
    found: Json
    match operation:
        case Set(_, old, new, holders):
            found = {"op": "set", "path": path}
            if old is not MISSING:
                found["old"] = value_to_json(old)
            if new is not MISSING:
                found["new"] = value_to_json(new)
            if holders:
                found["holders"] = holders
        case Insert(_, index, record, holders) | Remove(_, index, record, holders):
            name = "insert" if isinstance(operation, Insert) else "remove"
            found = {"op": name, "path": path, "index": index, "record": value_to_json(record)}
            if holders is not None:
                found["holders"] = holders
        case Move(_, start, end):
            found = {"op": "move", "path": path, "start": start, "end": end}
    return found


def from_json(found: Mapping[str, object]) -> Operation | None:
    """The operation that `to_json` wrote; `None` when this is none (another version, a damaged journal)."""
    path = _path(found.get("path"))
    if path is None:
        return None
    holders = found.get("holders")
    if not (holders is None or _is_count(holders)):
        return None
    assert holders is None or isinstance(holders, int)
    match found:
        case {"op": "set"}:
            old, new = (value_from_json(found[name]) if name in found else MISSING for name in ("old", "new"))
            return Set(path, old, new, holders or 0)
        case {"op": "insert", "index": int(index), "record": record}:
            return Insert(path, index, value_from_json(record), holders)
        case {"op": "remove", "index": int(index), "record": record}:
            return Remove(path, index, value_from_json(record), holders)
        case {"op": "move", "start": int(start), "end": int(end)}:
            return Move(path, start, end)
    return None


def value_to_json(value: object) -> object:
    """A value of a profile for `json.dumps`: what JSON lacks is tagged, so that it comes back as it was."""
    match value:
        case dict():
            inner = {key: value_to_json(item) for key, item in value.items()}
            return {"$table": inner} if any(key.startswith("$") for key in inner) else inner
        case list():
            return [value_to_json(item) for item in value]
        case Decimal():
            return {"$decimal": str(value)}
        case datetime():
            return {"$datetime": value.isoformat()}
        case date():
            return {"$date": value.isoformat()}
        case time():
            return {"$time": value.isoformat()}
        case str() | bool() | int():
            return value
    raise TypeError(f"no value of a profile: {type(value).__name__}")


def value_from_json(value: object) -> object:
    """The value that `value_to_json` wrote."""
    match value:
        case dict() if len(value) == 1 and next(iter(value)).startswith("$"):
            match value:
                case {"$table": dict(inner)}:
                    return {key: value_from_json(item) for key, item in inner.items()}
                case {"$decimal": str(text)}:
                    return Decimal(text)
                case {"$datetime": str(text)}:
                    return datetime.fromisoformat(text)
                case {"$date": str(text)}:
                    return date.fromisoformat(text)
                case {"$time": str(text)}:
                    return time.fromisoformat(text)
            return value
        case dict():
            return {key: value_from_json(item) for key, item in value.items()}
        case list():
            return [value_from_json(item) for item in value]
    return value


def _path(found: object) -> Path | None:
    if isinstance(found, list) and all(isinstance(part, str) or _is_count(part) for part in found):
        return tuple(found)
    return None


def _is_count(found: object) -> bool:
    return isinstance(found, int) and not isinstance(found, bool) and found >= 0
