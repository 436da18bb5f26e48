"""What route writes for people: counts by task type and connector, columns, and what is not routed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from omtui.commands.arguments import ParsedArguments
from omtui.commands.columns import table
from omtui.commands.output import Output
from omtui.commands.route_work import RouteAnswer, RoutedFile
from omtui.plain_text import few, plain
from omtui.problem import Wrong
from omtui.rehearsal.explaining import branch_words
from omtui.rehearsal.file_report import FileReport, RequestRow
from omtui.rehearsal.rehearsing import WHAT_IT_IS_NOT, Counts, Rehearsed
from omtui.rehearsal.routing import OUTCOMES, by_harm
from omtui.setup.comparisons import Attribute
from omtui.setup.indexed import flag, text
from omtui.setup.place import found_at
from omtui.setup.wording import comparison_words

LIMIT: Final = 20
"""How many requests that are not routed are listed unless asked otherwise."""


def write_text(out: Output, profile: str, rehearsed: Rehearsed, answer: RouteAnswer) -> None:
    """Of each file the counts, then the requests that are not routed."""
    for each in answer.parts():
        if isinstance(each, RoutedFile) and each.report is not None:
            out.lines(_summary(profile, rehearsed, each.report, out))
            if each.report.listed:
                out.lines(_listed(each.report.listed, each.report.more, out))
            out.line()
            out.line(WHAT_IT_IS_NOT)


def limit_of(args: ParsedArguments) -> int | Wrong:
    """How many requests to list."""
    word = args.text("--limit")
    if not word:
        return LIMIT
    return int(word) if word.isdecimal() else Wrong(f"{plain(word)} is no number", "give how many to list")


def _summary(profile: str, rehearsed: Rehearsed, file: FileReport, out: Output) -> Iterator[str]:
    counts = file.counts
    judged = "published" if rehearsed.router.published else "draft"
    weighted = "sum of weights" if file.is_weighted else "requests"
    yield out.bold(
        f"{plain(profile)}: {counts.lines:,} lines of {file.name}, {counts.requests:,} {weighted}"
        f" ({judged} rules as of {rehearsed.rules.as_of:%Y-%m-%d %H:%M})"
    )
    yield "  " + ", ".join(f"{counts.outcomes[each]:,} {each}" for each in OUTCOMES if counts.outcomes[each])
    if file.is_for_all:
        yield "  The file has neither task type nor process: each line is judged for all task types of the profile."
    yield ""
    yield from table(
        ("Task type", "Connector", "Requests"),
        [(plain(name or "(not known)"), plain(to), f"{n:,}") for (name, to), n in by_harm(counts.table)],
        out.width,
    )
    yield ""
    yield from _columns(file, out)
    yield from _never_hit(rehearsed, counts)
    yield from _never_decides(rehearsed, file)
    if counts.published_differs:
        other = "draft" if rehearsed.router.published else "published"
        yield f"The {other} rules answer {counts.published_differs:,} of {counts.requests:,} requests otherwise."
    yield from _changed_since(rehearsed)
    for note in file.notes:
        yield f"Note: {note}."


def _changed_since(rehearsed: Rehearsed) -> Iterator[str]:
    """Published rules of which the profile has a later text than the pod."""
    changed = [
        plain(text(each.record, "name"))
        for each in rehearsed.setup.records("routing_rules")
        if flag(each.record, "published") and flag(each.record, "changed_since_publish")
    ]
    if changed and rehearsed.router.published:
        yield (
            f"Changed since they were published: {few(changed)}. They count as they are here; the pod runs their "
            "earlier text: route PROFILE@STATE, with the time when they were published."
        )


def _columns(file: FileReport, out: Output) -> Iterator[str]:
    rows = [
        (plain(each.heading), attribute_name(each.attribute), f"{each.missing:,}", f"{each.unreadable:,}", each.example)
        for each in file.columns
    ]
    yield from table(("Column", "Attribute", "Missing", "Unreadable", "Example"), rows, out.width)
    for attribute, near in file.not_there:
        hint = f"; nearest heading: {plain(near)}" if near else ""
        yield f"No column for {attribute_name(attribute)}: what reads it cannot be evaluated{hint}."
    for refused in file.refused:
        yield f"Not taken: {refused}."
    if file.odd_count:
        at = few([f"{each:,}" for each in file.odd_lines])
        yield f"{file.odd_count:,} lines have another number of cells than the headings, the first in line {at}."
    if file.bad_weights:
        yield f"{file.bad_weights:,} lines have no weight that is a number of 0 or more: they are not counted."


def _never_hit(rehearsed: Rehearsed, counts: Counts) -> Iterator[str]:
    names = []
    for at, rule in enumerate(rehearsed.rules.rules):
        if rule.misses or rule.is_predefined:
            continue
        for number, _ in enumerate(rule.branches):
            if not counts.branches[at, number]:
                names.append(f"{plain(rule.name)}{branch_words(number)}")
    if names:
        yield f"Never hit by these {counts.lines:,} lines: {few(names)}."


def _never_decides(rehearsed: Rehearsed, file: FileReport) -> Iterator[str]:
    """Comparisons of branches that are hit, and without which every request would go where it goes."""
    names = []
    for (at, number, path), count in (file.decided or {}).items():
        rule = rehearsed.rules.rules[at]
        record = found_at(rule.branches[number].when, path)
        if not count and file.counts.branches[at, number] and isinstance(record, Mapping):
            names.append(f"{plain(rule.name)}{branch_words(number)}: {comparison_words(record)}")
    if names:
        yield f"Never decides, so untested or superfluous: {few(names)}."


def _listed(listed: Sequence[RequestRow], left_out: int, out: Output) -> Iterator[str]:
    yield ""
    rows = [
        (f"{each.in_line:,}", each.order, each.line, plain(each.task_type), each.outcome, each.why) for each in listed
    ]
    yield from table(("In line", "Order", "Line", "Task type", "Outcome", "Why"), rows, out.width)
    if left_out:
        yield f"{left_out:,} more; --limit N lists more, --json all."


def attribute_name(attribute: Attribute) -> str:
    """An attribute as the rule editor shows it."""
    return plain(f"{attribute[1]} ({attribute[0]})")
