"""The operating system's own store: the Keychain of macOS by keyring's backend class, else the Secret Service.

Keyring's automatic choice reads files and variables that may name any Python class, and falls back to stores
that keep plain text. Here the platform alone decides.
"""

import sys
from collections.abc import Callable
from typing import TypeVar, cast

from omtui.credentials.answer import Reason, SecretProblem
from omtui.credentials.keyring_entry import Backend, KeyringStore
from omtui.credentials.record import SecretReference
from omtui.credentials.secret_service import SecretServiceStore
from omtui.credentials.store import Status, Store, StoreKind

_Answer = TypeVar("_Answer")


class SystemStore(KeyringStore):
    """A store of the operating system through one backend class, which `load` gives."""

    def __init__(self, load: Callable[[], Backend], where: str) -> None:
        super().__init__(StoreKind.KEYRING, where)
        self._load = load

    def status(self) -> Status:
        """See `Store`. The system says no more without a dialogue, so this asks nothing."""
        return Status(self.kind, self.where)

    def ask(self, question: Callable[[Backend], _Answer], _reference: SecretReference, /) -> _Answer | SecretProblem:
        """See `KeyringStore`."""
        from keyring.errors import KeyringError, KeyringLocked

        try:
            return question(self._load())
        except KeyringLocked:
            return SecretProblem(
                f"{self.where} is locked, or its dialogue was answered with no",
                "Unlock it with the system's own tool and try again.",
                Reason.LOCKED,
            )
        except (ImportError, KeyringError, OSError, NameError):
            # Where the system's library could not be loaded, the class fails by NameError at its first use.
            # The system's message is left out: nobody promises that it does not repeat what was to be kept.
            return SecretProblem(
                f"{self.where} could not be used",
                "Look at it with the system's own tool (Keychain Access), or choose another store.",
                Reason.NOT_HERE,
            )


def system_store(platform: str = sys.platform) -> Store:
    """The operating system's store. Nothing is imported or asked before its first use."""
    return SystemStore(_keychain, "the macOS Keychain") if platform == "darwin" else SecretServiceStore()


def _keychain() -> Backend:
    from keyring.backends.macOS import Keyring

    class Keychain(Keyring):
        keychain = None  # not what the variable KEYCHAIN_PATH says

        def set_properties_from_env(self) -> None:
            """Not here: variables of the environment must not turn our backend into another."""

    return cast(Backend, Keychain())  # type: ignore[no-untyped-call]
