"""How a command that changed a profile ends: the file is written, and what was done is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omtui.commands.arguments import ParsedArguments
from omtui.commands.output import Output
from omtui.commands.profile_arguments import refused, report_news, saved_or_refused

if TYPE_CHECKING:
    from omtui.service.session import Session


def save(args: ParsedArguments, out: Output, session: Session, message: str, where: object = "") -> int:
    """Write the file; the exit code. `where` is the place that was changed."""
    trouble = saved_or_refused(session, args.text("--reason"))
    report_news(args, out, session)
    if trouble is not None:
        return refused(args, out, trouble)
    if session.walk.stayed:
        out.message(f"omtui {args.command.name}: ticks did not follow: {session.walk.stayed}")
    return say_done(args, out, session, message, where, changed=True)


def say_done(
    args: ParsedArguments, out: Output, session: Session, message: str, where: object = "", *, changed: bool
) -> int:
    """What was done, or why nothing had to be; exit code 0."""
    if args.flag("--json"):
        out.json({"profile": session.name, "did": message, "where": str(where), "changed": changed})
    else:
        out.message(f"{session.name}: {message}")
    return 0
