"""Step 1: task types with their services, tasks and statuses."""

from omtui.setup.field import Field
from omtui.setup.table import Table, Task

PREDEFINED_TASK_TYPES = (
    "Schedule",
    "Reservation",
    "Shipment",
    "Invoice",
    "Return",
    "DOO_TransportationPlanning",
    "FulfillOrder",
    "Compliance Check",
    "Pause",
)
"""Oracle's own task types, as far as public text names them. The list is known to be incomplete."""

SUPPLY_TASK_TYPES = ("Schedule", "Reservation", "Shipment")
"""Those that cannot run any more once a line went to billing (Oracle, orchestration process steps, 24C)."""

ACKNOWLEDGED_BY_ORACLE = ("Reservation", "Shipment", "Invoice")
"""Inventory, shipping and receivables tasks: no acknowledgement timeout (Oracle, routing actions, 24C).

The page names the systems; which task types these are is inferred.
"""

PAUSE_TASK_TYPE = "Pause"

OPERATIONS = ("Create", "Inbound", "Change", "Get Status", "Apply Hold", "Release Hold", "Cancel")

TASK_TYPES = Table(
    path="task_types",
    title="Task types",
    singular="task type",
    key="name",
    columns=("name", "description", "services", "tasks", "statuses"),
    may_be_predefined=True,
    help="A kind of work that an orchestration process asks an external system for.",
    own_fields=(
        Field(
            "name",
            "Task Type",
            required=True,
            maximum_length=30,
            help="Type it once: on leaving the field Oracle makes the services from it and never renames their codes.",
            source="Oracle, Create Your Own Task Type (24B); length: DOO_TASK_TYPES_B.TASK_TYPE",
        ),
        Field(
            "description",
            "Description",
            maximum_length=1000,
            help="How the orchestration process uses the task, for example Delivery Confirmation.",
            source="Oracle, Set Up Your Integration (25D); length: DOO_TASK_TYPES_TL",
        ),
        Field(
            "services",
            "Services",
            "records",
            help="What can be asked of the external system.",
            source="Oracle, Create Your Own Task Type (24B)",
        ),
        Field(
            "tasks",
            "Tasks",
            "records",
            help="The work as the Order Management work area shows it.",
            source="Oracle, Create Your Own Task Type (24B), Fulfillment Tasks (24D)",
        ),
        Field(
            "statuses",
            "Statuses",
            "records",
            help="What the external system answers.",
            source="Oracle, Manage Task Status Conditions (25D)",
        ),
    ),
)

SERVICES = Table(
    path="task_types.services",
    title="Services",
    singular="service",
    key="code",
    columns=("code", "name", "operation"),
    frozen=("code",),
    help="Two are made by Oracle: Create asks, Inbound takes the answer.",
    own_fields=(
        Field(
            "code",
            "Code",
            required=True,
            maximum_length=80,
            help="Made by Oracle from the task type's name; read-only after the first save.",
            source="Oracle, Create Your Own Task Type (24B); length: DOO_SERVICE_DEFINITIONS_B.SERVICE_CODE",
        ),
        Field(
            "name",
            "Name",
            required=True,
            maximum_length=80,
            help="Chosen as Service in an orchestration process step.",
            source="Oracle, Create Your Own Task Type (24B); length: DOO_SERVICE_DEFINITIONS_TL.SERVICE_NAME",
        ),
        Field(
            "operation",
            "Operation code",
            required=True,
            values=OPERATIONS,
            help="Create asks for the work, Inbound receives the answer; more can be added.",
            source="Oracle, Create Your Own Task Type (24B)",
        ),
        Field(
            "description",
            "Description",
            maximum_length=512,
            help="What the service does.",
            source="DOO_SERVICE_DEFINITIONS_TL",
        ),
    ),
)

TASKS = Table(
    path="task_types.tasks",
    title="Tasks",
    singular="task",
    key="code",
    columns=("code", "name", "display_name"),
    help="At least one task for each task type.",
    own_fields=(
        Field(
            "code",
            "Code",
            required=True,
            maximum_length=80,
            help="A short name in capitals, for example PICK_CARTON.",
            source="DOO_TASK_DEFINITIONS_B.TASK_CODE",
        ),
        Field(
            "name",
            "Name",
            required=True,
            maximum_length=80,
            help="Chosen as Task in an orchestration process step. Do not rename it once a process was migrated.",
            source="Oracle, Guidelines for Setting Up Orchestration Process Steps (24C); "
            "length: DOO_TASK_DEFINITIONS_TL",
        ),
        Field(
            "display_name",
            "Display name",
            maximum_length=512,
            help="Shown in the Order Management work area.",
            source="Oracle, Fulfillment Tasks (24D); length: DOO_TASK_DEFINITIONS_TL",
        ),
    ),
)

STATUSES = Table(
    path="task_types.statuses",
    title="Statuses",
    singular="status",
    key="internal",
    columns=("internal", "display", "complete"),
    help="Entered under Manage Task Status Conditions. A wait step ends only on a status marked complete.",
    own_fields=(
        Field(
            "internal",
            "Internal Status Value",
            required=True,
            maximum_length=30,
            help="What the external system sends.",
            source="Oracle, Manage Task Status Conditions (25D); length: DOO_SOURCE_TARGET_STATUSES",
        ),
        Field(
            "display",
            "Display Status Value",
            required=True,
            maximum_length=240,
            help="What Order Management shows.",
            source="Oracle, Manage Task Status Conditions (25D); length: DOO_STATUSES_TL",
        ),
        Field(
            "complete",
            "Mark as Complete",
            "boolean",
            help="The task is done with this status. Only such a status can end a wait step.",
            source="Oracle, Manage Task Status Conditions (25D), Orchestration Process Status (25C)",
        ),
        Field(
            "default",
            "Default",
            "boolean",
            help="The default target status of the task type.",
            source="DOO_SOURCE_TARGET_STATUSES.DEFAULT_FLAG",
        ),
    ),
)

TASK = Task(
    step="1",
    short="Task types",
    title="Manage Task Types",
    tables=("task_types", "task_types.services", "task_types.tasks", "task_types.statuses"),
    purpose="A task type is the kind of work that an external system does for Order Management. Oracle makes two "
    "services from its name: Create sends the request, Inbound takes the answer. Both names are used in step 2.",
    procedure=(
        "Actions > Add Custom, enter Task Type and Description, and leave the field with Tab.",
        "Under Services, look at the two rows that appeared.",
        "Under Tasks, add at least one task.",
        "Save and Close.",
        "Open Manage Task Status Conditions, and add the statuses with Mark as Complete.",
    ),
    source="Oracle, Create Your Own Task Type (24B); source text, step 1",
)
