"""The palette: every action and every screen by a word of it; and the search over all records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omtui.setup.catalogue import TABLES, TASKS, task_of
from omtui.setup.indexed import text, title_of
from omtui.setup.place import Path
from omtui.setup.values import shown
from omtui.setup.wording import rule_words
from omtui.workbench.actions import BY_NAME, at_home
from omtui.workbench.keymap import key_name
from omtui.workbench.screens.dialogs import Choice, Chooser

if TYPE_CHECKING:
    from omtui.service.session import Session
    from omtui.workbench.host import Host
    from omtui.workbench.screens.base import WorkScreen


async def open_palette(app: Host, screen: WorkScreen) -> None:
    """Show all actions of the screen, with their keys and why they are not possible, and all screens."""
    choices = []
    order = list(BY_NAME)
    for action in sorted(at_home(screen.where), key=lambda each: order.index(each.name)):
        if action.name in ("palette", "open", "edit"):
            continue
        keys = " ".join(app.signs.ascii_text(key_name(key)) for key in app.keymap.of(action)[:2] if key != "slash")
        reason = screen.why_not(action)
        remark = f"{keys:8}  {action.help if reason is None else f'not now: {reason}'}"
        choices.append(Choice(f"do {action.name}", action.title, remark, "dim" if reason else "", action.group))
    choices.sort(key=lambda choice: choice.style == "dim")
    if app.session is not None and screen.where != "library":
        for task in TASKS:
            number = task.step if task.step[0].isdigit() else ""
            also = " ".join((*task.other_names, task.page, task.short, task.abbreviations))
            choices.append(Choice(f"go {task.step}", f"{number} {task.title}".strip(), f"g {number}", also=also))
    else:
        choices += [Choice(f"open {name}", name, "profile") for name in app.workspace.names()]

    chosen = await app.push_screen_wait(Chooser("Actions and screens", choices))
    if chosen is None:
        return
    kind, _, what = chosen.partition(" ")
    if kind == "do":
        screen.carry_out(what)
    elif kind == "go":
        app.show_step(what)
    else:
        app.open_profile(what)


async def open_search(app: Host, session: Session) -> None:
    """Every field of every record that holds some words."""
    paths: list[Path] = []
    choices: list[Choice] = []
    setup = session.indexed
    for table in TABLES.values():
        if table.path.startswith("routing_rules.") or (table.single and table.path not in session.data):
            continue
        found = [((table.path,), setup.single(table.path))] if table.single else setup.records(table.path)
        for path, record in found:
            words = rule_words(record) if table.path == "routing_rules" else ""
            fields = " ".join(
                f"{field.label} {shown(record[field.name])}"
                for field in table.fields
                if field.name in record and field.kind not in ("records", "condition")
            )
            title = title_of(table.path, record) or table.title
            if table.key in ("number", "code") and (name := text(record, "name")) not in ("", title):
                title = f"{title} {name}"
            task = task_of(table.path, record)
            also = f"{fields} {words} {task.abbreviations if task else ''}"
            choices.append(Choice(str(len(paths)), title, table.singular, also=also))
            paths.append(tuple(path))

    chosen = await app.push_screen_wait(Chooser("Search all records", choices, empty="No record holds that."))
    if chosen is not None:
        app.show_path(paths[int(chosen)])
