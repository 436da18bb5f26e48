"""What the terminal can do, and ending cleanly when it goes away.

Textual 8.2 alone dies of signals with the terminal left in its modes, runs at full load for ever when the
terminal vanished while SIGHUP is ignored, and ends with a traceback on a byte that is not UTF-8. All guards are here.
"""

import asyncio
import base64
import codecs
import os
import select
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from omtui.problem import Problem

if TYPE_CHECKING:
    from textual.driver import Driver

CLIPBOARD_LIMIT = 12_000
"""Bytes that every terminal on the way takes (mosh cuts at 16,381 base64 characters)."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """How to behave on this terminal."""

    remote: bool = False
    """Over SSH: no mouse tracking, no animation, no blinking cursor."""
    mouse: bool = True
    ascii_only: bool = False
    colours: int = 256


def look(environment: Mapping[str, str], *, mouse: bool | None = None, ascii_only: bool = False) -> Terminal | Problem:
    """What is known of the terminal before the first byte is written to it."""
    kind = environment.get("TERM", "")
    if kind in ("dumb", "") and os.name == "posix":
        shown = "TERM is dumb" if kind else "TERM is not set"
        return Problem(f"the workbench needs a terminal that can place its cursor, and {shown}", COMMANDS_INSTEAD)
    remote = bool(environment.get("SSH_CONNECTION"))
    basic = kind in ("linux", "vt100", "vt220", "xterm", "screen", "ansi")
    colours = 16 if basic and not environment.get("COLORTERM") else 256
    return Terminal(remote, (not remote) if mouse is None else mouse, ascii_only, colours)


COMMANDS_INSTEAD = "set TERM to what your terminal is, or use the commands: omtui list, show, check, set, ask"


def needs_utf8() -> bool:
    """Whether box and state signs would come out as escapes because the locale is not UTF-8."""
    stream = sys.__stderr__
    return stream is not None and (stream.encoding or "").replace("-", "").lower() != "utf8"


def speak_utf8() -> None:
    """Write UTF-8 in any locale: terminals do, and Textual knows nothing else."""
    for stream in (sys.__stderr__, sys.__stdout__):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def tolerate_bytes() -> None:
    """Keep a byte that is not UTF-8 from ending the program (Textualize/textual#6456): it becomes a question mark."""
    try:
        from textual.drivers import linux_driver
    except ImportError:  # Windows has another driver, which reads characters
        return

    def lenient(encoding: str) -> Callable[[], codecs.IncrementalDecoder]:
        decoder = codecs.getincrementaldecoder(encoding)
        return lambda: decoder(errors="replace")

    linux_driver.getincrementaldecoder = lenient  # type: ignore[attr-defined, assignment]


def driver_class() -> "type[Driver] | None":
    """The driver that keeps the terminal whole; `None` where Textual has another (Windows)."""
    if os.name != "posix":
        return None
    from omtui.workbench.driver import TerminalDriver

    return TerminalDriver


def end_cleanly(leave: Callable[[int], None]) -> None:
    """Call `leave` with an exit code when a signal ends the program or the terminal is gone.

    To be called inside the running loop, before the terminal is changed. Signals from outside end it with 128 + the
    signal's number; a terminal that vanished without a signal is noticed within two seconds.
    """
    if os.name != "posix":
        return
    loop = asyncio.get_running_loop()
    for number in signal.valid_signals() - {getattr(signal, name, 0) for name in _END_NOTHING}:
        if number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT) or signal.getsignal(number) != signal.SIG_IGN:
            loop.add_signal_handler(number, leave, 128 + number)
    _watch_terminal(loop, leave)


_END_NOTHING = (
    *("SIGKILL", "SIGSTOP"),  # nobody can catch these
    *("SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP", "SIGSYS"),  # faults: going on would repeat them for ever
    *("SIGCHLD", "SIGURG", "SIGWINCH", "SIGCONT", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGINFO"),  # end no program
)


def _watch_terminal(loop: asyncio.AbstractEventLoop, leave: Callable[[int], None]) -> None:
    stream = sys.__stdin__
    if stream is None or not stat.S_ISCHR(os.fstat(stream.fileno()).st_mode):  # isatty() denies one that is gone
        return
    poll = select.poll()
    poll.register(stream.fileno(), 0)

    def look_again() -> None:
        if any(what & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, what in poll.poll(0)):
            leave(128 + signal.SIGHUP)
        else:
            loop.call_later(1.0, look_again)

    loop.call_later(1.0, look_again)


def clipboard_sequences(text: str, environment: Mapping[str, str]) -> list[str]:
    """The escape sequences that hand a text to the terminal's clipboard, in the form that a multiplexer passes on.

    GNU screen passes the sequence only wrapped. tmux is given the text by its own command, see `give_to_tmux`.
    """
    coded = base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")
    sequence = f"\x1b]52;c;{coded}\x07"
    if environment.get("STY"):
        return [f"\x1bP{sequence}\x1b\\"]
    return [sequence]


def give_to_tmux(text: str) -> bool:
    """Hand a text to tmux, which passes it on to the outer terminal with its default settings."""
    try:
        done = subprocess.run(
            ["tmux", "load-buffer", "-w", "-"],
            input=text.encode("utf-8", "replace"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=1,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
