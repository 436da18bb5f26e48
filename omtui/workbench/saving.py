"""Saving from the workbench: when the file changed meanwhile, the difference is shown and the person decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omtui.service.session import FileChanged
from omtui.workbench.screens.base import WorkScreen
from omtui.workbench.screens.dialogs import Choice, Chooser

if TYPE_CHECKING:
    from omtui.workbench.app import Workbench


def save(app: Workbench) -> None:
    """Write the profile's file, or ask what to do when it is no longer the one that was read."""
    session, screen = app.session, app.screen
    if session is None or not isinstance(screen, WorkScreen):
        return
    outcome = session.save()
    if not isinstance(outcome, FileChanged):
        screen.tell(str(outcome))
        screen.fresh()
        return

    def chosen(what: str | None) -> None:
        if what == "merge":
            screen.tell(str(session.merge_from_disk()))
        elif what == "overwrite":
            screen.tell(str(session.save(overwrite=outcome.hash)))
        elif what == "reload":
            screen.tell(str(session.discard()))
        screen.fresh()

    app.push_screen(
        Chooser(
            f"{session.path.name} was changed by another program",
            [
                Choice("merge", "Take in the other changes, keep mine", "then save again"),
                Choice("overwrite", "Write mine over it", "the other changes are lost"),
                Choice("reload", "Read the file again", "mine can be brought back with undo"),
            ],
        ),
        chosen,
    )
