"""Secrets printed by a command: no shell, no prompt, no leftovers, and a failure is never an absent secret."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from omtui.credentials.answer import Absent, Reason, SecretProblem
from omtui.credentials.command_store import CommandStore, SecretCommand
from omtui.credentials.record import SecretRecord, SecretReference
from omtui.credentials.secret import Secret
from omtui.credentials.store import BoundedStore, StoreState
from omtui.problem import Done
from tests.credentials.conftest import POD, record_of
from tests.programs import require


def store_with(tmp_path: Path, *arguments: str, seconds: float = 10.0) -> CommandStore:
    return CommandStore((SecretCommand(arguments, seconds=seconds),), tmp_path / "own" / "bindings.json")


def python(script: str) -> tuple[str, str, str]:
    return (sys.executable, "-c", script)


def why(answer: object) -> Reason:
    assert isinstance(answer, SecretProblem), answer
    assert answer.fix
    return answer.reason


def test_what_it_prints_is_the_secret_once_its_places_are_known(tmp_path: Path, reference: SecretReference) -> None:
    inner = store_with(tmp_path, "echo", "hunter2-hunter2")
    store = BoundedStore(inner)
    assert store.read(reference) == Absent()
    mine = record_of("hunter2-hunter2")
    assert isinstance(store.write(reference, mine), Done)
    found = store.read(reference)
    assert isinstance(found, SecretRecord)
    assert found.same_as(mine)
    assert found.destinations == {POD}
    kept = (tmp_path / "own" / "bindings.json").read_text()
    assert "hunter2" not in kept
    assert "fa-vision-dev1" in kept
    assert isinstance(store.delete(reference), Done)
    assert store.read(reference) == Absent()
    assert store.delete(reference) == Done("nothing was remembered of it")
    assert store.status().state is StoreState.READY
    assert store.where == "a command of yours (echo)"


def test_another_secret_than_the_commands_is_refused(tmp_path: Path, reference: SecretReference) -> None:
    store = BoundedStore(store_with(tmp_path, "echo", "what the command prints"))
    refused = store.write(reference, record_of("what the person typed"))
    assert why(refused) is Reason.READ_ONLY
    assert "the person typed" not in repr(refused)
    assert "command prints" not in repr(refused)


@pytest.mark.parametrize(
    ("printed", "secret"),
    [
        ("a\n", "a"),
        ("a\r\n", "a"),
        ("a\n\n", "a\n"),
        ("a", "a"),
        ("a\nb\n", "a\nb"),
        ("a\r", "a\r"),
        (" a \n", " a "),
        ("ü🎉\n", "ü🎉"),
    ],
)
def test_one_line_end_is_taken_off(tmp_path: Path, reference: SecretReference, printed: str, secret: str) -> None:
    asked = store_with(tmp_path, *python(f"import sys; sys.stdout.buffer.write({printed.encode()!r})")).ask(reference)
    assert isinstance(asked, Secret)
    assert asked.reveal() == secret


@pytest.mark.parametrize(
    "script",
    [
        "import sys; print('hunter2'); sys.exit(1)",
        "pass",
        "print()",
        "import sys; sys.stdout.buffer.write(b'hunter2\\xff')",
        "import sys; sys.stderr.write('hunter2'); sys.exit(2)",
        "import os, signal; print('hunter2', flush=True); os.kill(os.getpid(), signal.SIGKILL)",
    ],
    ids=["status", "nothing", "empty line", "no text", "stderr", "killed"],
)
def test_a_command_that_fails_says_so_and_shows_nothing(
    tmp_path: Path, reference: SecretReference, script: str, capfd: pytest.CaptureFixture[str]
) -> None:
    asked = store_with(tmp_path, *python(script)).ask(reference)
    assert why(asked) is Reason.COMMAND_FAILED
    assert "hunter2" not in repr(asked)
    captured = capfd.readouterr()
    assert captured.out + captured.err == ""


def test_a_program_that_is_not_there(tmp_path: Path, reference: SecretReference) -> None:
    assert why(store_with(tmp_path, "no-such-program").ask(reference)) is Reason.COMMAND_FAILED
    (tmp_path / "not-executable").write_text("x")
    assert why(store_with(tmp_path, str(tmp_path / "not-executable")).ask(reference)) is Reason.COMMAND_FAILED


def test_one_that_waits_for_ever_is_ended_with_its_children(tmp_path: Path, reference: SecretReference) -> None:
    script = f"import subprocess; subprocess.run(['sh', '-c', 'sleep 60; true', {str(tmp_path)!r}])"
    started = time.monotonic()
    assert why(store_with(tmp_path, *python(script), seconds=0.4).ask(reference)) is Reason.TIMED_OUT
    assert time.monotonic() - started < 5
    deadline = time.monotonic() + 5
    while any(str(tmp_path) in line for line in _lines()):
        assert time.monotonic() < deadline


def _lines() -> list[str]:
    lines = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            lines.append((folder / "cmdline").read_bytes().decode(errors="replace"))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return lines


def test_one_that_prints_for_ever_is_ended_early(tmp_path: Path, reference: SecretReference) -> None:
    started = time.monotonic()
    assert why(store_with(tmp_path, "yes", "hunter2").ask(reference)) is Reason.COMMAND_FAILED
    assert time.monotonic() - started < 5


def test_one_that_closes_its_output_and_goes_on_is_bounded(tmp_path: Path, reference: SecretReference) -> None:
    script = "import os, time; os.write(1, b'x'); os.close(1); time.sleep(60)"
    assert why(store_with(tmp_path, *python(script), seconds=0.4).ask(reference)) is Reason.TIMED_OUT


def test_it_cannot_ask_on_the_terminal(tmp_path: Path, reference: SecretReference) -> None:
    """A pinentry would draw over the screen: without a terminal of its own it cannot."""
    script = (
        "import os, sys\n"
        "try: os.open('/dev/tty', os.O_RDWR); print('terminal')\n"
        "except OSError: print('none')\n"
        "print(repr(sys.stdin.read()))"
    )
    asked = store_with(tmp_path, *python(script)).ask(reference)
    assert isinstance(asked, Secret)
    assert asked.reveal() == "none\n''"


def test_names_go_into_arguments_and_nowhere_else(tmp_path: Path) -> None:
    store = CommandStore((SecretCommand(("echo", "{profile}/{credential}", "$HOME", "`id`")),), tmp_path / "b.json")
    asked = store.ask(SecretReference("vision-dev", "connector 01"))
    assert isinstance(asked, Secret)
    assert asked.reveal() == "vision-dev/connector 01 $HOME `id`"


@pytest.mark.parametrize(
    "name",
    [
        "-oProxyCommand=x",
        "--help",
        "../../etc/passwd",
        "a/b",
        "..",
        "a..b",
        "$(id)",
        "a;b",
        "{credential}",
        ".x",
        "a ",
        "",
    ],
)
def test_a_name_that_a_command_could_take_for_something_else_is_refused(tmp_path: Path, name: str) -> None:
    store = CommandStore((SecretCommand(("echo", "{credential}")),), tmp_path / "b.json")
    assert why(store.ask(SecretReference("vision-dev", name))) is Reason.BAD_NAME
    fixed = CommandStore((SecretCommand(("echo", "fixed")),), tmp_path / "b.json").ask(
        SecretReference("vision-dev", name)
    )
    assert isinstance(fixed, Secret)


def test_the_program_is_never_made_up_from_names(tmp_path: Path) -> None:
    store = CommandStore((SecretCommand(("{credential}", "x")),), tmp_path / "b.json")
    assert why(store.ask(SecretReference("vision-dev", "echo"))) is Reason.COMMAND_FAILED


def test_the_first_command_that_fits_is_asked(tmp_path: Path) -> None:
    commands = (
        SecretCommand(("echo", "one"), profile="vision-prod", credential="pod"),
        SecretCommand(("echo", "two"), credential="pod"),
        SecretCommand(("echo", "three"), profile="vision-prod"),
    )
    store = CommandStore(commands, tmp_path / "b.json")
    expected = {("vision-prod", "pod"): "one", ("vision-dev", "pod"): "two", ("vision-prod", "wms"): "three"}
    for (profile, name), text in expected.items():
        asked = store.ask(SecretReference(profile, name))
        assert isinstance(asked, Secret)
        assert asked.reveal() == text
    assert why(store.ask(SecretReference("vision-dev", "wms"))) is Reason.NO_COMMAND


def test_without_commands_it_says_how_to_add_one(tmp_path: Path, reference: SecretReference) -> None:
    store = CommandStore((), tmp_path / "b.json")
    assert store.status().reason is Reason.NO_COMMAND
    assert why(store.ask(reference)) is Reason.NO_COMMAND


def test_a_damaged_file_of_places_allows_nothing(tmp_path: Path, reference: SecretReference) -> None:
    store = store_with(tmp_path, "echo", "x")
    assert isinstance(store.write(reference, record_of("x")), Done)
    file = tmp_path / "own" / "bindings.json"
    for content in (b"", b"{}", b'{"v":1,"bindings":[["a","b",{}]]}', b"[" * 100_000, b'{"v":1,"bindings":[1]}'):
        file.write_bytes(content)
        assert why(store.read(reference)) is Reason.DAMAGED
    file.chmod(0o666)
    assert why(store.read(reference)) is Reason.INSECURE


def test_pass_itself(tmp_path: Path, reference: SecretReference, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real thing where it is installed; its store and its key are made for this test."""
    require("pass")
    require("gpg")
    home = Path(os.environ["TMPDIR"])
    monkeypatch.setenv("GNUPGHOME", str(home))
    monkeypatch.setenv("PASSWORD_STORE_DIR", str(tmp_path / "store"))
    home.chmod(0o700)
    quick = ["gpg", "--batch", "--passphrase", "", "--quick-gen-key", "tester@host.example", "default", "default"]
    subprocess.run(quick, check=True, capture_output=True, timeout=60)
    try:
        subprocess.run(["pass", "init", "tester@host.example"], check=True, capture_output=True, timeout=60)
        insert = ["pass", "insert", "-m", "omtui/vision-dev/pod"]
        subprocess.run(insert, input=b"line one\nline two\n", check=True, capture_output=True, timeout=60)
        asked = store_with(tmp_path, "pass", "show", "omtui/{profile}/{credential}").ask(reference)
        assert isinstance(asked, Secret)
        assert asked.reveal() == "line one\nline two"
        missing = store_with(tmp_path, "pass", "show", "omtui/{profile}/none").ask(reference)
        assert why(missing) is Reason.COMMAND_FAILED
    finally:
        subprocess.run(["gpgconf", "--kill", "all"], check=False, capture_output=True, timeout=60)
