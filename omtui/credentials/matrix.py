"""Which credential is set where: for one profile, and over all profiles of a library."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from omtui.credentials.answer import OF_ONE_ENTRY, SecretProblem
from omtui.credentials.destination import Destination
from omtui.credentials.record import SecretRecord
from omtui.credentials.store import Store
from omtui.credentials.uses import Noted, Profile, Use, all_noted, profile_name, reference, uses_by_name


class Presence(StrEnum):
    """Whether a credential is in the store."""

    SET = "set"
    MISSING = "missing"
    UNKNOWN = "unknown"
    """The store could not be asked: never taken for missing."""


@dataclass(frozen=True)
class CredentialFacts:
    """All there is to show of a credential: never its value, its length or a hash of it."""

    profile: str
    name: str
    uses: tuple[Use, ...]
    noted: Noted
    presence: Presence
    set_on: datetime | None = None
    not_allowed: tuple[Use, ...] = ()
    """Uses whose place the secret was not entered for: sending it there is refused."""
    problem: SecretProblem | None = None


@dataclass(frozen=True)
class Matrix:
    """Credentials by name (rows) and profiles (columns). A cell is None where a profile does not know the name."""

    profiles: tuple[str, ...]
    names: tuple[str, ...]
    cells: dict[tuple[str, str], CredentialFacts]
    """By name and profile."""

    def cell(self, name: str, profile: str) -> CredentialFacts | None:
        """What is known of the credential in that profile."""
        return self.cells.get((name, profile))


def credential_facts(profile: Profile, store: Store | None) -> list[CredentialFacts]:
    """The facts of every credential of a profile. Without a store nothing is asked and nothing is known.

    When the store cannot answer, it is not asked again for the other credentials: one wait, one dialogue.
    """
    return _StoreReader(store).all_of(profile)


def matrix(profiles: Sequence[Profile], store: Store | None) -> Matrix:
    """Which credential is set for which profile of a library; asks the store once a credential."""
    reader = _StoreReader(store)
    cells = {(facts.name, facts.profile): facts for profile in profiles for facts in reader.all_of(profile)}
    names = dict.fromkeys(name for name, _ in cells)
    return Matrix(tuple(profile_name(profile) for profile in profiles), tuple(names), cells)


def list_document(profile: Profile, facts: Sequence[CredentialFacts], backend: str | None) -> dict[str, object]:
    """What `omtui secret list --json` prints; `backend` is None, and `present` with it, where no store answers."""
    return {
        "profile": profile_name(profile),
        "backend": backend,
        "credentials": [
            {
                "name": one.name,
                "used_by": [use.place for use in one.uses],
                "present": None if one.presence is Presence.UNKNOWN else one.presence is Presence.SET,
                "set_on": one.set_on.isoformat(timespec="seconds") if one.set_on else None,
            }
            for one in facts
        ],
    }


class _StoreReader:
    """Asks a store for one credential after the other, and no further once it cannot answer."""

    def __init__(self, store: Store | None) -> None:
        self._store = store
        self.problem: SecretProblem | None = None

    def all_of(self, profile: Profile) -> list[CredentialFacts]:
        said = all_noted(profile)
        return [
            self._facts(profile, name, tuple(found), said.get(name, Noted()))
            for name, found in uses_by_name(profile).items()
        ]

    def _facts(self, profile: Profile, name: str, found: tuple[Use, ...], said: Noted) -> CredentialFacts:
        unknown = CredentialFacts(profile_name(profile), name, found, said, Presence.UNKNOWN, problem=self.problem)
        if self._store is None or self.problem:
            return unknown
        answer = self._store.read(reference(profile, name))
        if isinstance(answer, SecretProblem):
            # A damaged entry concerns one credential; everything else concerns the store.
            self.problem = None if answer.reason in OF_ONE_ENTRY else answer
            return replace(unknown, problem=answer)
        if not isinstance(answer, SecretRecord):
            return replace(unknown, presence=Presence.MISSING)
        allowed = answer.destinations
        elsewhere = tuple(
            use for use in found if isinstance(use.destination, Destination) and use.destination not in allowed
        )
        return replace(unknown, presence=Presence.SET, set_on=answer.set_on, not_allowed=elsewhere)
