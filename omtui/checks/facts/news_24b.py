"""What is new in 24B."""

from omtui.checks.facts.fact import Fact, OraclePage
from omtui.setup.release import Release

NO_ORACLE_HOST = Fact(
    "do not register a connector that uses an Oracle internal web service or an Oracle host",
    OraclePage(
        "What's new 24B, Implementing Order Management (Japanese edition)",
        "https://docs.oracle.com/cd/G11810_01/trans/F92830-01/what-s-new-in-implementing-order-management.html",
    ),
    since=Release(24, "B"),
)
