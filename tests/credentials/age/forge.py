"""Makes age files, sound or broken, from the specification and the standard library alone.

Independent of the program's own writer, so that reader and writer cannot be wrong together.
"""

import base64
import hashlib
import hmac

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

FILE_KEY = b"YELLOW SUBMARINE"
PASSPHRASE = "a passphrase of the tests"
COST = 10
"""2^10 rounds: some 3 ms."""

_SALT = b"sixteen bytes of"
_NONCE = b"another sixteen!"
CHUNK = 64 * 1024


def hkdf(key: bytes, salt: bytes, info: bytes) -> bytes:
    extracted = hmac.digest(salt or bytes(32), key, "sha256")
    return hmac.digest(extracted, info + b"\x01", "sha256")


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")


def scrypt_body(file_key: bytes = FILE_KEY, passphrase: str = PASSPHRASE, cost: int = COST) -> bytes:
    salt = b"age-encryption.org/v1/scrypt" + _SALT
    key = hashlib.scrypt(passphrase.encode(), salt=salt, n=1 << cost, r=8, p=1, dklen=32, maxmem=1 << 30)
    return ChaCha20Poly1305(key).encrypt(bytes(12), file_key, None)


def scrypt_stanza(cost: str = str(COST), body: bytes | None = None, salt: bytes = _SALT) -> str:
    return f"-> scrypt {b64(salt)} {cost}\n{b64(scrypt_body() if body is None else body)}\n"


def header(stanzas: str | None = None, *, mac_key: bytes = FILE_KEY, end: str = "---") -> bytes:
    """Version line, stanzas, and a MAC that is right for exactly these bytes."""
    text = f"age-encryption.org/v1\n{scrypt_stanza() if stanzas is None else stanzas}{end}".encode()
    mac = hmac.digest(hkdf(mac_key, b"", b"header"), text, "sha256")
    return text + b" " + b64(mac).encode() + b"\n"


def chunk(number: int, content: bytes, *, last: bool) -> bytes:
    nonce = number.to_bytes(11, "big") + bytes([last])
    return ChaCha20Poly1305(hkdf(FILE_KEY, _NONCE, b"payload")).encrypt(nonce, content, None)


def payload(content: bytes = b"the content") -> bytes:
    parts = [content[at : at + CHUNK] for at in range(0, len(content), CHUNK)] or [b""]
    return _NONCE + b"".join(chunk(n, part, last=n == len(parts) - 1) for n, part in enumerate(parts))


def with_chunks(*chunks: bytes) -> bytes:
    """A sound header and a payload of these chunks as they are."""
    return header() + _NONCE + b"".join(chunks)


def armoured(data: bytes, *, end: str = "\n") -> bytes:
    body = base64.b64encode(data).decode()
    lines = [body[at : at + 64] for at in range(0, len(body), 64)]
    return end.join(["-----BEGIN AGE ENCRYPTED FILE-----", *lines, "-----END AGE ENCRYPTED FILE-----", ""]).encode()
