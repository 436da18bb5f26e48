"""The plan of a promotion for a change ticket: what happens, what checks find, what is done by hand, who approves."""

from collections.abc import Iterable
from datetime import datetime

from omtui.compare.difference_report import step_words, value_words
from omtui.compare.mapping import EnvironmentMap
from omtui.compare.plan_finding import PlanFinding
from omtui.compare.promotion import Promotion
from omtui.compare.promotion_report import SIGNS, finding_words, kept_words, side_words, together, verdict
from omtui.documents.tables import Tables, TableSheet
from omtui.setup.values import shown

BOX = "☐"


def change_ticket(
    promotion: Promotion, mapping: EnvironmentMap, *, made_at: datetime, ticket: str = "", since: str = ""
) -> Tables:
    """The document. `since` says which promotion it is merged with, `made_at` is the time here."""
    notes = [
        verdict(promotion),
        f"Ticket: {ticket}" if ticket else "",
        since,
        f"Made at {made_at:%Y-%m-%d %H:%M} from {promotion.source_hash[7:19]} for {promotion.target_hash[7:19]}",
    ]
    approval = [(f"{BOX} {what}", "", "", "") for what in ("Reviewed", "Approved", "Applied", "Checked afterwards")]
    sheets = [
        TableSheet("Approval", ("Step", "Name", "Date", "Signature"), tuple(approval)),
        TableSheet("To be settled first", _FINDING, tuple(_in_the_way(promotion)), "nothing"),
        TableSheet(
            "Changes", ("", "Step", "Place", "Before", "After"), tuple(_changes(promotion)), "nothing is changed"
        ),
        TableSheet("To be known", _FINDING, tuple(_rows(f for f in promotion.findings if not f.blocks)), "nothing"),
        TableSheet("Findings gained", _FINDING, tuple(_rows(promotion.gained)), "none"),
        TableSheet("Findings lost", _FINDING, tuple(_rows(promotion.lost)), "none"),
        TableSheet("By hand, in this order", ("", "Task", "What", "Where"), tuple(_by_hand(promotion)), "nothing"),
        TableSheet("Stays as it is", ("Place", "There", "Why"), tuple(_stays(promotion)), "nothing"),
        TableSheet("Mapping", ("Kind", "From", "To", "Only at"), tuple(_mapping(mapping)), "nothing is mapped"),
    ]
    title = f"Promote {promotion.source} to {promotion.target}"
    return Tables(title, tuple(note for note in notes if note), tuple(sheets))


_FINDING = ("Check", "Level", "Place", "What", "What to do")


def _rows(findings: Iterable[PlanFinding]) -> Iterable[tuple[str, ...]]:
    for group in together(findings):
        where, message = finding_words(group)
        yield group[0].check, group[0].level, where, message, group[0].fix


def _in_the_way(promotion: Promotion) -> Iterable[tuple[str, ...]]:
    yield from _rows(finding for finding in promotion.findings if finding.blocks)
    for conflict in promotion.conflicts:
        decided = {"ours": "the target's stays", "theirs": "the source's is taken"}.get(conflict.decided or "", "")
        sides = (("before", conflict.base), ("target", conflict.ours), ("source", conflict.theirs))
        what = "\n".join(f"{name}: {side_words(conflict, value)}" for name, value in sides)
        yield "both changed it", "decided" if decided else "open", conflict.where, what, decided or "to be decided"


def _changes(promotion: Promotion) -> Iterable[tuple[str, ...]]:
    for group in promotion.groups:
        for change in group.changes:
            sides = (change.old, change.new)
            words = [shown(each) if change.op == "rename" else value_words(change, each) for each in sides]
            old, new = (text if value is not None else "" for text, value in zip(words, sides, strict=True))
            sign = SIGNS[group.op] if change.op in ("add", "remove", "rename") else change.sign
            yield sign, step_words(change.step), change.where, old, new


def _by_hand(promotion: Promotion) -> Iterable[tuple[str, ...]]:
    for step in promotion.manual:
        task = f"{step.step} {step.task}" if step.step[:1].isdigit() else step.task
        yield BOX, task, step.what, step.navigation


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
