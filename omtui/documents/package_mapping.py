"""The file next to a profile that says which column of a setup data package is which field: `NAME.fsm.toml`.

Nothing is guessed: a column without a field is only listed. What is near may be offered, for a person to take.
"""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from pydantic import Field as ModelField

from omtui.documents.setup_package import PackageObject, SetupPackage, is_secret_column
from omtui.documents.sheets import ElementColumn, holders, other_heads
from omtui.plain_text import plain
from omtui.problem import Wrong
from omtui.setup.catalogue import TABLES
from omtui.setup.did_you_mean import folded, nearest
from omtui.setup.field import Field
from omtui.setup.published_tables import QUERIES
from omtui.setup.read_model import ForeignModel, read_model
from omtui.setup.table import Table
from omtui.setup.values import toml

WHO_COLUMNS: Final = ("CreatedBy", "CreationDate", "LastUpdatedBy", "LastUpdateDate", "LastUpdateLogin")
"""Columns of every object that say who changed a row, and when."""


class ColumnMapping(ForeignModel):
    """What a column of an object holds: a field, `table.field`, or one element of its list."""

    object: str
    column: str
    field: str = ""
    element: str = ""
    values: dict[str, str] = ModelField(default_factory=dict)
    """The field's words for the pod's."""
    ignore: bool = False

    @property
    def is_read(self) -> bool:
        """Whether the column has a field."""
        return bool(self.field) and not self.ignore

    @property
    def target(self) -> tuple[Table, Field]:
        """The table and its field."""
        found = _field(self.field)
        assert found is not None, "it was looked up when the file was read"
        return found


class _MappingFile(ForeignModel):
    version: Literal[1] = ModelField(alias="schema")
    map: list[ColumnMapping] = ModelField(default_factory=list)


def read_mapping(content: bytes, name: str) -> list[ColumnMapping] | Wrong:
    """What a mapping file says of columns."""
    file = plain(name)
    try:
        data = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        return Wrong(f"{file} cannot be read: {plain(error)}", "correct it")
    found = read_model(_MappingFile, data)
    if isinstance(found, list):
        return Wrong(f"{file}: {found[0].message}", found[0].fix)
    known: set[tuple[str, str]] = set()
    for number, each in enumerate(found.map, 1):
        wrong = _wrong_with(each)
        if wrong is None and (each.object, each.column) in known:
            wrong = Wrong(f"{plain(each.column)} of {plain(each.object)} is there twice", "remove one of the two")
        if wrong is not None:
            return Wrong(f"{file}: [[map]] number {number}: {wrong.message}", wrong.fix)
        known.add((each.object, each.column))
    return found.map


def _wrong_with(entry: ColumnMapping) -> Wrong | None:
    if not entry.field:
        return None
    found = _field(entry.field)
    if found is None:
        near = nearest(entry.field[:200], _field_names())
        fix = f"did you mean {near}?" if near else "write table.field, for example connectors.url"
        return Wrong(f"{plain(entry.field)} is no field", fix)
    if is_secret_column(entry.column):
        return Wrong(f"{plain(entry.column)} looks like a secret, which no profile holds", "remove it")
    _, field = found
    if entry.element and (field.kind != "list" or (field.values and entry.element not in field.values)):
        words = ", ".join(field.values) if field.kind == "list" else ""
        fix = f"one of {words}" if words else "leave element out"
        return Wrong(f"{plain(entry.element)} is no element of {entry.field}", fix)
    return None


@cache
def _field_names() -> tuple[str, ...]:
    """The fields that a column can hold: of all tables whose records have a key, or that are single."""
    return tuple(
        f"{table.path}.{field.name}"
        for table in TABLES.values()
        if (table.single or table.key) and table.path not in ("profile", "waivers", "routing_rules.when")
        for field in table.fields
        if field.kind not in ("records", "condition", "scalar")
    )


def _field(name: str) -> tuple[Table, Field] | None:
    if name not in _field_names():
        return None
    path, _, field = name.rpartition(".")
    return TABLES[path], TABLES[path].by_name[field]


@dataclass(frozen=True, slots=True)
class MappedObject:
    """An object of a package whose rows are records of a table."""

    object: PackageObject
    table: Table
    columns: Mapping[int, ColumnMapping]
    """The columns that hold a field of the table, by their number."""
    key: int | None
    """The column that holds the key of a record."""
    parents: tuple[int, ...]
    """The columns that name the records that hold these, the outermost first."""


def mapped_objects(package: SetupPackage, mappings: Sequence[ColumnMapping]) -> list[MappedObject] | Wrong:
    """The objects with rows of which a column is mapped, outer tables first."""
    found: dict[str, MappedObject] = {}
    for each in package.objects:
        mapped = _mapped(each, mappings) if each.count else None
        if isinstance(mapped, Wrong):
            return Wrong(f"{plain(each.name)}: {mapped.message}", mapped.fix)
        if mapped is not None and (twin := found.setdefault(mapped.table.path, mapped)) is not mapped:
            names = f"{plain(twin.object.name)} and {plain(each.name)}"
            return Wrong(f"{names} are both mapped to {mapped.table.path}", "map one of them")
    for mapped in found.values():
        for holder in holders(mapped.table):
            if holder.path not in found:
                fix = f"map the object that holds {holder.path}, too"
                return Wrong(f"{plain(mapped.object.name)} has records inside records of {holder.path}", fix)
    return sorted(found.values(), key=lambda each: each.table.path.count("."))


def _mapped(found: PackageObject, mappings: Sequence[ColumnMapping]) -> MappedObject | Wrong | None:
    by_column = {each.column: each for each in mappings if each.object == found.name and each.is_read}
    columns = {number: by_column[name] for number, name in enumerate(found.columns) if name in by_column}
    if not columns:
        return None
    table = max((each.target[0] for each in columns.values()), key=lambda each: each.path.count("."))
    keys = {f"{each.path}.{each.key}": None for each in holders(table)}
    places: dict[str, int] = {}
    for number, each in columns.items():
        if each.target[0] is not table and each.field not in keys:
            fix = "one object is one table; of tables that hold it, only the key is read"
            return Wrong(f"{plain(each.column)} is mapped to {each.field}, others to {table.path}", fix)
        if places.setdefault(each.field + each.element, number) != number:
            return Wrong(f"two columns are mapped to {each.field}", "map one of them")
    own_key = [f"{table.path}.{table.key}"] if table.key else []
    if missing := [key for key in (*keys, *own_key) if key not in places]:
        return Wrong(f"no column is mapped to {missing[0]}", "map the one that holds it: records are known by it")
    own = {number: each for number, each in columns.items() if each.target[0] is table}
    key = places[own_key[0]] if own_key else None
    return MappedObject(found, table, own, key, tuple(places[each] for each in keys))


# What may be offered


def offers(found: PackageObject, mappings: Sequence[ColumnMapping] = ()) -> dict[str, str]:
    """The field that is nearest to a column, for those that have one. Never taken by itself."""
    table = _likely_table(found, mappings)
    if table is None:
        return {}
    published = _published(table.path)
    heads: dict[str, str] = {}
    for name, heading in _headings(table):
        heads.setdefault(name, heading)
    parent = next((f"{each.path}.{each.key}" for each in reversed(holders(table))), "")
    near: dict[str, str] = {}
    for column in found.columns:
        if "." in column:  # PARENT.Key
            near |= {column: parent} if parent else {}
            continue
        head = nearest(column[:60], heads)
        if offer := published.get(folded(column), heads[head] if head else ""):
            near[column] = offer
    return near


def _headings(table: Table) -> Iterator[tuple[str, str]]:
    """What columns of a table are called, and the field that they hold."""
    for field in table.fields:
        if f"{table.path}.{field.name}" in _field_names() and not field.own:
            yield field.name, f"{table.path}.{field.name}"
            yield field.label, f"{table.path}.{field.name}"
            yield f"{table.singular} {field.label}", f"{table.path}.{field.name}"
    for name, targets in other_heads(table).items():
        if isinstance(target := targets[0], ElementColumn) and target.field.kind == "list":
            yield name, f"{table.path}.{target.field.name}, element {target.value}"


@cache
def _published(path: str) -> Mapping[str, str]:
    """The fields of a table by the columns in which Oracle's published tables have them."""
    columns = (column for query in QUERIES.values() if query.table == path for column in query.columns)
    named = ((re.fullmatch(r"\w+\.(\w+)", column.source), column.field) for column in columns)
    return {folded(match[1]): f"{path}.{field}" for match, field in named if match}


def _likely_table(found: PackageObject, mappings: Sequence[ColumnMapping]) -> Table | None:
    """The table that an object is mapped to, whose published columns it has, or whose name is like its own."""
    mapped = [each.target[0] for each in mappings if each.object == found.name and each.field]
    if mapped:
        return max(mapped, key=lambda each: each.path.count("."))
    heads = set(map(folded, found.columns))
    published = {query.table: len(heads & set(_published(query.table))) for query in QUERIES.values()}
    best = max(published, key=lambda each: published[each])
    if published[best] > 1:
        return TABLES[best]
    names = {name: table for table in TABLES.values() if not table.own for name in (table.name, table.title)}
    near = nearest(found.name, names) or nearest(found.name.partition("_")[2], names)
    return names[near] if near else None


def proposal(package: SetupPackage, mappings: Sequence[ColumnMapping], there: str = "") -> str:
    """A mapping file with every column of a package, to be filled in; what is there already stays as it is."""
    known: Collection[tuple[str, str]] = {(each.object, each.column) for each in mappings}
    lines = [there.rstrip("\n")] if there else [_HEAD]
    for each in package.objects:
        left = [name for name in each.columns if (each.name, name) not in known and not is_secret_column(name)]
        near = offers(each, mappings)
        lines += ["", f"# {plain(each.name)}: {each.count:,} rows"] if left else []
        blocks: list[str] = []
        for name in left:
            what = "ignore = true" if name in WHO_COLUMNS else 'field = ""'
            offer = f"  # nearest: {near[name]}" if name in near and name not in WHO_COLUMNS else ""
            blocks.append(f"[[map]]\nobject = {toml(each.name)}\ncolumn = {toml(name)}\n{what}{offer}")
        lines += ["\n\n".join(blocks)] if blocks else []
    return "\n".join(lines) + "\n"


_HEAD: Final = """\
# Which column of a setup data package is which field of the profile: field = "table.field".
# A field left empty is not read; ignore = true also takes the column out of the list of those not mapped.
# One element of a list:  field = "source_systems.enabled_for", element = "Items"
# Other words in the pod: values = { SPOKE = "Spoke" }
# A column PARENT.Key names the record that holds the row: its field is the key of that table.
schema = 1"""
