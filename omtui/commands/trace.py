"""The command trace: one order line through the process that its columns name."""

from omtui.commands.arguments import ParsedArguments
from omtui.commands.events import event_json
from omtui.commands.order_files import named_orders
from omtui.commands.output import Output
from omtui.commands.profile_arguments import Reading, read, write_output, wrong
from omtui.documents.model import FORMATS, Style, StyledText
from omtui.documents.render import render
from omtui.documents.trace_document import trace_document
from omtui.documents.trace_picture import trace_picture
from omtui.plain_text import few
from omtui.problem import Problem, Wrong
from omtui.rehearsal.rehearsing import WHAT_IT_IS_NOT
from omtui.rehearsal.tracing import Trace, TraceStep
from omtui.service.documenting import form_of
from omtui.service.session import NotReadable
from omtui.service.tracing import TraceQuestion, trace_order
from omtui.store.folders import state_folder
from omtui.typed_path import typed_path

_COLOURS: dict[Style, str] = {"strong": "1", "pale": "2", "good": "32", "bad": "1;31"}

_FIELDS = (
    "number", "name", "kind", "branch", "task_type", "service", "outcome", "connector", "because", "waits_for",
    "ends_with", "answer",
)  # fmt: skip


def trace(args: ParsedArguments, out: Output) -> int:
    """The way of a line in words, as JSON or as a document."""
    output = args.optional("--output")
    form = form_of(output, FORMATS[:2]) if output is not None else "md"
    if isinstance(form, Wrong):
        return wrong(args, out, form)
    found = _trace(args)
    if not isinstance(found, Trace):
        return wrong(args, out, found)
    line = found.line
    if len(line.lines) > 1 and not args.text("--line"):
        out.message(f"omtui trace: order {line.order} has the lines {few(line.lines)}; --line names another")
    if output is not None and (code := write_output(args, out, render(trace_document(found), form), mode=0o600)):
        return code
    if args.flag("--json"):
        out.json(_document(found))
    elif output is None:
        encoding = getattr(out.stdout, "encoding", None) or "utf-8"
        ascii_only = args.flag("--ascii") or not encoding.lower().startswith("utf")
        for each in trace_picture(found, out.width or 100, ascii_only=ascii_only):
            out.line("".join(_coloured(piece, out) for piece in each))
    return 0


def _trace(args: ParsedArguments) -> Trace | Problem | NotReadable:
    reading = read(args, args.text("PROFILE"))
    if not isinstance(reading, Reading):
        return reading
    if not args.text("--order"):
        return Wrong("--order is missing", "name the order to trace: --order 1001")
    orders = named_orders(args.text("ORDERS"), args.text("--encoding"))
    if isinstance(orders, Wrong):
        return orders
    order, line, process, as_of = map(args.text, ("--order", "--line", "--process", "--as-of"))
    columns = typed_path(named) if (named := args.optional("--columns")) else None
    asked = TraceQuestion(order, line, process, as_of, args.flag("--published"), columns)
    state = state_folder(args.environment)
    return trace_order(reading.indexed, reading.name, reading.path, state, orders, asked)


def _coloured(piece: StyledText, out: Output) -> str:
    colour = _COLOURS.get(piece.style) if out.colour else None
    return f"\x1b[{colour}m{piece.text}\x1b[0m" if colour and piece.text.strip() else piece.text


def _document(found: Trace) -> dict[str, object]:
    start, *steps, end = map(_step, found.steps)
    line, judged = found.line, "published" if found.is_published else "draft"
    return {
        "profile": found.profile, "order": line.order, "line": line.line, "lines": list(line.lines),
        "process": found.process, "ships": found.ships, "as_of": found.as_of.isoformat(timespec="seconds"),
        "set": judged, "start": start, "steps": steps, "end": end, "gaps": found.gaps, "note": WHAT_IT_IS_NOT,
    }  # fmt: skip


def _step(step: TraceStep) -> dict[str, object]:
    """A step; what does not concern it is null."""
    found: dict[str, object] = {name: getattr(step, name) or None for name in _FIELDS}
    if step.answer is not None:
        found["answer"] = {name: getattr(step.answer, name) for name in ("service", "operation", "user")}
    return found | {"events": [event_json(each) for each in step.events], "gaps": list(step.gaps)}
