"""The command payload: the body that an external system sends, filled from the set-up."""

from omtui.commands.arguments import ParsedArguments
from omtui.commands.output import Output
from omtui.commands.places import find_record
from omtui.commands.profile_arguments import Reading, read, write_output, wrong
from omtui.documents.message_bodies import FILL_IN, KINDS, Payload
from omtui.documents.message_bodies import payload as payload_of
from omtui.plain_text import plain
from omtui.problem import Wrong
from omtui.setup.catalogue import TABLES
from omtui.setup.indexed import text
from omtui.store.change import value_at


def payload(args: ParsedArguments, out: Output) -> int:
    """Print the body, or write it; where it goes and what is missing is said on standard error."""
    reading = read(args, args.text("PROFILE"))
    if not isinstance(reading, Reading):
        return wrong(args, out, reading)
    kind = next(each for each in KINDS if each == args.text("KIND"))
    name = _name(reading, args.text("PLACE"), "upstream_source_systems" if kind == "order" else "task_types")
    made = name if isinstance(name, Wrong) else payload_of(reading.indexed, kind, name)
    if not isinstance(made, Payload):
        return wrong(args, out, made)
    if args.optional("--output") is None:
        out.write(made.body)
    elif code := write_output(args, out, made.body):
        return code
    who = f" as {plain(made.user)}" if made.user else ""
    out.message(f"omtui payload: send it to {made.address}{who}; the password is not in it")
    if made.to_fill_in:
        out.message(f"omtui payload: fill in {', '.join(made.to_fill_in)} (each begins with {FILL_IN})")
    for note in made.notes:
        out.message(f"omtui payload: {note}")
    return 0


def _name(reading: Reading, place: str, asked: str) -> str | Wrong:
    """The name in a place of the table that is asked for; a word that is no place is a name."""
    if place.partition("[")[0] not in TABLES:
        return place
    spot = find_record(reading.data, place)
    if isinstance(spot, Wrong):
        return spot
    record = value_at(reading.data, spot.path)
    if spot.table is None or spot.table.path != asked or not isinstance(record, dict):
        return Wrong(f"{plain(place)} is no place for this", f"name {asked}[...]")
    return text(record, spot.table.key or "")
