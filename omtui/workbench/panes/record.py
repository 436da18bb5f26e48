"""A record in full: its sheet, its findings, what uses it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from textwrap import wrap

from textual.content import Content

from omtui.plain_text import plain
from omtui.service.session import Session
from omtui.setup.place import Path, table_at
from omtui.setup.references import usages
from omtui.setup.wording import place_words, rule_words
from omtui.workbench.orders_in_hand import OrdersInHand
from omtui.workbench.rule_tree import comparison, leads
from omtui.workbench.sheets import SheetRow, sheet
from omtui.workbench.signs import Signs

MOST = 12
"""Findings and usages shown, each."""


def record_detail(
    session: Session, path: Path, width: int, signs: Signs, style_of: Callable[[str], str], orders: OrdersInHand | None
) -> Content | None:
    """A record as its sheet, what is wrong with it, and what refers to it."""
    table, record = table_at(path), session.value(path)
    if table is None or not isinstance(record, dict):
        return None
    parts: list[Content] = []
    if table.path == "routing_rules":
        parts += [Content(plain(rule_words(record))), Content("")]
        if orders is not None and (words := orders.rule_words(str(record.get("name")))):
            parts += [Content.styled(words, "bold $accent"), Content("")]
    parts += _sheet(session, sheet(table, record, path, signs), width, signs)
    parts += _findings(session, path, signs, style_of)
    used = [place_words(str(session.indexed.place(mention.path))) for mention in usages(session.indexed, path)]
    if used:
        parts += [Content.styled("\nUsed by", "bold $accent"), *(Content(f"  {plain(each)}") for each in used[:MOST])]
        parts += [Content(f"  and {len(used) - MOST} more")] if len(used) > MOST else []
    return Content("\n").join(parts)


def _findings(session: Session, path: Path, signs: Signs, style_of: Callable[[str], str]) -> Iterator[Content]:
    found = session.results_at(path)
    if found:
        yield Content.styled("\nFindings", "bold $accent")
    for each in found[:MOST]:
        level = each.finding.level
        yield Content.assemble((f"  {signs.level(level)} ", style_of(level)), plain(each.finding.message))


def _sheet(session: Session, rows: list[SheetRow], width: int, signs: Signs) -> Iterator[Content]:
    """The rows that hold something; a long value goes on below itself, a rule's conditions are a tree."""
    shown = [row for row in rows if row.value or row.kind not in ("field", "section")]
    labels = max((len(row.label) + 2 * row.depth for row in shown if row.kind == "field"), default=0) + 2
    room = max(16, width - labels)
    for _, group in groupby(shown, lambda row: row.kind in _TREE):
        part = list(group)
        before = leads([row.depth for row in part], signs) if part[0].kind in _TREE else []
        for number, row in enumerate(part):
            match row.kind:
                case "field":
                    lines = wrap(plain(row.value), room, break_on_hyphens=False) or [""]
                    value = f"\n{' ' * labels}".join(lines)
                    yield Content.assemble((f"{'  ' * row.depth}{plain(row.label)}".ljust(labels), "dim"), value)
                case "section" | "branch":
                    yield Content.assemble((plain(row.label), "bold"), (f"  {plain(row.value)}", "dim"))
                case "condition":
                    lead, leaf = before[number], session.value(row.path)
                    assert isinstance(leaf, dict)
                    yield Content.assemble((lead, "dim"), comparison(leaf, width - len(lead), signs))
                case "group" | "action":
                    words = plain(row.label if row.kind == "group" else row.value)
                    yield Content.assemble((before[number], "dim"), (words, "italic" if row.kind == "group" else ""))
                case _:
                    yield Content(f"{'  ' * row.depth}{plain(row.label)} {plain(row.value)}".rstrip())


_TREE = ("condition", "group", "action")
