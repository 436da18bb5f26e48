"""A profile against a file that was read out of the pod: what is the same, what differs, what is only here or there.

The file says nothing of what it has no table or column for: that is *not in the file*, and never missing in the pod.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath

from omtui.compare.change import Change
from omtui.compare.difference import difference
from omtui.documents.sheet import CellMark, Sheet
from omtui.documents.sheet_files import read_sheets
from omtui.documents.sheets import RULE_BLOCKS, block_title
from omtui.documents.sheets_reading import SetupFromSheets, from_sheets
from omtui.plain_text import plain
from omtui.problem import Problem, Wrong
from omtui.setup.catalogue import BY_STEP, TABLES
from omtui.setup.indexed import Indexed, rows
from omtui.setup.place import Data, Path
from omtui.setup.published_tables import QUERIES
from omtui.setup.table import Record, Table


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

    def __bool__(self) -> bool:
        return bool(self.changes or self.only_here or self.only_there)


def file_difference(name: str, data: Data, path: FilePath, content: bytes) -> FileDifference | Wrong:
    """A profile held against the sheets of a file."""
    if path.suffix.lower() == ".zip":
        return Wrong(f"{plain(path.name)} is a package, which is not read", "unpack it, and name one of its CSV files")
    sheets = read_sheets(content, path.stem)
    if isinstance(sheets, Problem):
        return Wrong(f"{plain(path.name)}: {sheets.message}", sheets.fix)
    found = from_sheets([_of_query(sheet) for sheet in sheets], name)
    if found.faults:
        more = f" ({len(found.faults) - 1} more)" if len(found.faults) > 1 else ""
        return Wrong(f"{plain(path.name)}: {plain(found.faults[0])}{more}", "correct the file, or read it again")
    tables = [TABLES[path] for path in found.spoken_of if path in TABLES and not TABLES[path].parent]
    if not tables:
        return Wrong(
            f"{plain(path.name)} holds no table of a set-up",
            "name the sheet by its task, or take the columns that omtui query gives",
        )
    here, there = _limited(data, found, tables), _limited(found.data, found, tables)
    changes = difference(here, there, renames=False).changes
    changed = tuple(each for each in changes if each.op == "change")
    only_here = tuple(each for each in changes if each.op == "remove")
    only_there = tuple(each for each in changes if each.op == "add")
    lost = {(each.first_path or ())[:2] for each in only_here}
    differing = {(each.first_path or ())[: _depth(each)] for each in changed}
    same = sum(field not in differing and field[:2] not in lost for field in _fields(here, tables))
    return FileDifference(
        name, path.name, changed, only_here, only_there, tuple(_not_in_file(data, found, tables)), same
    )


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
        if table.single:
            record = data.get(table.name)
            if isinstance(record, dict):
                limited[table.name] = {name: value for name, value in record.items() if _speaks(found, table, name)}
            continue
        records = [
            {name: value for name, value in record.items() if name == table.key or _speaks(found, table, name)}
            for record in rows(data, table.name)
        ]
        if records:
            limited[table.name] = records
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
        if table.parent:
            continue
        records: list[Record] = [setup.single(table.path)] if table.single else rows(data, table.name)
        if not any(records):
            continue
        if table.path not in known:
            yield table.path
            continue
        for field in table.fields:
            is_there = any(field.name in record for record in records)
            if is_there and field.name != table.key and not _speaks(found, table, field.name):
                yield f"{table.path}.{field.name}"
