"""Fixtures for the tests of credentials."""

import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from omtui.credentials.answer import Absent, SecretProblem
from omtui.credentials.destination import Destination
from omtui.credentials.machine import Machine
from omtui.credentials.record import SecretRecord, SecretReference, new_record, release
from omtui.credentials.secret import Secret
from omtui.credentials.settings import Folders
from omtui.credentials.uses import Use
from omtui.credentials.uses import reference as reference_of
from omtui.service.former_names import FormerNames
from omtui.service.secrets import Secrets
from tests.credentials.desktop import Desktop
from tests.programs import require

POD = Destination("https", "fa-vision-dev1.fa.ocs.example", 443, "om.integration")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches the keyring or the proxy of the person who runs it."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith(
            ("DBUS_", "XDG_", "KEYRING_", "PYTHON_KEYRING", "OMTUI_")
        ):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def no_process_left_over(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Every test ends the programs it started. They are known by the temporary folder that only this test uses."""
    tmp_path_factory.getbasetemp()  # pytest's own folder is made where it belongs
    with tempfile.TemporaryDirectory(prefix="om-") as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        monkeypatch.setenv("TMPDIR", folder)
        yield
        deadline = time.monotonic() + 5
        while processes() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert processes() == set()


def processes() -> set[str]:
    """The programs this test started that still run, each with its process number."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            ours = f"PPid:\t{os.getpid()}\n" in (folder / "status").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if line and (ours or tempfile.gettempdir() in line):
            found.add(f"{folder.name} {line}")
    return found


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """A user's folders, as fresh as his home."""
    return Folders(tmp_path / "config" / "omtui", tmp_path / "data" / "omtui")


@pytest.fixture
def machine(folders: Folders) -> Iterator[Machine]:
    """A machine whose environment chooses nothing."""
    made = Machine(folders, environ={})
    yield made
    made.lock()


@pytest.fixture
def bus() -> Iterator[Desktop]:
    """A session's D-Bus with nothing on it."""
    require("dbus-daemon")
    require("gnome-keyring-daemon")
    with Desktop() as desktop:
        yield desktop


@pytest.fixture
def desktop(bus: Desktop) -> Desktop:
    """A session with an unlocked keyring."""
    bus.start_keyring()
    return bus


@pytest.fixture
def reference() -> SecretReference:
    return SecretReference("vision-dev", "pod")


@pytest.fixture
def record() -> SecretRecord:
    return record_of("correct horse")


def record_of(text: str, *destinations: Destination) -> SecretRecord:
    return new_record(Secret(text), frozenset(destinations or (POD,)))


def secrets_of(machine: Machine, former_names: FormerNames | None = None) -> Secrets:
    """The verbs on a machine of the test's own."""
    secrets = Secrets(former_names=former_names)
    secrets.machine = machine
    return secrets


def secret_for(machine: Machine, profile: Mapping[str, Any], use: Use) -> Secret | Absent | SecretProblem:
    """The secret for one use, if it may go there."""
    store = machine.store()
    found = store if isinstance(store, SecretProblem) else store.read(reference_of(profile, use.credential))
    if not isinstance(found, SecretRecord):
        return found
    assert isinstance(use.destination, Destination)
    return release(use.credential, found, use.destination)
