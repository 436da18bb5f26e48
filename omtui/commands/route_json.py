"""What `route --json` writes: one document, whose results are written as they are judged."""

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal

from omtui.commands.arguments import ParsedArguments
from omtui.commands.order_moves import number_of
from omtui.commands.output import Output
from omtui.commands.profile_arguments import Reading, wrong
from omtui.commands.route_text import HARMFUL, listed_requests
from omtui.rehearsal.explaining import near_misses, reasons
from omtui.rehearsal.rehearsing import WHAT_IT_IS_NOT, OrderLine, Rehearsal
from omtui.rehearsal.requests import Request
from omtui.rehearsal.routing import OUTCOMES, RequestOutcome
from omtui.setup.routing import ATTRIBUTES


def write_json(args: ParsedArguments, out: Output, reading: Reading, runs: Sequence[Rehearsal]) -> int:
    """One document; the results are written as they are judged."""
    only = args.texts("--only") or OUTCOMES
    as_of = runs[0].rehearsed.rules.as_of.isoformat(timespec="seconds")
    out.line(f'{{"profile": {json.dumps(reading.name)}, "as_of": {json.dumps(as_of)}, "results": [')
    comma = ""
    for run in runs:
        if args.flag("--summary"):
            run.count_all()
            continue
        for line, request, outcome in listed_requests(run, only):
            result = _result(run, line, request, outcome, values=not args.flag("--no-values"))
            out.line(f"{comma}{json.dumps(result)}")
            comma = ","
    totals = [run.counts() for run in runs]
    rest = {
        "set": "published" if runs[0].rehearsed.router.published else "draft",
        "counts": {name: _sum(each.outcomes[name] for each in totals) for name in OUTCOMES},
        "connectors": {
            name: _sum(each.connectors[name] for each in totals)
            for name in sorted({name for each in totals for name in each.connectors})
        },
        "published_differs": _sum(each.published_differs for each in totals),
        "columns": [_column(run, index) for run in runs for index in range(len(run.judge.columns))],
        "not_there": [list(each) for each in sorted({each for run in runs for each in run.judge.not_there})],
        "coverage": [
            {"rule": rule.name, "branch": number, "hits": _sum(each.branches[at, number] for each in totals)}
            for at, rule in enumerate(runs[0].rehearsed.rules.rules)
            for number, _ in enumerate(rule.branches)
        ],
        "left_out": [
            {"file": run.orders.name, "lines": run.bad_weights, "because": "no weight that is a number of 0 or more"}
            for run in runs
            if run.bad_weights
        ],
        "note": WHAT_IT_IS_NOT,
    }
    out.line(f"], {json.dumps(rest)[1:]}")
    for run in runs:
        if run.problem is not None:
            return wrong(args, out, run.problem)
    return int(any(each.outcomes[name] for each in totals for name in HARMFUL))


def _sum(counts: Iterator[Decimal | int]) -> float | int:
    return number_of(sum(counts))


def _column(run: Rehearsal, index: int) -> dict[str, object]:
    column = run.judge.columns[index]
    facts = run.facts[column.index]
    kind = column.choice.type if column.choice and column.choice.type else None
    return {
        "heading": column.heading,
        "entity": column.attribute[0],
        "attribute": column.attribute[1],
        "kind": kind or ATTRIBUTES.get(column.attribute[1], ("", "text"))[1],
        "missing": facts.missing,
        "unreadable": facts.unreadable,
    }


def _result(
    run: Rehearsal, line: OrderLine, request: Request, outcome: RequestOutcome, *, values: bool
) -> dict[str, object]:
    near = near_misses(run.judge, line.row, request) if outcome.outcome == "unrouted" and run.is_whole(line.row) else []
    return {
        "order": (run.role("order", line.row) or None) if values else None,
        "line": (run.role("line", line.row) if values else "") or str(run.orders.first_line + line.number),
        "task_type": request.task_type,
        "operation": request.operation or None,
        "outcome": outcome.outcome,
        "connector": outcome.connector,
        "connectors": list(outcome.connectors),
        "rules": [
            {"name": each.rule.name, "matched": each.matched, "because": each.because if values else ""}
            for each in (reasons(run.judge, line.row, request, outcome) if run.is_whole(line.row) else ())
        ],
        "near": [[each.rule.name, each.branch, str(run.rehearsed.setup.place(each.path))] for each in near],
        "notes": list(outcome.notes),
    }
