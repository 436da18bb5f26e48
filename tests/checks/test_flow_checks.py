"""The flow: each check appears where something is wrong and vanishes when it is fixed."""

from tests.checks.cases import Case, appears, each_case, each_fixed_case, vanishes
from tests.checks.profiles import REMOVED, Edits, checked, sound

_INFORMATION = {"name": "OrderInformationService", "called_by": ["WMS"], "operations": ["getOrderDetails"]}
_OPERATIONS = "services[OrderInformationService].operations"

_STAGED = "services[OrderFulfillmentResponseService].operations"
_PLACE = "related_setup[Planning]"
_VALUE = "related_setup[Jeopardy].value"


def _related(name: str, setting: str, value: str = "") -> Edits:
    record = {"name": name, "task": "Manage Order Management Parameters", "setting": setting}
    return {"related_setup[+]": {**record, "value": value} if value else record}


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
        "warning",
        fixed={"services[OrderInformationService]": REMOVED},
    ),
    Case(
        "F-02",
        {"services[+]": _INFORMATION, "pod.release": "26D"},
        _OPERATIONS,
        fixed={"services[OrderInformationService]": REMOVED},
        says="due for removal since 26D: verify on this pod",
    ),
    Case(
        "F-05",
        {_STAGED: ["stageFulfillmentResponse"]},
        _STAGED,
        "warning",
        fixed=_related("Responses", "Process Responses from Order Fulfillment"),
    ),
    *(
        Case("F-06", {**_related("Jeopardy", setting, "Yes"), "pod.release": release}, _VALUE, level, fixed=fixed)
        for release, level, fixed in (
            ("26D", "error", {_VALUE: "No"}),
            ("27B", "error", {_VALUE: "No"}),
            ("26C", "info", {"pod.release": "25D"}),
        )
        for setting in (
            "Enable Orchestration Process Planning and Calculate Jeopardy",
            "Enable orchestration process planning",
            "Compute jeopardy",
        )
    ),
    *(
        Case("F-07", {**_related("Planning", "Plan Orchestration Processes"), "pod.release": release}, _PLACE, level)
        for release, level in (("26D", "warning"), ("26B", "info"))
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
