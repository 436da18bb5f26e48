"""The difference of two profiles, or of a profile and its earlier state: by key, never by position.

One change for each field that differs, one for each record that was added, removed or renamed. Order does not count
for records, for lists of plain values, and under `all` and `any`. A reference that only follows a rename is no change
of its own. What is a state of the pod (deployed, published …) is marked, so that it can be told apart from wishes.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from typing import Literal

from omtui.compare.matching import NO_RENAMES, Matching, Renames, records_of
from omtui.compare.pairing import interleaved, pair
from omtui.compare.sameness import (
    OTHERWISE,
    frozen_field,
    frozen_record,
    identical,
    is_branch,
    logic,
    same_record,
    same_value,
)
from omtui.setup.catalogue import TABLES, child, children, task_of
from omtui.setup.field import Travels
from omtui.setup.place import Path, Place, parse
from omtui.setup.references import conditions
from omtui.setup.table import Record, Table

Op = Literal["add", "remove", "change", "rename"]

_CONDITION = "routing_rules.when"
_ACTION = "routing_rules.then"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs. `old` and `new` are `None` where nothing stands.

    `where` is the place in the second state; of what is gone, and of a rename, the place in the first state. For a
    rename `old` and `new` are the keys.
    """

    op: Op
    where: str
    old: object
    new: object
    table: str
    field: str = ""
    """The field that differs; empty for a whole record."""
    step: str = "profile"
    """The setup task it belongs to, `profile` for the profile itself and its pod."""
    travels: Travels = "portable"
    replaces: bool = False
    """Oracle freezes what differs here: in a pod the record is deleted and created again."""
    first_path: Path | None = None
    """Where it stands in the first state; `None` for what was added."""
    second_path: Path | None = None
    """Where it stands in the second state; `None` for what was removed."""
    holder: Path | None = None
    """Of what was removed from inside a record: that record in the second state."""

    @property
    def is_state(self) -> bool:
        """Whether it is a state of the pod and no wish: shown apart, never promoted."""
        return self.travels == "state"

    @property
    def sign(self) -> str:
        """How it is marked in text: `+`, `-`, `~`, or `-/+` for delete and create."""
        return {"add": "+", "remove": "-"}.get(self.op) or ("-/+" if self.replaces else "~")


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs between two states, in the order of the file."""

    source: str
    target: str
    changes: tuple[Change, ...]

    @property
    def wishes(self) -> tuple[Change, ...]:
        """What differs in the set-up itself."""
        return tuple(change for change in self.changes if not change.is_state)

    @property
    def states(self) -> tuple[Change, ...]:
        """What differs only in the state of the two pods."""
        return tuple(change for change in self.changes if change.is_state)

    def __bool__(self) -> bool:
        return bool(self.changes)


def difference(
    first: Mapping[str, object],
    second: Mapping[str, object],
    source: str = "",
    target: str = "",
    *,
    whole: bool = False,
    known: Renames = NO_RENAMES,
    renames: bool = True,
) -> Difference:
    """What must be done to the first profile so that it says what the second says.

    The schema number and `profile.name` say which file it is, not what stands in it: they are left out unless the
    `whole` file is asked for. `known` are renames that are known to have been made. Without `renames` a record under
    another key is another record.
    """
    walk = _Walk(Matching(first, second, known=known, renames=renames))
    changes = walk.top()
    if not whole:
        changes = (change for change in changes if change.where not in ("schema", "profile.name"))
    return Difference(source, target, tuple(changes))


def limited(
    found: Difference,
    first: Mapping[str, object],
    second: Mapping[str, object],
    *,
    steps: Collection[str] = (),
    tags: Collection[str] = (),
    places: Collection[str] = (),
) -> Difference:
    """Only the changes of some steps, of records with one of some tags, or at or inside some places."""
    wanted = [place for place in map(parse, places) if isinstance(place, Place)]
    changes = []
    for change in found.changes:
        if steps and change.step not in steps:
            continue
        if tags and not (_has_tag(first, change.first_path, tags) or _has_tag(second, change.second_path, tags)):
            continue
        if places and not _is_within(change, wanted):
            continue
        changes.append(change)
    return Difference(found.source, found.target, tuple(changes))


def _is_within(change: Change, wanted: Sequence[Place]) -> bool:
    place = parse(change.where)
    return isinstance(place, Place) and any(place.within(each) for each in wanted)


def _has_tag(data: Mapping[str, object], path: Path | None, tags: Collection[str]) -> bool:
    here: object = data
    for part in path or ():
        if isinstance(here, dict) and isinstance(part, str):
            here = here.get(part)
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
        else:
            return False
        have = here.get("tags") if isinstance(here, dict) else None
        if isinstance(have, list) and any(tag in tags for tag in have):
            return True
    return False


class _Walk:
    """One walk through both states, along the pairs."""

    def __init__(self, matching: Matching) -> None:
        self._matching = matching
        self._step = "profile"

    def top(self) -> Iterator[Change]:
        first, second = self._matching.first, self._matching.second
        for name in _names("", first, second):
            table = child("", name)
            self._step = _step(table, {})
            if table is None:
                yield from self._value(None, name, first, second, (), ())
            elif table.single:
                yield from self._single(table, first, second, (), ())
            else:
                yield from self._list(table, first, second, (), ())

    def _single(
        self, table: Table, first: Mapping[str, object], second: Mapping[str, object], here: Path, there: Path
    ) -> Iterator[Change]:
        one, other = first.get(table.name), second.get(table.name)
        one_path, other_path = (*here, table.name), (*there, table.name)
        is_one, is_other = isinstance(one, dict), isinstance(other, dict)
        if not (is_one or one is None) or not (is_other or other is None):
            yield from self._value(None, table.name, first, second, here, there)
        elif (not one or not other) and not children(table.path):
            if other:
                yield self._change("add", table, "", None, other, None, other_path)
            elif one:
                yield self._change("remove", table, "", one, None, one_path, None)
        else:
            yield from self._record(
                table,
                one if isinstance(one, dict) else {},
                other if isinstance(other, dict) else {},
                one_path,
                other_path,
            )

    def _list(
        self, table: Table, first: Mapping[str, object], second: Mapping[str, object], here: Path, there: Path
    ) -> Iterator[Change]:
        one, other = first.get(table.name), second.get(table.name)
        if identical(one, other):
            return
        ours, theirs = records_of(one), records_of(other)
        if (one and not ours) or (other and not theirs):
            yield from self._value(None, table.name, first, second, here, there)
            return
        one_path, other_path = (*here, table.name), (*there, table.name)
        pairing = self._matching.pairing(one_path) or pair(table, ours, theirs)
        partners, added = pairing.partners, set(pairing.added)
        top = not here or (len(here) == 1 and TABLES[table.parent].single)
        for is_new, number in interleaved(len(ours), added, pairing.back):
            record = theirs[number] if is_new else ours[number]
            if top:
                self._step = _step(table, record)
            if is_new:
                yield self._change("add", table, "", None, record, None, (*other_path, number))
            elif number not in partners:
                yield self._change("remove", table, "", record, None, (*one_path, number), None, None if top else there)
            elif not identical(record, theirs[partners[number]]):
                is_renamed = (number, partners[number]) in pairing.renamed
                yield from self._record(
                    table,
                    record,
                    theirs[partners[number]],
                    (*one_path, number),
                    (*other_path, partners[number]),
                    is_renamed=is_renamed,
                )

    def _record(
        self, table: Table, one: Record, other: Record, here: Path, there: Path, *, is_renamed: bool = False
    ) -> Iterator[Change]:
        if is_renamed and table.key:
            yield self._change("rename", table, table.key, one[table.key], other[table.key], here, there)
        for name in _names(table.path, one, other):
            if is_renamed and name == table.key:
                continue
            inner = child(table.path, name)
            if inner is None:
                yield from self._value(table, name, one, other, here, there)
            elif inner.path == OTHERWISE:
                yield from self._otherwise(table, one, other, here, there)
            elif inner.path == _CONDITION and name not in ("all", "any"):
                yield from self._condition_field(table, name, one, other, here, there)
            elif inner.single:
                yield from self._single(inner, one, other, here, there)
            else:
                yield from self._list(inner, one, other, here, there)

    def _value(
        self,
        table: Table | None,
        name: str,
        one: Mapping[str, object],
        other: Mapping[str, object],
        here: Path,
        there: Path,
    ) -> Iterator[Change]:
        old, new = one.get(name), other.get(name)
        if name in one and name in other and self._is_same(old, new, (*here, name)):
            return
        if isinstance(old, dict) and isinstance(new, dict):
            for inner in dict.fromkeys((*old, *new)):
                yield from self._value(None, inner, old, new, (*here, name), (*there, name))
            return
        yield self._change("change", table, name, old, new, (*here, name), (*there, name))

    def _is_same(self, old: object, new: object, here: Path) -> bool:
        return same_value(old, new) or same_value(self._matching.followed(here, old), new)

    def _condition_field(
        self, table: Table, name: str, one: Record, other: Record, here: Path, there: Path
    ) -> Iterator[Change]:
        old, new = one.get(name), other.get(name)
        if not isinstance(old, dict) or not isinstance(new, dict):
            yield from self._value(table, name, one, other, here, there)
        else:
            yield from self._condition(old, new, (*here, name), (*there, name))

    def _condition(self, old: Record, new: Record, here: Path, there: Path) -> Iterator[Change]:
        """Two trees: alike as logic, or what differs in them as near to the leaves as can be told."""
        meaning, wanted = logic(old), logic(new)
        if meaning == wanted or logic(self._followed_tree(old, here)) == wanted:
            return
        table = TABLES[_CONDITION]
        join = _only_join(old)
        if join is None and _only_join(new) is None and _is_comparison(old) and _is_comparison(new):
            found = [
                each
                for name in _names(_CONDITION, old, new)
                for each in self._value(table, name, old, new, here, there)
            ]
            # The two values of `is between` are the only list whose order counts.
            yield from found or [
                self._change(
                    "change", table, "value", old.get("value"), new.get("value"), (*here, "value"), (*there, "value")
                )
            ]
        elif join == "not" and _only_join(new) == "not" and _are_tables(old["not"], new["not"]):
            assert isinstance(old["not"], dict)
            assert isinstance(new["not"], dict)
            yield from self._condition(old["not"], new["not"], (*here, "not"), (*there, "not"))
        elif join in ("all", "any") and join == _only_join(new) and records_of(old[join]) and records_of(new[join]):
            yield from self._group(records_of(old[join]), records_of(new[join]), (*here, join), (*there, join))
        else:
            yield self._change("change", table, "", old, new, here, there)

    def _group(self, ours: Sequence[Record], theirs: Sequence[Record], here: Path, there: Path) -> Iterator[Change]:
        """The parts of two groups: those with one meaning go together, then those on one attribute."""
        table = TABLES[_CONDITION]
        by_meaning: defaultdict[object, list[int]] = defaultdict(list)
        for number, item in enumerate(theirs):
            by_meaning[logic(item)].append(number)
        left = dict(enumerate(theirs))
        unmet = []
        for number, item in enumerate(ours):
            same = by_meaning.get(logic(item)) or by_meaning.get(logic(self._followed_tree(item, (*here, number))))
            if same:
                del left[same.pop(0)]
            else:
                unmet.append(number)
        by_subject: defaultdict[object, list[int]] = defaultdict(list)
        for number, item in left.items():
            by_subject[_subject(item)].append(number)
        for number in unmet:
            about = by_subject.get(_subject(ours[number]))
            if about:
                other = about.pop(0)
                yield from self._condition(ours[number], left.pop(other), (*here, number), (*there, other))
            else:
                yield self._change("remove", table, "", ours[number], None, (*here, number), None, there)
        for number, item in left.items():
            yield self._change("add", table, "", None, item, None, (*there, number))

    def _otherwise(self, table: Table, one: Record, other: Record, here: Path, there: Path) -> Iterator[Change]:
        name = "otherwise"
        old, new = one.get(name), other.get(name)
        if frozen_field(table, name, old or []) == frozen_field(table, name, new or []):
            return
        ours, theirs = records_of(old), records_of(new)
        if (old and not ours) or (new and not theirs):
            yield from self._value(table, name, one, other, here, there)
            return
        branch = TABLES[OTHERWISE]
        mine, its = ([number for number, each in enumerate(items) if is_branch(each)] for items in (ours, theirs))
        before = [frozen_record(branch, ours[number]) for number in mine]
        after = [frozen_record(branch, theirs[number]) for number in its]
        if before != after and len(before) == len(after) and set(before) == set(after):
            yield self._change("change", table, name, old, new, (*here, name), (*there, name))
            return
        for first, second in _aligned(before, after):
            one_path = (*here, name, mine[first]) if first is not None else None
            other_path = (*there, name, its[second]) if second is not None else None
            yield from self._entry(branch, ours, theirs, one_path, other_path, there)
        mine, its = ([number for number, each in enumerate(items) if not is_branch(each)] for items in (ours, theirs))
        actions = pair(TABLES[_ACTION], [ours[number] for number in mine], [theirs[number] for number in its])
        met = [(mine[first], its[second]) for first, second in actions.pairs]
        for pairs in (met, [(mine[n], None) for n in actions.removed], [(None, its[n]) for n in actions.added]):
            for first, second in pairs:
                one_path = (*here, name, first) if first is not None else None
                other_path = (*there, name, second) if second is not None else None
                yield from self._entry(branch, ours, theirs, one_path, other_path, there)

    def _entry(
        self,
        table: Table,
        ours: Sequence[Record],
        theirs: Sequence[Record],
        here: Path | None,
        there: Path | None,
        holder: Path,
    ) -> Iterator[Change]:
        one = ours[_number(here)] if here else None
        other = theirs[_number(there)] if there else None
        if one is None or other is None:
            yield self._change("add" if one is None else "remove", table, "", one, other, here, there, holder)
        elif here and there and not same_record(table, one, other):
            yield from self._record(table, one, other, here, there)

    def _followed_tree(self, node: object, here: Path) -> object:
        follows = self._matching.follows
        if not follows or not any(path[: len(here)] == here for path in _leaf_paths(here, node) if path in follows):
            return node
        return _with(node, here, follows)

    def _change(
        self,
        op: Op,
        table: Table | None,
        field: str,
        old: object,
        new: object,
        here: Path | None,
        there: Path | None,
        holder: Path | None = None,
    ) -> Change:
        matching = self._matching
        if op in ("remove", "rename") or there is None:
            assert here is not None
            where = matching.first_places.of(here)
        else:
            where = matching.second_places.of(there)
        known = table.by_name.get(field) if table else None
        return Change(
            op,
            str(where),
            old,
            new,
            table.path if table else "",
            field,
            self._step,
            known.travels if known else "portable",
            bool(table and field in table.frozen and old is not None and new is not None),
            here,
            there,
            holder if op == "remove" else None,
        )


def _with(node: object, here: Path, follows: Mapping[Path, object]) -> object:
    """A tree of conditions with its references as they are after the renames."""
    if here in follows:
        return follows[here]
    if isinstance(node, dict):
        return {name: _with(inner, (*here, name), follows) for name, inner in node.items()}
    if isinstance(node, list):
        return [_with(inner, (*here, number), follows) for number, inner in enumerate(node)]
    return node


def _leaf_paths(here: Path, node: object) -> Iterator[Path]:
    for path, leaf in conditions(here, node):
        value = leaf.get("value")
        yield (*path, "value")
        if isinstance(value, list):
            for number in range(len(value)):
                yield (*path, "value", number)


def _aligned(before: Sequence[object], after: Sequence[object]) -> Iterator[tuple[int | None, int | None]]:
    """Which branch is which: those that are the same keep together, those between them go in their order."""
    for tag, i, k, j, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            shared = min(k - i, m - j)
            yield from ((i + number, j + number) for number in range(shared))
            yield from ((number, None) for number in range(i + shared, k))
            yield from ((None, number) for number in range(j + shared, m))


def _only_join(node: Record) -> str | None:
    return next(iter(node)) if len(node) == 1 and next(iter(node)) in ("all", "any", "not") else None


def _is_comparison(node: Record) -> bool:
    return not any(name in node for name in ("all", "any", "not"))


def _are_tables(one: object, other: object) -> bool:
    return isinstance(one, dict) and isinstance(other, dict)


def _subject(node: Record) -> object:
    """What a part of a group is about: two parts about the same are one part that was changed."""
    join = _only_join(node)
    return join or (str(node.get("entity", "")), str(node.get("attribute", "")))


def _number(path: Path) -> int:
    number = path[-1]
    assert isinstance(number, int)
    return number


def _step(table: Table | None, record: Record) -> str:
    task = task_of(table.path, record) if table else None
    return task.step if task else "profile"


@cache
def _known_names(table: str) -> tuple[str, ...]:
    known = TABLES[table].by_name if table in TABLES else {}
    return tuple(dict.fromkeys((*known, *children(table))))


def _names(table: str, one: Mapping[str, object], other: Mapping[str, object]) -> list[str]:
    """The names of two records: known ones in the order of the page, others as they stand."""
    known = _known_names(table)
    names = [name for name in known if name in one or name in other]
    if len(names) < len(one) or len(names) < len(other):
        have = set(known)
        names += [name for name in dict.fromkeys((*one, *other)) if name not in have]
    return names
