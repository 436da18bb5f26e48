"""What development has ahead of test in the practice set-up: packing by an external system."""

import json

from omtui.topology.oracle_services import CONNECTOR_PATH

PACKING_STEPS = """
[[orchestration_processes.steps]]
number = 300
name = "Request packing"
type = "Service"
task_type = "Pack_External"
task = "Pack Carton"
service = "Pack_External_Create"

[[orchestration_processes.steps]]
number = 400
name = "Wait for packing"
type = "Service"
task_type = "Pack_External"
task = "Pack Carton"
service = "Pack_External_Inbound"
wait = true
exit_criteria = "PACKED"
"""

PACKING = """
# New in development, not yet in test
[[task_types]]
name = "Pack_External"
description = "Packing done by an external system"
services = [
    { code = "Pack_External_Create", name = "Pack_External_Create", operation = "Create" },
    { code = "Pack_External_Inbound", name = "Pack_External_Inbound", operation = "Inbound" },
]
tasks = [{ code = "PACK_CARTON", name = "Pack Carton" }]
statuses = [{ internal = "PACKED", display = "Packed", complete = true }]
"""

PACKING_RULES = """
[[routing_rules]]
name = "Route Pack Request"
if_text = "Task Type is Pack_External and Ordered Quantity is 10 or more"
then_text = "Set Connector Name to Connector01"
active = true
published = true

[routing_rules.when]
all = [
    { entity = "Order Header", attribute = "Task Type", operator = "is equal to", value = "Pack_External" },
    { entity = "Order Fulfill Line", attribute = "Ordered Quantity", operator = ">=", value = 10 },
]

[[routing_rules.then]]
action = "Set Connector Name"
value = "Connector01"

[[routing_rules]]
name = "Route Pallet Pack Request"
if_text = "Task Type is Pack_External and Ordered Quantity is 500 or more"
then_text = "Set Connector Name to PalletConnector"
active = true
published = true

[routing_rules.when]
all = [
    { entity = "Order Header", attribute = "Task Type", operator = "is equal to", value = "Pack_External" },
    { entity = "Order Fulfill Line", attribute = "Ordered Quantity", operator = ">=", value = 500 },
]

[[routing_rules.then]]
action = "Set Connector Name"
value = "PalletConnector"

[[waivers]]
check = "S7-04"
where = "routing_rules[Route Pallet Pack Request]"
reason = "Left for practice: omtui route shows the order that meets both rules"
level = "error"
"""


def packing_connector(url: str) -> str:
    """The connector for pallets, at the external system."""
    return f"""
[[connectors]]
name = "PalletConnector"
target_system = "CSS01"
url = {json.dumps(url + CONNECTOR_PATH)}
user_name = "pick.service"
credential = "connector01"
invocation_mode = "Asynchronous Service"
response_processing = "Reject all lines on first error"
"""
