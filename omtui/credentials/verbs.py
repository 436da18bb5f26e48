"""What a person does with the secrets of a profile: set, delete, move, allow, use, test.

Screens and commands call these. Every verb takes the machine and returns an outcome to show; none prints, asks
or prompts. They wait for the store (some seconds at most): from a screen call them through
`deadline.call_off_loop`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from omtui.credentials.answer import Absent, Completed, Declined, Found, Unavailable
from omtui.credentials.destination import Destination, NoDestination
from omtui.credentials.leaks import key_log
from omtui.credentials.machine import Machine
from omtui.credentials.matrix import CredentialFacts, Matrix, credential_facts, matrix
from omtui.credentials.reason import OF_ONE_ENTRY, Reason
from omtui.credentials.record import SecretRecord, new_record
from omtui.credentials.reference import SecretReference
from omtui.credentials.secret import Secret
from omtui.credentials.sign_in import SECONDS, SignIn, proxy_for, try_sign_in
from omtui.credentials.sign_in_history import Attempted, begin, finish, history, last
from omtui.credentials.store import BoundedStore, Status, Store, StoreKind, StoreState
from omtui.credentials.uses import Profile, Use, credential_names, destinations, reference, uses_of
from omtui.plain_text import plain

_POD_TEST_PATH = "/fscmRestApi/resources"
"""Lists the versions of the pod's REST API to a signed-in user, and asks everybody else to sign in."""


def list_secrets(machine: Machine, profile: Profile) -> tuple[list[CredentialFacts], Status]:
    """Every credential of a profile, and the state of the store. Works without a store: nothing is known then."""
    status = machine.status()
    return credential_facts(profile, _ready(machine, status)), status


def list_all(machine: Machine, profiles: Sequence[Profile]) -> tuple[Matrix, Status]:
    """The same over all profiles of a library."""
    status = machine.status()
    return matrix(profiles, _ready(machine, status)), status


def set_secret(
    machine: Machine, profile: Profile, name: str, secret: Secret, *, now: datetime | None = None
) -> Completed | Declined | Unavailable:
    """Keeps a secret, in place of the one there may be, for every use the profile has for it: one change for all.

    It may be sent to the addresses and users that the profile has now, and nowhere else.
    """
    if unknown := _unknown(profile, name):
        return unknown
    store = machine.store()
    if isinstance(store, Unavailable):
        return store
    record = new_record(secret, destinations(uses_of(profile, name)), now)
    written = store.write(reference(profile, name), record)
    if isinstance(written, Completed):
        unpinned = machine.pin(store.kind)
        if unpinned:
            return Completed(f"{written.detail}; the choice could not be remembered: {unpinned.detail}")
    return written


def delete_secret(machine: Machine, profile: Profile, name: str) -> Completed | Declined | Unavailable:
    """Removes a secret. One that the profile no longer names can be removed too."""
    store = machine.store()
    return store if isinstance(store, Unavailable) else store.delete(reference(profile, name))


@dataclass(frozen=True)
class NotAllowed:
    """Places a secret would be sent to but was not entered for, and those it was."""

    new: tuple[Destination, ...]
    allowed: tuple[Destination, ...]


def not_allowed(machine: Machine, profile: Profile, name: str) -> NotAllowed | Absent | Unavailable:
    """What `allow_destinations` would allow: to be shown, both hosts, before a person says yes."""
    store = machine.store()
    found = store if isinstance(store, Unavailable) else store.read(reference(profile, name))
    if not isinstance(found, Found):
        return found
    allowed = found.record.destinations
    return NotAllowed(tuple(sorted(destinations(uses_of(profile, name)) - allowed)), tuple(sorted(allowed)))


def allow_destinations(
    machine: Machine, profile: Profile, name: str, places: Sequence[Destination]
) -> Completed | Declined | Absent | Unavailable:
    """Allows a secret at these places too: those a person has just seen and confirmed, if they are still used."""
    store = machine.store()
    if isinstance(store, Unavailable):
        return store
    found = store.read(reference(profile, name))
    if not isinstance(found, Found):
        return found
    changed = frozenset(places) - destinations(uses_of(profile, name))
    if changed:
        return Declined(
            Reason.BOUND_ELSEWHERE,
            f"the profile no longer sends {plain(name)} to {', '.join(str(place) for place in sorted(changed))}",
            "Look at the new places and allow those.",
        )
    return store.write(reference(profile, name), found.record.also_to(frozenset(places)))


def secret_for(machine: Machine, profile: Profile, use: Use) -> Secret | Declined | Absent | Unavailable:
    """The secret for one use, if it may go there. The only way by which a secret leaves its store to be sent."""
    if isinstance(use.destination, NoDestination):
        return Declined(
            Reason.NO_DESTINATION,
            f"{plain(use.place)}: {use.destination.reason}, so nobody can say where the secret would go",
            "Complete the address and the user name first.",
        )
    store = machine.store()
    found = store if isinstance(store, Unavailable) else store.read(reference(profile, use.credential))
    if not isinstance(found, Found):
        return found
    return release(plain(use.credential), found.record, use.destination)


def release(reference_shown: str, record: SecretRecord, destination: Destination) -> Secret | Declined:
    """The secret, if it may go to the destination; else a refusal that names both hosts and no secret."""
    if destination in record.destinations:
        return record.secret
    allowed = "; ".join(str(place) for place in sorted(record.destinations)) or "nowhere yet"
    hint = ""
    if "xn--" in destination.host and not any("xn--" in place.host for place in record.destinations):
        hint = " The new host is written with letters that look like others."
    elif any(place.host == destination.host and place.scheme == "https" for place in record.destinations) and (
        destination.scheme == "http"
    ):
        hint = " It would travel in clear text."
    return Declined(
        Reason.BOUND_ELSEWHERE,
        f"credential {reference_shown} was entered for {allowed}; the profile now sends it to {destination}.{hint}",
        "If the new place is right, allow it for this credential or enter the secret again; else fix the profile.",
    )


@dataclass(frozen=True)
class Moved:
    """What became of one secret that was to be moved, renamed or deleted with others."""

    reference: SecretReference
    outcome: Completed | Declined | Absent | Unavailable


def move_secrets(
    machine: Machine, profiles: Sequence[Profile], to: StoreKind, *, names: Sequence[str] | None = None
) -> list[Moved] | Declined | Unavailable:
    """Moves secrets from the chosen store to another, and chooses that one when none failed.

    Each is kept and read back in the new store before it is deleted in the old one. With `names` only those
    move and the choice stays.
    """
    source, target = machine.store(), machine.store_of(to)
    if isinstance(source, Unavailable):
        return source
    if isinstance(target, Unavailable):
        return target
    if source.kind is target.kind:
        return Declined(Reason.NOT_CHOSEN, f"secrets are kept in {source.where} already", "Name another store.")
    if source.kind is StoreKind.COMMAND or to is StoreKind.COMMAND:
        return Declined(
            Reason.READ_ONLY, "a command's secrets belong to its own program", "Set them one by one in the new store."
        )
    status = target.status()
    if status.state is not StoreState.READY:
        return Unavailable(status.reason or Reason.NOT_HERE, status.detail, status.remedy)
    references = [
        reference(profile, name)
        for profile in profiles
        for name in credential_names(profile)
        if names is None or name in names
    ]
    moved: list[Moved] = []
    for one in references:
        outcome = _moved(source, one, target, one)
        moved.append(Moved(one, outcome))
        if isinstance(outcome, Unavailable) and outcome.reason not in OF_ONE_ENTRY:
            # What holds for one holds for the next: ask no further.
            return moved
    if names is None and not any(isinstance(one.outcome, Declined | Unavailable) for one in moved):
        chosen = machine.choose(to)
        if not isinstance(chosen, Completed):
            return chosen
    return moved


def delete_profile_secrets(machine: Machine, profile: Profile) -> list[Moved] | Unavailable:
    """Removes all secrets of a profile that is going to be deleted; the person was asked before."""
    store = machine.store()
    if isinstance(store, Unavailable):
        return store
    references = [reference(profile, name) for name in credential_names(profile)]
    return [Moved(one, store.delete(one)) for one in references]


def rename_profile_secrets(machine: Machine, old: str, new: str, names: Sequence[str]) -> list[Moved] | Unavailable:
    """The secrets follow a profile that got another name. Its copy gets none: secrets are copied on purpose only."""
    return _renamed(machine, [(SecretReference(old, name), SecretReference(new, name)) for name in names])


def rename_secret(machine: Machine, profile: Profile, old: str, new: str) -> list[Moved] | Unavailable:
    """The secret follows a credential that got another name in its profile."""
    return _renamed(machine, [(reference(profile, old), reference(profile, new))])


@dataclass(frozen=True)
class TrialPlan:
    """What a test will do, to be shown before: where the secret is sent, as whom, and through which proxy."""

    use: Use
    url: str
    destination: Destination
    proxy: str | None
    last: SignIn | None


def trial_plan(
    machine: Machine, profile: Profile, name: str, *, place: str | None = None
) -> TrialPlan | Declined | Unavailable:
    """What testing a credential would do. `place` says which use, where it is sent to several places."""
    if unknown := _unknown(profile, name):
        return unknown
    plans = {use.destination: use for use in uses_of(profile, name) if use.url and place in (None, use.place)}
    sound = {to: use for to, use in plans.items() if isinstance(to, Destination)}
    if len(sound) != 1:
        places = ", ".join(plain(use.place) for use in sound.values())
        return Declined(
            Reason.NO_DESTINATION,
            f"{plain(name)} goes to several places: {places}"
            if sound
            else f"nothing signs in with {plain(name)} by HTTP",
            "Say which one to test." if sound else "Complete the address and the user name of what uses it.",
        )
    to, use = next(iter(sound.items()))
    tests = history(machine.folders.sign_ins)
    if isinstance(tests, Unavailable):
        return tests
    url = use.url.rstrip("/") + _POD_TEST_PATH if use.at_pod else use.url
    return TrialPlan(use, url, to, proxy_for(to), last(tests, reference(profile, name), to))


def try_secret(
    machine: Machine,
    profile: Profile,
    name: str,
    *,
    place: str | None = None,
    allow_plain_http: bool = False,
    allow_bad_certificate: bool = False,
    again: bool = False,
    ca_file: Path | None = None,
    seconds: float = SECONDS,
) -> SignIn | Declined | Absent | Unavailable:
    """Signs in once with a credential and keeps the result, without the secret. It is noted before it is sent.

    A password that was refused before, or an account that saw several refusals within the hour, is tried again
    only with `again`: an Oracle account locks after five.
    """
    plan = trial_plan(machine, profile, name, place=place)
    if not isinstance(plan, TrialPlan):
        return plan
    store = machine.store()
    found = store if isinstance(store, Unavailable) else store.read(reference(profile, name))
    if not isinstance(found, Found):
        return found
    secret = release(plain(name), found.record, plan.destination)
    if isinstance(secret, Declined):
        return secret
    file = machine.folders.sign_ins
    if watched := key_log():
        return Declined(Reason.WATCHED, f"{watched}, so the password was not sent", "Unset it first.")
    begun = begin(file, reference(profile, name), plan.destination, found.record.set_on, again=again)
    if not isinstance(begun, Attempted):
        return begun
    result = try_sign_in(
        plan.url,
        plan.destination,
        secret,
        allow_plain_http=allow_plain_http,
        allow_bad_certificate=allow_bad_certificate,
        proxy=plan.proxy,
        ca_file=ca_file,
        seconds=seconds,
    )
    forgotten = finish(file, begun, result if isinstance(result, SignIn) else None)
    if forgotten and isinstance(result, SignIn):
        return replace(result, message=f"{result.message}; this could not be remembered: {forgotten.detail}")
    return result


def _renamed(machine: Machine, pairs: Sequence[tuple[SecretReference, SecretReference]]) -> list[Moved] | Unavailable:
    store = machine.store()
    if isinstance(store, Unavailable):
        return store
    moved: list[Moved] = []
    for old, new in pairs:
        if old != new:
            moved.append(Moved(old, outcome := _moved(store, old, store, new)))
            if isinstance(outcome, Unavailable) and outcome.reason not in OF_ONE_ENTRY:
                break  # what holds for one holds for the next: ask no further
    return moved


def _moved(
    source: BoundedStore, old: SecretReference, target: BoundedStore, new: SecretReference
) -> Completed | Declined | Absent | Unavailable:
    found = source.read(old)
    if not isinstance(found, Found):
        return found
    there = target.read(new)
    if isinstance(there, Found) and not there.record.secret.matches(found.record.secret):
        return Declined(
            Reason.EXISTS,
            f"{target.where} holds another secret for {plain(new)} already",
            "Delete one of the two first.",
        )
    written = target.write(new, found.record)
    if not isinstance(written, Completed):
        return written
    deleted = source.delete(old)
    if not isinstance(deleted, Completed):
        return Completed(f"{written.detail}; it could not be deleted in {source.where}: {deleted.detail}")
    return written


def _unknown(profile: Profile, name: str) -> Declined | None:
    names = credential_names(profile)
    if name in names:
        return None
    known = ", ".join(plain(one) for one in names) or "none"
    return Declined(
        Reason.UNKNOWN_CREDENTIAL,
        # The name is not repeated: a secret typed in its place would be in the message.
        "the profile has no credential of that name",
        f"Its credentials are: {known}. A secret is never an argument.",
    )


def _ready(machine: Machine, status: Status) -> Store | None:
    store = machine.store() if status.state is StoreState.READY else None
    return None if isinstance(store, Unavailable) else store
