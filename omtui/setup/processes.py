"""Step 2: orchestration process definitions, their steps, and status rule sets."""

from omtui.setup.field import NOT_READ, Field, FieldReference
from omtui.setup.table import Table, Task

PREDEFINED_PROCESSES = (
    "DOO_OrderFulfillmentGenericProcess",
    "DOO_Enhanced_OrderFulfillmentProcess",
    "OrderFulfillmentGenericProcess",
    "ShipOrderGenericProcess",
    "ReturnOrderGenericProcess",
)
"""Oracle's own processes that public text names, the first two as Oracle writes them: copy one, never edit it."""

STEP_TYPES = ("Service", "Conditional", "Merge")

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
"""Line statuses seen in composites of Oracle's. Customers add their own."""

_PLANNING = "Planning only. Oracle plans to remove it with 26D."
_PLANNING_SOURCE = "Oracle readiness 26B, Order Management: features that Oracle removes"

_STATUS_CONDITIONS = "Oracle, Orchestration Process Status (24C)"

ORCHESTRATION_PROCESSES = Table(
    path="orchestration_processes",
    title="Orchestration processes",
    singular="orchestration process",
    key="name",
    columns=("name", "steps", "process_class", "status", "deployed"),
    frozen=("name",),
    may_be_predefined=True,
    entered_first=(
        "name",
        "display_name",
        "description",
        "process_class",
        "set",
        "copied_from",
        "status",
        "deployed",
        "version",
        "effective_start",
        "effective_end",
        "change_mode",
        "cost_of_change",
        "compensation",
    ),
    help="The order in which the work on an order line is done.",
    own_fields=(
        Field(
            "name",
            "Process Name",
            required=True,
            maximum_length=80,
            help="Do not rename it in any pod once it was migrated.",
            source="Oracle, Copy Setups Between Instances (24C); length: DOO_PROCESS_DEFINITIONS_B",
        ),
        Field(
            "display_name",
            "Process Display Name",
            help="The name that people see.",
            source="Oracle, Use Case to Pause for Time (25C)",
        ),
        Field(
            "description",
            "Description",
            help="What the process is for.",
            source="DOO_PROCESS_DEFINITIONS_TL",
        ),
        Field(
            "steps",
            "Steps",
            "records",
            help="They run in ascending number. Oracle's own processes use 100, 200 and so on.",
            source="Oracle, Orchestrate Fulfillment (20C)",
        ),
        Field(
            "process_class",
            "Process Class",
            maximum_length=240,
            help="Limits the status values of the status conditions, for example Ship Order Class.",
            source="Oracle, Add Status Conditions to Orchestration Processes (24B); length: DOO_PROCESS_CLASSES",
        ),
        Field(
            "set",
            "Set",
            required=True,
            values=("Common Set",),
            help="The reference data set, for example Common Set. It must exist in the target pod.",
            source="Oracle, Use Case to Pause for Time (25C); DOO_PROCESS_DEFINITIONS_B.SET_ID not null",
        ),
        Field(
            "copied_from",
            "Copied from",
            refers=(FieldReference("orchestration_processes", "name", strict=False),),
            values=PREDEFINED_PROCESSES,
            help="The process it was duplicated from. Copy a predefined process, never change it.",
            source="Oracle, Guidelines for Setting Up Orchestration Processes (24C)",
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
        Field(
            "version",
            "Version",
            "integer",
            minimum=1,
            help="As the page shows it.",
            source="DOO_PROCESS_DEFINITIONS_B",
            travels="state",
        ),
        Field(
            "effective_start",
            "Effective Start Date",
            "date",
            help="Empty: at once.",
            source="Oracle, BICC ProcessDefinitionExtractPVO (25A)",
        ),
        Field(
            "effective_end",
            "Effective End Date",
            "date",
            help="Empty: for ever.",
            source="Oracle, BICC ProcessDefinitionExtractPVO (25A)",
        ),
        Field(
            "change_mode",
            "Change Mode",
            values=("None", "Simple", "Advanced"),
            help="How changes of the order are processed. Other words may be offered.",
            source=NOT_READ,
        ),
        Field(
            "cost_of_change",
            "Cost of Change Rule",
            help="The business rule that says what a change of the order costs, in words or by name.",
            source="DOO_PROCESS_DEFINITIONS_B.COST_OF_CHANGE_RLS_NAME",
        ),
        Field(
            "compensation",
            "Compensation Pattern Rule",
            help="The business rule that says how a change is compensated, in words or by name.",
            source="DOO_PROCESS_DEFINITIONS_VL",
        ),
        Field(
            "status_conditions",
            "Status Conditions",
            "records",
            help="The status that the process gets: of the conditions that are true, the one with the highest number.",
            source=_STATUS_CONDITIONS,
        ),
        Field(
            "assignment",
            "Assignment",
            help="Which lines get this process, in words: the assignment rule, or that it is the default.",
            source="Oracle, Fix problems when assigning orchestration processes (24C)",
        ),
        Field(
            "status_rule_set",
            "Status Rule Set",
            refers=(FieldReference("status_rule_sets", "name"),),
            help="The rule set that sets the status of the lines.",
            source="Oracle, Overview of Sending Notifications (24C)",
        ),
        Field(
            "notify_external_system",
            "Notify External System",
            "list",
            values=LINE_STATUSES,
            help="Short form: the line statuses for which the rule set notifies external systems.",
            source="Oracle, Overview of Sending Notifications (24C)",
        ),
    ),
)

STATUS_CONDITIONS = Table(
    path="orchestration_processes.status_conditions",
    title="Status conditions",
    singular="status condition",
    key="sequence",
    columns=("sequence", "status", "expression"),
    help="The tab Status Conditions of the process.",
    source=_STATUS_CONDITIONS,
    own_fields=(
        Field(
            "sequence",
            "Sequence",
            "integer",
            required=True,
            minimum=1,
            help="Of the conditions that are true, the one with the highest number gives the status.",
        ),
        Field("status", "Status Value", help="A status of the process class."),
        Field("expression", "Expression", help="The condition, as the page shows it or in words."),
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
            source="Oracle, Orchestrate Fulfillment (20C); size: DOO_PROCESS_STEPS_B.STEP_NUMBER",
        ),
        Field(
            "name",
            "Step Name",
            required=True,
            maximum_length=80,
            help="A clear name of its own for what is called.",
            source="DOO_PROCESS_STEPS_TL",
        ),
        Field(
            "type",
            "Step Type",
            required=True,
            values=STEP_TYPES,
            closed=True,
            default="Service",
            help="Service calls; Conditional starts branches; Merge ends them.",
            source="Oracle, Guidelines for Setting Up Orchestration Process Steps (24C)",
        ),
        Field(
            "task_type",
            "Task Type",
            refers=(FieldReference("task_types", "name"),),
            help="Made in step 1, or one of Oracle's own.",
            source="Oracle, Guidelines for Setting Up Orchestration Process Steps (24C); source text, step 2",
        ),
        Field(
            "task",
            "Task",
            refers=(FieldReference("task_types.tasks", "name", through=_IN_TASK_TYPE),),
            help="One of the task type's tasks, by name.",
            source="Oracle, Guidelines for Setting Up Orchestration Process Steps (24C); source text, step 2",
        ),
        Field(
            "service",
            "Service",
            refers=(FieldReference("task_types.services", "name", through=_IN_TASK_TYPE),),
            help="One of the task type's services, by name. Create asks; a wait step names the Inbound service.",
            source="Oracle, Guidelines for Setting Up Orchestration Process Steps (24C); source text, step 2",
        ),
        Field(
            "wait",
            "Wait step",
            "boolean",
            help="Waits for the answer before the process goes on.",
            source="Oracle, Orchestrate Fulfillment (20C)",
        ),
        Field(
            "exit_criteria",
            "Exit Criteria",
            refers=(FieldReference("task_types.statuses", "internal", through=_IN_TASK_TYPE),),
            help="The status that ends the wait: one that the task type marks complete. For wait steps.",
            source="Oracle, Orchestration Process Status (25C)",
        ),
        Field(
            "depends_on",
            "Dependency",
            "integer",
            refers=(FieldReference("orchestration_processes.steps", "number", through="."),),
            help="The number of an earlier step that this one needs.",
            source="DOO_PROCESS_STEPS_B.PARENT_STEP_NUMBER",
        ),
        Field(
            "condition",
            "Branching condition",
            help="In words or as the rule. Required on the step right after a Conditional step.",
            source="Oracle, Guidelines for Setting Up Orchestration Process Steps (24C)",
        ),
        Field(
            "otherwise",
            "Otherwise",
            "boolean",
            help="The branch taken when no condition holds.",
            source="DOO_PROCESS_STEPS_VL.OTHERWISE_FLAG",
        ),
        Field(
            "manual",
            "Manual",
            "boolean",
            help="A person runs the step.",
            source="DOO_PROCESS_STEPS_B.MANUAL_STEP_FLAG",
        ),
        Field(
            "line_selection",
            "Line Selection Criteria",
            help="Which lines the step runs for, in words or as the rule.",
            maximum_length=256,
            source="Oracle, Use Business Rules in Orchestration Processes (23D); length: DOO_PROCESS_STEPS_B",
        ),
        Field("lead_time", "Default Lead Time", help=_PLANNING, source=_PLANNING_SOURCE),
        Field("lead_time_unit", "Lead-Time UOM", help=_PLANNING, source=_PLANNING_SOURCE),
        Field("lead_time_expression", "Lead-Time Expression", help=_PLANNING, source=_PLANNING_SOURCE),
        Field("next_expected_task_status", "Next Expected Task Status", help=_PLANNING, source=_PLANNING_SOURCE),
        Field("default_branch", "Planning Default Branch", "boolean", help=_PLANNING, source=_PLANNING_SOURCE),
        Field("completion_step", "Fulfillment Completion Step", "boolean", help=_PLANNING, source=_PLANNING_SOURCE),
    ),
)

PLANNING_FIELDS = (
    "lead_time",
    "lead_time_unit",
    "lead_time_expression",
    "next_expected_task_status",
    "default_branch",
    "completion_step",
)

STATUS_RULE_SETS = Table(
    path="status_rule_sets",
    title="Status rule sets",
    singular="status rule set",
    key="name",
    columns=("name", "statuses"),
    help="Sets the status of a line, and says which statuses external systems hear of.",
    own_fields=(
        Field(
            "name",
            "Name",
            required=True,
            help="Do not rename it in any pod once a process was migrated.",
            source="Oracle, Copy Setups Between Instances (24C)",
        ),
        Field(
            "statuses",
            "Statuses",
            "records",
            help="The statuses of which external systems hear.",
            source="Oracle, Overview of Sending Notifications (24C)",
        ),
    ),
)

RULE_SET_STATUSES = Table(
    path="status_rule_sets.statuses",
    title="Statuses",
    singular="status",
    key="value",
    columns=("value", "notify_external_system", "send_email"),
    help="A status of the lines, and who hears of it.",
    own_fields=(
        Field(
            "value",
            "Status Value",
            required=True,
            values=LINE_STATUSES,
            help="The line's status. Customers add their own.",
            source="Oracle, Manage Task Status Conditions (25D); codes: composites of Oracle's",
        ),
        Field(
            "notify_external_system",
            "Notify External System",
            "boolean",
            help="Fulfillment Line Status Update is raised for this status.",
            source="Oracle, Overview of Sending Notifications (24C)",
        ),
        Field("send_email", "Send Email", "boolean", help="An e-mail is sent for this status.", source=NOT_READ),
    ),
)

TASK = Task(
    step="2",
    short="Processes",
    title="Manage Orchestration Process Definitions",
    tables=(
        "orchestration_processes",
        "orchestration_processes.steps",
        "orchestration_processes.status_conditions",
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
        "Actions > Release, fix what it reports, then Actions > Deploy.",
    ),
    source="Oracle, Set Up Orchestration Processes (24C), Deploy Orchestration Processes (25D); source text, step 2",
)
