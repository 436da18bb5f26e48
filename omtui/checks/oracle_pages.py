"""What Oracle's guides say, as far as the checks rest on it. A title has the release of the page that was read."""

from omtui.checks.facts.fact import Fact, OraclePage
from omtui.setup.release import Release

_GUIDE = "https://docs.oracle.com/en/cloud/saas/supply-chain-and-manufacturing/{}/faiom/{}.html"


def _guide(title: str, release: str, slug: str) -> OraclePage:
    """A page of the guide Implementing Order Management."""
    return OraclePage(f"{title} ({release.upper()})", _GUIDE.format(release, slug))


OWN = Fact("a rule of omtui's", OraclePage("none: this is a rule of omtui's, not of Oracle's"), "own")
"""For checks that need no source: the profile contradicts itself, leaves the format, or mixes up environments."""

SET_UP_INTEGRATION = Fact(
    "nine privileges let a user call the response services; get only the privilege of the service that is called",
    _guide("Set Up Your Integration", "25d", "guidelines-for-setting-up-your-integration"),
)
PRIVILEGES = Fact(
    "do not use a predefined job role: create a copy, and modify the copy",
    OraclePage(
        "Privileges That You Need to Implement Order Management (25A)",
        "https://docs.oracle.com/pls/topic/lookup?ctx=fa25a&id=s20043841",
    ),
    "reference",
)
TASK_TYPE = Fact(
    "a task type gets its Create and Inbound services by itself, and needs at least one task; codes cannot be "
    "changed once saved",
    _guide("Create Your Own Task Type", "24b", "create-your-own-task-type"),
)
TASKS = Fact(
    "the predefined tasks and what they do",
    _guide("Fulfillment Tasks", "24d", "fulfillment-tasks"),
    "reference",
)
TASK_STATUS = Fact(
    "Mark as Complete says that the task is done when it reaches the status",
    _guide("Manage Task Status Conditions", "25d", "manage-task-status-conditions"),
)
PROCESSES = Fact(
    "use a predefined process as it is, or duplicate it and change the copy",
    _guide(
        "Guidelines for Setting Up Orchestration Processes",
        "24c",
        "guidelines-for-setting-up-orchestration-processes",
    ),
    "reference",
)
STEPS = Fact(
    "a step calls a service with its task type and task; after a Conditional step comes a step with a condition, "
    "and branches end in a Merge step",
    _guide(
        "Guidelines for Setting Up Orchestration Process Steps",
        "24c",
        "guidelines-for-setting-up-orchestration-process-steps",
    ),
)
PROCESS_STATUS = Fact(
    "a wait step ends on a status that says that the task is done; of the status conditions the true one with "
    "the highest sequence number counts",
    _guide("Orchestration Process Status", "24c", "orchestration-process-status"),
)
DEPLOY = Fact(
    "release checks the process, and only a released process can be deployed",
    _guide("Deploy Orchestration Processes", "25d", "deploy-orchestration-processes"),
    "reference",
)
CONNECT = Fact(
    "an immediate answer ends the call, a delayed one is waited for; each process that was read pairs the step "
    "that asks with one that waits",
    _guide(
        "Overview of Connecting Order Management to Your Fulfillment System",
        "24c",
        "overview-of-connecting-order-management-to-your-fulfillment",
    ),
)
SOURCE_SYSTEMS = Fact(
    "a source system is Spoke or Purchased, its code is final, and each import page lists the systems enabled for it",
    OraclePage(
        "How You Set Up Source Systems",
        "https://docs.oracle.com/en/cloud/saas/sales/oacdm/how-you-set-up-source-systems.html",
    ),
)
INTEGRATE_SOURCES = Fact(
    "what a source system is to Order Management: one that captures orders, or one that fulfills them",
    _guide(
        "Integrate Order Management with Source Systems",
        "25a",
        "integrate-order-management-with-source-systems",
    ),
)
CROSS_REFERENCES = Fact(
    "items and customers are cross-referenced only for systems that are enabled for them",
    _guide(
        "Overview of Creating Cross-References in Order Management",
        "24c",
        "overview-of-creating-cross-references-in-order-management",
    ),
    "reference",
)
PLANNING_SOURCES = Fact(
    "Collections Allowed must be on for a system that is in use",
    OraclePage(
        "Manage Planning Source Systems for Data Collections (24D)",
        "https://docs.oracle.com/pls/topic/lookup?ctx=fa24d&id=s20029219",
    ),
    "reference",
)
CONNECTOR_DETAILS = Fact(
    "what the page asks of a connector: target system, URL, sign-in, response processing, attachments",
    _guide(
        "Manage Connector Details Between Order Management and Your Fulfillment System",
        "24c",
        "manage-connector-details-between-order-management-and-your",
    ),
)
ROUTING_ACTIONS = Fact(
    "which actions a rule can do; Override Operation and Override Compensation Pattern are for task types of your own",
    _guide(
        "Actions You Can Set When Routing Requests to Fulfillment Systems",
        "24c",
        "actions-you-can-set-when-routing-requests-to-fulfillment-systems",
    ),
)
RULE_LOGIC = Fact(
    "only one of several rules may be true for a request; Oracle names no winner",
    _guide("Apply Logic in Business Rules", "24c", "apply-logic-in-business-rules"),
    "reference",
)
ROUTING_RULES = Fact(
    "Oracle delivers active routing rules, for example Shipping Task Routing; only active rules are published",
    _guide("Use Visual Information Builder", "24d", "use-visual-information-builder"),
)
SEND_NOTIFICATIONS = Fact(
    "use a connector only for an application outside of Oracle, not for Integration Cloud",
    _guide(
        "Send Notifications from Order Management to Other Systems",
        "26a",
        "send-notifications-from-order-management-to-other-systems",
    ),
)
REVIEW_TOPOLOGY = Fact(
    "host and port of the pod's services are on Review Topology",
    OraclePage(
        "Derive the Service Endpoint and WSDL",
        "https://docs.oracle.com/en/cloud/saas/sales/oesws/derive-business-object-service-endpoint-and-wsdl.html",
    ),
    "reference",
)
INTEGRATION_CLOUD_URLS = Fact(
    "integrations are called at the run-time URL, not at the design-time URL",
    OraclePage(
        "Oracle Integration 3: Do You Use the Design-Time or Runtime URL?",
        "https://docs.oracle.com/en/cloud/paas/application-integration/integrations-user/"
        "do-you-use-designtime-or-runtime-url.html",
    ),
)
MIGRATE_RULES = Fact(
    "business rules migrate between pods on the same update, and every value that a rule uses must exist in the target",
    _guide(
        "Migrate Business Rules in Order Management",
        "24b",
        "migrate-business-rules-in-order-management",
    ),
)
COPY_SETUPS = Fact(
    "do not change the orchestration process name, the task name in a step, or the status rule set name in "
    "either instance",
    OraclePage(
        "Copy Setups Between Instances of Order Management (24C)",
        "https://docs.oracle.com/pls/topic/lookup?ctx=fa24c&id=s20064266",
    ),
)
SEND_RESPONSE = Fact(
    "Order Management searches the connectors by SourceOrderSystem in alphanumeric order, to sign in when it "
    "sends the reply to the fulfillment system",
    _guide(
        "Guidelines for Sending the Response from Your Order Fulfillment System",
        "24d",
        "guidelines-for-sending-the-response-from-your-order-fulfillment",
    ),
)
CERTIFICATES = Fact(
    "the external system needs https and a certificate of a public certificate authority",
    _guide(
        "Connect Order Management to Your Fulfillment System",
        "25d",
        "connect-order-management-to-your-fulfillment-system",
    ),
)
ROUTE_REQUESTS = Fact(
    "a rule takes effect when it is published, and an edited one when it is published again",
    _guide(
        "Route Requests from Order Management to Fulfillment Systems",
        "24d",
        "route-requests-from-order-management-to-fulfillment-systems",
    ),
    "reference",
)
RULE_TYPES = Fact(
    "what a routing rule may name; objects whose name holds _Obsolete must not be used",
    _guide("Create Different Types of Business Rules", "25c", "create-different-types-of-business-rules"),
    "reference",
)
RULE_OPERATORS = Fact(
    "words for operators of the rules engine, as another product's guide has them; the list is not that of this page",
    OraclePage(
        "Operators Supported for Defining Rules (Financials 25D, of the same rules engine)",
        "https://docs.oracle.com/en/cloud/saas/financials/25d/fafcf/operators-supported-for-defining-rules.html",
    ),
    "inferred",
)
NOTIFICATIONS = Fact(
    "the rows of the page, and that line statuses are chosen in the status rule set",
    _guide(
        "Overview of Sending Notifications from Order Management to Other Systems",
        "24c",
        "overview-of-sending-notifications-from-order-management-to-other",
    ),
    "reference",
)
BUSINESS_EVENTS = Fact(
    "enable an attribute event only when it is required; each event is delivered to each listener",
    _guide(
        "Overview of Using Business Events with Order Management",
        "24d",
        "overview-of-using-business-events-with-order-management",
    ),
)
EMAIL = Fact(
    "Order Header Status Update needs Active, Raise Event and Send Email Notification; Hold needs Active and "
    "Send Email Notification",
    _guide("Administer Email Messaging in Order Management", "24c", "administer-email-messaging-in-order-management"),
)
PROCESS_DATES = Fact(
    "an order outside of the effective dates of a process gets an error",
    OraclePage("Customer Connect, thread 66910: Implementation Notes of a process definition (no page of Oracle's)"),
)
RESERVE_LATER = Fact(
    "what to look at when a line is not reserved",
    OraclePage("Oracle, Troubleshoot Problems in Downstream Fulfillment (24B)"),
    "reference",
)
HOST_NAMES = Fact(
    "the name of a host has letters, digits and hyphens",
    OraclePage("RFC 1123, section 2.1 (names of hosts); java.net.URI, getHost"),
)
JEOPARDY = Fact(
    "the ranges of the jeopardy priorities do not overlap, and the parameter Enable Orchestration Process "
    "Planning and Calculate Jeopardy must be on",
    _guide("Set Up Jeopardy and Lead Time to Manage Delay", "24b", "set-up-jeopardy-and-lead-time-to-manage-delay"),
    "reference",
    until=Release(26, "D"),
)

ANSWERS_FIRST = Fact(
    "of several connectors of one system the first one in alphanumeric order is found: the readable part of the page "
    "ends before it says so",
    SEND_RESPONSE.source,
    "inferred",
)
PRIVILEGE_BY_NAME = Fact(
    "what each of the nine privileges is for is read from its name", SET_UP_INTEGRATION.source, "inferred"
)
NO_TIMEOUT = Fact(
    "Set Acknowledgement Timeout is not for inventory, shipping and receivables tasks, which are taken to be "
    "Reservation, Shipment and Invoice",
    ROUTING_ACTIONS.source,
    "inferred",
)
ONE_RECORD = Fact("steps 4 and 4.1 seem to write one record", COPY_SETUPS.source, "inferred")
QUERYPARAM = Fact(
    "to query items from an order management extension, create the connector QUERYPARAM whose URL is on the "
    "pod's own "
    "host, with Synchronous Service",
    _guide(
        "Guidelines for Calling Web Services in Order Management",
        "26b",
        "guidelines-for-calling-web-services-in-order-management",
    ),
)
RULE_EDITOR = Fact(
    "the rule editor writes Is Equal to, Is Equal To and Is Blank",
    _guide("Manage Pretransformation Rules", "24c", "manage-pretransformation-rules"),
)
PROCESS_RESPONSES = Fact(
    "stageFulfillmentResponse only keeps the response: the scheduled process Process Responses from Order "
    "Fulfillment "
    "processes it, by default once a day and for Shipment and Invoice only",
    OraclePage(
        "Privilege Process Fulfillment Response (24C)",
        "https://docs.oracle.com/pls/topic/lookup?ctx=fa24c&id=u30241318",
    ),
)
