"""Nothing of this package costs anything, asks anybody or starts anything before a secret is needed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.credentials.desktop import Desktop
from tests.programs import require

HEAVY = (
    "keyring",
    "cryptography",
    "httpx",
    "secretstorage",
    "jeepney",
    "tomlkit",
    "asyncio",
    "ssl",
    "ctypes",
    "platformdirs",
)

IMPORT_ALL = """
import importlib, pkgutil
import omtui.credentials
for module in pkgutil.walk_packages(omtui.credentials.__path__, "omtui.credentials."):
    importlib.import_module(module.name)
"""

BROWSE = """
from omtui.credentials.doctor import watchers
from omtui.credentials.leaks import forbid_core_dumps
from omtui.credentials.machine import Machine
from omtui.credentials.matrix import credential_facts
from tests.credentials.profiles import profile
forbid_core_dumps()
machine = Machine()
credential_facts(profile(), None)
"""


def run(script: str, *before: str, **environ: str) -> str:
    root = Path(__file__).parents[2]
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "PYTHONPATH": str(root)} | environ
    done = subprocess.run(
        [*before, sys.executable, "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "script", ["import omtui.credentials", IMPORT_ALL, BROWSE], ids=["package", "modules", "browsing"]
)
def test_importing_and_browsing_load_nothing_heavy(script: str) -> None:
    loaded = run(script + f"\nimport sys; print([name for name in {HEAVY} if name in sys.modules])")
    assert loaded.strip() == "[]"


def traced(script: str, tmp_path: Path, calls: str, **environ: str) -> str:
    """The system calls of a script from a marker on, which it makes by opening a file of that name."""
    log = tmp_path / "trace"
    run(
        "open('/dev/null')\n" + script,
        require("strace"),
        "-f",
        "-qq",
        "-e",
        f"trace={calls}",
        "-o",
        str(log),
        **environ,
    )
    return log.read_text()


def test_browsing_profiles_starts_no_process_and_asks_no_store(bus: Desktop, tmp_path: Path) -> None:
    """Even with a session bus at hand: no connection to it, no process, no file of a keyring's."""
    trace = traced(
        BROWSE, tmp_path, "execve,connect,openat,fork,vfork,clone,clone3", DBUS_SESSION_BUS_ADDRESS=bus.address
    )
    calls = trace.splitlines()
    assert sum("execve(" in call for call in calls) == 1  # Python itself
    assert not [call for call in calls if "connect(" in call or "fork(" in call or "clone" in call]
    assert not [call for call in calls if "/keyrings" in call or "credentials.toml" in call or "vault.age" in call]


def test_asking_the_keyring_starts_no_process(desktop: Desktop, tmp_path: Path) -> None:
    """keyring's own choice of a backend runs the compiler and the linker, nine processes, to look for macOS."""
    script = (
        "from omtui.credentials.machine import Machine\nfrom omtui.credentials.record import SecretReference\n"
        "print(Machine().store().read(SecretReference('vision-dev', 'pod')))"
    )
    trace = traced(script, tmp_path, "execve", DBUS_SESSION_BUS_ADDRESS=desktop.address)
    assert sum("execve(" in call for call in trace.splitlines()) == 1


def test_without_a_bus_a_fresh_process_answers_in_time() -> None:
    script = """
import time
from omtui.credentials.machine import Machine
from omtui.credentials.record import SecretReference
started = time.perf_counter()
answer = Machine().store().read(SecretReference("vision-dev", "pod"))
print(answer.reason, time.perf_counter() - started)
"""
    results = [run(script).split() for _ in range(3)]
    assert {reason for reason, _ in results} == {"no-bus"}
    assert min(float(seconds) for _, seconds in results) < 0.3
