"""Textual's driver, with the terminal whole after every stop and every signal to go on.

Textual takes each SIGCONT for the end of a stop that it began itself: it enters its modes a second time, remembers
those as the ones to go back to, and leaves the terminal without echo. It does so even after it left the terminal.
"""

import asyncio
import os
import signal
import termios
from contextlib import suppress
from typing import IO, Any

from textual.drivers.linux_driver import LinuxDriver

_TRIES = 100


class _Screen:
    """Where the modes and pictures are written; what is written to a terminal that is gone is lost.

    An error would end Textual's thread that writes, and the program would wait for that thread for ever.
    """

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, text: str) -> None:
        with suppress(OSError):
            self._file.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._file.flush()

    def fileno(self) -> int:
        return self._file.fileno()

    def isatty(self) -> bool:
        return self._file.isatty()


class TerminalDriver(LinuxDriver):
    """Enters and leaves the terminal's modes in turn, never twice."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._file: Any = _Screen(self._file)
        self._loop = asyncio.get_running_loop()
        self._entered = False
        self._entering: list[str] = []
        """What was written to enter the modes."""
        self._attributes: list[Any] = []
        self._continued = 0
        """How often there was a signal to go on."""
        signal.signal(signal.SIGTSTP, self._note_stop)
        signal.signal(signal.SIGCONT, self._note_continue)

    def write(self, data: str) -> None:
        """Write, and remember what enters the modes."""
        if not self._entered:
            self._entering.append(data)
        super().write(data)

    def start_application_mode(self) -> None:
        """Enter the modes; a job in the background is stopped until it is in front."""
        for _ in range(_TRIES):
            self._writer_thread = None
            self._entering.clear()
            super().start_application_mode()  # type: ignore[no-untyped-call]
            if self._writes():
                break
        else:
            raise OSError("the terminal cannot be set up")
        self._entered = True
        with suppress(termios.error):
            self._attributes = termios.tcgetattr(self.fileno)

    def _writes(self) -> bool:
        return self._writer_thread is not None

    def stop_application_mode(self) -> None:
        """Leave the modes."""
        if self._entered:
            super().stop_application_mode()
            self._entered = False

    def _note_stop(self, *_: object) -> None:
        self._soon(self._stop)

    def _note_continue(self, *_: object) -> None:
        self._continued += 1
        self._soon(self._enter_again)

    def _soon(self, act: Any) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(act, self._continued)

    def _stop(self, continued: int) -> None:
        """Give the terminal back and stop, unless the signal to go on arrived meanwhile."""
        if not self._entered or continued != self._continued:
            return
        self.suspend_application_mode()
        if continued == self._continued:
            os.kill(os.getpid(), signal.SIGSTOP)
        self.resume_application_mode()
        self._app.redraw()  # type: ignore[attr-defined]

    def _enter_again(self, continued: int) -> None:
        """Somebody else may have had the terminal meanwhile: set its modes once more, and draw all of it."""
        if self._entered and continued == self._continued:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self._attributes)
            super().write("".join(self._entering).replace("\x1b[>", "\x1b[<u\x1b[>"))  # keeps one level of kitty's keys
            self._app.redraw()  # type: ignore[attr-defined]
