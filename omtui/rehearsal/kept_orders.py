"""The columns of an orders file that are kept while it is in hand: each distinct cell once, and its code for each line.

Kept is what the rules read and what names a line. Of more distinct cells than `MOST_CELLS` nothing is kept: then the
file is read again for each question, and memory does not grow with it.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import repeat
from typing import Final

from omtui.problem import Wrong
from omtui.rehearsal.orders import CHUNK, Orders, Rows

MOST_CELLS: Final = 4_000_000
"""Distinct cells of all columns together."""
MOST_LINES: Final = 20_000_000
SAMPLES: Final = 3
"""How many first rows are kept with all their cells, to show what is in a column."""

_WIDER: Final = {"B": (1 << 8, "H"), "H": (1 << 16, "I")}
"""How many codes an array of each type has room for, and the type of the next."""


class _Codes(dict[object, int]):
    """The code of each distinct cell, given when it is first seen."""

    def __init__(self, cells: list[object]) -> None:
        super().__init__()
        self._cells = cells

    def __missing__(self, cell: object) -> int:
        code = self[cell] = len(self._cells)
        self._cells.append(cell)
        return code


class KeptColumn:
    """One column: its distinct cells, and for each line the place of its cell among them."""

    def __init__(self) -> None:
        self.cells: list[object] = []
        self.codes = array("B")
        self._codes = _Codes(self.cells)
        self._typed: dict[object, int] = {}

    def add(self, cells: Sequence[object], *, is_typed: bool) -> None:
        """Take in the cells of some lines."""
        found = list(map(self._typed_code if is_typed else self._codes.__getitem__, cells))
        while (room := _WIDER.get(self.codes.typecode)) is not None and len(self.cells) > room[0]:
            self.codes = array(room[1], self.codes)
        self.codes.extend(found)

    def _typed_code(self, cell: object) -> int:
        """By its type, too: 1, 1.0 and `True` are equal in Python."""
        if isinstance(cell, str):
            return self._codes[cell]
        key = type(cell), repr(cell)
        code = self._typed.get(key)
        if code is None:
            code = self._typed[key] = len(self.cells)
            self.cells.append(cell)
        return code

    def close(self) -> None:
        """Forget what only the reading needs."""
        self._codes.clear()
        self._typed.clear()

    def some(self, first: int, end: int) -> Iterable[object]:
        """The cells of some lines."""
        return map(self.cells.__getitem__, self.codes[first:end])


class KeptOrders:
    """The lines of a file as columns."""

    def __init__(self, orders: Orders, indexes: Iterable[int]) -> None:
        """`indexes` are the columns that are kept."""
        self.headings = orders.headings
        self.columns = {index: KeptColumn() for index in indexes}
        self.odd: dict[int, Sequence[object]] = {}
        """The rows whose width is not the heading's, by number."""
        self.samples: list[Sequence[object]] = []
        self.lines = 0
        self.is_too_much = False
        self.problem: Wrong | None = None
        self._orders = orders

    def keeping(self) -> Orders:
        """The file; what is read of it is kept."""
        return replace(self._orders, chunks=self._read(self._orders.chunks), notes=self._orders.notes)

    def again(self) -> Orders:
        """The same lines as they are kept; cells of other columns are empty."""
        return replace(self._orders, chunks=self._chunks(), notes=self._orders.notes)

    def _read(self, chunks: Iterator[Rows | Wrong]) -> Iterator[Rows | Wrong]:
        for chunk in chunks:
            if isinstance(chunk, Wrong):
                self.problem = chunk
            else:
                self.samples += chunk[: max(0, SAMPLES - self.lines)]
                if not self.is_too_much:
                    self._keep(chunk)
                self.lines += len(chunk)
            yield chunk
        for column in self.columns.values():
            column.close()

    def _keep(self, chunk: Rows) -> None:
        width = len(self.headings)
        whole: list[Sequence[object]] = []
        for at, row in enumerate(chunk):
            if len(row) == width:
                whole.append(row)
            else:
                whole.append([""] * width)
                self.odd[self.lines + at] = [cell if index in self.columns else "" for index, cell in enumerate(row)]
        cells = list(zip(*whole, strict=True))
        for index, column in self.columns.items():
            column.add(cells[index], is_typed=self._orders.is_typed)
        kept = sum(len(column.cells) for column in self.columns.values()) + len(self.odd) * width
        if kept > MOST_CELLS or self.lines > MOST_LINES:
            self.is_too_much = True
            self.columns = {index: KeptColumn() for index in self.columns}
            self.odd = {}

    def _chunks(self) -> Iterator[Rows | Wrong]:
        for first in range(0, self.lines, CHUNK):
            end = min(first + CHUNK, self.lines)
            empty = repeat("", end - first)
            cells = (self.columns[at].some(first, end) if at in self.columns else empty
                     for at in range(len(self.headings)))  # fmt: skip
            rows: Rows = list(zip(*(list(each) for each in cells), strict=True))
            for number in range(first, end) if self.odd else ():
                if number in self.odd:
                    rows[number - first] = self.odd[number]
            yield rows
        if self.problem is not None:
            yield self.problem

    def row(self, number: int) -> Sequence[object]:
        """One line by its number from 0."""
        if number in self.odd:
            return self.odd[number]
        kept = self.columns
        return [kept[at].cells[kept[at].codes[number]] if at in kept else "" for at in range(len(self.headings))]
