"""Merging: its laws, and what a person sees."""

from copy import deepcopy

from hypothesis import given, settings
from hypothesis import strategies as st

from omtui.compare.difference import difference
from omtui.compare.operations import applied
from omtui.compare.three_way import Decision, merge
from omtui.setup.place import Data
from tests.checks.profiles import REMOVED, sound
from tests.compare.profiles import pairs, profiles, relatives
from tests.thorough import examples

threes = profiles().flatmap(lambda base: st.tuples(st.just(base), relatives(base), relatives(base)))


def alike(one: Data, other: Data) -> bool:
    return not difference(one, other, whole=True)


@given(pairs())
def test_what_only_they_changed_is_theirs(both: tuple[Data, Data]) -> None:
    base, theirs = both
    merged = merge(base, deepcopy(base), theirs)
    assert merged.conflicts == ()
    assert alike(merged.data, theirs)


@given(pairs())
def test_what_only_we_changed_is_ours(both: tuple[Data, Data]) -> None:
    base, ours = both
    merged = merge(base, ours, deepcopy(base))
    assert merged.conflicts == ()
    assert alike(merged.data, ours)
    assert merged.operations == []


@given(pairs())
def test_what_both_changed_alike_is_no_conflict(both: tuple[Data, Data]) -> None:
    base, ours = both
    merged = merge(base, ours, deepcopy(ours))
    assert merged.conflicts == ()
    assert alike(merged.data, ours)


@settings(max_examples=examples(300))
@given(threes)
def test_it_does_not_matter_who_is_who(three: tuple[Data, Data, Data]) -> None:
    base, ours, theirs = three
    here, there = merge(base, ours, theirs), merge(base, theirs, ours)
    assert len(here.conflicts) == len(there.conflicts)
    if not here.conflicts:
        assert alike(here.data, there.data)


@given(threes)
def test_the_operations_make_the_merged_state(three: tuple[Data, Data, Data]) -> None:
    base, ours, theirs = three
    before = deepcopy((base, ours, theirs))
    merged = merge(base, ours, theirs)
    assert alike(applied(ours, merged.operations), merged.data)
    assert (base, ours, theirs) == before


@given(threes)
def test_a_decision_settles_its_conflict(three: tuple[Data, Data, Data]) -> None:
    base, ours, theirs = three
    conflicts = merge(base, ours, theirs).conflicts
    decisions: dict[str, Decision] = {conflict.where: "theirs" for conflict in conflicts}
    decided = merge(base, ours, theirs, decisions)
    assert decided.open == ()
    assert [conflict.where for conflict in decided.conflicts] == [conflict.where for conflict in conflicts]
    other_way = merge(base, theirs, ours)
    assert len(other_way.conflicts) == len(conflicts)
    if len({conflict.where for conflict in conflicts}) == len(conflicts):
        assert alike(decided.data, other_way.data)


def test_two_people_edit_two_fields_of_one_record() -> None:
    base = sound()
    merged = merge(
        base,
        sound({"connectors[Requests].user_name": "new.user"}),
        sound({"connectors[Requests].response_processing": "Reject group with lines that contain error"}),
    )
    assert merged.conflicts == ()
    assert alike(
        merged.data,
        sound(
            {
                "connectors[Requests].user_name": "new.user",
                "connectors[Requests].response_processing": "Reject group with lines that contain error",
            }
        ),
    )


def test_both_change_one_field() -> None:
    ours = sound({"connectors[Requests].user_name": "one"})
    theirs = sound({"connectors[Requests].user_name": "two"})
    merged = merge(sound(), ours, theirs)
    (conflict,) = merged.conflicts
    assert (conflict.where, conflict.base, conflict.ours, conflict.theirs) == (
        "connectors[Requests].user_name",
        "vision",
        "one",
        "two",
    )
    assert alike(merged.data, ours), "undecided, it stays as it is here"
    assert alike(merge(sound(), ours, theirs, {conflict.where: "theirs"}).data, theirs)
    assert merge(sound(), ours, theirs, {conflict.where: "ours"}).open == ()


def test_one_removes_what_the_other_changes() -> None:
    ours = sound({"topology.endpoints[Label printers]": REMOVED})
    theirs = sound({"topology.endpoints[Label printers].port": 9200})
    merged = merge(sound(), ours, theirs)
    (conflict,) = merged.conflicts
    assert (conflict.where, conflict.ours) == ("topology.endpoints[Label printers]", None)
    assert alike(merged.data, ours)
    assert alike(merge(sound(), ours, theirs, {conflict.where: "theirs"}).data, theirs)
    (mirrored,) = merge(sound(), theirs, ours).conflicts
    assert mirrored.theirs is None


def test_lists_of_plain_values_are_merged_as_sets() -> None:
    field = "integration_users[WMS].privileges"
    merged = merge(sound({field: ["A", "B"]}), sound({field: ["B", "C"]}), sound({field: ["A", "B", "D"]}))
    assert merged.conflicts == ()
    assert alike(merged.data, sound({field: ["B", "C", "D"]}))


def test_what_one_newly_names_follows_the_rename_of_the_other() -> None:
    renamed = sound(
        {
            "connectors[Requests].name": "Requests2",
            "routing_rules[Picks].then[0].value": "Requests2",
        }
    )
    new_rule = {"name": "More", "then": [{"action": "Set Connector Name", "value": "Requests"}]}
    with_rule = sound({"routing_rules[+]": new_rule})
    for ours, theirs in ((renamed, with_rule), (with_rule, renamed)):
        merged = merge(sound(), ours, theirs)
        assert merged.conflicts == ()
        rules = merged.data["routing_rules"]
        assert isinstance(rules, list)
        assert [rule["then"][0]["value"] for rule in rules] == ["Requests2", "Requests2"]


def test_both_add_a_record_of_one_name() -> None:
    one = {"code": "NEW", "name": "New", "type": "Spoke"}
    ours, theirs = sound({"source_systems[+]": one}), sound({"source_systems[+]": one | {"type": "Purchased"}})
    (conflict,) = merge(sound(), ours, theirs).conflicts
    assert (conflict.where, conflict.base) == ("source_systems[NEW].type", None)
    assert merge(sound(), ours, deepcopy(ours)).conflicts == ()
