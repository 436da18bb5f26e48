"""One order line through its process: what `omtui trace` draws, on the whole screen."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from textual.content import Content

from omtui.documents.trace_picture import trace_picture
from omtui.rehearsal.job import TraceJob
from omtui.rehearsal.tracing import Trace
from omtui.service.tracing import trace_job
from omtui.workbench.screens.base import WorkScreen
from omtui.workbench.screens.dialogs import Choice, TextWindow

_STYLES = {"strong": "bold", "pale": "dim", "good": "$text-success", "bad": "bold $text-error"}


async def show_trace(screen: WorkScreen, file: Path, order: str, line: str = "") -> None:
    """Show the way of an order line; which one, is asked where the order has several."""
    screen.show_message(f"reading {file.name}")
    job = trace_job(screen.session, screen.app.workspace.state, file, order.strip(), line.strip())
    found = await screen.app.ask_orders(job) if isinstance(job, TraceJob) else job
    screen.clear_message()
    if not isinstance(found, Trace):
        screen.show_outcome(found)
    elif line or len(found.line.lines) == 1:
        screen.app.push_screen(TextWindow("", partial(_content, found, screen.app.terminal.ascii_only), framed=False))
    else:
        answer = await screen.choose("Which line?", [Choice(each, f"Line {each}") for each in found.line.lines])
        if answer is not None:
            await show_trace(screen, file, order, answer)


def _content(found: Trace, ascii_only: bool, width: int) -> Content:
    lines = trace_picture(found, width, ascii_only=ascii_only)
    return Content("\n").join(
        Content.assemble(*((each.text, _STYLES.get(each.style, "")) for each in line)) for line in lines
    )
