"""From what a person wants to change to the operations that change it: pure functions on plain data."""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from omtui.plain_text import plain, without_passwords
from omtui.setup.catalogue import TABLES
from omtui.setup.defaults import new_record, task_type_services
from omtui.setup.field import Field
from omtui.setup.indexed import Indexed, is_predefined
from omtui.setup.place import Data, Path, Selector, key_text, table_at
from omtui.setup.references import Edit, rename
from omtui.setup.routing import ATTRIBUTES
from omtui.setup.rule_line import taken_over
from omtui.setup.table import Table
from omtui.store.change import MISSING, Insert, Move, Operation, Remove, Set, same, value_at


@dataclass(frozen=True, slots=True)
class Plan:
    """Operations that belong together, what they do in words, and the path to look at afterwards."""

    label: str
    operations: tuple[Operation, ...]
    path: Path
    remark: str = ""
    """What a person should know of it, apart from its being done."""
    returns_to: str = ""
    """The hash of the earlier state that it goes back to, as a whole or in part."""


def set_value(setup: Indexed, path: Path, value: object) -> Plan:
    """Give a field a value, or take it away (`MISSING`). An empty text or list is taken away: nothing is left empty."""
    new = MISSING if value == "" or value == [] else value
    old = value_at(setup.data, path)
    label = f"{'Clear' if new is MISSING else 'Set'} {setup.place(path)}"
    new, remark = _as_address(path, new)
    if remark:
        label = f"{label}; {remark}"
    if same(old, new):
        return Plan(label, (), path, remark)
    renamed = _frozen_words(setup, path[:-1], str(path[-1])) if MISSING not in (old, new) else ""
    return Plan(label, (Set(path, old, new), *_filled_in(setup.data, path, new)), path, remark or renamed)


def _as_address(path: Path, value: object) -> tuple[object, str]:
    """An address that was given with a password, without it and its user, and what to say of it; else the value.

    It must not even get into the journal, so it is left out here and not found later.
    """
    if not isinstance(value, str) or "://" not in value or "url" not in str(path[-1]):
        return value, ""
    from omtui.credentials.destination import without_sign_in

    split = without_sign_in(value)
    if split.secret is not None:
        return split.url, "the password in it was left out: it belongs in the credential store"
    if without_passwords(value) != value:
        return value, "what looks like a password is in the address (P0-04): it belongs in the credential store"
    return value, ""


def _filled_in(data: Data, path: Path, value: object) -> Iterator[Operation]:
    """What Oracle's page fills in when a field is left: the services of a task type, the entity of an attribute."""
    table = table_at(path[:-1])
    holder = path[:-1]
    if table is None or not isinstance(value, str):
        return
    record = value_at(data, holder)
    is_own = not (isinstance(record, dict) and is_predefined(record))
    if table.path == "task_types" and path[-1] == "name" and is_own and not _has(record, "services"):
        yield Set((*holder, "services"), MISSING, task_type_services(value))
    known = ATTRIBUTES.get(value) if table.path == "routing_rules.when" and path[-1] == "attribute" else None
    if known and not _has(record, "entity"):
        yield Set((*holder, "entity"), MISSING, known[0])


def _has(record: object, name: str) -> bool:
    return isinstance(record, dict) and name in record


def set_rule(setup: Indexed, path: Path, line: Data) -> Plan:
    """Give a routing rule what a line says; conditions that mean the same keep their spelling."""
    rule = _record_at(setup.data, path)
    new = taken_over(rule, line)
    values = [(name, rule.get(name, MISSING), new.get(name, MISSING)) for name in ("when", "then", "otherwise")]
    changed = [Set((*path, name), old, value) for name, old, value in values if not same(old, value)]
    return Plan(f"Set {setup.place(path)}", tuple(changed), path)


def add_record(
    setup: Indexed,
    rows: Path,
    key: object = None,
    *,
    index: int | None = None,
    values: Mapping[str, object] | None = None,
) -> Plan:
    """Add a record to the list at a path, with Oracle's defaults; after all others unless an index is given."""
    table = table_of(rows)
    given = dict(values or {})
    record = new_record(table.path, key)
    if is_predefined(given):  # of Oracle's own record nothing is known but what the pod shows
        record = {name: value for name, value in record.items() if name == table.key}
    remark = ""
    for name, value in given.items():
        record[name], said = _as_address((name,), value)
        remark = said or remark
    have = value_at(setup.data, rows)
    count = len(have) if isinstance(have, list) else 0
    position = count if index is None else max(0, min(index, count))
    path = (*rows, position)
    label = f"Add {table.singular} {_named(table, record)}".rstrip()
    return Plan(f"{label}; {remark}" if remark else label, (Insert(rows, position, record),), path, remark)


def duplicate_record(setup: Indexed, path: Path) -> Plan:
    """Add a copy of a record right after it, under a new key.

    Oracle's Duplicate copies everything of a connector but its name and password: the credential is left out. A copy
    of Oracle's own record is one's own.
    """
    table = table_of(path[:-1])
    record = copy.deepcopy(_record_at(setup.data, path))
    siblings = value_at(setup.data, path[:-1])
    if is_predefined(record):
        del record["predefined"]
        if "copied_from" in table.by_name and table.key in record:
            record["copied_from"] = record[table.key]
    if table.key and record.get(table.key, "") != "":
        taken = {key_text(each, table.key) for each in siblings} if isinstance(siblings, list) else set()
        record[table.key] = _free_key(record[table.key], taken, table.by_name[table.key])
    for field in table.fields:
        if field.travels == "state" or (table.path == "connectors" and field.name == "credential"):
            record.pop(field.name, None)
    position = _index(path) + 1
    return Plan(f"Duplicate {setup.place(path)}", (Insert(path[:-1], position, record),), (*path[:-1], position))


def remove_record(setup: Indexed, path: Path) -> Plan:
    """Remove a record. What referred to it stays and is reported by the checks."""
    record = _record_at(setup.data, path)
    return Plan(f"Remove {setup.place(path)}", (Remove(path[:-1], _index(path), record),), path[:-1])


def move_record(setup: Indexed, path: Path, position: int) -> Plan:
    """Move a record to another position of its list."""
    siblings = value_at(setup.data, path[:-1])
    last = len(siblings) - 1 if isinstance(siblings, list) else 0
    target = max(0, min(position, last))
    operations = (Move(path[:-1], _index(path), target),) if target != path[-1] else ()
    return Plan(f"Move {setup.place(path)}", operations, (*path[:-1], target))


def rename_field(setup: Indexed, path: Path, field: str, new: object) -> Plan:
    """Change a field that other records refer to, and the references with it."""
    edits = rename(setup, path, field, new if isinstance(new, int) else str(new))
    place = setup.place(path)
    plan = Plan(f"Rename {place} to {plain(new)}", tuple(_operations(setup.data, edits)), path)
    return replace(plan, remark=_frozen_words(setup, path, field)) if plan.operations else plan


def _frozen_words(setup: Indexed, path: Path, field: str) -> str:
    """What another value of a field means in the pod, where Oracle lets nobody change it once it was saved."""
    table = table_at(path)
    if table is None or field not in table.frozen or is_predefined(_record_at(setup.data, path)):
        return ""
    return f"the pod renames no {table.singular} that was saved: create it there under the new name, delete the old one"


def is_referred_to(table: Table, field: str) -> bool:
    """Whether other records, waivers or ticks name this one by the field: a change of it is a rename."""
    return field == table.key or any(
        reference.table == table.path and reference.field == field
        for other in TABLES.values()
        for each in other.fields
        for reference in each.refers
    )


def table_of(rows: Path) -> Table:
    """The table whose records are in the list at a path."""
    table = table_at(rows)
    if table is None:
        raise LookupError(f"no table at {rows}")
    return table


def _operations(data: Data, edits: list[Edit]) -> Iterator[Operation]:
    seen: set[Path] = set()
    for edit in edits:
        old = value_at(data, edit.path)
        if edit.path not in seen and old != edit.value:
            seen.add(edit.path)
            yield Set(edit.path, old, edit.value)


def _record_at(data: Data, path: Path) -> dict[str, object]:
    record = value_at(data, path)
    if not isinstance(record, dict):
        raise LookupError(f"no record at {path}")
    return record


def _index(path: Path) -> int:
    if not isinstance(path[-1], int):
        raise LookupError(f"no record at {path}")
    return path[-1]


def _named(table: Table, record: Mapping[str, object]) -> str:
    return str(Selector(key_text(record, table.key)))[1:-1] if table.key else ""


def _free_key(key: object, taken: set[str], field: Field) -> object:
    """A key like the given one that no record has, within the length that Oracle's page takes."""
    if isinstance(key, int):
        number = key + 1
        while str(number) in taken:
            number += 1
        return number
    for count in range(1, len(taken) + 2):
        end = " copy" if count == 1 else f" copy {count}"
        longest = field.maximum_length or len(str(key)) + len(end)
        candidate = f"{str(key)[: longest - len(end)]}{end}"
        if candidate not in taken:
            return candidate
    return key
