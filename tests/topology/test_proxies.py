"""Proxies of the environment: when they are used, and real ones on loopback."""

import asyncio

import pytest

from omtui.practice.server import Channel, Response, read_request
from omtui.topology.proxies import Proxies
from tests.topology.servers import Ground, probed, surroundings, target

PROXY = "http://proxy.example:3128"


@pytest.mark.parametrize(
    ("environment", "scheme", "host", "used"),
    [
        ({}, "https", "h.example", False),
        ({"HTTPS_PROXY": PROXY}, "https", "h.example", True),
        ({"https_proxy": PROXY}, "https", "h.example", True),
        ({"HTTPS_PROXY": PROXY}, "http", "h.example", False),
        ({"HTTPS_PROXY": PROXY}, "tcp", "h.example", False),
        ({"ALL_PROXY": PROXY}, "http", "h.example", True),
        ({"https_proxy": "", "HTTPS_PROXY": PROXY}, "https", "h.example", False),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "*"}, "https", "h.example", False),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "x.example, h.example"}, "https", "H.example.", False),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": ".example"}, "https", "h.example", False),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "x.example h.example"}, "https", "h.example", False),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "x.example\t h.example. ,y.example"}, "https", "h.example", False),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "h.example.:443"}, "https", "h.example", False),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": " , ,"}, "https", "h.example", True),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "b\u00fccher.example"}, "https", "xn--bcher-kva.example", False),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "*.xn--bcher-kva.example"}, "https", "a.B\u00dcCHER.example", False),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "ample"}, "https", "h.example", True),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "h.example:8443"}, "https", "h.example", True),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "h.example:443"}, "https", "h.example", False),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "10.0.0.0/8"}, "https", "10.1.2.3", False),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "10.0.0.0/8"}, "https", "11.1.2.3", True),
        ({"HTTPS_PROXY": PROXY}, "https", "localhost", False),
        ({"HTTPS_PROXY": PROXY}, "https", "127.0.0.5", False),
        ({"HTTPS_PROXY": PROXY}, "https", "::1", False),
        ({"HTTPS_PROXY": "socks5://proxy.example"}, "https", "h.example", False),
        ({"HTTP_PROXY": PROXY, "REQUEST_METHOD": "GET"}, "http", "h.example", False),
    ],
)
def test_when_a_proxy_is_used(environment: dict[str, str], scheme: str, host: str, used: bool) -> None:
    assert (Proxies(environment).for_target(scheme, host, 443) is not None) is used


def test_the_password_is_never_shown() -> None:
    proxy = Proxies({"HTTPS_PROXY": "http://me:hush@proxy.example:3128"}).for_target("https", "h.example", 443)
    assert proxy is not None
    assert proxy.shown == PROXY
    assert proxy.authorization.startswith("Basic ")


def test_a_proxy_of_another_kind_is_reported() -> None:
    assert "socks5" in Proxies({"ALL_PROXY": "socks5://proxy.example"}).problem
    assert Proxies({"ALL_PROXY": "http://h:bad"}).problem


@pytest.mark.parametrize(("host", "is_noted"), [("h.example", True), ("127.0.0.1", False), ("direct.example", False)])
def test_a_proxy_that_is_passed_by_is_noted_with_each_result_that_it_affects(
    loopback: Ground, host: str, is_noted: bool
) -> None:
    environment = {"HTTPS_PROXY": "socks5://proxy.example", "NO_PROXY": "direct.example"}
    name_server = loopback.name_server(lambda *_: "NXDOMAIN")
    result = probed(target(1, host=host), lambda: surroundings(environment=environment, name_server=name_server))
    assert any("socks5 proxy" in note for note in result.verdict.notes) is is_noted
    assert Proxies(environment).passed_by("tcp", host, 1) == ""


def proxy(loopback: Ground, status: int = 200, requests: list[str] | None = None) -> int:
    """A proxy that knows every name as 127.0.0.1."""

    def make(_: str):  # type: ignore[no-untyped-def]
        async def behave(channel: Channel) -> None:
            request = await read_request(channel, bytearray())
            if request is None:
                return
            if requests is not None:
                requests.append(f"{request.method} {request.path}")
            if status != 200:
                await channel.write(f"HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n".encode())
                return
            if request.method != "CONNECT":
                await channel.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                return
            reader, writer = await asyncio.open_connection("127.0.0.1", int(request.path.rpartition(":")[2]))
            await channel.write(b"HTTP/1.1 200 Established\r\n\r\n")

            async def back() -> None:
                while data := await reader.read(65536):
                    await channel.write(data)

            backwards = asyncio.create_task(back())
            while data := await channel.read():
                writer.write(data)
            backwards.cancel()
            writer.close()

        return behave

    return loopback.listen(make).port


def test_tls_goes_through_a_tunnel_and_the_name_stays_the_proxys_affair(loopback: Ground) -> None:
    requests: list[str] = []
    at = proxy(loopback, requests=requests)
    server = loopback.serve(lambda _: Response(200, b"x"), identity=loopback.root.issue(("inner.example",)))
    environment = {"HTTPS_PROXY": f"http://127.0.0.1:{at}"}
    one = target(server.port, host="inner.example", ca_file=str(loopback.ca_file))
    result = probed(one, lambda: surroundings(environment=environment))
    assert result.verdict.outcome == "ok"
    assert requests[0] == f"CONNECT inner.example:{server.port}"
    assert result.document()["proxy"] == f"http://127.0.0.1:{at}"
    assert any("through the proxy" in note for note in result.verdict.notes)


@pytest.mark.parametrize(
    ("host", "spelled"),
    [
        ("b\u00fccher.example", "xn--bcher-kva.example"),
        ("stra\u00dfe.example", "xn--strae-oqa.example"),
        ("B\u00dcCHER.Example", "xn--bcher-kva.example"),
        ("_dmarc.b\u00fccher.example", "_dmarc.xn--bcher-kva.example"),
        ("\u2615.example", "xn--53h.example"),
        ("\u6ce8\u3002example", "xn--6ww.example"),
    ],
)
def test_a_name_with_letters_beyond_ascii_is_spelled_as_dns_does(loopback: Ground, host: str, spelled: str) -> None:
    requests: list[str] = []
    at = proxy(loopback, requests=requests)
    environment = {"HTTPS_PROXY": f"http://127.0.0.1:{at}", "HTTP_PROXY": f"http://127.0.0.1:{at}"}
    server = loopback.serve(lambda _: Response(200, b"x"), identity=loopback.root.issue((spelled,)))
    secure = target(server.port, host=host, ca_file=str(loopback.ca_file))
    result = probed(secure, lambda: surroundings(environment=environment))
    assert (result.verdict.outcome, requests[0]) == ("ok", f"CONNECT {spelled}:{server.port}")
    assert probed(target(8080, scheme="http", host=host, path="/x"), lambda: surroundings(environment=environment)).ok
    assert requests[-1] == f"GET http://{spelled}:8080/x"
    hosts_file = loopback.folder / "hosts"
    hosts_file.write_text(f"127.0.0.1 {spelled}\n")
    assert probed(secure, lambda: surroundings(hosts_file=hosts_file)).verdict.outcome == "ok"


def test_an_unverified_certificate_is_read_through_the_tunnel_too(loopback: Ground) -> None:
    at = proxy(loopback)
    server = loopback.serve(
        lambda _: Response(200, b"x"), identity=loopback.root.issue(("inner.example",), days=(-9, -1))
    )
    one = target(server.port, host="inner.example", ca_file=str(loopback.ca_file))
    result = probed(one, lambda: surroundings(environment={"HTTPS_PROXY": f"http://127.0.0.1:{at}"}))
    assert result.verdict.outcome == "certificate-expired"


def test_plain_http_asks_the_proxy_for_the_whole_address(loopback: Ground) -> None:
    requests: list[str] = []
    at = proxy(loopback, requests=requests)
    one = target(8080, scheme="http", host="inner.example", path="/x")
    result = probed(one, lambda: surroundings(environment={"HTTP_PROXY": f"http://127.0.0.1:{at}"}))
    assert result.verdict.outcome == "ok"
    assert requests == ["GET http://inner.example:8080/x"]


@pytest.mark.parametrize(
    ("status", "word"),
    [(407, "forbidden"), (403, "forbidden"), (502, "unavailable"), (504, "timed-out"), (400, "http-error")],
)
def test_a_proxy_that_refuses_is_named(loopback: Ground, status: int, word: str) -> None:
    at = proxy(loopback, status)
    one = target(443, host="inner.example")
    result = probed(one, lambda: surroundings(environment={"HTTPS_PROXY": f"http://127.0.0.1:{at}"}))
    assert (result.verdict.outcome, result.ok) == (word, False)
    assert f"the proxy answered {status}" in result.verdict.message


def test_a_dead_proxy_is_not_the_endpoints_fault_without_saying_so(loopback: Ground) -> None:
    result = probed(
        target(443, host="inner.example"), lambda: surroundings(environment={"HTTPS_PROXY": "http://127.0.0.1:9"})
    )
    assert result.verdict.outcome == "refused"
    assert "goes through the proxy http://127.0.0.1:9" in result.verdict.message
