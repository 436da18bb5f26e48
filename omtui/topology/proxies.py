"""The proxies that the environment asks for, as curl and Go read it."""

from __future__ import annotations

import base64
import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from omtui.setup.hosts import host_name


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy. `authorization` is what the environment's own address carries, never a profile's."""

    host: str
    port: int
    authorization: str = ""

    @property
    def shown(self) -> str:
        """For people: without the password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


class Proxies:
    """Which proxy, if any, is between this machine and a host.

    `HTTPS_PROXY`, `HTTP_PROXY` (lower case wins), `ALL_PROXY` and `NO_PROXY` (names, suffixes, networks, `*`; with
    commas or blanks between). Loopback is never sent through a proxy. Only `http://` proxies are spoken to; another
    kind is reported in `problem` and not used.
    """

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        environment = os.environ if environment is None else environment
        self._by_scheme: dict[str, Proxy] = {}
        self._problems: dict[str, str] = {}
        for scheme in ("http", "https"):
            read = _proxy(_value(environment, f"{scheme}_proxy") or _value(environment, "all_proxy"))
            if isinstance(read, Proxy):
                self._by_scheme[scheme] = read
            elif read:
                self._problems[scheme] = read
        self.problem = next(iter(self._problems.values()), "")
        self._exceptions = re.split(r"[,\s]+", _value(environment, "no_proxy").lower())

    def for_target(self, scheme: str, host: str, port: int) -> Proxy | None:
        """The proxy for one target; None for a direct connection (always for tcp)."""
        proxy = self._by_scheme.get(scheme)
        return None if proxy is None or self._direct(host_name(host), port) else proxy

    def passed_by(self, scheme: str, host: str, port: int) -> str:
        """Why a proxy that the environment asks for is not used for a target; the empty text where none is."""
        problem = self._problems.get(scheme, "")
        return "" if not problem or self._direct(host_name(host), port) else problem

    def _direct(self, host: str, port: int) -> bool:
        try:
            address = ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            address = None
        if host == "localhost" or host.endswith(".localhost") or (address is not None and address.is_loopback):
            return True
        return any(_excepts(entry, host, port, address) for entry in self._exceptions)


def _proxy(url: str) -> Proxy | str:
    """The proxy of an address, or why it cannot be used; the empty text for no address."""
    if not url:
        return ""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        port = parts.port
    except ValueError:
        return "the environment's proxy address is no URL; it is not used"
    if parts.scheme != "http" or not parts.hostname:
        return f"the environment asks for a {parts.scheme} proxy, which is not supported; it is not used"
    authorization = ""
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        authorization = "Basic " + base64.b64encode(pair.encode()).decode()
    return Proxy(parts.hostname, port or 80, authorization)


def _value(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name)
    if value is None and not (name == "http_proxy" and "REQUEST_METHOD" in environment):
        # In a CGI environment HTTP_PROXY may come from a request's header.
        value = environment.get(name.upper())
    return (value or "").strip()


def _excepts(entry: str, host: str, port: int, address: ipaddress.IPv4Address | ipaddress.IPv6Address | None) -> bool:
    if not entry or entry == "*":
        return bool(entry)
    if "/" in entry:
        try:
            return address is not None and address in ipaddress.ip_network(entry, strict=False)
        except ValueError:
            return False
    name, _, only = entry.rpartition(":")
    if name and only.isdecimal() and name.count(":") == 0:
        if int(only) != port:
            return False
        entry = name
    entry = host_name(entry.strip("[]").removeprefix("*").lstrip("."))
    return host == entry or host.endswith("." + entry)
