import asyncio
import gzip
import zlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.topology.evidence import Stop
from omtui.topology.http1 import MAX_BODY, MAX_HEAD, Answer, Exchange, get_request, quoted_path
from tests.topology.memory_streams import Said, cut


def run(pieces: Sequence[bytes], breaks: OSError | None = None) -> tuple[Answer | Stop, bytes]:
    body = bytearray()

    def sink(piece: bytes) -> bool:
        body.extend(piece)
        return True

    return asyncio.run(Exchange(Said(pieces, breaks=breaks), sink).run(b"GET / HTTP/1.1\r\n\r\n")), bytes(body)


def word(outcome: Answer | Stop) -> str:
    stop = outcome if isinstance(outcome, Stop) else outcome.stop
    return stop.word if stop is not None else "ok"


LENGTH = b"HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nhel\r\n2\r\nlo\r\n0\r\nT: x\r\n\r\n"
TO_THE_END = b"HTTP/1.0 200 OK\r\n\r\nhello"
INTERIM = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + LENGTH
BARE = b"HTTP/1.1 200\nContent-Length: 5\n\nhello"
PACKED = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"hello", mtime=0)
CUT_SHORT = gzip.compress(b"x" * 9999, mtime=0)[:20]


@given(st.sampled_from([LENGTH, CHUNKED, TO_THE_END, INTERIM, BARE, PACKED]), st.lists(st.integers(0, 200), max_size=8))
def test_an_answer_is_the_same_wherever_the_network_cuts_it(data: bytes, at: list[int]) -> None:
    outcome, body = run(cut(data, at))
    assert isinstance(outcome, Answer)
    assert (outcome.status, word(outcome), body) == (200, "ok", b"hello")


def test_headers_are_read() -> None:
    outcome, _ = run([b"HTTP/1.1 302 Found\r\nLOCATION:  /x \r\nlocation: /second\r\nContent-Length: 0\r\n\r\n"])
    assert isinstance(outcome, Answer)
    assert (outcome.status, outcome.reason, outcome.header("location")) == (302, "Found", "/x")
    assert outcome.reusable


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "empty-answer"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "not-http"),
        (b"-ERR what", "not-http"),
        (b"HTT", "not-http"),
        (b"HTTP/3 200 OK\r\n\r\n", "not-http"),
        (b"HTTP/1.1 2000 OK\r\n\r\n", "not-http"),
        (b"HTTP/1.1 200 OK\r\nA: b\r\n", "answer-truncated"),
        (b"\x15\x03\x01\x00\x02\x02\x46", "tls-on-plain-port"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * (2 * MAX_HEAD), "too-large"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", "answer-truncated"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\nhello", "not-http"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nhello", "not-http"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nhello", "not-http"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "not-http"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5,\r\n\r\nhello", "not-http"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999999999999\r\n\r\n", "too-large"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", "too-large"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", "answer-truncated"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "answer-truncated"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n", "not-http"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloXX5\r\n", "not-http"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffff\r\nx", "too-large"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1" * 5000, "not-http"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + b"T: x\r\n" * 100, "too-large"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot packed", "answer-truncated"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + CUT_SHORT, "answer-truncated"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 9, "not-http"),
    ],
)  # fmt: skip
def test_what_a_server_may_do_wrong(data: bytes, expected: str) -> None:
    outcome, body = run([data])
    assert word(outcome) == expected
    assert len(body) <= MAX_BODY


def test_an_endless_body_ends_at_the_cap() -> None:
    class Endless(Said):
        async def read(self, maximum: int) -> bytes:
            return await super().read(maximum) or b"x" * maximum

    seen = 0

    def sink(piece: bytes) -> bool:
        nonlocal seen
        seen += len(piece)
        return True

    outcome = asyncio.run(Exchange(Endless([b"HTTP/1.1 200 OK\r\n\r\n"]), sink).run(b""))
    assert word(outcome) == "too-large"
    assert seen <= MAX_BODY


@pytest.mark.parametrize("wbits", [31, 15])
def test_a_bomb_is_never_inflated_as_a_whole(wbits: int) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    bomb = b"".join(packer.compress(bytes(1024 * 1024)) for _ in range(100)) + packer.flush()
    largest = total = 0

    def sink(piece: bytes) -> bool:
        nonlocal largest, total
        largest, total = max(largest, len(piece)), total + len(piece)
        return True

    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\n\r\n" % (b"gzip" if wbits == 31 else b"deflate")
    assert word(asyncio.run(Exchange(Said([head + bomb]), sink).run(b""))) == "too-large"
    assert largest <= 64 * 1024
    assert total <= MAX_BODY


def test_a_sink_that_has_seen_enough_ends_the_exchange_without_a_fault() -> None:
    outcome = asyncio.run(Exchange(Said([LENGTH]), lambda _: False).run(b""))
    assert isinstance(outcome, Answer)
    assert outcome.stop is None
    assert not outcome.reusable


def test_a_break_inside_the_body_is_a_truncated_answer() -> None:
    outcome, _ = run([b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhe"], ConnectionResetError(104, "reset"))
    assert word(outcome) == "answer-truncated"


def test_a_break_before_the_answer_is_the_callers_affair() -> None:
    with pytest.raises(ConnectionResetError):
        run([], ConnectionResetError(104, "reset"))


def test_headers_a_byte_at_a_time_cost_no_square() -> None:
    import time

    head = b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 8000 + b"\r\n"
    began = time.process_time()
    outcome, _ = run([bytes([byte]) for byte in head])
    assert isinstance(outcome, Answer)
    assert time.process_time() - began < 2


@given(st.binary(max_size=400))
def test_garbage_never_raises(data: bytes) -> None:
    run([data])
    run([b"HTTP/1.1 200 OK\r\n" + data])
    run([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + data])


def test_a_request_changes_nothing_and_carries_nothing() -> None:
    request = get_request("/a b?x=ü", "h.example", "omtui").decode()
    assert request.startswith("GET /a%20b?x=%C3%BC HTTP/1.1\r\nHost: h.example\r\n")
    assert "authorization" not in request.lower()
    assert "cookie" not in request.lower()


@given(st.text(max_size=60))
def test_no_path_can_smuggle_a_header(path: str) -> None:
    try:
        quoted = quoted_path(path)
    except UnicodeEncodeError:
        return
    assert quoted.isascii()
    assert not any(character in quoted for character in "\r\n \t\x00")


def test_no_host_can_smuggle_a_header() -> None:
    with pytest.raises(ValueError, match="bad"):
        get_request("/", "bad\r\nX: y", "omtui")


@given(
    st.sampled_from(["gzip", "gzip, padded", "several", "zlib", "raw"]),
    st.sampled_from([0, 1, 5, 16384, 32768, 50_001]),
    st.lists(st.integers(0, 400), max_size=8), st.integers(0, 9),
)  # fmt: skip
def test_every_way_to_compress_is_read_wherever_it_is_cut(kind: str, size: int, at: list[int], level: int) -> None:
    plain = bytes(number * number % 251 for number in range(size))
    raw = zlib.compressobj(level, zlib.DEFLATED, -15)
    packed = {
        "gzip": lambda: gzip.compress(plain, level, mtime=0),
        "gzip, padded": lambda: gzip.compress(plain, level, mtime=0) + bytes(7),
        "several": lambda: b"".join(gzip.compress(plain[start::3], level, mtime=0) for start in range(3)),
        "zlib": lambda: zlib.compress(plain, level),
        "raw": lambda: raw.compress(plain) + raw.flush(),
    }[kind]()
    expected = b"".join(plain[start::3] for start in range(3)) if kind == "several" else plain
    name = b"deflate" if kind in ("zlib", "raw") else b"gzip"
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\n\r\n" % name
    outcome, body = run(cut(head + packed, [len(head) + place for place in at]))
    assert word(outcome) == "ok"
    assert body == expected
    outcome, body = run([head + packed[: len(packed) // 2]])
    assert kind in ("gzip, padded", "several") or len(packed) < 2 or word(outcome) == "answer-truncated"


@pytest.mark.parametrize(
    ("lengths", "chunk"),
    [("5", "5"), ("5, 5", "05"), ("5,5 , 5", "0" * 20 + "5"), ("0005", "0" * 900 + "5;x=y"), ("0" * 30 + "5", "5 ; a")],
)
def test_a_length_may_be_said_more_than_once_and_with_zeros(lengths: str, chunk: str) -> None:
    several = "".join(f"Content-Length: {length}\r\n" for length in lengths.split(","))
    for head in (f"Content-Length: {lengths}\r\n", several):
        outcome, body = run([f"HTTP/1.1 200 OK\r\n{head}\r\nhello".encode()])
        assert (word(outcome), body) == ("ok", b"hello")
    said = f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}\r\nhello\r\n000\r\n\r\n"
    outcome, body = run([said.encode()])
    assert (word(outcome), body) == ("ok", b"hello")


@pytest.mark.parametrize(
    ("version", "connection", "keeps"),
    [("1.1", "", True), ("1.1", "close", False), ("1.1", "Upgrade, Close", False), ("1.0", "", False),
     ("1.0", "Keep-Alive", True), ("1.0", "close", False)],
)  # fmt: skip
def test_whether_a_connection_is_kept_is_the_servers_word(version: str, connection: str, keeps: bool) -> None:
    head = f"Connection: {connection}\r\n" if connection else ""
    for status in ("200 OK", "304 Not Modified"):
        outcome, _ = run([f"HTTP/{version} {status}\r\n{head}Content-Length: 0\r\n\r\n".encode()])
        assert isinstance(outcome, Answer)
        assert outcome.reusable is keeps
