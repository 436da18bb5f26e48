"""S6: hosts and ports, as Review Topology shows them, and what else is to be probed."""

import re
from collections.abc import Iterator
from datetime import timedelta

from omtui.checks import oracle_pages
from omtui.checks.finding import CheckContext, Flaw
from omtui.checks.registry import check
from omtui.checks.wording import listed, quoted
from omtui.setup.did_you_mean import folded
from omtui.setup.hosts import host_kind, host_of, is_host, private_reason, split_url, token_in
from omtui.setup.indexed import Indexed, LocatedRecord, is_predefined, text
from omtui.setup.place import Path
from omtui.store.change import Insert

_ADF, _SOA = "FSCMServices", "FASOA"
_SOA_PATH = "/soa-infra/"
_SPELLED_RIGHT, _ORACLES_SPELLING = "businesseventsconnector_client_ep", "businesseventsconnetor_client_ep"
_REVIEW_DAYS = 7
_APPLICATIONS: Path = ("topology", "applications")


def _rows(setup: Indexed, name: str) -> list[LocatedRecord]:
    """The rows of Review Topology for an application; upper and lower case are the same."""
    name_folded = folded(name)
    return [
        found for found in setup.records("topology.applications") if folded(text(found.record, "name")) == name_folded
    ]


def _is_port(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 65535


@check("S6-01", "error", "no FSCMServices row", oracle_pages.REVIEW_TOPOLOGY)
def no_services_row(setup: Indexed) -> Iterator[Flaw]:
    """The topology has no row FSCMServices with https and a port from 1 to 65535.

    Why: FSCMServices is where the ADF services answer: orders come in there, and the answers of fulfillment systems.
    Fix: Open Review Topology > Detailed, expand FADomain, and note the external virtual host and port of FSCMServices.
    """
    # One sound row is enough; without one, what is wrong with the row that is there.
    rows = _rows(setup, _ADF)
    if any(_is_sound(found) for found in rows):
        return
    if not rows:
        fix = f"add {_ADF} with its external virtual host, port 443 and protocol https"
        host, have = host_of(text(setup.single("pod"), "url")), setup.records("topology.applications")
        row = {"name": _ADF, "domain": "FADomain", "host": host, "port": 443, "protocol": "https"}
        add = (Insert(_APPLICATIONS, len(have), row),) if is_host(host) else ()
        yield Flaw(_APPLICATIONS, f"the topology has no row {_ADF}", fix, operations=add, chooses=True)
        return
    found = rows[0]
    protocol = text(found.record, "protocol")
    if protocol not in ("", "https"):
        yield Flaw(
            (*found.path, "protocol"),
            f"{_ADF} is noted with {quoted(protocol)}, not https",
            'enter "https"',
            enter="https",
        )
    else:
        port = found.record.get("port")
        said = "no port" if port is None else f"the port {quoted(port)}"
        fix = "enter the external port, for example 443"
        yield Flaw((*found.path, "port"), f"{_ADF} is noted with {said}", fix, enter=443, chooses=True)


def _is_sound(row: LocatedRecord) -> bool:
    return text(row.record, "protocol") in ("", "https") and _is_port(row.record.get("port"))


@check("S6-02", "error", "no FASOA row, and something uses /soa-infra/", oracle_pages.SEND_RESPONSE)
def no_soa_row(setup: Indexed) -> Iterator[Flaw]:
    """A URL leads to /soa-infra/, and the topology has no row FASOA.

    Why: SOA services answer at the host and port of FASOA, ADF services at those of FSCMServices.
    Fix: Open Review Topology > Detailed, expand FADomain, and note the external virtual host and port of FASOA.
    """
    # The first user of /soa-infra/ is named.
    if _rows(setup, _SOA):
        return
    for path, url in _urls(setup):
        if _SOA_PATH in url.lower():
            user = quoted(setup.place(path[:-1]))
            message = f"{user} uses {_SOA_PATH}, and the topology has no row {_SOA}"
            fix = f"add {_SOA} with its external virtual host, port 443 and protocol https"
            yield Flaw(_APPLICATIONS, message, fix)
            return


def _urls(setup: Indexed) -> Iterator[tuple[Path, str]]:
    """Every URL or path of the profile that something is called at."""
    for table, field in (("connectors", "url"), ("event_subscriptions", "url"), ("topology.endpoints", "path")):
        for path, record in setup.records(table):
            if value := text(record, field):
                yield (*path, field), value


@check("S6-03", "error", "an unresolved topology token in a host", oracle_pages.REVIEW_TOPOLOGY)
def token(setup: Indexed) -> Iterator[Flaw]:
    """A host still holds ${…} or (FADomain,FSCMServices).

    Why: Oracle's service lists name hosts by tokens. Only Review Topology shows what they mean.
    Fix: Put the external virtual host of Review Topology in the token's place.
    """
    # Rows, endpoints and the pod itself; tokens in connectors are reported by S5-02.
    for path, value in _hosts(setup):
        if found := token_in(value):
            message = f"the host {quoted(value)} holds the unresolved topology token {quoted(found)}"
            yield Flaw(path, message, "enter the external virtual host that Review Topology shows")


def _hosts(setup: Indexed) -> Iterator[tuple[Path, str]]:
    """Every host of the profile, and the pod's URL."""
    if url := text(setup.single("pod"), "url"):
        yield ("pod", "url"), url
    for table in ("topology.applications", "topology.endpoints"):
        for path, record in setup.records(table):
            if host := text(record, "host"):
                yield (*path, "host"), host


@check("S6-04", "warning", "the design-time host of Integration Cloud", oracle_pages.INTEGRATION_CLOUD_URLS)
def design_time_host(setup: Indexed) -> Iterator[Flaw]:
    """A host begins with design.integration: that is where integrations are built.

    Why: Integrations are called at the run-time host of their instance, and only there.
    Fix: Enter the run-time host: INSTANCE.integration.REGION.ocp.oraclecloud.com.
    """
    # Connectors, rows and endpoints; event subscriptions are reported by F-03.
    found = [(path, host, host) for path, host in _hosts(setup) if path[0] != "pod"]
    for path, record in setup.records("connectors"):
        if not is_predefined(record):
            found.append(((*path, "url"), text(record, "url"), host_of(text(record, "url"))))
    for path, _, host in found:
        if host_kind(host) == "integration design-time":
            run_time = "INSTANCE." + host.strip().lower().removeprefix("design.")
            message = f"{quoted(host)} is the design-time host of Integration Cloud"
            yield Flaw(path, message, f"enter the run-time host of the instance, {quoted(run_time)}")


@check("S6-05", "warning", "a host that only the inside reaches", oracle_pages.REVIEW_TOPOLOGY)
def private_host(setup: Indexed) -> Iterator[Flaw]:
    """An internal name or a private address is where the external virtual host is needed, or where Fusion calls a
    connector.

    Why: Review Topology shows internal hosts next to the external ones. Nothing outside the pod reaches them, and the
    pod reaches nothing inside somebody else's network.
    Fix: Enter the external virtual host; for a connector, a host that the internet reaches.
    """
    # Not on a practice pod, which lives on loopback; extra endpoints are probed from inside and may be private.
    if setup.environment == "practice":
        return
    for path, record in setup.records("topology.applications"):
        host = text(record, "host")
        if reason := private_reason(host):
            yield Flaw((*path, "host"), f"{quoted(host)} is {reason}", "enter the external virtual host of the row")
    for path, record in setup.records("connectors"):
        host = host_of(text(record, "url"))
        reason = None if is_predefined(record) or _is_placeholder_word(host) else private_reason(host)
        if reason:
            message = f"{quoted(text(record, 'name'))} leads to {quoted(host)}, {reason}: Fusion cannot reach it"
            yield Flaw((*path, "url"), message, "enter a host that can be reached from outside")


def _is_placeholder_word(host: str) -> bool:
    """`server`, `host`: reported by S5-02."""
    return re.fullmatch(r"(?:server|host)[_-]?(?:name)?", host) is not None


@check("S6-06", "error", "a host or port that cannot be one", oracle_pages.REVIEW_TOPOLOGY)
def host_and_port(setup: Indexed) -> Iterator[Flaw]:
    """A port is not between 1 and 65535, or a host is no valid name or address.

    Why: Nothing can be reached there, and probing has nothing to try.
    Fix: Enter the host alone, without https:// and path, and the port in its own field.
    """
    for path, record in setup.records("topology.applications"):
        yield from _host_flaws(path, text(record, "host"))
        yield from _port_flaws(path, record.get("port"))
    for path, record in setup.records("topology.endpoints"):
        name, host = quoted(text(record, "name")), text(record, "host")
        if not host and not text(record, "of"):
            fix = "enter the host, or in the field of the record whose target is meant"
            yield Flaw((*path, "host"), f"the endpoint {name} has no host", fix)
        yield from _host_flaws(path, host)
        port = record.get("port")
        yield from _port_flaws(path, port)
        if host and port is None and _needs_port(text(record, "protocol"), text(record, "expect")):
            yield Flaw((*path, "port"), f"the endpoint {name} has no port", "enter the port that should be open")


def _needs_port(protocol: str, expect: str) -> bool:
    """Only http and https have a port of their own."""
    return protocol == "tcp" or (not protocol and expect in ("open", "tls", "closed"))


def _host_flaws(path: Path, host: str) -> Iterator[Flaw]:
    if not host.strip() or token_in(host) or is_host(host.removeprefix("[").removesuffix("]")):
        return
    address = split_url(host)
    alone = address.host if address else re.split(r"[:/?#\s]", host.strip())[0]
    fix = f"enter {quoted(alone)}" if is_host(alone) else "enter a name such as soa.pick.example, or an address"
    if address and address.port:
        fix += f", and {quoted(address.port)} as the port"
    right = alone if is_host(alone) else None
    yield Flaw((*path, "host"), f"{quoted(host)} is no valid host name or address", fix, enter=right)


def _port_flaws(path: Path, port: object) -> Iterator[Flaw]:
    if port is not None and not _is_port(port):
        message = f"the port {quoted(port)} is not between 1 and 65535"
        yield Flaw((*path, "port"), message, "enter the port number, for example 443")


@check("S6-07", "warning", "no fresh and clean review of the topology", oracle_pages.OWN)
def review(context: CheckContext) -> Iterator[Flaw]:
    """The last review is older than 7 days, or some targets were not as expected. Where this machine keeps no results
    of the profile, nothing is reported.

    Why: Certificates end, firewalls change. Nobody else reports it before an order hangs.
    Fix: Run omtui probe, or the review in the workbench.
    """
    last = context.last_review
    if last is None:
        return
    here = ("topology",)
    if context.today - last.on > timedelta(days=_REVIEW_DAYS):
        message = f"the last review was {(context.today - last.on).days} days ago, on {last.on}"
        yield Flaw(here, message, "run omtui probe again")
    if last.failed:
        count = "1 target was" if len(last.failed) == 1 else f"{len(last.failed)} targets were"
        message = f"in the review of {last.on}, {count} not as expected: {listed(last.failed)}"
        yield Flaw(here, message, "see the review for each of them, fix it, and run omtui probe again")


@check("S6-08", "error", "Oracle's path spelled right", oracle_pages.SEND_NOTIFICATIONS)
def spelled_right(setup: Indexed) -> Iterator[Flaw]:
    """A path holds businesseventsconnector_client_ep. Oracle's path lacks a c: businesseventsconnetor_client_ep.

    Why: The service answers at the misspelled path only, and everything else gets 404.
    Fix: Write businesseventsconnetor_client_ep.
    """
    for path, url in _urls(setup):
        if _SPELLED_RIGHT in url.lower():
            message = f"the path holds {quoted(_SPELLED_RIGHT)}, and Oracle's really is {quoted(_ORACLES_SPELLING)}"
            right = re.sub(_SPELLED_RIGHT, _ORACLES_SPELLING, url, flags=re.IGNORECASE)
            yield Flaw(path, message, f"write {quoted(_ORACLES_SPELLING)}", enter=right)
