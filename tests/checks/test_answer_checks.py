"""Who calls for whom: each check appears where something is wrong and vanishes when it is fixed."""

from tests.checks.cases import Case, appears, each_case, each_fixed_case, vanishes
from tests.checks.profiles import REMOVED, checked, sound

_USER = {"user_name": "SHOPPER", "direction": "upstream", "system": "SHOP", "roles": ["VISION_LOOKS"],
         "privileges": ["FOM_VIEW_ORDERS_PRIV"]}  # fmt: skip
_LOOKS = {
    "services[+]": {"name": "OrderImportService", "called_by": ["SHOPPER"], "operations": ["createOrders"]},
    "integration_users[+]": _USER,
    "roles[+]": {"code": "VISION_LOOKS", "privileges": ["FOM_VIEW_ORDERS_PRIV", "Monitor Sales Order"]},
}
_CALLER = "services[OrderImportService].called_by"
_TARGET = "connectors[Requests].target_system"
_NOBODY = {"services[OrderFulfillmentResponseService]": REMOVED}

CASES = (
    Case("S0-09", _LOOKS, _CALLER, "warning",
         fixed={"integration_users[SHOPPER].privileges": ["FOM_VIEW_ORDERS_PRIV", "FOM_CREATE_ORDER_PRIV"]}),
    Case("S0-09", _LOOKS, _CALLER, "warning", fixed={"roles[VISION_LOOKS].privileges": ["Initiate Order"]}),
    Case("S0-09", _LOOKS, _CALLER, "warning",
         fixed={"integration_users[SHOPPER].roles": ["VISION_LOOKS", "NOT_DESCRIBED"]}),
    Case("S0-10", {"integration_users[WMS].system": "PIK"}, "integration_users[WMS].system", "warning",
         fixed={"integration_users[WMS].system": "PICK"}, fix='"PICK"'),
    Case("S5-20", _NOBODY, _TARGET, "warning",
         fixed={"services[+]": {"name": "OrderFulfillmentResponseService", "called_by": ["WMS"]}}, says='"PICK"'),
    Case("S5-20", {"integration_users[WMS].system": "SHOP"}, _TARGET, "warning",
         fixed={"integration_users[WMS].system": REMOVED}),
    Case("S5-20", {"services[OrderFulfillmentResponseService].called_by": ["STRANGER"],
                   "integration_users[+]": {"user_name": "STRANGER", "direction": "downstream", "system": "SHOP"}},
         _TARGET, "warning", fixed={"services[OrderFulfillmentResponseService].called_by": ["STRANGER", "WMS"]}),
    Case("S5-20", _NOBODY, _TARGET, "warning", fixed={"routing_rules[Picks].active": False}),
    Case("S5-20", _NOBODY, _TARGET, "warning",
         fixed={"connectors[Requests].invocation_mode": "Synchronous Service"}),
)  # fmt: skip


@each_case(CASES)
def test_appears(case: Case) -> None:
    appears(case)


@each_fixed_case(CASES)
def test_vanishes(case: Case) -> None:
    vanishes(case)


def test_a_response_service_without_callers_may_be_called_by_anybody() -> None:
    data = sound({"services[OrderFulfillmentResponseService].called_by": []})
    assert not [finding for finding in checked(data) if finding.check == "S5-20"]
