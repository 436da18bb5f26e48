"""Every record of a profile with its description, also those that nest: conditions, actions, ELSE branches."""

from collections.abc import Iterator
from typing import NamedTuple
from weakref import WeakKeyDictionary

from omtui.setup.catalogue import TABLES
from omtui.setup.indexed import Indexed, rows
from omtui.setup.place import Path
from omtui.setup.table import Record, Table

_CONDITION = TABLES["routing_rules.when"]
_ACTION = TABLES["routing_rules.then"]
_OTHERWISE = TABLES["routing_rules.otherwise"]


class Described(NamedTuple):
    """A record (or a single table) with its description and the path it is at."""

    table: Table
    path: Path
    record: Record


_DESCRIBED: WeakKeyDictionary[Indexed, list[Described]] = WeakKeyDictionary()


def described_records(setup: Indexed) -> list[Described]:
    """All records of all tables. Several checks ask for them, so they are kept with the profile's indexes."""
    found = _DESCRIBED.get(setup)
    if found is None:
        found = _DESCRIBED[setup] = list(_described(setup))
    return found


def _described(setup: Indexed) -> Iterator[Described]:
    for table in TABLES.values():
        if table.path.startswith("routing_rules."):
            continue
        if table.single:
            record = setup.data.get(table.path)
            if isinstance(record, dict):
                yield Described(table, (table.path,), record)
            continue
        for path, record in setup.records(table.path):
            yield Described(table, path, record)
    for path, rule in setup.records("routing_rules"):
        yield from _branch(path, rule)
        for number, entry in enumerate(rows(rule, "otherwise")):
            yield Described(_OTHERWISE, (*path, "otherwise", number), entry)
            yield from _branch((*path, "otherwise", number), entry)


def _branch(path: Path, branch: Record) -> Iterator[Described]:
    when = branch.get("when")
    if isinstance(when, dict):
        yield from _conditions((*path, "when"), when)
    for number, action in enumerate(rows(branch, "then")):
        yield Described(_ACTION, (*path, "then", number), action)


def _conditions(path: Path, node: Record) -> Iterator[Described]:
    yield Described(_CONDITION, path, node)
    for join in ("all", "any"):
        for number, inner in enumerate(rows(node, join)):
            yield from _conditions((*path, join, number), inner)
    inverted = node.get("not")
    if isinstance(inverted, dict):
        yield from _conditions((*path, "not"), inverted)
