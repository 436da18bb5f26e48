"""The file that says which column of a package is which field: what it may say, and what is offered for it."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.documents.package_mapping import ColumnMapping, mapped_objects, offers, proposal, read_mapping
from omtui.documents.setup_package import PackageObject, SetupPackage, read_package
from omtui.problem import Wrong
from tests.documents.packages import MAPPING, OBJECTS, SYSTEMS, TASKS, mapping, package

SYSTEM = "PRACTICE_ORIG_SYSTEM"
CODE = (SYSTEM, "OrigSystem", 'field = "source_systems.code"')


def mappings(text: str) -> list[ColumnMapping]:
    found = read_mapping(text.encode(), "dev.fsm.toml")
    assert isinstance(found, list), found
    return found


def opened() -> SetupPackage:
    found = read_package(package(), {})
    assert isinstance(found, SetupPackage)
    return found


def test_a_mapping_says_object_column_and_field() -> None:
    found = {(each.object, each.column): each for each in mappings(MAPPING)}
    assert found[SYSTEM, "OrigSystem"].target[0].path == "source_systems"
    assert found[SYSTEM, "OrigSystem"].target[1].name == "code"
    assert found[SYSTEM, "OrigSystemType"].values == {"SPOKE": "Spoke", "PURCHASED": "Purchased"}
    assert found[SYSTEM, "CreatedBy"].ignore


WRONG = {
    "schema = 2": "schema is not 1",
    "schema = 1\n[[map]]\nobject = 'a'\ncolumn = 'b'\nfeld = 'c'": "feld is not known; write field",
    "schema = ": "cannot be read",
    mapping(("A", "B", "field = 'connectors.ur'")): "number 1: connectors.ur is no field; did you mean connectors.url?",
    mapping(("A", "B", "field = 'routing_rules.when'")): "is no field",
    mapping(("A", "B", "field = 'profile.name'")): "is no field",
    mapping(("A", "B", "field = 'connectors.url'\nelement = 'Items'")): "leave element out",
    mapping(("A", "B", "field = 'source_systems.enabled_for'\nelement = 'Item'")): "one of Items, Trading",
    mapping(("A", "Password", "field = 'connectors.credential'")): "looks like a secret",
    mapping(CODE, CODE): "number 2: OrigSystem of PRACTICE_ORIG_SYSTEM is there twice",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_mapping_that_cannot_be_meant_says_where(text: str) -> None:
    found = read_mapping(text.encode(), "dev.fsm.toml")
    assert isinstance(found, Wrong), found
    assert WRONG[text] in str(found), found
    assert found.message.startswith("dev.fsm.toml")


@given(st.binary(max_size=60))
def test_any_file_is_read_or_refused(content: bytes) -> None:
    assert isinstance(read_mapping(b"schema = 1\n" + content, "x.fsm.toml"), list | Wrong)


def test_outer_tables_come_first() -> None:
    found = mapped_objects(opened(), mappings(MAPPING))
    assert isinstance(found, list)
    assert [each.table.path for each in found] == ["source_systems", "task_types", "task_types.tasks"]
    assert found[2].parents == (0,)


TYPE_NAME = ("PRACTICE_TASK_TYPES", "TaskTypeName", 'field = "task_types.name"')
PARENT = ("PRACTICE_TASKS", "PRACTICE_TASK_TYPES.TaskTypeName", 'field = "task_types.name"')
TASK_CODE = ("PRACTICE_TASKS", "TaskCode", 'field = "task_types.tasks.code"')
CONTRADICTIONS = {
    "no column is mapped to source_systems.code": [(SYSTEM, "OrigSystemName", 'field = "source_systems.name"')],
    "others to source_systems": [CODE, (SYSTEM, "OrigSystemName", 'field = "connectors.name"')],
    "two columns are mapped to source_systems.code": [
        CODE,
        (SYSTEM, "OrigSystemName", 'field = "source_systems.code"'),
    ],
    "no column is mapped to task_types.name": [TYPE_NAME, TASK_CODE],
    "has records inside records of task_types": [PARENT, TASK_CODE],
    "are both mapped to source_systems": [CODE, ("PRACTICE_TASKS", "TaskCode", 'field = "source_systems.code"')],
}


@pytest.mark.parametrize("message", CONTRADICTIONS)
def test_what_cannot_be_records_of_one_table_says_so(message: str) -> None:
    found = mapped_objects(opened(), mappings(mapping(*CONTRADICTIONS[message])))
    assert isinstance(found, Wrong)
    assert message in str(found), found


# What is offered


def test_the_nearest_field_is_offered_and_never_taken() -> None:
    near = offers(PackageObject(SYSTEM, "x.csv", SYSTEMS[0]))
    assert near["OrigSystem"] == "source_systems.code"  # the published table has it in ORIG_SYSTEM
    assert near["StartDate"] == "source_systems.start_date"
    assert "Attribute1" not in near
    assert mapped_objects(opened(), []) == []


def test_the_key_of_the_parent_is_offered_for_its_column() -> None:
    near = offers(PackageObject("PRACTICE_TASKS", "x.csv", TASKS[0]))
    assert near == {
        TASKS[0][0]: "task_types.name",
        "TaskCode": "task_types.tasks.code",
        "TaskName": "task_types.tasks.name",
    }


def test_nothing_is_offered_for_an_object_that_is_like_no_table() -> None:
    assert offers(PackageObject("GL_CALENDARS", "x.csv", ("Name", "Description"))) == {}


def test_a_proposal_has_every_column_once_and_maps_none() -> None:
    text = proposal(opened(), [])
    entries = tomllib.loads(text)["map"]
    assert [(each["object"], each["column"]) for each in entries] == [
        (name, column) for name, rows in OBJECTS.items() for column in rows[0]
    ]
    assert not any(each.get("field") for each in entries)
    assert 'field = ""  # nearest: source_systems.code\n' in text


def test_a_proposal_adds_to_what_is_there() -> None:
    there = mapping(CODE)
    text = proposal(opened(), mappings(there), there)
    assert text.startswith(there.rstrip("\n"))
    assert len(mappings(text)) == sum(len(rows[0]) for rows in OBJECTS.values())
    assert proposal(opened(), mappings(text), text) == text


@given(st.lists(st.text(min_size=1), min_size=1, max_size=4, unique=True), st.text(min_size=1))
def test_names_of_any_letters_come_back(columns: list[str], name: str) -> None:
    found = SetupPackage("", "", "", "", (PackageObject(name, "x.csv", tuple(columns), (tuple(columns),)),))
    read = read_mapping(proposal(found, []).encode(), "x")
    assert isinstance(read, list), read
