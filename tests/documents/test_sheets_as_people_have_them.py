"""Workbooks and CSV as people have them: gaps, formulas, merged cells, Oracle's names, one step alone."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from omtui.compare.difference import difference
from omtui.documents.sheet import Sheet
from omtui.documents.sheet_files import read_sheets
from omtui.documents.sheets import to_sheets
from omtui.documents.sheets_over import over
from omtui.documents.sheets_reading import SetupFromSheets, from_sheets
from omtui.problem import Problem
from omtui.setup.indexed import Indexed
from omtui.setup.place import Data
from tests.checks.profiles import sound
from tests.compare.profiles import profiles
from tests.thorough import THOROUGH


def sheet_read(
    *rows: tuple[object, ...], name: str = "5 Connectors", change: Callable[[Worksheet], None] | None = None
) -> SetupFromSheets:
    """What is read of a workbook with one sheet of these rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "5 Connectors"
    for row in rows:
        sheet.append(row)
    if change is not None:
        change(sheet)
    return from_workbook(book)


def from_workbook(book: openpyxl.Workbook) -> SetupFromSheets:
    out = io.BytesIO()
    book.save(out)
    return from_bytes(out.getvalue())


def from_bytes(content: bytes) -> SetupFromSheets:
    read = read_sheets(content, "x")
    assert not isinstance(read, Problem), read
    return from_sheets(read)


def from_csv(text: str, name: str = "x") -> SetupFromSheets:
    read = read_sheets(text.encode(), name)
    assert not isinstance(read, Problem), read
    return from_sheets(read)


def reported(found: SetupFromSheets) -> list[str]:
    return [*map(str, found.faults), *(f"{each.where}: {each.message}" for each in found.notices)]


CONNECTORS = (("Connectors",), ("Connector Name", "Target System", "Note"))


def test_a_record_in_the_row_between_two_tables_is_added() -> None:
    found = from_csv("Connectors\nConnector Name,Target System\nA,WMS\nB,WMS\nCredentials\nName,Owner\ncred,me\n")
    assert found.faults == ()
    assert [each["name"] for each in found.data["connectors"]] == ["A", "B"]  # type: ignore[attr-defined]
    assert found.data["credentials"] == [{"name": "cred", "owner": "me"}]


def test_a_table_goes_on_after_an_empty_row() -> None:
    found = sheet_read(*CONNECTORS, ("A", "WMS"), (), ("B", "WMS"), (), (), ("C", "WMS"))
    assert found.faults == ()
    assert [each["name"] for each in found.data["connectors"]] == ["A", "B", "C"]  # type: ignore[attr-defined]


def test_one_cell_after_an_empty_row_is_asked_about() -> None:
    found = sheet_read(*CONNECTORS, ("A", "WMS"), (), ("ask Maria",), ("B", "WMS"))
    assert reported(found) == [
        "5 Connectors, A5: ask Maria is alone below an empty row; "
        "move it up to the others if it belongs to Connectors, or remove it"
    ]
    assert [each["name"] for each in found.data["connectors"]] == ["A", "B"]  # type: ignore[attr-defined]


def test_rows_with_only_formatting_are_overlooked() -> None:
    def coloured(sheet: Worksheet) -> None:
        sheet["B1048576"].fill = PatternFill("solid", "FFFF00")
        sheet["A200000"] = " "

    found = sheet_read(*CONNECTORS, ("A", "WMS"), change=coloured)
    assert (found.faults, found.notices, len(found.data["connectors"])) == ((), (), 1)  # type: ignore[arg-type]


def with_formula(value: str) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "5 Connectors"
    for row in (*CONNECTORS, ("A", "=1+1"), ("B", "WMS")):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    name = "xl/worksheets/sheet1.xml"
    changed = parts[name].replace(b"<f>1+1</f><v />", b"<f>1+1</f>" + value.encode())
    assert changed != parts[name]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for each, content in (parts | {name: changed}).items():
            packed.writestr(each, content)
    return out.getvalue()


@pytest.mark.parametrize(("value", "read"), [("<v>2</v>", "2"), ("<v>2.50</v>", "2.5")])
def test_a_formula_is_read_as_its_stored_value(value: str, read: str) -> None:
    found = from_bytes(with_formula(value))
    assert found.data["connectors"][0]["target_system"] == read  # type: ignore[index]
    assert reported(found) == ["5 Connectors, B3: formulas are read as the value that was last computed"]


def test_a_formula_without_a_value_is_one_fault() -> None:
    found = from_bytes(with_formula("<v></v>"))
    assert reported(found) == [
        "5 Connectors, B3: the cell holds a formula without a stored value; replace it by its value"
    ]
    assert found.data["connectors"][1] == {"name": "B", "target_system": "WMS"}  # type: ignore[index]


def test_what_is_on_a_sheet_of_notes_does_not_matter() -> None:
    book = openpyxl.Workbook()
    notes = book.active
    assert isinstance(notes, Worksheet)
    notes.title = "Notes"
    notes.append(["=1+1", "see Maria"])
    sheet = book.create_sheet("5 Connectors")
    for row in (*CONNECTORS, ("A", "WMS")):
        sheet.append(row)
    found = from_workbook(book)
    assert reported(found) == ["Notes: this sheet holds no table of a set-up: it is left out"]
    assert found.data["connectors"] == [{"name": "A", "target_system": "WMS"}]


@pytest.mark.parametrize(
    ("value", "form", "read"),
    [
        (7, "000", "007"),
        (443.0, "General", "443"),
        (7, "#,##0.00", "7"),
        (123456789012345, "General", "123456789012345"),
        (date(2026, 11, 20), "yyyy-mm-dd", "2026-11-20"),
        (datetime(2026, 11, 20, 10, 30), "dd/mm/yyyy hh:mm", "2026-11-20 10:30:00"),
        (46346, "d. mmmm yyyy", "2026-11-20"),
        (46346, "[$-407]d. mmm", "2026-11-20"),
        (True, "General", "yes"),
        (5, '0" days"', "5"),
    ],
)
def test_numbers_in_fields_of_text(value: object, form: str, read: str) -> None:
    def formatted(sheet: Worksheet) -> None:
        sheet["B3"].number_format = form

    found = sheet_read(*CONNECTORS, ("A", value), change=formatted)
    assert found.faults == ()
    assert found.data["connectors"][0]["target_system"] == read  # type: ignore[index]
    assert bool(found.notices) == (form == '0" days"')


def test_digits_that_a_spreadsheet_lost_are_reported() -> None:
    found = sheet_read(*CONNECTORS, ("A", 1.234567890123457e17))
    assert "a spreadsheet keeps 15 digits of a number; type it as a text" in reported(found)[0]


def test_merged_cells_hold_for_each_row() -> None:
    found = sheet_read(
        *CONNECTORS, ("A", "WMS"), ("B", None), ("C", "3PL"), change=lambda sheet: sheet.merge_cells("B3:B4")
    )
    assert [each["target_system"] for each in found.data["connectors"]] == ["WMS", "WMS", "3PL"]  # type: ignore[attr-defined]
    assert reported(found) == ["5 Connectors, B4: cells merged over several rows are read for each of the rows"]


@pytest.mark.parametrize(
    "head", ["Target\nSystem", "Target\u00a0System", "TARGET SYSTEM", " Target  System *", "target_system"]
)
def test_names_of_columns_as_people_write_them(head: str) -> None:
    found = sheet_read(("Connectors",), ("Connector Name", head), ("A", "WMS"))
    assert (found.faults, found.data["connectors"]) == ((), [{"name": "A", "target_system": "WMS"}])


def test_a_separator_may_be_named_in_the_first_line() -> None:
    found = from_csv("sep=;\nConnectors\nConnector Name;Target System;Note\nA;WMS;a,b,c,d,e,f\n")
    assert (found.faults, found.data["connectors"]) == (
        (),
        [{"name": "A", "target_system": "WMS", "note": "a,b,c,d,e,f"}],
    )


def test_the_end_of_a_text_of_dos_is_no_record() -> None:
    assert len(from_csv("Connectors\nConnector Name\nA\n\x1a").data["connectors"]) == 1  # type: ignore[arg-type]


def test_facts_that_are_there_twice_must_agree() -> None:
    profile = Sheet("Profile", (("Profile",), ("Name", "a"), ("Title", "One")))
    again = Sheet("Profile and pod", (("Profile",), ("Name", "a"), ("Title", "Two")))
    assert reported(from_sheets([profile, again])) == [
        "Profile and pod, B3: Title is One further up, and Two here; say it once, or the same in both places"
    ]
    assert from_sheets([profile, profile]).faults == ()
    names = [sheet.name for sheet in to_sheets(Indexed(sound()))]
    assert names.count("Profile") == 1
    assert "Profile and pod" not in names


def test_spaces_around_a_text_are_left_out_and_reported() -> None:
    found = sheet_read(*CONNECTORS, ("A  ", " WMS"), ("B\u00a0", "WMS"))
    assert [each["name"] for each in found.data["connectors"]] == ["A", "B"]  # type: ignore[attr-defined]
    assert reported(found) == ["5 Connectors, A3 and 2 more: spaces around the text are left out"]


def test_somebodys_own_column_is_reported_and_no_fault() -> None:
    found = sheet_read(("Connectors",), ("Connector Name", "Comment by Jo"), ("A", "new"), ("B", None))
    assert found.faults == ()
    assert reported(found) == ["5 Connectors, B2: Connectors has no column Comment by Jo: its value is left out"]


def test_sheets_named_by_oracles_tasks_are_read() -> None:
    book = openpyxl.Workbook()
    del book["Sheet"]
    for name, heads, row in (
        ("Manage Trading Community Source Systems"[:31], ("Code", "Name", "Type"), ("LEG1", "Legacy", "Spoke")),
        ("Manage External Interface Web Service Details"[:31], ("Target System", "Connector Name"), ("LEG1", "C")),
        ("Manage Task Types", ("Task Type", "Description"), ("Pick", "Legacy pick")),
        ("4 Planning", ("Code", "Time Zone", "Collections Allowed"), ("LEG1", "UTC", "Yes")),
    ):
        sheet = book.create_sheet(name)
        sheet.append(heads)
        sheet.append(row)
    found = from_workbook(book)
    assert found.faults == ()
    assert found.data["source_systems"] == [{"code": "LEG1", "name": "Legacy", "type": "Spoke"}]
    assert found.data["connectors"] == [{"target_system": "LEG1", "name": "C"}]
    assert found.data["task_types"] == [{"name": "Pick", "description": "Legacy pick"}]
    assert len(found.data["planning_source_systems"]) == 1  # type: ignore[arg-type]


def only(data: Data, *names: str) -> SetupFromSheets:
    return from_sheets([sheet for sheet in to_sheets(Indexed(data)) if sheet.name in names])


def test_one_steps_sheet_changes_that_step_only() -> None:
    here = sound()
    for sheet in to_sheets(Indexed(here)):
        found = from_sheets([sheet])
        assert difference(here, over(here, found.data, found.spoken_of), whole=True).changes == (), sheet.name


def test_a_record_left_out_of_a_step_is_removed_there() -> None:
    here = sound()
    there = {**here, "connectors": []}
    found = only(there, "5 Connectors")
    changes = difference(here, over(here, found.data, found.spoken_of), whole=True).changes
    assert {change.where.partition("[")[0] for change in changes} == {"connectors"}


def test_an_environment_that_a_sheet_does_not_name_stays() -> None:
    here = sound({"profile.environment": "production"})
    found = from_csv("Profile\nName,x\nTitle,New\n")
    assert over(here, found.data, found.spoken_of)["profile"]["environment"] == "production"  # type: ignore[index]


@settings(max_examples=300 if THOROUGH else 40)
@given(profiles(), st.data())
def test_sheets_of_a_profile_over_it_change_nothing(here: Data, draw: st.DataObject) -> None:
    """With any of them, and for any keys they have no column for."""
    sheets = to_sheets(Indexed(here))
    found = from_sheets(draw.draw(st.lists(st.sampled_from(sheets), min_size=1, unique_by=lambda sheet: sheet.name)))
    assert difference(here, over(here, found.data, found.spoken_of), whole=True).changes == ()
