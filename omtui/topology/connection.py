"""The way to one target: its name, its addresses, a connection, and a closer look.

What the first connection leaves open is settled by looking again: a server that closes before anything was said
is another case than one that breaks off the handshake, and a plain HTTP server on a TLS port shows itself when
it is spoken to in its own language. Such looks happen only where they change the verdict.
"""

from __future__ import annotations

import asyncio

from omtui.setup.hosts import ascii_name
from omtui.topology.deadlines import Deadlines, Scope
from omtui.topology.evidence import AddressTry, Evidence, Stop
from omtui.topology.http1 import Answer, Exchange, get_request
from omtui.topology.names import clock
from omtui.topology.probe_context import ProbeContext
from omtui.topology.proxies import Proxy
from omtui.topology.target import Target
from omtui.topology.tls import speaks_tls, usable_server_name
from omtui.topology.transport import Stream

MOST_ADDRESSES = 8
_LOOK = 0.5
"""Seconds to see whether a server closes by itself, beyond two round trips."""

_PIECES = 5

_SECOND_LANGUAGE = 1.5
"""Seconds for a server to answer when it is spoken to in the other language (HTTP for TLS, TLS for HTTP)."""

_ENOUGH = 4096
_WANTS_TLS = (
    "plain HTTP request was sent to HTTPS port",
    "HTTP request to an HTTPS server",
    "speaking plain HTTP to an SSL-enabled",
    "combination of host and port requires TLS",
)


class Connection:
    """Connections to one target, one after the other: some servers serve one at a time.

    A new connection closes the one before it, unless `keep_open` asks for both; `close` closes what is left.
    """

    def __init__(self, target: Target, around: ProbeContext, evidence: Evidence, deadlines: Deadlines) -> None:
        self.target = target
        self.around = around
        self.evidence = evidence
        self._deadlines = deadlines
        self.proxy: Proxy | None = around.proxies.for_target(target.scheme, target.host, target.port)
        self._address = ""
        self._streams: list[Stream] = []
        self._others: list[asyncio.Task[Stream | None]] = []
        self._chosen = False

    async def resolve(self) -> tuple[tuple[str, str], ...]:
        """The addresses to try; empty with `evidence.stop` set when there are none."""
        began = clock()
        host = self.proxy.host if self.proxy else self.target.host
        if self.proxy:
            self.evidence.proxy = self.proxy.shown
        elif passed_by := self.around.proxies.passed_by(self.target.scheme, host, self.target.port):
            self.evidence.note(passed_by)
        lookup = await self.around.transport.resolve(host)
        self.evidence.times.resolve = clock() - began
        self.evidence.resolved_by = lookup.source
        if lookup.stop is not None:
            self.evidence.stop = lookup.stop
        if len(lookup.addresses) > MOST_ADDRESSES:
            self.evidence.note(f"the name has {len(lookup.addresses)} addresses, the first {MOST_ADDRESSES} were tried")
        return lookup.addresses[:MOST_ADDRESSES]

    async def connect(self, addresses: tuple[tuple[str, str], ...]) -> Stream | None:
        """The first connection that comes up; the other addresses go on being tried until `settle`."""
        self.evidence.addresses = tuple(AddressTry(address, family, "timed-out") for address, family in addresses)
        if len(addresses) == 1:
            stream = await self._try(self.evidence.addresses[0], self._deadlines.within(self.target.timeout))
        else:
            stream = await self._first_of_several()
        if stream is None:
            self.evidence.stop = await self._why_no_address()
            return None
        if self.proxy and self.target.scheme == "https":
            stop = await self._tunnel(stream, self.target.port)
            if stop is not None:
                self.evidence.stop = stop
                return None
        return stream

    async def settle(self) -> None:
        """Waits until every address has been judged."""
        if self._others:
            await asyncio.gather(*self._others)

    async def abandon(self) -> None:
        """Ends the tries of other addresses."""
        if not self._others:
            return
        pending = [task for task in self._others if not task.done()]
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)

    def close(self) -> None:
        """Closes every connection to this target."""
        for stream in self._streams:
            stream.close()
        self._streams.clear()

    async def _first_of_several(self) -> Stream | None:
        loop = asyncio.get_running_loop()
        self._others = [loop.create_task(self._try_in_time(attempt)) for attempt in self.evidence.addresses]
        pending = set(self._others)
        while pending:
            done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            for task in self._others:
                if task in done and (stream := task.result()) is not None:
                    return stream
        return None

    async def _try_in_time(self, attempt: AddressTry) -> Stream | None:
        """One of several, in a task of its own."""
        return await self._try(attempt, Deadlines().within(self.target.timeout))

    async def _try(self, attempt: AddressTry, scope: Scope) -> Stream | None:
        began = clock()
        port = self.proxy.port if self.proxy else self.target.port
        opened: Stream | Stop
        try:
            with scope:
                opened = await self.around.transport.open(attempt.address, port)
        except TimeoutError:
            opened = Stop("timed-out", f"no answer within {self.target.timeout:g} s")
        attempt.milliseconds = clock() - began
        if isinstance(opened, Stop):
            attempt.word, attempt.detail = opened.word, opened.detail
            if opened.word == "network-unreachable":
                attempt.judged = not await self.around.transport.lacks_family(attempt.family)
            return None
        attempt.word = "ok"
        if self._chosen:
            opened.close()
            return None
        self._chosen = True
        self._address = attempt.address
        self.evidence.answered_by = attempt.address
        self.evidence.times.connect = attempt.milliseconds
        self._streams.append(opened)
        return opened

    async def _why_no_address(self) -> Stop:
        tries = self.evidence.addresses
        self.evidence.times.connect = max((attempt.milliseconds or 0.0 for attempt in tries), default=None)
        judged = [attempt for attempt in tries if attempt.judged] or tries
        words = {attempt.word for attempt in judged}
        if len(words) == 1 and len(tries) == 1:
            return Stop(judged[0].word, judged[0].detail)
        detail = ", ".join(f"{attempt.address} {attempt.word}" for attempt in judged)
        return Stop(judged[0].word, detail)

    async def fresh(self, *, keep_open: bool = False) -> Stream | Stop:
        """Another plain connection to the address that answered (through the proxy's tunnel if there is one)."""
        return await self.open(self.target.port, tunnel=self.target.scheme == "https", keep_open=keep_open)

    async def open(self, port: int, *, tunnel: bool, keep_open: bool = False) -> Stream | Stop:
        """A connection to any port of the address that answered."""
        if not keep_open:
            self.close()
        to = self.proxy.port if self.proxy else port
        opened = await self.around.transport.open(self._address, to)
        if isinstance(opened, Stop):
            return opened
        self._streams.append(opened)
        if self.proxy and tunnel:
            stop = await self._tunnel(opened, port)
            if stop is not None:
                return Stop("reset", stop.detail)
        return opened

    async def _tunnel(self, stream: Stream, port: int) -> Stop | None:
        assert self.proxy is not None
        host = header_host(self.target.host, port)
        lines = [f"CONNECT {host} HTTP/1.1", f"Host: {host}"]
        if self.proxy.authorization:
            lines.append(f"Proxy-Authorization: {self.proxy.authorization}")
        exchange = Exchange(stream, lambda _: False)
        try:
            async with asyncio.timeout(self.target.timeout):
                answer = await exchange.head("\r\n".join([*lines, "", ""]).encode("ascii"))
        except TimeoutError:
            return Stop("answer-stalled", f"the proxy did not answer within {self.target.timeout:g} s")
        except OSError as error:
            return Stop("reset", error.strerror or str(error))
        if not isinstance(answer, Answer):
            return answer
        if 200 <= answer.status < 300:
            return None
        words = {401: "forbidden", 403: "forbidden", 407: "forbidden", 504: "timed-out"}
        word = words.get(answer.status, "unavailable" if answer.status >= 500 else "http-error")
        return Stop(word, f"the proxy answered {answer.status} {answer.reason} to CONNECT")

    async def closes_by_itself(self, stream: Stream) -> Stop | None:
        """Whether a connection ends before anything was said on it."""
        try:
            return Stop("closed-early", "") if await self.first_word(stream) == b"" else None
        except OSError as error:
            return Stop("reset", error.strerror or str(error))

    async def first_word(self, stream: Stream) -> bytes | None:
        """What a server says unasked, b"" when it hangs up, None when it does neither. Raises OSError as `read`.

        A farewell that follows our last word needs a round trip. The wait is in pieces, so that a pause of this
        machine costs one of them and not the whole patience.
        """
        patience = _LOOK + 2 * (self.evidence.times.connect or 0.0) / 1000
        for _ in range(_PIECES):
            try:
                with self._deadlines.within(patience / _PIECES):
                    return await stream.read(1)
            except TimeoutError:
                continue
        return None

    async def look(self) -> Stop | None:
        """Whether a fresh connection ends by itself, and how; None when it stays."""
        opened = await self.fresh()
        if isinstance(opened, Stop):
            return None
        return await self.closes_by_itself(opened)

    async def answers_http(self, *, keep_open: bool = False) -> bool:
        """Whether a plain HTTP request gets an HTTP answer, other than that TLS is wanted."""
        host = header_host(self.target.host, self.target.port, self.target.scheme)
        request = get_request("/", host, self.around.user_agent)
        opened = await self.fresh(keep_open=keep_open)
        if isinstance(opened, Stop):
            return False
        said = bytearray()

        def take(piece: bytes) -> bool:
            said.extend(piece)
            return len(said) < _ENOUGH

        try:
            async with asyncio.timeout(_SECOND_LANGUAGE):
                answer = await Exchange(opened, take).run(request)
        except (TimeoutError, OSError):
            return False
        return isinstance(answer, Answer) and not wants_tls(answer.status, said.decode("latin-1"))

    async def answers_tls(self) -> bool:
        """Whether a TLS greeting gets a TLS answer."""
        opened = await self.fresh()
        if isinstance(opened, Stop):
            return False
        try:
            async with asyncio.timeout(_SECOND_LANGUAGE):
                return await speaks_tls(opened, self.server_name())
        except (TimeoutError, OSError):
            return False

    def server_name(self) -> bytes | None:
        """The name to ask for in the TLS greeting; None for addresses."""
        return usable_server_name(self.target.tls_name or self.target.host)


def wants_tls(status: int, page: str) -> bool:
    """Whether a plain HTTP answer says that the port is one for TLS (nginx, Go, Apache and Tomcat say it so)."""
    return status == 400 and any(words in page for words in _WANTS_TLS)


def header_host(host: str, port: int, scheme: str = "") -> str:
    """A Host header's value: the port only when it is not the scheme's own."""
    host = ascii_name(host) or "invalid"
    shown = f"[{host.partition('%')[0]}]" if ":" in host else host
    return shown if port == {"https": 443, "http": 80}.get(scheme) else f"{shown}:{port}"
