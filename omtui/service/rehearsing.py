"""Rehearsals for the workbench: each in a process of its own, which ends with whoever waits for it."""

import asyncio
import os
import pickle
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path as FilePath

from omtui.plain_text import plain
from omtui.problem import Problem, Wrong
from omtui.rehearsal.column_file import with_choice
from omtui.rehearsal.columns import ColumnChoice
from omtui.rehearsal.job import (
    LENGTH,
    LineRules,
    LinesRead,
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

ENDINGS = (".csv", ".csv.gz", ".tsv", ".json", ".json.gz", ".xlsx")


async def rehearse(
    job: RehearsalJob | TraceJob, report: Callable[[int], None] | None = None
) -> RehearsalCounts | WayLines | LineRules | Trace | Problem:
    """Do a job; `report` is called with the lines read so far. When the waiting task is cancelled, the process ends."""
    words = (sys.executable, "-P", "-m", "omtui.rehearsal.child")
    try:
        process = await asyncio.create_subprocess_exec(
            *words,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,  # Ctrl+C of the terminal is for the workbench
        )
    except OSError as error:
        return Problem(f"the rehearsal cannot be started: {error.strerror}", "close other programs and try again")
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(pickle.dumps(job))
        process.stdin.close()
        while True:
            length = int.from_bytes(await process.stdout.readexactly(LENGTH))
            answer = pickle.loads(await process.stdout.readexactly(length))
            if not isinstance(answer, LinesRead):
                assert isinstance(answer, RehearsalCounts | WayLines | LineRules | Trace | Problem)
                return answer
            if report is not None:
                report(answer.lines)
    except (asyncio.IncompleteReadError, ConnectionError):
        return Wrong("the rehearsal ended before it was done", "try a smaller file")
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def job_of(
    session: Session, file: FilePath, way: RequestWay | None = None, line: int | None = None
) -> RehearsalJob | Problem:
    """What is to be judged: the set-up as it is now, with columns as the file next to it says.

    Counts are compared with the set-up as it is on disk, where something is unsaved.
    """
    choices = column_choices(None, session.path)
    if isinstance(choices, Problem):
        return choices
    before = read_file(session.path) if session.unsaved and way is None else None
    if isinstance(before, Problem):
        return before
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
