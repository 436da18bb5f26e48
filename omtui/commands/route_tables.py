"""What `route` writes of a comparison: what changes connector against other rules, and what is not as expected."""

from collections.abc import Iterable, Mapping

from omtui.commands.arguments import ParsedArguments
from omtui.commands.columns import table
from omtui.commands.order_moves import HEADINGS, OrderMoves
from omtui.commands.output import Output
from omtui.commands.route_files import expectation_suite, write_rows
from omtui.commands.route_text import LIMIT
from omtui.commands.route_work import JudgedExpectation, RouteAnswer, without_request
from omtui.documents.junit import Case, Suite
from omtui.plain_text import plain
from omtui.rehearsal.expecting import Key
from omtui.rehearsal.rehearsing import WHAT_IT_IS_NOT

_EXPECTED = ("In line", "Order", "Line", "Task type", "Expected", "Actual")


def write_moves(args: ParsedArguments, out: Output, profile: str, answer: RouteAnswer, form: str) -> int:
    """What changes connector against another profile or an earlier state. 1 when something does."""
    answer.read_all()
    moves = OrderMoves()
    for each in answer.files:
        if each.moves is not None:
            moves.add(each.moves)
    code = int(moves.changed > 0)
    if answer.problem is not None:
        return code
    pair = {"profile": profile, "against": args.text("--against")}
    partial = {"partial": answer.is_partial}
    document = {**pair, **moves.to_json(), **partial, "results": [], "note": WHAT_IT_IS_NOT}
    if form:
        title = f"{profile} against {args.text('--against')}: {moves.sentence()}"
        rows = list(moves.rows())
        cases = [
            Case(row[0], f"{row[1]} to {row[2]}", failure=(f"{row[3]} requests, for example {row[4]}", "change", ""))
            for row in rows
        ]
        suite = Suite(title, cases or [Case("omtui route", "no request changes connector")])
        return write_rows(args, out, answer, form, title, (HEADINGS, rows), document, suite) or code
    if args.flag("--json"):
        out.json(document)
    else:
        first, *rest = moves.text(out.width)
        out.lines((out.bold(first), *rest, "", WHAT_IT_IS_NOT))
    return code


def write_expectations(
    args: ParsedArguments,
    out: Output,
    profile: str,
    answer: RouteAnswer,
    form: str,
    expectations: Mapping[Key, str],
) -> int:
    """Whether each line gets the connector that is expected. 1 when one does not, or has no request."""
    answer.read_all()
    if answer.problem is not None:
        return 1
    judged = [each.expected for each in answer.files if each.expected is not None]
    met = sum(each.met for each in judged)
    unmet = [each for found in judged for each in found.unmet]
    if not answer.is_partial:
        asked = {key for found in judged for key in found.asked}
        unmet += without_request(expectations, asked, values=not args.flag("--no-values"))
    code = int(bool(unmet))
    document = {
        "met": met,
        "of": met + len(unmet),
        "partial": answer.is_partial,
        "unmet": [dict(zip(("in_line", "order", "line", "task_type", "expected", "actual"), each, strict=True))
                  for each in unmet],
    }  # fmt: skip
    sentence = f"{met:,} of {met + len(unmet):,} expectations are met."
    rows = _rows(unmet)
    if form:
        suite = expectation_suite(profile, [each for found in judged for each in found.kept], unmet)
        title = f"Rehearsal of {profile}: {sentence}"
        return write_rows(args, out, answer, form, title, (_EXPECTED, rows), document, suite) or code
    if args.flag("--json"):
        out.json(document)
        return code
    out.line(out.bold(sentence))
    out.lines(table(_EXPECTED, rows[:LIMIT], out.width) if rows else ())
    if len(rows) > LIMIT:
        out.line(f"{len(rows) - LIMIT:,} more; --json lists all.")
    out.line()
    out.line(WHAT_IT_IS_NOT)
    return code


def _rows(judged: Iterable[JudgedExpectation]) -> list[tuple[str, ...]]:
    return [tuple(map(plain, each)) for each in judged]
