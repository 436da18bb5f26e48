"""Steps 3, 4 and 4.1: each check appears where something is wrong and vanishes when it is fixed."""

from datetime import date

from tests.checks.cases import Case, appears, each_case, each_fixed_case, vanishes
from tests.checks.profiles import REMOVED, checked, sound

_SPARE = {"code": "SPARE", "name": "Spare", "type": "Spoke", "enabled_for": ["Order Orchestration and Planning"]}
_ALL = ["Items", "Trading Community Members", "Order Orchestration and Planning"]
_PICK_TOO = {
    "code": "PICK",
    "time_zone": "America/New_York",
    "version": "Others",
    "order_orchestration_type": "Fulfillment",
    "data_cross_reference": False,
    "collections_allowed": True,
}
_RESOLVE = {"action": "Resolve Cross-Reference for Customer", "value": "Yes"}

CASES = (
    Case(
        "S3-01",
        {"source_systems[+]": {**_SPARE, "code": " "}},
        'source_systems[" "].code',
        fixed={'source_systems[" "]': REMOVED},
    ),
    Case(
        "S3-01",
        {"source_systems[+]": {**_SPARE, "code": "S" * 31}},
        f"source_systems[{'S' * 31}].code",
        fixed={f"source_systems[{'S' * 31}].code": "S" * 30},
    ),
    Case(
        "S3-01",
        {"source_systems[+]": {**_SPARE, "code": "PICK"}},
        "source_systems[PICK#2].code",
        fixed={"source_systems[PICK#2].code": "PICK2"},
    ),
    Case(
        "S3-01",
        {"source_systems[+]": {**_SPARE, "code": "Pick"}},
        "source_systems[Pick].code",
        fixed={"source_systems[Pick].code": "PICK2"},
        says="only upper and lower case differ",
    ),
    Case("S3-02", {"source_systems[PICK].type": "Legacy"}, "source_systems[PICK].type", fix='"Spoke"'),
    Case("S3-02", {"source_systems[PICK].type": "purchased"}, "source_systems[PICK].type", fix='enter "Purchased"'),
    Case(
        "S3-02",
        {"source_systems[PICK].type": REMOVED},
        "source_systems[PICK].type",
        fixed={"source_systems[PICK].type": "Spoke"},
    ),
    Case(
        "S3-03",
        {"source_systems[PICK].enabled_for": ["Items"]},
        "source_systems[PICK].enabled_for",
        says="step 4 and step 5 use",
    ),
    Case(
        "S3-03",
        {"source_systems[SHOP].enabled_for": REMOVED},
        "source_systems[SHOP].enabled_for",
        fixed={"upstream_source_systems[SHOP]": REMOVED},
        says="step 4.1 uses",
    ),
    Case(
        "S3-04",
        {
            "planning_source_systems[PICK].data_cross_reference": True,
            "planning_source_systems[PICK].collected_on": date(2026, 11, 1),
        },
        "source_systems[PICK].enabled_for",
        "warning",
        fixed={"source_systems[PICK].enabled_for": _ALL},
        says="Items or Trading Community Members",
    ),
    Case(
        "S3-05",
        {"source_systems[PICK].end_date": date(2026, 11, 22)},
        "source_systems[PICK].end_date",
        "warning",
        fixed={"source_systems[PICK].end_date": date(2026, 11, 23)},
    ),
    Case("S3-06", {"source_systems[PICK].type": "Purchased"}, "source_systems[PICK].type", "warning", says="fulfills"),
    Case(
        "S3-06",
        {"source_systems[SHOP].type": "Purchased"},
        "source_systems[SHOP].type",
        "warning",
        fixed={"upstream_source_systems[SHOP].order_orchestration_type": REMOVED},
        says="captures",
    ),
    Case(
        "S3-07",
        {"source_systems[+]": _SPARE},
        "source_systems[SPARE]",
        "info",
        fixed={"integration_users[WMS].system": "SPARE"},
    ),
    Case(
        "S4-01",
        {"upstream_source_systems[SHOP].code": "SHOP "},
        'upstream_source_systems["SHOP "].code',
        fix='"SHOP"',
    ),
    Case(
        "S4-01",
        {"source_systems[PICK]": REMOVED},
        "planning_source_systems[PICK].code",
        fixed={"source_systems[+]": {**_SPARE, "code": "PICK"}},
        fix='add "PICK" in step 3',
    ),
    Case(
        "S4-02",
        {"planning_source_systems[PICK].version": "External"},
        "planning_source_systems[PICK].version",
        fixed={"planning_source_systems[PICK].order_orchestration_type": REMOVED},
    ),
    Case("S4-03", {"planning_source_systems[PICK].time_zone": ""}, "planning_source_systems[PICK].time_zone"),
    Case(
        "S4-03",
        {"planning_source_systems[PICK].time_zone": "US eastern time"},
        "planning_source_systems[PICK].time_zone",
        "warning",
        fixed={"planning_source_systems[PICK].time_zone": "America/New_York"},
        fix='"US Eastern Time"',
    ),
    Case("S4-03", {"destination_system.time_zone": "Mars"}, "destination_system.time_zone", "warning"),
    Case(
        "S4-04",
        {"planning_source_systems[PICK].order_orchestration_type": REMOVED},
        "planning_source_systems[PICK].order_orchestration_type",
        fixed={"upstream_source_systems[+]": _PICK_TOO},
        says='the connector "Requests" uses',
    ),
    Case(
        "S4-04",
        {
            "upstream_source_systems[SHOP].order_orchestration_type": REMOVED,
            "routing_rules[Picks].when.attribute": "Source Order System",
            "routing_rules[Picks].when.value": "SHOP",
        },
        "upstream_source_systems[SHOP].order_orchestration_type",
        fixed={"routing_rules[Picks].when.value": "GPR"},
        says="the routing rule",
    ),
    Case(
        "S4-05",
        {"planning_source_systems[PICK].order_orchestration_type": "Order Capture"},
        "planning_source_systems[PICK].order_orchestration_type",
        fixed={"connectors[Requests].target_system": "SHOP", "connectors[Requests].invocation_mode": "Business Event"},
        says='"Requests"',
    ),
    Case(
        "S4-06",
        {"planning_source_systems[PICK].data_cross_reference": True},
        "planning_source_systems[PICK].collected_on",
        "warning",
        fixed={"planning_source_systems[PICK].collected_on": date(2026, 11, 20)},
    ),
    Case(
        "S4-06",
        {"planning_source_systems[PICK].data_cross_reference": True},
        "planning_source_systems[PICK].collected_on",
        "warning",
        fixed={"upstream_source_systems[+]": {**_PICK_TOO, "collected_on": date(2026, 11, 20)}},
    ),
    Case(
        "S4-07",
        {"routing_rules[Picks].then[+]": _RESOLVE},
        "routing_rules[Picks].then[1].value",
        "warning",
        fixed={"routing_rules[Picks].then[1].value": "No"},
    ),
    Case(
        "S4-07",
        {"routing_rules[Picks].then[+]": _RESOLVE},
        "routing_rules[Picks].then[1].value",
        "warning",
        fixed={"planning_source_systems[PICK].data_cross_reference": True},
        says='"PICK"',
    ),
    Case(
        "S4-08",
        {"planning_source_systems[PICK].collections_allowed": False},
        "planning_source_systems[PICK].collections_allowed",
    ),
    *(
        Case(
            "S4-09",
            {"upstream_source_systems[+]": {**_PICK_TOO, field: value}},
            f"upstream_source_systems[PICK].{field}",
            "warning",
            fixed={f"upstream_source_systems[PICK].{field}": _PICK_TOO[field]},
        )
        for field, value in (
            ("time_zone", "US Central Time"),
            ("version", "Oracle Fusion"),
            ("order_orchestration_type", "Order Capture"),
            ("collections_allowed", False),
        )
    ),
)


@each_case(CASES)
def test_appears(case: Case) -> None:
    appears(case)


@each_fixed_case(CASES)
def test_vanishes(case: Case) -> None:
    vanishes(case)


def test_a_connector_of_events_may_notify_a_system_that_captures() -> None:
    elsewhere = {"event_subscriptions[cloud].system": "PICK"}
    assert checked(sound({"connectors[Events].target_system": "SHOP"}, elsewhere)) == []


def test_a_code_on_both_pages_with_equal_values_is_fine() -> None:
    """Two names of one time zone are no difference."""
    assert checked(sound({"upstream_source_systems[+]": _PICK_TOO})) == []
