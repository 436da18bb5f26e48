"""S5: the URLs of connectors: are they any, where do they lead, what is in their place."""

import re
from collections.abc import Iterator

from omtui.checks import oracle_pages
from omtui.checks.connector_checks import own_connectors
from omtui.checks.facts import news_24b, news_26c
from omtui.checks.finding import Flaw, Level
from omtui.checks.registry import check
from omtui.checks.wording import quoted
from omtui.setup.connectors import BUSINESS_EVENT, CONNECTORS, EXTENSION
from omtui.setup.hosts import (
    Address,
    host_kind,
    host_name,
    host_of,
    is_host,
    is_integration_cloud,
    is_loopback,
    pod_hosts,
    split_url,
    token_in,
)
from omtui.setup.indexed import Indexed, LocatedRecord, text

_LONGEST_URL = CONNECTORS.by_name["url"].maximum_length or 0


def _with_url(setup: Indexed) -> Iterator[tuple[LocatedRecord, str, str]]:
    """The connectors that are not Oracle's and have a URL: with their names as shown, and the URL."""
    for found, shown in own_connectors(setup):
        if url := text(found.record, "url"):
            yield found, shown, url


@check("S5-02", "error", "a connector URL that leads nowhere", oracle_pages.CONNECTOR_DETAILS)
def url(setup: Indexed) -> Iterator[Flaw]:
    """The URL is not absolute http or https, is longer than 1000 characters, holds spaces, or still holds a
    placeholder, an unresolved topology token, or Oracle's own slip of a missing slash after the port.

    Why: Order Management calls exactly what is there. A URL that is not correctly formatted also slows down all other
    notifications.
    Fix: Enter the endpoint as the external system's owner gives it: https://HOST:PORT/PATH.
    """
    for found, _, value in _with_url(setup):
        for message, fix, *right in _url_faults(value):
            yield Flaw((*found.path, "url"), message, fix, enter=right[0] if right else None)


def _url_faults(url: str) -> Iterator[tuple[str, ...]]:
    """What is wrong with a URL, each with its fix, and the right URL where that is certain."""
    shown = quoted(url)
    if len(url) > _LONGEST_URL:
        yield f"the URL has {len(url)} characters; Oracle takes {_LONGEST_URL}", "use a shorter path"
    if re.search(r"\s", url):
        joined = _unspaced(url)
        fix = "remove it" if any(_url_faults(joined)) else _fix_with(joined, "remove it")
        right = () if any(_url_faults(joined)) else (joined,)
        yield (f"the URL {shown} holds a space or a line break", fix, *right)
    if token := token_in(url):
        yield (
            f"the URL {shown} holds the unresolved topology token {quoted(token)}",
            "put host and port of the external system in its place",
        )
        return
    address = split_url(_unspaced(url))
    if address is None or address.scheme not in ("http", "https") or not address.host:
        yield f"{shown} is not an absolute http or https URL", f"enter for example {quoted(_absolute(url))}"
        return
    joined_port = re.match(r"(\d+|port)(?=[A-Za-z_-])", address.port, re.IGNORECASE)
    if joined_port:
        port, rest = joined_port[1], address.port[joined_port.end() :]
        slip = quoted(f":{address.port[: len(port) + 12]}")
        right_url = url.replace(f":{address.port}", f":{port}/{rest}", 1)
        yield f"a slash is missing after the port: {slip}", f"enter {quoted(f':{port}/{rest}')}", right_url
    port = joined_port[1] if joined_port else address.port
    yield from _placeholder_faults(address, port)


def _placeholder_faults(address: Address, port: str) -> Iterator[tuple[str, str]]:
    """Host and port that were never filled in, or that cannot be any."""
    if _is_placeholder(address.host):
        yield f"the host {quoted(address.host)} is a placeholder", "enter the host of the external system"
    elif not is_host(address.host):
        yield f"{quoted(address.host)} is no valid host name or address", "correct the host"
    if port and not port.isdecimal():
        yield f"the port {quoted(port)} is not a number", "enter the port number, for example 443"
    elif port and not 1 <= int(port[:6]) <= 65535:
        yield f"the port {quoted(port)} is not between 1 and 65535", "enter the port number, for example 443"


def _absolute(url: str) -> str:
    """The URL that was meant: with a scheme instead of half of one, or another one, if a host follows it."""
    slashed = _unspaced(url).replace("\\", "/")
    rest = re.sub(r"^(?:[A-Za-z][A-Za-z0-9+.-]*:/+|https?(?:[:;.,]?/+|:|$)|/+)+", "", slashed, flags=re.IGNORECASE)
    suggestion = f"https://{rest}"
    is_good = is_host(rest.partition("/")[0].partition(":")[0]) and not list(_url_faults(suggestion))
    return suggestion if is_good else "https://soa.pick.example/orders"


def _unspaced(url: str) -> str:
    return re.sub(r"\s+", "", url)


def _fix_with(value: str, otherwise: str) -> str:
    """The fix that gives the whole value, or, where it is too long to be shown whole, what to do to it."""
    shown = quoted(value)
    return f"enter {shown}" if len(value) <= len(shown) - 2 else otherwise


def _is_placeholder(host: str) -> bool:
    first = host.strip().lower().partition(".")[0]
    if first in ("server", "servername", "server_name", "server-name", "host", "hostname", "host_name", "host-name"):
        return True
    return bool(
        re.search(r"[<>{}\[\]%]|^(?:your|my)[-_]?(?:server|host|pod|cloud)|your-cloud-hostname", host, re.IGNORECASE)
    )


@check("S5-03", "warning", "a connector URL without encryption", oracle_pages.CERTIFICATES)
def http(setup: Indexed) -> Iterator[Flaw]:
    """The URL begins with http, not https. An error in a production profile.

    Why: User name, password and order data travel in clear text.
    Fix: Enter the https URL. The certificate has to come from a public certificate authority.
    """
    # An error in production.
    level: Level = "error" if setup.environment == "production" else "warning"
    for found, shown, value in _with_url(setup):
        address = split_url(value)
        if address and address.scheme == "http":
            message = f"{shown} is called over http, without encryption"
            fix = "enter the https URL of the endpoint" + (" and its port" if address.port else "")
            yield Flaw((*found.path, "url"), message, fix, level)


@check(
    "S5-06",
    "warning",
    "a connector to an Oracle host",
    news_26c.NO_INTERNAL_SERVICE,
    news_24b.NO_ORACLE_HOST,
    oracle_pages.QUERYPARAM,
)
def oracle_host(setup: Indexed) -> Iterator[Flaw]:
    """The URL leads to a Fusion pod, to Integration Cloud or to another host of Oracle's cloud.

    Why: Oracle's pages contradict each other. 24B and 26C: a connector must not use an Oracle host or an internal web
    service. 26B: create the connector QUERYPARAM to the pod's own REST service, for order management extensions.
    Fix: Enter an endpoint outside of Oracle; Integration Cloud subscribes to the public event instead. For a connector
    that an order management extension calls, note used_by = "extension".
    """
    # Reported by the name of the host, and by what this profile says of its pod.
    pods = {host: f"[{path[0]}]" for path, host in reversed([*pod_hosts(setup.data)])}
    for found, shown, value in _with_url(setup):
        host = host_of(value).rstrip(".")
        kind = host_kind(host)
        fix = 'enter an endpoint outside of Oracle, or note used_by = "extension" if only an extension calls it'
        if text(found.record, "used_by") == EXTENSION:
            continue
        if (says := pods.get(host_name(host))) and not is_loopback(host):
            what = f"this pod's own host {quoted(host)}, as {says} says"
        elif kind == "pod":
            what = f"{quoted(host)}, a Fusion pod by its name"
        elif kind == "oracle":
            what = f"{quoted(host)}, a host of Oracle's cloud by its name"
        elif kind != "other":
            what = f"{quoted(host)}, a host of Integration Cloud"
            fix = "let Integration Cloud subscribe to the public event, and note it under event_subscriptions"
        else:
            continue
        yield Flaw((*found.path, "url"), f"{shown} points to {what}", fix)


@check("S5-07", "warning", "a Business Event connector to Integration Cloud", oracle_pages.SEND_NOTIFICATIONS)
def events_to_integration_cloud(setup: Indexed) -> Iterator[Flaw]:
    """Events are pushed to Integration Cloud by a connector.

    Why: Oracle says: use a connector only for an application outside of Oracle, not to connect to Integration Cloud.
    Fix: Subscribe in Integration Cloud, note it under event_subscriptions, and remove the connector from the trigger
    points.
    """
    # Run-time and design-time hosts.
    for found, shown, value in _with_url(setup):
        if text(found.record, "invocation_mode") == BUSINESS_EVENT and is_integration_cloud(host_of(value)):
            message = f"{shown} pushes events to Integration Cloud, {quoted(host_of(value))}"
            fix = "subscribe to the event in Integration Cloud, and set integration_cloud = true on the trigger points"
            yield Flaw((*found.path, "url"), message, fix)


@check("S5-13", "warning", "a contract in the place of the endpoint", oracle_pages.REVIEW_TOPOLOGY)
def wsdl_url(setup: Indexed) -> Iterator[Flaw]:
    """The URL ends in ?wsdl: it shows the description of the service.

    Why: Order Management sends its requests to the URL as it is. The endpoint is the same address without ?wsdl.
    Fix: Remove ?wsdl from the end of the URL.
    """
    for found, shown, value in _with_url(setup):
        match = re.search(r"[?&]wsdl\s*$", value, re.IGNORECASE)
        if match:
            ending = quoted(match[0].strip())
            message = f"the URL of {shown} ends in {ending}: that is the contract"
            right = value[: match.start()].strip()
            yield Flaw((*found.path, "url"), message, _fix_with(right, f"remove {ending}"), enter=right)


_PARAMETER = re.compile(r"[?&](?:singlewsdl|wsdl2?|xsd2?|disco)(?:=[^&#]*)?(?=[&#]|\s*$)", re.IGNORECASE)
_FILE = re.compile(r"\.(?:wsdl|xsd|svc\.wsdl)(?=[?#]|\s*$)", re.IGNORECASE)


@check("S5-18", "warning", "a description in the place of the endpoint", oracle_pages.CONNECTOR_DETAILS)
def description_url(setup: Indexed) -> Iterator[Flaw]:
    """The URL asks for a description of the service by another spelling than ?wsdl at its end (?singleWsdl, ?wsdl=1,
    ?xsd=1, a path that ends in .wsdl), or carries a #fragment.

    Why: Order Management sends its requests to the URL as it is, and never sends what follows a #.
    Fix: Enter the address of the endpoint, as the WSDL names it under soap:address.
    """
    # What S5-13 does not report.
    for found, shown, value in _with_url(setup):
        here = (*found.path, "url")
        if parameter := _PARAMETER.search(value):
            before, after = value[: parameter.start()], value[parameter.end() :]
            rest = before + (after if "?" in before else after.replace("&", "?", 1))
            message = f"the URL of {shown} holds {quoted(parameter[0])}: that asks for the description of the service"
            fix = _fix_with(rest.strip(), "remove it")
            yield Flaw(here, message, fix, unless=("S5-13",), enter=rest.partition("#")[0].strip())
        elif file := _FILE.search(value):
            message = f"the URL of {shown} ends in {quoted(file[0])}: that is a description of the service"
            yield Flaw(here, message, "enter the endpoint, which is there under soap:address")
        elif "#" in value and "${" not in value:
            message = f"the URL of {shown} holds a # and what follows, which is never sent"
            right = value.partition("#")[0].strip()
            yield Flaw(here, message, _fix_with(right, "remove it"), unless=("S5-02",), enter=right)


@check("S5-19", "warning", "a host with an underscore", oracle_pages.HOST_NAMES)
def underscore(setup: Indexed) -> Iterator[Flaw]:
    """The host of the URL holds an underscore.

    Why: Names of hosts have none. Many programs take them all the same, this one and its probe too; Java, in which
    Order Management is written, finds no host in such a URL.
    Fix: Have a name without an underscore entered in DNS and in the certificate, and use it.
    """
    for found, shown, value in _with_url(setup):
        address = split_url(value)
        if address and "_" in address.host and is_host(address.host) and not _is_placeholder(address.host):
            message = f"the host {quoted(address.host)} of {shown} holds an underscore: Java finds no host in it"
            yield Flaw((*found.path, "url"), message, "use a name of the host without an underscore")
