"""Writes to the journal in a thread of its own, so that no key waits for a program that holds it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

    from omtui.store.database import Database

SHORTLY = 0.1
"""How long a key waits, in seconds, for what it wrote: mostly it is kept by then."""

AGAIN_AFTER = 0.5
"""After how many seconds what could not be written is tried again."""

_PATIENCE = 1.0


@dataclass(slots=True)
class _Job:
    work: Callable[[sqlite3.Connection], bool]
    key: str


class Writer:
    """Does one thing after the other, and tries again until it is done."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._jobs: list[_Job] = []
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def put(self, work: Callable[[sqlite3.Connection], bool], key: str = "") -> bool:
        """Have something written; whether it is by now. It takes the place of the last one with the same key."""
        with self._changed:
            if key and self._jobs and self._jobs[-1].key == key:
                self._jobs[-1] = _Job(work, key)
            else:
                self._jobs.append(_Job(work, key))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
                self._thread.start()
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._jobs or self._database.is_failing, SHORTLY)
            return not self._jobs

    def flush(self, patience: float) -> bool:
        """Wait until all is written, so many seconds at most; whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._jobs, patience)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._jobs))
                job = self._jobs[0]
            is_done = self._database.use(job.work, False, patience=_PATIENCE)
            with self._changed:
                if is_done and self._jobs[0] is job:
                    del self._jobs[0]
                self._changed.notify_all()
                if not is_done:
                    self._changed.wait(AGAIN_AFTER)
