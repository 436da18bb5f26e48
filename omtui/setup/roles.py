"""Step 0: the users of the integration, their roles and privileges."""

from omtui.setup.field import Field, FieldReference
from omtui.setup.table import Table, Task

DOWNSTREAM_PRIVILEGES: dict[str, str] = {
    "Manage Orchestration Generic Web Service": "responses of custom and generic tasks",
    "Manage Orchestration Order Activity Interface Web Service": "responses of activity tasks",
    "Manage Orchestration Order Fulfillment Interface Web Service": "responses of fulfillment tasks",
    "Manage Orchestration Order Modification": "changes to an order by the fulfillment system",
    "Manage Orchestration Order Purchasing Interface Web Service": "responses of drop shipment and procurement",
    "Manage Orchestration Order Receiving Interface Web Service": "receipts of returns",
    "Manage Orchestration Order Shipping Interface Web Service": "shipping responses",
    "Manage Orchestration Order Template Interface Web Service": "responses of the template task layer, deprecated",
    "Manage Web Service Interface to Transportation Data for Sales Order": "transportation responses",
}
"""The nine privileges to call the response web services (Oracle, Set Up Your Integration, 24C and 25D).

What each is for is inferred from its name, except shipping, which is Oracle's own example.
"""

RESPONSE_PRIVILEGES = (
    "Manage Orchestration Generic Web Service",
    "Manage Orchestration Order Fulfillment Interface Web Service",
)
"""By their names, either lets a user answer for a custom task through OrderFulfillmentResponseService (inferred)."""

OTHER_PRIVILEGES = (
    "ASM_REVIEW_TOPOLOGY_HIERARCHY_PRIV",
    "DOO_MONITOR_SALES_ORDER_PRIV",
    "DOO_PROCESS_FULFILLMENT_RESPONSE_PRIV",
    "Process Fulfillment Response",
    "FOM_VIEW_ORDERS_PRIV",
    "FOM_CREATE_ORDER_PRIV",
    "FOM_REVISE_ORDER_PRIV",
    "MSP_PERFORM_ORDER_ORCHESTRATION_AND_PLANNING_DATA_LOAD_PRIV",
    "MSP_SCHEDULE_ORCHESTRATION_ORDER_FULFILLMENT_LINE_PRIV",
    "DOO_MANAGE_ORCHESTRATION_ORDER_FULFILLMENT_LINE_SCHEDULING_SCHEDULE_PRIV",
    "Manage External Interface Web Service Details",
    "Schedule Orchestration Order Fulfillment Line",
    "Monitor Sales Order",
    "Initiate Order",
    "Revise Order",
    "Schedule Fulfillment Line",
    "Submit Load Planning Data from Flat Files",
)
"""Further privileges whose names or codes are in public Oracle text."""

KNOWN_PRIVILEGES = (*DOWNSTREAM_PRIVILEGES, *OTHER_PRIVILEGES)

MISSPELT_PRIVILEGES = {
    "Manage Orchestration Purchasing Interface Web Service": (
        "Manage Orchestration Order Purchasing Interface Web Service"
    ),
    "Manage Orchestration Order Template interface Web Service": (
        "Manage Orchestration Order Template Interface Web Service"
    ),
}
"""The two misspellings in circulation, and Oracle's spelling."""

REVIEW_TOPOLOGY_PRIVILEGE = "ASM_REVIEW_TOPOLOGY_HIERARCHY_PRIV"

_PRIVILEGES_YOU_NEED = "Oracle, Privileges That You Need to Implement Order Management (25A)"
_ROLES = "Oracle, Set Up User Roles and Privileges in Order Management (24D)"

_PRIVILEGES = Field(
    "privileges",
    "Privileges",
    "list",
    values=KNOWN_PRIVILEGES,
    help="The privileges by name. Get only those of the services that are called.",
    source="Oracle, Set Up Your Integration (25D)",
)

INTEGRATION_USERS = Table(
    path="integration_users",
    title="Integration users",
    singular="integration user",
    key="user_name",
    columns=("user_name", "direction", "system", "privileges", "roles"),
    entered_first=(
        "user_name",
        "direction",
        "privileges",
        "roles",
    ),
    help="The users in whose name the systems call the pod, and those who enter the set-up.",
    own_fields=(
        Field(
            "user_name",
            "User name",
            required=True,
            help="As it signs in to the pod.",
            source=_ROLES,
            travels="environment",
        ),
        Field(
            "direction",
            "Direction",
            required=True,
            values=("upstream", "downstream", "both", "set-up"),
            closed=True,
            help="upstream sends orders in, downstream answers fulfillment requests, set-up enters these pages.",
            own=True,
        ),
        Field(
            "system",
            "System",
            refers=(FieldReference("source_systems", "code"),),
            help="The source system that uses it.",
            own=True,
        ),
        Field(
            "credential",
            "Credential",
            refers=(FieldReference("credentials", "name", strict=False),),
            help="The name of the entry of the credential store that holds the password. Never the password.",
            own=True,
            travels="environment",
        ),
        _PRIVILEGES,
        Field(
            "roles",
            "Roles",
            "list",
            refers=(FieldReference("roles", "code", strict=False),),
            help="Codes of the roles it holds: those described here, or others of the pod. Oracle says: do not use a "
            "predefined job role, create a copy and modify the copy.",
            source=_PRIVILEGES_YOU_NEED,
        ),
    ),
)

ROLES = Table(
    path="roles",
    title="Roles",
    singular="role",
    key="code",
    columns=("code", "name", "copied_from", "privileges"),
    help="The custom roles made for this integration.",
    own_fields=(
        Field("code", "Code", required=True, help="The code that the copied role got.", source=_ROLES),
        Field("name", "Name", help="The name that the copied role got.", source=_ROLES),
        Field(
            "copied_from",
            "Copied from",
            refers=(FieldReference("roles", "code", strict=False),),
            values=("ORA_DOO_ORDER_MANAGER_JOB", "ORA_FOM_ORDER_ENTRY_SPECIALIST_JOB"),
            help="The predefined role it was copied from.",
            source=_PRIVILEGES_YOU_NEED,
        ),
        _PRIVILEGES,
    ),
)

TASK = Task(
    step="0",
    short="Roles",
    title="Roles and privileges",
    tables=("integration_users", "roles"),
    offering="",
    functional_area="",
    page="Security Console",
    purpose="Who may call the pod's services and who may enter the set-up. The upstream user brings orders in, the "
    "downstream user answers fulfillment requests. Get only the privilege of the service that is called.",
    procedure=(
        "In the Security Console, copy the predefined job role.",
        "Add the privileges to the copy.",
        "Give the copied role to the integration user.",
    ),
    source="Oracle, Set Up Your Integration (24C, 25D), Privileges That You Need (25A); source text, step 0",
)
