"""A set-up as sheets, one for each setup task: the workbook in which people have it today.

A sheet holds blocks: a line with the name of a table, a line with Oracle's labels, then a line for each record; an
empty line is between two blocks. Records inside records have blocks of their own, whose first columns name the
record that holds them. `sheets_reading` reads the same back.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from omtui.documents.rules_in_sheets import HEADS, block_rows
from omtui.documents.sheet import Sheet
from omtui.documents.sheet_values import NOT_SET, quoted_text, to_cell
from omtui.plain_text import plain
from omtui.setup.catalogue import BY_STEP, TABLES, child, children, task_of
from omtui.setup.did_you_mean import folded
from omtui.setup.field import Field
from omtui.setup.indexed import Indexed
from omtui.setup.place import Path, Selector, found_at, key_text
from omtui.setup.routing import SET_CONNECTOR
from omtui.setup.table import Record, Table

RULE_BLOCKS: Final = tuple(HEADS)


def to_sheets(setup: Indexed) -> list[Sheet]:
    """The set-up as sheets, in the order of the file. A sheet without a record has its heads, to be filled in."""
    made = []
    for name, tables in layout():
        lines: list[tuple[str, ...]] = []
        for path in tables:
            table = TABLES[path]
            lines += [*(_single(setup, table) if table.single else _records(setup, table, name)), ()]
            if path == "routing_rules":
                for block in RULE_BLOCKS:
                    lines += [(block,), HEADS[block], *_rule_parts(setup, block), ()]
        made.append(Sheet(name, tuple(lines[:-1])))
    return made


def lost_in_sheets(setup: Indexed) -> list[str]:
    """The places that sheets have no column for: keys that the format does not know."""
    return [plain(place) for place in _unknown(setup.data, "", "")]


@cache
def layout() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The sheets with their tables: one sheet a setup task."""
    made: list[tuple[str, tuple[str, ...]]] = [
        ("Profile", ("profile", "pod", "waivers")),
        ("Flow", ("services", "event_subscriptions")),
    ]
    for step, task in BY_STEP.items():
        if step in ("profile", "flow"):
            continue
        tables = tuple(path for path in task.tables if not path.startswith("routing_rules."))
        if step == "8":
            tables = (*tables, "jeopardy")
        made.append((_sheet_of_step(step), tables))
    return tuple(made)


def columns(table: Table) -> list[Field]:
    """The fields of a table that have a column: all but the records inside."""
    inner = children(table.path)
    return [field for field in table.fields if field.name not in inner]


@dataclass(frozen=True, slots=True)
class ElementColumn:
    """A column for one element of a list: yes or no to a word of Oracle's, or the value of an action."""

    field: Field
    value: str


@cache
def other_heads(table: Table) -> Mapping[str, tuple[Field | ElementColumn, ...]]:
    """The columns that people's sheets have instead of omtui's, by name, and what each means: the likeliest first.

    Oracle's page of step 3 has a checkbox `Enable for Items`, where omtui writes a list under `Enable for`.
    """
    found: dict[str, tuple[Field | ElementColumn, ...]] = {}
    for field in table.fields:
        for name in field.other_labels:
            found[name] = (*found.get(name, ()), field)
        if field.kind == "list" and field.closed:
            found |= {f"{field.label} {value}": (ElementColumn(field, value),) for value in field.values}
    if table.path == "routing_rules":
        action = ElementColumn(table.by_name["then"], SET_CONNECTOR)
        found |= dict.fromkeys((SET_CONNECTOR, SET_CONNECTOR.removeprefix("Set ")), (action,))
    return found


def holders(table: Table) -> list[Table]:
    """The tables whose records hold this one's, outermost first."""
    found: list[Table] = []
    path = table.parent
    while path:
        if not TABLES[path].single:
            found.insert(0, TABLES[path])
        path = TABLES[path].parent
    return found


def block_title(table: Table) -> str:
    """The name of a table's block; of records inside records it says what holds them."""
    parents = holders(table)
    return f"{table.title} of {parents[-1].title.lower()}" if parents else table.title


@cache
def blocks() -> dict[str, str]:
    """The names of blocks as they are written, and the tables (or parts of rules) they mean."""
    found = {block_title(TABLES[path]): path for _, tables in layout() for path in tables}
    return found | {block: block for block in RULE_BLOCKS}


def block_named(sheet: str, title: str) -> str | None:
    """The block of a name; a short name (`Tasks`) is fine where the sheet's own tables make it clear."""
    folded_title = folded(title)
    if folded_title in _folded_blocks():
        return _folded_blocks()[folded_title]
    near = next((tables for name, tables in layout() if folded(name) == folded(sheet)), tuple(blocks().values()))
    return _short_names(near).get(folded_title)


@cache
def _short_names(near: tuple[str, ...]) -> dict[str, str]:
    titles = [(folded(TABLES[path].title), path) for path in near if path in TABLES]
    counts = Counter(title for title, _ in titles)
    return {title: path for title, path in titles if counts[title] == 1}


@cache
def _folded_blocks() -> dict[str, str]:
    return {folded(name): block for name, block in blocks().items()}


def record_name(selector: Selector) -> str:
    """How a line names the record it belongs to: by its key, with its number where several have that key."""
    key = selector.key
    is_odd = selector.occurrence > 1 or (key.rpartition("#")[2].isdigit() and "#" in key)
    return f"{key}#{selector.occurrence}" if is_odd else quoted_text(key)


def _single(setup: Indexed, table: Table) -> Iterator[tuple[str, ...]]:
    record = setup.single(table.path)
    yield (block_title(table),)
    yield from ((field.label, to_cell(record.get(field.name))) for field in columns(table))


def _records(setup: Indexed, table: Table, sheet: str) -> Iterator[tuple[str, ...]]:
    fields, parents = columns(table), holders(table)
    yield (block_title(table),)
    yield (*(_head(parent) for parent in parents), *(field.label for field in fields))
    for found in setup.records(table.path):
        top = _top(setup, found.path)
        if _sheet_of((parents[0] if parents else table).path, top) != sheet:
            continue
        cells = [*_names(setup, found.path), *(to_cell(found.record.get(field.name)) for field in fields)]
        if not any(cells):
            cells[0] = NOT_SET
        elif not any(cells[1:]) and block_named(sheet, cells[0]):
            cells[0] = f'"{cells[0]}"'  # alone in its line it would begin a block
        yield tuple(cells)


def _rule_parts(setup: Indexed, block: str) -> Iterator[tuple[str, ...]]:
    for found in setup.records("routing_rules"):
        selector = setup.place(found.path).parts[-1]
        assert isinstance(selector, Selector)
        yield from block_rows(block, record_name(selector), found.record)


def _names(setup: Indexed, path: Path) -> list[str]:
    """The names of the records that hold the one at a path, outermost first."""
    if sum(isinstance(part, int) for part in path) < 2:
        return []
    parts = [part for part in setup.place(path).parts if isinstance(part, Selector)]
    return [record_name(part) for part in parts[:-1]]


def _top(setup: Indexed, path: Path) -> Record:
    top = next(end for end, part in enumerate(path, 1) if isinstance(part, int))
    found = found_at(setup.data, path[:top])
    return found if isinstance(found, dict) else {}


def _head(table: Table) -> str:
    return f"{table.singular[:1].upper()}{table.singular[1:]}"


def _sheet_of(table: str, record: Record) -> str:
    for name, tables in layout()[:2]:
        if table in tables:
            return name
    task = task_of(table, record)
    return _sheet_of_step(task.step) if task else ""


def _sheet_of_step(step: str) -> str:
    task = BY_STEP[step]
    return f"{step} {task.short}" if step[:1].isdigit() else task.short


def _unknown(record: Mapping[str, object], table: str, place: str) -> Iterator[str]:
    known: Sequence[str] = tuple(TABLES[table].by_name) if table else ("schema",)
    for name, value in record.items():
        where = f"{place}.{name}" if place else name
        inner = child(table, name)
        if inner is None:
            if name not in known:
                yield where
        elif isinstance(value, dict) and inner.path != "routing_rules.when":
            yield from _unknown(value, inner.path, where)
        elif isinstance(value, list) and not inner.path.startswith("routing_rules."):
            for item in value:
                if isinstance(item, dict):
                    yield from _unknown(item, inner.path, f"{where}[{key_text(item, inner.key)}]")
