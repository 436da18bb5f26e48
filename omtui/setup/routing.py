"""Step 7: routing rules, their conditions and actions."""

from dataclasses import replace

from omtui.setup.field import NOT_READ, Field, FieldReference
from omtui.setup.table import Table, Task

ENTITIES = ("Order Header", "Order Line", "Order Fulfill Line", "Orchestration Process")

ATTRIBUTES: dict[str, tuple[str, str]] = {
    "Item": ("Order Fulfill Line", "text"),
    "Task Type": ("Order Header", "text"),
    "Operation": ("Order Header", "text"),
    "Customer": ("Order Header", "text"),
    "Business Unit": ("Order Header", "text"),
    "Order Type": ("Order Header", "text"),
    "Source Order System": ("Order Header", "text"),
    "Ordered Quantity": ("Order Fulfill Line", "number"),
    "Extended Amount": ("Order Fulfill Line", "number"),
    "Destination Shipping Organization": ("Order Fulfill Line", "text"),
    "Warehouse": ("Order Fulfill Line", "text"),
    "Requested Ship Date": ("Order Fulfill Line", "date"),
    "Requested Arrival Date": ("Order Fulfill Line", "date"),
    "Process Name": ("Orchestration Process", "text"),
}
"""Known attributes: the entity they are probably chosen from, and the type of their values. An open list."""

READ_WITH_ENTITY = ("Item", "Task Type")
"""The attributes that were read together with their entity; of the others it is only probable."""

OF_THE_REQUEST = ("Task Type", "Operation")
"""What belongs to a request and not to the order, on any entity that a condition names."""

TEXT_OPERATORS = ("starts with", "ends with", "contains", "matches", "equals ignore case")
NUMBER_OPERATORS = (
    "is greater than",
    "is greater than or equal to",
    "is less than",
    "is less than or equal to",
)
DATE_OPERATORS = ("is before", "is after", "is on or before", "is on or after")
LIST_OPERATORS = ("is in", "is not in")
EMPTY_OPERATORS = ("is empty", "is not empty")
OPERATORS = (
    "is equal to",
    "is not equal to",
    *NUMBER_OPERATORS,
    *LIST_OPERATORS,
    "is between",
    *TEXT_OPERATORS,
    *DATE_OPERATORS,
    *EMPTY_OPERATORS,
)
"""Oracle's pages of this editor show "is equal to", Is Blank and numeric comparison; the others are words of the rules
engine behind it, in the guide of another product. The list is not complete."""

OPERATOR_SIGNS = {
    "=": "is equal to",
    ">": "is greater than",
    ">=": "is greater than or equal to",
    "<": "is less than",
    "<=": "is less than or equal to",
}

SET_CONNECTOR = "Set Connector Name"
ACTIONS = (
    SET_CONNECTOR,
    "Set Interface Type",
    "Set Acknowledgement Timeout",
    "Override Operation",
    "Override Compensation Pattern",
    "Resolve Cross-Reference for Customer",
    "Prepare Result",
)
ACTION_VALUES: dict[str, tuple[str, ...]] = {
    "Override Compensation Pattern": ("CANCEL_CREATE", "UPDATE"),
    "Resolve Cross-Reference for Customer": ("Yes", "No"),
    "Set Interface Type": ("Service Data Object", "Enterprise Business Message"),
}


_OPERATOR_WORDS = {
    **{word: word for word in OPERATORS},
    **OPERATOR_SIGNS,
    "is blank": "is empty",
    "is not blank": "is not empty",
}
"""By what may be written, in any case. The rule editor says Is Blank (Oracle, Manage Pretransformation Rules, 24C)."""


def operator_word(operator: object) -> str:
    """The operator's word, whether it was typed as a word in any case or as a sign; other text unchanged."""
    text = str(operator)
    return _OPERATOR_WORDS.get(text.casefold(), text)


_VIB = "Oracle, Use Visual Information Builder (24D)"
_ACTIONS = "Oracle, Actions You Can Set When Routing Requests (24C)"

ROUTING_RULES = Table(
    path="routing_rules",
    title="Routing rules",
    singular="routing rule",
    key="name",
    columns=("name", "when", "then", "active", "published"),
    may_be_predefined=True,
    entered_first=(
        "name",
        "description",
        "if_text",
        "when",
        "then_text",
        "then",
        "otherwise",
        "else_text",
        "active",
        "published",
        "changed_since_publish",
    ),
    help="Each rule says for which requests which connector is used. Only one may be true for a request.",
    source=_VIB,
    own_fields=(
        Field(
            "name",
            "Name",
            required=True,
            help="The rule's Name on the page, for example Route Invoice Request 01. The source text calls it Rule "
            "Description.",
            source="Oracle, Manage Routing Rules (24B)",
            other_labels=("Rule Description",),
        ),
        Field(
            "description",
            "Description",
            help="What the rule is for.",
            source="Oracle, Manage Routing Rules (24B)",
        ),
        Field(
            "if_text",
            "Text of IF",
            help="A caption for people: the conditions decide.",
            source="source text, step 7",
            other_labels=("IF",),
        ),
        Field("when", "IF", "condition", help="The conditions under which the rule is true."),
        Field(
            "then_text",
            "Text of THEN",
            help="A caption for people: the actions decide.",
            source="source text, step 7",
            other_labels=("THEN",),
        ),
        Field("then", "THEN", "records", help="What is done when the conditions hold."),
        Field("otherwise", "ELSE", "records", help="ELSE IF branches, then the actions of the last ELSE."),
        Field(
            "else_text",
            "Text of ELSE",
            help="A caption for people: the actions decide.",
            source=NOT_READ,
            other_labels=("ELSE",),
        ),
        Field("active", "Active", "boolean", default=False, help="Activate Rule. An inactive rule is not published."),
        Field("start_date", "Start Date", "date", help="Empty: at once.", source="source text, step 7"),
        Field("end_date", "End Date", "date", help="Empty: for ever.", source="source text, step 7"),
        Field(
            "priority",
            "Priority",
            "integer",
            help="A hint to the engine only. It does not decide between two rules that are both true.",
            source="Oracle, Use Advanced Mode and Tree Mode (24D)",
        ),
        Field(
            "published",
            "Published",
            "boolean",
            help="Nothing takes effect before Publish.",
            source="Oracle, Route Requests to Fulfillment Systems (24D)",
            travels="state",
        ),
        Field(
            "changed_since_publish",
            "Changed since publish",
            "boolean",
            help="An edited rule needs Publish again.",
            source="Oracle, Route Requests to Fulfillment Systems (24D)",
            travels="state",
        ),
    ),
)

CONDITION = Table(
    path="routing_rules.when",
    title="Conditions",
    singular="condition",
    columns=("attribute", "entity", "operator", "value"),
    entered_first=("attribute",),
    common=False,
    help="One comparison. Several are joined by all, any and not.",
    own_fields=(
        Field(
            "entity",
            "Entity",
            required=True,
            values=ENTITIES,
            closed=True,
            help="The same attribute name exists on several entities.",
            source="Oracle, Apply Logic in Business Rules (24C)",
        ),
        Field(
            "attribute",
            "Attribute",
            required=True,
            values=tuple(ATTRIBUTES),
            help="Oracle's label; a flexfield as context.segment.",
            source="Oracle, Apply Logic in Business Rules (24C); source text, step 7",
        ),
        Field(
            "operator",
            "Operator",
            required=True,
            values=OPERATORS,
            also=(*OPERATOR_SIGNS, "Is Blank", "Is Not Blank"),
            default="is equal to",
            help="In any case; signs such as = and >= are read as the words of the same meaning, Is Blank as is empty. "
            "Oracle's pages show only some of the words.",
            source="Oracle, Use Visual Information Builder (24D), Manage Pretransformation Rules (24C); other words: "
            "Operators, Financials (25D)",
        ),
        Field(
            "value",
            "Value",
            "scalar",
            refers=(
                FieldReference("task_types", "name", strict=False, when=("attribute", "Task Type")),
                FieldReference("orchestration_processes", "name", strict=False, when=("attribute", "Process Name")),
                FieldReference("source_systems", "code", strict=False, when=("attribute", "Source Order System")),
            ),
            help="omtui compares it as it is, case included. is in takes a list, is between two values.",
            source="Oracle, Apply Logic in Business Rules (24C); source text, step 7",
        ),
    ),
)

ACTION = Table(
    path="routing_rules.then",
    title="Actions",
    singular="action",
    columns=("action", "value", "unit"),
    common=False,
    help="What is done when the conditions hold.",
    source=_ACTIONS,
    own_fields=(
        Field(
            "action",
            "Action",
            required=True,
            values=ACTIONS,
            closed=True,
            default=SET_CONNECTOR,
            help="What to do. Set Connector Name chooses the connector; Prepare Result is for Oracle's own use.",
        ),
        Field(
            "value",
            "Value",
            "scalar",
            required=True,
            refers=(FieldReference("connectors", "name", when=("action", SET_CONNECTOR)),),
            help="For Set Connector Name: a connector of step 5, or one of Oracle's own.",
        ),
        Field("unit", "Unit", values=("Days", "Hours", "Minutes", "Seconds"), help="Of an acknowledgement timeout."),
    ),
)

OTHERWISE = Table(
    path="routing_rules.otherwise",
    title="ELSE branches",
    singular="ELSE branch",
    columns=("when", "then", "action", "value"),
    common=False,
    help="An entry with IF and THEN is an ELSE IF; one with an action belongs to the last ELSE. Order counts.",
    own_fields=(
        Field("when", "ELSE IF", "condition", help="The conditions of this branch.", source=_VIB),
        Field("then", "THEN", "records", help="What is done when they hold.", source=_VIB),
        *(replace(field, required=False, default=None) for field in ACTION.own_fields),
        Field("if_text", "Text of IF", help="A caption for people: the conditions decide.", source=NOT_READ),
        Field("then_text", "Text of THEN", help="A caption for people: the actions decide.", source=NOT_READ),
    ),
)

TASK = Task(
    step="7",
    short="Routing rules",
    title="Manage External Integration Routing Rules for Sales Orders",
    tables=("routing_rules",),
    page="Manage External Interface Routing Rules",
    purpose="When a task sends a fulfillment request, the rules choose the connector, by attributes of the order, the "
    "fulfillment line and the orchestration process. Oracle names no winner when two rules are true: only one may be.",
    procedure=(
        "Create New Rule, and enter Name and Description.",
        "IF: enter the text, then the conditions: attribute and entity, operator, value; AND for more.",
        "THEN > Do > New Action > Perform an Action: choose the action and its value.",
        "Save and Close.",
        "Activate the rule, with start and end date if it has any.",
        "Save and Close, then Publish.",
    ),
    source="Oracle, Use Visual Information Builder (24D); source text, step 7",
)
