"""The commands of the group Secrets."""

from omtui.commands.arguments import Argument, Command, Option
from omtui.commands.options import JSON, PROFILE, READ

_MOVABLE = ("keyring", "session", "vault")
_CREDENTIAL = Argument("NAME", "the credential's name in the profile", "?", "credential")
_STDIN = Option("--stdin", "read the secret from standard input")
_IDENTITY = Option("--identity", "the private key that opens the vault", "FILE", kind="file")
_TO = Option("--to", "seal it for this key: age1…, or a line of a .pub file", "RECIPIENT", many=True)

COMMANDS: tuple[Command, ...] = (
    Command(
        "secret set",
        "Set the secret of a credential, or of every missing one",
        "omtui.commands.secrets:set_secret",
        (PROFILE, _CREDENTIAL),
        (_STDIN, JSON),
        ("omtui secret set vision-dev connector01", "omtui secret set vision-dev wms --stdin"),
        "Prompts for the secret without showing it. A credential that several connectors use is set once. omtui sends "
        "it only to the addresses and users that the profile has now.",
        discreet=True,
    ),
    Command(
        "secret list",
        "List credentials, and which are set",
        "omtui.commands.secrets:list_secrets",
        (READ, _CREDENTIAL),
        (JSON,),
        ("omtui secret list vision-dev",),
        "Never shows a value. When no store answers, it prints why; what is set is then not known.",
        discreet=True,
    ),
    Command(
        "secret test",
        "Test a credential with one sign-in",
        "omtui.commands.secrets:test",
        (PROFILE, _CREDENTIAL),
        (
            Option("--at", "which use to test, where there are several places", "PLACE", kind="place"),
            Option("--dry-run", "show where it would be sent, and as whom; send nothing"),
            Option("--again", "test even a password that was refused before"),
            Option("--allow-plain-http", "send it in clear text this once"),
            Option("--allow-bad-certificate", "ignore a bad certificate this once"),
            JSON,
        ),
        ("omtui secret test vision-dev connector01",),
        "Makes one attempt only: an Oracle account locks after five wrong passwords. Exits with 3 unless it is "
        "accepted.",
        discreet=True,
    ),
    Command(
        "secret delete",
        "Delete a secret from the store",
        "omtui.commands.secrets:delete",
        (PROFILE, _CREDENTIAL),
        (Option("--all", "every secret of the profile"), JSON),
        ("omtui secret delete vision-dev connector01", "omtui secret delete vision-dev --all"),
        discreet=True,
    ),
    Command(
        "secret move",
        "Move secrets from one store to another",
        "omtui.commands.secrets:move",
        (PROFILE, _CREDENTIAL),
        (
            Option("--to", "the new store: keyring, session or vault", "STORE", choices=_MOVABLE),
            Option("--was", "the former name of a renamed credential", "NAME"),
            Option("--from", "the store to move from, if not the chosen one", "STORE", choices=_MOVABLE),
            JSON,
        ),
        ("omtui secret move vision-dev --to vault", "omtui secret move vision-test --from keyring --to vault"),
        "Each is read back in the new store before it is deleted in the old one. Without a name, all secrets of the "
        "profile move, and the new store is chosen for this machine.",
        discreet=True,
    ),
    Command(
        "keyring status",
        "Show where secrets are kept, and which other stores are possible",
        "omtui.commands.keyring_and_vault:keyring_status",
        (),
        (JSON,),
        ("omtui keyring status",),
    ),
    Command(
        "keyring unlock",
        "Unlock the system's keyring with its password",
        "omtui.commands.keyring_and_vault:keyring_unlock",
        (),
        (Option("--create", "create a keyring if there is none"), _STDIN, JSON),
        ("omtui keyring unlock",),
        "For a shell over SSH, where the desktop's dialogue cannot be seen.",
        discreet=True,
    ),
    Command(
        "keyring session",
        "Run a program, or a shell, with a private keyring",
        "omtui.commands.keyring_and_vault:keyring_session",
        (Argument("PROGRAM", "the program and its arguments, after --; your shell if left out", "*", loose=True),),
        (_STDIN,),
        ("omtui keyring session", "omtui keyring session -- omtui vision-dev"),
        "For hosts without a desktop: starts a D-Bus and a GNOME keyring with a password of its own, which end with "
        "the program.",
    ),
    Command(
        "vault init",
        "Create an encrypted vault, and keep secrets in it",
        "omtui.commands.keyring_and_vault:vault_init",
        (),
        (_TO, _STDIN, JSON),
        ("omtui vault init", 'omtui vault init --to "$(cat ~/.ssh/id_ed25519.pub)"'),
        "The vault is one file in the age format, opened with a passphrase or with keys.",
        discreet=True,
    ),
    Command(
        "vault unlock",
        "Unlock the vault for the commands of the next minutes",
        "omtui.commands.keyring_and_vault:vault_unlock",
        (),
        (_IDENTITY, Option("--minutes", "how long; 15 if left out", "NUMBER"), _STDIN, JSON),
        ("omtui vault unlock", "omtui vault unlock --identity ~/.ssh/id_ed25519"),
        discreet=True,
    ),
    Command(
        "vault lock",
        "Lock the vault",
        "omtui.commands.keyring_and_vault:vault_lock",
        (),
        (JSON,),
        ("omtui vault lock",),
    ),
    Command(
        "vault rekey",
        "Seal the vault with another passphrase, or for other keys",
        "omtui.commands.keyring_and_vault:vault_rekey",
        (),
        (_TO, _IDENTITY, _STDIN, JSON),
        ("omtui vault rekey",),
        "Older copies of the file still open as before.",
        discreet=True,
    ),
    Command(
        "vault recipients",
        "List or change the keys that open the vault",
        "omtui.commands.keyring_and_vault:vault_recipients",
        (),
        (
            Option("--add", "add this key: age1…, or a line of a .pub file", "RECIPIENT", many=True),
            Option("--remove", "remove this key", "RECIPIENT", many=True),
            _IDENTITY,
            _STDIN,
            JSON,
        ),
        ("omtui vault recipients", 'omtui vault recipients --add "$(cat colleague.pub)"'),
        discreet=True,
    ),
)
