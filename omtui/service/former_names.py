"""Secrets that are still kept under a profile's former name: noted with the rename, until they are moved.

They move in their store, which may take seconds or be locked, after the profile has its new name. Whoever next works
with secrets moves them first.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from omtui.plain_text import plain
from omtui.store.database import now
from omtui.store.files import read_bytes
from omtui.store.together import CompanionFile


@dataclass(frozen=True, slots=True)
class Owed:
    """Credentials whose secrets may still be kept under the old name of their profile."""

    old: str
    new: str
    credentials: tuple[str, ...]
    note: Path

    def __str__(self) -> str:
        return f"the secrets of {plain(self.new)} are still kept under its former name, {plain(self.old)}"

    def drop(self) -> None:
        """They are moved."""
        with suppress(OSError):
            self.note.unlink()


class FormerNames:
    """The notes in a state folder."""

    def __init__(self, state: Path) -> None:
        self._folder = state / "secrets-to-move"

    def note(self, old: str, new: str, credentials: Sequence[str]) -> CompanionFile:
        """The note to be written as one with a rename."""
        with suppress(OSError):  # writing it says why
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{now().replace(':', '')}-{os.urandom(4).hex()}"
        return CompanionFile.of(
            self._folder.absolute() / name, None, json.dumps([old, new, list(credentials)]).encode()
        )

    def awaits(self, name: str) -> bool:
        """Whether secrets under this name are those of a profile that was renamed."""
        return any(each.old == name for each in self.left())

    def left(self) -> list[Owed]:
        """All that is still to be moved, the oldest first."""
        try:
            names = sorted(os.listdir(self._folder))  # noqa: PTH208 - mostly there is none, and this is the fastest
        except OSError:
            return []
        found = []
        for path in (self._folder / name for name in names if not name.startswith(".")):
            content = read_bytes(path)
            with suppress(ValueError, TypeError):
                old, new, credentials = json.loads(content if isinstance(content, bytes) else b"")
                found.append(Owed(str(old), str(new), tuple(map(str, credentials)), path))
        return found
