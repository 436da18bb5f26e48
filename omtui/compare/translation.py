"""A profile in the terms of another environment: its hosts, users and codes by their names over there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from omtui.compare.binding import NEVER, Kind, is_bound, is_fact, is_state, kinds_of
from omtui.compare.map_lookup import AmbiguousEntries, MapLookup, Mapped
from omtui.compare.mapping import MapEntry, host_and_port
from omtui.compare.matching import records_of
from omtui.setup.catalogue import TABLES, child
from omtui.setup.field import Field
from omtui.setup.hosts import host_of, is_loopback
from omtui.setup.place import Data, Path, Place, Places, found_at
from omtui.setup.routing import SET_CONNECTOR
from omtui.setup.table import Record


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A value that is bound to its environment and has no name in the other one."""

    kind: Kind
    value: str
    place: str
    why: AmbiguousEntries | None = None
    """Set when two entries of the mapping are equally exact."""


@dataclass
class Translated:
    """The result. Paths are those of the translated data, which has the shape of the source."""

    data: Data
    unmapped: dict[Path, Unmapped] = field(default_factory=dict)
    """Fields bound to the source environment, as they are there: they must not travel."""
    used: dict[MapEntry, list[str]] = field(default_factory=dict)
    """The entries that were used, and the places that use them."""


def translate(source: Mapping[str, object], lookup: MapLookup) -> Translated:
    """Put the set-up of one environment in the terms of another. Tables that never travel are left out, states too.

    Facts of credentials and certificates (who issued them, when they end) are left out: the other environment has its
    own. Texts of any field are searched for hosts of the source.
    """
    work = _Translation(source, lookup)
    return work.done


def own_hosts(data: Mapping[str, object]) -> frozenset[str]:
    """All hosts that a profile names where something is called or found, in lower case; loopback left out."""
    return frozenset(host for host in _own_hosts(data) if "." in host and not is_loopback(host))


def values_by_kind(data: Mapping[str, object]) -> dict[Kind, set[str]]:
    """What a profile calls its users, credentials and the like: the values of its bound fields but hosts and URLs."""
    known: dict[Kind, set[str]] = {}
    for table in TABLES.values():
        bound = [each.name for each in table.fields if is_bound(table.path, each.name)]
        kinds = {name: kinds_of(table.path, name)[0] for name in bound}
        if table.single or not kinds:
            continue
        for record in records_of(found_at(data, tuple(table.path.split(".")))):
            for name, kind in kinds.items():
                value = record.get(name)
                for item in value if isinstance(value, list) else [value]:
                    if isinstance(item, str) and kind not in ("host", "url"):
                        known.setdefault(kind, set()).add(item)
    return known


class _Translation:
    def __init__(self, source: Mapping[str, object], lookup: MapLookup) -> None:
        self._lookup = lookup
        self._places = Places(source)
        self._hosts = own_hosts(source)
        self.done = Translated({})
        for name, value in source.items():
            if name in NEVER or name == "schema":
                continue
            new = self._inside("", name, value, (name,), {})
            if new not in ({}, []):
                self.done.data[name] = new

    def _inside(self, table: str, name: str, value: object, path: Path, record: Record) -> object:
        inner = child(table, name)
        if inner is None:
            return self._field(table, name, value, path, record)
        if isinstance(value, dict):
            return self._record(inner.path, value, path)
        if isinstance(value, list):
            return [
                self._record(inner.path, item, (*path, number)) if isinstance(item, dict) else item
                for number, item in enumerate(value)
            ]
        return value

    def _record(self, table: str, record: Record, path: Path) -> Data:
        new: Data = {}
        skipped = _left_out(table)
        for name, value in record.items():
            if name not in skipped:
                new[name] = self._inside(table, name, value, (*path, name), record)
        if (table == "topology.endpoints" and isinstance(record.get("port"), int)) or table == "topology.applications":
            self._port(record, new, path)
        return new

    def _field(self, table: str, name: str, value: object, path: Path, record: Record) -> object:
        kinds = kinds_of(table, name)
        if kinds and _applies(table, name, record):
            if isinstance(value, list):
                return [
                    self._mapped(table, name, kinds, item, (*path, number), record) if isinstance(item, str) else item
                    for number, item in enumerate(value)
                ]
            if isinstance(value, str):
                return self._mapped(table, name, kinds, value, path, record)
            return value
        if isinstance(value, str) and "." in value:
            return self._text(value, path)
        if isinstance(value, list):
            return [
                self._text(item, (*path, number)) if isinstance(item, str) and "." in item else item
                for number, item in enumerate(value)
            ]
        return value

    def _mapped(self, table: str, name: str, kinds: tuple[Kind, ...], value: str, path: Path, record: Record) -> object:
        place = self._places.of(path[:-1] if isinstance(path[-1], int) else path)
        answer = self._ask(kinds, value, place, record)
        if isinstance(answer, Mapped):
            self.done.used.setdefault(answer.entry, []).append(str(place))
            if kinds[0] == "host" or (kinds[0] == "ssh" and answer.entry.kind == "host"):
                return host_and_port(answer.value)[0]
            return answer.value
        if is_bound(table, name) and value:
            why = answer if isinstance(answer, AmbiguousEntries) else None
            self.done.unmapped[path] = Unmapped(kinds[0], value, str(place), why)
            return value
        if isinstance(answer, AmbiguousEntries):
            self.done.unmapped[path] = Unmapped(kinds[0], value, str(place), answer)
        return self._text(value, path) if "." in value else value

    def _ask(
        self, kinds: tuple[Kind, ...], value: str, place: Place, record: Record
    ) -> Mapped | AmbiguousEntries | None:
        if "url" in kinds:
            return self._lookup.url(value, place)
        whole = self._lookup.value(kinds, value, place)
        if whole is None and "host" in kinds:
            port = record.get("port")
            return self._lookup.host(value, port if isinstance(port, int) else None, place)
        return whole

    def _port(self, record: Record, new: Data, path: Path) -> None:
        """An entry for a host with a port moves the port, too."""
        host, port = record.get("host"), record.get("port")
        if isinstance(host, str) and (isinstance(port, int) or port is None):
            answer = self._lookup.host(host, port, self._places.of((*path, "host")))
            if isinstance(answer, Mapped):
                there = host_and_port(answer.value)[1]
                if there is not None:
                    new["port"] = there

    def _text(self, value: str, path: Path) -> str:
        return self._lookup.in_text(value, self._hosts, self._places.of(path))


def _applies(table: str, name: str, record: Record) -> bool:
    """Whether a value can be mapped: names of connectors, task types and processes are the same everywhere."""
    if table in ("routing_rules.then", "routing_rules.otherwise") and name == "value":
        return record.get("action") != SET_CONNECTOR
    if table == "routing_rules.when" and name == "value":
        return record.get("attribute") not in ("Task Type", "Process Name")
    return True


@cache
def _left_out(table: str) -> frozenset[str]:
    fields: tuple[Field, ...] = TABLES[table].fields if table in TABLES else ()
    return frozenset(each.name for each in fields if is_state(table, each.name) or is_fact(table, each.name))


_URLS = (("pod", "url"), ("pod", "token_url"))


def _own_hosts(data: Mapping[str, object]) -> Iterator[str]:
    for table, name in _URLS:
        single = data.get(table)
        if isinstance(single, dict) and isinstance(url := single.get(name), str):
            yield host_of(url).rstrip(".")
    topology = data.get("topology")
    inside = topology if isinstance(topology, dict) else {}
    for holder, table, names in (
        (data, "connectors", ("url",)),
        (data, "event_subscriptions", ("url",)),
        (inside, "applications", ("host",)),
        (inside, "endpoints", ("host", "tls_name")),
        (inside, "vantage_points", ("ssh",)),
    ):
        records = holder.get(table)
        for record in records if isinstance(records, list) else ():
            for name in names:
                value = record.get(name) if isinstance(record, dict) else None
                if isinstance(value, str):
                    yield host_of(value).rstrip(".") if name == "url" else host_and_port(value.rpartition("@")[2])[0]
