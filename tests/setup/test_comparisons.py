"""What an operator means between two values, and what does not fit together."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from omtui.setup.comparisons import fold_case, misfit, same, span, value_words
from omtui.setup.routing import OPERATORS
from tests.setup.test_conditions import ITEM, QUANTITY, leaf


def test_a_date_covers_its_day() -> None:
    day = date(2027, 1, 2)
    assert same(datetime(2027, 1, 2, 23, 59, tzinfo=UTC), day)
    assert same(day, datetime(2027, 1, 2, tzinfo=UTC))
    assert not same(day, datetime(2027, 1, 2, 1, tzinfo=UTC))
    assert span(date.max)[1] - span(date.max)[0] == 86_399_999_999


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (leaf(ITEM, "is greater than", "5"), '"is greater than" compares numbers, not "5"'),
        (leaf(ITEM, ">", date(2027, 1, 1)), '"is greater than" compares numbers, not 2027-01-01'),
        (leaf(ITEM, "is after", "2027-01-01"), '"is after" compares dates, not "2027-01-01"'),
        (leaf(ITEM, "contains", 5), '"contains" compares texts, not 5'),
        (leaf(ITEM, "is in", "A"), '"is in" takes a list, not "A"'),
        (leaf(ITEM, "is equal to", ["A"]), '"is equal to" takes one value, not a list'),
        (leaf(ITEM, "is between", [1]), '"is between" takes two numbers or two dates'),
        (leaf(ITEM, "is between", [1, date(2027, 1, 1)]), '"is between" takes two numbers or two dates'),
        (leaf(ITEM, "is equal to"), '"is equal to" has no value to compare with'),
        (leaf(ITEM, "equals", "A"), 'operator "equals" is not known'),
        ({"attribute": "Item"}, "no operator"),
        (leaf(QUANTITY, "=", Decimal("NaN")), "NaN is no value that an order can hold"),
        (leaf(QUANTITY, "=", Decimal("1E+999999")), "1E+999999 is no value that an order can hold"),
        (leaf(QUANTITY, "=", 10**400), "a number of many digits is no value that an order can hold"),
    ],
)
def test_what_does_not_fit(record: dict[str, Any], message: str) -> None:
    wrong = misfit(record)
    assert wrong
    assert wrong.message == message
    assert wrong.fix


def test_every_operator_fits_a_value_of_its_own_type() -> None:
    values: tuple[object, ...] = ("A", 5, date(2027, 1, 1), ["A", 5], [1, 2])
    for operator in OPERATORS:
        assert any(misfit(leaf(ITEM, operator, value)) is None for value in values), operator


def test_words_of_values() -> None:
    assert value_words(["A", 1, True, time(8), None, 6, 7]) == '"A", 1, yes, 08:00:00, None and 2 more'
    assert value_words("x" * 100).endswith('x…"')
    assert value_words(Decimal("1E+3")) == "1000"
    assert value_words([]) == "(an empty list)"


def test_case_is_folded_letter_by_letter() -> None:
    assert fold_case("Straße") == "straße"
    assert fold_case("ΣΑΣ") == "σασ"
