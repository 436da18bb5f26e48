"""`omtui secret …`: set, test, list, delete and move the secrets of a profile. None of them ever shows one."""

import sys
from collections.abc import Sequence
from dataclasses import replace

from omtui.commands.arguments import ParsedArguments
from omtui.commands.columns import table
from omtui.commands.output import Output
from omtui.commands.profile_arguments import Reading, open_workspace, read, refused, wrong
from omtui.credentials import entry
from omtui.credentials.answer import Absent
from omtui.credentials.destination import Destination
from omtui.credentials.matrix import CredentialFacts, Presence, credential_facts, list_document
from omtui.credentials.secret import Secret
from omtui.credentials.sign_in import SignIn, shown_proxy
from omtui.credentials.store import BoundedStore, Status, StoreKind, StoreState
from omtui.credentials.uses import credential_names, destinations, uses_of
from omtui.plain_text import plain
from omtui.problem import Done, Problem, Wrong
from omtui.service.secrets import Leave, NotAllowed, Secrets, TrialPlan, state_words
from omtui.service.workspace import Workspace


def list_secrets(args: ParsedArguments, out: Output) -> int:
    """Which credentials a profile has, and which of them are in the store. Needs no store."""
    reading = read(args, args.text("PROFILE"))
    if not isinstance(reading, Reading):
        return wrong(args, out, reading)
    name = args.optional("NAME")
    facts, status = looked_up(open_workspace(args), reading, out)
    if name is not None:
        facts = [each for each in facts if each.name == name]
        if not facts:
            return wrong(args, out, _no_such_credential(reading))
    answers = _is_at_hand(status)
    if args.flag("--json"):
        out.json(list_document(reading.data, facts, status.kind.value if answers else None))
    elif facts:
        rows = [_row(each) for each in facts]
        lines = table(("Credential", "State", "Used by", "Goes to", "Expires", "Owner"), rows, out.width)
        out.lines([out.bold(lines[0]), *lines[1:]])
    else:
        out.message(f"{reading.name}: no credential is used or noted")
    out.message(f"Kept in: {status.where}" if answers else f"What is set is not known: {why_not(status)}")
    for each in facts:
        if each.problem and answers:
            out.message(f"{plain(each.name)}: {each.problem}")
    return 0


def set_secret(args: ParsedArguments, out: Output) -> int:
    """Keep a secret; without a name every one that is missing is asked for."""
    reading = _profile(args, out)
    if isinstance(reading, int):
        return reading
    secrets, name = open_workspace(args).secrets, args.optional("NAME")
    if name is None and args.flag("--stdin"):
        return wrong(args, out, Wrong("--stdin gives one secret, and no credential is named", _names(reading)))
    if name is not None and name not in credential_names(reading.data):
        return wrong(args, out, _no_such_credential(reading))
    if not args.flag("--stdin") and (code := _need_a_terminal(args, out)):
        return code
    if code := need_a_store(args, out, secrets):
        return code
    names = [name] if name is not None else _missing(secrets, reading)
    if not names:
        out.message(f"{reading.name}: every credential is set; name one to replace it")
    kept: list[str] = []
    for each in names:
        out.message(_where_it_may_go(secrets, reading, each))
        secret = ask(args, out, f"Secret of {plain(each)}: ", twice=True)
        if isinstance(secret, int):
            return secret
        if secret.is_empty and name is None:
            out.message(f"{plain(each)}: left out")
            continue
        if secret.is_empty:
            return refused(args, out, Problem("the secret is empty", "nothing was changed"))
        outcome = secrets.keep(reading.owner, each, secret)
        secret.forget()
        if not isinstance(outcome, Done):
            return refused(args, out, outcome)
        kept.append(each)
        out.message(f"{plain(each)}: {outcome.message}")
    if args.flag("--json"):
        out.json({"profile": reading.name, "set": kept, "backend": secrets.machine.status().kind.value})
    return 0


def _where_it_may_go(secrets: Secrets, reading: Reading, name: str) -> str:
    """Shown before the secret is asked for: a profile from elsewhere may have added a place."""
    places = sorted(destinations(uses_of(reading.owner, name)))
    before = secrets.not_allowed(reading.owner, name)
    new = before.new if isinstance(before, NotAllowed) else ()
    listed = ", ".join(f"{plain(place)}{' (NEW)' if place in new else ''}" for place in places)
    more = "; it was not entered for the places marked as new" if new else ""
    return f"{plain(name)}: may go to {listed or 'no place: nothing uses it yet'}{more}"


def delete(args: ParsedArguments, out: Output) -> int:
    """Remove a secret from the store, or all of a profile."""
    reading = _profile(args, out)
    if isinstance(reading, int):
        return reading
    name = args.optional("NAME")
    if (name is None) != args.flag("--all"):
        return wrong(args, out, Wrong("name one credential, or give --all", _names(reading)))
    secrets = open_workspace(args).secrets
    if code := need_a_store(args, out, secrets):
        return code
    for each in [name] if name is not None else credential_names(reading.data):
        outcome = secrets.delete(reading.owner, each)
        if not isinstance(outcome, Done):
            return refused(args, out, outcome)
        out.message(f"{plain(each)}: {outcome.message}")
    if args.flag("--json"):
        out.json({"profile": reading.name, "deleted": [name] if name is not None else credential_names(reading.data)})
    return 0


def move(args: ParsedArguments, out: Output) -> int:
    """Take secrets from one store to another."""
    reading = _profile(args, out)
    if isinstance(reading, int):
        return reading
    if args.flag("--was"):
        return _take_over(args, out, reading)
    if not args.flag("--to"):
        return wrong(args, out, Wrong("--to is missing", "name the store: --to keyring or --to vault"))
    name = args.optional("NAME")
    if name is not None and name not in credential_names(reading.data):
        return wrong(args, out, _no_such_credential(reading))
    secrets, target = open_workspace(args).secrets, StoreKind(args.text("--to"))
    source = StoreKind(args.text("--from")) if args.flag("--from") else None
    for kind in (source or secrets.machine.status().kind, target):
        if code := _open_vault(args, out, secrets, kind):
            return code
    _bring(out, secrets)
    moved = secrets.move(reading.owner, target, names=None if name is None else [name], source=source)
    if not isinstance(moved, list):
        return refused(args, out, moved)
    failed = False
    for each in moved:
        if isinstance(each.outcome, Done):
            out.message(f"{plain(each.reference.name)}: {each.outcome}")
        elif not isinstance(each.outcome, Absent):
            failed = True
            out.message(f"omtui {args.command.name}: {plain(each.reference.name)}: {each.outcome}")
    done = [each.reference.name for each in moved if isinstance(each.outcome, Done)]
    if not done and not failed:
        out.message(f"{reading.name}: there was no secret to move")
    if args.flag("--json"):
        out.json({"profile": reading.name, "moved": done, "to": target.value})
    return 3 if failed else 0


def _take_over(args: ParsedArguments, out: Output, reading: Reading) -> int:
    """The secret of a credential that was renamed in the profile."""
    name, old = args.optional("NAME"), args.text("--was")
    if name not in credential_names(reading.data):
        return wrong(args, out, _no_such_credential(reading))
    if args.flag("--to") or args.flag("--from"):
        return wrong(args, out, Wrong("--was takes a secret to a new name in its store", "leave --to and --from out"))
    secrets = open_workspace(args).secrets
    if code := need_a_store(args, out, secrets):
        return code
    outcome = secrets.take_over(reading.owner, old, name)
    if not isinstance(outcome, Done):
        return refused(args, out, outcome)
    out.message(f"{plain(name)}: {outcome.message}")
    if args.flag("--json"):
        out.json({"profile": reading.name, "moved": [name], "to": secrets.machine.status().kind.value})
    return 0


def test(args: ParsedArguments, out: Output) -> int:
    """Sign in once with a credential, having said where to and as whom."""
    reading = _profile(args, out)
    if isinstance(reading, int):
        return reading
    names = credential_names(reading.data)
    name = args.optional("NAME") or (names[0] if len(names) == 1 else None)
    if name not in names:
        return wrong(args, out, _no_such_credential(reading))
    secrets, place = open_workspace(args).secrets, args.optional("--at")
    plan = secrets.plan(reading.owner, name, place)
    if not isinstance(plan, TrialPlan):
        return refused(args, out, plan)
    for line in plan_lines(plan):
        out.message(line)
    if args.flag("--dry-run"):
        return 0
    if code := need_a_store(args, out, secrets):
        return code
    leave = Leave(
        plain_http=args.flag("--allow-plain-http"),
        bad_certificate=args.flag("--allow-bad-certificate"),
        again=args.flag("--again"),
    )
    result = secrets.attempt(reading.owner, name, place, leave)
    if not isinstance(result, SignIn):
        return refused(args, out, result)
    if args.flag("--json"):
        out.json(
            {
                "profile": reading.name,
                "name": name,
                "outcome": result.outcome.value,
                "ok": result.good,
                "url": plan.url,
                "user": plan.destination.user,
                "proxy": shown_proxy(plan.proxy) or None,
                "status": result.status,
                "secret_sent": result.secret_sent,
                "message": result.message,
                "on": result.on.isoformat(timespec="seconds"),
            }
        )
    else:
        out.line(f"{plain(name)}: {result.outcome}: {plain(result.message)}")
    return 0 if result.good else 3


def plan_lines(plan: TrialPlan) -> list[str]:
    """What a test will do, a line each: shown before it is done."""
    lines = [f"One attempt to sign in at {plain(plan.url)} as {plain(plan.destination.user)}."]
    if plan.proxy:
        lines.append(f"It goes through the proxy {shown_proxy(plan.proxy)}.")
    if plan.last:
        lines.append(f"Tried last on {plan.last.on:%Y-%m-%d %H:%M} UTC: {plan.last.outcome}.")
    return lines


# What is asked, and what is needed first


def ask(args: ParsedArguments, out: Output, prompt: str, *, twice: bool = False) -> Secret | int:
    """A secret from the terminal, or the one on standard input; else the exit code, after a message."""
    if args.flag("--stdin"):
        answer = entry.read_secret()
    else:
        answer = entry.ask_twice(prompt) if twice else entry.ask_secret(prompt)
    return answer if isinstance(answer, Secret) else refused(args, out, answer)


def _need_a_terminal(args: ParsedArguments, out: Output) -> int:
    if sys.stdin is not None and sys.stdin.isatty():
        return 0
    advice = "--stdin reads the secret from a pipe or a file"
    return refused(args, out, Problem("a secret is asked for on a terminal, and standard input is none", advice))


def need_a_store(args: ParsedArguments, out: Output, secrets: Secrets) -> int:
    """Open the chosen store where it is locked; else the exit code, after a message."""
    status = secrets.machine.status()
    if status.kind is StoreKind.VAULT and status.state is StoreState.LOCKED:
        if code := _open_vault(args, out, secrets, StoreKind.VAULT):
            return code
        status = secrets.machine.status()
    if not _is_at_hand(status):
        return refused(args, out, why_not(status))
    _bring(out, secrets)
    return 0


def _bring(out: Output, secrets: Secrets) -> None:
    """Move what a rename that was broken off left under a profile's former name, and say so."""
    if (brought := secrets.bring()) is not None:
        words = f"after a rename that was broken off, {brought}" if isinstance(brought, Done) else str(brought)
        out.message(f"omtui: {words}")


def _open_vault(args: ParsedArguments, out: Output, secrets: Secrets, kind: StoreKind) -> int:
    """Ask for the vault's passphrase where somebody can be asked; a store that stays locked reports that itself."""
    if kind is not StoreKind.VAULT or sys.stdin is None or not sys.stdin.isatty():
        return 0
    store = secrets.machine.store_of(StoreKind.VAULT)
    locked = isinstance(store, BoundedStore) and store.status().state is StoreState.LOCKED
    if not locked or secrets.machine.opens_with_passphrase() is not True:
        return 0
    passphrase = ask(args, out, "Passphrase of the vault: ")
    if isinstance(passphrase, int):
        return passphrase
    outcome = secrets.machine.unlock_vault(passphrase=passphrase)
    passphrase.forget()
    return 0 if isinstance(outcome, Done) else refused(args, out, outcome)


def _is_at_hand(status: Status) -> bool:
    """Whether the store can be asked from a command; what a running workbench has in memory cannot."""
    return status.is_ready and status.kind is not StoreKind.MEMORY


def why_not(status: Status) -> Problem:
    """Why a store cannot be asked, and what helps."""
    if status.kind is not StoreKind.MEMORY:
        return status.why_not
    return Problem(
        "secrets are kept in the memory of the workbench, which no command can see. "
        "Choose another store: omtui vault init"
    )


def looked_up(workspace: Workspace, reading: Reading, out: Output) -> tuple[list[CredentialFacts], Status]:
    """What is known; nothing of a store that this command cannot see into, nor of another profile's secrets."""
    owner = workspace.owner(reading.path if reading.file else None, reading.data)
    if isinstance(owner, Problem):
        out.message(f"{plain(reading.name)}: {owner}")
        return credential_facts(reading.data, None), workspace.secrets.machine.status()
    _bring(out, workspace.secrets)
    facts, status = workspace.secrets.of(owner)
    return (facts if _is_at_hand(status) else credential_facts(owner, None)), status


def _missing(secrets: Secrets, reading: Reading) -> list[str]:
    facts, _ = secrets.of(reading.owner)
    return [each.name for each in facts if each.presence is Presence.MISSING]


def _profile(args: ParsedArguments, out: Output) -> Reading | int:
    """The profile whose secrets are meant, under the name by which they are kept."""
    reading = read(args, args.text("PROFILE"))
    if not isinstance(reading, Reading):
        return wrong(args, out, reading)
    owner = open_workspace(args).owner(reading.path if reading.file else None, reading.data)
    return refused(args, out, owner) if isinstance(owner, Problem) else replace(reading, owner=owner)


def _no_such_credential(reading: Reading) -> Wrong:
    """The name is not repeated: it may be a secret, typed in its place."""
    return Wrong("a credential that the profile has must be named", _names(reading))


def _names(reading: Reading) -> str:
    names = credential_names(reading.data)
    return f"it has {', '.join(map(plain, names))}" if names else "it has none"


def _row(facts: CredentialFacts) -> Sequence[str]:
    goes_to = dict.fromkeys(str(use.destination) for use in facts.uses if isinstance(use.destination, Destination))
    state = state_words(facts)
    return (
        plain(facts.name),
        state.upper() if state == "missing" else state,
        plain(", ".join(use.place for use in facts.uses)) or "nothing",
        plain(", ".join(goes_to)),
        str(facts.noted.expires_on or ""),
        plain(facts.noted.owner),
    )
