"""Rehearsals for the workbench, in a process of their own that stays while orders are in hand."""

import asyncio
import os
import pickle
import sys
from asyncio.subprocess import Process
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path as FilePath

from omtui.plain_text import plain
from omtui.problem import Problem, Wrong
from omtui.rehearsal.column_file import with_choice
from omtui.rehearsal.columns import ColumnChoice
from omtui.rehearsal.job import (
    LENGTH,
    ChildAnswer,
    LineRules,
    LinesRead,
    Question,
    RehearsalCounts,
    RehearsalJob,
    RequestWay,
    TraceJob,
    WayLines,
)
from omtui.rehearsal.order_files import column_choices
from omtui.rehearsal.tracing import Trace
from omtui.service.session import Session
from omtui.store.files import WrittenFile, content_hash, read_file, write_file
from omtui.store.library import companion_path

Report = Callable[[LinesRead], None]
_ENDED = Wrong("the rehearsal ended before it was done", "read the orders again; if it ends again, take a smaller file")
ENDINGS = (".csv", ".csv.gz", ".tsv", ".json", ".json.gz", ".xlsx")


class _Child:
    """A process that answers questions; it ends with its standard input, so with this process."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.waiting: dict[int, tuple[asyncio.Future[object], Report | None]] = {}
        self.reading = asyncio.create_task(self._read())

    def say(self, question: Question) -> None:
        """Send a question, or take one back."""
        content = pickle.dumps(question)
        assert self.process.stdin is not None
        with suppress(ConnectionError):  # then `_read` tells who waits
            self.process.stdin.write(len(content).to_bytes(LENGTH) + content)

    async def _read(self) -> None:
        assert self.process.stdout is not None
        try:
            while True:
                length = int.from_bytes(await self.process.stdout.readexactly(LENGTH))
                said = pickle.loads(await self.process.stdout.readexactly(length))
                assert isinstance(said, ChildAnswer)
                self._take(said)
        except (asyncio.IncompleteReadError, ConnectionError):
            await self.process.wait()
            for number in [*self.waiting]:
                self._take(ChildAnswer(number, _ENDED))

    def _take(self, said: ChildAnswer) -> None:
        future, report = self.waiting.get(said.number, (None, None))
        if future is None:
            return
        if not isinstance(said.content, LinesRead):
            del self.waiting[said.number]
            if not future.done():
                future.set_result(said.content)
        elif report is not None:
            report(said.content)


class Rehearser:
    """The process that keeps orders in hand. It is started at a question, also again where it ended by itself."""

    def __init__(self) -> None:
        self._child: _Child | None = None
        self._starting = asyncio.Lock()
        self._asked = 0

    async def ask(
        self, job: RehearsalJob | TraceJob, report: Report | None = None
    ) -> RehearsalCounts | WayLines | LineRules | Trace | Problem:
        """Do a job; `report` hears how far it is. A newer question goes first; a cancelled one is taken back."""
        async with self._starting:
            child = await self._running()
        if isinstance(child, Problem):
            return child
        self._asked += 1
        number = self._asked
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        child.waiting[number] = future, report
        child.say(Question(number, job))
        try:
            answer = await future
        finally:
            if child.waiting.pop(number, None) is not None:
                child.say(Question(number, None))
        assert isinstance(answer, RehearsalCounts | WayLines | LineRules | Trace | Problem)
        return answer

    async def _running(self) -> _Child | Problem:
        if self._child is not None and not self._child.reading.done():
            return self._child
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "omtui.rehearsal.child"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True,  # Ctrl+C of the terminal is for the workbench
            )
        except OSError as error:
            return Problem(f"the rehearsal cannot be started: {error.strerror}", "close other programs and try again")
        self._child = _Child(process)
        return self._child

    def close(self) -> None:
        """End the process: nothing of the orders stays in memory. The next question starts another."""
        child, self._child = self._child, None
        if child is not None:
            with suppress(ProcessLookupError):
                child.process.kill()

    async def end(self) -> None:
        """End the process, and wait until it has ended."""
        child = self._child
        self.close()
        if child is not None:
            await child.reading


def job_of(
    session: Session, file: FilePath, way: RequestWay | None = None, line: int | None = None
) -> RehearsalJob | Problem:
    """What is to be judged: the set-up as it is now, with columns as the file next to it says.

    Counts are compared with the set-up as it is on disk, where something is unsaved.
    """
    choices = column_choices(None, session.path)
    if isinstance(choices, Problem):
        return choices
    before = session.base if session.unsaved and way is None else None
    return RehearsalJob(session.data, str(file), tuple(choices), before, way, line)


def keep_choice(profile: FilePath, choice: ColumnChoice) -> Problem | None:
    """Write what a person says of a column to the file next to a profile."""
    path = companion_path(profile, "columns")
    there = column_choices(None, profile)
    content = read_file(path) if os.path.lexists(path) else None
    if isinstance(there, Problem) or isinstance(content, Problem):
        return there if isinstance(there, Problem) else content  # type: ignore[return-value]
    written = write_file(path, with_choice(content or b"", choice), content_hash(content) if content else None)
    if isinstance(written, WrittenFile):
        return None
    if isinstance(written, Problem):
        return written
    return Problem(f"{plain(path)} was changed by another program meanwhile", "try again")
