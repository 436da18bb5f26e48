"""A mapping proposed from what the target environment already has, and what is left to be filled in by a person.

Nothing is invented: an entry says what both profiles say of one record. Where they contradict each other, the most
frequent answer becomes the entry and the others are limited to their places.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from omtui.compare.binding import NEVER, Kind, is_bound, kinds_of
from omtui.compare.map_lookup import MapLookup
from omtui.compare.mapping import EnvironmentMap, MapEntry, host_and_port
from omtui.compare.matching import Matching, records_of
from omtui.compare.merge_inputs import SEEN, digest
from omtui.compare.pairing import Pairing, pair
from omtui.compare.sameness import frozen_record
from omtui.compare.translation import Unmapped, translate, values_by_kind
from omtui.setup.catalogue import TABLES
from omtui.setup.hosts import Address, split_url
from omtui.setup.indexed import is_predefined
from omtui.setup.place import Path, Places, found_at, key_text
from omtui.setup.table import Record, Table


@dataclass(frozen=True, slots=True)
class Proposed:
    """A mapping made for a person to look at. `added` are the entries that were not there before."""

    mapping: EnvironmentMap
    added: tuple[MapEntry, ...]

    @property
    def to_fill_in(self) -> tuple[MapEntry, ...]:
        """The entries for which the target gives no answer."""
        return tuple(entry for entry in self.mapping.entries if not entry.target)


def propose(
    source: Mapping[str, object],
    target: Mapping[str, object],
    have: EnvironmentMap | None = None,
    base: Mapping[str, object] | None = None,
) -> Proposed:
    """Complete a mapping. Entries that are there stay as they are; a note of what needed them goes when they are set.

    Where the `base` knows that the source changed a value since, the target's value is no name for the new one.
    """
    mapping = have or EnvironmentMap(_name(source), _name(target))
    before = tuple(filled(entry, entry.target) if entry.target else entry for entry in mapping.entries)
    votes = _Votes()
    places = Places(source)
    for table, one, other, path in _pairs(source, target):
        past = _past(table, other, path, base or {})
        _vote(votes, places, table, one if past is None else _settled(table, one, past), other, path)
    mapped = {(entry.kind, _folded(entry)) for entry in before}
    found = [entry for entry in votes.entries() if (entry.kind, _folded(entry)) not in mapped]
    mapping = replace(mapping, entries=(*before, *found))
    mapped |= {(entry.kind, _folded(entry)) for entry in found}
    found += [each for each in _open(source, target, mapping) if (each.kind, _folded(each)) not in mapped]
    return Proposed(replace(mapping, entries=(*before, *found)), tuple(found))


@dataclass(frozen=True, slots=True)
class NeededEntry:
    """An entry of a mapping as a person decides it: what it is for, and whether anybody has looked at it."""

    entry: MapEntry
    state: Literal["set", "proposed", "open", "unused"]
    """In the mapping; proposed from what both profiles say; without a name there; used by nothing any more."""
    used_by: tuple[str, ...]
    """Places of the source."""


def needed(
    source: Mapping[str, object],
    target: Mapping[str, object],
    mapping: EnvironmentMap,
    base: Mapping[str, object] | None = None,
) -> list[NeededEntry]:
    """Every entry that the mapping has or needs, what is still open first, then what is proposed."""
    proposed = propose(source, target, mapping, base)
    own = {filled(entry, entry.target) if entry.target else entry for entry in mapping.entries}
    translated = translate(source, MapLookup(proposed.mapping))
    open_places: defaultdict[tuple[Kind, str], list[str]] = defaultdict(list)
    for each in translated.unmapped.values():
        open_places[_asked(each)].append(each.place)
    found = []
    for entry in proposed.mapping.entries:
        used = tuple(dict.fromkeys(translated.used.get(entry, ())))
        if not entry.target:
            source_name = host_and_port(entry.source)[0] if entry.kind == "host" else entry.source
            used = tuple(dict.fromkeys(open_places.get((entry.kind, source_name), ())))
            state: Literal["set", "proposed", "open", "unused"] = "open" if used else "unused"
        else:
            state = "proposed" if entry not in own else "set" if used else "unused"
        found.append(NeededEntry(entry, state, used))
    order = {"open": 0, "proposed": 1, "set": 2, "unused": 3}
    return sorted(found, key=lambda each: order[each.state])


class _Votes:
    def __init__(self) -> None:
        self._votes: dict[tuple[Kind, str], Counter[str]] = defaultdict(Counter)
        self._places: dict[tuple[Kind, str, str], list[str]] = defaultdict(list)
        self._names: dict[tuple[str, str], str] = {}

    def name(self, table: str, source: str, target: str) -> None:
        """What one environment calls a record of omtui's own, for example a subscription."""
        self._names[table, source] = target

    def add(self, kind: Kind, source: str, target: str, place: str) -> None:
        self._votes[kind, source][target] += 1
        self._places[kind, source, target].append(place)

    def entries(self) -> Iterator[MapEntry]:
        for (kind, source), answers in self._votes.items():
            (first, _), *others = answers.most_common()
            if not others and first == source and kind not in ("host", "url"):
                continue
            yield MapEntry(kind, source, first)
            for answer, _ in others:
                yield MapEntry(kind, source, answer, tuple(self._places[kind, source, answer]))
        for (table, source), target in self._names.items():
            yield MapEntry("value", source, target, (table,))


def _pairs(source: Mapping[str, object], target: Mapping[str, object]) -> Iterator[tuple[Table, Record, Record, Path]]:
    """Records that are one thing in both environments: by key, by contents, or the only ones left of their sort."""
    pod, its = source.get("pod"), target.get("pod")
    if isinstance(pod, dict) and isinstance(its, dict):
        yield TABLES["pod"], pod, its, ("pod",)
    matching = Matching(source, target)
    for table in TABLES.values():
        if table.single or table.path in NEVER or not any(is_bound(table.path, each.name) for each in table.fields):
            continue
        path: Path = tuple(table.path.split("."))
        ours, theirs = records_of(found_at(source, path)), records_of(found_at(target, path))
        pairing = matching.pairing(path) or pair(table, ours, theirs)
        for mine, other in (*pairing.pairs, *_left_over(table, ours, theirs, pairing)):
            if not is_predefined(ours[mine]):
                yield table, ours[mine], theirs[other], (*path, mine)


def _left_over(
    table: Table, ours: Sequence[Record], theirs: Sequence[Record], pairing: Pairing
) -> Iterator[tuple[int, int]]:
    """Pairs among the records whose keys differ: all that is not bound to the environment is equal, and only here."""
    bound = {field.name for field in table.fields if field.travels != "portable" or field.name in (table.key, "note")}
    alike: defaultdict[object, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for number in pairing.removed:
        alike[frozen_record(table, ours[number], bound)][0].append(number)
    for number in pairing.added:
        alike[frozen_record(table, theirs[number], bound)][1].append(number)
    for mine, others in alike.values():
        if len(mine) == len(others) == 1:
            yield mine[0], others[0]


def _past(table: Table, other: Record, path: Path, base: Mapping[str, object]) -> Record | None:
    """The record of the target as the base has it; `None` where it does not."""
    key = key_text(other, table.key)
    same = [each for each in records_of(found_at(base, path[:-1])) if key_text(each, table.key) == key]
    return same[0] if len(same) == 1 else None


def _settled(table: Table, one: Record, past: Record) -> Record:
    """A record of the source without the values that the source changed since the base."""
    settled = dict(one)
    for field in table.fields:
        value = one.get(field.name)
        if not isinstance(value, str) or not is_bound(table.path, field.name) or field.name == table.key:
            continue
        seen = past.get(SEEN)
        digests = seen.get(field.name) if isinstance(seen, dict) else None
        known = digest(value) in digests if isinstance(digests, list) else value == past.get(field.name)
        if not known:
            del settled[field.name]
    return settled


def _vote(votes: _Votes, places: Places, table: Table, one: Record, other: Record, path: Path) -> None:
    for field in table.fields:
        old, new = one.get(field.name), other.get(field.name)
        if not isinstance(old, str) or not isinstance(new, str) or not old or not new:
            continue
        kinds = _OF_THE_POD.get(field.name, ()) if table.path == "pod" else kinds_of(table.path, field.name)
        place = str(places.of((*path, field.name)))
        if field.name == table.key and kinds == ("value",):
            if old != new:
                votes.name(table.path, old, new)
        elif not kinds or not (table.path == "pod" or is_bound(table.path, field.name)):
            continue
        elif kinds[0] == "url":
            _vote_for_url(votes, old, new, place)
        elif kinds[0] == "host":
            port, new_port = one.get("port"), other.get("port")
            here, there = host_and_port(old)[0], host_and_port(new)[0]
            if port != new_port and isinstance(port, int) and isinstance(new_port, int):
                here, there = f"{here}:{port}", f"{there}:{new_port}"
            votes.add("host", here, there, place)
        else:
            votes.add(kinds[0], old, new, place)


_OF_THE_POD: dict[str, tuple[Kind, ...]] = {
    "url": ("url",),
    "token_url": ("url",),
    "user_name": ("user_name",),
    "credential": ("credential",),
}


def _vote_for_url(votes: _Votes, old: str, new: str, place: str) -> None:
    one, other = split_url(old), split_url(new)
    if one is None or other is None or not one.host or not other.host:
        return
    if one.scheme != other.scheme:
        votes.add("url", _origin(one), _origin(other), place)
    if one.port == other.port:
        votes.add("host", one.host, other.host, place)
    else:
        here, there = (f"{each.host}:{each.port or (80 if each.scheme == 'http' else 443)}" for each in (one, other))
        votes.add("host", here, there, place)


def _origin(address: Address) -> str:
    """A URL without its path: a path is never an address, so that a change of it travels."""
    host = f"[{address.host}]" if ":" in address.host else address.host
    return f"{address.scheme}://{host}{f':{address.port}' if address.port else ''}"


def filled(entry: MapEntry, target: str) -> MapEntry:
    """An entry with its value in the target; the remark that it was open goes."""
    note = "" if entry.note.startswith("needed by ") else entry.note
    return replace(entry, target=target.strip(), note=note)


def _open(source: Mapping[str, object], target: Mapping[str, object], mapping: EnvironmentMap) -> Iterator[MapEntry]:
    """What no entry answers and the target does not know, once for each value, with the first place that needs it."""
    known = values_by_kind(target)
    needed: dict[tuple[Kind, str], list[str]] = {}
    for each in translate(source, MapLookup(mapping)).unmapped.values():
        kind, value = _asked(each)
        if kind not in ("host", "url") and value in known.get(kind, ()):
            continue
        if each.why is None:
            needed.setdefault((kind, value), []).append(each.place)
    for (kind, value), places in needed.items():
        more = f" and {len(places) - 1} more" if len(places) > 1 else ""
        yield MapEntry(kind, value, "", note=f"needed by {places[0]}{more}")


def _asked(each: Unmapped) -> tuple[Kind, str]:
    """The entry that would give a value its name: of a URL, its host."""
    if each.kind == "url":
        address = split_url(each.value)
        return ("host", address.host) if address and address.host else ("url", each.value)
    return (each.kind, host_and_port(each.value)[0] if each.kind == "host" else each.value)


def _folded(entry: MapEntry) -> object:
    return host_and_port(entry.source) if entry.kind == "host" else entry.source


def _name(data: Mapping[str, object]) -> str:
    head = data.get("profile")
    return str(head.get("name", "")) if isinstance(head, dict) else ""
