"""A set-up from sheets that people typed: what can be read of them, and what cannot, cell by cell.

No value is lost or moved silently: each is read, is a fault, or is spoken of in a notice.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeVar

from omtui.documents.rules_in_sheets import HEADS, RuleParts
from omtui.documents.sheet import CONTENTS, COVER, LISTS, SIGN_OFF, Sheet
from omtui.documents.sheet_blocks import Cells, SheetBlock, heads_among, other_table, split, tasks_named
from omtui.documents.sheet_values import NO_VALUE, NOT_SET, WORDS, from_cell, unquoted_text
from omtui.documents.sheets import RULE_BLOCKS, ElementColumn, block_title, blocks, columns, holders, other_heads
from omtui.documents.spreadsheet import uncell
from omtui.plain_text import plain
from omtui.setup.catalogue import TABLES
from omtui.setup.did_you_mean import folded, nearest
from omtui.setup.field import Field
from omtui.setup.place import Data, key_text
from omtui.setup.table import Table
from omtui.setup.values import NO, YES

MOST_FAULTS: Final = 1_000


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
class SheetNotice:
    """What was read in another way than it is written, or left out. Safe to show."""

    where: str
    message: str


@dataclass(frozen=True, slots=True)
class SetupFromSheets:
    """A set-up that was read from sheets, and what could not be read of it."""

    data: Data
    faults: tuple[SheetFault, ...]
    notices: tuple[SheetNotice, ...] = ()
    spoken_of: frozenset[str] = frozenset()
    """What the sheets speak of: paths of tables, parts of rules, `table.field` of what has a column, `step 5`."""


def from_sheets(sheets: Sequence[Sheet], name: str = "typed") -> SetupFromSheets:
    """The set-up that sheets hold. Without a name or an environment it is called `name`, and development."""
    work = _Reading()
    for sheet in sheets:
        work.read(sheet)
    return SetupFromSheets(work.finish(name), tuple(work.faults), tuple(work.notices()), frozenset(work.spoken_of))


_Key = tuple[tuple[str, int], ...]
_Head = TypeVar("_Head")


@dataclass(frozen=True, slots=True)
class _Left:
    """A column that is left out: its head was spoken of already."""


_LEFT: Final = _Left()


class _Reading:
    def __init__(self) -> None:
        self.faults: list[SheetFault] = []
        self.spoken_of: set[str] = set()
        self._data: Data = {}
        self._known: dict[str, dict[_Key, Data]] = {}
        self._met: Counter[tuple[str, _Key, str]] = Counter()
        self._parts: dict[_Key, tuple[RuleParts, str, int]] = {}
        self._notices: dict[tuple[str, str], tuple[str, int]] = {}
        self._more_faults = 0
        self._sheet = Sheet("", ())
        self._name = ""
        self._margin = 0

    def finish(self, name: str) -> Data:
        """What was read, with the rules put together."""
        for key, (parts, sheet, row) in self._parts.items():
            fields = parts.fields()
            if isinstance(fields, tuple):
                self.faults.append(SheetFault(sheet, row, "", *fields))
            else:
                rule = self._known["routing_rules"][key]
                if isinstance(in_row := rule.get("then"), list):
                    lines = fields.get("then", [])
                    assert isinstance(lines, list)
                    fields["then"] = in_row + [each for each in lines if each not in in_row]
                rule.update(fields)
        if self._more_faults:
            fix = "correct those above first"
            self.faults.append(SheetFault(self._name, 1, "", f"{self._more_faults:,} more faults like these", fix))
        head = self._data.pop("profile", {})
        assert isinstance(head, dict)
        profile = {"name": name, "environment": "development"} | head
        return {"schema": 1, "profile": profile} | {each: value for each, value in self._data.items() if value}

    def notices(self) -> list[SheetNotice]:
        """One for each kind and sheet, with the first of its cells."""
        found = []
        for (sheet, message), (first, count) in self._notices.items():
            more = f" and {count - 1:,} more" if count > 1 else ""
            found.append(SheetNotice(f"{sheet}, {first}{more}" if first else sheet, message))
        return found

    def read(self, sheet: Sheet) -> None:
        """One sheet, block by block."""
        self._sheet, self._name = sheet, plain(sheet.name)
        if sheet.name in (COVER, CONTENTS, LISTS):
            return
        self.spoken_of.update(f"step {step}" for step in tasks_named(sheet.name))
        lines = [tuple("" if cell.isspace() else uncell(cell) for cell in row) for row in sheet.rows]
        self._margin = min((_indent(line) for line in lines if any(line)), default=0)
        found = split(sheet.name, [line[self._margin :] for line in lines])
        if found and not tasks_named(sheet.name) and all(map(_is_foreign, found[:50])):
            self._notice("", "this sheet holds no table of a set-up: it is left out")
            return
        for block in found:
            self._block(block)

    def _block(self, block: SheetBlock) -> None:
        for row, line in block.alone:
            fix = f"move it up to the others if it belongs to {block.title or block.table}, or remove it"
            self._fault(row, 0, f"{_short(line[0])} is alone below an empty row", fix)
        if block.table is None:
            near = nearest(block.title[:60], blocks()) if len(self.faults) < MOST_FAULTS else None
            fix = f"did you mean {near}?" if near else "begin each block with the name of its table, as omtui writes it"
            count = len(block.lines)
            more = "; the row below it is" if count == 1 else f"; the {count:,} rows below it are"
            self._fault(block.row, 0, f"{_short(block.title)} is no table{f'{more} left out' if count else ''}", fix)
            return
        for column, cell in enumerate(block.title_row[1:], 1):
            if cell:
                self._fault(block.row, column, f"{_short(cell)} is next to the name of a table", "move it elsewhere")
        self.spoken_of.add(block.table)
        if block.table not in RULE_BLOCKS and TABLES[block.table].single:
            self._single(TABLES[block.table], block.lines)
            return
        heads = heads_among(block.table, block.lines)
        for row, line in block.lines[:heads]:
            message = f"{_short(next(filter(None, line)))} is above the names of the columns"
            self._fault(row, None, message, "move the row below them, or remove it")
        if block.lines and (other := other_table(block.table, block.lines[heads][1])):
            name = next(each for each, table in blocks().items() if table == other)
            message = f"the names of these columns are those of {name}, below {_short(block.title or block.table)}"
            self._fault(block.lines[heads][0], None, message, "put the name of the table above its columns")
        if block.table in RULE_BLOCKS:
            self._rule_block(block.table, block.lines[heads:])
        elif block.lines:
            self._records(TABLES[block.table], block.lines[heads:])

    def _single(self, table: Table, lines: Sequence[tuple[int, Cells]]) -> None:
        labels = _by_label(table)
        for row, line in lines:
            field = labels.get(folded(line[0][:200]))
            for column, cell in enumerate(line[2:], 2):
                if cell:
                    self._fault(row, column, f"{_short(cell)} is under no column", "give it a row of its own")
            if field is None:
                self._unknown(row, 0, line[0], [each.label for each in columns(table)])
                continue
            self.spoken_of.add(f"{table.path}.{field.name}")
            if len(line) < 2 or line[1] == "":
                continue
            value = self._value(row, 1, field, line[1])
            if value is NO_VALUE:
                continue
            holder = self._data.setdefault(table.name, {})
            assert isinstance(holder, dict)
            if field.name in holder and holder[field.name] != value:
                message = f"{field.label} is {_short(str(holder[field.name]))} further up, and {_short(line[1])} here"
                self._fault(row, 1, message, "say it once, or the same in both places")
            else:
                holder[field.name] = value

    def _records(self, table: Table, lines: Sequence[tuple[int, Cells]]) -> None:
        parents = holders(table)
        labels = self._labels(table, lines[0])
        inner = {folded(name): n for n, each in enumerate(parents) for name in (each.singular, each.title)}
        heads = self._heads(block_title(table), {**inner, **labels}, lines, inner)
        fields = (each.field if isinstance(each, ElementColumn) else each for each in heads)
        self.spoken_of.update(f"{table.path}.{each.name}" for each in fields if isinstance(each, Field))
        for row, line in lines[1:]:
            record: Data = {}
            names: list[tuple[int, str]] = [(n, "") for n in range(len(parents))]
            chosen: list[tuple[int, ElementColumn, str]] = []
            for column, cell in enumerate(line):
                if cell in ("", NOT_SET):
                    continue
                match self._head(heads, row, column, cell):
                    case int(depth):
                        names[depth] = (column, cell)
                    case ElementColumn() as choice:
                        chosen.append((column, choice, self._trimmed(row, column, cell)))
                    case Field() as field:
                        value = self._value(row, column, field, cell)
                        if value is not NO_VALUE:
                            record[field.name] = value
            for column, choice, cell in chosen:
                self._choose(row, column, choice, cell, record)
            if record or NOT_SET in line or any(name for _, name in names):
                self._put(row, table, parents, names, record)

    def _labels(self, table: Table, heads: tuple[int, Cells]) -> dict[str, Field | ElementColumn | int]:
        """What the names of columns mean: by the table's own names, and by those that mean the same."""
        own: dict[str, Field | ElementColumn | int] = dict(_by_label(table))
        row, line = heads
        taken = {id(own.get(_head_name(cell))) for cell in line}
        found = dict(own)
        for name, candidates in other_heads(table).items():
            head = next((each for each in candidates if id(each) not in taken), candidates[0])
            if found.setdefault(folded(name), head) is not head or not isinstance(head, Field):
                continue
            for column, cell in enumerate(line):
                if _head_name(cell) == folded(name):
                    message = f"the column {_short(cell)} is read as {head.label}"
                    self._notice(f"{self._letter(column)}{row + 1}", message)
        return found

    def _choose(self, row: int, column: int, choice: ElementColumn, cell: str, record: Data) -> None:
        """Take in what a column for one element of a list says."""
        word = cell.casefold()
        if choice.field.kind == "list" and word not in YES and word not in NO:
            self._fault(row, column, f"{_short(cell)} is not yes or no", "type yes or no")
            return
        held = record.setdefault(choice.field.name, [])
        assert isinstance(held, list)
        if choice.field.kind == "records":
            held.append({"action": choice.value, "value": unquoted_text(cell)})
        elif word in YES:
            held += [] if choice.value in held else [choice.value]
        elif choice.value in held:
            message = f"{choice.field.label} names {choice.value}, and this cell holds {_short(cell)}"
            self._fault(row, column, message, "say it once, or the same in both places")

    def _put(
        self, row: int, table: Table, parents: Sequence[Table], names: Sequence[tuple[int, str]], record: Data
    ) -> None:
        """Put a record where it belongs: into its table, or into the record that its first columns name."""
        holder = self._data
        key: _Key = ()
        for parent, (column, name) in zip(parents, names, strict=True):
            found = self._named_record(row, column, parent, key, name)
            if found is None:
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

    def _named_record(self, row: int, column: int, table: Table, above: _Key, name: str) -> _Key | None:
        """The record that a cell names; a fault where there is none."""
        found = self._find(table, above, name) or self._find(table, above, self._trimmed(row, column, name))
        if found is None:
            message = f"there is no {table.singular} {_short(name)}".rstrip()
            self._fault(row, column, message, f"enter it under {block_title(table)}, further up")
        return found

    def _find(self, table: Table, above: _Key, name: str) -> _Key | None:
        """The record of a name inside the records that hold it."""
        known = self._known.get(table.path, {})
        numbered = re.fullmatch(r"(.*)#(\d{1,9})", name, re.DOTALL)
        if numbered and (*above, (numbered[1], int(numbered[2]))) in known:
            return (*above, (numbered[1], int(numbered[2])))
        key = (*above, (unquoted_text(name), 1))
        return key if key in known else None

    def _heads(
        self, title: str, known: Mapping[str, _Head], lines: Sequence[tuple[int, Cells]], first: Mapping[str, _Head]
    ) -> list[_Head | _Left | None]:
        """What each column holds. The first ones name what holds a record: `first`."""
        (row, line), *below = lines
        names = [_head_name(cell) for cell in line]
        heads: list[_Head | _Left | None] = []
        for column, (cell, name) in enumerate(zip(line, names, strict=True)):
            head = first.get(name) if column < len(set(first.values())) else None
            head = known.get(name) if head is None else head
            if cell and head is None and not any(each in known for each in names):
                self._fault(
                    row, column, f"{_short(cell)} is no column of {title}", "write the names as Oracle's page has them"
                )
            elif cell and head is None:
                self._extra_column(title, row, column, cell, sum(any(each[column : column + 1]) for _, each in below))
            elif head is not None and head in heads:
                self._fault(row, column, f"{_short(cell)} is there twice", "remove one of the two columns")
                head = None
            heads.append(_LEFT if cell and head is None else head)
        return heads

    def _extra_column(self, title: str, row: int, column: int, cell: str, count: int) -> None:
        """A column of no field: a mistake where a field's name is near, else somebody's own."""
        if cell in SIGN_OFF and not count:
            return
        near = nearest(cell[:60], shown_heads(title)) if len(self.faults) < MOST_FAULTS else None
        if near is not None and cell not in SIGN_OFF:
            self._fault(row, column, f"{_short(cell)} is no column here", f"did you mean {near}?")
        else:
            values = "it is" if not count else "its value is" if count == 1 else f"its {count:,} values are"
            message = f"{title} has no column {_short(cell)}: {values} left out"
            self._notice(f"{self._letter(column)}{row + 1}", message)

    def _head(self, heads: Sequence[_Head | _Left | None], row: int, column: int, cell: str) -> _Head | None:
        """What a cell is the value of; nothing where it cannot be read, or its column is left out."""
        head = heads[column] if column < len(heads) else None
        if head is None:
            self._fault(row, column, f"{_short(cell)} is under no column", "give its column a head")
        return None if head is None or isinstance(head, _Left) or not self._is_read(row, column) else head

    def _rule_block(self, block: str, lines: Sequence[tuple[int, Cells]]) -> None:
        heads = self._heads(block, {folded(head): head for head in HEADS[block]}, lines, {}) if lines else []
        for row, line in lines[1:]:
            cells: dict[str, str] = {}
            named = (0, "")
            for column, cell in enumerate(line):
                if cell == "" or (head := self._head(heads, row, column, cell)) is None:
                    continue
                if head == HEADS[block][0]:
                    named = (column, cell)
                else:
                    cells[folded(head)] = self._trimmed(row, column, cell)
            key = self._named_record(row, named[0], TABLES["routing_rules"], (), named[1])
            if key is None:
                continue
            parts, _, _ = self._parts.setdefault(key, (RuleParts(), self._name, row + 1))
            fault = parts.add(block, cells)
            if fault is not None:
                self._fault(row, None, *fault)

    def _is_read(self, row: int, column: int) -> bool:
        """Whether a cell's value is known; what is odd about it is reported."""
        mark = self._sheet.marks.get((row, column + self._margin))
        if mark is not None and mark.fix:
            self._fault(row, column, mark.message, mark.fix)
        elif mark is not None:
            self._notice(f"{self._letter(column)}{row + 1}", mark.message)
        return mark is None or not mark.fix

    def _trimmed(self, row: int, column: int, text: str) -> str:
        trimmed = text.strip()
        if trimmed != text:
            self._notice(f"{self._letter(column)}{row + 1}", "spaces around the text are left out")
        return trimmed

    def _value(self, row: int, column: int, field: Field, text: str) -> object:
        value = from_cell(field, self._trimmed(row, column, text))
        if value is NO_VALUE:
            word, fix = WORDS.get(field.kind, ("a value", "correct it"))
            self._fault(row, column, f"{_short(text)} is not {word}", fix)
        return value

    def _unknown(self, row: int, column: int, cell: str, known: Sequence[str]) -> None:
        near = nearest(cell[:60], known) if len(self.faults) < MOST_FAULTS else None
        fix = f"did you mean {near}?" if near else f"one of: {', '.join(known)}"
        self._fault(row, column, f"{_short(cell) or 'an empty cell'} is no column here", fix)

    def _fault(self, row: int, column: int | None, message: str, fix: str) -> None:
        if len(self.faults) >= MOST_FAULTS:
            self._more_faults += 1
            return
        where = "" if column is None else self._letter(column)
        self.faults.append(SheetFault(self._name, row + 1, where, message, fix))

    def _notice(self, cell: str, message: str) -> None:
        first, count = self._notices.get((self._name, message), (cell, 0))
        self._notices[self._name, message] = (first, count + 1)

    def _letter(self, column: int) -> str:
        return letters(column + self._margin)


@cache
def shown_heads(title: str) -> tuple[str, ...]:
    """The names of a block's columns, by the block's title."""
    if title in HEADS:
        return HEADS[title]
    table = TABLES[blocks()[title]]
    labels = (each.label for each in columns(table))
    return (*(each.singular for each in holders(table)), *labels, *other_heads(table))


@cache
def _by_label(table: Table) -> Mapping[str, Field]:
    found: dict[str, Field] = {}
    for field in columns(table):
        found.setdefault(folded(field.label), field)
        found.setdefault(folded(field.name), field)
    return found


def _head_name(cell: str) -> str:
    return folded(cell[:200].strip(" *:\n"))


def _is_foreign(block: SheetBlock) -> bool:
    return block.table is None and not block.is_misspelt and nearest(block.title[:60], blocks()) is None


def _indent(line: Cells) -> int:
    return next(number for number, cell in enumerate(line) if cell)


def letters(column: int) -> str:
    """A column (from 0) as a spreadsheet calls it."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def _short(text: str) -> str:
    text = text.strip()
    return plain(text if len(text) <= 60 else f"{text[:60]}…")
