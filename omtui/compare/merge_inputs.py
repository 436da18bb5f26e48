"""What the target should say after a promotion, and what it is merged against.

The merge itself is the one of two people's changes (`three_way`). This module makes its two inputs from a target, a
source in the target's terms, and what was last promoted:

- *theirs* is the target as it would be if the source had its way, within what may travel: states of the pod and
  values bound to the environment that no mapping knows stay the target's, and what only the target has stays.
- *base* is what both said when the source's value was last decided. Where nothing was, it is the target itself, so
  that the source's value is simply taken.

A value that is bound to its environment and has no name in the mapping is left to the target as long as the source
says what it said when that was last decided. When the source says another one since, the value blocks. For that, the
base remembers the source's values by their digests: it never holds the values themselves.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from omtui.compare.binding import NEVER, Kind, is_fact, is_state
from omtui.compare.choice import ChosenRecords, head
from omtui.compare.matching import NO_RENAMES, Matching, Renames, records_of
from omtui.compare.pairing import Pairing, distinguishing_field, interleaved, pair
from omtui.compare.sameness import identical, same_record
from omtui.compare.translation import Translated, Unmapped
from omtui.setup.catalogue import TABLES, child, children
from omtui.setup.hosts import split_url
from omtui.setup.indexed import is_predefined
from omtui.setup.place import Data, Path, Places, key_text
from omtui.setup.table import Record, Table
from omtui.store.change import MISSING

_ARRIVES_AS: Final[Mapping[str, Data]] = {
    "orchestration_processes": {"status": "New", "deployed": False},
    "routing_rules": {"published": False},
}
"""The state of a new record: nothing was released, deployed or published there yet."""

_NONE: Final[Record] = {}

SEEN: Final = "omtui:seen"
"""In a record of the base: by field, the digests of the source's values for which the target had its own."""


@dataclass(slots=True)
class OnlyThere:
    """A record that only the target has."""

    where: str
    was_promoted: bool
    """It came from the source once, and the source has it no more."""
    removed: bool = False


@dataclass(slots=True)
class MergeInputs:
    """The inputs of the merge, and what was left behind on the way."""

    base: Data
    theirs: Data
    blockers: dict[Path, Unmapped] = field(default_factory=dict)
    """Values that would have to travel and have no name in the target; paths of the source."""
    only_there: list[OnlyThere] = field(default_factory=list)
    settled: dict[Path, object] = field(default_factory=dict)
    """What fields with values that have no name say in the target, for the next base; paths of the source."""


def merge_inputs(
    target: Data,
    translated: Translated,
    choice: ChosenRecords,
    base: Mapping[str, object],
    names: Mapping[Kind, set[str]],
    removals: "Removals",
    known: Renames = NO_RENAMES,
) -> MergeInputs:
    """Make the inputs of the merge. `names` are the target's own by kind of mapping, `known` renames that were made."""
    return _Work(target, translated, choice, base, names, removals, known).done


class Removals:
    """Which records that only the target has are to go: none, all, or those that are named."""

    def __init__(self, asked: bool | tuple[str, ...] = ()) -> None:
        self.are_all = asked is True
        self._places = frozenset(asked) if isinstance(asked, tuple) else frozenset()

    def ask_for(self, where: str) -> bool:
        """Whether the record at a place was asked to go."""
        return self.are_all or where in self._places


class _Work:
    def __init__(
        self,
        target: Data,
        translated: Translated,
        choice: ChosenRecords,
        base: Mapping[str, object],
        names: Mapping[Kind, set[str]],
        removals: Removals,
        known: Renames,
    ) -> None:
        self._target = target
        self._translated = translated
        self._choice = choice
        self._names = names
        self._removals = removals
        self._known = known
        self._unmapped: defaultdict[Path, list[tuple[Path, Unmapped]]] = defaultdict(list)
        for path, what in translated.unmapped.items():
            self._unmapped[head(path)].append((path, what))
        self._places = Places(target)
        self._matching = Matching(target, translated.data, known=known)
        self.done = MergeInputs(dict(target), dict(target))
        for table in TABLES.values():
            if table.parent or table.path in NEVER:
                continue
            if table.single:
                self._single(table, base)
            else:
                was, now = self._top_list(table, target, translated.data, base, (), self.done)
                _put(self.done.base, table.name, was)
                _put(self.done.theirs, table.name, now)

    def _single(self, table: Table, base: Mapping[str, object]) -> None:
        here, there, before = (_table(each.get(table.name)) for each in (self._target, self._translated.data, base))
        was, now = dict(here), dict(here)
        inner = children(table.path)
        if (table.name,) in self._choice.records:
            fields = {name: value for name, value in there.items() if name not in inner}
            own = {name: value for name, value in here.items() if name not in inner}
            origin = {name: value for name, value in before.items() if name not in inner} or None
            was_fields, now_fields = self._record(table, own, fields, origin, (table.name,), (table.name,), inner)
            was = {name: value for name, value in here.items() if name in inner} | was_fields
            now = {name: value for name, value in here.items() if name in inner} | now_fields
        for each in inner.values():
            if not each.single:
                old, new = self._top_list(each, here, there, before, (table.name,), self.done)
                _put(was, each.name, old)
                _put(now, each.name, new)
        _put(self.done.base, table.name, was)
        _put(self.done.theirs, table.name, now)

    def _top_list(
        self,
        table: Table,
        here: Mapping[str, object],
        there: Mapping[str, object],
        before: Mapping[str, object],
        prefix: Path,
        done: MergeInputs,
    ) -> tuple[list[object], list[object]]:
        """A whole table: chosen records are made again, the others stay as they are in the target."""
        ours, theirs = records_of(here.get(table.name)), records_of(there.get(table.name))
        path = (*prefix, table.name)
        pairing = self._matching.pairing(path) or pair(table, ours, theirs)
        bases = _ByKey(table, before.get(table.name), ours, theirs, self._known)
        was: dict[int, object] = {}
        now: dict[int, object] = {}
        for number, record in enumerate(ours):
            was[number] = now[number] = record
            its = pairing.partners.get(number)
            if its is None:
                where = str(self._places.of((*path, number)))
                left = OnlyThere(where, bases.of(record) is not None, self._removals.ask_for(where))
                if not is_predefined(record) and (self._choice.is_all or left.removed):
                    done.only_there.append(left)
                    if left.removed:
                        del now[number]
                        if self._removals.are_all and (origin := bases.of(record)) is not None:
                            was[number] = _as_it_was(table, origin, record)  # changed there since: to be decided
            elif (*path, its) in self._choice.records and not (is_predefined(record) or is_predefined(theirs[its])):
                origin = bases.of(theirs[its]) or bases.of(record) or None
                was[number], now[number] = self._record(
                    table,
                    record,
                    theirs[its],
                    origin,
                    (*path, number),
                    (*path, its),
                    only=self._fields((*path, its)),
                )
        coming: dict[int, object] = {}
        gone: list[object] = []
        for its in pairing.added:
            if (*path, its) in self._choice.records:
                origin = bases.of(theirs[its])
                new = self._new(table, theirs[its], (*path, its))
                if new is None:
                    continue
                coming[its] = new
                if origin is not None:
                    origin = _bare(table, origin)
                    gone.append(new if same_record(table, origin, _bare(table, new)) else origin)
        return _in_order(ours, was, {}, pairing) + gone, _in_order(ours, now, coming, pairing)

    def _fields(self, path: Path) -> frozenset[str] | None:
        return self._choice.fields.get(path)

    def _record(
        self,
        table: Table,
        here: Record,
        there: Record,
        before: Record | None,
        path: Path,
        its_path: Path,
        skip: Mapping[str, object] = _NONE,
        only: frozenset[str] | None = None,
    ) -> tuple[Data, Data]:
        """One record that both have: its base, and what it should be."""
        if identical(here, there):
            return dict(here), dict(here)
        was: Data = {}
        now: Data = {}
        own_sign_in = _own_sign_in(table, here, there) if only is None else frozenset()
        for name in dict.fromkeys((*here, *there)):
            if name in skip:
                continue
            own, new = here.get(name, MISSING), there.get(name, MISSING)
            past = before.get(name, MISSING) if before is not None else MISSING
            inner = child(table.path, name)
            is_left = (only is not None and name not in only) or name in own_sign_in
            if is_left or is_state(table.path, name) or is_fact(table.path, name):
                past = new = own
            elif inner is not None and inner.key and _is_list(own, new):
                past, new = self._inner_list(inner, own, new, past, (*path, name), (*its_path, name))
            elif new is MISSING:
                if past is MISSING:
                    past = new = own
            else:
                new = self._value(new, own, (*its_path, name), before)
                if before is None or new is own:
                    past = own
            if past is not MISSING:
                was[name] = past
            if new is not MISSING:
                now[name] = new
        return was, now

    def _value(self, new: object, own: object, path: Path, before: Record | None) -> object:
        """What may travel of a field's value. Where it has no name in the target, the target's own stays, or it blocks.

        `before` is the record in the base, `None` where nothing was decided yet.
        """
        open_ = self._open(new, path)
        if not open_:
            return new
        if isinstance(new, str) and isinstance(own, str):
            what = open_[path]
            if new != own and (what.why is not None or self._is_another(what, own, path, before)):
                self.done.blockers |= open_
            self.done.settled[path] = own
            return own
        if isinstance(new, list) and (own is MISSING or isinstance(own, list)):
            found = self._items(new, own, path, before, open_)
        elif own is MISSING and before and path[-1] in before and not self._is_another(open_[path], "", path, before):
            self.done.settled[path] = before[str(path[-1])]  # removed there since
            return own
        else:
            found = MISSING if self._block(open_) else new
            if found is not MISSING:
                self.done.settled[path] = found
        return found

    def _items(
        self, new: list[object], own: object, path: Path, before: Record | None, open_: Mapping[Path, Unmapped]
    ) -> object:
        """A list of names of which some have none in the target: those it may hold there."""
        here = own if isinstance(own, list) else []
        left_out = set()
        for each, what in open_.items():
            if what.value in here and what.why is None:
                continue
            is_settled = own is not MISSING and what.why is None
            if (is_settled and not self._is_another(what, what.value, each[:-1], before)) or self._block({each: what}):
                left_out.add(each)
        found = [item for number, item in enumerate(new) if (*path, number) not in left_out]
        self.done.settled[path] = list(found)
        if before is None and left_out:
            found = [*here, *(item for item in found if item not in here)]
        return found or (MISSING if own is MISSING else [])

    def _block(self, open_: Mapping[Path, Unmapped]) -> bool:
        """Whether some of the values must not travel: a name that the target uses elsewhere may."""
        blocking = {
            each: what
            for each, what in open_.items()
            if what.why is not None or what.value not in self._names.get(what.kind, ())
        }
        self.done.blockers |= blocking
        return bool(blocking)

    def _is_another(self, what: Unmapped, own: str, path: Path, before: Record | None) -> bool:
        """Whether the source says another value than when it was last decided that the target has its own."""
        if before is None:
            return _is_another_path(what, own)
        name = str(path[-1])
        seen, past = before.get(SEEN), before.get(name)
        digests = seen.get(name) if isinstance(seen, dict) else None
        if isinstance(digests, list) and digest(what.value) in digests:
            return False
        if isinstance(past, list):
            return what.value not in past
        return isinstance(digests, list) or what.value != past

    def _open(self, value: object, path: Path) -> dict[Path, Unmapped]:
        """The parts of a value that no mapping gives a name in the target."""
        if isinstance(value, (dict, list)):
            return {each: what for each, what in self._unmapped.get(head(path), ()) if each[: len(path)] == path}
        unmapped = self._translated.unmapped
        return {path: unmapped[path]} if path in unmapped else {}

    def _inner_list(
        self, table: Table, own: object, new: object, past: object, path: Path, its_path: Path
    ) -> tuple[object, object]:
        """Records inside a record. What only the target has stays, unless it came from the source and left it."""
        ours, theirs = records_of(own), records_of(new)
        pairing = self._matching.pairing(path) or pair(table, ours, theirs)
        bases = _ByKey(table, past, ours, theirs, self._known)
        was: dict[int, object] = {}
        now: dict[int, object] = {}
        for number, record in enumerate(ours):
            its = pairing.partners.get(number)
            was[number] = now[number] = record
            if its is not None:
                origin = bases.of(theirs[its]) or bases.of(record)
                was[number], now[number] = self._record(
                    table, record, theirs[its], origin, (*path, number), (*its_path, its)
                )
            elif (origin := bases.of(record)) is not None:
                was[number] = origin
                del now[number]
        coming = {}
        gone: list[object] = []
        for its in pairing.added:
            fresh = self._new(table, theirs[its], (*its_path, its))
            if fresh is not None:
                coming[its] = fresh
                if (origin := bases.of(theirs[its])) is not None:
                    gone.append(origin)
        return _in_order(ours, was, {}, pairing) + gone, _in_order(ours, now, coming, pairing)

    def _new(self, table: Table, there: Record, path: Path) -> Data | None:
        """A record that the target does not have; `None` when it cannot be named there."""
        new: Data = {}
        for name, value in there.items():
            inner = child(table.path, name)
            if inner is not None and inner.key and isinstance(value, list):
                records = [
                    self._new(inner, item, (*path, name, number)) if isinstance(item, dict) else item
                    for number, item in enumerate(value)
                ]
                value = [item for item in records if item is not None]
            else:
                value = self._value(value, MISSING, (*path, name), None)
            if value is not MISSING:
                new[name] = value
        if table.key and table.key in there and table.key not in new:
            return None
        return new if is_predefined(there) else new | _ARRIVES_AS.get(table.path, {})


class _ByKey:
    """The records of the base by their key. Where a key is used twice anywhere, nobody knows which record was meant."""

    def __init__(
        self, table: Table, base: object, ours: Sequence[Record], theirs: Sequence[Record], known: Renames
    ) -> None:
        self._name = distinguishing_field(table)
        self._before = {new: old for old, new in known.get(table.path, {}).items()}
        self._records: dict[str, Record] = {}
        keys = [Counter(key_text(record, self._name) for record in each) for each in (records_of(base), ours, theirs)]
        for record in records_of(base):
            key = key_text(record, self._name)
            if all(counts[key] <= 1 for counts in keys):
                self._records[key] = record

    def of(self, record: Record) -> Record | None:
        key = key_text(record, self._name)
        return (self._records.get(key) or self._records.get(self._before.get(key, key))) if self._name else None


def _own_sign_in(table: Table, here: Record, there: Record) -> frozenset[str]:
    """The fields that say how a connector signs in, where the target has another way than the source (see S5-05)."""
    if table.path != "connectors":
        return frozenset()
    by_key, by_name = ({"csf_key"}, {"user_name", "credential"})
    for one, other in ((by_key, by_name), (by_name, by_key)):
        if one & here.keys() and not other & here.keys() and other & there.keys() and not one & there.keys():
            return frozenset(one | other)
    return frozenset()


def _bare(table: Table, record: Record) -> Record:
    return {name: value for name, value in record.items() if name != SEEN and not is_state(table.path, name)}


def _as_it_was(table: Table, origin: Record, record: Record) -> Data:
    """A record of the base with what never travels as the target has it."""
    own = {name: value for name, value in record.items() if is_state(table.path, name) or is_fact(table.path, name)}
    return {**_bare(table, origin), **own}


def digest(value: str) -> str:
    """What the base remembers of a value of the source."""
    return hashlib.sha256(value.encode()).hexdigest()[:16]


def _is_another_path(what: Unmapped, own: str) -> bool:
    """Whether two URLs differ in more than the address of the host, so that a change would be lost with the host."""
    here, there = split_url(own), split_url(what.value)
    return bool(what.kind == "url" and here and there and (here.path, here.query) != (there.path, there.query))


def _in_order(
    ours: object, staying: Mapping[int, object], coming: Mapping[int, object], pairing: Pairing
) -> list[object]:
    order = interleaved(len(records_of(ours)), coming, pairing.back)
    return [coming[n] if is_new else staying[n] for is_new, n in order if is_new or n in staying]


def _put(holder: Data, name: str, value: object) -> None:
    if value:
        holder[name] = value
    else:
        holder.pop(name, None)


def _is_list(own: object, new: object) -> bool:
    return isinstance(own, list) or isinstance(new, list)


def _table(value: object) -> Record:
    return value if isinstance(value, dict) else _NONE
