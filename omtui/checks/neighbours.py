"""The other profiles of a library, as far as checks ask for them: whose pod a host is, and where production calls.

A library may hold thousands of profiles, and each asks about all others: so their facts are indexed by host, and an
answer costs the same however many there are. It names up to two profiles of an environment: one may be the asker.
"""

from bisect import insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from omtui.setup.hosts import Reached, host_name, is_loopback, pod_hosts, reached_at
from omtui.setup.indexed import is_predefined, rows, text
from omtui.setup.place import Data, Path


@dataclass(frozen=True, slots=True)
class Facts:
    """What others may know of a profile: its environment, the hosts of its pod, and what it calls."""

    environment: str
    pods: frozenset[str]
    calls: frozenset[Reached]


def facts_of(data: Data) -> Facts:
    """The facts of a profile."""
    profile = data.get("profile")
    environment = text(profile, "environment") if isinstance(profile, dict) else ""
    pods = frozenset(host for _, host in pod_hosts(data))
    return Facts(environment, pods, frozenset(address for _, address in addresses(data)))


def addresses(data: Data) -> Iterator[tuple[Path, Reached]]:
    """Where the connectors and further endpoints of a profile lead, loopback left out."""
    for number, connector in enumerate(rows(data, "connectors")):
        address = reached_at(text(connector, "url"))
        if address and not is_predefined(connector) and not is_loopback(address.host):
            yield ("connectors", number, "url"), address
    topology = data.get("topology")
    for number, endpoint in enumerate(rows(topology, "endpoints") if isinstance(topology, Mapping) else ()):
        host = host_name(text(endpoint, "host"))
        if host and not is_loopback(host) and endpoint.get("expect") != "closed":
            port = endpoint.get("port")
            if not isinstance(port, int):
                port = 80 if endpoint.get("protocol") == "http" else 443
            path = text(endpoint, "path").rstrip("/")
            yield ("topology", "endpoints", number, "host"), Reached(host, port, path)


class Neighbours:
    """The facts of profiles by their names, indexed."""

    def __init__(self, profiles: Mapping[str, Data] | None = None) -> None:
        self._facts: dict[str, Facts] = {}
        self._names: dict[object, dict[str, list[tuple[str, str]]]] = {}
        """Names in order, by environment, of whom a host (a text) is the pod, and who call an address or a host."""
        for name, data in (profiles or {}).items():
            self.put(name, facts_of(data))

    def put(self, name: str, facts: Facts | None) -> None:
        """Take in what a profile says now; `None` when it is gone."""
        entry = (name.casefold(), name)
        old = self._facts.pop(name, None)
        for key in _keys(old):
            self._names[key][old.environment if old else ""].remove(entry)
        if facts is not None:
            self._facts[name] = facts
        for key in _keys(facts):
            insort(self._names.setdefault(key, {}).setdefault(facts.environment if facts else "", []), entry)

    def with_pod(self, host: str, *, other_than: str) -> Iterator[tuple[str, str]]:
        """The profiles of other environments whose pod a host is, with their environment."""
        for environment, names in self._names.get(host, {}).items():
            if environment != other_than:
                yield from ((name, environment) for _, name in names[:2])

    def calling(self, address: Reached) -> list[str]:
        """The production profiles that call an address."""
        return [name for _, name in self._names.get(address, {}).get("production", [])[:2]]

    def calling_host(self, host: str) -> list[str]:
        """The production profiles that call a host."""
        return [name for _, name in self._names.get(("calls", host), {}).get("production", [])[:2]]


def _keys(facts: Facts | None) -> Iterator[object]:
    if facts is not None:
        yield from facts.pods
        yield from facts.calls
        yield from {("calls", address.host) for address in facts.calls}
