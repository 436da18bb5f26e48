"""What export and import of a profile do with the store: secrets for a colleague and from one."""

from collections.abc import Sequence
from dataclasses import dataclass

from omtui.credentials.answer import Absent, Completed, Declined, Found, Unavailable
from omtui.credentials.handover import HandedOver, Incoming, incoming
from omtui.credentials.machine import Machine
from omtui.credentials.reason import Reason
from omtui.credentials.record import SecretRecord, new_record
from omtui.credentials.reference import SecretReference
from omtui.credentials.uses import Profile, credential_names, destinations, profile_name, reference, uses_of


@dataclass(frozen=True)
class Gathered:
    """The secrets of a profile that the store has, and the names of those it does not: the receiver enters them."""

    records: dict[str, SecretRecord]
    missing: tuple[str, ...]


def gather_secrets(machine: Machine, profile: Profile, names: Sequence[str] | None = None) -> Gathered | Unavailable:
    """Reads a profile's secrets to hand them over (`handover.encrypt_secrets`); all of them, or those named.

    A store that cannot answer for one of them stops it: a hand-over never lacks a secret without saying so.
    """
    store = machine.store()
    if isinstance(store, Unavailable):
        return store
    records: dict[str, SecretRecord] = {}
    missing: list[str] = []
    for name in credential_names(profile):
        if names is not None and name not in names:
            continue
        found = store.read(reference(profile, name))
        if isinstance(found, Unavailable):
            return found
        if isinstance(found, Found):
            records[name] = found.record
        else:
            missing.append(name)
    return Gathered(records, tuple(missing))


def compare_incoming(machine: Machine, profile: Profile, opened: HandedOver) -> list[Incoming] | Unavailable:
    """What keeping the secrets of an opened part would change here; nothing is written."""
    store = machine.store()
    return store if isinstance(store, Unavailable) else incoming(opened, profile_name(profile), store)


@dataclass(frozen=True)
class ImportedSecret:
    """What became of one secret that was handed over."""

    reference: SecretReference
    outcome: Completed | Declined | Absent | Unavailable


def keep_incoming(
    machine: Machine, profile: Profile, opened: HandedOver, names: Sequence[str]
) -> list[ImportedSecret] | Unavailable:
    """Keeps the secrets that a person confirmed, by name.

    Each may be sent to the places of `profile` as it is here, not to those the sender wrote; a name that this profile
    does not know is refused. They keep the day on which the sender set them.
    """
    store = machine.store()
    if isinstance(store, Unavailable):
        return store
    known = credential_names(profile)
    kept: list[ImportedSecret] = []
    for name in names:
        own = reference(profile, name)
        record = opened.records.get(name)
        if record is None:
            kept.append(ImportedSecret(own, Absent()))
            continue
        if name not in known:
            refused = Declined(
                Reason.UNKNOWN_CREDENTIAL, "the profile has no credential of that name", "Leave this secret out."
            )
            kept.append(ImportedSecret(own, refused))
            continue
        mine = new_record(record.secret, destinations(uses_of(profile, name)), record.set_on)
        outcome = store.write(own, mine)
        kept.append(ImportedSecret(own, outcome))
        if isinstance(outcome, Unavailable):
            break
        machine.pin(store.kind)
    return kept
