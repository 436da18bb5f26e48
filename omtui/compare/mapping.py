"""NAME.map.toml: what a host, URL, user, credential, code or value of one environment is called in another.

    schema = 1
    source = "vision-dev"
    target = "vision-test"

    [[map]]
    kind = "host"
    from = "soa-dev.pick.example"
    to = "soa-test.pick.example"

A host may carry a port. A URL stands for itself and for all that begins with it at a slash. `only` limits an entry to
places. The most exact entry wins: one that names the place before one that does not, a URL before a host with its
port before a host, a longer one before a shorter one. Two that are equally exact are an error. An entry whose `to` is
empty is still to be filled in and maps nothing.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from omtui.compare.binding import KINDS, Kind
from omtui.compare.foreign import parsed
from omtui.plain_text import plain
from omtui.setup.did_you_mean import nearest
from omtui.setup.hosts import split_url
from omtui.setup.place import NotAPlace, Place, parse
from omtui.setup.reading import Fault
from omtui.setup.values import toml

SCHEMA: Final = 1


@dataclass(frozen=True, slots=True)
class Entry:
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
    entries: tuple[Entry, ...] = ()

    def with_entry(self, entry: Entry) -> "EnvironmentMap":
        """The mapping with an entry added, or in the place of the one for the same value and places."""
        same = [identity(each) == identity(entry) for each in self.entries]
        if True in same:
            at = same.index(True)
            return replace(self, entries=(*self.entries[:at], entry, *self.entries[at + 1 :]))
        return replace(self, entries=(*self.entries, entry))

    def without(self, entry: Entry) -> "EnvironmentMap":
        """The mapping without an entry."""
        return replace(self, entries=tuple(each for each in self.entries if identity(each) != identity(entry)))


@dataclass(frozen=True, slots=True)
class Found:
    """What a value is called in the target environment, and the entry that says so."""

    value: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class Undecided:
    """Two entries that are equally exact and say different things."""

    first: Entry
    second: Entry

    def __str__(self) -> str:
        one, other = self.first, self.second
        return f"{plain(one.source)} is mapped to {plain(one.target)} and to {plain(other.target)}, equally exactly"


def read(text: str) -> EnvironmentMap | list[Fault]:
    """The mapping a text holds, or all that is wrong with it. The text may come from anywhere."""
    data = parsed(text)
    if isinstance(data, Fault):
        return [data]
    schema = data.get("schema")
    if isinstance(schema, int) and not isinstance(schema, bool) and schema > SCHEMA:
        return [Fault(f"schema {schema} is newer than this omtui, which knows {SCHEMA}", "use a newer omtui")]
    faults = _faults_of_form(data)
    if faults:
        return faults
    entries = tuple(_entry(each) for each in _list(data.get("map")))
    return _faults_of_sense(entries) or EnvironmentMap(
        str(data.get("source", "")), str(data.get("target", "")), entries
    )


def write(mapping: EnvironmentMap) -> str:
    """The mapping as the text of its file."""
    lines = [f"schema = {SCHEMA}", f"source = {toml(mapping.source)}", f"target = {toml(mapping.target)}"]
    for entry in mapping.entries:
        lines += ["", *entry_lines(entry)]
    return "\n".join(lines) + "\n"


def rewrite(text: str, mapping: EnvironmentMap) -> str:
    """The text of a mapping's file, changed to hold another mapping. Comments stay with the entry they stand above."""
    before = read(text)
    if isinstance(before, list):
        return write(mapping)
    head, *blocks = entry_blocks(text)
    if len(blocks) != len(before.entries):
        return write(mapping)
    here = {identity(entry): (entry, block) for entry, block in zip(before.entries, blocks, strict=True)}
    parts = [[named(line, mapping) for line in head]]
    for entry in mapping.entries:
        old, block = here.get(identity(entry), (None, []))
        if old != entry:
            above = [line for line in block if line.lstrip().startswith("#") or not line.strip()]
            block = [*(above[: header_at(block)] or [""]), *entry_lines(entry)]
        parts.append(block)
    new = "\n".join(line for part in parts for line in part).rstrip("\n") + "\n"
    return new if read(new) == mapping else write(mapping)


def entry_lines(entry: Entry) -> list[str]:
    """An entry as the lines of its file."""
    lines = ["[[map]]", f"kind = {toml(entry.kind)}", f"from = {toml(entry.source)}"]
    lines.append(f"to = {toml(entry.target)}{'  # to be filled in' if not entry.target else ''}")
    if entry.only:
        lines.append(f"only = {toml(list(entry.only))}")
    if entry.note:
        lines.append(f"note = {toml(entry.note)}")
    return lines


def entry_blocks(text: str) -> list[list[str]]:
    """What stands before the first entry, then each entry with the comments and empty lines above it."""
    found: list[list[str]] = [[]]
    waiting: list[str] = []
    for line in text.splitlines():
        bare = line.strip()
        if bare.startswith("[[map]]"):
            found.append([*waiting, line])
            waiting = []
        elif not bare or bare.startswith("#"):
            waiting.append(line)
        else:
            found[-1] += [*waiting, line]
            waiting = []
    found[-1] += waiting
    return found


def named(line: str, mapping: EnvironmentMap) -> str:
    """A line before the first entry, with the names of the pair as they are now."""
    for key, name in (("source", mapping.source), ("target", mapping.target)):
        if re.match(rf"\s*{key}\s*=", line) and parsed(line) != {key: name}:
            return f"{key} = {toml(name)}"
    return line


def header_at(block: Sequence[str]) -> int:
    """How many lines stand above the header of an entry."""
    return next((number for number, line in enumerate(block) if line.strip().startswith("[[map]]")), 0)


def turned(mapping: EnvironmentMap) -> EnvironmentMap:
    """The mapping of the way back. What is called alike there, or only at some places, has no single name here."""
    counted = Counter((entry.kind, entry.target) for entry in mapping.entries)
    entries = [
        Entry(entry.kind, entry.target, entry.source)
        for entry in mapping.entries
        if entry.target and not entry.only and counted[entry.kind, entry.target] == 1
    ]
    return EnvironmentMap(mapping.target, mapping.source, tuple(entries))


def joined(first: EnvironmentMap, second: EnvironmentMap) -> EnvironmentMap:
    """The mapping over an environment between two: what both give a name."""
    onward = {(entry.kind, entry.source): entry.target for entry in second.entries if not entry.only}
    entries = [
        Entry(entry.kind, entry.source, onward[entry.kind, entry.target])
        for entry in first.entries
        if not entry.only and (entry.kind, entry.target) in onward
    ]
    return EnvironmentMap(first.source, second.target, tuple(entries))


class Lookup:
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

    def value(self, kinds: Iterable[Kind], value: str, place: Place) -> Found | Undecided | None:
        """What a value is called that is mapped as a whole. Kinds are asked in their order."""
        for kind in kinds:
            if kind not in ("host", "url"):
                rules = self._exact.get((kind, value), ())
                answer = _best([(rule.depth(place), 0, 0, rule) for rule in rules if rule.covers(place)])
                if isinstance(answer, Undecided):
                    return answer
                if answer is not None:
                    return Found(answer.target, answer)
        return None

    def host(self, host: str, port: int | None, place: Place) -> Found | Undecided | None:
        """What a host is called; the answer's value carries a port when the entry gives one (`name:8443`)."""
        return self._of_host(host, port, place, [])

    def url(self, url: str, place: Place) -> Found | Undecided | None:
        """What a URL is called: by an entry for it, for its beginning, or for its host."""
        parts = split_url(url)
        whole = [
            (rule.depth(place), 2, len(rule.entry.source), rule)
            for rule in self._urls
            if rule.covers(place) and _begins_with(url, rule.entry.source)
        ]
        if parts is None or not re.fullmatch("[0-9]{0,5}", parts.port):
            answer = _best(whole)
            if answer is None or isinstance(answer, Undecided):
                return answer
            return Found(answer.target + url[len(answer.source) :], answer)
        port = int(parts.port) if parts.port else _DEFAULT_PORTS.get(parts.scheme)
        found = self._of_host(parts.host, port, place, whole)
        if not isinstance(found, Found):
            return found
        if found.entry.kind == "url":
            return Found(found.entry.target + url[len(found.entry.source) :], found.entry)
        name, new_port = host_and_port(found.value)
        shown = f"[{name}]" if ":" in name else name
        if new_port is not None:
            shown += f":{new_port}"
        elif parts.port and host_and_port(found.entry.source)[1] is None:
            shown += f":{parts.port}"
        return Found(f"{parts.scheme}://{shown}{parts.path}{parts.query}{parts.fragment}", found.entry)

    def in_text(self, text: str, hosts: Collection[str], place: Place) -> str:
        """A text in which those of some hosts that are mapped are called as they are called there."""

        def called(match: re.Match[str]) -> str:
            host, port = match["host"], match["port"]
            found = self.host(host, int(port) if port else None, place) if _folded(host) in hosts else None
            if not isinstance(found, Found):
                return match[0]
            name, new_port = host_and_port(found.value)
            keeps = port and host_and_port(found.entry.source)[1] is None and new_port is None
            return name + (f":{new_port}" if new_port else f":{port}" if keeps else "")

        return _HOST_IN_TEXT.sub(called, text)

    def _of_host(
        self, host: str, port: int | None, place: Place, others: "list[tuple[int, int, int, _Rule]]"
    ) -> Found | Undecided | None:
        candidates = list(others)
        for rule in self._exact.get(("host", _folded(host)), ()):
            if rule.covers(place):
                wanted = host_and_port(rule.entry.source)[1]
                if wanted is None or wanted == port:
                    candidates.append((rule.depth(place), 0 if wanted is None else 1, 0, rule))
        answer = _best(candidates)
        return answer if answer is None or isinstance(answer, Undecided) else Found(answer.target, answer)


def host_and_port(text: str) -> tuple[str, int | None]:
    """A host as a mapping writes it: `name`, `name:8443`, `[::1]:8443`. Comes in lower case and without brackets."""
    match = re.fullmatch(r"\s*(\[[^\]]*\]|[^:\s]*)(?::(\d{1,5}))?\s*", text)
    if match is None:
        return _folded(text.strip().strip("[]")), None
    return _folded(match[1].strip("[]")), int(match[2]) if match[2] else None


def hosts_in(text: str) -> list[str]:
    """The host names that stand in a text, in lower case."""
    return [_folded(match["host"]) for match in _HOST_IN_TEXT.finditer(text)]


class _Rule:
    def __init__(self, entry: Entry, places: Sequence[Place]) -> None:
        self.entry = entry
        self._places = places

    def covers(self, place: Place) -> bool:
        return not self.entry.only or any(place.within(each) for each in self._places)

    def depth(self, place: Place) -> int:
        """How exactly the entry names the place: 0 when it names none."""
        return max((len(each.parts) for each in self._places if place.within(each)), default=0)


_HOST_IN_TEXT = re.compile(
    r"(?<![\w.-])(?P<host>[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\.[A-Za-z0-9_-]+)+|\d+(?:\.\d+){3})"
    r"(?::(?P<port>\d{1,5}))?(?![\w-])"
)
_DEFAULT_PORTS = {"https": 443, "http": 80}


def _best(candidates: "list[tuple[int, int, int, _Rule]]") -> Entry | Undecided | None:
    if not candidates:
        return None
    ordered = sorted(candidates, key=lambda each: each[:3], reverse=True)
    first = ordered[0]
    for other in ordered[1:]:
        if other[:3] == first[:3]:
            return Undecided(first[3].entry, other[3].entry)
    return first[3].entry


def _begins_with(url: str, start: str) -> bool:
    """Whether a URL is another one, or goes on from it at a border. Scheme and host compare without case."""
    one, other = _lower_origin(url), _lower_origin(start)
    if not one.startswith(other):
        return False
    return len(one) == len(other) or other.endswith("/") or one[len(other)] in "/?#"


def _lower_origin(url: str) -> str:
    match = re.match(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*", url)
    return url if match is None else match[0].lower() + url[match.end() :]


def _folded(host: str) -> str:
    return host.lower().rstrip(".")


def identity(entry: Entry) -> tuple[object, ...]:
    """By which an entry is known: its kind, its value however it is spelled, and its places."""
    source: object = entry.source
    if entry.kind == "host":
        source = host_and_port(entry.source)
    elif entry.kind == "url":
        source = _lower_origin(entry.source)
    return entry.kind, source, frozenset(entry.only)


def _faults_of_sense(entries: Sequence[Entry]) -> list[Fault]:
    """Entries that cannot both hold, and places that are none."""
    faults = []
    met: dict[tuple[object, ...], int] = {}
    for number, entry in enumerate(entries, 1):
        if not entry.source:
            faults.append(Fault(f"[[map]] number {number} maps an empty text", "write what is mapped after from ="))
        for only in entry.only:
            place = parse(only)
            if isinstance(place, NotAPlace):
                message = (
                    f"{plain(only)} in [[map]] number {number} is no place: column {place.column}, {place.message}"
                )
                faults.append(Fault(message, "write it as a message shows it, for example connectors[Connector01]"))
        kind, source, _ = identity(entry)
        for only in entry.only or ("",):
            other = met.setdefault((kind, source, only), number)
            if other != number:
                message = f"[[map]] number {other} and number {number} both map {entry.kind} {plain(entry.source)}"
                faults.append(Fault(message, "keep one of them, or limit one with only = [places]"))
                break
    return faults


def _faults_of_form(data: Mapping[str, object]) -> list[Fault]:
    """What of the data is no mapping: missing, unknown or of the wrong type."""
    from pydantic import ValidationError

    try:
        _form().model_validate(data)
    except ValidationError as error:
        return [_fault(each) for each in error.errors(include_url=False, include_context=False, include_input=True)]
    return []


def _form() -> Any:
    """The file's form for pydantic, made when it is needed: importing pydantic takes longer than most commands."""
    from typing import Literal

    from pydantic import BaseModel, ConfigDict, Field

    class Line(BaseModel):
        model_config = ConfigDict(extra="forbid", strict=True)
        kind: Kind
        from_: str = Field(alias="from")
        to: str
        only: list[str] = []
        note: str = ""

    class File(BaseModel):
        model_config = ConfigDict(extra="forbid", strict=True)
        schema_: Literal[1] = Field(alias="schema")
        source: str
        target: str
        map: list[Line] = []

    return File


def _fault(error: Mapping[str, Any]) -> Fault:
    where = error["loc"]
    name = str(where[-1]) if where else ""
    at = f"[[map]] number {where[1] + 1}: " if len(where) > 1 and where[0] == "map" else ""
    kind = error["type"]
    if kind == "missing":
        return Fault(f"{at}{name} is missing", f"write {name} = …")
    if kind == "extra_forbidden":
        near = nearest(name, ("kind", "from", "to", "only", "note") if at else ("schema", "source", "target", "map"))
        return Fault(f"{at}{plain(name)} is not known", f"write {near}" if near else "remove it")
    if kind == "literal_error" and name == "kind":
        near = nearest(str(error.get("input", "")), KINDS)
        offered = f"did you mean {near}?" if near else f"one of {', '.join(KINDS)}"
        return Fault(f"{at}{plain(error.get('input', ''))} is no kind of mapping", offered)
    if kind == "literal_error":
        return Fault("schema is not 1", "write schema = 1")
    message = str(error["msg"])
    return Fault(f"{at}{plain(name)}: {plain(message[:1].lower() + message[1:])}", "correct the value")


def _entry(data: Mapping[str, object]) -> Entry:
    kind = next(kind for kind in KINDS if kind == data["kind"])
    only = tuple(str(place) for place in data["only"]) if isinstance(data.get("only"), list) else ()  # type: ignore[attr-defined]
    return Entry(kind, str(data["from"]), str(data["to"]), only, str(data.get("note", "")))


def _list(value: object) -> list[Mapping[str, object]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
