"""Where a probe takes its connections and its names from: this machine."""

from __future__ import annotations

import asyncio
import errno
import os
import resource
import socket
from typing import Protocol

from omtui.topology.evidence import Stop
from omtui.topology.names import HostLookup, NameResolver
from omtui.topology.poller import LoopPoller, Readiness, make_poller


class Stream(Protocol):
    """A connection, bytes in and out. Deadlines are the caller's (`asyncio.timeout`)."""

    async def read(self, maximum: int) -> bytes:
        """Some bytes, at most `maximum`; b"" when the other side has ended. Raises OSError when it broke."""
        ...

    async def write(self, data: bytes) -> None:
        """Sends everything. Raises OSError when the connection broke."""
        ...

    def close(self) -> None:
        """Closes the connection at once; may be called twice."""
        ...


_WORDS = {
    errno.ECONNREFUSED: "refused",
    errno.ETIMEDOUT: "timed-out",
    errno.EHOSTUNREACH: "host-unreachable",
    errno.EHOSTDOWN: "host-unreachable",
    errno.EACCES: "host-unreachable",
    errno.EPERM: "host-unreachable",
    errno.ENETUNREACH: "network-unreachable",
    errno.ENETDOWN: "network-unreachable",
    errno.EINVAL: "network-unreachable",
    errno.EADDRNOTAVAIL: "network-unreachable",
    errno.EAFNOSUPPORT: "network-unreachable",
    errno.ECONNRESET: "reset",
    errno.ECONNABORTED: "reset",
}

_OF_THIS_MACHINE = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EAGAIN}
"""This machine ran short of something: says nothing of the target, so it is tried again."""


def open_failure(error: OSError) -> Stop:
    """The outcome word of a failed connect()."""
    word = _WORDS.get(error.errno or 0, "host-unreachable")
    return Stop(word, error.strerror or str(error))


_MOST_AT_ONCE = 32 * 1024
"""Bytes of one read."""


class SocketStream:
    """A connected non-blocking socket."""

    __slots__ = ("_buffer", "_readiness", "_sock")

    def __init__(self, sock: socket.socket, readiness: Readiness, buffer: memoryview) -> None:
        self._sock = sock
        self._readiness = readiness
        self._buffer = buffer

    async def read(self, maximum: int) -> bytes:
        """See `Stream.read`."""
        readiness = self._readiness
        while True:
            if readiness.may_read:
                maximum = min(maximum, len(self._buffer))
                try:
                    count = self._sock.recv_into(self._buffer, maximum)
                except (BlockingIOError, InterruptedError):
                    readiness.drained()
                else:
                    if count < maximum:
                        readiness.drained()
                    return bytes(self._buffer[:count])
            await readiness.readable()

    async def write(self, data: bytes) -> None:
        """See `Stream.write`."""
        sent = 0
        while sent < len(data):
            try:
                sent += self._sock.send(data[sent:] if sent else data)
            except (BlockingIOError, InterruptedError):
                await self._readiness.writable()

    def close(self) -> None:
        """See `Stream.close`."""
        self._readiness.forget()
        self._sock.close()


class LocalTransport:
    """Connections from this machine."""

    vantage = "local"

    def __init__(self, names: NameResolver | None = None) -> None:
        self._names = names if names is not None else NameResolver()
        self.machine = socket.gethostname()
        self._lacking: dict[str, bool] = {}
        self._poller: LoopPoller | None = None
        # All streams read into one buffer: new memory for the most that may arrive costs more than reading.
        self._buffer = memoryview(bytearray(_MOST_AT_ONCE))

    async def resolve(self, host: str) -> HostLookup:
        """The addresses of a host. Always ends by itself within a few seconds."""
        return await self._names.lookup(host)

    async def open(self, address: str, port: int) -> Stream | Stop:
        """One connection to one address. Waits as long as the caller lets it."""
        if self._poller is None:
            self._poller = make_poller(asyncio.get_running_loop())
        while True:
            try:
                return await _connected(self._poller, address, port, self._buffer)
            except OSError as error:
                if error.errno not in _OF_THIS_MACHINE:
                    return open_failure(error)
            await asyncio.sleep(0.1)

    async def lacks_family(self, family: str) -> bool:
        """Whether this place has no way at all for IPv4 or IPv6: then a dead family is not the target's fault.

        Asks the routing table, sends nothing.
        """
        if family not in self._lacking:
            self._lacking[family] = not _has_route(family)
        return self._lacking[family]

    async def close(self) -> None:
        """Ends what it holds itself."""
        await self._names.close()
        if self._poller is not None:
            self._poller.close()
            self._poller = None


async def _connected(poller: LoopPoller, address: str, port: int, buffer: memoryview) -> SocketStream:
    sock, destination = _socket_for(address, port)
    readiness = None
    try:
        code = sock.connect_ex(destination)
        readiness = poller.watch(sock)
        if code in (errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EINTR):
            await readiness.writable()
            code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            raise OSError(code, os.strerror(code))
    except BaseException:
        if readiness is not None:
            readiness.forget()
        sock.close()
        raise
    return SocketStream(sock, readiness, buffer)


_STREAM = socket.SOCK_STREAM | getattr(socket, "SOCK_NONBLOCK", 0)


def _socket_for(address: str, port: int) -> tuple[socket.socket, tuple[str, int] | tuple[str, int, int, int]]:
    if ":" not in address:
        sock = socket.socket(socket.AF_INET, _STREAM)
        destination: tuple[str, int] | tuple[str, int, int, int] = (address, port)
    else:
        bare, _, zone = address.partition("%")
        sock = socket.socket(socket.AF_INET6, _STREAM)
        scope = 0
        if zone:
            try:
                scope = int(zone) if zone.isdigit() else socket.if_nametoindex(zone)
            except OSError:
                sock.close()
                raise
        destination = (bare, port, 0, scope)
    if _STREAM == socket.SOCK_STREAM:
        sock.setblocking(False)
    return sock, destination


def _has_route(family: str) -> bool:
    """Whether the routing table knows a way to the public network of a family (connect() of UDP sends nothing)."""
    kind, address = (socket.AF_INET6, "2001:db8::1") if family == "IPv6" else (socket.AF_INET, "192.0.2.1")
    try:
        with socket.socket(kind, socket.SOCK_DGRAM) as probe:
            probe.connect((address, 9))
    except OSError:
        return False
    return True


def descriptor_room(needed: int) -> int:
    """How many connections may be open at once: raises the process's soft limit towards `needed` if allowed.

    Returns the number that fits, leaving 64 descriptors for everything else.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < needed + 64:
        top = needed + 64 if hard == resource.RLIM_INFINITY else min(needed + 64, hard)
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (top, hard))
            soft = top
        except (ValueError, OSError):
            pass
    return needed if soft == resource.RLIM_INFINITY else max(16, min(needed, soft - 64))
