"""The pages of Oracle's that the checks cite. Each was read in public text; the release is that of the page read."""

from typing import NamedTuple


class OraclePage(NamedTuple):
    """A page of Oracle's documentation: its title with the release, and its address."""

    title: str
    url: str = ""


_GUIDE = "https://docs.oracle.com/en/cloud/saas/supply-chain-and-manufacturing/{}/faiom/{}.html"


def _guide(title: str, release: str, slug: str) -> OraclePage:
    """A page of the guide Implementing Order Management."""
    return OraclePage(f"{title} ({release.upper()})", _GUIDE.format(release, slug))


OWN = OraclePage("none: this is a rule of omtui's, not of Oracle's")
"""For checks that need no source: the profile contradicts itself, leaves the format, or mixes up environments."""

SET_UP_INTEGRATION = _guide("Set Up Your Integration", "25d", "guidelines-for-setting-up-your-integration")
PRIVILEGES = OraclePage(
    "Privileges That You Need to Implement Order Management (25A)",
    "https://docs.oracle.com/pls/topic/lookup?ctx=fa25a&id=s20043841",
)
TASK_TYPE = _guide("Create Your Own Task Type", "24b", "create-your-own-task-type")
TASKS = _guide("Fulfillment Tasks", "24d", "fulfillment-tasks")
TASK_STATUS = _guide("Manage Task Status Conditions", "25d", "manage-task-status-conditions")
PROCESSES = _guide(
    "Guidelines for Setting Up Orchestration Processes",
    "24c",
    "guidelines-for-setting-up-orchestration-processes",
)
STEPS = _guide(
    "Guidelines for Setting Up Orchestration Process Steps",
    "24c",
    "guidelines-for-setting-up-orchestration-process-steps",
)
PROCESS_STATUS = _guide("Orchestration Process Status", "25c", "orchestration-process-status")
DEPLOY = _guide("Deploy Orchestration Processes", "25d", "deploy-orchestration-processes")
CONNECT = _guide(
    "Overview of Connecting Order Management to Your Fulfillment System",
    "24c",
    "overview-of-connecting-order-management-to-your-fulfillment",
)
SOURCE_SYSTEMS = OraclePage(
    "How You Set Up Source Systems",
    "https://docs.oracle.com/en/cloud/saas/sales/oacdm/how-you-set-up-source-systems.html",
)
INTEGRATE_SOURCES = _guide(
    "Integrate Order Management with Source Systems",
    "25a",
    "integrate-order-management-with-source-systems",
)
CROSS_REFERENCES = _guide(
    "Overview of Creating Cross-References in Order Management",
    "24c",
    "overview-of-creating-cross-references-in-order-management",
)
PLANNING_SOURCES = OraclePage(
    "Manage Planning Source Systems for Data Collections (24D)",
    "https://docs.oracle.com/pls/topic/lookup?ctx=fa24d&id=s20029219",
)
PLANNING_SOURCES_26B = OraclePage(
    "What's new 26B, Redwood: Planning Source Systems",
    "https://docs.oracle.com/en/cloud/saas/readiness/scm/26b/demand26b/26B-demand-wn-f43047.htm",
)
CONNECTOR_DETAILS = _guide(
    "Manage Connector Details Between Order Management and Your Fulfillment System",
    "24c",
    "manage-connector-details-between-order-management-and-your",
)
CONNECTOR_DETAILS_26C = OraclePage(
    "What's new 26C, Redwood: Manage External Interface Web Service Details",
    "https://docs.oracle.com/en/cloud/saas/readiness/scm/26c/order26c/26C-order-mgmt-wn-f46384.htm",
)
ROUTING_ACTIONS = _guide(
    "Actions You Can Set When Routing Requests to Fulfillment Systems",
    "24c",
    "actions-you-can-set-when-routing-requests-to-fulfillment-systems",
)
RULE_LOGIC = _guide("Apply Logic in Business Rules", "24c", "apply-logic-in-business-rules")
ROUTING_RULES = _guide("Use Visual Information Builder", "24d", "use-visual-information-builder")
SEND_NOTIFICATIONS = _guide(
    "Send Notifications from Order Management to Other Systems",
    "26a",
    "send-notifications-from-order-management-to-other-systems",
)
TRIGGER_POINTS_26C = OraclePage(
    "What's new 26C, Redwood: Manage Business Event Trigger Points",
    "https://docs.oracle.com/en/cloud/saas/readiness/scm/26c/order26c/26C-order-mgmt-wn-f46416.htm",
)
WHATS_NEW_25D = OraclePage(
    "What's new 25D, Order Management",
    "https://docs.oracle.com/en/cloud/saas/readiness/scm/25d/order25d/25D-order-mgmt-wn-t69167.htm",
)
WHATS_NEW_26A = OraclePage(
    "What's new 26A, Order Management (Japanese edition)",
    "https://docs.oracle.com/cd/E75749_01/trans/G42737-12/26A-order-mgmt-wn-t71786.htm",
)
REVIEW_TOPOLOGY = OraclePage(
    "Derive the Service Endpoint and WSDL",
    "https://docs.oracle.com/en/cloud/saas/sales/oesws/derive-business-object-service-endpoint-and-wsdl.html",
)
INTEGRATION_CLOUD_URLS = OraclePage(
    "Oracle Integration 3: Do You Use the Design-Time or Runtime URL?",
    "https://docs.oracle.com/en/cloud/paas/application-integration/integrations-user/"
    "do-you-use-designtime-or-runtime-url.html",
)
MIGRATE_RULES = _guide(
    "Migrate Business Rules in Order Management",
    "24b",
    "migrate-business-rules-in-order-management",
)
COPY_SETUPS = OraclePage(
    "Copy Setups Between Instances of Order Management (24C)",
    "https://docs.oracle.com/pls/topic/lookup?ctx=fa24c&id=s20064266",
)
SEND_RESPONSE = OraclePage(
    "Guidelines for Sending the Response from Your Order Fulfillment System (Japanese edition)",
    "https://docs.oracle.com/cd/G17387_01/trans/G12625-01/"
    "guidelines-for-sending-the-response-from-your-order-fulfillment.html",
)
CERTIFICATES = _guide(
    "Connect Order Management to Your Fulfillment System", "25d", "connect-order-management-to-your-fulfillment-system"
)
ROUTE_REQUESTS = _guide(
    "Route Requests from Order Management to Fulfillment Systems",
    "24d",
    "route-requests-from-order-management-to-fulfillment-systems",
)
RULE_TYPES = _guide("Create Different Types of Business Rules", "25c", "create-different-types-of-business-rules")
RULE_OPERATORS = OraclePage(
    "Operators Supported for Defining Rules (Financials 25D, of the same rules engine)",
    "https://docs.oracle.com/en/cloud/saas/financials/25d/fafcf/operators-supported-for-defining-rules.html",
)
NOTIFICATIONS = _guide(
    "Overview of Sending Notifications from Order Management to Other Systems",
    "24c",
    "overview-of-sending-notifications-from-order-management-to-other",
)
BUSINESS_EVENTS = _guide(
    "Overview of Using Business Events with Order Management",
    "24d",
    "overview-of-using-business-events-with-order-management",
)
EMAIL = _guide(
    "Administer Email Messaging in Order Management", "24c", "administer-email-messaging-in-order-management"
)
PROCESS_DATES = OraclePage(
    "Customer Connect, thread 66910: Implementation Notes of a process definition (no page of Oracle's)"
)
RESERVE_LATER = OraclePage("Oracle, Troubleshoot Problems in Downstream Fulfillment (24B)")
IMPORT_DEPRECATED = OraclePage("Oracle, SOAP Web Services for SCM: Import Sales Orders (Deprecated) (25A)")
HOST_NAMES = OraclePage("RFC 1123, section 2.1 (names of hosts); java.net.URI, getHost")
JEOPARDY = _guide(
    "Set Up Jeopardy and Lead Time to Manage Delay", "24b", "set-up-jeopardy-and-lead-time-to-manage-delay"
)
