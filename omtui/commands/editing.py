"""Commands that change a profile: set, add, remove, rename, move, undo, fmt."""

import copy
from collections import Counter
from collections.abc import Callable, Mapping

from omtui.commands.arguments import ParsedArguments
from omtui.commands.output import Output
from omtui.commands.places import Spot, find, find_record, find_rows
from omtui.commands.profile_arguments import (
    Reading,
    open_for_change,
    read,
    refused,
    wrong,
)
from omtui.commands.saving import save, say_done
from omtui.plain_text import few, plain
from omtui.problem import Problem, Wrong
from omtui.service import editing
from omtui.service.editing import Plan
from omtui.service.session import Session
from omtui.setup.did_you_mean import did_you_mean
from omtui.setup.field import Field
from omtui.setup.place import NotAPlace, Path, Selector, parse
from omtui.setup.reading import verify
from omtui.setup.references import usages
from omtui.setup.rule_line_parser import LineFault, parse_rule
from omtui.setup.table import Table
from omtui.setup.values import from_command
from omtui.store.change import MISSING, apply

Made = Plan | Wrong
"""What a command makes of its words."""


def set_value(args: ParsedArguments, out: Output) -> int:
    """Give one field a value."""
    left: list[str] = []
    before: Counter[str] = Counter()
    caused: list[str] = []

    def plan(session: Session) -> Made:
        spot = find(session.data, args.text("PLACE"))
        if isinstance(spot, Wrong):
            return spot
        before.update(_shown_findings(session))
        if spot.sort == "record" and len(spot.path) == 2 and spot.path[0] == "routing_rules":
            line = parse_rule(args.text("VALUE"))
            if isinstance(line, LineFault):
                return Wrong(f"column {line.column}: {line.message}", line.fix)
            return editing.set_rule(session.indexed, spot.path, line)
        field = _settable(spot, session)
        if isinstance(field, Wrong):
            return field
        value = _value(field, args.text("VALUE"), session.value(spot.path))
        left.extend(_names_of(session, spot.path))
        return value if isinstance(value, Wrong) else editing.set_value(session.indexed, spot.path, value)

    def note(session: Session, _plan: Plan) -> str:
        caused.extend((_shown_findings(session) - before).elements())
        return f"still named by {few(left, 3)}; omtui rename takes them along" if left else ""

    code = _change(args, out, plan, note)
    for each in caused:
        out.message(each)
    return code


def _shown_findings(session: Session) -> Counter[str]:
    """The findings that are not accepted, in words."""
    return Counter(
        f"{each.finding.level} {each.finding.check} {each.place}: {each.finding.message}; {each.finding.fix}"
        for each in session.results
        if not each.waived
    )


def add(args: ParsedArguments, out: Output) -> int:
    """A new record."""

    def plan(session: Session) -> Made:
        spot = find_rows(session.data, args.text("TABLE"))
        if isinstance(spot, Wrong):
            return spot
        table = spot.table
        assert table is not None
        words = args.texts("FIELD=VALUE")
        key: object = None
        index: int | None = None
        if (typed := args.optional("KEY")) is not None:
            if table.key is None and "=" in typed:
                words = [typed, *words]
            elif table.key is None:
                if not typed.isdecimal():
                    return Wrong(f"a {table.singular} has no key", "name its position from 0, or only fields")
                index = min(int(typed), len(session.records_at(spot.path)))
            else:
                key = _value(table.by_name[table.key], typed, None)
                if isinstance(key, Wrong):
                    return key
        if table.key and key in (None, "", MISSING):
            return Wrong(f"a {table.singular} needs its {table.key}", f"type omtui add {args.text('TABLE')} KEY")
        values = _fields(table, words)
        if isinstance(values, Wrong):
            return values
        return editing.add_record(session.indexed, spot.path, key, index=index, values=values)

    return _change(args, out, plan)


def remove(args: ParsedArguments, out: Output) -> int:
    """A record, or the value of a field."""
    left: list[str] = []

    def plan(session: Session) -> Made:
        spot = find(session.data, args.text("PLACE"))
        if isinstance(spot, Wrong):
            return spot
        if spot.sort == "record":
            left.extend(plain(session.indexed.place(mention.path)) for mention in usages(session.indexed, spot.path))
            return editing.remove_record(session.indexed, spot.path)
        if spot.sort == "element":
            return _one_of_a_list(session, spot)
        if spot.sort == "records" and spot.field is None:
            return Wrong(f"{plain(args.text('PLACE'))} are all records of the table", "remove them one by one")
        if session.value(spot.path) is MISSING:
            return Wrong(f"{plain(args.text('PLACE'))} is not set", "nothing is to be removed")
        return editing.set_value(session.indexed, spot.path, MISSING)

    def note(_session: Session, _plan: Plan) -> str:
        return f"still named by {few(left, 3)}" if left else ""

    return _change(args, out, plan, note)


def rename(args: ParsedArguments, out: Output) -> int:
    """Give a record a new key, and take along what refers to it."""

    def plan(session: Session) -> Made:
        spot = find(session.data, args.text("PLACE"))
        if isinstance(spot, Wrong):
            return spot
        table = spot.table
        if spot.sort == "field" and table is not None and spot.field is not None:
            name = spot.field.name
            if not editing.is_referred_to(table, name) and name != table.key:
                return Wrong(f"nothing refers to {plain(args.text('PLACE'))}", "omtui set gives it another value")
            path = spot.path[:-1]
        else:
            record = find_record(session.data, args.text("PLACE"))
            if isinstance(record, Wrong):
                return record
            path, table = record.path, record.table
            name = (table.key or "") if table else ""
        if table is None or not name:
            return Wrong(f"{plain(args.text('PLACE'))} has no key", "omtui move changes its position")
        new = _value(table.by_name[name], args.text("NEW"), None)
        if isinstance(new, Wrong):
            return new
        if new in ("", MISSING):
            return Wrong("a key cannot be empty", "type the new key")
        if name == table.key and _is_taken(session, path, table.key, str(new)):
            return Wrong(
                f"there is another {table.singular} {plain(new)}", "choose another key, or remove one of the two"
            )
        return editing.rename_field(session.indexed, path, name, new)

    return _change(args, out, plan)


def move(args: ParsedArguments, out: Output) -> int:
    """Put a record elsewhere in its list."""
    before, after = args.optional("--before"), args.optional("--after")
    if (before is None) == (after is None):
        return wrong(args, out, Wrong("where to is missing", "give either --before KEY or --after KEY"))

    def plan(session: Session) -> Made:
        spot = find_record(session.data, args.text("PLACE"))
        if isinstance(spot, Wrong):
            return spot
        sibling = _sibling(session, spot, before if before is not None else after or "")
        if isinstance(sibling, Wrong):
            return sibling
        start = spot.path[-1]
        assert isinstance(start, int)
        end = sibling + (after is not None) - (start < sibling)
        return editing.move_record(session.indexed, spot.path, end if sibling != start else start)

    return _change(args, out, plan)


def undo(args: ParsedArguments, out: Output) -> int:
    """Take back the last change, or go back to an earlier state."""
    if args.optional("--to") is not None or args.optional("--place") is not None:
        from omtui.commands.history import go_back

        return go_back(args, out)
    session = open_for_change(args, out)
    if isinstance(session, int):
        return session
    again = args.flag("--redo")
    outcome = session.redo() if again else session.undo()
    if isinstance(outcome, Problem):
        return refused(args, out, outcome)
    return save(args, out, session, outcome.message)


def fmt(args: ParsedArguments, out: Output) -> int:
    """Canonical layout; with `--check` only whether the file has it."""
    if args.flag("--check"):
        return _check_layout(args, out)
    session = open_for_change(args, out)
    if isinstance(session, int):
        return session
    changed = session.lay_out()
    if isinstance(changed, Problem):
        return refused(args, out, changed)
    if not changed:
        return say_done(args, out, session, "the layout is canonical already", changed=False)
    return save(args, out, session, "laid out again")


def _check_layout(args: ParsedArguments, out: Output) -> int:
    from omtui.store.formatting import canonical
    from omtui.store.unsettled import unsettled

    reading = read(args, args.text("PROFILE"))
    if not isinstance(reading, Reading):
        return wrong(args, out, reading)
    content = canonical(reading.document)
    if not isinstance(content, bytes):
        return refused(args, out, content)
    same = content == reading.document.to_bytes()
    conflicts = unsettled(reading.document.text(), reading.data)
    file = plain(reading.file or reading.name)
    if args.flag("--json"):
        out.json({"profile": reading.name, "canonical": same, "conflicts": [each.line for each in conflicts]})
        return 0 if same and not conflicts else 1
    for each in conflicts:
        out.line(
            f"{file}:{each.line}: a conflict is not settled: {plain(each.words)}; decide, then take the comment out"
        )
    if not same:
        out.line(f"{file}: the layout is not canonical; omtui fmt fixes it")
    return 0 if same and not conflicts else 1


# What is changed


def _settable(spot: Spot, session: Session) -> Field | Wrong:
    """The description of what `set` can give a value; of a key without a description, by its value."""
    place = plain(session.indexed.place(spot.path))
    if spot.field is not None:
        return spot.field
    if spot.path == ("schema",):
        return Wrong("schema is the format of the file, not of the set-up", "leave it as it is")
    if spot.sort == "element":
        return _one_of_a_list(session, spot)
    if spot.sort == "unknown":
        value = session.value(spot.path)
        if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(item, dict) for item in value)):
            return Wrong(f"{place} is a table that omtui does not know", "change it in an editor")
        return Field(str(spot.path[-1]), str(spot.path[-1]), "scalar")
    if spot.sort == "records":
        return Wrong(f"{place} is a list of records", "omtui add and omtui remove change it")
    names = ", ".join(spot.table.by_name) if spot.table else ""
    return Wrong(f"{place} is a {spot.table.singular if spot.table else 'table'}", f"name one of its fields: {names}")


def _one_of_a_list(session: Session, spot: Spot) -> Wrong:
    place = plain(session.indexed.place(spot.path[:-1]))
    return Wrong(
        "the values of a list have no places of their own", f"omtui set … '{place}' +=V adds one, -=V takes one"
    )


def _value(field: Field, text: str, current: object) -> object | Wrong:
    """The value of an argument; `MISSING` for an empty one."""
    now = None if current is MISSING else current
    is_list = field.kind in ("list", "integers") or (field.kind == "scalar" and isinstance(now, list))
    if is_list and text[:2] in ("+=", "-="):
        return _one_more_or_less(field, text, now if isinstance(now, list) else [])
    if text == "":
        return MISSING
    value = from_command(field, text, now)
    return Wrong(f"{field.name}: {value.message}", value.fix) if isinstance(value, Problem) else value


def _one_more_or_less(field: Field, text: str, now: list[object]) -> object | Wrong:
    item: object = text[2:]
    if field.kind == "integers" or (now and not isinstance(now[0], str)):
        of_one = Field(field.name, field.label, "integer" if field.kind == "integers" else "scalar")
        item = from_command(of_one, text[2:], now[0] if now else None)
        if isinstance(item, Problem):
            return Wrong(f"{field.name}: {item.message}", item.fix)
    if item == "":
        return Wrong(f"{text} names nothing", "type the value behind the sign")
    if text[0] == "+":
        return now if item in now else [*now, item]
    return [each for each in now if each != item]


def _fields(table: Table, words: list[str]) -> Mapping[str, object] | Wrong:
    """The values of FIELD=VALUE words; `FIELD+=VALUE` adds one to a list."""
    values: dict[str, object] = {}
    for word in words:
        name, equals, text = word.partition("=")
        more = name.endswith("+") and name[:-1] in table.by_name
        field = table.by_name.get(name.removesuffix("+") if more else name)
        if not equals:
            return Wrong(f"{plain(word)} is no FIELD=VALUE", "put words that belong together in quotes")
        if field is None:
            near = did_you_mean(name, table.by_name)
            known = f"did you mean {near}?" if near else f"known are {', '.join(table.by_name)}"
            return Wrong(f"a {table.singular} has no {plain(name) or 'field without a name'}", known)
        if field.name == table.key:
            return Wrong(f"{name} is the key", "give it before the fields")
        value = _value(field, f"+={text}" if more else text, values.get(field.name))
        if isinstance(value, Wrong):
            return value
        if value is not MISSING:
            values[field.name] = value
    return values


def _sibling(session: Session, spot: Spot, key: str) -> int | Wrong:
    """The index of the record of the same list that a key names; `KEY#2` is the second with that key."""
    place = session.indexed.place(spot.path)
    if key == "":
        return Wrong("the key is missing", "name the record to move it to")
    for text in (str(Selector(key)), f"[{key}]"):
        typed = parse(f"x{text}")
        if isinstance(typed, NotAPlace):
            continue
        sibling = find_record(session.data, str(type(place)((*place.parts[:-1], typed.parts[1]))))
        if not isinstance(sibling, Wrong):
            number = sibling.path[-1]
            assert isinstance(number, int)
            return number
    wrong_key = find_record(session.data, str(type(place)((*place.parts[:-1], Selector(key)))))
    return wrong_key if isinstance(wrong_key, Wrong) else Wrong(f"there is no {plain(key)}", "name one of the list")


def _is_taken(session: Session, path: Path, key: str, new: str) -> bool:
    return any(
        str(record.get(key, "")) == new and number != path[-1]
        for number, record in enumerate(session.records_at(path[:-1]))
    )


# Carrying it out


def _change(
    args: ParsedArguments,
    out: Output,
    make: Callable[[Session], Made],
    afterwards: Callable[[Session, Plan], str] = lambda _session, _plan: "",
) -> int:
    session = open_for_change(args, out)
    if isinstance(session, int):
        return session
    plan = make(session)
    if isinstance(plan, Wrong):
        return wrong(args, out, plan)
    if not plan.operations:
        where = session.indexed.place(plan.path)
        return say_done(args, out, session, f"{plan.label}: nothing to change", where, changed=False)
    if (fault := _unreadable_after(session, plan)) is not None:
        return wrong(args, out, fault)
    outcome = session.edit(plan, args.text("--reason"))
    if isinstance(outcome, Problem):
        return refused(args, out, outcome)
    if plan.remark:
        out.message(f"omtui {args.command.name}: {plan.remark}")
    note = afterwards(session, plan)
    message = f"{plan.label}; {note}" if note else plan.label
    return save(args, out, session, message, session.indexed.place(plan.path))


def _unreadable_after(session: Session, plan: Plan) -> Wrong | None:
    """Why nobody could read the file after a change: wrong types inside a table, no name, no environment."""
    risky = any(
        operation.path[0] in ("profile", "schema") or isinstance(getattr(operation, "new", None), (dict, list))
        for operation in plan.operations
    )
    if not risky:
        return None
    data = copy.deepcopy(session.data)
    for operation in plan.operations:
        apply(data, operation)
    faults = verify(data)
    return Wrong(faults[0].message, faults[0].fix) if faults else None


def _names_of(session: Session, path: Path) -> list[str]:
    """The places that name a record by the field at a path."""
    setup = session.indexed
    return [
        plain(setup.place(mention.path)) for mention in usages(setup, path[:-1]) if mention.reference.field == path[-1]
    ]
