"""One target, phase by phase: resolve, connect, tls, http, wsdl."""

from __future__ import annotations

from omtui.topology.connection import Connection
from omtui.topology.deadlines import Deadlines
from omtui.topology.evidence import Evidence, Stop
from omtui.topology.handshake import Handshakes
from omtui.topology.pages import HttpPhases
from omtui.topology.probe_context import ProbeContext
from omtui.topology.target import Target
from omtui.topology.tls import TlsAlertError
from omtui.topology.transport import Stream


async def probe(target: Target, around: ProbeContext, evidence: Evidence | None = None) -> Evidence:
    """Visits a target and reports what was seen, in `evidence` as it goes if one is given.

    Never longer than `around.longest` seconds (or five times the target's own timeout); may be cancelled. Nothing
    is sent that changes anything: a connection, a TLS handshake, and GET requests without credentials.
    """
    evidence = evidence if evidence is not None else Evidence()
    deadlines = Deadlines()
    connection = Connection(target, around, evidence, deadlines)
    longest = max(around.longest, 5 * target.timeout)
    try:
        with deadlines.within(longest):
            stream = await _connected(connection)
            if stream is not None:
                await _beyond_connect(connection, stream, deadlines)
            await connection.settle()
    except TimeoutError:
        if evidence.stop is None:
            evidence.stop = Stop(_word_of_phase(evidence), f"ended after {longest:g} s")
    finally:
        await connection.abandon()
        connection.close()
    return evidence


async def _connected(connection: Connection) -> Stream | None:
    addresses = await connection.resolve()
    return await connection.connect(addresses) if addresses else None


async def _beyond_connect(connection: Connection, stream: Stream, deadlines: Deadlines) -> None:
    target, evidence = connection.target, connection.evidence
    if target.expect in ("open", "closed"):
        evidence.stop = await connection.closes_by_itself(stream)
        return
    handshakes = Handshakes(connection, deadlines)
    if target.scheme == "https" or target.expect == "tls":
        secured = await handshakes.secure(stream)
        if secured is None:
            return
        stream = secured
    if target.expect == "tls":
        await _late_alert(connection, stream)
    else:
        await HttpPhases(connection, handshakes, deadlines).visit(stream)
    await handshakes.settle()


async def _late_alert(connection: Connection, stream: Stream) -> None:
    """Under TLS 1.3 a server that wants a client certificate says so only after the handshake."""
    tls = connection.evidence.tls
    if tls is None or tls.version != "TLSv1.3":
        return
    try:
        await connection.first_word(stream)
    except TlsAlertError as alert:
        is_required = alert.about_client_certificate and not connection.target.client_certificate
        word = "client-certificate-required" if is_required else "tls-handshake-failed"
        connection.evidence.stop = Stop(word, alert.reason)
    except OSError:
        return


def _word_of_phase(evidence: Evidence) -> str:
    times = evidence.times
    if times.connect is None:
        return "timed-out"
    return "tls-stalled" if evidence.tls is None and times.http is None else "answer-stalled"
