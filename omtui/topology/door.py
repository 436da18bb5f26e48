"""The way to one target's door: its name, its addresses, a connection, and TLS on it.

What the first connection leaves open is settled by looking again: a server that closes before anything was said
is another case than one that breaks off the handshake, and a plain HTTP server on a TLS port shows itself when
it is spoken to in its own language. Such looks happen only where they change the verdict.
"""

from __future__ import annotations

import asyncio
import ssl
from sys import intern

from omtui.topology.certificate import names_match, read
from omtui.topology.evidence import AddressTry, Evidence, Stop, TlsFacts
from omtui.topology.http1 import Answer, Exchange, get_request
from omtui.topology.limit import Limit, Scope
from omtui.topology.names import clock
from omtui.topology.proxies import Proxy
from omtui.topology.surroundings import Surroundings
from omtui.topology.target import Target
from omtui.topology.tls import NotVerified, TlsStream, offers_tls_1_2, speaks_tls, usable_server_name
from omtui.topology.transport import OpenFailure, Stream
from omtui.topology.trust import ChainJudgement, TrustProblem

MOST_ADDRESSES = 8
_LOOK = 0.5
"""Seconds to see whether a server closes by itself."""

_SECOND_LANGUAGE = 1.5
"""Seconds for a server to answer when it is spoken to in the other language (HTTP for TLS, TLS for HTTP)."""

_ENOUGH = 4096
_WANTS_TLS = (
    "plain HTTP request was sent to HTTPS port",
    "HTTP request to an HTTPS server",
    "speaking plain HTTP to an SSL-enabled",
    "combination of host and port requires TLS",
)

_SILENT = 1.0
"""Seconds after which a server that says nothing to a TLS greeting is spoken to in plain HTTP."""

_DEMANDING = ("fusion", "integration-cloud")


class Door:
    """Connections to one target. All that were opened are closed by `close`."""

    def __init__(self, target: Target, around: Surroundings, evidence: Evidence, limit: Limit) -> None:
        self.target = target
        self.around = around
        self.evidence = evidence
        self._limit = limit
        self.proxy: Proxy | None = around.proxies.for_target(target.scheme, target.host, target.port)
        self._address = ""
        self._streams: list[Stream] = []
        self._others: list[asyncio.Task[Stream | None]] = []
        self._chosen = False
        self._impression: Stop | None = None
        self._shaking: TlsStream | None = None

    async def resolve(self) -> tuple[tuple[str, str], ...]:
        """The addresses to try; empty with `evidence.stop` set when there are none."""
        began = clock()
        host = self.proxy.host if self.proxy else self.target.host
        if self.proxy:
            self.evidence.proxy = self.proxy.shown
        lookup = await self.around.transport.resolve(host)
        self.evidence.times.resolve = clock() - began
        self.evidence.resolved_by = lookup.source
        if lookup.stop is not None:
            self.evidence.stop = lookup.stop
        if len(lookup.addresses) > MOST_ADDRESSES:
            self.evidence.notes.append(
                f"the name has {len(lookup.addresses)} addresses, the first {MOST_ADDRESSES} were tried"
            )
        return lookup.addresses[:MOST_ADDRESSES]

    async def connect(self, addresses: tuple[tuple[str, str], ...]) -> Stream | None:
        """The first connection that comes up; the other addresses go on being tried until `settle`."""
        self.evidence.addresses = [AddressTry(address, family, "timed-out") for address, family in addresses]
        if len(addresses) == 1:
            stream = await self._try(self.evidence.addresses[0], self._limit.within(self.target.timeout))
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
        limit = Limit()
        try:
            return await self._try(attempt, limit.within(self.target.timeout))
        finally:
            limit.close()

    async def _try(self, attempt: AddressTry, scope: Scope) -> Stream | None:
        began = clock()
        port = self.proxy.port if self.proxy else self.target.port
        opened: Stream | OpenFailure
        try:
            with scope:
                opened = await self.around.transport.open(attempt.address, port)
        except TimeoutError:
            opened = OpenFailure("timed-out", f"no answer within {self.target.timeout:g} s")
        attempt.milliseconds = clock() - began
        if isinstance(opened, OpenFailure):
            attempt.word, attempt.detail = opened.code, opened.text
            if opened.code == "network-unreachable":
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

    async def fresh(self) -> Stream | OpenFailure:
        """Another plain connection to the address that answered (through the proxy's tunnel if there is one)."""
        return await self._open(self.target.port, tunnel=self.target.scheme == "https")

    async def _open(self, port: int, *, tunnel: bool) -> Stream | OpenFailure:
        to = self.proxy.port if self.proxy else port
        opened = await self.around.transport.open(self._address, to)
        if isinstance(opened, OpenFailure):
            return opened
        self._streams.append(opened)
        if self.proxy and tunnel:
            stop = await self._tunnel(opened, port)
            if stop is not None:
                return OpenFailure("reset", stop.detail)
        return opened

    async def reach(self, scheme: str, port: int) -> Stream | None:
        """A connection for reading another page of the same host, its certificate not judged again."""
        opened = await self._open(port, tunnel=scheme == "https")
        if isinstance(opened, OpenFailure):
            return None
        if scheme != "https":
            return opened
        tls, outcome = await self._shake(opened)
        return tls if outcome is None else None

    async def _tunnel(self, stream: Stream, port: int) -> Stop | None:
        assert self.proxy is not None
        host = f"[{self.target.host}]" if ":" in self.target.host else self.target.host
        lines = [f"CONNECT {host}:{port} HTTP/1.1", f"Host: {host}:{port}"]
        if self.proxy.authorization:
            lines.append(f"Proxy-Authorization: {self.proxy.authorization}")
        exchange = Exchange(stream, lambda _: False)
        try:
            async with asyncio.timeout(self.target.timeout):
                answer = await exchange.head("\r\n".join([*lines, "", ""]).encode("utf-8"))
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

    async def closes_by_itself(self, stream: Stream, seconds: float) -> Stop | None:
        """Whether a connection ends before anything was said on it."""
        try:
            async with asyncio.timeout(seconds):
                return None if await stream.read(1) else Stop("closed-early", "")
        except TimeoutError:
            return None
        except OSError as error:
            return Stop("reset", error.strerror or str(error))

    async def look(self) -> Stop | None:
        """Whether a fresh connection ends by itself, and how; None when it stays."""
        opened = await self.fresh()
        if isinstance(opened, OpenFailure):
            return None
        return await self.closes_by_itself(opened, _LOOK)

    async def answers_http(self) -> bool:
        """Whether a plain HTTP request gets an HTTP answer, other than that TLS is wanted."""
        request = get_request("/", self._header_host(), self.around.user_agent)
        opened = await self.fresh()
        if isinstance(opened, OpenFailure):
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
        if isinstance(opened, OpenFailure):
            return False
        try:
            async with asyncio.timeout(_SECOND_LANGUAGE):
                return await speaks_tls(opened, self._server_name())
        except (TimeoutError, OSError):
            return False

    async def secure(self, stream: Stream) -> TlsStream | None:
        """TLS on a connection, its certificates judged; None with `evidence.stop` set when there is no TLS."""
        began = clock()
        loop = asyncio.get_running_loop()
        looking: list[asyncio.Task[None]] = []
        plain = False

        async def look(scope: Scope) -> None:
            nonlocal plain
            if self._shaking is not None and self._shaking.heard:
                return
            if plain := await self.answers_http():
                scope.strike()

        try:
            with self._limit.within(self.target.timeout) as scope:
                # A plain HTTP server may wait for the end of what it takes for a request.
                timer = loop.call_later(_SILENT, lambda: looking.append(loop.create_task(look(scope))))
                return await self._handshake(stream, began)
        except TimeoutError:
            if plain:
                self.evidence.stop = Stop("plain-http-on-tls-port", "it answers a plain HTTP request")
            else:
                # A closer look that took too long leaves the first impression standing.
                stalled = Stop("tls-stalled", f"within {self.target.timeout:g} s")
                self.evidence.stop = self._impression or stalled
            return None
        finally:
            timer.cancel()
            for task in looking:
                task.cancel()
            await asyncio.gather(*looking, return_exceptions=True)
            if self.evidence.times.tls is None:
                self.evidence.times.tls = clock() - began

    async def _handshake(self, stream: Stream, began: float) -> TlsStream | None:
        tls, outcome = await self._shake(stream)
        if isinstance(outcome, Stop) and outcome.word in ("tls-closed", "reset"):
            self._impression = outcome
            again = await self._look_closer(outcome)
            if isinstance(again, Stop):
                self.evidence.stop = again
                return None
            tls, outcome = again
        if isinstance(outcome, Stop):
            self.evidence.stop = outcome
            return None
        # What is looked at beyond the handshake is our own curiosity, not the endpoint's slowness.
        self.evidence.times.tls = clock() - began
        await self._judge(tls)
        await self._ask_for_tls_1_2()
        return tls

    async def _judge(self, tls: TlsStream) -> None:
        """Reads the certificates, and has the chain judged: at once where that is possible, else by OpenSSL."""
        sent = tls.sent_chain()
        name = self.target.tls_name or self.target.host
        certificates = [certificate for certificate in map(read, sent) if certificate]
        trust, ca_file = self.around.trust, self._usable_ca_file()
        facts = self.evidence.tls = TlsFacts(
            version=intern(tls.version),
            cipher=intern(tls.cipher),
            chain=tuple(certificate.facts for certificate in certificates),
            name=name,
            trust_store=trust.store_name(ca_file),
        )
        facts.name_matches = bool(facts.leaf and names_match(facts.leaf.names, name))
        judged = trust.judge(ca_file, sent)
        if judged is None:
            judged = await self._judged_by_openssl(sent, ca_file)
        facts.trust, facts.trust_words = judged.trust, judged.words
        facts.chain_complete, facts.verify_text = judged.complete, judged.text

    async def _judged_by_openssl(self, sent: list[bytes], ca_file: str | None) -> ChainJudgement:
        """A second connection on which the TLS library itself verifies, which can only accept or break off."""
        trust = self.around.trust
        opened = await self.fresh()
        outcome: Stop | NotVerified | None = Stop("reset")
        if not isinstance(opened, OpenFailure):
            tls, outcome = await self._shake(opened, verified_with=(ca_file,))
        if isinstance(outcome, Stop):
            self._note("no second connection was got to verify the certificate; it was judged by what was sent")
            return trust.presumed(ca_file, sent)
        if outcome is None:
            judged = trust.verified(ca_file, sent, tls.verified_chain())
        else:
            judged = trust.refused(ca_file, sent, outcome.code, outcome.text)
        trust.remember(ca_file, sent, judged)
        return judged

    async def _shake(
        self, stream: Stream, *, verified_with: tuple[str | None] | None = None
    ) -> tuple[TlsStream, Stop | NotVerified | None]:
        """A handshake that takes any certificate, or verifies it with a `ca_file` beside the system's store."""
        tls = self._shaking = TlsStream(stream, self._context(verified_with), self._server_name())
        try:
            return tls, await tls.handshake()
        except OSError as error:
            return tls, tls.broken(error)

    def _context(self, verified_with: tuple[str | None] | None) -> ssl.SSLContext:
        ca_file = verified_with[0] if verified_with else None
        context = self.around.trust.context(ca_file, self.target.client_certificate, verify=bool(verified_with))
        if not isinstance(context, TrustProblem):
            return context
        self._note(context.text)
        context = self.around.trust.context(ca_file, None, verify=bool(verified_with))
        assert not isinstance(context, TrustProblem), "a context without anything of the target's can be made"
        return context

    def _usable_ca_file(self) -> str | None:
        """The target's `ca_file`, if it can be loaded: what can't must not hide what the server does."""
        context = self.around.trust.context(self.target.ca_file, None, verify=True)
        if not isinstance(context, TrustProblem):
            return self.target.ca_file
        self._note(context.text)
        return None

    def _note(self, text: str) -> None:
        if text not in self.evidence.notes:
            self.evidence.notes.append(text)

    async def _look_closer(self, stop: Stop) -> Stop | tuple[TlsStream, Stop | NotVerified | None]:
        """A connection that ended in the handshake: by itself, for want of HTTP, by chance, or for good?"""
        ended = await self.look()
        if ended is not None:
            return ended
        if await self.answers_http():
            return Stop("plain-http-on-tls-port", "it answers a plain HTTP request")
        opened = await self.fresh()
        if isinstance(opened, OpenFailure):
            return stop
        tls, outcome = await self._shake(opened)
        if outcome is None:
            self.evidence.notes.append(f"the first handshake was broken off ({stop.word}), the second worked")
        return tls, outcome

    async def _ask_for_tls_1_2(self) -> None:
        """Oracle's callers speak TLS 1.2: an endpoint that insists on 1.3 is out of their reach."""
        facts = self.evidence.tls
        if facts is None or self.target.caller not in _DEMANDING or facts.version != "TLSv1.3":
            return
        opened = await self.fresh()
        if isinstance(opened, OpenFailure):
            return
        try:
            facts.offers_tls_1_2 = await offers_tls_1_2(opened, self._server_name())
        except OSError:
            facts.offers_tls_1_2 = False

    def _server_name(self) -> str | None:
        return usable_server_name(self.target.tls_name or self.target.host)

    def _header_host(self) -> str:
        return header_host(self.target.host, self.target.port, self.target.scheme)


def wants_tls(status: int, page: str) -> bool:
    """Whether a plain HTTP answer says that the port is one for TLS (nginx, Go, Apache and Tomcat say it so)."""
    return status == 400 and any(words in page for words in _WANTS_TLS)


def header_host(host: str, port: int, scheme: str) -> str:
    """A Host header's value: the port only when it is not the scheme's own."""
    try:
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        host = "invalid"
    shown = f"[{host.partition('%')[0]}]" if ":" in host else host
    return shown if port == {"https": 443, "http": 80}.get(scheme) else f"{shown}:{port}"
