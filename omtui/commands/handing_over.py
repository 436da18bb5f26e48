"""Commands that hand a set-up over and take one in: export, import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omtui.commands.arguments import ParsedArguments
from omtui.commands.arriving import arrived, done_words, show_arriving, unlocked
from omtui.commands.output import Output
from omtui.commands.profile_arguments import (
    STDIN,
    Reading,
    open_workspace,
    read,
    refused,
    surroundings_of,
    wrong,
)
from omtui.plain_text import few, plain
from omtui.problem import Done, Problem, Wrong
from omtui.service.handing_over import Arriving, Taken, look, pack, profile_text, why_not_taken, write_hand_over
from omtui.service.handing_over import take_in as write
from omtui.typed_path import typed_path

if TYPE_CHECKING:
    from omtui.credentials.handover import HandedOver, Incoming
    from omtui.credentials.secret import Secret
    from omtui.service.sealed_secrets import KeptSecrets, Sealed
    from omtui.service.workspace import Workspace

# Out


def export(args: ParsedArguments, out: Output) -> int:
    """One file for a colleague's `import`; secrets only when asked for, and sealed."""
    if (misuse := _why_not_exported(args)) is not None:
        return wrong(args, out, misuse)
    reading = read(args, args.text("PROFILE"))
    if not isinstance(reading, Reading):
        return wrong(args, out, reading)
    # Of an earlier state, too, it is the profile's: the part after an @ does not belong to its name.
    name = reading.path.name.removesuffix(".toml") if reading.path is not None else reading.name
    content = profile_text(name, reading.document, surroundings_of(open_workspace(args), reading))
    if isinstance(content, Problem):
        return refused(args, out, content)
    sealed: Sealed | None = None
    if args.flag("--secrets"):
        answer = _sealed(args, out, reading, content)
        if isinstance(answer, int):
            return answer
        sealed = answer
    packed = pack(name, content, reading.data, reading.path, sealed=sealed.armoured if sealed else None)
    if isinstance(packed, Problem):
        return refused(args, out, packed)
    file = args.text("--output")
    if file == STDIN:
        out.write(packed.content.decode("ascii"))
    elif not isinstance(done := write_hand_over(file, packed.content), Done):
        return refused(args, out, done)
    for note in packed.notes:
        out.message(note)
    names = [each.name for each in packed.needed]
    within = list(sealed.names) if sealed else []
    if args.flag("--json"):
        out.json(
            {
                "profile": reading.name,
                "file": file,
                "mapping": packed.has_mapping,
                "secrets": within,
                "to_be_provided": [name for name in names if name not in within],
            }
        )
        return 0
    where = "" if file == STDIN else f" to {plain(file)}"
    out.message(f"{plain(reading.name)}: handed over{where}{' with its mapping' if packed.has_mapping else ''}")
    if sealed:
        out.message(f"Sealed in it: the secrets of {few(within)}")
    if missing := [name for name in names if name not in within]:
        out.message(f"To be provided by who imports it: {few(missing)}")
    return 0


def _why_not_exported(args: ParsedArguments) -> Wrong | None:
    if not args.text("--output"):
        return Wrong("--output is missing", "name the file: -o vision-dev.handover.json")
    if args.text("--output") == STDIN and args.flag("--json"):
        return Wrong("-o - and --json both write to standard output", "give one of them")
    keys, passphrase = args.texts("--to"), args.flag("--passphrase")
    if not args.flag("--secrets"):
        if keys or passphrase or args.flag("--stdin"):
            return Wrong("--to, --passphrase and --stdin say how secrets are sealed", "add --secrets")
        return None
    if keys and passphrase:
        return Wrong("--to and --passphrase exclude each other", "seal it for keys, or with a passphrase")
    if args.flag("--stdin") and not passphrase:
        return Wrong("--stdin gives the passphrase", "add --passphrase, or leave it out")
    return None


def _sealed(args: ParsedArguments, out: Output, reading: Reading, content: bytes) -> Sealed | int:
    from omtui.commands.secrets import ask, need_a_store
    from omtui.credentials.keys import passphrase_recipient, recipients_of
    from omtui.service.sealed_secrets import seal

    if args.flag("--passphrase"):
        answer = ask(args, out, "A passphrase for the hand-over: ", twice=True)
        if isinstance(answer, int):
            return answer
        recipients = passphrase_recipient(answer)
    else:
        recipients = recipients_of(args.texts("--to"))
    # Checked before a store is opened: an empty list is refused, too.
    if isinstance(recipients, Problem):
        return refused(args, out, recipients)
    workspace = open_workspace(args)
    secrets, owner = workspace.secrets, workspace.owner(reading.path if reading.file else None, reading.data)
    if isinstance(owner, Problem):
        return refused(args, out, owner)
    if code := need_a_store(args, out, secrets):
        return code
    sealed = seal(secrets, reading.name, content, owner, recipients)
    return refused(args, out, sealed) if isinstance(sealed, Problem) else sealed


# In


def take_in(args: ParsedArguments, out: Output) -> int:
    """Check a file, show what it brings, and write it unless it is a dry run."""
    if args.flag("--fsm"):
        from omtui.commands.packages import take_in_package

        return take_in_package(args, out)
    if args.flag("--propose"):
        return wrong(args, out, Wrong("--propose writes the mapping of a setup data package", "add --fsm"))
    workspace = open_workspace(args)
    files = []
    for word in args.texts("FILE"):
        file = arrived(word)
        if isinstance(file, Wrong):
            return wrong(args, out, file)
        files.append(file)
    arriving = look(workspace, files, as_name=args.optional("--as"), sheets=args.flag("--sheet"))
    if isinstance(arriving, Wrong):
        return wrong(args, out, arriving)
    if (code := unlocked(args, out, arriving)) is not None:
        return code
    over, partly, dry = (args.flag(name) for name in ("--over", "--partly", "--dry-run"))
    why = why_not_taken(arriving, over=over, partly=partly)
    if not args.flag("--json"):
        show_arriving(out, arriving)
    if why is not None and not dry:
        if args.flag("--json"):
            out.json(_document(arriving, None, None, None))
        return refused(args, out, why)
    opened: HandedOver | None = None
    if args.flag("--secrets"):
        answer = _opened(args, out, workspace, arriving)
        if isinstance(answer, int):
            return answer
        opened = answer
    if dry:
        if args.flag("--json"):
            out.json(_document(arriving, None, opened, None))
        elif opened is not None:
            _show_opened(out, opened)
        out.message(f"Nothing was written{f': it would be refused: {why}' if why else ''}")
        return 0
    taken = write(workspace, arriving, over=over, partly=partly, reason=args.text("--reason"))
    if isinstance(taken, Problem):
        return refused(args, out, taken)
    for note in taken.notes:
        out.message(note)
    kept = _kept(args, out, workspace, arriving, opened) if opened is not None else None
    if args.flag("--json"):
        out.json(_document(arriving, taken, opened, kept))
    out.message(done_words(arriving, taken))
    if arriving.incoming.secrets and opened is None:
        out.message("The file has sealed secrets: the same command with --secrets takes them")
    return 3 if kept is not None and kept.faults else 0


def _show_opened(out: Output, opened: HandedOver) -> None:
    out.line(out.bold(f"Sealed secrets of {plain(opened.profile)}, sealed {opened.created:%Y-%m-%d %H:%M} UTC"))
    for name, record in sorted(opened.records.items()):
        places = ", ".join(sorted(plain(str(place)) for place in record.destinations)) or "nowhere"
        out.line(f"  {plain(name)}: set {record.set_on:%Y-%m-%d}; its sender allowed it at {places}")


def _opened(args: ParsedArguments, out: Output, workspace: Workspace, arriving: Arriving) -> HandedOver | int:
    """What is sealed in it, opened with a key or a passphrase."""
    from omtui.commands.secrets import ask, need_a_store
    from omtui.credentials.keys import identity_from_file, needs_passphrase
    from omtui.credentials.secret import Secret
    from omtui.service.sealed_secrets import unseal, wants_passphrase

    armoured, original, secrets = arriving.incoming.secrets, arriving.incoming.original, workspace.secrets
    if armoured is None:
        return refused(args, out, Problem("the file has no sealed secrets", "leave --secrets out"))
    if not args.flag("--dry-run") and (code := need_a_store(args, out, secrets)):
        return code
    identity: Secret | None = None
    passphrase: Secret | None = None
    if file := args.optional("--identity"):
        key = identity_from_file(typed_path(file))
        if not isinstance(key, Secret):
            return refused(args, out, key)
        identity = key
    elif not wants_passphrase(armoured):
        fix = "--identity FILE names the private key, for example ~/.ssh/id_ed25519"
        return refused(args, out, Problem("the secrets are sealed for a key", fix))
    if identity is None or needs_passphrase(identity):
        what = "Passphrase of the key: " if identity else "Passphrase of the hand-over: "
        answer = ask(args, out, what)
        if isinstance(answer, int):
            return answer
        passphrase = answer
    opened = unseal(secrets, armoured, original, passphrase=passphrase, identity=identity)
    return refused(args, out, opened) if isinstance(opened, Problem) else opened


def _kept(
    args: ParsedArguments, out: Output, workspace: Workspace, arriving: Arriving, opened: HandedOver
) -> KeptSecrets | None:
    """Keep the secrets that are new or newer; `--older` also those that were set here later."""
    from omtui.service.sealed_secrets import KeptSecrets, compare, keep, wanted, words

    secrets, profile = workspace.secrets, arriving.data
    incoming = compare(secrets, profile, opened)
    if isinstance(incoming, Problem):
        return _not_kept(args, out, incoming)
    names = wanted(incoming, profile, older=args.flag("--older"))
    kept: KeptSecrets | Problem = keep(secrets, profile, opened, names) if names else KeptSecrets((), ())
    if isinstance(kept, Problem):
        return _not_kept(args, out, kept)
    for each in incoming:
        done = "kept" if each.credential in kept.names else _why_left(each, profile)
        out.message(f"{plain(each.credential)}: {done} ({words(each)})")
    for fault in kept.faults:
        out.message(f"omtui {args.command.name}: {fault}")
    return kept


def _not_kept(args: ParsedArguments, out: Output, why: Problem) -> KeptSecrets:
    from omtui.service.sealed_secrets import KeptSecrets

    refused(args, out, why)
    return KeptSecrets((), (str(why),))


def _why_left(each: Incoming, profile: object) -> str:
    from omtui.credentials.handover import SecretChange
    from omtui.credentials.uses import credential_names

    if isinstance(profile, dict) and each.credential not in credential_names(profile):
        return "left out: the profile has no such credential"
    return {SecretChange.SAME: "nothing to do", SecretChange.OLDER: "left as it is; --older replaces it"}.get(
        each.change, "left as it is"
    )


def _document(
    arriving: Arriving, taken: Taken | None, opened: HandedOver | None, kept: KeptSecrets | None
) -> dict[str, object]:
    from omtui.compare.difference_report import change_to_json

    incoming = arriving.incoming
    return {
        "profile": arriving.name,
        "file": str(taken.path) if taken else None,
        "written": bool(taken and taken.changed),
        "is_new": arriving.is_new,
        "made_on": incoming.made_on or None,
        "version": incoming.version or None,
        "brings": arriving.brings,
        "changes": [] if arriving.is_new else [change_to_json(each) for each in arriving.difference.changes],
        "notices": [{"where": each.where, "message": each.message} for each in incoming.notices],
        "faults": [
            {"sheet": each.sheet, "row": each.row, "column": each.column, "message": each.message, "fix": each.fix}
            for each in arriving.faults
        ],
        "credentials": [
            {
                "name": each.name,
                "used_by": list(each.used_by),
                "owner": each.owner,
                "expires_on": each.expires_on or None,
            }
            for each in incoming.credentials
        ],
        "mapping": incoming.mapping is not None,
        "sealed": incoming.secrets is not None,
        "secrets": sorted(opened.records) if opened else None,
        "secrets_kept": list(kept.names) if kept else None,
    }
