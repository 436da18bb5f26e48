"""Help: about the screen, its task in Fusion, and its keys, all from the descriptions and the registry."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from textual.content import Content

from omtui.plain_text import plain
from omtui.setup.field import Field
from omtui.setup.table import Task
from omtui.workbench.actions import at_home
from omtui.workbench.keymap import key_name
from omtui.workbench.screens.base import WorkScreen
from omtui.workbench.screens.dialogs import TextWindow

if TYPE_CHECKING:
    from omtui.workbench.host import Host


def open_help(app: Host, screen: WorkScreen) -> None:
    """Show help for the screen that is in front."""
    from omtui.workbench.screens.profile import ProfileScreen
    from omtui.workbench.screens.record import RecordScreen

    parts: list[Content] = []
    title = "Help"
    if isinstance(screen, RecordScreen) and screen.row is not None and screen.row.field is not None:
        parts.append(_about_field(screen.row.field))
    if isinstance(screen, ProfileScreen) and screen.setup_task is not None:
        title = screen.setup_task.title
        parts.append(_about_task(app, screen.setup_task))
    parts.append(_keys(app, screen))
    app.push_screen(TextWindow(title, Content("\n\n").join(parts)))


def _about_field(field: Field) -> Content:
    lines = [Content.styled(field.label, "bold $accent")]
    if field.limits:
        lines.append(Content(f"Limits: {field.limits}"))
    if field.help:
        lines.append(Content(field.help))
    if field.values:
        kind = "One of" if field.closed else "Known values (others are allowed)"
        lines.append(Content(f"{kind}: {', '.join(field.values)}"))
    if field.refers:
        tables = ", ".join(dict.fromkeys(reference.table.replace("_", " ") for reference in field.refers))
        lines.append(Content(f"Names a record of: {tables}. F12 or > goes there."))
    lines.append(Content.styled(f"Source: {field.source or 'a field of omtui, asked for by no page of Oracle'}", "dim"))
    return Content("\n").join(lines)


def _about_task(app: Host, task: Task) -> Content:
    arrow = f" {app.signs.then} "
    lines = [Content.styled(f"Step {task.step}: {task.title}", "bold $accent"), Content(task.purpose), Content("")]
    facts = {
        "Where": arrow.join(task.navigation) if task.offering else "",
        "Page": task.page,
        "Also called": ", ".join(task.other_names),
        "Redwood": task.redwood,
        "Privilege": task.privilege,
    }
    lines += [Content(f"{name}: {fact}") for name, fact in facts.items() if fact]
    if task.procedure:
        lines.append(Content(""))
        lines += [Content(f"{number}. {line}") for number, line in enumerate(task.procedure, 1)]
    if task.source:
        lines.append(Content.styled(f"Source: {task.source}", "dim"))
    return Content("\n").join(lines)


def _keys(app: Host, screen: WorkScreen) -> Content:
    lines: list[Content] = []
    actions = sorted(at_home(screen.where), key=lambda action: action.group)
    for group, members in groupby(actions, key=lambda action: action.group):
        lines.append(Content.styled(group, "bold $accent"))
        for action in members:
            keys = ", ".join(
                app.signs.ascii_text(key_name(key)) for key in app.keymap.of(action) if key not in ("f24", "slash")
            )
            reason = screen.why_not(action)
            not_now = f"  (not now: {plain(reason)})" if reason else ""
            lines.append(
                Content.assemble(
                    (f"  {keys or 'palette':14}", "bold"), action.title, (f"  {action.help}{not_now}", "dim")
                )
            )
    lines.append(Content.styled("Moving", "bold $accent"))
    lines.append(Content("  arrows, page up and down, home and end; Tab goes to the next list or field"))
    return Content("\n").join(lines)
