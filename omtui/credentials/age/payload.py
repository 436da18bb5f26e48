"""The payload of an age file: ChaCha20-Poly1305 in chunks of 64 KiB, the last one marked.

All of it is held in memory and nothing is given out before the last chunk has proved whole: a vault or a
hand-over part is some kilobytes.
"""

import os
from collections.abc import Iterator

from omtui.credentials.age.fault import AgeError, AgeFault

FILE_KEY_SIZE = 16
_NONCE_SIZE = 16
_CHUNK = 64 * 1024
_TAG = 16


def derive(key: bytes, salt: bytes, info: bytes) -> bytes:
    """HKDF-SHA-256 to 32 bytes, as age uses it everywhere."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(key)


def seal_payload(file_key: bytes, content: bytes) -> bytes:
    """Nonce and encrypted chunks."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    nonce = os.urandom(_NONCE_SIZE)
    cipher = ChaCha20Poly1305(derive(file_key, nonce, b"payload"))
    chunks = [content[at : at + _CHUNK] for at in range(0, len(content), _CHUNK)] or [b""]
    return nonce + b"".join(
        cipher.encrypt(_counter(number, last=number == len(chunks) - 1), chunk, None)
        for number, chunk in enumerate(chunks)
    )


def open_payload(file_key: bytes, sealed: bytes) -> bytes:
    """The content of a sealed payload, whole.

    Raises:
        AgeError: of kind HEADER when not even the nonce is there (the format counts it so), of kind PAYLOAD
            when anything else is changed, missing or added.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    if len(sealed) < _NONCE_SIZE:
        raise AgeError(AgeFault.HEADER, "it is cut short")
    cipher = ChaCha20Poly1305(derive(file_key, sealed[:_NONCE_SIZE], b"payload"))
    content: list[bytes] = []
    for number, (chunk, last) in enumerate(_chunks(sealed[_NONCE_SIZE:])):
        try:
            content.append(cipher.decrypt(_counter(number, last=last), chunk, None))
        except InvalidTag:
            raise AgeError(AgeFault.PAYLOAD) from None
        if last and number and not content[-1]:
            raise AgeError(AgeFault.PAYLOAD, "its last part is empty")
    return b"".join(content)


def _chunks(body: bytes) -> Iterator[tuple[bytes, bool]]:
    if len(body) < _TAG:
        raise AgeError(AgeFault.PAYLOAD, "it is cut short")
    step = _CHUNK + _TAG
    for at in range(0, len(body), step):
        chunk = body[at : at + step]
        if len(chunk) < _TAG:
            raise AgeError(AgeFault.PAYLOAD, "it is cut short")
        yield chunk, at + step >= len(body)


def _counter(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")
