"""One sheet as rows of texts, from any kind of file, and how much of a file is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from omtui.problem import Problem

LARGEST: Final = 32_000_000
"""Bytes of a file."""

POD_ENDINGS: Final = (".csv", ".xlsx", ".zip")
"""Of files that were read out of a pod."""

MOST_SHEETS: Final = 50
MOST_COLUMNS: Final = 200

COVER: Final = "Cover"
CONTENTS: Final = "Contents"
LISTS: Final = "Lists"
"""The sheets of a workbook of omtui's that hold nothing of the set-up."""

SIGN_OFF: Final = ("Entered by", "Entered on", "Checked by")
"""Columns that people fill in on paper or in the sheet; nothing of the set-up."""

LONGEST: Final = 32_767
"""Characters in a cell: as many as a spreadsheet takes."""


@dataclass(frozen=True, slots=True)
class CellMark:
    """What is odd about a cell. It matters only where the cell is read."""

    message: str
    fix: str = ""
    """What to do, where the cell's value cannot be known; empty where it was read all the same."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as rows of texts. Rows need not be of one length."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    marks: Mapping[tuple[int, int], CellMark] = field(default_factory=dict)
    """By row and column, both from 0."""


class Budget:
    """How much of one file is read. It grows with the file, so that a small one never takes much.

    People's sheets, and omtui's of generated profiles, have at most 40 rows, 210 cells and 670 elements of XML in
    1,000 bytes of a workbook, and unpack to 15 times its size.
    """

    def __init__(self, size: int, most_cells: int = 1_000_000) -> None:
        self._left = {
            "rows": min(200_000, 8_000 + size // 20),
            "cells": min(most_cells, 30_000 + size * 2 // 5),
            "elements": min(3_000_000, 200_000 + size * 3 // 2),
            "characters": min(16_000_000, 1_000_000 + 20 * size),
            "bytes when it is unpacked": min(60_000_000, 4_000_000 + 40 * size),
        }
        self._most = dict(self._left)

    def spend(self, what: str, count: int = 1) -> Problem | None:
        """Take that much; why not, where it is more than is read of such a file."""
        self._left[what] -= count
        if self._left[what] >= 0:
            return None
        return Problem(f"more than {self._most[what]:,} {what}, too many for a file of this size", "split it")

    def spend_cell(self, text: str) -> Problem | None:
        """Take a cell. The elements of a list count as cells."""
        elements = 1 + text.count(",") + text.count("\n")
        return self.spend("cells", elements) or self.spend("characters", len(text))
