"""A private keyring session: starts, keeps, ends with whoever started it, however that ends."""

import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from omtui.credentials.answer import Reason, SecretProblem
from omtui.credentials.keyring_session import KeyringSession, session_exists, start_session
from omtui.credentials.machine import Machine
from omtui.credentials.record import SecretRecord, SecretReference
from omtui.credentials.secret import Secret
from omtui.credentials.store import BoundedStore, StoreKind, StoreState
from omtui.problem import Done
from tests.credentials.conftest import processes
from tests.programs import require

PASSWORD = Secret("of the private keyring")


@pytest.fixture(autouse=True)
def programs() -> None:
    require("dbus-daemon")
    require("gnome-keyring-daemon")


def started(data: Path, password: Secret = PASSWORD) -> KeyringSession:
    session = start_session(password, data)
    assert isinstance(session, KeyringSession), session
    return session


def test_it_keeps_from_one_session_to_the_next(
    tmp_path: Path, reference: SecretReference, record: SecretRecord
) -> None:
    assert not session_exists(tmp_path)
    with closing(started(tmp_path)) as session:
        assert isinstance(BoundedStore(session.store).write(reference, record), Done)
    assert session_exists(tmp_path)
    with closing(started(tmp_path)) as session:
        found = BoundedStore(session.store).read(reference)
    assert isinstance(found, SecretRecord)
    assert found.same_as(record)
    assert not any(b"correct horse" in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


def test_a_wrong_password_opens_nothing(tmp_path: Path) -> None:
    started(tmp_path).close()
    refused = start_session(Secret("another"), tmp_path)
    assert isinstance(refused, SecretProblem)
    assert refused.reason is Reason.DENIED


def test_an_empty_password_is_refused(tmp_path: Path) -> None:
    refused = start_session(Secret(""), tmp_path)
    assert isinstance(refused, SecretProblem)
    assert refused.reason is Reason.WEAK_PASSPHRASE
    assert not session_exists(tmp_path)


def test_two_at_once_would_lose_secrets_and_are_not_allowed(tmp_path: Path) -> None:
    with closing(started(tmp_path)):
        second = start_session(PASSWORD, tmp_path)
        assert isinstance(second, SecretProblem)
        assert second.reason is Reason.BUSY
    started(tmp_path).close()


def test_without_the_programs_it_says_which_are_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    answer = start_session(PASSWORD, tmp_path)
    assert isinstance(answer, SecretProblem)
    assert answer.reason is Reason.NOT_HERE
    assert "dbus-daemon and gnome-keyring-daemon" in answer.message


def test_programs_that_fail_are_no_crash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("dbus-daemon", "gnome-keyring-daemon"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin")
    answer = start_session(PASSWORD, tmp_path / "data")
    assert isinstance(answer, SecretProblem)


def test_its_password_stands_in_no_arguments_and_no_environment(tmp_path: Path) -> None:
    with closing(started(tmp_path)):
        mine = [Path("/proc") / line.split()[0] for line in processes()]
        assert len(mine) == 3
        for folder in mine:
            assert b"private keyring" not in (folder / "cmdline").read_bytes()
            assert b"private keyring" not in (folder / "environ").read_bytes()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_it_ends_with_the_program_that_started_it(tmp_path: Path, number: signal.Signals) -> None:
    script = (
        "import sys, pathlib; from omtui.credentials.keyring_session import start_session;"
        "from omtui.credentials.secret import Secret;"
        f"session = start_session(Secret('x'), pathlib.Path({str(tmp_path)!r}));"
        "print(session.address, flush=True); sys.stdin.read()"
    )
    program = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert program.stdout is not None
    address = program.stdout.readline().decode()
    assert address.startswith("unix:")
    program.send_signal(number)
    program.wait()
    program.stdout.close()
    assert program.stdin is not None
    program.stdin.close()
    _wait_until(lambda: processes() == set())


def test_it_ends_when_its_guardian_is_killed(tmp_path: Path) -> None:
    session = started(tmp_path)
    guardian = next(int(line.split()[0]) for line in processes() if "keyring_guardian" in line)
    os.kill(guardian, signal.SIGKILL)
    _wait_until(lambda: processes() == set())
    assert not session.running
    assert BoundedStore(session.store).status().state is StoreState.UNREACHABLE
    session.close()


def test_nothing_is_written_on_the_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Bus and daemon write warnings of their own, which would appear in the middle of a screen."""
    with closing(started(tmp_path)) as session:
        BoundedStore(session.store).status()
    start_session(Secret("wrong"), tmp_path)
    captured = capfd.readouterr()
    assert captured.out + captured.err == ""


def test_a_program_started_in_it_uses_it(machine: Machine, reference: SecretReference, record: SecretRecord) -> None:
    """`omtui keyring session -- omtui …`."""
    session = machine.start_session(PASSWORD)
    assert isinstance(session, KeyringSession)
    assert isinstance(BoundedStore(session.store).write(reference, record), Done)
    script = (
        "from omtui.credentials.machine import Machine; from omtui.credentials.record import SecretReference;"
        "print(type(Machine().store().read(SecretReference('vision-dev', 'pod'))).__name__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=session.environment, capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout.strip() == "SecretRecord"


def test_the_machine_uses_it_once_it_is_started(
    machine: Machine, reference: SecretReference, record: SecretRecord
) -> None:
    asleep = machine.store_of(StoreKind.SESSION)
    assert isinstance(asleep, SecretProblem)
    assert asleep.reason is Reason.LOCKED
    session = machine.start_session(PASSWORD)
    assert isinstance(session, KeyringSession)
    assert machine.status().kind is StoreKind.SESSION
    assert machine.status().state is StoreState.READY
    store = machine.store()
    assert isinstance(store, BoundedStore)
    assert isinstance(store.write(reference, record), Done)
    done = subprocess.run(
        [sys.executable, "-c", "import keyring; print(len(keyring.get_password('omtui:vision-dev', 'pod')) > 10)"],
        env=session.environment | {"PYTHON_KEYRING_BACKEND": "keyring.backends.SecretService.Keyring"},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert done.stdout.strip() == "True"
    machine.close()
    assert isinstance(machine.store(), SecretProblem)
    assert machine.status().state is StoreState.LOCKED


def _wait_until(state: object) -> None:
    import time

    deadline = time.monotonic() + 10
    while not state():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.01)
