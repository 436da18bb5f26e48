"""The settings of this machine for secrets: where they are kept, and the commands that print them.

One file, `credentials.toml`, in the user's configuration folder; people may edit it. It never holds a secret and
is never read from a profile or a hand-over file.

```toml
schema = 1
store = "vault"                # keyring | session | vault | memory | command
vault_file = "/home/me/vault.age"     # optional
highest_work_factor = 18       # optional: what opening a passphrase file may cost, 2^18 is 256 MiB
relock_minutes = 60            # optional: without use, the vault locks itself

[[command]]                    # optional; the first that fits is asked
credential = "pod"             # left out: any; so is profile
arguments = ["pass", "show", "omtui/{profile}/{credential}"]
seconds = 10
```
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from omtui.credentials.age.recipients import HIGHEST_WORK_FACTOR, WORK_FACTOR
from omtui.credentials.answer import Reason, SecretProblem
from omtui.credentials.command_store import LONGEST_SECONDS, SECONDS, SecretCommand
from omtui.credentials.private_file import locked, read_private, replace_private
from omtui.credentials.store import StoreKind
from omtui.plain_text import plain
from omtui.problem import Done
from omtui.store.folders import config_folder, data_folder
from omtui.typed_path import typed_path

VARIABLE = "OMTUI_STORE"
"""The environment variable that chooses a kind of store for one run, over the settings file."""

_HIGHEST = 22
_LONGEST_MINUTES = 366 * 24 * 60
_KINDS = ", ".join(StoreKind)
_KEYS = {"schema", "store", "vault_file", "highest_work_factor", "relock_minutes", "command"}


@dataclass(frozen=True)
class CredentialSettings:
    """What is chosen on this machine. `store` is None as long as nobody has chosen."""

    vault_file: Path
    store: StoreKind | None = None
    chosen_by: str = ""
    commands: tuple[SecretCommand, ...] = ()
    highest_work_factor: int = HIGHEST_WORK_FACTOR
    relock_minutes: float | None = None


class Folders:
    """Where this user's files are: `configuration` for the choice, `data` for the vault and what belongs to it."""

    def __init__(self, configuration: Path, data: Path) -> None:
        self.configuration = configuration
        self.data = data
        self.settings = configuration / "credentials.toml"
        self.vault = data / "vault.age"
        """The vault, unless the settings name another file."""
        self.bindings = data / "command-credentials.json"
        """Where the secrets of a command may go."""
        self.sign_ins = data / "sign-ins.json"
        self.session = data / "keyring"


def user_folders() -> Folders:
    """The folders of the user on this system."""
    return Folders(config_folder(), data_folder())


def read_settings(folders: Folders, environ: Mapping[str, str] = os.environ) -> CredentialSettings | SecretProblem:
    """The settings file, if there is one, with the environment's choice over it.

    A file that is damaged is `SecretProblem`, never a default: what it chose must not be replaced by a guess.
    """
    content = read_private(folders.settings, public=True)
    if isinstance(content, SecretProblem):
        return content
    settings = CredentialSettings(folders.vault) if content is None else _parsed(content, folders)
    if isinstance(settings, SecretProblem) or not environ.get(VARIABLE):
        return settings
    kind = _kind(environ[VARIABLE])
    if kind is None:
        return _broken(f"the variable {VARIABLE} holds {plain(environ[VARIABLE])}", f"Set it to one of {_KINDS}.")
    return replace(settings, store=kind, chosen_by=f"the variable {VARIABLE}")


def choose_store(folders: Folders, kind: StoreKind) -> Done | SecretProblem:
    """Remembers for this machine where secrets are kept. Everything else in the file stays, comments included."""
    with locked(folders.settings) as fault:
        before = fault or read_settings(folders, {})
        if isinstance(before, SecretProblem):
            return before
        if before.store is kind:
            return Done(f"secrets are kept in: {kind}")
        # A link (a person's dotfiles) is followed to its file, which is replaced there.
        target = folders.settings.resolve()
        content = read_private(target, public=True)
        if isinstance(content, SecretProblem):
            return content
        text = _with_store("" if content is None else content.decode("utf-8"), kind)
        fault = replace_private(target, text.encode("utf-8"))
    return fault or Done(f"secrets are kept in: {kind}, remembered in {plain(folders.settings)}")


def _with_store(text: str, kind: StoreKind) -> str:
    import tomlkit

    document = tomlkit.parse(text)
    if "store" in document:
        document["store"] = kind.value
        return tomlkit.dumps(document)
    # At the top, where it separates no comment from the lines below it.
    schema = "" if "schema" in document else "schema = 1\n"
    return f'{schema}store = "{kind}"\n' + text


def _parsed(content: bytes, folders: Folders) -> CredentialSettings | SecretProblem:
    where = plain(folders.settings)
    try:
        data = tomllib.loads(content.decode("utf-8"))
    except (ValueError, ArithmeticError, RecursionError) as error:  # also of numbers beyond all measure
        why = "it is nested too deep" if isinstance(error, RecursionError) else plain(error)
        return _broken(f"{where} is not TOML ({why})", "Correct it or move it away.")
    if data.get("schema", 1) != 1 or isinstance(data.get("schema"), bool):
        return _broken(f"{where} was written for another version of omtui", "Use that version, or move it away.")
    unknown = sorted(set(data) - _KEYS)
    if unknown:
        return _broken(
            f"{where} holds {plain(unknown[0])}, which means nothing", f"Known are {', '.join(sorted(_KEYS))}."
        )
    kind = _kind(data["store"]) if "store" in data else None
    if "store" in data and kind is None:
        return _broken(f"{where} chooses a store that does not exist", f"Set store to one of {_KINDS}.")
    commands = _commands(data.get("command", []))
    if commands is None:
        return _broken(
            f"a [[command]] in {where} is not as it should be",
            'Write arguments = ["program", "argument"], a list of text, and nothing for a shell.',
        )
    highest = data.get("highest_work_factor", HIGHEST_WORK_FACTOR)
    minutes = data.get("relock_minutes")
    file = _vault_file(data.get("vault_file", str(folders.vault)))
    if (
        type(highest) is not int
        or not WORK_FACTOR <= highest <= _HIGHEST
        or not (minutes is None or (_is_number(minutes) and 0 < minutes <= _LONGEST_MINUTES))
        or file is None
    ):
        return _broken(
            f"a value in {where} is not as it should be",
            f"highest_work_factor is {WORK_FACTOR} to {_HIGHEST}, relock_minutes is above 0 and at most "
            f"{_LONGEST_MINUTES}, vault_file is a whole path, such as /home/me/vault.age or ~/vault.age.",
        )
    relock = None if minutes is None else float(minutes)
    return CredentialSettings(file, kind, where if kind else "", commands, highest, relock)


def _commands(data: object) -> tuple[SecretCommand, ...] | None:
    if not isinstance(data, list):
        return None
    commands: list[SecretCommand] = []
    for entry in data:
        match entry:
            case {"arguments": [str(_), *_] as arguments} if set(entry) <= {
                "arguments",
                "profile",
                "credential",
                "seconds",
            }:
                names = (entry.get("profile"), entry.get("credential"))
                seconds = entry.get("seconds", SECONDS)
                if (
                    not all(isinstance(part, str) and part and "\0" not in part for part in arguments)
                    or not all(name is None or isinstance(name, str) for name in names)
                    or not _is_number(seconds)
                    or not 0 < seconds <= LONGEST_SECONDS
                ):
                    return None
                commands.append(SecretCommand(tuple(arguments), *names, float(seconds)))
            case _:
                return None
    return tuple(commands)


def _is_number(value: object) -> bool:
    """Whether a value is a number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _vault_file(value: object) -> Path | None:
    """The path of the vault; `None` for what is no path, or one that depends on the folder omtui is started in."""
    if not isinstance(value, str) or "\0" in value:
        return None
    try:
        path = typed_path(value)
    except RuntimeError:  # the home of a user who is not known here
        return None
    return path if path.is_absolute() else None


def _kind(word: object) -> StoreKind | None:
    return StoreKind(word) if isinstance(word, str) and word in set(StoreKind) else None


def _broken(message: str, fix: str) -> SecretProblem:
    return SecretProblem(message, fix, Reason.SETTINGS_BROKEN)
