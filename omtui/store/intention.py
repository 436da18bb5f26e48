"""What a profile's file is about to be, noted before it is written.

A program that is killed between the file and the journal leaves such a note. The next one sees by the file's hash
whether the file was written: then the journal gets all that belongs to it, else the note is removed.
The notes are files next to the journal, so that they can be written while another program holds that.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from omtui.store import splice as splices
from omtui.store.database import now
from omtui.store.files import write_new
from omtui.store.folders import PENDING
from omtui.store.splice import Splice
from omtui.store.step import Step, operations_from, operations_text
from omtui.store.together import CompanionFile, FileMove

MOST = 100
"""How many notes wait at most for a journal that cannot be used."""

DELETE = "delete"
"""The action of a profile that goes to the trash: the journal keeps what it has."""

WRITTEN = ".written"
"""The ending of the name of a note whose file is known to be written."""


def this_process() -> tuple[str, int, str]:
    """Host, number and start of this process: no other has the same."""
    return socket.gethostname(), os.getpid(), _started(os.getpid())


def is_alive(host: str, pid: int, started: str) -> bool:
    """Whether a process still runs. One on another machine that shares the folder has ended."""
    if host != socket.gethostname():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return started == _started(pid)


def _started(pid: int) -> str:
    """When a process started, in the kernel's own count: a later one with the same number has another."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a promotion decides: the base of the next comparison with this source, and the change that it makes."""

    source: str
    base: str
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Intention:
    """One writing of a profile's file. Hashes are of its content; `before` is empty where there is no file yet.

    `saved`, `done` and `undone` are numbers of changes: what the file held, holds and can be done again; `came` and
    `went` are what differs, in the order in which it happened, and `steps` all that may not be kept yet. `follows` says
    that the earlier ones could not be asked for, so they come before `saved`. `times` says when changes were taken
    back or done again; `at_once` that all of it was done just now. A profile that is made, renamed or deleted has an
    `action` and a `label` for the log; one that is renamed `was` kept under another path. What is done with `moves` is
    decided once the first file has its new name.
    """

    profile: str
    run: str
    at: str = field(default_factory=now)
    who: str
    before: str
    after: str
    found: str = ""
    reason: str = ""
    splice: Splice | None = None
    steps: tuple[Step, ...] = ()
    saved: tuple[int, ...] = ()
    done: tuple[int, ...] = ()
    undone: tuple[int, ...] = ()
    came: tuple[int, ...] = ()
    went: tuple[int, ...] = ()
    follows: bool = False
    times: Mapping[int, str] = field(default_factory=dict)
    at_once: bool = False
    companions: tuple[CompanionFile, ...] = ()
    moves: tuple[FileMove, ...] = ()
    was: str = ""
    decided: Decided | None = None
    action: str = ""
    label: str = ""
    process: tuple[str, int, str] = field(default_factory=this_process)
    """Host, number and start of the process that writes."""
    name: str = ""
    """The note's file; empty where it could not be written."""

    def base(self, content: bytes) -> bytes | None:
        """What the file held before, from what it holds; `None` where that is not known."""
        return self.splice.inverse().applied_to(content) if self.splice else None


class Intentions:
    """The notes of a state folder."""

    def __init__(self, state: Path) -> None:
        self._folder = state / PENDING

    def add(self, intention: Intention) -> Intention:
        """Write a note; it has no name when that was not possible."""
        name = f"{intention.at.replace(':', '')}-{os.urandom(4).hex()}"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_new(self._folder / name, _text(intention).encode())
        except OSError:
            return intention
        return replace(intention, name=name)

    def drop(self, intention: Intention) -> None:
        """Remove a note: nothing was written, or all that belongs to it is kept."""
        for name in (intention.name, f"{intention.name}{WRITTEN}") if intention.name else ():
            with suppress(OSError):
                (self._folder / name).unlink()

    def written(self, intention: Intention) -> bool:
        """Remember that the file was written, even if it changes later. Whether there is a note that says so."""
        try:
            (self._folder / intention.name).rename(self._folder / f"{intention.name}{WRITTEN}")
        except OSError:
            return False
        return True

    def left(self) -> list[tuple[Intention, bool]]:
        """What programs that ended left, the oldest first, and whether the file is known to be written."""
        try:
            names = sorted(os.listdir(self._folder))  # noqa: PTH208 - mostly there is none, and this is the fastest
        except OSError:
            return []
        for name in names[:-MOST]:
            with suppress(OSError):
                (self._folder / name).unlink()
        found = []
        for name in names[-MOST:]:
            try:
                intention = _read((self._folder / name).read_text("utf-8"))
            except (OSError, UnicodeDecodeError):
                continue
            if intention is None:  # torn: the file was not touched yet
                with suppress(OSError):
                    if time.time() - (self._folder / name).stat().st_mtime > 60:
                        (self._folder / name).unlink()
            elif not is_alive(*intention.process):
                found.append((replace(intention, name=name.removesuffix(WRITTEN)), name.endswith(WRITTEN)))
        return found


def _text(intention: Intention) -> str:
    steps = [
        [each.number, each.at, each.who, each.label, each.reason, operations_text(each.operations),
         splices.to_json(each.splice) if each.splice else None, each.returns_to, each.is_private]
        for each in map(Step.bare, intention.steps)
    ]  # fmt: skip
    splice = splices.to_json(intention.splice) if intention.splice else None
    plain = {name: getattr(intention, name) for name in _PLAIN}
    decided = asdict(intention.decided) if intention.decided else None
    companions = [[each.path, splices.to_json(each.splice), each.is_new] for each in intention.companions]
    moves = [[each.source, each.target] for each in intention.moves]
    inner = {"splice": splice, "steps": steps, "decided": decided, "beside": companions, "moves": moves}
    return json.dumps({**plain, **inner})


_PLAIN = (
    "profile", "run", "at", "who", "before", "after", "found", "reason", "saved", "done", "undone",
    "came", "went", "follows", "times", "at_once", "was", "action", "label", "process",
)  # fmt: skip


def _read(text: str) -> Intention | None:
    try:
        found: dict[str, Any] = json.loads(text)
        steps = tuple(
            Step(number, at, who, label, reason, operations_from(operations) or (), splices.from_json(splice), *rest)
            for number, at, who, label, reason, operations, splice, *rest in found.pop("steps")
        )
        splice = splices.from_json(found.pop("splice"))
        decided = found.pop("decided")
        pieces = [(path, splices.from_json(piece), is_new) for path, piece, is_new in found.pop("beside")]
        companions = tuple(CompanionFile(path, piece, is_new) for path, piece, is_new in pieces if piece is not None)
        moves = tuple(FileMove(*each) for each in found.pop("moves"))
        stacks: dict[str, Any] = {
            name: tuple(map(int, found.pop(name))) for name in ("saved", "done", "undone", "came", "went")
        }
        times = {int(number): str(at) for number, at in found.pop("times").items()}
        host, pid, started = found.pop("process")
        return Intention(
            **found, **stacks, splice=splice, steps=steps, times=times, companions=companions, moves=moves,
            decided=Decided(**decided) if decided else None, process=(str(host), int(pid), str(started)),
        )  # fmt: skip
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
