"""The secrets of a hand-over: sealed for a colleague on the way out, shown and then kept on the way in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from omtui.plain_text import plain
from omtui.problem import Problem
from omtui.service.secrets import Secrets, sentence

if TYPE_CHECKING:
    from omtui.credentials.handover import HandedOver, Incoming
    from omtui.credentials.secret import Secret
    from omtui.setup.place import Data


@dataclass(frozen=True, slots=True)
class Sealed:
    """The armoured part, the credentials in it, and those of the profile that are missing in the store."""

    armoured: str
    names: tuple[str, ...]
    missing: tuple[str, ...]


def check_recipients(lines: Sequence[str]) -> Problem | None:
    """Why it cannot be sealed for these keys; asks no store."""
    from omtui.credentials.answer import Declined
    from omtui.credentials.handover import recipients_of

    found = recipients_of(lines)
    return Problem(sentence(found)) if isinstance(found, Declined) else None


def check_passphrase(passphrase: Secret) -> Problem | None:
    """Why it cannot be sealed with this passphrase."""
    from omtui.credentials.answer import Declined
    from omtui.credentials.handover import passphrase_recipient

    found = passphrase_recipient(passphrase)
    return Problem(sentence(found)) if isinstance(found, Declined) else None


def seal(
    secrets: Secrets, name: str, content: bytes, data: Data, *, to: Sequence[str] = (), passphrase: Secret | None = None
) -> Sealed | Problem:
    """Seal the secrets of a profile for keys or with a passphrase, bound to this very text of it."""
    from omtui.credentials.answer import Declined, Unavailable
    from omtui.credentials.handover import encrypt_secrets, passphrase_recipient, recipients_of
    from omtui.credentials.handover_verbs import gather_secrets

    recipients = recipients_of(to) if passphrase is None else passphrase_recipient(passphrase)
    if isinstance(recipients, Declined):
        return Problem(sentence(recipients))
    gathered = gather_secrets(secrets.machine, data)
    if isinstance(gathered, Unavailable):
        return Problem(sentence(gathered))
    armoured = encrypt_secrets(name, content, gathered.records, recipients)
    if not isinstance(armoured, str):
        return Problem(sentence(armoured))
    return Sealed(armoured, tuple(gathered.records), gathered.missing)


def wants_passphrase(armoured: str) -> bool:
    """Whether a passphrase opens the part, else a key does. What is damaged tells so when it is opened."""
    from omtui.credentials.age.sealing import sealed_with_passphrase

    return sealed_with_passphrase(armoured.encode()) is True


def unseal(
    secrets: Secrets,
    armoured: str,
    original: bytes,
    *,
    passphrase: Secret | None = None,
    identity: Secret | None = None,
) -> HandedOver | Problem:
    """Open a part that came with the profile's `original` text; asks no store. Nothing is kept by it."""
    from omtui.credentials.answer import Declined, Unavailable
    from omtui.credentials.handover import open_secrets
    from omtui.credentials.keys import IDENTITY, PASSPHRASE, identities_of

    settings = secrets.machine.settings()
    if isinstance(settings, Unavailable):
        return Problem(sentence(settings))
    given = {PASSPHRASE: passphrase, IDENTITY: identity}
    identities = identities_of({name: key for name, key in given.items() if key}, settings.highest_work_factor)
    if isinstance(identities, Declined):
        return Problem(sentence(identities))
    opened = open_secrets(armoured.encode(), original, identities)
    return Problem(sentence(opened)) if isinstance(opened, Declined) else opened


def compare(secrets: Secrets, profile: Data, opened: HandedOver) -> list[Incoming] | Problem:
    """What keeping the opened secrets would change in the store here; nothing is written."""
    from omtui.credentials.answer import Unavailable
    from omtui.credentials.handover_verbs import compare_incoming

    found = compare_incoming(secrets.machine, profile, opened)
    return Problem(sentence(found)) if isinstance(found, Unavailable) else found


def wanted(incoming: Sequence[Incoming], profile: Data, *, older: bool = False) -> tuple[str, ...]:
    """Those to be kept: new ones, changed ones, with `older` also those that were set here later than there.

    What this profile has no credential for is left out.
    """
    from omtui.credentials.handover import SecretChange
    from omtui.credentials.uses import credential_names

    known = credential_names(profile)
    taken = {SecretChange.NEW, SecretChange.CHANGED, *((SecretChange.OLDER, SecretChange.UNKNOWN) if older else ())}
    return tuple(each.credential for each in incoming if each.change in taken and each.credential in known)


@dataclass(frozen=True, slots=True)
class KeptSecrets:
    """The credentials whose secrets are in the store now, and why others are not; safe to show."""

    names: tuple[str, ...]
    faults: tuple[str, ...]


def keep(secrets: Secrets, profile: Data, opened: HandedOver, names: Sequence[str]) -> KeptSecrets | Problem:
    """Keep the secrets of these credentials, bound to where the profile here sends them."""
    from omtui.credentials.answer import Absent, Completed, Unavailable
    from omtui.credentials.handover_verbs import keep_incoming

    kept = keep_incoming(secrets.machine, profile, opened, names)
    if isinstance(kept, Unavailable):
        return Problem(sentence(kept))
    good = tuple(each.reference.name for each in kept if isinstance(each.outcome, Completed))
    faults = tuple(
        f"{plain(each.reference.name)}: {sentence(each.outcome)}"
        for each in kept
        if not isinstance(each.outcome, Completed | Absent)
    )
    return KeptSecrets(good, faults)


def words(each: Incoming) -> str:
    """What becomes of one secret, for people."""
    from omtui.credentials.handover import SecretChange

    handed = f"{each.handed_over_on.astimezone():%Y-%m-%d}"
    since = f"{each.kept_since.astimezone():%Y-%m-%d}" if each.kept_since else ""
    return {
        SecretChange.NEW: f"new here, set {handed}",
        SecretChange.SAME: "the same as here",
        SecretChange.CHANGED: f"another than here: set {handed}, here {since}",
        SecretChange.OLDER: f"older than the one here: set {handed}, here {since}",
        SecretChange.UNKNOWN: "what is kept here under its name is damaged",
    }[each.change]
