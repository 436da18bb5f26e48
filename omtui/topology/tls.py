"""The TLS handshake over any stream, and what can be learned from it.

TLS runs over memory buffers, so that a vantage point's stream serves as well as a socket, and so that the bytes
of a failed handshake can be looked at: they distinguish a plain HTTP server from a mail server, and a server that
wants a client certificate from one that shares no cipher.
"""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from omtui.setup.hosts import ascii_name
from omtui.topology.evidence import Stop
from omtui.topology.transport import Stream

_RECORD = 16 * 1024 + 512
_ALERT, _HANDSHAKE = 0x15, 0x16
_SERVER_HELLO, _CERTIFICATE_REQUEST = 2, 13
_NOT_TLS_REASONS = {
    "WRONG_VERSION_NUMBER",
    "HTTP_REQUEST",
    "HTTPS_PROXY_REQUEST",
    "PACKET_LENGTH_TOO_LONG",
    "RECORD_TOO_SMALL",
    "BAD_RECORD_TYPE",
    "UNEXPECTED_MESSAGE",
    "LENGTH_TOO_SHORT",
}
_TOO_OLD_REASONS = {
    "UNSUPPORTED_PROTOCOL",
    "TLSV1_ALERT_PROTOCOL_VERSION",
    "WRONG_SSL_VERSION",
    "UNKNOWN_PROTOCOL",
    "VERSION_TOO_LOW",
    "NO_PROTOCOLS_AVAILABLE",
}
_CLIENT_CERTIFICATE_ALERTS = {
    "TLSV13_ALERT_CERTIFICATE_REQUIRED",
    "SSLV3_ALERT_NO_CERTIFICATE",
    "SSLV3_ALERT_BAD_CERTIFICATE",
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
    "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
    "TLSV1_ALERT_UNKNOWN_CA",
    "TLSV1_ALERT_ACCESS_DENIED",
    "SSLV3_ALERT_HANDSHAKE_FAILURE",
    "SSLV3_ALERT_CERTIFICATE_EXPIRED",
}


class TlsAlertError(OSError):
    """The server broke an established TLS connection with an alert. `reason` is the TLS library's name of it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def about_client_certificate(self) -> bool:
        """Under TLS 1.3 a missing client certificate is reported only after the handshake, by such an alert."""
        return self.reason in _CLIENT_CERTIFICATE_ALERTS


@dataclass(slots=True)
class NotVerified:
    """The handshake ended because the certificate did not verify: OpenSSL's number and text."""

    code: int
    text: str


class TlsStream:
    """An encrypted stream over another one."""

    def __init__(self, stream: Stream, context: ssl.SSLContext, server_name: bytes | None) -> None:
        self._stream = stream
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=server_name)
        self._head = bytearray()
        self._ended = False

    async def handshake(self) -> Stop | NotVerified | None:
        """Does the handshake; None when it worked, else why not. Raises OSError when the connection broke."""
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                data = await self._exchanged()
                if not data:
                    return self._closed_early()
                self._keep_head(data)
                self._incoming.write(data)
                continue
            except ssl.SSLCertVerificationError as error:
                await self._farewell()
                return NotVerified(error.verify_code, error.verify_message)
            except ssl.SSLError as error:
                await self._farewell()
                return self._explained(error.reason or type(error).__name__)
            # Our last words of the handshake go out together with the first of the conversation.
            return None

    async def read(self, maximum: int) -> bytes:
        """See `Stream.read`. Raises `TlsAlertError` when the server broke off with an alert."""
        tls, incoming = self._tls, self._incoming
        while True:
            try:
                # Asking for what is not there, or for more than can be there, costs more than it looks.
                there = incoming.pending + tls.pending()
                if there or self._ended:
                    return tls.read(min(maximum, there) or 1)
            except ssl.SSLWantReadError:
                if self._ended:
                    return b""
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                return b""
            except ssl.SSLError as error:
                raise TlsAlertError(error.reason or "UNKNOWN") from None
            await self._flush()
            data = await self._stream.read(_RECORD)
            if data:
                incoming.write(data)
            else:
                incoming.write_eof()
                self._ended = True

    async def write(self, data: bytes) -> None:
        """See `Stream.write`."""
        self._tls.write(data)
        await self._flush()

    def close(self) -> None:
        """See `Stream.close`. No closing words: the review has nothing more to say."""
        self._stream.close()

    @property
    def heard(self) -> bool:
        """Whether the server has said anything in the handshake."""
        return bool(self._head)

    @property
    def version(self) -> str:
        """Such as `TLSv1.3`."""
        return self._tls.version() or ""

    @property
    def cipher(self) -> str:
        """OpenSSL's name of the cipher."""
        chosen = self._tls.cipher()
        return chosen[0] if chosen else ""

    def sent_chain(self) -> tuple[bytes, ...]:
        """The certificates as the server sent them (DER), its own first."""
        return tuple(_chain(self._tls, "get_unverified_chain") or self._leaf())

    def verified_chain(self) -> list[bytes]:
        """The certificates of the path that verified, the trusted authority last; empty if none was verified."""
        return _chain(self._tls, "get_verified_chain")

    def _leaf(self) -> list[bytes]:
        leaf = self._tls.getpeercert(binary_form=True)
        return [leaf] if leaf else []

    async def _exchanged(self) -> bytes:
        """Sends what is due and reads on, also when sending fails: the reason may be in an unread alert."""
        try:
            await self._flush()
        except OSError:
            data = await self._stream.read(_RECORD)
            if not data:
                raise
            return data
        return await self._stream.read(_RECORD)

    async def _flush(self) -> None:
        data = self._outgoing.read()
        if data:
            await self._stream.write(data)

    async def _farewell(self) -> None:
        """Sends the alert that says why we leave, if the other side still listens."""
        try:
            await self._flush()
        except OSError:
            return

    def _keep_head(self, data: bytes) -> None:
        if len(self._head) < _RECORD:
            self._head += data[: _RECORD - len(self._head)]

    def broken(self, error: OSError) -> Stop:
        """What a connection that broke in the handshake means."""
        if self._head:
            stop = self._closed_early()
            if stop.word != "tls-closed":
                return stop
        return Stop("reset", error.strerror or str(error))

    def _closed_early(self) -> Stop:
        if self._head and self._head[0] not in (_ALERT, _HANDSHAKE):
            return _not_tls(bytes(self._head))
        if asks_client_certificate(bytes(self._head)):
            return Stop("client-certificate-required", "it closed the connection without one")
        return Stop("tls-closed", "after a part of the handshake" if self._head else "without an answer")

    def _explained(self, reason: str) -> Stop:
        head = bytes(self._head)
        if head[:1] and head[0] not in (_ALERT, _HANDSHAKE):
            return _not_tls(head)
        old = len(head) > 2 and head[1] == 3 and head[2] == 0
        if reason in _TOO_OLD_REASONS or (reason in _NOT_TLS_REASONS and old):
            return Stop("tls-too-old", "SSL 3" if old else reason)
        if reason in _NOT_TLS_REASONS and len(head) > 1 and head[1] != 3:
            return _not_tls(head)
        if reason in _CLIENT_CERTIFICATE_ALERTS and asks_client_certificate(head):
            return Stop("client-certificate-required", reason)
        return Stop("tls-handshake-failed", reason)


def _chain(tls: ssl.SSLObject, method: str) -> list[bytes]:
    """The chain methods are public from Python 3.13 on; before, the inner object has them."""
    inner: Any = getattr(tls, method, None) or getattr(getattr(tls, "_sslobj", None), method, None)
    if inner is None:
        return []
    chain: Sequence[Any] = inner() or ()
    return [entry if isinstance(entry, bytes) else entry.public_bytes(_DER) for entry in chain]


_DER = 2
"""`_ssl.ENCODING_DER`, the argument of the inner certificate object's `public_bytes`."""


def _not_tls(head: bytes) -> Stop:
    if head.startswith((b"HTTP/", b"<html", b"<!DOC", b"<HTML")):
        return Stop("plain-http-on-tls-port", first_line(head))
    return Stop("not-tls", first_line(head))


def first_line(data: bytes, limit: int = 60) -> str:
    """The first line of what a server said, for people to recognise it by."""
    line = data.splitlines()[0] if data.splitlines() else b""
    return line[:limit].decode("latin-1")


def asks_client_certificate(head: bytes) -> bool:
    """Whether a plaintext handshake (up to TLS 1.2) holds the server's CertificateRequest."""
    at = 0
    messages = bytearray()
    while at + 5 <= len(head):
        length = int.from_bytes(head[at + 3 : at + 5])
        if head[at] == _HANDSHAKE:
            messages += head[at + 5 : at + 5 + length]
        at += 5 + length
    at = 0
    while at + 4 <= len(messages):
        if messages[at] == _CERTIFICATE_REQUEST:
            return True
        at += 4 + int.from_bytes(messages[at + 1 : at + 4])
    return False


async def offers_tls_1_2(stream: Stream, server_name: bytes | None) -> bool:
    """Whether a server answers a TLS 1.2 greeting with one of its own. The handshake is not finished."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    answer = await _first_answer(stream, context, server_name)
    return len(answer) > 5 and answer[0] == _HANDSHAKE and answer[5] == _SERVER_HELLO


async def speaks_tls(stream: Stream, server_name: bytes | None) -> bool:
    """Whether a server answers a TLS greeting with TLS, be it an alert."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    answer = await _first_answer(stream, context, server_name)
    return len(answer) > 2 and answer[0] in (_ALERT, _HANDSHAKE) and answer[1] == 3


async def _first_answer(stream: Stream, context: ssl.SSLContext, server_name: bytes | None) -> bytes:
    outgoing = ssl.MemoryBIO()
    tls = context.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname=server_name)
    with contextlib.suppress(ssl.SSLWantReadError):
        tls.do_handshake()
    await stream.write(outgoing.read())
    answer = b""
    while len(answer) < 6:
        data = await stream.read(_RECORD)
        if not data:
            break
        answer += data
    return answer


@lru_cache(maxsize=1024)
def usable_server_name(name: str) -> bytes | None:
    """A name as TLS may send it, or None when it can't be sent: addresses are no server names."""
    name = name.rstrip(".")
    if ":" in name or name.replace(".", "").isdecimal():
        return None
    sent = ascii_name(name).encode("ascii")
    return sent if all(0 < len(label) < 64 for label in sent.split(b".")) and len(sent) < 254 else None
