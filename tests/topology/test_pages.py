"""Pages and WSDLs over real connections: redirects, sign-in, imports, tolerance, what is sent and what is not."""

import ssl
from collections.abc import Callable

import pytest

from omtui.practice.authority import Authority
from omtui.practice.server import Channel, HttpRequest, Response
from omtui.practice.wsdls import schema, service_wsdl
from omtui.topology.result import ProbeResult
from omtui.topology.target import Target
from tests.programs import require
from tests.topology.servers import Ground, probed, surroundings, target, words

XML = "text/xml"
NAMESPACE = "urn:orders/"
CONTRACT = service_wsdl("Orders", NAMESPACE, ("send",), "https://h/").encode()
SIGN_IN = b"<html><form><input type='password'></form></html>"


def seen(
    loopback: Ground, answer: Callable[[HttpRequest], Response], **fields: object
) -> tuple[ProbeResult, list[HttpRequest]]:
    """The result of a server's page, and the requests it got."""
    requests: list[HttpRequest] = []

    def remember(request: HttpRequest) -> Response:
        requests.append(request)
        return answer(request)

    server = loopback.serve(remember)
    fields.setdefault("ca_file", str(loopback.ca_file))
    return probed(target(server.port, **fields)), requests  # type: ignore[arg-type]


def test_no_credential_and_nothing_that_changes_is_ever_sent(loopback: Ground) -> None:
    result, requests = seen(loopback, lambda _: Response(401), role="connector")
    assert result.verdict.outcome == "credentials-required"
    assert requests
    for request in requests:
        assert request.method == "GET"
        assert not {"authorization", "cookie", "proxy-authorization"} & set(request.headers)


@pytest.mark.parametrize(
    ("role", "expect", "status", "outcome", "ok"),
    [
        ("endpoint", "http", 204, "ok", True),
        ("endpoint", "http", 401, "credentials-required", True),
        ("endpoint", "http", 403, "forbidden", False),
        ("endpoint", "http", 404, "not-found", False),
        ("endpoint", "http", 405, "http-error", False),
        ("endpoint", "http", 500, "http-error", False),
        ("endpoint", "http", 502, "unavailable", False),
        ("endpoint", "wsdl", 401, "http-error", False),
        ("service", "wsdl", 401, "credentials-required", True),
        ("service", "wsdl", 404, "not-found", False),
        ("pod", "http", 401, "credentials-required", True),
        ("pod", "http", 403, "forbidden", False),
        ("application", "http", 404, "ok", True),
        ("application", "http", 503, "unavailable", False),
        ("connector", "http", 200, "ok", True),
        ("connector", "http", 400, "ok", True),
        ("connector", "http", 403, "ok", True),
        ("connector", "http", 405, "ok", True),
        ("connector", "http", 401, "credentials-required", True),
        ("connector", "http", 404, "not-found", False),
        ("connector", "http", 500, "http-error", False),
        ("connector", "http", 503, "unavailable", False),
    ],
)
def test_statuses_are_judged_by_role(
    loopback: Ground, role: str, expect: str, status: int, outcome: str, ok: bool
) -> None:
    result, _ = seen(loopback, lambda _: Response(status), role=role, expect=expect)
    assert (result.verdict.outcome, result.ok) == (outcome, ok)


@pytest.mark.parametrize(
    ("status", "expected", "outcome"),
    [(503, (503,), "ok"), (401, (200, 401), "ok"), (302, (302,), "ok"), (401, (200,), "http-error"),
     (403, (200,), "forbidden"), (200, (401,), "http-error"), (302, (200,), "http-error")],
)  # fmt: skip
def test_an_expected_status_is_the_law(loopback: Ground, status: int, expected: tuple[int, ...], outcome: str) -> None:
    headers = {"Location": "https://elsewhere.example/"} if status == 302 else {}
    result, _ = seen(loopback, lambda _: Response(status, headers=headers), status=expected)
    assert result.verdict.outcome == outcome


def test_a_redirect_on_the_same_host_is_followed(loopback: Ground) -> None:
    def answer(request: HttpRequest) -> Response:
        return Response(302, headers={"Location": "/new"}) if request.path == "/" else Response(200, b"here")

    result, requests = seen(loopback, answer)
    assert (result.verdict.outcome, result.ok) == ("redirected", True)
    assert [request.path for request in requests] == ["/", "/new"]
    assert result.evidence.http is not None
    assert result.evidence.http.status == 200
    assert result.evidence.http.redirects[0].endswith("/new")


def test_a_redirect_to_another_port_of_the_host_is_followed_over_tls(loopback: Ground) -> None:
    secure = loopback.serve(lambda _: Response(200, b"secure"))
    plain = loopback.serve(lambda _: Response(301, headers={"Location": f"{secure.base}/"}), identity=None)
    result = probed(target(plain.port, scheme="http"))
    assert result.verdict.outcome == "redirected"
    assert result.evidence.http is not None
    assert result.evidence.http.url == f"{secure.base}/"


def test_another_host_is_reported_but_never_asked(loopback: Ground) -> None:
    result, requests = seen(loopback, lambda _: Response(302, headers={"Location": "https://localhost:9/x"}))
    assert (result.verdict.outcome, result.ok) == ("redirected", True)
    assert "https://localhost:9/x" in result.verdict.message
    assert len(requests) == 1


def test_another_port_with_the_same_scheme_is_another_service_and_never_asked(loopback: Ground) -> None:
    asked: list[HttpRequest] = []

    def answer(request: HttpRequest) -> Response:
        asked.append(request)
        return Response(200, b"internal")

    other = loopback.serve(answer, identity=None)
    first = loopback.serve(lambda _: Response(302, headers={"Location": f"{other.base}/admin"}), identity=None)
    result = probed(target(first.port, scheme="http"))
    assert result.verdict.outcome == "redirected"
    assert f"{other.base}/admin" in result.verdict.message
    assert asked == []


def test_redirects_without_end_that_never_repeat(loopback: Ground) -> None:
    count = iter(range(100))
    result, requests = seen(loopback, lambda _: Response(302, headers={"Location": f"/{next(count)}"}))
    assert result.verdict.outcome == "redirect-loop"
    assert len(requests) == 6


@pytest.mark.parametrize("location", ["", "http://[::1", "javascript:alert(1)", "https://h:bad/"])
def test_a_redirect_that_leads_nowhere(loopback: Ground, location: str) -> None:
    result, _ = seen(loopback, lambda _: Response(302, headers={"Location": location}))
    assert (result.verdict.outcome, result.ok) == ("redirected", True)


@pytest.mark.parametrize("role", ["pod", "application"])
def test_signing_in_is_normal_at_the_pods_pages(loopback: Ground, role: str) -> None:
    result, _ = seen(loopback, lambda _: Response(302, headers={"Location": "https://login.example/oam/x"}), role=role)
    assert (result.verdict.outcome, result.ok) == ("redirected", True)


@pytest.mark.parametrize(
    "location",
    ["https://login-xxxx-saasfaprod1.fa.ocs.example/oam/server/obrareq.cgi", "https://idcs.example/oauth2/v1/authorize",
     "/sso/start", "https://adfs.example/adfs/ls/?SAMLRequest=x", "/faces/login.jspx"],
)  # fmt: skip
@pytest.mark.parametrize("role", ["connector", "service", "endpoint"])
def test_a_redirect_to_a_sign_in_is_none_a_caller_can_follow(loopback: Ground, location: str, role: str) -> None:
    result, requests = seen(loopback, lambda _: Response(302, headers={"Location": location}), role=role)
    assert (result.verdict.outcome, result.ok) == ("sign-in-page", False)
    assert len(requests) == 1


@pytest.mark.parametrize("location", ["/catalogin/x", "https://shop.example/blog", "/authors"])
def test_an_innocent_address_is_no_sign_in(loopback: Ground, location: str) -> None:
    answers = {"/": Response(302, headers={"Location": location})}
    result, _ = seen(loopback, lambda request: answers.get(request.path, Response(200, b"x")))
    assert result.verdict.outcome == "redirected"


def test_a_page_with_a_sign_in_form(loopback: Ground) -> None:
    result, _ = seen(loopback, lambda _: Response(200, SIGN_IN), role="connector")
    assert result.verdict.outcome == "sign-in-page"


def contract_only_with_query(request: HttpRequest) -> Response:
    return Response(200, CONTRACT, XML) if request.query.upper() == "WSDL" else Response(200)


def test_a_blank_page_is_no_fault_and_the_contract_next_to_it_is_found(loopback: Ground) -> None:
    result, requests = seen(loopback, contract_only_with_query, expect="wsdl", path="/orders", service="Orders")
    assert (result.verdict.outcome, words(result)) == ("ok", [])
    assert [request.query for request in requests] == ["", "WSDL"]


def test_a_connectors_contract_is_judged_if_one_answers(loopback: Ground) -> None:
    rpc = service_wsdl("Orders", NAMESPACE, ("send",), "https://h/", style="rpc").encode()
    result, _ = seen(
        loopback, lambda request: Response(200, rpc, XML) if request.query else Response(405), role="connector",
        caller="fusion",
    )  # fmt: skip
    assert "wsdl-style-unsupported" in words(result)
    assert result.evidence.http is not None
    assert result.evidence.http.status == 405


def test_rpc_style_is_a_fault_for_oracles_callers_only(loopback: Ground) -> None:
    rpc = service_wsdl("Orders", NAMESPACE, ("send",), "https://h/", style="rpc").encode()
    for caller, outcome in (("person", "ok"), ("external", "ok"), ("integration-cloud", "wsdl-style-unsupported")):
        result, _ = seen(loopback, lambda _: Response(200, rpc, XML), expect="wsdl", path="/x?WSDL", caller=caller)
        assert result.verdict.outcome == outcome


def test_a_connector_without_a_contract_is_fine(loopback: Ground) -> None:
    result, requests = seen(loopback, lambda request: Response(404 if request.query else 405), role="connector")
    assert (result.verdict.outcome, words(result)) == ("ok", [])
    assert len(requests) == 2


@pytest.mark.parametrize(
    ("expected", "words"),
    [
        ({"service": "Other"}, "its service is Orders, Other is expected"),
        ({"namespace": "urn:other/"}, "urn:other/ is expected"),
        ({"operations": ("send", "cancel")}, "it has no operation cancel"),
    ],
)
def test_a_wsdl_of_something_else(loopback: Ground, expected: dict[str, object], words: str) -> None:
    result, _ = seen(loopback, lambda _: Response(200, CONTRACT, XML), expect="wsdl", path="/?WSDL", **expected)
    assert result.verdict.outcome == "wsdl-wrong-service"
    assert words in result.verdict.message


def test_operations_may_be_noted_with_spaces(loopback: Ground) -> None:
    text = service_wsdl("S", NAMESPACE, ("GetOrderDetails",), "https://h/").encode()
    result, _ = seen(
        loopback, lambda _: Response(200, text, XML), expect="wsdl", path="/?WSDL", operations=("Get Order Details",)
    )
    assert result.verdict.outcome == "ok"


def test_imports_here_are_read_and_elsewhere_never(loopback: Ground) -> None:
    visited: list[str] = []
    elsewhere = loopback.serve(lambda request: visited.append(request.path) or Response(200), identity=None)  # type: ignore[func-returns-value]
    part = service_wsdl("Inner", NAMESPACE, ("inner",), "https://h/").encode()
    outer = (
        '<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" targetNamespace="urn:orders/">'
        f'<import namespace="urn:a" location="part.wsdl"/>'
        f'<import namespace="urn:b" location="{elsewhere.base}/x.wsdl"/>'
        '<types><schema xmlns="http://www.w3.org/2001/XMLSchema"><include schemaLocation="types.xsd"/></schema></types>'
        '<service name="Outer"/></definitions>'
    ).encode()
    types = schema(NAMESPACE, ("a",)).encode()

    def answer(request: HttpRequest) -> Response:
        return Response(200, {"/part.wsdl": part, "/types.xsd": types}.get(request.path, outer), XML)

    result, requests = seen(loopback, answer, expect="wsdl", path="/?WSDL", service="Outer", operations=("inner",))
    assert (result.verdict.outcome, words(result)) == ("ok", [])
    assert sorted(request.path for request in requests) == ["/", "/part.wsdl", "/types.xsd"]
    assert visited == []
    assert result.evidence.wsdl is not None
    assert result.evidence.wsdl.imports_elsewhere == (f"{elsewhere.base}/x.wsdl",)
    assert any("not read" in note for note in result.verdict.notes)


def test_imports_in_a_circle_end(loopback: Ground) -> None:
    imports = b'<import location="/b"/><import location="/"/>'
    text = b'<definitions xmlns="http://schemas.xmlsoap.org/wsdl/">' + imports + b"</definitions>"
    result, requests = seen(loopback, lambda _: Response(200, text, XML), expect="wsdl")
    assert result.verdict.outcome == "ok"
    assert len(requests) == 2


def test_imports_without_end_are_capped(loopback: Ground) -> None:
    count = iter(range(10_000))

    def answer(_: HttpRequest) -> Response:
        imports = "".join(f'<import location="/{next(count)}"/>' for _ in range(3))
        return Response(
            200, f'<definitions xmlns="http://schemas.xmlsoap.org/wsdl/">{imports}</definitions>'.encode(), XML
        )

    result, requests = seen(loopback, answer, expect="wsdl")
    assert result.verdict.outcome == "ok"
    assert len(requests) <= 31
    assert any("further imports were not read" in note for note in result.verdict.notes)


def test_an_import_that_never_answers_is_missing(loopback: Ground) -> None:
    from omtui.practice.behaviours import silent

    text = b'<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"><import location="/slow"/></definitions>'

    def make(base: str):  # type: ignore[no-untyped-def]
        async def behave(channel: Channel) -> None:
            from omtui.practice.server import read_request, rendered

            buffer = bytearray()
            request = await read_request(channel, buffer)
            if request is not None and request.path == "/":
                await channel.write(rendered(Response(200, text, XML), "x"))
                await read_request(channel, buffer)
            await silent(base)(channel)

        return behave

    server = loopback.listen(make)
    result = probed(target(server.port, scheme="http", expect="wsdl", timeout=1.0))
    assert words(result) == ["wsdl-import-missing"]
    assert result.ok


def test_the_certificate_inside_a_wsdl_is_reported(loopback: Ground) -> None:
    identity = loopback.root.issue(("owsm.example",))
    text = service_wsdl("S", NAMESPACE, ("o",), "https://internal.example/s", certificate=identity.der_base64())
    result, _ = seen(loopback, lambda _: Response(200, text.encode(), XML), expect="wsdl")
    assert any("certificate inside the WSDL is CN=owsm.example" in note for note in result.verdict.notes)
    assert any("another address" in note and "internal.example" in note for note in result.verdict.notes)
    document = result.document()["wsdl"]
    assert document["certificate"]["names"] == ["owsm.example"]


@pytest.mark.parametrize(
    "says",
    [b"The plain HTTP request was sent to HTTPS port", b"Client sent an HTTP request to an HTTPS server.",
     b"You're speaking plain HTTP to an SSL-enabled server port.", b"This combination of host and port requires TLS."],
)  # fmt: skip
def test_servers_that_say_that_they_want_tls(loopback: Ground, says: bytes) -> None:
    server = loopback.serve(lambda _: Response(400, says), identity=None)
    assert probed(target(server.port, scheme="http")).verdict.outcome == "tls-on-plain-port"


@pytest.mark.parametrize("patient", [False, True], ids=["closes", "hangs"])
def test_a_tls_port_that_answers_http_with_its_wish_for_tls_is_no_plain_port(loopback: Ground, patient: bool) -> None:
    """As nginx does: it answers plain HTTP with an error in HTTP, also when its TLS is broken."""
    import asyncio

    from omtui.practice.server import rendered

    def make(_: str):  # type: ignore[no-untyped-def]
        async def behave(channel: Channel) -> None:
            heard = await channel.read()
            if heard.startswith(b"GET"):
                page = b"<center>The plain HTTP request was sent to HTTPS port</center>"
                await channel.write(rendered(Response(400, page), "nginx"))
            elif patient:
                await asyncio.Event().wait()

        return behave

    server = loopback.listen(make)
    assert probed(target(server.port, timeout=1.8)).verdict.outcome == ("tls-stalled" if patient else "tls-closed")


def test_a_server_that_has_begun_to_speak_tls_is_no_plain_port(loopback: Ground) -> None:
    """However slow it is, with any answer to a plain request."""
    import asyncio

    from omtui.practice.server import rendered

    def make(_: str):  # type: ignore[no-untyped-def]
        async def behave(channel: Channel) -> None:
            heard = await channel.read()
            if heard.startswith(b"GET"):
                await channel.write(rendered(Response(200, b"hello"), "both"))
                return
            await channel.write(b"\x16\x03\x03\x00\x7a\x02\x00")
            await asyncio.Event().wait()

        return behave

    server = loopback.listen(make)
    assert probed(target(server.port, timeout=1.8)).verdict.outcome == "tls-stalled"


def test_authorities_in_a_folder_are_trusted_as_openssl_does(loopback: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system keeps its authorities in a hashed folder, they can't be listed, only asked."""
    import subprocess

    folder = loopback.folder / "authorities"
    folder.mkdir()
    (folder / "root.pem").write_bytes(loopback.root.pem())
    subprocess.run([require("openssl"), "rehash", str(folder)], check=True, capture_output=True)
    empty = loopback.folder / "empty.pem"
    empty.write_text("")
    monkeypatch.setenv("SSL_CERT_DIR", str(folder))
    monkeypatch.setenv("SSL_CERT_FILE", str(empty))
    server = loopback.serve(lambda _: Response(200))
    result = probed(target(server.port))
    assert words(result) == []
    assert result.evidence.tls is not None
    assert str(folder) in result.evidence.tls.trust_store
    assert result.evidence.tls.trust == "system"
    assert words(probed(target(server.port, caller="fusion"))) == []


@pytest.mark.parametrize(
    ("authority", "noted"),
    [
        ("test root", True),  # the name of one that is trusted: whether it is that one, OpenSSL decides
        ("foreign", False),  # named by nobody here
    ],
)
def test_a_server_that_takes_one_connection_only_is_judged_by_what_it_sent(
    loopback: Ground, authority: str, noted: bool
) -> None:
    from omtui.practice.authority import server_context
    from omtui.practice.server import PlainChannel, TlsChannel, pages

    connections = 0
    context = server_context(Authority.root(authority).issue(), loopback.folder)

    def make(_: str):  # type: ignore[no-untyped-def]
        async def behave(channel: Channel) -> None:
            nonlocal connections
            connections += 1
            assert isinstance(channel, PlainChannel)
            tls = TlsChannel(channel, context)
            if connections == 1 and await tls.handshake():
                await pages(lambda _: Response(200, b"x"))(tls)

        return behave

    server = loopback.listen(make)
    result = probed(target(server.port, ca_file=str(loopback.ca_file)))
    assert words(result) == ["certificate-untrusted"]
    assert any("no second connection" in note for note in result.verdict.notes) is noted


def test_a_hiccup_is_not_a_verdict(loopback: Ground) -> None:
    """The first connection is dropped without an answer, the second is served: no fault, but it is reported."""
    from omtui.practice.server import pages

    connections = 0

    def make(_: str):  # type: ignore[no-untyped-def]
        async def behave(channel: Channel) -> None:
            nonlocal connections
            connections += 1
            if connections == 1:
                await channel.read()
                return
            await pages(lambda _: Response(200, b"x"))(channel)

        return behave

    server = loopback.listen(make, identity=loopback.root.issue())
    result = probed(target(server.port, ca_file=str(loopback.ca_file)))
    assert (result.verdict.outcome, words(result)) == ("ok", [])
    assert any("the second did" in note for note in result.verdict.notes)


def test_a_handshake_hiccup_is_not_a_verdict(loopback: Ground) -> None:
    from omtui.practice.authority import server_context
    from omtui.practice.server import PlainChannel, TlsChannel, pages

    context = server_context(loopback.root.issue(), loopback.folder)
    connections = 0

    def make(_: str):  # type: ignore[no-untyped-def]
        async def behave(channel: Channel) -> None:
            nonlocal connections
            connections += 1
            if connections <= 3:  # the first handshake, the look, and the question in plain HTTP
                await channel.read()
                return
            assert isinstance(channel, PlainChannel)
            tls = TlsChannel(channel, context)
            if await tls.handshake():
                await pages(lambda _: Response(200, b"x"))(tls)

        return behave

    server = loopback.listen(make)
    result = probed(target(server.port, ca_file=str(loopback.ca_file)))
    assert (result.verdict.outcome, words(result)) == ("ok", [])
    assert any("the second worked" in note for note in result.verdict.notes)


def test_a_client_certificate_that_is_named_is_not_at_hand(loopback: Ground) -> None:
    from omtui.practice.authority import server_context
    from omtui.practice.server import pages

    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = server_context(loopback.root.issue(), loopback.folder)
        context.maximum_version = version
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(loopback.ca_file)
        server = loopback.listen(lambda _: pages(lambda __: Response(200, b"x")), context=context)
        one: Target = target(server.port, ca_file=str(loopback.ca_file), client_certificate="me")
        absent = probed(one)
        assert not absent.ok
        assert any("'me' is not at hand" in note for note in absent.verdict.notes)
        bare = probed(target(server.port, ca_file=str(loopback.ca_file), expect="tls"))
        assert bare.verdict.outcome == "client-certificate-required"


def test_the_name_asked_for_may_differ_from_the_host(loopback: Ground) -> None:
    server = loopback.serve(lambda _: Response(200), identity=loopback.root.issue(("soa.pick.example",)))
    one = target(server.port, ca_file=str(loopback.ca_file), tls_name="soa.pick.example")
    assert probed(one).verdict.outcome == "ok"
    assert probed(target(server.port, ca_file=str(loopback.ca_file))).verdict.outcome == "certificate-wrong-name"


def test_the_name_is_sent_along(loopback: Ground) -> None:
    """A server with several certificates shows the one for the name asked for."""
    from omtui.practice.authority import server_context
    from omtui.practice.server import pages

    default = server_context(loopback.root.issue(("default.example",)), loopback.folder)
    asked = server_context(loopback.root.issue(("asked.example",)), loopback.folder)

    def choose(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        if name == "asked.example":
            connection.context = asked

    default.sni_callback = choose
    server = loopback.listen(lambda _: pages(lambda __: Response(200)), context=default)
    one = target(server.port, ca_file=str(loopback.ca_file), tls_name="asked.example")
    assert probed(one).verdict.outcome == "ok"


def test_the_least_tls_version_is_the_profiles(loopback: Ground) -> None:
    from omtui.practice.authority import server_context
    from omtui.practice.server import pages

    context = server_context(loopback.root.issue(), loopback.folder)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    server = loopback.listen(lambda _: pages(lambda __: Response(200)), context=context)
    strict = target(server.port, ca_file=str(loopback.ca_file), minimum_tls="1.3")
    assert "tls-too-old" in words(probed(strict))
    assert words(probed(target(server.port, ca_file=str(loopback.ca_file)))) == []


def test_faults_of_several_layers_are_all_reported(loopback: Ground) -> None:
    server = loopback.serve(lambda _: Response(404), identity=loopback.root.issue(("other.example",), days=(-9, -2)))
    result = probed(target(server.port, ca_file=str(loopback.ca_file)))
    assert words(result) == ["certificate-expired", "certificate-wrong-name", "not-found"]
    assert all(part in result.verdict.message for part in ("expired", "other.example", "404"))


def test_a_ca_file_that_cannot_be_read_is_reported(loopback: Ground) -> None:
    server = loopback.serve(lambda _: Response(200))
    result = probed(target(server.port, ca_file=str(loopback.folder / "none.pem")))
    assert not result.ok
    assert any("none.pem can't be used" in note for note in result.verdict.notes)


def test_a_link_that_only_this_machine_has_is_missing_for_the_caller(loopback: Ground) -> None:
    """With the intermediate in ca_file the certificate verifies here, and nowhere else."""
    intermediate = loopback.root.intermediate("link")
    both = loopback.folder / "both.pem"
    both.write_bytes(loopback.root.pem() + intermediate.pem())
    server = loopback.serve(lambda _: Response(200), identity=intermediate.issue(send_chain=False))
    result = probed(target(server.port, ca_file=str(both)))
    assert words(result) == ["certificate-chain-incomplete"]
    assert result.evidence.tls is not None
    assert result.evidence.tls.chain_complete is False


def test_a_self_signed_certificate_that_is_trusted_itself(loopback: Ground) -> None:
    from omtui.practice.authority import self_signed

    identity = self_signed()
    trusted = loopback.folder / "own.pem"
    trusted.write_bytes(identity.pem())
    server = loopback.serve(lambda _: Response(200), identity=identity)
    assert words(probed(target(server.port, ca_file=str(trusted)))) == []
    assert words(probed(target(server.port, ca_file=str(loopback.ca_file)))) == ["certificate-self-signed"]


def test_a_certificate_for_another_purpose_is_refused_by_openssl_itself(loopback: Ground) -> None:
    server = loopback.serve(lambda _: Response(200), identity=loopback.root.issue(client=True))
    result = probed(target(server.port, ca_file=str(loopback.ca_file)))
    assert words(result) == ["certificate-untrusted"]
    assert "purpose" in result.verdict.message


def test_a_link_that_is_no_authority_is_not_trusted(loopback: Ground) -> None:
    from omtui.practice.authority import ServerIdentity

    middle = loopback.root.issue(("middle.example",))
    forged = Authority(middle).issue(send_chain=False)
    server = loopback.serve(
        lambda _: Response(200), identity=ServerIdentity(forged.certificate, forged.key, (middle.certificate,))
    )
    assert words(probed(target(server.port, ca_file=str(loopback.ca_file)))) == ["certificate-untrusted"]


def test_a_trust_store_that_changed_is_read_again(loopback: Ground) -> None:
    """A workbench that stays open for days must not judge by yesterday's files."""
    other = Authority.root("another root")
    path = loopback.folder / "changing.pem"
    path.write_bytes(other.pem())
    server = loopback.serve(lambda _: Response(200))
    around = surroundings()
    one = target(server.port, ca_file=str(path))
    assert words(probed(one, lambda: around)) == ["certificate-untrusted"]
    path.write_bytes(loopback.root.pem())
    assert words(probed(one, lambda: around)) == []


def test_a_private_authority_is_outside_what_fusion_supports(loopback: Ground) -> None:
    server = loopback.serve(lambda _: Response(200))
    fields = {"ca_file": str(loopback.ca_file), "caller": "fusion", "role": "connector"}
    result = probed(target(server.port, **fields))  # type: ignore[arg-type]
    assert (words(result), result.ok) == (["caller-cannot"], True)
    assert words(probed(target(server.port, private_authority=True, **fields))) == []  # type: ignore[arg-type]


def test_only_oracles_callers_are_asked_for_tls_1_2(loopback: Ground) -> None:
    server = loopback.serve(lambda _: Response(200))
    both = probed(target(server.port, ca_file=str(loopback.ca_file), caller="fusion", private_authority=True))
    assert both.evidence.tls is not None
    assert (both.evidence.tls.version, both.evidence.tls.offers_tls_1_2) == ("TLSv1.3", True)
    person = probed(target(server.port, ca_file=str(loopback.ca_file)))
    assert person.evidence.tls is not None
    assert person.evidence.tls.offers_tls_1_2 is None


def test_control_characters_of_a_server_reach_no_message(loopback: Ground) -> None:
    evil = "evil\x1b[2J\x9b\u202e".encode("utf-8").decode("latin-1")
    headers = {"Server": evil, "Location": f"https://h.example/{evil}"}
    result, _ = seen(loopback, lambda _: Response(302, headers=headers))
    for text in (result.verdict.message, *result.verdict.notes, *(fault.message for fault in result.verdict.faults)):
        assert "\x1b" not in text
        assert "\x9b" not in text
