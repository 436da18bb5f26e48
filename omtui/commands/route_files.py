"""What `route -o FILE` writes: each request as CSV or JSON, a page for a review, or results for a build."""

import io
from collections.abc import Iterator, Sequence

from omtui.commands.arguments import ParsedArguments
from omtui.commands.output import Output
from omtui.commands.profile_arguments import Reading, write_output, wrong
from omtui.commands.route_json import write_json
from omtui.commands.route_text import HARMFUL, listed_requests
from omtui.documents.junit import to_junit
from omtui.documents.rehearsal_document import RehearsedFile, rehearsal_document, rehearsal_suite
from omtui.documents.render import render
from omtui.documents.spreadsheet import to_csv
from omtui.plain_text import plain
from omtui.problem import Wrong
from omtui.rehearsal.counting import count_orders, listed
from omtui.rehearsal.job import RehearsalCounts
from omtui.rehearsal.rehearsing import WHAT_IT_IS_NOT, Rehearsal
from omtui.rehearsal.routing import OUTCOMES
from omtui.service.documenting import form_of

FORMS = ("csv", "json", "html", "xml")
_COLUMNS = ("File", "Line of the file", "Order", "Line", "Task Type", "Operation", "Outcome", "Connector", "Why")


def write_file(args: ParsedArguments, out: Output, reading: Reading, runs: Sequence[Rehearsal]) -> int:
    """Write the results to the file of --output, for its owner only; orders are personal data."""
    form = form_of(args.text("--output"), FORMS)
    if isinstance(form, Wrong):
        return wrong(args, out, form)
    if form == "json":
        page = io.StringIO()
        inner = Output(out.environment)
        inner.stdout = page
        code = write_json(args, inner, reading, runs)
        content: str | bytes = page.getvalue()
    elif form == "csv":
        content = to_csv(_requests(args, runs))
        code = int(any(run.counts().outcomes[each] for run in runs for each in HARMFUL))
    else:
        files = [RehearsedFile(plain(run.orders.name), _counted(args, run)) for run in runs]
        judged = "published" if runs[0].rehearsed.router.published else "draft"
        title = f"Rehearsal of {reading.name}, {judged} rules as of {runs[0].rehearsed.rules.as_of:%Y-%m-%d %H:%M}"
        page_of = rehearsal_document(title, WHAT_IT_IS_NOT, files)
        suites = [rehearsal_suite(each) for each in files]
        content = render(page_of, "html") if form == "html" else to_junit("omtui route", suites)
        code = int(any(each.counts.outcomes.get(name) for each in files for name in HARMFUL))
    for run in runs:
        if run.problem is not None:
            return wrong(args, out, run.problem)
    return write_output(args, out, content, mode=0o600) or code


def _counted(args: ParsedArguments, run: Rehearsal) -> RehearsalCounts:
    *_, counts = count_orders(run, values=not args.flag("--no-values"))
    assert isinstance(counts, RehearsalCounts)
    return counts


def _requests(args: ParsedArguments, runs: Sequence[Rehearsal]) -> Iterator[Sequence[object]]:
    yield _COLUMNS
    only = args.texts("--only") or OUTCOMES
    for run in runs:
        for line, request, outcome in listed_requests(run, only):
            each = listed(run, line, request, outcome, values=not args.flag("--no-values"))
            yield (run.orders.name, each.place, each.order, each.line, request.task_type or "",
                   request.operation or "", outcome.outcome, outcome.connector or "", each.why)  # fmt: skip
