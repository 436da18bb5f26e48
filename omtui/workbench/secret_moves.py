"""Secrets follow the profile they belong to: when it gets another name, or goes to the trash.

Only where secrets are kept at all on this machine: a store that nobody has chosen is not asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omtui.credentials.deadline import call_off_loop
from omtui.credentials.uses import credential_names, profile_name
from omtui.plain_text import plain
from omtui.problem import Done, Outcome
from omtui.workbench.screens.base import WorkScreen

if TYPE_CHECKING:
    from omtui.setup.place import Data


async def after_rename(screen: WorkScreen, old: str, new: str) -> None:
    """Take the secrets along to the new name; say so where that could not be done."""
    outcome = await call_off_loop(screen.app.workspace.secrets.bring)
    if isinstance(outcome, Done):
        screen.show_message(f"renamed {plain(old)} to {plain(new)}; {outcome}")
    elif outcome is not None:
        screen.show_message(f"renamed {plain(old)} to {plain(new)}; {outcome}", wrong=True)


async def after_delete(screen: WorkScreen, profile: Data) -> None:
    """Ask whether the secrets go too: the profile can be brought back from the trash, they cannot."""
    names = credential_names(profile)
    if not names or not screen.app.workspace.secrets.are_kept():
        return
    text = f"{plain(', '.join(names))}\n\nThe profile can be brought back from the trash; its secrets cannot."
    title = f"Delete the secrets of {profile_name(profile)} too?"
    if not await screen.confirm(title, text, yes="Delete", no="Keep"):
        return
    secrets = screen.app.workspace.secrets

    def delete_all() -> Outcome:
        for name in names:
            outcome = secrets.delete(profile, name)
            if not isinstance(outcome, Done):
                return outcome
        return Done(f"the secrets of {profile_name(profile)} are deleted")

    deleted = await call_off_loop(delete_all)
    screen.show_outcome(deleted)
