"""The session's D-Bus: finding it, and connecting to it within a deadline and without prompts.

The library below reads one environment variable only and waits for an answer without end: that is why other
programs hang, or find no keyring, in a shell over SSH.
"""

import os
import stat
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omtui.credentials.answer import Reason, SecretProblem
from omtui.plain_text import plain

if TYPE_CHECKING:
    import socket

    from jeepney.io.blocking import DBusConnection  # type: ignore[import-untyped]

_PROMPT = "org.freedesktop.Secret.Prompt"
_VARIABLE = "DBUS_SESSION_BUS_ADDRESS"

HOW_TO_GET_A_KEYRING = (
    "On a host without a desktop use one of: an encrypted vault (omtui vault init), a private keyring session "
    "(omtui keyring session), memory only, or a command that prints the secret."
)


class BadAddressError(Exception):
    """The address of the bus is not one that can be connected to."""


class PromptError(Exception):
    """The service tries to show a prompt; omtui never waits for one."""


def bus_address(environ: Mapping[str, str] | None = None) -> str | SecretProblem:
    """The address of this user's session bus, or why there is none.

    `DBUS_SESSION_BUS_ADDRESS` first, else the socket `bus` of the user's run-time folder, where tools in C
    look too; that one only when it is a socket that belongs to this user.
    """
    variables = os.environ if environ is None else environ
    if address := variables.get(_VARIABLE):
        return address
    named = variables.get("XDG_RUNTIME_DIR")
    for folder in (*([Path(named)] if named else []), Path(f"/run/user/{os.getuid()}")):
        socket = folder / "bus"
        try:
            found = socket.lstat()
        except OSError:
            continue
        if not stat.S_ISSOCK(found.st_mode):
            continue
        if found.st_uid != os.getuid():
            return SecretProblem(
                f"the session bus at {plain(socket)} belongs to another user",
                "Sign in as yourself instead of changing user with su or sudo. " + HOW_TO_GET_A_KEYRING,
                Reason.BUS_NOT_OURS,
            )
        return f"unix:path={_escaped(socket)}"
    return SecretProblem(
        f"there is no D-Bus session here ({_VARIABLE} is not set and there is no socket in the run-time folder), "
        "so no keyring can be asked",
        HOW_TO_GET_A_KEYRING,
        Reason.NO_BUS,
    )


def connect(address: str, seconds: float) -> "DBusConnection":
    """A connection, to be closed by who uses it, whose whole life, connecting included, ends within so many seconds.

    Raises:
        TimeoutError: the bus or the service did not answer before the deadline.
        OSError: nothing listens there, or the connection broke.
        BadAddressError: the address is not one that can be connected to.
        PromptError: the service tried to show a prompt.
    """
    from jeepney import HeaderFields  # type: ignore[import-untyped]
    from jeepney.bus import get_connectable_addresses  # type: ignore[import-untyped]
    from jeepney.io.blocking import DBusConnection, prep_socket

    deadline = time.monotonic() + seconds

    class _DeadlineConnection(DBusConnection):  # type: ignore[misc] # jeepney has no types
        def _left(self) -> float:
            return max(0.001, deadline - time.monotonic())

        def send(self, message: Any, serial: Any = None) -> None:
            # A stopped peer lets the socket fill up: sending needs the deadline as well as receiving.
            self.sock.settimeout(self._left())
            super().send(message, serial)

        send_message = send

        def send_and_get_reply(self, message: Any, **_: object) -> Any:
            if message.header.fields.get(HeaderFields.interface) == _PROMPT:
                # Not even sent: the prompt would appear on a screen that nobody may be watching.
                raise PromptError
            return super().send_and_get_reply(message, timeout=self._left())

        def recv_until_filtered(self, *_: object, **__: object) -> Any:
            raise PromptError

    try:
        socket_name = next(iter(get_connectable_addresses(address)))
    except (ValueError, RuntimeError, StopIteration):
        raise BadAddressError from None
    sock = prep_socket(socket_name, timeout=max(0.001, min(1.0, seconds)))
    try:
        _check_owner(sock)
        return _DeadlineConnection(sock)
    except BaseException:
        sock.close()
        raise


def unavailable_bus(error: OSError | BadAddressError) -> SecretProblem:
    """The answer for an error that `connect` raised."""
    if isinstance(error, TimeoutError):
        return SecretProblem(
            "the session's D-Bus or its keyring did not answer in time",
            "It hangs, or waits for an answer on another screen: end or restart it. " + HOW_TO_GET_A_KEYRING,
            Reason.TIMED_OUT,
        )
    if isinstance(error, FileNotFoundError | ConnectionRefusedError):
        return SecretProblem(
            "the D-Bus session that the environment names is gone (an old tmux or screen keeps such an address)",
            f"Open a new shell, or unset {_VARIABLE}. " + HOW_TO_GET_A_KEYRING,
            Reason.NO_BUS,
        )
    if isinstance(error, PermissionError):
        return SecretProblem(
            "the session's D-Bus rejects this user",
            "Sign in as yourself instead of changing user with su or sudo. " + HOW_TO_GET_A_KEYRING,
            Reason.BUS_NOT_OURS,
        )
    if isinstance(error, BadAddressError):
        return SecretProblem(
            "the address of the session's D-Bus is of a kind that cannot be used here (only unix sockets are)",
            f"Fix or unset {_VARIABLE}. " + HOW_TO_GET_A_KEYRING,
            Reason.NO_BUS,
        )
    return SecretProblem(
        f"the session's D-Bus broke off ({plain(error.strerror or type(error).__name__)})",
        "Try again; if it stays so, open a new session. " + HOW_TO_GET_A_KEYRING,
        Reason.WENT_AWAY,
    )


def _check_owner(sock: "socket.socket") -> None:
    """A bus of another user could keep a secret: the listener must be this user."""
    import socket
    import struct

    if hasattr(socket, "SO_PEERCRED"):
        size = struct.calcsize("3i")
        _, user, _ = struct.unpack("3i", sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
        if user != os.getuid():
            raise PermissionError


def _escaped(path: Path) -> str:
    return "".join(
        sign if sign.isalnum() or sign in "-_/.\\*" else "".join(f"%{byte:02x}" for byte in sign.encode())
        for sign in str(path)
    )
