"""One target, phase by phase: resolve, connect, tls, http, wsdl."""

from __future__ import annotations

from omtui.topology.door import Door
from omtui.topology.evidence import Evidence, Stop
from omtui.topology.handshake import Handshakes
from omtui.topology.limit import Limit
from omtui.topology.pages import Pages
from omtui.topology.surroundings import Surroundings
from omtui.topology.target import Target
from omtui.topology.tls import TlsAlertError
from omtui.topology.transport import Stream


async def probe(target: Target, around: Surroundings, evidence: Evidence | None = None) -> Evidence:
    """Visits a target and tells what was seen, in `evidence` as it goes if one is given.

    Never longer than `around.longest` seconds (or five times the target's own timeout); may be cancelled. Nothing
    is sent that changes anything: a connection, a TLS handshake, and GET requests without credentials.
    """
    evidence = evidence if evidence is not None else Evidence()
    limit = Limit()
    door = Door(target, around, evidence, limit)
    longest = max(around.longest, 5 * target.timeout)
    try:
        with limit.within(longest):
            stream = await _connected(door)
            if stream is not None:
                await _beyond_connect(door, stream, limit)
            await door.settle()
    except TimeoutError:
        if evidence.stop is None:
            evidence.stop = Stop(_word_of_phase(evidence), f"ended after {longest:g} s")
    finally:
        await door.abandon()
        door.close()
    return evidence


async def _connected(door: Door) -> Stream | None:
    addresses = await door.resolve()
    return await door.connect(addresses) if addresses else None


async def _beyond_connect(door: Door, stream: Stream, limit: Limit) -> None:
    target, evidence = door.target, door.evidence
    if target.expect in ("open", "closed"):
        evidence.stop = await door.closes_by_itself(stream)
        return
    handshakes = Handshakes(door, limit)
    if target.scheme == "https" or target.expect == "tls":
        secured = await handshakes.secure(stream)
        if secured is None:
            return
        stream = secured
    if target.expect == "tls":
        await _late_alert(door, stream)
    else:
        await Pages(door, handshakes, limit).visit(stream)
    await handshakes.settle()


async def _late_alert(door: Door, stream: Stream) -> None:
    """Under TLS 1.3 a server that wants a client certificate says so only after the handshake."""
    tls = door.evidence.tls
    if tls is None or tls.version != "TLSv1.3":
        return
    try:
        await door.first_word(stream)
    except TlsAlertError as alert:
        wanted = alert.about_client_certificate and not door.target.client_certificate
        word = "client-certificate-required" if wanted else "tls-handshake-failed"
        door.evidence.stop = Stop(word, alert.reason)
    except OSError:
        return


def _word_of_phase(evidence: Evidence) -> str:
    times = evidence.times
    if times.connect is None:
        return "timed-out"
    return "tls-stalled" if evidence.tls is None and times.http is None else "answer-stalled"
