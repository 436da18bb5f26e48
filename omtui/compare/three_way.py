"""Two people changed one profile: what both did, together, by key.

`base` is what both started from, `ours` what is here, `theirs` what comes in. What only one side touched is taken
from that side. What both changed in different ways is a conflict: it stays as it is here until it is decided, each
for itself. Lists of plain values are merged as sets. What one side newly names by a name that the other side changed
follows the rename.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal

from omtui.compare.matching import NO_RENAMES, Matching, Renames, records_of
from omtui.compare.operations import operations
from omtui.compare.pairing import Pairing, distinguishing_field, interleaved, pair
from omtui.compare.sameness import OTHERWISE, frozen, identical, same_field, same_record
from omtui.compare.taken_names import taken_names, without
from omtui.setup.catalogue import child
from omtui.setup.indexed import Indexed
from omtui.setup.place import Data, Path, Place, Selector, found_at, key_text
from omtui.setup.references import Edit, after, mentions, targets
from omtui.setup.table import Record, Table
from omtui.store.change import MISSING, Operation

Decision = Literal["ours", "theirs"]


@dataclass(frozen=True, slots=True)
class Conflict:
    """What both sides changed in different ways. A value is `None` where there is nothing any more, or yet."""

    where: str
    base: object
    ours: object
    theirs: object
    table: str = ""
    field: str = ""
    """Empty when a whole record was removed on one side and changed on the other."""
    decided: Decision | None = None


@dataclass
class Merged:
    """The result of a merge."""

    ours: Mapping[str, object]
    data: Data
    conflicts: tuple[Conflict, ...] = ()
    known: Renames = field(default_factory=dict)

    @property
    def open(self) -> tuple[Conflict, ...]:
        """The conflicts that nobody has decided yet."""
        return tuple(conflict for conflict in self.conflicts if conflict.decided is None)

    @cached_property
    def operations(self) -> list[Operation]:
        """What is to be done to what is here; computed once."""
        return operations(self.ours, self.data, self.known)


def merge(
    base: Mapping[str, object],
    ours: Mapping[str, object],
    theirs: Mapping[str, object],
    decisions: Mapping[str, Decision] | None = None,
    known: Renames = NO_RENAMES,
) -> Merged:
    """Merge three states of a profile. `decisions` settle conflicts by their place; merge again after each decision.

    `known` are renames that are known to have been made, on either side.
    """
    original, decisions = ours, decisions or {}
    to_ours, to_theirs = Matching(base, ours, known=known), Matching(base, theirs, known=known)
    conflicts = []
    while taken := next(taken_names(to_ours, to_theirs), None):
        here, there = found_at(ours, taken.ours.path), found_at(theirs, taken.theirs.path)
        decision = decisions.get(taken.where)
        conflicts.append(Conflict(taken.where, None, here, there, taken.table.path, decided=decision))
        if decision == "theirs":
            ours = without(to_ours, taken.table, taken.ours)
            to_ours = Matching(base, ours, known=known)
        else:
            theirs = without(to_theirs, taken.table, taken.theirs)
            to_theirs = Matching(base, theirs, known=known)
    walk = _MergeWalk(to_ours, to_theirs, decisions)
    mine = _with_names_of_the_other(base, ours, to_ours, to_theirs)
    its = _with_names_of_the_other(base, theirs, to_theirs, to_ours)
    data = walk.record(None, base, mine, its, (), Place(()))
    return Merged(original, data, (*conflicts, *walk.conflicts), known)


class _MergeWalk:
    def __init__(self, to_ours: Matching, to_theirs: Matching, decisions: Mapping[str, Decision]) -> None:
        self._to_ours = to_ours
        self._to_theirs = to_theirs
        self._decisions = decisions
        self.conflicts: list[Conflict] = []

    def record(
        self, table: Table | None, base: Record, ours: Record, theirs: Record, path: Path | None, place: Place
    ) -> Data:
        """The fields of one record. `path` is where it is in the base, `None` where the base has none."""
        if identical(ours, theirs) or identical(base, theirs):
            return dict(ours)
        merged: Data = {}
        for name in dict.fromkeys((*ours, *theirs)):
            b, o, t = base.get(name, MISSING), ours.get(name, MISSING), theirs.get(name, MISSING)
            inner = child(table.path if table else "", name)
            below = None if path is None else (*path, name)
            value: object
            if identical(o, t):
                value = o
            elif inner is not None and inner.single and _are_tables(b, o, t):
                value = self.record(inner, _table(b), _table(o), _table(t), below, place / name) or MISSING
            elif inner is not None and _is_keyed(inner) and _are_records(b, o, t):
                value = self._list(inner, b, o, t, below, place / name) or MISSING
            else:
                value = self._field(table, name, b, o, t, place / name)
            if value is not MISSING:
                merged[name] = value
        return merged

    def _field(self, table: Table | None, name: str, b: object, o: object, t: object, place: Place) -> object:
        if _same(table, name, o, t) or _same(table, name, b, t):
            return o
        if _same(table, name, b, o):
            return t
        if _is_plain_list(o) and _is_plain_list(t) and (b is MISSING or _is_plain_list(b)):
            return _sets(b, o, t)
        return self._decide(place, table, name, b, o, t)

    def _decide(self, place: Place, table: Table | None, name: str, b: object, o: object, t: object) -> object:
        where = str(place)
        decision = self._decisions.get(where)
        base, ours, theirs = (None if value is MISSING else value for value in (b, o, t))
        self.conflicts.append(Conflict(where, base, ours, theirs, table.path if table else "", name, decision))
        return t if decision == "theirs" else o

    def _list(self, table: Table, b: object, o: object, t: object, path: Path | None, place: Place) -> list[object]:
        base, ours, theirs = records_of(b), records_of(o), records_of(t)
        to_ours = self._pairing(self._to_ours, table, path, base, ours)
        to_theirs = self._pairing(self._to_theirs, table, path, base, theirs)
        new = pair(table, [ours[n] for n in to_ours.added], [theirs[n] for n in to_theirs.added], renames=False)
        both_new = {to_ours.added[mine]: to_theirs.added[its] for mine, its in new.pairs}
        names = _Names(place, table, base)
        staying: dict[int, object] = {}
        partner: dict[int, int] = {}  # number in theirs -> number in ours
        for number, record in enumerate(ours):
            origin = to_ours.back.get(number)
            if origin is None:
                here, below = names.of_new(record, number), None
                its, before = both_new.get(number), _NOTHING
            else:
                here, below = names.of_base(origin, number), None if path is None else (*path, origin)
                its, before = to_theirs.partners.get(origin), base[origin]
            kept: object = record
            if its is not None:
                partner[its] = number
                kept = self.record(table, before, record, theirs[its], below, here)
            elif origin is not None:
                is_untouched = same_record(table, before, record)
                kept = MISSING if is_untouched else self._decide(here, table, "", before, record, MISSING)
            if kept is not MISSING:
                staying[number] = kept
        coming = [its for its in to_theirs.added if its not in partner]
        for origin in to_ours.removed:
            its = to_theirs.partners.get(origin)
            if its is None or same_record(table, base[origin], theirs[its]):
                continue
            where = names.of_base(origin, origin)
            if self._decide(where, table, "", base[origin], MISSING, theirs[its]) is not MISSING:
                coming.append(its)
        order = interleaved(len(ours), coming, partner)
        return [theirs[n] if is_new else staying[n] for is_new, n in order if is_new or n in staying]

    def _pairing(
        self, matching: Matching, table: Table, path: Path | None, before: Sequence[Record], after: Sequence[Record]
    ) -> Pairing:
        known = matching.pairing(path) if path is not None else None
        return known or pair(table, before, after)


_NOTHING: Final[Record] = {}


class _Names:
    """Names the records of a list as the base has them, and new ones behind them; those without a key by number."""

    def __init__(self, place: Place, table: Table, base: Sequence[Record]) -> None:
        self._place = place
        self._key = table.key
        self._met: Counter[str] = Counter()
        self._base = [self._next(record) for record in base]

    def of_base(self, number: int, here: int) -> Place:
        return self._place / (self._base[number] if self._key else Selector(str(here)))

    def of_new(self, record: Record, here: int) -> Place:
        return self._place / (self._next(record) if self._key else Selector(str(here)))

    def _next(self, record: Record) -> Selector:
        key = key_text(record, self._key)
        self._met[key] += 1
        return Selector(key, self._met[key])


def _with_names_of_the_other(
    base: Mapping[str, object], side: Mapping[str, object], to_side: Matching, to_other: Matching
) -> Mapping[str, object]:
    """A side in which what it newly names by an old name is named as the other side calls it now."""
    here: dict[Path, Mapping[str, object]] = {}
    old: set[str] = set()
    for path, new in to_other.new_names.items():
        there = to_side.second_path(path)
        if there is not None and path not in to_side.new_names:
            here[there] = new
            old |= {str(found_at(base, (*path, name))) for name in new}
    if not here:
        return side
    setup = Indexed(dict(side))
    edits: dict[Path, object] = {}
    for mention in mentions(setup):
        if mention.name in old and _is_own_change(to_side, mention.path):
            for target in targets(setup, mention):
                name = here.get(target.path, {}).get(mention.reference.field)
                if name is not None:
                    edits[mention.path] = name
    if not edits:
        return side
    return after(side, [Edit(path, name) for path, name in edits.items()])


def _is_own_change(matching: Matching, path: Path) -> bool:
    """Whether the second state itself brought the field that a path lies in: it is new, or another than before."""
    end, table = 0, None
    name = ""
    for number, part in enumerate(path):
        if isinstance(part, int):
            end = number + 1
            continue
        inner = child(name, part)
        if inner is None or not (inner.single or _is_keyed(inner)):
            break
        table, name = inner, inner.path
    record = matching.first_path(path[:end])
    if record is None or end >= len(path):
        return True
    field = path[end]
    before = found_at(matching.first, (*record, field))
    return not same_field(table, str(field), before, found_at(matching.second, (*path[:end], field)))


def _same(table: Table | None, name: str, one: object, other: object) -> bool:
    if MISSING in (one, other):
        return one is other
    return same_field(table, name, one, other)


def _sets(b: object, o: object, t: object) -> list[object]:
    """Two lists of plain values as sets: an element stays unless a side took it away, and comes from either side."""
    before, ours, theirs = (list(each) if isinstance(each, list) else [] for each in (b, o, t))
    was, here, there = (Counter(map(frozen, each)) for each in (before, ours, theirs))
    merged_counts: dict[Hashable, int] = {}
    for item in {*here, *there}:
        if was[item] == here[item]:
            merged_counts[item] = there[item]
        elif was[item] == there[item]:
            merged_counts[item] = here[item]
        else:
            merged_counts[item] = max(here[item], there[item])
    merged = []
    for value in (*ours, *theirs):
        item = frozen(value)
        if merged_counts[item] > 0:
            merged_counts[item] -= 1
            merged.append(value)
    return merged


def _is_plain_list(value: object) -> bool:
    return isinstance(value, list) and not any(isinstance(item, (dict, list)) for item in value)


def _is_keyed(table: Table) -> bool:
    return table.path != OTHERWISE and not table.single and distinguishing_field(table) is not None


def _are_tables(*values: object) -> bool:
    return all(value is MISSING or isinstance(value, dict) for value in values)


def _are_records(*values: object) -> bool:
    return all(value is MISSING or value == [] or bool(records_of(value)) for value in values)


def _table(value: object) -> Record:
    return value if isinstance(value, dict) else {}
