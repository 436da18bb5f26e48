"""Waiting for many sockets at little cost.

asyncio's `add_reader` registers and unregisters a socket with the kernel at every single wait, which costs more
than the rest of a short conversation. On Linux every socket is registered once, for both directions and edge
triggered, with an epoll of our own, of which asyncio watches the one descriptor. Elsewhere asyncio's own way
is taken.
"""

from __future__ import annotations

import asyncio
import select
import socket


class Readiness:
    """Whether one socket can be read from or written to: asyncio's own way, for systems without epoll."""

    __slots__ = ("_descriptor", "_loop", "may_read")

    def __init__(self, loop: asyncio.AbstractEventLoop, sock: socket.socket) -> None:
        self._loop = loop
        self._descriptor = sock.fileno()
        self.may_read = True
        """Whether a read is worth trying before waiting."""

    def drained(self) -> None:
        """A read gave less than it could have taken, or nothing."""

    async def readable(self) -> None:
        """Waits until a read may give something. May return too early, never too late."""
        ready = self._loop.create_future()
        self._loop.add_reader(self._descriptor, _set, ready)
        try:
            await ready
        finally:
            self._loop.remove_reader(self._descriptor)

    async def writable(self) -> None:
        """Waits until a write may take something, or a connect has ended. May return too early."""
        ready = self._loop.create_future()
        self._loop.add_writer(self._descriptor, _set, ready)
        try:
            await ready
        finally:
            self._loop.remove_writer(self._descriptor)

    def forget(self) -> None:
        """The socket is about to be closed."""


class LoopPoller:
    """Watches sockets in one event loop, in asyncio's own way."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def watch(self, sock: socket.socket) -> Readiness:
        """Watches a socket until it is forgotten."""
        return Readiness(self._loop, sock)

    def close(self) -> None:
        """Ends all watching."""


class EpollPoller(LoopPoller):
    """One epoll for all sockets; its own descriptor is the only one that asyncio looks at."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self._epoll = select.epoll()
        self._watched: dict[int, _Edges] = {}
        loop.add_reader(self._epoll.fileno(), self._look)

    def watch(self, sock: socket.socket) -> _Edges:
        """See `LoopPoller.watch`."""
        edges = self._watched[sock.fileno()] = _Edges(self._loop, sock, self._watched)
        self._epoll.register(sock.fileno(), select.EPOLLIN | select.EPOLLOUT | select.EPOLLRDHUP | select.EPOLLET)
        return edges

    def close(self) -> None:
        """See `LoopPoller.close`."""
        if not self._epoll.closed:
            self._loop.remove_reader(self._epoll.fileno())
            self._epoll.close()

    def _look(self) -> None:
        watched = self._watched
        for descriptor, events in self._epoll.poll(0):
            edges = watched.get(descriptor)
            if edges is not None:
                edges.happened(events)


def make_poller(loop: asyncio.AbstractEventLoop) -> LoopPoller:
    """The best poller of this system."""
    return EpollPoller(loop) if hasattr(select, "epoll") else LoopPoller(loop)


_FOR_BOTH = getattr(select, "EPOLLERR", 0) | getattr(select, "EPOLLHUP", 0)
_ENDS = getattr(select, "EPOLLRDHUP", 0) | _FOR_BOTH
_TO_READ = getattr(select, "EPOLLIN", 0) | _ENDS
_TO_WRITE = getattr(select, "EPOLLOUT", 0) | _FOR_BOTH


class _Edges(Readiness):
    """The edges of one socket.

    What can be read is remembered until it has been read. An edge for writers that nobody waits for may be
    forgotten: whoever wants to write tries first, and begins to wait as soon as it finds no room.
    """

    __slots__ = ("_ended", "_reader", "_watched", "_writer")

    def __init__(self, loop: asyncio.AbstractEventLoop, sock: socket.socket, watched: dict[int, _Edges]) -> None:
        super().__init__(loop, sock)
        self.may_read = False
        self._watched = watched
        self._ended = False
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None

    def happened(self, events: int) -> None:
        """The kernel reported a change."""
        if events & _TO_READ:
            self.may_read = True
            if events & _ENDS:
                # No edge will report it again, even if more is read before.
                self._ended = True
            if self._reader is not None:
                _set(self._reader)
        if events & _TO_WRITE and self._writer is not None:
            _set(self._writer)

    def drained(self) -> None:
        """See `Readiness.drained`."""
        self.may_read = self._ended

    async def readable(self) -> None:
        """See `Readiness.readable`."""
        self._reader = self._loop.create_future()
        await self._reader

    async def writable(self) -> None:
        """See `Readiness.writable`."""
        self._writer = self._loop.create_future()
        await self._writer

    def forget(self) -> None:
        """Closing a socket takes it out of the epoll by itself."""
        self._watched.pop(self._descriptor, None)


def _set(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)
