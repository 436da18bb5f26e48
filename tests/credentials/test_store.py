"""The bounds around every store, with stores that misbehave on purpose."""

import threading
import time

import pytest

from omtui.credentials.answer import Absent, Reason, SecretProblem
from omtui.credentials.record import SecretRecord, SecretReference
from omtui.credentials.store import BoundedStore, MemoryStore, Status, StoreKind, StoreState
from omtui.problem import Done


class Hanging(MemoryStore):
    """Never answers until it is released; counts how often it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()
        self.asked = 0

    def read(self, reference: SecretReference) -> SecretRecord | Absent | SecretProblem:
        self.asked += 1
        self.let_go.wait()
        return super().read(reference)

    def status(self) -> Status:
        self.let_go.wait()
        return super().status()


class Forgetful(MemoryStore):
    """Takes everything and keeps nothing, like the null backend that many guides recommend."""

    def write(self, reference: SecretReference, record: SecretRecord) -> Done | SecretProblem:
        return Done("kept")


class Truncating(MemoryStore):
    """Keeps the first line only, as some stores do with a certificate."""

    def write(self, reference: SecretReference, record: SecretRecord) -> Done | SecretProblem:
        from tests.credentials.conftest import record_of

        return super().write(reference, record_of(record.secret.reveal().splitlines()[0]))


class Clinging(MemoryStore):
    """Says that it deleted, and did not."""

    def delete(self, reference: SecretReference) -> Done | SecretProblem:
        return Done("deleted")


class Broken(MemoryStore):
    """A mistake in the program: not an outcome."""

    def read(self, reference: SecretReference) -> SecretRecord | Absent | SecretProblem:
        raise ZeroDivisionError


def test_memory_keeps_until_it_is_let_go(reference: SecretReference, record: SecretRecord) -> None:
    memory = MemoryStore()
    store = BoundedStore(memory)
    assert store.kind is StoreKind.MEMORY
    assert store.read(reference) == Absent()
    assert isinstance(store.write(reference, record), Done)
    found = store.read(reference)
    assert isinstance(found, SecretRecord)
    assert found.same_as(record)
    memory.forget()
    assert store.read(reference) == Absent()


def test_who_forgets_a_secret_forgets_his_own(reference: SecretReference, record: SecretRecord) -> None:
    """A form forgets what was typed; the store keeps its own, and the other way round."""
    memory = MemoryStore()
    memory.write(reference, record)
    record.secret.forget()
    found = memory.read(reference)
    assert isinstance(found, SecretRecord)
    memory.forget()
    assert found.secret.reveal() == "correct horse"


def test_a_store_that_hangs_is_left_and_not_asked_again_meanwhile(reference: SecretReference) -> None:
    hanging = Hanging()
    store = BoundedStore(hanging, seconds=0.1)
    first = store.read(reference)
    assert isinstance(first, SecretProblem)
    assert first.reason is Reason.TIMED_OUT
    started = time.perf_counter()
    for _ in range(20):
        later = store.read(reference)
        assert isinstance(later, SecretProblem)
        assert later.reason is Reason.BUSY
    assert time.perf_counter() - started < 1, "none of the twenty waited its tenth of a second"
    assert hanging.asked == 1
    assert store.status().state is StoreState.UNREACHABLE
    hanging.let_go.set()
    while isinstance(store.read(reference), SecretProblem):
        pass
    assert store.read(reference) == Absent()


def test_what_was_taken_but_not_kept_is_told(reference: SecretReference, record: SecretRecord) -> None:
    answer = BoundedStore(Forgetful()).write(reference, record)
    assert isinstance(answer, SecretProblem)
    assert answer.reason is Reason.NOT_KEPT
    from tests.credentials.conftest import record_of

    answer = BoundedStore(Truncating()).write(reference, record_of("two\nlines"))
    assert isinstance(answer, SecretProblem)
    assert answer.reason is Reason.NOT_KEPT


def test_what_was_not_deleted_is_told(reference: SecretReference, record: SecretRecord) -> None:
    store = BoundedStore(Clinging())
    assert isinstance(store.write(reference, record), Done)
    answer = store.delete(reference)
    assert isinstance(answer, SecretProblem)
    assert answer.reason is Reason.NOT_KEPT


def test_a_mistake_of_the_program_is_not_hidden_and_the_next_call_goes_on(
    reference: SecretReference, record: SecretRecord
) -> None:
    store = BoundedStore(Broken())
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            store.read(reference)


@pytest.mark.parametrize("name", ["", "a\nb", "a\0b", "\x1b]52;c;x\x07", "\u202eabc", "x" * 201, "a\u200bb"])
def test_names_that_no_store_should_have_to_take(name: str, record: SecretRecord) -> None:
    store = BoundedStore(MemoryStore())
    for reference in (SecretReference(name, "pod"), SecretReference("vision-dev", name)):
        for answer in (store.read(reference), store.write(reference, record), store.delete(reference)):
            assert isinstance(answer, SecretProblem)
            assert answer.reason is Reason.BAD_NAME
            assert "\x1b" not in answer.message


@pytest.mark.parametrize("name", ["../../.bashrc", "CON", "-x", "vision dev", "ünïcode", "a/b", "{profile}", "name."])
def test_names_that_look_odd_are_only_names(name: str, record: SecretRecord) -> None:
    store = BoundedStore(MemoryStore())
    assert isinstance(store.write(SecretReference(name, name), record), Done)
    found = store.read(SecretReference(name, name))
    assert isinstance(found, SecretRecord)
    assert found.same_as(record)
