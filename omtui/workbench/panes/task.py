"""A setup task in full: what is missing and wrong there, what it is for, where it is in Fusion."""

from collections.abc import Callable

from textual.content import Content

from omtui.plain_text import plain
from omtui.service.progress import concerns, state_of
from omtui.service.session import Session
from omtui.setup.table import Task
from omtui.setup.wording import place_words
from omtui.workbench.signs import Signs

MOST = 12


def task_detail(session: Session, task: Task, signs: Signs, style_of: Callable[[str], str]) -> Content:
    """The state of a task, its findings, its purpose and its page."""
    state = state_of(session, task)
    parts = [
        Content.styled(plain(task.title), "bold"),
        Content(f"{state.contents or 'nothing entered yet'}; {state.findings}"),
    ]
    found = session.results_where(lambda path: concerns(session, task, path))
    if found:
        parts.append(Content.styled("\nTo fill in or put right", "bold $accent"))
    for each in found[:MOST]:
        level = each.finding.level
        where = plain(place_words(each.place))
        parts.append(
            Content.assemble(
                (f"  {signs.level(level)} ", style_of(level)), (where, "bold"), f": {plain(each.finding.message)}"
            )
        )
    if len(found) > MOST:
        parts.append(Content(f"  and {len(found) - MOST} more; ! shows all"))
    parts += [Content.styled("\nWhat it is for", "bold $accent"), Content(plain(task.purpose))]
    if task.offering:
        way = f" {signs.then} ".join(task.navigation)
        parts += [Content.styled("\nIn Fusion", "bold $accent"), Content(way)]
    return Content("\n").join(parts)
