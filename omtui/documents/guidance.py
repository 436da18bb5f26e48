"""What the walk-through says beyond the records: the way to a page, what the words of its lists mean, what to prepare.

Facts come from the source text and from Oracle's guides, as the setup tasks name them.
"""

from typing import Final

INTRODUCTION: Final = (
    "Order Management comes with integrations to Oracle's own services; systems of others are integrated by the set-up "
    "that follows: upstream systems send orders in, downstream systems fulfill and bill them.",
    "Open each page as its path says: My Enterprise > Setup and Maintenance (in older homes: Others > Setup and "
    "Maintenance), then the offering, and type the task's name into the search box. Keep the order of the "
    "sections: what is named must be there before.",
    "Values are copied unchanged: Oracle compares them letter by letter. Sign each record when it was entered.",
)

OVERVIEW: Final = (
    "External applications are integrated through SOAP services that they call and business events that they hear.",
    "Services: the upstream system reads and imports orders, the downstream system answers fulfillment requests.",
    "Events: OrderStatusUpdated and SalesOrderNotification inform listeners that an order changed.",
)

NAVIGATION: Final[dict[str, tuple[str, ...]]] = {
    "0": ("Navigator", "Tools", "Security Console"),
    "related": ("Setup and Maintenance",),
}
"""Where the click path is another one than Setup and Maintenance > offering > functional area > task."""

PREPARATION: Final[dict[str, tuple[str, ...]]] = {
    "0": (
        "Upstream users bring orders in, downstream users answer fulfillment requests; each gets the privileges of the "
        "services it calls, and no others.",
    ),
    "1": (
        "My Enterprise > Setup and Maintenance > Order Management: search for the task Manage Task Types.",
        "Under Details > Services the two services are added by default when the Task Type is entered.",
        "The Task Type and the names of its services are used in the steps of the orchestration process.",
    ),
    "2": (
        "Steps of the custom task type call the external system: they are added to the orchestration process that "
        "fulfills the lines, with the task type, task and service made before.",
        "My Enterprise > Setup and Maintenance > Order Management: search for Manage Orchestration Process "
        "Definitions.",
    ),
    "3": (
        "Source systems and connectors make external systems known, so that their details are captured once.",
        "My Enterprise > Setup and Maintenance > Order Management: search for Manage Trading Community Source Systems.",
        "Under Search Results: Actions > Create opens Create Source System.",
    ),
    "4": (
        "My Enterprise > Setup and Maintenance > Supply Chain Planning: search for Manage Planning Source Systems.",
        "The Code is one that was created under Manage Trading Community Source Systems.",
    ),
    "4.1": (
        "My Enterprise > Setup and Maintenance > Order Management: search for Manage Upstream and Fulfillment "
        "Source Systems.",
    ),
    "5": (
        "A connector connects Oracle Fusion with the middleware or SOA server of an external system.",
        "My Enterprise > Setup and Maintenance > Order Management: search for Manage External Interface Web "
        "Service Details.",
        "The target system is one of Manage Trading Community Source Systems; repeat for each connector, also for the "
        "one that takes business events.",
        "User name and password are fields of the page (26C); the source text has them in a wallet only. Where sign-in "
        "goes through a key (CSF-KEY): with administrator privilege and role, open Oracle Wallet Manager and add the "
        "user credential key to the credential map oracle.wsm.security (list Select Map; the source text writes "
        "Oracle.WSM.Security and Selected map).",
        "There, enter the credential key, and user name and password of the service that Order Management calls.",
        "Then sign in to Order Management with administrative privileges, and enter user name and password.",
    ),
    "6": ("My Enterprise > Setup and Maintenance: search for the task Review Topology.",),
    "7": (
        "Rules route fulfillment requests to the connectors of external systems. They look at attributes of the order, "
        "the fulfillment line and the process definition, and run in Oracle Business Rules.",
        "My Enterprise > Setup and Maintenance > Order Management: search for Manage External Integration "
        "Routing Rules for "
        "Sales Orders.",
    ),
    "8": (
        "For a source system that sends many orders at once: when lines will be late, Order Management raises an event "
        "for the jeopardy priority, and its connector informs the source system of the delay. It is about delay: the "
        "limit for bulk orders of which the source text speaks is on no page of Oracle's.",
        "Oracle's recipe has three parts: the connector, the trigger points, and the notification frequency. The last "
        "one is on no page that was read: look for it on the pod.",
        "My Enterprise > Setup and Maintenance > Order Management: search for Manage Business Event Trigger Points.",
    ),
    "9": (
        "My Enterprise > Setup and Maintenance > Order Management: search for Manage Business Event Trigger Points.",
        "Other trigger points are set up alike, as the business needs them: for a change of a line's status, of an "
        "order's status, or for a hold.",
        "An e-mail goes out when the status is reached, if Raise Event and Send Email Notification are both checked. "
        "For Hold it needs Active and Send Email Notification only.",
    ),
}
"""What comes before a task's own procedure."""

_ORCHESTRATION_TYPES: Final = (
    (
        "Order Capture",
        "the system captures orders and sends source orders to Order Management, typically by the import web service",
    ),
    ("Fulfillment", "Order Management sends fulfillment requests to the system and receives its fulfillment replies"),
)
_CROSS_REFERENCE: Final = (
    ("checked", "the source system expects Order Management to cross-reference its values"),
    ("not checked", "source system and Oracle Fusion use the same values; they are set up in Fusion"),
)

CHOICES: Final[dict[str, tuple[tuple[str, tuple[tuple[str, str], ...]], ...]]] = {
    "3": (
        ("Type", (("Spoke", "a legacy system"), ("Purchased", "data from a third-party provider"))),
        (
            "Enable for",
            (
                ("Items", "to import data of items"),
                (
                    "Trading Community Members",
                    "to import data of the trading community; sets the Original System Unique Reference (OSR) of "
                    "customers",
                ),
                ("Order Orchestration and Planning", "to import data for order orchestration; needed here"),
                ("Assets", "optional, to import data of assets"),
            ),
        ),
    ),
    "4": (
        ("Order Orchestration Type", _ORCHESTRATION_TYPES),
        ("Enable data cross-reference", _CROSS_REFERENCE),
    ),
    "4.1": (
        ("Order Orchestration Type", _ORCHESTRATION_TYPES),
        ("Enable data cross-reference", _CROSS_REFERENCE),
    ),
    "5": (
        (
            "Response Processing Option",
            (
                ("Reject all lines on first error", "the default"),
                ("Reject all lines when an error on at least one line occurs", "all or nothing"),
                ("Reject group with lines that contain error", "other groups go on"),
            ),
        ),
        (
            "Invocation Mode",
            (
                ("Asynchronous Service", "a web service that answers later; the default"),
                ("Synchronous Service", "a web service that answers at once"),
                (
                    "Business Event",
                    "for trigger points; older guides also used it for Integration Cloud, which should "
                    "subscribe to the event instead",
                ),
            ),
        ),
        ("Send Attachments", (("Yes", "Order Management sends attachments to the fulfillment system"),)),
    ),
}
"""What the words of a page's lists mean."""

CLOSING: Final = {
    "deploy": "Nothing takes effect before these. Do them when everything above was entered.",
    "proof": "Shows that the set-up works from end to end. Go through it line by line, with an order of your own.",
}
