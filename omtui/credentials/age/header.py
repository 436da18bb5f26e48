"""The header of an age file: who can open it. Parsing is strict; nothing is decrypted here."""

import base64
import binascii
import re
from dataclasses import dataclass

from omtui.credentials.age.fault import AgeError, AgeFault

_VERSION = b"age-encryption.org/v1"
_COLUMNS = 64
_ARGUMENT = re.compile(rb"[\x21-\x7e]+")
# A file key wrapped for one recipient takes some 100 to 600 bytes; what is larger is not a header of ours.
_LONGEST_HEADER = 256 * 1024
MAC_SIZE = 32


@dataclass(frozen=True)
class Stanza:
    """The file key, wrapped for one recipient: what kind it is, its arguments, the wrapped bytes."""

    kind: str
    arguments: tuple[str, ...]
    body: bytes


@dataclass(frozen=True)
class Header:
    """A parsed header. `authenticated` is the text under its MAC; `length` counts to the payload."""

    stanzas: tuple[Stanza, ...]
    mac: bytes
    authenticated: bytes
    length: int


def encode(data: bytes) -> str:
    """Base64 as age writes it: standard alphabet, no padding."""
    return base64.b64encode(data).decode("ascii").rstrip("=")


def decode(text: str) -> bytes:
    """The bytes of unpadded base64.

    Raises:
        AgeError: of kind HEADER, for padding or a text that is not the canonical one.
    """
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise AgeError(AgeFault.HEADER, "its base64 is damaged") from None
    if encode(data) != text:
        raise AgeError(AgeFault.HEADER, "its base64 is not canonical")
    return data


def parse(data: bytes) -> Header:
    """Reads the header at the start of an age file.

    Raises:
        AgeError: of kind HEADER, naming the line.
    """
    lines = _Lines(data[:_LONGEST_HEADER])
    if lines.next() != _VERSION:
        raise AgeError(AgeFault.HEADER, "it is not an age file of version 1")
    stanzas: list[Stanza] = []
    while True:
        start = lines.position
        line = lines.next()
        if line.startswith(b"---"):
            break
        stanzas.append(_stanza(line, lines))
    if not stanzas:
        raise AgeError(AgeFault.HEADER, "it is sealed for nobody")
    if not line.startswith(b"--- "):
        raise AgeError(AgeFault.HEADER, "its last line is damaged")
    mac = decode(_ascii(line[4:]))
    if len(mac) != MAC_SIZE:
        raise AgeError(AgeFault.HEADER, "its last line is damaged")
    return Header(tuple(stanzas), mac, data[: start + 3], lines.position)


def write(stanzas: tuple[Stanza, ...]) -> bytes:
    """The header's text up to and with the three dashes: the text under the MAC."""
    lines = [_VERSION.decode("ascii")]
    for stanza in stanzas:
        lines.append(" ".join(("->", stanza.kind, *stanza.arguments)))
        body = encode(stanza.body)
        # The last line is always short, an empty one if need be: that is how a reader finds the end.
        lines.extend(body[at : at + _COLUMNS] for at in range(0, len(body) + 1, _COLUMNS))
    return ("\n".join(lines) + "\n---").encode("ascii")


class _Lines:
    """Reads line by line and keeps its position in the bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.position = 0

    def next(self) -> bytes:
        end = self._data.find(b"\n", self.position)
        if end < 0:
            raise AgeError(AgeFault.HEADER, "it is cut short")
        line = self._data[self.position : end]
        self.position = end + 1
        return line


def _stanza(first: bytes, lines: _Lines) -> Stanza:
    if not first.startswith(b"-> "):
        raise AgeError(AgeFault.HEADER, "a recipient's first line is damaged")
    words = first[3:].split(b" ")
    if not all(_ARGUMENT.fullmatch(word) for word in words):
        raise AgeError(AgeFault.HEADER, "a recipient's first line is damaged")
    body: list[str] = []
    while True:
        line = _ascii(lines.next())
        if len(line) > _COLUMNS:
            raise AgeError(AgeFault.HEADER, "a recipient's line is too long")
        body.append(line)
        if len(line) < _COLUMNS:
            break
    kind, *arguments = (word.decode("ascii") for word in words)
    return Stanza(kind, tuple(arguments), decode("".join(body)))


def _ascii(line: bytes) -> str:
    try:
        return line.decode("ascii")
    except UnicodeDecodeError:
        raise AgeError(AgeFault.HEADER, "it holds characters that are not ASCII") from None
