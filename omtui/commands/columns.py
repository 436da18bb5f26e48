"""Tables of text for a terminal: columns stay straight with wide characters, and nothing is cut off."""

import unicodedata
from collections.abc import Sequence

GAP = 2
NARROWEST_COLUMN = 6
"""Where columns would be narrower, a record is laid out one field a line."""


def width_of(text: str) -> int:
    """The columns a text takes on a terminal: two for wide characters, none for combining ones."""
    return len(text) if text.isascii() else sum(map(_width_of_letter, text))


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


def padded(text: str, columns: int) -> str:
    """A text with blanks up to so many columns."""
    return text + " " * (columns - width_of(text))


def wrapped(text: str, columns: int) -> list[str]:
    """A text broken into lines of at most so many columns, at blanks where that is possible."""
    if width_of(text) <= columns:
        return [text]
    lines = []
    line = ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if width_of(joined) <= columns:
            line = joined
            continue
        if line:
            lines.append(line)
        while width_of(word) > columns:
            head = _head(word, columns)
            lines.append(word[:head])
            word = word[head:]
        line = word
    return [*lines, line] if line or not lines else lines


def _head(word: str, columns: int) -> int:
    """How many characters of a word fit; at least one."""
    taken = 0
    for number, letter in enumerate(word):
        taken += _width_of_letter(letter)
        if taken > columns:
            return max(number, 1)
    return len(word)


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


def _width_of_letter(letter: str) -> int:
    if letter < "\u0300":
        return 1
    if unicodedata.east_asian_width(letter) in "WF":
        return 2
    return 0 if unicodedata.category(letter) in ("Mn", "Me", "Cf") else 1
