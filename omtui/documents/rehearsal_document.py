"""A rehearsal for a review meeting: how many requests go where, and the lines behind what is not routed."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from omtui.documents.junit import Case, Suite
from omtui.documents.model import Cell, ReportDocument, Section, StyledText, table_section, tables_document
from omtui.rehearsal.job import RehearsalCounts
from omtui.rehearsal.routing import by_harm

WAYS = ("Task type", "Connector", "Requests", "Share")
EXAMPLES = ("Line of the file", "Order", "Line", "Why")
HARMFUL = ("(unrouted)", "(ambiguous)", "(cannot-evaluate)")


class RehearsedFile(NamedTuple):
    """A file and what was counted in it."""

    name: str
    counts: RehearsalCounts


def rehearsal_document(title: str, note: str, files: Sequence[RehearsedFile]) -> ReportDocument:
    """A table of ways for each file, then the lines behind each harmful way."""
    return tables_document(title, (note,), [part for file in files for part in _sections(file)])


def _sections(file: RehearsedFile) -> Iterator[Section]:
    counts = file.counts
    title = f"{file.name}: {counts.lines:,} lines, {counts.requests:,} requests"
    yield table_section(title, WAYS, _ways(counts), "no request")
    for way, number in by_harm(counts.ways):
        if way.to in HARMFUL:
            rows = [(f"{each.place:,}", each.order, each.line, each.why) for each in counts.examples.get(way, ())]
            yield table_section(f"{way.task_type or 'Task type not known'} {way.to}: {number:,}", EXAMPLES, rows)
    columns = [
        (each.heading, each.attribute or "not read", _number(each.missing), _number(each.unreadable))
        for each in counts.columns
    ]
    columns += [("no column", name, "", "") for name, _ in counts.not_there]
    yield table_section(f"Columns of {file.name}", ("Heading", "Attribute", "Missing", "Unreadable"), columns)


def _ways(counts: RehearsalCounts) -> Iterator[tuple[Cell, ...]]:
    for way, number in by_harm(counts.ways):
        to = StyledText(way.to, "bad") if way.to in HARMFUL else way.to
        yield way.task_type or "not known", to, f"{number:,}", f"{100 * number / max(counts.requests, 1):.1f} %"


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def rehearsal_suite(file: RehearsedFile) -> Suite:
    """A test for each way: what is not routed fails, with its first lines."""
    cases = []
    for way, number in by_harm(file.counts.ways):
        lines = [f"line {each.place:,}: {each.why}" for each in file.counts.examples.get(way, ())]
        failure = (f"{number:,} requests {way.to}", way.to.strip("()"), "\n".join(lines))
        cases.append(Case(way.task_type or "not known", way.to, failure=failure if way.to in HARMFUL else None))
    return Suite(file.name, cases)
