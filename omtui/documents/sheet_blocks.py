"""Where in a sheet its tables are: by their titles, or by the sheet's name and the first row.

An empty row does not end a table: people leave some, and fill in the ones that omtui writes between two tables.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from omtui.documents.rules_in_sheets import HEADS
from omtui.documents.sheets import RULE_BLOCKS, block_named, block_title, blocks, columns, holders, other_heads
from omtui.setup.catalogue import BY_STEP, TABLES
from omtui.setup.did_you_mean import folded

Cells = tuple[str, ...]


@dataclass(slots=True)
class SheetBlock:
    """Rows that belong together. Rows are counted from 0."""

    row: int
    title: str
    table: str | None
    """The path of a table, or one of `RULE_BLOCKS`; `None` where nothing says which."""
    title_row: Cells = ()
    """The title's row, where it holds more than the title."""
    lines: list[tuple[int, Cells]] = field(default_factory=list)
    """What is below the title, without empty rows; the names of the columns first."""
    alone: list[tuple[int, Cells]] = field(default_factory=list)
    """Rows of one cell after an empty row: records or remarks, which only their author knows."""
    is_misspelt: bool = False
    """Whether names of columns are below a title that is none."""


def split(sheet: str, lines: Sequence[Cells]) -> list[SheetBlock]:
    """The blocks of a sheet. Every row that is not empty is in one of them."""
    found: list[SheetBlock] = []
    filled = [(number, line) for number, line in enumerate(lines) if any(line)]
    for index, (number, line) in enumerate(filled):
        after, then = (filled[at][1] if at < len(filled) else () for at in (index + 1, index + 2))
        gap = index == 0 or filled[index - 1][0] < number - 1
        title = line[0] if line[0] and not any(line[1:]) else ""
        here = found[-1] if found else None
        named = block_named(sheet, line[0]) if title or gap else None
        if named and ((title and gap) or names_columns(named, after) or (title and names_columns(named, then))):
            found.append(SheetBlock(number, line[0], named, () if title else line))
        elif title and gap and _table_of(after):
            found.append(SheetBlock(number, title, None, is_misspelt=True))
        elif not title and gap and (here is None or _is_heads(line)) and (table := _table_of(line, sheet)):
            found.append(SheetBlock(number, "", table, lines=[(number, line)]))
        elif here and here.table and here.lines and not _is_single(here.table) and _is_heads(line):
            if here.table not in _ranked(line)[0]:
                found.append(SheetBlock(number, line[0], None, is_misspelt=True))
            elif len(here.lines) < 3:
                here.lines.append((number, line))
            else:  # the names of the columns again, as for a printed page
                found.append(SheetBlock(number, "", here.table, lines=[(number, line)]))
        elif here is None or (here.table is None and gap):
            found.append(SheetBlock(number, title or next(filter(None, line)), None, () if title else line))
        elif title and gap and here.table and not _is_single(here.table):
            here.alone.append((number, line))
        else:
            here.lines.append((number, line))
    return found


def tasks_named(sheet: str) -> list[str]:
    """The steps that a sheet's name means: by a step's number, Oracle's name of a task (cut or not), or a table."""
    number = re.match(r"\W*(?:step\s*)?(\d(?:\.\d)?)(?!\d)", sheet, re.IGNORECASE)
    if number and number[1] in BY_STEP:
        return [number[1]]
    folded_name = folded(sheet)
    for names in (_names_of_tasks(), _tables_of_tasks()):
        if found := [step for step, known in names.items() if folded_name in known]:
            return found
    return []


def _is_single(block: str) -> bool:
    return block not in RULE_BLOCKS and TABLES[block].single


def names_columns(block: str, line: Cells) -> bool:
    """Whether half of the cells of a row are the names of a block's columns."""
    known = _labels(block)
    if _is_single(block):
        return bool(line) and folded(line[0]) in known
    cells = [cell for cell in line if cell]
    return bool(cells) and 2 * sum(folded(cell) in known for cell in cells) >= len(cells)


def heads_among(block: str, lines: Sequence[tuple[int, Cells]]) -> int:
    """Which of a block's first lines is the names of its columns: mostly the very first."""
    known = [sum(folded(cell) in _labels(block) for cell in line) for _, line in lines[:3]]
    best = max(known, default=0)
    return known.index(best) if best else 0


def other_table(block: str, line: Cells) -> str | None:
    """The table that has all of a row's cells as names of columns, where a block's own has not."""
    best, known, count = _ranked(line)
    return min(best) if known == count > 2 and block not in best else None


def _ranked(line: Cells) -> tuple[set[str], int, int]:
    """The tables that have the most of a row's cells as names of columns, how many, and of how many."""
    names = [folded(cell) for cell in line if cell]
    fits = Counter(block for name in set(names) for block in _by_label().get(name, ()))
    most = max(fits.values(), default=0)
    return {block for block in fits if fits[block] == most}, most, len(names)


def _is_heads(line: Cells) -> bool:
    """Whether a row can hardly be anything but names of columns."""
    _, known, count = _ranked(line)
    return known >= 2 and (known == count or (known >= 3 and 4 * known >= 3 * count))


def _table_of(line: Cells, sheet: str | None = None) -> str | None:
    """The table whose columns a row names: one of the sheet's own, else the only one that fits best.

    Without a sheet it is enough that some table fits.
    """
    best, known, count = _ranked(line)
    if not known or 2 * known < count or (known < 2 and count != known):
        return None
    own = [path for step in tasks_named(sheet or "") for path in BY_STEP[step].tables if path in best]
    if sheet is None or own:
        return (own or sorted(best))[0]
    return next(iter(best)) if known > 1 and len(best) == 1 else None


@cache
def _labels(block: str) -> frozenset[str]:
    if block in RULE_BLOCKS:
        return frozenset(map(folded, HEADS[block]))
    names = [name for parent in holders(TABLES[block]) for name in (parent.singular, parent.title)]
    names += other_heads(TABLES[block])
    return frozenset(map(folded, [*names, *(each.label for each in columns(TABLES[block]))]))


@cache
def _by_label() -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for block in blocks().values():
        if not _is_single(block):
            for name in _labels(block):
                found.setdefault(name, []).append(block)
    return found


@cache
def _names_of_tasks() -> Mapping[str, frozenset[str]]:
    return {step: _with_cut(task.short, task.title, task.page, *task.other_names) for step, task in BY_STEP.items()}


@cache
def _tables_of_tasks() -> Mapping[str, frozenset[str]]:
    return {
        step: _with_cut(*(name for path in task.tables for name in (TABLES[path].title, block_title(TABLES[path]))))
        for step, task in BY_STEP.items()
    }


def _with_cut(*names: str) -> frozenset[str]:
    """The names, and what is left of them in a sheet's name."""
    return frozenset(folded(each) for name in names if name for each in (name, name[:31]))
