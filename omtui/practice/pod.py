"""The pages of the practice pod and of the imaginary external system next to it."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable

from omtui.practice.authority import ServerIdentity
from omtui.practice.server import Handler, HttpRequest, Response
from omtui.practice.wsdls import XML_TYPE, schema, service_wsdl
from omtui.topology.oracle_services import (
    BUSINESS_EVENTS_NAMESPACE,
    CONNECTOR_PATH,
    FULFILLMENT_REQUEST_NAMESPACE,
    REST_ROOT,
    SERVICE_ELEMENT_NAMES,
    SERVICES,
    OracleService,
)

USER_NAME = "om.integration"
PASSWORD = "practice-only"
EVENTS_PATH = "/om/events"
_ONE_WAY = ("fulfillmentrequest_client_ep", "businesseventsconnetor_client_ep")
_PRACTICE = {"X-Practice-Pod": "1"}

Route = Callable[[HttpRequest], Response]


class Site:
    """Pages by path. A path that ends in `/` covers all below it."""

    def __init__(self) -> None:
        self._routes: dict[str, Route] = {}

    def add(self, path: str, route: Route) -> None:
        """A page, or with a trailing slash a tree of pages."""
        self._routes[path] = route

    def __call__(self, request: HttpRequest) -> Response:
        """Answers a request; unknown paths are not found."""
        route = self._routes.get(request.path)
        if route is None:
            trees = [path for path in self._routes if path.endswith("/") and request.path.startswith(path)]
            longest = max((path for path in trees if path != "/"), key=len, default=None)
            route = self._routes[longest] if longest is not None else _not_found
        response = route(request)
        response.headers.update(_PRACTICE)
        return response


def pod_site(base: str, release: str, identity: ServerIdentity | None = None) -> Site:
    """The pod: sign-in, REST tier and SOAP services. `base` is its own address, without a slash at the end.

    `identity` is the certificate that the WSDLs publish for message protection.
    """
    site = Site()
    site.add("/", lambda _: Response(302, headers={"Location": f"{base}/fscmUI/faces/FuseWelcome"}))
    site.add("/fscmUI/", _welcome)
    site.add("/soa-infra/", lambda _: Response(401, headers=_challenge()))
    site.add(REST_ROOT, signed_in(lambda _: _versions(base, release)))
    certificate = identity.der_base64() if identity is not None else None
    for service in SERVICES.values():
        site.add(service.path, _service(service, base, certificate))
    return site


def external_site(base: str) -> Site:
    """The imaginary external system: a fulfillment connector and an event connector."""
    site = Site()
    connector = OracleService(
        "ConnectorServiceComposite",
        CONNECTOR_PATH,
        FULFILLMENT_REQUEST_NAMESPACE,
        ("processFulfillmentRequest", "processFulfillmentRequestSync"),
    )
    events = OracleService("EventReceiver", EVENTS_PATH, BUSINESS_EVENTS_NAMESPACE, ("pushPayload",))
    for service in (connector, events):
        site.add(service.path, _service(service, base, None))
    return site


def signed_in(route: Handler) -> Handler:
    """A page for those who sign in with the practice user; everybody else gets 401."""

    def guarded(request: HttpRequest) -> Response:
        scheme, _, pair = request.headers.get("authorization", "").partition(" ")
        try:
            given = base64.b64decode(pair, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            given = ""
        if scheme.lower() != "basic" or given != f"{USER_NAME}:{PASSWORD}":
            return Response(401, headers=_challenge())
        return route(request)

    return guarded


def _challenge() -> dict[str, str]:
    return {"WWW-Authenticate": 'Basic realm="practice"'}


def _service(service: OracleService, base: str, certificate: str | None) -> Route:
    """A SOAP service: its WSDL with ?WSDL, its schema with ?XSD, a blank page without, as at Oracle."""
    namespace = service.namespace or f"urn:practice:{service.name}/"
    name = SERVICE_ELEMENT_NAMES.get(service.name, service.name)
    contract = service_wsdl(
        name,
        namespace,
        service.operations,
        f"{base}{service.path}",
        schema=f"{base}{service.path}?XSD={service.name}.xsd",
        one_way=service.name in _ONE_WAY,
        certificate=certificate if service.tier == "FSCMServices" else None,
    ).encode()
    types = schema(namespace, service.operations).encode()

    def answer(request: HttpRequest) -> Response:
        if request.method == "POST":
            return Response(202, content_type=XML_TYPE)
        query = request.query.upper()
        if query == "WSDL":
            return Response(200, contract, XML_TYPE)
        if query.startswith("XSD="):
            return Response(200, types, XML_TYPE)
        return Response(200)

    return answer


def _versions(base: str, release: str) -> Response:
    version = {"version": "11.13.18.05", "isLatest": True, "links": [{"href": f"{base}{REST_ROOT}/11.13.18.05"}]}
    body = json.dumps({"items": [version], "practiceRelease": release}).encode()
    return Response(200, body, "application/json")


def _welcome(_: HttpRequest) -> Response:
    return Response(200, SIGN_IN_PAGE)


def _not_found(_: HttpRequest) -> Response:
    return Response(404, b"<html><title>Not found</title><p>Nothing is here.</p></html>")


SIGN_IN_PAGE = b"""<!DOCTYPE html>
<html><head><title>Sign In (practice)</title></head><body>
<form method="post"><input name="userid"><input type="password" name="password"><button>Sign In</button></form>
</body></html>
"""
