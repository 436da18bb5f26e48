"""Help: about the screen, its task in Fusion, and its keys, all from the descriptions and the registry."""

from __future__ import annotations

from itertools import groupby
from textwrap import wrap
from typing import TYPE_CHECKING

from textual.content import Content

from omtui.plain_text import plain
from omtui.setup.field import Field
from omtui.setup.table import Task
from omtui.workbench.actions import SCREENS, Action, at_home
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
    parts.append(_signs(app, screen))
    app.push_screen(TextWindow(title, lambda width: Content("\n\n").join([*parts, _keys(app, screen, width)])))


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


def _signs(app: Host, screen: WorkScreen) -> Content:
    """What the screen is for, and what its signs mean."""
    signs = app.signs
    words = [
        (signs.error, app.level_style("error"), "an error"),
        (signs.warning, app.level_style("warning"), "a warning"),
        (signs.info, app.level_style("info"), "a remark"),
        (signs.incomplete, app.level_style("warning"), "something to fill in"),
        (signs.fine, app.level_style("fine"), "fine"),
        (signs.done, app.level_style("fine"), "entered in the pod"),
        (signs.again, app.level_style("warning"), "changed since it was entered"),
        (signs.empty, "dim", "empty"),
    ]
    parts: list[tuple[str, str]] = [(f"{SCREENS[screen.where]}\n\n", "")]
    for sign, style, meaning in words:
        parts += [(f"  {sign} ", style), (f"{meaning}\n", "")]
    return Content.assemble(*parts)


def _keys(app: Host, screen: WorkScreen, width: int) -> Content:
    """The keys of the screen by group; what is not possible now, and why, is at the end."""
    lines: list[Content] = []
    later: list[Content] = []
    actions = sorted(at_home(screen.where), key=lambda action: action.group)
    for group, members in groupby(actions, key=lambda action: action.group):
        shown: list[Content] = []
        for action in members:
            reason = screen.why_not(action)
            text = f"{action.title}  {plain(reason) if reason else action.help}"
            (later if reason else shown).extend(_entry(_keys_of(app, action), text, len(action.title), width))
        if shown:
            lines += [Content.styled(group, "bold $accent"), *shown]
    lines.append(Content.styled("Moving", "bold $accent"))
    lines += _entry("", "arrows, page up and down, home and end; Tab goes to the next list or field", 0, width)
    if later:
        lines += [Content.styled("Not now", "bold $accent"), *later]
    return Content("\n").join(lines)


def _keys_of(app: Host, action: Action) -> str:
    keys = (key_name(key) for key in app.keymap.of(action) if key not in ("f24", "slash"))
    return ", ".join(app.signs.ascii_text(key) for key in keys) or "palette"


_KEYS_WIDTH = 16


def _entry(keys: str, text: str, bold: int, width: int) -> list[Content]:
    """Keys, and next to them a text whose lines begin below each other."""
    lines = wrap(text, max(20, width - _KEYS_WIDTH)) or [""]
    first = Content.assemble((f"  {keys:{_KEYS_WIDTH - 2}}", "bold"), lines[0][:bold], (lines[0][bold:], "dim"))
    return [first, *(Content.styled(" " * _KEYS_WIDTH + line, "dim") for line in lines[1:])]
