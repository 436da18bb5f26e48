"""What `route --json` writes: one document, whose results are written as they are judged."""

import json
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from omtui.commands.order_moves import number_of
from omtui.commands.route_work import RouteAnswer
from omtui.rehearsal.file_report import ColumnReport, FileReport
from omtui.rehearsal.rehearsing import WHAT_IT_IS_NOT, Rehearsed
from omtui.rehearsal.routing import OUTCOMES


def json_pieces(profile: str, rehearsed: Rehearsed, answer: RouteAnswer) -> Iterator[str]:
    """The document. It is whole also when the answer is not, and says so."""
    as_of = rehearsed.rules.as_of.isoformat(timespec="seconds")
    comma = ""
    yield f'{{"profile": {json.dumps(profile)}, "as_of": {json.dumps(as_of)}, "results": [\n'
    for text in answer.texts():
        yield f"{comma}{text}"
        comma = ","
    yield f"], {json.dumps(_totals(rehearsed, answer))[1:]}\n"


def _totals(rehearsed: Rehearsed, answer: RouteAnswer) -> dict[str, object]:
    files = [each.report for each in answer.files if each.report is not None]
    totals = [each.counts for each in files]
    return {
        "set": "published" if rehearsed.router.published else "draft",
        "partial": answer.is_partial,
        "files": [
            {"file": each.name, "lines": each.lines, "partial": each.is_broken_off or each.problem is not None}
            for each in answer.files
        ],
        "counts": {name: _sum(each.outcomes[name] for each in totals) for name in OUTCOMES},
        "connectors": {
            name: _sum(each.connectors[name] for each in totals)
            for name in sorted({name for each in totals for name in each.connectors})
        },
        "published_differs": _sum(each.published_differs for each in totals),
        "columns": [_column(each) for file in files for each in file.columns],
        "not_there": [list(each) for each in sorted({each for file in files for each, _ in file.not_there})],
        "coverage": [
            {
                "rule": rule.name,
                "branch": number,
                "hits": _sum(each.branches[at, number] for each in totals),
                "decides": _decides(rehearsed, files, at, number),
            }
            for at, rule in enumerate(rehearsed.rules.rules)
            for number, _ in enumerate(rule.branches)
        ],
        "left_out": [
            {"file": each.name, "lines": each.bad_weights, "because": "no weight that is a number of 0 or more"}
            for each in files
            if each.bad_weights
        ],
        "note": WHAT_IT_IS_NOT,
    }


def _decides(
    rehearsed: Rehearsed, files: Sequence[FileReport], rule: int, branch: int
) -> list[dict[str, object]] | None:
    """How many requests each comparison of a branch decides alone; `None` where that was not counted."""
    counted = [each.decided for each in files if each.decided is not None]
    if not counted:
        return None
    at = (*rehearsed.rules.rules[rule].branches[branch].path, "when")
    return [
        {"path": str(rehearsed.setup.place((*at, *path))), "count": _sum(each[rule, branch, path] for each in counted)}
        for path in (key[2] for key in counted[0] if key[:2] == (rule, branch))
    ]


def _sum(counts: Iterable[Decimal | int]) -> float | int:
    return number_of(sum(counts))


def _column(column: ColumnReport) -> dict[str, object]:
    return {
        "heading": column.heading,
        "entity": column.attribute[0],
        "attribute": column.attribute[1],
        "kind": column.kind,
        "missing": column.missing,
        "unreadable": column.unreadable,
    }
