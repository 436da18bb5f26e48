"""A profile with its indexes."""

import time

import pytest
from hypothesis import given

from omtui.setup.catalogue import TABLES
from omtui.setup.indexed import Indexed, LocatedRecord, flag, is_predefined, rows, text, texts, title_of
from omtui.setup.place import Data, table_at
from omtui.setup.release import Release
from tests.setup.strategies import profiles

DATA: Data = {
    "profile": {"name": "a", "environment": "test"},
    "pod": {"release": "25d"},
    "connectors": [{"name": "A"}, {"name": "A", "url": "x"}, {"url": "y"}],
    "orchestration_processes": [{"name": "P", "steps": [{"number": 100}, {"number": 200}]}, {"name": "Q"}],
    "topology": {"endpoints": [{"name": "E"}]},
}


def test_records_of_every_kind_of_table() -> None:
    setup = Indexed(DATA)
    assert setup.records("connectors")[1] == LocatedRecord(("connectors", 1), {"name": "A", "url": "x"})
    assert [found.path for found in setup.records("orchestration_processes.steps")] == [
        ("orchestration_processes", 0, "steps", 0),
        ("orchestration_processes", 0, "steps", 1),
    ]
    assert [found.path for found in setup.records("topology.endpoints")] == [("topology", "endpoints", 0)]
    assert setup.records("routing_rules") == []
    assert setup.single("pod") == {"release": "25d"}
    assert setup.single("destination_system") == {}


def test_records_by_a_value() -> None:
    setup = Indexed(DATA)
    assert [found.path[1] for found in setup.by_key("connectors")["A"]] == [0, 1]
    assert list(setup.by_key("connectors")) == ["A"]
    assert [found.path[1] for found in setup.by("connectors", "url")["y"]] == [2]
    assert list(setup.by_key("orchestration_processes.steps")) == ["100", "200"]


def test_the_head() -> None:
    setup = Indexed(DATA)
    assert (setup.name, setup.environment, setup.release) == ("a", "test", Release(25, "D"))
    empty = Indexed({})
    assert (empty.name, empty.environment, empty.release) == ("", "", None)


def test_values_of_records() -> None:
    record = {"a": 5, "b": ["x", 1], "c": True, "d": "true", "predefined": True}
    assert (text(record, "a"), text(record, "z")) == ("5", "")
    assert (texts(record, "b"), texts(record, "a")) == (["x"], [])
    assert (flag(record, "c"), flag(record, "d")) == (True, False)
    assert is_predefined(record)
    assert rows({"a": [{"b": 1}], "c": "x"}, "c") == []


@pytest.mark.parametrize(
    ("table", "record", "title"),
    [
        ("connectors", {"name": "A", "target_system": "B"}, "A"),
        ("connectors", {"target_system": "B"}, "B"),
        ("orchestration_processes.steps", {"number": 100}, "100"),
        ("routing_rules.then", {"value": "C"}, "C"),
        ("connectors", {}, ""),
    ],
)
def test_what_a_record_is_called(table: str, record: dict[str, object], title: str) -> None:
    assert title_of(table, record) == title


@given(profiles())
def test_every_record_is_where_its_path_leads(data: Data) -> None:
    setup = Indexed(data)
    for table in TABLES.values():
        if table.single or table.path.startswith("routing_rules."):
            continue
        for found in setup.records(table.path):
            here: object = data
            for part in found.path:
                here = here[part]  # type: ignore[index]
            assert here is found.record
            assert table_at(found.path) is table
            assert isinstance(title_of(table.path, found.record), str)
        if table.key:
            keyed = sum(table.key in found.record for found in setup.records(table.path))
            assert sum(map(len, setup.by_key(table.path).values())) == keyed


def test_places_of_a_big_profile_cost_no_search_each() -> None:
    setup = Indexed({"connectors": [{"name": "A"} for _ in range(20_000)]})
    start = time.process_time()
    places = {str(setup.place((*found.path, "url"))) for found in setup.records("connectors")}
    assert len(places) == 20_000
    assert time.process_time() - start < 3
