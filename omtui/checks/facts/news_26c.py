"""What is new in 26C."""

from omtui.checks.facts.fact import Fact, news
from omtui.setup.release import Release

_26C = Release(26, "C")
_CONNECTORS = news(
    "26C", "Redwood: Manage External Interface Web Service Details", "26c/order26c/26C-order-mgmt-wn-f46384"
)
_TRIGGER_POINTS = news("26C", "Redwood: Manage Business Event Trigger Points", "26c/order26c/26C-order-mgmt-wn-f46416")

CONNECTOR_PAGE = Fact(
    "a connector's name is unique and cannot be changed once saved; there are three invocation modes, and the two "
    "service modes need user name, password and URL; Duplicate does not copy a password",
    _CONNECTORS,
)
RESERVED_PREFIX = Fact(
    "a connector's name must not begin with a prefix that Oracle reserves; which these are is not said",
    _CONNECTORS,
    since=_26C,
)
NO_INTERNAL_SERVICE = Fact("a connector cannot reference an Oracle internal web service", _CONNECTORS, since=_26C)
JEOPARDY_GONE = Fact("Jeopardy is no longer supported and cannot be enabled as an event", _TRIGGER_POINTS, since=_26C)
ASSOCIATION = Fact(
    "where no event of a pod has a connector yet, the option to associate connectors is not shown; this is "
    "judged pod "
    "by pod",
    _TRIGGER_POINTS,
    since=_26C,
    when="after",
)
RELEASE_HOLD = Fact("Release Hold is a trigger point of its own", _TRIGGER_POINTS, since=_26C, when="after")
