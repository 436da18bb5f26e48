"""How a secret comes in on the command line: without echo from a terminal, or on standard input. Never an argument."""

import getpass
import sys
import warnings
from typing import TextIO

from omtui.credentials.answer import Refused
from omtui.credentials.reason import Reason
from omtui.credentials.record import LONGEST
from omtui.credentials.secret import Secret


def read_secret(stream: TextIO | None = None) -> Secret | Refused:
    """The secret on standard input (`--stdin`), less one line end, which `echo` adds and nobody means.

    A terminal is refused: typed there, the secret would be seen. Lines in the middle stay: a certificate has many.
    """
    source = sys.stdin if stream is None else stream
    if source.isatty():
        return Refused(
            Reason.NOT_A_TERMINAL,
            "--stdin reads a secret from a pipe or a file, and standard input is a terminal",
            "Leave --stdin out: the secret is then asked for without showing it.",
        )
    try:
        text = source.buffer.read(4 * LONGEST + 2).decode("utf-8")
    except UnicodeDecodeError:
        # Not chained: the error carries what was read.
        return _not_text()
    if len(text) > LONGEST:
        return Refused(
            Reason.TOO_LONG, f"what stands on standard input is longer than {LONGEST:,} characters", "Is it the file?"
        )
    return Secret(without_line_end(text))


def ask_secret(prompt: str) -> Secret | Refused:
    """Asks on the terminal without echo. Where echo cannot be turned off, nothing is asked."""
    if not sys.stdin.isatty():
        return Refused(
            Reason.NOT_A_TERMINAL,
            "a secret is asked for on a terminal, and standard input is none",
            "Use --stdin to read it from a pipe or a file.",
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            typed = getpass.getpass(prompt)
    except EOFError:
        return Refused(Reason.EMPTY, "nothing was typed", "Nothing was changed.")
    except getpass.GetPassWarning:
        return Refused(
            Reason.NOT_A_TERMINAL, "this terminal cannot hide what is typed", "Use --stdin to read it from a pipe."
        )
    try:
        return Secret(typed)
    except ValueError:
        return _not_text()


def ask_twice(prompt: str) -> Secret | Refused:
    """Asks for a new secret twice, because nobody sees a slip of the finger."""
    first = ask_secret(prompt)
    if isinstance(first, Refused):
        return first
    second = ask_secret("Again: ")
    if isinstance(second, Refused):
        return second
    if not first.matches(second):
        return Refused(Reason.DENIED, "the two are not the same", "Nothing was changed; try again.")
    return first


def without_line_end(text: str) -> str:
    """Less one line end, of either kind."""
    return text[:-2] if text.endswith("\r\n") else text.removesuffix("\n")


def _not_text() -> Refused:
    return Refused(Reason.NOT_TEXT, "it is not text in UTF-8", "A binary file is not kept; convert it first (PEM).")
