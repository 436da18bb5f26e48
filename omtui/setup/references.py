"""References between records: where a record is used, what a field names, what a rename must take along.

All of it is read from the field descriptions, so a new reference is one line in its field.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from omtui.setup.catalogue import TABLES
from omtui.setup.field import Field, FieldReference
from omtui.setup.indexed import Indexed, LocatedRecord, text
from omtui.setup.place import Data, NotFound, Path, Place, Places, found_at, key_text, parse, resolve, table_at
from omtui.setup.routing import LIST_OPERATORS, operator_word
from omtui.setup.table import Record, Table


class Mention(NamedTuple):
    """A field that names a record: the path of the field (or of the element of its list), and the name in it."""

    path: Path
    name: str
    field: Field
    reference: FieldReference
    scope: str | None
    """For a reference that looks inside another record: that record's key."""


class Edit(NamedTuple):
    """One value to be changed: the path, and the new value."""

    path: Path
    value: object


def mentions(setup: Indexed) -> Iterator[Mention]:
    """Every reference of a profile, in the order of its tables."""
    for table in TABLES.values():
        if not _refers(table.path) or table.path.startswith("routing_rules."):
            continue
        located = (
            [LocatedRecord((table.path,), setup.single(table.path))] if table.single else setup.records(table.path)
        )
        for path, record in located:
            yield from _of_record(table.path, path, record)
    for table, path, record in setup.rule_parts:
        if table.path != "routing_rules.when" or operator_word(record.get("operator", "")) in _NAMING_OPERATORS:
            yield from _of_record(table.path, path, record)


@lru_cache(maxsize=1)  # for each move of the cursor it is asked again
def _mentions_of(setup: Indexed) -> Mapping[str, Sequence[Mention]]:
    """The references of a profile by the table that they look into."""
    found: dict[str, list[Mention]] = {}
    for mention in mentions(setup):
        found.setdefault(mention.reference.table, []).append(mention)
    return found


def usages(setup: Indexed, path: Path) -> list[Mention]:
    """The fields that name the record at a path, by a value of its own or by its place."""
    table = table_at(path)
    record = found_at(setup.data, path)
    if table is None or not isinstance(path[-1], int) or not isinstance(record, dict):
        return []
    holder = found_at(setup.data, path[:-2]) if len(path) > 2 else None
    parent = TABLES.get(table.parent)
    scope = key_text(holder, parent.key) if parent and parent.key else None
    found = []
    for mention in _mentions_of(setup).get(table.path, ()):
        reference = mention.reference
        if not mention.name or mention.name != text(record, reference.field):
            continue
        if reference.through == "." and mention.path[: len(path) - 1] != path[:-1]:
            continue
        if reference.through not in ("", ".") and (not scope or mention.scope != scope):
            continue  # what has no name is named by nothing
        found.append(mention)
    return [*found, *_usages_by_place(setup, table, path)]


def _usages_by_place(setup: Indexed, table: Table, path: Path) -> Iterator[Mention]:
    field = TABLES[_ENDPOINTS].by_name["of"]
    for found in setup.records(_ENDPOINTS):
        place_text = text(found.record, field.name)
        place = parse(place_text)
        if isinstance(place, Place) and resolve(setup.data, place) == path:
            yield Mention((*found.path, field.name), place_text, field, FieldReference(table.path, ""), None)


def definition(setup: Indexed, path: Path) -> Path | None:
    """The record that the field (or the element of its list) at a path names; `None` when it names none."""
    for mention in _mentions_at(setup, path):
        for target in targets(setup, mention):
            return target.path
    place = found_at(setup.data, path)
    table = table_at(path[:-1])
    field = table.by_name.get(str(path[-1])) if table and path else None
    if field and field.kind == "place" and isinstance(place, str):
        parsed = parse(place)
        found = resolve(setup.data, parsed) if isinstance(parsed, Place) else None
        return found if isinstance(found, tuple) else None
    return None


def targets(setup: Indexed, mention: Mention) -> list[LocatedRecord]:
    """The records that a mention names: one in a sound profile, none for a dangling reference."""
    reference = mention.reference
    named = setup.by(reference.table, reference.field).get(mention.name, [])
    if reference.through == ".":
        holder = mention.path[:-2]
        return [found for found in named if found.path[:-1] == holder]
    if reference.through:
        parent = TABLES[reference.table].parent
        holders = {found.path for found in setup.by_key(parent).get(mention.scope or "", [])}
        return [found for found in named if found.path[:-2] in holders]
    return named


def choices(setup: Indexed, record: Record, field: Field, path: Path = ()) -> list[str]:
    """What a picker offers for a field of a record: names of records first, then the known words."""
    offered: dict[str, None] = {}
    for reference in field.refers:
        if reference.when and str(record.get(reference.when[0], "")) != reference.when[1]:
            continue
        if reference.through == ".":
            near = [found for found in setup.records(reference.table) if found.path[:-1] == path[:-1]]
        elif reference.through:
            inner_table = TABLES[reference.table]
            scope = str(record.get(reference.through, ""))
            near = [
                inner
                for holder in setup.by_key(inner_table.parent).get(scope, [])
                for inner in setup.within(holder, inner_table.name)
            ]
        else:
            near = setup.records(reference.table)
        for found in near:
            if name := found.record.get(reference.field):
                offered[str(name)] = None
    for word in field.values:
        offered.setdefault(word)
    return list(offered)


def rename(setup: Indexed, path: Path, field: str, new: str | int) -> list[Edit]:
    """The edits that give a record a new name and take along every reference, waiver and endpoint that names it.

    Of two records with one name the references mean the first: renaming the second leaves them where they are.
    """
    record = found_at(setup.data, path)
    if table_at(path) is None or not isinstance(record, dict):
        return []
    edits = [Edit((*path, field), new)]
    edits += (
        Edit(mention.path, new)
        for mention in usages(setup, path)
        if mention.reference.field == field and [found.path for found in targets(setup, mention)[:1]] == [path]
    )
    return [*edits, *_places_moved(setup, edits)]


_ENDPOINTS = "topology.endpoints"
_NAMING_PLACES = (("waivers", "where"), (_ENDPOINTS, "of"))


def _places_moved(setup: Indexed, edits: list[Edit]) -> Iterator[Edit]:
    """The places written in the profile whose record has another name after some edits."""
    touched = {edit.path[0] for edit in edits}
    naming: Places | None = None
    for table, field in _NAMING_PLACES:
        for found in setup.records(table):
            place = parse(text(found.record, field))
            if not isinstance(place, Place) or place.parts[0] not in touched:
                continue
            record = place.record
            path = resolve(setup.data, record)
            while isinstance(path, NotFound) and len(path.where.parts) > 1:
                record = path.where.record
                path = resolve(setup.data, record)
            if isinstance(path, NotFound):
                continue
            naming = naming or Places(after(setup.data, edits))
            now = naming.of(path)
            if now != record:
                moved = Place((*now.parts, *place.parts[len(record.parts) :]))
                yield Edit((*found.path, field), str(moved))


def after(data: Mapping[str, object], edits: Sequence[Edit]) -> Data:
    """The data with some values changed. What is not on the way to one of them is shared."""
    copies: dict[Path, dict[str, object] | list[object]] = {(): dict(data)}
    for edit in edits:
        for end in range(1, len(edit.path)):
            path = edit.path[:end]
            if path not in copies:
                inner = found_at(data, path)
                copies[path] = (
                    list(inner) if isinstance(inner, list) else dict(inner) if isinstance(inner, dict) else {}
                )
                _put(copies[path[:-1]], path[-1], copies[path])
        _put(copies[edit.path[:-1]], edit.path[-1], edit.value)
    changed = copies[()]
    assert isinstance(changed, dict)
    return changed


def _put(holder: dict[str, object] | list[object], part: str | int, value: object) -> None:
    if isinstance(holder, dict):
        holder[str(part)] = value
    elif isinstance(part, int):
        holder[part] = value


@cache
def _refers(table: str) -> tuple[Field, ...]:
    return tuple(field for field in TABLES[table].fields if field.refers)


def _of_record(table: str, path: Path, record: Record) -> Iterator[Mention]:
    for field in _refers(table):
        value = record.get(field.name)
        if value is None:
            continue
        for reference in field.refers:
            if reference.when and str(record.get(reference.when[0], "")) != reference.when[1]:
                continue
            scope = str(record.get(reference.through, "")) if reference.through not in ("", ".") else None
            if isinstance(value, list):
                for number, item in enumerate(value):
                    if isinstance(item, str):
                        yield Mention((*path, field.name, number), item, field, reference, scope)
            elif isinstance(value, str) or field.kind == "integer":
                yield Mention((*path, field.name), str(value), field, reference, scope)


_NAMING_OPERATORS = ("", "is equal to", "is not equal to", "equals ignore case", *LIST_OPERATORS)
"""Those whose value is a whole name: the start of a name is none."""


def conditions(path: Path, node: object) -> Iterator[tuple[Path, Record]]:
    """The comparisons of a tree of conditions with their paths, left to right."""
    if not isinstance(node, dict):
        return
    if "attribute" in node or "operator" in node or "entity" in node:
        yield path, node
    for join in ("all", "any"):
        inner = node.get(join)
        if isinstance(inner, list):
            for number, item in enumerate(inner):
                yield from conditions((*path, join, number), item)
    if "not" in node:
        yield from conditions((*path, "not"), node["not"])


def _mentions_at(setup: Indexed, path: Path) -> Iterator[Mention]:
    for mention in mentions(setup):
        if mention.path == path or mention.path[:-1] == path:
            yield mention
