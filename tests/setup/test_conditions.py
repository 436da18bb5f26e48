"""What a condition means for an order, and how the reason is shown."""

from decimal import Decimal
from typing import Any

import pytest

from omtui.setup.conditions import evaluate

ITEM = ("Order Fulfill Line", "Item")
QUANTITY = ("Order Fulfill Line", "Ordered Quantity")
TASK_TYPE = ("Order Header", "Task Type")


def leaf(attribute: tuple[str, str], operator: str, *value: object) -> dict[str, Any]:
    record: dict[str, Any] = {"entity": attribute[0], "attribute": attribute[1], "operator": operator}
    return {**record, "value": value[0]} if value else record


SEED = {"all": [leaf(ITEM, "=", "CM5008"), leaf(TASK_TYPE, "is equal to", "Invoice")]}


def test_the_rule_of_the_source_text() -> None:
    judged = evaluate(SEED, {ITEM: "CM5008", TASK_TYPE: "Invoice"})
    assert judged.holds is True
    assert [reason.because for reason in judged.deciding()] == [
        'Item "CM5008" is equal to "CM5008"',
        'Task Type "Invoice" is equal to "Invoice"',
    ]
    near = evaluate(SEED, {ITEM: "CM5008", TASK_TYPE: "Shipment"})
    assert near.holds is False
    assert [(reason.path, reason.because) for reason in near.deciding()] == [
        (("all", 1), 'Task Type "Shipment" is not equal to "Invoice"')
    ]


@pytest.mark.parametrize(
    ("operator", "value", "actual", "reason"),
    [
        (
            "is equal to",
            "CM5008",
            "cm5008",
            'Item "cm5008" is not equal to "CM5008" (only upper and lower case differ)',
        ),
        ("is equal to", "CM5008", "CM5008 ", 'Item "CM5008 " is not equal to "CM5008" (only spaces around it differ)'),
        ("is equal to", 12, "12", 'Item "12" is not equal to 12 (a text is never equal to a number)'),
        ("is in", ["A", "B"], "b", 'Item "b" is not in "A", "B" (only upper and lower case differ)'),
        ("starts with", "CM", "cm5008", 'Item "cm5008" does not start with "CM" (only upper and lower case differ)'),
        ("is not equal to", "A", "A", 'Item "A" is equal to "A"'),
        ("is greater than", 5, Decimal("4.5"), "Item 4.5 is not greater than 5"),
        ("is empty", None, "x", 'Item "x" is not empty'),
        ("is equal to", "A", "a\x1b[2J", 'Item "a␛[2J" is not equal to "A"'),
    ],
)
def test_why_a_comparison_fails(operator: str, value: object, actual: Any, reason: str) -> None:
    record = leaf(ITEM, operator) if value is None else leaf(ITEM, operator, value)
    judged = evaluate(record, {ITEM: actual})
    assert (judged.holds, judged.because) == (False, reason)


def test_a_missing_value_is_false_and_says_so() -> None:
    for operator, value in (("is equal to", "A"), ("is not equal to", "A"), ("is not in", ["A"]), ("contains", "")):
        judged = evaluate(leaf(ITEM, operator, value), {ITEM: None})
        assert (judged.holds, judged.missing) == (False, True)
        assert judged.because == "Item is missing, and a comparison with a missing value is false"
        assert evaluate({"not": leaf(ITEM, operator, value)}, {}).holds is True
    assert evaluate(leaf(ITEM, "is empty"), {}).because == "Item is empty"
    assert evaluate(leaf(ITEM, "is not empty"), {}).holds is False


@pytest.mark.parametrize(("quantity", "holds"), [(1000, True), (Decimal("999.5"), False), (None, False)])
def test_a_thousand_or_more(quantity: Any, holds: bool) -> None:
    assert evaluate(leaf(QUANTITY, ">=", 1000), {QUANTITY: quantity}).holds is holds


def test_what_cannot_be_judged_leaves_the_rest_open() -> None:
    broken = leaf(ITEM, "sounds like", "A")
    order = {ITEM: "A", QUANTITY: 5}
    assert evaluate(broken, order).because == 'Item cannot be compared: operator "sounds like" is not known'
    assert evaluate({"all": [broken, leaf(QUANTITY, "=", 5)]}, order).holds is None
    assert evaluate({"all": [broken, leaf(QUANTITY, "=", 6)]}, order).holds is False
    assert evaluate({"any": [broken, leaf(QUANTITY, "=", 5)]}, order).holds is True
    assert evaluate({"any": [broken, leaf(QUANTITY, "=", 6)]}, order).holds is None
    assert evaluate({"not": broken}, order).holds is None
    assert evaluate({}, order).holds is None
    assert evaluate("CM5008", order).holds is None


@pytest.mark.parametrize(
    ("text", "actual", "holds"),
    [("CM.*", "CM5008", True), ("^CX", "CM5008", False), ("5008", "CM5008", None), ("(?=C)", "CM5008", None)],
)
def test_a_pattern_is_decided_only_when_both_readings_agree(text: str, actual: str, holds: bool | None) -> None:
    assert evaluate(leaf(ITEM, "matches", text), {ITEM: actual}).holds is holds
