"""Step 0: each check appears where something is wrong and vanishes when it is fixed."""

from omtui.setup.roles import DOWNSTREAM_PRIVILEGES
from tests.checks.cases import Case, appears, each_case, each_fixed_case, vanishes
from tests.checks.profiles import REMOVED, checked, sound

_GENERIC = "Manage Orchestration Generic Web Service"
_FULFILLMENT = "Manage Orchestration Order Fulfillment Interface Web Service"
_SHIPPING = "Manage Orchestration Order Shipping Interface Web Service"
_HELD = "integration_users[WMS].privileges"
_ROLE = "roles[VISION_RESPONSES].privileges"
_SHIP = {
    "number": 350,
    "name": "Ship",
    "type": "Service",
    "task_type": "Shipment",
    "task": "Ship",
    "service": "Create Shipping",
}

CASES = (
    Case("S0-01", {_HELD: [_GENERIC, _FULFILLMENT, _GENERIC]}, _HELD, fixed={_HELD: [_GENERIC, _FULFILLMENT]}),
    Case(
        "S0-02",
        {_HELD: [_GENERIC, "Manage Orchestration Purchasing Interface Web Service"]},
        _HELD,
        "warning",
        fixed={_HELD: ["Manage Orchestration Order Purchasing Interface Web Service"]},
        fix='enter "Manage Orchestration Order Purchasing Interface Web Service"',
    ),
    Case(
        "S0-02",
        {_HELD: [_GENERIC, "Manage Orchestration Order Template interface Web Service"]},
        _HELD,
        "warning",
        fixed={_HELD: ["Manage Orchestration Order Template Interface Web Service"]},
        fix="Template Interface",
    ),
    Case(
        "S0-02",
        {_HELD: [_GENERIC, "Manage Order Specialist"]},
        _HELD,
        "warning",
        fix="Order Management Integration Specialist",
    ),
    Case("S0-02", {_ROLE: [_GENERIC, "Manage Orchestration Generic"]}, _ROLE, "warning", fix=f'"{_GENERIC}"'),
    Case(
        "S0-03",
        {"integration_users[WMS].roles": ["ORA_DOO_ORDER_MANAGER_JOB"]},
        "integration_users[WMS].roles",
        "warning",
        fixed={"integration_users[WMS].roles": ["VISION_RESPONSES"]},
        fix='grant the copy "VISION_RESPONSES"',
    ),
    Case(
        "S0-04",
        {_HELD: REMOVED, _ROLE: REMOVED},
        "connectors[Requests]",
        fixed={_HELD: [_SHIPPING]},
    ),
    Case(
        "S0-04",
        {_HELD: REMOVED, "integration_users[WMS].roles": REMOVED},
        "connectors[Requests]",
        fixed={"routing_rules[Picks].active": False},
    ),
    Case(
        "S0-05", {_HELD: [_SHIPPING], _ROLE: [_SHIPPING]}, "task_types[Pick]", "warning", fixed={_ROLE: [_FULFILLMENT]}
    ),
    Case(
        "S0-05",
        {_HELD: [_SHIPPING], _ROLE: [_SHIPPING]},
        "task_types[Pick]",
        "warning",
        fixed={"services[OrderFulfillmentResponseService].name": "OrderImportService"},
    ),
    Case(
        "S0-06",
        {_HELD: [_GENERIC, _SHIPPING], _ROLE: [_GENERIC, _SHIPPING]},
        _HELD,
        "info",
        fixed={"orchestration_processes[Vision_Pick].steps[+]": _SHIP},
        says="Shipping",
    ),
    Case("S0-07", {_HELD: [_GENERIC, _FULFILLMENT]}, _HELD, "warning", fixed={_ROLE: [_GENERIC, _FULFILLMENT]}),
    Case(
        "S0-07",
        {_HELD: [_GENERIC, _FULFILLMENT]},
        _HELD,
        "warning",
        fixed={"integration_users[WMS].roles": ["VISION_RESPONSES", "ROLE_OF_THE_POD"]},
    ),
    Case(
        "S0-08",
        {"integration_users[SETUP].privileges": REMOVED},
        "integration_users",
        "info",
        fixed={
            "roles[+]": {"code": "SETUP", "privileges": ["ASM_REVIEW_TOPOLOGY_HIERARCHY_PRIV"]},
            "integration_users[SETUP].roles": ["SETUP"],
        },
    ),
    Case("S0-08", {"integration_users[SETUP].direction": "both"}, "integration_users", "info"),
)


@each_case(CASES)
def test_appears(case: Case) -> None:
    appears(case)


@each_fixed_case(CASES)
def test_vanishes(case: Case) -> None:
    vanishes(case)


def test_a_misspelt_privilege_still_lets_answer() -> None:
    """It is reported by S0-02; that nobody may answer would be a second finding of one fault."""
    spoilt = {_HELD: ["Manage Orchestration Purchasing Interface Web Service"], "integration_users[WMS].roles": REMOVED}
    assert "S0-04" not in {finding.check for finding in checked(sound(spoilt))}


def test_the_name_of_a_setup_task_is_taken_for_its_privilege() -> None:
    held = {"integration_users[SETUP].privileges": ["ASM_REVIEW_TOPOLOGY_HIERARCHY_PRIV", "Manage Task Types"]}
    assert checked(sound(held)) == []


def test_all_nine_privileges_are_known() -> None:
    data = sound({_HELD: list(DOWNSTREAM_PRIVILEGES), "integration_users[WMS].roles": REMOVED})
    found = {finding.check for finding in checked(data)}
    assert found == {"S0-06"}
