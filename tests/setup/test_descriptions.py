"""Laws over the whole catalogue: complete, consistent, readable, and no surer of Oracle than what was read."""

import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from omtui.setup.catalogue import BY_STEP, TABLES, TASKS, child, children, task_of
from omtui.setup.field import KIND_WORDS, NOT_READ, Field, has_kind
from omtui.setup.reading import verify
from omtui.setup.roles import DOWNSTREAM_PRIVILEGES, KNOWN_PRIVILEGES, MISSPELT_PRIVILEGES, OTHER_PRIVILEGES
from omtui.setup.table import Table, Task
from omtui.setup.time_zones import PAGE_NAMES, iana_name
from omtui.setup.trigger_points import TRIGGER_POINT_NAMES
from tests.looping import loop_over

EXAMPLE = tomllib.loads((Path(__file__).parent / "example.toml").read_text())
"""The whole format by example, as its contract prints it."""

FIELDS = [(table, field) for table in TABLES.values() for field in table.fields]
OF_PAGES = [(table, field) for table, field in FIELDS if not field.own]

NAMES = [f"{table.path}.{field.name}" for table, field in FIELDS]

each_field = loop_over("table, field", FIELDS, ids=NAMES)
each_field_alone = loop_over("field", [field for _, field in FIELDS], ids=NAMES)
each_table = loop_over("table", TABLES.values(), ids=TABLES)
each_task = loop_over("task", TASKS, ids=[task.step for task in TASKS])


def the(place: str) -> Field:
    path, _, name = place.rpartition(".")
    field = TABLES[path].by_name.get(name)
    assert field, place
    return field


def names_in(text: str) -> list[str]:
    return text.split()


# Complete

ALSO = names_in("""
pod.token_url pod.client_id pod.scope orchestration_processes.effective_start
orchestration_processes.effective_end orchestration_processes.version orchestration_processes.change_mode
orchestration_processes.copied_from roles.copied_from orchestration_processes.steps.depends_on
orchestration_processes.steps.condition orchestration_processes.steps.otherwise
orchestration_processes.steps.manual orchestration_processes.steps.line_selection
orchestration_processes.steps.lead_time orchestration_processes.steps.default_branch
orchestration_processes.steps.completion_step source_systems.start_date source_systems.end_date
planning_source_systems.collected_on connectors.description connectors.csf_key connectors.keystore_alias
topology.endpoints.protocol topology.endpoints.path topology.endpoints.status topology.endpoints.service
topology.endpoints.namespace topology.endpoints.tls_name topology.endpoints.ca_file
topology.endpoints.minimum_tls topology.endpoints.client_certificate topology.endpoints.timeout
topology.endpoints.caller topology.endpoints.of routing_rules.start_date routing_rules.end_date
routing_rules.priority routing_rules.description routing_rules.else_text routing_rules.changed_since_publish
routing_rules.then.unit routing_rules.otherwise.when routing_rules.otherwise.then
routing_rules.otherwise.action routing_rules.otherwise.value jeopardy.thresholds.code jeopardy.thresholds.name
jeopardy.thresholds.process jeopardy.thresholds.task_type jeopardy.thresholds.task jeopardy.thresholds.scores
jeopardy.thresholds.scores.minimum_delay jeopardy.thresholds.scores.maximum_delay
jeopardy.thresholds.scores.unit jeopardy.thresholds.scores.score task_types.predefined
orchestration_processes.predefined connectors.predefined routing_rules.predefined
""")
"""Keys that the contract names in words, outside its example."""


def test_every_key_of_the_example_is_described() -> None:
    assert verify(EXAMPLE) == []
    unknown = []
    waiting: list[tuple[str, dict[str, Any]]] = [("", EXAMPLE)]
    while waiting:
        path, holder = waiting.pop()
        for name, value in holder.items():
            inner = child(path, name)
            if inner:
                records = value if isinstance(value, list) else [value]
                waiting.extend((inner.path, record) for record in records)
            elif name not in (TABLES[path].by_name if path else ("schema",)):
                unknown.append(f"{path}.{name}")
    assert unknown == []


@loop_over("place", ALSO)
def test_every_key_that_the_contract_names_in_words_is_described(place: str) -> None:
    the(place)


def test_every_table_is_in_the_example_or_named_in_words() -> None:
    shown = {"jeopardy.thresholds", "jeopardy.thresholds.scores", "routing_rules.otherwise"}
    shown.add("orchestration_processes.status_conditions")
    waiting: list[tuple[str, Any]] = [("", EXAMPLE)]
    while waiting:
        path, holder = waiting.pop()
        for name, value in holder.items():
            if inner := child(path, name):
                shown.add(inner.path)
                waiting.extend((inner.path, record) for record in (value if isinstance(value, list) else [value]))
    assert shown == set(TABLES)


@each_table
def test_records_carry_note_owner_and_tags(table: Table) -> None:
    if not table.single and table.common:
        assert {"note", "owner", "tags"} <= set(table.by_name)
    assert ("predefined" in table.by_name) == (
        table.path in ("task_types", "orchestration_processes", "connectors", "routing_rules")
    )


KEYS = {
    "integration_users": "user_name",
    "task_types.statuses": "internal",
    "orchestration_processes.steps": "number",
    "orchestration_processes.status_conditions": "sequence",
    "trigger_points.details": "value",
    "status_rule_sets.statuses": "value",
    "certificates": "alias",
    "waivers": "check",
    **dict.fromkeys(
        (
            "roles",
            "source_systems",
            "planning_source_systems",
            "upstream_source_systems",
            "task_types.services",
            "task_types.tasks",
            "jeopardy.thresholds",
        ),
        "code",
    ),
    **dict.fromkeys(("routing_rules.when", "routing_rules.then", "routing_rules.otherwise"), None),
    "jeopardy.thresholds.scores": None,
}


@each_table
def test_records_have_the_key_of_the_contract(table: Table) -> None:
    assert table.key == (None if table.single else KEYS.get(table.path, "name"))
    assert table.key is None or table.by_name[table.key].required


# Consistent


@each_table
def test_a_table_names_only_fields_it_has(table: Table) -> None:
    names = set(table.by_name)
    assert len(names) == len(table.fields)
    assert set(table.columns) <= names
    assert set(table.frozen) <= names
    assert table.single or table.columns
    assert table.help
    assert table.key is None or table.columns[0] == table.key
    assert table.parent == "" or table.parent in TABLES


@each_table
def test_labels_are_unique_within_a_table(table: Table) -> None:
    labels = Counter(field.label for field in table.fields)
    assert [label for label, count in labels.items() if count > 1] == []


@each_table
def test_nested_tables_are_fields_of_their_parent(table: Table) -> None:
    for name, inner in children(table.path).items():
        if not table.single:
            kind = table.by_name[name].kind
            assert kind == ("condition" if inner.path == "routing_rules.when" else "records")
    for field in table.fields:
        if field.kind in ("records", "condition"):
            assert child(table.path, field.name) is not None


@each_field
def test_references_lead_to_a_field_of_the_same_type(table: Table, field: Field) -> None:
    for reference in field.refers:
        target = TABLES[reference.table].by_name[reference.field]
        assert (field.kind == "integer") == (target.kind == "integer")
        if reference.through == ".":
            assert reference.table == table.path
        elif reference.through:
            parent = TABLES[TABLES[reference.table].parent]
            through = table.by_name[reference.through]
            assert any(each.table == parent.path and each.field == parent.key for each in through.refers)
        if reference.when:
            assert reference.when[0] in table.by_name
            words = table.by_name[reference.when[0]].values
            assert reference.when[1] in words


@each_field_alone
def test_kind_values_and_default_fit_together(field: Field) -> None:
    assert field.kind in KIND_WORDS
    assert not field.closed or field.values
    assert len(set(field.values)) == len(field.values)
    assert not set(field.also) & set(field.values)
    for word in field.values:
        assert has_kind([word] if field.kind == "list" else word, field.kind)
    if field.default is not None:
        assert has_kind(field.default, field.kind)
        assert not field.values or field.default in field.values
    assert field.maximum_length is None or field.kind in ("text", "scalar")
    assert (field.minimum is None and field.maximum is None) or field.kind in ("integer", "number")
    assert field.minimum is None or field.maximum is None or field.minimum < field.maximum
    if field.maximum_length:
        assert all(len(word) <= field.maximum_length for word in field.values)


STATE = {
    "orchestration_processes.status",
    "orchestration_processes.deployed",
    "routing_rules.published",
    "routing_rules.changed_since_publish",
    "planning_source_systems.collected_on",
    "upstream_source_systems.collected_on",
    # Of the contract's list so far; facts of one pod that follow the same rule:
    "orchestration_processes.version",
    "topology.read_on",
    "topology.read_by",
}


def test_state_is_what_the_contract_calls_state() -> None:
    assert {f"{table.path}.{field.name}" for table, field in FIELDS if field.travels == "state"} == STATE


def test_what_belongs_to_one_environment_does_not_travel() -> None:
    for name in ("url", "host", "user_name", "credential", "ssh", "ca_file", "client_certificate", "csf_key", "port"):
        fields = [(table.path, field) for table, field in FIELDS if field.name == name]
        assert fields
        assert all(field.travels == "environment" for _, field in fields), name


# The words of the contract

CLOSED = {
    "profile.environment": "development | test | production | practice",
    "pod.authentication": "basic | oauth",
    "pod.connector_association": "shown | hidden",
    "integration_users.direction": "upstream | downstream | both | set-up",
    "orchestration_processes.status": "New | Editing | Released | Obsolete",
    "orchestration_processes.steps.type": "Service | Conditional | Merge",
    "source_systems.type": "Spoke | Purchased",
    "source_systems.enabled_for": "Items | Trading Community Members | Order Orchestration and Planning | Assets",
    "planning_source_systems.version": "Oracle Fusion | Others | External",
    "planning_source_systems.order_orchestration_type": "Order Capture | Fulfillment",
    "upstream_source_systems.version": "Oracle Fusion | Others | External",
    "upstream_source_systems.order_orchestration_type": "Order Capture | Fulfillment",
    "connectors.invocation_mode": "Asynchronous Service | Synchronous Service | Business Event",
    "connectors.used_by": "extension",
    "waivers.level": "error | warning | info",
    "topology.applications.protocol": "https | http",
    "topology.endpoints.expect": "open | tls | http | wsdl | closed",
    "topology.endpoints.protocol": "https | http | tcp",
    "topology.endpoints.caller": "fusion | integration-cloud | external | person",
    "routing_rules.when.entity": "Order Header | Order Line | Order Fulfill Line | Orchestration Process",
    "routing_rules.then.action": "Set Connector Name | Set Interface Type | Set Acknowledgement Timeout | "
    "Override Operation | Override Compensation Pattern | Resolve Cross-Reference for Customer | Prepare Result",
    "trigger_points.name": "Jeopardy | Order Header Status Update | Order Attribute Update | "
    "Fulfillment Line Status Update | Fulfillment Line Closed | Hold | Split | Change Order Compensation Complete | "
    "Cancel Back Order | Release Hold",
    "jeopardy.priorities.name": "LOW | MEDIUM | HIGH",
}
CLOSED["routing_rules.otherwise.action"] = CLOSED["routing_rules.then.action"]


def test_closed_lists_are_those_of_the_contract_and_no_others() -> None:
    assert {f"{table.path}.{field.name}" for table, field in FIELDS if field.closed} == set(CLOSED)
    for place, words in CLOSED.items():
        assert set(the(place).values) == set(words.split(" | ")), place


def test_the_signs_of_operators() -> None:
    assert set(the("routing_rules.when.operator").also) == {"=", ">", ">=", "<", "<=", "Is Blank", "Is Not Blank"}


@pytest.mark.parametrize(
    "place",
    [
        "connectors.response_processing",  # the exact spelling was not read
        "planning_source_systems.time_zone",
        "task_types.services.operation",
        "orchestration_processes.change_mode",
        "status_rule_sets.statuses.value",
        "routing_rules.when.attribute",
        "services.name",
        "event_subscriptions.event",
        "topology.applications.name",
        "integration_users.privileges",
    ],
)
def test_lists_known_to_be_incomplete_stay_open(place: str) -> None:
    assert the(place).values
    assert not the(place).closed


# The facts that were read

LENGTHS = {
    "task_types.name": 30,
    "task_types.description": 1000,
    "task_types.services.code": 80,
    "task_types.services.name": 80,
    "task_types.services.description": 512,
    "task_types.tasks.code": 80,
    "task_types.tasks.name": 80,
    "task_types.tasks.display_name": 512,
    "task_types.statuses.internal": 30,
    "task_types.statuses.display": 240,
    "orchestration_processes.name": 80,
    "orchestration_processes.process_class": 240,
    "orchestration_processes.steps.name": 80,
    "orchestration_processes.steps.line_selection": 256,
    "source_systems.code": 30,
    "source_systems.name": 80,
    "source_systems.description": 240,
    "planning_source_systems.code": 30,
    "planning_source_systems.description": 240,
    "planning_source_systems.time_zone": 64,
    "upstream_source_systems.code": 30,
    "upstream_source_systems.description": 240,
    "upstream_source_systems.time_zone": 64,
    "destination_system.code": 30,
    "destination_system.name": 80,
    "destination_system.description": 240,
    "destination_system.time_zone": 64,
    "connectors.name": 120,
    "connectors.description": 1000,
    "connectors.url": 1000,
    "connectors.csf_key": 1000,
    "connectors.keystore_alias": 1000,
}
"""Read in Oracle's table dictionary. No other length is known."""


def test_lengths_are_those_that_were_read() -> None:
    known = {f"{t.path}.{f.name}": f.maximum_length for t, f in FIELDS if f.maximum_length is not None}
    assert known == LENGTHS


REQUIRED = names_in("""
services.name event_subscriptions.event integration_users.user_name roles.code task_types.name
task_types.services.code task_types.services.name task_types.services.operation task_types.tasks.code
task_types.tasks.name task_types.statuses.internal task_types.statuses.display orchestration_processes.name
orchestration_processes.set orchestration_processes.steps.number orchestration_processes.steps.name
orchestration_processes.status_conditions.sequence
orchestration_processes.steps.type status_rule_sets.name status_rule_sets.statuses.value source_systems.code
source_systems.name source_systems.type planning_source_systems.code planning_source_systems.time_zone
planning_source_systems.version upstream_source_systems.code upstream_source_systems.time_zone
upstream_source_systems.version destination_system.code destination_system.time_zone connectors.target_system
connectors.name connectors.url connectors.invocation_mode certificates.alias topology.applications.name
topology.applications.host topology.applications.port routing_rules.name routing_rules.when.entity
routing_rules.when.attribute routing_rules.when.operator routing_rules.then.action routing_rules.then.value
trigger_points.name trigger_points.details.value jeopardy.priorities.name jeopardy.priorities.minimum_score
jeopardy.priorities.maximum_score jeopardy.thresholds.code jeopardy.thresholds.scores.minimum_delay
jeopardy.thresholds.scores.maximum_delay jeopardy.thresholds.scores.score related_setup.task
""")


def test_what_oracles_pages_require() -> None:
    assert {f"{table.path}.{field.name}" for table, field in OF_PAGES if field.required} == set(REQUIRED)


def test_what_oracle_freezes_on_save() -> None:
    frozen = {f"{table.path}.{name}" for table in TABLES.values() for name in table.frozen}
    assert frozen == {
        "task_types.services.code",
        "orchestration_processes.name",
        "source_systems.code",
        "connectors.name",
    }


DEFAULTS = {
    "pod.authentication": "basic",
    "pod.time_zone": "UTC",
    "orchestration_processes.steps.type": "Service",
    "planning_source_systems.data_cross_reference": False,
    "upstream_source_systems.data_cross_reference": False,
    "connectors.invocation_mode": "Asynchronous Service",
    "connectors.response_processing": "Reject all lines on first error",
    "topology.applications.port": 443,
    "topology.applications.protocol": "https",
    "routing_rules.active": False,
    "routing_rules.when.operator": "is equal to",
    "routing_rules.then.action": "Set Connector Name",
    "trigger_points.integration_cloud": False,
    "trigger_points.details.raise_event": False,
    "trigger_points.details.send_email": False,
    **{
        f"{table}.predefined": False
        for table in ("task_types", "orchestration_processes", "connectors", "routing_rules")
    },
}
"""What a page fills in, as far as it was read, and what is taken where a field of omtui's own is left out."""


def test_defaults_are_those_that_were_read() -> None:
    assert {f"{t.path}.{f.name}": f.default for t, f in FIELDS if f.default is not None} == DEFAULTS


NOT_READ_FIELDS = names_in("""
orchestration_processes.change_mode status_rule_sets.statuses.send_email routing_rules.else_text
routing_rules.otherwise.if_text routing_rules.otherwise.then_text
""")


def test_what_was_not_read_says_so() -> None:
    assert {f"{table.path}.{field.name}" for table, field in FIELDS if field.source == NOT_READ} == set(NOT_READ_FIELDS)


_SOURCE = re.compile(
    r"Oracle(,| Integration:| readiness 2[4-9][A-D])|(DOO|HZ|MSC)_[A-Z_]+|source text|the page of the task"
)


@each_field_alone
def test_every_field_of_a_page_has_help_and_a_source(field: Field) -> None:
    assert field.help
    if field.own:
        assert field.travels in ("portable", "environment", "state")
    else:
        assert field.source
        assert field.source == NOT_READ or _SOURCE.match(field.source), field.source


@pytest.mark.parametrize(
    "guess",
    [
        "Tools >",  # the way to the Security Console
        "oracle.wsm.security",  # the spelling of the wallet's map
        "ORA_DOO_ORDER_ADMINISTRATOR_JOB",  # a code from memory
        "internal virtual host",
        "incremental",
        "Manage Source System Entities",  # a slip of one page, or another name: not known
        "design-time URL of Integration Cloud hears",
        "bulk",
        "User level",
    ],
)
def test_no_guess_is_shown_as_a_fact(guess: str) -> None:
    reported = [field.help + field.source + " ".join(field.values) for _, field in FIELDS]
    reported += [table.help for table in TABLES.values()]
    reported += [
        " ".join((task.purpose, *task.procedure, *task.other_names, task.redwood, task.source)) for task in TASKS
    ]
    assert not [text for text in reported if guess.casefold() in text.casefold()]


def test_privileges() -> None:
    assert len(DOWNSTREAM_PRIVILEGES) == 9
    assert len(set(KNOWN_PRIVILEGES)) == len(KNOWN_PRIVILEGES)
    assert set(MISSPELT_PRIVILEGES.values()) <= set(DOWNSTREAM_PRIVILEGES)
    assert not set(MISSPELT_PRIVILEGES) & set(KNOWN_PRIVILEGES)
    assert not [code for code in DOWNSTREAM_PRIVILEGES if code.endswith("_PRIV")]  # their codes are not public
    assert not [name for name in OTHER_PRIVILEGES if name in DOWNSTREAM_PRIVILEGES]


def test_time_zones() -> None:
    assert len(set(PAGE_NAMES.values())) == len(PAGE_NAMES)
    for name, iana in PAGE_NAMES.items():
        assert iana_name(name) == iana
        assert iana_name(iana) == iana
    assert iana_name("Europe/Berlin") == "Europe/Berlin"
    assert iana_name("Middle Earth Time") is None
    assert iana_name("") is None


# Tasks


def test_the_steps_are_in_order() -> None:
    assert [task.step for task in TASKS] == [
        "profile",
        "flow",
        "0",
        "1",
        "2",
        "3",
        "4",
        "4.1",
        "5",
        "6",
        "7",
        "8",
        "9",
        "related",
    ]
    assert BY_STEP.keys() == {task.step for task in TASKS}


TITLES = {
    "1": "Manage Task Types",
    "2": "Manage Orchestration Process Definitions",
    "3": "Manage Trading Community Source Systems",
    "4": "Manage Planning Source Systems",
    "4.1": "Manage Upstream and Fulfillment Source Systems",
    "5": "Manage External Interface Web Service Details",
    "6": "Review Topology",
    "7": "Manage External Integration Routing Rules for Sales Orders",
    "8": "Manage Business Event Trigger Points",
    "9": "Manage Business Event Trigger Points",
}


def test_tasks_bear_oracles_names() -> None:
    for step, title in TITLES.items():
        assert BY_STEP[step].title == title
    assert BY_STEP["5"].page == "Manage Connector Details"
    assert BY_STEP["7"].page == "Manage External Interface Routing Rules"
    assert BY_STEP["4.1"].other_names == ("Manage Orchestration Source Systems",)


@pytest.mark.parametrize(
    ("step", "path"),
    [
        ("1", "Setup and Maintenance > Order Management > Orders > Manage Task Types"),
        ("3", "Setup and Maintenance > Order Management > Manage Trading Community Source Systems"),
        (
            "4",
            "Setup and Maintenance > Supply Chain Planning > Supply Chain Planning Configuration > "
            "Manage Planning Source Systems",
        ),
        ("4.1", "Setup and Maintenance > Order Management > Manage Upstream and Fulfillment Source Systems"),
        ("6", "Setup and Maintenance > Review Topology"),
        (
            "7",
            "Setup and Maintenance > Order Management > Orders > "
            "Manage External Integration Routing Rules for Sales Orders",
        ),
    ],
)
def test_the_way_to_the_page(step: str, path: str) -> None:
    assert " > ".join(BY_STEP[step].navigation) == path


@each_task
def test_every_task_says_what_it_is_for(task: Task) -> None:
    assert task.purpose
    assert task.procedure
    assert task.source or task.step in ("profile", "related")
    assert set(task.tables) <= set(TABLES)
    assert len(task.short) <= 17
    for line in (task.purpose, *task.procedure):
        assert line.endswith(".")


@each_table
def test_every_table_belongs_to_a_task(table: Table) -> None:
    assert task_of(table.path) is not None


@pytest.mark.parametrize("name", [*TRIGGER_POINT_NAMES, "Something else", ""])
def test_a_trigger_point_belongs_to_one_step(name: str) -> None:
    record = {"name": name}
    holding = [task.step for task in TASKS if task.holds("trigger_points", record)]
    assert holding == (["8"] if name == "Jeopardy" else ["9"])
    task = task_of("trigger_points", record)
    assert task
    assert [task.step] == holding


def test_tables_belong_to_the_step_of_the_contract() -> None:
    steps = {path: task.step for path in TABLES if (task := task_of(path))}
    assert steps["status_rule_sets"] == "2"
    assert steps["destination_system"] == "4.1"
    assert steps["credentials"] == steps["certificates"] == "5"
    assert steps["jeopardy"] == steps["jeopardy.priorities"] == steps["jeopardy.thresholds.scores"] == "8"
    assert steps["routing_rules.when"] == steps["routing_rules.otherwise"] == "7"
    assert steps["topology.vantage_points"] == "6"
    assert steps["pod"] == steps["waivers"] == "profile"
    assert task_of("nonsense") is None
    details = task_of("trigger_points.details", {"name": "Hold"})
    assert details
    assert details.step == "9"


# Readable

AMERICAN = re.compile(r"\b(color|behavior|center|catalog|favor|analyz|license[sd]?|program me)\w*", re.IGNORECASE)
VAGUE = re.compile(r"\b(etc|please|simply|just|should be able|TODO|and/or|via)\b", re.IGNORECASE)


def _texts() -> list[tuple[str, str]]:
    found = [(f"{table.path}.{field.name}", field.help) for table, field in FIELDS]
    found += [(table.path, table.help) for table in TABLES.values() if table.help]
    for task in TASKS:
        found += [(task.step, text) for text in (task.purpose, *task.procedure)]
    return found


@loop_over("text", [text for _, text in _texts()], ids=[place for place, _ in _texts()])
def test_texts_are_short_plain_sentences(text: str) -> None:
    assert text == text.strip()
    assert text[0].isupper() or text.split()[0] in ("https", "upstream", "omtui")  # words of the format
    assert text[-1] in ".…" or text.endswith("_ep"), text
    assert "!" not in text
    assert "  " not in text
    assert len(text) <= 330
    assert not AMERICAN.search(text.replace("Status Catalog", "").replace("service catalog", ""))
    assert not VAGUE.search(text)


@each_field_alone
def test_help_fits_the_help_line_and_says_more_than_the_label(field: Field) -> None:
    assert len(field.help) <= 200
    words = field.help.casefold().strip(". ")
    assert words not in (field.label.casefold(), f"the {field.label.casefold()}", "")


@each_field_alone
def test_labels_are_plain(field: Field) -> None:
    assert field.label
    assert field.label == field.label.strip()
    assert not field.label.endswith((".", ":", "*"))
    assert re.fullmatch(r"[a-z][a-z_]*", field.name)


@pytest.mark.parametrize(
    ("place", "limits"),
    [
        ("connectors.name", "required, up to 120 characters"),
        ("topology.applications.port", "required, 1 to 65535"),
        ("topology.endpoints.timeout", "0 or more"),
        ("connectors.user_name", ""),
    ],
)
def test_limits_in_words(place: str, limits: str) -> None:
    assert the(place).limits == limits


def test_a_table_says_what_its_fields_have_in_common() -> None:
    fields = (Field("a", "A"), Field("b", "B", own=True), Field("c", "C", travels="state", source="here"))
    table = Table("t", "T", "t", fields, travels="environment", source="there")
    assert [(field.own, field.travels, field.source) for field in table.own_fields] == [
        (False, "environment", "there"),
        (True, "environment", ""),
        (False, "state", "here"),
    ]
    assert all(field.own for field in Table("t", "T", "t", fields, own=True).own_fields)
    assert table.by_name["note"].travels == "portable"


def test_what_is_not_there_has_no_description() -> None:
    assert child("connectors", "nonsense") is None
    assert child("", "connectors") is TABLES["connectors"]
    assert child("routing_rules.when", "then") is None
    assert child("routing_rules.otherwise", "all") is None


@pytest.mark.parametrize(
    ("value", "kinds"),
    [
        ("a", {"text", "place", "scalar"}),
        (1, {"integer", "number", "scalar"}),
        (True, {"boolean", "scalar"}),
        ([], {"list", "integers", "records", "scalar"}),
        (["a"], {"list", "scalar"}),
        ([1], {"integers", "scalar"}),
        ([["a"]], set()),
        ([{}], {"records"}),
        ({}, {"condition"}),
        (None, set()),
    ],
)
def test_kinds(value: object, kinds: set[str]) -> None:
    assert {kind for kind in KIND_WORDS if has_kind(value, kind)} == kinds
