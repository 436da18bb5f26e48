"""From one state of a profile to another as operations that can be applied, undone and kept.

What means the same is left as it is: a promotion does not rewrite a list because its order differs. New records
come behind the record they followed, so that a file in Git changes by the lines that are new.
"""

from collections.abc import Iterator, Mapping

from omtui.compare.matching import NO_RENAMES, Matching, Renames, records_of
from omtui.compare.pairing import interleaved, pair
from omtui.compare.sameness import OTHERWISE, frozen_record, identical, logic, same_field, same_value
from omtui.setup.catalogue import child
from omtui.setup.place import Data, Path
from omtui.setup.table import Record, Table
from omtui.store.change import (
    MISSING,
    Insert,
    Operation,
    Remove,
    Set,
    copied,
)
from omtui.store.change import apply as perform


def operations(
    first: Mapping[str, object], second: Mapping[str, object], known: Renames = NO_RENAMES
) -> list[Operation]:
    """The operations that make the first state mean what the second means, in the order in which they apply."""
    return list(_Steps(Matching(first, second, known=known)).record(None, first, second, ()))


def applied(data: Mapping[str, object], steps: list[Operation]) -> Data:
    """The state after the operations; the data itself stays as it is."""
    after = copied(data)
    assert isinstance(after, dict)
    for step in steps:
        perform(after, step)
    return after


class _Steps:
    """Inner records first, while their paths still hold; then what comes into a list, then what leaves it."""

    def __init__(self, matching: Matching) -> None:
        self._matching = matching

    def record(self, table: Table | None, one: Record, other: Record, here: Path) -> Iterator[Operation]:
        for name in dict.fromkeys((*one, *other)):
            old, new = one.get(name, MISSING), other.get(name, MISSING)
            if identical(old, new):
                continue
            inner = child(table.path if table else "", name)
            path = (*here, name)
            if inner is None or inner.path == OTHERWISE:
                if MISSING in (old, new) or not same_field(table, name, old, new):
                    yield Set(path, old, new)
            elif inner.path == "routing_rules.when":
                if MISSING in (old, new) or logic(old) != logic(new):
                    yield from _tree(path, old, new)
            elif inner.single:
                yield from self._single(inner, old, new, path)
            else:
                yield from self._list(inner, old, new, path)

    def _single(self, table: Table, old: object, new: object, path: Path) -> Iterator[Operation]:
        if isinstance(old, dict) and isinstance(new, dict):
            yield from self.record(table, old, new, path)
        elif not (_holds_nothing(table, old) and _holds_nothing(table, new)):
            yield Set(path, old, new)

    def _list(self, table: Table, old: object, new: object, path: Path) -> Iterator[Operation]:
        ours, theirs = records_of(old), records_of(new)
        if (isinstance(old, list) and old and not ours) or not isinstance(old, (list, type(MISSING))):
            yield Set(path, old, new)
            return
        if (isinstance(new, list) and new and not theirs) or not isinstance(new, (list, type(MISSING))):
            yield Set(path, old, new)
            return
        pairing = self._matching.pairing(path) or pair(table, ours, theirs)
        for mine, its in pairing.pairs:
            if not identical(ours[mine], theirs[its]):
                yield from self.record(table, ours[mine], theirs[its], (*path, mine))
        order = interleaved(len(ours), pairing.added, pairing.back)
        for index, (is_new, number) in enumerate(order):
            if is_new:
                yield Insert(path, index, theirs[number])
        partners = pairing.partners
        for index, (is_new, number) in reversed(list(enumerate(order))):
            if not is_new and number not in partners:
                yield Remove(path, index, ours[number])


def _holds_nothing(table: Table, value: object) -> bool:
    return value is MISSING or (isinstance(value, dict) and not frozen_record(table, value))


def _tree(path: Path, old: object, new: object) -> Iterator[Operation]:
    """Two trees of conditions: value by value where they have one shape, else as a whole."""
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        for name, value in old.items():
            is_same = identical(value, new[name]) if name == "value" else same_value(value, new[name])
            if not is_same:
                yield from _tree((*path, name), value, new[name])
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new) and records_of(old):
        for number, (one, other) in enumerate(zip(old, new, strict=True)):
            if logic(one) != logic(other):
                yield from _tree((*path, number), one, other)
    else:
        yield Set(path, old, new)
