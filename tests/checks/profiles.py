"""A sound profile in which no check finds anything, and small edits that spoil or fix it, by place."""

import tomllib
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache

from omtui.checks.finding import CheckContext, Finding, ShownFinding
from omtui.checks.neighbours import Neighbours
from omtui.checks.running import results, run
from omtui.setup.indexed import Indexed
from omtui.setup.place import Data, NotAPlace, parse, resolve
from omtui.setup.reading import verify

TODAY = date(2026, 11, 23)

CONTEXT = CheckContext(TODAY, file_name="sound")

SOUND = """
schema = 1

[profile]
name = "sound"
environment = "test"

[pod]
url = "https://fa-xxxx-test-saasfaprod1.fa.ocs.example"
release = "25D"

[[services]]
name = "OrderFulfillmentResponseService"
called_by = ["WMS"]
operations = ["processFulfillmentResponse"]

[[event_subscriptions]]
name = "cloud"
event = "SalesOrderNotification"
system = "SHOP"
url = "https://vision.integration.region-1.ocp.example/ic/home"

[[integration_users]]
user_name = "WMS"
direction = "downstream"
system = "PICK"
privileges = ["Manage Orchestration Generic Web Service"]
roles = ["VISION_RESPONSES"]

[[integration_users]]
user_name = "SETUP"
direction = "set-up"
privileges = ["ASM_REVIEW_TOPOLOGY_HIERARCHY_PRIV"]

[[roles]]
code = "VISION_RESPONSES"
copied_from = "ORA_DOO_ORDER_MANAGER_JOB"
privileges = ["Manage Orchestration Generic Web Service"]

[[task_types]]
name = "Pick"
services = [
    { code = "Pick Create", name = "Pick Create", operation = "Create" },
    { code = "Pick Inbound", name = "Pick Inbound", operation = "Inbound" },
]
tasks = [{ code = "PICK_CARTON", name = "Pick Carton" }]
statuses = [
    { internal = "PICKING", display = "Picking" },
    { internal = "PICKED", display = "Picked", complete = true },
]

[[orchestration_processes]]
name = "Vision_Pick"
set = "Common Set"
status = "Released"
deployed = true
assignment = "Order type = STANDARD"
status_rule_set = "Vision line statuses"

[[orchestration_processes.steps]]
number = 100
name = "Pick"
type = "Service"
task_type = "Pick"
task = "Pick Carton"
service = "Pick Create"

[[orchestration_processes.steps]]
number = 200
name = "Wait for pick"
type = "Service"
task_type = "Pick"
task = "Pick Carton"
service = "Pick Inbound"
wait = true
exit_criteria = "PICKED"

[[orchestration_processes.steps]]
number = 300
name = "Which invoice"
type = "Conditional"

[[orchestration_processes.steps]]
number = 400
name = "Invoice here"
type = "Service"
task_type = "Invoice"
task = "Invoice"
service = "Create Billing Lines"
condition = "Business Unit is Vision"

[[orchestration_processes.steps]]
number = 500
name = "Invoices meet"
type = "Merge"

[[status_rule_sets]]
name = "Vision line statuses"
statuses = [{ value = "SHIPPED", notify_external_system = true }]

[[source_systems]]
code = "PICK"
name = "Pick system"
type = "Spoke"
enabled_for = ["Order Orchestration and Planning"]

[[source_systems]]
code = "SHOP"
name = "Shop"
type = "Spoke"
enabled_for = ["Order Orchestration and Planning"]

[[planning_source_systems]]
code = "PICK"
time_zone = "US Eastern Time"
version = "Others"
order_orchestration_type = "Fulfillment"
collections_allowed = true

[destination_system]
code = "OPS"
time_zone = "US Eastern Time"

[[upstream_source_systems]]
code = "SHOP"
time_zone = "Europe/Paris"
version = "Others"
order_orchestration_type = "Order Capture"
collections_allowed = true

[[connectors]]
name = "Requests"
target_system = "PICK"
url = "https://pick-test.partner.example/requests"
user_name = "vision"
credential = "requests"
invocation_mode = "Asynchronous Service"
response_processing = "Reject all lines on first error"
keystore_alias = "pick"

[[connectors]]
name = "Events"
target_system = "PICK"
url = "https://pick-test.partner.example/events"
user_name = "vision"
credential = "requests"
invocation_mode = "Business Event"

[[credentials]]
name = "requests"
expires_on = 2028-01-31

[[certificates]]
alias = "pick"
subject = "CN=pick-test.partner.example"
expires_on = 2028-01-31

[topology]
read_on = 2026-11-20
read_by = "A. Admin"

[[topology.applications]]
name = "FSCMServices"
domain = "FADomain"
host = "fa-xxxx-test-saasfaprod1.fa.ocs.example"
port = 443
protocol = "https"

[[topology.applications]]
name = "FASOA"
domain = "FADomain"
host = "fa-xxxx-test-saasfaprod1.fa.ocs.example"
port = 443
protocol = "https"

[[topology.endpoints]]
name = "Label printers"
host = "labels-test.partner.example"
port = 9100
expect = "open"

[[routing_rules]]
name = "Picks"
if_text = "Task Type is Pick"
then_text = "Route to Requests"
active = true
published = true

[routing_rules.when]
entity = "Order Header"
attribute = "Task Type"
operator = "is equal to"
value = "Pick"

[[routing_rules.then]]
action = "Set Connector Name"
value = "Requests"

[[trigger_points]]
name = "Order Header Status Update"
active = true
connectors = ["Events"]
details = [{ value = "Submitted", raise_event = true, send_email = true }]

[[trigger_points]]
name = "Fulfillment Line Status Update"
active = true
connectors = ["Events"]

[[jeopardy.priorities]]
name = "LOW"
minimum_score = 0
maximum_score = 199

[[jeopardy.priorities]]
name = "MEDIUM"
minimum_score = 200
maximum_score = 399

[[jeopardy.priorities]]
name = "HIGH"
minimum_score = 400
maximum_score = 600

[[jeopardy.thresholds]]
code = "PICK_LATE"
name = "Pick is late"
task_type = "Pick"
task = "Pick Carton"
scores = [{ minimum_delay = 1, maximum_delay = 3, unit = "Days", score = 300 }]

[[related_setup]]
name = "Planning switched off"
task = "Manage Order Management Parameters"
setting = "Enable Orchestration Process Planning and Calculate Jeopardy"
value = "No"
step = "8"
"""


class Removed(Enum):
    """The value of an edit that takes something away."""

    REMOVED = "removed"


REMOVED = Removed.REMOVED

Edits = Mapping[str, object]
"""New values by place. `connectors[+]` adds a record; `REMOVED` takes a field or a record away."""


@cache
def _sound() -> Data:
    data = tomllib.loads(SOUND, parse_float=Decimal)
    assert not verify(data)
    return data


def sound(*edits: Edits) -> Data:
    """The sound profile with edits, one set after the other. What comes out is readable as a profile."""
    data = deepcopy(_sound())
    for each in edits:
        for place, value in each.items():
            edit(data, place, value)
    assert not verify(data), "the edits made the profile unreadable"
    return data


def edit(data: Data, place: str, value: object) -> None:
    """One edit, in place."""
    adds = place.endswith("[+]")
    parsed = parse(place.removesuffix("[+]"))
    assert not isinstance(parsed, NotAPlace), parsed
    path = resolve(data, parsed)
    assert isinstance(path, tuple), path
    here: object = data
    for part in path[:-1]:
        if isinstance(here, dict):
            here = here.setdefault(part, {})
        else:
            assert isinstance(here, list)
            assert isinstance(part, int)
            here = here[part]
    last = path[-1]
    if adds:
        assert isinstance(here, dict)
        here.setdefault(last, []).append(deepcopy(value))
    elif value is REMOVED:
        del here[last]  # type: ignore[union-attr, arg-type]
    else:
        here[last] = deepcopy(value)  # type: ignore[index]


def checked(data: Data, context: CheckContext = CONTEXT) -> list[Finding]:
    """The findings of a profile."""
    return run(Indexed(data), context)


def shown(data: Data, context: CheckContext = CONTEXT) -> list[ShownFinding]:
    """The findings of a profile with their places, and which of them are accepted."""
    setup = Indexed(data)
    return results(setup, run(setup, context), context.today)


def with_others(**others: Data) -> CheckContext:
    """Surroundings with other profiles in the library."""
    return replace(CONTEXT, neighbours=Neighbours(others))
