"""What a new record starts with."""

import pytest
from hypothesis import given

from omtui.setup.catalogue import TABLES
from omtui.setup.defaults import new_record, task_type_services
from omtui.setup.indexed import Indexed
from omtui.setup.limits import fault_of
from omtui.setup.reading import verify
from omtui.setup.task_types import OPERATIONS
from tests.setup.strategies import names


@pytest.mark.parametrize("path", [table.path for table in TABLES.values() if not table.single])
def test_a_new_record_has_its_key_and_only_right_values(path: str) -> None:
    table = TABLES[path]
    record = new_record(path, "K")
    assert table.key is None or next(iter(record)) == table.key
    assert set(record) <= set(table.by_name)
    for name, value in record.items():
        assert name == table.key or fault_of(table.by_name[name], value) == ""
    assert table.key not in new_record(path)
    assert table.key not in new_record(path, "")


@pytest.mark.parametrize(
    ("path", "record"),
    [
        ("source_systems", {"code": "K"}),
        ("connectors", {"name": "K", "invocation_mode": "Asynchronous Service"}),
        ("orchestration_processes.steps", {"number": "K", "type": "Service"}),
        ("topology.applications", {"name": "K", "port": 443}),
        ("routing_rules.when", {"operator": "is equal to"}),
        ("routing_rules.then", {"action": "Set Connector Name"}),
        ("trigger_points", {"name": "K"}),
        ("integration_users", {"user_name": "K"}),
    ],
)
def test_the_defaults_of_oracles_pages(path: str, record: dict[str, object]) -> None:
    assert new_record(path, "K") == record


@given(names)
def test_a_task_type_gets_its_two_services(name: str) -> None:
    data = {
        "schema": 1,
        "profile": {"name": "a", "environment": "test"},
        "task_types": [new_record("task_types", name)],
    }
    assert verify(data) == []
    services = [found.record for found in Indexed(data).records("task_types.services")]
    assert [service["operation"] for service in services] == (["Create", "Inbound"] if name else [])
    assert all(str(service["code"]).startswith(name) for service in services)
    assert {str(service["operation"]) for service in services} <= set(OPERATIONS)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Pick_From_Ravi", "Pick_From_Ravi_Create"),  # as in the source text
        ("Delivery Confirmation", "Delivery Confirmation Create"),  # as Oracle's page makes it
        ("Pick", "Pick Create"),
        ("Pick it_now", "Pick it_now Create"),
    ],
)
def test_how_the_services_are_called(name: str, code: str) -> None:
    assert task_type_services(name)[0]["code"] == task_type_services(name)[0]["name"] == code
