"""Commands that look something up in a profile: get, usages; and schema."""

from omtui.commands.arguments import ParsedArguments
from omtui.commands.output import Output
from omtui.commands.places import find, find_record
from omtui.commands.profile_arguments import Reading, read, wrong
from omtui.plain_text import plain
from omtui.problem import Wrong
from omtui.store.change import MISSING, value_at


def get(args: ParsedArguments, out: Output) -> int:
    """One value: a text as it is, everything else as TOML."""
    reading = read(args, args.text("PROFILE"))
    if not isinstance(reading, Reading):
        return wrong(args, out, reading)
    spot = find(reading.data, args.text("PLACE"))
    if isinstance(spot, Wrong):
        return wrong(args, out, spot)
    value = value_at(reading.data, spot.path)
    if args.flag("--json"):
        place = str(reading.indexed.place(spot.path))
        out.json({"profile": reading.name, "place": place, "value": None if value is MISSING else value})
    elif value is MISSING:
        out.message(f"{reading.name}: {plain(reading.indexed.place(spot.path))} is not set")
    elif isinstance(value, str):
        out.write(f"{value}\n")
    else:
        out.write(_toml(value))
    return 0


def usages(args: ParsedArguments, out: Output) -> int:
    """What refers to a record."""
    from omtui.setup import references

    reading = read(args, args.text("PROFILE"))
    if not isinstance(reading, Reading):
        return wrong(args, out, reading)
    spot = find_record(reading.data, args.text("PLACE"))
    if isinstance(spot, Wrong):
        return wrong(args, out, spot)
    found = references.usages(reading.indexed, spot.path)
    places = [(_field_place(reading, mention.path), reading.document.line(mention.path)) for mention in found]
    if args.flag("--json"):
        usages = [{"where": place, "line": line} for place, line in places]
        out.json({"profile": reading.name, "place": str(reading.indexed.place(spot.path)), "usages": usages})
        return 0
    for place, line in places:
        out.line(f"{plain(place)}{f'  line {line}' if line else ''}")
    if not places:
        out.message(f"{reading.name}: nothing refers to {plain(reading.indexed.place(spot.path))}")
    return 0


def schema(_: ParsedArguments, out: Output) -> int:
    """JSON Schema of the profile."""
    from omtui.setup.json_schema import json_schema

    out.json(json_schema())
    return 0


def _field_place(reading: Reading, path: tuple[str | int, ...]) -> str:
    """The place of a field; of an element of its list, the field's."""
    if isinstance(path[-1], int) and not isinstance(value_at(reading.data, path), dict):
        path = path[:-1]
    return str(reading.indexed.place(path))


def _toml(value: object) -> str:
    """A value as TOML: a table one key a line, records one after the other, anything else on one line."""
    from omtui.setup.values import toml, toml_key

    if isinstance(value, dict):
        return "".join(f"{toml_key(name)} = {toml(item)}\n" for name, item in value.items())
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        return "[\n" + "".join(f"    {toml(item)},\n" for item in value) + "]\n"
    return f"{toml(value)}\n"
