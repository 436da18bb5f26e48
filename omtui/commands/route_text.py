"""What route writes for people: counts by task type and connector, columns, and what is not routed."""

from collections.abc import Iterator, Sequence
from typing import Final

from omtui.commands.arguments import ParsedArguments
from omtui.commands.columns import table
from omtui.commands.output import INTERRUPTED, Output
from omtui.commands.profile_arguments import Reading, wrong
from omtui.plain_text import few, plain
from omtui.problem import Wrong
from omtui.rehearsal.explaining import branch_words
from omtui.rehearsal.rehearsing import WHAT_IT_IS_NOT, Counts, OrderLine, Rehearsal
from omtui.rehearsal.requests import Request
from omtui.rehearsal.routing import OUTCOMES, RequestOutcome, by_harm
from omtui.rehearsal.sentences import why
from omtui.setup.comparisons import Attribute
from omtui.setup.indexed import flag, text

LIMIT: Final = 20
"""How many requests that are not routed are listed unless asked otherwise."""
HARMFUL: Final = ("ambiguous", "unrouted", "cannot-evaluate")
"""In the order in which they are listed."""


def write_text(args: ParsedArguments, out: Output, reading: Reading, runs: Sequence[Rehearsal]) -> int:
    """The counts, then the requests that are not routed; the exit code."""
    only = args.texts("--only") or HARMFUL
    limit = limit_of(args)
    if isinstance(limit, Wrong):
        return wrong(args, out, limit)
    bad = False
    for run in runs:
        found: dict[str, list[tuple[OrderLine, Request, RequestOutcome]]] = {}
        asked_for = 0
        is_broken_off = False
        try:
            if args.flag("--summary"):
                run.count_all()
            for line, request, outcome in () if args.flag("--summary") else listed_requests(run, only):
                asked_for += 1
                if len(of_outcome := found.setdefault(outcome.outcome, [])) < limit:
                    of_outcome.append((line, request, outcome))
        except KeyboardInterrupt:
            is_broken_off = True
        listed = [each for name in (*HARMFUL, *OUTCOMES[3:]) for each in found.get(name, ())][:limit]
        counts = run.counts()
        values = not args.flag("--no-values")
        out.lines(_summary(reading, run, counts, out, values=values))
        if listed:
            out.lines(_listed(run, listed, asked_for - len(listed), out, values=values))
        out.line()
        out.line(WHAT_IT_IS_NOT)
        if is_broken_off:
            out.message(f"omtui route: interrupted; {counts.lines:,} lines of {plain(run.orders.name)} were judged")
            return INTERRUPTED
        if run.problem is not None:
            return wrong(args, out, run.problem)
        bad = bad or any(counts.outcomes[each] for each in OUTCOMES[:3])
    return int(bad)


def limit_of(args: ParsedArguments) -> int | Wrong:
    """How many requests to list."""
    word = args.text("--limit")
    if not word:
        return LIMIT
    return int(word) if word.isdecimal() else Wrong(f"{plain(word)} is no number", "give how many to list")


def listed_requests(run: Rehearsal, only: Sequence[str]) -> Iterator[tuple[OrderLine, Request, RequestOutcome]]:
    """The requests with one of some outcomes, as the file is read."""
    for chunk in run.run():
        for line in chunk:
            for request, outcome in run.outcomes.of(line.group):
                if outcome.outcome in only:
                    yield line, request, outcome


def _summary(reading: Reading, run: Rehearsal, counts: Counts, out: Output, *, values: bool) -> Iterator[str]:
    judged = "published" if run.rehearsed.router.published else "draft"
    weighted = "sum of weights" if "weight" in run.columns.roles else "requests"
    yield out.bold(
        f"{plain(reading.name)}: {counts.lines:,} lines of {plain(run.orders.name)}, {counts.requests:,} {weighted}"
        f" ({judged} rules as of {run.rehearsed.rules.as_of:%Y-%m-%d %H:%M})"
    )
    yield "  " + ", ".join(f"{counts.outcomes[each]:,} {each}" for each in OUTCOMES if counts.outcomes[each])
    if run.requests.source == "all":
        yield "  The file has neither task type nor process: each line is judged for all task types of the profile."
    yield ""
    yield from table(
        ("Task type", "Connector", "Requests"),
        [(plain(name or "(not known)"), plain(to), f"{n:,}") for (name, to), n in by_harm(counts.table)],
        out.width,
    )
    yield ""
    yield from _columns(run, out, values=values)
    yield from _never_hit(run, counts)
    if counts.published_differs:
        other = "draft" if run.rehearsed.router.published else "published"
        yield f"The {other} rules answer {counts.published_differs:,} of {counts.requests:,} requests otherwise."
    yield from _changed_since(run)
    for note in run.orders.notes:
        yield f"Note: {note}."


def _changed_since(run: Rehearsal) -> Iterator[str]:
    """Published rules of which the profile has a later text than the pod."""
    changed = [
        plain(text(each.record, "name"))
        for each in run.rehearsed.setup.records("routing_rules")
        if flag(each.record, "published") and flag(each.record, "changed_since_publish")
    ]
    if changed and run.rehearsed.router.published:
        yield (
            f"Changed since they were published: {few(changed)}. They count as they are here; the pod runs their "
            "earlier text: route PROFILE@STATE, with the time when they were published."
        )


def _columns(run: Rehearsal, out: Output, *, values: bool) -> Iterator[str]:
    rows = []
    for column in run.judge.columns:
        facts = run.facts[column.index]
        example = ""
        if facts.reason is not None:
            at = run.orders.first_line + facts.example_line
            cell = f'"{facts.example}": ' if values else ""
            example = f"line {at:,}: {cell}{facts.reason.reason}"
            example += f"; {facts.reason.hint}" if facts.reason.hint else ""
        rows.append(
            (
                plain(column.heading),
                attribute_name(column.attribute),
                f"{facts.missing:,}",
                f"{facts.unreadable:,}",
                example,
            )
        )
    yield from table(("Column", "Attribute", "Missing", "Unreadable", "Example"), rows, out.width)
    for attribute in run.judge.not_there:
        near = run.columns.nearest_heading(attribute)
        hint = f"; nearest heading: {plain(near)}" if near else ""
        yield f"No column for {attribute_name(attribute)}: what reads it cannot be evaluated{hint}."
    for refused in run.columns.refused:
        yield f"Not taken: {plain(refused)}."
    if run.odd_count:
        rows_at = few([f"{run.orders.first_line + each:,}" for each in run.odd_rows])
        yield f"{run.odd_count:,} lines have another number of cells than the headings, the first in line {rows_at}."
    if run.bad_weights:
        yield f"{run.bad_weights:,} lines have no weight that is a number of 0 or more: they are not counted."


def _never_hit(run: Rehearsal, counts: Counts) -> Iterator[str]:
    names = []
    for at, rule in enumerate(run.rehearsed.rules.rules):
        if rule.misses or rule.is_predefined:
            continue
        for number, _ in enumerate(rule.branches):
            if not counts.branches[at, number]:
                names.append(f"{plain(rule.name)}{branch_words(number)}")
    if names:
        yield f"Never hit by these {counts.lines:,} lines: {few(names)}."


def _listed(
    run: Rehearsal,
    listed: Sequence[tuple[OrderLine, Request, RequestOutcome]],
    left_out: int,
    out: Output,
    *,
    values: bool,
) -> Iterator[str]:
    yield ""
    rows = []
    for line, request, outcome in listed:
        rows.append(
            (
                f"{run.orders.first_line + line.number:,}",
                plain(run.role("order", line.row)) if values else "",
                plain(run.role("line", line.row)) if values else "",
                plain(request.task_type or ""),
                outcome.outcome,
                plain(why(run, line.row, request, outcome, values=values)),
            )
        )
    yield from table(("In line", "Order", "Line", "Task type", "Outcome", "Why"), rows, out.width)
    if left_out:
        yield f"{left_out:,} more; --limit N lists more, --json all."


def attribute_name(attribute: Attribute) -> str:
    """An attribute as the rule editor shows it."""
    return plain(f"{attribute[1]} ({attribute[0]})")
