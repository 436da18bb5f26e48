"""Sheets that people worked in: no value is lost or moved without a word of it."""

import re
from collections.abc import Callable, Iterator
from random import Random

import pytest

from omtui.documents.rules_in_sheets import HEADS
from omtui.documents.sheet import Sheet
from omtui.documents.sheets import block_named, columns, to_sheets
from omtui.documents.sheets_reading import Typed, from_sheets, letters
from omtui.setup.catalogue import TABLES, child
from omtui.setup.did_you_mean import folded
from omtui.setup.indexed import Indexed
from omtui.setup.place import Data
from tests.thorough import THOROUGH

Rows = list[list[str]]
Damage = Callable[[Random, Rows], None]


def set_up(random: Random) -> Data:
    """A set-up in which every text is another one, so that each can be found again."""
    count = iter(range(10_000))

    def text(word: str) -> str:
        return f"{word}-{next(count)}x"

    def some(made: Callable[[], Data]) -> list[Data]:
        return [made() for _ in range(random.randrange(4))]

    def connector() -> Data:
        return {name: text(name) for name in ("name", "target_system", "url", "user_name", "credential", "note")}

    def task_type() -> Data:
        tasks = some(lambda: {"code": text("code"), "name": text("task")})
        return {"name": text("type"), "description": text("description"), "tasks": tasks}

    found: Data = {
        "profile": {"name": text("profile"), "environment": "development", "title": text("title")},
        "pod": {"url": text("pod"), "release": text("release")},
        "task_types": some(task_type),
        "source_systems": some(lambda: {"code": text("code"), "name": text("system")}),
        "connectors": some(connector),
        "credentials": some(lambda: {"name": text("credential"), "owner": text("owner")}),
        "certificates": some(lambda: {"alias": text("alias"), "subject": text("subject")}),
    }
    return {"schema": 1} | {name: value for name, value in found.items() if value}


def empty_row(random: Random, rows: Rows) -> None:
    rows.insert(random.randrange(len(rows) + 1), [])


def filled_gap(random: Random, rows: Rows) -> None:
    gaps = [number for number, row in enumerate(rows) if not any(row)]
    source = [row for row in rows if sum(map(bool, row)) > 1]
    if gaps and source:
        rows[random.choice(gaps)] = [f"{cell}y" if cell else "" for cell in random.choice(source)]


def gap_removed(random: Random, rows: Rows) -> None:
    gaps = [number for number, row in enumerate(rows) if not any(row)]
    if gaps:
        del rows[random.choice(gaps)]


def moved_row(random: Random, rows: Rows) -> None:
    row = rows.pop(random.randrange(len(rows)))
    rows.insert(random.randrange(len(rows) + 1), row)


def moved_cell(random: Random, rows: Rows) -> None:
    row = random.choice(rows)
    filled = [column for column, cell in enumerate(row) if cell]
    if filled:
        column = random.choice(filled)
        cell, row[column] = row[column], ""
        other = random.choice(rows)
        other.extend([""] * 8)
        other[random.choice([at for at, value in enumerate(other) if not value])] = cell


def typed_over(random: Random, rows: Rows) -> None:
    row = random.choice(rows)
    if row:
        column = random.randrange(len(row))
        row[column] = f"typed-{random.randrange(10**9)}x"


def spaces(random: Random, rows: Rows) -> None:
    row = random.choice(rows)
    if row:
        column = random.randrange(len(row))
        row[column] = f"{row[column]}  " if row[column] else "  "


def extra_column(random: Random, rows: Rows) -> None:
    for number, row in enumerate(rows):
        if sum(map(bool, row)) > 1:
            row.append(f"extra-{random.randrange(10**9)}-{number}x")


def margin(random: Random, rows: Rows) -> None:
    for row in rows:
        row.insert(0, "")


def remark(random: Random, rows: Rows) -> None:
    rows.insert(random.randrange(len(rows) + 1), [f"remark-{random.randrange(10**9)}x"])


DAMAGES: tuple[Damage, ...] = (
    empty_row, filled_gap, gap_removed, moved_row, moved_cell, typed_over, spaces, extra_column, margin, remark,
)  # fmt: skip


def places(value: object, table: str = "", field: str = "") -> Iterator[tuple[str, str, str]]:
    """Every text with the path of its table and the name of its field."""
    if isinstance(value, dict):
        for name, item in value.items():
            inner = child(table, name)
            yield from places(item, inner.path if inner else table, name)
    elif isinstance(value, list):
        for item in value:
            yield from places(item, table, field)
    elif isinstance(value, str):
        yield value, table, field


def reported(typed: Typed, sheet: str, row: int, letter: str) -> bool:
    """Whether a fault or a notice speaks of a cell."""
    for fault in typed.faults:
        left = re.search(r"; the (\d*) ?rows? below it", fault.message)
        below = int(left[1] or 1) if left else 0
        if fault.sheet == sheet and (
            (fault.row == row and fault.column in ("", letter))
            or (left and fault.row <= row <= fault.row + 2 * below + 2)
            or (fault.row < row and "names of these columns" in fault.message)
            or (fault.row < row and fault.column == letter and "column" in f"{fault.message}{fault.fix}")
            or (
                fault.row == row
                and any(word in fault.message for word in ("no table", "there is no", "no column here"))
            )
        ):
            return True
    return any(
        notice.where == sheet or (notice.where.startswith(f"{sheet}, {letter}") and "left out" in notice.message)
        for notice in typed.notices
    )


def check(sheets: list[Sheet], typed: Typed) -> None:
    read: dict[str, list[tuple[str, str]]] = {}
    for text, table, field in places(typed.data):
        read.setdefault(text, []).append((table, field))
    for sheet in sheets:
        for number, row in enumerate(sheet.rows):
            for column, cell in enumerate(row):
                text = cell.strip()
                if not text.endswith(("x", "xy", "y")) or "-" not in text:
                    continue  # a label, a title
                where = f"{sheet.name} {letters(column)}{number + 1} {text}: {read.get(text)} {sheet.rows}"
                if not any(is_where_it_stands(sheet, number, column, *place) for place in read.get(text, ())):
                    assert reported(typed, sheet.name, number + 1, letters(column)), where


def labels_of(block: str) -> set[str]:
    if block not in TABLES:
        return set(map(folded, HEADS[block]))
    return {folded(each.label) for each in columns(TABLES[block])}


def is_where_it_stands(sheet: Sheet, row: int, column: int, table: str, field: str) -> bool:
    """Whether the nearest names of columns, and the table's name above them, are those of what was read."""
    labels = {folded(each.label) for each in columns(TABLES[table]) if each.name == field}
    if TABLES[table].single:
        return folded(next(cell for cell in sheet.rows[row] if cell.strip())) in labels
    for number in range(row - 1, -1, -1):
        known = [name for name in map(folded, sheet.rows[number]) if name in LABELS]
        if len(known) > 1 and 2 * len(known) >= sum(map(bool, sheet.rows[number])):
            above = [cells[0] for each in sheet.rows[:number] if (cells := [cell for cell in each if cell])]
            titled = block_named(sheet.name, above[-1]) if above else None
            head = folded(sheet.rows[number][column]) if column < len(sheet.rows[number]) else ""
            is_holder = head in map(folded, (TABLES[table].singular, TABLES[table].title))
            fits = [sum(name in labels_of(path) for name in known) for path in (table, titled or table)]
            if is_holder or (head in labels and fits[0] >= fits[1]):
                return True
            if titled is not None:
                return False
    return False


LABELS = {folded(name) for table in TABLES.values() for name in (table.singular, *(f.label for f in columns(table)))}


@pytest.mark.parametrize("seed", range(4_000 if THOROUGH else 150))
def test_a_value_is_read_where_it_stands_or_reported(seed: int) -> None:
    random = Random(seed)
    damaged = []
    for sheet in to_sheets(Indexed(set_up(random))):
        rows = [list(row) for row in sheet.rows]
        for damage in random.sample(DAMAGES, random.choice((0, 0, 1, 1, 2, 3))):
            damage(random, rows)
        damaged.append(Sheet(sheet.name, tuple(map(tuple, rows))))
    check(damaged, from_sheets(damaged))
