"""What is known of 26D itself: that it is there. Its page could not be read, and no check rests on it.

What is due with it is announced by the pages of 26B and 25D.
"""

from omtui.checks.facts.fact import Fact, news
from omtui.setup.release import Release

PUBLISHED = Fact(
    "26D has been published",
    news("26D", "Order Management", "26d/order26d/26D-order-mgmt-wn-t78045"),
    since=Release(26, "D"),
)
