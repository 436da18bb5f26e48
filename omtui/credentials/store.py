"""The one interface of everything that keeps secrets, and the bounds every such store is called within."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

from omtui.credentials.answer import Absent, Reason, SecretProblem
from omtui.credentials.deadline import STORE_SECONDS, TimedOut, call_within
from omtui.credentials.record import LONGEST, SecretRecord, SecretReference
from omtui.plain_text import plain
from omtui.problem import Done, Problem

_LONGEST_NAME = 200

_Answer = TypeVar("_Answer")


class StoreKind(StrEnum):
    """Where secrets are kept; the words of the settings file."""

    KEYRING = "keyring"
    SESSION = "session"
    VAULT = "vault"
    MEMORY = "memory"
    COMMAND = "command"


class StoreState(StrEnum):
    """Whether a store can be used now."""

    READY = "ready"
    LOCKED = "locked"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True)
class Status:
    """A store's state, and why it cannot be used. `where` names it for a person, always shown on screen."""

    kind: StoreKind
    where: str
    problem: SecretProblem | None = None

    @property
    def state(self) -> StoreState:
        """Locked and unreachable are two states: a password helps with one of them."""
        if self.problem is None:
            return StoreState.READY
        return StoreState.LOCKED if self.problem.reason is Reason.LOCKED else StoreState.UNREACHABLE

    @property
    def is_ready(self) -> bool:
        """Whether it can be used now."""
        return self.problem is None

    @property
    def reason(self) -> Reason | None:
        """Why it cannot be used, in one word."""
        return self.problem.reason if self.problem else None

    @property
    def why_not(self) -> Problem:
        """Why it cannot be used and what helps, with the store's name."""
        problem = self.problem
        named = not problem or self.where in problem.message
        return Problem(str(problem) if named else f"{self.where}: {problem}")


class Store(Protocol):
    """Keeps records by reference. No method ever prompts, on any store."""

    kind: StoreKind
    where: str
    """What a person calls it: "the desktop's keyring (Secret Service)"."""

    def status(self) -> Status:
        """Whether it can be used now, and if not, why and what helps."""

    def read(self, reference: SecretReference) -> SecretRecord | Absent | SecretProblem:
        """The record of a reference."""

    def write(self, reference: SecretReference, record: SecretRecord) -> Done | SecretProblem:
        """Keeps a record, in place of the one there may be."""

    def delete(self, reference: SecretReference) -> Done | SecretProblem:
        """Removes a record; one that is not there is no error."""


class BoundedStore:
    """A store within bounds: every call ends in time, writing is proved by reading back.

    One call at a time: while a call that ran out of time is still under way, the next ones are answered at
    once, so that neither threads nor a system's dialogues pile up.
    """

    def __init__(self, store: Store, seconds: float = STORE_SECONDS) -> None:
        self.inner = store
        self.kind = store.kind
        self.where = store.where
        self._seconds = seconds
        self._turn = threading.Lock()
        self._late = False

    def status(self) -> Status:
        """See `Store`."""
        answer = self._bounded(self.inner.status)
        if isinstance(answer, SecretProblem):
            return Status(self.kind, self.where, answer)
        return answer

    def read(self, reference: SecretReference) -> SecretRecord | Absent | SecretProblem:
        """See `Store`."""
        if fault := _bad_name(reference):
            return fault
        return self._bounded(lambda: self.inner.read(reference))

    def write(self, reference: SecretReference, record: SecretRecord) -> Done | SecretProblem:
        """See `Store`. What was written is read back; some stores take everything and keep nothing."""
        if fault := _bad_name(reference):
            return fault
        if len(record.secret.reveal()) > LONGEST:
            return SecretProblem(
                f"a secret of more than {LONGEST:,} characters is not kept",
                "Is it the right file? A password or a certificate with its key is far shorter.",
                Reason.TOO_LONG,
            )
        written = self._bounded(lambda: self.inner.write(reference, record))
        if not isinstance(written, Done):
            return written
        kept = self.read(reference)
        if isinstance(kept, SecretProblem):
            return kept
        if isinstance(kept, SecretRecord) and kept.same_as(record):
            return written
        return SecretProblem(
            f"{self.where} took the secret but does not give it back",
            "The secret is not kept. Choose another store for this machine.",
            Reason.NOT_KEPT,
        )

    def delete(self, reference: SecretReference) -> Done | SecretProblem:
        """See `Store`. That it is gone is proved by asking for it."""
        if fault := _bad_name(reference):
            return fault
        deleted = self._bounded(lambda: self.inner.delete(reference))
        if not isinstance(deleted, Done):
            return deleted
        kept = self.read(reference)
        if isinstance(kept, SecretRecord):
            return SecretProblem(
                f"{self.where} says the secret is deleted but still has it", "Delete it there by hand.", Reason.NOT_KEPT
            )
        return deleted if isinstance(kept, Absent) else kept

    def _bounded(self, call: Callable[[], _Answer]) -> _Answer | SecretProblem:
        started = time.monotonic()
        if self._late or not self._turn.acquire(timeout=self._seconds):
            return SecretProblem(
                f"{self.where} has not answered an earlier call yet",
                "Answer its dialogue if one is open, or wait a moment; then try again.",
                Reason.BUSY,
            )

        def in_turn() -> _Answer:
            try:
                return call()
            finally:
                self._late = False
                self._turn.release()

        answer = call_within(max(0.0, self._seconds - (time.monotonic() - started)), in_turn)
        if isinstance(answer, TimedOut):
            self._late = self._turn.locked()
            return SecretProblem(
                f"{self.where} did not answer within {self._seconds:g} seconds",
                "It hangs, or waits for an answer in a dialogue on another screen. Nothing is known about the secret.",
                Reason.TIMED_OUT,
            )
        return answer


def _bad_name(reference: SecretReference) -> SecretProblem | None:
    """Names come from profiles; no store of a system takes every character, and none should have to."""
    for name in (reference.profile, reference.name):
        if not name or len(name) > _LONGEST_NAME or plain(name) != name:
            return SecretProblem(
                f"the name {plain(name[:_LONGEST_NAME]) or '(none)'} cannot be kept in a credential store",
                "Give the profile and the credential names of printable characters, at most 200.",
                Reason.BAD_NAME,
            )
    return None


class MemoryStore:
    """Keeps secrets until the program ends, and never on a disk."""

    def __init__(self) -> None:
        self._records: dict[SecretReference, SecretRecord] = {}

    kind = StoreKind.MEMORY
    where = "memory, until omtui ends"

    def status(self) -> Status:
        """See `Store`."""
        return Status(self.kind, self.where)

    def read(self, reference: SecretReference) -> SecretRecord | Absent | SecretProblem:
        """See `Store`."""
        record = self._records.get(reference)
        return Absent() if record is None else record.copy()

    def write(self, reference: SecretReference, record: SecretRecord) -> Done | SecretProblem:
        """See `Store`."""
        self._records[reference] = record.copy()
        return Done(f"kept in {self.where}")

    def delete(self, reference: SecretReference) -> Done | SecretProblem:
        """See `Store`."""
        self._records.pop(reference, None)
        return Done(f"deleted from {self.where}")

    def forget(self) -> None:
        """Forgets all secrets."""
        for record in self._records.values():
            record.secret.forget()
        self._records.clear()
