"""The Secret Service as it really is: open, locked, empty, wedged, killed, come back, or not there at all."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from omtui.credentials.answer import Absent, Reason, SecretProblem
from omtui.credentials.bus import bus_address
from omtui.credentials.deadline import STORE_SECONDS
from omtui.credentials.record import SecretRecord, SecretReference
from omtui.credentials.secret_service import SecretServiceStore
from omtui.credentials.store import BoundedStore, StoreState
from omtui.problem import Done
from tests.credentials.conftest import record_of
from tests.credentials.desktop import Desktop


def store_on(desktop: Desktop) -> BoundedStore:
    return BoundedStore(SecretServiceStore(desktop.address))


def why(answer: object) -> Reason:
    assert isinstance(answer, SecretProblem), answer
    assert answer.fix
    return answer.reason


def test_an_open_keyring_keeps_gives_back_and_deletes(
    desktop: Desktop, reference: SecretReference, record: SecretRecord
) -> None:
    store = store_on(desktop)
    assert store.status().state is StoreState.READY
    assert store.read(reference) == Absent()
    assert isinstance(store.write(reference, record), Done)
    found = store.read(reference)
    assert isinstance(found, SecretRecord)
    assert found.same_as(record)
    assert store.read(SecretReference("vision-test", "pod")) == Absent()
    deleted = store.delete(reference)
    assert deleted == Done(f"deleted from {store.where}")
    assert store.read(reference) == Absent()
    again = store.delete(reference)
    assert again == Done(f"there was none in {store.where}")


def test_the_keyrings_file_shows_no_secret(desktop: Desktop, reference: SecretReference) -> None:
    assert isinstance(store_on(desktop).write(reference, record_of("hunter2-in-no-file")), Done)
    keyrings = list(desktop.home.rglob("*.keyring"))
    assert keyrings
    assert not any(b"hunter2" in keyring.read_bytes() for keyring in keyrings)


@pytest.mark.parametrize(
    "text",
    ["", "\n", "a\0b", "tab\tand\r\nline ends\n", "пароль 🎉 ü", "-----BEGIN X-----\n" + "QUJD\n" * 80, "j" * 5000],
    ids=["empty", "line end", "nul", "white space", "unicode", "pem", "jwt"],
)
def test_every_text_is_kept_exactly(desktop: Desktop, reference: SecretReference, text: str) -> None:
    store = store_on(desktop)
    assert isinstance(store.write(reference, record_of(text)), Done)
    found = store.read(reference)
    assert isinstance(found, SecretRecord)
    assert found.secret.reveal() == text


def test_a_megabyte_is_kept_and_more_refused_with_a_reason(desktop: Desktop, reference: SecretReference) -> None:
    store = store_on(desktop)
    assert isinstance(store.write(reference, record_of("x" * 1024 * 1024)), Done)
    refused = store.write(reference, record_of("x" * (1024 * 1024 + 1)))
    assert not isinstance(refused, Done)
    assert refused.reason is Reason.TOO_LONG


def test_without_a_bus_it_says_so_and_what_to_do_in_no_time(reference: SecretReference, record: SecretRecord) -> None:
    store = BoundedStore(SecretServiceStore())
    store.read(reference)  # imports
    seconds = []
    for _ in range(5):  # the machine may be busy
        started = time.perf_counter()
        answer = store.read(reference)
        assert why(answer) is Reason.NO_BUS
        assert isinstance(answer, SecretProblem)
        assert "omtui vault init" in answer.fix
        assert why(store.write(reference, record)) is Reason.NO_BUS
        assert why(store.delete(reference)) is Reason.NO_BUS
        assert store.status().state is StoreState.UNREACHABLE
        seconds.append(time.perf_counter() - started)
    assert min(seconds) < 0.3


@pytest.mark.parametrize(
    "address",
    [
        "unix:path=/nonexistent/bus",
        "autolaunch:",
        "tcp:host=localhost,port=1",
        "rubbish",
        "",
        ";",
        "unix:tmpdir=/x",
        "=,:",
    ],
)
def test_an_address_that_leads_nowhere_is_no_crash(
    address: str, reference: SecretReference, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert why(BoundedStore(SecretServiceStore()).read(reference)) is Reason.NO_BUS


def test_the_bus_is_found_without_the_variable(
    desktop: Desktop, reference: SecretReference, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a session over SSH, under cron or sudo, where only the socket is there."""
    actual = Path(desktop.address.removeprefix("unix:path=").split(",")[0])
    folder = desktop.folder / "a folder, with %"
    folder.mkdir()
    # The bus listens under a name of its own; a person's is called bus.
    os.link(actual, folder / "bus")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    assert BoundedStore(SecretServiceStore()).read(reference) == Absent()


def test_somebody_elses_socket_is_refused(tmp_path: Path) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can make a socket that belongs to another user")
    path = tmp_path / "bus"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        os.chown(path, 65534, 65534)
        assert why(bus_address({"XDG_RUNTIME_DIR": str(tmp_path)})) is Reason.BUS_NOT_OURS


def test_somebody_else_who_listens_gets_no_secret(
    reference: SecretReference, record: SecretRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A variable kept by su or sudo, or set by a trick, may name a socket of another user."""
    if os.getuid() != 0:
        pytest.skip("only root can listen as another user")
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o777)
    path = folder / "bus"
    script = f"""
import os, socket
os.setuid(65534)
listener = socket.socket(socket.AF_UNIX)
listener.bind({str(path)!r})
os.chmod({str(path)!r}, 0o777)
listener.listen()
print("listening", flush=True)
connection, _ = listener.accept()
greeting = b""
while not greeting.endswith(b"\\r\\n"):
    greeting += connection.recv(1000)
connection.sendall(b"OK 1234deadbeef\\r\\n")
received = b""
while more := connection.recv(65536):
    received += more
print(len(received))
"""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={path}")
    listener = subprocess.Popen([sys.executable, "-I", "-c", script], stdout=subprocess.PIPE, text=True)
    assert listener.stdout is not None
    with listener:
        assert listener.stdout.readline() == "listening\n"
        assert why(BoundedStore(SecretServiceStore()).write(reference, record)) is Reason.BUS_NOT_OURS
        # Nothing after the greeting: the word BEGIN at most.
        assert int(listener.stdout.readline()) < 20
    shutil.rmtree(folder)


def test_a_file_or_a_link_in_the_sockets_place_is_no_bus(tmp_path: Path) -> None:
    (tmp_path / "bus").write_text("")
    assert why(bus_address({"XDG_RUNTIME_DIR": str(tmp_path)})) is Reason.NO_BUS
    (tmp_path / "bus").unlink()
    (tmp_path / "bus").symlink_to("/run/dbus/system_bus_socket")
    assert why(bus_address({"XDG_RUNTIME_DIR": str(tmp_path)})) is Reason.NO_BUS


def test_a_bus_without_a_keyring(bus: Desktop, reference: SecretReference) -> None:
    assert why(store_on(bus).read(reference)) is Reason.NO_SERVICE


def test_an_empty_keyring_is_not_a_missing_secret(
    bus: Desktop, reference: SecretReference, record: SecretRecord
) -> None:
    bus.start_keyring(None)
    store = store_on(bus)
    assert why(store.read(reference)) is Reason.NO_KEYRING
    assert why(store.write(reference, record)) is Reason.NO_KEYRING


def test_a_locked_keyring_is_told_at_once_and_asks_nobody(
    desktop: Desktop, reference: SecretReference, record: SecretRecord
) -> None:
    store = store_on(desktop)
    assert isinstance(store.write(reference, record), Done)
    desktop.lock()
    started = time.perf_counter()
    assert why(store.read(reference)) is Reason.LOCKED
    assert why(store.write(reference, record)) is Reason.LOCKED
    assert why(store.delete(reference)) is Reason.LOCKED
    assert store.status().state is StoreState.LOCKED
    assert time.perf_counter() - started < 1


ACTIONS: dict[str, Callable[[BoundedStore, SecretReference, SecretRecord], object]] = {
    "read": lambda store, reference, record: store.read(reference),
    "write": lambda store, reference, record: store.write(reference, record),
    "delete": lambda store, reference, record: store.delete(reference),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_a_wedged_keyring_costs_three_seconds_at_most(
    desktop: Desktop, reference: SecretReference, record: SecretRecord, action: str
) -> None:
    store = store_on(desktop)
    assert isinstance(store.write(reference, record), Done)
    desktop.stop()
    started = time.perf_counter()
    assert why(ACTIONS[action](store, reference, record)) is Reason.TIMED_OUT
    assert time.perf_counter() - started < STORE_SECONDS + 1
    desktop.go_on()
    assert not isinstance(store.read(reference), SecretProblem)


def test_a_large_secret_to_a_wedged_keyring_is_bounded_too(desktop: Desktop, reference: SecretReference) -> None:
    """The socket fills up: it is sending that hangs, not waiting for the answer."""
    store = store_on(desktop)
    assert isinstance(store.write(reference, record_of("small")), Done)
    stopper = threading.Timer(0.0, desktop.stop)
    stopper.start()
    stopper.join()
    started = time.perf_counter()
    assert why(store.write(reference, record_of("x" * 1024 * 1024))) is Reason.TIMED_OUT
    assert time.perf_counter() - started < STORE_SECONDS + 1
    desktop.go_on()


def test_a_wedged_bus_is_bounded(desktop: Desktop, reference: SecretReference) -> None:
    store = store_on(desktop)
    assert store.read(reference) == Absent()
    desktop.stop_bus()
    started = time.perf_counter()
    assert why(store.read(reference)) is Reason.TIMED_OUT
    assert time.perf_counter() - started < STORE_SECONDS + 1


def test_a_keyring_killed_between_two_calls_claims_no_loss(
    desktop: Desktop, reference: SecretReference, record: SecretRecord
) -> None:
    store = store_on(desktop)
    assert isinstance(store.write(reference, record), Done)
    desktop.kill_keyring()
    assert why(store.read(reference)) is Reason.NO_SERVICE
    desktop.start_keyring(None)
    assert why(store.read(reference)) is Reason.LOCKED
    desktop.kill_keyring()
    desktop.start_keyring()
    found = store.read(reference)
    assert isinstance(found, SecretRecord)
    assert found.same_as(record)


def test_a_bus_that_died_under_an_old_tmux(desktop: Desktop, reference: SecretReference) -> None:
    store = store_on(desktop)
    assert store.read(reference) == Absent()
    desktop.kill_bus()
    assert why(store.read(reference)) is Reason.NO_BUS


def test_an_entry_of_somebody_else_under_our_name_is_damaged_and_can_be_replaced(
    desktop: Desktop, reference: SecretReference, record: SecretRecord
) -> None:
    from contextlib import closing

    from secretstorage import Collection

    from omtui.credentials.bus import connect

    attributes = {"service": "omtui:vision-dev", "username": "pod", "application": "Python keyring library"}
    for content in (b"just a password", b"\xff\xfe\xfd", b'{"v": 9}'):
        with closing(connect(desktop.address, 3)) as connection:
            Collection(connection).create_item("x", attributes, content, replace=True)
        store = store_on(desktop)
        answer = store.read(reference)
        assert why(answer) is Reason.DAMAGED
        assert "password" not in repr(answer)
        assert isinstance(store.delete(reference), Done)
        assert store.read(reference) == Absent()
        assert isinstance(store.write(reference, record), Done)


def test_what_the_environment_says_of_keyrings_backends_is_not_heard(
    desktop: Desktop, reference: SecretReference, record: SecretRecord, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A variable or a file can name a backend that keeps nothing, keeps plain text, or runs any code."""
    configuration = tmp_path / "config" / "python_keyring"
    configuration.mkdir(parents=True)
    (configuration / "keyringrc.cfg").write_text(f"[backend]\ndefault-keyring=evil.Keyring\nkeyring-path={tmp_path}\n")
    (tmp_path / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    store = store_on(desktop)
    for backend in ("keyring.backends.null.Keyring", "keyrings.alt.file.PlaintextKeyring", "no.such.Thing"):
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)
        monkeypatch.setenv("KEYRING_PROPERTY_SCHEME", "KeePassXC")
        monkeypatch.setenv("KEYRING_PROPERTY_PREFERRED_COLLECTION", "/nowhere")
        assert isinstance(store.write(reference, record), Done)
        found = store.read(reference)
        assert isinstance(found, SecretRecord)
        assert found.same_as(record)
    assert not (tmp_path / "ran").exists()


def test_many_threads_at_once(desktop: Desktop) -> None:
    store = store_on(desktop)
    wrong: list[object] = []

    def keep(number: int) -> None:
        own = SecretReference("vision-dev", f"credential{number}")
        for turn in range(5):
            record = record_of(f"secret {number} {turn}")
            written, found = store.write(own, record), store.read(own)
            if not isinstance(written, Done) or not isinstance(found, SecretRecord) or not found.same_as(record):
                wrong.append((written, found))

    threads = [threading.Thread(target=keep, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_service_that_wants_to_ask_on_a_screen_is_told_as_locked_and_never_waited_for(
    bus: Desktop, reference: SecretReference, record: SecretRecord
) -> None:
    from tests.credentials.other_service import OtherService

    with OtherService(bus.address, locked=False) as service:
        store = store_on(bus)
        assert store.read(reference) == Absent()
        started = time.perf_counter()
        assert why(store.write(reference, record)) is Reason.LOCKED
        assert time.perf_counter() - started < 1
    assert "CreateItem" in service.asked
    assert "Prompt" not in service.asked


def test_a_locked_service_of_another_maker_is_never_asked_to_unlock(bus: Desktop, reference: SecretReference) -> None:
    from tests.credentials.other_service import OtherService

    with OtherService(bus.address) as service:
        assert why(store_on(bus).read(reference)) is Reason.LOCKED
    assert not {"Unlock", "Prompt"} & set(service.asked)
