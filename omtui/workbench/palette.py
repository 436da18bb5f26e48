"""The palette: every action, every screen and every record by a word of it; and the search over all records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.fuzzy import FuzzySearch

from omtui.setup.catalogue import TABLES, TASKS, task_of
from omtui.setup.indexed import text, title_of
from omtui.setup.place import Path
from omtui.setup.values import shown
from omtui.setup.wording import rule_words
from omtui.workbench.actions import BY_NAME, SYNONYMS, at_home
from omtui.workbench.keymap import key_name
from omtui.workbench.screens.dialogs import Choice, Chooser
from omtui.workbench.widgets.grid import Cell, Row

if TYPE_CHECKING:
    from omtui.service.session import Session
    from omtui.workbench.host import Host
    from omtui.workbench.screens.base import WorkScreen

ENOUGH = 3
"""With so many choices that hold the words, none is looked for that is only nearly spelt so."""

MOST_NEAR = 20

_recent: list[str] = []
"""What was chosen in this run, the last one first."""


class Palette(Chooser):
    """Choices of two lines; what was chosen lately is first, and what is nearly spelt so is found, too.

    `records` are further choices, made when the first word is typed: a big profile has thousands.
    """

    lines_each: ClassVar[int] = 2

    def __init__(self, title: str, choices: Sequence[Choice], records: Callable[[], Sequence[Choice]]) -> None:
        super().__init__(title, choices)
        self._records: Callable[[], Sequence[Choice]] | None = records

    def rows_of(self, choice: Choice, words: Sequence[str]) -> list[Row]:  # noqa: ARG002 - the same for all words
        """The title with its keys, and what it does below."""
        keys, _, help_text = choice.remark.partition("\t")
        return [
            (Cell(choice.title, choice.style or "bold"), Cell(keys, "dim")),
            (Cell(f"  {help_text}", "dim"), Cell("")),
        ]

    def fitting(self, words: Sequence[str]) -> list[Choice]:
        """What holds all words, else what is spelt nearly so."""
        if words and self._records is not None:
            self._choices += self._records()
            self._records = None
        found = super().fitting(words)
        if not words:
            return sorted(found, key=lambda choice: _recency(choice.value))
        if len(found) >= ENOUGH:
            return found
        search, query = FuzzySearch(), " ".join(words)
        scores = {choice.value: search.match(query, choice.title)[0] for choice in self._choices}
        known = {choice.value for choice in found}
        near = [choice for choice in self._choices if scores[choice.value] > 0 and choice.value not in known]
        return found + sorted(near, key=lambda choice: -scores[choice.value])[:MOST_NEAR]


def _recency(value: str) -> int:
    return _recent.index(value) if value in _recent else len(_recent)


async def open_palette(app: Host, screen: WorkScreen) -> None:
    """Show all actions of the screen, with their keys and why they are not possible, all screens and all records."""
    choices = []
    order = list(BY_NAME)
    for action in sorted(at_home(screen.where), key=lambda each: order.index(each.name)):
        if action.name in ("palette", "open", "edit"):
            continue
        keys = " ".join(app.signs.ascii_text(key_name(key)) for key in app.keymap.of(action)[:2] if key != "slash")
        reason = screen.why_not(action)
        remark = f"{keys}\t{action.help if reason is None else f'not now: {reason}'}"
        also = f"{action.group} {SYNONYMS.get(action.name, '')}"
        choices.append(Choice(f"do {action.name}", action.title, remark, "dim" if reason else "", also))
    choices.sort(key=lambda choice: choice.style == "dim")
    paths: list[Path] = []

    def records() -> list[Choice]:
        if app.session is None or screen.where == "library":
            return []
        found, known = _records(app.session)
        paths.extend(known)
        return [replace(each, value=f"at {each.value}", remark=f"\t{each.remark}") for each in found]

    if app.session is not None and screen.where != "library":
        for task in TASKS:
            number = task.step if task.step[0].isdigit() else ""
            also = " ".join((*task.other_names, task.page, task.short, task.abbreviations))
            title = f"{number} {task.title}".strip()
            choices.append(Choice(f"go {task.step}", title, f"g {number}\t{task.purpose}", also=also))
    else:
        choices += [Choice(f"open {name}", name, "\tprofile") for name in app.workspace.names()]

    chosen = await app.push_screen_wait(Palette("Actions, screens and records", choices, records))
    if chosen is None:
        return
    if chosen in _recent:
        _recent.remove(chosen)
    _recent.insert(0, chosen)
    kind, _, what = chosen.partition(" ")
    if kind == "do":
        screen.carry_out(what)
    elif kind == "go":
        app.show_step(what)
    elif kind == "at":
        app.show_path(paths[int(what)])
    else:
        app.open_profile(what)


async def open_search(app: Host, session: Session) -> None:
    """Every field of every record that holds some words, and where it holds them."""
    choices, paths = _records(session)
    chosen = await app.push_screen_wait(Chooser("Search all records", choices, empty="No record holds that."))
    if chosen is not None:
        app.show_path(paths[int(chosen)])


def _records(session: Session) -> tuple[list[Choice], list[Path]]:
    """All records as choices by their number, and their paths."""
    paths: list[Path] = []
    choices: list[Choice] = []
    setup = session.indexed
    for table in TABLES.values():
        if table.path.startswith("routing_rules.") or (table.single and table.path not in session.data):
            continue
        found = [((table.path,), setup.single(table.path))] if table.single else setup.records(table.path)
        for path, record in found:
            fields = [
                (field.label, shown(record[field.name]))
                for field in table.fields
                if field.name in record and field.kind not in ("records", "condition")
            ]
            if table.path == "routing_rules":
                fields.append(("Rule", rule_words(record)))
            title = title_of(table.path, record) or table.title
            if table.key in ("number", "code") and (name := text(record, "name")) not in ("", title):
                title = f"{title} {name}"
            task = task_of(table.path, record)
            also = task.abbreviations if task else ""
            choices.append(Choice(str(len(paths)), title, table.singular, also=also, fields=tuple(fields)))
            paths.append(tuple(path))
    return choices, paths
