"""Cells of CSV and spreadsheets: no text of a profile may become a formula on somebody's computer.

A text that a spreadsheet would take for a formula gets an apostrophe in front, which spreadsheets do not show. Reading
takes exactly that one away, so that a sheet goes round to the letter.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from omtui.plain_text import plain_lines

_FORMULA = re.compile(r"'*[=+\-@\t\r\n|%]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_PROTECTED = re.compile(r"''*[=+\-@\t\r\n|%]")


def cell(value: object) -> str:
    """A value as the text of a cell that no spreadsheet computes, without characters that cannot be seen."""
    text = plain_lines("" if value is None else value)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def uncell(text: str) -> str:
    """The text that `cell` was given."""
    return text[1:] if _PROTECTED.match(text) else text


def to_csv(rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV for spreadsheets: comma, quotes where needed, CR LF."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([[cell(value) for value in row] for row in rows])
    return out.getvalue()
