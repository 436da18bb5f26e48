"""Finds what a value of one environment is called in another: the most exact entry of the mapping wins."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from omtui.compare.binding import Kind
from omtui.compare.mapping import EnvironmentMap, MapEntry, folded_host, host_and_port, lower_origin
from omtui.plain_text import plain
from omtui.setup.hosts import split_url
from omtui.setup.place import Place, parse

_HOST_IN_TEXT = re.compile(
    r"(?<![\w.-])(?P<host>[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\.[A-Za-z0-9_-]+)+|\d+(?:\.\d+){3})"
    r"(?::(?P<port>\d{1,5}))?(?![\w-])"
)
_DEFAULT_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a value is called in the target environment, and the entry that says so."""

    value: str
    entry: MapEntry


@dataclass(frozen=True, slots=True)
class AmbiguousEntries:
    """Two entries that are equally exact and say different things."""

    first: MapEntry
    second: MapEntry

    def __str__(self) -> str:
        one, other = self.first, self.second
        return f"{plain(one.source)} is mapped to {plain(one.target)} and to {plain(other.target)}, equally exactly"


class MapLookup:
    """Finds the entry for a value. Made once for a mapping; each answer looks only at entries for the same value."""

    def __init__(self, mapping: EnvironmentMap) -> None:
        self._exact: defaultdict[tuple[Kind, str], list[_Rule]] = defaultdict(list)
        self._urls: list[_Rule] = []
        for entry in mapping.entries:
            if not entry.target:
                continue
            rule = _Rule(entry, [place for place in map(parse, entry.only) if isinstance(place, Place)])
            if entry.kind == "url":
                self._urls.append(rule)
            elif entry.kind == "host":
                self._exact["host", host_and_port(entry.source)[0]].append(rule)
            else:
                self._exact[entry.kind, entry.source].append(rule)

    def value(self, kinds: Iterable[Kind], value: str, place: Place) -> Mapped | AmbiguousEntries | None:
        """What a value is called that is mapped as a whole. Kinds are asked in their order."""
        for kind in kinds:
            if kind not in ("host", "url"):
                rules = self._exact.get((kind, value), ())
                answer = _best([(rule.depth(place), 0, 0, rule) for rule in rules if rule.covers(place)])
                if isinstance(answer, AmbiguousEntries):
                    return answer
                if answer is not None:
                    return Mapped(answer.target, answer)
        return None

    def host(self, host: str, port: int | None, place: Place) -> Mapped | AmbiguousEntries | None:
        """What a host is called; the answer's value carries a port when the entry gives one (`name:8443`)."""
        return self._of_host(host, port, place, [])

    def url(self, url: str, place: Place) -> Mapped | AmbiguousEntries | None:
        """What a URL is called: by an entry for it, for its beginning, or for its host."""
        parts = split_url(url)
        whole = [
            (rule.depth(place), 2, len(rule.entry.source), rule)
            for rule in self._urls
            if rule.covers(place) and _begins_with(url, rule.entry.source)
        ]
        if parts is None or not re.fullmatch("[0-9]{0,5}", parts.port):
            answer = _best(whole)
            if answer is None or isinstance(answer, AmbiguousEntries):
                return answer
            return Mapped(answer.target + url[len(answer.source) :], answer)
        port = int(parts.port) if parts.port else _DEFAULT_PORTS.get(parts.scheme)
        found = self._of_host(parts.host, port, place, whole)
        if not isinstance(found, Mapped):
            return found
        if found.entry.kind == "url":
            return Mapped(found.entry.target + url[len(found.entry.source) :], found.entry)
        name, new_port = host_and_port(found.value)
        shown = f"[{name}]" if ":" in name else name
        if new_port is not None:
            shown += f":{new_port}"
        elif parts.port and host_and_port(found.entry.source)[1] is None:
            shown += f":{parts.port}"
        return Mapped(f"{parts.scheme}://{shown}{parts.path}{parts.query}{parts.fragment}", found.entry)

    def in_text(self, text: str, hosts: Collection[str], place: Place) -> str:
        """A text in which those of some hosts that are mapped are called as they are called there."""

        def called(match: re.Match[str]) -> str:
            host, port = match["host"], match["port"]
            found = self.host(host, int(port) if port else None, place) if folded_host(host) in hosts else None
            if not isinstance(found, Mapped):
                return match[0]
            name, new_port = host_and_port(found.value)
            keeps = port and host_and_port(found.entry.source)[1] is None and new_port is None
            return name + (f":{new_port}" if new_port else f":{port}" if keeps else "")

        return _HOST_IN_TEXT.sub(called, text)

    def _of_host(
        self, host: str, port: int | None, place: Place, others: "list[tuple[int, int, int, _Rule]]"
    ) -> Mapped | AmbiguousEntries | None:
        candidates = list(others)
        for rule in self._exact.get(("host", folded_host(host)), ()):
            if rule.covers(place):
                own_port = host_and_port(rule.entry.source)[1]
                if own_port is None or own_port == port:
                    candidates.append((rule.depth(place), 0 if own_port is None else 1, 0, rule))
        answer = _best(candidates)
        return answer if answer is None or isinstance(answer, AmbiguousEntries) else Mapped(answer.target, answer)


class _Rule:
    def __init__(self, entry: MapEntry, places: Sequence[Place]) -> None:
        self.entry = entry
        self._places = places

    def covers(self, place: Place) -> bool:
        return not self.entry.only or any(place.within(each) for each in self._places)

    def depth(self, place: Place) -> int:
        """How exactly the entry names the place: 0 when it names none."""
        return max((len(each.parts) for each in self._places if place.within(each)), default=0)


def _best(candidates: "list[tuple[int, int, int, _Rule]]") -> MapEntry | AmbiguousEntries | None:
    if not candidates:
        return None
    ordered = sorted(candidates, key=lambda each: each[:3], reverse=True)
    first = ordered[0]
    for other in ordered[1:]:
        if other[:3] == first[:3]:
            return AmbiguousEntries(first[3].entry, other[3].entry)
    return first[3].entry


def _begins_with(url: str, start: str) -> bool:
    """Whether a URL is another one, or goes on from it at a border. Scheme and host compare without case."""
    one, other = lower_origin(url), lower_origin(start)
    if not one.startswith(other):
        return False
    return len(one) == len(other) or other.endswith("/") or one[len(other)] in "/?#"
