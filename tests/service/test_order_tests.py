"""The planned tests: each line goes where the plan says, takes one branch alone, and keeps its number."""

import random
import tomllib
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from omtui.documents.test_plan import PlannedTests, plan_orders
from omtui.rehearsal.expecting import Expected, judge_column
from omtui.rehearsal.open_orders import read_orders
from omtui.rehearsal.orders import Orders
from omtui.rehearsal.rehearsing import Rehearsal, Rehearsed
from omtui.service.order_tests import planned_tests, with_real_lines
from omtui.setup.indexed import Indexed
from tests.rehearsal.generator import AS_OF, ZONE, random_profile
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
    for found in judge_column(Rehearsal(rehearsed, orders_of(plan_orders(plan)))):  # noqa: B007
        pass
    return found


def dev() -> dict[str, Any]:
    return tomllib.loads((SAMPLES / "vision-dev.toml").read_text())


@pytest.mark.parametrize("name", ["vision-dev", "vision-test", "vision-prod", "source-text"])
def test_every_line_goes_where_the_plan_says(name: str) -> None:
    plan, rehearsed = planned(tomllib.loads((SAMPLES / f"{name}.toml").read_text()))
    found = judged(plan, rehearsed)
    assert (found.met, found.unmet, found.unknown) == (len(plan.orders), [], [])


def test_every_line_of_random_rules_goes_where_the_plan_says() -> None:
    lines = 0
    for seed in range(800 if THOROUGH else 80):
        plan, rehearsed = planned(random_profile(random.Random(seed)), AS_OF)
        assert rehearsed.rules.zone is ZONE
        if not plan.orders:
            continue
        found = judged(plan, rehearsed)
        assert (found.met, found.unmet, found.unknown) == (len(plan.orders), [], []), seed
        lines += found.met
    assert lines > 150


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
    assert "Route picks: Ordered Quantity at 999.99" in sides
    quantity = ("Order Fulfill Line", "Ordered Quantity")
    assert any(test.cells.get(quantity) == "1000" and test.expected == "Connector01" for test in plan.orders)


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


def test_events_and_answers_say_what_must_happen() -> None:
    plan, _ = planned(dev())
    hand = {test.do: test.expected for test in plan.hand}
    assert hand["Bring an order to status Submitted"].startswith("the event is raised: connector EventConnector")
    assert hand["Delay a line until its jeopardy priority is MEDIUM"].startswith("no event: Raise Event is not checked")
    assert any(do.endswith("with status PICKED for a line that waits in Wait for pick") for do in hand)
