"""What the journal knows of a profile's past: the former states of its file, promotions, and the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from omtui.store.changelog import LogEntry, broken_at, read
from omtui.store.rows import Rows, content_of, numbers_in

if TYPE_CHECKING:
    import sqlite3

    from omtui.store.journal_database import JournalDatabase


@dataclass(frozen=True, slots=True)
class Saved:
    """A former state of a profile's file. `who` is empty where it was found as another program had written it."""

    at: str
    who: str
    hash: str


@dataclass(frozen=True, slots=True)
class DecidedBase:
    """What a promotion decided, and when (UTC)."""

    at: str
    content: bytes


class Past(Rows):
    """The past of one profile."""

    def __init__(self, journal: JournalDatabase, profile: str) -> None:
        super().__init__(profile, journal.redact)
        self._journal = journal

    # Former states

    def states(self) -> list[Saved]:
        """The former states of the file, newest first."""
        query = "SELECT at, who, hash FROM saves WHERE profile = ? ORDER BY id DESC"
        return [Saved(*row) for row in self._journal.rows(query, self._profile)]

    def content(self, file_hash: str) -> bytes | None:
        """The content with a hash, if it is kept."""
        return self._journal.read(lambda connection: content_of(connection, file_hash), None)

    def content_at(self, time: str) -> bytes | None:
        """The content of the file at a time (UTC, ISO 8601), as far as this journal saw it written."""
        query = "SELECT hash FROM saves WHERE profile = ? AND at <= ? ORDER BY id DESC LIMIT 1"
        return next((self.content(digest) for (digest,) in self._journal.rows(query, self._profile, time)), None)

    def earlier(self, file_hash: str, numbers: Sequence[int]) -> tuple[bytes, int] | None:
        """The last content that held only the first of these changes, before the file with this hash; how many."""

        def work(connection: sqlite3.Connection) -> tuple[bytes, int] | None:
            query = (
                "SELECT hash, done FROM saves WHERE profile = :p AND id <="
                " (SELECT max(id) FROM saves WHERE profile = :p AND hash = :h) ORDER BY id DESC"
            )
            for digest, stack in connection.execute(query, {"p": self._profile, "h": file_hash}).fetchall():
                last = numbers_in(stack)[-1:]
                count = numbers.index(last[0]) + 1 if last and last[0] in numbers else 0
                if (
                    count < len(numbers)
                    and (count or not last)
                    and (content := content_of(connection, digest)) is not None
                ):
                    return content, count
            return None

        return self._journal.read(work, None)

    # Promotions

    def promoted(self, source: str, content: bytes) -> None:
        """Note what the file holds after a promotion from a source."""
        self._journal.write(lambda connection: self._promoted(connection, source, content))

    def last_promoted(self) -> bytes | None:
        """What the file held after the last promotion."""
        query = "SELECT hash FROM promotions WHERE target = ? ORDER BY at DESC LIMIT 1"
        return next((self.content(digest) for (digest,) in self._journal.rows(query, self._profile)), None)

    def decided(self, source: str, base: bytes, number: int = 0) -> None:
        """Note what a promotion decided: the base of the next three-way comparison with this source.

        `number` is that of the change that was made and saved; 0 when nothing had to be changed. When the change is
        undone and that is saved, the base before it counts again.
        """
        self._journal.write(lambda connection: self._decided(connection, source, base, number))

    def last_decided(self, source: str) -> DecidedBase | None:
        """What the last promotion from a source decided that still holds."""
        query = "SELECT at, hash FROM bases WHERE target = ? AND source = ? AND NOT undone ORDER BY id DESC LIMIT 1"
        for at, digest in self._journal.rows(query, self._profile, source):
            content = self.content(digest)
            return DecidedBase(at, content) if content is not None else None
        return None

    # The log

    def entries(self) -> list[LogEntry]:
        """The log, oldest first."""
        return self._journal.read(lambda connection: read(connection, self._profile), [])

    def verify_chain(self) -> int | None:
        """The number of the first entry that was changed or is missing; `None` when the log is whole."""
        return self._journal.read(lambda connection: broken_at(connection, self._profile), None)
