"""Names to addresses as this system would, but with the name server's own return code.

The hosts file comes first, then the name servers of the system's resolver configuration, asked by dnspython in
the event loop: no pool of threads that a few dead names could fill (asyncio's own resolver has six, and calls
healthy endpoints dead because of it). Each name is asked for once per review, whoever needs it.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import dns.exception
import dns.resolver
from dns.asyncresolver import Resolver

from omtui.setup.hosts import ascii_name, host_name
from omtui.topology.evidence import IPV4, IPV6, Stop

HOSTS_FILE = Path("/etc/hosts")
_SECOND_FAMILY_GRACE = 1.0
"""Seconds that the second family's answer may come later than the first's before it is left out."""


@dataclass(frozen=True, slots=True)
class HostLookup:
    """What a name led to: addresses with their family, or why there are none. `source` names who said so."""

    addresses: tuple[tuple[str, str], ...] = ()
    stop: Stop | None = None
    source: str = ""


class NameResolver:
    """One review's memory of names.

    `servers` and `port` replace the system's name servers, `hosts_file` the system's hosts file; `lifetime` is
    the time in seconds that one name may take with all its attempts.
    """

    def __init__(
        self,
        *,
        servers: Sequence[str] | None = None,
        port: int = 53,
        hosts_file: Path | None = HOSTS_FILE,
        lifetime: float = 5.0,
    ) -> None:
        self._servers = servers
        self._port = port
        self._hosts_file = hosts_file
        self._lifetime = lifetime
        self._hosts: dict[str, list[str]] | None = None
        self._resolver: Resolver | Stop | None = None
        self._lookups: dict[str, asyncio.Task[HostLookup]] = {}

    async def lookup(self, host: str) -> HostLookup:
        """The addresses of a host. Never raises; takes `lifetime` at most, about a millisecond when it knows."""
        literal = _literal(host)
        if literal is not None:
            return literal
        name = host_name(host)
        task = self._lookups.get(name)
        if task is None:
            noted = self._from_hosts_file(name)
            if noted is not None:
                return noted
            task = self._lookups[name] = asyncio.get_running_loop().create_task(self._ask(host))
        # One probe's cancellation must not take the answer from the others that wait for the same name.
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Ends what is still being asked, and forgets what was answered."""
        pending = [task for task in self._lookups.values() if not task.done()]
        self._lookups.clear()
        self._hosts = self._resolver = None
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)

    def _from_hosts_file(self, name: str) -> HostLookup | None:
        if self._hosts is None:
            self._hosts = read_hosts(self._hosts_file) if self._hosts_file is not None else {}
        noted = self._hosts.get(name)
        source = "the hosts file"
        if not noted and (name == "localhost" or name.endswith(".localhost")):
            # RFC 6761: these names never leave the machine.
            noted, source = ["127.0.0.1", "::1"], "this machine"
        if not noted:
            return None
        return HostLookup(tuple((address, _family(address)) for address in noted), source=source)

    async def _ask(self, host: str) -> HostLookup:
        resolver = self._resolver_of_system()
        if isinstance(resolver, Stop):
            return HostLookup(stop=resolver)
        asked = ascii_name(host)
        if not asked:
            return HostLookup(stop=Stop("name-unknown", "it is no valid name"))
        loop = asyncio.get_running_loop()
        first = loop.create_task(self._ask_family(resolver, asked, "A"))
        second = loop.create_task(self._ask_family(resolver, asked, "AAAA"))
        try:
            done, pending = await asyncio.wait({first, second}, return_when=asyncio.FIRST_COMPLETED)
            if pending and any(task.result().addresses for task in done):
                await asyncio.wait(pending, timeout=_SECOND_FAMILY_GRACE)
            elif pending and not any(_is_final(task.result()) for task in done):
                await asyncio.wait(pending)
        finally:
            late = [task for task in (first, second) if not task.done()]
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        answers = [task.result() for task in (first, second) if not task.cancelled()]
        addresses = tuple(address for answer in answers for address in answer.addresses)
        if addresses:
            return HostLookup(addresses, source=next(answer.source for answer in answers if answer.addresses))
        stops = [answer.stop for answer in answers if answer.stop is not None]
        order = ("name-unknown", "name-server-failed", "name-server-silent", "name-without-address")
        return HostLookup(stop=min(stops, key=lambda stop: order.index(stop.word)))

    async def _ask_family(self, resolver: Resolver, host: str, kind: str) -> HostLookup:
        before = list(resolver.nameservers)
        try:
            answer = await resolver.resolve(host, kind, search=True, lifetime=self._lifetime)
        except dns.resolver.NXDOMAIN:
            return HostLookup(stop=Stop("name-unknown", "NXDOMAIN"))
        except dns.resolver.NoAnswer:
            return HostLookup(stop=Stop("name-without-address", f"no {kind} record"))
        except dns.resolver.YXDOMAIN:
            return HostLookup(stop=Stop("name-unknown", "YXDOMAIN"))
        except dns.resolver.NoNameservers as error:
            return HostLookup(stop=_failed(error))
        except dns.exception.Timeout:
            return HostLookup(stop=Stop("name-server-silent", _list_of(before)))
        except dns.exception.DNSException as error:
            return HostLookup(stop=Stop("name-unknown", str(error)))
        except OSError as error:
            return HostLookup(stop=Stop("name-server-failed", error.strerror or str(error)))
        self._prefer(resolver, before, str(answer.nameserver))
        family = IPV4 if kind == "A" else IPV6
        addresses = tuple((str(record.address), family) for record in answer)
        return HostLookup(addresses, source=f"name server {answer.nameserver}")

    def _prefer(self, resolver: Resolver, before: Sequence[object], answered: str) -> None:
        """A name server that had to be waited for is asked last from now on, as good stub resolvers do."""
        servers = list(resolver.nameservers)
        if servers == list(before) and len(servers) > 1 and answered in servers and servers[0] != answered:
            resolver.nameservers = [answered, *(server for server in servers if server != answered)]

    def _resolver_of_system(self) -> Resolver | Stop:
        if self._resolver is None:
            try:
                resolver = Resolver(configure=self._servers is None)
            except dns.resolver.NoResolverConfiguration as error:
                self._resolver = Stop("name-server-failed", f"no name server is configured ({error})")
                return self._resolver
            if self._servers is not None:
                resolver.nameservers = list(self._servers)
                resolver.port = self._port
            # dnspython waits 2 s for a server; then a second try, or a second server, fits in the lifetime.
            resolver.timeout = min(resolver.timeout, self._lifetime / 2.5)
            self._resolver = resolver
        return self._resolver


def read_hosts(path: Path) -> dict[str, list[str]]:
    """The hosts file as name (lower case) to addresses, in the file's order; empty when it cannot be read."""
    hosts: dict[str, list[str]] = {}
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return hosts
    for line in text.splitlines():
        address, *names = line.partition("#")[0].split() or [""]
        if names and _literal(address) is not None:
            for name in names:
                noted = hosts.setdefault(host_name(name), [])
                if address not in noted:
                    noted.append(address)
    return hosts


def _literal(host: str) -> HostLookup | None:
    bare = host.partition("%")[0]
    for family, name in ((socket.AF_INET, IPV4), (socket.AF_INET6, IPV6)):
        try:
            socket.inet_pton(family, bare)
        except (OSError, ValueError):
            continue
        return HostLookup(((host, name),))
    return None


def _family(address: str) -> str:
    return IPV6 if ":" in address else IPV4


def _is_final(lookup: HostLookup) -> bool:
    """An answer that speaks of the name itself, not of one family of addresses."""
    return lookup.stop is not None and lookup.stop.word == "name-unknown"


def _failed(error: object) -> Stop:
    """SERVFAIL, REFUSED and the like, unless all that could be said is that nobody answered."""
    codes: list[str] = []
    silent = True
    for entry in getattr(error, "kwargs", {}).get("errors", ()):
        problem = str(entry[3])
        silent = silent and "timed out" in problem
        code = f"{entry[0]}: {problem}"
        if code not in codes:
            codes.append(code)
    return Stop("name-server-silent" if codes and silent else "name-server-failed", "; ".join(codes)[:300])


def _list_of(servers: Sequence[object]) -> str:
    return ", ".join(str(server) for server in servers)


def clock() -> float:
    """Milliseconds of a clock that only goes forward."""
    return time.perf_counter() * 1000
