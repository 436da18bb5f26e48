"""Sample profiles that point at a running practice pod.

`practice-dev` is a whole set-up in good order, `practice-test` the same one behind it by a few changes (to compare
and to promote), `practice-broken` holds the deliberately broken endpoints. All hosts are 127.0.0.1; everything
else is invented.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omtui.practice.packing import PACKING, PACKING_RULES, PACKING_STEPS, packing_connector
from omtui.practice.pod import EVENTS_PATH, USER_NAME
from omtui.topology.oracle_services import CONNECTOR_PATH

if TYPE_CHECKING:
    from omtui.practice.practice import Practice

DEV, TEST, BROKEN = "practice-dev", "practice-test", "practice-broken"


def write_profiles(practice: Practice, library: Path) -> list[Path]:
    """Writes the sample profiles into a library folder, made if need be; returns their paths.

    Files of these names are overwritten: call it with a fresh folder. Raises OSError when it can't be written.
    """
    library.mkdir(parents=True, exist_ok=True, mode=0o700)
    paths = []
    for name, text in sample_profiles(practice).items():
        path = library / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        paths.append(path)
    return paths


def sample_profiles(practice: Practice) -> dict[str, str]:
    """The sample profiles as TOML, by name."""
    profiles = {DEV: _set_up(practice, ahead=True), TEST: _set_up(practice, ahead=False)}
    if practice.lesson_ports:
        profiles[BROKEN] = _broken(practice)
    return profiles


def _set_up(practice: Practice, *, ahead: bool) -> str:
    """The whole set-up; `ahead` is the development state, without it the state of the test environment."""
    name = DEV if ahead else TEST
    title = "Practice: development" if ahead else "Practice: test"
    follows = "" if ahead else f"follows = {_text(DEV)}\n"
    return (
        _HEAD.format(
            name=_text(name),
            title=_text(title),
            follows=follows,
            pod=_text(practice.pod_url),
            release=_text(practice.release),
            user=_text(USER_NAME),
        )
        + _FLOW.format(packing_steps=PACKING_STEPS if ahead else "")
        + (PACKING if ahead else "")
        + _SYSTEMS
        + _connectors(practice)
        + (packing_connector(practice.external_url) if ahead else "")
        + _topology(practice, ahead)
        + _RULES
        + (PACKING_RULES if ahead else "")
        + _events(ahead)
    )


_HEAD = """\
# Written by omtui for its practice pod. Everything here is invented; change what you like.
schema = 1

[profile]
name = {name}
title = {title}
environment = "practice"
description = "Pick and invoice through an external system"
{follows}
[pod]
url = {pod}
release = {release}
user_name = {user}
credential = "pod"
authentication = "basic"
time_zone = "UTC"
connector_association = "shown"
"""

_FLOW = """
# The flow: services called and events heard
[[services]]
name = "OrderFulfillmentResponseService"
called_by = ["WMS_DOWNSTREAM"]
operations = ["processFulfillmentResponse"]

[[services]]
name = "OrderImportService"
called_by = ["OM_UPSTREAM"]
operations = ["createOrders"]

# Step 0: roles and privileges
[[integration_users]]
user_name = "OM_UPSTREAM"
direction = "upstream"
system = "CSS02"
privileges = []
roles = ["PRACTICE_OM_ORDER_IMPORT_JOB"]

[[integration_users]]
user_name = "OM_SETUP"
direction = "set-up"
privileges = ["ASM_REVIEW_TOPOLOGY_HIERARCHY_PRIV"]
roles = ["PRACTICE_SETUP_JOB"]

[[integration_users]]
user_name = "WMS_DOWNSTREAM"
direction = "downstream"
system = "CSS01"
credential = "wms"
privileges = [
    "Manage Orchestration Generic Web Service",
    "Manage Orchestration Order Fulfillment Interface Web Service",
]
roles = ["PRACTICE_OM_FULFILLMENT_JOB"]

[[roles]]
code = "PRACTICE_OM_FULFILLMENT_JOB"
name = "Practice OM fulfillment responses"
copied_from = "ORA_DOO_ORDER_MANAGER_JOB"
privileges = [
    "Manage Orchestration Generic Web Service",
    "Manage Orchestration Order Fulfillment Interface Web Service",
]

[[roles]]
code = "PRACTICE_OM_ORDER_IMPORT_JOB"
name = "Practice OM order import"
copied_from = "ORA_DOO_ORDER_MANAGER_JOB"

[[roles]]
code = "PRACTICE_SETUP_JOB"
name = "Practice set-up"
privileges = ["ASM_REVIEW_TOPOLOGY_HIERARCHY_PRIV"]

# Step 1: task types
[[task_types]]
name = "Pick_From_Ravi"
description = "Picking done by an external system"
services = [
    {{ code = "Pick_From_Ravi_Create", name = "Pick_From_Ravi_Create", operation = "Create" }},
    {{ code = "Pick_From_Ravi_Inbound", name = "Pick_From_Ravi_Inbound", operation = "Inbound" }},
]
tasks = [{{ code = "PICK_CARTON", name = "Pick Carton" }}]
statuses = [
    {{ internal = "PICKING", display = "Picking" }},
    {{ internal = "PICKED", display = "Picked", complete = true }},
]

[[task_types]]
name = "Invoice"
predefined = true

# Step 2: orchestration processes
[[orchestration_processes]]
name = "Practice_Pick_Process"
display_name = "Pick by external system"
process_class = "Ship Order Class"
set = "Common Set"
status = "Released"
deployed = true
assignment = "Order type = STANDARD"
status_rule_set = "Practice line statuses"

[[orchestration_processes.steps]]
number = 100
name = "Pick to be done from Ravi"
type = "Service"
task_type = "Pick_From_Ravi"
task = "Pick Carton"
service = "Pick_From_Ravi_Create"

[[orchestration_processes.steps]]
number = 200
name = "Wait for pick"
type = "Service"
task_type = "Pick_From_Ravi"
task = "Pick Carton"
service = "Pick_From_Ravi_Inbound"
wait = true
exit_criteria = "PICKED"
{packing_steps}
[[orchestration_processes.steps]]
number = 500
name = "Request invoice"
type = "Service"
task_type = "Invoice"
task = "Invoice"
service = "Create Billing Lines"

[[orchestration_processes.steps]]
number = 600
name = "Wait for invoice"
type = "Service"
task_type = "Invoice"
task = "Invoice"
service = "Wait for Billing"
wait = true
exit_criteria = "BILLED"

[[status_rule_sets]]
name = "Practice line statuses"
statuses = [{{ value = "SHIPPED", notify_external_system = true, send_email = false }}]
"""

_SYSTEMS = """
# Step 3: trading community source systems
[[source_systems]]
code = "CSS01"
name = "Pick system"
type = "Spoke"
enabled_for = ["Order Orchestration and Planning"]

[[source_systems]]
code = "CSS02"
name = "Order capture"
type = "Spoke"
enabled_for = ["Order Orchestration and Planning"]

# Step 4: planning source systems
[[planning_source_systems]]
code = "CSS01"
time_zone = "US Eastern Time"
version = "Others"
order_orchestration_type = "Fulfillment"
data_cross_reference = false
collections_allowed = true

# Step 4.1: upstream and fulfillment source systems
[destination_system]
code = "OPS"
time_zone = "US Eastern Time"

[[upstream_source_systems]]
code = "CSS02"
time_zone = "US Eastern Time"
version = "Others"
order_orchestration_type = "Order Capture"
data_cross_reference = false
collections_allowed = true
"""


def _connectors(practice: Practice) -> str:
    return f"""
# Step 5: connectors
[[connectors]]
name = "Connector01"
target_system = "CSS01"
url = {_text(practice.external_url + CONNECTOR_PATH)}
user_name = "pick.service"
credential = "connector01"
invocation_mode = "Asynchronous Service"
response_processing = "Reject all lines on first error"
send_attachments = true

[[connectors]]
name = "EventConnector"
target_system = "CSS01"
url = {_text(practice.external_url + EVENTS_PATH)}
user_name = "pick.service"
credential = "connector01"
invocation_mode = "Business Event"

[[credentials]]
name = "connector01"
owner = "security@pick.example"
"""


def _rows(practice: Practice) -> list[str]:
    """The rows of Review Topology: one host serves both applications, as in the cloud."""
    pod = {"domain": "FADomain", "host": "127.0.0.1", "port": practice.pod_port, "protocol": "https"}
    return [_record("topology.applications", {"name": name, **pod}) for name in ("FSCMServices", "FASOA")]


def _topology(practice: Practice, ahead: bool) -> str:
    parts = ["\n# Step 6: topology. The practice authority is trusted for these endpoints only.\n[topology]\n"]
    parts += _rows(practice)
    trusted = {
        "The pod": "pod.url",
        "Fulfillment responses": "services[OrderFulfillmentResponseService]",
        "Order import": "services[OrderImportService]",
        "Connector01": "connectors[Connector01]",
        "EventConnector": "connectors[EventConnector]",
        **({"PalletConnector": "connectors[PalletConnector]"} if ahead else {}),
    }
    for name, place in trusted.items():
        parts.append(_record("topology.endpoints", {"name": name, "of": place, "ca_file": str(practice.ca_file)}))
    return "\n".join(parts)


_RULES = """
# Step 7: routing rules
[[routing_rules]]
name = "Route Invoice Request 01"
if_text = "Item is CM5008 and Task Type is Invoice"
then_text = "Set Connector Name to Connector01"
active = true
published = true

[routing_rules.when]
all = [
    { entity = "Order Fulfill Line", attribute = "Item", operator = "is equal to", value = "CM5008" },
    { entity = "Order Header", attribute = "Task Type", operator = "is equal to", value = "Invoice" },
]

[[routing_rules.then]]
action = "Set Connector Name"
value = "Connector01"

[[routing_rules]]
name = "Route Pick Request"
if_text = "Task Type is Pick_From_Ravi"
then_text = "Set Connector Name to Connector01"
active = true
published = true

[routing_rules.when]
all = [{ entity = "Order Header", attribute = "Task Type", operator = "is equal to", value = "Pick_From_Ravi" }]

[[routing_rules.then]]
action = "Set Connector Name"
value = "Connector01"
"""


def _events(ahead: bool) -> str:
    email = "true" if ahead else "false"
    return f"""
# Steps 8 and 9: business event trigger points
[[trigger_points]]
name = "Order Header Status Update"
active = true
connectors = ["EventConnector"]
details = [{{ value = "Submitted", raise_event = true, send_email = {email} }}]

[[trigger_points]]
name = "Fulfillment Line Status Update"
active = true
connectors = ["EventConnector"]

[[trigger_points]]
name = "Hold"
active = true
connectors = ["EventConnector"]
details = [{{ value = "Hold", send_email = true }}]

[[trigger_points]]
name = "Order Attribute Update"
active = true
connectors = ["EventConnector"]
details = [{{ value = "Ordered Quantity", raise_event = true }}]

[[trigger_points]]
name = "Split"
active = true
connectors = ["EventConnector"]

[[trigger_points]]
name = "Change Order Compensation Complete"
active = true
connectors = ["EventConnector"]
"""


def _broken(practice: Practice) -> str:
    """One endpoint for each lesson; its note says why it happens, and what the review should call it."""
    from omtui.practice.lessons import LESSONS

    head = (
        "# Written by omtui for its practice pod: endpoints that are broken on purpose. Review them (step 6), and\n"
        "# compare what the review says with the notes.\n"
        f'schema = 1\n\n[profile]\nname = {_text(BROKEN)}\ntitle = "Practice: broken endpoints"\n'
        f'environment = "practice"\n\n[pod]\nurl = {_text(practice.pod_url)}\nrelease = {_text(practice.release)}\n\n'
        '[[integration_users]]\nuser_name = "OM_SETUP"\ndirection = "set-up"\n'
        'privileges = ["ASM_REVIEW_TOPOLOGY_HIERARCHY_PRIV"]\n\n[topology]\n'
    )
    pod = {"name": "The pod", "of": "pod.url", "ca_file": str(practice.ca_file)}
    records = [*_rows(practice), _record("topology.endpoints", pod)]
    for lesson in LESSONS:
        record: dict[str, Any] = {"name": lesson.name, "host": "127.0.0.1", "port": practice.lesson_ports[lesson.name]}
        if lesson.fields.get("expect") in ("http", "wsdl"):
            record["protocol"] = "https"
        record.update(lesson.fields)
        if lesson.identity is not None:
            record["ca_file"] = str(practice.ca_file)
        record["note"] = f"{lesson.outcome}: {lesson.teaches}"
        records.append(_record("topology.endpoints", record))
    return head + "\n" + "\n".join(records)


def _record(table: str, fields: dict[str, Any]) -> str:
    lines = [f"[[{table}]]", *(f"{key} = {_text(value)}" for key, value in fields.items())]
    return "\n".join(lines) + "\n"


def _text(value: object) -> str:
    """A value as TOML. JSON's strings, numbers and lists of them are TOML's, too."""
    return json.dumps(value, ensure_ascii=False)
