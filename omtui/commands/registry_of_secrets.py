"""The commands of the group Secrets, for the registry."""

from omtui.commands.arguments import Argument, Command, Option
from omtui.commands.options import JSON, PROFILE, READ

_SECRETS = "Secrets"
_MOVABLE = ("keyring", "session", "vault")
_CREDENTIAL = Argument("NAME", "the credential's name in the profile", "?", "credential")
_STDIN = Option("--stdin", "read the secret from standard input")
_IDENTITY = Option("--identity", "the private key that opens the vault", "FILE", kind="file")
_TO = Option("--to", "seal it for this key: age1…, or a line of a .pub file", "RECIPIENT", many=True)

COMMANDS: tuple[Command, ...] = (
    Command(
        "secret set",
        "keep the secret of a credential, or of every one that is missing",
        "omtui.commands.secrets:set_secret",
        (PROFILE, _CREDENTIAL),
        (_STDIN, JSON),
        ("omtui secret set vision-dev connector01", "omtui secret set vision-dev wms --stdin"),
        "It is asked for without showing it. One credential that several connectors use is set once. It may go to the "
        "addresses and users that stand in the profile now, and nowhere else.",
        _SECRETS,
        discreet=True,
    ),
    Command(
        "secret list",
        "which credentials there are, and which are set",
        "omtui.commands.secrets:list_secrets",
        (READ, _CREDENTIAL),
        (JSON,),
        ("omtui secret list vision-dev",),
        "A value is never shown. Where no store answers, it tells why, and what is set is not known.",
        _SECRETS,
        discreet=True,
    ),
    Command(
        "secret test",
        "sign in with a credential, once",
        "omtui.commands.secrets:test",
        (PROFILE, _CREDENTIAL),
        (
            Option("--at", "which use to test, where it goes to several places", "PLACE", kind="place"),
            Option("--dry-run", "only tell where it would go, and as whom"),
            Option("--again", "also where this very password was refused before"),
            Option("--allow-plain-http", "send it in clear text, this once"),
            Option("--allow-bad-certificate", "send it past a certificate that fails, this once"),
            JSON,
        ),
        ("omtui secret test vision-dev connector01",),
        "One attempt only: an Oracle account locks after five wrong passwords. Ends with 3 unless it was accepted.",
        _SECRETS,
        discreet=True,
    ),
    Command(
        "secret delete",
        "remove a secret from the store",
        "omtui.commands.secrets:delete",
        (PROFILE, _CREDENTIAL),
        (Option("--all", "every secret of the profile"), JSON),
        ("omtui secret delete vision-dev connector01", "omtui secret delete vision-dev --all"),
        group=_SECRETS,
        discreet=True,
    ),
    Command(
        "secret move",
        "take secrets from one store to another",
        "omtui.commands.secrets:move",
        (PROFILE, _CREDENTIAL),
        (
            Option("--to", "keyring, session or vault", "STORE", choices=_MOVABLE),
            Option("--was", "the name that the credential had before, where it was renamed", "NAME"),
            Option("--from", "the store they are in, if not the chosen one", "STORE", choices=_MOVABLE),
            JSON,
        ),
        ("omtui secret move vision-dev --to vault", "omtui secret move vision-test --from keyring --to vault"),
        "Each is read back in the new store before it is deleted in the old one. Without a name all of the profile "
        "move, and the new store is chosen for this machine.",
        _SECRETS,
        discreet=True,
    ),
    Command(
        "keyring status",
        "where secrets are kept here, and what else is possible",
        "omtui.commands.keyring_and_vault:keyring_status",
        (),
        (JSON,),
        ("omtui keyring status",),
        group=_SECRETS,
    ),
    Command(
        "keyring unlock",
        "open the system's keyring with its password",
        "omtui.commands.keyring_and_vault:keyring_unlock",
        (),
        (Option("--create", "make a keyring where there is none"), _STDIN, JSON),
        ("omtui keyring unlock",),
        "For a shell over SSH, where nobody sees the desktop's dialogue.",
        _SECRETS,
        discreet=True,
    ),
    Command(
        "keyring session",
        "a private keyring for one program, or a shell",
        "omtui.commands.keyring_and_vault:keyring_session",
        (Argument("PROGRAM", "the program and its arguments, behind --; else your shell", "*", loose=True),),
        (_STDIN,),
        ("omtui keyring session", "omtui keyring session -- omtui vision-dev"),
        "For hosts without a desktop: D-Bus and a GNOME keyring of its own, with a password of its own, that end with "
        "the program.",
        _SECRETS,
    ),
    Command(
        "vault init",
        "make an encrypted vault, and keep secrets in it",
        "omtui.commands.keyring_and_vault:vault_init",
        (),
        (_TO, _STDIN, JSON),
        ("omtui vault init", 'omtui vault init --to "$(cat ~/.ssh/id_ed25519.pub)"'),
        "One file in the age format, opened with a passphrase or with keys.",
        _SECRETS,
        discreet=True,
    ),
    Command(
        "vault unlock",
        "open the vault for the commands of the next minutes",
        "omtui.commands.keyring_and_vault:vault_unlock",
        (),
        (_IDENTITY, Option("--minutes", "how long, 15 if not given", "NUMBER"), _STDIN, JSON),
        ("omtui vault unlock", "omtui vault unlock --identity ~/.ssh/id_ed25519"),
        group=_SECRETS,
        discreet=True,
    ),
    Command(
        "vault lock",
        "forget what opened the vault",
        "omtui.commands.keyring_and_vault:vault_lock",
        (),
        (JSON,),
        ("omtui vault lock",),
        group=_SECRETS,
    ),
    Command(
        "vault rekey",
        "seal the vault with another passphrase, or for other keys",
        "omtui.commands.keyring_and_vault:vault_rekey",
        (),
        (_TO, _IDENTITY, _STDIN, JSON),
        ("omtui vault rekey",),
        "Older copies of the file still open as before.",
        _SECRETS,
        discreet=True,
    ),
    Command(
        "vault recipients",
        "the keys that open the vault",
        "omtui.commands.keyring_and_vault:vault_recipients",
        (),
        (
            Option("--add", "let this key open it too: age1…, or a line of a .pub file", "RECIPIENT", many=True),
            Option("--remove", "let this key open it no more", "RECIPIENT", many=True),
            _IDENTITY,
            _STDIN,
            JSON,
        ),
        ("omtui vault recipients", 'omtui vault recipients --add "$(cat colleague.pub)"'),
        group=_SECRETS,
        discreet=True,
    ),
)
"""Secrets, the system's keyring, and the vault."""
