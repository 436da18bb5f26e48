"""Words of rules: each check appears where something is wrong and vanishes when it is fixed."""

from datetime import date

import pytest

from omtui.setup.routing import ATTRIBUTES
from tests.checks.cases import Case, appears, each_case, each_fixed_case, vanishes
from tests.checks.profiles import REMOVED, checked, sound

W = "routing_rules[Picks].when"
A = "routing_rules[Picks]"


def _when(attribute: str, entity: str = "Order Fulfill Line", value: object = "AS100") -> dict[str, object]:
    of_type = {"entity": "Order Header", "attribute": "Task Type", "operator": "is equal to", "value": "Pick"}
    other = {"entity": entity, "attribute": attribute, "operator": "is equal to", "value": value}
    return {W: {"all": [of_type, {"not": other}]}}


_PLACE = f"{W}.all[1].not"
_TIMEOUT = {"action": "Set Acknowledgement Timeout", "value": 10}
_CONNECTOR = {"action": "Set Connector Name", "value": "Requests"}

CASES = (
    *(
        Case("S7-16", _when(wrong, value=5 if "uantit" in right else "x"), f"{_PLACE}.attribute", "warning",
             fixed=_when(right, value=5 if "uantit" in right else "x"),
             says=f'did you mean "{right}"', fix=f'"{right}"')
        for wrong, right in (
            ("item", "Item"), ("Itm", "Item"), ("ordered qantity", "Ordered Quantity"),
            ("Ordered  Quantity", "Ordered Quantity"), ("Destination Shipping Organisation",
             "Destination Shipping Organization"), ("Bussines Unit", "Business Unit"),
        )
    ),
    Case("S7-17", _when("Item", "Order Header"), f"{_PLACE}.entity", "warning", fixed=_when("Item"),
         fix='"Order Fulfill Line"'),
    Case("S7-17", {f"{W}.entity": "Order Fulfill Line"}, f"{W}.entity", "warning",
         fixed={f"{W}.entity": "Order Header"}),
    Case("S7-18", {f"{A}.start_date": date(2031, 1, 1)}, f"{A}.start_date", "warning",
         fixed={f"{A}.start_date": date(2026, 11, 23)}, says="2031-01-01"),
    Case("S7-18", {f"{A}.start_date": date(2026, 11, 24)}, f"{A}.start_date", "warning", fixed={f"{A}.active": False}),
    Case("S7-19", {f"{A}.then": [_CONNECTOR, _TIMEOUT]}, f"{A}.then[1].unit", "warning",
         fixed={f"{A}.then[1].unit": "Minutes"}),
    Case("S7-19", {f"{A}.then": [_CONNECTOR, _TIMEOUT]}, f"{A}.then[1].unit", "warning",
         fixed={f"{A}.then[1].value": "10 minutes"}),
    Case("S7-19", {f"{A}.then": [_CONNECTOR, {**_TIMEOUT, "unit": "Days"}],
                   "connectors[Requests].invocation_mode": "Synchronous Service"}, f"{A}.then[1].action", "warning",
         fixed={"connectors[Requests].invocation_mode": "Asynchronous Service"}, says='"Requests"'),
)  # fmt: skip


@each_case(CASES)
def test_appears(case: Case) -> None:
    appears(case)


@each_fixed_case(CASES)
def test_vanishes(case: Case) -> None:
    vanishes(case)


@pytest.mark.parametrize(
    "name", ["Color", "Team", "Subinventory", "Sales Channel", "Packing Instructions", *ATTRIBUTES]
)
def test_attributes_far_from_all_known_ones_are_not_judged(name: str) -> None:
    assert not [f for f in checked(sound(_when(name))) if f.check == "S7-16"]


def test_a_rule_without_dates_and_actions_is_not_judged() -> None:
    data = sound({f"{A}.then": REMOVED})
    assert not [f for f in checked(data) if f.check in ("S7-18", "S7-19")]
