"""A plan of a promotion for people: the verdict, what blocks it, what happens, what is left to do."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from omtui.compare.difference_report import ReportLine, Tone, step_words, value_words
from omtui.compare.difference_report import lines as difference_lines
from omtui.compare.kept import KeptDifference, Why
from omtui.compare.manual import Group
from omtui.compare.plan_finding import PlanFinding
from omtui.compare.promotion import Promotion, as_difference
from omtui.compare.three_way import Conflict
from omtui.plain_text import counted, plain
from omtui.setup.catalogue import TABLES
from omtui.setup.values import shown
from omtui.setup.wording import summary

SIGNS = {"add": "+", "change": "~", "replace": "-/+", "remove": "-"}

_MOST_KEPT = 20
"""How many of the values that the target keeps are shown one by one."""


def verdict(promotion: Promotion) -> str:
    """The plan in one sentence."""
    pair = f"{plain(promotion.source)} → {plain(promotion.target)}"
    shown = counts(promotion)
    words = f"{shown}; {counted(len(promotion.manual), 'step')} by hand" if shown else "nothing to do"
    in_the_way = what_blocks(promotion)
    return f"{pair}: {words}; blocked by {in_the_way}" if in_the_way else f"{pair}: {words}"


def counts(promotion: Promotion) -> str:
    """How many records are added, changed, replaced and removed; empty when none is."""
    words = (("add", "added"), ("change", "changed"), ("replace", "replaced"), ("remove", "removed"))
    found = [(sum(group.op == op for group in promotion.groups), word) for op, word in words]
    return ", ".join(f"{count} {word}" for count, word in found if count)


def what_blocks(promotion: Promotion) -> str:
    """What keeps a plan from being carried out, counted; empty when nothing does."""
    groups = [group for group in together(promotion.findings) if group[0].blocks]
    findings = sum(map(len, groups))
    shown = []
    if findings:
        names = f" of {counted(len(groups), 'name')}" if len(groups) < findings else ""
        shown.append(f"{counted(findings, 'finding')}{names}")
    if promotion.merged.open:
        shown.append(counted(len(promotion.merged.open), "conflict"))
    return " and ".join(shown)


def lines(promotion: Promotion, *, ascii_only: bool = False) -> list[ReportLine]:
    """The plan: verdict, blockers, conflicts, what should be known, the changes by step, the steps by hand."""
    shown = [ReportLine("verdict", verdict(promotion)), *_lines(promotion)]
    return [ReportLine(line.tone, plain(line.text, ascii_only=True)) for line in shown] if ascii_only else shown


def _lines(promotion: Promotion) -> Iterator[ReportLine]:
    findings = together(promotion.findings)
    blocking = [finding for finding in findings if finding[0].blocks]
    if blocking:
        yield ReportLine("heading", "To be settled first")
        for finding in blocking:
            yield from _finding(finding)
    for conflict in promotion.conflicts:
        yield from _conflict(conflict)
    others = [finding for finding in findings if not finding[0].blocks]
    if others:
        yield ReportLine("heading", "To be known")
        for finding in others:
            yield from _finding(finding)
    yield from difference_lines(as_difference(promotion))[1:]
    travels = set(promotion.origins.values())
    brought = {where: why for where, why in promotion.brought.items() if where in travels}
    if brought:
        yield ReportLine("heading", "Comes along, because it is referred to")
        for where, why in brought.items():
            yield ReportLine("quiet", f"      {plain(where)}: named by {plain(why)}")
    if promotion.manual:
        yield ReportLine("heading", f"By hand in {plain(promotion.target)}, in this order")
        for text in manual_lines(promotion):
            yield ReportLine("quiet", f"  {text}".rstrip())
    for heading, its in (("gains", promotion.gained), ("loses", promotion.lost)):
        if its:
            yield ReportLine("heading", f"Findings of check that {plain(promotion.target)} {heading}")
            for each in its:
                tone: Tone = "finding" if heading == "gains" else "quiet"
                yield ReportLine(tone, f"  {each.check} {each.level}: {plain(each.where)}: {each.message}")
    yield from _left(promotion)


def _left(promotion: Promotion) -> Iterator[ReportLine]:
    """What the target keeps: values that it says on purpose, records that only it has."""
    own = own_words(promotion)
    if promotion.kept or own:
        yield ReportLine("heading", f"Stays as it is in {plain(promotion.target)}")
        for kept in promotion.kept[:_MOST_KEPT]:
            yield ReportLine("quiet", f"      {plain(kept.where)}: {kept_words(kept)}")
        if len(promotion.kept) > _MOST_KEPT:
            yield ReportLine("quiet", f"      and {len(promotion.kept) - _MOST_KEPT} more")
        if own:
            yield ReportLine("quiet", f"      {own}")
    there = [each for each in promotion.only_there if not each.removed]
    if there:
        yield ReportLine("heading", f"Only in {plain(promotion.target)}, and stays unless it is named to be removed")
        for each in there[:_MOST_KEPT]:
            origin = ": came from the source, which has it no more" if each.was_promoted else ""
            yield ReportLine("quiet", f"      {plain(each.where)}{origin}")
        if len(there) > _MOST_KEPT:
            yield ReportLine("quiet", f"      and {len(there) - _MOST_KEPT} more")


def kept_words(each: KeptDifference) -> str:
    """What the target says in one line, where it does not take what the source says."""
    words = "deleted there" if each.why == "deleted there" else value_words(each.change, each.change.old)
    return f"{words} (decided)" if each.why == "decided" else words


def own_words(promotion: Promotion) -> str:
    """What else differs and stays, as it belongs to the environment, counted; empty when nothing does."""
    counted = Counter(each.why for each in promotion.stays)
    if not (promotion.changes or promotion.kept or counted["no name"]):
        return ""
    shown = [f"{counted[why]} {words}" for why, words in _OWN.items() if counted[why]]
    return "; ".join(shown)


_OWN: Final[Mapping[Why, str]] = {
    "no name": "of its own, which the mapping does not name",
    "only there": "that only it sets",
    "own sign-in": "of how it signs in",
    "Oracle's own": "noted as Oracle's own",
}


def manual_lines(promotion: Promotion) -> list[str]:
    """What is to be done by hand, page by page, with the way to each page."""
    shown: list[str] = []
    page = ""
    for number, step in enumerate(promotion.manual, 1):
        here = step_words(step.step)
        if here != page:
            page = here
            shown += ["", here] if shown else [here]
            if step.navigation:
                shown.append(f"      {step.navigation}")
        shown.append(f"{number:>4}. {step.what}")
    return shown


def group_lines(promotion: Promotion, group: Group) -> list[ReportLine]:
    """What happens to one record."""
    found = replace(as_difference(promotion), changes=group.changes)
    return [line for line in difference_lines(found)[1:] if line.tone != "heading"]


def group_words(group: Group) -> str:
    """What happens to one record, in a few words."""
    if group.op in ("add", "remove"):
        change = group.changes[0]
        record = change.new if group.op == "add" else change.old
        table = TABLES.get(change.table)
        return plain(summary(table, record)) if table and isinstance(record, dict) else ""
    names = dict.fromkeys(_name(change.table, change.field) for change in group.changes)
    return ", ".join(names)


def _name(table: str, field: str) -> str:
    described = TABLES.get(table)
    if described is None:
        return plain(field or table)
    known = described.by_name.get(field)
    return known.label if known else plain(field) or described.title


def side_words(conflict: Conflict, value: object) -> str:
    """A side of a conflict in one line."""
    if value is None:
        return "(nothing)" if conflict.field else "(removed)"
    if isinstance(value, dict):
        table = TABLES.get(conflict.table)
        words = plain(summary(table, value)) if table else ""
        return words or "(changed)"
    return plain(shown(value))


def sides(conflict: Conflict) -> Iterator[tuple[str, str]]:
    """What was before, what the target says, what the source says."""
    for name, value in (("before", conflict.base), ("target", conflict.ours), ("source", conflict.theirs)):
        yield name, side_words(conflict, value)


def decided_words(conflict: Conflict) -> str:
    """How a conflict was decided; empty while nobody did."""
    return {"ours": "the target's stays", "theirs": "the source's is taken"}.get(conflict.decided or "", "")


def together(findings: Iterable[PlanFinding]) -> list[list[PlanFinding]]:
    """The findings by what settles them: all places of one name, all unknown values of one attribute."""
    groups: dict[tuple[str, ...], list[PlanFinding]] = {}
    for each in findings:
        key = (each.check, each.group) if each.group else (each.check, each.where, each.message)
        groups.setdefault(key, []).append(each)
    return list(groups.values())


def finding_words(finding: list[PlanFinding]) -> tuple[str, str]:
    """Where and what one group of findings is."""
    first, *more = finding
    where = f"{plain(first.where)} and {len(more)} more" if more else plain(first.where)
    items = dict.fromkeys(each.item for each in finding if each.item)
    if len(items) > 1:
        return where, f"not known in the target: {first.group} {', '.join(items)}"
    return where, first.message


def _finding(finding: list[PlanFinding]) -> Iterator[ReportLine]:
    where, message = finding_words(finding)
    yield ReportLine("finding", f"  {finding[0].check} {finding[0].level}: {where}: {message}")
    yield ReportLine("quiet", f"        {finding[0].fix}")


def _conflict(conflict: Conflict) -> Iterator[ReportLine]:
    where = plain(conflict.where)
    decided = decided_words(conflict)
    yield ReportLine("finding", f"  changed on both sides: {where}{f': {decided}' if decided else ''}")
    for name, words in sides(conflict):
        yield ReportLine("quiet", f"        {name}: {words}")
    if not decided:
        yield ReportLine("quiet", f"        decide with --keep-target '{where}' or --take-source '{where}'")
