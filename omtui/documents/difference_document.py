"""A difference as a document, for a ticket or a merge request."""

from collections.abc import Iterable
from itertools import groupby

from omtui.compare.change import Change
from omtui.compare.difference import Difference
from omtui.compare.difference_report import before_and_after, step_words, verdict
from omtui.compare.marking import Segment, is_worth_marking, parts
from omtui.compare.plan_finding import PlanFinding
from omtui.documents.model import (
    Bullets,
    Cell,
    DocumentTable,
    Line,
    ListItem,
    Paragraph,
    Part,
    ReportDocument,
    Section,
    Style,
    StyledText,
)
from omtui.setup.values import shown


def difference_document(found: Difference, findings: Iterable[PlanFinding] = ()) -> ReportDocument:
    """The verdict, what to know, and a table for each setup task; states of the pods last."""
    body: list[Part] = [Paragraph((StyledText(verdict(found), "strong"),)), Bullets(tuple(map(_finding, findings)))]
    for title, changes in groupby((*found.setup_changes, *found.states), key=_heading):
        table = DocumentTable(("", "Place", "Before", "After"), tuple(map(_row, changes)))
        body.append(Section(title, (table,), 3))
    return ReportDocument("", tuple(body))


def _heading(change: Change) -> str:
    return "State of the pods (never promoted)" if change.is_state else step_words(change.step)


def _finding(each: PlanFinding) -> ListItem:
    return ListItem(
        (StyledText(each.check, "strong"), f" {each.level}: ", StyledText(each.where, "code"), ": ", each.message)
    )


def _row(change: Change) -> tuple[Cell, ...]:
    return StyledText(change.sign, "code"), StyledText(change.where, "code"), *_sides(change)


def _sides(change: Change) -> tuple[Cell, Cell]:
    if change.op == "change" and is_worth_marking(change.old, change.new):
        found = parts(shown(change.old), shown(change.new))
        return _marked((part for part in found if part.in_old), "gone"), _marked((p for p in found if p.in_new), "new")
    old, new = before_and_after(change)
    return StyledText(old, "code"), StyledText(new, "code")


def _marked(found: Iterable[Segment], style: Style) -> Line:
    return tuple(StyledText(part.text, "code" if part.in_old and part.in_new else style) for part in found)
