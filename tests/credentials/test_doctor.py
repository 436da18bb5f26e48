"""What is reported about this machine, and that none of it is a secret."""

import pytest

from omtui.credentials.doctor import StoreFact, doctor_facts
from omtui.credentials.leaks import forbid_core_dumps, watchers
from omtui.credentials.machine import Machine
from omtui.credentials.store import StoreKind
from tests.credentials.desktop import Desktop


def facts(machine: Machine, **environ: str) -> dict[str, StoreFact]:
    return {fact.name: fact for fact in doctor_facts(machine, environ)}


def test_without_a_keyring_it_says_why_and_what_to_do(machine: Machine) -> None:
    shown = facts(machine)
    assert not shown["credential store"].ok
    assert "no-bus" in shown["credential store"].detail
    assert "omtui vault init" in shown["credential store"].advice
    assert "An encrypted vault" in shown["other stores"].detail
    assert shown["credential settings"].detail.startswith("no store is chosen yet")


def test_with_a_keyring_open_or_locked(desktop: Desktop, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", desktop.address)
    assert facts(machine)["credential store"] == StoreFact(
        "credential store", True, "the desktop's keyring (Secret Service): ready"
    )
    desktop.lock()
    locked = facts(machine)["credential store"]
    assert not locked.ok
    assert "locked" in locked.detail
    assert "omtui keyring unlock" in locked.advice


def test_a_keyring_that_nobody_chose_is_shown_but_no_fault(machine: Machine) -> None:
    machine.choose(StoreKind.MEMORY)
    shown = facts(machine)
    assert shown["credential store"].ok
    assert shown["keyring"].ok
    assert "no-bus" in shown["keyring"].detail
    assert "memory is chosen by" in shown["credential settings"].detail


def test_what_is_ignored_or_dangerous_around_is_shown(machine: Machine) -> None:
    shown = facts(
        machine,
        PYTHON_KEYRING_BACKEND="keyring.backends.null.Keyring",
        KEYRING_PROPERTY_X="y",
        TEXTUAL_LOG="/tmp/log",
        HTTPS_PROXY="http://me:proxy-password@proxy.example:3128",
    )
    assert shown["keyring variables"].detail == "KEYRING_PROPERTY_X, PYTHON_KEYRING_BACKEND: not used by omtui"
    assert not shown["secrets while typed"].ok
    assert shown["proxy for sign-ins"].detail == "HTTPS_PROXY=http://proxy.example:3128"
    assert "proxy-password" not in repr(shown)


def test_what_writes_down_what_is_typed() -> None:
    assert watchers({}) == []
    assert watchers({"TEXTUAL_LOG": ""}) == []
    assert watchers({"TEXTUAL": "headless"}) == []
    assert len(watchers({"TEXTUAL_LOG": "x", "TEXTUAL": "devtools,debug", "SSLKEYLOGFILE": "y"})) == 3


def test_a_crash_leaves_no_memory_on_disk(machine: Machine) -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_CORE)
    try:
        if before[1] != 0:
            resource.setrlimit(resource.RLIMIT_CORE, (min(1, before[1]) if before[1] > 0 else 1, before[1]))
            assert not facts(machine)["memory images"].ok
        assert forbid_core_dumps()
        assert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0
        assert facts(machine)["memory images"].ok
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, before)
