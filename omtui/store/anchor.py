"""Where a record is after the profile changed: by the record itself, never by its position.

A path is only true until something moves: an edit, an undo, another program that writes the file.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from omtui.setup.catalogue import TABLES
from omtui.setup.place import Path, key_text, table_at
from omtui.store.change import MISSING, same, value_at

_JOINS = {"all", "any", "not"}
"""A condition with one of these is a group and no comparison any more."""


@dataclass(frozen=True, slots=True)
class _Step:
    """A record on the way to what a path names: itself, and all that were in the list with it."""

    index: int
    key: str | None
    records: list[object]


class Anchor:
    """Remembers what is at a path of one state of a profile, and finds it in another.

    Within one run a record is the same object, also after moves. In a file that was read again it is the record with
    its key; one without a key, or with another one now, is the only record that else says the same.
    """

    def __init__(self, data: Mapping[str, object], path: Path) -> None:
        self._path = path
        self._steps: dict[int, _Step] = {}
        for number, part in enumerate(path):
            records = value_at(data, path[:number])
            if isinstance(part, int) and isinstance(records, list) and part < len(records):
                table = table_at(path[:number])
                self._steps[number] = _Step(part, TABLES[table.path].key if table else None, list(records))
        self._what = value_at(data, path)

    def found(self, data: Mapping[str, object]) -> Path | None:
        """The path now; `None` when the record is gone, or when more than one could be it."""
        path: list[str | int] = []
        for number, part in enumerate(self._path):
            if not isinstance(part, int):
                path.append(part)
                continue
            records, step = value_at(data, tuple(path)), self._steps.get(number)
            index = _index(step, records) if step and isinstance(records, list) else None
            if index is None:
                return None
            path.append(index)
        what = value_at(data, tuple(path))
        if isinstance(self._what, dict) and (not isinstance(what, dict) or _joins(what) != _joins(self._what)):
            return None if self._steps or what is not MISSING else tuple(path)
        return tuple(path)


def _joins(record: Mapping[str, object]) -> set[str]:
    return _JOINS & set(record)


def _index(step: _Step, records: list[object]) -> int | None:
    old = step.records[step.index]
    for index, record in enumerate(records):
        if record is old:
            return index
    word = key_text(old, step.key)
    named = _all(records, lambda each: key_text(each, step.key) == word if word else same(each, old))
    before = _all(step.records, lambda each: key_text(each, step.key) == word if word else same(each, old))
    # What is new there and differs only in its key was renamed; of what has no key, one field may have changed.
    changed = [
        index
        for index, record in enumerate(records)
        if _is_changed(record, old, step.key if word else None) and not any(same(record, each) for each in step.records)
    ]
    if not named:
        return changed[0] if len(changed) == 1 else None
    if changed and word and not any(same(records[index], old) for index in named):
        return None  # renamed, and its name given to another? Or copied, and then changed? Nobody knows.
    return named[before.index(step.index)] if len(named) == len(before) else None


def _all(records: list[object], is_it: Callable[[object], bool]) -> list[int]:
    return [index for index, record in enumerate(records) if is_it(record)]


def _is_changed(one: object, other: object, key: str | None) -> bool:
    """Whether two records differ in nothing but a key, or where no key is given, in one field."""
    if not isinstance(one, dict) or not isinstance(other, dict):
        return False
    differing = [name for name in {*one, *other} if not same(one.get(name, MISSING), other.get(name, MISSING))]
    return differing == [key] if key else len(differing) == 1 and len(other) > 1
