"""Tables as Markdown, HTML, CSV and XLSX: the form of hand-outs and comparisons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Literal

from omtui.compare.difference_report import markdown_text
from omtui.documents.cells import cell, to_csv
from omtui.documents.page import page, shown, shown_lines
from omtui.plain_text import plain

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Format = Literal["md", "html", "csv", "xlsx"]
FORMATS: tuple[Format, ...] = ("md", "html", "csv", "xlsx")

_WIDEST = 70

_SHORT = 14
"""Columns of a page whose cells are no longer than this are never broken."""


@dataclass(frozen=True, slots=True)
class TableSheet:
    """One table: a title, the names of its columns, and rows of as many texts. A cell may have lines."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = "nothing"
    """What is shown when there are no rows."""


@dataclass(frozen=True, slots=True)
class Tables:
    """A document of tables. `notes` are sentences of our own below the title."""

    title: str
    notes: tuple[str, ...]
    sheets: tuple[TableSheet, ...]


def render(tables: Tables, form: Format) -> bytes:
    """The document in one of its formats."""
    if form == "xlsx":
        return to_xlsx(tables)
    text = {"md": to_markdown, "html": to_html, "csv": to_one_csv}[form](tables)
    return text.encode("utf-8-sig" if form == "csv" else "utf-8")


def to_markdown(tables: Tables) -> str:
    """The document as Markdown."""
    lines = [f"# {markdown_text(tables.title)}"]
    for note in tables.notes:
        lines += ["", markdown_text(note)]
    for sheet in tables.sheets:
        lines += ["", f"## {markdown_text(sheet.title)}", ""]
        if not sheet.rows:
            lines.append(f"*{sheet.empty}*")
            continue
        lines.append(f"| {' | '.join(map(markdown_text, sheet.columns))} |")
        lines.append(f"| {' | '.join('---' for _ in sheet.columns)} |")
        lines += [f"| {' | '.join(_markdown_cell(value) for value in row)} |" for row in sheet.rows]
    return "\n".join(lines) + "\n"


def to_html(tables: Tables) -> str:
    """The document as one page."""
    body = [f"<h1>{shown(tables.title)}</h1>", *(f'<p class="pale">{shown(note)}</p>' for note in tables.notes)]
    for sheet in tables.sheets:
        body.append(f"<h2>{shown(sheet.title)}</h2>")
        if not sheet.rows:
            body.append(f'<p class="pale">{shown(sheet.empty)}</p>')
            continue
        head = "".join(f"<th>{shown(name)}</th>" for name in sheet.columns)
        short = [all(len(row[n]) <= _SHORT for row in sheet.rows) for n in range(len(sheet.columns))]
        rows = "".join(f"<tr>{''.join(map(_html_cell, row, short))}</tr>\n" for row in sheet.rows)
        body.append(f"<table><thead><tr>{head}</tr></thead><tbody>\n{rows}</tbody></table>")
    return page(tables.title, body, wide=True)


def to_one_csv(tables: Tables) -> str:
    """All tables in one CSV, each with its title in front of its columns."""
    rows: list[Sequence[object]] = []
    for sheet in tables.sheets:
        rows += [[], [sheet.title]] if rows else [[sheet.title]]
        rows += [sheet.columns, *sheet.rows]
    return to_csv(rows)


def to_xlsx(tables: Tables) -> bytes:
    """The document as a workbook, one sheet a table."""
    from openpyxl import Workbook

    book = Workbook()
    book.properties.creator = "omtui"
    for name in book.sheetnames:
        del book[name]
    for sheet in tables.sheets:
        worksheet = book.create_sheet(sheet_name(sheet.title, book.sheetnames))
        write_rows(worksheet, [sheet.columns, *sheet.rows], heads=(1,))
        worksheet.freeze_panes = "A2"
    if not tables.sheets:
        book.create_sheet("Empty")
    return saved(book)


def saved(book: object) -> bytes:
    """A workbook as the bytes of its file."""
    out = BytesIO()
    book.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def write_rows(sheet: Worksheet, rows: Sequence[Sequence[object]], heads: Sequence[int]) -> None:
    """Put rows of texts into a sheet: never a formula, heads in bold, columns as wide as what is in them."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    widths: dict[int, int] = {}
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            if value in (None, ""):
                continue
            text = cell(value)
            here = sheet.cell(number, column)
            here.value = text
            here.data_type = "s"  # it is a text, even if it looks like a number
            here.alignment = Alignment(wrap_text=True, vertical="top")
            if number in heads:
                here.font = Font(bold=True)
            widest = max(map(len, text.split("\n")))
            widths[column] = min(_WIDEST, max(widths.get(column, 8), widest + 2))
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


def _markdown_cell(value: str) -> str:
    return "<br>".join(markdown_text(line) for line in value.split("\n"))


def _html_cell(value: str, short: bool) -> str:
    """A cell. Names and addresses may be broken at their dots and hyphens; short columns are not broken at all."""
    words = [value] if value in ("same", "other", "missing") else []
    words += ["short"] if short else []
    mark = f' class="{" ".join(words)}"' if words else ""
    return f"<td{mark}>{_BREAKS.sub(_BREAK, shown_lines(value))}</td>"


_BREAKS = re.compile(r"(?<=\w[._/@:\[\-])(?=\w)")
_BREAK = "<wbr>"
