"""P0-06 and P0-10: hosts and URLs of another environment, compared with the other profiles of the library."""

import re
from collections.abc import Iterator, Mapping

from omtui.checks import pages
from omtui.checks.addresses import Reached, host_name, is_loopback, reached_at
from omtui.checks.finding import Flaw, Surroundings
from omtui.checks.profile_checks import pod_hosts
from omtui.checks.records import described_records
from omtui.checks.registry import check
from omtui.checks.wording import quoted
from omtui.setup.catalogue import TABLES
from omtui.setup.indexed import Indexed, is_predefined, rows, text
from omtui.setup.place import Data, Path

_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")

_FAR_FROM_PRODUCTION = ("production", "test", "development", "practice")
"""Copies are made in this direction."""


@check(
    "P0-06",
    "error",
    "the pod host of another environment",
    meaning="A host that another profile of the library names as its own pod stands in this profile, and the two are "
    "for different environments.",
    why="The classic fault after a production-to-test refresh or a hurried copy: a test set-up talks to production. "
    "When both profiles name the same pod, it is told on the one farther from production.",
    page=pages.OWN,
    mend="Enter this environment's own host.",
)
def foreign_pod_host(setup: Indexed, around: Surroundings) -> Iterator[Flaw]:
    """Each pair of profiles is told once, at the first place."""
    own = {host for _, host in pod_hosts(setup.data)}
    foreign: dict[str, tuple[str, str]] = {}
    for name, other in around.others.items():
        environment = _environment(other)
        if environment == setup.environment or name == around.file_name:
            continue
        for _, host in pod_hosts(other):
            copied_here = host not in own or _is_farther(setup, around, name, environment)
            if copied_here and not is_loopback(host):
                foreign.setdefault(host, (name, environment))
    if not foreign:
        return
    found: dict[tuple[str, str], list[tuple[Path, str]]] = {}
    for path, value in _bound_texts(setup):
        for host in dict.fromkeys(_HOST.findall(value.lower())):
            if host in foreign:
                found.setdefault(foreign[host], []).append((path, host))
    for (name, environment), places in found.items():
        path, host = places[0]
        more = "" if len(places) == 1 else f", here and in {len(places) - 1} more {_places(len(places) - 1)}"
        message = f"{quoted(host)} is the pod of {quoted(name)} ({environment or 'no environment'}){more}"
        yield Flaw(path, message, f"enter the host of this {setup.environment} environment")


def _places(count: int) -> str:
    return "place" if count == 1 else "places"


def _is_farther(setup: Indexed, around: Surroundings, name: str, environment: str) -> bool:
    """Whether this profile is the copy: farther from production, or, of two unknown ones, later by name."""
    return (_distance(setup.environment), around.file_name or setup.name) > (_distance(environment), name)


def _distance(environment: str) -> int:
    known = _FAR_FROM_PRODUCTION
    return known.index(environment) if environment in known else len(known)


def _environment(data: Data) -> str:
    profile = data.get("profile")
    return text(profile, "environment") if isinstance(profile, dict) else ""


def _bound_texts(setup: Indexed) -> Iterator[tuple[Path, str]]:
    """The texts of a profile in which a host does something: fields bound to an environment, and related settings."""
    fields = {
        table.path: [
            field.name
            for field in table.fields
            if (field.travels == "environment" and field.kind == "text" and table.path != "profile")
            or (table.path, field.name) == ("related_setup", "value")
        ]
        for table in TABLES.values()
    }
    for table, path, record in described_records(setup):
        if record.get("expect") == "closed":
            continue  # noted because nothing may get there
        for name in fields[table.path]:
            value = record.get(name)
            if isinstance(value, str) and "." in value:
                yield (*path, name), value


@check(
    "P0-10",
    "error",
    "a connector or endpoint of production",
    meaning="A connector or endpoint of this profile has the URL of one of a production profile of the library. Only "
    "the host being equal is a warning.",
    why="Test orders would reach the production system of the partner.",
    page=pages.OWN,
    mend="Enter the URL of the system's test instance. Where there is none, accept the finding with a reason.",
)
def production_url(setup: Indexed, around: Surroundings) -> Iterator[Flaw]:
    """Told on the profile that is not production."""
    if setup.environment == "production":
        return
    urls: dict[Reached, str] = {}
    hosts: dict[str, str] = {}
    for name, other in around.others.items():
        if _environment(other) != "production":
            continue
        for _, address in _addresses(other):
            urls.setdefault(address, name)
            hosts.setdefault(address.host, name)
    if not hosts:
        return
    for path, address in _addresses(setup.data):
        if (who := urls.get(address)) is not None:
            yield Flaw(path, f"this is also where {quoted(who)} (production) calls", _OWN_INSTANCE)
        elif (who := hosts.get(address.host)) is not None:
            message = f"the host {quoted(address.host)} is also called by {quoted(who)} (production)"
            yield Flaw(path, message, _OWN_INSTANCE, "warning")


_OWN_INSTANCE = "enter the address of the system's own test instance, or accept the finding with a reason"


def _addresses(data: Data) -> Iterator[tuple[Path, Reached]]:
    """Where the connectors and further endpoints of a profile lead, loopback left out."""
    for number, connector in enumerate(rows(data, "connectors")):
        address = reached_at(text(connector, "url"))
        if address and not is_predefined(connector) and not is_loopback(address.host):
            yield ("connectors", number, "url"), address
    topology = data.get("topology")
    for number, endpoint in enumerate(rows(topology, "endpoints") if isinstance(topology, Mapping) else ()):
        host = host_name(text(endpoint, "host"))
        if host and not is_loopback(host) and endpoint.get("expect") != "closed":
            port = endpoint.get("port")
            if not isinstance(port, int):
                port = 80 if endpoint.get("protocol") == "http" else 443
            path = text(endpoint, "path").rstrip("/")
            yield ("topology", "endpoints", number, "host"), Reached(host, port, path)
