"""References: what names what, and what a rename takes along."""

import tomllib
from collections import Counter
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from omtui.setup.catalogue import TABLES
from omtui.setup.indexed import Indexed, LocatedRecord
from omtui.setup.place import Data, Path, Place, key_text, parse, resolve, table_at
from omtui.setup.references import Edit, choices, definition, mentions, rename, targets, usages
from tests.setup.strategies import profiles

NEW = "a name that nobody bears"

TEXT = """
schema = 1
profile = { name = "a", environment = "test" }
pod = { credential = "pod" }
credentials = [{ name = "pod" }, { name = "con" }]
source_systems = [{ code = "CSS01" }, { code = "CSS02" }]
planning_source_systems = [{ code = "CSS01" }]
connectors = [
    { name = "Connector01", target_system = "CSS01", credential = "con" },
    { name = "Connector02", target_system = "CSS03", credential = "elsewhere" },
]
certificates = [{ alias = "x" }]
task_types = [
    { name = "Pick", tasks = [{ code = "T", name = "Task" }], services = [{ code = "S", name = "Service" }] },
    { name = "Pack", tasks = [{ code = "T", name = "Task" }] },
]
trigger_points = [{ name = "Hold", connectors = ["Connector02", "Connector01"] }]
waivers = [
    { check = "S5-01", where = "connectors[Connector01].url", reason = "x" },
    { check = "S4-09", where = "planning_source_systems[CSS01]", reason = "x" },
    { check = "S5-02", where = "connectors[Gone].url", reason = "x" },
    { check = "S1-05", where = "task_types[Pick].services[Gone].code", reason = "x" },
    { check = "S5-03", where = "not a place", reason = "x" },
]

[[topology.endpoints]]
name = "e"
of = "connectors[Connector01]"

[[orchestration_processes]]
name = "Process"
steps = [
    { number = 100, name = "a", task_type = "Pick", task = "Task", service = "Service" },
    { number = 200, name = "b", task_type = "Pack", task = "Task", service = "Service", depends_on = 100 },
]

[[orchestration_processes]]
name = "Other"
steps = [{ number = 100, name = "a" }, { number = 300, name = "b", depends_on = 100 }]

[[routing_rules]]
name = "Rule"
when = { all = [
    { entity = "Order Header", attribute = "Task Type", operator = "=", value = "Pick" },
    { entity = "Order Header", attribute = "Task Type", operator = "is in", value = ["Pack", "Pick", 5] },
    { entity = "Order Header", attribute = "Task Type", operator = "starts with", value = "Pick" },
    { not = { entity = "Order Header", attribute = "Source Order System", value = "CSS02" } },
    { entity = "Order Fulfill Line", attribute = "Item", operator = "=", value = "Pick" },
] }
then = [
    { action = "Set Connector Name", value = "Connector01" },
    { action = "Override Operation", value = "Connector01" },
]
otherwise = [
    { when = { attribute = "Process Name", operator = "is equal to", value = "Process" }, then = [{ action = "x" }] },
    { action = "Set Connector Name", value = "Connector02" },
]
"""


def data() -> Data:
    return tomllib.loads(TEXT, parse_float=Decimal)


def at(setup: Data, place: str) -> Path:
    parsed = parse(place)
    assert isinstance(parsed, Place)
    path = resolve(setup, parsed)
    assert isinstance(path, tuple)
    return path


def value_at(setup: Data, path: Path) -> Any:
    here: Any = setup
    for part in path:
        here = here[part]
    return here


def apply(setup: Data, edits: list[Edit]) -> Data:
    changed = deepcopy(setup)
    for edit in edits:
        holder = value_at(changed, edit.path[:-1])
        holder[edit.path[-1]] = edit.value
    return changed


def users(place: str) -> set[str]:
    setup = Indexed(data())
    return {str(setup.place(mention.path)) for mention in usages(setup, at(setup.data, place))}


def test_who_names_a_record() -> None:
    assert users("connectors[Connector01]") == {
        "trigger_points[Hold].connectors[1]",
        "routing_rules[Rule].then[0].value",
        "topology.endpoints[e].of",
    }
    assert users("connectors[Connector02]") == {
        "trigger_points[Hold].connectors[0]",
        "routing_rules[Rule].otherwise[1].value",
    }
    assert users("task_types[Pick]") == {
        "orchestration_processes[Process].steps[100].task_type",
        "routing_rules[Rule].when.all[0].value",
        "routing_rules[Rule].when.all[1].value[1]",
    }
    assert users("task_types[Pick].tasks[T]") == {"orchestration_processes[Process].steps[100].task"}
    assert users("task_types[Pick].services[S]") == {"orchestration_processes[Process].steps[100].service"}
    assert users("task_types[Pack].tasks[T]") == {"orchestration_processes[Process].steps[200].task"}
    assert users("source_systems[CSS01]") == {
        "planning_source_systems[CSS01].code",
        "connectors[Connector01].target_system",
    }
    assert users("source_systems[CSS02]") == {"routing_rules[Rule].when.all[3].not.value"}
    assert users("orchestration_processes[Process].steps[100]") == {
        "orchestration_processes[Process].steps[200].depends_on"
    }
    assert users("orchestration_processes[Process]") == {"routing_rules[Rule].otherwise[0].when.value"}
    assert users("credentials[pod]") == {"pod.credential"}
    assert users("certificates[x]") == set()
    assert users("pod") == set()
    assert users("connectors[Connector01].url") == set()


@pytest.mark.parametrize(
    ("place", "target"),
    [
        ("connectors[Connector01].target_system", "source_systems[CSS01]"),
        ("connectors[Connector02].target_system", None),
        ("connectors[Connector01].url", None),
        ("trigger_points[Hold].connectors[0]", "connectors[Connector02]"),
        ("orchestration_processes[Process].steps[200].task", "task_types[Pack].tasks[T]"),
        ("orchestration_processes[Process].steps[200].service", None),
        ("orchestration_processes[Other].steps[300].depends_on", "orchestration_processes[Other].steps[100]"),
        ("routing_rules[Rule].when.all[1].value[0]", "task_types[Pack]"),
        ("topology.endpoints[e].of", "connectors[Connector01]"),
        ("waivers[S5-01].where", "connectors[Connector01].url"),
        ("waivers[S5-03].where", None),
        ("pod.credential", "credentials[pod]"),
        ("profile", None),
    ],
)
def test_what_a_field_names(place: str, target: str | None) -> None:
    setup = Indexed(data())
    found = definition(setup, at(setup.data, place))
    assert found == (None if target is None else at(setup.data, target))


def test_the_whole_profile_names_nothing() -> None:
    assert definition(Indexed(data()), ()) is None


def renamed(place: str, field: str, new: str | int) -> dict[str, object]:
    setup = Indexed(data())
    path = at(setup.data, place)
    return {str(setup.place(edit.path)): edit.value for edit in rename(setup, path, field, new)}


def test_a_rename_takes_everything_along() -> None:
    assert renamed("connectors[Connector01]", "name", "N]") == {
        "connectors[Connector01].name": "N]",
        "trigger_points[Hold].connectors[1]": "N]",
        "routing_rules[Rule].then[0].value": "N]",
        "topology.endpoints[e].of": 'connectors["N]"]',
        "waivers[S5-01].where": 'connectors["N]"].url',
    }


def test_a_rename_takes_along_the_places_of_records_that_follow() -> None:
    assert renamed("source_systems[CSS01]", "code", "N") == {
        "source_systems[CSS01].code": "N",
        "planning_source_systems[CSS01].code": "N",
        "connectors[Connector01].target_system": "N",
        "waivers[S4-09].where": "planning_source_systems[N]",
    }


def test_a_rename_keeps_what_it_does_not_know() -> None:
    found = renamed("task_types[Pick]", "name", "N")
    assert found["waivers[S1-05].where"] == "task_types[N].services[Gone].code"
    assert len(found) == 5


def test_a_step_gets_another_number() -> None:
    assert renamed("orchestration_processes[Process].steps[100]", "number", 150) == {
        "orchestration_processes[Process].steps[100].number": 150,
        "orchestration_processes[Process].steps[200].depends_on": 150,
    }


def test_a_name_that_is_no_key() -> None:
    assert renamed("task_types[Pick].tasks[T]", "name", "N") == {
        "task_types[Pick].tasks[T].name": "N",
        "orchestration_processes[Process].steps[100].task": "N",
    }


def test_of_two_records_with_one_name_references_mean_the_first() -> None:
    spoiled = data()
    spoiled["connectors"] = [{"name": "A"}, {"name": "A"}]
    spoiled["trigger_points"] = [{"name": "Hold", "connectors": ["A"]}]
    spoiled["waivers"] = [{"check": "x", "where": "connectors[A].url"}, {"check": "y", "where": "connectors[A#2].url"}]
    setup = Indexed(spoiled)
    assert rename(setup, ("connectors", 1), "name", "B") == [
        Edit(("connectors", 1, "name"), "B"),
        Edit(("waivers", 1, "where"), "connectors[B].url"),
    ]
    assert rename(setup, ("connectors", 0), "name", "B") == [
        Edit(("connectors", 0, "name"), "B"),
        Edit(("trigger_points", 0, "connectors", 0), "B"),
        Edit(("waivers", 0, "where"), "connectors[B].url"),
        Edit(("waivers", 1, "where"), "connectors[A].url"),
    ]


def test_a_record_without_a_name_is_named_by_nobody() -> None:
    spoiled = data()
    spoiled["connectors"] = [{"url": "x"}]
    spoiled["trigger_points"] = [{"name": "Hold", "connectors": [""]}]
    setup = Indexed(spoiled)
    assert usages(setup, ("connectors", 0)) == []
    assert rename(setup, ("connectors", 0), "name", "B") == [Edit(("connectors", 0, "name"), "B")]


def test_a_taken_name_gets_a_place_of_its_own() -> None:
    found = renamed("connectors[Connector01]", "name", "Connector02")
    assert found["waivers[S5-01].where"] == "connectors[Connector02].url"
    spoiled = data()
    spoiled["connectors"] = [{"name": "B"}, {"name": "A"}]
    spoiled["waivers"] = [{"check": "x", "where": "connectors[A].url"}]
    assert rename(Indexed(spoiled), ("connectors", 1), "name", "B")[-1].value == "connectors[B#2].url"


def dangling(setup: Indexed) -> Counter[Path]:
    return Counter(mention.path for mention in mentions(setup) if not targets(setup, mention))


def _named_records(setup: Indexed) -> list[tuple[LocatedRecord, str]]:
    """Records with a field that others name them by, of which no other has the same name."""
    offered = []
    for table in TABLES.values():
        names = {table.key} | {
            reference.field
            for other in TABLES.values()
            for field in other.fields
            for reference in field.refers
            if reference.table == table.path
        }
        for field in sorted(name for name in names if name and not table.by_name[name].refers):
            by = setup.by(table.path, field) if not table.path.startswith("routing_rules.") and not table.single else {}
            offered += [(found[0], field) for name, found in by.items() if len(found) == 1 and name]
    return offered


@given(profiles(), st.data())
def test_a_rename_leaves_nothing_dangling(data: Data, draw: st.DataObject) -> None:
    setup = Indexed(data)
    offered = _named_records(setup)
    assume(offered)
    (path, record), field = draw.draw(st.sampled_from(offered))
    table = table_at(path)
    assert table
    old = record[field]
    new: str | int = 987_654 if isinstance(old, int) else NEW
    before = usages(setup, path)
    edits = rename(setup, path, field, new)
    assert len({edit.path for edit in edits}) == len(edits)
    after = Indexed(apply(data, edits))
    assert dangling(after) <= dangling(setup)
    assert [mention.path for mention in usages(after, path)] == [mention.path for mention in before]
    for place_path in _place_texts(data):
        place = parse(value_at(data, place_path))
        if isinstance(place, Place) and isinstance(named := resolve(data, place), tuple):
            moved = parse(value_at(after.data, place_path))
            assert isinstance(moved, Place)
            assert resolve(after.data, moved) == named
    assert apply(after.data, rename(after, path, field, old)) == data


def _place_texts(data: Data) -> list[Path]:
    setup = Indexed(data)
    return [
        (*found.path, field)
        for table, field in (("waivers", "where"), ("topology.endpoints", "of"))
        for found in setup.records(table)
        if field in found.record
    ]


@given(profiles("waivers", "connectors", "topology", "trigger_points", "source_systems", "routing_rules"), st.data())
def test_places_in_texts_follow(data: Data, draw: st.DataObject) -> None:
    setup = Indexed(data)
    connectors = setup.records("connectors")
    assume(connectors)
    data["waivers"] = [{"check": "x", "where": str(setup.place((*found.path, "url")))} for found in connectors]
    setup = Indexed(data)
    path = draw.draw(st.sampled_from(connectors)).path
    after = Indexed(apply(data, rename(setup, path, "name", draw.draw(st.sampled_from(["A", NEW, "B"])))))
    for found, waiver in zip(connectors, after.records("waivers"), strict=True):
        place = parse(str(waiver.record["where"]))
        assert isinstance(place, Place)
        assert resolve(after.data, place) == (*found.path, "url")


@given(profiles())
def test_definition_and_usages_agree(data: Data) -> None:
    setup = Indexed(data)
    for mention in mentions(setup):
        named = targets(setup, mention)
        if named:
            assert definition(setup, mention.path) is not None
        for target in named:
            assert mention.name == "" or mention.path in {each.path for each in usages(setup, target.path)}


@given(profiles())
def test_a_mention_is_where_it_says(data: Data) -> None:
    for mention in mentions(Indexed(data)):
        assert str(value_at(data, mention.path)) == mention.name
        assert mention.reference in mention.field.refers


@given(profiles(), st.data())
def test_choices_are_names_and_words(data: Data, draw: st.DataObject) -> None:
    setup = Indexed(data)
    table = TABLES[draw.draw(st.sampled_from(sorted(TABLES)))]
    rows = [] if table.single or table.path.startswith("routing_rules.") else setup.records(table.path)
    found = draw.draw(st.sampled_from(rows)) if rows else LocatedRecord((table.path,), {})
    for field in table.fields:
        offered = choices(setup, found.record, field, found.path)
        assert len(set(offered)) == len(offered)
        named = {
            key_text(each.record, reference.field)
            for reference in field.refers
            for each in setup.records(reference.table)
        }
        assert set(offered) <= named | set(field.values)
        assert "" not in offered
        if not field.refers:
            assert offered == list(field.values)


def test_choices_look_inside_the_record_that_is_named() -> None:
    setup = Indexed(data())
    steps = TABLES["orchestration_processes.steps"]
    first = setup.records(steps.path)[0]
    assert choices(setup, first.record, steps.by_name["service"], first.path) == ["Service"]
    assert choices(setup, {"task_type": "Pack"}, steps.by_name["service"], first.path) == []
    assert choices(setup, first.record, steps.by_name["depends_on"], first.path) == ["100", "200"]
    value = TABLES["routing_rules.then"].by_name["value"]
    action = {"action": "Set Connector Name"}
    assert choices(setup, action, value) == ["Connector01", "Connector02"]
    assert choices(setup, {"action": "Override Operation"}, value) == []
