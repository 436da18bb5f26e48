"""One request as `route --json` writes it."""

import json

from omtui.rehearsal.explaining import near_misses, reasons
from omtui.rehearsal.rehearsing import OrderLine, Rehearsal
from omtui.rehearsal.requests import Request
from omtui.rehearsal.routing import RequestOutcome


def result_line(
    run: Rehearsal, line: OrderLine, request: Request, outcome: RequestOutcome, *, values: bool = True
) -> str:
    """A request in one line of JSON; without `values` nothing of the line's cells."""
    is_whole = run.is_whole(line.row)
    near = near_misses(run.judge, line.row, request) if outcome.outcome == "unrouted" and is_whole else []
    result = {
        "order": (run.role("order", line.row) or None) if values else None,
        "line": (run.role("line", line.row) if values else "") or str(run.orders.first_line + line.number),
        "task_type": request.task_type,
        "operation": request.operation or None,
        "outcome": outcome.outcome,
        "connector": outcome.connector,
        "connectors": list(outcome.connectors),
        "rules": [
            {"name": each.rule.name, "matched": each.matched, "because": each.because if values else ""}
            for each in (reasons(run.judge, line.row, request, outcome) if is_whole else ())
        ],
        "near": [[each.rule.name, each.branch, str(run.rehearsed.setup.place(each.path))] for each in near],
        "notes": list(outcome.notes),
    }
    return f"{json.dumps(result)}\n"
