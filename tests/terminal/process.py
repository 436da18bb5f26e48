"""A command in a pseudo-terminal: bytes, time and cost, without a screen."""

import errno
import fcntl
import os
import resource
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_TIMEOUT = 20.0


class TerminalProcess:
    """A command as the leader of a session in a PTY of `size` (columns, rows).

    `on_output` is called with every piece of output and the time (`time.perf_counter`) it was read. Output
    is read only inside `read`, `write` and `wait`: a test that calls none of them is a terminal that stalls.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        size: tuple[int, int],
        environment: Mapping[str, str],
        folder: Path,
        on_output: Callable[[bytes, float], None],
    ) -> None:
        """Start the command; raises `OSError` when there is no such program."""
        self.on_output = on_output
        self.usage: resource.struct_rusage | None = None
        """What the command cost, known after its end."""
        self.exit_status: int | None = None
        """None while it runs; negative: the number of the signal that ended it."""
        self._master, self._slave = os.openpty()
        self.initial_settings = termios.tcgetattr(self._slave)
        self.resize(*size)
        os.set_blocking(self._master, False)
        slave = self._slave
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            command, env=dict(environment), cwd=folder, preexec_fn=lambda: os.login_tty(slave)
        )
        self.pid = self._process.pid
        self._watch = os.pidfd_open(self.pid)

    # Input and output

    @property
    def is_open(self) -> bool:
        """Whether the terminal is still there (see `hang_up`)."""
        return self._master >= 0

    def read(self, deadline: float) -> bool:
        """Wait for output until the deadline (`time.perf_counter`) and hand it on.

        True if there was some; False when the deadline passed or the command has ended.
        """
        if not self.is_open:
            return False
        watched = [self._master] if self._reap() else [self._master, self._watch]
        wait = 0.0 if self.exit_status is not None else max(0.0, deadline - time.perf_counter())
        select.select(watched, [], [], wait)
        return self._take() or (self._reap() and self._take())

    def read_for(self, seconds: float) -> None:
        """Read what arrives within a time, or until the command ends."""
        deadline = time.perf_counter() + seconds
        while time.perf_counter() < deadline and self.exit_status is None:
            self.read(deadline)

    def _take(self) -> bool:
        some = False
        while True:
            try:
                piece = os.read(self._master, 65536)
            except BlockingIOError:
                return some
            except OSError as error:  # EIO: nobody has the terminal open any more
                if error.errno != errno.EIO:
                    raise
                return some
            if not piece:
                return some
            some = True
            self.on_output(piece, time.perf_counter())

    def write(self, data: bytes) -> None:
        """Send input, reading output meanwhile, so that neither side can block the other for ever."""
        deadline = time.perf_counter() + _TIMEOUT
        while data:
            readable, writable, _ = select.select([self._master], [self._master], [], _TIMEOUT)
            if readable:
                self._take()
            if writable:
                data = data[os.write(self._master, data) :]
            if data and time.perf_counter() > deadline:
                raise AssertionError(f"the command takes no input: {len(data)} bytes left")

    def unread_input(self) -> int:
        """Bytes sent and not yet read by the command."""
        answer = fcntl.ioctl(self._slave, termios.FIONREAD, bytes(4)) if self.is_open else bytes(4)
        return int(struct.unpack("i", answer)[0])

    def resize(self, columns: int, rows: int) -> None:
        """Change the size; the kernel sends the command SIGWINCH."""
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def settings(self) -> list[object]:
        """The line settings as `termios.tcgetattr` gives them."""
        return list(termios.tcgetattr(self._slave))

    def hang_up(self) -> None:
        """Close the terminal, as when its window is closed or the line drops."""
        if self.is_open:
            os.close(self._slave)
            os.close(self._master)
            self._master = self._slave = -1

    # The process

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal to the command alone, if it still runs."""
        if not self._reap():
            signal.pidfd_send_signal(self._watch, number)

    def wait(self, timeout: float = _TIMEOUT) -> int:
        """Wait for the end, reading output meanwhile; its exit status (negative: a signal)."""
        deadline = time.perf_counter() + timeout
        while not self._reap():
            if time.perf_counter() > deadline:
                raise AssertionError(f"still running after {timeout} s")
            if self.is_open:
                self.read(deadline)
            else:
                select.select([self._watch], [], [], max(0.0, deadline - time.perf_counter()))
        if self.is_open:
            self._take()
        assert self.exit_status is not None
        return self.exit_status

    def _reap(self) -> bool:
        if self.exit_status is None:
            pid, status, usage = os.wait4(self.pid, os.WNOHANG)
            if pid:
                self.exit_status = self._process.returncode = os.waitstatus_to_exitcode(status)
                self.usage = usage
        return self.exit_status is not None

    def close(self) -> None:
        """End the command if it runs, and give everything back."""
        if self._watch < 0:
            return
        self.send_signal(signal.SIGKILL)
        self.hang_up()
        self.wait()
        os.close(self._watch)
        self._watch = -1

    # What it costs

    def cpu_seconds(self) -> float:
        """CPU time of its running threads so far; nanosecond counters, unlike `ps`."""
        return sum(run for run, _ in self._scheduled()) / 1e9

    def waiting_seconds(self) -> float:
        """Time its running threads were ready and had no processor."""
        return sum(waited for _, waited in self._scheduled()) / 1e9

    def peak_memory(self) -> int:
        """Highest resident size since its start, in bytes.

        From the kernel's per-program mark: the figure of `wait4` begins with the size of whoever forked.
        """
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
        raise AssertionError("the command has ended")

    def _scheduled(self) -> list[tuple[int, int]]:
        found = []
        for thread in Path(f"/proc/{self.pid}/task").glob("*/schedstat"):
            try:
                run, waited, _ = thread.read_text().split()
            except OSError:  # the thread ended meanwhile
                continue
            found.append((int(run), int(waited)))
        return found

    def is_quiet(self, seconds: float, deadline: float) -> bool:
        """Whether for so long it wrote nothing, has all its input read and did (nearly) no work.

        Time spent waiting for a processor counts as work, so that a loaded machine changes nothing.
        """
        before = sum(map(sum, self._scheduled()))
        if self.read(min(deadline, time.perf_counter() + seconds)):
            return False
        if self.exit_status is not None or not self.is_open:
            return True
        worked = (sum(map(sum, self._scheduled())) - before) / 1e9
        return self.unread_input() == 0 and worked < 0.2 * seconds and not self._is_runnable()

    def is_stopped(self) -> bool:
        """Whether a signal stopped it, and none has made it go on yet."""
        return "T" in self._states()

    def is_idle(self) -> bool:
        """Whether it has read all input, and no thread of it works just now."""
        return self.unread_input() == 0 and not self._is_runnable()

    def _is_runnable(self) -> bool:
        return bool({"R", "D"} & self._states())

    def _states(self) -> set[str]:
        states = set()
        for thread in Path(f"/proc/{self.pid}/task").glob("*/stat"):
            try:
                states.add(thread.read_text().rpartition(")")[2].split()[0])
            except OSError:
                continue
        return states
