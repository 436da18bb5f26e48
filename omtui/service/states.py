"""`PROFILE@STATE`: what a profile was at a time, when it was last promoted, or in a Git revision of its folder."""

import re
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from omtui.plain_text import plain
from omtui.problem import Problem
from omtui.service.working_copy import ask

if TYPE_CHECKING:
    from omtui.store.journal import ProfileJournal

PROMOTED = "promoted"


def state_of(path: Path, state: str) -> bytes | Problem:
    """The content that a profile's file had."""
    if not state:
        return Problem("behind the @ a state is missing", "write a time, promoted, or a Git revision")
    if state == PROMOTED:
        content = _journal(path).last_promoted()
        return content if content is not None else Problem("nothing was promoted to it on this machine", "name a time")
    moment = _moment(state)
    return _of_revision(path, state) if moment is None else _at(path, moment, state)


def _at(path: Path, moment: datetime, state: str) -> bytes | Problem:
    """The state at a time: as omtui saw it written here, else as Git has it."""
    content = _journal(path).content_at(moment.astimezone(UTC).isoformat(timespec="microseconds"))
    if content is not None:
        return content
    # As seconds: Git reads dates its own way, and those far ahead wrongly.
    seconds = int(min(moment, datetime.now(UTC)).timestamp())
    found = ask(path, "rev-list", "-1", f"--before={seconds}", "HEAD", "--", f"./{path.name}")
    commit = found.strip().decode("ascii", "replace") if isinstance(found, bytes) else ""
    if commit:
        return _of_revision(path, commit)
    return Problem(
        f"nothing is known of it at {plain(state)}", "omtui log shows what was saved here; a Git revision may know more"
    )


def _of_revision(path: Path, revision: str) -> bytes | Problem:
    commit = ask(path, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if isinstance(commit, Problem):
        return commit
    if not commit.strip():
        if ask(path, "rev-parse", "--is-inside-work-tree") == b"":
            return Problem(f"{plain(revision)} is no time, and its folder is no Git working copy", _TIMES)
        return Problem(f"{plain(revision)} is neither a time nor a Git revision here", _TIMES)
    content = ask(path, "cat-file", "blob", f"{commit.strip().decode('ascii', 'replace')}:./{path.name}")
    if isinstance(content, Problem):
        return content
    return content or Problem(f"it is not in revision {plain(revision)}", "git log shows the revisions that have it")


_TIMES = "write a time such as 2026-11-20T08:00, promoted, or a Git revision"


def _moment(text: str) -> datetime | None:
    """A date or a date-time, in the time of this machine unless it says otherwise; `None` for other text.

    What is not said is the last there is: a date is its end, and a time without seconds the end of its minute. So a
    time as the log shows it has what was saved in that second.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if len(text) <= len("2026-11-20"):
        # Revisions such as 20261120 are more likely meant than the date without hyphens.
        if "-" not in text:
            return None
        moment = datetime.combine(moment.date(), time.max)
    elif "." not in text:
        clock = re.split(r"[+\-Z]", text[len("2026-11-20") + 1 :])[0]
        moment = moment.replace(microsecond=999_999, second=59 if clock.count(":") < 2 else moment.second)
    return moment.astimezone()


def _journal(path: Path) -> "ProfileJournal":
    from omtui.store.folders import state_folder
    from omtui.store.journal import Journal

    return Journal(state_folder()).of(path)
