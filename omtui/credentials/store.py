"""The one interface of everything that keeps secrets, and the bounds every such store is called within."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

from omtui.credentials.answer import Absent, Completed, Declined, Found, Unavailable
from omtui.credentials.deadline import STORE_SECONDS, TimedOut, call_within
from omtui.credentials.reason import Reason
from omtui.credentials.record import LONGEST, SecretRecord
from omtui.credentials.reference import SecretReference
from omtui.plain_text import plain

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
    """A store's state and what to do about it. `where` names it for a person, always shown on screen."""

    kind: StoreKind
    where: str
    state: StoreState
    detail: str = ""
    remedy: str = ""
    reason: Reason | None = None


class Store(Protocol):
    """Keeps records by reference. No method ever prompts, on any store."""

    @property
    def kind(self) -> StoreKind:
        """Which kind of store it is."""
        ...

    @property
    def where(self) -> str:
        """What a person calls it: "the desktop's keyring (Secret Service)"."""
        ...

    def status(self) -> Status:
        """Whether it can be used now, and if not, why and what helps."""
        ...

    def read(self, reference: SecretReference) -> Found | Absent | Unavailable:
        """The record of a reference."""
        ...

    def write(self, reference: SecretReference, record: SecretRecord) -> Completed | Declined | Unavailable:
        """Keeps a record, in place of the one there may be."""
        ...

    def delete(self, reference: SecretReference) -> Completed | Declined | Unavailable:
        """Removes a record; one that is not there is no error (`changed` is then false)."""
        ...


class BoundedStore:
    """A store within bounds: every call ends in time, writing is proved by reading back.

    One call at a time: while a call that ran out of time is still under way, the next ones are answered at
    once, so that neither threads nor a system's dialogues pile up.
    """

    def __init__(self, store: Store, seconds: float = STORE_SECONDS) -> None:
        self.inner = store
        self._seconds = seconds
        self._turn = threading.Lock()
        self._late = False

    @property
    def kind(self) -> StoreKind:
        """See `Store`."""
        return self.inner.kind

    @property
    def where(self) -> str:
        """See `Store`."""
        return self.inner.where

    def status(self) -> Status:
        """See `Store`."""
        answer = self._bounded(self.inner.status)
        if isinstance(answer, Unavailable):
            return Status(self.kind, self.where, StoreState.UNREACHABLE, answer.detail, answer.remedy, answer.reason)
        return answer

    def read(self, reference: SecretReference) -> Found | Absent | Unavailable:
        """See `Store`."""
        if fault := _bad_name(reference):
            return fault
        return self._bounded(lambda: self.inner.read(reference))

    def write(self, reference: SecretReference, record: SecretRecord) -> Completed | Declined | Unavailable:
        """See `Store`. What was written is read back; some stores take everything and keep nothing."""
        if fault := _bad_name(reference):
            return fault
        if len(record.secret.reveal()) > LONGEST:
            return Declined(
                Reason.TOO_LONG,
                f"a secret of more than {LONGEST:,} characters is not kept",
                "Is it the right file? A password or a certificate with its key is far shorter.",
            )
        written = self._bounded(lambda: self.inner.write(reference, record))
        if not isinstance(written, Completed):
            return written
        kept = self.read(reference)
        if isinstance(kept, Unavailable):
            return kept
        if isinstance(kept, Found) and kept.record.same_as(record):
            return written
        return Unavailable(
            Reason.NOT_KEPT,
            f"{self.where} took the secret but does not give it back",
            "The secret is not kept. Choose another store for this machine.",
        )

    def delete(self, reference: SecretReference) -> Completed | Declined | Unavailable:
        """See `Store`. That it is gone is proved by asking for it."""
        if fault := _bad_name(reference):
            return fault
        deleted = self._bounded(lambda: self.inner.delete(reference))
        if not isinstance(deleted, Completed) or not deleted.changed:
            return deleted
        kept = self.read(reference)
        if isinstance(kept, Found):
            return Unavailable(
                Reason.NOT_KEPT,
                f"{self.where} says the secret is deleted but still has it",
                "Delete it there by hand.",
            )
        return deleted if isinstance(kept, Absent) else kept

    def _bounded(self, call: Callable[[], _Answer]) -> _Answer | Unavailable:
        started = time.monotonic()
        if self._late or not self._turn.acquire(timeout=self._seconds):
            return Unavailable(
                Reason.BUSY,
                f"{self.where} has not answered an earlier call yet",
                "Answer its dialogue if one is open, or wait a moment; then try again.",
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
            return Unavailable(
                Reason.TIMED_OUT,
                f"{self.where} did not answer within {self._seconds:g} seconds",
                "It hangs, or waits for an answer in a dialogue on another screen. Nothing is known about the secret.",
            )
        return answer


def _bad_name(reference: SecretReference) -> Unavailable | None:
    """Names come from profiles; no store of a system takes every character, and none should have to."""
    for name in (reference.profile, reference.name):
        if not name or len(name) > _LONGEST_NAME or plain(name) != name:
            return Unavailable(
                Reason.BAD_NAME,
                f"the name {plain(name[:_LONGEST_NAME]) or '(none)'} cannot be kept in a credential store",
                "Give the profile and the credential names of printable characters, at most 200.",
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
        return Status(self.kind, self.where, StoreState.READY)

    def read(self, reference: SecretReference) -> Found | Absent | Unavailable:
        """See `Store`."""
        record = self._records.get(reference)
        return Absent() if record is None else Found(record.copy())

    def write(self, reference: SecretReference, record: SecretRecord) -> Completed | Declined | Unavailable:
        """See `Store`."""
        self._records[reference] = record.copy()
        return Completed(f"kept in {self.where}")

    def delete(self, reference: SecretReference) -> Completed | Declined | Unavailable:
        """See `Store`."""
        return Completed(f"deleted from {self.where}", changed=self._records.pop(reference, None) is not None)

    def forget(self) -> None:
        """Forgets all secrets."""
        for record in self._records.values():
            record.secret.forget()
        self._records.clear()
