"""Saving from the workbench: when the file changed meanwhile, the difference is shown and the person decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from omtui.service.session import FileChanged
from omtui.workbench.screens.dialogs import Choice, Chooser

if TYPE_CHECKING:
    from omtui.service.session import Session
    from omtui.workbench.host import Host
    from omtui.workbench.screens.base import WorkScreen

MOST_LINES = 8
"""How many changes the question lists; the difference shows all."""


def save(app: Host, screen: WorkScreen, session: Session, reason: str = "") -> None:
    """Write the profile's file, or ask what to do when it is no longer the one that was read.

    `reason` is kept in the log.
    """
    outcome = session.save(reason=reason)
    if isinstance(outcome, FileChanged):
        app.run_worker(_decide(app, screen, session, outcome, reason))
        return
    screen.show_message(str(outcome))
    screen.fresh()
    app.say_news()


async def _decide(app: Host, screen: WorkScreen, session: Session, outcome: FileChanged, reason: str) -> None:
    choices = [
        Choice("merge", "Take in the other changes, keep mine", "then save again"),
        Choice("overwrite", "Write mine over it", "the other changes are lost"),
        Choice("reload", "Read the file again", "redo brings mine back"),
    ]
    if outcome.hash is not None:
        choices.insert(0, Choice("look", "Look at the difference", "of the file and what is here"))
    title = f"{session.path.name} was changed by another program"
    question = Chooser(title, choices, text=_question_text(app, session, outcome))
    decision = await app.push_screen_wait(question)
    if decision == "look":
        _look(app, session)
        return
    if decision == "merge":
        screen.show_message(str(session.merge_from_disk()))
    elif decision == "overwrite":
        screen.show_message(str(session.save(reason=reason, overwrite=outcome.hash)))
    elif decision == "reload":
        screen.show_message(str(session.discard()))
    screen.fresh()


def _question_text(app: Host, session: Session, outcome: FileChanged) -> Content:
    """What the other program changed, and which of it was changed here as well."""
    from omtui.compare.difference_report import lines
    from omtui.service.comparing import changed_elsewhere

    if outcome.hash is None:
        return Content("The file is gone.")
    found = changed_elsewhere(session)
    if found is None:
        return Content("The file cannot be read as a profile now.")
    report = lines(found.difference, ascii_only=app.terminal.ascii_only)
    changes = [line.text for line in report if line.tone not in ("verdict", "heading")]
    width = min(100, app.size.width * 96 // 100) - 8
    shown = [app.signs.cut(line.strip(), width) for line in changes[:MOST_LINES]]
    if len(changes) > len(shown):
        shown.append(f"and {len(changes) - len(shown)} more")
    if not changes:
        shown = ["Only its layout or comments."]
    parts = [Content("\n".join(shown))]
    if found.both:
        places = app.signs.cut(f"Changed here as well: {', '.join(found.both)}", 2 * width)
        parts.append(Content.styled(places, "bold $text-warning"))
    return Content("\n").join(parts)


def _look(app: Host, session: Session) -> None:
    from omtui.service.comparable import on_disk
    from omtui.service.comparing import State
    from omtui.workbench.screens.difference import DifferenceScreen

    state = on_disk(session.path)
    if isinstance(state, State):
        app.push_screen(DifferenceScreen(state))
