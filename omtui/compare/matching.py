"""Two states of a profile laid side by side: which record is which, and what references become by a rename."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from omtui.compare.pairing import Pairing, distinguishing_field, pair
from omtui.compare.sameness import OTHERWISE, identical
from omtui.setup.catalogue import TABLES, child
from omtui.setup.indexed import Indexed
from omtui.setup.place import Path, Place, Places, found_at, key_text, parse, resolve
from omtui.setup.references import mentions, targets
from omtui.setup.table import Record, Table

Renames = Mapping[str, Mapping[str, str]]
"""Renames that are known to have been made: by table, the key before and the key after."""

NO_RENAMES: Final[Renames] = {}


class Matching:
    """The records of two states of a profile, paired. Pairs that are the same to the letter are not looked into.

    `known` renames pair records with any contents; without them, a rename is recognised by the contents.
    """

    def __init__(
        self,
        first: Mapping[str, object],
        second: Mapping[str, object],
        *,
        renames: bool = True,
        known: Renames = NO_RENAMES,
    ) -> None:
        self.first = first
        self.second = second
        self.first_places = Places(first)
        self.second_places = Places(second)
        self._renames = renames
        self._known = known
        self._pairings: dict[Path, Pairing] = {}
        self.new_names: dict[Path, dict[str, object]] = {}
        """For records of the first state: fields by which others name them, with their new value."""
        self._known_as: dict[tuple[str, str], dict[str, object]] = {}
        for table in TABLES.values():
            if not table.parent:
                self._match_table(table, first, second, (), ())
        self.follows = dict(self._followed()) if self.new_names else {}
        """What a reference of the first state (a field's path, or that of an element of its list) becomes when it
        only follows a rename: the new name."""

    def pairing(self, path: Path) -> Pairing | None:
        """How the records of the list at a path of the first state are paired.

        `None` when the record that holds the list is the same in both states to the letter, or has no partner.
        """
        return self._pairings.get(path)

    def found_renames(self) -> Renames:
        """The renames between the two states."""
        found: dict[str, dict[str, str]] = {}
        for path, pairing in self._pairings.items():
            table = TABLES[".".join(part for part in path if isinstance(part, str))]
            before, after = found_at(self.first, path), found_at(self.second, self.second_path(path) or ())
            for mine, its in pairing.renamed:
                if isinstance(before, list) and isinstance(after, list):
                    old, new = key_text(before[mine], table.key or ""), key_text(after[its], table.key or "")
                    found.setdefault(table.path, {})[old] = new
        return found

    def second_path(self, path: Path) -> Path | None:
        """Where the record at a path of the first state is in the second; `None` when it has no partner."""
        found: list[str | int] = []
        for number, part in enumerate(path):
            pairing = self._pairings.get(path[:number]) if isinstance(part, int) else None
            if pairing is None:
                found.append(part)
                continue
            assert isinstance(part, int)
            partner = pairing.partners.get(part)
            if partner is None:
                return None
            found.append(partner)
        return tuple(found)

    def first_path(self, path: Path) -> Path | None:
        """Where the record at a path of the second state is in the first; `None` when it has no partner."""
        found: list[str | int] = []
        for part in path:
            if isinstance(part, str):
                found.append(part)
                continue
            pairing = self._pairings.get(tuple(found))
            number = pairing.back.get(part) if pairing else part
            records = found_at(self.first, tuple(found))
            if number is None or not isinstance(records, list) or number >= len(records):
                return None
            found.append(number)
        return tuple(found)

    def followed(self, path: Path, value: object) -> object:
        """A field's value in the first state as it is when its references follow the renames."""
        if not self.follows:
            return value
        if isinstance(value, list):
            return [self.follows.get((*path, number), item) for number, item in enumerate(value)]
        return self.follows.get(path, value)

    def _match_table(
        self,
        table: Table,
        first: Mapping[str, object],
        second: Mapping[str, object],
        first_path: Path,
        second_path: Path,
    ) -> None:
        one, other = first.get(table.name), second.get(table.name)
        if table.single:
            if isinstance(one, dict) and isinstance(other, dict) and not identical(one, other):
                self._match_inside(table, one, other, (*first_path, table.name), (*second_path, table.name))
            return
        if table.path == OTHERWISE or distinguishing_field(table) is None:
            return
        ours, theirs = records_of(one), records_of(other)
        if (not ours and not theirs) or identical(ours, theirs):
            return
        known = self._known_renames(table, ours, theirs)
        pairing = pair(table, ours, theirs, key_of=self._key_of(table, known), renames=self._renames)
        pairing.renamed |= {each for each in pairing.pairs if known and key_text(ours[each[0]], table.key) in known}
        here, there = (*first_path, table.name), (*second_path, table.name)
        self._pairings[here] = pairing
        for mine, its in pairing.pairs:
            if not identical(ours[mine], theirs[its]):
                self._note_names(table, (*here, mine), ours[mine], theirs[its])
                self._match_inside(table, ours[mine], theirs[its], (*here, mine), (*there, its))

    def _match_inside(self, table: Table, first: Record, second: Record, first_path: Path, second_path: Path) -> None:
        for name in first:
            inner = child(table.path, name)
            if inner is not None and inner.path != "routing_rules.when" and name in second:
                self._match_table(inner, first, second, first_path, second_path)

    def _known_renames(self, table: Table, ours: Sequence[Record], theirs: Sequence[Record]) -> dict[str, str]:
        """The known renames between the two states: the old key is only in the first, the new in the second."""
        known = self._known.get(table.path)
        if not known:
            return {}
        before, after = ({key_text(record, table.key) for record in records} for records in (ours, theirs))
        return {old: new for old, new in known.items() if old in before - after and new in after - before}

    def _key_of(self, table: Table, known: Mapping[str, object]) -> "_Renamed | None":
        """The keys of the first state as they are after known renames, and after those of records that they name."""
        field = table.by_name.get(table.key or "")
        if field is None:
            return None
        if known:
            return _Renamed(field.name, known)
        for reference in field.refers:
            names = self._known_as.get((reference.table, reference.field))
            if names and not reference.through:
                return _Renamed(field.name, names)
        return None

    def _note_names(self, table: Table, path: Path, first: Record, second: Record) -> None:
        for name in _referred_to(table.path):
            if name in first and name in second and not identical(first[name], second[name]):
                self.new_names.setdefault(path, {})[name] = second[name]
                self._known_as.setdefault((table.path, name), {})[str(first[name])] = second[name]

    def _followed(self) -> Iterator[tuple[Path, object]]:
        setup = Indexed(dict(self.first))
        old = {name for names in self._known_as.values() for name in names}
        for mention in mentions(setup):
            if mention.name in old:
                for target in targets(setup, mention):
                    new = self.new_names.get(target.path, {}).get(mention.reference.field)
                    if new is not None:
                        yield mention.path, new
                        break
        for table in TABLES.values():
            for field in table.fields:
                if field.kind == "place":
                    for found in setup.records(table.path):
                        moved = self._moved_place(found.record.get(field.name))
                        if moved is not None:
                            yield (*found.path, field.name), moved

    def _moved_place(self, text: object) -> str | None:
        place = parse(text) if isinstance(text, str) else None
        if not isinstance(place, Place):
            return None
        path = resolve(self.first, place)
        if not isinstance(path, tuple):
            return None
        there = self.second_path(path)
        moved = str(self.second_places.of(there)) if there is not None else None
        return moved if moved != text else None


class _Renamed:
    """Gives a record's key as it is called after a rename elsewhere."""

    def __init__(self, name: str, names: Mapping[str, object]) -> None:
        self._name = name
        self._names = names

    def __call__(self, record: Record) -> str:
        key = key_text(record, self._name)
        return str(self._names.get(key, key))


def records_of(value: object) -> Sequence[Record]:
    """The records of a list in its order; none when it is no list of records."""
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return value
    return ()


@cache
def _referred_to(table: str) -> tuple[str, ...]:
    """The fields of a table by which other records name its records."""
    found = {
        reference.field
        for other in TABLES.values()
        for field in other.fields
        for reference in field.refers
        if reference.table == table
    }
    return tuple(sorted(found))
