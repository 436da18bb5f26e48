"""Servers that say anything at all: the prober ends, in time, with a word, and never with a traceback."""

import random
import time

import pytest

from omtui.practice.server import Behaviour, Channel
from omtui.topology.poller import EpollPoller, LoopPoller
from omtui.topology.review import run_review
from omtui.topology.target import Target
from omtui.topology.words import WORDS
from tests.topology.servers import Ground, probed, surroundings, target

STARTS = (
    b"", b"\x16\x03\x03", b"\x15\x03\x01\x00\x02\x02\x28", b"\x16\x03\x00\x00\x10", b"\x80\x2e\x01", b"HTTP/1.1 ",
    b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08", b"HTTP/1.1 302 Found\r\nLocation: ",
    b"HTTP/1.1 200 OK\r\n\r\n<?xml version='1.0'?><definitions xmlns='http://schemas.xmlsoap.org/wsdl/'>",
    b"HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=\xff\r\n\r\n\xff\xfe<", b"SSH-2.0-", b"PRI * HTTP/2.0\r\n\r\n",
)  # fmt: skip


def babble(seed: int) -> Behaviour:
    """Random bytes after a promising start, now and then cut by silence or a reset."""
    chance = random.Random(seed)

    async def behave(channel: Channel) -> None:
        if chance.random() < 0.7:
            await channel.read()
        await channel.write(chance.choice(STARTS) + chance.randbytes(chance.randrange(400)))
        if chance.random() < 0.2:
            await channel.read()
        if chance.random() < 0.3:
            await channel.write(chance.randbytes(chance.randrange(70_000)))

    return behave


@pytest.mark.parametrize("secure", [False, True], ids=["bare", "inside TLS"])
def test_babbling_servers(loopback: Ground, secure: bool) -> None:
    identity = loopback.root.issue() if secure else None
    servers = [
        loopback.listen(lambda _, seed=seed: babble(seed), identity=identity)  # type: ignore[misc]
        for seed in range(40)
    ]
    targets: list[Target] = []
    for server in servers:
        for scheme in ("https", "http"):
            for expect in ("http", "wsdl", "tls", "open"):
                targets.append(
                    target(
                        server.port, scheme=scheme, expect=expect, timeout=1.0, name=f"{server.port} {scheme} {expect}",
                        ca_file=str(loopback.ca_file), role="connector" if expect == "http" else "endpoint",
                        caller="fusion",
                    )
                )  # fmt: skip
    began = time.monotonic()
    review = run_review(targets, surroundings)
    assert time.monotonic() - began < 60
    assert len(review.results) == len(targets)
    for result in review.results:
        assert result.verdict.outcome in WORDS
        assert result.verdict.message
        result.document()


@pytest.mark.parametrize("poller", [EpollPoller, LoopPoller])
def test_both_ways_of_waiting_see_the_same(loopback: Ground, monkeypatch: pytest.MonkeyPatch, poller: type) -> None:
    from omtui.practice.behaviours import closes, hears_and_closes, resets, silent
    from omtui.practice.server import Response

    monkeypatch.setattr("omtui.topology.transport.make_poller", poller)
    secure = loopback.serve(lambda _: Response(200, b"x" * 300_000))
    ports = {
        "ok": target(secure.port, ca_file=str(loopback.ca_file)),
        "closed-early": target(loopback.listen(closes).port, ca_file=str(loopback.ca_file)),
        "tls-closed": target(loopback.listen(hears_and_closes).port),
        "reset": target(loopback.listen(resets).port),
        "tls-stalled": target(loopback.listen(silent).port, timeout=0.5),
        "refused": target(1),
    }
    for outcome, one in ports.items():
        assert probed(one).verdict.outcome == outcome


@pytest.mark.parametrize("poller", [EpollPoller, LoopPoller])
def test_a_server_that_reads_slowly_gets_every_byte(
    loopback: Ground, monkeypatch: pytest.MonkeyPatch, poller: type
) -> None:
    """More is written than the kernel takes at once; the edges of readiness must not be missed."""
    import asyncio

    from omtui.topology.evidence import Stop
    from omtui.topology.transport import LocalTransport

    monkeypatch.setattr("omtui.topology.transport.make_poller", poller)
    size = 20_000_000

    def make(_: str) -> Behaviour:
        async def behave(channel: Channel) -> None:
            got = 0
            while got < size:
                got += len(await channel.read())
            await channel.write(b"all")

        return behave

    server = loopback.listen(make)

    async def main() -> bytes:
        transport = LocalTransport()
        stream = await transport.open("127.0.0.1", server.port)
        assert not isinstance(stream, Stop)
        await stream.write(bytes(size))
        answer = await stream.read(10)
        stream.close()
        await transport.close()
        return answer

    assert asyncio.run(asyncio.wait_for(main(), 30)) == b"all"


def test_a_closer_look_that_takes_too_long_leaves_the_first_impression(loopback: Ground) -> None:
    """First it closes without an answer, then it hangs: that is an empty answer, not a stalled one."""
    import asyncio

    connections = 0

    def make(_: str) -> Behaviour:
        async def behave(channel: Channel) -> None:
            nonlocal connections
            connections += 1
            await channel.read()
            if connections > 1:
                await asyncio.Event().wait()

        return behave

    plain = loopback.listen(make)
    assert probed(target(plain.port, scheme="http", timeout=0.7)).verdict.outcome == "empty-answer"
    connections = 0
    assert probed(target(plain.port, scheme="https", timeout=0.7)).verdict.outcome == "tls-closed"
