"""A defect of omtui in the middle of a probe costs that endpoint's result, which says so; the rest is judged."""

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from omtui.practice.server import HttpRequest, Response
from omtui.practice.wsdls import schema, service_wsdl
from omtui.service.reviewing import report
from omtui.topology import certificate, connection, handshake, http1, pages, reports, review, tls, trust, wsdl
from omtui.topology.result import ProbeResult
from omtui.topology.review import run_review
from omtui.topology.words import WORDS
from tests.thorough import THOROUGH
from tests.topology.servers import Ground, surroundings, target

STAGES: tuple[tuple[Any, str], ...] = (
    (connection.Connection, "resolve"), (connection.Connection, "connect"),
    (connection.Connection, "settle"), (connection.Connection, "open"),
    (connection.Connection, "first_word"),
    (handshake.Handshakes, "secure"), (handshake.Handshakes, "reach"), (handshake, "read"),
    (handshake, "names_match"), (tls.TlsStream, "handshake"), (tls.TlsStream, "read"), (tls.TlsStream, "sent_chain"),
    (http1.Exchange, "run"), (http1, "_head"), (http1, "_body"), (pages, "get_request"), (pages, "origin"),
    (pages, "resolved_imports"), (pages.HttpPhases, "visit"), (pages.HttpPhases, "_note"), (wsdl.Body, "take"),
    (wsdl.Body, "document"), (wsdl._XmlReader, "_start"), (wsdl._XmlReader, "_end"), (trust.Trust, "judge"),
    (certificate, "is_issued_by"), (review, "judge"), (review, "probe"),
)  # fmt: skip
DEFECTS: tuple[Callable[[], Exception], ...] = (
    lambda: ValueError("multi-byte \x1b[31m"), lambda: LookupError("x"), lambda: KeyError("k"), AssertionError,
    RecursionError, MemoryError, lambda: UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no"), ZeroDivisionError,
    lambda: AttributeError("a" * 5000), StopIteration, lambda: RuntimeError("two\nlines"),
)  # fmt: skip


def sometimes(stage: Callable[..., Any], chance: random.Random, raised: list[Exception]) -> Callable[..., Any]:
    """The stage, which now and then fails in the way of a bug."""

    def failing(*given: Any, **named: Any) -> Any:
        if chance.random() < 0.25:
            raised.append(chance.choice(DEFECTS)())
            raise raised[-1]
        return stage(*given, **named)

    return failing


@pytest.mark.parametrize("seed", range(1000 if THOROUGH else len(STAGES)))
def test_a_defect_in_any_stage_costs_one_result(
    defective: Callable[[], list[Any]], monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    raised: list[Exception] = []
    monkeypatch.setattr(connection, "_LOOK", 0.05)
    place, name = STAGES[seed % len(STAGES)]
    monkeypatch.setattr(place, name, sometimes(getattr(place, name), chance, raised))
    targets = defective()
    heard: list[ProbeResult] = []
    done = run_review(targets, surroundings, on_result=heard.append)
    assert not done.interrupted
    assert [result.target for result in done.results] == targets
    assert sorted(id(result) for result in heard) == sorted(id(result) for result in done.results)
    ended = [result for result in done.results if result.verdict.outcome == "cancelled"]
    assert len(ended) <= len(raised)
    for result in done.results:
        assert result.verdict.outcome in WORDS
        assert result.verdict.message.isprintable()
        if result in ended:
            assert "fault of omtui" in result.verdict.message
            assert not result.ok
        elif not raised:
            assert result.ok
    for written in (reports.text(done), report(done, "html"), *(write(done) for write in reports.FORMATS.values())):
        assert "the target 3" in written
    assert len(json.loads(reports.FORMATS["json"](done))["results"]) == len(targets)


@pytest.fixture
def defective(loopback: Ground) -> Callable[[], list[Any]]:
    """Healthy targets of every kind."""

    def answer(request: HttpRequest) -> Response:
        if request.query == "XSD":
            return Response(200, schema("urn:x", ("send",)).encode(), "text/xml")
        if request.query == "WSDL" or request.path == "/wsdl":
            return Response(200, service_wsdl("Orders", "urn:x", ("send",), "https://h/", schema="/?XSD").encode(),
                            "text/xml")  # fmt: skip
        return Response(200, b"ok", headers={"Connection": "close"})

    port = loopback.serve(answer).port
    kinds = [
        {"expect": "wsdl", "path": "/wsdl"}, {"role": "connector", "caller": "fusion", "private_authority": True},
        {"expect": "tls"}, {"expect": "open"}, {}, {"host": "localhost"},
    ]  # fmt: skip

    def make() -> list[Any]:
        named = (
            {"name": f"the target {at}", "ca_file": str(loopback.ca_file), **kind} for at, kind in enumerate(kinds)
        )
        return [target(port, **fields) for fields in named]

    return make


def test_what_takes_the_results_and_fails_still_ends_the_review(loopback: Ground) -> None:
    server = loopback.serve(lambda _: Response(200), identity=None)

    def hear(_: ProbeResult) -> None:
        raise ArithmeticError("the screen is gone")

    with pytest.raises(ArithmeticError, match="the screen is gone"):
        run_review([target(server.port, scheme="http")], surroundings, on_result=hear)


ENCODINGS = """
    shift_jis gbk gb2312 gb18030 big5 euc-jp euc-kr utf-7 utf-32 base64 zip idna punycode undefined rot13 mbcs hex uu
    x-house-code unicode_escape raw_unicode_escape cp037 iso-2022-jp aliases .. 1 none
""".split()  # noqa: SIM905


@pytest.mark.filterwarnings("ignore:invalid escape sequence")  # of the encoding unicode_escape
def test_a_wsdl_in_an_encoding_that_is_not_read_is_judged_next_to_the_others(loopback: Ground) -> None:
    body = service_wsdl("Orders", "urn:x", ("send",), "https://h/").partition("?>")[2].strip()

    def answer(request: HttpRequest) -> Response:
        head = f'<?xml version="1.0" encoding="{request.path[1:]}"?>'
        return Response(200, f"{head}{body}".encode(), "text/xml")

    port = loopback.serve(answer, identity=None).port
    names = [*ENCODINGS, "utf-8", "windows-1252"]
    targets = [target(port, scheme="http", expect="wsdl", path=f"/{name}", name=name) for name in names]
    outcomes = {result.target.name: result.verdict for result in run_review(targets, surroundings).results}
    assert outcomes["utf-8"].outcome == outcomes["windows-1252"].outcome == "ok"
    wrong = {name: outcomes[name].outcome for name in ENCODINGS if outcomes[name].outcome != "not-a-wsdl"}
    assert not set(wrong.values()) - {"ok"}, wrong
    assert set(wrong) <= {"unicode_escape", "raw_unicode_escape", "iso-2022-jp"}, wrong
    assert "unknown encoding" in outcomes["x-house-code"].message
