"""The topology review against its peer, on thousands of endpoints of which one in four is broken."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.figures import Figure, ratio
from tests.bench.fleet import CA_FILE, HEALTHY, NAME, Endpoint, endpoints
from tests.bench.measure import Bench, NotMeasuredError, Program, in_turns, median_of
from tests.bench.peer import Peer
from tests.terminal.keys import bytes_of_key
from tests.terminal.screen import Screen
from tests.terminal.terminal import ROOT
from tests.topology.servers import ground

IN_FLIGHT = 200
FEWER = 1_000
COUNTS = (FEWER, 10_000)
FEW = 30
FILTERED_TIMEOUT = 2.0
_HEAD = 'schema = 1\n\n[profile]\nname = "{}"\nenvironment = "test"\n\n[topology]\n'


@dataclass(frozen=True)
class Visit:
    """One review of all endpoints. Seconds, CPU seconds, bytes."""

    seconds: float
    cpu: float
    memory: float


def figures(bench: Bench) -> Iterator[Figure]:
    """Wall time, CPU and memory next to the peer; dead names; filtered ports; and how the screen fares meanwhile."""
    folder = bench.folder / "probing"
    folder.mkdir()
    with fleet(folder) as ports:
        for count in COUNTS:
            yield from _beside_the_peer(bench, folder, list(endpoints(count, ports)))
        yield from _names(folder, list(endpoints(400, ports | dict.fromkeys(ports, ports[HEALTHY]))))
        yield from _first_result(bench, folder, list(endpoints(FEW, ports)))
        yield from _keys_meanwhile(bench, folder, list(endpoints(COUNTS[-1], ports)))
    yield _filtered()


# Next to the peer


def _beside_the_peer(bench: Bench, folder: Path, found: Sequence[Endpoint]) -> Iterator[Figure]:
    count = len(found)
    profile = write_profile(folder / f"many{count}.toml", found)
    visits = in_turns(
        min(bench.runs, 3 if count > FEWER else 9),
        {"omtui": partial(_ours, profile, found), "peer": partial(_peers, folder, found)},
    )
    ours, theirs = visits["omtui"], visits["peer"]
    name = f"probing: {count:,} endpoints"
    yield ratio(f"{name}, time", median_of(ours, _seconds), median_of(theirs, _seconds), 1.0, "s")
    each = [median_of(side, lambda visit: visit.cpu / count * 1000) for side in (ours, theirs)]
    yield ratio(f"{name}, CPU each", each[0], each[1], 0.7)
    memory = max(visit.memory for visit in ours) / 1e6
    peers = max(visit.memory for visit in theirs) / 1e6
    yield Figure(f"{name}, memory", memory, "MB", 60 + count * 0.002, f"peer {peers:.0f} MB")
    whole = median([bench.cpu_of("omtui", "probe", str(profile), "-o", "review.json", statuses=(0, 1))])
    yield Figure(f"{name}, omtui probe to a JSON file", whole / count * 1000, "ms CPU each", None)


def _seconds(visit: Visit) -> float:
    return visit.seconds


def _ours(profile: Path, found: Sequence[Endpoint]) -> Visit:
    reported = _review(profile, "--visited", str(IN_FLIGHT))
    wrong = Counter(
        (each.behaviour, reported["outcomes"].get(each.name))
        for each in found
        if reported["outcomes"].get(each.name) != each.outcome
    )
    if wrong:
        raise NotMeasuredError(f"called wrongly: {dict(wrong)}")
    return Visit(reported["seconds"], reported["cpu"], reported["memory"])


def _review(profile: Path, *more: str) -> dict[str, Any]:
    """What a prober's process reports of a review."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench.prober", str(profile), *more],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        reported, _ = process.communicate("go\n")
    if process.returncode:
        raise NotMeasuredError(f"the prober ended with {process.returncode}")
    found: dict[str, Any] = json.loads(reported)
    return found


def _peers(folder: Path, found: Sequence[Endpoint]) -> Visit:
    with Peer(folder) as peer:
        peer.visit(found[:IN_FLIGHT], IN_FLIGHT)
        cpu, began = peer.cpu_seconds(), time.monotonic()
        healthy = peer.visit(found, IN_FLIGHT)
        seconds = time.monotonic() - began
        if healthy != {each.name for each in found if each.behaviour == HEALTHY}:
            raise NotMeasuredError("the peer takes healthy endpoints for dead, or dead ones for healthy")
        return Visit(seconds, peer.cpu_seconds() - cpu, peer.peak_memory())


def write_profile(path: Path, found: Sequence[Endpoint], hosts: Mapping[str, str] | None = None) -> Path:
    """A profile with so many endpoints, under other names of their hosts if there are any."""
    text = _HEAD.format(path.stem) + "".join(
        f'\n[[topology.endpoints]]\nname = "{each.name}"\nhost = "{(hosts or {}).get(each.name, each.host)}"\n'
        f'port = {each.port}\nprotocol = "https"\ntls_name = "{NAME}"\nca_file = "{CA_FILE}"\n'
        for each in found
    )
    path.write_text(text)
    return path


@contextmanager
def fleet(folder: Path) -> Iterator[dict[str, int]]:
    """The ports of a running fleet, by behaviour."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench.fleet", str(folder)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.stdin.close()


# Names


def _names(folder: Path, healthy: Sequence[Endpoint]) -> Iterator[Figure]:
    """Healthy endpoints under names of which one in ten is dead, and with a name server that is dead itself."""
    dead = {each.name: f"dead{number}.example" for number, each in enumerate(healthy) if number % 10 == 0}
    named = {each.name: f"{each.name.lower()}.example" for each in healthy}
    addresses = {f"{each.name.lower()}.example": each.host for each in healthy}

    def answer(name: str, kind: str) -> list[str] | None:
        if name.startswith("dead"):
            return None
        return [addresses[name]] if kind == "A" and name in addresses else []

    with ground(folder) as made:
        for what, hosts, server in (
            ("one name in ten dead", named | dead, made.name_server(answer)),
            ("the name server dead", dead, made.name_server(lambda *_: None)),
        ):
            reported = _review(write_profile(folder / "names.toml", healthy, hosts), "--name-server", str(server))
            alive = [each.name for each in healthy if each.name not in dead]
            wrong = sum(reported["outcomes"][name] != "ok" for name in alive)
            silent = sum(reported["outcomes"][name] == "name-server-silent" for name in dead)
            detail = f"of {len(alive)}; {silent} of {len(dead)} dead names found; {reported['seconds']:.1f} s"
            yield Figure(f"probing: {what}, healthy called dead", wrong, "endpoints", 0, detail)


# On the screen


def _first_result(bench: Bench, folder: Path, found: Sequence[Endpoint]) -> Iterator[Figure]:
    """From the key to the first result on the screen."""
    profile = write_profile(folder / "few.toml", found)
    times = []
    for _ in range(bench.runs):
        with Program(bench, ("omtui", str(profile))) as program:
            program.start()
            program.go((("g", "6"), ("v",)))
            times.append(_until(program, "a", lambda text: re.search(r"\b[1-9]\d* (fine|failed)", text) is not None, 2))
    yield Figure("probing: key to first result", median(times), "ms", 150, f"{FEW} endpoints, most {max(times):.0f} ms")


def _keys_meanwhile(bench: Bench, folder: Path, found: Sequence[Endpoint]) -> Iterator[Figure]:
    """How long a move in the list takes while the review of all runs: the text about the endpoint shows it."""
    profile = write_profile(folder / "meanwhile.toml", found)
    times = []
    with Program(bench, ("omtui", str(profile))) as program:
        program.start()
        program.go((("g", "6"), ("v",)))
        _until(program, "a", lambda text: "running:" in text, 3)
        program.process.write(bytes_of_key("down"))
        program.process.read_for(0.5)
        for _ in range(5 * bench.runs):
            reported = _shown_below(program.screen_text())
            times.append(_until(program, "down", partial(_shows_another, reported), 0.6))
        if "running:" not in program.screen_text():
            raise NotMeasuredError("the review was over before the keys were")
    yield Figure("probing: a key while 10,000 run, p50", median(times), "ms", 100, f"most {max(times):.0f} ms")


def _shown_below(text: str) -> str:
    """What the screen says of the endpoint under the cursor."""
    lines = text.rstrip().splitlines()
    return lines[-4].rstrip() if len(lines) > 4 else ""


def _shows_another(reported: str, text: str) -> bool:
    return _shown_below(text) not in ("", reported)


def _until(program: Program, key: str, holds: Callable[[str], bool], seconds: float) -> float:
    """Milliseconds from a key until the screen shows something; what else is drawn meanwhile does not count."""
    before, pressed = len(program.pieces), time.perf_counter()
    program.process.write(bytes_of_key(key))
    program.process.read_for(seconds)
    screen = Screen(*program.size)
    for number, (moment, piece) in enumerate(program.pieces):
        screen.feed(piece)
        if number >= before and holds("\n".join(screen.display)):
            return (moment - pressed) * 1000
    raise NotMeasuredError(f"{key} does not do what it should within {seconds} s:\n{program.screen_text()}")


# Filtered


def _filtered() -> Figure:
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        raise NotMeasuredError("filtered ports are made in a network namespace, which takes root and unshare")
    done = subprocess.run(
        ["unshare", "-n", sys.executable, "-m", "tests.topology.namespace", "--filtered"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    took, named = json.loads(done.stdout)["filtered"]
    if named != COUNTS[0]:
        raise NotMeasuredError(f"only {named} filtered ports were called that")
    return ratio("probing: 1,000 filtered ports", took, FILTERED_TIMEOUT, 2.0, "s")
