"""Sealing and opening whole age files in memory."""

import hashlib
import hmac
import os
from collections.abc import Sequence

from omtui.credentials.age.armour import armour, is_armoured, unarmour
from omtui.credentials.age.fault import AgeError, AgeFault, NotOpened
from omtui.credentials.age.header import Header, Stanza, encode, parse, write
from omtui.credentials.age.payload import FILE_KEY_SIZE, derive, open_payload, seal_payload
from omtui.credentials.age.recipients import Identity, Passphrase, Recipient

MOST_RECIPIENTS = 20
"""More than this the age command refuses to open."""

LARGEST = 16 * 1024 * 1024
"""In bytes: a vault or a hand-over part is some kilobytes, so a larger file is not one."""


def seal(content: bytes, recipients: Sequence[Recipient]) -> bytes | NotOpened:
    """The content, sealed so that any one of the recipients opens it; why not, when a passphrase's cost cannot be paid.

    Raises:
        ValueError: for no recipient, too many, or a passphrase together with others: the caller asks the
            person for one or the other.
    """
    if not 0 < len(recipients) <= MOST_RECIPIENTS:
        raise ValueError(f"a file is sealed for 1 to {MOST_RECIPIENTS} recipients")
    if len(recipients) > 1 and any(isinstance(recipient, Passphrase) for recipient in recipients):
        raise ValueError("a passphrase allows no other recipient")
    file_key = os.urandom(FILE_KEY_SIZE)
    try:
        text = write(tuple(recipient.wrap(file_key) for recipient in recipients))
    except AgeError as error:
        return error.answer
    return text + b" " + encode(_mac(file_key, text)).encode("ascii") + b"\n" + seal_payload(file_key, content)


def seal_armoured(content: bytes, recipients: Sequence[Recipient]) -> str | NotOpened:
    """Like `seal`, as armoured text."""
    sealed = seal(content, recipients)
    return sealed if isinstance(sealed, NotOpened) else armour(sealed)


def open_sealed(data: bytes, identities: Sequence[Identity], *, largest: int = LARGEST) -> bytes | NotOpened:
    """The content of an age file, armoured or not, whole and proven, or why it does not open."""
    if len(data) > largest:
        return NotOpened(AgeFault.TOO_LARGE)
    try:
        plain = unarmour(data) if is_armoured(data) else data
        header = parse(plain)
        file_key = _file_key(header, identities)
        if not hmac.compare_digest(_mac(file_key, header.authenticated), header.mac):
            raise AgeError(AgeFault.MAC)
        return open_payload(file_key, plain[header.length :])
    except AgeError as error:
        return error.answer


def sealed_with_passphrase(data: bytes) -> bool | NotOpened:
    """Whether a passphrase opens the file (else keys do): read from the header, nothing is derived."""
    if len(data) > LARGEST:
        return NotOpened(AgeFault.TOO_LARGE)
    try:
        return _is_scrypt(parse(unarmour(data) if is_armoured(data) else data).stanzas)
    except AgeError as error:
        return error.answer


def _file_key(header: Header, identities: Sequence[Identity]) -> bytes:
    if _is_scrypt(header.stanzas) and len(header.stanzas) > 1:
        raise AgeError(AgeFault.HEADER, "it has a passphrase and other recipients")
    if len(header.stanzas) > MOST_RECIPIENTS:
        raise AgeError(AgeFault.HEADER, "it names too many recipients")
    for identity in identities:
        for stanza in header.stanzas:
            file_key = identity.unwrap(stanza)
            if file_key is not None:
                return file_key
    raise AgeError(AgeFault.NO_MATCH)


def _is_scrypt(stanzas: Sequence[Stanza]) -> bool:
    return any(stanza.kind == "scrypt" for stanza in stanzas)


def _mac(file_key: bytes, text: bytes) -> bytes:
    return hmac.digest(derive(file_key, b"", b"header"), text, hashlib.sha256)
