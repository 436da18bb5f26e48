"""Hosts, ports and paths out of what profiles hold, without ever failing on a wrong URL."""

import re
from typing import NamedTuple

_URL = re.compile(
    r"\s*(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?:[^/?#@]*@)*(?P<host>\[[^\]/?#]*\]|[^/?#:@\s]*)(?::(?P<port>\d{1,5}))?"
    r"(?P<rest>[^#]*)"
)
_DEFAULT_PORTS = {"https": 443, "http": 80}
_LOOPBACK = re.compile(r"localhost|.+\.localhost|127\.\d+\.\d+\.\d+|::1|")


class Address(NamedTuple):
    """Where something is reached. Two addresses are equal when they lead to the same place."""

    host: str
    """In lower case, without a final dot and without the brackets of IPv6."""
    port: int | None
    path: str
    """With the query, without the slash at its end."""


def address_of(url: str) -> Address | None:
    """The address in a URL; `None` when the text holds no host."""
    match = _URL.match(url)
    if match is None or not match["host"]:
        return None
    port = int(match["port"]) if match["port"] else _DEFAULT_PORTS.get(match["scheme"].lower())
    return Address(host_name(match["host"]), port, match["rest"].strip().rstrip("/"))


def host_in(url: str) -> str:
    """The host in a URL; empty when there is none."""
    address = address_of(url)
    return address.host if address else ""


def host_name(host: str) -> str:
    """A host name or address in the form in which two of them can be compared."""
    return host.strip().strip("[]").rstrip(".").lower()


def is_loopback(host: str) -> bool:
    """Whether a host is the machine itself: every machine has it, so it tells nothing of an environment."""
    return _LOOPBACK.fullmatch(host) is not None
