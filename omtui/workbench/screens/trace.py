"""One order line through its process: what `omtui trace` draws, in a window of the width that there is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from textual.content import Content

from omtui.credentials.deadline import TimedOut, call_off_loop
from omtui.documents.trace_picture import trace_picture
from omtui.problem import Wrong
from omtui.rehearsal.open_orders import read_orders
from omtui.rehearsal.orders import Orders
from omtui.rehearsal.tracing import Trace
from omtui.service.order_files import order_file
from omtui.service.tracing import TraceQuestion, trace_order
from omtui.workbench.screens.base import WorkScreen
from omtui.workbench.screens.dialogs import Choice, TextWindow

PATIENCE = 120.0
"""Seconds until a file of orders counts as too long to look through here."""

_STYLES = {"strong": "bold", "pale": "dim", "good": "$text-success", "bad": "bold $text-error"}


async def show_trace(screen: WorkScreen, asked: str) -> str:
    """Ask for a file of orders and for an order, and show the way of its line. The file that was named."""
    file = await screen.ask_file("File of orders", "CSV, JSON or XLSX; it is read and never stored.", value=asked)
    order = await screen.ask("Which order?", "Its number, as the file has it.") if file else None
    if file is None or not order:
        return asked
    found = await _traced(screen, file, TraceQuestion(order.strip()))
    if isinstance(found, Trace) and len(found.line.lines) > 1:
        line = await screen.choose("Which line?", [Choice(each, f"Line {each}") for each in found.line.lines])
        if line is None:
            return str(file)
        found = await _traced(screen, file, TraceQuestion(found.line.order, line))
    if isinstance(found, Trace):
        screen.app.push_screen(TextWindow("", partial(_content, screen, found), framed=False))
    else:
        screen.show_message(str(found), wrong=True)
    return str(file)


async def _traced(screen: WorkScreen, file: Path, asked: TraceQuestion) -> Trace | Wrong:
    screen.show_message(f"reading {file.name}")
    session = screen.session
    trace_of = partial(trace_order, session.indexed, session.name, session.path, screen.app.workspace.state)
    answer = await call_off_loop(partial(_trace, trace_of, file, asked), PATIENCE)
    screen.clear_message()
    return Wrong(f"{file.name} takes too long", "use omtui trace") if isinstance(answer, TimedOut) else answer


def _trace(
    trace_of: Callable[[Orders, TraceQuestion], Trace | Wrong], file: Path, asked: TraceQuestion
) -> Trace | Wrong:
    opened = order_file(file)
    orders = opened if isinstance(opened, Wrong) else read_orders(*opened)
    return orders if isinstance(orders, Wrong) else trace_of(orders, asked)


def _content(screen: WorkScreen, found: Trace, width: int) -> Content:
    lines = trace_picture(found, width, ascii_only=screen.app.terminal.ascii_only)
    return Content("\n").join(
        Content.assemble(*((each.text, _STYLES.get(each.style, "")) for each in line)) for line in lines
    )
