"""Progress and map files merged by key: what two people ticked or mapped, together.

Ticks never conflict. Of two ticks of one place the later one counts, whoever merges first; a tick that one side took
back and the other renewed stays. An entry of a map is known by its kind, its value and its places. What both sides
changed in it in different ways stays as it is in ours, with a comment above it, as in a profile.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

from omtui.plain_text import plain
from omtui.problem import Wrong
from omtui.setup.reading import parse
from omtui.store.library import COMPANIONS, Companion

if TYPE_CHECKING:
    from omtui.compare.mapping import MapEntry
    from omtui.compare.three_way import Conflict, Decision
    from omtui.documents.progress import Tick
    from omtui.setup.reading import ReadingFault

State = TypeVar("State")


@dataclass(frozen=True, slots=True)
class MergedFile:
    """What came out of a merge: the file, its conflicts, and what was decided without a person."""

    content: bytes
    conflicts: tuple[Conflict, ...] = ()
    decided: tuple[str, ...] = ()

    @property
    def open(self) -> tuple[Conflict, ...]:
        """The conflicts that nobody has decided."""
        return tuple(each for each in self.conflicts if each.decided is None)


def kind_of(name: str, text: str) -> Companion | None:
    """Which file next to a profile this is, by its name, else by what is in it; `None` for a profile."""
    for kind in COMPANIONS:
        if name.endswith(f".{kind}.toml"):
            return kind
    if re.search(r"^[ \t]*\[[ \t]*profile[ \t]*\]", text, re.MULTILINE):
        return None  # known without reading a big profile twice
    data = parse(text)
    if not isinstance(data, dict) or "profile" in data:
        return None
    if "map" in data or {"source", "target"} <= data.keys():
        return "map"
    return "progress" if "done" in data or data.keys() == {"schema"} else None


def merge_files(
    kind: Companion, base: str | None, ours: str, theirs: str, decisions: Mapping[str, Decision] | None = None
) -> MergedFile | Wrong:
    """Merge three states of a file next to a profile. `base` is `None` where both sides added it."""
    return (_progress if kind == "progress" else _map)(base, ours, theirs, decisions or {})


def _progress(base: str | None, ours: str, theirs: str, decisions: Mapping[str, Decision]) -> MergedFile | Wrong:
    from omtui.documents.progress import Progress, read, write

    states = _read(read, Progress(), base, ours, theirs)
    if isinstance(states, Wrong):
        return states
    decided: list[str] = []
    b, o, t = ({tick.place: tick for tick in each.ticks} for each in states)
    ticks = [_tick(place, b.get(place), o.get(place), t.get(place), decided) for place in sorted({*o, *t})]
    fields = _Fields(decisions)
    more = fields.merged("", *(each.more for each in states))
    text = write(Progress(tuple(each for each in ticks if each is not None), more))
    marks = "".join(f"{mark_of(each)}\n" for each in fields.conflicts if each.decided is None)
    return MergedFile(f"{marks}{text}".encode(), tuple(fields.conflicts), tuple(decided))


def _tick(place: str, base: Tick | None, ours: Tick | None, theirs: Tick | None, decided: list[str]) -> Tick | None:
    from omtui.documents.progress import tick_lines

    b, o, t = (None if each is None else tick_lines(each) for each in (base, ours, theirs))
    if o == t or t == b:
        return ours
    if o == b:
        return theirs
    if ours is None or theirs is None:
        decided.append(f"{plain(place)}: one side took the tick back, the other renewed it; it stays")
        return ours or theirs
    later, earlier = (ours, theirs) if _rank(ours) > _rank(theirs) else (theirs, ours)
    decided.append(f"{plain(place)}: the tick {_words(later)} counts, the one {_words(earlier)} is left out")
    return later


def _words(tick: Tick) -> str:
    note = f", note: {plain(tick.note)}" if tick.note else ""
    return f"by {plain(tick.by) or 'nobody'}, {tick.when or 'without a day'}{note}"


def _rank(tick: Tick) -> tuple[float, list[str]]:
    """Which of two ticks is the later one; of equal ones always the same. A time without a zone counts as UTC."""
    from omtui.documents.progress import tick_lines

    on: date | None = tick.on
    seconds = float(on.toordinal()) * 86400 if on is not None else 0.0
    if isinstance(on, datetime):
        seconds += on.hour * 3600 + on.minute * 60 + on.second + on.microsecond / 1e6
        offset = on.utcoffset()
        seconds -= offset.total_seconds() if offset is not None else 0.0
    return seconds, tick_lines(tick)


def _map(base: str | None, ours: str, theirs: str, decisions: Mapping[str, Decision]) -> MergedFile | Wrong:
    from omtui.compare.map_file import read
    from omtui.compare.map_text import merged_text
    from omtui.compare.mapping import EnvironmentMap, identity

    states = _read(read, EnvironmentMap("", ""), base, ours, theirs)
    if isinstance(states, Wrong):
        return states
    fields = _Fields(decisions)
    names = ({"source": each.source, "target": each.target} for each in states)
    head = fields.merged("", *names)
    b, o, t = ({identity(entry): entry for entry in each.entries} for each in states)
    entries: list[MapEntry] = []
    taken: dict[tuple[object, ...], MapEntry] = {}
    for key in (*o, *(key for key in t if key not in o)):
        entry = fields.entry(b.get(key), o.get(key), t.get(key))
        if entry is None:
            continue
        claims = [(*key[:2], only) for only in entry.only or ("",)]
        other = next((taken[claim] for claim in claims if claim in taken), None)
        if other is not None:  # both map one value in one place: a file with both could not be read
            if not fields.yields(other, entry):
                continue
            entries.remove(other)
        taken |= dict.fromkeys(claims, entry)
        entries.append(entry)
    merged = EnvironmentMap(str(head.get("source", "")), str(head.get("target", "")), tuple(entries))
    keys = {entry_name(each): identity(each) for each in entries}
    marks: dict[tuple[object, ...] | None, list[str]] = {}
    for each in fields.conflicts:
        if each.decided is None:
            key_of = keys.get(each.where.removesuffix(f".{each.field}"))
            marks.setdefault(key_of, []).append(mark_of(each))
    text = merged_text(base or "", ours, theirs, merged, marks)
    return MergedFile(text.encode(), tuple(fields.conflicts))


def _read(
    read: Callable[[str], State | list[ReadingFault]], empty: State, base: str | None, ours: str, theirs: str
) -> list[State] | Wrong:
    """The three states as their file is read; why not, of the first that cannot be read."""
    found: list[State] = []
    for side, text in (("BASE", base), ("OURS", ours), ("THEIRS", theirs)):
        state = empty if text is None else read(text)
        if isinstance(state, list):
            return Wrong(f"{side}{state[0].at}: {state[0].message}", state[0].fix)
        found.append(state)
    return found


class _Fields:
    """Merges single values, and collects the conflicts."""

    def __init__(self, decisions: Mapping[str, Decision]) -> None:
        self._decisions = decisions
        self.conflicts: list[Conflict] = []

    def merged(
        self, place: str, base: Mapping[str, object], ours: Mapping[str, object], theirs: Mapping[str, object]
    ) -> dict[str, object]:
        """Named values of three states, merged one by one. `place` is what they belong to."""
        found = {}
        for name in dict.fromkeys((*ours, *theirs)):
            where = f"{place}.{name}" if place else name
            value = self._value(where, name, base.get(name), ours.get(name), theirs.get(name))
            if value is not None:
                found[name] = value
        return found

    def entry(self, base: MapEntry | None, ours: MapEntry | None, theirs: MapEntry | None) -> MapEntry | None:
        """One entry of a map. One that is still to be filled in yields to one that is filled in."""
        if ours == theirs or theirs == base:
            return ours
        if ours == base:
            return theirs
        if ours is None or theirs is None:
            gone = ours or theirs
            assert gone is not None
            before = None if base is None else _shown(base)
            sides = (None if each is None else _shown(each) for each in (ours, theirs))
            kept = self._decide(entry_name(gone), "", before, *sides)
            return gone if kept is not None else None
        place = entry_name(ours)
        values = self.merged(place, *({} if each is None else _values(each) for each in (base, ours, theirs)))
        return replace(ours, target=str(values.get("to", "")), note=str(values.get("note", "")))

    def yields(self, ours: MapEntry, theirs: MapEntry) -> bool:
        """Whether, of two entries that cannot both be in the file, ours goes: it stays until that is decided."""
        coming = _shown(theirs)
        return self._decide(entry_name(ours), "", None, _shown(ours), coming) is coming

    def _value(self, where: str, name: str, base: object, ours: object, theirs: object) -> object:
        if _is_same(ours, theirs) or _is_same(theirs, base):
            return ours
        if _is_same(ours, base):
            return theirs
        return self._decide(where, name, base, ours, theirs)

    def _decide(self, where: str, name: str, base: object, ours: object, theirs: object) -> object:
        from omtui.compare.three_way import Conflict

        decision = self._decisions.get(where)
        self.conflicts.append(Conflict(where, base, ours, theirs, "", name, decision))
        return theirs if decision == "theirs" else ours


def _is_same(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other


def _values(entry: MapEntry) -> dict[str, object]:
    """What an entry says; what is empty is not set."""
    return {name: value for name, value in (("to", entry.target), ("note", entry.note)) if value}


def _shown(entry: MapEntry) -> dict[str, object]:
    """An entry as it is written in its file."""
    only = {"only": list(entry.only)} if entry.only else {}
    return {"kind": entry.kind, "from": entry.source, "to": entry.target, **only}


def entry_name(entry: MapEntry) -> str:
    """How a message names an entry: `map[host soa.pick.example]`, with its places where it has some."""
    only = f" at {', '.join(entry.only)}" if entry.only else ""
    return f"map[{entry.kind} {entry.source}{only}]"


def mark_of(conflict: Conflict) -> str:
    """The comment that a conflict leaves in the file."""
    from omtui.service.comparing import conflict_words

    return f"# CONFLICT {conflict_words(conflict)}"
