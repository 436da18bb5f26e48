"""Many targets at once: order, progress, cancelling, memory, the processor's share."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from omtui.practice.behaviours import silent
from omtui.practice.server import Channel, Response, read_request
from omtui.topology.cancellation import Cancellation
from omtui.topology.evidence import Stop
from omtui.topology.result import ProbeResult
from omtui.topology.review import run_review
from omtui.topology.transport import Stream
from tests.topology.servers import Ground, surroundings, target

ROOT = Path(__file__).parents[2]


def test_results_come_as_they_are_and_are_returned_in_order(loopback: Ground) -> None:
    quick = loopback.serve(lambda _: Response(200), identity=None)
    slow = loopback.listen(silent)
    targets = [
        target(slow.port, scheme="http", name="slow", timeout=0.5),
        target(quick.port, scheme="http", name="quick"),
    ]
    heard: list[str] = []
    review = run_review(targets, surroundings, on_result=lambda result: heard.append(result.target.name))
    assert heard == ["quick", "slow"]
    assert [result.target.name for result in review.results] == ["slow", "quick"]
    assert review.counts == {"ok": 1, "failed": 1, "warned": 0}
    assert not review.passed()


def test_strict_counts_warnings(loopback: Ground) -> None:
    server = loopback.serve(lambda _: Response(200), identity=loopback.root.issue(days=(-1, 5.5)))
    review = run_review([target(server.port, ca_file=str(loopback.ca_file))], surroundings)
    assert review.counts == {"ok": 1, "failed": 0, "warned": 1}
    assert review.passed()
    assert not review.passed(strict=True)


def test_no_more_at_once_than_allowed(loopback: Ground) -> None:
    now = most = 0

    def make(_: str):  # type: ignore[no-untyped-def]
        async def behave(channel: Channel) -> None:
            nonlocal now, most
            now += 1
            most = max(most, now)
            if await read_request(channel, bytearray()) is not None:
                for _ in range(20):  # lets others in, if others there are
                    await asyncio.sleep(0)
                await channel.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            now -= 1

        return behave

    server = loopback.listen(make)
    targets = [target(server.port, scheme="http", name=str(at)) for at in range(60)]
    assert run_review(targets, surroundings, concurrency=1).counts["ok"] == 60
    assert most <= 2  # a connection may be taken before the last one is seen to be closed
    assert run_review(targets, surroundings, concurrency=60).counts["ok"] == 60
    assert most > 5


def test_cancelling_ends_at_once_and_keeps_what_is_done(loopback: Ground) -> None:
    quick = loopback.serve(lambda _: Response(200), identity=None)
    stuck = loopback.listen(silent)
    targets = [target(quick.port, scheme="http", name="quick")]
    targets += [target(stuck.port, scheme="http", name=f"stuck{at}", timeout=30.0) for at in range(500)]
    cancellation = Cancellation()
    began = time.monotonic()
    review = run_review(
        targets, surroundings, on_result=lambda _: cancellation.cancel(), cancellation=cancellation, concurrency=20
    )
    assert time.monotonic() - began < 15, "no timeout was waited for"
    assert review.interrupted
    assert len(review.results) == 501
    outcomes = {result.target.name: result.verdict.outcome for result in review.results}
    assert outcomes.pop("quick") == "ok"
    assert set(outcomes.values()) == {"cancelled"}
    assert review.counts["ok"] == 1


def test_cancelling_before_the_start(loopback: Ground) -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    review = run_review(
        [target(9, scheme="http", name=str(at)) for at in range(3)], surroundings, cancellation=cancellation
    )
    assert [result.verdict.outcome for result in review.results] == ["cancelled"] * 3


def test_cancelling_after_the_end_does_nothing() -> None:
    cancellation = Cancellation()
    review = run_review([], surroundings, cancellation=cancellation)
    cancellation.cancel()
    assert review.results == []
    assert not review.interrupted


def test_no_connection_is_left_open(loopback: Ground) -> None:
    stuck = loopback.listen(silent)
    before = len(list(Path("/proc/self/fd").iterdir()))
    run_review([target(stuck.port, name=str(at), timeout=0.3) for at in range(20)], surroundings)
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 20  # the server's own side


def test_ctrl_c_ends_in_good_order(tmp_path: Path) -> None:
    code = """
import sys, threading, socket
from omtui.topology.review import run_review
from omtui.topology.probe_context import ProbeContext
from omtui.topology.target import Target
listening = socket.create_server(("127.0.0.1", 0))
port = listening.getsockname()[1]
stuck = Target("stuck", "127.0.0.1", port, f"http://127.0.0.1:{port}/", "http", "http", path="/", timeout=30.0)
gone = Target("gone", "127.0.0.1", 1, None, "tcp", "open")
review = run_review([stuck, gone], on_result=lambda result: print(result.target.name, flush=True))
print(review.interrupted, [result.verdict.outcome for result in review.results], flush=True)
try:
    import signal
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    print("as before")
"""
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "gone\n"
        program.send_signal(signal.SIGINT)
        assert program.stdout.readline() == "True ['cancelled', 'refused']\n"
        assert program.stdout.readline() == "as before\n"
        assert program.wait(10) == 0


def test_stalled_servers_do_not_hold_up_the_others(loopback: Ground) -> None:
    quick = loopback.serve(lambda _: Response(200), identity=None)
    stuck = loopback.listen(silent)
    targets = [target(stuck.port, scheme="http", name=f"stuck{at}", timeout=4.0) for at in range(30)]
    targets += [target(quick.port, scheme="http", name=f"quick{at}") for at in range(30)]
    done: dict[str, float] = {}
    began = time.monotonic()

    def note(result: ProbeResult) -> None:
        done[result.target.name] = time.monotonic() - began

    run_review(targets, surroundings, on_result=note, concurrency=10)
    assert max(took for name, took in done.items() if name.startswith("quick")) < 3.9


class Vantage:
    """Another place to connect from: everything is refused, and names mean what they mean there."""

    vantage = "dmz"
    machine = "jump1.example"

    def __init__(self) -> None:
        self.closed = False

    async def resolve(self, host: str):  # type: ignore[no-untyped-def]
        from omtui.topology.names import HostLookup

        return HostLookup((("10.99.0.1", "IPv4"),), source="the vantage point")

    async def open(self, address: str, port: int) -> Stream | Stop:
        return Stop("refused", f"{address}:{port} refused from there")

    async def lacks_family(self, family: str) -> bool:
        return False

    async def close(self) -> None:
        self.closed = True


def test_connections_and_names_come_from_the_vantage_point_alone() -> None:
    around = surroundings()
    around.transport = vantage = Vantage()
    review = run_review([target(443, host="only-there.example")], lambda: around)
    result = review.results[0]
    assert (result.verdict.outcome, result.vantage, result.machine) == ("refused", "dmz", "jump1.example")
    assert (review.vantage, review.machine) == ("dmz", "jump1.example")
    assert result.document()["addresses"] == ["10.99.0.1"]
    assert "10.99.0.1:443 refused from there" in result.verdict.message
    assert vantage.closed


def test_a_defect_is_not_swallowed_but_reported_for_each_endpoint_that_it_hits() -> None:
    class Defect(Vantage):
        async def open(self, address: str, port: int) -> Stream | Stop:
            raise RuntimeError("a defect")

    around = surroundings()
    around.transport = Defect()
    review = run_review([target(443, name=str(at)) for at in range(5)], lambda: around)
    assert [result.target.name for result in review.results] == list("01234")
    for result in review.results:
        assert not result.ok
        assert "RuntimeError in test_review.py" in result.verdict.message
        assert "a defect" in result.verdict.message


def test_a_process_short_of_descriptors_still_reports_the_truth(loopback: Ground) -> None:
    """With 120 descriptors and no more to be had, 300 healthy endpoints are still healthy."""
    server = loopback.serve(lambda _: Response(200), identity=None)
    code = f"""
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (120, 120))
from omtui.topology.review import run_review
from omtui.topology.target import Target
url = "http://127.0.0.1:{server.port}/"
targets = [Target(str(at), "127.0.0.1", {server.port}, url, "http", "http", path="/") for at in range(300)]
print(run_review(targets).counts)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout == "{'ok': 300, 'failed': 0, 'warned': 0}\n", done.stderr


def test_no_descriptor_left_is_waited_out_and_not_the_targets_fault(loopback: Ground) -> None:
    server = loopback.serve(lambda _: Response(200), identity=None)
    code = f"""
import asyncio, os, resource
from omtui.topology.evidence import Stop
from omtui.topology.transport import LocalTransport
async def main():
    transport = LocalTransport()
    first = await transport.open("127.0.0.1", {server.port})  # all that is imported later is imported now
    first.close()
    resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))
    taken = []
    try:
        while True:
            taken.append(os.open("/dev/null", os.O_RDONLY))
    except OSError:
        pass
    opening = asyncio.create_task(transport.open("127.0.0.1", {server.port}))
    await asyncio.sleep(0)
    assert not opening.done()
    for descriptor in taken:
        os.close(descriptor)
    print(isinstance(await opening, Stop))
asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout == "False\n", done.stderr


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_memory_stays_flat_for_all_that_servers_send(loopback: Ground) -> None:
    """Forty bombs and streams at once in a program of its own: the peak stays near that of one."""
    from omtui.practice.behaviours import answers, endless, gzip_bomb

    bomb = loopback.listen(answers(gzip_bomb))
    stream = loopback.listen(endless(b"<!-- x -->" * 5000))
    attribute = loopback.listen(endless(b"x" * 65536))
    code = """
import resource, sys
from omtui.topology.review import run_review
from omtui.topology.target import Target
ports, count = sys.argv[1].split(","), int(sys.argv[2])
targets = [
    Target(f"{port}/{at}", "127.0.0.1", int(port), f"http://127.0.0.1:{port}/", "http", "wsdl", path="/", timeout=60.0)
    for at in range(count) for port in ports
]
review = run_review(targets)
print({result.verdict.outcome for result in review.results}, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""

    def peak(count: int) -> int:
        ports = f"{bomb.port},{stream.port},{attribute.port}"
        done = subprocess.run(
            [sys.executable, "-c", code, ports, str(count)], cwd=ROOT, capture_output=True, text=True, check=True,
            timeout=100, env={**os.environ, "PYTHONHASHSEED": "0"},
        )  # fmt: skip
        outcomes, _, kilobytes = done.stdout.rpartition(" ")
        assert outcomes == "{'too-large'}"
        return int(kilobytes)

    assert peak(13) < peak(1) + 30_000  # forty at once cost less than 30 MB more than three
