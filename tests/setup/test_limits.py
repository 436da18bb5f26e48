"""What a form says about a value while it is typed."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.plain_text import plain
from omtui.setup.catalogue import TABLES
from omtui.setup.field import Field
from omtui.setup.limits import fault_of
from tests.setup.strategies import values

FIELDS = [
    (table.path, field)
    for table in TABLES.values()
    for field in table.fields
    if field.kind not in ("records", "condition")
]


@given(st.data())
def test_no_value_makes_it_raise(data: st.DataObject) -> None:
    _, field = data.draw(st.sampled_from(FIELDS))
    for value in (data.draw(values(field)), data.draw(values(field)), None, "", []):
        fault = fault_of(field, value)
        assert plain(fault) == fault


def test_a_word_of_the_list_and_the_default_are_right() -> None:
    for path, field in FIELDS:
        for word in field.values:
            value: Any = [word] if field.kind == "list" else word
            assert fault_of(field, value) == "", (path, field.name, word)
        if field.default is not None:
            assert fault_of(field, field.default) == "", (path, field.name)


def the(path: str, name: str) -> Field:
    return TABLES[path].by_name[name]


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        (the("connectors", "name"), "", "Connector Name is required on Oracle's page"),
        (the("connectors", "name"), "x" * 120, ""),
        (the("connectors", "name"), "x" * 121, "121 characters; Oracle takes up to 120"),
        (the("connectors", "name"), "受" * 120, ""),
        (the("connectors", "name"), "A ", "begins or ends with a space; Oracle compares it as it is"),
        (
            the("connectors", "invocation_mode"),
            "Asynchronous",
            "Asynchronous is not in Oracle's list; did you mean Asynchronous Service?",
        ),
        (
            the("connectors", "invocation_mode"),
            "Pigeon",
            "Pigeon is not in Oracle's list; one of: Asynchronous Service, Synchronous Service, Business Event",
        ),
        (
            the("source_systems", "type"),
            "spoke",
            "spoke is not in Oracle's list; did you mean Spoke?",
        ),
        (the("profile", "environment"), "prod", "not a choice; one of: development, test, production, practice"),
        (the("profile", "environment"), "Test", "not a choice; did you mean test?"),
        (the("connectors", "response_processing"), "Something new", ""),
        (the("source_systems", "enabled_for"), ["Items", "Asset"], "Asset is not a choice; did you mean Assets?"),
        (the("topology.applications", "port"), 0, "below 1"),
        (the("topology.applications", "port"), 65536, "above 65535"),
        (the("topology.endpoints", "timeout"), Decimal("-0.5"), "below 0"),
        (the("topology.endpoints", "timeout"), Decimal("NaN"), "no number that can be used"),
        (the("topology.endpoints", "timeout"), Decimal("Infinity"), "no number that can be used"),
        (the("jeopardy.priorities", "minimum_score"), Decimal("NaN"), "no number that can be used"),
        (the("routing_rules.when", "operator"), "=", ""),
        (the("routing_rules.when", "operator"), ">=", ""),
        (
            the("routing_rules.when", "operator"),
            "is equal",
            "",
        ),
        (the("routing_rules.when", "value"), False, ""),
        (the("routing_rules.when", "value"), 0, ""),
        (the("orchestration_processes", "deployed"), False, ""),
        (the("topology.vantage_points", "ssh"), "", "SSH host is required"),
    ],
)
def test_what_is_reported(field: Field, value: object, fault: str) -> None:
    assert fault_of(field, value) == fault
