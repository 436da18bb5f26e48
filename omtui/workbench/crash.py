"""When omtui itself is wrong: a report without the values of variables, and a sentence for the person."""

import os
import tempfile
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import PurePath

from textual.worker import WorkerFailed

from omtui import __version__
from omtui.credentials.redact import MARK, redact
from omtui.plain_text import plain
from omtui.store.folders import state_folder

_LONGEST = 500
"""Characters of an exception's message: one that quotes a whole file is cut."""


def keep_report(error: BaseException) -> str:
    """Keep what happened and where in a file of the state folder, for its owner only; what to say to the person.

    For each exception that led to it: its message, then files, lines and functions. No values of variables, and no
    message that passed through code which has to do with secrets.
    """
    chain = list(_chain(error))
    lines = [f"omtui {__version__} {datetime.now(UTC).isoformat(timespec='seconds')}"]
    for each in chain:
        lines.append(f"{type(each).__name__}: {_message(each)}")
        frames = traceback.extract_tb(each.__traceback__)
        lines += [f"  {PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    said = f"{type(chain[0]).__name__}: {_message(chain[0])}"
    folder = state_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        number, path = tempfile.mkstemp(".txt", f"crash-{datetime.now(UTC):%Y%m%d-%H%M%S}-", folder)
        with os.fdopen(number, "w", encoding="utf-8", errors="replace") as file:
            file.write("\n".join(lines) + "\n")
    except OSError:
        return "omtui stopped: " + "; ".join(lines[1:])[-400:]
    return f"omtui stopped on a fault of its own ({said}). Your changes are kept. The report: {path}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception that a person has to look at first, then those that led to it."""
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        if isinstance(found, WorkerFailed):  # what the worker stopped on says more
            found = found.error
            continue
        yield found
        found = found.__cause__ or found.__context__


def _message(error: BaseException) -> str:
    """What an exception says, on one line; hidden when a function it came through handles secrets."""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        of = str(frame.f_globals.get("__name__"))
        if "Secret" in frame.f_globals or of.startswith("omtui.credentials"):
            return MARK
    text = plain(redact(str(error)))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
