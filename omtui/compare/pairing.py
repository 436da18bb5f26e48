"""Which record of one list is which record of another: by key, then by what is in it.

A record that is gone and one that is new are the same record under a new name only when something distinguishes
them from all others: a value that no other record of either list has, and most of the rest unchanged. Where two answers
are near each other there is none: a rename that was none would hide that something was deleted.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from omtui.compare.sameness import frozen_field, frozen_record
from omtui.setup.catalogue import child
from omtui.setup.place import key_text
from omtui.setup.table import Record, Table

Item = TypeVar("Item")

_DISTINGUISHING_FIELD = {"routing_rules.then": "action", "jeopardy.thresholds.scores": "minimum_delay"}
"""The field used as the key of records that have none."""

_NEVER_RENAMED = frozenset(
    {
        "services",
        "topology.applications",
        "trigger_points",
        "trigger_points.details",
        "status_rule_sets.statuses",
        "jeopardy.priorities",
        "waivers",
        "routing_rules.then",
        "jeopardy.thresholds.scores",
    }
)
"""Tables whose keys are Oracle's words: another word is another record."""

_SAYS_LITTLE = frozenset({"note", "owner", "tags", "predefined"})

_LEAST_ALIKE = 0.6
_CLEARLY = 0.15


@dataclass
class Pairing:
    """Which records of two lists belong together, by their numbers, in the order of the first list."""

    pairs: list[tuple[int, int]] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    """Records of the first list without a partner."""
    added: list[int] = field(default_factory=list)
    """Records of the second list without a partner."""
    renamed: set[tuple[int, int]] = field(default_factory=set)
    """Those pairs that were recognised by their contents, under another key."""

    @cached_property
    def partners(self) -> dict[int, int]:
        """The number in the second list by the number in the first."""
        return dict(self.pairs)

    @cached_property
    def back(self) -> dict[int, int]:
        """The number in the first list by the number in the second."""
        return {other: mine for mine, other in self.pairs}


def distinguishing_field(table: Table) -> str | None:
    """The field by which records of a table are paired: the key, or what comes nearest to one."""
    return table.key or _DISTINGUISHING_FIELD.get(table.path)


def pair(
    table: Table,
    ours: Sequence[Record],
    theirs: Sequence[Record],
    *,
    key_of: Callable[[Record], str] | None = None,
    renames: bool = True,
) -> Pairing:
    """Pair the records of two lists of a table.

    `key_of` gives the key under which a record of the first list is looked for, where it is not its own (a key that
    refers to a record which was renamed). Records with one key are paired by their contents first, then in order.
    """
    name = distinguishing_field(table)
    our_keys = [key_of(record) if key_of else key_text(record, name) for record in ours]
    their_keys = [key_text(record, name) for record in theirs]
    if our_keys == their_keys and len(set(our_keys)) == len(our_keys):
        return Pairing([(number, number) for number in range(len(our_keys))])
    found = Pairing()
    waiting: defaultdict[str, list[int]] = defaultdict(list)
    for number, key in enumerate(their_keys):
        waiting[key].append(number)
    same_key: defaultdict[str, list[int]] = defaultdict(list)
    for number, key in enumerate(our_keys):
        same_key[key].append(number)
    for key, mine in same_key.items():
        others = waiting.get(key, [])
        if len(mine) == len(others) == 1:
            found.pairs.append((mine[0], others[0]))
        elif others:
            found.pairs += _with_one_key(table, ours, theirs, mine, others)
    taken, met = {mine for mine, _ in found.pairs}, {other for _, other in found.pairs}
    found.removed = [number for number in range(len(ours)) if number not in taken]
    found.added = [number for number in range(len(theirs)) if number not in met]
    if renames and found.removed and found.added and table.path not in _NEVER_RENAMED and table.key:
        _recognise_renames(table, ours, theirs, found)
    found.pairs.sort()
    return found


def interleaved(count: int, added: Iterable[int], partner: dict[int, int]) -> list[tuple[bool, int]]:
    """An order for the records of a list and those that come from another list: each stays behind whom it followed.

    `count` records are there; `added` are numbers of the other list, `partner` gives for a number of the other list
    the number of the same record here. The result says (is from the other list, number).
    """
    behind: defaultdict[int, list[int]] = defaultdict(list)
    coming = set(added)
    last = -1 if partner else count - 1
    for number in range(max(coming, default=-1) + 1):
        if number in coming:
            behind[last].append(number)
        else:
            last = partner.get(number, last)
    order = [(True, number) for number in behind.get(-1, ())]
    for number in range(count):
        order.append((False, number))
        order += [(True, other) for other in behind.get(number, ())]
    return order


def _with_one_key(
    table: Table, ours: Sequence[Record], theirs: Sequence[Record], mine: list[int], others: list[int]
) -> list[tuple[int, int]]:
    pairs = []
    by_contents: defaultdict[Hashable, list[int]] = defaultdict(list)
    for number in others:
        by_contents[frozen_record(table, theirs[number])].append(number)
    left = []
    met = set()
    for number in mine:
        alike = by_contents.get(frozen_record(table, ours[number]))
        if alike:
            other = alike.pop(0)
            met.add(other)
            pairs.append((number, other))
        else:
            left.append(number)
    return pairs + list(zip(left, (number for number in others if number not in met), strict=False))


def _recognise_renames(table: Table, ours: Sequence[Record], theirs: Sequence[Record], found: Pairing) -> None:
    gone = {n: _features(table, ours[n]) for n in found.removed if key_text(ours[n], table.key)}
    new = {n: _features(table, theirs[n]) for n in found.added if key_text(theirs[n], table.key)}
    candidates = _candidates(table, ours, theirs, gone, new)
    alike: defaultdict[int, list[tuple[float, int]]] = defaultdict(list)
    back: defaultdict[int, list[tuple[float, int]]] = defaultdict(list)
    for mine, other in candidates:
        ratio = len(gone[mine] & new[other]) / len(gone[mine] | new[other])
        if ratio >= _LEAST_ALIKE:
            alike[mine].append((ratio, other))
            back[other].append((ratio, mine))
    for mine in found.removed:
        best = _clearly_best(alike[mine])
        if best is not None and _clearly_best(back[best]) == mine:
            found.pairs.append((mine, best))
            found.renamed.add((mine, best))
    taken, met = {mine for mine, _ in found.renamed}, {other for _, other in found.renamed}
    found.removed = [number for number in found.removed if number not in taken]
    found.added = [number for number in found.added if number not in met]


LEAST_ALIKE_TO_ASK = 0.5
"""From here on, a record that is gone and one that is new may be the same."""


def likeness(table: Table, one: Record, other: Record) -> float:
    """How much of two records is the same, but for their keys: 1 for all of it. A rule is what it asks for."""
    mine, its = ({each for each in _features(table, record) if each[0] != "active"} for record in (one, other))
    if table.path == "routing_rules" and any(name == "when" for name, _ in mine & its):
        return 1.0
    return len(mine & its) / len(mine | its) if mine | its else 0.0


_Feature = tuple[str, Hashable]


def _candidates(
    table: Table,
    ours: Sequence[Record],
    theirs: Sequence[Record],
    gone: dict[int, frozenset[_Feature]],
    new: dict[int, frozenset[_Feature]],
) -> set[tuple[int, int]]:
    """Pairs that share a value which nobody else has, or that have the very same contents as nobody else."""
    shared = frozenset[_Feature]().union(*gone.values()) & frozenset[_Feature]().union(*new.values())
    distinguishing = {feature for feature in shared if _is_distinguishing(table, feature[0], feature[1])}
    names = {name for name, _ in distinguishing}
    here = _holders(table, ours, gone, names, distinguishing)
    there = _holders(table, theirs, new, names, distinguishing)
    pairs = set()
    for feature in distinguishing:
        if len(here[feature]) == len(there[feature]) == 1 and here[feature][0] in gone and there[feature][0] in new:
            pairs.add((here[feature][0], there[feature][0]))
    contents: defaultdict[frozenset[_Feature], list[int]] = defaultdict(list)
    for number, features in new.items():
        contents[features].append(number)
    counted = Counter(gone.values())
    for number, features in gone.items():
        same = contents.get(features, [])
        if len(same) == counted[features] == 1 and len(features) > 2 and features & distinguishing:
            pairs.add((number, same[0]))
    return pairs


def _holders(
    table: Table, records: Sequence[Record], open_: Collection[int], names: set[str], distinguishing: set[_Feature]
) -> defaultdict[_Feature, list[int]]:
    """Who has each distinguishing value. Expensive ones are only looked for in records without a partner."""
    holders: defaultdict[_Feature, list[int]] = defaultdict(list)
    texts = [name for name in names if child(table.path, name) is None]
    expensive = [name for name in names if child(table.path, name) is not None]
    for number, record in enumerate(records):
        for name in texts:
            value = record.get(name)
            if value is not None:
                feature = (name, value if type(value) is str else frozen_field(table, name, value))
                if feature in distinguishing:
                    holders[feature].append(number)
    for number in open_:
        for name in expensive:
            if name in records[number]:
                feature = (name, frozen_field(table, name, records[number][name]))
                if feature in distinguishing:
                    holders[feature].append(number)
    return holders


def _features(table: Table, record: Record) -> frozenset[_Feature]:
    found = []
    for name, value in record.items():
        field = table.by_name.get(name)
        if name == table.key or name in _SAYS_LITTLE or (field and field.travels == "state"):
            continue
        meaning = frozen_field(table, name, value)
        if meaning is not None:
            found.append((name, meaning))
    return frozenset(found)


def _is_distinguishing(table: Table, name: str, meaning: Hashable) -> bool:
    """Whether a value can distinguish a record from others: a text of one's own, a condition, records within."""
    field = table.by_name.get(name)
    if child(table.path, name) is not None:
        return name not in ("then", "otherwise")  # which connector is used says little about a rule
    if field is None:
        return False
    if field.kind == "text":
        return isinstance(meaning, str) and len(meaning) >= 3 and meaning not in field.values
    return field.kind in ("list", "scalar", "place") and not field.values and meaning != ("list", frozenset())


def _clearly_best(scored: list[tuple[float, int]]) -> int | None:
    if not scored:
        return None
    ordered = sorted(scored, key=lambda each: (-each[0], each[1]))
    if len(ordered) > 1 and ordered[0][0] - ordered[1][0] < _CLEARLY:
        return None
    return ordered[0][1]
