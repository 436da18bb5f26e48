"""Steps 8 and 9: business event trigger points, and the scores behind Jeopardy."""

from omtui.setup.field import Field, FieldReference
from omtui.setup.table import Table, Task

JEOPARDY = "Jeopardy"
HEADER_STATUS = "Order Header Status Update"
ATTRIBUTE_UPDATE = "Order Attribute Update"
LINE_STATUS = "Fulfillment Line Status Update"
HOLD = "Hold"
RELEASE_HOLD = "Release Hold"

TRIGGER_POINT_NAMES = (
    JEOPARDY,
    HEADER_STATUS,
    ATTRIBUTE_UPDATE,
    LINE_STATUS,
    "Fulfillment Line Closed",
    HOLD,
    "Split",
    "Change Order Compensation Complete",
    "Cancel Back Order",
    RELEASE_HOLD,
)
"""The page's fixed rows (Oracle, Overview of Sending Notifications 24C; readiness 26C for the last two)."""

WITH_DETAILS = (JEOPARDY, HEADER_STATUS, ATTRIBUTE_UPDATE)
"""Trigger points whose values are ticked one by one; the others have Active for the event."""

JEOPARDY_PRIORITIES = ("LOW", "MEDIUM", "HIGH")

HEADER_STATUSES = ("Draft", "Submitted", "Processing", "Closed", "Canceled")
"""Display values that public text shows. Customers add their own: an unknown one is only worth a look."""

ORDER_ATTRIBUTES = (
    "Actual Ship Date",
    "Bill-to Contact",
    "Bill-to Customer",
    "FOB Point",
    "Fulfillment Organization",
    "Item",
    "Ordered Quantity",
    "Promise Arrival Date",
    "Promise Ship Date",
    "Request Arrival Date",
    "Request Ship Date",
    "Schedule Ship Date",
    "Schedule Arrival Date",
    "Ship Class of Service",
    "Ship Mode of Transport",
    "Shipment Priority",
    "Ship-to Contact",
    "Ship-to Customer",
    "Ship-to Site",
    "Tax Classification Code",
    "Tax Exempt",
    "Unit Selling Price",
    "Customer PO Number",
    "Demand Class",
    "Carrier",
    "Return Reason",
)
"""Readable forms of the attributes of a 2016 payload. An open list."""

TRIGGER_POINTS = Table(
    path="trigger_points",
    title="Trigger points",
    singular="trigger point",
    key="name",
    columns=("name", "active", "details", "connectors", "integration_cloud"),
    help="Business events that Order Management raises, and who hears them.",
    own_fields=(
        Field(
            "name",
            "Trigger Point",
            required=True,
            values=TRIGGER_POINT_NAMES,
            closed=True,
            help="A row of the page; rows cannot be added.",
            source="Oracle, Overview of Sending Notifications (24C); Oracle readiness 26C",
        ),
        Field(
            "active",
            "Active",
            "boolean",
            help="The master switch: without it no value raises the event.",
            source="Oracle, Administer Email Messaging (24C)",
        ),
        Field(
            "connectors",
            "Associated Connectors",
            "list",
            refers=(FieldReference("connectors", "name"),),
            help="Connectors of step 5 with Invocation Mode Business Event.",
            source="DOO_EVENT_SUBSCRIBER_SERVICES; Oracle, Send Notifications (26A)",
        ),
        Field(
            "integration_cloud",
            "Integration Cloud subscribes",
            "boolean",
            default=False,
            help="Integration Cloud listens to the public event instead of a connector.",
            own=True,
        ),
        Field(
            "details",
            "Details",
            "records",
            help="The values that raise the event.",
            source="Oracle, Administer Email Messaging (24C); DOO_EVENT_DETAILS",
        ),
    ),
)

DETAILS = Table(
    path="trigger_points.details",
    title="Details",
    singular="detail",
    key="value",
    columns=("value", "raise_event", "send_email"),
    help="A jeopardy priority, a header status or an attribute.",
    own_fields=(
        Field(
            "value",
            "Value",
            required=True,
            help="A jeopardy priority, an order status or an attribute, as the page shows it.",
            source="DOO_EVENT_DETAILS; source text, steps 8 and 9",
        ),
        Field(
            "raise_event",
            "Raise Event",
            "boolean",
            default=False,
            help="This value raises the event.",
            source="DOO_EVENT_DETAILS.EVENT_ENABLED_FLAG; source text, steps 8 and 9",
        ),
        Field(
            "send_email",
            "Send Email Notification",
            "boolean",
            default=False,
            help="Sent only when the event itself is raised.",
            source="Oracle, Administer Email Messaging (24C)",
        ),
    ),
)

JEOPARDY_TABLE = Table(
    path="jeopardy",
    title="Jeopardy",
    singular="jeopardy",
    single=True,
    help="The scores behind the jeopardy priorities.",
    own_fields=(Field("note", "Note", help="Goes into the runbook.", own=True),),
)

PRIORITIES = Table(
    path="jeopardy.priorities",
    title="Jeopardy priorities",
    singular="jeopardy priority",
    key="name",
    columns=("name", "minimum_score", "maximum_score"),
    help="Manage Jeopardy Priorities: which scores are LOW, MEDIUM and HIGH. Ranges must not overlap.",
    own_fields=(
        Field(
            "name",
            "Priority",
            required=True,
            values=JEOPARDY_PRIORITIES,
            closed=True,
            help="Fixed: none can be added, removed or renamed.",
            source="Oracle, Set Up Jeopardy and Lead Time (24B)",
        ),
        Field(
            "minimum_score",
            "Minimum Score",
            "number",
            required=True,
            help="From this score on. A score that two ranges share belongs to the lower priority.",
            source="Oracle, Set Up Jeopardy and Lead Time (24B); DOO_JEOPARDY_PRIORITIES",
        ),
        Field(
            "maximum_score",
            "Maximum Score",
            "number",
            required=True,
            help="Up to this score.",
            source="Oracle, Set Up Jeopardy and Lead Time (24B); DOO_JEOPARDY_PRIORITIES",
        ),
    ),
)

_THRESHOLDS = "DOO_JEOPARDY_THRESHOLDS_B; ravidubey.work (October 2021)"

THRESHOLDS = Table(
    path="jeopardy.thresholds",
    title="Jeopardy thresholds",
    singular="jeopardy threshold",
    key="code",
    columns=("code", "name", "process", "task_type", "task", "scores"),
    help="Manage Jeopardy Thresholds: how many points a delay makes.",
    source=_THRESHOLDS,
    own_fields=(
        Field("code", "Code", required=True, help="A short name for the threshold."),
        Field("name", "Name", help="What people call it."),
        Field(
            "process",
            "Process Name",
            refers=(FieldReference("orchestration_processes", "name", strict=False),),
            help="Empty: every process.",
        ),
        Field(
            "task_type",
            "Task Type",
            refers=(FieldReference("task_types", "name", strict=False),),
            help="Empty: every task type.",
        ),
        Field(
            "task",
            "Task Name",
            refers=(FieldReference("task_types.tasks", "name", through="task_type", strict=False),),
            help="Empty: every task.",
        ),
        Field("scores", "Scores", "records", help="Ranges of delay and their scores."),
    ),
)

SCORES = Table(
    path="jeopardy.thresholds.scores",
    title="Scores",
    singular="score",
    columns=("minimum_delay", "maximum_delay", "unit", "score"),
    help="A range of delay and the points it makes.",
    common=False,
    source=_THRESHOLDS,
    own_fields=(
        Field("minimum_delay", "Minimum Delay", "number", required=True, help="From this delay on."),
        Field("maximum_delay", "Maximum Delay", "number", required=True, help="Up to this delay."),
        Field("unit", "Unit", values=("Days", "Hours", "Minutes"), help="Of both delays."),
        Field(
            "score",
            "Jeopardy Score",
            "number",
            required=True,
            help="The points that the delay makes. It must lie in the range of a priority.",
        ),
    ),
)

_TITLE = "Manage Business Event Trigger Points"
_REDWOOD = "from 26C: profile option ORA_FOM_RW_MANAGE_BUSINESS_EVENTS = Yes at Site level"

TASK_8 = Task(
    step="8",
    short="Jeopardy",
    title=_TITLE,
    tables=(
        "trigger_points",
        "trigger_points.details",
        "jeopardy.priorities",
        "jeopardy.thresholds",
        "jeopardy.thresholds.scores",
    ),
    only=(("trigger_points", (JEOPARDY,)),),
    redwood=_REDWOOD,
    purpose="Warns a channel system that an order will be late: the event is raised when the jeopardy priority of a "
    "line changes to one that is ticked. From 26C Oracle does not support the Jeopardy event any more.",
    procedure=(
        "Select the trigger point Jeopardy and check Active.",
        "Under Details, check Raise Event for the priority.",
        "Under Associated Connectors, Actions > Add Row, and choose the connector of step 5.",
        "Save and Close.",
    ),
    source="Oracle, Set Up Jeopardy and Lead Time (24B); Oracle readiness 26C; source text, step 8",
)

TASK_9 = Task(
    step="9",
    short="Trigger points",
    title=_TITLE,
    tables=("trigger_points", "trigger_points.details"),
    only=(("trigger_points", (f"!{JEOPARDY}",)),),
    redwood=_REDWOOD,
    purpose="Events and e-mails for header statuses, line statuses, attributes, holds and the rest. An e-mail goes out "
    "only when its event is raised. Line statuses are chosen in the status rule set of the orchestration process.",
    procedure=(
        "Select the trigger point and check Active.",
        "Under Details, check Raise Event and, where wanted, Send Email Notification.",
        "Under Associated Connectors, Actions > Add Row, and choose the connector of step 5.",
        "Save and Close.",
    ),
    source="Oracle, Administer Email Messaging (24C), Send Notifications (26A); source text, step 9",
)
