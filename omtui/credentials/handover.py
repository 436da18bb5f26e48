"""The hand-over part: a profile's secrets, sealed for a colleague, bound to the very profile they belong to.

One armoured age text, sealed either with a passphrase or for public keys. It is not signed: anybody who has the
recipient's public key can make one. So it shows what it holds before anything is kept, and a secret is bound to the
places that the receiver's profile names, not to the sender's.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from omtui.credentials.age.fault import NotOpened
from omtui.credentials.age.recipients import Identity, Recipient
from omtui.credentials.age.sealing import open_sealed, seal_armoured
from omtui.credentials.answer import Absent, Reason, SecretProblem
from omtui.credentials.destination import Destination
from omtui.credentials.keys import not_opened
from omtui.credentials.record import SecretRecord, SecretReference, from_json, from_plain, to_plain

_VERSION = 1
_KIND = "omtui secrets"
_FIXES = {
    Reason.WRONG_KEY: "Try again, or ask whom it was sealed for.",
    Reason.TOO_COSTLY: "Ask for one sealed by omtui or for a key, or raise highest_work_factor in the settings.",
    Reason.NO_MEMORY: "Close other programs, or ask for one sealed for a key.",
    Reason.DAMAGED: "Ask for the file again; nothing of it was taken.",
}


@dataclass(frozen=True)
class HandedOver:
    """What an opened part holds. `created` is when it was sealed, in UTC, by the sender's word."""

    profile: str
    created: datetime
    records: dict[str, SecretRecord]
    """By the credential's name. Their destinations are the sender's word too."""


def profile_digest(profile: bytes) -> str:
    """What binds a part to a profile: SHA-256 of the profile's text, with any line ends."""
    return sha256(profile.replace(b"\r\n", b"\n")).hexdigest()


def encrypt_secrets(
    profile_name: str,
    profile: bytes,
    records: dict[str, SecretRecord],
    recipients: Sequence[Recipient],
    now: datetime | None = None,
) -> str | SecretProblem:
    """The armoured part with these secrets for this profile's exact text (`profile`, without the part itself)."""
    if not records:
        return SecretProblem(
            "there is no secret to hand over", "Set the credentials first, or leave it out.", Reason.EMPTY
        )
    content = {
        "kind": _KIND,
        "v": _VERSION,
        "profile": profile_name,
        "profile_sha256": profile_digest(profile),
        "created": (now or datetime.now(UTC)).replace(microsecond=0).isoformat(),
        "secrets": {name: to_plain(record) for name, record in sorted(records.items())},
    }
    sealed = seal_armoured(json.dumps(content).encode(), recipients)
    if isinstance(sealed, NotOpened):
        return SecretProblem(f"it cannot be sealed: {sealed.message}", "Close other programs.", Reason.NO_MEMORY)
    return sealed


def open_secrets(
    armoured: bytes, profile: bytes, identities: Sequence[Identity], now: datetime | None = None
) -> HandedOver | SecretProblem:
    """What a part holds, if it opens whole and belongs to this profile's text; else nothing of it.

    No date is later than now, and no secret was set after the part was made: a date from the future would keep every
    genuine later secret out.
    """
    content = open_sealed(armoured, identities)
    if isinstance(content, NotOpened):
        return not_opened(content, "the sealed part", _FIXES)
    read = _read(content)
    if read is None:
        return SecretProblem(
            "the sealed part is not one that omtui wrote, or of a newer version",
            "Ask for it again, or update omtui.",
            Reason.DAMAGED,
        )
    digest, opened = read
    if digest != profile_digest(profile):
        return SecretProblem(
            "the sealed secrets belong to another profile, or the profile was changed after they were sealed",
            "Ask for the whole hand-over file again, and do not edit it before it is imported.",
            Reason.OTHER_PROFILE,
        )
    made = min(opened.created, now or datetime.now(UTC))
    latest = made + timedelta(seconds=1)  # the part says its own time in whole seconds
    records = {name: replace(record, set_on=min(record.set_on, latest)) for name, record in opened.records.items()}
    return HandedOver(opened.profile, made, records)


class SecretChange(StrEnum):
    """What importing a secret would do to the store."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    OLDER = "older"
    """The store's secret was set after the one handed over: it is not replaced without asking."""
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Incoming:
    """One secret of an opened part, compared with what the store holds; no value, no length."""

    credential: str
    change: SecretChange
    handed_over_on: datetime
    kept_since: datetime | None
    destinations: frozenset[Destination]
    """Where the sender allowed it; it is kept for the places of the receiver's own profile."""


def incoming(
    opened: HandedOver,
    profile_name: str,
    read: Callable[[SecretReference], SecretRecord | Absent | SecretProblem],
) -> list[Incoming] | SecretProblem:
    """What importing would change, before anything is written. `profile_name` is the name it gets here."""
    found = []
    for name, record in sorted(opened.records.items()):
        kept = read(SecretReference(profile_name, name))
        if isinstance(kept, SecretProblem) and kept.reason is not Reason.DAMAGED:
            return kept
        change, since = SecretChange.NEW, None
        if isinstance(kept, SecretProblem):
            change = SecretChange.UNKNOWN
        elif isinstance(kept, SecretRecord):
            since = kept.set_on
            if kept.secret.matches(record.secret):
                change = SecretChange.SAME
            else:
                change = SecretChange.OLDER if since > record.set_on else SecretChange.CHANGED
        found.append(Incoming(name, change, record.set_on, since, record.destinations))
    return found


def _read(content: bytes) -> tuple[str, HandedOver] | None:
    match from_json(content):
        case {
            "kind": "omtui secrets",
            "v": 1,
            "profile": str(profile),
            "profile_sha256": str(digest),
            "created": str(created),
            "secrets": dict(secrets),
        }:
            records = {name: from_plain(kept) for name, kept in secrets.items()}
            sound = {name: record for name, record in records.items() if record is not None}
            try:
                moment = datetime.fromisoformat(created)
            except ValueError:
                return None
            if len(sound) != len(records) or moment.tzinfo is None:
                return None
            return digest, HandedOver(profile, moment.astimezone(UTC), sound)
        case _:
            return None
