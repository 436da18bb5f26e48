"""Unlocking the desktop's keyring with a password typed in the terminal, where no dialogue can be shown.

GNOME keyring offers this to its own tools over D-Bus, by an interface whose name says that nobody promises it.
Without a prompter it is the only way; other services (KWallet, KeePassXC) do not have it.
"""

from contextlib import closing
from typing import Any

from omtui.credentials.answer import Reason, SecretProblem
from omtui.credentials.bus import BadAddressError, bus_address, connect, unavailable_bus
from omtui.credentials.deadline import STORE_SECONDS
from omtui.credentials.secret import Secret
from omtui.plain_text import plain
from omtui.problem import Done

_SERVICE_PATH = "/org/freedesktop/secrets"
_NAME = "org.freedesktop.secrets"
_SERVICE = "org.freedesktop.Secret.Service"
_INTERNAL = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"
_LABEL = "org.freedesktop.Secret.Collection.Label"
_FIRST_KEYRING = "login"
"""The name under which a password login opens it by itself later on."""

_BY_HAND = (
    'Unlock it with the tool of that service; with GNOME keyring also: read -rs P; printf %s "$P" | '
    "gnome-keyring-daemon --replace --unlock --components=secrets"
)


def unlock_keyring(password: Secret, *, create: bool = False, address: str | None = None) -> Done | SecretProblem:
    """Unlocks the default keyring with its password and proves that it is open.

    With `create`, a user who has no keyring yet gets one with this password; without, that is `NO_KEYRING`.
    A wrong password is `SecretProblem` with reason `DENIED`: it costs nothing, nothing is locked out.
    """
    from jeepney import DBusErrorResponse  # type: ignore[import-untyped]
    from secretstorage.exceptions import ItemNotFoundException, SecretServiceNotAvailableException

    at = address or bus_address()
    if isinstance(at, SecretProblem):
        return at
    try:
        with closing(connect(at, STORE_SECONDS)) as connection:
            return _unlock(connection, password, create=create)
    except SecretServiceNotAvailableException:
        return SecretProblem(
            "no program on this session's D-Bus keeps secrets (gnome-keyring, KWallet or KeePassXC)",
            "Start a private keyring session instead (omtui keyring session).",
            Reason.NO_SERVICE,
        )
    except ItemNotFoundException:
        return _failed("org.freedesktop.DBus.Error.UnknownMethod")
    except DBusErrorResponse as error:
        return _failed(str(error.name))
    except (OSError, BadAddressError) as error:
        return unavailable_bus(error)


def _unlock(connection: Any, password: Secret, *, create: bool) -> Done | SecretProblem:
    from jeepney import DBusErrorResponse
    from secretstorage import Collection

    collection = _call(connection, _SERVICE, "ReadAlias", "s", "default")[0]
    if collection == "/":
        if not create:
            return SecretProblem(
                "this user has no keyring yet", "Make one by choosing a password for it.", Reason.NO_KEYRING
            )
        return _create(connection, password)
    if not Collection(connection, collection).is_locked():
        return Done("the keyring is open")
    for ending in ("", "\n"):
        # A keyring made by `echo PASSWORD | gnome-keyring-daemon --unlock` has the line end in its password.
        try:
            _call(
                connection,
                _INTERNAL,
                "UnlockWithMasterPassword",
                "o(oayays)",
                collection,
                _sealed(connection, password, ending),
            )
        except DBusErrorResponse as error:
            if not str(error.name).endswith(".Denied"):
                raise
            continue
        break
    # The state decides, not the answer of the call: other ways of unlocking report success and stay locked.
    if Collection(connection, collection).is_locked():
        return SecretProblem(
            "that is not the keyring's password", "Type it again; nothing is locked out.", Reason.DENIED
        )
    return Done("the keyring is open")


def _create(connection: Any, password: Secret) -> Done:
    properties = {_LABEL: ("s", _FIRST_KEYRING)}
    sealed = _sealed(connection, password)
    made = _call(connection, _INTERNAL, "CreateWithMasterPassword", "a{sv}(oayays)", properties, sealed)[0]
    _call(connection, _SERVICE, "SetAlias", "so", "default", made)
    return Done("a keyring was made; it is open")


def _sealed(connection: Any, password: Secret, ending: str = "") -> Any:
    from secretstorage.util import format_secret, open_session

    return format_secret(open_session(connection), (password.reveal() + ending).encode(), "text/plain")


def _call(connection: Any, interface: str, method: str, signature: str, *values: object) -> Any:
    from secretstorage.util import DBusAddressWrapper

    return DBusAddressWrapper(_SERVICE_PATH, interface, connection).call(method, signature, *values)


def _failed(name: str) -> SecretProblem:
    if name.endswith((".UnknownMethod", ".UnknownInterface", ".UnknownObject")):
        return SecretProblem("this keyring service cannot be unlocked from a terminal", _BY_HAND, Reason.NOT_HERE)
    return SecretProblem(f"the keyring service answered with an error ({plain(name)})", _BY_HAND, Reason.WENT_AWAY)
