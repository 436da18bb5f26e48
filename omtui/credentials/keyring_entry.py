"""A credential as one entry of the operating system's keyring."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Protocol, TypeVar

from omtui.credentials.answer import Absent, Reason, SecretProblem
from omtui.credentials.record import SecretRecord, SecretReference, from_text, to_text
from omtui.credentials.store import StoreKind
from omtui.plain_text import plain
from omtui.problem import Done

_Answer = TypeVar("_Answer")


class Backend(Protocol):
    """The three methods of keyring's backend classes that are used."""

    def get_password(self, service: str, username: str) -> str | None:
        """The entry, or None when there is none."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keeps an entry."""

    def delete_password(self, service: str, username: str) -> None:
        """Removes an entry, or raises `PasswordDeleteError`."""


def service_name(reference: SecretReference) -> str:
    """The service under which a credential is kept in every store of an operating system."""
    return f"omtui:{reference.profile}"


def damaged(reference: SecretReference, where: str) -> SecretProblem:
    """The answer for an entry that omtui did not write."""
    return SecretProblem(
        f"the entry {plain(reference)} in {where} was not written by this version of omtui",
        "Set the credential again, or delete the entry there by hand.",
        Reason.DAMAGED,
    )


class KeyringStore(ABC):
    """A store of an operating system, an entry a credential. A subclass knows its backend and how that fails."""

    def __init__(self, kind: StoreKind, where: str) -> None:
        self.kind = kind
        self.where = where

    @abstractmethod
    def ask(self, question: Callable[[Backend], _Answer], reference: SecretReference, /) -> _Answer | SecretProblem:
        """The backend's answer, or why there is none. No failure is `Absent`."""

    def read(self, reference: SecretReference) -> SecretRecord | Absent | SecretProblem:
        """See `Store`."""

        def entry(backend: Backend) -> SecretRecord | Absent | SecretProblem:
            text = backend.get_password(service_name(reference), reference.name)
            return Absent() if text is None else from_text(text) or damaged(reference, self.where)

        return self.ask(entry, reference)

    def write(self, reference: SecretReference, record: SecretRecord) -> Done | SecretProblem:
        """See `Store`."""

        def keep(backend: Backend) -> Done:
            backend.set_password(service_name(reference), reference.name, to_text(record))
            return Done(f"kept in {self.where}")

        return self.ask(keep, reference)

    def delete(self, reference: SecretReference) -> Done | SecretProblem:
        """See `Store`. Also of an entry that cannot be read.

        It is asked for first: the backends raise the same error for an entry that is not there and for one that
        cannot be deleted.
        """

        def remove(backend: Backend) -> Done:
            try:
                there = backend.get_password(service_name(reference), reference.name) is not None
            except (UnicodeDecodeError, IndexError):
                there = True
            if not there:
                return Done(f"there was none in {self.where}")
            backend.delete_password(service_name(reference), reference.name)
            return Done(f"deleted from {self.where}")

        return self.ask(remove, reference)
