"""A traced order line as a document: a card for each step of its process."""

from collections.abc import Iterator

from omtui.documents.model import FactList, Paragraph, Part, ReportDocument, Section
from omtui.documents.trace_picture import BRANCHES, STEP_SIGNS, step_details, step_service, trace_head, trace_verdict
from omtui.plain_text import plain
from omtui.rehearsal.rehearsing import WHAT_IT_IS_NOT
from omtui.rehearsal.tracing import Trace, TraceStep


def trace_document(trace: Trace) -> ReportDocument:
    """The line from step to step; where there is a gap, the card is marked."""
    title, basis = trace_head(trace)
    cards = (part for step in trace.steps for part in _step(step))
    notes = (BRANCHES, WHAT_IT_IS_NOT) if any(each.branch for each in trace.steps) else (WHAT_IT_IS_NOT,)
    head = (Paragraph((basis,), "pale"), Paragraph((trace_verdict(trace),)))
    return ReportDocument(title, (*head, *cards), tuple(Paragraph((note,), "pale") for note in notes))


def _step(step: TraceStep) -> Iterator[Part]:
    if step.branch:
        yield Section(f"Branch: {plain(step.branch)}", ())
    elif step.kind == "merge":
        yield Section("After the branches", ())
    number = f"{plain(step.number)} " if step.number is not None else ""
    facts = tuple((each.label, each.text) for each in step_details(step) if each.label != "GAP")
    gaps = tuple(Paragraph((f"GAP: {each}",), "bad") for each in step.gaps)
    title = f"{STEP_SIGNS[step.kind]} {number}{plain(step.name)}"
    yield Section(
        title, (*((FactList(facts),) if facts else ()), *gaps), 3, step_service(step), style="bad" if gaps else ""
    )
