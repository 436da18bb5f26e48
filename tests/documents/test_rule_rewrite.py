"""A condition that needs what no page shows is offered as branches that mean the same."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from omtui.documents.lines import NOT_SEEN, record_lines
from omtui.documents.rule_rewrite import _alternatives, has_unseen, rewritten
from omtui.setup.conditions import evaluate
from omtui.setup.indexed import Indexed
from tests.thorough import examples

LINE = "Order Fulfill Line"


def leaf(operator: str, *value: object, attribute: str = "Item") -> dict[str, Any]:
    record: dict[str, Any] = {"entity": LINE, "attribute": attribute, "operator": operator}
    return {**record, "value": value[0]} if value else record


LEAVES = st.one_of(
    st.builds(leaf, st.sampled_from(["is equal to", "is not equal to", "="]), st.sampled_from("AB")),
    st.builds(leaf, st.sampled_from(["is in", "is not in"]), st.lists(st.sampled_from("ABC"), min_size=1, max_size=3)),
    st.builds(leaf, st.sampled_from(["Is Blank", "is not empty"])),
    st.builds(
        leaf, st.sampled_from([">", "is less than or equal to"]), st.integers(0, 5), attribute=st.just("Quantity")
    ),
    st.builds(leaf, st.just("is between"), st.just([2, 4]), attribute=st.just("Quantity")),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda items: {"all": items}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda items: {"any": items}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda item: {"not": item}, inner),
    ),
    max_leaves=5,
)
ORDERS = [
    {(LINE, "Item"): item, (LINE, "Quantity"): quantity}
    for item in ("A", "B", "D", None)
    for quantity in (1, 3, 5, None)
]


@settings(max_examples=examples(80))
@given(TREES)
def test_the_branches_hold_for_the_same_orders(tree: dict[str, Any]) -> None:
    branches = _alternatives(tree, negated=False)
    if branches is None:
        return
    for order in ORDERS:
        whole = evaluate(tree, order).holds  # type: ignore[arg-type]
        parts = [evaluate({"all": branch}, order).holds for branch in branches]  # type: ignore[arg-type]
        assert any(parts) is whole, (tree, branches, order)


def test_what_oracle_shows_is_not_rewritten() -> None:
    both = {"all": [leaf("is equal to", "A"), leaf("is greater than", 5, attribute="Quantity")]}
    assert not has_unseen(both)
    assert not has_unseen(leaf("Is Equal To", "A"))
    for tree in ({"any": [both, both]}, {"not": both}, leaf("is in", ["A"]), {"all": [{"any": [both]}]}):
        assert has_unseen(tree)


def test_a_pattern_has_no_opposite() -> None:
    assert rewritten({"not": leaf("starts with", "A")}) == []


def _rule(when: dict[str, Any]) -> list[tuple[str, str | None, str]]:
    rule = {"name": "Route", "description": "What for", "when": when, "then": []}
    return [tuple(line) for line in record_lines(Indexed({}), "routing_rules", rule)]  # type: ignore[misc]


def test_name_and_description_are_two_attributes_of_oracles_page() -> None:
    lines = _rule(leaf("Is Equal To", "CM5008"))
    assert ("Name", "Route", "") in lines
    assert ("Description", "What for", "") in lines
    assert not any(NOT_SEEN in hint for _, _, hint in lines)


def test_numbers_are_entered_and_names_are_searched() -> None:
    """In the window under Is Equal To, enter 204, then click OK (25A)."""
    found = {value: text for text, value, _ in _rule({"all": [leaf("=", 204, attribute="Org"), leaf("=", "CM5008")]})}
    assert found["204"] == "Enter the value"
    assert found["CM5008"].startswith("Click the search icon")


def test_groups_or_and_not_are_marked_and_a_rewrite_is_offered() -> None:
    lines = _rule({"all": [leaf("=", "A"), {"any": [leaf("is in", ["B", "C"]), {"not": leaf("=", "D")}]}]})
    for words in ("Open a group", "Click OR", "Choose NOT for what follows"):
        assert [hint for text, _, hint in lines if text.strip() == words] == [NOT_SEEN] * sum(
            text.strip() == words for text, _, _ in lines
        )
    assert (
        "  IF Item (Order Fulfill Line) is equal to A AND Item (Order Fulfill Line) is equal to B",
        None,
        "",
    ) in lines
    assert any(text.startswith("  ELSE IF") for text, _, _ in lines)
