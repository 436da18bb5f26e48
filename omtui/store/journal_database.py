"""The state database as a journal uses it: who writes, in which run, at once or in the background."""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from omtui.plain_text import plain
from omtui.store.database import AT_ONCE, Database
from omtui.store.intention import Intentions

if TYPE_CHECKING:
    import sqlite3

    from omtui.store.rows import Redact
    from omtui.store.writer import Writer

Found = TypeVar("Found")


class JournalDatabase(Database):
    """The database and the notes of a state folder. Nothing here raises; `trouble` says what is not kept.

    In the `background` writing takes place in a thread: nothing waits for another program that holds the database.
    """

    def __init__(
        self, folder: Path, *, who: str | None = None, redact: Redact | None = None, background: bool = False
    ) -> None:
        super().__init__(folder)
        self.intentions = Intentions(folder)
        self._who = who
        self.redact = redact
        self._writer: Writer | None = None
        if background:
            from omtui.store.writer import Writer

            self._writer = Writer(self)
        self.run = f"{os.getpid()}-{os.urandom(4).hex()}"
        self.said: list[str] = []
        """What to report of files that a killed program was moving."""

    @cached_property
    def who(self) -> str:
        """Who edits: the name that the system knows the user by, and what the environment says where that differs."""
        return self._who or _person()

    def end(self, patience: float) -> bool:
        """Wait until all is written, so many seconds at most; whether it is."""
        return self._writer is None or self._writer.flush(patience)

    def write(self, work: Callable[[sqlite3.Connection], bool], key: str = "") -> bool:
        """Have something written; whether it is by now. It takes the place of the last one with the same key."""
        if self._writer is not None:
            return self._writer.put(work, key)
        return self.write_now(work)

    def write_now(self, work: Callable[[sqlite3.Connection], bool]) -> bool:
        """Write something and wait for it; whether that was possible."""
        return self.use(work, False)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What a query finds; nothing when the database cannot be used."""
        return self.read(lambda connection: connection.execute(query, values).fetchall(), [])

    def after_writing(self, work: Callable[[], None]) -> None:
        """Have something done when all is written that waits in the background; nothing where nothing waits there."""

        def job(_connection: sqlite3.Connection) -> bool:
            work()
            return True

        if self._writer is not None:
            self._writer.put(job)

    def read(self, work: Callable[[sqlite3.Connection], Found], otherwise: Found) -> Found:
        """Ask the database; the other value when it cannot be used."""
        return self.use(work, otherwise, writes=False, patience=AT_ONCE if self._writer else None)


def _person() -> str:
    name = str(os.getuid())
    with suppress(KeyError):
        name = pwd.getpwuid(os.getuid()).pw_name
    for variable in ("SUDO_USER", "LOGNAME", "USER"):
        if (other := os.environ.get(variable, name)) != name:
            return plain(f"{name} ({variable} {other[:60]})")
    return name
