"""Deliberately broken endpoints to learn from: each shows one thing that goes wrong, and what the review calls it.

A lesson knows its outcome, so the tests hold the prober to it, and `omtui demo` can show both side by side.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from omtui.practice.authority import Authority, ServerIdentity, self_signed
from omtui.practice.behaviours import (
    BOMB_XML,
    FAULT,
    NAMESPACE,
    OK,
    OPERATIONS,
    answers,
    circle,
    closes,
    contract,
    drip,
    endless,
    greets,
    gzip_bomb,
    hears_and_closes,
    imports_missing,
    no_common_cipher,
    no_tls_1_2,
    once,
    only_tls_1_0,
    resets,
    says,
    silent,
    slow,
    to_plain_http,
    to_sign_in,
    truncated_wsdl,
    wants_certificate,
    wants_certificate_tls_1_2,
    without_forward_secrecy,
    wsdl,
)
from omtui.practice.pod import SIGN_IN_PAGE
from omtui.practice.server import Behaviour, Response
from omtui.practice.wsdls import XML_TYPE, schema


@dataclass(frozen=True, slots=True)
class Lesson:
    """One broken endpoint.

    Attributes:
        name: its name in the sample profile.
        outcome: the word the review must find.
        teaches: why it happens in the field.
        behaviour: makes what the port does, from the endpoint's own base address.
        identity: which certificate of `Identities` it shows, None for a port without TLS.
        fields: further fields of its `[[topology.endpoints]]` record.
        context: changes to its TLS context.
        faults: all words the review must find, when there are more than the outcome.
    """

    name: str
    outcome: str
    teaches: str
    behaviour: Callable[[str], Behaviour]
    identity: str | None = "good"
    fields: dict[str, Any] = field(default_factory=dict)
    context: Callable[[ssl.SSLContext], None] | None = None
    faults: tuple[str, ...] = ()
    queue: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """All words the review must find."""
        return self.faults or (self.outcome,)


def certificates(root: Authority) -> dict[str, ServerIdentity]:
    """The certificates of the lessons, most of them by the practice authority."""
    return {
        "good": root.issue(),
        "expired": root.issue(days=(-400, -12)),
        "not-yet": root.issue(days=(10, 100)),
        "expiring": root.issue(days=(-80, 9.5)),
        "wrong-name": root.issue(("*.pick.example", "pick.example")),
        "expired-and-wrong": root.issue(("soa.pick.example",), days=(-400, -12)),
        "common-name-only": root.issue(("localhost",), common_name="127.0.0.1", alternative_names=False),
        "self-signed": self_signed(),
        "foreign": Authority.root("somebody else's authority").issue(),
        "no-intermediate": root.intermediate("omtui practice intermediate").issue(send_chain=False),
        "expired-intermediate": root.intermediate("omtui practice intermediate of old", days=(-400, -5)).issue(),
        "weak-key": root.issue(rsa_bits=1024),
        "rsa": root.issue(rsa_bits=2048),
    }


_WSDL = {"expect": "wsdl", "path": "/orders?WSDL"}
_HTTP = {"expect": "http"}
_TLS = {"expect": "tls"}
_PLAIN = {"protocol": "http", "expect": "http"}


LESSONS: tuple[Lesson, ...] = (
    Lesson("Refused", "refused", "the service is not started", OK, None, {"expect": "open"}),
    Lesson("Filtered", "timed-out", "a firewall drops the packets", OK, None, {"expect": "open", "timeout": 1.5},
           queue=True),
    Lesson("Closes at once", "closed-early", "a load balancer without a server", closes, None, {"expect": "open"}),
    Lesson("Resets", "reset", "an allow-list cuts in", resets, None, _TLS),
    Lesson("Open though it should not be", "open-but-expected-closed", "an old port left open", OK, None,
           {"expect": "closed"}),
    Lesson("Mail server on the TLS port", "not-tls", "the wrong port", greets, None, _TLS),
    Lesson("Plain HTTP on the TLS port", "plain-http-on-tls-port", "TLS was never switched on", OK, None, _HTTP),
    Lesson("TLS stalls", "tls-stalled", "the server hangs", silent, None, {**_TLS, "timeout": 1.5}),
    Lesson("TLS breaks off", "tls-closed", "the name asked for is not served", hears_and_closes, None, _TLS),
    Lesson("TLS 1.0 only", "tls-too-old", "an old appliance", OK, "rsa", _HTTP, only_tls_1_0,
           ("tls-too-old", "cipher-weak")),
    Lesson("No cipher in common", "tls-handshake-failed", "an old or a very strict server", OK, "rsa", _HTTP,
           no_common_cipher),
    Lesson("Wants a client certificate", "client-certificate-required", "mutual TLS", OK, "good", _HTTP,
           wants_certificate),
    Lesson("Wants a client certificate (TLS 1.2)", "client-certificate-required", "mutual TLS", OK, "good", _HTTP,
           wants_certificate_tls_1_2),
    Lesson("Expired", "certificate-expired", "nobody looked at the calendar", OK, "expired", _HTTP),
    Lesson("Not yet valid", "certificate-not-yet-valid", "a clock is wrong", OK, "not-yet", _HTTP),
    Lesson("Expires soon", "certificate-expiring", "the calendar again", OK, "expiring", _HTTP),
    Lesson("Wrong name", "certificate-wrong-name", "the certificate of another host", OK, "wrong-name", _HTTP),
    Lesson("Name as common name only", "certificate-wrong-name", "an old habit", OK, "common-name-only", _HTTP),
    Lesson("Expired and wrong name", "certificate-expired", "two faults at once", OK, "expired-and-wrong", _HTTP,
           faults=("certificate-expired", "certificate-wrong-name")),
    Lesson("Self-signed", "certificate-self-signed", "a test certificate", OK, "self-signed", _HTTP),
    Lesson("Private authority", "certificate-untrusted", "an authority nobody knows", OK, "foreign", _HTTP),
    Lesson("Intermediate missing", "certificate-chain-incomplete", "half a chain on the server", OK,
           "no-intermediate", _HTTP),
    Lesson("Intermediate expired", "certificate-intermediate-expired", "an old bundle", OK,
           "expired-intermediate", _HTTP),
    Lesson("Weak key", "certificate-weak-key", "RSA with 1024 bits", OK, "weak-key", _HTTP),
    Lesson("Weak cipher", "cipher-weak", "no forward secrecy", OK, "rsa", _HTTP, without_forward_secrecy),
    Lesson("TLS 1.3 only", "caller-cannot", "too new for the caller", OK, "good",
           {**_HTTP, "caller": "integration-cloud"}, no_tls_1_2),
    Lesson("TLS on a plain port", "tls-on-plain-port", "http written for https", OK, "good", _PLAIN),
    Lesson("Not HTTP", "not-http", "another service", once(b"-ERR unknown command\r\n"), None, _PLAIN),
    Lesson("Answer stalls", "answer-stalled", "the service behind hangs", silent, "good", {**_HTTP, "timeout": 1.5}),
    Lesson("Answer drips", "answer-stalled", "one byte at a time", drip, "good", {**_HTTP, "timeout": 1.5}),
    Lesson("Empty answer", "empty-answer", "the server dies", hears_and_closes, "good", _HTTP),
    Lesson("Answer breaks off", "answer-truncated", "a gateway cuts it",
           once(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<html>half"), "good", _HTTP),
    Lesson("Endless answer", "too-large", "a stream, no page", endless(b"<!-- more -->" * 4096), "good", _WSDL),
    Lesson("Compression bomb", "too-large", "64 MB in 64 kB", answers(gzip_bomb), "good", _WSDL),
    Lesson("Giant headers", "too-large", "headers without end",
           once(b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 200_000 + b"\r\n\r\n"), "good", _HTTP),
    Lesson("Redirects in a circle", "redirect-loop", "a load balancer ends TLS", answers(circle), "good", _HTTP),
    Lesson("Redirects to plain http", "redirected-to-plain-http", "a load balancer ends TLS", answers(to_plain_http),
           "good", _HTTP),
    Lesson("Sign-in page", "sign-in-page", "single sign-on guards the service",
           says(lambda: Response(200, SIGN_IN_PAGE)), "good", _WSDL),
    Lesson("Redirect to sign-in", "sign-in-page", "single sign-on guards the service", answers(to_sign_in), "good",
           _WSDL),
    Lesson("Forbidden", "forbidden", "an allow-list", says(lambda: Response(403)), "good", _HTTP),
    Lesson("Not found", "not-found", "a wrong path", says(lambda: Response(404)), "good", _HTTP),
    Lesson("Unavailable", "unavailable", "a maintenance window", says(lambda: Response(503)), "good", _HTTP),
    Lesson("Error 500", "http-error", "the service fails", says(lambda: Response(500)), "good", _HTTP),
    Lesson("Wrong content type", "wrong-content-type", "a file server",
           answers(lambda base: lambda _: Response(200, contract(base).encode(), "text/plain")), "good", _WSDL),
    Lesson("Not a WSDL", "not-a-wsdl", "a status page", says(lambda: Response(200, b"<status>up</status>", "text/xml")),
           "good", _WSDL),
    Lesson("Half a WSDL", "wsdl-truncated", "a gateway cuts it", answers(truncated_wsdl), "good", _WSDL),
    Lesson("Another service", "wsdl-wrong-service", "the URL of a neighbour", wsdl(), "good",
           {**_WSDL, "service": "ShipmentService"}),
    Lesson("Import missing", "wsdl-import-missing", "a schema was not deployed", answers(imports_missing), "good",
           _WSDL),
    Lesson("RPC style", "wsdl-style-unsupported", "an old service", wsdl(style="rpc"), "good",
           {**_WSDL, "caller": "fusion"}),
    Lesson("SOAP fault", "soap-fault", "the service answers with its failure",
           says(lambda: Response(200, FAULT, XML_TYPE)), "good", _WSDL),
    Lesson("Entity bomb", "hostile-xml", "an attack", says(lambda: Response(200, BOMB_XML, XML_TYPE)), "good", _WSDL),
    Lesson("Slow", "slow", "an overloaded service", slow(3.2), "good", _HTTP),
)  # fmt: skip
"""Every lesson. Names are unique."""

HEALTHY: tuple[Lesson, ...] = (
    Lesson("Healthy page", "ok", "", OK, "good", _HTTP),
    Lesson("Healthy WSDL", "ok", "", wsdl(), "good",
           {**_WSDL, "service": "OrderService", "namespace": NAMESPACE, "operations": list(OPERATIONS)}),
    Lesson("Healthy WSDL with import", "ok", "",
           answers(lambda base: lambda request: Response(
               200, (schema(NAMESPACE, OPERATIONS) if request.query.startswith("XSD")
                     else contract(base, schema="orders?XSD=orders.xsd")).encode(), XML_TYPE)), "good", _WSDL),
    Lesson("Wants a password", "credentials-required", "", says(lambda: Response(401)), "good", _HTTP),
    Lesson("Redirects", "redirected", "", says(lambda: Response(302, headers={"Location": "https://new.pick.example/"})),
           "good", _HTTP),
    Lesson("Blank page", "ok", "", says(lambda: Response(200)), "good", _HTTP),
    Lesson("Open port", "ok", "", silent, None, {"expect": "open"}),
)  # fmt: skip
"""Endpoints with nothing wrong: what must raise no alarm."""
