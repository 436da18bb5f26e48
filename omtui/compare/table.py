"""Several environments side by side: one row a place, one column a profile, and in it same, other or missing.

What a column is compared with is the first profile that has the place. A record counts as the same when all that may
travel is the same: hosts, users and states are other in each environment by their nature, and have rows of their own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from omtui.compare.binding import is_state
from omtui.compare.difference_report import json_value
from omtui.compare.matching import records_of
from omtui.compare.pairing import pair
from omtui.compare.sameness import same_field
from omtui.setup.catalogue import TABLES, child, children, step_of
from omtui.setup.field import Travels
from omtui.setup.indexed import title_of
from omtui.setup.place import Place, Selector, key_text
from omtui.setup.table import Record, Table
from omtui.store.change import MISSING

Cell = Literal["same", "other", "missing"]


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One place in all profiles."""

    where: str
    step: str
    table: str
    field: str
    """Empty for a record."""
    travels: Travels
    cells: tuple[Cell, ...]
    values: tuple[object, ...]
    """The field's value in each profile, or what the record is called there; `None` where there is nothing."""

    @property
    def is_same(self) -> bool:
        """Whether all profiles agree."""
        return all(cell == "same" for cell in self.cells)


@dataclass(frozen=True, slots=True)
class ProfileComparison:
    """All rows, in the order of the file."""

    profiles: tuple[str, ...]
    rows: tuple[ComparisonRow, ...]

    @property
    def changed(self) -> tuple[ComparisonRow, ...]:
        """The rows on which not all profiles agree."""
        return tuple(row for row in self.rows if not row.is_same)

    def __bool__(self) -> bool:
        return bool(self.changed)


def compare(profiles: Mapping[str, Mapping[str, object]]) -> ProfileComparison:
    """Compare profiles by their names. The first is what the others are compared with."""
    rows: list[ComparisonRow] = []
    datas = list(profiles.values())
    for table in TABLES.values():
        if table.parent:
            continue
        if table.single:
            rows += _single(table, [_table(data.get(table.name)) for data in datas])
        else:
            rows += _list(table, [records_of(data.get(table.name)) for data in datas], Place((table.name,)), "")
    return ProfileComparison(tuple(profiles), tuple(rows))


def to_json(comparison: ProfileComparison, *, changed: bool = False) -> dict[str, object]:
    """The comparison for `omtui compare --json`."""
    return {
        "profiles": list(comparison.profiles),
        "rows": [
            {
                "where": row.where,
                "step": row.step,
                "travels": row.travels,
                "cells": dict(zip(comparison.profiles, row.cells, strict=True)),
                "values": dict(zip(comparison.profiles, map(json_value, row.values), strict=True)),
            }
            for row in (comparison.changed if changed else comparison.rows)
        ],
        "counts": {
            word: sum(row.cells.count(word) for row in comparison.rows) for word in ("same", "other", "missing")
        },
    }


def _single(table: Table, records: Sequence[Record | None]) -> Iterator[ComparisonRow]:
    step = step_of(table.path)
    place = Place((table.name,))
    if any(records):
        yield from _fields(table, records, place, step)
    for inner in children(table.path).values():
        if not inner.single:
            lists = [records_of((record or {}).get(inner.name)) for record in records]
            yield from _list(inner, lists, place / inner.name, "")


def _list(table: Table, lists: Sequence[Sequence[Record]], place: Place, step: str) -> Iterator[ComparisonRow]:
    met: dict[str, int] = {}
    for records in _aligned(table, lists):
        first = next(record for record in records if record is not None)
        key = key_text(first, table.key)
        met[key] = met.get(key, 0) + 1
        where = place / Selector(key, met[key])
        its_step = step or step_of(table.path, first)
        inner = list(_fields(table, records, where, its_step))
        start = records.index(first)
        is_other = {
            number
            for row in inner
            if row.travels == "portable"
            for number in range(len(records))
            if not same_field(table, row.field, row.values[number], row.values[start])
        }
        cells: list[Cell] = [
            "missing" if record is None else "other" if number in is_other else "same"
            for number, record in enumerate(records)
        ]
        names = tuple(None if record is None else title_of(table.path, record) or "" for record in records)
        yield ComparisonRow(str(where), its_step, table.path, "", "portable", tuple(cells), names)
        yield from inner


def _fields(table: Table, records: Sequence[Record | None], place: Place, step: str) -> Iterator[ComparisonRow]:
    """The fields that are not the same everywhere where the record is."""
    present = [record for record in records if record is not None]
    names = [name for name in table.by_name if any(name in record for record in present)]
    names += [name for name in dict.fromkeys(n for record in present for n in record) if name not in table.by_name]
    for name in names:
        inner = child(table.path, name)
        if inner is not None and inner.key:
            if not table.single:
                yield from _list(
                    inner, [records_of((record or {}).get(name)) for record in records], place / name, step
                )
            continue
        if table.path == "profile" and name == "name":
            continue
        values = [MISSING if record is None else record.get(name, MISSING) for record in records]
        reference = next(value for value in values if value is not MISSING)
        cells: list[Cell] = [
            "missing" if value is MISSING else "same" if same_field(table, name, value, reference) else "other"
            for value in values
        ]
        if any(cell != "same" for cell, record in zip(cells, records, strict=True) if record is not None):
            shown = tuple(None if value is MISSING else value for value in values)
            yield ComparisonRow(str(place / name), step, table.path, name, _travels(table, name), tuple(cells), shown)


def _aligned(table: Table, lists: Sequence[Sequence[Record]]) -> list[list[Record | None]]:
    """Which records are one and the same in all profiles: by key, else by contents."""
    rows: list[list[Record | None]] = []
    for number, records in enumerate(lists):
        known = [next(record for record in row if record is not None) for row in rows]
        pairing = pair(table, known, records)
        partners = pairing.partners
        for at, row in enumerate(rows):
            row.append(records[partners[at]] if at in partners else None)
        rows += [[*[None] * number, records[at]] for at in pairing.added]
    return rows


def _travels(table: Table, name: str) -> Travels:
    if is_state(table.path, name):
        return "state"
    field = table.by_name.get(name)
    return field.travels if field else "portable"


def _table(value: object) -> Record | None:
    return value if isinstance(value, dict) else None
