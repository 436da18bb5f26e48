"""What is new in 26B, and what it announces for 26D."""

from omtui.checks.facts.fact import Fact, OraclePage, news
from omtui.setup.release import Release

_26D = Release(26, "D")
REMOVALS = news("26B", "Order Management: features that Oracle removes", "26b/order26b/26B-order-mgmt-wn-t72535")

PLANNING_ATTRIBUTES = Fact(
    "from 26D the Planning section of orchestration process steps and its six attributes cannot be used: Planning "
    "Default Branch, Fulfillment Completion Step, Default Lead Time, Lead-Time UOM, Lead-Time Expression and Next "
    "Expected Task Status",
    REMOVALS,
    since=_26D,
)
PLANNING_PARAMETERS = Fact(
    "from 26D the parameters that enable orchestration process planning and compute jeopardy must be No",
    REMOVALS,
    since=_26D,
)
PLAN_PROCESSES = Fact(
    "with 26D the scheduled process Plan Orchestration Processes is removed",
    REMOVALS,
    since=_26D,
)
GET_ORDER_DETAILS_DUE = Fact(
    "26D is the release with which Oracle plans to remove Get Order Details of OrderInformationService",
    REMOVALS,
    since=_26D,
)
ENHANCED_PROCESS = Fact(
    "DOO_Enhanced_OrderFulfillmentProcess is new; Oracle recommends to use it instead of "
    "DOO_OrderFulfillmentGenericProcess at the next earliest opportunity",
    news("26B", "Order Management: the enhanced process", "26b/order26b/26B-order-mgmt-wn-f43328"),
    since=Release(26, "B"),
    when="after",
)
PLANNING_SOURCES = Fact(
    "the page offers the versions Oracle Fusion, Others and External; External is not integrated with Order Management",
    OraclePage(
        "What's new 26B, Redwood: Planning Source Systems",
        "https://docs.oracle.com/en/cloud/saas/readiness/scm/26b/demand26b/26B-demand-wn-f43047.htm",
    ),
)
