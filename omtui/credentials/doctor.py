"""What `omtui doctor` and the credentials screen report about this machine: one fact a line, with advice."""

import os
import resource
from collections.abc import Mapping
from dataclasses import dataclass

from omtui.credentials.answer import SecretProblem
from omtui.credentials.leaks import watchers
from omtui.credentials.machine import Machine
from omtui.credentials.settings import CredentialSettings
from omtui.credentials.sign_in import shown_proxy
from omtui.credentials.store import Status, StoreKind
from omtui.plain_text import plain

_IGNORED = ("PYTHON_KEYRING_BACKEND", "KEYCHAIN_PATH")


@dataclass(frozen=True)
class StoreFact:
    """One line: where `ok` is false, `advice` says what to do."""

    name: str
    ok: bool
    detail: str
    advice: str = ""


def doctor_facts(machine: Machine, environ: Mapping[str, str] | None = None) -> list[StoreFact]:
    """Where secrets are kept, whether that can be reached, and what around here could show them.

    Asks the operating system's keyring (3 s at most), even where another store is chosen.
    """
    variables = os.environ if environ is None else environ
    settings = machine.settings()
    status = machine.status()
    advice = status.problem.fix if status.problem else ""
    facts = [_choice(settings), StoreFact("credential store", status.is_ready, _status_words(status), advice)]
    keyring = status if status.kind is StoreKind.KEYRING else machine.keyring_status()
    if status.kind is not StoreKind.KEYRING:
        # Reported, but not as a fault: another store was chosen on purpose.
        facts.append(StoreFact("keyring", True, _status_words(keyring)))
    facts += [_other_choices(machine, status, keyring), _keyring_variables(variables)]
    facts += [
        StoreFact("secrets while typed", False, watcher, "Unset it before entering a secret.")
        for watcher in watchers(variables)
    ]
    facts.append(_proxies(variables))
    facts.append(_core_dumps())
    return facts


def _choice(settings: CredentialSettings | SecretProblem) -> StoreFact:
    if isinstance(settings, SecretProblem):
        return StoreFact("credential settings", False, settings.message, settings.fix)
    if settings.store is None:
        return StoreFact("credential settings", True, "no store is chosen yet; the system's keyring is tried")
    return StoreFact("credential settings", True, f"{settings.store} is chosen by {plain(settings.chosen_by)}")


def _status_words(status: Status) -> str:
    problem = f" ({status.reason}): {status.problem.message}" if status.problem else ""
    return f"{status.where}: {status.state}{problem}"


def _other_choices(machine: Machine, status: Status, keyring: Status) -> StoreFact:
    possible = [
        choice.title for choice in machine.choices(keyring) if choice.possible and choice.kind is not status.kind
    ]
    return StoreFact("other stores", True, ", ".join(possible) or "none")


def _keyring_variables(variables: Mapping[str, str]) -> StoreFact:
    found = [name for name in variables if name in _IGNORED or name.startswith("KEYRING_PROPERTY_")]
    detail = f"{', '.join(sorted(plain(name) for name in found))}: not used by omtui" if found else "none set"
    return StoreFact("keyring variables", True, detail)


def _proxies(variables: Mapping[str, str]) -> StoreFact:
    found = {
        name: value
        for name, value in variables.items()
        if name.lower() in ("http_proxy", "https_proxy", "all_proxy") and value
    }
    shown = "; ".join(f"{name}={shown_proxy(value)}" for name, value in sorted(found.items()))
    return StoreFact("proxy for sign-ins", True, shown or "none")


def _core_dumps() -> StoreFact:
    allowed = resource.getrlimit(resource.RLIMIT_CORE)[0] != 0
    return StoreFact(
        "memory images",
        not allowed,
        "a crash may write this program's memory to a file" if allowed else "a crash leaves none",
        "ulimit -c 0" if allowed else "",
    )
