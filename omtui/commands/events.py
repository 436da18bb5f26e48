"""The command events: which business events and e-mails changes of orders raise."""

from collections import Counter

from omtui.commands.arguments import ParsedArguments
from omtui.commands.order_files import order_file, why_no_encoding
from omtui.commands.output import Output
from omtui.commands.profile_arguments import Reading, read, wrong
from omtui.problem import Wrong
from omtui.rehearsal.changes import OrderChange, compare_orders, read_changes
from omtui.rehearsal.events import CODES_ARE_FROM, EVENT_CODES, REASONS, RaisedEvent, raised_events
from omtui.rehearsal.rehearsing import WHAT_IT_IS_NOT


def events(args: ParsedArguments, out: Output) -> int:
    """Per order and trigger point: raised or not, and why; e-mails, connectors, the public event."""
    reading = read(args, args.text("PROFILE"))
    if not isinstance(reading, Reading):
        return wrong(args, out, reading)
    changes = _changes(args)
    if isinstance(changes, Wrong):
        return wrong(args, out, changes)
    found = raised_events(reading.indexed, changes)
    if args.flag("--json"):
        out.json({"profile": reading.name, "results": [event_json(each) for each in found], "codes": CODES_ARE_FROM})
        return 0
    for each in found:
        _show(out, each)
    counts = Counter(each.fired for each in found)
    mails = sum(each.email for each in found)
    out.line("")
    out.line(f"{counts[True]} raised, {counts[False]} not raised, {mails} e-mails, of {len(changes)} changes")
    out.line(f"{CODES_ARE_FROM[:1].upper()}{CODES_ARE_FROM[1:]}.")
    out.line(WHAT_IT_IS_NOT)
    return 0


def _changes(args: ParsedArguments) -> list[OrderChange] | Wrong:
    before, after = args.optional("--before"), args.optional("--after")
    name, encoding = args.optional("CHANGES"), args.text("--encoding")
    if (no_encoding := why_no_encoding(encoding)) is not None:
        return no_encoding
    if name is not None and (before or after):
        return Wrong("CHANGES and --before with --after are two ways to say what changed", "use one of them")
    if name is not None:
        file = order_file(name)
        return file if isinstance(file, Wrong) else read_changes(*file, encoding)
    if before is None or after is None:
        return Wrong("CHANGES is missing", "name a CSV of changes, or two files of orders with --before and --after")
    first, second = order_file(before), order_file(after)
    if isinstance(first, Wrong):
        return first
    return second if isinstance(second, Wrong) else compare_orders(first, second)


def event_json(each: RaisedEvent) -> dict[str, object]:
    """One event as programs read it."""
    return {
        "order": each.order,
        "line": each.line or None,
        "trigger_point": each.trigger_point,
        "value": each.value,
        "fired": each.fired,
        "reason": each.reason or None,
        "event_code": EVENT_CODES.get(each.trigger_point),
        "connectors": list(each.connectors),
        "email": each.email,
        "public_event": each.public_event or None,
    }


def _show(out: Output, each: RaisedEvent) -> None:
    """Two lines: what happened, and what follows from it."""
    line = f", line {each.line}" if each.line else ""
    value = f": {each.value}" if each.value else ""
    out.line(
        f"{out.bold('raised' if each.fired else 'not raised'):<12}order {each.order}{line}  {each.trigger_point}{value}"
    )
    if not each.fired:
        out.line(f"{'':12}{REASONS[each.reason]}")
        return
    code = EVENT_CODES.get(each.trigger_point)
    out.line(f"{'':12}to {each.heard_by}{f'; event code {code}' if code else ''}")
