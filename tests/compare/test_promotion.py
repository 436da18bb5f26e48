"""Promotion: what travels, what stays, what blocks, and that a second one finds nothing to do."""

import tomllib
from copy import deepcopy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omtui.compare.difference import difference
from omtui.compare.mapping import EnvironmentMap, MapEntry
from omtui.compare.operations import applied
from omtui.compare.plan_file import Ready, prepare, prepare_now, read, write
from omtui.compare.promotion import Promotion, PromotionRequest, data_hash, plan, to_json
from omtui.compare.proposal import propose
from omtui.compare.translation import own_hosts
from omtui.problem import Problem
from omtui.setup.place import Data
from omtui.setup.reading import verify
from omtui.store.change import apply as perform
from omtui.store.change import inverse
from tests.checks.profiles import REMOVED, Edits, sound
from tests.compare.environments import hosts_in
from tests.compare.profiles import pairs, shuffled
from tests.thorough import examples

NONE = EnvironmentMap("dev", "test")


def sample(name: str) -> Data:
    path = Path(__file__).parents[2] / "profiles" / f"{name}.toml"
    return tomllib.loads(path.read_text(), parse_float=Decimal)


def planned(source: Data, target: Data, mapping: EnvironmentMap = NONE, **more: object) -> Promotion:
    found = plan(source, target, mapping, **more)  # type: ignore[arg-type]
    assert isinstance(found, Promotion)
    return found


def carried_out(promotion: Promotion) -> Data:
    ready = prepare_now(promotion)
    assert isinstance(ready, Ready), ready
    return applied(promotion.before, list(ready.operations))


def filled(source: Data, target: Data, word: str, new: str) -> EnvironmentMap:
    """A proposed mapping, with what it leaves open filled in as a person would."""
    proposed = propose(source, target)
    mapping = proposed.mapping
    for entry in proposed.to_fill_in:
        mapping = mapping.with_entry(replace(entry, target=entry.source.replace(word, new)))
    return mapping


def ids(promotion: Promotion, *, blocking: bool = False) -> list[str]:
    return sorted({finding.check for finding in promotion.findings if finding.blocks or not blocking})


EMPTY = {"schema": 1, "profile": {"name": "new", "environment": "test"}, "pod": {"release": "25D"}}


def test_from_development_to_test_to_production() -> None:
    dev, test, prod = (sample(f"vision-{name}") for name in ("dev", "test", "prod"))
    to_test = filled(dev, test, "dev", "test")
    first = planned(dev, test, to_test)
    assert not first.is_blocked
    assert first.manual, "the pages have to be changed by people"
    promoted = carried_out(first)
    assert not set(hosts_in(repr(promoted))) & own_hosts(dev)
    assert promoted["profile"] == test["profile"]
    assert promoted["pod"] == test["pod"]
    again = planned(dev, promoted, to_test, base=first.next_base)
    assert (again.changes, again.operations, again.is_blocked) == ((), [], False)

    to_prod = filled(promoted, prod, "-test", "")
    second = planned(promoted, prod, to_prod)
    assert not second.is_blocked, [finding for finding in second.findings if finding.blocks]
    live = carried_out(second)
    assert not set(hosts_in(repr(live))) & (own_hosts(promoted) | own_hosts(dev))
    assert planned(promoted, live, to_prod, base=second.next_base).is_empty
    assert not verify(live)


def test_into_an_empty_profile() -> None:
    dev = sample("vision-dev")
    mapping = filled(dev, EMPTY, "dev", "test")
    promotion = planned(dev, EMPTY, mapping)
    after = carried_out(promotion)
    assert not set(hosts_in(repr(after))) & own_hosts(dev)
    assert {name for name in dev if name not in after} == {"waivers"}
    (process, predefined) = after["orchestration_processes"]  # type: ignore[misc]
    assert (process["status"], process["deployed"], "version" in process) == ("New", False, False)
    assert predefined == {"name": "ShipOrderGenericProcess", "predefined": True}
    assert all(rule["published"] is False for rule in after["routing_rules"] if "predefined" not in rule)  # type: ignore[attr-defined]
    assert "collected_on" not in repr(after)
    assert planned(dev, after, mapping, base=promotion.next_base).is_empty
    assert ids(promotion) == ["D-04", "D-05", "D-08"]
    assert [finding.where for finding in promotion.findings if finding.check == "D-08"] == [
        "event_subscriptions[cloud-dev].name"
    ]


def test_without_a_mapping_nothing_bound_travels() -> None:
    promotion = planned(sound(), EMPTY)
    assert promotion.is_blocked
    assert isinstance(prepare_now(promotion), Problem)
    assert ids(promotion, blocking=True) == ["D-01"]
    by_place = {finding.where: finding for finding in promotion.findings if finding.check == "D-01"}
    url = by_place["connectors[Requests].url"]
    assert 'kind = "host", from = "pick-test.partner.example"' in url.fix
    assert by_place["connectors[Requests].user_name"].level == "error"
    assert not set(hosts_in(repr(promotion.merged.data))) & own_hosts(sound()), "not even in the planned state"


def test_what_the_target_has_of_its_own_stays() -> None:
    own: Edits = {
        "connectors[Requests].url": "https://pick.partner.example/requests",
        "connectors[Requests].user_name": "own",
        "connectors[Requests].credential": "own",
        "connectors[Requests].keystore_alias": REMOVED,
        "certificates": REMOVED,
        "orchestration_processes[Vision_Pick].deployed": False,
        "routing_rules[Picks].published": False,
        "connectors[+]": {"name": "Own", "target_system": "PICK", "invocation_mode": "Synchronous Service"},
        "waivers[+]": {"check": "S8-06", "reason": "own", "where": "trigger_points"},
        "pod.release": "25D",
    }
    source = sound({"connectors[Requests].response_processing": "Reject group with lines that contain error"})
    promotion = planned(source, sound(own))
    assert [change.where for change in promotion.changes] == ["connectors[Requests].response_processing"]
    assert [each.where for each in promotion.only_there] == ["connectors[Own]"]
    assert [finding.where for finding in promotion.findings if finding.blocks] == [
        "connectors[Requests].keystore_alias",
        "certificates[pick].alias",
    ], "the alias is new there and has no name"


def test_a_connector_signs_in_the_way_it_does_there() -> None:
    own: Edits = {
        "connectors[Requests].csf_key": "wallet-key",
        "connectors[Requests].user_name": REMOVED,
        "connectors[Requests].credential": REMOVED,
    }
    assert "user_name" in repr(sound()["connectors"]), "the source has a user"
    assert planned(sound(), sound(own)).is_empty
    assert planned(sound(own), sound()).is_empty
    mapped = replace(NONE, entries=(MapEntry("credential", "wallet-key", "wallet-key"),))
    assert planned(sound(own), EMPTY, mapped).merged.data["connectors"][0]["csf_key"] == "wallet-key"  # type: ignore[index]


def test_a_change_made_in_the_target_survives() -> None:
    first = planned(sound(), sound({"connectors[Requests].description": "old"}))
    base = first.next_base
    target = carried_out(planned(sound({"roles[VISION_RESPONSES].name": "Name"}), sound()))
    target["connectors"][0]["response_processing"] = "Reject group with lines that contain error"  # type: ignore[index]
    later = planned(sound({"connectors[Requests].description": "new"}), target, base=base)
    assert [change.where for change in later.changes] == ["connectors[Requests].description"]
    assert [change.where for change in later.kept] == ["connectors[Requests].response_processing"]
    assert not later.conflicts
    third = planned(sound({"connectors[Requests].description": "new"}), carried_out(later), base=later.next_base)
    assert third.is_empty, "what the target keeps on purpose is not proposed again and again"


def test_what_both_changed_is_decided() -> None:
    base = planned(sound(), sound()).next_base
    field = "connectors[Requests].description"
    source, target = sound({field: "theirs"}), sound({field: "ours"})
    promotion = planned(source, target, base=base)
    assert promotion.is_blocked
    assert [conflict.where for conflict in promotion.conflicts] == [field]
    assert promotion.is_empty
    taken = planned(source, target, base=base, request=PromotionRequest(decisions={field: "theirs"}))
    assert [change.new for change in taken.changes] == ["theirs"]
    kept = planned(source, target, base=base, request=PromotionRequest(decisions={field: "ours"}))
    assert kept.is_empty
    assert not kept.is_blocked
    assert planned(source, target, base=kept.next_base).is_empty, "decided once"


def test_a_record_removed_in_the_target_stays_removed() -> None:
    base = planned(sound(), sound()).next_base
    target = sound({"topology.endpoints[Label printers]": REMOVED})
    assert planned(sound(), target, base=base).is_empty
    changed = planned(sound({"topology.endpoints[Label printers].expect": "tls"}), target, base=base)
    assert [conflict.where for conflict in changed.conflicts] == ["topology.endpoints[Label printers]"]
    again = planned(sound(), target)
    assert ids(again, blocking=True) == ["D-01"], "its host has no name there"


def test_removal_only_on_request() -> None:
    where = "jeopardy.thresholds[PICK_LATE]"
    source = sound({where: REMOVED})
    base = planned(sound(), sound()).next_base
    promotion = planned(source, sound(), base=base)
    assert promotion.is_empty
    assert [(each.where, each.was_promoted) for each in promotion.only_there] == [(where, True)]
    asked = planned(source, sound(), base=base, request=PromotionRequest(remove=(where,)))
    assert asked.places("remove") == [where]
    assert where.split("[")[0] not in carried_out(asked)
    assert planned(source, sound(), request=PromotionRequest(remove=True)).places("remove") == [where]
    assert isinstance(plan(source, sound(), NONE, request=PromotionRequest(remove=("connectors[Requests]",))), Problem)


def test_a_step_that_left_the_source_leaves_the_target() -> None:
    base = planned(sound(), sound()).next_base
    source = sound({"orchestration_processes[Vision_Pick].steps[500]": REMOVED})
    assert planned(source, sound()).is_empty, "nobody knows whether it is the target's own"
    promotion = planned(source, sound(), base=base)
    assert [(change.op, change.where) for change in promotion.changes] == [
        ("remove", "orchestration_processes[Vision_Pick].steps[500]")
    ]
    assert promotion.places("change") == ["orchestration_processes[Vision_Pick]"]
    assert any("deploy" in step.what for step in promotion.manual)


def test_chosen_records_bring_along_what_they_refer_to() -> None:
    promotion = planned(sound(), EMPTY, request=PromotionRequest(only=("routing_rules[Picks]",)))
    assert set(promotion.brought) == {
        "task_types[Pick]",
        "connectors[Requests]",
        "source_systems[PICK]",
        "credentials[requests]",
        "certificates[pick]",
    }
    assert promotion.brought["source_systems[PICK]"] == "connectors[Requests]"
    assert "trigger_points" not in promotion.merged.data
    fewer = planned(
        sound(), EMPTY, request=PromotionRequest(only=("routing_rules[Picks]",), without=("connectors[Requests]",))
    )
    assert "connectors" not in fewer.merged.data


def test_only_a_field() -> None:
    source = sound({"connectors[Requests].description": "new", "connectors[Requests].send_attachments": True})
    only = PromotionRequest(only=("connectors[Requests].description",))
    promotion = planned(source, sound(), request=only)
    assert [change.where for change in promotion.changes] == ["connectors[Requests].description"]
    assert len(planned(source, carried_out(promotion), base=promotion.next_base).changes) == 1


def test_by_tag() -> None:
    source = sound({"task_types[Pick].tags": ["3PL"], "roles[VISION_RESPONSES].name": "not chosen"})
    promotion = planned(source, sound(), request=PromotionRequest(tags=("3PL",)))
    assert [change.where for change in promotion.changes] == ["task_types[Pick].tags"]


@pytest.mark.parametrize(
    ("only", "words"),
    [
        ("connectors[Requets]", "did you mean Requests?"),
        ("connectors[", "correct the place"),
        ("pod.url", "environment itself"),
        ("waivers", "environment itself"),
    ],
)
def test_a_choice_that_makes_no_sense(only: str, words: str) -> None:
    found = plan(sound(), EMPTY, NONE, request=PromotionRequest(only=(only,)))
    assert isinstance(found, Problem)
    assert words in found.fix


def test_a_frozen_name_is_replaced() -> None:
    base = planned(sound(), sound()).next_base
    source = sound({"connectors[Requests].name": "Requests2", "routing_rules[Picks].then[0].value": "Requests2"})
    promotion = planned(source, sound(), base=base)
    assert promotion.places("replace") == ["connectors[Requests2]"]
    assert promotion.places("add") == promotion.places("remove") == []
    assert ids(promotion) == ["D-03", "D-04"]
    assert not promotion.is_blocked
    assert any("then delete Requests" in step.what for step in promotion.manual)
    after = carried_out(promotion)
    assert after["routing_rules"][0]["then"][0]["value"] == "Requests2"  # type: ignore[index]
    assert planned(source, after, base=promotion.next_base).is_empty


@pytest.mark.parametrize(
    "place",
    [
        "orchestration_processes[Vision_Pick].steps[100].name",
        "task_types[Pick].tasks[PICK_CARTON].name",
    ],
)
def test_names_that_must_not_differ(place: str) -> None:
    promotion = planned(sound({place: "Another"}), sound())
    assert ids(promotion, blocking=True) == ["D-03"]


def test_another_release() -> None:
    promotion = planned(sound({"pod.release": "26A"}), sound())
    assert [(finding.check, finding.level) for finding in promotion.findings] == [("D-02", "warning")]
    assert not promotion.is_blocked
    assert planned(sound({"pod.release": REMOVED}), sound()).findings == ()


def test_values_that_the_target_does_not_know() -> None:
    leaf = {"entity": "Order Fulfill Line", "attribute": "Item", "operator": "=", "value": "CM5008"}
    kind = {"entity": "Order Header", "attribute": "Task Type", "operator": "=", "value": "Invoice"}
    source = sound({"routing_rules[Picks].when": {"all": [leaf, kind]}})
    promotion = planned(source, sound())
    assert [(finding.check, finding.where) for finding in promotion.findings] == [
        ("D-05", "routing_rules[Picks].when.all[0].value")
    ]
    mapped = replace(NONE, entries=(MapEntry("value", "CM5008", "CM9000"),))
    promotion = planned(source, sound(), mapped)
    assert promotion.findings == ()
    assert "CM9000" in repr(promotion.changes)
    assert planned(source, source).findings == ()


@pytest.mark.parametrize(
    ("pod", "expected"),
    [
        ({"connector_association": "hidden", "release": "25D"}, [("D-06", "error", True)]),
        ({"connector_association": "shown", "release": "26C"}, []),
        ({"release": "26C"}, [("D-06", "warning", False)]),
        ({"release": "25D"}, []),
        ({}, [("D-06", "info", False)]),
    ],
)
def test_the_target_may_hide_the_association(pod: dict[str, str], expected: list[tuple[str, str, bool]]) -> None:
    point = "trigger_points[Fulfillment Line Status Update]"
    target = sound({f"{point}.connectors": REMOVED, "pod": pod})
    promotion = planned(sound({"pod": pod}), target)
    assert [(each.check, each.level, each.blocks) for each in promotion.findings] == expected


def test_a_host_of_the_source_in_a_text() -> None:
    source = sound({"related_setup[Planning switched off].note": "as on https://pick-test.partner.example/help"})
    promotion = planned(source, sound())
    (finding,) = promotion.findings
    assert (finding.check, finding.where, finding.blocks) == ("D-01", "related_setup[Planning switched off].note", True)
    mapped = replace(NONE, entries=(MapEntry("host", "pick-test.partner.example", "pick.partner.example"),))
    promotion = planned(source, sound(), mapped, request=PromotionRequest(only=("related_setup",)))
    assert [change.new for change in promotion.changes] == ["as on https://pick.partner.example/help"]
    assert not promotion.is_blocked


def test_passwords_are_listed() -> None:
    source = sound({"connectors[+]": {"name": "New", "target_system": "PICK", "credential": "requests"}})
    promotion = planned(source, sound())
    assert [(finding.check, finding.where) for finding in promotion.findings] == [
        ("D-04", "connectors[New].credential")
    ]
    assert "enter the password of credential requests" in repr(promotion.manual)


def test_a_plan_is_a_file() -> None:
    source = sound({"connectors[Requests].description": "new", "source_systems[SHOP].start_date": date(2026, 1, 1)})
    promotion = planned(source, sound())
    text = write(promotion, made_on="2026-11-23T08:00:00Z", version="1.0")
    found = read(text)
    assert not isinstance(found, Problem)
    ready = prepare(found, source, sound())
    assert isinstance(ready, Ready)
    assert list(ready.operations) == promotion.operations
    assert ready.next_base == promotion.next_base
    assert applied(sound(), list(ready.operations)) == carried_out(promotion)


def test_a_stale_plan_is_refused() -> None:
    source, target = sound({"connectors[Requests].description": "new"}), sound()
    found = read(write(planned(source, target), made_on="2026-11-23", version="1"))
    assert not isinstance(found, Problem)
    other = sound({"roles[VISION_RESPONSES].name": "changed"})
    assert isinstance(prepare(found, source, other), Problem)
    assert isinstance(prepare(found, other, target), Problem)


def test_a_blocked_plan_is_refused() -> None:
    found = read(write(planned(sound(), EMPTY), made_on="2026-11-23", version="1"))
    assert not isinstance(found, Problem)
    assert isinstance(prepare(found, sound(), EMPTY), Problem)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "null",
        '{"omtui_plan": 2}',
        '{"omtui_plan": 1}',
        '{"omtui_plan": 1, "sum": "sha256:0"}',
        "[" * 100_000,
        "9" * 5000,
    ],
)
def test_what_is_no_plan(text: str) -> None:
    assert isinstance(read(text), Problem)


def test_an_edited_plan_is_refused() -> None:
    text = write(planned(sound({"roles[VISION_RESPONSES].name": "new"}), sound()), made_on="x", version="1")
    assert isinstance(read(text.replace('"new": "new"', '"new": "evil"')), Problem)


def test_json_has_the_keys_of_the_contract() -> None:
    found = to_json(planned(sound(), sound({"roles[VISION_RESPONSES].name": "x"})))
    assert {"source", "target", "plan", "changes", "findings", "blocked"} <= set(found)
    assert {"add", "change", "replace", "remove", "manual"} == set(found["plan"])  # type: ignore[call-overload]


def test_the_hash_is_of_what_a_profile_says() -> None:
    data = sound()
    assert data_hash(data) == data_hash(dict(reversed(data.items())))
    assert data_hash(data) != data_hash(sound({"roles[VISION_RESPONSES].name": "x"}))


@settings(max_examples=examples(150))
@given(pairs(), st.booleans())
def test_a_second_promotion_finds_nothing_to_do(both: tuple[Data, Data], with_base: bool) -> None:
    source, target = both
    mapping = propose(source, target).mapping
    mapping = replace(
        mapping, entries=tuple(replace(entry, target=entry.target or "x.example") for entry in mapping.entries)
    )
    before = deepcopy(both)
    first = planned(source, target, mapping)
    assert not first.conflicts, "without a base there is nothing to be in conflict with"
    after = applied(target, first.operations)
    second = planned(source, after, mapping, base=first.next_base if with_base else None)
    if not _has_twins(source) and not _has_twins(target):
        assert second.changes == ()
        assert second.operations == []
    assert both == before
    assert all(step is not None for step in first.operations)


@settings(max_examples=examples(100))
@given(pairs(), st.randoms())
def test_the_order_of_the_source_does_not_matter(both: tuple[Data, Data], random: object) -> None:
    source, target = both
    one = planned(source, target, propose(source, target).mapping)
    other = planned(shuffled(source, random), target, propose(source, target).mapping)  # type: ignore[arg-type]
    assert not difference(one.merged.data, other.merged.data) or _has_twins(source) or _has_twins(target)


@settings(max_examples=examples(100))
@given(pairs())
def test_a_promotion_is_one_change_that_can_be_undone(both: tuple[Data, Data]) -> None:
    source, target = both
    here = deepcopy(target)
    done = [perform(here, step) for step in planned(source, target).operations]
    for step in reversed(done):
        perform(here, inverse(step))
    assert here == target


def _has_twins(data: Data) -> bool:
    """Whether two records have one key, so that which is which depends on their order."""
    for value in (
        *data.values(),
        *(inner for each in data.values() if isinstance(each, dict) for inner in each.values()),
    ):
        if isinstance(value, list):
            keys = [next(iter(item.values()), None) for item in value if isinstance(item, dict)]
            if len(set(map(str, keys))) != len(keys):
                return True
            if any(_has_twins(item) for item in value if isinstance(item, dict)):
                return True
    return False
