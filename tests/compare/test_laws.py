"""What must hold for any two profiles."""

from copy import deepcopy
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from omtui.compare.difference import difference
from omtui.compare.operations import applied, operations
from omtui.setup.catalogue import TABLES
from omtui.setup.place import Data, key_text, place_of
from omtui.store.change import apply as perform
from omtui.store.change import inverse
from tests.compare.profiles import normal, pairs, profiles, shuffled
from tests.thorough import examples


@given(profiles())
def test_nothing_differs_from_itself(data: Data) -> None:
    assert difference(data, deepcopy(data), whole=True).changes == ()
    assert operations(data, deepcopy(data)) == []


@given(profiles(), st.integers())
def test_order_says_nothing(data: Data, seed: int) -> None:
    other = shuffled(data, Random(seed))
    assert difference(data, other, whole=True).changes == ()
    assert operations(data, other) == []


@settings(max_examples=examples(400))
@given(pairs())
def test_the_operations_lead_from_one_to_the_other(both: tuple[Data, Data]) -> None:
    one, other = both
    before = deepcopy(one)
    steps = operations(one, other)
    after = applied(one, steps)
    assert one == before, "what is compared is not changed"
    assert difference(after, other, whole=True).changes == ()
    assert operations(after, other) == []
    assert bool(steps) or not difference(one, other, whole=True)


@given(pairs())
def test_the_operations_can_be_undone(both: tuple[Data, Data]) -> None:
    one, other = both
    here = deepcopy(one)
    done = [perform(here, step) for step in operations(one, other)]
    for step in reversed(done):
        perform(here, inverse(step))
    assert here == one


@given(pairs())
def test_the_way_back_tells_the_same_number_of_records(both: tuple[Data, Data]) -> None:
    one, other = both
    there = difference(one, other, whole=True).changes
    back = difference(other, one, whole=True).changes
    assert sum(change.op == "add" for change in there) == sum(change.op == "remove" for change in back)
    assert sum(change.op == "rename" for change in there) == sum(change.op == "rename" for change in back)


@settings(max_examples=examples(300))
@given(pairs())
def test_what_comes_out_is_the_other_one_by_a_measure_of_its_own(both: tuple[Data, Data]) -> None:
    one, other = (without(each, "routing_rules") for each in both)
    assert normal(applied(one, operations(one, other))) == normal(other)


@given(profiles(), st.data())
def test_one_edit_is_one_change(data: Data, draw: st.DataObject) -> None:
    fields = [
        (table, number, field)
        for table, records in data.items()
        if isinstance(records, list) and table in TABLES and TABLES[table].key not in (None, "")
        for number, record in enumerate(records)
        for field in TABLES[table].fields
        if field.kind == "text" and field.name != TABLES[table].key and not keys_repeat(table, records)
    ]
    assume(fields)
    table, number, field = draw.draw(st.sampled_from(fields))
    other = deepcopy(data)
    record = other[table][number]  # type: ignore[index]
    before = record.get(field.name)
    assume(before != "something else")
    record[field.name] = "something else"
    (change,) = difference(data, other, whole=True).changes
    place = str(place_of(other, (table, number, field.name)))
    assert (change.op, change.where, change.old, change.new) == ("change", place, before, "something else")


def without(data: Data, *tables: str) -> Data:
    return {name: value for name, value in data.items() if name not in tables}


def keys_repeat(table: str, records: list[object]) -> bool:
    keys = [key_text(record, TABLES[table].key) for record in records]
    return len(set(keys)) != len(keys)
