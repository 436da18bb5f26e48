"""One sheet as rows of texts, whatever file it is from, and how much of a file is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

LARGEST: Final = 32_000_000
"""Bytes of a file."""

MOST_SHEETS: Final = 50
MOST_ROWS: Final = 50_000
"""Of all sheets together, counted with the empty ones between."""

MOST_COLUMNS: Final = 200
MOST_CELLS: Final = 400_000
MOST_CHARACTERS: Final = 8_000_000
"""In all cells together."""

LONGEST: Final = 32_767
"""Characters in a cell: as many as a spreadsheet takes."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What is odd about a cell. It matters only where the cell is read."""

    message: str
    fix: str = ""
    """What to do, where the cell's value cannot be known; empty where it was read all the same."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as rows of texts. Rows need not be of one length."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    marks: Mapping[tuple[int, int], Mark] = field(default_factory=dict)
    """By row and column, both from 0."""


@dataclass(frozen=True, slots=True)
class NotSheets:
    """Why a file cannot be read as sheets."""

    message: str
    fix: str


class Budget:
    """Counts what was kept of one file."""

    def __init__(self) -> None:
        self.rows = self.cells = self.characters = 0

    def spent(self, *, rows: int = 0, cells: int = 0, characters: int = 0) -> NotSheets | None:
        """Take that much; why not, where it is more than is read of a file."""
        self.rows += rows
        self.cells += cells
        self.characters += characters
        for count, most, what in (
            (self.rows, MOST_ROWS, "rows"),
            (self.cells, MOST_CELLS, "cells"),
            (self.characters, MOST_CHARACTERS, "characters"),
        ):
            if count > most:
                return NotSheets(f"the file has more than {most:,} {what}; no more are read", "split it")
        return None
