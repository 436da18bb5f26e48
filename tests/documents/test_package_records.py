"""Rows of mapped columns as records: values as exports write them, and cells that cannot be read."""

from datetime import date, datetime

import pytest

from omtui.documents.package_mapping import read_mapping
from omtui.documents.package_records import setup_from_package
from omtui.documents.setup_package import PackageObject, SetupPackage, read_package
from omtui.documents.sheets_reading import SetupFromSheets
from omtui.problem import Wrong
from tests.documents.packages import MAPPING, mapping, package


def setup(found: SetupPackage, text: str) -> SetupFromSheets | Wrong:
    mappings = read_mapping(text.encode(), "x")
    assert isinstance(mappings, list), mappings
    return setup_from_package(found, mappings, "dev", 1_000)


def of_rows(text: str, columns: tuple[str, ...], *rows: tuple[str, ...]) -> SetupFromSheets:
    found = setup(SetupPackage("", "", "", "", (PackageObject("A", "A.csv", columns, rows),)), text)
    assert isinstance(found, SetupFromSheets), found
    return found


def test_the_records_of_a_package() -> None:
    wanted = {"PRACTICE_ORIG_SYSTEM", "PRACTICE_TASK_TYPES", "PRACTICE_TASKS"}
    mappings = read_mapping(MAPPING.encode(), "x")
    assert isinstance(mappings, list)
    columns = {name: [each.column for each in mappings if each.object == name] for name in wanted}
    found = read_package(package(), columns)
    assert isinstance(found, SetupPackage)
    read = setup(found, MAPPING)
    assert isinstance(read, SetupFromSheets)
    assert read.faults == ()
    assert read.data == {
        "schema": 1,
        "profile": {"name": "dev", "environment": "development"},
        "source_systems": [
            {
                "code": "CSS01",
                "name": "Pick system, new",
                "type": "Spoke",
                "enabled_for": ["Order Orchestration and Planning"],
                "start_date": date(2026, 11, 20),
            },
            {"code": "CSS09", "name": "Label system", "type": "Purchased", "start_date": date(2026, 11, 21)},
        ],
        "task_types": [
            {"name": "Pick", "tasks": [{"code": "PICK", "name": "Pick Carton"}]},
            {"name": "Label", "tasks": [{"code": "LABEL", "name": "Label Carton"}]},
        ],
    }
    assert {"source_systems.start_date", "task_types", "task_types.tasks", "task_types.tasks.code"} <= read.spoken_of
    assert "source_systems.description" not in read.spoken_of


VALUES: dict[tuple[str, str], object] = {
    ("connectors.description", ' =1 "x", y '): ' =1 "x", y ',
    ("connectors.description", '"x"'): '"x"',
    ("connectors.send_attachments", "Y"): True,
    ("connectors.send_attachments", "N"): False,
    ("connectors.send_attachments", "false"): False,
    ("source_systems.start_date", "2020/01/01"): date(2020, 1, 1),
    ("source_systems.start_date", "2020/01/01 00:00:00.0"): date(2020, 1, 1),
    ("source_systems.start_date", "2020/01/01 13:05:00.0"): datetime(2020, 1, 1, 13, 5),
    ("source_systems.start_date", "2020-01-01"): date(2020, 1, 1),
    ("source_systems.enabled_for", "Items, Assets"): ["Items", "Assets"],
}


@pytest.mark.parametrize(("field", "cell"), VALUES)
def test_values_are_read_as_exports_write_them(field: str, cell: str) -> None:
    table, _, name = field.partition(".")
    key = {"connectors": "name", "source_systems": "code"}[table]
    text = mapping(("A", "K", f'field = "{table}.{key}"'), ("A", "V", f'field = "{field}"'))
    assert of_rows(text, ("K", "V"), ("k", cell)).data[table] == [{key: "k", name: VALUES[field, cell]}]


NAME = ("A", "K", 'field = "connectors.name"')
FAULTS = {
    ("connectors.send_attachments", "maybe"): "A.csv, B3: maybe is not yes or no",
    ("connectors.url", "https://u:pa55word@x.example"): "seems to hold a user name with its password: it is not read",
}


@pytest.mark.parametrize(("field", "cell"), FAULTS)
def test_a_cell_that_cannot_be_read_is_a_fault_with_its_place(field: str, cell: str) -> None:
    found = of_rows(mapping(NAME, ("A", "V", f'field = "{field}"')), ("K", "V"), (), ("k", cell))
    (fault,) = map(str, found.faults)
    assert FAULTS[field, cell] in fault
    assert "pa55word" not in repr(found)
    assert found.data["connectors"] == [{"name": "k"}]


def test_a_date_that_is_none_is_a_fault() -> None:
    text = mapping(("A", "K", 'field = "source_systems.code"'), ("A", "V", 'field = "source_systems.start_date"'))
    found = of_rows(text, ("K", "V"), ("k", "2020/13/01"), ("l", ""))
    assert [str(each) for each in found.faults] == [
        "A.csv, B2: 2020/13/01 is not a date; say what it is: values = { … }"
    ]


def test_a_row_without_its_key_is_a_fault() -> None:
    found = of_rows(mapping(NAME), ("K",), ("",), ("k",))
    assert [each.message for each in found.faults] == ["a connector without its key, name"]
    assert found.data["connectors"] == [{"name": "k"}]


def test_a_row_of_a_record_that_is_not_there_is_a_fault() -> None:
    objects = (
        PackageObject("T", "T.csv", ("N",), (("Pick",),)),
        PackageObject("C", "C.csv", ("T.N", "C"), (("Pick", "a"), ("Pack", "b"))),
    )
    text = mapping(
        ("T", "N", 'field = "task_types.name"'),
        ("C", "T.N", 'field = "task_types.name"'),
        ("C", "C", 'field = "task_types.tasks.code"'),
    )
    found = setup(SetupPackage("", "", "", "", objects), text)
    assert isinstance(found, SetupFromSheets)
    assert [str(each) for each in found.faults] == ["C.csv, A3: there is no task type Pack; export task_types with it"]
    assert found.data["task_types"] == [{"name": "Pick", "tasks": [{"code": "a"}]}]


def test_records_of_a_single_table() -> None:
    single = mapping(("A", "K", 'field = "destination_system.code"'))
    assert of_rows(single, ("K",), ("OPS",)).data["destination_system"] == {"code": "OPS"}
    assert "more than one row" in str(of_rows(single, ("K",), ("OPS",), ("X",)).faults[0])
    found = of_rows(mapping(("A", "K", 'field = "jeopardy.priorities.name"')), ("K",), ("HIGH",))
    assert found.data["jeopardy"] == {"priorities": [{"name": "HIGH"}]}
    assert "jeopardy" in found.spoken_of


def test_more_records_than_a_profile_has_are_refused() -> None:
    many = tuple((str(number),) for number in range(1_001))
    found = setup(SetupPackage("", "", "", "", (PackageObject("A", "A.csv", ("K",), many),)), mapping(NAME))
    assert isinstance(found, Wrong)
    assert "1,001 rows; 1,000 are read" in found.message
