"""Where a secret may go: scheme, host, port and user. Compared exactly, never by resemblance."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from omtui.credentials.secret import Secret
from omtui.plain_text import plain
from omtui.setup import hosts

_PORTS = {"http": 80, "https": 443}
# White space, controls, backslashes and the like are read differently by different URL readers; a secret
# goes only where all of them agree.
_SOUND = re.compile(r"[a-z][a-z0-9+.-]*://[^\s\\\x00-\x20\x7f<>\"^`{|}]+", re.IGNORECASE)
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")


@dataclass(frozen=True, order=True)
class Destination:
    """One place a secret may be sent to. `host` is in lower case and ASCII (punycode), without a last dot."""

    scheme: str
    host: str
    port: int
    user: str

    @property
    def origin(self) -> str:
        """`https://host:port`, the port always shown."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.origin} as {plain(self.user)}" if self.user else self.origin


@dataclass(frozen=True)
class NoDestination:
    """An address from which no destination can be read, and why. The address is not repeated."""

    reason: str


def destination(url: str, user: str) -> Destination | NoDestination:
    """The destination of a URL as a profile holds it, with the user who signs in there."""
    parts = hosts.split_url(url) if _SOUND.fullmatch(url) else None
    if parts is None:
        return NoDestination("the address is missing or holds characters that no address has")
    if hosts.without_sign_in(url)[0] != url:
        return NoDestination("the address holds a user name or password before the host")
    if not parts.host:
        return NoDestination("the address names no host")
    number = int(parts.port) if re.fullmatch("[0-9]{1,5}", parts.port) else 0
    port = number if parts.port else _PORTS.get(parts.scheme)
    if not port:
        return NoDestination("the address names no port")
    host = hosts.host_name(parts.host)
    if port > 65535 or not (hosts.is_host(host) if ":" in host else _HOST.fullmatch(host)):
        return NoDestination("the address has no sound host or port")
    return Destination(parts.scheme, host, port, user)


def endpoint(scheme: str, host: str, port: int, user: str = "") -> Destination | NoDestination:
    """The destination of a host and a port given apart."""
    shown = f"[{host}]" if ":" in host else host
    read = destination(f"{scheme}://{shown}:{port}", user)
    # A path or a user in the host field leads somewhere else than it seems.
    if isinstance(read, Destination) and any(sign in host for sign in "/@?#"):
        return NoDestination("the host holds characters that no host name has")
    return read


@dataclass(frozen=True)
class SplitAddress:
    """An address without its sign-in."""

    url: str
    user: str
    secret: Secret | None


def without_sign_in(url: str) -> SplitAddress:
    """Takes `user:password@` out of an address a person typed, so that the password goes to the store.

    An address without one, or one that cannot be read, is returned as it is.
    """
    bare, sign_in = hosts.without_sign_in(url)
    if bare == url:
        return SplitAddress(url, "", None)
    user, colon, password = sign_in.partition(":")
    return SplitAddress(bare, unquote(user), Secret(unquote(password)) if colon else None)
