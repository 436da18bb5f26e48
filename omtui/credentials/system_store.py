"""The operating system's own store on macOS and Windows, by keyring's backend class, never by its choice.

Keyring's automatic choice reads files and variables that may name any Python class, and falls back to stores
that keep plain text. Here the platform alone decides.
"""

import sys
from collections.abc import Callable
from typing import TypeVar, cast

from omtui.credentials.answer import Absent, Reason, SecretProblem
from omtui.credentials.keyring_entry import Backend, delete_entry, read_entry, write_entry
from omtui.credentials.record import SecretRecord, SecretReference, to_text
from omtui.credentials.store import Status, Store, StoreKind
from omtui.problem import Done

_Answer = TypeVar("_Answer")

_LONGEST_ON_WINDOWS = 1200
"""Characters of an entry: the Credential Manager takes 2,560 bytes and counts two for a character."""


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

    kind = StoreKind.KEYRING

    @property
    def where(self) -> str:
        """See `Store`."""
        return self._where

    def status(self) -> Status:
        """See `Store`. Neither system says more without a dialogue, so this asks nothing."""
        return Status(self.kind, self.where)

    def read(self, reference: SecretReference) -> SecretRecord | Absent | SecretProblem:
        """See `Store`."""
        return self._asked(lambda backend: read_entry(backend, reference, self.where))

    def write(self, reference: SecretReference, record: SecretRecord) -> Done | SecretProblem:
        """See `Store`."""
        if self._longest is not None and len(to_text(record)) > self._longest:
            return SecretProblem(
                f"{self.where} keeps at most {self._longest:,} characters with what belongs to them",
                "Keep this one in the encrypted vault (omtui vault init).",
                Reason.TOO_LONG,
            )
        return self._asked(lambda backend: write_entry(backend, reference, record, self.where))

    def delete(self, reference: SecretReference) -> Done | SecretProblem:
        """See `Store`."""
        return self._asked(lambda backend: delete_entry(backend, reference, self.where))

    def _asked(self, ask: Callable[[Backend], _Answer]) -> _Answer | SecretProblem:
        from keyring.errors import KeyringError, KeyringLocked

        try:
            backend, errors = self._load()
        except ImportError:
            return self._not_here()
        failures: tuple[type[Exception], ...] = (KeyringError, OSError, *errors)
        try:
            return ask(backend)
        except KeyringLocked:
            return SecretProblem(
                f"{self.where} is locked, or its dialogue was answered with no",
                "Unlock it with the system's own tool and try again.",
                Reason.LOCKED,
            )
        except failures:
            return self._not_here()

    def _not_here(self) -> SecretProblem:
        # The system's message is left out: nobody promises that it does not repeat what was to be kept.
        return SecretProblem(
            f"{self.where} could not be used",
            "Look at it with the system's own tool (Keychain Access, Credential Manager), or choose another store.",
            Reason.NOT_HERE,
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

    # The error class is from a package that only Windows has.
    system_error = getattr(getattr(Windows, "pywintypes", None), "error", OSError)
    return cast(Backend, CredentialManager()), (system_error, NameError)  # type: ignore[no-untyped-call]
