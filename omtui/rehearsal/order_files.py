"""Files of orders, and the file that says what their columns are. They are read and never written."""

from collections.abc import Callable
from pathlib import Path
from typing import IO, NamedTuple

from omtui.plain_text import plain
from omtui.problem import Wrong
from omtui.rehearsal.column_file import read_choices
from omtui.rehearsal.columns import ColumnChoice
from omtui.store.library import companion_path


class OrderFile(NamedTuple):
    """A file that can be opened more than once: its name, how, and its size."""

    name: str
    open: Callable[[], IO[bytes]]
    size: int | None


def order_file(path: Path) -> OrderFile | Wrong:
    """A file of orders."""
    try:
        size = path.stat().st_size
        if path.is_dir():
            return Wrong(f"{plain(path)} is a folder", "name files of orders")
    except (OSError, ValueError) as error:
        return Wrong(f"{plain(path)} cannot be read: {getattr(error, 'strerror', error)}", "name a file of orders")
    return OrderFile(path.name, lambda: path.open("rb"), size)


def column_choices(named: Path | None, profile: Path | None) -> list[ColumnChoice] | Wrong:
    """What the file that is named says of columns; else the one next to the profile, if there is one."""
    path = named or (companion_path(profile, "columns") if profile else None)
    if path is None or (named is None and not path.exists()):
        return []
    try:
        return read_choices(path.read_bytes(), path.name)
    except OSError as error:
        return Wrong(f"{plain(path)} cannot be read: {error.strerror}", "name a mapping file")
