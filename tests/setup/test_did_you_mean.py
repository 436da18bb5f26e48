"""The name that was probably meant."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.setup.did_you_mean import folded, letters_apart, nearest
from omtui.setup.roles import KNOWN_PRIVILEGES, MISSPELT_PRIVILEGES
from omtui.setup.routing import OPERATORS
from tests.setup.strategies import names

some = st.lists(names, max_size=8)
short = st.text("ab_ ", max_size=6)


@given(names, some)
def test_only_a_known_name_is_offered(name: str, known: list[str]) -> None:
    near = nearest(name, known)
    assert near is None or near in known


@given(names, some)
def test_names_that_differ_only_in_what_people_mix_up_are_the_same(name: str, known: list[str]) -> None:
    same = [other for other in known if folded(other) == folded(name) and folded(name)]
    if same:
        assert nearest(name, known) == same[0]
        assert nearest(f" {name.upper().lower()}_", [name]) in (name, None)


@pytest.mark.parametrize(
    ("name", "known", "near"),
    [
        ("EventConnector", ["Connector01", "Event Connector"], "Event Connector"),
        ("pick from-ravi", ["Pick_From_Ravi"], "Pick_From_Ravi"),
        ("Fulfilment", ["Fulfillment", "Order Capture"], "Fulfillment"),
        ("is equals to", OPERATORS, "is equal to"),
        ("Carrier pigeon", ["Spoke", "Purchased"], None),
        ("", ["a"], None),
        ("_ -", ["a"], None),
        ("a", [], None),
    ],
)
def test_what_is_near(name: str, known: list[str], near: str | None) -> None:
    assert nearest(name, known) == near


@pytest.mark.parametrize(("wrong", "right"), MISSPELT_PRIVILEGES.items())
def test_the_misspellings_in_circulation(wrong: str, right: str) -> None:
    assert nearest(wrong, KNOWN_PRIVILEGES) == right


def _distance(one: str, other: str) -> int:
    if not one or not other:
        return len(one) + len(other)
    if one[0] == other[0]:
        return _distance(one[1:], other[1:])
    return 1 + min(_distance(one[1:], other), _distance(one, other[1:]), _distance(one[1:], other[1:]))


@given(short, short, st.integers(0, 7))
def test_letters_are_counted(one: str, other: str, limit: int) -> None:
    assert letters_apart(one, other, limit) == min(_distance(one, other), limit + 1)
    assert letters_apart(one, other, limit) == letters_apart(other, one, limit)


def test_long_names_are_compared_in_time() -> None:
    start = time.process_time()
    assert nearest("a" * 1_000_000, ["url", "name"]) is None
    assert letters_apart("a" * 1_000_000, "b", 2) == 3
    assert letters_apart("ab" * 5_000, "ba" * 5_000, 2) == 2
    assert nearest("x" * 2_000, ["y" * 2_000]) is None
    assert time.process_time() - start < 5
