"""Steps 3, 4 and 4.1: the systems that orders come from and requests go to."""

from omtui.setup.field import Field, FieldReference
from omtui.setup.table import Table, Task
from omtui.setup.time_zones import PAGE_NAMES

ENABLED_FOR = (
    "Items",
    "Trading Community Members",
    "Order Orchestration and Planning",
    "Assets",
)
FOR_ORCHESTRATION = "Order Orchestration and Planning"

SOURCE_SYSTEMS = Table(
    path="source_systems",
    title="Source systems",
    singular="source system",
    key="code",
    columns=("code", "name", "type", "enabled_for"),
    frozen=("code",),
    entered_first=(
        "code",
        "name",
        "type",
        "enabled_for",
    ),
    help="Every external system is made known here first.",
    own_fields=(
        Field(
            "code",
            "Code",
            required=True,
            maximum_length=30,
            help="Cannot be changed after creation. Steps 4, 4.1 and 5 use it.",
            source="Oracle, How You Set Up Source Systems; length: HZ_ORIG_SYSTEMS_B.ORIG_SYSTEM",
        ),
        Field(
            "name",
            "Name",
            required=True,
            maximum_length=80,
            help="What people call it.",
            source="Oracle, How You Set Up Source Systems; length: HZ_ORIG_SYSTEMS_TL",
        ),
        Field(
            "description",
            "Description",
            maximum_length=240,
            help="What the system does.",
            source="HZ_ORIG_SYSTEMS_TL",
        ),
        Field(
            "type",
            "Type",
            required=True,
            values=("Spoke", "Purchased"),
            closed=True,
            help="Spoke is a legacy or other system, Purchased is data from a third-party provider.",
            source="Oracle, How You Set Up Source Systems",
        ),
        Field(
            "enabled_for",
            "Enable for",
            "list",
            values=ENABLED_FOR,
            closed=True,
            help="Without Order Orchestration and Planning it does not appear on the pages of steps 4 and 4.1. Trading "
            "Community Members sets the Original System Unique Reference (OSR) of customers.",
            source="Oracle, How You Set Up Source Systems",
        ),
        Field(
            "start_date",
            "Start Date",
            "date",
            help="From when it is active. Oracle fills one in.",
            source="HZ_ORIG_SYSTEMS_B",
        ),
        Field(
            "end_date",
            "End Date",
            "date",
            help="The last day it is active. Empty: for ever.",
            source="HZ_ORIG_SYSTEMS_B",
        ),
    ),
)

TASK_3 = Task(
    step="3",
    short="Source systems",
    title="Manage Trading Community Source Systems",
    abbreviations="OSR, Original System Unique Reference",
    tables=("source_systems",),
    functional_area="",
    purpose="Makes each external system known: the one that sends orders and the one that fulfills them. Only a system "
    "enabled for Order Orchestration and Planning appears on the pages that follow. The task is also listed under "
    "Supply Chain Planning and under Product Management.",
    procedure=(
        "Search Results > Actions > Create.",
        "Enter Code, Name and Type.",
        "Check Enable for Order Orchestration and Planning, and what else applies.",
        "Save and Close, then Done.",
    ),
    source="Oracle, How You Set Up Source Systems, Product Spoke Systems (24C); source text, step 3",
)

_VERSIONS = ("Oracle Fusion", "Others", "External")


_INSTANCE_FIELDS = (
    Field(
        "code",
        "Code",
        required=True,
        maximum_length=30,
        refers=(FieldReference("source_systems", "code"),),
        help="A code of step 3, enabled for Order Orchestration and Planning.",
        source="Oracle, Manage Planning Source Systems (24B); length: MSC_APPS_INSTANCES",
    ),
    Field(
        "description",
        "Description",
        maximum_length=240,
        help="What the system does.",
        source="MSC_APPS_INSTANCES",
    ),
    Field(
        "time_zone",
        "Time Zone",
        required=True,
        maximum_length=64,
        values=tuple(PAGE_NAMES),
        help="As on Oracle's page (US Eastern Time) or the IANA name.",
        source="source text, steps 4 and 4.1; length: MSC_APPS_DEST_INSTANCE.TIME_ZONE",
    ),
    Field(
        "version",
        "Version",
        required=True,
        values=_VERSIONS,
        closed=True,
        help="Others is integrated with Order Management, External is not. Oracle describes Others as another Oracle "
        "Fusion Applications Suite; it is right for a system that is none, too.",
        source="Oracle readiness 26B, Redwood: Planning Source Systems; MSC_APPS_INSTANCES.APPS_VER not null",
    ),
    Field(
        "order_orchestration_type",
        "Order Orchestration Type",
        values=("Order Capture", "Fulfillment"),
        closed=True,
        help="Order Capture sends orders in, Fulfillment gets requests and answers them.",
        source="Oracle, Integrate Order Management with Source Systems (25A); source text, steps 4 and 4.1",
    ),
    Field(
        "data_cross_reference",
        "Enable Data Cross-Reference",
        "boolean",
        default=False,
        help="On only when the system's values differ and Order Management must cross-reference them.",
        source="Oracle, Overview of Creating Cross-References (24C); source text, steps 4 and 4.1",
    ),
    Field(
        "collections_allowed",
        "Collections Allowed",
        "boolean",
        help="Must be on for a system that is in use.",
        source="Oracle, Manage Planning Source Systems (24B)",
    ),
    Field(
        "collected_on",
        "Collected on",
        "date",
        help="When data was last collected from it.",
        travels="state",
        own=True,
    ),
)
"""Both pages show the same attributes: they seem to write one table (MSC_APPS_INSTANCES).

Of the page of step 4.1 only the source text and the tables were read.
"""

_ORGANIZATIONS = Field(
    "organizations",
    "Organization List",
    "list",
    help="The codes of the organizations of this system that are enabled for collections.",
    source="Oracle readiness 26B, Redwood: Planning Source Systems",
)

_INSTANCE_COLUMNS = ("code", "order_orchestration_type", "version", "time_zone", "collections_allowed")

PLANNING_SOURCE_SYSTEMS = Table(
    path="planning_source_systems",
    title="Planning source systems",
    singular="planning source system",
    key="code",
    columns=_INSTANCE_COLUMNS,
    help="What each system is to planning and orchestration.",
    own_fields=(*_INSTANCE_FIELDS, _ORGANIZATIONS),
)

TASK_4 = Task(
    step="4",
    short="Planning systems",
    title="Manage Planning Source Systems",
    tables=("planning_source_systems",),
    offering="Supply Chain Planning",
    functional_area="Supply Chain Planning Configuration",
    other_names=("Planning Source Systems",),
    redwood="from 26B, profile option Redwood Page for Planning Source Systems Enabled: Supply Chain Planning > "
    "View More > Actions > Plan Inputs > Planning Source Systems",
    purpose="Says what each system is to planning and orchestration: whether it sends orders or fulfills them, in "
    "which time zone, and whether values are cross-referenced.",
    procedure=(
        "Source Systems > Actions > Create.",
        "Choose the Code of step 3, Time Zone, Version and Order Orchestration Type.",
        "Check Collections Allowed.",
        "Save and Close.",
    ),
    source="Oracle, Manage Planning Source Systems (24B); Oracle readiness 26B; source text, step 4",
)

DESTINATION_SYSTEM = Table(
    path="destination_system",
    title="Destination system",
    singular="destination system",
    single=True,
    help="The Fusion instance itself.",
    own_fields=(
        Field(
            "code",
            "Code",
            required=True,
            maximum_length=30,
            help="A short name for the Fusion instance, for example OPS.",
            source="source text, step 4.1; length: MSC_APPS_DEST_INSTANCE",
        ),
        Field(
            "name",
            "Name",
            maximum_length=80,
            help="The name of the instance in the trading community.",
            source="MSC_APPS_DEST_INSTANCE",
        ),
        Field(
            "description",
            "Description",
            maximum_length=240,
            help="What the instance is.",
            source="MSC_APPS_DEST_INSTANCE",
        ),
        Field(
            "time_zone",
            "Time Zone",
            required=True,
            maximum_length=64,
            values=tuple(PAGE_NAMES),
            help="As on Oracle's page (US Eastern Time) or the IANA name.",
            source="MSC_APPS_DEST_INSTANCE.TIME_ZONE not null",
        ),
    ),
)

UPSTREAM_SOURCE_SYSTEMS = Table(
    path="upstream_source_systems",
    title="Upstream and fulfillment systems",
    singular="upstream or fulfillment system",
    key="code",
    columns=_INSTANCE_COLUMNS,
    help="The systems that send orders in and those that fulfill them.",
    own_fields=_INSTANCE_FIELDS,
)

TASK_41 = Task(
    step="4.1",
    short="Upstream systems",
    title="Manage Upstream and Fulfillment Source Systems",
    tables=("destination_system", "upstream_source_systems"),
    functional_area="",
    other_names=("Manage Orchestration Source Systems",),
    purpose="The same facts for the systems around Order Management. The page seems to show the record of step 4 once "
    "more: when a code is on both pages, its values must agree.",
    procedure=(
        "Under Destination System, Actions > Create.",
        "Under Source Systems, Actions > Create.",
        "Enter Code, Time Zone, Version and Order Orchestration Type.",
        "Check Collections Allowed.",
        "Save and Close.",
    ),
    source="source text, step 4.1; Oracle, Copy Setups Between Instances (24C)",
)
