"""Handing a profile over from the list of profiles: a conversation that ends in one file for a colleague."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omtui.credentials.deadline import TimedOut, call_off_loop
from omtui.credentials.keys import passphrase_recipient, recipients_of
from omtui.credentials.uses import credential_names
from omtui.plain_text import few, plain
from omtui.problem import Done, Outcome, Problem
from omtui.service import sealed_secrets
from omtui.service.handing_over import pack, profile_text, write_hand_over
from omtui.service.session import Session
from omtui.workbench.screens.dialogs import Choice
from omtui.workbench.screens.secret_entry import AskSecret
from omtui.workbench.secret_dialogs import LEFT, why_not_typed

if TYPE_CHECKING:
    from omtui.workbench.screens.base import WorkScreen

NO_SECRETS, PASSPHRASE, KEY = "none", "passphrase", "key"


async def hand_over(screen: WorkScreen, session: Session) -> Outcome:
    """Ask for the file, and whether secrets go along; write it."""
    app, name = screen.app, session.name
    content = profile_text(
        name, session.document, app.workspace.surroundings(session.path, session.data, session.document)
    )
    if isinstance(content, Problem):
        return content
    text = "The file for your colleague, who takes it in with i or omtui import."
    file = await screen.ask(f"Hand over {plain(name)}", text, value=f"~/{name}.handover.json")
    if not file:
        return LEFT
    sealed: sealed_secrets.Sealed | None = None
    if credential_names(session.data):
        answer = await _secrets(screen, session, content)
        if isinstance(answer, Problem):
            return answer
        sealed = answer
    packed = pack(name, content, session.data, session.path, sealed=sealed.armoured if sealed else None)
    if isinstance(packed, Problem):
        return packed
    done = write_hand_over(file, packed.content)
    if not isinstance(done, Done):
        return done
    within = sealed.names if sealed else ()
    left = [each.name for each in packed.needed if each.name not in within]
    parts = [done.message, *packed.notes]
    if within:
        parts.append(f"sealed in it: {few(within)}")
    if left:
        parts.append(f"to be provided: {few(left)}")
    return Done(plain("; ".join(parts)))


async def _secrets(screen: WorkScreen, session: Session, content: bytes) -> sealed_secrets.Sealed | Problem | None:
    """The sealed part, if the person wants one."""
    app = screen.app
    ways = [
        Choice(NO_SECRETS, "Without secrets", "your colleague gets the list of what is to be provided"),
        Choice(PASSPHRASE, "Sealed with a passphrase", "send it another way than the file"),
        Choice(KEY, "Sealed for a key", "age1…, or the line of a .pub file"),
    ]
    way = await screen.choose("Secrets", ways)
    if way is None:
        return LEFT
    if way == NO_SECRETS:
        return None
    if way == KEY:
        line = await screen.ask("Sealed for a key", "The public key of your colleague.")
        recipients = recipients_of([line] if line else [])
    else:
        if why := why_not_typed():
            return Problem(why)
        passphrase = await app.push_screen_wait(AskSecret("Sealed with a passphrase", "At least 12 characters."))
        if passphrase is None:
            return LEFT
        again = await app.push_screen_wait(AskSecret("Sealed with a passphrase", "Once more, to be sure."))
        recipients = passphrase_recipient(passphrase)
        if not isinstance(recipients, Problem) and (again is None or not passphrase.matches(again)):
            return Problem("the two passphrases are not the same", "nothing was written")
    if isinstance(recipients, Problem):
        return recipients
    secrets, owner = app.workspace.secrets, app.workspace.owner(session.path, session.data)
    if isinstance(owner, Problem):
        return owner
    status = await call_off_loop(secrets.machine.status)
    if isinstance(status, TimedOut) or not status.is_ready:
        return Problem("the store of the secrets is not open", "C shows it, u opens it there")
    sealed = await call_off_loop(lambda: sealed_secrets.seal(secrets, session.name, content, owner, recipients))
    return Problem("sealing took too long") if isinstance(sealed, TimedOut) else sealed
