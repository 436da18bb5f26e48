"""Cells, tables and sheets for spreadsheets, as CSV and XLSX: no text becomes a formula on somebody's computer.

A text that a spreadsheet would take for a formula or a number gets an apostrophe in front. Reading takes exactly that
one away, so that a sheet goes round to the letter.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from omtui.documents.model import ReportDocument, text_of
from omtui.plain_text import plain, plain_lines

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_FORMULA = re.compile(r"['\s]*[=+\-@\t\r\n|%]")
_GUARDED = re.compile(rf"'{_FORMULA.pattern}")
_WIDEST = 70


def cell(value: object) -> str:
    """A value as the text of a cell that no spreadsheet computes; what is a number already stays one."""
    if isinstance(value, int | float):
        return str(value)
    text = plain_lines("" if value is None else value)
    return f"'{text}" if _FORMULA.match(text) else text


def uncell(text: str) -> str:
    """The text that `cell` was given."""
    return text[1:] if _GUARDED.match(text) else text


def to_csv(rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV for spreadsheets: comma, quotes where needed, CR LF."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([cell(value) for value in row] for row in rows)
    return out.getvalue()


def tables_csv(document: ReportDocument) -> str:
    """All tables of a document in one CSV, each with its title in front of its columns."""
    rows: list[Sequence[object]] = []
    for title, table in document.tables:
        rows += [[]] if rows else []
        rows += [[title]] if title else []
        rows += [table.columns, *(tuple(map(text_of, row)) for row in table.rows)]
    return to_csv(rows)


def tables_workbook(document: ReportDocument) -> bytes:
    """The tables of a document as a workbook, one sheet a table."""
    book = empty_book()
    for title, table in document.tables:
        sheet = book.create_sheet(sheet_name(title, book.sheetnames))
        rows = [table.columns, *(tuple(map(text_of, row)) for row in table.rows)]
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                put(sheet, number, column, value, bold=number == 1)
        set_widths(sheet, rows)
        sheet.freeze_panes = "A2"
    if not book.sheetnames:
        book.create_sheet("Empty")
    return book_bytes(book)


def empty_book() -> Workbook:
    """A workbook without a sheet."""
    from openpyxl import Workbook

    book = Workbook()
    book.properties.creator = "omtui"
    for name in book.sheetnames:
        del book[name]
    return book


def book_bytes(book: Workbook) -> bytes:
    """A workbook as the bytes of an XLSX file."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def put(sheet: Worksheet, row: int, column: int, value: str, *, bold: bool = False, size: int = 11) -> None:
    """Write a text into a cell: never a formula."""
    from openpyxl.styles import Alignment, Font

    if not value:
        return
    here = sheet.cell(row, column)
    here.value = cell(value)
    here.data_type = "s"  # it is a text, even if it looks like a number
    here.alignment = Alignment(wrap_text=True, vertical="top")
    if bold or size != 11:
        here.font = Font(bold=bold, size=size)


def set_widths(sheet: Worksheet, rows: Iterable[Sequence[str]]) -> None:
    """Make columns as wide as the texts in them."""
    from openpyxl.utils import get_column_letter

    widths: dict[int, int] = {}
    for row in rows:
        for column, value in enumerate(row, 1):
            if value:
                widest = max(map(len, value.split("\n")))
                widths[column] = min(_WIDEST, max(widths.get(column, 8), widest + 3))
    for column, width in widths.items():
        sheet.column_dimensions[get_column_letter(column)].width = width


def sheet_name(title: str, taken: Sequence[str]) -> str:
    """A title as a spreadsheet takes it: at most 31 characters, no brackets, slashes, colons, and never twice."""
    name = "".join("-" if letter in "[]:*?/\\" else letter for letter in plain(title))[:31].strip("'") or "Sheet"
    number = 2
    unique = name
    while unique.casefold() in {each.casefold() for each in taken}:
        unique = f"{name[:27]} {number}"
        number += 1
    return unique
