"""P0-03, P0-04, P0-07, P0-08: what follows from the description of the format alone."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from omtui.checks import oracle_pages
from omtui.checks.finding import Flaw
from omtui.checks.registry import check
from omtui.checks.secret_texts import is_placeholder, is_secret_key, may_hold_secret, secret_in
from omtui.checks.wording import KnownNames, a, listed, quoted
from omtui.setup.catalogue import TABLES, children
from omtui.setup.field import Field
from omtui.setup.indexed import Described, Indexed, is_predefined, text
from omtui.setup.place import Path
from omtui.setup.routing import ACTION_VALUES, ATTRIBUTES, READ_WITH_ENTITY, operator_word
from omtui.setup.table import Record, Table
from omtui.store.change import MISSING, Set

_JOINS = ("all", "any", "not")


@check("P0-03", "warning", "a key that the format does not know", oracle_pages.OWN)
def unknown_key(setup: Indexed) -> Iterator[Flaw]:
    """The table holds a key that omtui does not know. It stays in the file and is otherwise ignored.

    Why: A mistyped key looks entered and is not: no form shows it, no check reads it, no promotion carries it.
    Fix: Enter the nearest known key, or remove the line.
    """
    yield from _unknown_keys((), setup.data, {"schema", *children("")}, "the file")
    for table, path, record in setup.described:
        known = _known_keys(table.path)
        if not known.issuperset(record):
            yield from _unknown_keys(path, record, known, a(table.singular))


def _unknown_keys(path: Path, record: Record, known: Iterable[str], holder: str) -> Iterator[Flaw]:
    for name in record:
        if name not in known:
            near = _names(frozenset(known)).nearest(name)
            fix = f"write {near} instead, or remove it" if near else "remove it, or write it as a comment"
            moved = (
                (Set((*path, name), record[name], MISSING), Set((*path, near), MISSING, record[name])) if near else ()
            )
            yield Flaw(
                (*path, name), f"{quoted(name)} is no key of {holder}", fix, operations=() if near in record else moved
            )


@cache
def _known_keys(table: str) -> frozenset[str]:
    extra = _JOINS if table == "routing_rules.when" else ()
    return frozenset((*TABLES[table].by_name, *children(table), *extra))


@cache
def _names(known: frozenset[str]) -> KnownNames:
    return KnownNames(sorted(known))


@check("P0-04", "error", "a secret is in the profile", oracle_pages.OWN)
def secret(setup: Indexed) -> Iterator[Flaw]:
    """A value looks like a password, a token, a private key, or a URL with a user name and its password. The finding
    never shows it.

    Why: Profiles are read by many, kept in Git and sent to colleagues. A secret belongs in the credential store.
    Fix: Remove it here, keep it in the credential store (omtui secret set), and name that entry in the field
    credential. Change the secret: it was in a file.
    """
    if not _needs_a_look(setup.data):
        return
    waiting: list[tuple[Path, Mapping[str, object] | list[object]]] = [((), setup.data)]
    while waiting:
        path, holder = waiting.pop()
        for part, value in holder.items() if isinstance(holder, Mapping) else enumerate(holder):
            if isinstance(value, (dict, list)):
                waiting.append(((*path, part), value))
                continue
            kind = secret_in(value) if isinstance(value, str) else None
            if not kind and isinstance(part, str) and is_secret_key(part) and not is_placeholder(value):
                kind = "a secret"
            if kind:
                yield Flaw(
                    (*path, part),
                    f"the value looks like {kind} and is not shown here",
                    'remove it, keep it with "omtui secret set", name that entry in the field credential, and change '
                    "the secret, since it was in a file",
                )


def _needs_a_look(data: Mapping[str, object]) -> bool:
    """Whether any key or text of the file can be a secret: most files hold none, and are done with quickly."""
    names: set[str] = set()
    found: list[str] = []
    waiting: list[object] = [data]
    while waiting:
        holder = waiting.pop()
        if isinstance(holder, dict):
            names.update(holder)
            inner: Iterable[object] = holder.values()
        else:
            inner = holder if isinstance(holder, list) else ()
        for value in inner:
            if type(value) is str:
                found.append(value)
            elif isinstance(value, (dict, list)):
                waiting.append(value)
    return any(map(is_secret_key, names)) or may_hold_secret(found)


@check("P0-07", "error", "a required value is missing", oracle_pages.OWN)
def missing_value(setup: Indexed) -> Iterator[Flaw]:
    """A value that Oracle's page requires, or without which the record means nothing, is not given.

    Why: The page refuses to save without it, so whoever enters the set-up has to stop and ask.
    Fix: Enter the value. The help of the field says what Oracle expects and where that was read.
    """
    # Every required field, except where a check of the field's own says the same.
    required = {
        table.path: [field for field in table.fields if _is_required(table, field)] for table in TABLES.values()
    }
    for each in setup.described:
        table, path, record = each
        fields = required[table.path]
        if table.path == "routing_rules.otherwise":
            fields = [TABLES[table.path].by_name[name] for name in _missing_in_branch(record)]
        elif table.path == "routing_rules.when" and any(join in record for join in _JOINS):
            continue
        for field in fields:
            value = record.get(field.name)
            if value is not None and value != "" and value != [] and value != {} and not _is_blank(value):
                continue
            if _is_judged(setup, each) or field.name == table.key:
                yield Flaw(
                    (*path, field.name),
                    f"{_holder(table, record)} has no {_label(table, field)}",
                    _fix_missing(field) or f"enter {a(_label(table, field))}",
                    general=True,
                    enter=_certain(field, record),
                )


def _is_required(table: Table, field: Field) -> bool:
    """Whether a record means nothing without a field, even where Oracle's page lets it be left out."""
    return field.required or (table.path == "routing_rules" and field.name in ("when", "then"))


def _missing_in_branch(record: Record) -> list[str]:
    """An ELSE IF needs IF and THEN; an entry of the last ELSE needs an action and its value."""
    if "when" in record or "then" in record:
        return ["when", "then"]
    return ["action", "value"]


def _is_blank(value: object) -> bool:
    return isinstance(value, str) and not value.strip()


def _holder(table: Table, record: Record) -> str:
    key = text(record, table.key) if table.key else ""
    return f"the {table.singular} {quoted(key)}" if key.strip() else f"the {table.singular}"


def _label(table: Table, field: Field) -> str:
    """The field's label; the key of the file where the label is only the record's own noun (Step, Check)."""
    return field.name if field.label.lower() == table.singular else field.label


def _certain(field: Field, record: Record) -> str | None:
    """The only value that a field can have: the entity of an attribute that was read together with it."""
    attribute = text(record, "attribute")
    return ATTRIBUTES[attribute][0] if field.name == "entity" and attribute in READ_WITH_ENTITY else None


def _fix_missing(field: Field) -> str:
    if field.values and field.closed:
        return f"enter {listed(field.values, 'or', 12)}"
    if field.name == "when":
        return "add at least one condition"
    if field.name == "then":
        return "add at least one action"
    return ""


@check("P0-08", "error", "a key used twice, or a word outside its list", oracle_pages.OWN)
def wrong_word(setup: Indexed) -> Iterator[Flaw]:
    """Two records of a table have the same key, or a field holds a word that Oracle's list does not offer.

    Why: The page offers fixed words and refuses the second record. A place in a message, a difference or a waiver names
    a record by its key and would name two.
    Fix: Rename or remove the second record; choose a word of the list.
    """
    # Keys and closed lists, except where a check of the field's own says the same.
    closed = {table.path: [field for field in table.fields if field.closed] for table in TABLES.values()}
    seen: set[tuple[Path, str]] = set()
    for each in setup.described:
        table, path, record = each
        if table.key and (key := _identity(table, record)):
            holder = (path[:-1], key)
            if holder in seen:
                yield Flaw(
                    (*path, table.key),
                    f"another {table.singular} is also called {quoted(text(record, table.key))}",
                    "give this one a name of its own, or remove it",
                    general=True,
                )
            seen.add(holder)
        if not _is_judged(setup, each):
            continue
        for field in closed[table.path]:
            value = record.get(field.name)
            if value is None or value in field.values:
                continue
            if isinstance(value, list):
                for number, item in enumerate(value):
                    if item not in field.values:
                        yield _outside((*path, field.name, number), field, item)
            elif value != "" and not (field.name == "operator" and operator_word(value) in field.values):
                yield _outside((*path, field.name), field, value)
        if "action" in record:
            allowed = _FIXED_ACTION_VALUES.get(text(record, "action"))
            value = record.get("value")
            if allowed and value is not None and value not in allowed:
                yield _outside((*path, "value"), TABLES["routing_rules.then"].by_name["value"], value, allowed)


_FIXED_ACTION_VALUES = {
    action: ACTION_VALUES[action]
    for action in ("Override Compensation Pattern", "Resolve Cross-Reference for Customer")
}
"""Those that Oracle's page of routing actions (24C) lists; the words of Set Interface Type were not read there."""


def _outside(path: Path, field: Field, value: object, values: tuple[str, ...] = ()) -> Flaw:
    words = values or field.values
    fix = f"choose {listed(words, 'or', 12)}"
    near = _names(frozenset(words)).nearest(str(value))
    if near:
        fix = f"enter {quoted(near)}" if len(words) > 4 else f"enter {quoted(near)}; the list has {listed(words)}"
    return Flaw(path, f"{quoted(value)} is no word of the list {field.label}", fix, general=True, enter=near)


def _identity(table: Table, record: Record) -> str:
    """What makes a record the only one of its kind; two waivers of one check differ in their place."""
    key = text(record, table.key) if table.key else ""
    if not key.strip():
        return ""
    return f"{key}\0{text(record, 'where')}" if table.path == "waivers" else key


def _is_judged(setup: Indexed, each: Described) -> bool:
    """Oracle's own records, and what is in them, are not judged."""
    if is_predefined(each.record):
        return False
    top = setup.data.get(str(each.path[0])) if len(each.path) > 2 else None
    return not (isinstance(top, list) and isinstance(each.path[1], int) and is_predefined(top[each.path[1]]))
