"""One change as a person made it, and where a run of the program is: what undo, the journal and the log know."""

from __future__ import annotations

import json
import os
import threading
import time
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from omtui.store import splice as splices
from omtui.store.change import Operation, from_json, inverse, to_json
from omtui.store.splice import Splice


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A change. `at` is UTC in ISO 8601; `number` is never given twice, on any machine.

    `splice` is what it did to the text; `None` in what omtui 0.1.0 kept. `returns_to` is the hash of the earlier state
    that it went back to. What `is_private` looks like a secret and stays in memory.
    """

    number: int
    at: str
    who: str
    label: str
    reason: str
    operations: tuple[Operation, ...]
    splice: Splice | None = None
    returns_to: str = ""
    is_private: bool = False

    @property
    def back(self) -> list[Operation]:
        """The operations that take it back."""
        return [inverse(each) for each in reversed(self.operations)]

    def bare(self) -> Step:
        """The change without its values, where they may not be kept."""
        return replace(self, operations=(), splice=None) if self.is_private else self


@dataclass(frozen=True, slots=True)
class UndoStacks:
    """Changes, oldest first: what is done, and what the file holds of it (`saved`).

    `undone` can be done again, the first one first.
    """

    saved: tuple[Step, ...] = ()
    done: tuple[Step, ...] = ()
    undone: tuple[Step, ...] = ()

    @property
    def shared(self) -> int:
        """How many changes the file holds that are still done."""
        count = 0
        for one, other in zip(self.saved, self.done, strict=False):
            if one.number != other.number:
                break
            count += 1
        return count

    @property
    def count(self) -> int:
        """How many changes separate what is done from the file."""
        return len(self.saved) + len(self.done) - 2 * self.shared

    @property
    def operations(self) -> list[Operation]:
        """What leads from the file to what is done."""
        back = [each for step in reversed(self.saved[self.shared :]) for each in step.back]
        return back + [each for step in self.done[self.shared :] for each in step.operations]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunState(UndoStacks):
    """Where a run is. `base` is the content of the file, `base_hash` its hash.

    `times` says when changes were undone or done again last (UTC), by their numbers.
    """

    base: bytes
    base_hash: str
    times: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft(UndoStacks):
    """Where a run that has ended was. `base` is the hash of the file that it had read or written last."""

    run: str
    at: str
    base: str


def operations_text(operations: Iterable[Operation]) -> str:
    """Operations as they are kept."""
    return json.dumps([to_json(operation) for operation in operations], separators=(",", ":"))


def operations_from(text: str) -> tuple[Operation, ...] | None:
    """The operations that were kept; `None` when these are none."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    if not isinstance(found, list):
        return None
    read = [from_json(item) if isinstance(item, dict) else None for item in found]
    operations = tuple(operation for operation in read if operation is not None)
    return operations if len(operations) == len(read) else None


def packed(splice: Splice) -> bytes:
    """A splice as it is kept."""
    return zlib.compress(json.dumps(splices.to_json(splice)).encode(), 1)


def unpacked(found: object) -> Splice | None:
    """The splice that was kept; `None` when this is none."""
    try:
        return splices.from_json(json.loads(zlib.decompress(found))) if isinstance(found, bytes) else None
    except (zlib.error, ValueError):
        return None


_lock = threading.Lock()
_last = 0


def new_number() -> int:
    """A number that no other change has, greater than all before it: milliseconds, and a random part."""
    global _last
    with _lock:
        _last = max(_last + 1, (time.time_ns() // 1_000_000 << 20) | int.from_bytes(os.urandom(3)) >> 4)
        return _last


def kept(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The changes that may be kept."""
    return tuple(step for step in steps if not step.is_private)
