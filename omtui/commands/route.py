"""The command route: which connector each order line would get."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from omtui.commands.arguments import ParsedArguments
from omtui.commands.columns import table
from omtui.commands.interruption import Interruption
from omtui.commands.order_files import why_no_encoding
from omtui.commands.output import INTERRUPTED, Output
from omtui.commands.profile_arguments import STDIN, Reading, read, refused, unknown_name, wrong
from omtui.commands.progress_line import ProgressLine
from omtui.commands.route_files import FORMS, write_requests
from omtui.commands.route_json import json_pieces
from omtui.commands.route_tables import write_expectations, write_moves
from omtui.commands.route_text import limit_of, write_text
from omtui.commands.route_work import (
    HARMFUL,
    Form,
    ReadyRules,
    RouteAnswer,
    RoutedFile,
    RouteJob,
    RuleData,
    cores,
    route_file,
)
from omtui.plain_text import plain
from omtui.problem import Problem, Wrong
from omtui.rehearsal.columns import REST_NAMES, ColumnChoice
from omtui.rehearsal.order_files import column_choices, order_file
from omtui.rehearsal.rehearsing import Rehearsal, Rehearsed, as_of_time
from omtui.rehearsal.routing import OUTCOMES
from omtui.service.documenting import form_of
from omtui.typed_path import typed_path

if TYPE_CHECKING:
    from omtui.service.session import NotReadable


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
    form = form_of(args.text("--output"), FORMS) if args.flag("--output") else ""
    if isinstance(form, Wrong):
        return wrong(args, out, form)
    jobs = _jobs(args, RuleData(reading.data, as_of, args.flag("--published")), choices, form)
    if not isinstance(jobs, list):
        return wrong(args, out, jobs)
    most = _processes(args, jobs)
    if isinstance(most, Wrong):
        return wrong(args, out, most)
    interruption = Interruption()
    progress = ProgressLine(out)
    ready = ReadyRules((jobs[0].rules, rehearsed))
    folder = typed_path(args.text("--output")).absolute().parent if form else None
    items = _routed(jobs, most, ready, interruption, progress, folder)
    answer = RouteAnswer(items, len(jobs), interruption, progress.end)
    try:
        with interruption.heeded():
            code = _write(args, out, reading, ready, answer, jobs[0], form)
    finally:
        progress.end()
    if answer.problem is not None:
        return (wrong if isinstance(answer.problem, Wrong) else refused)(args, out, answer.problem)
    if answer.is_interrupted:
        out.message(f"omtui route: {answer.interruption_words()}")
        return INTERRUPTED
    return code


def _write(
    args: ParsedArguments,
    out: Output,
    reading: Reading,
    ready: ReadyRules,
    answer: RouteAnswer,
    job: RouteJob,
    form: str,
) -> int:
    """Judge the files and write what is found; the exit code of one that was judged whole."""
    rehearsed = ready.rules(job.rules)
    match job.form:
        case "against":
            return write_moves(args, out, reading.name, answer, form)
        case "expect":
            expected = ready.expectations(job, rehearsed.rules.zone)
            if isinstance(expected, Wrong):
                return wrong(args, out, expected)
            return write_expectations(args, out, reading.name, answer, form, expected)
    code = 0
    if form:
        code = write_requests(args, out, reading.name, rehearsed, answer, form)
    elif args.flag("--json"):
        for piece in json_pieces(reading.name, rehearsed, answer):
            out.write(piece)
    else:
        write_text(out, reading.name, rehearsed, answer)
    return code or int(answer.is_harmful)


# What is asked


def _jobs(
    args: ParsedArguments, rules: RuleData, choices: Sequence[ColumnChoice], form: str
) -> "list[RouteJob] | Problem | NotReadable":
    """What is to be done with each file. What is plainly wrong with one is said before the first is read."""
    files = args.texts("ORDERS") or [args.text("--expect")]
    if (nothing := why_no_encoding(args.text("--encoding"))) is not None:
        return nothing
    found = (order_file(typed_path(file)) for file in files if file != STDIN)
    if (nothing := next((each for each in found if isinstance(each, Wrong)), None)) is not None:
        return nothing
    limit = limit_of(args)
    if isinstance(limit, Wrong):
        return limit
    against = None
    if args.text("--against"):
        other = read(args, args.text("--against"))
        if not isinstance(other, Reading):
            return other
        against = RuleData(other.data, rules.as_of, rules.published)
    asked: Form = "json" if args.flag("--json") else "text"
    if form:
        asked = "csv" if form == "csv" else "json" if form == "json" else "page"
    if args.text("--expect") or args.text("--against"):
        asked = "expect" if args.text("--expect") else "against"
    only = args.texts("--only") or (HARMFUL if asked == "text" else OUTCOMES)
    job = RouteJob(
        asked,
        "",
        rules,
        tuple(choices),
        encoding=args.text("--encoding"),
        task_type=args.text("--task-type"),
        only=tuple(only),
        limit=limit,
        values=not args.flag("--no-values"),
        summary=args.flag("--summary"),
        against=against,
        expectations=args.text("--expect") if args.texts("ORDERS") else "",
        keeps_met=form == "xml",
    )
    return [replace(job, file=file) for file in files]


def _choices(args: ParsedArguments, reading: Reading) -> list[ColumnChoice] | Wrong:
    named = args.optional("--columns")
    return column_choices(typed_path(named) if named else None, reading.path)


# The files, one after the other or several at once


def _processes(args: ParsedArguments, jobs: Sequence[RouteJob]) -> int | Wrong:
    """How many processes read files at once: one a file, and no more than there are processors."""
    word = args.text("--jobs")
    if not word:
        return 1
    if not word.isdecimal() or int(word) < 1:
        return Wrong(f"{plain(word)} is no number of processes", "give 1 or more")
    if len(jobs) > 1 and any(STDIN in (each.file, each.expectations) for each in jobs):
        return Wrong("standard input cannot be read by several processes", "name files, or leave out --jobs")
    return min(int(word), len(jobs), cores())


def _routed(
    jobs: Sequence[RouteJob],
    most: int,
    ready: ReadyRules,
    interruption: Interruption,
    progress: ProgressLine,
    folder: Path | None,
) -> Iterator[str | RoutedFile]:
    if most > 1:
        from omtui.commands.route_processes import route_in_processes

        def show(lines: int, files: int) -> None:
            progress.show(lambda seconds: f"{lines:,} lines, {files} of {len(jobs)} files, {lines / seconds:,.0f}/s")

        yield from route_in_processes(jobs, most, interruption, show, folder)
        return
    for job in jobs:
        if not interruption.is_asked:
            yield from route_file(job, ready, interruption, partial(_show_progress, progress))


def _show_progress(progress: ProgressLine, run: Rehearsal) -> None:
    progress.show(partial(_progress_words, run))


def _progress_words(run: Rehearsal, seconds: float) -> str:
    rate = run.lines / seconds
    share = run.orders.share() if run.orders.share else 0
    left = f", {seconds / share - seconds:.0f} s left" if share else ""
    return f"{run.lines:,} lines of {plain(run.orders.name)}, {rate:,.0f}/s{left}"


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
