"""The Secret Service (GNOME keyring, KWallet, KeePassXC) on the session's D-Bus, within bounds.

Uses keyring's own backend class, so that what is kept here is found by `keyring get` and the other way round,
but with the one method replaced that would wait without end, create a collection or ask on a screen.

Any process of the same user can read an unlocked Secret Service; that is its design (CVE-2018-19358, disputed).
"""

import time
from collections.abc import Callable
from contextlib import closing
from typing import Any, TypeVar, cast

from omtui.credentials.answer import Reason, SecretProblem
from omtui.credentials.bus import (
    HOW_TO_GET_A_KEYRING,
    BadAddressError,
    PromptError,
    bus_address,
    connect,
    unavailable_bus,
)
from omtui.credentials.deadline import STORE_SECONDS
from omtui.credentials.keyring_entry import Backend, KeyringStore, damaged
from omtui.credentials.record import SecretReference
from omtui.credentials.store import Status, StoreKind
from omtui.plain_text import plain

_Answer = TypeVar("_Answer")

DEFAULT_COLLECTION = "/org/freedesktop/secrets/aliases/default"
_SECONDS = STORE_SECONDS * 0.9
"""A little less than the store's bound, so that the exact reason wins over the general one."""

_SENSELESS = SecretProblem(
    "the keyring service gave an answer that makes no sense",
    "Try again; if it stays so, restart it. " + HOW_TO_GET_A_KEYRING,
    Reason.WENT_AWAY,
)

UNLOCK = "Unlock it here by typing its password (omtui keyring unlock), or choose another store."


class SecretServiceStore(KeyringStore):
    """The default collection of the Secret Service at a D-Bus address (the session's own if none is given)."""

    def __init__(
        self,
        address: str | None = None,
        kind: StoreKind = StoreKind.KEYRING,
        where: str = "the desktop's keyring (Secret Service)",
    ) -> None:
        super().__init__(kind, where)
        self._address = address

    def status(self) -> Status:
        """See `Store`. Locked and unreachable are two states."""
        address = self._address or bus_address()
        answer = address if isinstance(address, SecretProblem) else _asked(lambda: _check(address), _SENSELESS)
        return Status(self.kind, self.where, answer)

    def ask(self, question: Callable[[Backend], _Answer], reference: SecretReference, /) -> _Answer | SecretProblem:
        """See `KeyringStore`."""
        address = self._address or bus_address()
        if isinstance(address, SecretProblem):
            return address
        return _asked(lambda: question(_bounded_keyring(address)), damaged(reference, self.where))


def _check(address: str) -> None:
    """Raises one of the errors of `_asked` unless the default collection is there and open."""
    from keyring.errors import KeyringLocked
    from secretstorage import Collection

    with closing(connect(address, _SECONDS)) as connection:
        if Collection(connection, DEFAULT_COLLECTION).is_locked():
            raise KeyringLocked


def _bounded_keyring(address: str) -> Backend:
    from keyring.backends.SecretService import Keyring
    from keyring.errors import KeyringLocked
    from secretstorage import Collection

    until = time.monotonic() + _SECONDS

    class _PromptlessKeyring(Keyring):
        def set_properties_from_env(self) -> None:
            """Not here: variables of the environment must not turn our backend into another."""

        def get_preferred_collection(self) -> Any:
            connection = connect(address, until - time.monotonic())
            try:
                collection = Collection(connection, DEFAULT_COLLECTION)
                if collection.is_locked():
                    raise KeyringLocked
            except BaseException:
                connection.close()
                raise
            return collection

        def unlock(self, item: Any) -> None:
            if item.is_locked():
                raise KeyringLocked

    return cast(Backend, _PromptlessKeyring())  # type: ignore[no-untyped-call]


def _asked(ask: Callable[[], _Answer], senseless: SecretProblem) -> _Answer | SecretProblem:
    """Turns every way in which the service fails into a reason. None of them is `Absent`.

    `senseless` is returned when its answer makes no sense, such as a secret that is no text.
    """
    try:
        from jeepney import DBusErrorResponse  # type: ignore[import-untyped]
        from keyring.errors import KeyringError, KeyringLocked
        from secretstorage.exceptions import (
            ItemNotFoundException,
            LockedException,
            PromptDismissedException,
            SecretServiceNotAvailableException,
        )
    except ImportError:
        return SecretProblem(
            "the package SecretStorage, which speaks to the desktop's keyring, is not installed",
            "Install it (pip install SecretStorage). " + HOW_TO_GET_A_KEYRING,
            Reason.NOT_HERE,
        )
    try:
        return ask()
    except (KeyringLocked, LockedException, PromptError, PromptDismissedException):
        return SecretProblem("the keyring is locked", UNLOCK, Reason.LOCKED)
    except SecretServiceNotAvailableException:
        return SecretProblem(
            "no program on this session's D-Bus keeps secrets (gnome-keyring, KWallet or KeePassXC)",
            "Start one, for example: gnome-keyring-daemon --start --components=secrets. " + HOW_TO_GET_A_KEYRING,
            Reason.NO_SERVICE,
        )
    except ItemNotFoundException:
        return SecretProblem(
            "the keyring service runs, but this user has no keyring yet",
            "Make one here by giving it a password (omtui keyring unlock), or choose another store.",
            Reason.NO_KEYRING,
        )
    except DBusErrorResponse as error:
        return _dbus_error(str(error.name))
    except KeyringError:
        return _SENSELESS
    except (OSError, BadAddressError) as error:
        return unavailable_bus(error)
    except (ValueError, IndexError, AssertionError):
        # How the libraries fail on bytes or types they do not expect. The error may hold the secret: it ends here.
        return senseless


def _dbus_error(name: str) -> SecretProblem:
    if name.endswith(".IsLocked"):
        return SecretProblem("the keyring is locked", UNLOCK, Reason.LOCKED)
    return SecretProblem(
        f"the keyring service answered with an error ({plain(name)})",
        "Try again; if it stays so, restart it. " + HOW_TO_GET_A_KEYRING,
        Reason.WENT_AWAY,
    )
