"""The planned tests: each line goes where the plan says, takes one branch alone, and keeps its number."""

import random
import tomllib
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omtui.documents.test_plan import PlannedTests, line_words, plan_orders, request_words
from omtui.rehearsal.columns import ColumnChoice
from omtui.rehearsal.expecting import Expected, judge_column
from omtui.rehearsal.open_orders import read_orders
from omtui.rehearsal.orders import Orders
from omtui.rehearsal.rehearsing import Rehearsal, Rehearsed
from omtui.service.order_tests import planned_tests, with_real_lines
from omtui.setup.indexed import Indexed
from tests.rehearsal.generator import AS_OF, ZONE, random_profile
from tests.rehearsal.test_truth import as_read
from tests.thorough import THOROUGH

SAMPLES = Path(__file__).parents[2] / "profiles"
NOW = datetime(2026, 12, 1, tzinfo=UTC)


def planned(data: dict[str, Any], as_of: datetime = NOW) -> tuple[PlannedTests, Rehearsed]:
    setup = Indexed(data)
    rehearsed = Rehearsed(setup, as_of, as_of.tzinfo or UTC)
    return planned_tests(setup, "x", rehearsed), rehearsed


def orders_of(content: str) -> Orders:
    data = content.encode()
    orders = read_orders("tests.csv", lambda: BytesIO(data), len(data))
    assert isinstance(orders, Orders), orders
    return orders


def judged(plan: PlannedTests, rehearsed: Rehearsed) -> Expected:
    found = Expected()
    for found in judge_column(Rehearsal(rehearsed, orders_of(plan_orders(plan)[0]))):  # noqa: B007
        pass
    return found


def dev() -> dict[str, Any]:
    return tomllib.loads((SAMPLES / "vision-dev.toml").read_text())


@pytest.mark.parametrize("name", ["vision-dev", "vision-test", "vision-prod", "source-text"])
def test_every_line_goes_where_the_plan_says(name: str) -> None:
    plan, rehearsed = planned(tomllib.loads((SAMPLES / f"{name}.toml").read_text()))
    found = judged(plan, rehearsed)
    assert (found.met, found.unmet, found.unknown) == (len(plan.orders), [], [])


@settings(max_examples=1000 if THOROUGH else 100, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_every_line_of_random_rules_goes_where_the_plan_says(seed: int) -> None:
    plan, rehearsed = planned(as_read(random_profile(random.Random(seed))), AS_OF)  # type: ignore[arg-type]
    assert rehearsed.rules.zone is ZONE
    content, left_out = plan_orders(plan)
    assert not left_out
    if plan.orders:
        found = Expected()
        for found in judge_column(Rehearsal(rehearsed, orders_of(content))):  # noqa: B007
            pass
        assert (found.met, found.unmet, found.unknown) == (len(plan.orders), [], [])


def test_random_rules_are_really_tested() -> None:
    """So many branches of these rules have a line, and so many values both of their sides."""
    plans = [planned(as_read(random_profile(random.Random(seed))), AS_OF)[0] for seed in range(40)]  # type: ignore[arg-type]
    kinds = Counter(test.kind for plan in plans for test in plan.orders)
    assert kinds["rule"] >= 50
    assert kinds["boundary"] >= 60
    assert kinds["none"] >= 20


@settings(max_examples=500 if THOROUGH else 60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_reordered_rules_have_the_same_tests_with_their_numbers(seed: int) -> None:
    source = random.Random(seed)
    data: Any = as_read(random_profile(source))
    for rule in source.sample(data["routing_rules"], 2):
        rule["name"] = "Twice"
    first, _ = planned(data, AS_OF)
    source.shuffle(data["routing_rules"])
    second, _ = planned(data, AS_OF)
    assert {test.id for test in first.orders} == {test.id for test in second.orders}
    assert len({test.id for test in first.orders}) == len(first.orders)


@settings(max_examples=500 if THOROUGH else 60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_line_of_a_branch_has_no_value_that_it_does_not_need(seed: int) -> None:
    plan, rehearsed = planned(as_read(random_profile(random.Random(seed))), AS_OF)  # type: ignore[arg-type]
    for test in plan.orders:
        for attribute in test.cells if test.kind == "rule" else ():
            rest = {each: cell for each, cell in test.cells.items() if each != attribute}
            smaller = PlannedTests("x", plan.attributes, (replace(test, cells=rest),), (), (), plan.asks_operation)
            run = Rehearsal(rehearsed, orders_of(plan_orders(smaller)[0]))
            [[line]] = run.run()
            [(_, outcome)] = run.outcomes.of(line.group)
            taken = [(state.rule.name, state.taken) for state in outcome.states if not state.missing]
            index = [state.rule.branches.index(each) for state in outcome.states for each in [state.taken] if each]
            assert taken != [(test.rule, taken and taken[0][1])] or index[:1] != [test.branch] or outcome.states[0].open


def test_each_branch_has_a_line_that_takes_it_alone_or_the_reason_why_none_does() -> None:
    plan, _ = planned(dev())
    takes = {(test.rule, test.branch): test for test in plan.orders if test.kind == "rule"}
    assert set(takes) == {
        *(("Route picks", number) for number in range(3)), ("Route labels", 0), ("Route Invoice Request 01", 0),
    }  # fmt: skip
    assert takes["Route picks", 0].expected == "Connector01"
    assert takes["Route picks", 1].expected == "Connector3PL"
    assert {each.what for each in plan.without} >= {"no rule for Pick_From_Ravi"}


def test_a_rule_that_another_one_always_meets_is_reported() -> None:
    data = dev()
    data["routing_rules"].append({**data["routing_rules"][1], "name": "Labels again", "then": [
        {"action": "Set Connector Name", "value": "Connector01"}]})  # fmt: skip
    plan, _ = planned(data)
    why = {each.what: each.why for each in plan.without}
    assert why["Labels again"] == "each line that takes it takes Route labels, too"
    assert why["Route labels"] == "each line that takes it takes Labels again, too"


def test_both_sides_of_a_number_are_tried() -> None:
    plan, _ = planned(dev())
    sides = {test.what: test.expected for test in plan.orders if test.kind == "boundary"}
    assert sides == {
        "Route picks: Ordered Quantity at 999.99": "Connector3PL",
        "Route picks: Ordered Quantity at 1000": "Connector01",
        "Route picks (ELSE 1): Ordered Quantity at 0.99": "Connector01",
        "Route picks (ELSE 1): Ordered Quantity at 1": "Connector3PL",
        "Route picks (ELSE 1): Ordered Quantity at 9": "Connector3PL",
        "Route picks (ELSE 1): Ordered Quantity at 9.01": "Connector01",
    }


@pytest.mark.parametrize(
    ("operator", "value", "below", "above"),
    [
        ("is greater than", 10, "10", "10.01"),
        ("is less than", Decimal("0.125"), "0.124", "0.125"),
        ("is equal to", 7, "6.99", "7"),
        ("is after", date(2026, 11, 30), "2026-11-30", "2026-12-01"),
        ("is before", datetime(2026, 11, 30, 9, tzinfo=UTC), "2026-11-30T08:59:59+00:00", "2026-11-30T09:00:00+00:00"),
    ],
)
def test_the_two_sides_of_each_comparison(operator: str, value: object, below: str, above: str) -> None:
    data = dev()
    attribute = "Requested Ship Date" if isinstance(value, date) else "Ordered Quantity"
    condition = {"entity": "Order Fulfill Line", "attribute": attribute, "operator": operator, "value": value}
    rule = data["routing_rules"][1]
    rule["when"] = {"all": [rule["when"], condition]}
    plan, _ = planned(data)
    tests = [test for test in plan.orders if test.kind == "boundary" and test.rule == "Route labels"]
    rest = [test for test in plan.orders if test.kind == "rule" and test.rule == "Route labels"]
    cells = {test.cells["Order Fulfill Line", attribute]: test.expected for test in (*tests, *rest)}
    assert {cells[below], cells[above]} == {"LabelConnector", "(unrouted)"}


def test_a_line_has_an_operation_where_a_rule_reads_it() -> None:
    data = dev()
    rule = data["routing_rules"][1]
    change = {"entity": "Order Line", "attribute": "Operation", "operator": "is equal to", "value": "Change"}
    rule["when"] = {"all": [rule["when"], {"not": change}]}
    plan, rehearsed = planned(data)
    assert all(test.operation for test in plan.orders)
    [test] = [test for test in plan.orders if test.rule == "Route labels"]
    assert (test.operation, request_words(test)) == ("Create", "Print_Labels, Create")
    assert judged(plan, rehearsed).unmet == []


def test_an_entity_is_named_where_the_rules_read_an_attribute_of_two() -> None:
    data = dev()
    rule = data["routing_rules"][1]
    item = {"entity": "Order Line", "attribute": "Item", "operator": "is equal to", "value": "A"}
    rule["when"] = {"all": [rule["when"], item]}
    plan, _ = planned(data)
    [test] = [test for test in plan.orders if test.rule == "Route labels"]
    assert line_words(test, plan) == "Item (Order Line) A"


def test_a_number_that_never_decides_is_reported() -> None:
    data = dev()
    first = data["routing_rules"][1]["when"]
    number = {"entity": "Order Fulfill Line", "attribute": "Ordered Quantity", "operator": ">", "value": 5}
    data["routing_rules"][1]["when"] = {"any": [first, {"all": [first, number]}]}
    plan, _ = planned(data)
    why = {each.what: each.why for each in plan.without}
    assert why["Route labels: Ordered Quantity at 5 and 5.01"] == "this value alone never decides"


def test_an_else_if_of_another_rule_is_avoided_like_its_first_branch() -> None:
    data = dev()
    task_type = data["routing_rules"][1]["when"]
    item = {"entity": "Order Fulfill Line", "attribute": "Item", "operator": "is equal to"}
    use = [{"action": "Set Connector Name", "value": "Connector01"}]
    branches = [{"all": [task_type, {**item, "value": value}]} for value in ("A", "B")]
    other = {"name": "A or B", "active": True, "when": branches[0], "then": use,
             "otherwise": [{"when": branches[1], "then": use}]}  # fmt: skip
    data["routing_rules"][1]["when"] = {"all": [task_type, {**item, "operator": "is in", "value": ["A", "B", "C"]}]}
    data["routing_rules"].append(other)
    plan, _ = planned(data)
    [test] = [test for test in plan.orders if test.rule == "Route labels"]
    assert test.cells == {("Order Fulfill Line", "Item"): "C"}


@pytest.mark.parametrize("name", ["(mine)", " padded ", "(unrouted)"])
def test_a_connector_with_an_odd_name_is_expected_in_words_that_a_cell_can_hold(name: str) -> None:
    data = dev()
    data["routing_rules"][1]["then"][0]["value"] = name
    plan, rehearsed = planned(data)
    found = judged(plan, rehearsed)
    assert (found.met, found.unmet, found.unknown) == (len(plan.orders), [], [])


def test_a_test_keeps_its_number_when_rules_are_reordered() -> None:
    data = dev()
    first, _ = planned(data)
    data["routing_rules"].reverse()
    second, _ = planned(data)
    assert {test.id for test in first.orders} == {test.id for test in second.orders}
    assert len({test.id for test in (*first.orders, *first.hand)}) == len(first.orders) + len(first.hand)


def test_a_rule_that_does_not_count_now_has_no_line() -> None:
    data = dev()
    data["routing_rules"][0]["start_date"] = datetime(2035, 1, 1, tzinfo=UTC)
    plan, _ = planned(data)
    assert {each.why for each in plan.without if each.what.startswith("Route picks")} == {
        "the rule is not yet effective"
    }


def test_real_lines_take_the_place_of_invented_ones() -> None:
    plan, rehearsed = planned(dev())
    rows = ["7001,1,Pick_From_Ravi,5000,V1,,CM1", "7002,1,Print_Labels,1,V1,,CM1", "7003,1,Invoice,1,V1,,CM5008"]
    heading = "Order,Line,Task Type,Ordered Quantity,Destination Shipping Organization,Business Unit,Item"
    found = with_real_lines(plan, rehearsed, orders_of("\n".join([heading, *rows])), ())
    assert isinstance(found, PlannedTests)
    sources = {test.rule: test.source for test in found.orders if test.source}
    assert sources == {
        "Route picks": "order 7001, line 1 of tests.csv",
        "Route labels": "order 7002, line 1 of tests.csv",
        "Route Invoice Request 01": "order 7003, line 1 of tests.csv",
    }
    again = judged(found, rehearsed)
    assert again.unmet == []


def test_a_real_line_is_read_as_the_mapping_says() -> None:
    plan, rehearsed = planned(dev())
    content = 'Order,Line,Task Type,Menge\n7001,1,Pick_From_Ravi,"5.000,50"'
    choice = ColumnChoice("Menge", "Order Fulfill Line", "Ordered Quantity", decimal=",")
    found = with_real_lines(plan, rehearsed, orders_of(content + ",\n"), [choice])
    assert isinstance(found, PlannedTests)
    assert not [test for test in found.orders if test.source], "without a warehouse it cannot be evaluated"
    rest = "Destination Shipping Organization,Business Unit,Item"
    content = f'Order,Line,Task Type,Menge,{rest}\n7001,1,Pick_From_Ravi,"5.000,50",V1,,'
    found = with_real_lines(plan, rehearsed, orders_of(content), [choice])
    assert isinstance(found, PlannedTests)
    [test] = [test for test in found.orders if test.source]
    assert (test.rule, test.cells["Order Fulfill Line", "Ordered Quantity"]) == ("Route picks", "5000.50")
    assert judged(found, rehearsed).unmet == []


def test_the_one_who_answers_is_a_user_of_the_system_that_is_asked() -> None:
    data = dev()
    who = {test.do.rpartition(" waits in ")[2]: test.who for test in planned(data)[0].hand if test.step == "2"}
    assert (who["Wait for pick"], who["Wait for shipment"]) == ("DEV_WMS", "Oracle")
    for connector in data["connectors"]:
        connector["target_system"] = "Nobody's"
    who = {test.do.rpartition(" waits in ")[2]: test.who for test in planned(data)[0].hand if test.step == "2"}
    assert who["Wait for pick"] == ""


def test_each_status_is_one_test_and_jeopardy_is_of_step_8() -> None:
    data = dev()
    data["status_rule_sets"] = [*data["status_rule_sets"], *data["status_rule_sets"]]
    hand = planned(data)[0].hand
    assert len({test.id for test in hand}) == len(hand)
    assert {test.step for test in hand if "jeopardy" in test.do} == {"8"}


def test_events_and_answers_say_what_must_happen() -> None:
    plan, _ = planned(dev())
    hand = {test.do: test.expected for test in plan.hand}
    assert hand["Bring an order to status Submitted"].startswith("the event is raised: connector EventConnector")
    assert hand["Delay a line until its jeopardy priority is MEDIUM"].startswith("no event: Raise Event is not checked")
    assert any(do.endswith("with status PICKED for a line that waits in Wait for pick") for do in hand)


def test_both_sides_of_a_number_stay_when_a_real_line_takes_the_place_of_one() -> None:
    data = dev()
    rule = data["routing_rules"][1]
    number = {"entity": "Order Fulfill Line", "attribute": "Ordered Quantity", "operator": ">=", "value": 1000}
    rule["when"] = {"all": [rule["when"], number]}
    plan, rehearsed = planned(data)
    heading = "Order,Line,Task Type,Ordered Quantity,Destination Shipping Organization,Business Unit,Item"
    found = with_real_lines(plan, rehearsed, orders_of(f"{heading}\n7001,1,Print_Labels,5000,V1,,CM1\n"), ())
    assert isinstance(found, PlannedTests)
    labels = {
        test.cells["Order Fulfill Line", "Ordered Quantity"] for test in found.orders if test.rule == rule["name"]
    }
    assert labels == {"999.99", "1000", "5000"}
    assert len({test.id for test in found.orders}) == len(found.orders)
    assert judged(found, rehearsed).unmet == []
    number["value"] = 4000
    assert judged(found, Rehearsed(Indexed(data), rehearsed.rules.as_of, UTC)).unmet


def test_what_has_no_test_by_hand_is_named_with_the_reason() -> None:
    data = dev()
    points = {point["name"]: point for point in data["trigger_points"]}
    hold, update, other = (points[name] for name in ("Hold", "Order Attribute Update", "Order Header Status Update"))
    hold["active"] = False
    update["details"] = []
    other["name"] = "Order Whim"
    step = next(each for each in data["orchestration_processes"][0]["steps"] if each["name"] == "Wait for pick")
    del step["exit_criteria"]
    why = {each.what: each.why for each in planned(data)[0].without}
    assert why["trigger point Hold"] == "it is not active"
    assert why["trigger point Order Attribute Update"] == "no attribute is entered"
    assert why["trigger point Order Whim"] == "what raises its event is not known"
    assert why["step 500 Wait for pick of Vision_Pick_Process"].startswith("it waits, and no exit criteria")
