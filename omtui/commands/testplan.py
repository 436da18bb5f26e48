"""The command testplan: order lines that test the rules, and what to try by hand."""

from omtui.commands.arguments import ParsedArguments
from omtui.commands.columns import table
from omtui.commands.order_files import named_orders
from omtui.commands.output import Output
from omtui.commands.profile_arguments import Reading, read, write_output, wrong
from omtui.documents.render import render
from omtui.documents.test_plan import (
    WHAT_A_LINE_NAMES,
    PlannedTests,
    line_words,
    plan_document,
    plan_json,
    plan_orders,
    request_words,
)
from omtui.plain_text import few, plain
from omtui.problem import Wrong
from omtui.rehearsal.order_files import column_choices
from omtui.rehearsal.rehearsing import Rehearsed, as_of_time
from omtui.service.documenting import form_of
from omtui.service.order_tests import planned_tests, with_real_lines
from omtui.text_width import wrapped
from omtui.typed_path import typed_path


def testplan(args: ParsedArguments, out: Output) -> int:
    """The plan as text, as JSON or as a document."""
    output = args.optional("--output")
    form = form_of(output) if output is not None else "md"
    if isinstance(form, Wrong):
        return wrong(args, out, form)
    reading = read(args, args.text("PROFILE"))
    if not isinstance(reading, Reading):
        return wrong(args, out, reading)
    plan = _plan(args, reading)
    if isinstance(plan, Wrong):
        return wrong(args, out, plan)
    if output is not None:
        orders, left_out = plan_orders(plan) if form == "csv" else ("", [])
        content = orders.encode() if form == "csv" else render(plan_document(plan), form)
        if code := write_output(args, out, content, mode=0o600):
            return code
        if form == "csv":
            if left_out:
                out.message(f"left out, because a spreadsheet would compute a value: {few(left_out)}; .xlsx has all")
            out.message(
                f"omtui route {plain(args.text('PROFILE'))} --expect {plain(output)} is the same test without a pod"
            )
    if args.flag("--json"):
        out.json(plan_json(plan))
    elif output is None:
        out.lines(_text(plan, out))
    return 0


def _plan(args: ParsedArguments, reading: Reading) -> PlannedTests | Wrong:
    zone = reading.indexed.zone
    as_of = as_of_time(args.text("--as-of"), zone)
    if isinstance(as_of, Wrong):
        return as_of
    rehearsed = Rehearsed(reading.indexed, as_of, zone, published=args.flag("--published"))
    plan = planned_tests(reading.indexed, reading.name, rehearsed)
    if not args.text("--from"):
        return plan
    named = args.optional("--columns")
    choices = column_choices(typed_path(named) if named else None, reading.path)
    orders = named_orders(args.text("--from"), "")
    if isinstance(choices, Wrong) or isinstance(orders, Wrong):
        return choices if isinstance(choices, Wrong) else orders  # type: ignore[return-value]
    return with_real_lines(plan, rehearsed, orders, choices)


def _text(plan: PlannedTests, out: Output) -> list[str]:
    lines = [out.bold(f"{plain(plan.profile)}: {len(plan.orders)} order lines, {len(plan.hand)} steps by hand"), ""]
    rows = [
        (each.id, plain(each.what), plain(request_words(each)), plain(line_words(each, plan)), plain(each.expected))
        for each in plan.orders
    ]
    lines += table(("Test", "What", "Task type", "Order line", "Goes to"), rows, out.width)
    lines += ["", *wrapped(WHAT_A_LINE_NAMES, out.width or 10_000)]
    if plan.without:
        rows = [(plain(each.what), plain(each.why)) for each in plan.without]  # type: ignore[misc]
        lines += ["", *table(("Without a test", "Why"), rows, out.width)]
    if plan.hand:
        rows = [(each.id, each.step, plain(each.do), plain(each.expected)) for each in plan.hand]  # type: ignore[misc]
        lines += ["", *table(("Test", "Step", "Do", "Must happen"), rows, out.width)]
    return lines
