"""What a person decides in a promotion: removals, questions, conflicts by their place, and choices of nothing."""

import pytest

from omtui.compare.promotion import PromotionRequest, plan
from omtui.problem import Problem
from tests.checks.profiles import REMOVED, Edits, sound
from tests.compare.test_promotion import NONE, ids, planned


def test_all_does_not_remove_what_the_target_changed_since() -> None:
    where = "jeopardy.thresholds[PICK_LATE]"
    base = planned(sound(), sound()).next_base
    source, target = sound({where: REMOVED}), sound({f"{where}.name": "changed in the target"})
    assert planned(source, sound(), base=base, request=PromotionRequest(remove=True)).places("remove") == [where]
    asked = planned(source, target, base=base, request=PromotionRequest(remove=True))
    assert [conflict.where for conflict in asked.conflicts] == [where]
    assert asked.is_blocked
    taken = planned(source, target, base=base, request=PromotionRequest(remove=True, decisions={where: "theirs"}))
    assert taken.places("remove") == [where]
    assert planned(source, target, base=base, request=PromotionRequest(remove=(where,))).places("remove") == [where]


def test_a_rule_that_may_be_another_under_a_new_name_is_a_question() -> None:
    (rule,) = [rule for rule in sound()["routing_rules"] if rule["name"] == "Picks"]  # type: ignore[attr-defined]
    other = {**rule, "name": "Main", "then": [{"action": "Set Connector Name", "value": "Events"}], "priority": 2}
    target = sound({"routing_rules[+]": {"name": "Own", "active": True, "when": rule["when"], "then": rule["then"]}})
    source = sound({"routing_rules[+]": other})
    found = planned(source, target)
    questions = [(each.where, each.level, each.blocks) for each in found.findings if each.check == "D-07"]
    if found.places("add"):  # else it was recognised, and is one rule
        assert questions == [("routing_rules[Own]", "error", True)]
        kept = planned(source, target, request=PromotionRequest(decisions={"routing_rules[Own]": "ours"}))
        gone = planned(source, target, request=PromotionRequest(remove=("routing_rules[Own]",)))
        assert "D-07" not in ids(kept) + ids(gone)
    else:
        assert not questions


def test_the_place_of_an_action_is_counted() -> None:
    place = "routing_rules[Picks].then[0].value"
    base = planned(sound(), sound()).next_base
    source, target = sound({place: "Events"}), sound({place: "Other"})
    (conflict,) = planned(source, target, base=base).conflicts
    assert conflict.where == place
    assert planned(source, target, base=base, request=PromotionRequest(decisions={place: "theirs"})).changes


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (PromotionRequest(tags=("3pl",)), "did you mean 3PL?"),
        (PromotionRequest(tags=("3PL", "other")), "no record has the tag other"),
        (PromotionRequest(only=("upstream_source_systems", "status_rule_sets")), "names nothing"),
    ],
)
def test_what_names_nothing_is_wrong(request_: PromotionRequest, words: str) -> None:
    source = sound({"task_types[Pick].tags": ["3PL"], "status_rule_sets": REMOVED})
    found = plan(source, sound(), NONE, request=request_)
    assert isinstance(found, Problem)
    assert words in f"{found.message} {found.fix}"


@pytest.mark.parametrize(
    ("place", "new"),
    [
        ("connectors[Requests].url", "https://new.partner.example/v2/requests"),
        ("connectors[Requests].user_name", "new-user"),
        ("connectors[Requests].credential", "new-credential"),
        ("connectors[Requests].keystore_alias", "new-alias"),
        ("event_subscriptions[cloud].url", "https://new.integration.region-1.ocp.example/ic/home"),
        ("integration_users[WMS].credential", "new-credential"),
        ("topology.endpoints[Label printers].host", "new.partner.example"),
        ("topology.applications[FSCMServices].host", "new.fa.ocs.example"),
        ("services[OrderFulfillmentResponseService].called_by", ["WMS", "new-caller"]),
    ],
)
def test_a_name_that_the_source_changed_blocks_until_it_has_one(place: str, new: object) -> None:
    own: Edits = {
        "connectors[Requests].url": "https://own.partner.example/requests",
        "connectors[Requests].user_name": "own",
        "connectors[Requests].credential": "own",
        "integration_users[WMS].credential": "own",
    }
    source, target = sound({"integration_users[WMS].credential": "theirs"}), sound(own)
    first = planned(source, target)
    assert (first.is_blocked, first.changes) == (False, ())
    changed = sound({"integration_users[WMS].credential": "theirs"}, {place: new})
    assert planned(source, target, base=first.next_base).is_empty, "what was so before stays"
    found = planned(changed, target, base=first.next_base)
    assert [each.where for each in found.findings if each.check == "D-01"] == [place]
    assert found.is_blocked
    assert "new" not in repr((found.merged.data, found.next_base)).replace("renew", "")
