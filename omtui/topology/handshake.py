"""The TLS phase of one probe: a handshake, the certificates judged, and what else Oracle's callers need."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import replace
from sys import intern

from omtui.topology.certificate import names_match, read
from omtui.topology.connection import Connection
from omtui.topology.deadlines import Deadlines, Scope
from omtui.topology.evidence import Stop, TlsFacts
from omtui.topology.names import clock
from omtui.topology.tls import NotVerified, TlsStream, offers_tls_1_2
from omtui.topology.transport import Stream
from omtui.topology.trust import ChainJudgement, Shown

_SILENT = 1.0
"""Seconds after which a server that says nothing to a TLS greeting is spoken to in plain HTTP."""

_DEMANDING = ("fusion", "integration-cloud")


class Handshakes:
    """TLS over one target's connections."""

    def __init__(self, connection: Connection, deadlines: Deadlines) -> None:
        self.connection = connection
        self.target = connection.target
        self.around = connection.around
        self.evidence = connection.evidence
        self._deadlines = deadlines
        self._impression: Stop | None = None
        self._shaking: TlsStream | None = None
        self._unjudged: Shown | None = None

    async def reach(self, scheme: str, port: int) -> Stream | None:
        """A connection for reading another page of the same host, its certificate not judged again."""
        opened = await self.connection.open(port, tunnel=scheme == "https")
        if isinstance(opened, Stop):
            return None
        if scheme != "https":
            return opened
        tls, outcome = await self._shake(opened)
        return tls if outcome is None else None

    async def secure(self, stream: Stream) -> TlsStream | None:
        """TLS on a connection, its certificates judged; None with `evidence.stop` set when there is no TLS."""
        began = clock()
        looking: list[asyncio.Task[None]] = []
        plain = False

        async def look(scope: Scope) -> None:
            nonlocal plain
            if self._shaking is not None and self._shaking.heard:
                return
            if plain := await self.connection.answers_http(keep_open=True):
                scope.expire()

        try:
            with (
                self._deadlines.within(self.target.timeout) as scope,
                # A plain HTTP server may wait for the end of what it takes for a request.
                self._deadlines.after(_SILENT, lambda: looking.append(asyncio.create_task(look(scope)))),
            ):
                return await self._handshake(stream, began)
        except TimeoutError:
            silent = self._impression is None and self._shaking is not None and not self._shaking.heard
            if looking and not plain and silent:
                # One that serves a connection at a time could not answer next to the first.
                self.evidence.times.tls = clock() - began
                plain = await self.connection.answers_http()
            if plain:
                self.evidence.stop = Stop("plain-http-on-tls-port", "it answers a plain HTTP request")
            else:
                # A closer look that took too long does not change the first impression.
                stalled = Stop("tls-stalled", f"within {self.target.timeout:g} s")
                self.evidence.stop = self._impression or stalled
            return None
        finally:
            if looking:
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
        self._judge(tls)
        return tls

    async def settle(self) -> None:
        """What takes further connections: a chain that only OpenSSL can judge, and what Oracle's callers need.

        Asked after all pages have been read, so that a server that serves one connection at a time is done with ours.
        """
        facts = self.evidence.tls
        if facts is None:
            return
        try:
            with self._deadlines.within(self.target.timeout):
                if self._unjudged is not None and (known := self.around.trust.shown_facts.get(self._unjudged)):
                    self.evidence.tls = known
                elif self._unjudged is not None:
                    await self._judged_by_openssl(facts, self._unjudged)
                await self._ask_for_tls_1_2()
        except TimeoutError:
            self.evidence.note(f"a further look at its TLS got no answer within {self.target.timeout:g} s")

    def _judge(self, tls: TlsStream) -> None:
        """Reads the certificates, and judges the chain where that is possible without a connection."""
        trust, ca_file = self.around.trust, self._usable_ca_file()
        name = self.target.tls_name or self.target.host
        sent = tls.sent_chain()
        key = name, ca_file, sent, tls.version, tls.cipher
        facts = trust.shown_facts.get(key)
        if facts is None:
            chain = tuple(certificate.facts for certificate in map(read, sent) if certificate)
            facts = TlsFacts(
                version=intern(tls.version),
                cipher=intern(tls.cipher),
                chain=chain,
                name=name,
                name_matches=bool(chain and names_match(chain[0].names, name)),
                trust_store=trust.store_name(ca_file),
            )
            judged = trust.judge(ca_file, sent)
            if judged is None:
                self._unjudged = key
                judged = trust.presumed(ca_file, sent)
            facts = _with(facts, judged)
            trust.keep_facts(key, facts)
        self.evidence.tls = facts

    async def _judged_by_openssl(self, facts: TlsFacts, key: Shown) -> None:
        """A second connection on which the TLS library itself verifies, which can only accept or break off."""
        trust, (_, ca_file, sent, _, _) = self.around.trust, key
        opened = await self.connection.fresh()
        outcome: Stop | NotVerified | None = Stop("reset")
        if not isinstance(opened, Stop):
            tls, outcome = await self._shake(opened, verified_with=(ca_file,))
        if isinstance(outcome, Stop):
            self.evidence.note("no second connection was got to verify the certificate; it was judged by what was sent")
            return
        if outcome is None:
            judged = trust.verified(ca_file, sent, tls.verified_chain())
        else:
            judged = trust.refused(ca_file, sent, outcome.code, outcome.text)
        trust.remember(ca_file, sent, judged)
        self.evidence.tls = _with(facts, judged)
        trust.keep_facts(key, self.evidence.tls)

    async def _shake(
        self, stream: Stream, *, verified_with: tuple[str | None] | None = None
    ) -> tuple[TlsStream, Stop | NotVerified | None]:
        """A handshake that takes any certificate, or verifies it with a `ca_file` next to the system's store."""
        tls = self._shaking = TlsStream(stream, self._context(verified_with), self.connection.server_name())
        try:
            return tls, await tls.handshake()
        except OSError as error:
            return tls, tls.broken(error)

    def _context(self, verified_with: tuple[str | None] | None) -> ssl.SSLContext:
        if self.target.client_certificate:
            self.evidence.note(f"the client certificate {self.target.client_certificate!r} is not at hand")
        return self.around.trust.context(verified_with[0] if verified_with else None, verify=bool(verified_with))

    def _usable_ca_file(self) -> str | None:
        """The target's `ca_file`, if it can be loaded: what can't must not hide what the server does."""
        problem = self.around.trust.problem_of(self.target.ca_file)
        if problem:
            self.evidence.note(problem)
        return None if problem else self.target.ca_file

    async def _look_closer(self, stop: Stop) -> Stop | tuple[TlsStream, Stop | NotVerified | None]:
        """A connection that ended in the handshake: by itself, for want of HTTP, by chance, or for good?"""
        ended = await self.connection.look()
        if ended is not None:
            return ended
        if await self.connection.answers_http():
            return Stop("plain-http-on-tls-port", "it answers a plain HTTP request")
        opened = await self.connection.fresh()
        if isinstance(opened, Stop):
            return stop
        tls, outcome = await self._shake(opened)
        if outcome is None:
            self.evidence.note(f"the first handshake was broken off ({stop.word}), the second worked")
        return tls, outcome

    async def _ask_for_tls_1_2(self) -> None:
        """Oracle's callers speak TLS 1.2: an endpoint that insists on 1.3 is out of their reach."""
        facts = self.evidence.tls
        if facts is None or self.target.caller not in _DEMANDING or facts.version != "TLSv1.3":
            return
        opened = await self.connection.fresh()
        if isinstance(opened, Stop):
            return
        try:
            offers = await offers_tls_1_2(opened, self.connection.server_name())
        except OSError:
            offers = False
        self.evidence.tls = replace(facts, offers_tls_1_2=offers)


def _with(facts: TlsFacts, judged: ChainJudgement) -> TlsFacts:
    return replace(
        facts,
        trust=judged.trust,
        trust_words=judged.words,
        chain_complete=judged.complete,
        verify_text=judged.text,
    )
