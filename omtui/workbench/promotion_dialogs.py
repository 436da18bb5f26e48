"""Questions about a promotion: its target, and what becomes of a mapping that is not saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omtui.plain_text import plain
from omtui.problem import Done, Problem
from omtui.service.promoting import Promoting, not_settled
from omtui.service.session import NotReadable, Session
from omtui.setup.indexed import text
from omtui.store.database import FILE as DATABASE
from omtui.workbench.screens.base import WorkScreen
from omtui.workbench.screens.dialogs import Choice, Chooser

if TYPE_CHECKING:
    from omtui.workbench.host import Host


async def ask_target(app: Host, source: Session) -> str | None:
    """Ask which profile to promote to; `None` when the person leaves."""
    choices = []
    for each in app.workspace.library.listed():
        if each.path.absolute() == source.path.absolute():
            continue
        head, pod = each.head.get("profile"), each.head.get("pod")
        head, pod = head if isinstance(head, dict) else {}, pod if isinstance(pod, dict) else {}
        follows = text(head, "follows") == source.name
        words = [text(head, "environment"), text(pod, "release"), f"follows {source.name}" if follows else ""]
        choices.append((not follows, Choice(each.name, each.name, "  ".join(filter(None, words)))))
    choices.sort(key=lambda choice: choice[0])
    title = f"Promote {plain(source.name)} to"
    return await app.push_screen_wait(Chooser(title, [choice for _, choice in choices], empty="No other profile."))


def opened(app: Host, source: Session, name: str, path: str) -> Promoting | Problem | NotReadable:
    """The promotion to a target as its file has it."""
    workspace = app.workspace
    target = workspace.open(path, keeps_drafts=False)
    if not isinstance(target, Session):
        return target
    if (workspace.state / DATABASE).exists() and workspace.journal.of(target.path).drafts():
        return Problem(f"{name} has unsaved changes", "open it, and save or discard them first")
    for session in (source, target):
        if (conflict := not_settled(session.name, session.document)) is not None:
            return conflict
    return Promoting.between(workspace, source.name, source.data, target, source_path=source.path)


async def settle_mapping(screen: WorkScreen, promoting: Promoting, *, may_wait: bool = False) -> bool:
    """Ask what becomes of a mapping that is in no file; whether to go on. `may_wait` where the plan stays open."""
    choices = [Choice("save", f"Save to {promoting.file.path.name}"), Choice("forget", "Forget the changes")]
    if may_wait:
        choices.insert(1, Choice("wait", "Go on without saving", "the plan uses it, the file does not have it"))
    what = await screen.choose("The mapping is not saved", choices)
    if what == "save":
        outcome = promoting.save_mapping()
        screen.show_outcome(outcome)
        return isinstance(outcome, Done)
    if what == "forget":
        promoting.forget_mapping()
    return what is not None
