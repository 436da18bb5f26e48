"""How far long work is, on a terminal only: one line on standard error that is taken away at the end."""

import time
from collections.abc import Callable

from omtui.commands.output import Output

_EVERY = 0.1


class ProgressLine:
    """Shows a text at most ten times a second."""

    def __init__(self, out: Output) -> None:
        stream = out.stderr
        self._stream = None
        if stream is not None and stream.isatty() and out.environment.get("TERM", "dumb") != "dumb":
            self._stream = stream
        self._began = time.monotonic()
        self._shown = 0.0
        self._is_there = False

    def show(self, words: Callable[[float], str]) -> None:
        """Show what `words` says of the seconds since the beginning; it is asked only when the line is due."""
        now = time.monotonic()
        if self._stream is not None and now - self._shown >= _EVERY:
            self._shown, self._is_there = now, True
            self._stream.write(f"\r{words(max(now - self._began, 0.001))}\x1b[K")
            self._stream.flush()

    def end(self) -> None:
        """Take the line away, before anything else is written."""
        if self._stream is not None and self._is_there:
            self._is_there = False
            self._stream.write("\r\x1b[K")
            self._stream.flush()
