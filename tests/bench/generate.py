"""Profiles of any size, the same for the same size.

    python -m tests.bench.generate 10000 >big.toml

A site is a fulfillment system of its own: a task type, a process that waits for it, a source system,
connectors and routing rules, 17 records in all. What is left over is filled with endpoints to probe.
A record is everything that has a key of its own, nested or not.
"""

import sys
from pathlib import Path
from string import Template

_HEAD = """\
# A generated profile of $records records
schema = 1

[profile]
name = "$name"
title = "Generated, $records records"
environment = "development"

[pod]
url = "https://fa-bench-dev1-saasfaprod1.fa.ocs.example"
release = "25D"
time_zone = "UTC"

"""

_FIXED = """\
[[services]]
name = "OrderFulfillmentResponseService"
called_by = ["DOWNSTREAM"]
operations = ["processFulfillmentResponse"]

[[integration_users]]
user_name = "DOWNSTREAM"
direction = "downstream"
credential = "downstream"
privileges = ["Manage Orchestration Order Fulfillment Interface Web Service"]

[[integration_users]]
user_name = "SETUP"
direction = "set-up"
privileges = ["ASM_REVIEW_TOPOLOGY_HIERARCHY_PRIV"]

[[topology.applications]]
name = "FSCMServices"
domain = "FADomain"
host = "fa-bench-dev1-saasfaprod1.fa.ocs.example"
port = 443
protocol = "https"

[[topology.applications]]
name = "FASOA"
domain = "FADomain"
host = "fa-bench-dev1-saasfaprod1.fa.ocs.example"
port = 443
protocol = "https"

[[connectors]]
name = "EventConnector"
target_system = "SYS00001"
url = "https://events.site00001.example/om/events"
user_name = "site00001.service"
credential = "site00001"
invocation_mode = "Business Event"

[[trigger_points]]
name = "Order Header Status Update"
active = true
connectors = ["EventConnector"]
details = [{ value = "Submitted", raise_event = true, send_email = true }]

"""
_FIXED_RECORDS = 8

_SITE = Template("""\
[[task_types]]
name = "Pick_$number"
description = "Picking at site $number"
services = [
    { code = "Pick_${number}_Create", name = "Pick_${number}_Create", operation = "Create" },
    { code = "Pick_${number}_Inbound", name = "Pick_${number}_Inbound", operation = "Inbound" },
]
tasks = [{ code = "PICK_CARTON_$number", name = "Pick Carton $number" }]
statuses = [
    { internal = "PICKING_$number", display = "Picking" },
    { internal = "PICKED_$number", display = "Picked", complete = true },
]

[[orchestration_processes]]
name = "Site_${number}_Process"
display_name = "Pick at site $number"
process_class = "Ship Order Class"
set = "Common Set"
status = "Released"
deployed = true
assignment = "Order type = STANDARD"

[[orchestration_processes.steps]]
number = 50
name = "Is it picked here"
type = "Conditional"

[[orchestration_processes.steps]]
number = 100
name = "Pick"
type = "Service"
task_type = "Pick_$number"
task = "Pick Carton $number"
service = "Pick_${number}_Create"
condition = "Fulfillment organization is $number"

[[orchestration_processes.steps]]
number = 200
name = "Wait for pick"
type = "Service"
task_type = "Pick_$number"
task = "Pick Carton $number"
service = "Pick_${number}_Inbound"
wait = true
exit_criteria = "PICKED_$number"

[[orchestration_processes.steps]]
number = 300
name = "Together again"
type = "Merge"

[[source_systems]]
code = "SYS$number"
name = "Site $number"
type = "Spoke"
enabled_for = ["Order Orchestration and Planning"]

[[planning_source_systems]]
code = "SYS$number"
time_zone = "US Eastern Time"
version = "Others"
order_orchestration_type = "Fulfillment"
data_cross_reference = false
collections_allowed = true

# The standard orders of the site
[[connectors]]
name = "Standard$number"
target_system = "SYS$number"
url = "https://soa.site$number.example:8002/soa-infra/services/default/Connector/connectorprocess_client_ep"
user_name = "site$number.service"
credential = "site$number"
invocation_mode = "Asynchronous Service"
response_processing = "Reject all lines on first error"

[[connectors]]
name = "Other$number"
target_system = "SYS$number"
url = "https://soa.site$number.example:8002/soa-infra/services/default/Other/connectorprocess_client_ep"
user_name = "site$number.service"
credential = "site$number"
invocation_mode = "Asynchronous Service"
response_processing = "Reject all lines on first error"

[[routing_rules]]
name = "Route standard $number"
active = true
published = true

[routing_rules.when]
all = [
    { entity = "Order Header", attribute = "Task Type", operator = "is equal to", value = "Pick_$number" },
    { entity = "Order Header", attribute = "Order Type", operator = "is equal to", value = "STANDARD" },
]

[[routing_rules.then]]
action = "Set Connector Name"
value = "Standard$number"

[[routing_rules]]
name = "Route other $number"
active = true
published = true

[routing_rules.when]
all = [
    { entity = "Order Header", attribute = "Task Type", operator = "is equal to", value = "Pick_$number" },
    { entity = "Order Header", attribute = "Order Type", operator = "is not equal to", value = "STANDARD" },
]

[[routing_rules.then]]
action = "Set Connector Name"
value = "Other$number"

""")
_SITE_RECORDS = 17

_ENDPOINT = Template("""\
[[topology.endpoints]]
name = "Label printer $number"
host = "labels$number.site00001.example"
port = 9100
expect = "open"

""")


def profile_text(name: str, records: int) -> str:
    """The text of a profile with exactly so many records, at least 25 (one site)."""
    if records < _FIXED_RECORDS + _SITE_RECORDS:
        raise ValueError(f"at least {_FIXED_RECORDS + _SITE_RECORDS} records")
    sites, endpoints = divmod(records - _FIXED_RECORDS, _SITE_RECORDS)
    parts = [Template(_HEAD).substitute(name=name, records=records), _FIXED]
    parts += [_ENDPOINT.substitute(number=f"{number:02}") for number in range(1, endpoints + 1)]
    parts += [_SITE.substitute(number=f"{number:05}") for number in range(1, sites + 1)]
    return "".join(parts).rstrip("\n") + "\n"


def write_profile(folder: Path, records: int) -> Path:
    """Write `records-N.toml` to a folder and return its path."""
    path = folder / f"records-{records}.toml"
    path.write_text(profile_text(path.stem, records))
    return path


if __name__ == "__main__":
    sys.stdout.write(profile_text("generated", int(sys.argv[1])))
