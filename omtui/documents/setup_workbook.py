"""The workbook that a client signs: a cover, the contents, and the sheets of the set-up as tables to be checked.

A block of records is a table of the spreadsheet: with filters, headings that stay in sight, lists to choose from
where Oracle's page has one, and columns to sign off. `omtui import` reads the sheets of the set-up again and leaves
out the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from omtui.documents.sheet import CONTENTS, COVER, LISTS, SIGN_OFF, Sheet
from omtui.documents.sheets import block_named, columns
from omtui.documents.spreadsheet import book_bytes, empty_book, put, set_widths, sheet_name
from omtui.setup.catalogue import BY_STEP, TABLES
from omtui.setup.field import Field

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_SIGNED_BY: Final = ("Prepared by", "Checked by", "Approved by")


class Cover(NamedTuple):
    """What the first sheet says of the set-up."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()


class _Block(NamedTuple):
    """Some lines of a sheet: their first row (from 1) is the block's title."""

    path: str
    """Of its table, or a part of rules."""
    row: int
    rows: Sequence[Sequence[str]]

    @property
    def is_list(self) -> bool:
        """Whether it has a line of headings and a line a record."""
        return self.path not in TABLES or not TABLES[self.path].single


def setup_workbook(sheets: Sequence[Sheet], cover: Cover, room: int = 0) -> bytes:
    """The sheets as an XLSX file, texts only. `room` is how many empty lines each list has to be filled in."""
    book = empty_book()
    writer = _SetupWriter(book, room)
    writer.cover(cover)
    made = [(sheet, list(_blocks(sheet))) for sheet in sheets]
    writer.contents(made)
    for sheet, blocks in made:
        writer.sheet(sheet.name, blocks)
    writer.finish()
    return book_bytes(book)


def _blocks(sheet: Sheet) -> Iterator[_Block]:
    start = 0
    for number in range(len(sheet.rows) + 1):
        if number == len(sheet.rows) or not sheet.rows[number]:
            rows = sheet.rows[start:number]
            if rows:
                yield _Block(block_named(sheet.name, rows[0][0]) or "", start + 1, rows)
            start = number + 1


class _SetupWriter:
    def __init__(self, book: Workbook, room: int) -> None:
        self._book = book
        self._room = room
        self._lists: dict[tuple[str, ...], int] = {}
        self._tables = 0

    def cover(self, cover: Cover) -> None:
        """Title, facts, and lines to be signed."""
        sheet = self._add(COVER)
        put(sheet, 2, 2, cover.title, size=18)
        for row, (label, value) in enumerate(cover.facts, 4):
            put(sheet, row, 2, label, bold=True)
            put(sheet, row, 3, value)
        start = len(cover.facts) + 6
        for column, head in enumerate(("", "Name", "Date", "Signature"), 2):
            put(sheet, start, column, head, bold=True)
        for row, who in enumerate(_SIGNED_BY, start + 1):
            put(sheet, row, 2, who, bold=True)
            sheet.row_dimensions[row].height = 30
        for letter, width in {"A": 3, "B": 24, "C": 48, "D": 16, "E": 32}.items():
            sheet.column_dimensions[letter].width = width

    def contents(self, made: Sequence[tuple[Sheet, Sequence[_Block]]]) -> None:
        """The sheets with their tasks, how many records are in each, and columns to be signed off."""
        from openpyxl.worksheet.hyperlink import Hyperlink

        sheet = self._add(CONTENTS)
        rows = [("Sheet", "Task in Setup and Maintenance", "Records", *SIGN_OFF)]
        for each, blocks in made:
            task = BY_STEP.get(each.name.split(" ")[0])
            count = sum(len(block.rows) - 2 for block in blocks if block.is_list)
            rows.append((each.name, task.title if task else "", str(count), "", "", ""))
        for row, line in enumerate(rows, 1):
            for column, value in enumerate(line, 1):
                put(sheet, row, column, value, bold=row == 1)
            if row > 1:
                here = sheet.cell(row, 1)
                here.hyperlink = Hyperlink(ref=here.coordinate, location=f"'{line[0]}'!A1")
        set_widths(sheet, rows)
        sheet.freeze_panes = "A2"

    def sheet(self, name: str, blocks: Sequence[_Block]) -> None:
        """The blocks of one sheet, one below the other."""
        sheet = self._add(name)
        moved = 0
        lines: list[Sequence[str]] = []
        for block in blocks:
            first = block.row + moved
            rows = self._rows(block)
            moved += len(rows) - len(block.rows)
            lines += rows[1:]
            for row, line in enumerate(rows, first):
                for column, value in enumerate(line, 1):
                    head = row == first or (block.is_list and row == first + 1) or (not block.is_list and column == 1)
                    put(sheet, row, column, value, bold=head, size=13 if row == first else 11)
            if block.is_list:
                self._table(sheet, first + 1, first + len(rows) - 1, len(rows[1]))
            self._choices(sheet, block, first, len(rows))
        set_widths(sheet, lines)
        single = len(blocks) == 1 and blocks[0].is_list
        sheet.freeze_panes = "B3" if single else "B1"
        if single:
            sheet.print_title_rows = "1:2"

    def finish(self) -> None:
        """The sheet with the lists to choose from, out of sight."""
        sheet = self._book.create_sheet(LISTS)
        sheet.sheet_state = "hidden"
        for words, column in self._lists.items():
            for row, word in enumerate(words, 1):
                put(sheet, row, column, word)

    def _rows(self, block: _Block) -> list[Sequence[str]]:
        """The lines of a block as they are written: with columns to sign off, and with room for more records."""
        if not block.is_list:
            return list(block.rows)
        signed = SIGN_OFF if block.path in TABLES else ()
        title, heads, *records = block.rows
        empty = [("",) * len(heads)] * max(self._room, 0 if records else 1)
        return [title, (*heads, *signed), *records, *empty]

    def _table(self, sheet: Worksheet, first: int, last: int, width: int) -> None:
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.table import Table, TableStyleInfo

        self._tables += 1
        table = Table(displayName=f"Block{self._tables}", ref=f"A{first}:{get_column_letter(width)}{last}")
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
        sheet.add_table(table)

    def _choices(self, sheet: Worksheet, block: _Block, first: int, count: int) -> None:
        """Lists to choose from, where no other word can be right."""
        from openpyxl.utils import get_column_letter

        table = TABLES.get(block.path)
        if table is None:
            return
        if table.single:
            for row, field in enumerate(columns(table), first + 1):
                self._choice(sheet, field, f"B{row}")
            return
        start = len(block.rows[1]) - len(columns(table))
        for column, field in enumerate(columns(table), start + 1):
            letter = get_column_letter(column)
            self._choice(sheet, field, f"{letter}{first + 2}:{letter}{first + count - 1}")

    def _choice(self, sheet: Worksheet, field: Field, cells: str) -> None:
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.datavalidation import DataValidation

        words = ("yes", "no") if field.kind == "boolean" else field.values if field.closed else ()
        if not words or field.kind == "list":
            return
        letter = get_column_letter(self._lists.setdefault(tuple(words), len(self._lists) + 1))
        formula = f"{LISTS}!${letter}$1:${letter}${len(words)}"
        choice = DataValidation("list", formula1=formula, allow_blank=True)
        choice.error = f"{field.label}: choose one of the list"
        choice.add(cells)
        sheet.add_data_validation(choice)

    def _add(self, name: str) -> Worksheet:
        """A sheet that is printed across, as wide as the paper."""
        from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
        from openpyxl.worksheet.properties import PageSetupProperties

        sheet: Worksheet = self._book.create_sheet(sheet_name(name, self._book.sheetnames))
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        left, right = _HeaderFooterPart("&A"), _HeaderFooterPart("Page &P of &N")
        sheet.HeaderFooter.oddFooter = HeaderFooterItem(left, right)
        return sheet
