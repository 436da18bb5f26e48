"""The flow: each check appears where something is wrong and vanishes when it is fixed."""

from tests.checks.cases import Case, appears, each_case, each_fixed_case, vanishes
from tests.checks.profiles import REMOVED, checked, sound

_INFORMATION = {"name": "OrderInformationService", "called_by": ["WMS"], "operations": ["getOrderDetails"]}
_OPERATIONS = "services[OrderInformationService].operations"

CASES = (
    Case(
        "F-01",
        {"services[OrderFulfillmentResponseService].called_by": ["WMS", "wms"]},
        "services[OrderFulfillmentResponseService].called_by",
        fixed={"services[OrderFulfillmentResponseService].called_by": ["WMS"]},
        fix='"WMS"',
    ),
    Case(
        "F-01",
        {"services[OrderFulfillmentResponseService].called_by": ["B2B"]},
        "services[OrderFulfillmentResponseService].called_by",
        fixed={"integration_users[+]": {"user_name": "B2B", "direction": "downstream"}},
        fix="add the user in step 0",
    ),
    Case("F-02", {"services[+]": _INFORMATION}, _OPERATIONS, "warning", fixed={_OPERATIONS: ["somethingElse"]}),
    Case(
        "F-02",
        {"services[+]": {**_INFORMATION, "operations": ["Get Order Details"]}, "pod.release": "26C"},
        _OPERATIONS,
        "warning",
        fixed={"pod.release": "25C"},
    ),
    Case(
        "F-02",
        {"services[+]": {"name": "OrderInformationService"}, "pod.release": REMOVED},
        "services[OrderInformationService].name",
        "info",
        fixed={"services[OrderInformationService]": REMOVED},
    ),
    Case(
        "F-03",
        {"event_subscriptions[cloud].url": "https://design.integration.region-1.ocp.example/?integrationInstance=v"},
        "event_subscriptions[cloud].url",
        "warning",
        fix="https://INSTANCE.integration.region-1.ocp.example",
    ),
    Case(
        "F-03",
        {"event_subscriptions[cloud].system": "SHOP2"},
        "event_subscriptions[cloud].system",
        "warning",
        fixed={"event_subscriptions[cloud].system": "SHOP"},
        fix='"SHOP"',
    ),
)

_IMPORT = {"services[+]": {"name": "OrderImportService", "called_by": ["WMS"], "operations": ["createOrders"]}}
CASES = (
    *CASES,
    Case("F-04", _IMPORT, "services[OrderImportService].name", "info", fixed={"pod.release": "24D"}, says="25A"),
    Case("F-04", _IMPORT, "services[OrderImportService].name", "info", fixed={"services[OrderImportService]": REMOVED}),
)


@each_case(CASES)
def test_appears(case: Case) -> None:
    appears(case)


@each_fixed_case(CASES)
def test_vanishes(case: Case) -> None:
    vanishes(case)


def test_a_subscription_without_system_and_url_is_only_unfinished() -> None:
    spoilt = {"event_subscriptions[cloud].url": REMOVED, "event_subscriptions[cloud].system": REMOVED}
    assert [f.check for f in checked(sound(spoilt)) if f.check == "F-03"] == []
