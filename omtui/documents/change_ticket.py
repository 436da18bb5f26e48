"""The plan of a promotion for a change ticket: what happens, what checks find, what is done by hand, who approves."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from omtui.compare.difference_report import before_and_after, step_words
from omtui.compare.mapping import EnvironmentMap
from omtui.compare.plan_finding import PlanFinding
from omtui.compare.promotion import Promotion
from omtui.compare.promotion_report import SIGNS, decided_words, finding_words, kept_words, sides, together, verdict
from omtui.documents.model import ReportDocument, table_section, tables_document

BOX = "☐"


def change_ticket(
    promotion: Promotion,
    mapping: EnvironmentMap,
    *,
    made_at: datetime,
    ticket: str = "",
    since: str = "",
    orders: tuple[str, Sequence[tuple[str, ...]]] | None = None,
) -> ReportDocument:
    """The document. `since` says which promotion it is merged with, `made_at` is the time here.

    `orders` says how many orders change connector, with a row for each way.
    """
    summary, moves = orders or ("", ())
    notes = [
        verdict(promotion),
        f"Ticket: {ticket}" if ticket else "",
        since,
        summary,
        f"Made at {made_at:%Y-%m-%d %H:%M} from {promotion.source_hash[7:19]} for {promotion.target_hash[7:19]}",
    ]
    approval = [(f"{BOX} {what}", "", "", "") for what in ("Reviewed", "Approved", "Applied", "Checked afterwards")]
    sections = [
        table_section("Approval", ("Step", "Name", "Date", "Signature"), approval),
        table_section("To be settled first", _FINDING, _in_the_way(promotion)),
        table_section("Changes", ("", "Step", "Place", "Before", "After"), _changes(promotion), "nothing is changed"),
        *([table_section("Orders", _MOVES, moves, "none changes connector")] if orders else []),
        table_section("To be known", _FINDING, _rows(each for each in promotion.findings if not each.blocks)),
        table_section("Findings gained", _FINDING, _rows(promotion.gained), "none"),
        table_section("Findings lost", _FINDING, _rows(promotion.lost), "none"),
        table_section("By hand, in this order", ("", "Task", "What", "Where"), _by_hand(promotion)),
        table_section("Stays as it is", ("Place", "There", "Why"), _stays(promotion)),
        table_section("Mapping", ("Kind", "From", "To", "Only at"), _mapping(mapping), "nothing is mapped"),
    ]
    title = f"Promote {promotion.source} to {promotion.target}"
    return tables_document(title, notes, sections)


_MOVES = ("Task type", "From", "To", "Requests", "Example")
_FINDING = ("Check", "Level", "Place", "What", "What to do")


def _rows(findings: Iterable[PlanFinding]) -> Iterable[tuple[str, ...]]:
    for group in together(findings):
        where, message = finding_words(group)
        yield group[0].check, group[0].level, where, message, group[0].fix


def _in_the_way(promotion: Promotion) -> Iterable[tuple[str, ...]]:
    yield from _rows(finding for finding in promotion.findings if finding.blocks)
    for conflict in promotion.conflicts:
        decided = decided_words(conflict)
        what = "\n".join(f"{name}: {words}" for name, words in sides(conflict))
        yield "both changed it", "decided" if decided else "open", conflict.where, what, decided or "to be decided"


def _changes(promotion: Promotion) -> Iterable[tuple[str, ...]]:
    for group in promotion.groups:
        for change in group.changes:
            old, new = before_and_after(change)
            sign = SIGNS[group.op] if change.op in ("add", "remove", "rename") else change.sign
            yield sign, step_words(change.step), change.where, old, new


def _by_hand(promotion: Promotion) -> Iterable[tuple[str, ...]]:
    for step in promotion.manual:
        yield BOX, step_words(step.step), step.what, step.navigation


def _stays(promotion: Promotion) -> Iterable[tuple[str, ...]]:
    for kept in promotion.stays:
        yield kept.where, kept_words(kept), kept.why
    for each in promotion.only_there:
        if not each.removed:
            origin = "came from the source, which has it no more" if each.was_promoted else "only there"
            yield each.where, "", origin


def _mapping(mapping: EnvironmentMap) -> Iterable[tuple[str, ...]]:
    for entry in mapping.entries:
        if entry.target:
            yield entry.kind, entry.source, entry.target, "\n".join(entry.only)
