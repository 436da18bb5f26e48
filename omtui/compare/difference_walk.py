"""Finds what differs between two states of a profile, table by table, along the pairs of their records."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache

from omtui.compare.change import Change, Op
from omtui.compare.matching import Matching, records_of
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
from omtui.setup.catalogue import TABLES, child, children, step_of
from omtui.setup.place import Path
from omtui.setup.references import conditions
from omtui.setup.table import Record, Table

_CONDITION = "routing_rules.when"
_ACTION = "routing_rules.then"


class DifferenceWalk:
    """Walks through both states, along the pairs of their records."""

    def __init__(self, matching: Matching) -> None:
        self._matching = matching
        self._step = "profile"

    def changes(self) -> Iterator[Change]:
        """Yields what differs, in the order of the file."""
        first, second = self._matching.first, self._matching.second
        for name in _names("", first, second):
            table = child("", name)
            self._step = step_of(name)
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
                self._step = step_of(table.path, record)
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
        """Two trees: alike as logic, or what differs in them as near to the leaves as possible."""
        before, after = logic(old), logic(new)
        if before == after or logic(self._followed_tree(old, here)) == after:
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


@cache
def _known_names(table: str) -> tuple[str, ...]:
    known = TABLES[table].by_name if table in TABLES else {}
    return tuple(dict.fromkeys((*known, *children(table))))


def _names(table: str, one: Mapping[str, object], other: Mapping[str, object]) -> list[str]:
    """The names of two records: known ones in the order of the page, others in their own order."""
    known = _known_names(table)
    names = [name for name in known if name in one or name in other]
    if len(names) < len(one) or len(names) < len(other):
        have = set(known)
        names += [name for name in dict.fromkeys((*one, *other)) if name not in have]
    return names
