"""Where in a sheet its tables stand: by their titles, or by the sheet's name and the first row.

An empty row does not end a table: people leave some, and fill in the ones that omtui writes between two tables.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from omtui.documents.rules_in_sheets import HEADS
from omtui.documents.sheets import RULE_BLOCKS, block_named, block_title, blocks, columns, holders, layout
from omtui.setup.catalogue import BY_STEP, TABLES
from omtui.setup.nearest import folded

Line = tuple[str, ...]


@dataclass(slots=True)
class Block:
    """Rows that belong together. Rows are counted from 0."""

    row: int
    title: str
    table: str | None
    """The path of a table, or one of `RULE_BLOCKS`; `None` where nothing says which."""
    lines: list[tuple[int, Line]] = field(default_factory=list)
    """What stands below the title, without empty rows; the names of the columns first."""
    alone: list[tuple[int, Line]] = field(default_factory=list)
    """Rows of one cell after an empty row: records or remarks, which only their author knows."""
    is_misspelt: bool = False
    """Whether names of columns stand below a title that is none."""


def split(sheet: str, lines: Sequence[Line]) -> list[Block]:
    """The blocks of a sheet. Every row that is not empty is in one of them."""
    found: list[Block] = []
    filled = [(number, line) for number, line in enumerate(lines) if any(line)]
    for index, (number, line) in enumerate(filled):
        after = filled[index + 1][1] if index + 1 < len(filled) else ()
        gap = index == 0 or filled[index - 1][0] < number - 1
        title = line[0] if line[0] and not any(line[1:]) else ""
        here = found[-1] if found else None
        named = block_named(sheet, title) if title else None
        if named and (gap or _names_columns(named, after)):
            found.append(Block(number, title, named))
        elif title and gap and _table_of(after):
            found.append(Block(number, title, None, is_misspelt=True))
        elif not title and gap and (table := _table_of(line, sheet)):
            found.append(Block(number, "", table, [(number, line)]))
        elif here is None or (here.table is None and gap):
            found.append(Block(number, title or next(filter(None, line)), None))
        elif title and gap and here.table and not _is_single(here.table):
            here.alone.append((number, line))
        else:
            here.lines.append((number, line))
    return found


def tasks_named(sheet: str) -> list[str]:
    """The steps whose tasks a sheet's name means: Oracle's name of a task, cut or not, a step's number, a table."""
    wanted = _bare(sheet)
    if not wanted:
        return [step for step in BY_STEP if step == sheet.strip()]
    return [step for step, names in _names_of_tasks().items() if wanted in names]


def _is_single(block: str) -> bool:
    return block not in RULE_BLOCKS and TABLES[block].single


def _names_columns(block: str, line: Line) -> bool:
    known = _labels(block)
    if _is_single(block):
        return bool(line) and folded(line[0]) in known
    cells = [cell for cell in line if cell]
    return bool(cells) and 2 * sum(folded(cell) in known for cell in cells) >= len(cells)


def _table_of(line: Line, sheet: str | None = None) -> str | None:
    """The table whose columns a row names: of a sheet's own tables the best; else the only one that fits.

    Without a sheet it is enough that some table fits.
    """
    names = [folded(cell) for cell in line if cell]
    fits = Counter(block for name in set(names) for block in _by_label().get(name, ()))
    ranked = sorted(fits, key=lambda block: -fits[block])
    if not ranked or 2 * fits[ranked[0]] < len(names):
        return None
    if sheet is None:
        return ranked[0]
    own = {path for step in tasks_named(sheet) for path in BY_STEP[step].tables}
    if mine := next((block for block in ranked if block in own), None):
        return mine
    clear = len(ranked) == 1 or fits[ranked[0]] > fits[ranked[1]]
    return ranked[0] if fits[ranked[0]] > 1 and clear else None


@cache
def _labels(block: str) -> frozenset[str]:
    if block in RULE_BLOCKS:
        return frozenset(map(folded, HEADS[block]))
    names = [name for parent in holders(TABLES[block]) for name in (parent.singular, parent.title)]
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
    return {step: frozenset(_names_of_task(step)) for step in BY_STEP}


def _names_of_task(step: str) -> Iterator[str]:
    task = BY_STEP[step]
    tables = [name for path in task.tables for name in (TABLES[path].title, block_title(TABLES[path]))]
    own = [name for name, paths in layout() if set(task.tables) <= set(paths)]
    for name in (task.short, task.title, task.page, *task.other_names, *tables, *own):
        if name:
            yield _bare(name)
            yield _bare(name[:31])  # as many letters as a sheet's name can have


def _bare(name: str) -> str:
    return folded(re.sub(r"^\W*(?:step\b)?[\W\d]*", "", name, flags=re.IGNORECASE))
