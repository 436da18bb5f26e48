"""Unlocking the desktop's keyring with its password, with no screen anywhere."""

import pytest

from omtui.credentials.answer import Reason, SecretProblem
from omtui.credentials.keyring_unlock import unlock_keyring
from omtui.credentials.machine import Machine
from omtui.credentials.record import SecretRecord, SecretReference
from omtui.credentials.secret import Secret
from omtui.credentials.secret_service import SecretServiceStore
from omtui.credentials.store import BoundedStore, StoreState
from omtui.problem import Done
from tests.credentials.desktop import PASSWORD, Desktop


def locked(bus: Desktop, password: str = PASSWORD) -> None:
    bus.start_keyring(password)
    bus.lock()


def test_the_right_password_opens_it(bus: Desktop, reference: SecretReference, record: SecretRecord) -> None:
    locked(bus)
    assert unlock_keyring(Secret(PASSWORD), address=bus.address) == Done("the keyring is open")
    assert isinstance(BoundedStore(SecretServiceStore(bus.address)).write(reference, record), Done)
    assert unlock_keyring(Secret("anything"), address=bus.address) == Done("the keyring is open")


def test_a_wrong_password_is_told_as_wrong(bus: Desktop) -> None:
    locked(bus)
    for wrong in ("wrong", "", PASSWORD + "x", "\n"):
        refused = unlock_keyring(Secret(wrong), address=bus.address)
        assert isinstance(refused, SecretProblem)
        assert refused.reason is Reason.DENIED
    assert SecretServiceStore(bus.address).status().state is StoreState.LOCKED


def test_a_keyring_made_by_echo_has_the_line_end_in_its_password(bus: Desktop) -> None:
    locked(bus, PASSWORD + "\n")
    assert isinstance(unlock_keyring(Secret(PASSWORD), address=bus.address), Done)


def test_who_has_no_keyring_gets_one_only_on_purpose(
    bus: Desktop, reference: SecretReference, record: SecretRecord
) -> None:
    bus.start_keyring(None)
    without = unlock_keyring(Secret("new password"), address=bus.address)
    assert isinstance(without, SecretProblem)
    assert without.reason is Reason.NO_KEYRING
    assert isinstance(unlock_keyring(Secret("new password"), create=True, address=bus.address), Done)
    store = BoundedStore(SecretServiceStore(bus.address))
    assert isinstance(store.write(reference, record), Done)
    # The next day it is there, and opens as a password login would open it.
    bus.kill_keyring()
    bus.start_keyring("new password")
    assert not isinstance(store.read(reference), SecretProblem)


def test_the_states_that_need_no_password(bus: Desktop) -> None:
    nothing = unlock_keyring(Secret("x"), address=bus.address)
    assert isinstance(nothing, SecretProblem)
    assert nothing.reason is Reason.NO_SERVICE
    no_bus = unlock_keyring(Secret("x"))
    assert isinstance(no_bus, SecretProblem)
    assert no_bus.reason is Reason.NO_BUS


def test_a_wedged_keyring_does_not_hold_up_unlocking(
    bus: Desktop, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked(bus)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
    bus.stop()
    answer = machine.unlock_keyring(Secret(PASSWORD))
    assert isinstance(answer, SecretProblem)
    assert answer.reason is Reason.TIMED_OUT
    bus.go_on()
    assert isinstance(machine.unlock_keyring(Secret(PASSWORD)), Done)
    assert machine.keyring_status().state is StoreState.READY


def test_an_empty_or_short_password_makes_no_keyring(machine: Machine) -> None:
    for weak in ("", "abc", "elevenchars", "aaaaaaaaaaaaaaaa"):
        for refused in (machine.unlock_keyring(Secret(weak), create=True), machine.start_session(Secret(weak))):
            assert isinstance(refused, SecretProblem)
            assert refused.reason is Reason.WEAK_PASSPHRASE


def test_a_service_without_gnomes_interface_says_how_to_unlock_it_by_hand(bus: Desktop) -> None:
    """KWallet and KeePassXC: a service on the bus that answers the standard calls only."""
    from tests.credentials.other_service import OtherService

    with OtherService(bus.address):
        answer = unlock_keyring(Secret("x"), address=bus.address)
    assert isinstance(answer, SecretProblem)
    assert answer.reason is Reason.NOT_HERE
    assert "--replace --unlock" in answer.fix
