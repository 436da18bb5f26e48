"""Noticing that files were changed by other programs: asked for, never by a thread or a timer of its own."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple


class Mark(NamedTuple):
    """By which a changed file is noticed without reading it."""

    modified: int
    size: int
    inode: int


def mark_of(path: str | os.PathLike[str]) -> Mark | None:
    """The mark of a file as it is now, links followed; `None` when there is none."""
    try:
        status = os.stat(path)  # noqa: PTH116 - a text is as good as a path
    except (OSError, ValueError):
        return None
    return Mark(status.st_mtime_ns, status.st_size, status.st_ino)


def modified_at(path: str | os.PathLike[str]) -> str:
    """When a file was written last, in UTC as the journal keeps times; empty when that is not known."""
    mark = mark_of(path)
    try:
        return datetime.fromtimestamp(mark.modified / 1e9, UTC).isoformat(timespec="microseconds") if mark else ""
    except (ValueError, OverflowError, OSError):
        return ""


class Watch:
    """Watches one file. Call `settled` after the program itself wrote it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._mark = mark_of(path)

    def changed(self) -> bool:
        """Whether the file is another than when this was last asked (or settled)."""
        mark = mark_of(self.path)
        changed = mark != self._mark
        self._mark = mark
        return changed

    def settled(self) -> None:
        """The file as it is now is known."""
        self._mark = mark_of(self.path)


class FolderWatch:
    """Watches the `.toml` files of a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._marks = self._now()

    def changed(self) -> set[str]:
        """The names of the files that are new, gone or changed since this was last asked."""
        marks = self._now()
        names = {name for name in marks.keys() | self._marks.keys() if marks.get(name) != self._marks.get(name)}
        self._marks = marks
        return names

    def _now(self) -> dict[str, Mark | None]:
        try:
            with os.scandir(self.folder) as entries:
                return {
                    entry.name: mark_of(entry.path)
                    for entry in entries
                    if entry.name.endswith(".toml") and not entry.name.startswith(".")
                }
        except OSError:
            return {}
