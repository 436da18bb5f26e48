"""How much of a profile is other than before: fields and records, not the keys that were pressed on the way."""

from collections.abc import Callable, Sequence

from omtui.setup.place import Path
from omtui.store.change import Insert, Move, Operation, Remove, Set, same

MOST = 1000
"""Operations that are looked at one by one. Of more it is only said how many there are."""


def differing(operations: Sequence[Operation]) -> int:
    """How many fields have another value after some operations; a record that came, went or moved counts as one."""
    if len(operations) > MOST:
        return len(operations)
    found = _Differing()
    for operation in operations:
        found.add(operation)
    return len(found.fields) + len(found.added) + len(found.moved) + found.removed


class _Differing:
    """What is other, by the places of now."""

    def __init__(self) -> None:
        self.fields: dict[Path, object] = {}
        """The value before."""
        self.added: set[Path] = set()
        self.moved: set[Path] = set()
        self.removed = 0

    def add(self, operation: Operation) -> None:
        match operation:
            case Set(path, old, new) if not self._is_added(path):
                before = self.fields.get(path, old)
                self._forget(path)
                if not same(before, new):
                    self.fields[path] = before
            case Insert(path, index, _) if not self._is_added(path):
                self._renumber(path, lambda number: number + (number >= index))
                self.added.add((*path, index))
            case Remove(path, index, _) if not self._is_added(path):
                self.removed += (*path, index) not in self.added
                self._forget((*path, index))
                self._renumber(path, lambda number: number - (number > index))
            case Move(path, start, end) if not self._is_added(path):
                self._renumber(path, lambda number: _moved(number, start, end))
                if (*path, end) not in self.added:
                    self.moved.add((*path, end))
            case _:
                pass  # part of a record that was added

    def _is_added(self, path: Path) -> bool:
        return any(path[:length] in self.added for length in range(2, len(path) + 1))

    def _forget(self, path: Path) -> None:
        def is_elsewhere(place: Path) -> bool:
            return place[: len(path)] != path

        self.fields = {place: before for place, before in self.fields.items() if is_elsewhere(place)}
        self.added = set(filter(is_elsewhere, self.added))
        self.moved = set(filter(is_elsewhere, self.moved))

    def _renumber(self, path: Path, new: Callable[[int], int]) -> None:
        at = len(path)

        def renumbered(place: Path) -> Path:
            if len(place) <= at or place[:at] != path or not isinstance(place[at], int):
                return place
            return (*path, new(int(place[at])), *place[at + 1 :])

        self.fields = {renumbered(place): before for place, before in self.fields.items()}
        self.added = set(map(renumbered, self.added))
        self.moved = set(map(renumbered, self.moved))


def _moved(number: int, start: int, end: int) -> int:
    """Where a record of a list is after the one at `start` went to `end`."""
    if number == start:
        return end
    return number - (number > start) + (number - (number > start) >= end)
