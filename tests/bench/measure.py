"""How things are measured: in turns, each against its floor in the same run."""

import gc
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from tests.bench.generate import write_profile
from tests.terminal.keys import bytes_of_key
from tests.terminal.process import TerminalProcess
from tests.terminal.screen import Screen
from tests.terminal.terminal import ROOT, environment, resolved

SIZE = (120, 40)
_QUIET = 0.15
_TIMEOUT = 60.0
_DISTURBED = 0.15

T = TypeVar("T")


class NotMeasuredError(Exception):
    """The program did not do what was to be measured."""


@dataclass
class Bench:
    """What every benchmark is given: how often to measure, and a folder with a home and profiles."""

    runs: int
    folder: Path
    _profiles: dict[int, Path] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        """The home of everything that leaves no draft behind; the first, unmeasured round of everything fills it."""
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        return home

    def profile(self, records: int) -> Path:
        """A generated profile of so many records, made once."""
        if records not in self._profiles:
            self._profiles[records] = write_profile(self.folder, records)
        return self._profiles[records]

    def floor(self, records: int) -> tuple[str, ...]:
        """The command of the bare app for a profile of so many records."""
        return ("python", str(ROOT / "tests/bench/floor.py"), str(self.profile(records)))

    def workbench(self, records: int) -> tuple[str, ...]:
        """The command of the workbench on a profile of so many records."""
        return ("omtui", str(self.profile(records)))

    def cpu_of(self, *command: str, statuses: Sequence[int] = (0,)) -> float:
        """The CPU seconds of a whole command, user and system, its children included."""
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(
                resolved(command),
                env=environment(self.home, {}),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=output,
            )
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode not in statuses:
                output.seek(0)
                last_words = output.read().decode(errors="replace").strip().splitlines()[-1:]
                raise NotMeasuredError(f"{' '.join(command)} ended with {process.returncode}: {''.join(last_words)}")
        return usage.ru_utime + usage.ru_stime


def seconds_of(call: Callable[[], object]) -> float:
    """The CPU seconds of a call in this process."""
    gc.collect()
    gc.disable()  # as in a command
    before = time.process_time()
    call()
    took = time.process_time() - before
    gc.enable()
    return took


def in_turns(runs: int, subjects: Mapping[str, Callable[[], T]]) -> dict[str, list[T]]:
    """Measure every subject so often, A B then B A, after one round to warm up.

    A round in which a program had to wait for a processor (`Start.waited`) is measured again, up to twice
    as many rounds in all: what else the machine does must not decide.
    """
    found: dict[str, list[T]] = {name: [] for name in subjects}
    disturbed: list[dict[str, T]] = []
    for number in range(1 + 2 * runs):
        names = list(subjects) if number % 2 else list(subjects)[::-1]
        measured = {name: subjects[name]() for name in names}
        if number == 0:
            continue
        if any(getattr(value, "waited", 0) > _DISTURBED for value in measured.values()):
            disturbed.append(measured)
        else:
            for name, value in measured.items():
                found[name].append(value)
        if len(next(iter(found.values()))) == runs:
            break
    for measured in disturbed[: runs - len(next(iter(found.values())))]:
        for name, value in measured.items():
            found[name].append(value)
    return found


@dataclass(frozen=True)
class Start:
    """From the start of a program to a stable first screen. Milliseconds, bytes."""

    painted: float
    """When something other than blanks was on the screen."""
    stable: float
    """When the last byte came before the program had nothing left to do."""
    cpu: float
    memory: int
    written: int
    waited: float
    """The part of the time it was ready to run and did not: how disturbed the measurement is."""


@dataclass(frozen=True)
class Repaint:
    """What one key caused: milliseconds until its last byte, bytes, milliseconds of CPU until all is done."""

    milliseconds: float
    written: int
    cpu: float


class Program:
    """A program in a terminal that is only timed: its output is kept, and looked at afterwards."""

    def __init__(
        self, bench: Bench, command: Sequence[str], size: tuple[int, int] = SIZE, home: Path | None = None
    ) -> None:
        """Start it, in a fresh home if none is given, in 256 colours (no COLORTERM)."""
        self.size = size
        self.pieces: list[tuple[float, bytes]] = []
        self.process = TerminalProcess(
            resolved(command),
            size=size,
            environment=environment(home or Path(tempfile.mkdtemp(dir=bench.folder)), {}),
            folder=bench.folder,
            on_output=self._keep,
        )

    def _keep(self, piece: bytes, moment: float) -> None:
        self.pieces.append((moment, piece))
        if b"\x1b[?2026$p" in piece:
            self.process.write(b"\x1b[?2026;2$y")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.close()

    def wait_until_quiet(self, quiet: float = _QUIET) -> None:
        """Wait until it has nothing left to do."""
        deadline = time.perf_counter() + _TIMEOUT
        while not self.process.is_quiet(quiet, deadline):
            if time.perf_counter() > deadline:
                raise NotMeasuredError("it does not become quiet")
        if self.process.exit_status is not None:
            raise NotMeasuredError(f"it ended with {self.process.exit_status}:\n{self.screen_text()}")

    def screen_text(self) -> str:
        """What is on its screen now."""
        screen = Screen(*self.size)
        for _, piece in self.pieces:
            screen.feed(piece)
        return "\n".join(line.rstrip() for line in screen.display).rstrip()

    def start(self) -> Start:
        """Wait for the stable first screen; how long it took."""
        self.wait_until_quiet(2 * _QUIET)
        if not self.pieces:
            raise NotMeasuredError("it shows nothing")
        stable = self.pieces[-1][0] - self.process.started
        screen = Screen(*self.size)
        painted = stable
        for moment, piece in self.pieces:
            screen.feed(piece)
            if any(line.strip() for line in screen.display):
                painted = moment - self.process.started
                break
        return Start(
            painted=painted * 1000,
            stable=stable * 1000,
            cpu=self.process.cpu_seconds() * 1000,
            memory=self.process.peak_memory(),
            written=sum(len(piece) for _, piece in self.pieces),
            waited=self.process.waiting_seconds() / stable,
        )

    def go(self, chords: Sequence[Sequence[str]]) -> None:
        """Press the keys of a way through the program, each chord in one go."""
        for chord in chords:
            self.press(*chord)

    def press(self, *keys: str) -> Repaint:
        """Press keys in one go and wait until all is done; they must change something on the screen."""
        before, cpu = len(self.pieces), self.process.cpu_seconds()
        pressed = time.perf_counter()
        self.process.write(b"".join(bytes_of_key(key) for key in keys))
        self.wait_until_quiet()
        new = self.pieces[before:]
        if not new:
            raise NotMeasuredError(f"{' '.join(keys)} changes nothing on\n{self.screen_text()}")
        return Repaint(
            milliseconds=(new[-1][0] - pressed) * 1000,
            written=sum(len(piece) for _, piece in new),
            cpu=(self.process.cpu_seconds() - cpu) * 1000,
        )


def start_of(bench: Bench, command: Sequence[str], size: tuple[int, int] = SIZE) -> Start:
    """Start a program, measure that, and end it."""
    with Program(bench, command, size, bench.home) as program:
        return program.start()


def median_of(values: Sequence[T], figure: Callable[[T], float]) -> float:
    """The median of one figure of several measurements."""
    return statistics.median(map(figure, values))
