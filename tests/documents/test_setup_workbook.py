"""The workbook that a client signs, and the empty one that people fill in."""

import io

import openpyxl
import pytest

from omtui.documents.setup_workbook import Cover, setup_workbook
from omtui.documents.sheet_files import read_sheets
from omtui.documents.sheets import to_sheets
from omtui.documents.sheets_reading import SetupFromSheets, from_sheets
from omtui.problem import Problem
from omtui.service.documenting import template_bytes
from omtui.setup.indexed import Indexed
from tests.documents.test_sheets import sample

COVER = Cover("Vision Operations", (("Environment", "test"), ("Release", "25D")))


@pytest.fixture(scope="module")
def book() -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(setup_workbook(to_sheets(Indexed(sample("vision-dev"))), COVER)))


def test_it_begins_with_a_cover_to_be_signed_and_the_contents(book: openpyxl.Workbook) -> None:
    assert book.sheetnames[:3] == ["Cover", "Contents", "Profile"]
    cover = {cell.value for row in book["Cover"].iter_rows() for cell in row}
    assert {"Vision Operations", "Environment", "test", "Prepared by", "Approved by", "Signature"} <= cover
    rows = list(book["Contents"].iter_rows(min_row=2))
    assert [row[0].value for row in rows] == book.sheetnames[2:-1]
    assert all(row[0].hyperlink.location == f"'{row[0].value}'!A1" for row in rows)
    connectors = next(row for row in rows if row[0].value == "5 Connectors")
    assert connectors[1].value == "Manage External Interface Web Service Details"


def test_every_list_is_a_table_with_filters_and_columns_to_sign_off(book: openpyxl.Workbook) -> None:
    sheet = book["3 Source systems"]
    (table,) = sheet.tables.values()
    assert table.autoFilter is not None
    assert [column.name for column in table.tableColumns][-3:] == ["Entered by", "Entered on", "Checked by"]
    assert sheet.freeze_panes == "B3"
    assert sheet.print_title_rows == "$1:$2"
    assert (sheet.page_setup.orientation, sheet.sheet_properties.pageSetUpPr.fitToPage) == ("landscape", True)


def test_no_table_has_a_heading_twice(book: openpyxl.Workbook) -> None:
    """A spreadsheet program would call the file damaged."""
    names = [
        (table.ref, [column.name for column in table.tableColumns]) for sheet in book for table in sheet.tables.values()
    ]
    assert [each for each in names if len({head.casefold() for head in each[1]}) != len(each[1])] == []


def test_closed_lists_are_offered(book: openpyxl.Workbook) -> None:
    sheet = book["5 Connectors"]
    heads = {cell.value: cell.column_letter for cell in sheet[2]}
    offered = {}
    for choice in sheet.data_validations.dataValidation:
        column = str(choice.sqref)[0]
        start, end = choice.formula1.removeprefix("Lists!").split(":")
        offered[column] = [cell.value for (cell,) in book["Lists"][f"{start}:{end}"]]
    assert offered[heads["Invocation Mode"]] == ["Asynchronous Service", "Synchronous Service", "Business Event"]
    assert offered[heads["Send Attachments"]] == ["yes", "no"]
    assert book["Lists"].sheet_state == "hidden"


def test_the_empty_workbook_is_filled_in_and_read() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_bytes()))
    fill(book, "5 Connectors", {"Connector Name": "Pick", "Invocation Mode": "Synchronous Service"})
    read = reading(book)
    assert read.faults == ()
    assert read.notices == ()
    assert read.data["connectors"] == [{"name": "Pick", "invocation_mode": "Synchronous Service"}]


def test_what_was_signed_off_is_mentioned() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_bytes()))
    fill(book, "5 Connectors", {"Connector Name": "Pick", "Checked by": "Ada"})
    assert [notice.message for notice in reading(book).notices] == [
        "Connectors has no column Checked by: its value is left out"
    ]


def fill(book: openpyxl.Workbook, name: str, values: dict[str, str]) -> None:
    sheet = book[name]
    heads = {cell.value: cell.column for cell in sheet[2]}
    for head, value in values.items():
        sheet.cell(3, heads[head], value)


def reading(book: openpyxl.Workbook) -> SetupFromSheets:
    out = io.BytesIO()
    book.save(out)
    sheets = read_sheets(out.getvalue(), "x")
    assert not isinstance(sheets, Problem)
    return from_sheets(sheets)
