"""The command route: which connector each order line would get."""

from collections import deque
from collections.abc import Sequence
from functools import partial

from omtui.commands.arguments import ParsedArguments
from omtui.commands.columns import table
from omtui.commands.order_files import named_orders
from omtui.commands.order_moves import compare_orders
from omtui.commands.output import Output
from omtui.commands.profile_arguments import Reading, read, unknown_name, wrong
from omtui.commands.progress_line import ProgressLine
from omtui.commands.route_files import write_file
from omtui.commands.route_json import write_json
from omtui.commands.route_text import LIMIT, attribute_name, write_text
from omtui.plain_text import few, plain
from omtui.problem import Wrong
from omtui.rehearsal.columns import REST_NAMES, ColumnChoice, map_columns
from omtui.rehearsal.expecting import Expected, Unmet, judge_column, judge_file, read_expectations
from omtui.rehearsal.order_files import column_choices
from omtui.rehearsal.rehearsing import WHAT_IT_IS_NOT, Rehearsal, Rehearsed, as_of_time
from omtui.rehearsal.routing import OUTCOMES
from omtui.typed_path import typed_path


def route(args: ParsedArguments, out: Output) -> int:
    """Where each line of orders would go. Ends with 1 when a request is unrouted, ambiguous or cannot be evaluated."""
    reading = read(args, args.text("PROFILE"))
    if not isinstance(reading, Reading):
        return wrong(args, out, reading)
    zone = reading.indexed.zone
    as_of = as_of_time(args.text("--as-of"), zone)
    if isinstance(as_of, Wrong):
        return wrong(args, out, as_of)
    rehearsed = Rehearsed(reading.indexed, as_of, zone, published=args.flag("--published"))
    if args.flag("--needs"):
        return _needs(args, out, rehearsed)
    choices = _choices(args, reading)
    if isinstance(choices, Wrong):
        return wrong(args, out, choices)
    if (nothing := unknown_name(args.texts("--only"), OUTCOMES, "outcome")) is not None:
        return wrong(args, out, nothing)
    if not args.texts("ORDERS") and not args.text("--expect"):
        return wrong(args, out, Wrong("ORDERS is missing", "name a file of orders, or - for standard input"))
    runs = []
    words = args.texts("ORDERS") or [args.text("--expect")]
    for word in words:
        orders = named_orders(word, args.text("--encoding"))
        if isinstance(orders, Wrong):
            return wrong(args, out, orders)
        run = Rehearsal(rehearsed, orders, task_type=args.text("--task-type"), choices=choices)
        if run.knows_nothing:
            return wrong(args, out, _nothing_known(run))
        runs.append(run)
    progress = ProgressLine(out)
    for run in runs:
        run.report = partial(progress.show, partial(_progress_words, run))
    try:
        if args.text("--against"):
            return _against(args, out, reading, runs, choices)
        if args.text("--expect"):
            return _expect(args, out, runs, choices)
        write = write_file if args.text("--output") else write_json if args.flag("--json") else write_text
        return write(args, out, reading, runs)
    finally:
        progress.end()


def _progress_words(run: Rehearsal, seconds: float) -> str:
    rate = run.lines / seconds
    share = run.orders.share() if run.orders.share else 0
    left = f", {seconds / share - seconds:.0f} s left" if share else ""
    return f"{run.lines:,} lines of {plain(run.orders.name)}, {rate:,.0f}/s{left}"


def _against(
    args: ParsedArguments,
    out: Output,
    reading: Reading,
    runs: Sequence[Rehearsal],
    choices: Sequence[ColumnChoice],
) -> int:
    """What changes connector against another profile or an earlier state. Ends with 1 when something does."""
    other = read(args, args.text("--against"))
    if not isinstance(other, Reading):
        return wrong(args, out, other)
    now = runs[0].rehearsed
    then = Rehearsed(other.indexed, now.rules.as_of, other.indexed.zone, published=args.flag("--published"))
    files = [run.orders for run in runs]
    moves = compare_orders(now, then, files, choices, args.text("--task-type"), values=not args.flag("--no-values"))
    if isinstance(moves, Wrong):
        return wrong(args, out, moves)
    if args.flag("--json"):
        pair = {"profile": reading.name, "against": args.text("--against")}
        out.json({**pair, **moves.to_json(), "results": [], "note": WHAT_IT_IS_NOT})
    else:
        first, *rest = moves.text(out.width)
        out.lines((out.bold(first), *rest, "", WHAT_IT_IS_NOT))
    return int(moves.changed > 0)


def _expect(args: ParsedArguments, out: Output, runs: Sequence[Rehearsal], choices: Sequence[ColumnChoice]) -> int:
    """Whether each line gets the connector that is expected. Ends with 1 when one does not, or has no request."""
    found = Expected()
    for run in runs:
        if args.texts("ORDERS"):
            orders = named_orders(args.text("--expect"), args.text("--encoding"))
            if isinstance(orders, Wrong):
                return wrong(args, out, orders)
            columns = map_columns(orders.headings, (), run.rehearsed.rules.zone, choices)
            expectations = read_expectations(orders, columns)
            if isinstance(expectations, Wrong):
                return wrong(args, out, expectations)
            steps = judge_file(run, expectations)
        elif "expected" not in run.columns.roles:
            return wrong(args, out, Wrong(f"{plain(run.orders.name)} has no column Expected Connector", "add it"))
        else:
            steps = judge_column(run)
        part = next(iter(deque(steps, 1)), Expected())
        if run.problem is not None:
            return wrong(args, out, run.problem)
        found = Expected(found.met + part.met, [*found.unmet, *part.unmet], [*found.unknown, *part.unknown])
    is_met = not found.unmet and not found.unknown
    listed = [_unmet(runs[0], each) for each in (*found.unknown, *found.unmet)]
    if args.flag("--no-values"):
        listed = [(in_line, "", "", *rest) for in_line, _, _, *rest in listed]
    if args.flag("--json"):
        keys = ("in_line", "order", "line", "task_type", "expected", "actual")
        out.json(
            {"met": found.met, "of": found.total, "unmet": [dict(zip(keys, each, strict=True)) for each in listed]}
        )
        return int(not is_met)
    out.line(out.bold(f"{found.met:,} of {found.total:,} expectations are met."))
    headings = ("In line", "Order", "Line", "Task type", "Expected", "Actual")
    out.lines(table(headings, [tuple(map(plain, each)) for each in listed[:LIMIT]], out.width) if listed else ())
    if len(listed) > LIMIT:
        out.line(f"{len(listed) - LIMIT:,} more; --json lists all.")
    out.line()
    out.line(WHAT_IT_IS_NOT)
    return int(not is_met)


def _unmet(run: Rehearsal, each: Unmet) -> tuple[str, ...]:
    if each.line.number < 0:
        order, line, task_type, _ = map(str, each.line.row)
        return "", order, line, task_type, each.expected, "(no request)"
    actual = each.actual or ("(no such outcome)" if each.request is None and each.expected.startswith("(") else "")
    return (
        f"{run.orders.first_line + each.line.number}",
        run.role("order", each.line.row),
        run.role("line", each.line.row),
        (each.request.task_type or "" if each.request else ""),
        each.expected,
        actual or "(no request)",
    )


# What is asked


def _choices(args: ParsedArguments, reading: Reading) -> list[ColumnChoice] | Wrong:
    named = args.optional("--columns")
    return column_choices(typed_path(named) if named else None, reading.path)


def _nothing_known(run: Rehearsal) -> Wrong:
    asked = few([attribute_name(each) for each in sorted(run.rehearsed.rules.attributes)])
    return Wrong(
        f"no heading of {plain(run.orders.name)} is understood: it has {few(run.orders.headings)}",
        f"the rules read {asked or 'nothing but the task type'}; map the columns: --columns FILE",
    )


def _needs(args: ParsedArguments, out: Output, rehearsed: Rehearsed) -> int:
    rest = {attribute: name for name, attribute in REST_NAMES.items()}
    of_lines = {name for name, (entity, _) in REST_NAMES.items() if entity == "Order Fulfill Line"}
    rows = []
    for attribute in sorted(rehearsed.rules.attributes):
        name = rest.get(attribute, "")
        rows.append((*attribute, f"lines.{name}" if name in of_lines else name))
    if args.flag("--json"):
        out.json({"needs": [{"entity": e, "attribute": a, "rest": r or None} for e, a, r in rows]})
        return 0
    out.lines(table(("Entity", "Attribute", "REST field"), [tuple(map(plain, row)) for row in rows], out.width))
    out.line()
    names = [f'"{attribute} ({entity})"' for entity, attribute, _ in rows]
    out.line(plain(f"select {', '.join([*names, 'count(*) as Weight'])} ... group by {', '.join(names)}"))
    out.line('A column "Process Name" or "Task Type" says what a line asks for; Weight is mapped as is = "weight".')
    return 0
