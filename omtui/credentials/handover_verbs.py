"""Secrets on their way to a colleague and from one: what export and import of a profile do with the store."""

from collections.abc import Sequence
from dataclasses import dataclass

from omtui.credentials.answer import Absent, Done, Found, Refused, Unavailable
from omtui.credentials.handover import HandedOver, Incoming, incoming
from omtui.credentials.machine import Machine
from omtui.credentials.reason import Reason
from omtui.credentials.record import Record, new_record
from omtui.credentials.reference import Reference
from omtui.credentials.uses import Profile, credential_names, destinations, profile_name, reference, uses_of


@dataclass(frozen=True)
class Gathered:
    """The secrets of a profile that the store has, and the names of those it does not: the receiver enters them."""

    records: dict[str, Record]
    missing: tuple[str, ...]


def gather_secrets(machine: Machine, profile: Profile, names: Sequence[str] | None = None) -> Gathered | Unavailable:
    """Reads a profile's secrets to hand them over (`handover.encrypt_secrets`); all of them, or those named.

    A store that cannot answer for one of them stops it: a hand-over never lacks a secret without saying so.
    """
    store = machine.store()
    if isinstance(store, Unavailable):
        return store
    records: dict[str, Record] = {}
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
class Kept:
    """What became of one secret that was handed over."""

    reference: Reference
    outcome: Done | Refused | Absent | Unavailable


def keep_incoming(
    machine: Machine, profile: Profile, opened: HandedOver, names: Sequence[str]
) -> list[Kept] | Unavailable:
    """Keeps the secrets a person has said yes to, by name.

    Each may go to the places of `profile` as it stands here, whatever the sender wrote; a name that this profile
    does not know is refused. They keep the day on which the sender set them.
    """
    store = machine.store()
    if isinstance(store, Unavailable):
        return store
    known = credential_names(profile)
    kept: list[Kept] = []
    for name in names:
        own = reference(profile, name)
        record = opened.records.get(name)
        if record is None:
            kept.append(Kept(own, Absent()))
            continue
        if name not in known:
            refused = Refused(
                Reason.UNKNOWN_CREDENTIAL, "the profile has no credential of that name", "Leave this secret out."
            )
            kept.append(Kept(own, refused))
            continue
        mine = new_record(record.secret, destinations(uses_of(profile, name)), record.set_on)
        outcome = store.write(own, mine)
        kept.append(Kept(own, outcome))
        if isinstance(outcome, Unavailable):
            break
        machine.pin(store.kind)
    return kept
