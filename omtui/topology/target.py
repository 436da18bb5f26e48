"""One thing to probe: where it is, what is expected of it, and who calls it."""

from dataclasses import dataclass
from typing import Final

EXPECTATIONS: Final = ("open", "tls", "http", "wsdl", "closed")
CALLERS: Final = ("person", "external", "fusion", "integration-cloud")
"""Callers, the least demanding first: of two callers of one target the more demanding one judges."""

ROLES: Final = ("pod", "service", "application", "connector", "endpoint")
DEFAULT_TIMEOUT: Final = 5.0
DEFAULT_MINIMUM_TLS: Final = "1.2"


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to probe.

    Attributes:
        name: what a person calls it; unique in one review.
        host: name or address, as noted, without brackets.
        port: 1 to 65535.
        url: the whole address for https and http targets, else None.
        scheme: `https`, `http` or `tcp`.
        expect: one of `EXPECTATIONS`.
        caller: for whom it is judged, one of `CALLERS`.
        role: what it is to the set-up, one of `ROLES`: it decides which HTTP answers are normal.
        path: path and query of the request, "" for tcp.
        status: HTTP statuses that are expected; empty means what is normal for the role.
        service, namespace, operations: what the WSDL must offer; empty values are not compared.
        tls_name: name sent (SNI) and looked for in the certificate, when it is not the host.
        ca_file: certificates trusted next to the system's, an absolute path if the profile's folder is known.
        minimum_tls: the oldest acceptable version, "1.2" or "1.3".
        client_certificate: name of the client certificate to present, or None.
        timeout: seconds for each phase and each address.
        private_authority: a private certificate authority is no fault for any caller (practice environments).
        used_by: places of the records that lean on it, the first one named it.
        also: further names it goes by (of merged records).
    """

    name: str
    host: str
    port: int
    url: str | None
    scheme: str
    expect: str
    caller: str = "person"
    role: str = "endpoint"
    path: str = ""
    status: tuple[int, ...] = ()
    service: str | None = None
    namespace: str | None = None
    operations: tuple[str, ...] = ()
    tls_name: str | None = None
    ca_file: str | None = None
    minimum_tls: str = DEFAULT_MINIMUM_TLS
    client_certificate: str | None = None
    timeout: float = DEFAULT_TIMEOUT
    private_authority: bool = False
    used_by: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """Where it is, in one text."""
        return self.url or f"{self.host}:{self.port}"

    @property
    def names(self) -> tuple[str, ...]:
        """All names a person may ask for it by."""
        return (self.name, *self.also)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that should give a target but cannot: its place and why."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class TargetList:
    """The targets of a profile in the order of its set-up, and the records that gave none."""

    targets: tuple[Target, ...]
    skipped: tuple[Skipped, ...]
