"""Step 7, rule by rule: each check appears where something is wrong and vanishes when it is fixed."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from omtui.checks.finding import Level
from tests.checks.cases import Case, appears, each_case, each_fixed_case, vanishes
from tests.checks.profiles import REMOVED, Edits, checked, sound

P = "routing_rules[Picks]"
SET = "Set Connector Name"
_RULES = "routing_rules[+]"


def leaf(attribute: str, operator: str, *value: object, entity: str = "Order Fulfill Line") -> dict[str, Any]:
    record: dict[str, Any] = {"entity": entity, "attribute": attribute, "operator": operator}
    return {**record, "value": value[0]} if value else record


def task_type(name: str) -> dict[str, Any]:
    return leaf("Task Type", "is equal to", name, entity="Order Header")


def rule(name: str, when: dict[str, Any], connector: str = "Requests", **fields: Any) -> dict[str, Any]:
    then = [{"action": SET, "value": connector}]
    return {"name": name, "active": True, "published": True, "when": when, "then": then, **fields}


def _when(*parts: dict[str, Any]) -> Edits:
    return {f"{P}.when": {"all": [task_type("Pick"), *parts]}, f"{P}.if_text": "Picks"}


def _wrong(operator: str, *value: object, attribute: str = "Any", field: str = "value", **words: str) -> Case:
    level: Level = "warning" if field == "operator" else "error"
    at = f"{P}.when.all[1].{field}"
    return Case("S7-08", _when(leaf(attribute, operator, *value)), at, level, fixed=_when(), **words)


def _caption(text: str, says: str, *parts: dict[str, Any], fixed: str = "Task Type is Pick") -> Case:
    return Case(
        "S7-10",
        {**_when(*parts), f"{P}.if_text": text},
        f"{P}.if_text",
        "warning",
        fixed={f"{P}.if_text": fixed},
        says=says,
    )


def _then(text: str, says: str, **edits: object) -> Case:
    return Case(
        "S7-10", {f"{P}.then_text": text, **edits}, f"{P}.then_text", "warning",
        fixed={f"{P}.then_text": "Route to Requests"}, says=says,
    )  # fmt: skip


_PAUSE = rule("Pauses", task_type("Pause"))
_TIMEOUT = {"action": "Set Acknowledgement Timeout", "value": 10, "unit": "Minutes"}
_OVERRIDE = {"action": "Override Compensation Pattern", "value": "UPDATE"}
_RESERVED = rule("Reserves", task_type("Reservation"))
_ORACLES = {"name": "Connect to Oracle Shipping System", "predefined": True}

CASES = (
    Case(
        "S7-01",
        {f"{P}.then[0].value": "requests"},
        f"{P}.then[0].value",
        fixed={"connectors[Requests].name": "requests"},
        says='"Picks" sets the connector "requests"',
        fix='enter "Requests"',
    ),
    Case(
        "S7-01",
        {f"{P}.otherwise": [{"action": SET, "value": "Connect to Oracle Shipping System"}]},
        f"{P}.otherwise[0].value",
        fixed={"connectors[+]": _ORACLES},
        fix="predefined = true",
    ),
    Case(
        "S7-01",
        {f"{P}.otherwise": [{"when": task_type("Pack"), "then": [{"action": SET, "value": "Nobody"}]}]},
        f"{P}.otherwise[0].then[0].value",
        fix="add it in step 5",
    ),
    Case("S7-02", {f"{P}.when.value": "Pikc"}, f"{P}.when.value", fix='enter "Pick"'),
    Case("S7-02", {f"{P}.when.value": "pick"}, f"{P}.when.value", fixed={f"{P}.when.operator": "equals ignore case"}),
    Case(
        "S7-02",
        _when({"not": leaf("Task Type", "is in", ["Invoice", "Billing"], entity="Order Header")}),
        f"{P}.when.all[1].not.value",
        "warning",
        fixed={"task_types[+]": {"name": "Billing", "predefined": True}},
        fix="predefined = true",
    ),
    Case("S7-02", _when(task_type("invoice")), f"{P}.when.all[1].value", "warning", fix='enter "Invoice"'),
    Case(
        "S7-03",
        {f"{P}.active": False},
        "task_types[Pick]",
        fixed={_RULES: rule("Everything", leaf("Item", "is not empty"))},
        says='the step "Pick" of "Vision_Pick" uses "Pick"',
    ),
    Case("S7-03", {f"{P}.when.operator": "is not equal to"}, "task_types[Pick]", fixed={f"{P}.when.value": "Ship"}),
    Case("S7-03", {"routing_rules": REMOVED}, "task_types[Pick]", fixed={"orchestration_processes": REMOVED}),
    Case(
        "S7-03",
        {f"{P}.then": [_TIMEOUT]},
        "task_types[Pick]",
        fixed={f"{P}.otherwise": [{"when": task_type("Pick"), "then": [{"action": SET, "value": "Requests"}]}]}
        | {f"{P}.when.value": "Invoice"},
    ),
    Case("S7-03", {f"{P}.end_date": date(2026, 11, 22)}, "task_types[Pick]", fixed={f"{P}.end_date": REMOVED}),
    Case("S7-05", {f"{P}.active": REMOVED}, f"{P}.active", "warning", fixed={f"{P}.active": True}),
    Case("S7-05", {f"{P}.published": False}, f"{P}.published", "warning", fixed={f"{P}.published": True}),
    Case(
        "S7-05",
        {f"{P}.changed_since_publish": True},
        f"{P}.changed_since_publish",
        "warning",
        fixed={f"{P}.changed_since_publish": False},
    ),
    Case(
        "S7-05",
        {f"{P}.end_date": datetime(2026, 11, 22, 23, tzinfo=UTC)},
        f"{P}.end_date",
        "warning",
        fixed={f"{P}.end_date": datetime(2026, 11, 23, tzinfo=UTC)},
        says="ended on 2026-11-22",
    ),
    Case(
        "S7-06",
        {_RULES: _PAUSE},
        "routing_rules[Pauses].then[0].action",
        fixed={"routing_rules[Pauses].then": [_TIMEOUT]},
    ),
    Case(
        "S7-06",
        {_RULES: rule("Two", leaf("Task Type", "is in", ["Pick", "Pause"], entity="Order Header"))},
        "routing_rules[Two].then[0].action",
        fixed={"routing_rules[Two].when": task_type("Pick")},
    ),
    Case(
        "S7-07",
        {_RULES: {**_RESERVED, "then": [{"action": "Override Operation", "value": "Change"}]}},
        "routing_rules[Reserves].then[0].action",
        fixed={"routing_rules[Reserves].when": task_type("Pick")},
        says='"Reservation"',
    ),
    Case(
        "S7-07",
        {_RULES: {**_RESERVED, "then": [_OVERRIDE], "when": task_type("Screening")}}
        | {"task_types[+]": {"name": "Screening", "predefined": True}},
        "routing_rules[Reserves].then[0].action",
        fixed={"routing_rules[Reserves].then": [_TIMEOUT], "routing_rules[Reserves].when": task_type("Pick")},
    ),
    *(
        Case(
            "S7-07",
            {_RULES: {**_RESERVED, "then": [_TIMEOUT], "when": task_type(name)}},
            "routing_rules[Reserves].then[0].action",
            "warning",
            fixed={"routing_rules[Reserves].when": task_type("Return")},
        )
        for name in ("Reservation", "Shipment", "Invoice")
    ),
    Case(
        "S7-07",
        {f"{P}.otherwise": [{"when": task_type("Invoice"), "then": [_TIMEOUT]}, _TIMEOUT]},
        f"{P}.otherwise[0].then[0].action",
        "warning",
    ),
    Case(
        "S7-08",
        _when(leaf("Item", "is equal to", "A", entity="Fulfillment Line")),
        f"{P}.when.all[1].entity",
        fixed=_when(leaf("Item", "is equal to", "A", entity="Order Line")),
        fix='"Order Fulfill Line"',
    ),
    Case(
        "S7-08",
        _when(leaf("Item_Obsolete", "is equal to", "A")),
        f"{P}.when.all[1].attribute",
        fixed=_when(leaf("Item", "is equal to", "A")),
    ),
    _wrong("equals", "A", field="operator", fix="is equal to"),
    _wrong("is greater than", "5", fix="without quotes"),
    _wrong(">", date(2027, 1, 1), fix='"is after"'),
    _wrong("is after", "2027-01-01", fix="2027-01-31"),
    _wrong("contains", 5, fix='"5"'),
    _wrong("is in", "A", fix='["A"]'),
    _wrong("is equal to", ["A", "B"], fix='"is in"'),
    _wrong("is between", [1, 2, 3], fix="[from, to]"),
    _wrong("is equal to", says="no value"),
    _wrong("is equal to", Decimal("NaN"), says="NaN"),
    Case(
        "S7-08",
        _when(leaf("Item", "is equal to", 5008)),
        f"{P}.when.all[1].value",
        "warning",
        fixed=_when(leaf("Item", "is equal to", "5008")),
        says='"Item" is a text',
    ),
    Case(
        "S7-08",
        _when(leaf("Item", "is empty", "A")),
        f"{P}.when.all[1].value",
        "warning",
        fixed=_when(leaf("Item", "is empty")),
    ),
    Case(
        "S7-09",
        {f"{P}.start_date": date(2027, 2, 1), f"{P}.end_date": date(2027, 1, 31)},
        f"{P}.start_date",
        fixed={f"{P}.end_date": datetime(2027, 2, 1, 8, tzinfo=UTC)},
        fix="up to 2027-01-31",
    ),
    _caption("Item is CM5008 and Task Type is Pick", "no condition compares Item"),
    _caption("item is CM5008", 'compares it with "CM5009"', leaf("Item", "=", "CM5009"), fixed="Item is cm5009"),
    _caption('Item = "CM5008".', '"CM5009" or "CM5010"', leaf("Item", "is in", ["CM5009", "CM5010"]), fixed="as below"),
    _caption("Task Type is Invoice", 'compares it with "Pick"'),
    _caption("Task Type (Order Header) is not Pick", "is not"),
    _caption("Item is CM5008", "rules it out", leaf("Item", "is not equal to", "CM5008"), fixed="Item is not CM5008"),
    _then("Route to Oracle Fusion Invoicing System", '"Oracle Fusion Invoicing"'),
    _then("Requests are billing matters and go to Oracle Receivables", "external", **{"connectors[Requests].name": "Q1"}
          | {f"{P}.then[0].value": "Q1"}),
    _then("Route to Carrier_02", 'the connector "Carrier_02"', **{"connectors[+]": {"name": "Carrier_02"}}),
    _then("Send to system CSS02", '"CSS02"', **{"source_systems[+]": {"code": "CSS02"}}),
    _then("Route to the external system", "Oracle's own", **{"connectors[+]": _ORACLES}
          | {f"{P}.then[0].value": "Connect to Oracle Shipping System"}),
    Case(
        "S7-10",
        {f"{P}.otherwise": [{"action": SET, "value": "Requests"}], f"{P}.else_text": "use Oracle Fusion"},
        f"{P}.else_text",
        "warning",
        fixed={f"{P}.else_text": REMOVED},
    ),
    Case(
        "S7-11",
        {f"{P}.then[+]": {"action": SET, "value": "Requests"}},
        f"{P}.then[1]",
        fixed={f"{P}.then[1].action": "Override Operation"},
    ),
    Case(
        "S7-11",
        {f"{P}.otherwise": [{"action": SET, "value": "Requests"}, {"action": SET, "value": "Events"}]},
        f"{P}.otherwise[1]",
        fixed={f"{P}.otherwise[1]": {"when": task_type("Invoice"), "then": [{"action": SET, "value": "Requests"}]}},
    ),
    Case(
        "S7-13",
        {f"{P}.then[0].value": "Events"},
        f"{P}.then[0].value",
        "warning",
        fixed={"connectors[Events].invocation_mode": "Synchronous Service"},
    ),
    Case("S7-13", {"connectors[Requests].invocation_mode": "Queue"}, f"{P}.then[0].value", says='"Queue"'),
    Case(
        "S7-14",
        {f"{P}.then[+]": {"action": "Prepare Result", "value": "x"}},
        f"{P}.then[1].action",
        fixed={f"{P}.then[1]": REMOVED},
    ),
)  # fmt: skip


@each_case(CASES)
def test_appears(case: Case) -> None:
    appears(case)


@each_fixed_case(CASES)
def test_vanishes(case: Case) -> None:
    vanishes(case)


def _messages(id: str, *edits: Edits) -> list[str]:
    return [finding.message for finding in checked(sound(*edits)) if finding.check == id]


@pytest.mark.parametrize(
    "text",
    [
        "Picks of the day",
        "task type is a pick",
        "Item is urgent",
        "Item is not CM5008",
        "Item: see below",
        "Ordered Quantity is 1000 or more",
        "whatever the Item is",
        "CM5008",
        "Item is " * 200,
        "Task Type is Pick, item is any",
    ],
)
def test_captions_of_if_that_may_be_meant_well(text: str) -> None:
    more = leaf("Ordered Quantity", "is greater than or equal to", 1000)
    assert _messages("S7-10", _when(more), {f"{P}.if_text": text}) == []


@pytest.mark.parametrize(
    "text",
    [
        "Route to Requests, not to Oracle Fusion Invoicing",
        "Route to the Pick system instead of Oracle Shipping",
        "Route from Oracle Fusion to the partner",
        "Do not route to Oracle Receivables",
        "Route to Oracle EBS",
        "Route to the partner's Oracle WMS",
        "Pick",
        "Tell Oracle about it",
        "Route to partner.example by Fusion shipping",
    ],
)
def test_captions_of_then_that_may_be_meant_well(text: str) -> None:
    assert _messages("S7-10", {f"{P}.then_text": text}) == []


def test_a_caption_over_a_not_is_left_alone() -> None:
    edits = {f"{P}.when": {"not": {"not": task_type("Pick")}}, f"{P}.if_text": "Task Type is Invoice"}
    assert _messages("S7-10", edits) == []


def test_oracles_own_rules_are_not_judged() -> None:
    odd = rule("Shipping Task Routing", {"attribute": "X_Obsolete"}, "Nobody", predefined=True, published=False)
    odd["then"].append({"action": "Prepare Result"})
    assert checked(sound({_RULES: odd})) == []


def test_what_is_missing_in_a_condition_is_reported_once() -> None:
    findings = checked(sound({**_when({"entity": "Order Line"}), f"{P}.if_text": REMOVED}))
    assert {finding.check for finding in findings} == {"P0-07"}


def test_the_value_of_a_list_is_pointed_at() -> None:
    findings = checked(sound(_when(leaf("Task Type", "is in", ["Pick", "Pikc"], entity="Order Header"))))
    assert [finding.path for finding in findings if finding.check == "S7-02"] == [
        ("routing_rules", 0, "when", "all", 1, "value", 1)
    ]
