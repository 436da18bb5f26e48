"""`route --jobs N`: one process for each file, so many at once; the answers come in the order of the files.

Both sides are the same program of the same person: a job is read from standard input, answers are written to standard
output, pickled, each with its length before it. What a file says of its requests goes through a file without a name,
which is gone with the command.
"""

import gc
import os
import pickle
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Final

from omtui.commands.interruption import Interruption
from omtui.commands.route_work import ReadyRules, RoutedFile, RouteJob, route_file
from omtui.plain_text import plain
from omtui.problem import Problem
from omtui.rehearsal.job import LENGTH, LinesRead
from omtui.rehearsal.rehearsing import Rehearsal

_REPORT_EVERY: Final = 0.25
_PIECE: Final = 64 * 1024


class _RoutingChild:
    """A process that routes one file."""

    def __init__(self, job: RouteJob, folder: Path | None) -> None:
        self.file = job.file
        self.lines = 0
        self.answer: RoutedFile | None = None
        self.texts: IO[bytes] = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - as long as the process
        self._received = b""
        self._process = subprocess.Popen(
            (sys.executable, "-P", "-m", "omtui.commands.route_processes", str(self.texts.fileno())),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(self.texts.fileno(),),
            start_new_session=True,  # Ctrl+C of the terminal is for the command, which passes it on
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self.stdout = self._process.stdout
        try:
            with self._process.stdin as stream:
                pickle.dump(job, stream)
        except BrokenPipeError:
            pass  # its end is reported when its answer is due

    def receive(self) -> bool:
        """Take in what it wrote; whether there may be more."""
        piece = os.read(self.stdout.fileno(), _PIECE)
        self._received += piece
        while len(self._received) >= LENGTH:
            end = LENGTH + int.from_bytes(self._received[:LENGTH])
            if len(self._received) < end:
                break
            answer = pickle.loads(self._received[LENGTH:end])
            self._received = self._received[end:]
            if isinstance(answer, LinesRead):
                self.lines = answer.lines
            else:
                self.answer = answer
        return bool(piece)

    def interrupt(self) -> None:
        """Ask for an end in good order."""
        self._process.send_signal(signal.SIGINT)

    def result(self, *, is_asked: bool) -> RoutedFile:
        """Its answer, after its end."""
        code = self._process.wait()
        if self.answer is not None:
            return self.answer
        if is_asked:
            return RoutedFile(plain(self.file), is_broken_off=True)
        why = f"signal {-code}" if code < 0 else f"exit code {code}"
        return RoutedFile(
            plain(self.file),
            problem=Problem(
                f"the process that routed {plain(self.file)} ended before it was done ({why})",
                "free memory, or leave out --jobs",
            ),
        )

    def end(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()
        self.stdout.close()
        self.texts.close()


def route_in_processes(
    jobs: Sequence[RouteJob],
    most: int,
    interruption: Interruption,
    show: Callable[[int, int], None],
    folder: Path | None = None,
) -> Iterator[str | RoutedFile]:
    """What each of some files says, in their order. `show` gets how many lines and files are done."""
    waiting = list(enumerate(jobs))[::-1]
    running: dict[int, _RoutingChild] = {}
    done: dict[int, _RoutingChild] = {}
    lines = 0

    def interrupt() -> None:
        for child in running.values():
            child.interrupt()

    def start(number: int, job: RouteJob) -> None:
        running[number] = _RoutingChild(job, folder)
        selector.register(running[number].stdout, selectors.EVENT_READ, number)
        if interruption.is_asked:  # meanwhile
            running[number].interrupt()

    interruption.pass_on = interrupt
    selector = selectors.DefaultSelector()
    try:
        for due in range(len(jobs)):
            while due not in done:
                while waiting and len(running) < most and not interruption.is_asked:
                    start(*waiting.pop())
                if not running:
                    return  # Ctrl+C came before it began
                for key, _ in selector.select():
                    if not running[key.data].receive():
                        selector.unregister(key.fileobj)
                        done[key.data] = running.pop(key.data)
                show(lines + sum(each.lines for each in (*running.values(), *done.values())), due)
            child = done[due]
            result = child.result(is_asked=interruption.is_asked)
            child.texts.seek(0)
            yield from (line.decode() for line in child.texts)
            yield result
            lines += result.lines
            done.pop(due).end()
    finally:
        interruption.pass_on = None
        selector.close()
        for child in (*running.values(), *done.values()):
            child.end()


def main() -> None:
    """Route the file of the job on standard input; its texts go to the open file whose number is given."""
    gc.disable()  # as in a command
    interruption = Interruption()
    reported = 0.0

    def report(run: Rehearsal) -> None:
        nonlocal reported
        if (now := time.monotonic()) - reported > _REPORT_EVERY:
            reported = now
            _answer(LinesRead(run.lines))

    job: RouteJob = pickle.load(sys.stdin.buffer)
    with interruption.heeded(), open(int(sys.argv[1]), "w", encoding="utf-8", newline="") as texts:  # noqa: PTH123
        for each in route_file(job, ReadyRules(), interruption, report):
            if isinstance(each, str):
                texts.write(each)
            else:
                texts.flush()
                _answer(each)


def _answer(answer: LinesRead | RoutedFile) -> None:
    content = pickle.dumps(answer)
    sys.stdout.buffer.write(len(content).to_bytes(LENGTH) + content)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
