"""A profile with its indexes: records with their paths, keys to records, references to what they name.

Built once for a state of the profile and read by checks, references and screens. Every index is made on first use, so
a screen that shows one table pays for one table.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import tzinfo
from functools import cached_property
from typing import NamedTuple

from omtui.setup.catalogue import TABLES
from omtui.setup.place import Data, Path, Place, Places, found_at, key_text
from omtui.setup.release import Release
from omtui.setup.table import Record, Table
from omtui.setup.time_zones import zone_of


class LocatedRecord(NamedTuple):
    """A record and the path it is at."""

    path: Path
    record: Record


class Described(NamedTuple):
    """A record (or a single table) with its description and the path it is at."""

    table: Table
    path: Path
    record: Record


class Indexed:
    """A profile as plain data, indexed. The data must not change while the index is in use."""

    def __init__(self, data: Data) -> None:
        self.data = data
        self._records: dict[str, list[LocatedRecord]] = {}
        self._by_field: dict[tuple[str, str], dict[str, list[LocatedRecord]]] = {}

    def single(self, table: str) -> Record:
        """A single table such as `pod`; empty when it is not there."""
        value = self.data.get(table)
        return value if isinstance(value, dict) else {}

    def records(self, table: str) -> list[LocatedRecord]:
        """All records of a table, also of one inside records (`orchestration_processes.steps`)."""
        found = self._records.get(table)
        if found is None:
            found = self._records[table] = list(self._collect(table))
        return found

    def within(self, parent: LocatedRecord, name: str) -> list[LocatedRecord]:
        """The records that one record holds under a key."""
        return [
            LocatedRecord((*parent.path, name, number), record)
            for number, record in enumerate(rows(parent.record, name))
        ]

    def by(self, table: str, field: str) -> Mapping[str, list[LocatedRecord]]:
        """The records of a table by the text of one of their fields; records without it are left out."""
        index = self._by_field.get((table, field))
        if index is None:
            index = self._by_field[table, field] = {}
            for found in self.records(table):
                value = found.record.get(field)
                if value is not None:
                    index.setdefault(str(value), []).append(found)
        return index

    def by_key(self, table: str) -> Mapping[str, list[LocatedRecord]]:
        """The records of a table by their key."""
        return self.by(table, TABLES[table].key or "")

    @cached_property
    def described(self) -> list[Described]:
        """Every record with its description, table by table; then what rules hold."""
        found: list[Described] = []
        for table in TABLES.values():
            if table.single:
                record = self.data.get(table.path)
                found += [Described(table, (table.path,), record)] if isinstance(record, dict) else []
            elif not table.path.startswith("routing_rules."):
                found += (Described(table, *each) for each in self.records(table.path))
        return found + self.rule_parts

    @cached_property
    def rule_parts(self) -> list[Described]:
        """What rules hold, also where it nests: conditions, actions and ELSE branches, rule by rule."""
        found: list[Described] = []
        for path, rule in self.records("routing_rules"):
            _add_branch(found, path, rule)
            for number, entry in enumerate(rows(rule, "otherwise")):
                here = (*path, "otherwise", number)
                found.append(Described(_OTHERWISE, here, entry))
                _add_branch(found, here, entry)
        return found

    def place(self, path: Path) -> Place:
        """The place that names a path of this profile."""
        return self._places.of(path)

    @cached_property
    def _places(self) -> Places:
        return Places(self.data)

    @property
    def name(self) -> str:
        """The profile's name as the file states it."""
        return str(self.single("profile").get("name", ""))

    @property
    def environment(self) -> str:
        """development, test, production or practice; or what else the file says."""
        return str(self.single("profile").get("environment", ""))

    @cached_property
    def zone(self) -> tzinfo:
        """The time zone of the pod, in which days begin and end."""
        return zone_of(text(self.single("pod"), "time_zone"))

    @cached_property
    def release(self) -> Release | None:
        """The pod's release; `None` when not given or no release."""
        return Release.parse(self.single("pod").get("release", ""))

    def _collect(self, table: str) -> Iterator[LocatedRecord]:
        parent, _, name = table.rpartition(".")
        if not parent:
            for number, record in enumerate(rows(self.data, table)):
                yield LocatedRecord((table, number), record)
        elif TABLES[parent].single:
            for number, record in enumerate(rows(self.single(parent), name)):
                yield LocatedRecord((parent, name, number), record)
        else:
            for holder in self.records(parent):
                yield from self.within(holder, name)


_CONDITION, _ACTION, _OTHERWISE = (TABLES[f"routing_rules.{name}"] for name in ("when", "then", "otherwise"))


def _add_branch(found: list[Described], path: Path, branch: Record) -> None:
    _add_conditions(found, (*path, "when"), branch.get("when"))
    found += (Described(_ACTION, (*path, "then", n), action) for n, action in enumerate(rows(branch, "then")))


def _add_conditions(found: list[Described], path: Path, node: object) -> None:
    if isinstance(node, dict):
        found.append(Described(_CONDITION, path, node))
        for join in ("all", "any"):
            for number, inner in enumerate(rows(node, join)):
                _add_conditions(found, (*path, join, number), inner)
        _add_conditions(found, (*path, "not"), node.get("not"))


def rows(holder: Mapping[str, object], name: str) -> list[Record]:
    """The records that a table holds under a key; empty when there are none."""
    value = holder.get(name)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def texts(record: Record, name: str) -> list[str]:
    """A list of texts of a record; empty when it is not there."""
    value = record.get(name)
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def text(record: Record, name: str) -> str:
    """A field as text; empty when it is not there."""
    value = record.get(name)
    return "" if value is None else str(value)


def flag(record: Record, name: str) -> bool:
    """Whether a field is true."""
    return record.get(name) is True


def is_predefined(record: Record) -> bool:
    """Whether a record is Oracle's own, noted and not entered by hand."""
    return record.get("predefined") is True


def title_of(table: str, record: Record) -> str:
    """What people call a record: its key, or its first column that is set."""
    description = TABLES[table]
    if key := key_text(record, description.key):
        return key
    return next((str(record[name]) for name in description.columns if name in record), "")


def has_tag(record: object, tags: Collection[str]) -> bool:
    """Whether a record has one of some tags."""
    have = record.get("tags") if isinstance(record, dict) else None
    return isinstance(have, list) and any(tag in tags for tag in have)


def tags_of(value: object) -> Iterator[str]:
    """The tags of all records in plain data, in the order of the file; one that many have comes many times."""
    if isinstance(value, dict):
        yield from texts(value, "tags")
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        yield from tags_of(inner)


def tagged_at(data: object, path: Path, tags: Collection[str]) -> bool:
    """Whether the record at a path, or one around it, has one of some tags."""
    here = data
    for part in path:
        if has_tag(here, tags):
            return True
        here = found_at(here, (part,))
    return has_tag(here, tags)
