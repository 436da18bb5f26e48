"""The Keychain of macOS, with backends that fail as it does; the system is not at hand."""

import pytest
from keyring.errors import KeyringError, KeyringLocked, PasswordDeleteError, PasswordSetError

from omtui.credentials.answer import Absent, Reason, SecretProblem
from omtui.credentials.keyring_entry import Backend
from omtui.credentials.record import SecretRecord, SecretReference
from omtui.credentials.secret_service import SecretServiceStore
from omtui.credentials.store import BoundedStore
from omtui.credentials.system_store import SystemStore, system_store
from omtui.problem import Done


class Entries:
    def __init__(self, error: Exception | None = None) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.error = error

    def get_password(self, service: str, username: str) -> str | None:
        self._fail()
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._fail()
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._fail()
        if self.entries.pop((service, username), None) is None:
            raise PasswordDeleteError

    def _fail(self) -> None:
        if self.error:
            raise self.error


def store_with(backend: Backend) -> BoundedStore:
    return BoundedStore(SystemStore(lambda: backend, "the system's store"))


def test_it_keeps_gives_back_and_deletes(reference: SecretReference, record: SecretRecord) -> None:
    store = store_with(Entries())
    assert store.read(reference) == Absent()
    assert isinstance(store.write(reference, record), Done)
    found = store.read(reference)
    assert isinstance(found, SecretRecord)
    assert found.same_as(record)
    assert store.delete(reference) == Done("deleted from the system's store")
    assert store.delete(reference) == Done("there was none in the system's store")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (KeyringLocked("User hunter2 interaction"), Reason.LOCKED),
        (KeyringError("hunter2"), Reason.NOT_HERE),
        (PasswordSetError("hunter2"), Reason.NOT_HERE),
        (PasswordDeleteError("hunter2"), Reason.NOT_HERE),
        (NameError("hunter2"), Reason.NOT_HERE),
        (OSError("hunter2"), Reason.NOT_HERE),
    ],
)
def test_no_error_is_taken_for_no_password_nor_repeats_one(
    error: Exception, reason: Reason, reference: SecretReference, record: SecretRecord
) -> None:
    store = store_with(Entries(error))
    for answer in (store.read(reference), store.write(reference, record), store.delete(reference)):
        assert isinstance(answer, SecretProblem)
        assert answer.reason is reason
        assert "hunter2" not in repr(answer)


def test_each_system_has_its_own_class() -> None:
    assert isinstance(system_store("linux"), SecretServiceStore)
    assert system_store("darwin").where == "the macOS Keychain"


def test_a_class_of_another_system_is_unavailable_and_no_crash(
    reference: SecretReference, record: SecretRecord
) -> None:
    store = BoundedStore(system_store("darwin"))
    for answer in (store.read(reference), store.write(reference, record), store.delete(reference)):
        assert isinstance(answer, SecretProblem)
        assert answer.reason is Reason.NOT_HERE
