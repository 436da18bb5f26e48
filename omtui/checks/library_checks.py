"""P0-06 and P0-10: hosts and URLs of another environment, compared with the other profiles of the library."""

import re
from collections.abc import Iterator, Sequence

from omtui.checks import oracle_pages
from omtui.checks.finding import CheckContext, Flaw
from omtui.checks.neighbours import addresses
from omtui.checks.registry import check
from omtui.checks.wording import quoted
from omtui.setup.catalogue import TABLES
from omtui.setup.hosts import is_loopback, pod_hosts
from omtui.setup.indexed import Indexed
from omtui.setup.place import Path

_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")

_FAR_FROM_PRODUCTION = ("production", "test", "development", "practice")
"""Copies are made in this direction."""


@check("P0-06", "error", "the pod host of another environment", oracle_pages.OWN)
def foreign_pod_host(setup: Indexed, context: CheckContext) -> Iterator[Flaw]:
    """A host that another profile of the library names as its own pod is in this profile, and the two are for different
    environments.

    Why: The classic fault after a production-to-test refresh or a hurried copy: a test set-up talks to production. When
    both profiles name the same pod, it is reported on the one farther from production.
    Fix: Enter this environment's own host.
    """
    # Each pair of profiles is reported once, at the first place.
    own = {host for _, host in pod_hosts(setup.data)}
    if context.neighbours is None:
        return
    foreign: dict[str, tuple[str, str] | None] = {}
    found: dict[tuple[str, str], list[tuple[Path, str]]] = {}
    for path, value in _bound_texts(setup):
        for host in dict.fromkeys(_HOST.findall(value.lower())):
            if host not in foreign:
                foreign[host] = None if is_loopback(host) else _whose_pod(setup, context, host, host in own)
            if (whose := foreign[host]) is not None:
                found.setdefault(whose, []).append((path, host))
    for (name, environment), places in found.items():
        path, host = places[0]
        left = len(places) - 1
        more = f", here and in {left} more {'place' if left == 1 else 'places'}" if left else ""
        message = f"{quoted(host)} is the pod of {quoted(name)} ({environment or 'no environment'}){more}"
        yield Flaw(path, message, f"enter the host of this {setup.environment} environment")


def _whose_pod(setup: Indexed, context: CheckContext, host: str, is_own: bool) -> tuple[str, str] | None:
    """The first profile of another environment whose pod a host is; a host that is its own may be copied from here."""
    assert context.neighbours is not None
    found = [
        (name, environment)
        for name, environment in context.neighbours.with_pod(host, other_than=setup.environment)
        if name != context.file_name and (not is_own or _is_farther(setup, context, name, environment))
    ]
    return min(found, key=lambda each: (each[0].casefold(), each[0]), default=None)


def _is_farther(setup: Indexed, context: CheckContext, name: str, environment: str) -> bool:
    """Whether this profile is the copy: farther from production, or, of two unknown ones, later by name."""
    return (_distance(setup.environment), context.file_name or setup.name) > (_distance(environment), name)


def _distance(environment: str) -> int:
    known = _FAR_FROM_PRODUCTION
    return known.index(environment) if environment in known else len(known)


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
    for table, path, record in setup.described:
        if record.get("expect") == "closed":
            continue  # noted because nothing may get there
        for name in fields[table.path]:
            value = record.get(name)
            if isinstance(value, str) and "." in value:
                yield (*path, name), value


@check("P0-10", "error", "a connector or endpoint of production", oracle_pages.OWN, weakest="warning")
def production_url(setup: Indexed, context: CheckContext) -> Iterator[Flaw]:
    """A connector or endpoint of this profile has the URL of one of a production profile of the library. Only the host
    being equal is a warning.

    Why: Test orders would reach the production system of the partner.
    Fix: Enter the URL of the system's test instance. Where there is none, accept the finding with a reason.
    """
    # Reported on the profile that is not production.
    if setup.environment == "production" or context.neighbours is None:
        return

    def other(names: Sequence[str]) -> str | None:
        return next((name for name in names if name != context.file_name), None)

    for path, address in addresses(setup.data):
        if (who := other(context.neighbours.calling(address))) is not None:
            yield Flaw(path, f"this is also where {quoted(who)} (production) calls", _OWN_INSTANCE)
        elif (who := other(context.neighbours.calling_host(address.host))) is not None:
            message = f"the host {quoted(address.host)} is also called by {quoted(who)} (production)"
            yield Flaw(path, message, _OWN_INSTANCE, "warning")


_OWN_INSTANCE = "enter the address of the system's own test instance, or accept the finding with a reason"
