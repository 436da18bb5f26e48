"""From what a person wants to change to operations: each can be carried out, leaves a readable profile, and undone."""

import tomllib
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.service import editing
from omtui.service.editing import Plan
from omtui.setup.catalogue import TABLES
from omtui.setup.indexed import Indexed, LocatedRecord
from omtui.setup.place import Data, key_text
from omtui.setup.reading import verify
from omtui.setup.references import mentions, targets
from omtui.store.change import MISSING, apply, inverse, value_at
from tests.setup.strategies import names, profiles, values

TEXT = """
schema = 1
profile = { name = "a", environment = "test" }
source_systems = [{ code = "CSS01" }]
connectors = [
    { name = "C", url = "https://a.example", credential = "secret", tags = ["x"], owner = "me" },
    { name = "C copy" },
    { url = "https://b.example" },
    { name = "Oracle's", predefined = true },
]
task_types = [{ name = "Pick" }, { name = "Shipment", predefined = true }, {}]
waivers = [{ check = "S7-05", where = "routing_rules[R]", reason = "x" }]

[[orchestration_processes]]
name = "ShipOrderGenericProcess"
predefined = true
status = "Released"
deployed = true
steps = [{ number = 100, name = "a" }, { number = 101, name = "b", depends_on = 100 }]

[[routing_rules]]
name = "R"
published = true
active = true
changed_since_publish = true
when = { operator = "is equal to" }
then = [{ action = "Set Connector Name", value = "C" }]
"""


def data() -> Data:
    return tomllib.loads(TEXT)


def done(setup: Data, plan: Plan) -> Data:
    """The data after a plan; undoing it must bring the data back."""
    changed = deepcopy(setup)
    performed = [apply(changed, operation) for operation in plan.operations]
    assert verify(changed) == []
    again = deepcopy(changed)
    for operation in reversed(performed):
        apply(again, inverse(operation))
    assert repr(again) == repr(setup) or again == setup
    return changed


def at(setup: Data, *path: str | int) -> Any:
    return value_at(setup, path)


# Values


def test_a_value_is_set_changed_and_cleared() -> None:
    setup = data()
    path = ("source_systems", 0, "name")
    plan = editing.set_value(Indexed(setup), path, "Pick system")
    assert (plan.label, plan.path) == ("Set source_systems[CSS01].name", path)
    setup = done(setup, plan)
    assert at(setup, *path) == "Pick system"
    assert editing.set_value(Indexed(setup), path, "Pick system").operations == ()
    for nothing in ("", [], MISSING):
        plan = editing.set_value(Indexed(setup), path, nothing)
        assert plan.label == "Clear source_systems[CSS01].name"
        assert at(done(setup, plan), *path) is MISSING
    assert editing.set_value(Indexed(setup), ("source_systems", 0, "type"), MISSING).operations == ()


def test_a_password_typed_into_an_address_gets_nowhere() -> None:
    setup = Indexed(tomllib.loads(TEXT))
    path = ("connectors", 0, "url")
    plan = editing.set_value(setup, path, "https://me:hunter2@b.example:8/x?a=b@c")
    assert "hunter2" not in repr(plan)
    assert "left out" in plan.remark
    assert plan.operations[0].new == "https://b.example:8/x?a=b@c"  # type: ignore[union-attr]
    added = editing.add_record(setup, ("connectors",), "D", values={"url": "https://me:hunter2@b.example/"})
    assert "hunter2" not in repr(added)
    for harmless in ("https://b.example/@me:x", "mailto:me@b.example", "a@b"):
        assert editing.set_value(setup, path, harmless).operations[0].new == harmless  # type: ignore[union-attr]


def test_a_number_is_not_the_same_as_yes() -> None:
    setup = data()
    setup["routing_rules"][0]["when"] = {"value": True}  # type: ignore[index]
    plan = editing.set_value(Indexed(setup), ("routing_rules", 0, "when", "value"), 1)
    assert at(done(setup, plan), "routing_rules", 0, "when", "value") == 1
    assert plan.operations


def test_a_single_table_comes_with_its_first_value() -> None:
    changed = done(data(), editing.set_value(Indexed(data()), ("pod", "release"), "25D"))
    assert changed["pod"] == {"release": "25D"}


def test_oracle_fills_in_what_follows_from_a_name() -> None:
    setup = data()
    changed = done(setup, editing.set_value(Indexed(setup), ("task_types", 2, "name"), "Pack it"))
    assert at(changed, "task_types", 2, "services", 0) == {
        "code": "Pack it Create",
        "name": "Pack it Create",
        "operation": "Create",
    }
    renamed = done(changed, editing.set_value(Indexed(changed), ("task_types", 2, "name"), "Other"))
    assert at(renamed, "task_types", 2, "services", 0, "code") == "Pack it Create"
    changed = done(setup, editing.set_value(Indexed(setup), ("task_types", 1, "name"), "Invoice"))
    assert at(changed, "task_types", 1) == {"name": "Invoice", "predefined": True}
    changed = done(setup, editing.set_value(Indexed(setup), ("routing_rules", 0, "when", "attribute"), "Item"))
    assert at(changed, "routing_rules", 0, "when", "entity") == "Order Fulfill Line"
    again = done(changed, editing.set_value(Indexed(changed), ("routing_rules", 0, "when", "attribute"), "Task Type"))
    assert at(again, "routing_rules", 0, "when", "entity") == "Order Fulfill Line"


# Records


def test_a_record_is_added_with_what_oracle_fills_in() -> None:
    setup = Indexed(data())
    plan = editing.add_record(setup, ("connectors",), "N]")
    assert (plan.label, plan.path) == ('Add connector "N]"', ("connectors", 4))
    assert at(done(data(), plan), *plan.path) == {"name": "N]", "invocation_mode": "Asynchronous Service"}
    plan = editing.add_record(setup, ("certificates",), None, values={"subject": "CN=a"})
    assert at(done(data(), plan), "certificates") == [{"subject": "CN=a"}]
    plan = editing.add_record(setup, ("topology", "applications"), "FASOA")
    assert at(done(data(), plan), "topology", "applications", 0) == {"name": "FASOA", "port": 443}
    plan = editing.add_record(setup, ("task_types",), "Invoice", values={"predefined": True})
    assert at(done(data(), plan), *plan.path) == {"name": "Invoice", "predefined": True}
    plan = editing.add_record(setup, ("connectors",), "Connect to Oracle Shipping System", values={"predefined": True})
    assert "invocation_mode" not in at(done(data(), plan), *plan.path)


@pytest.mark.parametrize(("index", "position"), [(0, 0), (2, 2), (4, 4), (99, 4), (-1, 0), (None, 4)])
def test_a_record_is_added_where_it_is_wanted(index: int | None, position: int) -> None:
    plan = editing.add_record(Indexed(data()), ("connectors",), "N", index=index)
    assert plan.path == ("connectors", position)
    assert at(done(data(), plan), "connectors", position, "name") == "N"


def test_a_copy_has_a_free_name_and_leaves_behind_what_does_not_travel() -> None:
    setup = Indexed(data())
    changed = done(data(), editing.duplicate_record(setup, ("connectors", 0)))
    assert at(changed, "connectors", 1) == {
        "name": "C copy 2",
        "url": "https://a.example",
        "tags": ["x"],
        "owner": "me",
    }
    changed = done(data(), editing.duplicate_record(setup, ("connectors", 2)))
    assert at(changed, "connectors", 3) == {"url": "https://b.example"}
    changed = done(data(), editing.duplicate_record(setup, ("routing_rules", 0)))
    assert set(at(changed, "routing_rules", 1)) == {"name", "active", "when", "then"}
    changed = done(data(), editing.duplicate_record(setup, ("orchestration_processes", 0, "steps", 0)))
    assert [step["number"] for step in at(changed, "orchestration_processes", 0, "steps")] == [100, 102, 101]


def test_a_copy_of_oracles_own_record_is_ones_own() -> None:
    changed = done(data(), editing.duplicate_record(Indexed(data()), ("orchestration_processes", 0)))
    copy = at(changed, "orchestration_processes", 1)
    assert set(copy) == {"name", "copied_from", "steps"}
    assert copy["copied_from"] == "ShipOrderGenericProcess"
    changed = done(data(), editing.duplicate_record(Indexed(data()), ("connectors", 3)))
    assert at(changed, "connectors", 4) == {"name": "Oracle's copy"}


def test_a_copy_keeps_to_the_length_of_oracles_page() -> None:
    setup = data()
    setup["source_systems"] = [{"code": "x" * 30}, {"code": "x" * 25 + " copy"}]
    changed = done(setup, editing.duplicate_record(Indexed(setup), ("source_systems", 0)))
    assert at(changed, "source_systems", 1, "code") == "x" * 23 + " copy 2"


@pytest.mark.parametrize(("start", "position", "order"), [(0, 1, "BAC"), (2, 0, "CAB"), (1, -5, "BAC"), (0, 99, "BCA")])
def test_a_record_moves(start: int, position: int, order: str) -> None:
    setup = data()
    setup["connectors"] = [{"name": name} for name in "ABC"]
    plan = editing.move_record(Indexed(setup), ("connectors", start), position)
    changed = done(setup, plan)
    assert "".join(each["name"] for each in at(changed, "connectors")) == order
    assert at(changed, *plan.path)["name"] == "ABC"[start]
    assert editing.move_record(Indexed(setup), ("connectors", 0), -1).operations == ()


def test_the_last_record_takes_its_list_along() -> None:
    assert "source_systems" not in done(data(), editing.remove_record(Indexed(data()), ("source_systems", 0)))


# Names


def test_a_rename_follows() -> None:
    plan = editing.rename_field(Indexed(data()), ("connectors", 0), "name", "N\x1b")
    assert plan.label == "Rename connectors[C] to N␛"
    changed = done(data(), plan)
    assert at(changed, "connectors", 0, "name") == at(changed, "routing_rules", 0, "then", 0, "value") == "N\x1b"
    changed = done(
        data(), editing.rename_field(Indexed(data()), ("orchestration_processes", 0, "steps", 0), "number", 50)
    )
    assert at(changed, "orchestration_processes", 0, "steps", 1, "depends_on") == 50
    changed = done(data(), editing.rename_field(Indexed(data()), ("connectors", 2), "name", "New"))
    assert at(changed, "connectors", 2, "name") == "New"
    assert editing.rename_field(Indexed(data()), ("connectors", 0), "name", "C").operations == ()


def test_a_waiver_follows_every_key() -> None:
    assert editing.is_referred_to(TABLES["routing_rules"], "name")
    plan = editing.rename_field(Indexed(data()), ("routing_rules", 0), "name", "S")
    assert at(done(data(), plan), "waivers", 0, "where") == "routing_rules[S]"


def test_which_fields_others_name() -> None:
    assert editing.is_referred_to(TABLES["connectors"], "name")
    assert editing.is_referred_to(TABLES["task_types.tasks"], "name")
    assert not editing.is_referred_to(TABLES["connectors"], "url")


# Laws


def _records(setup: Indexed) -> list[LocatedRecord]:
    paths = [
        table.path for table in TABLES.values() if not table.single and not table.path.startswith("routing_rules.")
    ]
    return [found for path in paths for found in setup.records(path)]


def _dangling(setup: Indexed) -> int:
    return sum(not targets(setup, mention) for mention in mentions(setup))


@given(profiles(), st.data())
def test_every_change_of_any_profile_can_be_undone(setup: Data, draw: st.DataObject) -> None:
    indexed = Indexed(setup)
    offered = _records(indexed)
    if not offered:
        return
    path, record = offered[draw.draw(st.integers(0, len(offered) - 1))]
    table = editing.table_of(path[:-1])
    count = len(at(setup, *path[:-1]))

    copied = done(setup, editing.duplicate_record(indexed, path))
    assert len(at(copied, *path[:-1])) == count + 1
    if key_text(record, table.key):
        keys = [key_text(each, table.key) for each in at(copied, *path[:-1])]
        assert keys.count(keys[int(path[-1]) + 1]) == 1

    removed = done(setup, editing.remove_record(indexed, path))
    assert len(at(removed, *path[:-1]) if count > 1 else []) == count - 1

    target = draw.draw(st.integers(-1, count))
    moved = done(setup, editing.move_record(indexed, path, target))
    assert sorted(map(repr, at(moved, *path[:-1]))) == sorted(map(repr, at(setup, *path[:-1])))
    assert _dangling(Indexed(moved)) == _dangling(indexed)

    added = editing.add_record(indexed, path[:-1], draw.draw(names), index=draw.draw(st.none() | st.integers(-1, 9)))
    if table.key is None or table.by_name[table.key].kind == "text":
        assert len(at(done(setup, added), *path[:-1])) == count + 1

    fields = [field for field in table.fields if field.kind not in ("records", "condition")]
    field = draw.draw(st.sampled_from([each.name for each in fields]))
    value = draw.draw(values(table.by_name[field]))
    plan = editing.set_value(indexed, (*path, field), value)
    after = done(setup, plan)
    assert repr(at(after, *path, field)) == repr(MISSING if value in ("", []) else value)

    if table.key and table.by_name[table.key].kind == "text":
        done(setup, editing.rename_field(indexed, path, table.key, draw.draw(names)))
