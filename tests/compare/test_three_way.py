"""Merging: its laws, and what a person sees."""

from copy import deepcopy

from hypothesis import assume, given, settings
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
    assert bool(here.conflicts) == bool(there.conflicts)
    if not any(conflict.base is None and not conflict.field for conflict in here.conflicts):
        # Where a name was given twice, the name that is taken back may be in another conflict.
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


def test_two_records_renamed_alike_are_a_conflict_and_one_of_them_is_called_as_before() -> None:
    base = sound()
    ours = sound({"connectors[Requests].name": "New", "routing_rules[Picks].then[0].value": "New"})
    other = str(names(base)[1])
    events = ("Order Header Status Update", "Fulfillment Line Status Update")
    named = {f"trigger_points[{event}].connectors": ["New"] for event in events}
    theirs = sound({f"connectors[{other}].name": "New", **named})
    merged = merge(base, ours, theirs)
    assert [(conflict.where, conflict.base) for conflict in merged.conflicts] == [("connectors[New]", None)]
    assert names(merged.data) == ["New", other]
    decided = merge(base, ours, theirs, {"connectors[New]": "theirs"})
    assert names(decided.data) == ["Requests", "New"]
    assert not decided.open


def names(data: Data) -> list[object]:
    connectors = data.get("connectors", [])
    assert isinstance(connectors, list)
    return [connector["name"] for connector in connectors]


NEW_NAMES = st.sampled_from(["New", "Other", "Requests"])


@st.composite
def changed_names(draw: st.DrawFn) -> Data:
    """The sound profile with some connectors renamed, added or gone; no name twice."""
    data = deepcopy(sound())
    connectors = data["connectors"]
    assert isinstance(connectors, list)
    for connector in list(connectors):
        match draw(st.sampled_from(["keep", "rename", "remove"])):
            case "rename":
                connector["name"] = draw(NEW_NAMES)
            case "remove":
                connectors.remove(connector)
    if draw(st.booleans()):
        connectors.append({"name": draw(NEW_NAMES), "url": "https://new.example/x"})
    assume(len({connector["name"] for connector in connectors}) == len(connectors))
    return data


@given(changed_names(), changed_names(), st.sampled_from(["ours", "theirs"]))
def test_a_merge_gives_no_name_twice(ours: Data, theirs: Data, decision: Decision) -> None:
    merged = merge(sound(), ours, theirs)
    for _ in range(20):
        found = names(merged.data)
        assert len(found) == len(set(found))
        if not merged.open:
            break
        merged = merge(sound(), ours, theirs, {conflict.where: decision for conflict in merged.conflicts})
