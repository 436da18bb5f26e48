"""P0-03, P0-04, P0-07, P0-08: each check appears where something is wrong and vanishes when it is fixed."""

import json
from copy import deepcopy
from typing import Any

import pytest

from omtui.checks.formats import document, text
from omtui.checks.report import Report
from omtui.setup.catalogue import TABLES
from omtui.setup.indexed import Indexed
from omtui.setup.place import found_at
from omtui.setup.table import Table
from tests.checks.cases import Case, appears, each_case, each_fixed_case, vanishes
from tests.checks.profiles import REMOVED, checked, shown, sound

_RULE = "routing_rules[Picks]"

CASES = (
    Case("P0-03", {"conectors": []}, "conectors", "warning", fixed={"conectors": REMOVED}, fix="write connectors"),
    Case("P0-03", {"pod.releese": "26C"}, "pod.releese", "warning", fix="write release instead"),
    Case(
        "P0-03",
        {"connectors[Requests].TargetSystem": "PICK"},
        "connectors[Requests].TargetSystem",
        "warning",
        fix="write target_system",
        says="no key of a connector",
    ),
    Case("P0-03", {f"{_RULE}.when.atribute": "Item"}, f"{_RULE}.when.atribute", "warning", fix="write attribute"),
    Case(
        "P0-03",
        {f"{_RULE}.when": {"all": [{"not": {"any": [{"entitty": "Order Header"}]}}]}},
        f"{_RULE}.when.all[0].not.any[0].entitty",
        "warning",
    ),
    Case("P0-03", {f"{_RULE}.then[0].zzz": 1}, f"{_RULE}.then[0].zzz", "warning", fix="remove it"),
    Case(
        "P0-03",
        {f"{_RULE}.otherwise": [{"action": "Set Connector Name", "value": "Requests", "iff": 1}]},
        f"{_RULE}.otherwise[0].iff",
        "warning",
        fixed={f"{_RULE}.otherwise": REMOVED},
    ),
    Case(
        "P0-04",
        {"connectors[Requests].password": "hunter2"},
        "connectors[Requests].password",
        fixed={"connectors[Requests].password": "***"},
    ),
    Case("P0-04", {"pod.client_secret": "s3cr3t"}, "pod.client_secret", fixed={"pod.client_secret": REMOVED}),
    Case(
        "P0-04",
        {"connectors[Requests].url": "https://vision:hunter2@pick-test.partner.example/requests"},
        "connectors[Requests].url",
        fixed={"connectors[Requests].url": "https://vision@pick-test.partner.example/requests"},
        says="a user name with its password",
    ),
    Case("P0-04", {"connectors[Requests].note": "Ask Ann. Password: Welcome1"}, "connectors[Requests].note"),
    Case(
        "P0-04",
        {"connectors[Requests].description": "-----BEGIN RSA PRIVATE KEY-----\nMIIE"},
        "connectors[Requests].description",
    ),
    Case(
        "P0-04",
        {"related_setup[Planning switched off].value": "Bearer abcdef0123456789abcdef"},
        "related_setup[Planning switched off].value",
    ),
    Case("P0-04", {"x": {"y": [{"token": "abc"}]}}, "x.y[0].token", fixed={"x": REMOVED}),
    Case(
        "P0-07",
        {"integration_users[WMS].direction": REMOVED},
        "integration_users[WMS].direction",
        fix='"upstream"',
    ),
    Case("P0-07", {"source_systems[PICK].name": " "}, "source_systems[PICK].name", says='"PICK" has no Name'),
    Case(
        "P0-07",
        {"task_types[Pick].services[Pick Create].operation": REMOVED},
        "task_types[Pick].services[Pick Create].operation",
        fixed={"task_types[Pick].predefined": True},
    ),
    Case("P0-07", {f"{_RULE}.when": REMOVED}, f"{_RULE}.when", fix="at least one condition"),
    Case("P0-07", {f"{_RULE}.then": []}, f"{_RULE}.then", fixed={f"{_RULE}.predefined": True}),
    Case(
        "P0-07",
        {f"{_RULE}.otherwise": [{"when": {"entity": "Order Header", "attribute": "Item", "operator": "is empty"}}]},
        f"{_RULE}.otherwise[0].then",
        fixed={f"{_RULE}.otherwise": REMOVED},
    ),
    Case(
        "P0-07",
        {"orchestration_processes[Vision_Pick].steps[500].type": REMOVED},
        "orchestration_processes[Vision_Pick].steps[500].type",
        fixed={"orchestration_processes[Vision_Pick].steps[500].type": "Merge"},
    ),
    Case("P0-07", {"profile.name": ""}, "profile.name", fixed={"profile.name": "sound"}),
    Case(
        "P0-08",
        {"integration_users[WMS].direction": "downwards"},
        "integration_users[WMS].direction",
        fixed={"integration_users[WMS].direction": "downstream"},
    ),
    Case("P0-08", {"profile.environment": "Test"}, "profile.environment", fix='enter "test"'),
    Case(
        "P0-08",
        {"source_systems[PICK].enabled_for": ["Order Orchestration and Planning", "items"]},
        "source_systems[PICK].enabled_for",
        fix='"Items"',
    ),
    Case(
        "P0-08",
        {"planning_source_systems[PICK].version": "Other"},
        "planning_source_systems[PICK].version",
        fix='"Others"',
    ),
    Case(
        "P0-08",
        {f"{_RULE}.then[0].action": "Set connector name"},
        f"{_RULE}.then[0].action",
        fix='"Set Connector Name"',
    ),
    Case(
        "P0-08",
        {f"{_RULE}.then[+]": {"action": "Override Compensation Pattern", "value": "REDO"}},
        f"{_RULE}.then[1].value",
        fixed={f"{_RULE}.then[1].value": "UPDATE"},
        fix='"CANCEL_CREATE" or "UPDATE"',
    ),
    Case(
        "P0-08",
        {"status_rule_sets[+]": {"name": "Vision line statuses", "statuses": []}},
        "status_rule_sets[Vision line statuses#2].name",
        fixed={"status_rule_sets[Vision line statuses#2].name": "Others"},
    ),
    Case(
        "P0-08",
        {"trigger_points[+]": {"name": "Order Header Status Update"}},
        "trigger_points[Order Header Status Update#2].name",
        fixed={"trigger_points[Order Header Status Update#2]": REMOVED},
    ),
    Case(
        "P0-08",
        {
            "topology.endpoints[+]": {
                "name": "Label printers",
                "host": "two.partner.example",
                "port": 1,
                "expect": "open",
            }
        },
        "topology.endpoints[Label printers#2].name",
        fixed={"topology.endpoints[Label printers#2].name": "More printers"},
    ),
)


@each_case(CASES)
def test_appears(case: Case) -> None:
    appears(case)


@each_fixed_case(CASES)
def test_vanishes(case: Case) -> None:
    vanishes(case)


@pytest.mark.parametrize(
    "value",
    [
        "https://vision:Tr0ub4dor@pick.partner.example/requests",
        "http://:Tr0ub4dor@pick.partner.example",
        "not a url at all ://u:Tr0ub4dor@x",
        "Basic dmlzaW9uOlRyMHViNGRvcg==",
        "pwd=Tr0ub4dor; user=vision",
        "eyJhbGciOiJIUzI1NiJ9.eyJUcjB1YjRkb3IiOjF9.Tr0ub4dor",
    ],
)
def test_a_secret_is_never_shown(value: str) -> None:
    """Neither by P0-04 nor by any check that shows the value or the name of the record."""
    spoilt = {
        "connectors[Requests].url": value,
        "connectors[Events].name": value,
        "connectors[Requests].user_name": value,
    }
    results = shown(sound(spoilt, {"topology.endpoints[Label printers].name": value}))
    assert "P0-04" in {result.finding.check for result in results}
    report = Report("p", "25D", results)
    for said in (json.dumps(document(report)), text([report])):
        assert "Tr0ub4dor" not in said
        assert "dmlzaW9u" not in said


@pytest.mark.parametrize(
    "value",
    [
        "Password: ask the owner",
        "the token is in the vault",
        "password = <secret>",
        "https://host.example:8080/path@version",
        "Manage Password Policy",
        "basic authentication over TLS",
        "secret: ${VAULT_SECRET1}",
    ],
)
def test_talk_about_secrets_is_no_secret(value: str) -> None:
    assert checked(sound({"connectors[Requests].note": value})) == []


def test_a_value_that_another_check_misses_is_reported_once() -> None:
    """P0-07 and P0-08 leave to others what others report."""
    spoilt = sound({"connectors[Requests].url": REMOVED, "source_systems[PICK].type": "Legacy"})
    paths = [finding.path for finding in checked(spoilt)]
    assert len(paths) == len(set(paths))


def test_signs_are_read_as_operators() -> None:
    assert checked(sound({f"{_RULE}.when.operator": "="})) == []


_WITH_RECORDS = [table for table in TABLES.values() if Indexed(sound()).records(table.path)]


@pytest.mark.parametrize("table", [table for table in _WITH_RECORDS if table.key], ids=lambda table: table.path)
def test_a_key_used_twice_is_reported_once_on_the_later_record(table: Table) -> None:
    data = sound()
    path, record = Indexed(data).records(table.path)[0]
    siblings: Any = found_at(data, path[:-1])
    siblings.append(deepcopy(record))
    here = (*path[:-1], len(siblings) - 1, table.key)
    assert [finding.level for finding in checked(data) if finding.path == here] == ["error"]


@pytest.mark.parametrize(
    ("table", "name"),
    [(table, field.name) for table in _WITH_RECORDS for field in table.fields if field.required],
    ids=lambda each: each if isinstance(each, str) else each.path,
)
def test_a_missing_value_is_reported_once_at_its_field(table: Table, name: str) -> None:
    """By P0-07, or by the check that reports it better."""
    data = sound()
    path, _ = Indexed(data).records(table.path)[0]
    record: Any = found_at(data, path)
    del record[name]
    assert [finding.level for finding in checked(data) if finding.path == (*path, name)] == ["error"]
