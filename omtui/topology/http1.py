"""One HTTP/1.1 exchange over a stream, with memory that does not depend on the server.

The review needs little of HTTP and must survive all of it: an endless or crawling body, a compression bomb,
giant headers, chunks that lie. A client library would read the body into memory first; here every byte goes
through a sink that may stop the exchange, and each part has its cap. Deadlines are the caller's.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from omtui.topology.evidence import Stop
from omtui.topology.tls import first_line
from omtui.topology.transport import Stream

MAX_HEAD = 64 * 1024
MAX_BODY = 8 * 1024 * 1024
"""Bytes of a body, raw and inflated, above which a server is reported as `too-large`."""

_MAX_LINE = 1024
_PIECE = 16 * 1024
_STATUS = re.compile(r"^HTTP/1\.([01]) +([0-9]{3})(?: +([^\r\n]*))?$")
_HEAD_END = re.compile(rb"\r\n\r\n|\n\n")
_BLANK = " \t\r\n\v\f"

_LISTED = ("www-authenticate", "content-length")
"""Headers of which every value counts; of the others the first."""

_PLAIN_PATH = re.compile(r"^/[A-Za-z0-9/?&=_.-]*$")

Sink = Callable[[bytes], bool]
"""Takes a piece of the (inflated) body; False: it has seen enough."""


@dataclass(slots=True)
class Answer:
    """A status line and headers (names in lower case, of double ones the first; see `_LISTED`).

    `reusable`: the server keeps the connection, by its own words, for another request.
    """

    status: int
    reason: str
    headers: dict[str, str] = field(default_factory=dict)
    body_bytes: int = 0
    stop: Stop | None = None
    keeps: bool = True
    reusable: bool = False

    def header(self, name: str) -> str:
        """A header's value, or the empty text."""
        return self.headers.get(name, "")


class Exchange:
    """One request and its answer, the body going to a sink.

    `answer` is there as soon as the headers are: a deadline that passes inside the body finds it.
    """

    __slots__ = ("_reader", "_sink", "answer")

    def __init__(self, stream: Stream, sink: Sink) -> None:
        self._reader = _AnswerReader(stream)
        self._sink = sink
        self.answer: Answer | None = None

    async def head(self, request: bytes) -> Answer | Stop:
        """Sends the request and reads the headers only. Raises OSError as `run` does."""
        try:
            await self._reader.stream.write(request)
        except OSError:
            # The answer, or the alert that explains the broken connection, may be waiting to be read.
            if not await self._reader.fill():
                raise
        return await _head(self._reader)

    async def run(self, request: bytes) -> Answer | Stop:
        """Sends the request and reads the answer.

        A `Stop` instead of an answer: no HTTP was received. An answer with `stop` set: headers were received, the
        body broke off, lied, or grew over the cap. Raises OSError when the connection broke before any answer.
        """
        answer = await self.head(request)
        if isinstance(answer, Answer):
            self.answer = answer
            await _body(self._reader, answer, self._sink)
        return answer


class _AnswerReader:
    """A bounded buffer over a stream."""

    __slots__ = ("buffer", "bytes_received", "ended", "stream")

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.buffer = bytearray()
        self.ended = False
        self.bytes_received = 0

    async def fill(self) -> bool:
        """Reads some more; False at the end."""
        if self.ended:
            return False
        data = await self.stream.read(_PIECE)
        if not data:
            self.ended = True
            return False
        self.bytes_received += len(data)
        self.buffer += data
        return True

    async def line(self, limit: int) -> bytes | None:
        """One line without its end; None when it is cut off or longer than `limit`."""
        while (end := self.buffer.find(b"\n")) < 0:
            if len(self.buffer) > limit or not await self.fill():
                return None
        if end > limit:
            return None
        line = bytes(self.buffer[:end]).removesuffix(b"\r")
        del self.buffer[: end + 1]
        return line

    async def piece(self, limit: int) -> bytes:
        """Some bytes of the body, at most `limit`; b"" at the end."""
        if not self.buffer and not await self.fill():
            return b""
        piece = bytes(self.buffer[:limit])
        del self.buffer[:limit]
        return piece


async def _head(reader: _AnswerReader) -> Answer | Stop:
    for _ in range(5):
        buffer, seen = reader.buffer, 0
        # Only what is new is searched: a byte at a time must not cost the square of the headers.
        while (found := _HEAD_END.search(buffer, max(0, seen - 3))) is None:
            seen = len(buffer)
            if seen >= 5 and not buffer.startswith(b"HTTP/"):
                return _not_http(bytes(buffer))
            if seen > MAX_HEAD:
                return Stop("too-large", f"the headers are longer than {MAX_HEAD // 1024} KiB")
            if not await reader.fill():
                if not buffer:
                    return Stop("empty-answer", "")
                if buffer.startswith(b"HTTP/"):
                    return Stop("answer-truncated", "it ends inside the headers")
                return _not_http(bytes(buffer))
        end, after = found.span()
        found = None  # a buffer that is looked at cannot be shortened
        if not buffer.startswith(b"HTTP/"):
            return _not_http(bytes(buffer))
        head = bytes(buffer[:end])
        del buffer[:after]
        answer = _parsed_head(head)
        if answer is None:
            return _not_http(head)
        if answer.status >= 200 or answer.status == 101:
            return answer
    return Stop("not-http", "nothing but interim answers")


def _parsed_head(head: bytes) -> Answer | None:
    lines = head.decode("latin-1").replace("\r\n", "\n").split("\n")
    match = _STATUS.match(lines[0].rstrip(_BLANK))
    if match is None:
        return None
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if colon:
            name, value = name.strip(_BLANK).lower(), value.strip(_BLANK)
            if name in _LISTED and name in headers:
                headers[name] += f", {value}"
            else:
                headers.setdefault(name, value)
    answer = Answer(int(match[2]), (match[3] or "").strip(), headers)
    connection = headers.get("connection", "").lower()
    answer.keeps = "close" not in connection if match[1] == "1" else "keep-alive" in connection
    return answer


async def _body(reader: _AnswerReader, answer: Answer, sink: Sink) -> None:
    if answer.status in (204, 304) or answer.status == 101:
        answer.reusable = answer.status != 101 and answer.keeps
        return
    inflate = _Inflater.of(answer.header("content-encoding"), sink)
    deliver = inflate.deliver if inflate is not None else sink
    try:
        if "chunked" in answer.header("transfer-encoding").lower():
            answer.stop = await _chunked(reader, answer, deliver)
        else:
            answer.stop = await _plain(reader, answer, deliver)
    except _EnoughError:
        return
    except zlib.error as error:
        answer.stop = Stop("answer-truncated", f"its compression is broken ({error})")
    except TooLargeError as error:
        answer.stop = Stop("too-large", str(error))
    except OSError as error:
        # The headers were an answer; what broke is the body.
        answer.stop = Stop("answer-truncated", error.strerror or str(error))
    else:
        if inflate is not None and answer.stop is None and not inflate.finished and answer.body_bytes:
            answer.stop = Stop("answer-truncated", "its compressed body ends early")
        answer.reusable = answer.stop is None and not reader.ended and not reader.buffer and answer.keeps


class _EnoughError(Exception):
    """The sink has seen enough."""


class TooLargeError(Exception):
    """A body grew over its cap; the text says how."""


async def _plain(reader: _AnswerReader, answer: Answer, deliver: Sink) -> Stop | None:
    said = answer.header("content-length")
    # The same length several times, in one header or several, is one length.
    lengths = {length.strip(_BLANK).lstrip("0") or "0" for length in said.split(",")} if said else set()
    length = None
    if lengths:
        digits = lengths.pop()
        if lengths or not digits.isdecimal():
            return Stop("not-http", f"Content-Length is {said[:40]!r}")
        if len(digits) > 18 or (length := int(digits)) > MAX_BODY:
            return Stop("too-large", f"it announces {digits[:30]} bytes, at most {_size(MAX_BODY)} are read")
    left = length
    while left is None or left > 0:
        piece = await reader.piece(_PIECE if left is None else min(left, _PIECE))
        if not piece:
            if left is None:
                return None
            return Stop("answer-truncated", f"{answer.body_bytes} of {length} bytes arrived")
        _deliver(answer, piece, deliver)
        if left is not None:
            left -= len(piece)
    return None


async def _chunked(reader: _AnswerReader, answer: Answer, deliver: Sink) -> Stop | None:
    while True:
        line = await reader.line(_MAX_LINE)
        size = _chunk_size(line)
        if size is None:
            cut = line is None and reader.ended
            return Stop("answer-truncated", "the last chunk is missing") if cut else Stop("not-http", "bad chunk")
        if size == 0:
            return await _trailers(reader)
        if size > MAX_BODY:
            return Stop("too-large", f"a chunk of {size} bytes, at most {_size(MAX_BODY)} are read")
        while size:
            piece = await reader.piece(min(size, _PIECE))
            if not piece:
                return Stop("answer-truncated", "it ends inside a chunk")
            _deliver(answer, piece, deliver)
            size -= len(piece)
        if await reader.line(2) != b"":
            return Stop("answer-truncated", "a chunk has no end") if reader.ended else Stop("not-http", "bad chunk")


def _chunk_size(line: bytes | None) -> int | None:
    digits = (line or b"").partition(b";")[0].strip()
    if not re.fullmatch(rb"0*[0-9A-Fa-f]{1,16}", digits):
        return None
    return int(digits, 16)


async def _trailers(reader: _AnswerReader) -> Stop | None:
    for _ in range(64):
        line = await reader.line(_MAX_LINE)
        if not line:
            return None
    return Stop("too-large", "more than 64 trailers")


def _deliver(answer: Answer, piece: bytes, deliver: Sink) -> None:
    answer.body_bytes += len(piece)
    if answer.body_bytes > MAX_BODY:
        raise TooLargeError(f"more than {_size(MAX_BODY)} arrived, and no end in sight")
    if not deliver(piece):
        raise _EnoughError


class _Inflater:
    """Inflates gzip and deflate piece by piece, never more than a piece at a time, never more than the cap.

    A gzip body may have several members. Some servers take "deflate" at its word and leave zlib's two bytes out.
    """

    def __init__(self, encoding: str, sink: Sink) -> None:
        self._sink = sink
        self._deflate = encoding == "deflate"
        self._start = b""
        self._member: zlib._Decompress | None = None
        self._members = 0
        self._over = False
        self._grown = 0

    @classmethod
    def of(cls, encoding: str, sink: Sink) -> _Inflater | None:
        encoding = encoding.strip().lower()
        return cls(encoding, sink) if encoding in ("gzip", "x-gzip", "deflate") else None

    @property
    def finished(self) -> bool:
        return self._member is None and self._members > 0

    def deliver(self, data: bytes) -> bool:
        full = False
        while (data or full) and not self._over:
            if self._member is None:
                data = self._start + data
                if len(data) < 2:
                    self._start = data
                    return True
                self._begin(data[0], data[1])
                continue
            piece = self._member.decompress(data, _PIECE)
            data, full = self._member.unconsumed_tail, len(piece) == _PIECE
            self._grown += len(piece)
            if self._grown > MAX_BODY:
                raise TooLargeError(f"it inflates to more than {_size(MAX_BODY)}")
            if piece and not self._sink(piece):
                return False
            if self._member.eof:
                data, full = self._member.unused_data, False
                self._member, self._start, self._members = None, b"", self._members + 1
        return True

    def _begin(self, first: int, second: int) -> None:
        """A member by its first two bytes. What follows the last one is padding."""
        gzip = (first, second) == (0x1F, 0x8B)
        zlib_head = first & 15 == 8 and (first * 256 + second) % 31 == 0
        if self._members and not gzip:
            self._over = True
        else:
            self._member = zlib.decompressobj(-15 if self._deflate and not gzip and not zlib_head else 47)


def _not_http(head: bytes) -> Stop:
    if len(head) > 2 and head[0] in (0x15, 0x16) and head[1] == 3:
        return Stop("tls-on-plain-port", "it answers in TLS")
    return Stop("not-http", first_line(head))


def _size(count: int) -> str:
    return f"{count // (1024 * 1024)} MiB"


def get_request(path: str, host: str, user_agent: str) -> bytes:
    """A GET that changes nothing and carries no credential. Raises ValueError for a path that is none."""
    path = quoted_path(path)
    if not (host.isascii() and host.isprintable()) or " " in host:
        raise ValueError(host)
    return (
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {user_agent}\r\n"
        "Accept: text/xml, application/xml, text/html;q=0.8, */*;q=0.5\r\nAccept-Encoding: identity\r\n\r\n"
    ).encode("ascii")


def quoted_path(path: str | bytes) -> str:
    """A path and query as a request may send it: what is no URL character is percent-encoded."""
    if isinstance(path, str) and _PLAIN_PATH.match(path):
        return path
    return quote(path, safe="/?#[]@!$&'()*+,;=:%~") or "/"
