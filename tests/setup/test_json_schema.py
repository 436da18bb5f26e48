"""The schema is valid, takes every profile there is, and sees what an editor should mark."""

import re
import tomllib
from datetime import date, time
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from omtui.setup.catalogue import TABLES
from omtui.setup.json_schema import json_schema
from tests.bench.generate import profile_text
from tests.terminal.terminal import ROOT

VALIDATOR = jsonschema.Draft202012Validator(json_schema())


def as_json(value: Any) -> Any:
    """A profile as an editor hands it to a validator: dates as texts."""
    match value:
        case dict():
            return {name: as_json(inner) for name, inner in value.items()}
        case list():
            return [as_json(inner) for inner in value]
        case date() | time():
            return value.isoformat()
    return value


def faults(text: str) -> list[str]:
    return [error.json_path for error in VALIDATOR.iter_errors(as_json(tomllib.loads(text)))]


def with_connector(lines: str) -> str:
    return f'schema = 1\n[profile]\nname = "a"\nenvironment = "test"\n[[connectors]]\n{lines}\n'


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


SAMPLES = [path for path in sorted((ROOT / "profiles").glob("*.toml")) if path.name.count(".") == 1]

EXAMPLE = Path(__file__).with_name("example.toml")


@pytest.mark.parametrize("path", [EXAMPLE, *SAMPLES], ids=lambda path: path.name)
def test_it_takes_the_sample_profiles(path: Path) -> None:
    # The source text names a trigger point that Oracle's page does not have; an editor marks that one.
    expected = ["$.trigger_points[1].name"] if path.name == "source-text.toml" else []
    assert faults(path.read_text()) == expected


def test_it_takes_a_generated_profile() -> None:
    assert faults(profile_text("generated", 60)) == []


def test_every_field_of_every_table_is_described() -> None:
    definitions: Any = json_schema()["$defs"]
    for table in TABLES.values():
        for field in table.fields:
            described = definitions[table.path]["properties"][field.name]
            assert described["title"] == field.label
            assert "type" in described or "$ref" in described


def test_references_lead_somewhere() -> None:
    schema = json_schema()
    definitions: Any = schema["$defs"]
    for name in re.findall(r"'#/\$defs/([^']+)'", str(schema)):
        assert name in definitions


@pytest.mark.parametrize(
    ("lines", "path"),
    [
        ('invocation_mode = "Asynchronous"', "$.connectors[0].invocation_mode"),
        ("url = 5", "$.connectors[0].url"),
        ('send_attachments = "yes"', "$.connectors[0].send_attachments"),
    ],
)
def test_it_sees_what_is_wrong(lines: str, path: str) -> None:
    assert faults(with_connector(lines)) == [path]


def test_an_unfinished_set_up_and_unknown_keys_are_valid() -> None:
    assert faults(with_connector('name = "C"\nour_own = { a = 1 }')) == []


def test_what_cannot_be_read_is_invalid() -> None:
    assert faults("schema = 1") == ["$"]
    assert faults('schema = 2\n[profile]\nname = "a"\nenvironment = "test"') == ["$.schema"]
    assert faults('schema = 1\n[profile]\nname = "a"') == ["$.profile"]


def test_conditions_are_described_wherever_they_nest() -> None:
    text = with_connector("").replace(
        "[[connectors]]",
        "[[routing_rules]]\n[[routing_rules.otherwise]]\n"
        'when = { any = [{ not = { all = [{ entity = "Order", operator = ">=" }] } }] }',
    )
    assert faults(text) == ["$.routing_rules[0].otherwise[0].when.any[0].not.all[0].entity"]
