"""Profiles as people may leave them, made from the descriptions: missing keys, wrong words, double names, odd texts.

What comes out has the TOML types that reading asks for, and nothing more.
"""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from omtui.setup.catalogue import TABLES, children
from omtui.setup.field import Field
from omtui.setup.place import Data
from omtui.setup.table import Table

NAMES = (
    "A",
    "B",
    "a b",
    "Connector01",
    "CSS01",
    "x]y",
    'say "when"',
    "Z#2",
    "back\\",
    "two\nlines",
    " sp ",
    "受注",
    "e\u0301",
    "\u202egnp",
    "[bold]",
    "",
)
"""Few, so that references meet records; odd, so that nothing may rely on a form."""

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
names = st.sampled_from(NAMES) | texts
decimals = st.sampled_from(
    [Decimal(each) for each in ("0.0", "-1.5", "1E+3", "5E-7", "1E+999999", "NaN", "Infinity", "-Infinity")]
) | st.decimals(allow_nan=False, allow_infinity=False, places=3).filter(lambda each: "." in str(each))
integers = st.integers(-(2**63), 2**63 - 1) | st.integers(-5, 500) | st.just(10**300)
zones = st.sampled_from([UTC, timezone(timedelta(hours=-5, minutes=-30))])
dates = st.dates(date(1, 1, 3), date(9999, 12, 29))
moments = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 30), timezones=st.none() | zones).map(
    lambda each: each.replace(fold=0)
)
times = st.times().map(lambda each: each.replace(tzinfo=None, fold=0))
scalars = names | integers | decimals | st.booleans() | dates | moments | times


_FEW = st.sampled_from(("A", "B"))
_NUMBERS = st.sampled_from((100, 200))
_REFERRED = {
    (reference.table, reference.field)
    for table in TABLES.values()
    for field in table.fields
    for reference in field.refers
}


def values(field: Field, table: str = "") -> st.SearchStrategy[Any]:
    """Values that the field may have in a readable profile; those of its list among them."""
    words: st.SearchStrategy[str] = st.sampled_from(field.values) | names if field.values else names
    if field.refers or (table, field.name) in _REFERRED:
        words = st.one_of(_FEW, _FEW, _FEW, _FEW, words)
        if field.kind == "integer":
            return st.one_of(_NUMBERS, _NUMBERS, integers)
    match field.kind:
        case "text" | "place":
            return words
        case "integer":
            return integers
        case "number":
            return integers | decimals
        case "boolean":
            return st.booleans()
        case "date":
            return dates | moments
        case "list":
            return st.lists(words, max_size=3)
        case "integers":
            return st.lists(integers, max_size=3)
        case "scalar":
            return (words | scalars) | st.lists(scalars, max_size=3)
        case "condition":
            return trees
    raise AssertionError(field.kind)


_WITH_NAMES = {"steps", "tasks", "services", "statuses", "then", "when", "otherwise"}


def _inner(table: Table, path: str) -> st.SearchStrategy[Any]:
    inner = TABLES[path]
    return records(inner) if inner.single else st.lists(st.deferred(lambda: records(inner)), min_size=1, max_size=3)


def records(table: Table) -> st.SearchStrategy[dict[str, Any]]:
    """Records of a table with some of its keys, and now and then one that is not known."""
    plain = {
        field.name: values(field, table.path) for field in table.fields if field.kind not in ("records", "condition")
    }
    for name, inner in children(table.path).items():
        plain[name] = trees if inner.path == "routing_rules.when" else _inner(table, inner.path)
    if table.path == "routing_rules.otherwise":
        plain["when"], plain["then"] = trees, st.lists(records(TABLES["routing_rules.then"]), max_size=2)
    plain["x unknown"] = scalars
    always = {table.key} if table.key else set()
    always |= {field.name for field in table.fields if (table.path, field.name) in _REFERRED}
    chosen = st.sets(st.sampled_from(sorted(plain)), max_size=5)
    referring = {field.name for field in table.fields if field.refers}
    linked = chosen.map(lambda each: each | always | referring | (set(children(table.path)) & _WITH_NAMES))
    return (linked | chosen.map(lambda each: each | always) | chosen).flatmap(
        lambda each: st.fixed_dictionaries({name: plain[name] for name in sorted(each)})
    )


_leaves = records(TABLES["routing_rules.when"])
trees: st.SearchStrategy[dict[str, Any]] = st.recursive(
    _leaves,
    lambda inner: (
        st.fixed_dictionaries({"all": st.lists(inner, max_size=3)})
        | st.fixed_dictionaries({"any": st.lists(inner, max_size=3)})
        | st.fixed_dictionaries({"not": inner})
        | st.fixed_dictionaries({"any": st.lists(inner, max_size=2), "not": inner})
    ),
    max_leaves=5,
)
"""Trees of conditions, empty groups and mixed nodes among them."""

_TOGETHER = (
    {"task_types", "orchestration_processes", "jeopardy"},
    {"connectors", "source_systems", "routing_rules", "trigger_points", "topology"},
    {"credentials", "connectors", "pod", "integration_users", "certificates"},
    {"source_systems", "planning_source_systems", "upstream_source_systems", "connectors", "waivers"},
    {"roles", "integration_users", "services", "event_subscriptions"},
)
"""Tables that refer to each other."""

_TOP = [table for table in TABLES.values() if not table.parent]


def profiles(*tables: str) -> st.SearchStrategy[Data]:
    """Readable profiles that hold some of the tables; without any named, some of all."""
    offered = [table for table in _TOP if table.path not in ("profile",) and (not tables or table.path in tables)]
    content = {
        table.path: records(table) if table.single else st.lists(records(table), min_size=1, max_size=3)
        for table in offered
    }
    some = st.just(set(content)) if tables else st.sampled_from(_TOGETHER) | st.sets(st.sampled_from(sorted(content)))
    body = some.flatmap(lambda each: st.fixed_dictionaries({name: content[name] for name in sorted(each)}))
    return body.map(lambda each: {"schema": 1, "profile": {"name": "a", "environment": "test"}, **each})
