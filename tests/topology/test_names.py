"""Names against a real name server on loopback: each return code keeps its own word."""

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

from omtui.topology.names import HostLookup, NameResolver, read_hosts
from omtui.topology.review import run_review
from tests.topology.servers import Ground, probed, surroundings, target, words

HOST = "h.example"


def lookup(names: NameResolver, host: str = HOST) -> HostLookup:
    async def ask() -> HostLookup:
        try:
            return await names.lookup(host)
        finally:
            await names.close()

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        ("NXDOMAIN", "name-unknown"),
        ("SERVFAIL", "name-server-failed"),
        ("REFUSED", "name-server-failed"),
        ([], "name-without-address"),
        (None, "name-server-silent"),
    ],
)
def test_return_codes_are_distinguished(loopback: Ground, answer: Any, word: str) -> None:
    port = loopback.name_server(lambda name, kind: answer)
    for _ in range(5):
        result = probed(target(443, host=HOST), lambda: surroundings(name_server=port, lifetime=0.6))
        assert (result.verdict.outcome, words(result)) == (word, [word])
        assert result.evidence.times.connect is None
        assert HOST in result.verdict.message


def test_nobody_listens_at_the_name_servers_port() -> None:
    result = probed(target(443, host=HOST), lambda: surroundings(lifetime=1.0))
    assert result.verdict.outcome in ("name-server-silent", "name-server-failed")


def test_both_families_are_found(loopback: Ground) -> None:
    port = loopback.name_server(lambda name, kind: ["127.0.0.1"] if kind == "A" else ["::1"])
    found = lookup(NameResolver(servers=["127.0.0.1"], port=port, hosts_file=None))
    assert found.addresses == (("127.0.0.1", "IPv4"), ("::1", "IPv6"))
    assert "name server" in found.source


def test_a_name_with_one_family_is_fine(loopback: Ground) -> None:
    port = loopback.name_server(lambda name, kind: ["127.0.0.1"] if kind == "A" else [])
    assert lookup(NameResolver(servers=["127.0.0.1"], port=port, hosts_file=None)).addresses == (("127.0.0.1", "IPv4"),)


def test_silence_about_one_family_does_not_cost_the_whole_time(loopback: Ground) -> None:
    port = loopback.name_server(lambda name, kind: ["127.0.0.1"] if kind == "A" else None)
    began = time.monotonic()
    assert lookup(NameResolver(servers=["127.0.0.1"], port=port, hosts_file=None, lifetime=20)).addresses
    assert time.monotonic() - began < 5


def test_a_dead_first_name_server_is_waited_for_once(loopback: Ground) -> None:
    asked: list[str] = []
    silent = loopback.name_server(lambda name, kind: None, host="127.0.0.2")

    def answer(name: str, kind: str) -> list[str]:
        asked.append(name)
        return ["127.0.0.1"] if kind == "A" else []

    # Both servers are asked at one port: the silent one on 127.0.0.2, the other on 127.0.0.3.
    loopback.name_server(answer, host="127.0.0.3", port=silent)
    names = NameResolver(servers=["127.0.0.2", "127.0.0.3"], port=silent, hosts_file=None, lifetime=5.0)

    async def ask() -> tuple[float, float]:
        began = time.monotonic()
        assert (await names.lookup("one.example")).addresses
        between = time.monotonic()
        assert (await names.lookup("two.example")).addresses
        after = time.monotonic()
        await names.close()
        return between - began, after - between

    first, second = asyncio.run(ask())
    assert first > 1.0
    assert second < 1.0


def test_a_name_is_asked_for_once_however_many_need_it(loopback: Ground) -> None:
    asked: list[tuple[str, str]] = []

    def answer(name: str, kind: str) -> list[str]:
        asked.append((name, kind))
        return ["127.0.0.1"] if kind == "A" else []

    port = loopback.name_server(answer)
    closed = [target(9, scheme="tcp", expect="closed", host=HOST, name=f"t{at}") for at in range(50)]
    review = run_review(closed, lambda: surroundings(name_server=port))
    assert review.counts["ok"] == 50
    assert sorted(asked) == [(HOST, "A"), (HOST, "AAAA")]


def test_one_probe_that_gives_up_takes_the_answer_from_nobody(loopback: Ground) -> None:
    import threading

    may_answer = threading.Event()

    def answer(name: str, kind: str) -> list[str] | None:
        if not may_answer.is_set():
            return None
        return ["127.0.0.1"] if kind == "A" else []

    port = loopback.name_server(answer)

    async def ask() -> HostLookup:
        names = NameResolver(servers=["127.0.0.1"], port=port, hosts_file=None, lifetime=10.0)
        impatient, patient = (asyncio.create_task(names.lookup(HOST)) for _ in range(2))
        await asyncio.sleep(0)
        impatient.cancel()
        may_answer.set()
        try:
            return await patient
        finally:
            await names.close()

    assert asyncio.run(ask()).addresses == (("127.0.0.1", "IPv4"),)


def test_dead_names_make_no_healthy_endpoint_look_dead(loopback: Ground) -> None:
    """asyncio's own resolver calls three quarters of the healthy ones dead here."""
    from omtui.practice.server import Response

    healthy = loopback.serve(lambda _: Response(200, b"ok"), identity=None)

    def answer(name: str, kind: str) -> list[str] | None:
        if name.startswith("dead"):
            return None
        return ["127.0.0.1"] if kind == "A" else []

    port = loopback.name_server(answer)
    mixed = [
        target(healthy.port, scheme="http", host=f"{'dead' if at % 10 == 0 else 'good'}{at}.example", name=f"t{at}")
        for at in range(200)
    ]
    began = time.monotonic()
    review = run_review(mixed, lambda: surroundings(name_server=port, lifetime=5.0))
    outcomes = {result.target.name: result.verdict.outcome for result in review.results}
    assert all(outcomes[f"t{at}"] == ("name-server-silent" if at % 10 == 0 else "ok") for at in range(200))
    assert time.monotonic() - began < 20


def test_the_hosts_file_comes_first(loopback: Ground, tmp_path: Path) -> None:
    hosts = tmp_path / "hosts"
    hosts.write_text("# comment\n127.0.0.7 H.example alias # tail\n::1 h.example\nnonsense here\n\n")
    assert read_hosts(hosts) == {"h.example": ["127.0.0.7", "::1"], "alias": ["127.0.0.7"]}
    names = NameResolver(servers=["127.0.0.1"], port=9, hosts_file=hosts)
    found = lookup(names, "h.EXAMPLE.")
    assert found.addresses == (("127.0.0.7", "IPv4"), ("::1", "IPv6"))
    assert found.source == "the hosts file"


def test_an_unreadable_hosts_file_is_an_empty_one(tmp_path: Path) -> None:
    assert read_hosts(tmp_path / "none") == {}


@pytest.mark.parametrize(("host", "family"), [("10.1.2.3", "IPv4"), ("::1", "IPv6"), ("fe80::1%lo", "IPv6")])
def test_addresses_need_no_name_server(host: str, family: str) -> None:
    assert lookup(NameResolver(servers=["127.0.0.1"], port=9), host).addresses == ((host, family),)


@pytest.mark.parametrize("host", ["a" * 64 + ".example", "x..example", "\u2603" * 70 + ".example"])
def test_what_can_be_no_name_is_unknown(host: str) -> None:
    found = lookup(NameResolver(servers=["127.0.0.1"], port=9, hosts_file=None, lifetime=1), host)
    assert found.stop is not None
    assert found.stop.word == "name-unknown"


def test_localhost_never_leaves_the_machine() -> None:
    found = lookup(NameResolver(servers=["127.0.0.1"], port=9, hosts_file=None), "sub.localhost")
    assert found.addresses == (("127.0.0.1", "IPv4"), ("::1", "IPv6"))


def test_no_name_server_configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import dns.resolver

    monkeypatch.setattr(dns.resolver.BaseResolver, "read_resolv_conf", _no_configuration)
    found = lookup(NameResolver(hosts_file=None))
    assert found.stop is not None
    assert found.stop.word == "name-server-failed"


def _no_configuration(self: object, path: object) -> None:
    import dns.resolver

    raise dns.resolver.NoResolverConfiguration("no nameservers")
