"""Small servers for practice: plain or TLS, well-behaved or not.

TLS runs over memory buffers, because asyncio's own TLS closes a failed handshake without sending the alert
that says to the other side why: then a server that wants a client certificate would look like one that dies.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

MAX_REQUEST = 64 * 1024
MAX_REQUEST_BODY = 32 * 1024 * 1024


class Channel(Protocol):
    """One connection as a server sees it."""

    async def read(self) -> bytes:
        """Some bytes; b"" at the end."""
        ...

    async def write(self, data: bytes) -> None:
        """Sends bytes."""
        ...

    async def close(self) -> None:
        """Ends the connection in good order."""
        ...


class PlainChannel:
    """A connection without TLS."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def read(self) -> bytes:
        """See `Channel.read`."""
        return await self.reader.read(65536)

    async def write(self, data: bytes) -> None:
        """See `Channel.write`."""
        self.writer.write(data)
        await self.writer.drain()

    async def close(self) -> None:
        """See `Channel.close`."""
        self.writer.close()
        with contextlib.suppress(OSError):
            await self.writer.wait_closed()

    def reset(self) -> None:
        """Ends the connection with a reset."""
        sock: socket.socket = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


class TlsChannel:
    """A connection with TLS on it."""

    def __init__(self, plain: PlainChannel, context: ssl.SSLContext) -> None:
        self.plain = plain
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)

    async def handshake(self) -> bool:
        """Whether TLS came up; if not, the client knows why."""
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                await self._flush()
                data = await self.plain.read()
                if not data:
                    return False
                self._incoming.write(data)
            except ssl.SSLError:
                await self._flush()
                return False
            else:
                await self._flush()
                return True

    async def read(self) -> bytes:
        """See `Channel.read`."""
        while True:
            try:
                return self._tls.read(65536)
            except ssl.SSLWantReadError:
                await self._flush()
                data = await self.plain.read()
                if not data:
                    return b""
                self._incoming.write(data)
            except ssl.SSLError:
                # Under TLS 1.3 the client's missing certificate shows here; the alert must still go out.
                await self._flush()
                return b""

    async def write(self, data: bytes) -> None:
        """See `Channel.write`."""
        self._tls.write(data)
        await self._flush()

    async def close(self) -> None:
        """See `Channel.close`."""
        with contextlib.suppress(ssl.SSLError):
            self._tls.unwrap()
        with contextlib.suppress(OSError):
            await self._flush()
        await self.plain.close()

    async def _flush(self) -> None:
        data = self._outgoing.read()
        if data:
            await self.plain.write(data)


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request; header names in lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes = b""


@dataclass(slots=True)
class Response:
    """An answer. Content-Length is added."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[[HttpRequest], Response]
Behaviour = Callable[[Channel], Awaitable[None]]
"""What a server does with one connection, from its first byte to its end."""

_REASONS = {
    200: "OK", 201: "Created", 202: "Accepted", 302: "Found", 400: "Bad Request", 401: "Unauthorized",
    403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 500: "Internal Server Error",
    503: "Service Unavailable",
}  # fmt: skip


def pages(handler: Handler) -> Behaviour:
    """HTTP/1.1 with kept connections: every request goes to `handler`."""

    async def behave(channel: Channel) -> None:
        buffer = bytearray()
        while (request := await read_request(channel, buffer)) is not None:
            response = handler(request)
            await channel.write(rendered(response, head_only=request.method == "HEAD"))
            if request.headers.get("connection", "").lower() == "close":
                break

    return behave


async def read_request(channel: Channel, buffer: bytearray) -> HttpRequest | None:
    """The next request of a connection, or None at its end. Bytes after it stay in `buffer`."""
    while (end := buffer.find(b"\r\n\r\n")) < 0:
        data = await channel.read()
        if not data or len(buffer) > MAX_REQUEST:
            return None
        buffer += data
    lines = bytes(buffer[:end]).decode("latin-1").split("\r\n")
    del buffer[: end + 4]
    method, _, rest = lines[0].partition(" ")
    path, _, query = rest.partition(" ")[0].partition("?")
    headers = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    declared = headers.get("content-length", "0")
    length = int(declared) if declared.isdecimal() else 0
    if length > MAX_REQUEST_BODY:
        return None
    while len(buffer) < length:
        data = await channel.read()
        if not data:
            return None
        buffer += data
    body = bytes(buffer[:length])
    del buffer[:length]
    return HttpRequest(method, path, query, headers, body)


def rendered(response: Response, server: str = "omtui practice", *, head_only: bool = False) -> bytes:
    """An answer as bytes."""
    lines = [
        f"HTTP/1.1 {response.status} {_REASONS.get(response.status, 'Unknown')}",
        f"Server: {server}",
        f"Content-Type: {response.content_type}",
        f"Content-Length: {len(response.body)}",
        *(f"{name}: {value}" for name, value in response.headers.items()),
    ]
    head = "\r\n".join([*lines, "", ""]).encode("latin-1")
    return head if head_only else head + response.body


class Listener:
    """One port with one behaviour, on 127.0.0.1 by default.

    `make` makes the behaviour from the port's own base address, which is known once it listens.
    """

    def __init__(
        self,
        make: Callable[[str], Behaviour],
        *,
        context: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self._make = make
        self._behaviour: Behaviour | None = None
        self._context = context
        self._host = host
        self.port = port
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def base(self) -> str:
        """The port's address, without a slash at the end."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"{'https' if self._context is not None else 'http'}://{host}:{self.port}"

    async def start(self) -> None:
        """Listens; `port` is known afterwards. Raises OSError when the port is taken."""
        self._server = await asyncio.start_server(self._accepted, self._host, self.port, backlog=1024)
        self.port = self._server.sockets[0].getsockname()[1]
        self._behaviour = self._make(self.base)

    async def stop(self) -> None:
        """Closes the port and every connection."""
        if self._server is not None:
            self._server.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        if self._behaviour is None:
            writer.close()
            return
        self._tasks.add(task)
        plain = PlainChannel(reader, writer)
        channel: Channel = plain
        try:
            if self._context is not None:
                channel = tls = TlsChannel(plain, self._context)
                if not await tls.handshake():
                    return
            await self._behaviour(channel)
        except (OSError, ssl.SSLError, asyncio.CancelledError):
            # The client is gone, or the practice ends: nothing is owed to anybody, and nothing comes after.
            return
        finally:
            self._tasks.discard(task)
            with contextlib.suppress(OSError, ssl.SSLError):
                if not writer.transport.is_closing():
                    await channel.close()
