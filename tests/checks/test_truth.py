"""Oracle's own words and printed examples are no fault: each test has them as the page prints them."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from omtui.checks.explaining import explain
from omtui.checks.registry import Check
from omtui.setup.flow import SERVICE_OPERATIONS
from omtui.setup.processes import PREDEFINED_PROCESSES
from omtui.topology.oracle_services import SERVICES
from tests.checks.profiles import REMOVED, Edits, checked, sound

P = "routing_rules[Picks]"
R = "connectors[Requests]"


def findings(*edits: Edits) -> list[tuple[str, str, str]]:
    return [(each.check, each.level, each.message) for each in checked(sound(*edits))]


def rule(name: str, when: dict[str, Any], connector: str = "Requests", **fields: Any) -> dict[str, Any]:
    then = [{"action": "Set Connector Name", "value": connector}]
    return {"name": name, "active": True, "published": True, "when": when, "then": then, **fields}


def condition(attribute: str, operator: str, *value: object, entity: str = "Order Header") -> dict[str, Any]:
    record: dict[str, Any] = {"entity": entity, "attribute": attribute, "operator": operator}
    return {**record, "value": value[0]} if value else record


@pytest.mark.parametrize("operator", ["is Equal to", "Is Equal To", "is equal to", "Is Equal to", "IS EQUAL TO"])
def test_the_rule_editor_writes_its_operators_in_any_case(operator: str) -> None:
    assert findings({f"{P}.when": condition("Task Type", operator, "Pick")}) == []


@pytest.mark.parametrize("operator", ["Is Blank", "is blank", "Is Not Blank", "is empty"])
def test_is_blank_is_an_operator_of_the_rule_editor(operator: str) -> None:
    """Change = to Is Blank, then click OK. The IF area displays: Warehouse is blank (24C)."""
    blank = condition("Warehouse", operator, entity="Order Fulfill Line")
    when = {"all": [condition("Task Type", "is equal to", "Pick"), blank]}
    assert [each for each in findings({f"{P}.when": when}) if each[0] in ("S7-08", "P0-08", "S7-16")] == []


def test_an_operator_that_is_not_known_is_a_warning_and_not_called_wrong_by_oracle() -> None:
    """Task Type Sounds Like Pick still limits the rule by its task type: nothing else is reported of it."""
    found = findings({f"{P}.when": condition("Task Type", "sounds like", "Pick")})
    assert [(check, level) for check, level, _ in found if check in ("S7-08", "P0-08", "S7-15")] == [
        ("S7-08", "warning")
    ]
    (result,) = (each for each in checked(sound({f"{P}.when.operator": "sounds like"})) if each.check == "S7-08")
    assert "Oracle's operators" not in result.fix


def test_the_compliance_check_rule_as_oracle_prints_it() -> None:
    """Manage Routing Rules (24B): Name and Description are two attributes."""
    printed = rule(
        "Routing Rule for Compliance Check",
        condition("Task Type", "Is Equal To", "Compliance Check"),
        description="Route sales orders according to compliance check",
        if_text="Task Type is Equal to Compliance Check",
    )
    noted = {"name": "Compliance Check", "predefined": True}
    found = findings({"routing_rules[+]": printed, "task_types[+]": noted})
    assert [each for each in found if each[1] == "error"] == []
    assert not any("S7-08" in each[0] for each in found)


def test_the_two_rules_of_gold_customers_that_oracle_warns_of() -> None:
    """Task Type = Shipment, and Task Type = Shipment and Customer = GOLD (24C, Apply Logic in Business Rules)."""
    shipment = condition("Task Type", "=", "Shipment")
    gold = {"all": [shipment, condition("Customer", "=", "GOLD")]}
    second = {"connectors[+]": {"name": "Gold", "invocation_mode": "Asynchronous Service"}}
    found = findings(
        {"routing_rules[+]": rule("All", shipment)}, {"routing_rules[+]": rule("Gold", gold, "Gold")}, second
    )
    assert "error" in {level for check, level, _ in found if check == "S7-04"}


@pytest.mark.parametrize("name", ["Hold", "Release Hold"])
def test_a_hold_by_e_mail_needs_active_and_send_email_only(name: str) -> None:
    """Administer Email Messaging (24C): check Active, and Send Email Notification."""
    hold = {"name": name, "active": True, "connectors": ["Events"], "details": [{"value": name, "send_email": True}]}
    found = findings(
        {"trigger_points[+]": hold, "pod.release": "26C", "pod.connector_association": "shown"},
    )
    assert {check for check, _, _ in found} & {"S8-02", "S8-04"} == set()


def test_an_order_status_by_e_mail_needs_raise_event_too() -> None:
    detail = "trigger_points[Order Header Status Update].details[Submitted].raise_event"
    assert {"S8-02", "S8-04"} <= {check for check, _, _ in findings({detail: False})}


def test_nobody_signs_in_to_answer_a_synchronous_connector() -> None:
    edits: Edits = {f"{R}.invocation_mode": "Synchronous Service", "integration_users[WMS].privileges": []}
    found = {check for check, _, _ in findings({**edits, "roles[VISION_RESPONSES].privileges": []})}
    assert found & {"S0-04", "S0-05"} == set()
    asynchronous: Edits = {**edits, f"{R}.invocation_mode": "Asynchronous Service"}
    found = {check for check, _, _ in findings({**asynchronous, "roles[VISION_RESPONSES].privileges": []})}
    assert {"S0-04", "S0-05"} <= found


@pytest.mark.parametrize("release", ["25D", "26B", "26C", "26D"])
@pytest.mark.parametrize("used_by", ["extension", ""])
def test_the_connector_queryparam_as_oracle_prints_it(release: str, used_by: str) -> None:
    """Guidelines for Calling Web Services (26B): Synchronous Service, and a URL on the pod's own host."""
    printed = {
        "name": "QUERYPARAM",
        "target_system": "PICK",
        "url": "https://fa-xxxx-test-saasfaprod1.fa.ocs.example:443/fscmRestApi/resources/latest/itemsV2",
        "user_name": "vision",
        "credential": "requests",
        "invocation_mode": "Synchronous Service",
        **({"used_by": used_by} if used_by else {}),
    }
    edits: Edits = {"connectors[+]": printed, "pod.release": release, "pod.connector_association": "shown"}
    about = [
        (check, level) for check, level, message in findings({**edits, "jeopardy": REMOVED}) if "QUERYPARAM" in message
    ]
    assert sorted(about) == ([] if used_by else [("S5-06", "warning"), ("S5-15", "info")])
    check = explain("S5-06")
    assert isinstance(check, Check)
    cited = " ".join(fact.source.url for fact in check.facts)
    assert "f46384" in cited
    assert "guidelines-for-calling-web-services" in cited


def test_oracle_names_its_processes_with_doo() -> None:
    assert PREDEFINED_PROCESSES[:2] == (
        "DOO_OrderFulfillmentGenericProcess",
        "DOO_Enhanced_OrderFulfillmentProcess",
    )


def test_the_third_name_that_must_not_differ_is_that_of_the_status_rule_set() -> None:
    check = explain("D-03")
    assert isinstance(check, Check)
    assert "status rule set name" in check.meaning
    assert "the task name in a step" in check.meaning


def test_what_was_not_read_is_not_said() -> None:
    words = {id: f"{found.meaning} {found.why}" for id in ("S5-07", "S5-09", "S6-07", "D-04", "S2-02")
             if isinstance(found := explain(id), Check)}  # fmt: skip
    assert "retries" not in words["S5-07"]
    assert "inferred" in words["S5-09"]
    assert "sends its reply to the fulfillment system" in words["S5-09"]
    assert "for information" not in words["S6-07"]
    assert "never exported" not in words["D-04"]
    assert "always" not in words["S2-02"]


def test_an_operation_has_one_spelling() -> None:
    assert set(SERVICE_OPERATIONS["OrderInformationService"]) == set(SERVICES["OrderInformationService"].operations)
    offered = {name for names in SERVICE_OPERATIONS.values() for name in names}
    assert all(name in {each for service in SERVICES.values() for each in service.operations} for name in offered)


def test_the_privilege_process_fulfillment_response_is_known() -> None:
    for name in ("Process Fulfillment Response", "DOO_PROCESS_FULFILLMENT_RESPONSE_PRIV"):
        found = findings({"integration_users[WMS].privileges": ["Manage Orchestration Generic Web Service", name]})
        assert "S0-02" not in {check for check, _, _ in found}


def test_the_source_text_says_what_it_adds() -> None:
    """What is in the file and not in the text is named in its head, and marked where it is."""
    path = Path(__file__).parents[2] / "profiles" / "source-text.toml"
    content = path.read_text(encoding="utf-8")
    head = content.partition("schema = 1")[0]
    assert "nothing more" not in head
    assert all(words in head for words in ("Inbound service", "type of the step", "Active of the trigger points"))
    data = tomllib.loads(content, parse_float=Decimal)
    assert [point["details"] for point in data["trigger_points"] if point["name"] == "Hold"] == [
        [{"value": "Hold", "send_email": True}]
    ]
    assert content.count("not in the text") >= 4
