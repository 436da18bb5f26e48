"""The flow: the services that are called and the events that are heard."""

from omtui.setup.field import Field, FieldReference
from omtui.setup.table import Table, Task

SERVICE_OPERATIONS: dict[str, tuple[str, ...]] = {
    "OrderInformationService": ("GetOrderDetails",),
    "OrderFulfillmentResponseService": (
        "processAcknowledgement",
        "processFulfillmentResponse",
        "stageFulfillmentResponse",
    ),
    "OrderImportService": ("stageOrders", "createOrders"),
}
"""Oracle's SOAP services of an integration and the operations read in Oracle's service reference (23D to 25D)."""

EVENTS = ("SalesOrderNotification", "OrderStatusUpdated")

SERVICES = Table(
    path="services",
    title="Services called",
    singular="service",
    key="name",
    columns=("name", "called_by", "operations"),
    help="The SOAP services of the pod that the external systems call.",
    own_fields=(
        Field(
            "name",
            "Service",
            required=True,
            values=tuple(SERVICE_OPERATIONS),
            help="The service's name as in the pod's service catalogue.",
            source="Oracle, SOAP Web Services for SCM (24A, 25D); source text, flow",
        ),
        Field(
            "called_by",
            "Called by",
            "list",
            refers=(FieldReference("integration_users", "user_name"),),
            help="The integration users in whose name it is called.",
            own=True,
            travels="environment",
        ),
        Field(
            "operations",
            "Operations",
            "list",
            values=tuple(sorted({name for names in SERVICE_OPERATIONS.values() for name in names})),
            help="The operations that the caller uses.",
            source="Oracle, SOAP Web Services for SCM (23D, 25D)",
        ),
    ),
)

EVENT_SUBSCRIPTIONS = Table(
    path="event_subscriptions",
    title="Event subscriptions",
    singular="event subscription",
    key="name",
    columns=("name", "event", "system", "url"),
    help="Who listens to the pod's public events, for example an Integration Cloud instance.",
    own_fields=(
        Field("name", "Name", required=True, help="What you call this subscription.", own=True),
        Field(
            "event",
            "Event",
            required=True,
            values=EVENTS,
            help="The public event. Oracle's guides prefer SalesOrderNotification.",
            source="Oracle, Order Management business events (25C); source text, flow",
        ),
        Field(
            "system",
            "System",
            refers=(FieldReference("source_systems", "code"),),
            help="The source system that gets the news in the end.",
            own=True,
        ),
        Field(
            "url",
            "Subscriber URL",
            help="Where the listener is called: of Integration Cloud the run-time URL, not the design-time URL.",
            source="Oracle Integration: design-time and run-time URLs",
            travels="environment",
        ),
    ),
)

TASK = Task(
    step="flow",
    short="Flow",
    title="Services and events",
    tables=("services", "event_subscriptions"),
    offering="",
    functional_area="",
    purpose="What flows between the pod and the external systems: the services they call, the events they hear, and "
    "in whose name. Nothing is entered in Oracle for this page; it is the picture that the eleven tasks serve.",
    procedure=(
        "Note each SOAP service that an external system calls, and the integration user it signs in as.",
        "Note each listener to a public event, with its run-time URL.",
    ),
    source="source text, External Integration Flow and Setup",
)
