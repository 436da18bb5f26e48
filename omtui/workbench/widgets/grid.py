"""The list of everything: a data table whose columns always fit the screen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.coordinate import Coordinate
from textual.timer import Timer
from textual.widgets import DataTable

from omtui.plain_text import plain


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, the least width it needs to make sense, and how much of spare room it takes."""

    title: str
    least: int = 6
    weight: int = 1
    room: int = 0
    """The width it gets in any case, for cells that come later."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: text from anywhere (shown without markup or control characters) and a style of our own."""

    text: str
    style: str = ""
    marks: tuple[tuple[int, int], ...] = ()
    """Where parts of the text stand out: their starts and ends."""


AT_ONCE, AT_A_TIME = 100, 25
"""How many rows of very many are drawn first, and then at a time: what takes a hundredth of a second."""

PAUSE = 0.03
"""Seconds between two times: keys are answered there."""


class Grid(DataTable[Text]):
    """A table of rows under the cursor, cheap to move in: only the two rows that changed are written.

    Columns get the width they need as long as all fit; else wide ones give up room first. `expected` is the width that
    the table will have: with a good guess it is drawn once when its screen appears, and not once more for its size.
    """

    def __init__(self, *, id: str | None = None, header: bool = True, expected: int = 80) -> None:
        super().__init__(id=id, cursor_type="row", show_header=header, show_row_labels=False, cell_padding=1)
        self._expected = expected
        self._columns: tuple[Column, ...] = ()
        self._rows: list[tuple[Cell, ...]] = []
        self._coming: Iterator[Sequence[Cell]] = iter(())
        self._bringing: Timer | None = None

    def fill_bit_by_bit(self, columns: Sequence[Column], rows: Iterator[Sequence[Cell]], cursor: int = 0) -> None:
        """Show very many rows: the first ones now, the others in between what a person does.

        A row is made when its turn comes. Columns get the width that the first rows and their own `room` need.
        """
        self._columns, self._coming = tuple(columns), rows
        self._rows = [tuple(row) for row in islice(rows, max(AT_ONCE, cursor + 1))]
        self._build(cursor)
        if self._bringing is None:
            self._bringing = self.set_interval(PAUSE, self._bring)

    def _bring(self) -> None:
        more = [tuple(row) for row in islice(self._coming, AT_A_TIME)]
        for row in more:
            self._rows.append(row)
            self.add_row(*(_drawn(cell) for cell in row))
        if not more and self._bringing is not None:
            self._bringing.stop()
            self._bringing = None

    def put(self, number: int, row: Sequence[Cell]) -> None:
        """Show a row as it is now, in columns as wide as they are; one that is not there yet comes in its turn."""
        if number >= len(self._rows):
            return
        old, self._rows[number] = self._rows[number], tuple(row)
        for place, (cell, was) in enumerate(zip(row, old, strict=True)):
            if cell != was:
                self.update_cell_at(Coordinate(number, place), _drawn(cell))

    def fill(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], cursor: int = 0) -> None:
        """Show rows. The cursor goes to the row given, or the last one before it."""
        self._coming = iter(())
        shown = [tuple(row) for row in rows]
        if tuple(columns) == self._columns and shown == self._rows:
            self._go(cursor)
            return
        same_widths = tuple(columns) == self._columns
        before = self._widths() if same_widths else []
        self._columns, old, self._rows = tuple(columns), self._rows, shown
        if same_widths and len(old) == len(shown) and before == self._widths():
            for number, row in enumerate(shown):
                for place, (cell, was) in enumerate(zip(row, old[number], strict=True)):
                    if cell != was:
                        self.update_cell_at(Coordinate(number, place), _drawn(cell))
            self._go(cursor)
            return
        self._build(cursor)

    def _build(self, cursor: int) -> None:
        top = self.scroll_y
        self.clear(columns=True)
        for column, width in zip(self._columns, self._widths(), strict=True):
            self.add_column(Text(plain(column.title), no_wrap=True, overflow="ellipsis"), width=width)
        for row in self._rows:
            self.add_row(*(_drawn(cell) for cell in row))
        self._go(cursor)
        self.scroll_to(y=top, animate=False)

    def _go(self, cursor: int) -> None:
        if self._rows:
            self.move_cursor(row=max(0, min(cursor, len(self._rows) - 1)), animate=False)

    def _widths(self) -> list[int]:
        """Column widths that fit: what each needs, less what the widest ones must give up."""
        sample = self._rows if len(self._rows) <= 500 else self._rows[:: len(self._rows) // 500]
        wanted = [
            max(
                [cell_len(column.title), column.room, *(min(cell_len(row[number].text), 200) for row in sample)],
                default=1,
            )
            for number, column in enumerate(self._columns)
        ]
        room = (self.size.width or self._expected) - 2 * len(self._columns)
        least = [min(want, column.least) for want, column in zip(wanted, self._columns, strict=True)]
        while sum(wanted) > room:
            spare = [
                (want - low) / column.weight for want, low, column in zip(wanted, least, self._columns, strict=True)
            ]
            widest = max(range(len(wanted)), key=lambda number: (spare[number], wanted[number]))
            if wanted[widest] <= least[widest]:
                break
            wanted[widest] -= max(1, min(wanted[widest] - least[widest], (sum(wanted) - room) // 4))
        if wanted and sum(wanted) < room:
            wanted[-1] += room - sum(wanted)
        return wanted

    def action_scroll_home(self) -> None:
        """Home: the first row."""
        self.action_scroll_top()

    def action_scroll_end(self) -> None:
        """End: the last row."""
        self.action_scroll_bottom()

    def action_cursor_left(self) -> None:
        """Nothing stands to the left of what is shown."""

    def action_cursor_right(self) -> None:
        """Nothing stands to the right of what is shown."""

    def on_resize(self, event: events.Resize) -> None:
        """Fit the columns to the new width."""
        if self._columns and [column.width for column in self.columns.values()] != self._widths():
            self._build(self.cursor_row)
        self.call_after_refresh(self._scroll_back)

    def _scroll_back(self) -> None:
        """Show no room below the last row while rows are hidden above: a window that grew has room for them."""
        if self.scroll_y > self.max_scroll_y:
            self.scroll_to(y=self.max_scroll_y, animate=False)


def _drawn(cell: Cell) -> Text:
    text = Text(plain(cell.text), style=cell.style, no_wrap=True, overflow="ellipsis", end="")
    for start, end in cell.marks:
        text.stylize(MARKED, start, end)
    return text


MARKED = "bold reverse"
"""A part that stands out, also without colour."""
