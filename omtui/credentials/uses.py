"""Where a profile uses its credentials: which record, and where the secret would be sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from omtui.credentials.destination import Destination, NoDestination, destination, endpoint
from omtui.credentials.record import SecretReference
from omtui.setup.indexed import Indexed, rows
from omtui.setup.place import Data, NotFound, Place, found_at, parse, resolve

Profile = Data
"""A profile as plain data, as `tomllib` gives it; any key may be missing."""


@dataclass(frozen=True)
class Use:
    """One record that uses a credential. `place` names the record, `destination` where the secret is sent."""

    place: str
    credential: str
    destination: Destination | NoDestination
    url: str = ""
    """The address as the profile has it, where HTTP Basic can be tried; else empty."""
    at_pod: bool = False
    """Whether the address is the pod's, which names a host and no service."""


@dataclass(frozen=True)
class Noted:
    """What the profile notes of a credential, apart from the secret."""

    owner: str = ""
    expires_on: date | None = None
    note: str = ""


def profile_name(profile: Profile) -> str:
    """The name under which the profile's secrets are kept."""
    return _text(Indexed(profile).single("profile"), "name")


def reference(profile: Profile, credential: str) -> SecretReference:
    """Names a credential of this profile for the store."""
    return SecretReference(profile_name(profile), credential)


def uses(profile: Profile) -> list[Use]:
    """Every use of every credential, in the order of the set-up."""
    return [use for use in _all(profile) if use.credential]


def uses_of(profile: Profile, credential: str) -> list[Use]:
    """The uses of one credential: a change of its secret changes all of them at once."""
    return [use for use in uses(profile) if use.credential == credential]


def credential_names(profile: Profile) -> list[str]:
    """The credentials that are used or noted, each once, in the order in which they first appear."""
    return list(uses_by_name(profile))


def destinations(found: list[Use]) -> frozenset[Destination]:
    """All places where the uses send the secret."""
    return frozenset(use.destination for use in found if isinstance(use.destination, Destination))


def uses_by_name(profile: Profile) -> dict[str, list[Use]]:
    """Every credential with its uses, in the order of `credential_names`: one walk through the profile for all."""
    found: dict[str, list[Use]] = {}
    for use in uses(profile):
        found.setdefault(use.credential, []).append(use)
    for record in rows(profile, "credentials"):
        if name := _text(record, "name"):
            found.setdefault(name, [])
    return found


def all_noted(profile: Profile) -> dict[str, Noted]:
    """What `[[credentials]]` says, by name; the first record of a name counts."""
    found: dict[str, Noted] = {}
    for record in rows(profile, "credentials"):
        found.setdefault(_text(record, "name"), _noted(record))
    return found


def _noted(record: Mapping[str, object]) -> Noted:
    expires = record.get("expires_on")
    # A date-time is a date too: its day counts.
    day = date(expires.year, expires.month, expires.day) if isinstance(expires, date) else None
    return Noted(_text(record, "owner"), day, _text(record, "note"))


def _all(profile: Profile) -> Iterator[Use]:
    setup = Indexed(profile)
    pod = setup.single("pod")
    pod_url = _text(pod, "url")
    if _text(pod, "authentication") == "oauth":
        # The client's secret is sent to where tokens are fetched, never to the pod.
        token_url = _text(pod, "token_url")
        yield Use("pod", _text(pod, "credential"), destination(token_url, _text(pod, "client_id")))
    else:
        yield Use("pod", _text(pod, "credential"), destination(pod_url, _text(pod, "user_name")), pod_url, True)
    for path, record in setup.records("integration_users"):
        # An integration user signs in to the pod, whichever system it represents.
        to = destination(pod_url, _text(record, "user_name"))
        yield Use(str(setup.place(path)), _text(record, "credential"), to, pod_url, True)
    for path, record in setup.records("connectors"):
        url = _text(record, "url")
        to = destination(url, _text(record, "user_name"))
        yield Use(str(setup.place(path)), _text(record, "credential"), to, url)
    for path, record in setup.records("topology.endpoints"):
        yield Use(str(setup.place(path)), _text(record, "client_certificate"), _endpoint(profile, record))


def _endpoint(profile: Profile, record: Mapping[str, object]) -> Destination | NoDestination:
    """A client certificate's key answers a TLS handshake of this host and port; it is bound like a password."""
    if of := _text(record, "of"):
        url = _address_of(profile, of)
        return destination(url, "") if url else NoDestination(f"{of} has no address")
    port = record.get("port")
    if not isinstance(port, int):
        return NoDestination("the endpoint has no port")
    return endpoint("https", _text(record, "host"), port)


def _address_of(profile: Profile, text: str) -> str:
    place = parse(text)
    path = resolve(profile, place) if isinstance(place, Place) else None
    found = None if path is None or isinstance(path, NotFound) else found_at(profile, path)
    return _text(found, "url") if isinstance(found, dict) else ""


def _text(record: Mapping[str, object], name: str) -> str:
    value = record.get(name)
    return value if isinstance(value, str) else ""
