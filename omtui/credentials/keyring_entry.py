"""A credential as one entry of the operating system's keyring."""

from typing import Protocol

from omtui.credentials.answer import Absent, Reason, SecretProblem
from omtui.credentials.record import SecretRecord, SecretReference, from_text, to_text
from omtui.problem import Done


class Backend(Protocol):
    """The three methods of keyring's backend classes that are used."""

    def get_password(self, service: str, username: str) -> str | None:
        """The entry, or None when there is none."""
        ...

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keeps an entry."""
        ...

    def delete_password(self, service: str, username: str) -> None:
        """Removes an entry, or raises `PasswordDeleteError`."""
        ...


def service_name(reference: SecretReference) -> str:
    """The service under which a credential is kept in every store of an operating system."""
    return f"omtui:{reference.profile}"


def damaged(reference: SecretReference, where: str) -> SecretProblem:
    """The answer for an entry that omtui did not write."""
    from omtui.plain_text import plain

    return SecretProblem(
        f"the entry {plain(reference)} in {where} was not written by this version of omtui",
        "Set the credential again, or delete the entry there by hand.",
        Reason.DAMAGED,
    )


def read_entry(backend: Backend, reference: SecretReference, where: str) -> SecretRecord | Absent | SecretProblem:
    """The record in a backend's entry."""
    text = backend.get_password(service_name(reference), reference.name)
    if text is None:
        return Absent()
    record = from_text(text)
    return damaged(reference, where) if record is None else record


def write_entry(backend: Backend, reference: SecretReference, record: SecretRecord, where: str) -> Done:
    """Keeps a record as a backend's entry."""
    backend.set_password(service_name(reference), reference.name, to_text(record))
    return Done(f"kept in {where}")


def delete_entry(backend: Backend, reference: SecretReference, where: str) -> Done:
    """Removes a backend's entry, also one that cannot be read.

    It is asked for first: the backends raise the same error for an entry that is not there and for one that
    cannot be deleted.
    """
    try:
        there = backend.get_password(service_name(reference), reference.name) is not None
    except (UnicodeDecodeError, IndexError):
        there = True
    if not there:
        return Done(f"there was none in {where}")
    backend.delete_password(service_name(reference), reference.name)
    return Done(f"deleted from {where}")
