"""Servers that are odd, and fine or reported by their own name: old HTTP, one connection at a time, odd redirects."""

import asyncio
import ssl
from collections.abc import Callable

import pytest
from cryptography import x509

from omtui.practice.authority import server_context
from omtui.practice.behaviours import FAULT, no_tls_1_2
from omtui.practice.server import (
    Behaviour,
    Channel,
    HttpRequest,
    PlainChannel,
    Response,
    TlsChannel,
    pages,
    read_request,
)
from omtui.practice.wsdls import schema, service_wsdl
from omtui.topology.result import ProbeResult
from tests.topology.servers import Ground, probed, target, words

SCHEMA = schema("urn:x", ("send",)).encode()
FAULT_1_2 = (
    b"<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope'><s:Body><s:Fault><s:Reason><s:Text>no</s:Text>"
    b"</s:Reason></s:Fault></s:Body></s:Envelope>"
)


def wsdl(schema_at: str) -> bytes:
    return service_wsdl("Orders", "urn:x", ("send",), "https://h/", schema=schema_at).encode()


PAGES: dict[str, tuple[bytes, bytes, bytes]] = {
    "/redirect": (b"302 Found", b"Location: /wsdl\r\n", b""),
    "/wsdl": (b"200 OK", b"Content-Type: text/xml\r\n", wsdl("/schema")),
    "/deep": (b"200 OK", b"Content-Type: text/xml\r\n", wsdl("/chain")),
    "/chain": (b"200 OK", b"", b"<x:schema xmlns:x='http://www.w3.org/2001/XMLSchema'>"
               b"<x:include schemaLocation='schema'/></x:schema>"),
    "/schema": (b"200 OK", b"", SCHEMA),
    "/endpoint": (b"405 No", b"", b""),
    "/endpoint?WSDL": (b"200 OK", b"Content-Type: text/xml\r\n", wsdl("/schema")),
}  # fmt: skip


def closing(
    version: bytes, header: bytes = b"", *, served: int = 1, resets: bool = False
) -> Callable[[str], Behaviour]:
    """Answers so many requests a connection, and then closes it without having said so."""

    def make(_: str) -> Behaviour:
        async def behave(channel: Channel) -> None:
            buffer = bytearray()
            for _ in range(served):
                request = await read_request(channel, buffer)
                if request is None:
                    return
                path = request.path + (f"?{request.query}" if request.query else "")
                status, more, body = PAGES[path]
                head = b"HTTP/%s %s\r\n%s%sContent-Length: %d\r\n\r\n" % (version, status, header, more, len(body))
                await channel.write(head + body)
            if resets:
                await read_request(channel, buffer)
                plain = channel.plain if isinstance(channel, TlsChannel) else channel
                assert isinstance(plain, PlainChannel)
                plain.reset()

        return behave

    return make


@pytest.mark.parametrize("secure", [False, True], ids=["plain", "TLS"])
@pytest.mark.parametrize(
    "server",
    [
        closing(b"1.0"),
        closing(b"1.0", b"Connection: keep-alive\r\n", served=2),
        closing(b"1.1", b"Connection: close\r\n"),
        closing(b"1.1"),
        closing(b"1.1", served=2),
        closing(b"1.1", b"Connection: keep-alive\r\nKeep-Alive: timeout=5, max=100\r\n"),
        closing(b"1.1", resets=True),
    ],
    ids=["1.0", "1.0 that keeps", "says close", "silent", "silent after two", "promises more", "resets"],
)
def test_a_server_that_closes_after_its_answer_is_asked_again(
    loopback: Ground, server: Callable[[str], Behaviour], secure: bool
) -> None:
    at = loopback.listen(server, identity=loopback.root.issue() if secure else None).port
    how = {"scheme": "https" if secure else "http", "ca_file": str(loopback.ca_file)}
    for path, expect in (("/redirect", "wsdl"), ("/wsdl", "wsdl"), ("/deep", "wsdl"), ("/endpoint", "http")):
        role = "connector" if expect == "http" else "endpoint"
        result = probed(target(at, path=path, expect=expect, role=role, **how))  # type: ignore[arg-type]
        assert words(result) == [], (path, result.verdict.message)
        assert result.evidence.wsdl is not None, path
        assert result.evidence.wsdl.imports_read, path


def one_at_a_time(
    loopback: Ground,
    context: ssl.SSLContext | None,
    answer: Callable[[HttpRequest], Response] = lambda _: Response(200),
) -> int:
    """A server that takes the next connection when the one before has ended."""
    free: list[asyncio.Lock] = []

    def make(_: str) -> Behaviour:
        async def behave(channel: Channel) -> None:
            if not free:
                free.append(asyncio.Lock())
            async with free[0]:
                assert isinstance(channel, PlainChannel)
                if context is None:
                    await pages(answer)(channel)
                    return
                tls = TlsChannel(channel, context)
                if await tls.handshake():
                    await pages(answer)(tls)

        return behave

    return loopback.listen(make).port


@pytest.mark.parametrize(
    ("names", "issued_by", "caller", "tls_1_3", "expected"),
    [
        (("other.example",), "test root", "person", False, ["certificate-wrong-name"]),
        (("127.0.0.1",), "test root", "fusion", False, ["caller-cannot"]),
        (("127.0.0.1",), "test root", "fusion", True, ["caller-cannot"]),
        (("127.0.0.1",), "test root", "person", True, []),
    ],
)
def test_a_server_that_serves_one_connection_at_a_time(
    loopback: Ground, names: tuple[str, ...], issued_by: str, caller: str, tls_1_3: bool, expected: list[str]
) -> None:
    context = server_context(loopback.root.issue(names), loopback.folder)
    if tls_1_3:
        no_tls_1_2(context)
    port = one_at_a_time(loopback, context)
    for expect in ("http", "tls"):
        result = probed(target(port, expect=expect, ca_file=str(loopback.ca_file), caller=caller, timeout=3.0))
        assert words(result) == expected, result.verdict.message
        assert ("TLS 1.3 only" in result.verdict.message) is (tls_1_3 and caller == "fusion")
        if caller == "fusion":
            assert result.evidence.tls is not None
            assert result.evidence.tls.offers_tls_1_2 is not tls_1_3


def test_a_chain_that_only_openssl_can_judge_is_judged_on_one_connection_at_a_time(loopback: Ground) -> None:
    """A foreign certificate with the name of a trusted authority needs a second connection."""
    from omtui.practice.authority import Authority

    port = one_at_a_time(loopback, server_context(Authority.root("test root").issue(), loopback.folder))
    result = probed(target(port, ca_file=str(loopback.ca_file), timeout=3.0))
    assert words(result) == ["certificate-untrusted"]
    assert not result.verdict.notes
    assert result.evidence.http is not None


def test_a_plain_server_of_one_connection_at_a_time_on_a_tls_port(loopback: Ground) -> None:
    result = probed(target(one_at_a_time(loopback, None), timeout=2.0))
    assert words(result) == ["plain-http-on-tls-port"]


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("/b\u00fcro".encode(), "/b%C3%BCro"),
        ("/b\u00fcro".encode("latin-1"), "/b%FCro"),
        (b"/b%C3%BCro", "/b%C3%BCro"),
        ("/\u6ce8?q=\u6ce8".encode(), "/%E6%B3%A8?q=%E6%B3%A8"),
        (b"/a b", "/a%20b"),
    ],
)
def test_a_redirect_with_letters_beyond_ascii_is_followed_to_the_letter(
    loopback: Ground, said: bytes, asked: str
) -> None:
    heard: list[str] = []

    def make(_: str) -> Behaviour:
        async def behave(channel: Channel) -> None:
            while (request := await read_request(channel, bytearray())) is not None:
                heard.append(request.path + (f"?{request.query}" if request.query else ""))
                first = len(heard) == 1
                head = b"302 Found\r\nLocation: " + said if first else b"200 OK"
                await channel.write(b"HTTP/1.1 " + head + b"\r\nContent-Length: 0\r\n\r\n")

        return behave

    result = probed(target(loopback.listen(make).port, scheme="http"))
    assert (result.verdict.outcome, heard) == ("redirected", ["/", asked])


@pytest.mark.parametrize("there", ["same port", "other host", "closed port", "sign-in"])
@pytest.mark.parametrize("role", ["endpoint", "connector"])
def test_a_redirect_from_https_to_plain_http_is_a_warning(loopback: Ground, there: str, role: str) -> None:
    plain = loopback.serve(lambda _: Response(200, wsdl("/schema"), "text/xml"), identity=None)
    location = {
        "same port": f"http://127.0.0.1:{plain.port}/", "other host": "http://else.example/",
        "closed port": "http://127.0.0.1:9/", "sign-in": "http://login.else.example/sso",
    }[there]  # fmt: skip
    server = loopback.serve(lambda _: Response(307, headers={"Location": location}))
    result = probed(target(server.port, ca_file=str(loopback.ca_file), role=role))
    assert "redirected-to-plain-http" in words(result)
    assert location in result.verdict.message
    assert result.ok is (there in ("same port", "other host"))
    assert (result.verdict.outcome == "redirected-to-plain-http") is result.ok
    back = loopback.serve(lambda _: Response(307, headers={"Location": f"https://127.0.0.1:{server.port}/"}),
                          identity=None)  # fmt: skip
    assert "redirected-to-plain-http" in words(
        probed(target(back.port, scheme="http", ca_file=str(loopback.ca_file), role=role))
    )


@pytest.mark.parametrize(
    ("fault", "status", "ok"),
    [(FAULT, 500, True), (FAULT_1_2, 500, True), (FAULT, 404, True), (FAULT, 200, True), (b"<error/>", 500, False)],
)
def test_a_soap_fault_to_a_get_is_an_answer_of_a_connector(
    loopback: Ground, fault: bytes, status: int, ok: bool
) -> None:
    def answer(request: HttpRequest) -> Response:
        asked = request.query == "WSDL"
        contract = service_wsdl("Orders", "urn:x", ("send",), "https://h/").encode()
        return Response(200, contract, "text/xml") if asked else Response(status, fault, "text/xml")

    port = loopback.serve(answer).port
    result = probed(target(port, ca_file=str(loopback.ca_file), role="connector"))
    assert result.ok is ok
    assert (result.evidence.wsdl is not None) is ok
    if ok and status >= 400:
        assert "SOAP fault" in result.verdict.message


@pytest.mark.parametrize(
    ("challenges", "odd"),
    [
        (["Negotiate", "NTLM"], True),
        (["Negotiate, NTLM"], True),
        (["ntlm TlRMTVNTUAAB=="], True),
        (['Bearer realm="a, Basic b", error="invalid_token"'], True),
        (["Bearer"], True),
        (['Negotiate, Basic realm="x"'], False),
        (["NTLM", 'Basic realm="x", charset = "UTF-8"'], False),
        (['Digest realm="x", nonce="1"'], False),
        ([], False),
    ],
)
@pytest.mark.parametrize("caller", ["person", "fusion", "integration-cloud"])
def test_what_offers_no_user_name_and_password_is_out_of_the_callers_reach(
    loopback: Ground, challenges: list[str], odd: bool, caller: str
) -> None:
    head = b"".join(b"WWW-Authenticate: %s\r\n" % challenge.encode() for challenge in challenges)
    raw = b"HTTP/1.1 401 Unauthorized\r\n%sContent-Length: 0\r\n\r\n" % head

    def make(_: str) -> Behaviour:
        async def behave(channel: Channel) -> None:
            while await read_request(channel, bytearray()) is not None:
                await channel.write(raw)

        return behave

    result = probed(target(loopback.listen(make).port, scheme="http", role="connector", caller=caller))
    demanding = odd and caller != "person"
    assert result.ok
    assert result.verdict.outcome == ("caller-cannot" if demanding else "credentials-required")
    assert words(result) == ["caller-cannot"] * demanding + ["credentials-required"] * odd
    for scheme in ("Negotiate", "NTLM", "Bearer") if odd else ():
        assert (scheme.lower() in result.verdict.advice.lower()) is any(
            challenge.lower().startswith(scheme.lower()) or scheme.lower() in challenge.lower()
            for challenge in challenges
        )


def test_an_address_counts_as_an_address_only(loopback: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a DNS name it is overlooked by OpenSSL, curl and Java."""
    as_it_should = loopback.serve(lambda _: Response(200), identity=loopback.root.issue())
    monkeypatch.setattr("omtui.practice.authority._general_name", x509.DNSName)
    as_a_name = loopback.serve(lambda _: Response(200), identity=loopback.root.issue(("127.0.0.1",)))
    assert words(probed(target(as_it_should.port, ca_file=str(loopback.ca_file)))) == []
    result = probed(target(as_a_name.port, ca_file=str(loopback.ca_file)))
    assert words(result) == ["certificate-wrong-name"]
    assert "it names DNS:127.0.0.1" in result.verdict.message


def result_of(loopback: Ground, answer: Callable[[HttpRequest], Response], **fields: object) -> ProbeResult:
    return probed(target(loopback.serve(answer).port, ca_file=str(loopback.ca_file), **fields))  # type: ignore[arg-type]


@pytest.mark.parametrize("blank", [" ", "\n  ", "&#10;", "\t"])
def test_blanks_around_an_imports_address_do_not_count(loopback: Ground, blank: str) -> None:
    def answer(request: HttpRequest) -> Response:
        contract = wsdl("/schema").replace(b'"/schema"', f'"{blank}/schema{blank}"'.encode())
        body = {"/": contract, "/schema": SCHEMA}.get(request.path)
        return Response(200, body, "text/xml") if body else Response(404)

    assert words(result_of(loopback, answer, expect="wsdl")) == []
