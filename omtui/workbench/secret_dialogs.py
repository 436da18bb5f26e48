"""Where secrets are kept, from the workbench: choosing a store, opening it, making one. Never chosen by itself.

Each function is a conversation: it asks in dialogs, calls the store off the loop, and returns the outcome. They
run in a worker of the credentials screen.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from omtui.credentials.answer import Reason, SecretProblem
from omtui.credentials.keyring_session import KeyringSession, session_exists
from omtui.credentials.keys import identity_from_file, needs_passphrase
from omtui.credentials.leaks import watchers
from omtui.credentials.secret import Secret
from omtui.credentials.store import Status, StoreKind
from omtui.plain_text import plain
from omtui.problem import Done, Outcome, Problem
from omtui.service.secrets import Secrets
from omtui.workbench.screens.dialogs import Choice
from omtui.workbench.screens.secret_entry import NotTyped
from omtui.workbench.screens.store import StoreScreen

LEFT = Problem("nothing was changed")
"""The person left a dialog."""


async def choose_store(screen: StoreScreen, secrets: Secrets) -> Outcome:
    """Show the ways to keep secrets here, each with what it means; open or make the one that is chosen."""
    choices = await screen.off_loop("looking what is possible here", secrets.machine.choices)
    listed = [
        Choice(
            each.kind.value,
            each.title,
            each.detail if each.possible else f"not now: {each.detail}",
            "" if each.possible else "dim",
        )
        for each in choices
    ]
    kind = await screen.choose("Where secrets are kept on this machine", listed)
    if kind is None:
        return LEFT
    chosen = next(each for each in choices if each.kind.value == kind)
    if chosen.kind is StoreKind.COMMAND and not chosen.possible:
        return Problem(
            f'write the command into {plain(secrets.machine.folders.settings)}: [[command]] with arguments = ["pass", '
            '"show", "omtui/{profile}/{credential}"]; then choose it here'
        )
    if not chosen.possible:
        return Problem(f"{chosen.title}: {chosen.detail}")
    return await _take(screen, secrets, chosen.kind)


async def open_store(screen: StoreScreen, secrets: Secrets, status: Status) -> Outcome:
    """Open the chosen store, with its password typed here."""
    if status.is_ready:
        return Problem(f"{status.where} is open")
    if status.kind is StoreKind.KEYRING and status.reason not in (Reason.LOCKED, Reason.NO_KEYRING):
        return status.why_not
    if status.kind in (StoreKind.COMMAND, StoreKind.MEMORY):
        return status.why_not
    return await _take(screen, secrets, status.kind)


async def _take(screen: StoreScreen, secrets: Secrets, kind: StoreKind) -> Outcome:
    """Open a kind of store, make it if need be, and remember that it is chosen."""
    if fault := await refused_typing(screen):
        return fault
    opened: dict[StoreKind, Callable[[StoreScreen, Secrets], Awaitable[Outcome]]] = {
        StoreKind.KEYRING: _keyring,
        StoreKind.SESSION: _session,
        StoreKind.VAULT: _vault,
    }
    if kind in opened:
        outcome = await opened[kind](screen, secrets)
        if not isinstance(outcome, Done):
            return outcome
    chosen = await screen.off_loop("remembering it", lambda: secrets.machine.choose(kind))
    return chosen if not isinstance(chosen, Done) or kind not in opened else outcome


async def _keyring(screen: StoreScreen, secrets: Secrets) -> Outcome:
    status = await screen.off_loop("asking the keyring", secrets.machine.keyring_status)
    if status.is_ready:
        return Done(f"secrets are kept in {status.where}")
    if status.reason is Reason.NO_KEYRING:
        password = await _new(screen, "A new keyring", "You have none yet. Choose its password; it opens it later on.")
        create = True
    elif status.reason is Reason.LOCKED:
        text = "Its password: mostly the one of your desktop's login."
        password, create = await screen.ask_secret("Unlock the keyring", text), False
    else:
        return status.why_not
    if password is None:
        return LEFT
    outcome = await screen.off_loop(
        "opening the keyring", lambda: secrets.machine.unlock_keyring(password, create=create)
    )
    password.forget()
    return outcome


async def _session(screen: StoreScreen, secrets: Secrets) -> Outcome:
    if session_exists(secrets.machine.folders.session):
        password = await screen.ask_secret("The private keyring", "Its password. It is open until omtui ends.")
    else:
        password = await _new(screen, "A new private keyring", "Choose its password. It is open until omtui ends.")
    if password is None:
        return LEFT
    session = await screen.off_loop("starting the keyring", lambda: secrets.machine.start_session(password))
    password.forget()
    if isinstance(session, KeyringSession):
        return Done("the private keyring is open until omtui ends")
    return session


async def _vault(screen: StoreScreen, secrets: Secrets) -> Outcome:
    wants = await screen.off_loop("looking at the vault", secrets.machine.opens_with_passphrase)
    if isinstance(wants, SecretProblem):
        return await _new_vault(screen, secrets) if wants.reason is Reason.NO_VAULT else wants
    if wants:
        passphrase = await screen.ask_secret("Unlock the vault", "Its passphrase.")
        return LEFT if passphrase is None else await _unlocked(screen, secrets, passphrase, None)
    text = "The file of the private key that opens it."
    file = await screen.ask_file("Unlock the vault", text, value="~/.ssh/id_ed25519")
    if file is None:
        return LEFT
    identity = await screen.off_loop("reading the key", lambda: identity_from_file(file))
    if not isinstance(identity, Secret):
        return identity
    outcome = await _unlocked(screen, secrets, None, identity)
    if isinstance(outcome, Done) or not needs_passphrase(identity):
        return outcome
    passphrase = await screen.ask_secret("Unlock the key", "The passphrase of the key itself.")
    return LEFT if passphrase is None else await _unlocked(screen, secrets, passphrase, identity)


async def _unlocked(
    screen: StoreScreen, secrets: Secrets, passphrase: Secret | None, identity: Secret | None
) -> Outcome:
    return await screen.off_loop(
        "opening the vault", lambda: secrets.machine.unlock_vault(passphrase=passphrase, identity=identity)
    )


async def _new_vault(screen: StoreScreen, secrets: Secrets) -> Outcome:
    ways = [
        Choice("passphrase", "A passphrase", "typed once a session; at least 12 characters"),
        Choice("key", "A key", "age1…, or the line of a .pub file"),
    ]
    way = await screen.choose("What opens the new vault", ways)
    if way == "passphrase":
        text = "Choose its passphrase, at least 12 characters. Nobody can open the vault without it."
        passphrase = await _new(screen, "A new vault", text)
        if passphrase is None:
            return LEFT
        return await screen.off_loop("making the vault", lambda: secrets.machine.init_vault(passphrase=passphrase))
    line = await screen.ask("A new vault", "The public key: age1…, or the line of a .pub file.")
    if not line:
        return LEFT
    return await screen.off_loop("making the vault", lambda: secrets.machine.init_vault(recipients=[line]))


async def vault_keys(screen: StoreScreen, secrets: Secrets) -> Outcome:
    """Show which keys open the vault; add one, or let one open it no more."""
    kept = await screen.off_loop("looking at the vault", secrets.machine.vault_recipients)
    if isinstance(kept, Problem):
        return kept
    if not kept:
        return Problem("a passphrase opens the vault; omtui vault rekey --to KEY seals it for keys")
    listed = [Choice("", "Add a key", "age1…, or the line of a .pub file")]
    listed += [Choice(line, line, "Enter lets it open the vault no more") for line in kept]
    chosen = await screen.choose("Keys that open the vault", listed)
    if chosen is None:
        return LEFT
    if not chosen:
        line = await screen.ask("One more key", "The public key: age1…, or the line of a .pub file.")
        return await screen.off_loop("sealing it", lambda: secrets.machine.add_recipient(line)) if line else LEFT
    text = f"{plain(chosen)}\n\nOlder copies of the file still open with it."
    if not await screen.confirm("Let this key open the vault no more?", text, yes="Remove", no="Keep"):
        return LEFT
    return await screen.off_loop("sealing it", lambda: secrets.machine.remove_recipient(chosen))


async def _new(screen: StoreScreen, title: str, text: str) -> Secret | None:
    """A new password, typed twice: nobody could open what a slip of the finger has closed."""
    first = await screen.ask_secret(title, text)
    if first is None:
        return None
    second = await screen.ask_secret(title, "Once more, to be sure.")
    if second is None:
        return None
    while not first.matches(second):
        second = await screen.ask_secret(title, "The two are not the same. Type the first again.")
        if second is None:
            return None
    second.forget()
    return first


async def refused_typing(screen: StoreScreen) -> Problem | None:
    """Why no secret may be typed now, shown in place of the dialog in which it would be."""
    why = why_not_typed()
    if why is None:
        return None
    await screen.app.push_screen_wait(NotTyped(why))
    return Problem(why)


def why_not_typed() -> str | None:
    """Why no secret may be typed now: something writes down what is typed."""
    found = watchers()
    return f"{found[0]}. Unset it before a secret is typed" if found else None
