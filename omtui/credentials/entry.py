"""How a secret is entered on the command line: without echo, or on standard input. Never as an argument."""

import getpass
import sys
import warnings
from typing import TextIO

from omtui.credentials.answer import Reason, SecretProblem
from omtui.credentials.record import LONGEST
from omtui.credentials.secret import Secret


def read_secret(stream: TextIO | None = None) -> Secret | SecretProblem:
    """The secret on standard input (`--stdin`), less the line end that `echo` adds.

    A terminal is refused: typed there, the secret would be seen. Lines in the middle stay: a certificate has many.
    """
    source = sys.stdin if stream is None else stream
    if source.isatty():
        return SecretProblem(
            "--stdin reads a secret from a pipe or a file, and standard input is a terminal",
            "Leave --stdin out: the secret is then asked for without showing it.",
            Reason.NOT_A_TERMINAL,
        )
    try:
        text = source.buffer.read(4 * LONGEST + 2).decode("utf-8")
    except UnicodeDecodeError:
        # Not chained: the error carries what was read.
        return _not_text()
    if len(text) > LONGEST:
        return SecretProblem(
            f"standard input is longer than {LONGEST:,} characters", "Is it the file?", Reason.TOO_LONG
        )
    return Secret(without_line_end(text))


def ask_secret(prompt: str) -> Secret | SecretProblem:
    """Asks on the terminal without echo. Where echo cannot be turned off, nothing is asked."""
    if not sys.stdin.isatty():
        return SecretProblem(
            "a secret is asked for on a terminal, and standard input is none",
            "Use --stdin to read it from a pipe or a file.",
            Reason.NOT_A_TERMINAL,
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            answer = getpass.getpass(prompt)
    except EOFError:
        return SecretProblem("nothing was typed", "Nothing was changed.", Reason.EMPTY)
    except getpass.GetPassWarning:
        return SecretProblem(
            "this terminal cannot hide what is typed", "Use --stdin to read it from a pipe.", Reason.NOT_A_TERMINAL
        )
    try:
        return Secret(answer)
    except ValueError:
        return _not_text()


def ask_twice(prompt: str) -> Secret | SecretProblem:
    """Asks for a new secret twice: a typing error is not seen."""
    first = ask_secret(prompt)
    if isinstance(first, SecretProblem):
        return first
    second = ask_secret("Again: ")
    if isinstance(second, SecretProblem):
        return second
    if not first.matches(second):
        return SecretProblem("the two are not the same", "Nothing was changed; try again.", Reason.DENIED)
    return first


def without_line_end(text: str) -> str:
    """Less one line end, of either kind."""
    return text[:-2] if text.endswith("\r\n") else text.removesuffix("\n")


def _not_text() -> SecretProblem:
    return SecretProblem(
        "it is not text in UTF-8", "A binary file is not kept; convert it first (PEM).", Reason.NOT_TEXT
    )
