"""SSH keys as recipients and identities of age files, as the age command does it (`agessh`).

`ssh-ed25519` and `ssh-rsa` only: ECDSA keys and keys on hardware tokens can sign but not decrypt.
The file names its SSH recipients by four bytes of a hash, so the holder of the public key can recognise a file
for it.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from omtui.credentials.age.fault import AgeError, AgeFault, BadKey
from omtui.credentials.age.header import Stanza, decode, encode
from omtui.credentials.age.payload import FILE_KEY_SIZE, derive
from omtui.credentials.age.recipients import KEY_SIZE, agree, unwrap_with, wrap_with
from omtui.credentials.secret import Secret

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.padding import OAEP
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

_ED25519 = "ssh-ed25519"
_ED25519_LABEL = b"age-encryption.org/v1/ssh-ed25519"
_RSA = "ssh-rsa"
_RSA_LABEL = b"age-encryption.org/v1/ssh-rsa"
_SMALLEST_RSA = 2048
_TAG = 16
_FIELD = 2**255 - 19


@dataclass(frozen=True)
class Ed25519Recipient:
    """A line `ssh-ed25519 AAAA…`: the key as on the wire, and its point on Curve25519."""

    wire: bytes
    point: bytes

    def __str__(self) -> str:
        return f"{_ED25519} {base64.b64encode(self.wire).decode('ascii')}"

    def wrap(self, file_key: bytes) -> Stanza:
        """See `recipients.Recipient`."""
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

        ephemeral = X25519PrivateKey.generate()
        share = ephemeral.public_key().public_bytes_raw()
        key = self.key(agree(ephemeral.private_bytes_raw(), self.point), share)
        return Stanza(_ED25519, (_fingerprint(self.wire), encode(share)), wrap_with(key, file_key))

    def key(self, shared: bytes, share: bytes) -> bytes:
        """What the file key is wrapped with: both halves of the agreement, bound to this very SSH key."""
        tweak = derive(b"", self.wire, _ED25519_LABEL)
        return derive(agree(tweak, shared), share + self.point, _ED25519_LABEL)


@dataclass(frozen=True)
class RSARecipient:
    """A line `ssh-rsa AAAA…`."""

    wire: bytes
    public: "RSAPublicKey"

    def __str__(self) -> str:
        return f"{_RSA} {base64.b64encode(self.wire).decode('ascii')}"

    def wrap(self, file_key: bytes) -> Stanza:
        """See `recipients.Recipient`."""
        return Stanza(_RSA, (_fingerprint(self.wire),), self.public.encrypt(file_key, _oaep()))


class Ed25519Identity:
    """The private half of an `ssh-ed25519` key, given by its seed of 32 bytes."""

    def __init__(self, recipient: Ed25519Recipient, seed: bytes) -> None:
        self.recipient = recipient
        # The scalar an Ed25519 signature would use; X25519 clamps it as the signature scheme does.
        self._private = hashlib.sha512(seed).digest()[:KEY_SIZE]

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """See `recipients.Identity`."""
        if stanza.kind != _ED25519:
            return None
        if len(stanza.arguments) != 2 or len(stanza.body) != FILE_KEY_SIZE + _TAG:
            raise AgeError(AgeFault.HEADER, "a recipient's line is damaged")
        share = decode(stanza.arguments[1])
        if len(share) != KEY_SIZE:
            raise AgeError(AgeFault.HEADER, "a recipient's line is damaged")
        if stanza.arguments[0] != _fingerprint(self.recipient.wire):
            return None
        return unwrap_with(self.recipient.key(agree(self._private, share), share), stanza.body)


class RSAIdentity:
    """The private half of an `ssh-rsa` key."""

    def __init__(self, recipient: RSARecipient, private: "RSAPrivateKey") -> None:
        self.recipient = recipient
        self._private = private

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """See `recipients.Identity`."""
        if stanza.kind != _RSA:
            return None
        if len(stanza.arguments) != 1:
            raise AgeError(AgeFault.HEADER, "a recipient's line is damaged")
        if stanza.arguments[0] != _fingerprint(self.recipient.wire):
            return None
        try:
            file_key = self._private.decrypt(stanza.body, _oaep())
        except ValueError:
            return None
        return file_key if len(file_key) == FILE_KEY_SIZE else None


def read_ssh_recipient(line: str) -> Ed25519Recipient | RSARecipient | BadKey:
    """The recipient of a line as in `authorized_keys` or `id_ed25519.pub`, without options before the key."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_ssh_public_key

    words = line.split()
    if not words or words[0] not in (_ED25519, _RSA):
        return BadKey("only ssh-ed25519 and ssh-rsa keys can be sealed for")
    if len(words) < 2:
        return BadKey("the key itself is missing after its kind")
    try:
        wire = base64.b64decode(words[1], validate=True)
        public = load_ssh_public_key(f"{words[0]} {words[1]}".encode("ascii"))
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return BadKey("the SSH key is damaged")
    if not isinstance(public, RSAPublicKey):
        return Ed25519Recipient(wire, _montgomery(wire[-KEY_SIZE:]))
    if public.key_size < _SMALLEST_RSA:
        return BadKey(f"an RSA key needs {_SMALLEST_RSA} bits or more, this one has {public.key_size}")
    return RSARecipient(wire, public)


def read_ssh_identity(key: Secret, passphrase: Secret | None) -> Ed25519Identity | RSAIdentity | BadKey:
    """The identity of a private key file's text; `passphrase` opens a protected one.

    A protected OpenSSH key needs the package bcrypt: without it the answer says so.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        PublicFormat,
        load_pem_private_key,
        load_ssh_private_key,
    )

    openssh = "BEGIN OPENSSH PRIVATE KEY" in key.reveal()
    load = load_ssh_private_key if openssh else load_pem_private_key
    try:
        private = load(
            key.reveal().encode("utf-8"), None if passphrase is None else passphrase.reveal().encode("utf-8")
        )
    except UnsupportedAlgorithm as error:
        if "bcrypt" in str(error):
            return BadKey("this SSH key is protected by a passphrase; reading it needs: pip install bcrypt")
        return BadKey("this kind of SSH key cannot open sealed files")
    except TypeError:
        # The library's way of saying that a passphrase is missing, or given for a key that has none.
        if passphrase is not None:
            return read_ssh_identity(key, None)
        return BadKey("this SSH key is protected by a passphrase", needs_passphrase=True)
    except ValueError:
        if passphrase is not None:
            return BadKey("the SSH key's passphrase is not right, or the key is damaged", needs_passphrase=True)
        return BadKey("the SSH key is damaged, or is no private key")
    if not isinstance(private, Ed25519PrivateKey | RSAPrivateKey):
        return BadKey("only ssh-ed25519 and ssh-rsa keys can open sealed files")
    line = private.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode("ascii")
    recipient = read_ssh_recipient(line)
    if isinstance(recipient, Ed25519Recipient) and isinstance(private, Ed25519PrivateKey):
        return Ed25519Identity(recipient, private.private_bytes_raw())
    if isinstance(recipient, RSARecipient) and isinstance(private, RSAPrivateKey):
        return RSAIdentity(recipient, private)
    return recipient if isinstance(recipient, BadKey) else BadKey("the SSH key is damaged")


def _fingerprint(wire: bytes) -> str:
    return encode(hashlib.sha256(wire).digest()[:4])


def _montgomery(edwards: bytes) -> bytes:
    """The Curve25519 point of an Ed25519 public key: u = (1 + y) / (1 - y) (RFC 7748, 4.1)."""
    y = int.from_bytes(edwards, "little") & (1 << 255) - 1
    return ((1 + y) * pow(1 - y, -1, _FIELD) % _FIELD).to_bytes(KEY_SIZE, "little")


def _oaep() -> "OAEP":
    from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
    from cryptography.hazmat.primitives.hashes import SHA256

    return OAEP(mgf=MGF1(SHA256()), algorithm=SHA256(), label=_RSA_LABEL)
