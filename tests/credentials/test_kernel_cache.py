"""A secret kept in the kernel's memory between two commands."""

import subprocess
import sys
import uuid

import pytest

from omtui.credentials import kernel_cache
from omtui.credentials.kernel_cache import forget, recall, remember
from omtui.credentials.secret import Secret


@pytest.fixture
def name() -> str:
    return f"test:{uuid.uuid4()}"


def test_another_process_finds_it_until_it_is_forgotten(name: str) -> None:
    assert remember(name, Secret("päss\nphrase"), 30)
    script = f"from omtui.credentials.kernel_cache import recall; print(ascii(recall({name!r}).reveal()))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.strip() == ascii("päss\nphrase")
    assert forget(name)
    assert recall(name) is None
    assert not forget(name)


def test_the_last_one_counts(name: str) -> None:
    assert remember(name, Secret("one"), 30)
    assert remember(name, Secret("two"), 30)
    found = recall(name)
    assert found is not None
    assert found.reveal() == "two"
    assert forget(name)


def test_it_is_gone_when_its_time_is_up(name: str) -> None:
    import time

    assert remember(name, Secret("short"), 1)
    deadline = time.monotonic() + 10
    while recall(name) is not None:
        assert time.monotonic() < deadline
    assert not forget(name)


def test_what_cannot_be_kept_is_not(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not remember(name, Secret(""), 30)
    assert not remember(name, Secret("x" * 40_000), 30)
    monkeypatch.setattr(kernel_cache.platform, "machine", lambda: "a machine nobody knows")
    assert not remember(name, Secret("x"), 30)
    assert recall(name) is None
    assert not forget(name)


def test_without_a_time_to_end_it_is_not_kept(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = kernel_cache._keyctl

    def no_timeouts(*arguments: object) -> int:
        return -1 if arguments[0] == kernel_cache._SET_TIMEOUT else real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(kernel_cache, "_keyctl", no_timeouts)
    assert not remember(name, Secret("x"), 30)
    assert recall(name) is None
