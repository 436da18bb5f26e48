"""A profile against what was read out of the pod."""

from pathlib import Path

import pytest

from omtui.documents.setup_workbook import Cover, setup_workbook
from omtui.documents.sheets import to_sheets
from omtui.problem import Wrong
from omtui.service.pod_files import FileDifference, file_difference
from omtui.setup.indexed import Indexed
from omtui.setup.published_tables import QUERIES
from tests.checks.profiles import sound
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
    "a.zip": "is a package",
    "a.csv": "no table of a set-up",
    "b.csv": "is no CSV",
}


def test_a_file_that_cannot_be_held_against_it_says_why() -> None:
    contents = {"a.zip": b"PK\x03\x04", "a.csv": b"x,y\n1,2\n", "b.csv": b'"x\n'}
    for name, message in WRONG.items():
        found = file_difference("x", sound(), Path(name), contents[name])
        assert isinstance(found, Wrong)
        assert message in str(found), str(found)
