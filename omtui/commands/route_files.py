"""What `route -o FILE` writes: each request as CSV or JSON, a page for a review, or results for a build.

Requests are written as they are judged. The file takes its name when it is whole, also after Ctrl+C: then it says that
it is partial.
"""

import json
from collections.abc import Iterable, Iterator, Sequence

from omtui.commands.arguments import ParsedArguments
from omtui.commands.output import Output
from omtui.commands.profile_arguments import refused
from omtui.commands.route_json import json_pieces
from omtui.commands.route_work import JudgedExpectation, RouteAnswer
from omtui.documents.junit import Case, Suite, to_junit
from omtui.documents.model import table_section, tables_document
from omtui.documents.rehearsal_document import RehearsedFile, rehearsal_document, rehearsal_suite
from omtui.documents.render import render
from omtui.documents.spreadsheet import to_csv
from omtui.plain_text import plain
from omtui.rehearsal.rehearsing import WHAT_IT_IS_NOT, Rehearsed
from omtui.service.reviewing import put
from omtui.setup.values import json_value
from omtui.typed_path import typed_path

FORMS = ("csv", "json", "html", "xml")
_COLUMNS = ("File", "Line of the file", "Order", "Line", "Task Type", "Operation", "Outcome", "Connector", "Why")


class _UnreadError(Exception):
    """A file of orders could not be read to its end: nothing is written."""


def write_requests(
    args: ParsedArguments, out: Output, profile: str, rehearsed: Rehearsed, answer: RouteAnswer, form: str
) -> int:
    """Write the results to the file of --output, for its owner only; orders are personal data. 0 when that is done."""
    if form == "json":
        pieces = json_pieces(profile, rehearsed, answer)
    elif form == "csv":
        pieces = _csv_pieces(answer)
    else:
        pieces = _page(profile, rehearsed, answer, form)
    return _put(args, out, pieces, answer)


def _put(args: ParsedArguments, out: Output, pieces: Iterable[str], answer: RouteAnswer) -> int:
    try:
        failure = put(typed_path(args.text("--output")), _unless_unread(pieces, answer), mode=0o600)
    except _UnreadError:
        return 0  # the answer has the problem
    if failure is not None:
        return refused(args, out, failure)
    is_partial = " as far as it was judged" if answer.is_partial else ""
    out.message(f"written{is_partial} to {plain(args.text('--output'))}")
    return 0


def _unless_unread(pieces: Iterable[str], answer: RouteAnswer) -> Iterator[str]:
    yield from pieces
    if answer.problem is not None:
        raise _UnreadError


def _csv_pieces(answer: RouteAnswer) -> Iterator[str]:
    yield to_csv([_COLUMNS])
    yield from answer.texts()
    if answer.is_partial:
        yield to_csv([("", "", "", "", "", "", "(partial)", "", answer.interruption_words())])


def _page(profile: str, rehearsed: Rehearsed, answer: RouteAnswer, form: str) -> Iterator[str]:
    answer.read_all()
    files = [RehearsedFile(each.name, each.page) for each in answer.files if each.page is not None]
    judged = "published" if rehearsed.router.published else "draft"
    title = f"Rehearsal of {profile}, {judged} rules as of {rehearsed.rules.as_of:%Y-%m-%d %H:%M}"
    if form == "xml":
        yield to_junit("omtui route", [*map(rehearsal_suite, files), *_partial_suite(answer)])
    else:
        note = f"Partial: {answer.interruption_words()}. {WHAT_IT_IS_NOT}" if answer.is_partial else WHAT_IT_IS_NOT
        yield str(render(rehearsal_document(title, note, files), "html"))


def _partial_suite(answer: RouteAnswer) -> Iterator[Suite]:
    """A build must not take a part for all."""
    if answer.is_partial:
        words = answer.interruption_words()
        yield Suite("omtui route", [Case("omtui route", "all lines are judged", failure=(words, "partial", ""))])


# What changes, and what is expected


def write_rows(
    args: ParsedArguments,
    out: Output,
    answer: RouteAnswer,
    form: str,
    title: str,
    table: tuple[Sequence[str], Sequence[Sequence[str]]],
    document: object,
    suite: Suite,
) -> int:
    """Write a table of what changes or is not as expected; `document` is the same as JSON, `suite` as results."""
    columns, rows = table
    if form == "json":
        text = json.dumps(document, indent=2, default=json_value, allow_nan=False) + "\n"
    elif form == "csv":
        text = to_csv([columns, *rows])
        if answer.is_partial:
            text += to_csv([("(partial)", answer.interruption_words(), *[""] * (len(columns) - 2))])
    elif form == "xml":
        text = to_junit("omtui route", [suite, *_partial_suite(answer)])
    else:
        note = f"Partial: {answer.interruption_words()}. {WHAT_IT_IS_NOT}" if answer.is_partial else WHAT_IT_IS_NOT
        section = table_section("", tuple(columns), [tuple(row) for row in rows])
        text = str(render(tables_document(title, (note,), [section]), "html"))
    return _put(args, out, (text,), answer)


def expectation_suite(name: str, met: Sequence[JudgedExpectation], unmet: Sequence[JudgedExpectation]) -> Suite:
    """A test for each expectation."""
    return Suite(name, [*(_case(each, is_met=True) for each in met), *(_case(each, is_met=False) for each in unmet)])


def _case(each: JudgedExpectation, *, is_met: bool) -> Case:
    place = f"order {each.order}, line {each.line}" if each.order else f"line {each.in_line} of the file"
    message = f"{each.expected} is expected, and it goes to {each.actual}"
    if not each.in_line:
        message = f"{each.expected} is expected, and no line has such a request"
    failure = None if is_met else (message, "expectation", "")
    return Case(each.task_type or "any task type", f"{place}: {each.expected}", failure=failure)
