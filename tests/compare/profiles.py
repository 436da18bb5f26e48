"""Random profiles for the laws of comparing: few names and values, so that records meet, collide and are renamed."""

from collections.abc import Iterable
from copy import deepcopy
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import strategies as st

from omtui.setup.catalogue import TABLES, children
from omtui.setup.field import Field
from omtui.setup.place import Data
from omtui.setup.table import Table

WORDS = ("alpha", "beta", "gamma", "Pick system", "https://soa.pick.example:8002/a/b", "it's = 1", ']"x', "")
KEYS = ("K1", "K2", "K3", "K4")
SCALARS = ("CM5008", "Pick", 1, 200, True, False, Decimal("1.5"), date(2026, 1, 2), datetime(2026, 1, 2, tzinfo=UTC))

_OPERATORS = ("is equal to", "=", "is not equal to", "is in", "is between", ">=", "is empty")


def words() -> st.SearchStrategy[str]:
    return st.sampled_from(WORDS)


def values(field: Field) -> st.SearchStrategy[Any]:
    match field.kind:
        case "text":
            return st.sampled_from((*WORDS, *KEYS[:2], *field.values[:2]))
        case "place":
            return st.sampled_from(("connectors[K1]", "source_systems[K2].name", "nonsense"))
        case "integer":
            return st.integers(1, 4)
        case "number":
            return st.sampled_from((1, 2, Decimal("2.0"), Decimal("2.5")))
        case "boolean":
            return st.booleans()
        case "date":
            return st.sampled_from((date(2026, 1, 2), date(2027, 3, 4)))
        case "list":
            return st.lists(st.sampled_from((*KEYS, "a, b")), max_size=3)
        case "integers":
            return st.lists(st.integers(1, 3), max_size=3)
    return st.sampled_from(SCALARS)


def _keys(table: Table) -> st.SearchStrategy[Any]:
    field = table.by_name[table.key or ""]
    return st.integers(1, 5) if field.kind == "integer" else st.sampled_from(KEYS)


def comparisons() -> st.SearchStrategy[dict[str, Any]]:
    def one(subject: str, operator: str, value: Any, turned: bool) -> dict[str, Any]:
        leaf: dict[str, Any] = {"entity": "Order Header", "attribute": subject, "operator": operator}
        if operator == "is empty":
            return leaf
        if operator in ("is in", "is between"):
            return leaf | {"value": [value, 7] if turned else [7, value]}
        return leaf | {"value": value}

    subjects = st.sampled_from(("Item", "Task Type", "Customer"))
    return st.builds(one, subjects, st.sampled_from(_OPERATORS), st.sampled_from(SCALARS), st.booleans())


def trees() -> st.SearchStrategy[dict[str, Any]]:
    return st.recursive(
        comparisons(),
        lambda inner: st.one_of(
            st.builds(lambda items: {"all": items}, st.lists(inner, max_size=3)),
            st.builds(lambda items: {"any": items}, st.lists(inner, max_size=3)),
            st.builds(lambda item: {"not": item}, inner),
        ),
        max_leaves=5,
    )


def actions() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"action": st.sampled_from(("Set Connector Name", "Override Operation"))},
        optional={"value": st.sampled_from((*KEYS, 3)), "unit": st.just("Days")},
    )


def branches() -> st.SearchStrategy[dict[str, Any]]:
    branch = st.fixed_dictionaries({"when": trees(), "then": st.lists(actions(), min_size=1, max_size=2)})
    return st.one_of(branch, actions())


@st.composite
def records(draw: st.DrawFn, table: Table) -> dict[str, Any]:
    record: dict[str, Any] = {}
    if table.key:
        record[table.key] = draw(_keys(table))
    inner = children(table.path)
    names = [field for field in table.fields if field.name not in inner and field.name != table.key]
    for field in draw(st.lists(st.sampled_from(names), max_size=5, unique=True)) if names else ():
        record[field.name] = draw(values(field))
    for name, nested in inner.items():
        if draw(st.booleans()):
            if name == "when":
                record[name] = draw(trees())
            elif name == "then":
                record[name] = draw(st.lists(actions(), min_size=1, max_size=3))
            elif name == "otherwise":
                record[name] = draw(st.lists(branches(), min_size=1, max_size=3))
            else:
                record[name] = draw(st.lists(records(nested), min_size=1, max_size=3))
    if draw(st.integers(0, 9)) == 0:
        record["unknown_key"] = draw(st.one_of(words(), st.just({"a": 1, "b": ["x", "y"]}), st.just([{"a": 1}, {}])))
    return record


_TOP = tuple(table for table in TABLES.values() if not table.parent)


@st.composite
def profiles(draw: st.DrawFn) -> Data:
    """Any profile that can be read: a few tables, filled at random."""
    data: Data = {"schema": 1, "profile": {"name": "p", "environment": "test"}}
    for table in draw(st.lists(st.sampled_from(_TOP), max_size=4, unique=True)):
        if table.path == "profile":
            continue
        if table.single:
            record = draw(records(table))
            if record:
                data[table.path] = record
        else:
            data[table.path] = draw(st.lists(records(table), min_size=1, max_size=4))
    return data


@st.composite
def relatives(draw: st.DrawFn, data: Data) -> Data:
    """A profile made from another one by a few edits: what a colleague or another environment has."""
    other: Data = deepcopy(data)
    lists = [value for value in other.values() if isinstance(value, list)]
    lists += [value for single in other.values() if isinstance(single, dict) for value in single.values()]
    lists = [value for value in lists if isinstance(value, list) and value and isinstance(value[0], dict)]
    random = draw(st.randoms(use_true_random=False))
    for _ in range(draw(st.integers(0, 4))):
        if not lists:
            break
        records_there = random.choice(lists)
        if not records_there:
            continue
        record = random.choice(records_there)
        match random.randrange(5):
            case 0:
                records_there.remove(record)
            case 1:
                records_there.append(deepcopy(record) | {"name": random.choice(KEYS)})
            case 2 if record:
                del record[random.choice(sorted(record))]
            case 3:
                record["note"] = random.choice(WORDS)
            case 4:
                for key in ("name", "code"):
                    if key in record:
                        record[key] = random.choice((*KEYS, "New name"))
    if draw(st.booleans()):
        other = shuffled(other, random)
    emptied = [name for name, value in other.items() if value == []]
    for name in emptied:
        del other[name]
    return other


def pairs() -> st.SearchStrategy[tuple[Data, Data]]:
    """Two profiles: strangers, or relatives."""
    related = profiles().flatmap(lambda data: st.tuples(st.just(data), relatives(data)))
    return st.one_of(st.tuples(profiles(), profiles()), related)


def shuffled(value: Any, random: Random, name: str = "") -> Any:
    """The same profile in another order, wherever order says nothing."""
    if isinstance(value, dict):
        if value.get("operator") == "is between":
            return value
        names = list(value)
        random.shuffle(names)
        return {each: shuffled(value[each], random, each) for each in names}
    if isinstance(value, list):
        items = [shuffled(item, random) for item in value]
        if name != "otherwise":
            random.shuffle(items)
        return items
    return value


def normal(value: Any, name: str = "") -> Any:
    """A profile in a form of its own to compare with: written for the tests, apart from what is tested."""
    if isinstance(value, dict):
        inner = {each: normal(item, each) for each, item in value.items()}
        return sorted((repr(each), repr(item)) for each, item in inner.items() if item not in ([], None))
    if isinstance(value, list):
        items: Iterable[Any] = [normal(item) for item in value]
        return list(items) if name == "otherwise" else sorted(items, key=repr)
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return ("number", str(Decimal(value).normalize()))
    return (type(value).__name__, str(value))
