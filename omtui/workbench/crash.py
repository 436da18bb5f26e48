"""When omtui itself is wrong: a report without values, and a sentence for the person."""

import os
import traceback
from datetime import UTC, datetime

from omtui import __version__
from omtui.store.folders import state_folder


def keep_report(error: BaseException) -> str:
    """Keep where it happened in a file of the state folder; what to tell the person.

    Only files, lines and function names are kept: messages and variables could hold what someone typed.
    """
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"omtui {__version__} {datetime.now(UTC).isoformat(timespec='seconds')}", f"{type(error).__name__}"]
    lines += [f"  {os.path.basename(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]  # noqa: PTH119
    folder = state_folder()
    path = folder / f"crash-{datetime.now(UTC):%Y%m%d-%H%M%S}.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError:
        return "omtui stopped: " + "; ".join(lines[1:])[-400:]
    return f"omtui stopped on a fault of its own ({type(error).__name__}). Your changes are kept. The report: {path}"
