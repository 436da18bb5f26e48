"""Profiles as people may leave them, made from the descriptions: missing keys, wrong words, double names, odd texts.

What comes out has the TOML types that reading asks for, and nothing more.

A record is filled by a seed of its own, from some odd values that are drawn once: to draw each value costs more than
most laws. What breaks a law still shrinks to few tables with few records.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
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
_DECIMALS = [Decimal(each) for each in ("0.0", "-1.5", "1E+3", "5E-7", "1E+999999", "NaN", "Infinity", "-Infinity")]
decimals = st.sampled_from(_DECIMALS) | st.decimals(allow_nan=False, allow_infinity=False, places=3).filter(
    lambda each: "." in str(each)
)
_EDGES = (0, -1, 2**31, 2**53 + 1, 2**63 - 1, -(2**63), 10**300)
integers = st.integers(-(2**63), 2**63 - 1) | st.integers(-5, 500) | st.just(10**300)
_ZONES = [UTC, timezone(timedelta(hours=-5, minutes=-30))]
dates = st.dates(date(1, 1, 3), date(9999, 12, 29))
moments = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 30), timezones=st.none() | st.sampled_from(_ZONES)).map(
    lambda each: each.replace(fold=0)
)
times = st.times().map(lambda each: each.replace(tzinfo=None, fold=0))
scalars = names | integers | decimals | st.booleans() | dates | moments | times


_REFERRED = {
    (reference.table, reference.field)
    for table in TABLES.values()
    for field in table.fields
    for reference in field.refers
}
_WITH_NAMES = {"steps", "tasks", "services", "statuses", "then", "when", "otherwise"}


@dataclass(frozen=True)
class _Filler:
    """Fills records: what is in them depends on the seed and the odd values alone."""

    source: random.Random
    texts: list[str]
    odd: list[Any]

    def text(self, words: tuple[str, ...] = ()) -> str:
        return self.source.choice(self.source.choice([each for each in (words, NAMES, self.texts) if each]))

    def integer(self) -> int:
        ranges = (self.source.randint(-5, 500), self.source.randint(-(2**63), 2**63 - 1), self.source.choice(_EDGES))
        return self.source.choice(ranges)

    def decimal(self) -> Decimal:
        places = Decimal(self.source.randint(-(10**9), 10**9)).scaleb(-3)
        return self.source.choice((places, self.source.choice(_DECIMALS)))

    def date(self) -> date:
        moment = datetime(2, 1, 1) + timedelta(
            self.source.randrange(3_650_000), 0, self.source.randrange(86_400 * 10**6)
        )
        return self.source.choice((moment.date(), moment, moment.replace(tzinfo=self.source.choice(_ZONES))))

    def scalar(self) -> Any:
        own = (self.text, self.integer, self.decimal, self.date, lambda: self.source.random() < 0.5)
        return self.source.choice((self.source.choice(own), lambda: self.source.choice(self.odd)))()

    def some(self, fill: Callable[[], Any], least: int = 0, most: int = 3) -> list[Any]:
        return [fill() for _ in range(self.source.randint(least, most))]

    def value(self, field: Field, table: str = "") -> Any:
        def word() -> str:
            referring = field.refers or (table, field.name) in _REFERRED
            return self.source.choice("AB") if referring and self.source.random() < 0.8 else self.text(field.values)

        match field.kind:
            case "text" | "place":
                return word()
            case "integer":
                linked = field.refers or (table, field.name) in _REFERRED
                return self.source.choice((100, 200)) if linked and self.source.random() < 0.7 else self.integer()
            case "number":
                return self.source.choice((self.integer, self.decimal))()
            case "boolean":
                return self.source.random() < 0.5
            case "date":
                return self.date()
            case "list":
                return self.some(word)
            case "integers":
                return self.some(self.integer)
            case "scalar":
                return self.source.choice((word, self.scalar, lambda: self.some(self.scalar)))()
            case "condition":
                return self.tree()
        raise AssertionError(field.kind)

    def record(self, table: Table) -> dict[str, Any]:
        """Some of a table's keys: with what refers and is referred to, with its key, or any; and an unknown one."""
        plain: dict[str, Callable[[], Any]] = {
            field.name: lambda field=field: self.value(field, table.path)  # type: ignore[misc]
            for field in table.fields
            if field.kind not in ("records", "condition")
        }
        inner = children(table.path)
        for name, each in inner.items():
            plain[name] = lambda each=each: self.inner(each)  # type: ignore[misc]
        if table.path == "routing_rules.otherwise":
            plain["when"], plain["then"] = self.tree, lambda: self.some(lambda: self.record(_THEN), 0, 2)
        plain["x unknown"] = self.scalar
        always = {field.name for field in table.fields if (table.path, field.name) in _REFERRED}
        always |= {table.key} if table.key else set()
        referring = {field.name for field in table.fields if field.refers} | (set(inner) & _WITH_NAMES)
        names = sorted(plain)
        chosen = {self.source.choice(names) for _ in range(self.source.randint(0, 5))}
        chosen |= self.source.choice((always | referring, always, set()))
        return {name: plain[name]() for name in names if name in chosen}

    def inner(self, table: Table) -> Any:
        if table.path == "routing_rules.when":
            return self.tree()
        return self.record(table) if table.single else self.some(lambda: self.record(table), 1)

    def tree(self, depth: int = 0) -> dict[str, Any]:
        """A tree of conditions, empty groups and mixed nodes among them."""
        if depth == 3 or self.source.random() < 0.45:
            return self.record(_CONDITION)

        def below() -> dict[str, Any]:
            return self.tree(depth + 1)

        match self.source.randrange(4):
            case 0:
                return {"all": self.some(below)}
            case 1:
                return {"any": self.some(below)}
            case 2:
                return {"not": below()}
        return {"any": self.some(below, 0, 2), "not": below()}


_THEN, _CONDITION = TABLES["routing_rules.then"], TABLES["routing_rules.when"]
_seeds = st.integers(0, 2**32 - 1)
_odd_values = st.tuples(st.lists(texts, max_size=3), st.lists(scalars, min_size=1, max_size=4))
_fillers = st.tuples(_seeds, _odd_values).map(lambda each: _Filler(random.Random(each[0]), *each[1]))


def values(field: Field, table: str = "") -> st.SearchStrategy[Any]:
    """Values that the field may have in a readable profile; those of its list among them."""
    return _fillers.map(lambda filler: filler.value(field, table))


def records(table: Table) -> st.SearchStrategy[dict[str, Any]]:
    """Records of a table with some of its keys, and now and then one that is not known."""
    return _fillers.map(lambda filler: filler.record(table))


trees: st.SearchStrategy[dict[str, Any]] = _fillers.map(_Filler.tree)
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


@st.composite
def profiles(draw: st.DrawFn, *tables: str) -> Data:
    """Readable profiles that hold some of the tables; without any named, some of all."""
    offered = sorted(each.path for each in _TOP if each.path != "profile" and (not tables or each.path in tables))
    chosen = offered if tables else sorted(draw(st.sampled_from(_TOGETHER) | st.sets(st.sampled_from(offered))))
    odd = draw(_odd_values)
    content: Data = {"schema": 1, "profile": {"name": "a", "environment": "test"}}
    for path in chosen:
        seeds = draw(st.lists(_seeds, min_size=1, max_size=1 if TABLES[path].single else 3))
        filled = [_Filler(random.Random(seed), *odd).record(TABLES[path]) for seed in seeds]
        content[path] = filled[0] if TABLES[path].single else filled
    return content
