"""Tables of text for a terminal: columns stay straight with wide characters, and nothing is cut off."""

from collections.abc import Sequence

from omtui.text_width import padded, width_of, wrapped

GAP = 2
NARROWEST_COLUMN = 6
"""Where columns would be narrower, a record is laid out one field a line."""


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], width: int | None) -> list[str]:
    """The lines of a table: the headings first, each row on as many lines as it needs.

    Without a width each row is one line. Empty columns are left out.
    """
    laid_out = Columns(headings, rows, width)
    return [*laid_out.heads(), *(line for row in rows for line in laid_out.row(row))]


class Columns:
    """The columns of a table, as its first rows need them; more rows may follow."""

    def __init__(
        self, headings: Sequence[str], rows: Sequence[Sequence[str]], width: int | None, *, all_columns: bool = False
    ) -> None:
        self._shown = [n for n in range(len(headings)) if all_columns or any(row[n] for row in rows)]
        self._headings = [headings[number] for number in self._shown]
        self._width = width
        shown = [self._headings, *([row[number] for number in self._shown] for row in rows)]
        natural = [max(width_of(row[number]) for row in shown) for number in range(len(self._shown))]
        self._widths = natural if width is None else _fitted(natural, width)
        self._is_first = True

    def heads(self) -> list[str]:
        """The line of headings."""
        return [] if self._widths is None else self._lines(self._headings, self._widths)

    def row(self, row: Sequence[str]) -> list[str]:
        """The lines of a row."""
        cells = [row[number] for number in self._shown]
        if self._widths is not None:
            return self._lines(cells, self._widths)
        lines = [] if self._is_first else [""]
        self._is_first = False
        return [*lines, *_one_field_a_line(self._headings, cells, self._width or 80)]

    def _lines(self, row: Sequence[str], widths: Sequence[int]) -> list[str]:
        whole = self._width is None
        broken = [[cell] if whole else wrapped(cell, columns) for cell, columns in zip(row, widths, strict=True)]
        lines = []
        for number in range(max((len(cell) for cell in broken), default=0)):
            cells = [cell[number] if number < len(cell) else "" for cell in broken]
            lines.append(
                "".join(padded(cell, columns + GAP) for cell, columns in zip(cells, widths, strict=True)).rstrip()
            )
        return lines


def _fitted(natural: list[int], width: int) -> list[int] | None:
    """The widths of columns that fit, the widest shortened first; `None` where they would be too narrow."""
    left = width - GAP * (len(natural) - 1)
    if sum(natural) <= left:
        return natural
    cap = max(natural)
    while sum(min(each, cap) for each in natural) > left:
        cap -= 1
        if cap < NARROWEST_COLUMN:
            return None
    return [min(each, cap) for each in natural]


def _one_field_a_line(headings: Sequence[str], row: Sequence[str], width: int) -> list[str]:
    margin = min(max(map(width_of, headings)), width // 2) + GAP
    lines: list[str] = []
    for heading, cell in zip(headings, row, strict=True):
        if cell:
            first, *rest = wrapped(cell, width - margin)
            lines.append(padded(heading, margin) + first)
            lines += [" " * margin + each for each in rest]
    return lines
