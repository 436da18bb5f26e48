"""The operating system's own store on macOS and Windows, by keyring's backend class, never by its choice.

Keyring's automatic choice reads files and variables that may name any Python class, and falls back to stores
that keep plain text. Here the platform alone decides.
"""

import sys
from collections.abc import Callable
from typing import Protocol, TypeVar, cast

from omtui.credentials.answer import Absent, Done, Found, Refused, Unavailable
from omtui.credentials.reason import Reason
from omtui.credentials.record import Record, from_text, to_text
from omtui.credentials.reference import Reference
from omtui.credentials.store import Kind, State, Status, Store

_Answer = TypeVar("_Answer")

_LONGEST_ON_WINDOWS = 1200
"""Characters of an entry: the Credential Manager takes 2,560 bytes and counts two for a character."""


class Backend(Protocol):
    """The three methods of keyring's backend classes that are used."""

    def get_password(self, service: str, username: str) -> str | None:
        """The entry, or None when there is none."""
        ...

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keeps an entry."""
        ...

    def delete_password(self, service: str, username: str) -> None:
        """Removes an entry, or raises `PasswordDeleteError`."""
        ...


def service_name(reference: Reference) -> str:
    """The service under which a credential is kept in every store of an operating system."""
    return f"omtui:{reference.profile}"


def damaged(reference: Reference, where: str) -> Unavailable:
    """What to tell of an entry that cannot be read as one of ours."""
    from omtui.plain_text import plain

    return Unavailable(
        Reason.DAMAGED,
        f"the entry {plain(reference)} in {where} was not written by this version of omtui",
        "Set the credential again, or delete the entry there by hand.",
    )


def read_entry(backend: Backend, reference: Reference, where: str) -> Found | Absent | Unavailable:
    """The record in a backend's entry."""
    text = backend.get_password(service_name(reference), reference.name)
    if text is None:
        return Absent()
    record = from_text(text)
    return damaged(reference, where) if record is None else Found(record)


def write_entry(backend: Backend, reference: Reference, record: Record, where: str) -> Done:
    """Keeps a record as a backend's entry."""
    backend.set_password(service_name(reference), reference.name, to_text(record))
    return Done(f"kept in {where}")


def delete_entry(backend: Backend, reference: Reference, where: str) -> Done:
    """Removes a backend's entry, also one that cannot be read.

    It is asked for first: the backends raise the same error for an entry that is not there and for one that
    cannot be deleted.
    """
    try:
        there = backend.get_password(service_name(reference), reference.name) is not None
    except (UnicodeDecodeError, IndexError):
        there = True
    if not there:
        return Done(f"there was none in {where}", changed=False)
    backend.delete_password(service_name(reference), reference.name)
    return Done(f"deleted from {where}")


class SystemStore:
    """A store of the operating system through one backend class.

    `load` gives the backend and the exceptions by which its system says no; `longest` is how many characters
    an entry may have there.
    """

    def __init__(
        self,
        load: Callable[[], tuple[Backend, tuple[type[Exception], ...]]],
        where: str,
        longest: int | None = None,
    ) -> None:
        self._load = load
        self._where = where
        self._longest = longest

    kind = Kind.KEYRING

    @property
    def where(self) -> str:
        """See `Store`."""
        return self._where

    def status(self) -> Status:
        """See `Store`. Neither system tells more without opening a dialogue, so this asks nothing."""
        return Status(self.kind, self.where, State.READY)

    def read(self, reference: Reference) -> Found | Absent | Unavailable:
        """See `Store`."""
        return self._asked(lambda backend: read_entry(backend, reference, self.where))

    def write(self, reference: Reference, record: Record) -> Done | Refused | Unavailable:
        """See `Store`."""
        if self._longest is not None and len(to_text(record)) > self._longest:
            return Refused(
                Reason.TOO_LONG,
                f"{self.where} keeps at most {self._longest:,} characters with what belongs to them",
                "Keep this one in the encrypted vault (omtui vault init).",
            )
        return self._asked(lambda backend: write_entry(backend, reference, record, self.where))

    def delete(self, reference: Reference) -> Done | Refused | Unavailable:
        """See `Store`."""
        return self._asked(lambda backend: delete_entry(backend, reference, self.where))

    def _asked(self, ask: Callable[[Backend], _Answer]) -> _Answer | Unavailable:
        from keyring.errors import KeyringError, KeyringLocked

        try:
            backend, errors = self._load()
        except ImportError:
            return self._not_here()
        failures: tuple[type[Exception], ...] = (KeyringError, OSError, *errors)
        try:
            return ask(backend)
        except KeyringLocked:
            return Unavailable(
                Reason.LOCKED,
                f"{self.where} is locked, or its dialogue was answered with no",
                "Unlock it with the system's own tool and try again.",
            )
        except failures:
            return self._not_here()

    def _not_here(self) -> Unavailable:
        # The system's message is left out: nobody promises that it does not repeat what was to be kept.
        return Unavailable(
            Reason.NOT_HERE,
            f"{self.where} could not be used",
            "Look at it with the system's own tool (Keychain Access, Credential Manager), or choose another store.",
        )


def system_store(platform: str = sys.platform) -> Store:
    """The operating system's store. Nothing is imported or asked before its first use."""
    if platform == "darwin":
        return SystemStore(_keychain, "the macOS Keychain")
    if platform == "win32":
        return SystemStore(_credential_manager, "the Windows Credential Manager", _LONGEST_ON_WINDOWS)
    from omtui.credentials.secret_service import SecretServiceStore

    return SecretServiceStore()


def _keychain() -> tuple[Backend, tuple[type[Exception], ...]]:
    from keyring.backends.macOS import Keyring

    class Keychain(Keyring):
        keychain = None  # not what the variable KEYCHAIN_PATH says

        def set_properties_from_env(self) -> None:
            """Not here: variables of the environment must not turn our backend into another."""

    # Where the system's library could not be loaded, the class fails by NameError at its first use.
    return cast(Backend, Keychain()), (NameError,)  # type: ignore[no-untyped-call]


def _credential_manager() -> tuple[Backend, tuple[type[Exception], ...]]:
    from keyring.backends import Windows

    class CredentialManager(Windows.WinVaultKeyring):
        def set_properties_from_env(self) -> None:
            """Not here: variables of the environment must not turn our backend into another."""

    # The error class comes from a package that only Windows has.
    system_error = getattr(getattr(Windows, "pywintypes", None), "error", OSError)
    return cast(Backend, CredentialManager()), (system_error, NameError)  # type: ignore[no-untyped-call]
