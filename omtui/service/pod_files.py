"""A profile against a file that was read out of the pod: what is the same, what differs, what is only here or there.

The file says nothing of what it has no table or column for: that is *not in the file*, and never missing in the pod.
"""

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from omtui.compare.change import Change
from omtui.compare.difference import difference
from omtui.compare.operations import operations
from omtui.documents.sheet import LARGEST, CellMark, Sheet
from omtui.documents.sheet_files import read_sheets
from omtui.documents.sheets import RULE_BLOCKS, block_title
from omtui.documents.sheets_reading import SetupFromSheets, from_sheets
from omtui.plain_text import few, plain
from omtui.problem import Problem, Wrong
from omtui.service.comparing import State
from omtui.service.editing import Plan
from omtui.setup.catalogue import BY_STEP, TABLES, child
from omtui.setup.indexed import Indexed, rows
from omtui.setup.place import Data, Path, Place, found_at, key_text, parse, resolve
from omtui.setup.published_tables import QUERIES
from omtui.setup.table import Record, Table
from omtui.store.files import read_bytes


@dataclass(frozen=True, slots=True)
class FileDifference:
    """What a file says otherwise than a profile."""

    source: str
    target: str
    changes: tuple[Change, ...]
    only_here: tuple[Change, ...]
    only_there: tuple[Change, ...]
    not_in_file: tuple[str, ...]
    """Tables, and fields of tables, that the profile has and the file does not speak of."""
    same: int
    """How many fields say the same."""
    notes: tuple[str, ...] = ()
    """What a person should know of the file. Safe to show."""

    def __bool__(self) -> bool:
        return bool(self.changes or self.only_here or self.only_there)


def file_difference(
    name: str, data: Data, path: FilePath, content: bytes, profile: FilePath | None = None
) -> FileDifference | Wrong:
    """A profile held against the sheets of a file, or a setup data package with the mapping next to `profile`."""
    found = _read(name, path, content, profile)
    if isinstance(found, Wrong):
        return found
    tables, is_package = _tables(found), _is_package(path)
    here, there = _limited(data, found, tables), _limited(found.data, found, tables)
    changes = difference(here, there, renames=False).changes
    changed = tuple(each for each in changes if each.op == "change")
    removed = [each for each in changes if each.op == "remove"]
    # A package leaves out Oracle's own records that nobody changed.
    left_out = [each for each in removed if is_package and _is_predefined(data, each)]
    only_here = tuple(each for each in removed if each not in left_out)
    only_there = tuple(each for each in changes if each.op == "add")
    lost = {(each.first_path or ())[:2] for each in removed}
    differing = {(each.first_path or ())[: _depth(each)] for each in changed}
    same = sum(field not in differing and field[:2] not in lost for field in _fields(here, tables))
    not_in_file = (*_not_in_file(data, found, tables), *(each.where for each in left_out))
    notes = tuple(each.message for each in found.notices) if is_package else ()
    return FileDifference(name, path.name, changed, only_here, only_there, not_in_file, same, notes)


def pod_state(name: str, data: Data, path: FilePath, profile: FilePath | None = None) -> State | Wrong:
    """A profile as the pod has it, as far as a file speaks of it. What is not in the file is as in the profile."""
    content = read_bytes(path, LARGEST)
    found = content if isinstance(content, Problem) else _read(name, path, content, profile)
    if isinstance(found, Problem):
        return Wrong(found.message, found.fix)
    there = dict(data)
    for table in _tables(found):
        value = found.data.get(table.name)
        if table.single:
            there[table.name] = _overlaid(Indexed(data).single(table.path), value, found, table)
            continue
        records = _overlaid_records(rows(data, table.name), rows(found.data, table.name), found, table)
        if _is_package(path):  # it leaves out Oracle's own records that nobody changed
            named = {key_text(each, table.key) for each in records}
            kept = (each for each in rows(data, table.name) if each.get("predefined") is True)
            records += [dict(each) for each in kept if key_text(each, table.key) not in named]
        there[table.name] = records
    return State(path.name, {key: value for key, value in there.items() if value != []}, profile, of_pod=True)


def accept(setup: Indexed, state: State, places: Sequence[str] = ()) -> Plan | Wrong:
    """What makes a profile say what the pod says: at some records or fields, or everywhere."""
    there = dict(state.data)
    if places:
        taken = _taken_at(setup.data, there, places)
        if isinstance(taken, Wrong):
            return taken
        there = taken
    label = f"Accept the drift of {plain(state.name)}{f' at {few(places, 3)}' if places else ''}"
    return Plan(label, tuple(operations(setup.data, there)), ())


def _taken_at(here: Data, there: Data, places: Sequence[str]) -> Data | Wrong:
    """A profile with what the other one says at some records and fields."""
    result: dict[str, Any] = copy.deepcopy(here)
    gone: set[Path] = set()
    for name in places:
        place = parse(name)
        if not isinstance(place, Place):
            return Wrong(f"{plain(name)} is no place: {place.message}", "write it as omtui diff does")
        old, new = resolve(here, place), resolve(there, place)
        path = old if isinstance(old, tuple) else new
        if not isinstance(path, tuple):
            return Wrong(f"neither the profile nor the file has {plain(name)}", "name a record or a field that differs")
        table = TABLES[str(path[0])]
        if len(path) != (1 if table.single else 2) and len(path) != (2 if table.single else 3):
            return Wrong(f"{plain(name)} is a part of a field", "name the record or the field that holds it")
        value = found_at(there, new) if isinstance(new, tuple) else None
        if not isinstance(path[-1], int):
            holder = found_at(result, path[:-1])
            assert isinstance(holder, dict)
            holder.pop(str(path[-1]), None)
            holder |= {} if value is None else {str(path[-1]): value}
        elif not isinstance(old, tuple):
            result.setdefault(table.name, []).append(value)
        elif value is None:
            gone.add(old)
        else:
            result[table.name][path[1]] = value
    for path in sorted(gone, reverse=True):
        del result[str(path[0])][path[1]]
    return {key: value for key, value in result.items() if value != []}


def _overlaid_records(
    here: Sequence[Record], there: Sequence[Record], found: SetupFromSheets, table: Table
) -> list[dict[str, object]]:
    """The records that a file has, in the order of the profile, then those that only the file has."""
    if table.key is None:
        return [dict(each) for each in there]
    order = {key_text(each, table.key): number for number, each in enumerate(here)}
    known = {key_text(each, table.key): each for each in here}
    ordered = sorted(there, key=lambda each: order.get(key_text(each, table.key), len(order)))
    return [_overlaid(known.get(key_text(each, table.key), {}), each, found, table) for each in ordered]


def _overlaid(here: Record, there: object, found: SetupFromSheets, table: Table) -> dict[str, object]:
    """A record with what a file says of it."""
    said = there if isinstance(there, dict) else {}
    result: dict[str, object] = {}
    for name in dict.fromkeys((*here, *said)):
        if name not in said:
            if name == table.key or not _speaks(found, table, name):
                result[name] = here[name]
            continue
        inner = child(table.path, name)
        if inner is not None and inner.path in found.spoken_of and isinstance(said[name], list):
            result[name] = _overlaid_records(rows(here, name), rows(said, name), found, inner)
        else:
            result[name] = said[name]
    return result


def _is_package(path: FilePath) -> bool:
    return path.suffix.lower() == ".zip"


def _read(name: str, path: FilePath, content: bytes, profile: FilePath | None) -> SetupFromSheets | Wrong:
    if _is_package(path):
        from omtui.service.packages import read_package_of

        arrived = read_package_of(content, path.name, name, profile)
        if isinstance(arrived, Wrong):
            return arrived
        found: SetupFromSheets = arrived
    else:
        sheets = read_sheets(content, path.stem)
        if isinstance(sheets, Problem):
            return Wrong(f"{plain(path.name)}: {sheets.message}", sheets.fix)
        found = from_sheets([_of_query(sheet) for sheet in sheets], name)
    if found.faults:
        more = f" ({len(found.faults) - 1} more)" if len(found.faults) > 1 else ""
        return Wrong(f"{plain(path.name)}: {plain(found.faults[0])}{more}", "correct the file, or read it again")
    if not _tables(found):
        return Wrong(
            f"{plain(path.name)} holds no table of a set-up",
            "name the sheet by its task, or take the columns that omtui query gives",
        )
    return found


def _tables(found: SetupFromSheets) -> list[Table]:
    """The tables of which a file speaks."""
    return [TABLES[path] for path in found.spoken_of if path in TABLES and not TABLES[path].parent]


def _is_predefined(data: Data, change: Change) -> bool:
    record = found_at(data, (change.first_path or ())[:2])
    return isinstance(record, dict) and record.get("predefined") is True


def _depth(change: Change) -> int:
    """How long the path of a field is: behind the table, of a list also behind the record's number."""
    return 2 if TABLES[change.table.partition(".")[0]].single else 3


def _of_query(sheet: Sheet) -> Sheet:
    """A sheet whose columns are those of a query of ours is about its step; the file may be called anything."""
    head = {cell.strip().casefold() for cell in sheet.rows[0]} if sheet.rows else set()
    for step, query in QUERIES.items():
        if TABLES[query.table].key in head and head <= {column.field for column in query.columns}:
            title = block_title(TABLES[query.table])
            return Sheet(BY_STEP[step].title, ((title,), *sheet.rows), _moved(sheet))
    return sheet


def _moved(sheet: Sheet) -> dict[tuple[int, int], CellMark]:
    """The marks of cells, a row further down."""
    return {(row + 1, column): mark for (row, column), mark in sheet.marks.items()}


def _limited(data: Data, found: SetupFromSheets, tables: list[Table]) -> Data:
    """The part of a profile of which the file speaks."""
    limited: Data = {"schema": data.get("schema", 1)}
    for table in tables:
        value = data.get(table.name)
        if isinstance(value, dict) if table.single else rows(data, table.name):
            limited[table.name] = _limited_value(value, found, table)
    return limited


def _limited_value(value: object, found: SetupFromSheets, table: Table) -> object:
    """A record of a table, or a list of them, with the fields of which the file speaks."""
    if isinstance(value, list):
        return [_limited_value(each, found, table) for each in value]
    if not isinstance(value, dict):
        return value
    limited: Data = {}
    for name, inside in value.items():
        inner = child(table.path, name)
        if name == table.key or _speaks(found, table, name):
            is_table = inner is not None and inner.path in found.spoken_of
            limited[name] = _limited_value(inside, found, inner) if inner is not None and is_table else inside
    return limited


def _speaks(found: SetupFromSheets, table: Table, name: str) -> bool:
    if table.path == "routing_rules" and name in ("when", "then", "otherwise"):
        return any(block in found.spoken_of for block in RULE_BLOCKS)
    return f"{table.path}.{name}" in found.spoken_of


def _fields(data: Data, tables: list[Table]) -> Iterator[Path]:
    """The path of each field of a record that the file can say something of."""
    for table in tables:
        if table.single:
            yield from ((table.name, name) for name in Indexed(data).single(table.path))
        else:
            for number, record in enumerate(rows(data, table.name)):
                yield from ((table.name, number, name) for name in record)


def _not_in_file(data: Data, found: SetupFromSheets, tables: list[Table]) -> Iterator[str]:
    known = {table.path for table in tables}
    setup = Indexed(data)
    for table in TABLES.values():
        inner = bool(table.parent)
        if inner and (table.path not in found.spoken_of or table.path.startswith("routing_rules.")):
            continue
        records = [setup.single(table.path)] if table.single else [each.record for each in setup.records(table.path)]
        if not any(records):
            continue
        if not inner and table.path not in known:
            yield table.path
            continue
        for field in table.fields:
            is_there = any(field.name in record for record in records)
            if is_there and field.name != table.key and not _speaks(found, table, field.name):
                yield f"{table.path}.{field.name}"
