"""The age test vectors of the Community Cryptography Test Vectors: `vectors/README.md` says where they are from."""

import zipfile
import zlib
from hashlib import sha256
from pathlib import Path

import pytest

from omtui.credentials.age.fault import AgeFault, NotOpened
from omtui.credentials.age.recipients import Identity, Passphrase, read_x25519_identity
from omtui.credentials.age.sealing import open_sealed
from omtui.credentials.secret import Secret

_VECTORS = zipfile.ZipFile(Path(__file__).with_name("vectors") / "vectors.zip")
COUNT = 124
_EXPECTED = {
    AgeFault.ARMOUR: "armor failure",
    AgeFault.HEADER: "header failure",
    AgeFault.TOO_COSTLY: "header failure",
    AgeFault.NO_MATCH: "no match",
    AgeFault.MAC: "HMAC failure",
    AgeFault.PAYLOAD: "payload failure",
}


def _read(vector: str) -> tuple[list[tuple[str, str]], bytes]:
    head, body = _VECTORS.read(vector).split(b"\n\n", 1)
    keys = [(key, value) for key, _, value in (line.partition(": ") for line in head.decode().splitlines())]
    return keys, zlib.decompress(body) if ("compressed", "zlib") in keys else body


def _identities(keys: list[tuple[str, str]]) -> list[Identity]:
    """What the vector is to be opened with."""
    found: list[Identity] = [Passphrase(Secret(value)) for key, value in keys if key == "passphrase"]
    for key, value in keys:
        if key == "identity":
            identity = read_x25519_identity(Secret(value))
            assert identity is not None
            found.append(identity)
    return found


def test_all_of_them_are_here() -> None:
    assert len(_VECTORS.namelist()) == COUNT


@pytest.mark.parametrize("vector", sorted(_VECTORS.namelist()))
def test_a_vector_ends_as_it_says(vector: str) -> None:
    keys, body = _read(vector)
    facts = dict(keys)
    opened = open_sealed(body, _identities(keys), largest=64 << 20)
    assert (_EXPECTED[opened.fault] if isinstance(opened, NotOpened) else "success") == facts["expect"]
    if isinstance(opened, bytes):
        assert sha256(opened).hexdigest() == facts["payload"]
