"""Whom an age file is sealed for: a passphrase, or X25519 keys (`age1…`)."""

import os
import re
from dataclasses import dataclass
from typing import Protocol

from omtui.credentials.age.bech32 import bech32, from_bech32
from omtui.credentials.age.fault import AgeError, AgeFault
from omtui.credentials.age.header import Stanza, decode, encode
from omtui.credentials.age.payload import FILE_KEY_SIZE, derive
from omtui.credentials.secret import Secret

_TAG = 16
_ZERO_NONCE = bytes(12)

_SCRYPT = "scrypt"
_SCRYPT_SALT = 16
_SCRYPT_LABEL = b"age-encryption.org/v1/scrypt"
_WORK_FACTOR = re.compile(r"[1-9][0-9]{0,5}")

WORK_FACTOR = 17
"""What a passphrase is written with: 2^17 rounds, 128 MiB, some 0.4 s to 0.7 s. The same on every machine:
a file sealed on a fast one must open on a slow one."""

HIGHEST_WORK_FACTOR = 18
"""What is accepted when reading unless the person allows more: 2^18, 256 MiB, the cost the age command writes."""

_X25519 = "X25519"
_X25519_LABEL = b"age-encryption.org/v1/X25519"
_PUBLIC_PREFIX = "age"
_SECRET_PREFIX = "age-secret-key-"
KEY_SIZE = 32


class Recipient(Protocol):
    """Whom a file key can be wrapped for."""

    def wrap(self, file_key: bytes) -> Stanza:
        """The file key, so that only this recipient reads it."""


class Identity(Protocol):
    """What can unwrap a file key."""

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The file key, or None when the stanza is not for this identity.

        Raises:
            AgeError: when the stanza is of this identity's kind and malformed, or too costly.
        """


@dataclass(frozen=True)
class Passphrase:
    """A passphrase, both as recipient and as identity. A file sealed with one has no other recipient."""

    secret: Secret
    work_factor: int = WORK_FACTOR
    highest: int = HIGHEST_WORK_FACTOR

    def wrap(self, file_key: bytes) -> Stanza:
        """See `Recipient`."""
        salt = os.urandom(_SCRYPT_SALT)
        key = self._derive(salt, self.work_factor)
        return Stanza(_SCRYPT, (encode(salt), str(self.work_factor)), wrap_with(key, file_key))

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """See `Identity`. The cost is judged before anything is derived."""
        if stanza.kind != _SCRYPT:
            return None
        if len(stanza.arguments) != 2 or not _WORK_FACTOR.fullmatch(stanza.arguments[1]):
            raise AgeError(AgeFault.HEADER, "the passphrase's line is damaged")
        salt = decode(stanza.arguments[0])
        if len(salt) != _SCRYPT_SALT or len(stanza.body) != FILE_KEY_SIZE + _TAG:
            raise AgeError(AgeFault.HEADER, "the passphrase's line is damaged")
        cost = int(stanza.arguments[1])
        if cost > self.highest:
            raise AgeError(AgeFault.TOO_COSTLY, f"work factor {cost}, at most {self.highest} is accepted")
        return unwrap_with(self._derive(salt, cost), stanza.body)

    def _derive(self, salt: bytes, cost: int) -> bytes:
        from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

        scrypt = Scrypt(salt=_SCRYPT_LABEL + salt, length=KEY_SIZE, n=1 << cost, r=8, p=1)
        try:
            return scrypt.derive(self.secret.reveal().encode("utf-8"))
        except MemoryError:
            raise AgeError(AgeFault.NO_MEMORY, f"{1 << cost >> 10} MiB are needed") from None


@dataclass(frozen=True)
class X25519Recipient:
    """A public key `age1…`."""

    public: bytes

    def __str__(self) -> str:
        return bech32(_PUBLIC_PREFIX, self.public)

    def wrap(self, file_key: bytes) -> Stanza:
        """See `Recipient`."""
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

        ephemeral = X25519PrivateKey.generate()
        share = ephemeral.public_key().public_bytes_raw()
        key = derive(agree(ephemeral.private_bytes_raw(), self.public), share + self.public, _X25519_LABEL)
        return Stanza(_X25519, (encode(share),), wrap_with(key, file_key))


class X25519Identity:
    """A secret key `AGE-SECRET-KEY-1…`."""

    def __init__(self, secret: Secret, private: bytes) -> None:
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

        self.secret = secret
        self._private = private
        self._public = X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()

    @property
    def recipient(self) -> X25519Recipient:
        """The public half."""
        return X25519Recipient(self._public)

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """See `Identity`."""
        if stanza.kind != _X25519:
            return None
        if len(stanza.arguments) != 1:
            raise AgeError(AgeFault.HEADER, "a recipient's line is damaged")
        share = decode(stanza.arguments[0])
        if len(share) != KEY_SIZE or len(stanza.body) != FILE_KEY_SIZE + _TAG:
            raise AgeError(AgeFault.HEADER, "a recipient's line is damaged")
        key = derive(agree(self._private, share), share + self._public, _X25519_LABEL)
        return unwrap_with(key, stanza.body)


def new_identity() -> X25519Identity:
    """A fresh key pair. Its `secret` is the text `AGE-SECRET-KEY-1…` that the age command reads too."""
    private = os.urandom(KEY_SIZE)
    return X25519Identity(Secret(bech32(_SECRET_PREFIX, private).upper()), private)


def read_x25519_identity(secret: Secret) -> X25519Identity | None:
    """The identity of a text `AGE-SECRET-KEY-1…`, or None."""
    private = _key(secret.reveal().strip(), _SECRET_PREFIX)
    return None if private is None else X25519Identity(secret, private)


def read_x25519_recipient(text: str) -> X25519Recipient | None:
    """The recipient of a text `age1…`, or None."""
    public = _key(text.strip(), _PUBLIC_PREFIX)
    return None if public is None else X25519Recipient(public)


def wrap_with(key: bytes, file_key: bytes) -> bytes:
    """The file key under a key used this once (hence the nonce of zeros)."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    return ChaCha20Poly1305(key).encrypt(_ZERO_NONCE, file_key, None)


def unwrap_with(key: bytes, body: bytes) -> bytes | None:
    """The file key, or None when the key is not the one it was wrapped with."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    try:
        return ChaCha20Poly1305(key).decrypt(_ZERO_NONCE, body, None)
    except InvalidTag:
        return None


def agree(private: bytes, public: bytes) -> bytes:
    """X25519 of both.

    Raises:
        AgeError: of kind HEADER for a point of low order, which anybody could have computed.
    """
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

    try:
        return X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError:
        raise AgeError(AgeFault.HEADER, "a recipient's line holds a worthless key") from None


def _key(text: str, prefix: str) -> bytes | None:
    read = from_bech32(text)
    if read is None or read[0] != prefix or len(read[1]) != KEY_SIZE:
        return None
    return read[1]
