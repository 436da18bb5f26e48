"""What is new in 25D."""

from omtui.checks.facts.fact import Fact, news
from omtui.setup.release import Release

GET_ORDER_DETAILS = Fact(
    "Oracle plans to remove Get Order Details of OrderInformationService with 26D; Get one sales order of the REST "
    "resource Sales Orders for Order Hub replaces it",
    news("25D", "Order Management", "25d/order25d/25D-order-mgmt-wn-t69167"),
    since=Release(25, "D"),
    until=Release(26, "D"),
)
