"""Every row of the table of outcomes, and what is said beside it."""

import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from omtui.rehearsal.orders import Orders
from omtui.rehearsal.rehearsing import Rehearsal, Rehearsed
from omtui.rehearsal.routing import RequestOutcome
from omtui.setup.indexed import Indexed

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
HEADINGS = ("Task Type", "Item", "Customer")


def rule(name: str, when: str, *connectors: str, more: str = "", active: str = "true", published: str = "true") -> str:
    actions = "".join(
        f'\n[[routing_rules.then]]\naction = "Set Connector Name"\nvalue = "{each}"\n' for each in connectors
    )
    return (
        f'[[routing_rules]]\nname = "{name}"\nactive = {active}\npublished = {published}\n{more}\n'
        f"when = {when}\n{actions}\n"
    )


def equal(attribute: str, value: str, entity: str = "Order Fulfill Line") -> str:
    return f'{{ entity = "{entity}", attribute = "{attribute}", operator = "is equal to", value = "{value}" }}'


PICK = equal("Task Type", "Pick", "Order Header")
ITEM = equal("Item", "a")
OTHER = equal("Item", "b")
CUSTOMER = equal("Customer", "c", "Order Header")
OPEN = '{ entity = "Order Fulfill Line", attribute = "Color", operator = "is equal to", value = "red" }'
"""The file has no column for it."""

CONNECTORS = '[[connectors]]\nname = "C1"\n[[connectors]]\nname = "C2"\n'


def outcome(
    *rules: str, row: Sequence[object] = ("Pick", "a", "c"), published: bool = False, more: str = ""
) -> RequestOutcome:
    """What becomes of one line."""
    data = tomllib.loads("\n".join([CONNECTORS, more, *rules]))
    run = Rehearsal(
        Rehearsed(Indexed(data), NOON, UTC, published=published), Orders("orders.csv", HEADINGS, iter([[row]]))
    )
    (line,) = next(run.run())
    ((_, found),) = run.outcomes.of(line.group)
    return found


def test_two_connectors_are_ambiguous() -> None:
    found = outcome(rule("one", ITEM, "C1"), rule("other", CUSTOMER, "C2"), rule("open", OPEN, "C1"))
    assert (found.outcome, found.connectors, found.connector) == ("ambiguous", ("C1", "C2"), None)


def test_two_connectors_of_one_branch_are_ambiguous() -> None:
    assert outcome(rule("both", ITEM, "C1", "C2")).outcome == "ambiguous"


def test_oracles_noted_rule_makes_it_ambiguous_too() -> None:
    oracles = rule("Oracle's", PICK, "C2", more="predefined = true")
    assert outcome(rule("one", ITEM, "C1"), oracles).outcome == "ambiguous"


def test_one_connector_is_routed() -> None:
    found = outcome(rule("one", ITEM, "C1"), rule("open", OPEN, "C1"))
    assert (found.outcome, found.connector, found.notes) == ("routed", "C1", ())


def test_several_rules_with_one_connector_are_noted() -> None:
    assert outcome(rule("one", ITEM, "C1"), rule("other", CUSTOMER, "C1")).notes == ("same-connector",)


def test_a_connector_that_step_5_does_not_have_is_noted() -> None:
    assert outcome(rule("one", ITEM, "C9")).notes == ("unknown-connector",)


def test_another_possible_connector_leaves_it_open() -> None:
    assert outcome(rule("one", ITEM, "C1"), rule("open", OPEN, "C2")).outcome == "cannot-evaluate"


def test_a_possible_connector_alone_leaves_it_open() -> None:
    assert outcome(rule("open", OPEN, "C2")).outcome == "cannot-evaluate"


def test_only_oracles_rules_are_predefined() -> None:
    found = outcome(rule("Oracle's", PICK, "C2", more="predefined = true"))
    assert (found.outcome, found.connector) == ("predefined", "C2")


@pytest.mark.parametrize(
    ("more", "task_type", "expected"),
    [
        ("", "Shipment", "predefined"),
        ("", "Pick", "unrouted"),
        ('[[task_types]]\nname = "Pick"\npredefined = true\n', "Pick", "predefined"),
        ('[[task_types]]\nname = "Pick"\n', "Pick", "unrouted"),
    ],
)
def test_without_a_rule_oracle_routes_its_own_task_types(more: str, task_type: str, expected: str) -> None:
    assert outcome(rule("other", OTHER, "C1"), row=(task_type, "a", "c"), more=more).outcome == expected


def test_unless_oracles_rule_for_it_is_switched_off() -> None:
    off = rule("Oracle's", equal("Task Type", "Shipment", "Order Header"), more="predefined = true", active="false")
    assert outcome(off, row=("Shipment", "a", "c")).outcome == "unrouted"
    assert outcome(off, row=("Invoice", "a", "c")).outcome == "predefined"


def test_a_rule_that_sets_no_connector_decides_nothing() -> None:
    found = outcome(rule("timeout", ITEM), rule("one", CUSTOMER, "C1"), rule("open timeout", OPEN))
    assert (found.outcome, found.connector) == ("routed", "C1")
    assert [state.rule.name for state in found.states] == ["timeout", "one", "open timeout"]


def test_a_rule_without_conditions_is_open_for_everything() -> None:
    assert outcome(rule("one", ITEM, "C1"), rule("empty", "{}", "C2")).outcome == "cannot-evaluate"
    assert outcome(rule("empty", "{}", "C2")).outcome == "cannot-evaluate"


def test_a_line_without_a_task_type_cannot_be_evaluated() -> None:
    assert outcome(rule("one", ITEM, "C1"), row=("", "a", "c")).outcome == "cannot-evaluate"


def test_a_row_of_another_width_cannot_be_evaluated() -> None:
    assert outcome(rule("one", ITEM, "C1"), row=("Pick", "a")).outcome == "cannot-evaluate"


ELSE_IF = """
[[routing_rules.otherwise]]
when = {when}
then = [{{ action = "Set Connector Name", value = "{connector}" }}]
"""
ELSE = """
[[routing_rules.otherwise]]
action = "Set Connector Name"
value = "C2"
"""


@pytest.mark.parametrize(
    ("rules", "expected", "connectors"),
    [
        (rule("if", OTHER, "C1") + ELSE_IF.format(when=ITEM, connector="C2"), "routed", ("C2",)),
        (rule("if", ITEM, "C1") + ELSE_IF.format(when=ITEM, connector="C2"), "routed", ("C1",)),
        (rule("if", OTHER, "C1") + ELSE, "routed", ("C2",)),
        (rule("if", OPEN, "C1") + ELSE_IF.format(when=ITEM, connector="C2"), "cannot-evaluate", ()),
        (rule("if", OPEN, "C2") + ELSE_IF.format(when=ITEM, connector="C2"), "cannot-evaluate", ()),
        (rule("one", CUSTOMER, "C2") + rule("if", OPEN, "C2") + ELSE, "routed", ("C2",)),
        (rule("one", CUSTOMER, "C1") + rule("if", OPEN, "C1") + ELSE, "cannot-evaluate", ("C1",)),
    ],
)
def test_the_first_branch_that_is_true_is_taken(rules: str, expected: str, connectors: tuple[str, ...]) -> None:
    found = outcome(rules)
    assert (found.outcome, found.connectors) == (expected, connectors)


@pytest.mark.parametrize(
    ("more", "word", "published"),
    [
        ({"active": "false"}, "inactive", False),
        ({"published": "false"}, "unpublished", True),
        ({"more": "start_date = 2026-12-01"}, "not yet effective", False),
        ({"more": "end_date = 2026-11-29"}, "no longer effective", False),
    ],
)
def test_a_rule_that_would_have_been_true_says_what_keeps_it(more: dict[str, str], word: str, published: bool) -> None:
    found = outcome(rule("late", ITEM, "C1", **more), published=published)
    assert found.outcome == "unrouted"
    assert [state.missing for state in found.states] == [word]


@pytest.mark.parametrize("day", ["start_date = 2026-11-30", "end_date = 2026-11-30"])
def test_a_day_counts_whole(day: str) -> None:
    assert outcome(rule("today", ITEM, "C1", more=day)).outcome == "routed"
