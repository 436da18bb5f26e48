"""NAME.map.toml: what a host, URL, user, credential, code or value of one environment is called in another.

    schema = 1
    source = "vision-dev"
    target = "vision-test"

    [[map]]
    kind = "host"
    from = "soa-dev.pick.example"
    to = "soa-test.pick.example"

A host may carry a port. A URL applies to itself and to all that begins with it at a slash. `only` limits an entry to
places. The most exact entry wins: one that names the place before one that does not, a URL before a host with its
port before a host, a longer one before a shorter one. Two that are equally exact are an error. An entry whose `to` is
empty is still to be filled in and maps nothing.
"""

import re
from collections import Counter
from dataclasses import dataclass, replace

from omtui.compare.binding import Kind


@dataclass(frozen=True, slots=True)
class MapEntry:
    """One line of the mapping: `source` of the file is called `target` there."""

    kind: Kind
    source: str
    target: str
    only: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class EnvironmentMap:
    """The mapping of a pair of environments."""

    source: str
    target: str
    entries: tuple[MapEntry, ...] = ()

    def with_entry(self, entry: MapEntry) -> "EnvironmentMap":
        """The mapping with an entry added, or in the place of the one for the same value and places."""
        same = [identity(each) == identity(entry) for each in self.entries]
        if True in same:
            at = same.index(True)
            return replace(self, entries=(*self.entries[:at], entry, *self.entries[at + 1 :]))
        return replace(self, entries=(*self.entries, entry))

    def without(self, entry: MapEntry) -> "EnvironmentMap":
        """The mapping without an entry."""
        return replace(self, entries=tuple(each for each in self.entries if identity(each) != identity(entry)))


def turned(mapping: EnvironmentMap) -> EnvironmentMap:
    """The mapping of the way back. What is called alike there, or only at some places, has no single name here."""
    counted = Counter((entry.kind, entry.target) for entry in mapping.entries)
    entries = [
        MapEntry(entry.kind, entry.target, entry.source)
        for entry in mapping.entries
        if entry.target and not entry.only and counted[entry.kind, entry.target] == 1
    ]
    return EnvironmentMap(mapping.target, mapping.source, tuple(entries))


def joined(first: EnvironmentMap, second: EnvironmentMap) -> EnvironmentMap:
    """The mapping over an environment between two: what both give a name."""
    onward = {(entry.kind, entry.source): entry.target for entry in second.entries if not entry.only}
    entries = [
        MapEntry(entry.kind, entry.source, onward[entry.kind, entry.target])
        for entry in first.entries
        if not entry.only and (entry.kind, entry.target) in onward
    ]
    return EnvironmentMap(first.source, second.target, tuple(entries))


def host_and_port(text: str) -> tuple[str, int | None]:
    """A host as a mapping writes it: `name`, `name:8443`, `[::1]:8443`. Comes in lower case and without brackets."""
    match = re.fullmatch(r"\s*(\[[^\]]*\]|[^:\s]*)(?::(\d{1,5}))?\s*", text)
    if match is None:
        return folded_host(text.strip().strip("[]")), None
    return folded_host(match[1].strip("[]")), int(match[2]) if match[2] else None


def lower_origin(url: str) -> str:
    """A URL with its scheme and host in lower case."""
    match = re.match(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*", url)
    return url if match is None else match[0].lower() + url[match.end() :]


def folded_host(host: str) -> str:
    """A host as hosts are compared."""
    return host.lower().rstrip(".")


def identity(entry: MapEntry) -> tuple[object, ...]:
    """By which an entry is known: its kind, its value however it is spelled, and its places."""
    source: object = entry.source
    if entry.kind == "host":
        source = host_and_port(entry.source)
    elif entry.kind == "url":
        source = lower_origin(entry.source)
    return entry.kind, source, frozenset(entry.only)
