"""A profile against what was read out of the pod."""

import copy
import tempfile
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.documents.setup_workbook import Cover, setup_workbook
from omtui.documents.sheets import to_sheets
from omtui.documents.sheets_over import over
from omtui.documents.sheets_reading import SetupFromSheets
from omtui.problem import Wrong
from omtui.service.comparing import State
from omtui.service.packages import read_package_of
from omtui.service.pod_files import FileDifference, accept, file_difference, pod_state
from omtui.setup.indexed import Indexed
from omtui.setup.place import Data
from omtui.setup.published_tables import QUERIES
from omtui.store.change import apply
from tests.checks.profiles import sound
from tests.commands.conftest import PROFILE
from tests.documents.packages import MAPPING, OBJECTS, Rows, package
from tests.documents.test_sheets import sample

CONNECTORS = """\
name,description,url,csf_key,keystore_alias,send_attachments
Requests,,https://pick-test.partner.example/other,,pick,
New,,https://new.example/x,,,no
"""


def held(text: str | bytes, name: str = "pod.csv") -> FileDifference:
    content = text.encode() if isinstance(text, str) else text
    found = file_difference("x", sound(), Path(name), content)
    assert isinstance(found, FileDifference), found
    return found


def test_a_query_s_csv_needs_no_mapping() -> None:
    found = held(CONNECTORS)
    assert [(each.where, each.new) for each in found.changes] == [
        ("connectors[Requests].url", "https://pick-test.partner.example/other")
    ]
    assert [each.where for each in found.only_here] == ["connectors[Events]"]
    assert [each.where for each in found.only_there] == ["connectors[New]"]
    assert found.same == 2  # name and alias of Requests


def test_some_columns_of_a_query_are_enough() -> None:
    found = held("Name,URL\nRequests,https://pick-test.partner.example/requests\n")
    assert found.changes == ()
    assert found.same == 2
    assert [each.where for each in found.only_here] == ["connectors[Events]"]


def test_every_field_that_the_file_speaks_of_is_counted_once() -> None:
    data = sample("vision-dev")
    content = setup_workbook(to_sheets(Indexed(data)), Cover("x"))
    other = sample("vision-test")
    found = file_difference("x", other, Path("x.xlsx"), content)
    assert isinstance(found, FileDifference)
    same = file_difference("x", data, Path("x.xlsx"), content)
    assert isinstance(same, FileDifference)
    assert 0 < found.same < same.same
    lists = [value for value in data.values() if isinstance(value, list)]
    fields = sum(len(record) for records in lists for record in records)
    singles = sum(len(value) for name, value in data.items() if isinstance(value, dict))
    assert same.same == fields + singles


def test_what_the_file_has_no_column_for_is_not_in_the_file() -> None:
    found = held(CONNECTORS)
    assert {"connectors.invocation_mode", "connectors.user_name", "routing_rules"} <= set(found.not_in_file)
    assert not any("invocation_mode" in each.where for each in found.changes)


def test_every_query_s_columns_are_understood() -> None:
    for query in QUERIES.values():
        if query.table != "trigger_points":  # its codes are no names
            head = ",".join(column.field for column in query.columns)
            assert query.table not in held(f"{head}\n").not_in_file


@pytest.mark.parametrize("name", ["vision-dev", "vision-test", "vision-prod"])
def test_a_workbook_of_the_profile_says_the_same(name: str) -> None:
    data = sample(name)
    content = setup_workbook(to_sheets(Indexed(data)), Cover("x"))
    found = file_difference(name, data, Path("x.xlsx"), content)
    assert isinstance(found, FileDifference)
    assert not found
    assert found.not_in_file == ()


WRONG = {
    "a.zip": "is no whole ZIP archive",
    "a.csv": "no table of a set-up",
    "b.csv": "is no CSV",
}


def test_a_file_that_cannot_be_held_against_it_says_why() -> None:
    contents = {"a.zip": b"PK\x03\x04", "a.csv": b"x,y\n1,2\n", "b.csv": b'"x\n'}
    for name, message in WRONG.items():
        found = file_difference("x", sound(), Path(name), contents[name])
        assert isinstance(found, Wrong)
        assert message in str(found), str(found)


# Setup data packages


def against(
    data: Data, folder: Path, objects: Mapping[str, Rows] = OBJECTS, said: str = MAPPING
) -> FileDifference | Wrong:
    """A profile held against a package, with a mapping next to it."""
    (folder / "dev.fsm.toml").write_text(said)
    return file_difference("dev", data, Path("pod.zip"), package(objects), folder / "dev.toml")


def difference(data: Data, folder: Path, objects: Mapping[str, Rows] = OBJECTS, said: str = MAPPING) -> FileDifference:
    found = against(data, folder, objects, said)
    assert isinstance(found, FileDifference), found
    return found


def small() -> Data:
    return tomllib.loads(PROFILE)


def test_a_package_is_held_against_the_fields_that_are_mapped(tmp_path: Path) -> None:
    found = difference(small(), tmp_path)
    assert [(each.where, each.old, each.new) for each in found.changes] == [
        ("source_systems[CSS01].name", "Pick system", "Pick system, new"),
        ("source_systems[CSS01].start_date", None, date(2026, 11, 20)),
    ]
    assert found.only_here == ()
    assert [each.where for each in found.only_there] == ["task_types[Label]", "source_systems[CSS09]"]
    assert {"task_types.services", "connectors"} <= set(found.not_in_file)
    assert found.same == 5


def test_fields_of_inner_records_that_the_package_lacks_are_not_in_the_file(tmp_path: Path) -> None:
    objects = {**OBJECTS, "PRACTICE_TASKS": [row[:2] for row in OBJECTS["PRACTICE_TASKS"]]}
    found = difference(small(), tmp_path, objects)
    assert not any("tasks" in each.where for each in found.changes)
    assert "task_types.tasks.name" in found.not_in_file


def test_an_object_without_rows_says_nothing(tmp_path: Path) -> None:
    objects = {**OBJECTS, "PRACTICE_ORIG_SYSTEM": OBJECTS["PRACTICE_ORIG_SYSTEM"][:1]}
    found = difference(small(), tmp_path, objects)
    assert found.only_here == ()
    assert "source_systems" in found.not_in_file


def test_an_empty_package_never_means_that_all_was_deleted(tmp_path: Path) -> None:
    found = against(small(), tmp_path, {name: rows[:1] for name, rows in OBJECTS.items()})
    assert isinstance(found, Wrong)
    assert "the package is empty, which says nothing of the pod" in found.message


def test_only_records_of_ones_own_are_only_here(tmp_path: Path) -> None:
    data = small()
    systems = data["source_systems"]
    assert isinstance(systems, list)
    systems += [{"code": "MINE"}, {"code": "ORACLE", "predefined": True}]
    found = difference(data, tmp_path)
    assert [each.where for each in found.only_here] == ["source_systems[MINE]"]
    assert "source_systems[ORACLE]" in found.not_in_file


@pytest.mark.parametrize("path", [None, Path("none.toml")])
def test_a_package_without_a_mapping_is_wrong_usage(path: Path | None) -> None:
    found = file_difference("dev", small(), Path("pod.zip"), package(), path)
    assert isinstance(found, Wrong)
    assert "none of its columns is mapped; omtui import --fsm pod.zip --as dev --propose" in str(found)


CELLS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=8)
SYSTEM_ROWS = st.lists(
    st.tuples(CELLS.filter(bool), CELLS, st.sampled_from(["SPOKE", ""]), st.sampled_from("YN"), st.just("")),
    min_size=1,
    max_size=4,
    unique_by=lambda row: row[0],
)


@given(SYSTEM_ROWS, st.lists(CELLS.filter(bool), max_size=3, unique=True))
def test_what_was_taken_over_does_not_differ_any_more(rows: list[tuple[str, ...]], own: list[str]) -> None:
    data: Data = {"schema": 1, "source_systems": [{"code": code, "description": "mine"} for code in own]}
    heads = OBJECTS["PRACTICE_ORIG_SYSTEM"][0][:5]
    content = package({"PRACTICE_ORIG_SYSTEM": (heads, *rows)})
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder, "dev.toml")
        Path(folder, "dev.fsm.toml").write_text(MAPPING)
        read = read_package_of(content, "pod.zip", "dev", profile)
        assert isinstance(read, SetupFromSheets)
        after = over(data, read.data, read.spoken_of, partial=True)
        found = file_difference("dev", after, Path("pod.zip"), content, profile)
    assert isinstance(found, FileDifference)
    assert found.changes == found.only_there == ()
    kept = {each["code"]: each for each in after["source_systems"]}  # type: ignore[attr-defined]
    assert all(kept[code]["description"] == "mine" for code in own)
    assert len(found.only_here) == len(set(own) - {row[0] for row in rows})


def in_the_pod(path: Path, content: bytes | str) -> State:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    found = pod_state("x", sound(), path)
    assert isinstance(found, State), found
    return found


def with_drift(state: State, *places: str) -> Data:
    plan = accept(Indexed(sound()), state, places)
    assert not isinstance(plan, Wrong), plan
    data = copy.deepcopy(sound())
    for operation in plan.operations:
        apply(data, operation)
    return data


def test_drift_that_is_accepted_everywhere_leaves_no_difference(tmp_path: Path) -> None:
    data = with_drift(in_the_pod(tmp_path / "pod.csv", CONNECTORS))
    assert not file_difference("x", data, Path("pod.csv"), CONNECTORS.encode())
    rest = {name: value for name, value in sound().items() if name != "connectors"}
    assert {name: value for name, value in data.items() if name != "connectors"} == rest, "what is not in the file"
    assert data["connectors"][0]["user_name"] == sound()["connectors"][0]["user_name"], "no column speaks of it"


def test_drift_is_accepted_at_one_record_or_field(tmp_path: Path) -> None:
    state = in_the_pod(tmp_path / "pod.csv", CONNECTORS)
    whole = held(CONNECTORS)
    for each in (*whole.changes, *whole.only_here, *whole.only_there):
        after = file_difference("x", with_drift(state, each.where), Path("pod.csv"), CONNECTORS.encode())
        assert isinstance(after, FileDifference)
        left = {change.where for change in (*after.changes, *after.only_here, *after.only_there)}
        before = {change.where for change in (*whole.changes, *whole.only_here, *whole.only_there)}
        assert left == before - {each.where}, each.where
    assert isinstance(accept(Indexed(sound()), state, ["connectors[Nope]"]), Wrong)
    assert isinstance(accept(Indexed(sound()), state, ["connectors[["]), Wrong)
