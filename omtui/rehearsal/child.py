"""A rehearsal in a process of its own, for the workbench: no key waits for it, and what it reads ends with it.

Started as `python -m omtui.rehearsal.child`. Both sides are the same program of the same person: a job is read from
standard input and answers are written to standard output, pickled, each with its length before it. Nothing of the
orders is written anywhere else.
"""

import pickle
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from omtui.problem import Wrong
from omtui.rehearsal.columns import ColumnChoice
from omtui.rehearsal.counting import count_orders, lines_of, listed
from omtui.rehearsal.job import (
    LENGTH,
    LineRules,
    LinesRead,
    ListedLine,
    RehearsalCounts,
    RehearsalJob,
    RequestWay,
    TraceJob,
    WayLines,
)
from omtui.rehearsal.open_orders import read_orders
from omtui.rehearsal.order_files import order_file
from omtui.rehearsal.orders import Orders
from omtui.rehearsal.rehearsing import Rehearsal, Rehearsed
from omtui.rehearsal.sentences import every_rule
from omtui.rehearsal.tracing import Trace, find_line, trace
from omtui.setup.indexed import Indexed
from omtui.setup.reading import ReadingFault, parse

MOST_LINES: Final = 1_000
Answer = RehearsalCounts | WayLines | LineRules | Trace | Wrong


def main() -> None:
    """Do the job on standard input."""
    for answer in answers(pickle.load(sys.stdin.buffer)):
        content = pickle.dumps(answer)
        sys.stdout.buffer.write(len(content).to_bytes(LENGTH) + content)
        sys.stdout.buffer.flush()


def answers(job: RehearsalJob | TraceJob) -> Iterator[LinesRead | Answer]:
    """How far it is, and at last the answer."""
    file = order_file(Path(job.file))
    orders = file if isinstance(file, Wrong) else read_orders(*file)
    if isinstance(orders, Wrong):
        yield orders
        return
    run = _rehearsal(job.data, orders, job.choices)
    if isinstance(job, TraceJob):
        line = find_line(run, job.order, job.line)
        if isinstance(line, Wrong):
            yield line
        else:
            yield trace(run, line, job.profile, endpoints=job.endpoints, choices=job.choices)
    elif job.way is None and job.before is not None:
        before = parse(job.before.decode("utf-8-sig", "replace"))
        if isinstance(before, ReadingFault):
            yield Wrong(f"the file of the profile cannot be read: {before.message}", before.fix)
        else:
            yield from count_orders(run, _rehearsal(before, orders, job.choices))
    elif job.way is None:
        yield from count_orders(run)
    elif job.line is None:
        yield from _lines(run, job.way)
    else:
        yield from _one_line(run, job.way, job.line)


def _rehearsal(data: Mapping[str, Any], orders: Orders, choices: Sequence[ColumnChoice]) -> Rehearsal:
    setup = Indexed(dict(data))
    zone = setup.zone
    return Rehearsal(Rehearsed(setup, datetime.now(zone), zone), orders, choices=choices)


# Lines


def _lines(run: Rehearsal, way: RequestWay) -> Iterator[LinesRead | WayLines]:
    lines: list[ListedLine] = []
    more = 0
    for found in lines_of(run, way):
        if isinstance(found, LinesRead):
            yield found
        elif len(lines) < MOST_LINES:
            lines.append(listed(run, *found))
        else:
            more += 1
    yield WayLines(tuple(each.attribute[1] for each in run.judge.columns), tuple(lines), more)


def _one_line(run: Rehearsal, way: RequestWay, number: int) -> Iterator[LinesRead | LineRules | Wrong]:
    for found in lines_of(run, way):
        if isinstance(found, LinesRead):
            yield found
        elif found[0].number == number:
            line, request, _ = found
            yield LineRules(tuple(every_rule(run, line.row, request)))
            return
    yield Wrong("the line is not in the file any more", "choose the file again")


if __name__ == "__main__":
    main()
