"""Sheets as the bytes of a workbook or of CSV, and back. A file may come from anywhere: everything is bounded."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from omtui.documents.cells import to_csv
from omtui.documents.sheets import Sheet
from omtui.documents.sheets_reading import MOST_COLUMNS, MOST_ROWS
from omtui.documents.tables import saved, sheet_name, write_rows
from omtui.plain_text import plain

LARGEST: Final = 32_000_000
"""Bytes of a file."""

MOST_UNPACKED: Final = 200_000_000
MOST_SHEETS: Final = 50


@dataclass(frozen=True, slots=True)
class NotSheets:
    """Why a file cannot be read as sheets."""

    message: str
    fix: str


def to_workbook(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as an XLSX file: texts only, the heads of blocks in bold."""
    from openpyxl import Workbook

    book = Workbook()
    for name in book.sheetnames:
        del book[name]
    for sheet in sheets:
        written = book.create_sheet(sheet_name(sheet.name, book.sheetnames))
        write_rows(written, sheet.rows, heads=_heads(sheet.rows))
    return saved(book)


def to_csv_files(sheets: Sequence[Sheet]) -> dict[str, bytes]:
    """Each sheet as a CSV file for spreadsheets, by the sheet's name."""
    return {sheet.name: to_csv(sheet.rows).encode("utf-8-sig") for sheet in sheets}


def to_one_csv(sheets: Sequence[Sheet]) -> bytes:
    """All sheets in one CSV file, an empty line between them."""
    rows: list[Sequence[object]] = []
    for sheet in sheets:
        rows += [*sheet.rows, ()]
    return to_csv(rows).encode("utf-8-sig")


def read_sheets(content: bytes, name: str) -> list[Sheet] | NotSheets:
    """The sheets of a workbook or of one CSV file. `name` is what a CSV's sheet is called."""
    if len(content) > LARGEST:
        return NotSheets(f"the file has {len(content):,} bytes; {LARGEST:,} are read", "split it")
    if content[:4] == b"PK\x03\x04":
        return _of_workbook(content)
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return NotSheets(
            "this is a workbook of the old kind, or one with a password", "save it as XLSX without a password"
        )
    return _of_csv(content, name)


def _of_workbook(content: bytes) -> list[Sheet] | NotSheets:
    from xml.etree.ElementTree import ParseError

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    damaged = NotSheets("the workbook is damaged", "open it in a spreadsheet and save it again")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(each.file_size for each in packed.infolist()) > MOST_UNPACKED:
                return NotSheets("the workbook unpacks to more than can be read", "split it")
            if "xl/workbook.xml" not in packed.namelist():
                return NotSheets("this is no workbook", "save it as XLSX, or as CSV")
            if any(_declares_entities(packed, each) for each in packed.infolist()):
                return NotSheets("the workbook holds what no spreadsheet writes", "save it again as XLSX")
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        if len(book.worksheets) > MOST_SHEETS:
            return NotSheets(f"the workbook has {len(book.worksheets)} sheets; {MOST_SHEETS} are read", "split it")
        sheets = []
        for written in book.worksheets:
            read = _of_worksheet(written)
            if isinstance(read, NotSheets):
                return read
            sheets.append(Sheet(str(written.title), tuple(read)))
        return sheets
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        InvalidFileException,
        ParseError,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
    ):
        return damaged  # openpyxl tells a damaged file by whatever went wrong first


def _declares_entities(packed: zipfile.ZipFile, each: zipfile.ZipInfo) -> bool:
    """Whether a part declares a document type: the way to entities that grow without bound."""
    if not each.filename.endswith((".xml", ".rels")):
        return False
    with packed.open(each) as part:
        return b"<!DOCTYPE" in part.read(4_096) or b"<!ENTITY" in part.read(0)


def _of_worksheet(written: Any) -> list[tuple[str, ...]] | NotSheets:
    found: list[tuple[str, ...]] = []
    for number, row in enumerate(written.iter_rows(max_col=MOST_COLUMNS, max_row=MOST_ROWS + 1), 1):
        if number > MOST_ROWS:
            return NotSheets(f"the sheet {plain(written.title)} has too many rows", f"up to {MOST_ROWS:,} are read")
        texts = []
        for cell in row:
            if getattr(cell, "data_type", "") in ("f", "e"):
                where = plain(f"{written.title}, {cell.coordinate}")
                return NotSheets(f"{where}: a formula or an error stands in the cell", "replace it by its value")
            texts.append(_text(cell.value))
        while texts and not texts[-1]:
            texts.pop()
        found.append(tuple(texts))
    while found and not found[-1]:
        found.pop()
    return found


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value).replace("\r\n", "\n").replace("_x000D_", "")


def _of_csv(content: bytes, name: str) -> list[Sheet] | NotSheets:
    text = _decoded(content)
    if "\0" in text:
        return NotSheets("the file holds NUL characters: it is no CSV", "save it as CSV (UTF-8), or as XLSX")
    head = "\n".join(text.splitlines()[:50])
    delimiter = max(",;\t", key=lambda each: (head.count(each), each == ","))
    try:
        rows = list(_csv_rows(text, delimiter))
    except csv.Error as error:
        if "field limit" in str(error):
            limit = csv.field_size_limit()
            return NotSheets(f"a cell has more than {limit:,} characters", "shorten it; is a quotation mark missing?")
        return NotSheets(f"the file is no CSV: {plain(error)}", "save it as CSV (UTF-8), or as XLSX")
    if len(rows) > MOST_ROWS:
        return NotSheets(f"the file has {len(rows):,} rows; {MOST_ROWS:,} are read", "split it")
    return [Sheet(name, tuple(rows))]


def _csv_rows(text: str, delimiter: str) -> Iterator[tuple[str, ...]]:
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
        yield tuple(cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row)


def _decoded(content: bytes) -> str:
    """UTF-8; else as spreadsheets save when they are not asked for it: UTF-16 with a mark, or Windows' own."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _heads(rows: Sequence[Sequence[str]]) -> list[int]:
    """The numbers of the rows that name a block or its columns."""
    found = []
    for number, row in enumerate(rows, 1):
        if row and (number == 1 or not rows[number - 2]):
            found += [number, number + 1]
    return found
