"""Thousands of endpoints on loopback for probers to visit: `python -m tests.bench.fleet FOLDER`.

One listener for each way to behave, on all of 127.0.0.0/8, so that every address is an endpoint of its own. One thread
and one epoll, and certificates that cost little: what is measured are the probers. Prints a line of JSON with the port
of each behaviour, and ends with its standard input.
"""

import json
import select
import socket
import ssl
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

NAME = "fleet.example"
"""The name in the certificates."""

CA_FILE = "authority.pem"

FAULTS: Mapping[str, str] = {
    "expired": "certificate-expired",
    "wrong name": "certificate-wrong-name",
    "self-signed": "certificate-self-signed",
    "untrusted": "certificate-untrusted",
    "refused": "refused",
    "closed early": "closed-early",
    "plain": "plain-http-on-tls-port",
    "missing": "not-found",
    "unavailable": "unavailable",
    "empty": "empty-answer",
    "handshake stalls": "tls-stalled",
    "answer stalls": "answer-stalled",
}
"""Ways to be broken, and what the prober calls them. They come in turns, one in four endpoints."""

HEALTHY = "healthy"
_PAGE = b"<html><body>" + b"All is well. " * 150 + b"</body></html>"


@dataclass(frozen=True)
class Endpoint:
    """One endpoint of the fleet: its name, how it behaves, where it is."""

    name: str
    behaviour: str
    host: str
    port: int

    @property
    def outcome(self) -> str:
        """The outcome that is true of it."""
        return FAULTS.get(self.behaviour, "ok")


def endpoints(count: int, ports: Mapping[str, int]) -> Iterator[Endpoint]:
    """So many endpoints, three quarters of them healthy, no address twice."""
    faults = list(FAULTS)
    for number in range(count):
        behaviour = HEALTHY if number % 4 else faults[number // 4 % len(faults)]
        host = f"127.{number // 62_500 + 1}.{number // 250 % 250}.{number % 250 + 1}"
        yield Endpoint(f"E{number}", behaviour, host, ports[behaviour])


def _answer(status: str) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(_PAGE)}\r\nConnection: close\r\n\r\n"
    return head.encode() + _PAGE


_ANSWERS = {
    "missing": _answer("404 Not Found"),
    "unavailable": _answer("503 Service Unavailable"),
    "empty": b"",
    "greeted": _answer("400 Bad Request"),
}
_GOOD = _answer("200 OK")


class _Visitor:
    """One connection: wants its handshake done, then its request answered, then to be closed."""

    def __init__(self, sock: socket.socket, behaviour: str, context: ssl.SSLContext | None) -> None:
        self.sock = sock
        self.behaviour = behaviour
        self.shaken = context is None
        self.request = b""
        self.answered = False
        if context is not None:
            self.sock = context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)

    def go_on(self) -> bool:
        """Do what can be done now; False when it is over."""
        if self.behaviour == "handshake stalls":
            return bool(self.sock.recv(65536))
        if not self.shaken:
            self.sock.do_handshake()  # type: ignore[attr-defined]
            self.shaken = True
        piece = self.sock.recv(65536)
        if not piece or self.answered:
            return bool(piece)
        self.request += piece
        greeting = self.request[:1] == b"\x16"  # of TLS, on a port that has none
        if (b"\r\n\r\n" in self.request or greeting) and self.behaviour != "answer stalls":
            self.sock.sendall(_ANSWERS["greeted"] if greeting else _ANSWERS.get(self.behaviour, _GOOD))
            self.answered = True
            if isinstance(self.sock, ssl.SSLSocket):
                with suppress(ssl.SSLWantReadError):
                    self.sock.unwrap()  # says that this is all; what the visitor says to it is not waited for
            self.sock.shutdown(socket.SHUT_WR)
        return True


def _contexts(folder: Path) -> dict[str, ssl.SSLContext | None]:
    """What each listener does its handshakes with; None for those that do none."""
    from omtui.practice.authority import Authority, self_signed, server_context

    root = Authority.root("fleet authority", days=(-1, 300))
    (folder / CA_FILE).write_bytes(root.pem())
    healthy = server_context(root.issue((NAME,), days=(-1, 300)), folder)
    contexts: dict[str, ssl.SSLContext | None] = dict.fromkeys((HEALTHY, *FAULTS), healthy)
    contexts["expired"] = server_context(root.issue((NAME,), days=(-90, -10)), folder)
    contexts["wrong name"] = server_context(root.issue(("other.example",), days=(-1, 300)), folder)
    contexts["self-signed"] = server_context(self_signed((NAME,)), folder)
    contexts["untrusted"] = server_context(Authority.root("nobody's").issue((NAME,), days=(-1, 300)), folder)
    for behaviour in ("refused", "closed early", "plain", "handshake stalls"):
        contexts[behaviour] = None
    for context in contexts.values():
        if context is not None:
            context.num_tickets = 0
    return contexts


def main() -> None:
    """Serve until standard input ends."""
    contexts = _contexts(Path(sys.argv[1]))
    epoll = select.epoll()
    listeners: dict[int, tuple[socket.socket, str]] = {}
    ports = {}
    for behaviour in contexts:
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("0.0.0.0", 0))  # all of 127.0.0.0/8
        ports[behaviour] = sock.getsockname()[1]
        if behaviour == "refused":
            sock.close()
            continue
        sock.listen(4096)
        sock.setblocking(False)
        listeners[sock.fileno()] = (sock, behaviour)
        epoll.register(sock, select.EPOLLIN)
    print(json.dumps(ports), flush=True)
    epoll.register(sys.stdin, select.EPOLLIN)
    visitors: dict[int, _Visitor] = {}
    while True:
        for descriptor, _ in epoll.poll():
            if descriptor == sys.stdin.fileno():
                return
            if descriptor in listeners:
                for visitor in _arrived(*listeners[descriptor], contexts):
                    visitors[visitor.sock.fileno()] = visitor
                    epoll.register(visitor.sock, select.EPOLLIN)
            elif descriptor in visitors and not _went_on(visitors[descriptor]):
                visitors.pop(descriptor).sock.close()


def _arrived(
    listener: socket.socket, behaviour: str, contexts: Mapping[str, ssl.SSLContext | None]
) -> Iterator[_Visitor]:
    while True:
        try:
            sock, _ = listener.accept()
        except BlockingIOError:
            return
        if behaviour == "closed early":
            sock.close()
            continue
        sock.setblocking(False)
        yield _Visitor(sock, behaviour, contexts[behaviour])


def _went_on(visitor: _Visitor) -> bool:
    try:
        return visitor.go_on()
    except (ssl.SSLWantReadError, BlockingIOError):
        return True
    except OSError:
        return False


if __name__ == "__main__":
    main()
