"""Conditions of a rule in the room there is: the operand is the last thing to be cut."""

import pytest

from omtui.workbench.rule_tree import comparison, condition_line, leads
from omtui.workbench.signs import ASCII, UNICODE

LEAF = {
    "entity": "Order Fulfill Line",
    "attribute": "Ordered Quantity",
    "operator": "is greater than or equal to",
    "value": 1000,
}


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (60, "Ordered Quantity (Order Fulfill Line) ≥ 1000"),
        (30, "Ordered Quantity ≥ 1000"),
        (15, "Ordered… ≥ 1000"),
        (12, "Orde… ≥ 1000"),
    ],
)
def test_the_operand_is_cut_last(width: int, shown: str) -> None:
    assert comparison(LEAF, width, UNICODE).plain == shown


def test_ascii_writes_ascii() -> None:
    words = comparison(LEAF, 15, ASCII).plain
    assert words.isascii()
    assert words == "Ordere~ >= 1000"


@pytest.mark.parametrize(
    ("operator", "value", "shown"),
    [
        ("=", "CM5008", "Item = CM5008"),
        ("is not equal to", "CM5008", "Item ≠ CM5008"),
        ("is in", ["A", "B"], "Item in A, B"),
        ("is between", [1, 2], "Item between 1 and 2"),
        ("is empty", None, "Item is blank"),
        ("is equal to", None, "Item = …"),
    ],
)
def test_operators_are_short(operator: str, value: object, shown: str) -> None:
    leaf = {"attribute": "Item", "operator": operator} | ({"value": value} if value is not None else {})
    assert comparison(leaf, 60, UNICODE).plain == shown


def test_lines_join_what_belongs_together() -> None:
    assert leads([1, 2, 3, 2, 1], UNICODE) == ["├─ ", "│  ├─ ", "│  │  └─ ", "│  └─ ", "└─ "]


def test_a_cell_has_the_conditions_without_entities() -> None:
    other = {"attribute": "Item", "operator": "is in", "value": ["A", "B"]}
    tree = {"all": [LEAF, {"any": [other, {"not": other}]}]}
    assert condition_line(tree, UNICODE) == "Ordered Quantity ≥ 1000 and (Item in A, B or not (Item in A, B))"
    assert condition_line({}, UNICODE) == ""
