"""An order line through its process, with what the last topology review found at the endpoints on its way."""

from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from omtui.problem import Problem, Wrong
from omtui.rehearsal.job import TraceJob
from omtui.rehearsal.order_files import column_choices
from omtui.rehearsal.orders import Orders
from omtui.rehearsal.rehearsing import Rehearsal, Rehearsed, as_of_time
from omtui.rehearsal.tracing import ReviewedEndpoint, Trace, find_line, trace
from omtui.service.reviewing import reviewed_endpoints
from omtui.service.session import Session
from omtui.setup.indexed import Indexed, text


class TraceQuestion(NamedTuple):
    """Which line is traced, and by what it is judged."""

    order: str
    line: str = ""
    process: str = ""
    as_of: str = ""
    is_published: bool = False
    columns: Path | None = None


def trace_order(
    setup: Indexed, name: str, path: Path | None, state: Path, orders: Orders, asked: TraceQuestion
) -> Trace | Wrong:
    """Trace a line of an order. `path` is the profile's file, whose reviews are kept in the folder `state`."""
    zone = setup.zone
    as_of, choices = as_of_time(asked.as_of, zone), column_choices(asked.columns, path)
    if isinstance(as_of, Wrong):
        return as_of
    if isinstance(choices, Wrong):
        return choices
    run = Rehearsal(Rehearsed(setup, as_of, zone, published=asked.is_published), orders, choices=choices)
    found = find_line(run, asked.order, asked.line)
    if isinstance(found, Wrong):
        return found
    endpoints = _endpoints(setup, state, path) if path is not None else {}
    return trace(run, found, name, process=asked.process, endpoints=endpoints, choices=choices)


def trace_job(session: Session, state: Path, file: Path, order: str, line: str) -> TraceJob | Problem:
    """The same for the workbench: what a process of its own is to do."""
    choices = column_choices(None, session.path)
    if isinstance(choices, Problem):
        return choices
    endpoints = _endpoints(session.indexed, state, session.path)
    return TraceJob(session.data, str(file), tuple(choices), session.name, order, line, endpoints)


def _endpoints(setup: Indexed, state: Path, path: Path) -> dict[str, ReviewedEndpoint]:
    """What the last review found at the endpoints of connectors, by the connector's name; of several the worst."""
    names = {str(setup.place(each.path)): text(each.record, "name") for each in setup.records("connectors")}
    found: dict[str, ReviewedEndpoint] = {}
    for place, last in reviewed_endpoints(state, path, setup.data):
        name = names.get(place)
        if name is not None and (name not in found or not last.ok):
            found[name] = ReviewedEndpoint(last.ok, last.outcome, _day(last.at), _day(last.certificate_ends))
    return found


def _day(seconds: float | None) -> date | None:
    """The day in UTC; `None` where no calendar has it: a server may claim anything."""
    with suppress(ValueError, OverflowError, OSError, TypeError):
        return datetime.fromtimestamp(seconds, UTC).date()  # type: ignore[arg-type]
    return None
