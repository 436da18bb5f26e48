"""An orders file that is being read: its headings and its rows, within limits. Nothing of it is stored."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from omtui.problem import Wrong

CHUNK: Final = 256
"""How many rows come in one go: as many as are judged in one go."""

LARGEST_CELL: Final = 64 * 1024
"""Characters."""
LARGEST_ROW: Final = 1024 * 1024
"""Bytes."""
MOST_COLUMNS: Final = 2_000
MOST_INFLATED: Final = 200
"""How many times its size a compressed file may hold."""
LARGEST_ORDER: Final = 16 * 1024 * 1024
"""Characters of one order in JSON, with all its lines."""
DEEPEST: Final = 50
LARGEST_INPUT: Final = 256 * 1024 * 1024
"""Bytes of JSON on standard input, which is read twice."""

DELIMITERS: Final = ",;\t|"

Rows = list[Sequence[object]]


@dataclass
class Orders:
    """An orders file that is being read: its headings, and its rows in chunks; a problem ends them."""

    name: str
    headings: tuple[str, ...]
    chunks: Iterator[Rows | Wrong]
    notes: list[str] = field(default_factory=list)
    """What the reader should know of the file. Complete when the chunks are."""
    is_typed: bool = False
    """Whether cells have types of their own, as in JSON and workbooks."""
    first_line: int = 2
    """The line of the first row in the file. In JSON and workbooks lines are rows, counted from 1."""
    share: Callable[[], float] | None = None
    """Which part of the file was read, from 0 to 1; where that is known."""
