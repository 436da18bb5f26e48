"""The age test vectors of the Community Cryptography Test Vectors, where a copy of them is at hand.

They are not kept here. `OMTUI_AGE_VECTORS` names the folder `age/testdata` of that collection; the same cases
are made from the specification in `test_hostile.py`, which needs nothing.
"""

import os
import zlib
from hashlib import sha256
from pathlib import Path

import pytest

from omtui.credentials.age.fault import Fault, NotOpened
from omtui.credentials.age.recipients import Identity, Passphrase, read_x25519_identity
from omtui.credentials.age.sealing import open_sealed
from omtui.credentials.secret import Secret

_FOLDER = os.environ.get("OMTUI_AGE_VECTORS")
_EXPECTED = {
    Fault.ARMOUR: "armor failure",
    Fault.HEADER: "header failure",
    Fault.TOO_COSTLY: "header failure",
    Fault.NO_MATCH: "no match",
    Fault.MAC: "HMAC failure",
    Fault.PAYLOAD: "payload failure",
}
_OF_OUR_KINDS = 124
"""Of 143 in version 0.2.0; the others are of the hybrid post-quantum kind, which is not spoken here."""


def _read(vector: Path) -> tuple[list[tuple[str, str]], bytes]:
    head, body = vector.read_bytes().split(b"\n\n", 1)
    keys = [(key, value) for key, _, value in (line.partition(": ") for line in head.decode().splitlines())]
    return keys, zlib.decompress(body) if ("compressed", "zlib") in keys else body


def _identities(keys: list[tuple[str, str]]) -> list[Identity] | None:
    """What the vector is to be opened with; None when it needs a kind of key that is not spoken here."""
    found: list[Identity] = [Passphrase(Secret(value)) for key, value in keys if key == "passphrase"]
    for key, value in keys:
        if key == "identity":
            identity = read_x25519_identity(Secret(value))
            if identity is None:
                return None
            found.append(identity)
    return found


@pytest.mark.skipif(_FOLDER is None, reason="OMTUI_AGE_VECTORS names no copy of the age test vectors")
def test_every_vector_of_our_kinds_ends_as_it_says() -> None:
    judged = 0
    wrong = []
    for vector in sorted(Path(_FOLDER or "").iterdir()):
        keys, body = _read(vector)
        identities = _identities(keys)
        if identities is None:
            continue
        told = dict(keys)
        opened = open_sealed(body, identities, largest=64 << 20)
        outcome = _EXPECTED[opened.fault] if isinstance(opened, NotOpened) else "success"
        right = not isinstance(opened, bytes) or sha256(opened).hexdigest() == told["payload"]
        judged += 1
        if outcome != told["expect"] or not right:
            wrong.append((vector.name, told["expect"], outcome))
    assert wrong == []
    assert judged >= _OF_OUR_KINDS
