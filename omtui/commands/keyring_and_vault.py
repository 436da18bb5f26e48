"""`omtui keyring …` and `omtui vault …`: where secrets are kept on this machine."""

import os
import signal
import subprocess
import sys

from omtui.commands.arguments import ParsedArguments
from omtui.commands.output import Output
from omtui.commands.profile_arguments import open_workspace, refused, wrong
from omtui.commands.secrets import ask
from omtui.credentials.answer import Reason, SecretProblem
from omtui.credentials.kernel_cache import MINUTES
from omtui.credentials.keyring_session import session_exists
from omtui.credentials.keys import identity_from_file, needs_passphrase
from omtui.credentials.machine import Machine
from omtui.credentials.secret import Secret
from omtui.credentials.store import BoundedStore, StoreKind, StoreState
from omtui.plain_text import plain
from omtui.problem import Done, Outcome, Problem, Wrong
from omtui.typed_path import typed_path

NOT_FOUND = 127
"""The exit code of shells for a program that does not exist."""


def keyring_status(args: ParsedArguments, out: Output) -> int:
    """Where secrets are kept, whether that answers, and what else is possible here."""
    machine = open_workspace(args).secrets.machine
    status = machine.status()
    choices = machine.choices(status)
    if args.flag("--json"):
        out.json(
            {
                "backend": status.kind.value,
                "where": status.where,
                "state": status.state.value,
                "reason": status.reason.value if status.reason else None,
                "detail": status.problem.message if status.problem else "",
                "remedy": status.problem.fix if status.problem else "",
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
    if status.problem:
        out.line(plain(status.problem))
    out.line("Possible on this machine:")
    for each in choices:
        out.line(f"  {each.kind:8}  {'' if each.possible else 'not now: '}{plain(each.title)}: {plain(each.detail)}")
    return 0


def keyring_unlock(args: ParsedArguments, out: Output) -> int:
    """Unlock the system's keyring with its password."""
    machine = open_workspace(args).secrets.machine
    status = machine.keyring_status()
    if status.is_ready:
        out.message(f"{status.where}: open already")
        return 0
    makes = status.reason is Reason.NO_KEYRING
    if status.reason not in (Reason.LOCKED, Reason.NO_KEYRING):
        return refused(args, out, Problem(f"{status.where}: {status.problem}"))
    if makes and not args.flag("--create"):
        fix = "omtui keyring unlock --create makes one with a password you choose"
        return refused(args, out, Problem("this user has no keyring yet", fix))
    prompt = "A new password for the keyring: " if makes else "The keyring's password: "
    password = ask(args, out, prompt, twice=makes)
    if isinstance(password, int):
        return password
    outcome = machine.unlock_keyring(password, create=makes)
    password.forget()
    return _ended(args, out, outcome)


def keyring_session(args: ParsedArguments, out: Output) -> int:
    """Start a private keyring session and run a program in it; it ends with the program."""
    machine = open_workspace(args).secrets.machine
    known = session_exists(machine.folders.session)
    prompt = "Password of the private keyring: " if known else "A new password for the private keyring: "
    password = ask(args, out, prompt, twice=not known)
    if isinstance(password, int):
        return password
    session = machine.start_session(password)
    password.forget()
    if isinstance(session, SecretProblem):
        return refused(args, out, session)
    words = args.texts("PROGRAM") or [os.environ.get("SHELL") or "/bin/sh"]
    out.message(f"The private keyring is open; {plain(words[0])} runs in it, and it ends with that")
    try:
        running = subprocess.Popen(words, env=session.environment)
    except OSError as error:
        session.close()
        out.message(f"omtui {args.command.name}: {plain(words[0])} cannot be run: {error.strerror}")
        return NOT_FOUND
    # Ctrl+C is for the program in front; the keyring ends after it.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        code = running.wait()
    finally:
        signal.signal(signal.SIGINT, before)
        session.close()
    return code if code >= 0 else 128 - code


def vault_init(args: ParsedArguments, out: Output) -> int:
    """Make the vault and choose it."""
    machine = open_workspace(args).secrets.machine
    recipients = args.texts("--to")
    if recipients:
        return _ended(args, out, machine.init_vault(recipients=recipients))
    passphrase = ask(args, out, "A new passphrase for the vault: ", twice=True)
    if isinstance(passphrase, int):
        return passphrase
    outcome = machine.init_vault(passphrase=passphrase)
    if isinstance(outcome, Done):
        # One passphrase a session: the next commands find it open.
        outcome = machine.unlock_vault(passphrase=passphrase, minutes=MINUTES)
    return _ended(args, out, outcome)


def vault_unlock(args: ParsedArguments, out: Output) -> int:
    """Open the vault for the commands of the next minutes."""
    minutes = args.text("--minutes", str(MINUTES))
    if not minutes.isdecimal() or not 0 < int(minutes) <= 24 * 60:
        return wrong(args, out, Wrong("--minutes is no number of minutes", "give one from 1 to 1440"))
    return _opened(args, out, open_workspace(args).secrets.machine, int(minutes))


def vault_lock(args: ParsedArguments, out: Output) -> int:
    """Forget what opened the vault."""
    return _ended(args, out, open_workspace(args).secrets.machine.lock())


def vault_rekey(args: ParsedArguments, out: Output) -> int:
    """Seal the vault with another passphrase or for other keys."""
    machine = open_workspace(args).secrets.machine
    recipients = args.texts("--to")
    if args.flag("--stdin") and recipients:
        return wrong(args, out, Wrong("--stdin gives a passphrase, and --to names keys", "give one of the two"))
    if code := _need_open_vault(args, out, machine):
        return code
    if recipients:
        return _ended(args, out, machine.rekey_vault(recipients=recipients))
    passphrase = ask(args, out, "A new passphrase for the vault: ", twice=True)
    if isinstance(passphrase, int):
        return passphrase
    return _ended(args, out, machine.rekey_vault(passphrase=passphrase))


def vault_recipients(args: ParsedArguments, out: Output) -> int:
    """The keys that open the vault; one more, or one less."""
    machine = open_workspace(args).secrets.machine
    if code := _need_open_vault(args, out, machine):
        return code
    for option, change in (("--add", machine.add_recipient), ("--remove", machine.remove_recipient)):
        for line in args.texts(option):
            outcome = change(line)
            if not isinstance(outcome, Done):
                return refused(args, out, outcome)
            out.message(outcome.message)
    kept = machine.vault_recipients()
    if not isinstance(kept, tuple):
        return refused(args, out, kept)
    if args.flag("--json"):
        out.json({"recipients": list(kept), "passphrase": not kept})
    elif kept:
        out.lines([plain(line) for line in kept])
    else:
        out.message("a passphrase opens the vault; it is sealed for no key")
    return 0


def _need_open_vault(args: ParsedArguments, out: Output, machine: Machine) -> int:
    store = machine.store_of(StoreKind.VAULT)
    status = store.status() if isinstance(store, BoundedStore) else None
    if status is None or status.problem is None or status.state is not StoreState.LOCKED:
        return 0
    if args.flag("--stdin") and not args.flag("--identity"):
        # One text on standard input is one passphrase: the new one.
        return refused(args, out, Problem(status.problem.message, "open it first: omtui vault unlock"))
    return _opened(args, out, machine, None, is_reported=False)


def _opened(
    args: ParsedArguments, out: Output, machine: Machine, minutes: int | None, *, is_reported: bool = True
) -> int:
    """Open the vault with what opens it; 0, or the exit code after a message."""
    wants_passphrase = machine.opens_with_passphrase()
    if isinstance(wants_passphrase, SecretProblem):
        return refused(args, out, wants_passphrase)
    identity: Secret | None = None
    if file := args.optional("--identity"):
        read = identity_from_file(typed_path(file))
        if not isinstance(read, Secret):
            return refused(args, out, read)
        identity = read
    passphrase: Secret | None = None
    if wants_passphrase and identity is None:
        answer = ask(args, out, "Passphrase of the vault: ")
        if isinstance(answer, int):
            return answer
        passphrase = answer
    outcome = machine.unlock_vault(passphrase=passphrase, identity=identity, minutes=minutes)
    if not isinstance(outcome, Done) and identity is not None and _is_asked_for(identity):
        answer = ask(args, out, "Passphrase of the key: ")
        if isinstance(answer, int):
            return answer
        outcome = machine.unlock_vault(passphrase=answer, identity=identity, minutes=minutes)
    if isinstance(outcome, Done) and not is_reported:
        return 0
    return _ended(args, out, outcome)


def _is_asked_for(identity: Secret) -> bool:
    """Whether a key has a passphrase of its own, and somebody is there to be asked for it."""
    return needs_passphrase(identity) and sys.stdin is not None and sys.stdin.isatty()


def _ended(args: ParsedArguments, out: Output, outcome: Outcome) -> int:
    if not isinstance(outcome, Done):
        return refused(args, out, outcome)
    if args.flag("--json"):
        out.json({"done": outcome.message})
    else:
        out.message(outcome.message)
    return 0
