"""`Terminal`: start a program, press keys, read the screen."""

import os
import re
import select
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.terminal.keys import bytes_of_key
from tests.terminal.process import TerminalProcess
from tests.terminal.screen import Cell, Screen

ROOT = Path(__file__).parents[2]
"""The checkout."""

TIMEOUT = 20.0
"""Seconds until a wait fails: long, because a green run never waits for it."""

_OMTUI = "import sys; from omtui.cli import run; sys.argv[0] = 'omtui'; sys.exit(run())"
_SETTLED = 0.04
_ESCAPE_TAKEN = 0.15
"""Only time distinguishes a lone escape from the start of a sequence; Textual looks every 0.1 s."""
_MODES = {
    1: "cursor keys (1)",
    9: "mouse (9)",
    25: "cursor hidden",
    1000: "mouse (1000)",
    1002: "mouse (1002)",
    1003: "mouse (1003)",
    1004: "focus reports (1004)",
    1006: "mouse (1006)",
    1049: "alternate screen (1049)",
    2004: "bracketed paste (2004)",
    2026: "synchronised output (2026)",
}


def environment(home: Path, changes: Mapping[str, str | None]) -> dict[str, str]:
    """The environment of a person who has just signed in: no settings, no SSH, no proxies, UTF-8.

    All folders lie in `home`. A change to None takes a variable out.
    """
    variables: dict[str, str | None] = {
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath))),
        "PYTHONPATH": str(ROOT),
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local/share"),
        "XDG_STATE_HOME": str(home / ".local/state"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "USER": "tester",
        "SHELL": "/bin/sh",
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "ESCDELAY": "25",
        **changes,
    }
    return {name: value for name, value in variables.items() if value is not None}


class Terminal:
    """A program in a terminal of its own; a context manager.

    A command that begins with `omtui` or `python` runs this checkout's and this interpreter's. `env` changes
    the clean environment (None takes a variable out); `folder` is the working folder. Cells count from 0.
    Every wait ends as soon as its state is reached, or raises `AssertionError` with a copy of the screen.
    """

    def __init__(
        self,
        *command: str,
        size: tuple[int, int] = (120, 40),
        home: Path | None = None,
        folder: Path | None = None,
        env: Mapping[str, str | None] | None = None,
        light: bool = False,
    ) -> None:
        """Start the command; `home` is made if it is missing, and is a temporary folder if not given."""
        self._temporary = None if home else tempfile.TemporaryDirectory(prefix="omtui-home-")
        self.home = home or Path(self._temporary.name if self._temporary else "")
        self.home.mkdir(parents=True, exist_ok=True)
        self.bytes_written = 0
        """Bytes the program has sent so far."""
        self.is_watched = True
        """Whether the screen shows what is written; following it takes longer than writing it."""
        self.screen = Screen(*size, light=light)
        self._replies: list[bytes] = []
        self.process = TerminalProcess(
            resolved(command),
            size=size,
            environment=environment(self.home, env or {}),
            folder=folder or self.home,
            on_output=self._show,
        )
        self.screen.reply = self._replies.append

    def _show(self, piece: bytes, _time: float) -> None:
        self.bytes_written += len(piece)
        if not self.is_watched:
            return
        self.screen.feed(piece)
        while self._replies:  # after all of the piece: to write is to read as well
            self.process.write(self._replies.pop(0))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the program, however it is, and remove what was temporary."""
        self.process.close()
        if self._temporary:
            self._temporary.cleanup()

    # Input

    def press(self, *keys: str) -> None:
        """Press keys one after the other, each when the program is done with the one before.

        Keys are Textual's names ("ctrl+s", "shift+f12", "pagedown") or single characters.
        """
        for key in keys:
            self.process.write(bytes_of_key(key))
            self._settle(_ESCAPE_TAKEN if key == "escape" else _SETTLED)

    def press_together(self, *keys: str) -> None:
        """Press keys in one go: for when nobody looks at the screen between them. Escape can only be the last."""
        self.process.write(b"".join(map(bytes_of_key, keys)))
        self._settle(_ESCAPE_TAKEN if keys[-1] == "escape" else _SETTLED)

    def bytes_of(self, *keys: str) -> int:
        """Press keys, wait until all is done, and count the bytes the program sent for them."""
        self.wait_until_quiet()
        before = self.bytes_written
        self.press(*keys)
        self.wait_until_quiet()
        return self.bytes_written - before

    def type(self, text: str) -> None:
        """Type a text, all characters in one go."""
        self.process.write(text.encode())
        self._settle(_SETTLED)

    def paste(self, text: str) -> None:
        """Paste a text, bracketed if the program asked for that."""
        data = text.replace("\n", "\r").encode()
        self.process.write(b"\x1b[200~%b\x1b[201~" % data if 2004 in self.screen.private_modes else data)
        self._settle(_SETTLED)

    def send(self, data: bytes) -> None:
        """Send bytes as they are, without waiting for anything."""
        self.process.write(data)

    def click(self, x: int, y: int, button: int = 0) -> None:
        """Press and release a mouse button (0 left, 1 middle, 2 right) over a cell."""
        self._mouse(f"\x1b[<{button};{x + 1};{y + 1}M\x1b[<{button};{x + 1};{y + 1}m")

    def click_on(self, text: str) -> None:
        """Click on the middle of the first place where a text is."""
        x, y = self.find(text)
        self.click(x + len(text) // 2, y)

    def hover(self, x: int, y: int) -> None:
        """Move the mouse over a cell, no button pressed."""
        self._mouse(f"\x1b[<35;{x + 1};{y + 1}M")

    def scroll(self, x: int, y: int, lines: int) -> None:
        """Turn the mouse wheel over a cell: down if positive."""
        self._mouse(f"\x1b[<{65 if lines > 0 else 64};{x + 1};{y + 1}M" * abs(lines))

    def _mouse(self, report: str) -> None:
        if 1006 not in self.screen.private_modes:
            raise AssertionError("the program does not listen to the mouse")
        self.process.write(report.encode())
        self._settle(_SETTLED)

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the window; does not wait for the repaint."""
        self.screen.resize(rows, columns)
        self.process.resize(columns, rows)

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        self.process.send_signal(number)

    def hang_up(self) -> None:
        """Close the window: the program gets SIGHUP, and its terminal is gone."""
        self.process.hang_up()

    # Waiting

    def wait_for(self, what: str | re.Pattern[str] | Callable[["Terminal"], object], timeout: float = TIMEOUT) -> None:
        """Wait until a text or pattern is on the screen, or a condition holds of the terminal.

        The screen is looked at only between frames of a program that marks them (mode 2026). A condition
        may look at other things too (a file): it is tried at least every 20 ms.
        """
        deadline = time.perf_counter() + timeout
        while True:
            if 2026 not in self.screen.private_modes and self._holds(what):
                return
            ended = self.process.exit_status is not None
            if time.perf_counter() > deadline or (ended and not callable(what)):
                text = f"the program ended with {self.exit_status}" if ended else f"not within {timeout} s"
                raise AssertionError(f"{text}: {what!r}\n{self.picture()}")
            step = min(deadline, time.perf_counter() + (0.02 if callable(what) else timeout))
            if not self.process.read(step) and (ended or not self.process.is_open):
                select.select([], [], [], 0.02)

    def _holds(self, what: str | re.Pattern[str] | Callable[["Terminal"], object]) -> bool:
        if isinstance(what, str):
            return what in self.text()
        return bool(what.search(self.text()) if isinstance(what, re.Pattern) else what(self))

    def wait_until_quiet(self, quiet: float = 0.1, timeout: float = TIMEOUT) -> None:
        """Wait until the program has read all input, and for `quiet` seconds wrote and worked nothing."""
        if not self._settle(quiet, timeout):
            raise AssertionError(f"not quiet within {timeout} s\n{self.picture()}")

    def _settle(self, quiet: float, timeout: float = 5.0) -> bool:
        deadline = time.perf_counter() + timeout
        while not self.process.is_quiet(quiet, deadline):
            if time.perf_counter() > deadline:
                return False
        return True

    def wait_for_exit(self, timeout: float = TIMEOUT) -> int:
        """Wait for the program's end; its exit status, negative if a signal ended it."""
        try:
            return self.process.wait(timeout)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.picture()}") from None

    # What is to be seen

    def lines(self) -> list[str]:
        """The rows of the screen without the blanks at their ends; a wide character counts once."""
        return [line.rstrip() for line in self.screen.display]

    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines())

    def cell(self, x: int, y: int) -> Cell:
        """One cell with its colours and attributes."""
        return self.screen.cell(x, y)

    def find(self, text: str) -> tuple[int, int]:
        """Where a text is first: the column and row of its first cell."""
        for y in range(self.screen.lines):
            cells = [self.screen.buffer[y][x].data for x in range(self.screen.columns)]
            offset = "".join(cells).find(text)
            if offset >= 0:
                lengths = [len("".join(cells[:x])) for x in range(len(cells))]
                return max(x for x, length in enumerate(lengths) if length == offset and cells[x]), y
        raise AssertionError(f"not on the screen: {text!r}\n{self.picture()}")

    def picture(self) -> str:
        """The screen in a frame of text, for messages."""
        rule = "+" + "-" * self.screen.columns + "+"
        return "\n".join([rule, *(f"|{line}" for line in self.lines()), rule])

    @property
    def clipboard(self) -> list[str]:
        """The texts the program sent to the clipboard (OSC 52), in order."""
        return self.screen.clipboard

    @property
    def title(self) -> str:
        """The title of the window."""
        return self.screen.title

    @property
    def exit_status(self) -> int | None:
        """None while the program runs; negative: ended by that signal."""
        return self.process.exit_status

    def modes_left_on(self) -> list[str]:
        """What a program that has ended should have set back and did not, in words; empty if all is well."""
        modes = self.screen.private_modes
        left = [_MODES.get(mode, f"mode {mode}") for mode in sorted(modes - {7, 25})]
        left += [] if 25 in modes else [_MODES[25]]
        left += [] if 7 in modes else ["no wrapping"]
        left += ["kitty keyboard"] if self.screen.keyboard_levels else []
        if self.process.is_open and self.process.settings()[:4] != self.process.initial_settings[:4]:
            left.append("line settings (raw, no echo)")
        return left


def resolved(command: Sequence[str]) -> list[str]:
    """The command with `omtui` and `python` replaced by what runs this checkout."""
    program, *arguments = command
    if program == "omtui":
        return [sys.executable, "-c", _OMTUI, *arguments]
    return [sys.executable if program == "python" else program, *arguments]
