"""What orders say of rules and findings, in words."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from omtui.rehearsal.job import EditImpact, RehearsalCounts
from omtui.workbench.orders_in_hand import OrdersInHand, impact_words


def counted(edit: EditImpact | None = None) -> RehearsalCounts:
    return RehearsalCounts(10, 1_200, {}, {}, {}, {"A": 1_100}, {("A", "B"): 3, ("B", "C"): 4}, (), (), edit=edit)


def orders(edit: EditImpact | None = None) -> OrdersInHand:
    return OrdersInHand(Path("dev.toml"), Path("/x/orders.csv"), counted(edit))


def finding(check: str) -> Any:
    return SimpleNamespace(check=check)


def test_a_rule_says_what_it_takes_and_what_the_edit_changes() -> None:
    assert orders().rule_words("A") == "takes 1,100 of 1,200 requests of orders.csv"
    assert orders().rule_words("Z") == "takes 0 of 1,200 requests of orders.csv"
    edit = EditImpact(1, 1, (("Pick", "A", "", 1),))
    words = "takes 1,100 requests; your edit: 1 request of 1 line change connector (A to nothing 1)"
    assert orders(edit).rule_words("A") == words
    judging = orders(edit)
    judging.is_judging = True
    assert judging.rule_words("A") == "takes 1,100 requests; judging the edit"
    reading = orders()
    reading.counts, reading.lines = replace(counted(), is_whole=False), 3_000_000
    assert reading.rule_words("A") == "takes 1,100 requests so far: 3,000,000 lines of orders.csv read"
    assert OrdersInHand(Path("a"), Path("b")).rule_words("A") == ""
    assert impact_words(EditImpact(0, 0, ())) == "your edit: no request changes connector"


def test_findings_of_rules_say_how_often_orders_meet_them() -> None:
    assert orders().finding_words(finding("S7-04"), "B") == "hit by 7 of 1,200 requests of orders.csv"
    assert orders().finding_words(finding("S7-04"), "D") == "hit by 0 of 1,200 requests of orders.csv"
    assert orders().finding_words(finding("S7-12"), "Z") == "takes 0 of 1,200 requests of orders.csv"
    assert orders().finding_words(finding("S5-02"), "A") == ""
