"""The secrets of a hand-over: sealed for a colleague on the way out, shown and then kept on the way in."""

from collections.abc import Sequence
from dataclasses import dataclass

from omtui.credentials.age.recipients import Recipient
from omtui.credentials.age.sealing import sealed_with_passphrase
from omtui.credentials.answer import OF_ONE_ENTRY, SecretProblem
from omtui.credentials.handover import HandedOver, Incoming, SecretChange, encrypt_secrets, incoming, open_secrets
from omtui.credentials.record import SecretRecord, new_record
from omtui.credentials.secret import Secret
from omtui.credentials.uses import Profile, credential_names, destinations, profile_name, reference, uses_of
from omtui.plain_text import plain
from omtui.service.secrets import Secrets


@dataclass(frozen=True, slots=True)
class Sealed:
    """The armoured part, the credentials in it, and those of the profile that are missing in the store."""

    armoured: str
    names: tuple[str, ...]
    missing: tuple[str, ...]


def seal(
    secrets: Secrets, name: str, content: bytes, data: Profile, recipients: Sequence[Recipient]
) -> Sealed | SecretProblem:
    """Seal the secrets of a profile, bound to this very text of it.

    A store that cannot answer for one of them stops it: a hand-over never lacks a secret without saying so.
    """
    records: dict[str, SecretRecord] = {}
    missing: list[str] = []
    for credential in credential_names(data):
        found = secrets.machine.read(reference(data, credential))
        if isinstance(found, SecretProblem):
            return found
        if isinstance(found, SecretRecord):
            records[credential] = found
        else:
            missing.append(credential)
    armoured = encrypt_secrets(name, content, records, recipients)
    return Sealed(armoured, tuple(records), tuple(missing)) if isinstance(armoured, str) else armoured


def wants_passphrase(armoured: str) -> bool:
    """Whether a passphrase opens the part, else a key does. What is damaged is reported when it is opened."""
    return sealed_with_passphrase(armoured.encode()) is True


def unseal(
    secrets: Secrets,
    armoured: str,
    original: bytes,
    *,
    passphrase: Secret | None = None,
    identity: Secret | None = None,
) -> HandedOver | SecretProblem:
    """Open a part that came with the profile's `original` text; asks no store. Nothing is kept by it."""
    identities = secrets.machine.identities(passphrase, identity)
    if isinstance(identities, SecretProblem):
        return identities
    return open_secrets(armoured.encode(), original, identities)


def compare(secrets: Secrets, profile: Profile, opened: HandedOver) -> list[Incoming] | SecretProblem:
    """What keeping the opened secrets would change in the store here; nothing is written."""
    return incoming(opened, profile_name(profile), secrets.machine.read)


def wanted(found: Sequence[Incoming], profile: Profile, *, older: bool = False) -> tuple[str, ...]:
    """Those to be kept: new ones, changed ones, with `older` also those that were set here later than there.

    What this profile has no credential for is left out.
    """
    known = credential_names(profile)
    taken = {SecretChange.NEW, SecretChange.CHANGED, *((SecretChange.OLDER, SecretChange.UNKNOWN) if older else ())}
    return tuple(each.credential for each in found if each.change in taken and each.credential in known)


@dataclass(frozen=True, slots=True)
class KeptSecrets:
    """The credentials whose secrets are in the store now, and why others are not; safe to show."""

    names: tuple[str, ...]
    faults: tuple[str, ...]


def keep(secrets: Secrets, profile: Profile, opened: HandedOver, names: Sequence[str]) -> KeptSecrets | SecretProblem:
    """Keep the secrets that a person confirmed, by name; a name that this profile does not know is refused.

    Each may be sent to the places of `profile` as it is here, not to those the sender wrote. They keep the day on
    which the sender set them.
    """
    store = secrets.machine.store()
    if isinstance(store, SecretProblem):
        return store
    known = credential_names(profile)
    kept: list[str] = []
    faults: list[str] = []
    for name in names:
        record = opened.records.get(name)
        if record is None:
            continue
        if name not in known:
            faults.append(f"{plain(name)}: the profile has no credential of that name. Leave this secret out.")
            continue
        mine = new_record(record.secret, destinations(uses_of(profile, name)), record.set_on)
        outcome = secrets.machine.write(reference(profile, name), mine)
        if isinstance(outcome, SecretProblem):
            faults.append(f"{plain(name)}: {outcome}")
            if outcome.reason not in OF_ONE_ENTRY:
                break
        else:
            kept.append(name)
    return KeptSecrets(tuple(kept), tuple(faults))


def words(each: Incoming) -> str:
    """What becomes of one secret, for people."""
    handed = f"{each.handed_over_on.astimezone():%Y-%m-%d}"
    since = f"{each.kept_since.astimezone():%Y-%m-%d}" if each.kept_since else ""
    return {
        SecretChange.NEW: f"new here, set {handed}",
        SecretChange.SAME: "the same as here",
        SecretChange.CHANGED: f"another than here: set {handed}, here {since}",
        SecretChange.OLDER: f"older than the one here: set {handed}, here {since}",
        SecretChange.UNKNOWN: "what is kept here under its name is damaged",
    }[each.change]
