"""A secret kept between two commands, in the memory of the Linux kernel and for minutes only.

`omtui vault unlock` needs it: each command is a program of its own. The kernel drops the secret when its time is
up, at the latest when the machine restarts; it never reaches a disk. Any process of the same user can read it,
as with an unlocked keyring. Elsewhere than on Linux, and where a container forbids the calls, nothing is kept.
"""

import platform
import sys

from omtui.credentials.secret import Secret

_CALLS = {"x86_64": (248, 250), "aarch64": (217, 219), "ppc64le": (269, 271), "s390x": (278, 280)}
"""The numbers of add_key and keyctl by kind of machine; the C library has no functions for them."""

_USER_KEYRING = -4
_SETPERM, _UNLINK, _SEARCH, _READ, _SET_TIMEOUT = 5, 9, 10, 11, 15
# All to who possesses the key; view, read, search, set attributes to processes of the same user.
_PERMISSIONS = 0x3F2B0000
_LONGEST = 32767
"""Bytes the kernel takes for one key."""

MINUTES = 15
"""How long a vault stays open for further commands unless the settings say otherwise."""


def remember(name: str, secret: Secret, seconds: int) -> bool:
    """Keeps a secret for so many seconds; false where that cannot be done."""
    data = secret.reveal().encode()
    if not 0 < len(data) <= _LONGEST:
        return False
    key = _add_key(b"user", _described(name), data, len(data), _USER_KEYRING)
    if key < 0:
        return False
    # Without a timeout the secret would stay until the machine restarts.
    if _keyctl(_SET_TIMEOUT, key, seconds) < 0 or _keyctl(_SETPERM, key, _PERMISSIONS) < 0:
        forget(name)
        return False
    return True


def recall(name: str) -> Secret | None:
    """The secret kept under a name, or None when there is none."""
    key = _find(name)
    if key < 0:
        return None
    import ctypes

    buffer = ctypes.create_string_buffer(_LONGEST)
    length = _keyctl(_READ, key, buffer, _LONGEST)
    if not 0 < length <= _LONGEST:
        return None
    try:
        return Secret(buffer.raw[:length].decode())
    except UnicodeDecodeError:
        return None


def forget(name: str) -> bool:
    """Drops what is kept under a name; false when nothing was."""
    key = _find(name)
    return key >= 0 and _keyctl(_UNLINK, key, _USER_KEYRING) == 0


def _find(name: str) -> int:
    return _keyctl(_SEARCH, _USER_KEYRING, b"user", _described(name), 0)


def _described(name: str) -> bytes:
    return f"omtui:{name}".encode()


def _add_key(*arguments: object) -> int:
    return _call(0, *arguments)


def _keyctl(*arguments: object) -> int:
    return _call(1, *arguments)


def _call(which: int, *arguments: object) -> int:
    numbers = _CALLS.get(platform.machine())
    if sys.platform != "linux" or numbers is None:
        return -1
    import ctypes

    call = ctypes.CDLL(None).syscall
    call.restype = ctypes.c_long
    words = (ctypes.c_long(value) if isinstance(value, int) else value for value in (numbers[which], *arguments))
    return int(call(*words))
