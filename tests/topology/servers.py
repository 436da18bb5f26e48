"""Real servers on loopback for the prober's tests: behaviours of the practice, name servers, proxies."""

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

from omtui.practice.authority import Authority, ServerIdentity, server_context
from omtui.practice.server import Behaviour, HttpRequest, Listener, Response, pages
from omtui.topology.names import NameResolver
from omtui.topology.probe_context import ProbeContext
from omtui.topology.proxies import Proxies
from omtui.topology.result import ProbeResult
from omtui.topology.review import run_review
from omtui.topology.target import Target
from omtui.topology.transport import LocalTransport
from omtui.topology.trust import Trust


class Ground:
    """An event loop in a thread, with servers in it that end when the `with` ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.loop = asyncio.new_event_loop()
        self.root = Authority.root("test root")
        self.ca_file = folder / "root.pem"
        self.ca_file.write_bytes(self.root.pem())
        self._listeners: list[Listener] = []
        self._closers: list[Callable[[], Awaitable[None]]] = []
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self) -> "Ground":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        async def stop() -> None:
            for close in self._closers:
                await close()
            for listener in self._listeners:
                await listener.stop()

        self.run(stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    def run(self, awaitable: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(awaitable, self.loop).result(20)

    def listen(
        self,
        make: Callable[[str], Behaviour],
        *,
        identity: ServerIdentity | None = None,
        context: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> Listener:
        if identity is not None:
            context = server_context(identity, self.folder)
        listener = Listener(make, context=context, host=host, port=port)
        self.run(listener.start())
        self._listeners.append(listener)
        return listener

    def serve(self, answer: Callable[[HttpRequest], Response], **how: Any) -> Listener:
        """An HTTP server; with TLS of the test root unless `identity=None` is given."""
        how.setdefault("identity", self.root.issue())
        return self.listen(lambda _: pages(answer), **how)

    def name_server(self, answer: Callable[[str, str], Any], *, host: str = "127.0.0.1", port: int = 0) -> int:
        """A name server whose `answer(name, type)` gives a response code, a list of addresses, or None (silence)."""

        async def start() -> int:
            transport, _ = await self.loop.create_datagram_endpoint(
                lambda: _NameServer(answer), local_addr=(host, port)
            )

            async def close() -> None:
                transport.close()

            self._closers.append(close)
            return int(transport.get_extra_info("sockname")[1])

        return int(self.run(start()))


class _NameServer(asyncio.DatagramProtocol):
    def __init__(self, answer: Callable[[str, str], Any]) -> None:
        self._answer = answer

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        import dns.message
        import dns.rcode
        import dns.rdatatype
        import dns.rrset

        query = dns.message.from_wire(data)
        question = query.question[0]
        kind = dns.rdatatype.to_text(question.rdtype)
        given = self._answer(str(question.name).rstrip("."), kind)
        if given is None:
            return
        response = dns.message.make_response(query)
        if isinstance(given, str):
            response.set_rcode(dns.rcode.from_text(given))
        elif given:
            response.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *given))
        self._transport.sendto(response.to_wire(), addr)


def surroundings(
    *,
    name_server: int | None = None,
    servers: list[str] | None = None,
    hosts_file: Path | None = None,
    lifetime: float = 5.0,
    environment: dict[str, str] | None = None,
    **limits: Any,
) -> ProbeContext:
    """Surroundings that owe nothing to this machine's resolver configuration or environment."""
    names = NameResolver(
        servers=servers or ["127.0.0.1"], port=name_server or 9, hosts_file=hosts_file, lifetime=lifetime
    )
    return ProbeContext(transport=LocalTransport(names), trust=Trust(), proxies=Proxies(environment or {}), **limits)


def target(port: int, *, scheme: str = "https", expect: str = "http", path: str = "/", **fields: Any) -> Target:
    host = fields.pop("host", "127.0.0.1")
    shown = f"[{host}]" if ":" in host else host
    url = f"{scheme}://{shown}:{port}{path}" if scheme != "tcp" else None
    fields.setdefault("name", "the target")
    return Target(host=host, port=port, url=url, scheme=scheme, expect=expect, path=path if url else "", **fields)


def probed(one: Target, make: Callable[[], ProbeContext] = surroundings) -> ProbeResult:
    """The result of one target."""
    return run_review([one], make).results[0]


def words(result: ProbeResult) -> list[str]:
    return [fault.word for fault in result.verdict.faults]


@contextlib.contextmanager
def ground(folder: Path) -> Iterator[Ground]:
    with Ground(folder) as made:
        yield made
