"""Facts have a source and a certainty, and no error rests on one that is inferred."""

from hypothesis import given, settings
from hypothesis import strategies as st

from omtui.checks.explaining import explanation
from omtui.checks.facts import news_26d
from omtui.checks.facts.fact import Fact
from omtui.checks.finding import LEVELS
from omtui.checks.running import all_checks, run
from omtui.setup.indexed import Indexed
from omtui.setup.place import Data
from omtui.setup.release import NEWEST, Release
from tests.checks.profiles import CONTEXT, checked, sound
from tests.setup.strategies import profiles
from tests.thorough import examples

CHECKS = list(all_checks().values())
FACTS: dict[Fact, str] = {fact: check.id for check in CHECKS for fact in check.facts}


def test_every_check_rests_on_a_fact() -> None:
    assert [check.id for check in CHECKS if not check.facts] == []


def test_no_error_rests_on_what_is_inferred() -> None:
    """The first fact carries the level; where another one is inferred, the check has a weaker level for it."""
    for check in CHECKS:
        if check.level == "error":
            assert check.facts[0].certainty != "inferred", check.id
            if any(fact.certainty == "inferred" for fact in check.facts):
                assert check.weakest, check.id


def test_what_is_inferred_is_never_reported_as_an_error() -> None:
    timeout = {"action": "Set Acknowledgement Timeout", "value": 5, "unit": "Minutes"}
    for task_type in ("Reservation", "Shipment", "Invoice"):
        when = {"entity": "Order Header", "attribute": "Task Type", "operator": "is equal to", "value": task_type}
        rule = {"name": "New", "active": True, "when": when, "then": [timeout]}
        found = [each.level for each in checked(sound({"routing_rules[+]": rule})) if each.check == "S7-07"]
        assert found == ["warning"]


def test_facts_are_sentences_with_a_source() -> None:
    for fact, id in FACTS.items():
        assert fact.text, id
        assert not fact.text.endswith("."), id
        assert fact.source.title, id
        assert fact.source.url.startswith("https://docs.oracle.com/") or not fact.source.url, id
        assert fact.since is None or fact.until is None or fact.since < fact.until, id


def test_nothing_rests_on_the_page_of_26d_but_that_it_is_there() -> None:
    for fact, id in FACTS.items():
        if "26d" in fact.source.url.lower():
            assert fact is news_26d.PUBLISHED, id
    assert all("26D" not in fact.source.title for fact in FACTS if fact is not news_26d.PUBLISHED)
    assert {FACTS[fact] for fact in FACTS if fact is news_26d.PUBLISHED} == {"P0-02"}


def test_a_rule_of_a_release_has_a_fact_that_begins_there() -> None:
    for check in CHECKS:
        if check.since is not None:
            assert any(fact.since == check.since for fact in check.facts), check.id


def test_no_fact_is_newer_than_the_newest_release() -> None:
    assert max(fact.since for fact in FACTS if fact.since) == NEWEST == Release(26, "D")


def test_an_explanation_shows_source_and_certainty() -> None:
    page = explanation(all_checks()["S5-09"], width=300)
    assert "inferred: no page that was read says so" in page
    assert "read on this page" in page
    page = explanation(all_checks()["S2-09"], width=200)
    assert "from 26D" in page
    assert "/26b/order26b/26B-order-mgmt-wn-t72535.htm" in page
    assert "warning from 26D, info before" in page
    assert "error from 26D, warning from 25D" in explanation(all_checks()["F-02"], width=200)


@settings(max_examples=examples(40))
@given(profiles(), st.sampled_from(["25C", "25D", "26B", "26C", "26D"]))
def test_no_finding_is_weaker_than_its_check_says(data: Data, release: str) -> None:
    """A waiver without a level holds for the lowest level that its check can have."""
    found = run(Indexed({**data, "pod": {**data.get("pod", {}), "release": release}}), CONTEXT)
    checks = all_checks()
    assert [each for each in found if LEVELS.index(each.level) > LEVELS.index(checks[each.check].lowest)] == []
