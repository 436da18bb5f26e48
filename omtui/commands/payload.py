"""The command payload: the body that an external system sends, filled from the set-up."""

from omtui.commands.arguments import ParsedArguments
from omtui.commands.output import Output
from omtui.commands.profile_arguments import Reading, read, refused, wrong
from omtui.documents.message_bodies import FILL_IN, KINDS, Payload
from omtui.documents.message_bodies import payload as payload_of
from omtui.plain_text import plain
from omtui.problem import Problem, Wrong
from omtui.service.reviewing import put
from omtui.typed_path import typed_path


def payload(args: ParsedArguments, out: Output) -> int:
    """Print the body, or write it; where it goes and what is missing is said on standard error."""
    reading = read(args, args.text("PROFILE"))
    if not isinstance(reading, Reading):
        return wrong(args, out, reading)
    kind = next(each for each in KINDS if each == args.text("KIND"))
    table, bracket, key = args.text("PLACE").removesuffix("]").partition("[")
    asked = "upstream_source_systems" if kind == "order" else "task_types"
    if bracket and table != asked:
        return wrong(args, out, Wrong(f"{plain(args.text('PLACE'))} is no place for this", f"name {asked}[...]"))
    made = payload_of(reading.indexed, kind, key.strip('"') if bracket else table)
    if not isinstance(made, Payload):
        return wrong(args, out, made)
    output = args.optional("--output")
    if output is None:
        out.write(made.body)
    elif failure := put(typed_path(output), made.body):
        return refused(args, out, Problem(failure))
    else:
        out.message(f"written to {plain(output)}")
    who = f" as {plain(made.user)}" if made.user else ""
    out.message(f"omtui payload: send it to {made.address}{who}; the password is not in it")
    if made.to_fill_in:
        out.message(f"omtui payload: fill in {', '.join(made.to_fill_in)} (each begins with {FILL_IN})")
    if made.note:
        out.message(f"omtui payload: {made.note}")
    return 0
