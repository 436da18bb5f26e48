"""The list of everything: rows of one line, drawn when they are seen, in columns that always fit the screen."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size, Spacing
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

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


SAMPLE = 500
"""How many rows are measured for the width of the columns."""

_LAST = 1_000_000_000
"""Beyond every last row, which is gone to then."""

Row = Sequence[Cell]


class Grid(ScrollView, can_focus=True, inherit_bindings=False):
    """A table of rows under the cursor. What is not seen costs nothing, however many rows there are.

    Columns get the width they need as long as all fit; else wide ones give up room first. `expected` is the width that
    the table will have: with a good guess it is drawn once when its screen appears, and not once more for its size.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"grid--header", "grid--cursor", "grid--hover"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, action, show=False)
        for key, action in (
            ("enter", "select_cursor"),
            ("up", "step(-1)"),
            ("down", "step(1)"),
            ("pageup", "turn(-1)"),
            ("pagedown", "turn(1)"),
            ("home,ctrl+home", "go(0)"),
            ("end,ctrl+end", f"go({_LAST})"),
        )
    ]

    @dataclass
    class RowHighlighted(Message):
        """The cursor is on another row, or its row is another."""

        grid: "Grid"
        cursor_row: int

        @property
        def control(self) -> "Grid":
            """The table."""
            return self.grid

    @dataclass
    class HeadingClicked(Message):
        """The heading of a column was clicked."""

        column: int

    class RowSelected(RowHighlighted):
        """Enter was pressed on a row, or the row under the cursor was clicked."""

    def __init__(self, *, id: str | None = None, header: bool = True, expected: int = 80) -> None:
        super().__init__(id=id)
        self.cursor_row = 0
        self.row_count = 0
        self.widths: list[int] = []
        """How many cells each column has, without a space on either side."""
        self._top = int(header)
        """Lines above the rows."""
        self._expected = expected
        self._shows_cursor = True
        self._hover = self._clicked = -1
        self._columns: tuple[Column, ...] = ()
        self._row_of: Callable[[int], Row] = ().__getitem__
        self._sampled: Sequence[Row] = ()
        self._words: tuple[str, ...] = ()
        self.follow: Callable[[], None] | None = None
        """Called when a key moved the cursor, before the picture: what follows the cursor is drawn with it."""

    def on_mount(self) -> None:
        """Draw it now that it has its styles."""
        self.refresh()

    # What is shown

    def fill(self, columns: Sequence[Column], rows: Sequence[Row], cursor: int = 0) -> None:
        """Show rows. The cursor goes to the row given, or the last one before it."""
        shown = [tuple(row) for row in rows]
        self._fill(columns, len(shown), shown.__getitem__, shown[:: 1 + len(shown) // SAMPLE], cursor)

    def fill_lazily(self, columns: Sequence[Column], count: int, row_of: Callable[[int], Row], cursor: int = 0) -> None:
        """Show very many rows, each made when it is seen. Columns are as wide as the first ones and `room` need."""
        self._fill(columns, count, row_of, [row_of(number) for number in range(min(count, SAMPLE // 5))], cursor)

    def _fill(
        self, columns: Sequence[Column], count: int, row_of: Callable[[int], Row], sampled: Sequence[Row], cursor: int
    ) -> None:
        self._columns, self.row_count, self._row_of, self._sampled = tuple(columns), count, row_of, sampled
        self._fit()
        self.cursor_row = self._within(cursor)
        self.refresh()
        self._follow_cursor()

    def mark_words(self, words: str) -> None:
        """Let these words stand out wherever they are, as a filter found them."""
        self._words = tuple(word for word in words.casefold().split() if not word.startswith("#"))

    def row(self, number: int) -> Row:
        """The cells of a row."""
        return self._row_of(number)

    def redraw(self, number: int) -> None:
        """A row is another now: draw it, if it is seen."""
        if self.scroll_offset.y <= number + self._top <= self.scroll_offset.y + self.size.height:
            self.refresh_line(number + self._top)

    def left_of(self, column: int) -> int:
        """How many cells are before the text of a column."""
        return sum(width + 2 for width in self.widths[:column]) + 1

    def _fit(self) -> None:
        self.widths = self._fitting()
        self.virtual_size = Size(sum(self.widths) + 2 * len(self.widths), self.row_count + self._top)

    def _fitting(self) -> list[int]:
        """Column widths that fit: what each needs, less what the widest ones must give up."""
        needed = [
            max(
                [cell_len(column.title), column.room, *(min(cell_len(row[number].text), 200) for row in self._sampled)],
                default=1,
            )
            for number, column in enumerate(self._columns)
        ]
        room = (self.size.width or self._expected) - 2 * len(self._columns)
        least = [min(need, column.least) for need, column in zip(needed, self._columns, strict=True)]
        while sum(needed) > room:
            spare = [
                (need - low) / column.weight for need, low, column in zip(needed, least, self._columns, strict=True)
            ]
            widest = max(range(len(needed)), key=lambda number: (spare[number], needed[number]))
            if needed[widest] <= least[widest]:
                break
            needed[widest] -= max(1, min(needed[widest] - least[widest], (sum(needed) - room) // 4))
        if needed and sum(needed) < room:
            needed[-1] += room - sum(needed)
        return needed

    def on_resize(self) -> None:
        """Fit the columns to the new width."""
        self._fit()
        self.refresh()
        self.call_after_refresh(self._scroll_back)

    def _scroll_back(self) -> None:
        """Show no room below the last row while rows are hidden above: a window that grew has room for them."""
        if self.scroll_y > self.max_scroll_y:
            self.scroll_to(y=self.max_scroll_y, animate=False)
        self._scroll_to_cursor()

    # Drawing

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a region: what they have in common is looked up once."""
        if "grid--header" not in self._component_styles:
            return [Strip.blank(crop.width)] * crop.height  # it has no styles yet
        base, component = self.rich_style, self.get_component_rich_style
        self._base = base
        self._header = self.get_component_styles("grid--header").rich_style
        self._hovered = base + component("grid--hover")
        self._cursor = component("grid--cursor")
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """A line of the screen."""
        width = self.size.width
        if y < self._top:
            titles = [Cell(column.title, marks=_NONE) for column in self._columns]
            return self._drawn(titles, self._header, Style.null(), width)
        number = y - self._top + self.scroll_offset.y
        if not 0 <= number < self.row_count:
            return Strip.blank(width, self._base)
        before, after = self._hovered if number == self._hover else self._base, Style.null()
        if number == self.cursor_row and self._shows_cursor:
            before, after = before + self._cursor, Style.from_color(self._cursor.color)
        return self._drawn(self._row_of(number), before, after, width)

    def _drawn(self, row: Row, before: Style, after: Style, width: int) -> Strip:
        """Cells in their columns; `before` is below their own styles, `after` above."""
        blank = before + after
        segments: list[Segment] = []
        for cell, room in zip(row, self.widths, strict=False):
            text = plain(cell.text)
            length = cell_len(text)
            if length > room:
                text = text.rstrip()
                if cell_len(text) > room:
                    text = set_cell_size(text, room - 1) + "…"
                length = cell_len(text)
            own = before + Style.parse(cell.style) + after
            segments.append(Segment(" ", blank))
            segments += _marked(text, cell.marks or self._found_in(text), own)
            segments.append(Segment(" " * (room - length + 1), blank))
        return Strip(segments).adjust_cell_length(width, before).simplify()

    def _found_in(self, text: str) -> Sequence[tuple[int, int]]:
        """Where the words of the filter are in a text, from left to right."""
        folded = text.casefold()
        if not self._words or len(folded) != len(text):
            return ()
        return [match.span() for match in re.finditer("|".join(map(re.escape, self._words)), folded)]

    # The cursor

    def show_cursor(self, shows: bool) -> None:
        """Let the row under the cursor stand out, or not."""
        if shows != self._shows_cursor:
            self._shows_cursor = shows
            self.redraw(self.cursor_row)

    def move_cursor(self, row: int, *, by_key: bool = False) -> None:
        """Go to a row, or the nearest one there is."""
        row = self._within(row)
        if row != self.cursor_row:
            self.redraw(self.cursor_row)
            self.cursor_row, self._clicked = row, -1
            self.redraw(row)
            self._follow_cursor(by_key=by_key)

    def _within(self, row: int) -> int:
        return max(0, min(row, self.row_count - 1))

    def _follow_cursor(self, *, by_key: bool = False) -> None:
        if self.size:
            self._scroll_to_cursor()
        else:
            self.call_after_refresh(self._scroll_to_cursor)  # nothing has its size yet
        if by_key and self.follow is not None:
            self.follow()
        elif self.row_count:
            self.post_message(self.RowHighlighted(self, self.cursor_row))

    def _scroll_to_cursor(self) -> None:
        line = Region(0, self.cursor_row + self._top, 1, 1)
        self.scroll_to_region(line, animate=False, spacing=Spacing(self._top, 0, 0, 0), force=True)

    def action_go(self, row: int) -> None:
        """Go to a row by a key: the mouse points at none then."""
        self._point_at(-1)
        self.move_cursor(row, by_key=True)

    def action_step(self, rows: int) -> None:
        """So many rows down, or up."""
        self.action_go(self.cursor_row + rows)

    def action_turn(self, pages: int) -> None:
        """So many pages down, or up."""
        lines = pages * (self.scrollable_content_region.height - self._top)
        self.scroll_relative(y=lines, animate=False, force=True)
        self.action_step(lines)

    def action_select_cursor(self) -> None:
        """Enter: the row under the cursor is meant."""
        if self.row_count:
            self.post_message(self.RowSelected(self, self.cursor_row))

    # The mouse

    def _row_at(self, y: int) -> int:
        """The row in a line of the screen, -1 where there is none."""
        number = y - self._top + self.scroll_offset.y
        return number if y >= self._top and number < self.row_count else -1

    def _point_at(self, row: int) -> None:
        if row != self._hover:
            before, self._hover = self._hover, row
            self.redraw(before)
            self.redraw(row)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The row under the mouse stands out."""
        self._point_at(self._row_at(event.y))

    def on_leave(self) -> None:
        """The mouse is elsewhere."""
        self._point_at(-1)

    def on_click(self, event: events.Click) -> None:
        """The first click on a row moves the cursor there, the second is Enter."""
        row = self._row_at(event.y)
        if event.y < self._top:
            ends = (self.left_of(number + 1) - 1 for number in range(len(self.widths)))
            if (column := next((number for number, end in enumerate(ends) if event.x < end), None)) is not None:
                self.post_message(self.HeadingClicked(column))
        if row < 0:
            return
        event.stop()
        if row == self._clicked:
            self.action_select_cursor()
        self.move_cursor(row)
        self._clicked = row


_NONE: Final = ((0, 0),)
"""Marks nothing, words of a filter included."""


def _marked(text: str, marks: Sequence[tuple[int, int]], style: Style) -> Iterator[Segment]:
    """A text with parts that stand out."""
    at = 0
    for start, end in marks:
        yield Segment(text[at:start], style)
        yield Segment(text[start:end], style + Style.parse(MARKED))
        at = end
    yield Segment(text[at:], style)


MARKED = "bold reverse"
"""A part that stands out, also without colour."""
