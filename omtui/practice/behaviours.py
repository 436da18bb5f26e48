"""How the ports of the lessons behave: what a server does with a connection, well or badly."""

from __future__ import annotations

import asyncio
import functools
import socket
import ssl
import warnings
import zlib
from collections.abc import Callable
from typing import Any

from omtui.practice.authority import LOOPBACK
from omtui.practice.server import (
    Behaviour,
    Channel,
    Handler,
    HttpRequest,
    PlainChannel,
    Response,
    TlsChannel,
    pages,
    read_request,
)
from omtui.practice.wsdls import XML_TYPE, service_wsdl

NAMESPACE = "urn:practice:orders/"
OPERATIONS = ("sendOrder", "cancelOrder")


def answers(answer: Callable[[str], Handler]) -> Callable[[str], Behaviour]:
    """Pages out of the endpoint's own address."""
    return lambda base: pages(answer(base))


def says(response: Callable[[], Response]) -> Callable[[str], Behaviour]:
    """The same answer to everything."""
    return answers(lambda _: lambda __: response())


def contract(base: str, **changes: Any) -> str:
    """A WSDL for an order service of the external system."""
    return service_wsdl("OrderService", NAMESPACE, OPERATIONS, f"{base}/orders", **changes)


def wsdl(**changes: Any) -> Callable[[str], Behaviour]:
    """A service that shows its WSDL."""
    return answers(lambda base: lambda _: Response(200, contract(base, **changes).encode(), XML_TYPE))


def imports_missing(base: str) -> Handler:
    """A WSDL whose schema was never deployed."""
    text = contract(base, schema=f"{base}/orders?XSD=gone.xsd").encode()

    def answer(request: HttpRequest) -> Response:
        if request.query.startswith("XSD"):
            return Response(404)
        return Response(200, text, XML_TYPE)

    return answer


def truncated_wsdl(base: str) -> Handler:
    """A WSDL of which a third is missing, with a length that agrees."""
    text = contract(base).encode()
    return lambda _: Response(200, text[: len(text) * 2 // 3], XML_TYPE)


def anywhere(behave: Behaviour) -> Callable[[str], Behaviour]:
    """A behaviour that does not depend on the endpoint's address."""
    return lambda _: behave


def after_request(reply: Behaviour) -> Callable[[str], Behaviour]:
    """Waits for a request, replies in its own way, and closes."""

    async def behave(channel: Channel) -> None:
        if await read_request(channel, bytearray()) is not None:
            await reply(channel)

    return anywhere(behave)


def once(data: bytes) -> Callable[[str], Behaviour]:
    """Answers a request with raw bytes."""
    return after_request(lambda channel: channel.write(data))


def endless(piece: bytes) -> Callable[[str], Behaviour]:
    """An answer that never ends."""

    async def reply(channel: Channel) -> None:
        await channel.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<definitions>")
        while True:
            await channel.write(piece)

    return after_request(reply)


@after_request
async def drip(channel: Channel) -> None:
    """An answer of five bytes a second."""
    await channel.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 100000\r\n\r\n")
    while True:
        await channel.write(b" ")
        await asyncio.sleep(0.2)


def slow(seconds: float) -> Callable[[str], Behaviour]:
    """An answer that takes its time."""

    async def reply(channel: Channel) -> None:
        await asyncio.sleep(seconds)
        await channel.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    return after_request(reply)


@anywhere
async def silent(_channel: Channel) -> None:
    """Takes the connection and never says a word."""
    await asyncio.Event().wait()


@anywhere
async def closes(_channel: Channel) -> None:
    """Takes the connection and closes it."""


@anywhere
async def hears_and_closes(channel: Channel) -> None:
    """Closes after the first bytes of the client."""
    await channel.read()


@anywhere
async def resets(channel: Channel) -> None:
    """Takes the connection and resets it."""
    plain = channel.plain if isinstance(channel, TlsChannel) else channel
    if isinstance(plain, PlainChannel):
        plain.reset()


@anywhere
async def greets(channel: Channel) -> None:
    """Sends first, as mail servers do."""
    await channel.write(b"220 mail.pick.example ESMTP practice\r\n")
    await channel.read()


def circle(base: str) -> Handler:
    """Redirects back and forth."""

    def answer(request: HttpRequest) -> Response:
        other = "/b" if request.path != "/b" else "/a"
        return Response(302, headers={"Location": f"{base}{other}"})

    return answer


def to_sign_in(_: str) -> Handler:
    """Sends callers to single sign-on."""
    return lambda __: Response(302, headers={"Location": "https://login.pick.example/oam/server/obrareq.cgi?x=1"})


def to_plain_http(_: str) -> Handler:
    """Sends callers to the same service without TLS."""
    return lambda __: Response(307, headers={"Location": "http://orders.pick.example/"})


def no_tls_1_2(context: ssl.SSLContext) -> None:
    """TLS 1.3 and nothing older."""
    context.minimum_version = ssl.TLSVersion.TLSv1_3


def only_tls_1_0(context: ssl.SSLContext) -> None:
    """TLS 1.0 and nothing newer."""
    with warnings.catch_warnings():
        # That it is deprecated is the point.
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")


def without_forward_secrecy(context: ssl.SSLContext) -> None:
    """RSA key exchange only."""
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AES128-GCM-SHA256:@SECLEVEL=0")


def wants_certificate(context: ssl.SSLContext) -> None:
    """Mutual TLS; under TLS 1.3 the client learns of it after the handshake."""
    context.verify_mode = ssl.CERT_REQUIRED


def wants_certificate_tls_1_2(context: ssl.SSLContext) -> None:
    """Mutual TLS of the older kind."""
    context.verify_mode = ssl.CERT_REQUIRED
    context.maximum_version = ssl.TLSVersion.TLSv1_2


OK = says(lambda: Response(200, b"<html><p>ok</p></html>"))
FAULT = (
    b'<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/"><env:Body><env:Fault>'
    b"<faultcode>env:Server</faultcode><faultstring>JBO-29000: practice fault</faultstring>"
    b"</env:Fault></env:Body></env:Envelope>"
)
BOMB_XML = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><definitions xmlns="http://schemas.xmlsoap.org/wsdl/">&c;'
    b"</definitions>"
)


def gzip_bomb(_: str) -> Handler:
    """64 MB in 64 kB."""
    return lambda __: Response(200, _bomb(), XML_TYPE, {"Content-Encoding": "gzip"})


@functools.cache
def _bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    piece = bytes(1024 * 1024)
    return b"".join(packer.compress(piece) for _ in range(64)) + packer.flush()


def no_common_cipher(context: ssl.SSLContext) -> None:
    """Only ciphers without certificates, which nobody should take."""
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ADH-AES128-SHA256:@SECLEVEL=0")


class FullQueue:
    """A port that listens, but whose queue is full: new connections get no answer, as behind a firewall."""

    def __init__(self) -> None:
        self._listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._waiting: list[socket.socket] = []
        self.port = 0

    def start(self) -> None:
        """Fills the queue from this side."""
        self._listening.bind((LOOPBACK[0], 0))
        self._listening.listen(0)
        self.port = self._listening.getsockname()[1]
        for _ in range(4):
            waiting = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            waiting.setblocking(False)
            waiting.connect_ex((LOOPBACK[0], self.port))
            self._waiting.append(waiting)

    def stop(self) -> None:
        """Closes the port and its connections."""
        for waiting in (*self._waiting, self._listening):
            waiting.close()


def free_port() -> int:
    """A port on which nothing listens at the moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as taken:
        taken.bind((LOOPBACK[0], 0))
        port: int = taken.getsockname()[1]
        return port
