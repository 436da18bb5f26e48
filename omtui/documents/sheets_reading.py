"""A set-up from sheets that people typed: what can be read of them, and what cannot, cell by cell."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from omtui.documents.cells import uncell
from omtui.documents.rules_in_sheets import RuleParts
from omtui.documents.sheet_values import NO_VALUE, NOT_SET, WORDS, from_cell, unquoted_text
from omtui.documents.sheets import RULE_BLOCKS, Sheet, block_title, columns, holders, layout
from omtui.plain_text import plain
from omtui.setup.catalogue import TABLES
from omtui.setup.field import Field
from omtui.setup.nearest import folded, nearest
from omtui.setup.place import Data, key_text
from omtui.setup.table import Table

MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 200
LONGEST: Final = 32_767
"""Characters in a cell: as many as a spreadsheet takes."""


@dataclass(frozen=True, slots=True)
class SheetFault:
    """What is wrong in a sheet. `row` counts from 1, `column` is a letter or empty. Safe to show."""

    sheet: str
    row: int
    column: str
    message: str
    fix: str

    def __str__(self) -> str:
        return f"{self.sheet}, {self.column}{self.row}: {self.message}; {self.fix}"


@dataclass(frozen=True, slots=True)
class Typed:
    """A set-up that was read from sheets, and what could not be read of it."""

    data: Data
    faults: tuple[SheetFault, ...]


def from_sheets(sheets: Sequence[Sheet], name: str = "typed") -> Typed:
    """The set-up that sheets hold. Without a name or an environment it is called `name`, and development."""
    work = _Reading()
    for sheet in sheets:
        work.read(sheet)
    return Typed(work.finish(name), tuple(work.faults))


_Key = tuple[tuple[str, int], ...]


class _Reading:
    def __init__(self) -> None:
        self.faults: list[SheetFault] = []
        self._data: Data = {}
        self._known: dict[str, dict[_Key, Data]] = {}
        self._met: Counter[tuple[str, _Key, str]] = Counter()
        self._parts: dict[_Key, tuple[RuleParts, str, int]] = {}

    def finish(self, name: str) -> Data:
        """What was read, with the rules put together."""
        for key, (parts, sheet, row) in self._parts.items():
            fields = parts.fields()
            if isinstance(fields, tuple):
                self.faults.append(SheetFault(sheet, row, "", *fields))
            else:
                self._known["routing_rules"][key].update(fields)
        head = self._data.pop("profile", {})
        assert isinstance(head, dict)
        profile = {"name": name, "environment": "development"} | head
        return {"schema": 1, "profile": profile} | {each: value for each, value in self._data.items() if value}

    def read(self, sheet: Sheet) -> None:
        """One sheet, block by block."""
        name = plain(sheet.name)
        if len(sheet.rows) > MOST_ROWS or any(len(row) > MOST_COLUMNS for row in sheet.rows):
            fix = f"up to {MOST_ROWS:,} rows of {MOST_COLUMNS} columns are read"
            self.faults.append(SheetFault(name, 1, "", "the sheet is too large", fix))
            return
        start = 0
        lines = [tuple(map(uncell, row)) for row in sheet.rows]
        while start < len(lines):
            end = start + 1
            if any(cell.strip() for cell in lines[start]):
                while end < len(lines) and any(cell.strip() for cell in lines[end]):
                    end += 1
                self._block(name, start + 1, lines[start:end])
            start = end

    def _block(self, sheet: str, row: int, lines: Sequence[tuple[str, ...]]) -> None:
        """A block that begins in a row (from 1)."""
        title = lines[0][0].strip()
        block = _block_named(sheet, title) if not any(cell.strip() for cell in lines[0][1:]) else None
        if block is None:
            near = nearest(title, _blocks())
            fix = f"did you mean {near}?" if near else "begin each block with the name of its table, as omtui writes it"
            self._fault(sheet, row, 0, f"{_short(title) or 'an empty cell'} is no table", fix)
        elif block in RULE_BLOCKS:
            self._rule_block(sheet, row, block, lines)
        elif TABLES[block].single:
            self._single(sheet, row, TABLES[block], lines[1:])
        elif len(lines) > 1:
            self._records(sheet, row, TABLES[block], lines)

    def _single(self, sheet: str, row: int, table: Table, lines: Sequence[tuple[str, ...]]) -> None:
        labels = _by_label(table)
        for number, line in enumerate(lines, row + 1):
            field = labels.get(folded(line[0]))
            if field is None:
                self._unknown(sheet, number, 0, line[0], [each.label for each in columns(table)])
            elif len(line) > 1 and line[1] != "":
                value = self._value(sheet, number, 1, field, line[1])
                if value is not NO_VALUE:
                    holder = self._data.setdefault(table.name, {})
                    assert isinstance(holder, dict)
                    holder[field.name] = value

    def _records(self, sheet: str, row: int, table: Table, lines: Sequence[tuple[str, ...]]) -> None:
        parents = holders(table)
        heads = self._heads(sheet, row + 1, table, parents, lines[1])
        for number, line in enumerate(lines[2:], row + 2):
            record: Data = {}
            names = [""] * len(parents)
            for column, cell in enumerate(line):
                head = heads[column] if column < len(heads) else None
                if cell in ("", NOT_SET):
                    continue
                if isinstance(head, int):
                    names[head] = cell
                elif head is None:
                    self._fault(
                        sheet, number, column, f"{_short(cell)} stands under no column", "give its column a head"
                    )
                else:
                    value = self._value(sheet, number, column, head, cell)
                    if value is not NO_VALUE:
                        record[head.name] = value
            self._put(sheet, number, table, parents, names, record)

    def _put(
        self, sheet: str, row: int, table: Table, parents: Sequence[Table], names: Sequence[str], record: Data
    ) -> None:
        """Put a record where it belongs: into its table, or into the record that its first columns name."""
        holder = self._data
        key: _Key = ()
        for depth, parent in enumerate(parents):
            found = self._find(parent, key, names[depth])
            if found is None:
                message = f"there is no {parent.singular} {_short(names[depth])}".rstrip()
                self._fault(sheet, row, depth, message, f"enter it under {block_title(parent)}, further up")
                return
            key = found
            holder = self._known[parent.path][key]
        if not parents:
            for part in table.path.split(".")[:-1]:
                inner = holder.setdefault(part, {})
                assert isinstance(inner, dict)
                holder = inner
        held = holder.setdefault(table.name, [])
        assert isinstance(held, list)
        held.append(record)
        own = key_text(record, table.key)
        self._met[table.path, key, own] += 1
        self._known.setdefault(table.path, {})[*key, (own, self._met[table.path, key, own])] = record

    def _find(self, table: Table, above: _Key, name: str) -> _Key | None:
        """The record of a name inside the records that hold it."""
        known = self._known.get(table.path, {})
        numbered = re.fullmatch(r"(.*)#(\d{1,9})", name, re.DOTALL)
        if numbered and (*above, (numbered[1], int(numbered[2]))) in known:
            return (*above, (numbered[1], int(numbered[2])))
        key = (*above, (unquoted_text(name), 1))
        return key if key in known else None

    def _heads(
        self, sheet: str, row: int, table: Table, parents: Sequence[Table], line: Sequence[str]
    ) -> list[Field | int | None]:
        labels = _by_label(table)
        heads: list[Field | int | None] = []
        for column, cell in enumerate(line):
            name = folded(cell)
            if column < len(parents) and name in (folded(parents[column].singular), folded(parents[column].title)):
                heads.append(column)
                continue
            heads.append(labels.get(name))
            if cell.strip() and name not in labels:
                known = [parent.singular for parent in parents] + [each.label for each in columns(table)]
                self._unknown(sheet, row, column, cell, known)
        return heads

    def _rule_block(self, sheet: str, row: int, block: str, lines: Sequence[tuple[str, ...]]) -> None:
        heads = [folded(cell) for cell in lines[1]] if len(lines) > 1 else []
        for number, line in enumerate(lines[2:], row + 2):
            cells = dict(zip(heads, line, strict=False))
            name = cells.get(folded("Routing rule"), "")
            key = self._find(TABLES["routing_rules"], (), name)
            if key is None:
                message = f"there is no routing rule {_short(name)}".rstrip()
                self._fault(sheet, number, 0, message, "enter it under Routing rules, further up")
                continue
            parts, _, _ = self._parts.setdefault(key, (RuleParts(), sheet, number))
            told = parts.add(block, cells)
            if told is not None:
                self.faults.append(SheetFault(sheet, number, "", *told))

    def _value(self, sheet: str, row: int, column: int, field: Field, text: str) -> object:
        if len(text) > LONGEST:
            self._fault(sheet, row, column, f"{len(text):,} characters in one cell", f"up to {LONGEST:,} are read")
            return NO_VALUE
        value = from_cell(field, text)
        if value is NO_VALUE:
            word, fix = WORDS.get(field.kind, ("a value", "correct it"))
            self._fault(sheet, row, column, f"{_short(text)} is not {word}", fix)
        return value

    def _unknown(self, sheet: str, row: int, column: int, cell: str, known: Sequence[str]) -> None:
        near = nearest(cell, known)
        fix = f"did you mean {near}?" if near else f"one of: {', '.join(known)}"
        self._fault(sheet, row, column, f"{_short(cell) or 'an empty cell'} is no column here", fix)

    def _fault(self, sheet: str, row: int, column: int, message: str, fix: str) -> None:
        self.faults.append(SheetFault(sheet, row, _letter(column), message, fix))


@cache
def _by_label(table: Table) -> Mapping[str, Field]:
    found: dict[str, Field] = {}
    for field in columns(table):
        found.setdefault(folded(field.label), field)
        found.setdefault(folded(field.name), field)
    return found


@cache
def _blocks() -> dict[str, str]:
    """The names of blocks as they are written, and the tables (or parts of rules) they stand for."""
    found = {block_title(TABLES[path]): path for _, tables in layout() for path in tables}
    return found | {block: block for block in RULE_BLOCKS}


def _block_named(sheet: str, title: str) -> str | None:
    """The block of a name; a short name (`Tasks`) is fine where the sheet's own tables make it clear."""
    wanted = folded(title)
    for name, block in _blocks().items():
        if folded(name) == wanted:
            return block
    near = next((tables for name, tables in layout() if folded(name) == folded(sheet)), ())
    short = [path for path in near or TABLES if path in _blocks().values() and folded(TABLES[path].title) == wanted]
    return short[0] if len(short) == 1 else None


def _letter(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _short(text: str) -> str:
    shown = plain(text.strip())
    return shown if len(shown) <= 60 else f"{shown[:60]}…"
