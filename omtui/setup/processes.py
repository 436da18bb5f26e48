"""Step 2: orchestration process definitions, their steps, and status rule sets."""

from omtui.setup.field import Field, Reference
from omtui.setup.table import Table, Task

PREDEFINED_PROCESSES = (
    "OrderFulfillmentGenericProcess",
    "ShipOrderGenericProcess",
    "ReturnOrderGenericProcess",
)
"""Oracle's own processes that public text names: copy one, never edit it."""

STEP_TYPES = ("Service", "Conditional", "Merge")

_PLANNING = "Orchestration process planning is removed with target 26D (Oracle readiness 26A, 26B)"

ORCHESTRATION_PROCESSES = Table(
    path="orchestration_processes",
    title="Orchestration processes",
    singular="orchestration process",
    key="name",
    columns=("name", "steps", "process_class", "status", "deployed"),
    frozen=("name",),
    may_be_predefined=True,
    help="The order in which the work on an order line is done.",
    own_fields=(
        Field(
            "name",
            "Process Name",
            required=True,
            maximum_length=80,
            help="Do not rename it in any pod once it was migrated.",
            source="Oracle, Copy Setups Between Instances (24C); length: DOO_PROCESS_DEFINITIONS_B",
            told_by=("S2-08",),
        ),
        Field("display_name", "Process Display Name", help="Shown in the work area."),
        Field("steps", "Steps", "records", help="In ascending number. Oracle's own processes use 100, 200, …"),
        Field(
            "process_class",
            "Process Class",
            maximum_length=240,
            help="Limits the status values of the status conditions.",
            source="Oracle, status conditions (24B); length: DOO_PROCESS_CLASSES",
        ),
        Field(
            "set",
            "Set",
            help="The reference data set, for example Common Set. It must exist in the target pod.",
            source="DOO_PROCESS_DEFINITIONS_B.SET_ID not null",
        ),
        Field(
            "copied_from",
            "Copied from",
            refers=(Reference("orchestration_processes", "name", strict=False),),
            values=PREDEFINED_PROCESSES,
            help="The process it was duplicated from.",
        ),
        Field(
            "status",
            "Status",
            values=("New", "Editing", "Released", "Obsolete"),
            closed=True,
            help="Release checks the logic; only a released process can be deployed.",
            source="Oracle, Deploy Orchestration Processes (25D)",
            travels="state",
        ),
        Field(
            "deployed",
            "Deployed",
            "boolean",
            help="Whether the released process was deployed on this pod.",
            source="Oracle, Deploy Orchestration Processes (25D)",
            travels="state",
        ),
        Field("version", "Version", "integer", minimum=1, help="As the page shows it.", travels="state"),
        Field("effective_start", "Effective Start Date", "date", help="Empty: at once."),
        Field("effective_end", "Effective End Date", "date", help="Empty: for ever."),
        Field(
            "change_mode",
            "Change Mode",
            values=("None", "Simple", "Advanced"),
            help="How changes are processed.",
        ),
        Field(
            "assignment",
            "Assignment",
            help="Which lines get this process, in words: the process assignment rule or the default.",
            source="Oracle, Fix problems when assigning orchestration processes (24D)",
        ),
        Field(
            "status_rule_set",
            "Status Rule Set",
            refers=(Reference("status_rule_sets", "name"),),
            help="The rule set that sets the line's status.",
        ),
        Field(
            "notify_external_system",
            "Notify External System",
            "list",
            help="Short form: the line statuses for which the rule set notifies external systems.",
            source="Oracle, Overview of Sending Notifications (24C)",
        ),
    ),
)

_IN_TASK_TYPE = "task_type"

STEPS = Table(
    path="orchestration_processes.steps",
    title="Steps",
    singular="step",
    key="number",
    columns=("number", "name", "type", "task_type", "task", "service", "wait", "exit_criteria"),
    help="A step calls a service, starts branches (Conditional) or brings them together (Merge).",
    own_fields=(
        Field(
            "number",
            "Step",
            "integer",
            required=True,
            minimum=1,
            maximum=999_999_999,
            help="Steps run in ascending order.",
            source="Oracle, orchestrate fulfillment (20C); size: DOO_PROCESS_STEPS_B.STEP_NUMBER",
            told_by=("S2-08",),
        ),
        Field(
            "name",
            "Step Name",
            required=True,
            maximum_length=80,
            help="A telling name for the call.",
            source="DOO_PROCESS_STEPS_TL",
            told_by=("S2-08",),
        ),
        Field(
            "type",
            "Step Type",
            required=True,
            values=STEP_TYPES,
            closed=True,
            default="Service",
            help="Service calls; Conditional starts branches; Merge ends them.",
            source="Oracle, orchestration process steps (24C)",
        ),
        Field(
            "task_type",
            "Task Type",
            refers=(Reference("task_types", "name"),),
            help="Made in step 1, or one of Oracle's own.",
            told_by=("S2-01",),
        ),
        Field(
            "task",
            "Task",
            refers=(Reference("task_types.tasks", "name", through=_IN_TASK_TYPE),),
            help="One of the task type's tasks, by name.",
            told_by=("S2-01",),
        ),
        Field(
            "service",
            "Service",
            refers=(Reference("task_types.services", "name", through=_IN_TASK_TYPE),),
            help="One of the task type's services, by name. Create asks; a wait step names the Inbound service.",
            told_by=("S2-01",),
        ),
        Field("wait", "Wait step", "boolean", help="Waits for the answer before it goes on.", default=False),
        Field(
            "exit_criteria",
            "Exit Criteria",
            refers=(Reference("task_types.statuses", "internal", through=_IN_TASK_TYPE),),
            help="The status that ends the wait: one that the task type marks complete.",
            source="Oracle, Orchestration Process Status (25C)",
            told_by=("S2-03",),
        ),
        Field(
            "depends_on",
            "Dependency",
            "integer",
            refers=(Reference("orchestration_processes.steps", "number", through="."),),
            help="The number of an earlier step that this one needs.",
            source="DOO_PROCESS_STEPS_B.PARENT_STEP_NUMBER",
            told_by=("S2-12",),
        ),
        Field(
            "condition",
            "Branching condition",
            help="In words or as the rule. Required on the step right after a Conditional step.",
            source="Oracle, orchestration process steps (24C)",
            told_by=("S2-04",),
        ),
        Field(
            "otherwise",
            "Otherwise",
            "boolean",
            help="The branch taken when no condition holds.",
            default=False,
        ),
        Field("manual", "Manual", "boolean", help="Run by a person.", default=False),
        Field(
            "line_selection",
            "Line Selection Criteria",
            help="Which lines the step runs for.",
            maximum_length=256,
        ),
        Field("lead_time", "Default Lead Time", help="Planning only. " + _PLANNING + ".", source=_PLANNING),
        Field(
            "default_branch",
            "Planning Default Branch",
            "boolean",
            help="Planning only. " + _PLANNING + ".",
            source=_PLANNING,
        ),
        Field(
            "completion_step",
            "Fulfillment Completion Step",
            "boolean",
            help="Planning only. " + _PLANNING + ".",
            source=_PLANNING,
        ),
    ),
)

PLANNING_FIELDS = ("lead_time", "default_branch", "completion_step")

STATUS_RULE_SETS = Table(
    path="status_rule_sets",
    title="Status rule sets",
    singular="status rule set",
    key="name",
    columns=("name", "statuses"),
    help="Sets the status of a line, and says which statuses external systems hear of.",
    own_fields=(
        Field("name", "Name", required=True, help="Do not rename it in any pod once a process was migrated."),
        Field("statuses", "Statuses", "records"),
    ),
)

LINE_STATUSES = (
    "NOT_STARTED",
    "SCHEDULED",
    "AWAIT_SHIP",
    "SHIPPED",
    "AWAIT_BILLING",
    "BILLED",
    "AWAIT_RECEIVING",
    "BACKORDERED",
    "CLOSED",
    "CANCELED",
)
"""Line statuses seen in public Oracle text. Customers add their own."""

RULE_SET_STATUSES = Table(
    path="status_rule_sets.statuses",
    title="Statuses",
    singular="status",
    key="value",
    columns=("value", "notify_external_system", "send_email"),
    own_fields=(
        Field("value", "Status Value", required=True, values=LINE_STATUSES, help="The line's status."),
        Field(
            "notify_external_system",
            "Notify External System",
            "boolean",
            help="Fulfillment Line Status Update is raised for this status.",
            source="Oracle, Overview of Sending Notifications (24C)",
            default=False,
        ),
        Field("send_email", "Send Email", "boolean", help="An e-mail is sent for this status.", default=False),
    ),
)

TASK = Task(
    step="2",
    short="Processes",
    title="Manage Orchestration Process Definitions",
    tables=(
        "orchestration_processes",
        "orchestration_processes.steps",
        "status_rule_sets",
        "status_rule_sets.statuses",
    ),
    purpose="The sequence of steps that fulfills an order line. A step with the custom task type sends the request; a "
    "wait step with its Inbound service holds the line until the answer brings a status that is marked complete.",
    procedure=(
        "Search for the process, or duplicate a predefined one, and choose Actions > Edit.",
        "Under Process Details > Step Definition, add a step: name, task type, task, service.",
        "Add the wait step with its exit criteria.",
        "Save and Close.",
        "Actions > Release, mend what it reports, then Actions > Deploy.",
    ),
    source="Oracle, Set Up Orchestration Processes (24C), Deploy Orchestration Processes (25D); source text, step 2",
)
