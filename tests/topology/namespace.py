"""Runs inside a network namespace of its own (see `test_unreachable`): networks that fail in every way.

Prints a JSON object of case to `[outcome, faults, ok, message, notes, outcome of each round]`.
"""

import json
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from omtui.practice.server import Response
from omtui.topology.review import run_review
from omtui.topology.target import Target
from tests.topology.servers import ground, surroundings

ROUNDS = 5

ROUTES = (
    "link set lo up",
    "addr add fd00:f1ee::1/128 dev lo",
    "addr add fd00:f1ee::2/128 dev lo",
    "route add unreachable 10.9.0.0/16",
    "route add prohibit 10.8.0.0/16",
    # Routed to the loopback device without being its address: the kernel drops it without a word.
    "route add 10.6.0.0/16 dev lo",
    "addr add fd00:f1ee::3/128 dev lo",
    "-6 route add unreachable fd00:beef::/32",
)


def main() -> None:
    for route in ROUTES:
        subprocess.run(["ip", *route.split()], check=True)
    with tempfile.TemporaryDirectory() as folder, ground(Path(folder)) as made:
        v4 = made.serve(lambda _: Response(200, b"ok"), identity=None)
        port = v4.port
        both = made.serve(lambda _: Response(200, b"ok"), identity=None)
        made.serve(lambda _: Response(200, b"ok"), identity=None, host="fd00:f1ee::1", port=both.port)
        v6 = made.serve(lambda _: Response(200, b"ok"), identity=None, host="fd00:f1ee::2")
        # A full queue drops what comes, as a firewall does; IPv6 has no route that does.
        queue = socket.socket(socket.AF_INET6)
        queue.bind(("fd00:f1ee::3", port))
        queue.listen(0)
        waiting = [socket.socket(socket.AF_INET6) for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("fd00:f1ee::3", port))
        names = {
            "v6-refused.example": ("127.0.0.1", "fd00:f1ee::1"),
            "v6-dropped.example": ("127.0.0.1", "fd00:f1ee::3"),
            "v6-unreachable.example": ("127.0.0.1", "fd00:beef::1"),
            "v6-elsewhere.example": ("127.0.0.1", "2001:db8::7"),
            "v4-refused.example": ("127.0.0.1", "fd00:f1ee::2"),
            "all-refused.example": ("127.0.0.1", "fd00:f1ee::1"),
            "two-a-one-dead.example": ("127.0.0.1 10.6.0.1", ""),
            "both-fine.example": ("127.0.0.1", "fd00:f1ee::1"),
        }

        def answer(name: str, kind: str) -> list[str] | str:
            if name not in names:
                return "NXDOMAIN"
            return names[name][0 if kind == "A" else 1].split()

        name_server = made.name_server(answer)

        def web(name: str, host: str, at: int, **fields: object) -> Target:
            url = f"http://{host}:{at}/"
            return Target(name, host, at, url, "http", "http", path="/", timeout=1.5, **fields)  # type: ignore[arg-type]

        closed = socket.socket()
        closed.bind(("127.0.0.1", 0))
        refusing = closed.getsockname()[1]
        closed.close()
        cases = [
            web("route-unreachable", "10.9.0.1", 80),
            web("route-prohibited", "10.8.0.1", 80),
            web("no-route", "10.5.0.1", 80),
            web("dropped", "10.6.0.1", 80),
            Target("closed-dropped", "10.6.0.1", 80, None, "tcp", "closed", timeout=1.0),
            web("v6-refused", "v6-refused.example", port),
            web("v6-dropped", "v6-dropped.example", port),
            web("v6-unreachable", "v6-unreachable.example", port),
            web("v6-elsewhere", "v6-elsewhere.example", port),
            web("v4-refused", "v4-refused.example", v6.port),
            web("all-refused", "all-refused.example", refusing),
            web("two-a-one-dead", "two-a-one-dead.example", port),
            web("both-fine", "both-fine.example", both.port),
            web("v6-literal", "[fd00:f1ee::2]", v6.port),
        ]
        cases[-1] = Target(
            "v6-literal", "fd00:f1ee::2", v6.port, f"http://[fd00:f1ee::2]:{v6.port}/", "http", "http", path="/"
        )
        if "--filtered" in sys.argv:
            json.dump({"filtered": filtered()}, sys.stdout)
            return
        reviews = [run_review(cases, lambda: surroundings(name_server=name_server)) for _ in range(ROUNDS)]
        found = {
            result.target.name: [
                result.verdict.outcome,
                [fault.word for fault in result.verdict.faults],
                result.ok,
                result.verdict.message,
                list(result.verdict.notes),
                [same.verdict.outcome for review in reviews for same in review.results if same.target is result.target],
            ]
            for result in reviews[0].results
        }
        json.dump(found, sys.stdout)


def filtered() -> list[object]:
    """A thousand filtered ports: how long, how many named, and how long the event loop was ever away."""
    thousand = [
        Target(f"t{at}", f"10.6.{at // 250}.{at % 250 + 1}", 443, None, "tcp", "open", timeout=2.0)
        for at in range(1000)
    ]
    began = time.monotonic()
    review = run_review(thousand, surroundings)
    took = time.monotonic() - began
    assert threading.active_count() < 10
    return [took, sum(result.verdict.outcome == "timed-out" for result in review.results)]


if __name__ == "__main__":
    main()
