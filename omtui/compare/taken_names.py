"""Both sides of a merge gave one name to two different records: one side has to take its name back."""

from collections.abc import Iterator
from typing import NamedTuple

from omtui.compare.matching import Matching, records_of
from omtui.setup.catalogue import TABLES
from omtui.setup.indexed import Indexed
from omtui.setup.place import Data, Path, Place, Selector, found_at, key_text
from omtui.setup.references import after, rename
from omtui.setup.table import Table


class NewName(NamedTuple):
    """A name that a side gave to a record: to a new one, or to one that was called otherwise."""

    path: Path
    """Where the record is on that side."""
    origin: int | None
    """Its number in the base; `None` for a new one."""


class TakenName(NamedTuple):
    """A name that the two sides gave to different records."""

    table: Table
    where: str
    ours: NewName
    theirs: NewName


def taken_names(to_ours: Matching, to_theirs: Matching) -> Iterator[TakenName]:
    """The names that both sides gave, each to another record."""
    for table in TABLES.values():
        if table.key and not table.parent:
            ours, theirs = _new_names(to_ours, table), _new_names(to_theirs, table)
            for key in ours.keys() & theirs.keys():
                if ours[key].origin != theirs[key].origin:
                    where = str(Place(()) / table.name / Selector(key))
                    yield TakenName(table, where, ours[key], theirs[key])


def without(matching: Matching, table: Table, name: NewName) -> Data:
    """A side without a name that it gave: a new record goes, another one is called as before, wherever it is named."""
    data = dict(matching.second)
    records = records_of(data[table.name])
    if name.origin is None:
        return data | {table.name: [record for number, record in enumerate(records) if number != name.path[-1]]}
    field = str(table.key)
    before = found_at(matching.first, (table.name, name.origin, field))
    assert isinstance(before, str | int)
    return after(data, rename(Indexed(data), name.path, field, before))


def _new_names(matching: Matching, table: Table) -> dict[str, NewName]:
    pairing = matching.pairing((table.name,))
    if pairing is None:
        return {}
    before = records_of(matching.first.get(table.name))
    after = records_of(matching.second.get(table.name))
    found: dict[str, NewName] = {}
    for number, record in enumerate(after):
        origin = pairing.back.get(number)
        key = key_text(record, table.key)
        if origin is None or key_text(before[origin], table.key) != key:
            found[key] = NewName((table.name, number), origin)
    return found
