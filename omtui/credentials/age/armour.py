"""ASCII armour: an age file as text, strict as the format asks."""

import base64
import binascii
import re

from omtui.credentials.age.fault import AgeError, AgeFault

_BEGIN = "-----BEGIN AGE ENCRYPTED FILE-----"
_END = "-----END AGE ENCRYPTED FILE-----"
_COLUMNS = 64
_WHITESPACE = " \t\r\n"
_LINE = re.compile(r"[A-Za-z0-9+/]+={0,2}")


def armour(sealed: bytes) -> str:
    """The bytes of an age file as text: 64 columns, line feeds, a line feed at the end."""
    body = base64.b64encode(sealed).decode("ascii")
    lines = [body[at : at + _COLUMNS] for at in range(0, len(body), _COLUMNS)]
    return "\n".join([_BEGIN, *lines, _END, ""])


def is_armoured(data: bytes) -> bool:
    """Whether the bytes claim to be armoured text (they may still be damaged, or have something before it)."""
    if data.startswith(b"age-encryption.org/"):
        return False
    return data.lstrip(_WHITESPACE.encode()).startswith(b"-----") or b"BEGIN AGE" in data[:1024]


def unarmour(data: bytes) -> bytes:
    """The bytes inside armoured text.

    Raises:
        AgeError: of kind ARMOUR, for anything but the one canonical form. White space
            before and after is allowed, and CRLF line ends are, as the format says.
    """
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError:
        raise AgeError(AgeFault.ARMOUR, "it holds characters that are not ASCII") from None
    lines = text.strip(_WHITESPACE).replace("\r\n", "\n").split("\n")
    if lines[0] != _BEGIN:
        raise AgeError(AgeFault.ARMOUR, "it does not begin with the line of an age file")
    if len(lines) < 2 or lines[-1] != _END:
        raise AgeError(AgeFault.ARMOUR, "its last line is missing")
    body = lines[1:-1]
    for number, line in enumerate(body, start=2):
        full = len(line) == _COLUMNS if number <= len(body) else 0 < len(line) <= _COLUMNS
        if not full or not _LINE.fullmatch(line) or ("=" in line and number <= len(body)):
            raise AgeError(AgeFault.ARMOUR, f"line {number} is not as it was written")
    joined = "".join(body)
    try:
        decoded = base64.b64decode(joined, validate=True)
    except binascii.Error:
        raise AgeError(AgeFault.ARMOUR, "its base64 is damaged") from None
    if base64.b64encode(decoded).decode("ascii") != joined:
        raise AgeError(AgeFault.ARMOUR, "its base64 is not canonical")
    return decoded
