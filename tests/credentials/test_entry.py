"""How a secret comes in on the command line."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from omtui.credentials.answer import Reason, SecretProblem
from omtui.credentials.entry import ask_secret, read_secret, without_line_end
from omtui.credentials.secret import Secret
from tests.terminal import Terminal

ASK = (
    "from omtui.credentials.entry import ask_twice; from omtui.credentials.secret import Secret;"
    "answer = ask_twice('Password: ');"
    "print('length', len(answer.reveal()) if isinstance(answer, Secret) else answer.message)"
)


def piped(data: bytes) -> Secret | SecretProblem:
    return read_secret(io.TextIOWrapper(io.BytesIO(data)))


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"hunter2\n", "hunter2"),
        (b"hunter2\r\n", "hunter2"),
        (b"hunter2", "hunter2"),
        (b"hunter2\n\n", "hunter2\n"),
        (b"\n", ""),
        (b"", ""),
        (b" a \n", " a "),
        (b"-----BEGIN X-----\r\nQUJD\r\n-----END X-----\r\n", "-----BEGIN X-----\r\nQUJD\r\n-----END X-----"),
        ("ü🎉\x1b[31m\0".encode(), "ü🎉\x1b[31m\0"),
    ],
)
def test_one_line_end_is_taken_off_and_nothing_else(data: bytes, text: str) -> None:
    secret = piped(data)
    assert isinstance(secret, Secret)
    assert secret.reveal() == text


def test_what_is_no_text_or_no_secret_is_refused_without_showing_it() -> None:
    for data, reason in ((b"hunter2\xff", Reason.NOT_TEXT), (b"hunter2" * 200_000, Reason.TOO_LONG)):
        refused = piped(data)
        assert isinstance(refused, SecretProblem)
        assert refused.reason is reason
        assert "hunter2" not in repr(refused)


def test_what_is_read_without_end_is_refused_early() -> None:
    script = "from omtui.credentials.entry import read_secret; print(read_secret().reason)"
    with Path("/dev/zero").open("rb") as endless:
        done = subprocess.run(
            [sys.executable, "-c", script], stdin=endless, capture_output=True, text=True, timeout=30, check=True
        )
    assert done.stdout.strip() == "too-long"


def test_a_terminal_is_not_a_pipe_and_a_pipe_no_terminal(tmp_path: Path) -> None:
    script = "from omtui.credentials.entry import read_secret; print('reason', read_secret().reason)"
    with Terminal("python", "-c", script, home=tmp_path) as terminal:
        terminal.wait_for("reason not-a-terminal")
    refused = ask_secret("Password: ")
    assert isinstance(refused, SecretProblem)
    assert refused.reason is Reason.NOT_A_TERMINAL


def test_what_is_typed_is_not_shown(tmp_path: Path) -> None:
    with Terminal("python", "-c", ASK, home=tmp_path) as terminal:
        terminal.wait_for("Password:")
        terminal.type("hunter2\r")
        terminal.wait_for("Again:")
        terminal.type("hunter2\r")
        terminal.wait_for("length 7")
        assert "hunter2" not in terminal.text()


def test_a_slip_of_the_finger_is_noticed(tmp_path: Path) -> None:
    with Terminal("python", "-c", ASK, home=tmp_path) as terminal:
        terminal.wait_for("Password:")
        terminal.type("hunter2\r")
        terminal.wait_for("Again:")
        terminal.type("hunter3\r")
        terminal.wait_for("the two are not the same")


def test_line_ends() -> None:
    assert without_line_end("a\r\n") == "a"
    assert without_line_end("a\r") == "a\r"
