"""What the next update of a pod changes for a set-up."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from omtui.plain_text import plain
from omtui.problem import Problem, Wrong
from omtui.service.open_profile import OpenProfile
from omtui.setup.indexed import Indexed, text
from omtui.setup.release import Release

if TYPE_CHECKING:
    from omtui.checks.finding import CheckContext
    from omtui.checks.impact import UpdateImpact
    from omtui.service.workspace import Workspace

_FORM = "a release is two digits and a letter from A to D, for example 26D"


def update_impact(
    name: str, setup: Indexed, context: CheckContext, start: str | None = None, to: str | None = None
) -> UpdateImpact | Wrong:
    """What an update changes: from the pod's release to the one noted as its next, where nothing else is asked for."""
    from omtui.checks.impact import UpdateImpact, impact

    pod = setup.single("pod")
    begin = _release("--from", start) if start is not None else _noted(name, setup, "release")
    if begin is None:
        return Wrong(f"the release of the pod of {plain(name)} is not noted", "enter pod.release, or give --from")
    if isinstance(begin, Wrong):
        return begin
    end = _release("--to", to) if to is not None else _noted(name, setup, "next_release") if start is None else None
    if isinstance(end, Wrong):
        return end
    end = end or begin.next
    if end < begin:
        return Wrong(f"{plain(name)}: {end} is before {begin}", "update to a later release")
    on = pod.get("next_update")
    day = on.date() if isinstance(on, datetime) else on if isinstance(on, date) else None
    return UpdateImpact(name, begin, end, impact(setup, context, begin, end), day)


def _release(option: str, given: str) -> Release | Wrong:
    return Release.parse(given) or Wrong(f"{option} {plain(given)} is no release", _FORM)


def _noted(name: str, setup: Indexed, field: str) -> Release | Wrong | None:
    """A release that the pod's table notes; `None` where it notes none."""
    given = text(setup.single("pod"), field)
    if not given.strip():
        return None
    return Release.parse(given) or Wrong(f"{plain(name)}: pod.{field} {plain(given)} is no release", _FORM)


def profile_impact(workspace: Workspace, path: FilePath, to: str | None = None) -> UpdateImpact | Problem:
    """The impact of the next update on a profile's file, or why it is not known."""
    session = workspace.open(str(path))
    if not isinstance(session, OpenProfile):
        return session if isinstance(session, Problem) else Wrong(str(session))
    return update_impact(
        session.name, session.indexed, workspace.surroundings(path, session.data, session.document), to=to
    )
