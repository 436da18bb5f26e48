"""What is kept of a credential: the secret, where it may go, and since when it is kept."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from omtui.credentials.answer import Reason, SecretProblem
from omtui.credentials.destination import Destination
from omtui.credentials.secret import Secret

_VERSION = 1

LONGEST = 1024 * 1024
"""Characters of a secret. A client certificate with its key and chain is some 10,000."""


@dataclass(frozen=True, order=True)
class SecretReference:
    """The credential `name` of the profile `profile`: both are what the person typed, of any characters.

    Two profiles may name a credential alike and mean different secrets, so the profile is part of the name.
    """

    profile: str
    name: str

    def __str__(self) -> str:
        return f"{self.profile}/{self.name}"


@dataclass(frozen=True)
class SecretRecord:
    """A secret with its binding. `set_on` is in UTC."""

    secret: Secret
    destinations: frozenset[Destination]
    set_on: datetime

    def same_as(self, other: "SecretRecord") -> bool:
        """Whether both are the same in everything; secrets are compared in constant time."""
        return self.secret.matches(other.secret) and replace(self, secret=other.secret) == other

    def copy(self) -> "SecretRecord":
        """A copy with a secret of its own: forgetting one keeps the other."""
        return replace(self, secret=Secret(self.secret.reveal()))

    def also_to(self, destinations: frozenset[Destination]) -> "SecretRecord":
        """The same secret, allowed to go to these places too."""
        return replace(self, destinations=self.destinations | destinations)


def new_record(secret: Secret, destinations: frozenset[Destination], now: datetime | None = None) -> SecretRecord:
    """A record of a secret entered now."""
    return SecretRecord(secret, destinations, (now or datetime.now(UTC)).astimezone(UTC))


def to_text(record: SecretRecord) -> str:
    """The record as the text that a store keeps. This text is secret: it belongs in a store and nowhere else."""
    return json.dumps(to_plain(record), separators=(",", ":"))


def to_plain(record: SecretRecord) -> dict[str, object]:
    """The record as plain data for the inside of an encrypted file, secret included."""
    return {
        "v": _VERSION,
        "value": record.secret.reveal(),
        "for": [[place.scheme, place.host, place.port, place.user] for place in sorted(record.destinations)],
        "set_on": record.set_on.isoformat(),
    }


def from_text(text: str) -> SecretRecord | None:
    """The record a store kept, or None when it is not one of ours (nothing of the text is shown)."""
    return from_plain(from_json(text))


def from_json(text: str | bytes) -> object:
    """What a JSON text holds; `None` where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def records_to_plain(records: Mapping[SecretReference, SecretRecord]) -> list[list[object]]:
    """Many records with their names, as `to_plain` writes each."""
    return [[key.profile, key.name, to_plain(kept)] for key, kept in records.items()]


def records_from_plain(entries: list[object]) -> dict[SecretReference, SecretRecord] | None:
    """What `records_to_plain` wrote, or `None` when anything in it is not as it writes it."""
    records: dict[SecretReference, SecretRecord] = {}
    for entry in entries:
        match entry:
            case [str(profile), str(name), kept] if record := from_plain(kept):
                records[SecretReference(profile, name)] = record
            case _:
                return None
    return records


def from_plain(data: object) -> SecretRecord | None:
    """The record in plain data, or None when anything in it is not as `to_plain` writes it."""
    match data:
        case {"v": 1, "value": str(value), "for": list(places), "set_on": str(moment)}:
            destinations = [_destination(place) for place in places]
            try:
                set_on = datetime.fromisoformat(moment)
                secret = Secret(value)
            except ValueError:
                return None
            sound = [place for place in destinations if place is not None]
            if len(sound) != len(destinations) or set_on.tzinfo is None:
                return None
            return SecretRecord(secret, frozenset(sound), set_on.astimezone(UTC))
        case _:
            return None


def _destination(data: object) -> Destination | None:
    match data:
        case [str(scheme), str(host), int(port), str(user)]:
            return Destination(scheme, host, port, user)
        case _:
            return None


def release(reference_shown: str, record: SecretRecord, destination: Destination) -> Secret | SecretProblem:
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
    return SecretProblem(
        f"credential {reference_shown} was entered for {allowed}; the profile now sends it to {destination}.{hint}",
        "If the new place is right, allow it for this credential or enter the secret again; else fix the profile.",
        Reason.BOUND_ELSEWHERE,
    )
