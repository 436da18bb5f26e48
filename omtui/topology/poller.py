"""Waiting for many sockets at little cost.

asyncio's `add_reader` registers and unregisters a socket with the kernel at every single wait, which costs more
than the rest of a short conversation. On Linux every socket is registered once, for both directions and edge
triggered, with an epoll of our own, of which asyncio watches the one descriptor. Elsewhere asyncio's own way is
gone.
"""

from __future__ import annotations

import asyncio
import select
import socket
from typing import Protocol


class Readiness(Protocol):
    """Whether one socket can be read from or written to."""

    async def readable(self) -> None:
        """Waits until a read may give something. May return too early, never too late."""
        ...

    async def writable(self) -> None:
        """Waits until a write may take something, or a connect has ended. May return too early."""
        ...

    def forget(self) -> None:
        """The socket is about to be closed."""
        ...


class Poller(Protocol):
    """Watches sockets in one event loop."""

    def watch(self, sock: socket.socket) -> Readiness:
        """Watches a socket until it is forgotten."""
        ...

    def close(self) -> None:
        """Ends all watching."""
        ...


def make_poller(loop: asyncio.AbstractEventLoop) -> Poller:
    """The best poller of this system."""
    return EpollPoller(loop) if hasattr(select, "epoll") else LoopPoller(loop)


class EpollPoller:
    """One epoll for all sockets; its own descriptor is the only one that asyncio looks at."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._epoll = select.epoll()
        self._watched: dict[int, _Edges] = {}
        loop.add_reader(self._epoll.fileno(), self._look)

    def watch(self, sock: socket.socket) -> _Edges:
        """See `Poller.watch`."""
        descriptor = sock.fileno()
        edges = self._watched[descriptor] = _Edges(self, descriptor)
        self._epoll.register(descriptor, select.EPOLLIN | select.EPOLLOUT | select.EPOLLRDHUP | select.EPOLLET)
        return edges

    def forget(self, descriptor: int) -> None:
        """Closing a socket takes it out of the epoll by itself."""
        self._watched.pop(descriptor, None)

    def new_future(self) -> asyncio.Future[None]:
        """A future of the loop."""
        return self._loop.create_future()

    def close(self) -> None:
        """See `Poller.close`."""
        if not self._epoll.closed:
            self._loop.remove_reader(self._epoll.fileno())
            self._epoll.close()

    def _look(self) -> None:
        watched = self._watched
        for descriptor, events in self._epoll.poll(0):
            edges = watched.get(descriptor)
            if edges is not None:
                edges.happened(events)


_FOR_READERS = getattr(select, "EPOLLIN", 0) | getattr(select, "EPOLLRDHUP", 0)
_FOR_BOTH = getattr(select, "EPOLLERR", 0) | getattr(select, "EPOLLHUP", 0)
_FOR_WRITERS = getattr(select, "EPOLLOUT", 0)


class _Edges:
    """The edges of one socket.

    An edge that nobody waits for may be forgotten: whoever wants to read tries first, and begins to wait in the
    same breath as it finds nothing, so that the next edge is always still to come.
    """

    __slots__ = ("_descriptor", "_poller", "_reader", "_writer")

    def __init__(self, poller: EpollPoller, descriptor: int) -> None:
        self._poller = poller
        self._descriptor = descriptor
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None

    def happened(self, events: int) -> None:
        """The kernel told of a change."""
        if events & (_FOR_READERS | _FOR_BOTH) and self._reader is not None:
            _set(self._reader)
        if events & (_FOR_WRITERS | _FOR_BOTH) and self._writer is not None:
            _set(self._writer)

    async def readable(self) -> None:
        """See `Readiness.readable`."""
        self._reader = self._poller.new_future()
        await self._reader

    async def writable(self) -> None:
        """See `Readiness.writable`."""
        self._writer = self._poller.new_future()
        await self._writer

    def forget(self) -> None:
        """See `Readiness.forget`."""
        self._poller.forget(self._descriptor)


class LoopPoller:
    """asyncio's own way, for systems without epoll."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def watch(self, sock: socket.socket) -> _Waits:
        """See `Poller.watch`."""
        return _Waits(self._loop, sock)

    def close(self) -> None:
        """See `Poller.close`."""


class _Waits:
    __slots__ = ("_descriptor", "_loop")

    def __init__(self, loop: asyncio.AbstractEventLoop, sock: socket.socket) -> None:
        self._loop = loop
        self._descriptor = sock.fileno()

    async def readable(self) -> None:
        ready = self._loop.create_future()
        self._loop.add_reader(self._descriptor, _set, ready)
        try:
            await ready
        finally:
            self._loop.remove_reader(self._descriptor)

    async def writable(self) -> None:
        ready = self._loop.create_future()
        self._loop.add_writer(self._descriptor, _set, ready)
        try:
            await ready
        finally:
            self._loop.remove_writer(self._descriptor)

    def forget(self) -> None:
        return


def _set(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)
