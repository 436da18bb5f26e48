"""`omtui keyring …` and `omtui vault …`: where secrets are kept on this machine."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from omtui.commands.arguments import Given
from omtui.commands.opening import open_workspace, refused, wrong
from omtui.commands.output import Output
from omtui.commands.secrets import ask
from omtui.plain_text import plain
from omtui.service.outcomes import Done, Outcome, Refused, Wrong
from omtui.service.secrets import outcome_of, sentence

if TYPE_CHECKING:
    from omtui.credentials.secret import Secret
    from omtui.service.secrets import Secrets

NOT_FOUND = 127
"""A program that is not there, as shells tell it."""


def keyring_status(given: Given, out: Output) -> int:
    """Where secrets are kept, whether that answers, and what else is possible here."""
    secrets = open_workspace(given).secrets
    status = secrets.status()
    choices = secrets.choices(status)
    if given.flag("--json"):
        out.json(
            {
                "backend": status.kind.value,
                "where": status.where,
                "state": status.state.value,
                "reason": status.reason.value if status.reason else None,
                "detail": status.detail,
                "remedy": status.remedy,
                "choices": [
                    {
                        "backend": each.kind.value,
                        "title": each.title,
                        "possible": each.possible,
                        "detail": each.detail,
                    }
                    for each in choices
                ],
            }
        )
        return 0
    out.line(f"Kept in: {plain(status.where)}: {status.state}")
    if status.detail:
        out.line(f"{plain(status.detail)}. {plain(status.remedy)}")
    out.line("Possible on this machine:")
    for each in choices:
        out.line(f"  {each.kind:8}  {'' if each.possible else 'not now: '}{plain(each.title)}: {plain(each.detail)}")
    return 0


def keyring_unlock(given: Given, out: Output) -> int:
    """Open the system's keyring with its password, typed here."""
    from omtui.credentials.reason import Reason
    from omtui.credentials.store import State

    secrets = open_workspace(given).secrets
    status = secrets.machine.keyring_status()
    if status.state is State.READY:
        out.tell(f"{status.where}: open already")
        return 0
    makes = status.reason is Reason.NO_KEYRING
    if status.reason not in (Reason.LOCKED, Reason.NO_KEYRING):
        return refused(given, out, Refused(f"{status.where}: {status.detail.rstrip('.')}. {status.remedy}"))
    if makes and not given.flag("--create"):
        fix = "omtui keyring unlock --create makes one with a password you choose"
        return refused(given, out, Refused("this user has no keyring yet", fix))
    prompt = "A new password for the keyring: " if makes else "The keyring's password: "
    password = ask(given, out, prompt, twice=makes)
    if isinstance(password, int):
        return password
    outcome = secrets.unlock_keyring(password, create=makes)
    password.forget()
    return _ended(given, out, outcome)


def keyring_session(given: Given, out: Output) -> int:
    """Start a private keyring session and run a program in it; it ends with the program."""
    import os
    import signal
    import subprocess

    from omtui.credentials.keyring_session import KeyringSession, session_exists

    secrets = open_workspace(given).secrets
    known = session_exists(secrets.machine.folders.session)
    prompt = "Password of the private keyring: " if known else "A new password for the private keyring: "
    password = ask(given, out, prompt, twice=not known)
    if isinstance(password, int):
        return password
    session = secrets.start_session(password)
    password.forget()
    if not isinstance(session, KeyringSession):
        return refused(given, out, Refused(sentence(session)))
    words = given.texts("PROGRAM") or [os.environ.get("SHELL") or "/bin/sh"]
    out.tell(f"The private keyring is open; {plain(words[0])} runs in it, and it ends with that")
    try:
        running = subprocess.Popen(words, env=session.environment)
    except OSError as error:
        session.close()
        out.tell(f"omtui {given.command.name}: {plain(words[0])} cannot be run: {error.strerror}")
        return NOT_FOUND
    # Ctrl+C is for the program in front; the keyring ends after it.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        code = running.wait()
    finally:
        signal.signal(signal.SIGINT, before)
        session.close()
    return code if code >= 0 else 128 - code


def vault_init(given: Given, out: Output) -> int:
    """Make the vault and choose it."""
    from omtui.credentials.kernel_cache import MINUTES

    secrets = open_workspace(given).secrets
    recipients = given.texts("--to")
    if recipients:
        return _ended(given, out, secrets.make_vault(recipients=recipients))
    passphrase = ask(given, out, "A new passphrase for the vault: ", twice=True)
    if isinstance(passphrase, int):
        return passphrase
    outcome = secrets.make_vault(passphrase=passphrase)
    if isinstance(outcome, Done):
        # One passphrase a session: the next commands find it open.
        outcome = secrets.unlock_vault(passphrase=passphrase, minutes=MINUTES)
    return _ended(given, out, outcome)


def vault_unlock(given: Given, out: Output) -> int:
    """Open the vault for the commands of the next minutes."""
    from omtui.credentials.kernel_cache import MINUTES

    told = given.text("--minutes", str(MINUTES))
    if not told.isdecimal() or not 0 < int(told) <= 24 * 60:
        return wrong(given, out, Wrong("--minutes is no number of minutes", "give one from 1 to 1440"))
    return _opened(given, out, open_workspace(given).secrets, int(told))


def vault_lock(given: Given, out: Output) -> int:
    """Forget what opened the vault."""
    from omtui.credentials.vault_verbs import lock_vault

    return _ended(given, out, outcome_of(lock_vault(open_workspace(given).secrets.machine)))


def vault_rekey(given: Given, out: Output) -> int:
    """Seal the vault with another passphrase or for other keys."""
    from omtui.credentials.vault_verbs import rekey_vault

    secrets = open_workspace(given).secrets
    recipients = given.texts("--to")
    if given.flag("--stdin") and recipients:
        return wrong(given, out, Wrong("--stdin gives a passphrase, and --to names keys", "give one of the two"))
    if code := _need_open_vault(given, out, secrets):
        return code
    if recipients:
        return _ended(given, out, outcome_of(rekey_vault(secrets.machine, recipients=recipients)))
    passphrase = ask(given, out, "A new passphrase for the vault: ", twice=True)
    if isinstance(passphrase, int):
        return passphrase
    return _ended(given, out, outcome_of(rekey_vault(secrets.machine, passphrase=passphrase)))


def vault_recipients(given: Given, out: Output) -> int:
    """The keys that open the vault; one more, or one less."""
    from omtui.credentials import vault_verbs

    secrets = open_workspace(given).secrets
    if code := _need_open_vault(given, out, secrets):
        return code
    for option, change in (("--add", vault_verbs.add_recipient), ("--remove", vault_verbs.remove_recipient)):
        for line in given.texts(option):
            outcome = outcome_of(change(secrets.machine, line))
            if not isinstance(outcome, Done):
                return refused(given, out, outcome)
            out.tell(outcome.message)
    kept = vault_verbs.vault_recipients(secrets.machine)
    if not isinstance(kept, tuple):
        return refused(given, out, Refused(sentence(kept)))
    if given.flag("--json"):
        out.json({"recipients": list(kept), "passphrase": not kept})
    elif kept:
        out.lines([plain(line) for line in kept])
    else:
        out.tell("a passphrase opens the vault; it is sealed for no key")
    return 0


def _need_open_vault(given: Given, out: Output, secrets: "Secrets") -> int:
    from omtui.credentials.store import BoundedStore, Kind, State

    store = secrets.machine.store_of(Kind.VAULT)
    status = store.status() if isinstance(store, BoundedStore) else None
    if status is None or status.state is not State.LOCKED:
        return 0
    if given.flag("--stdin") and not given.flag("--identity"):
        # One text on standard input is one passphrase: the new one.
        return refused(given, out, Refused(status.detail, "open it first: omtui vault unlock"))
    return _opened(given, out, secrets, None, tell=False)


def _opened(given: Given, out: Output, secrets: "Secrets", minutes: int | None, *, tell: bool = True) -> int:
    """Open the vault with what opens it; 0, or the exit code, told."""
    from omtui.credentials.answer import Unavailable
    from omtui.credentials.secret import Secret
    from omtui.credentials.vault_verbs import identity_from_file

    wants = secrets.vault_wants_passphrase()
    if isinstance(wants, Unavailable):
        return refused(given, out, Refused(sentence(wants)))
    identity: Secret | None = None
    if file := given.optional("--identity"):
        read = identity_from_file(Path(file).expanduser())
        if not isinstance(read, Secret):
            return refused(given, out, Refused(sentence(read)))
        identity = read
    passphrase: Secret | None = None
    if wants and identity is None:
        typed = ask(given, out, "Passphrase of the vault: ")
        if isinstance(typed, int):
            return typed
        passphrase = typed
    outcome = secrets.unlock_vault(passphrase=passphrase, identity=identity, minutes=minutes)
    if not isinstance(outcome, Done) and identity is not None and _is_protected(identity, sys.stdin):
        typed = ask(given, out, "Passphrase of the key: ")
        if isinstance(typed, int):
            return typed
        outcome = secrets.unlock_vault(passphrase=typed, identity=identity, minutes=minutes)
    if isinstance(outcome, Done) and not tell:
        return 0
    return _ended(given, out, outcome)


def _is_protected(identity: "Secret", stream: object) -> bool:
    """Whether a key has a passphrase of its own, and somebody is there to be asked for it."""
    from omtui.credentials.age.fault import BadKey
    from omtui.credentials.keys import read_identity

    key = read_identity(identity)
    asks = getattr(stream, "isatty", None)
    return isinstance(key, BadKey) and key.needs_passphrase and bool(asks and asks())


def _ended(given: Given, out: Output, outcome: Outcome) -> int:
    if not isinstance(outcome, Done):
        return refused(given, out, outcome)
    if given.flag("--json"):
        out.json({"done": outcome.message})
    else:
        out.tell(outcome.message)
    return 0
