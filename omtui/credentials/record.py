"""What is kept of a credential: the secret, where it may go, and since when it is kept."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from omtui.credentials.destination import Destination
from omtui.credentials.secret import Secret

_VERSION = 1

LONGEST = 1024 * 1024
"""Characters of a secret. A client certificate with its key and chain is some 10,000."""


@dataclass(frozen=True)
class SecretRecord:
    """A secret with its binding. `set_on` is in UTC."""

    secret: Secret
    destinations: frozenset[Destination]
    set_on: datetime

    def same_as(self, other: "SecretRecord") -> bool:
        """Whether both are the same in everything; secrets are compared in constant time."""
        return (
            self.secret.matches(other.secret)
            and self.destinations == other.destinations
            and self.set_on == other.set_on
        )

    def copy(self) -> "SecretRecord":
        """A copy with a secret of its own: forgetting one keeps the other."""
        return replace(self, secret=Secret(self.secret.reveal()))

    def also_to(self, destinations: frozenset[Destination]) -> "SecretRecord":
        """The same secret, allowed to go to these places too."""
        return replace(self, destinations=self.destinations | destinations)


def new_record(secret: Secret, destinations: frozenset[Destination], now: datetime | None = None) -> SecretRecord:
    """A record of a secret entered now."""
    moment = now or datetime.now(UTC)
    return SecretRecord(secret, destinations, moment.astimezone(UTC))


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
    try:
        return from_plain(json.loads(text))
    except (ValueError, RecursionError):
        return None


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
