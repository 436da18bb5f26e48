"""Where commands write: results to standard output, everything else to standard error.

Foreign text goes through `omtui.plain_text` before it is laid out in columns. Text for a terminal goes through it once
more here, so that no command can forget it: a terminal gets line feeds, and the styles of `_STYLES`. A pipe or a file
gets every text exactly as it is. JSON escapes what is not ASCII.
"""

import codecs
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import TextIO

from omtui.plain_text import plain, plain_lines

NARROWEST = 40
"""Nothing is laid out for terminals narrower than this; they break the lines themselves."""


INTERRUPTED = 130
"""The exit code after Ctrl+C."""


class OutputLostError(Exception):
    """The output could not be handed over, and not because a pipe's reader had enough."""


class Output:
    """The two streams of a command, and what the terminal behind them can show."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self.environment = os.environ if environment is None else environment
        self.stdout: TextIO | None = sys.stdout
        self.stderr: TextIO | None = sys.stderr
        self.is_terminal = _is_terminal(self.stdout)
        for stream in (self.stdout, self.stderr):
            _prepare(stream)

    @property
    def width(self) -> int | None:
        """The columns to lay out for; `None` where lines are not to be broken because no terminal shows them."""
        return terminal_width(self.environment) if self.is_terminal else None

    @property
    def colour(self) -> bool:
        """Whether to use colours."""
        is_allowed = not self.environment.get("NO_COLOR") and self.environment.get("TERM", "dumb") != "dumb"
        return self.is_terminal and is_allowed

    def write(self, text: str) -> None:
        """Write a text that ends its own lines and has no styles."""
        self._write(plain_lines(text) if self.is_terminal else text)

    def line(self, text: str = "") -> None:
        """Write one line, which may have styles."""
        self._write(f"{harmless(text) if self.is_terminal else text}\n")

    def _write(self, text: str) -> None:
        if self.stdout is None:
            return
        try:
            self.stdout.write(text)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputLostError(error.strerror) from None

    def lines(self, lines: Iterable[str]) -> None:
        """Write lines."""
        for each in lines:
            self.line(each)

    def flush(self) -> None:
        """Write out what is buffered."""
        if self.stdout is not None:
            try:
                self.stdout.flush()
            except BrokenPipeError:
                raise
            except OSError as error:
                raise OutputLostError(error.strerror) from None

    def json(self, document: object) -> None:
        """Write the one document of `--json`."""
        import json

        from omtui.setup.values import json_value

        text = json.dumps(document, indent=2, default=json_value, allow_nan=False)
        self.line(text.replace("\x7f", "\\u007f"))

    def message(self, message: object) -> None:
        """Write something that is not a result to standard error. Nothing happens when nobody reads it."""
        if self.stderr is not None:
            with suppress(OSError):
                self.stderr.write(f"{plain(message)}\n")
                self.stderr.flush()

    def bold(self, text: str) -> str:
        """A heading."""
        return f"\x1b[1m{text}\x1b[0m" if self.colour else text


_STYLES = re.compile(r"(\x1b\[(?:[012]|3[1-6])(?:;(?:[012]|3[1-6]))*m)")
"""How omtui itself marks words: bold, dim and colours."""


def harmless(text: str) -> str:
    """A text without anything that commands a terminal or changes what is read, but for line feeds and own styles."""
    parts = _STYLES.split(text)
    return "".join(part if number % 2 else plain_lines(part) for number, part in enumerate(parts))


def terminal_width(environment: Mapping[str, str]) -> int:
    """The columns of the terminal; `COLUMNS` wins, 80 where nobody knows."""
    variable = environment.get("COLUMNS", "")
    if variable.isdecimal() and int(variable) > 0:
        return max(int(variable), NARROWEST)
    try:
        columns = os.get_terminal_size(sys.__stdout__.fileno() if sys.__stdout__ else 1).columns
    except (OSError, ValueError):
        columns = 0
    return max(columns or 80, NARROWEST)


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


def _prepare(stream: TextIO | None) -> None:
    """Files and pipes get UTF-8 in every locale; a terminal gets its own encoding, and no sign that it lacks."""
    reconfigure: Callable[..., None] | None = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        if _is_terminal(stream):
            codecs.register_error(_IN_ITS_OWN_SIGNS, _replaced)
            reconfigure(errors=_IN_ITS_OWN_SIGNS)
        else:
            reconfigure(encoding="utf-8", errors="backslashreplace")


_IN_ITS_OWN_SIGNS = "omtui-plain"

_SIGNS = {"…": "...", "→": "->", "·": "-", "›": ">", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"'}


def _replaced(error: UnicodeError) -> tuple[str | bytes, int]:
    """What a terminal that is not UTF-8 shows for our own signs, and escapes for everybody else's."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letter = error.object[error.start]
    if letter in _SIGNS:
        return _SIGNS[letter], error.start + 1
    return codecs.backslashreplace_errors(UnicodeEncodeError(error.encoding, letter, 0, 1, error.reason))[
        0
    ], error.start + 1
