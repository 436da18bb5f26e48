"""Sealing and opening, against the age command and by law."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omtui.credentials.age import sealing
from omtui.credentials.age.fault import AgeFault, NotOpened
from omtui.credentials.age.recipients import (
    Passphrase,
    new_identity,
    read_x25519_identity,
    read_x25519_recipient,
)
from omtui.credentials.age.sealing import open_sealed, seal, seal_armoured
from omtui.credentials.keys import read_identity, read_recipient
from omtui.credentials.secret import Secret
from tests.programs import require
from tests.terminal import Terminal

KEY = new_identity()
CHUNK = 64 * 1024


def cheap(passphrase: str = "of the tests", highest: int = 18) -> Passphrase:
    return Passphrase(Secret(passphrase), work_factor=10, highest=highest)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7])
def test_what_is_sealed_opens_at_every_chunk_boundary(size: int) -> None:
    content = bytes(index % 251 for index in range(size))
    assert open_sealed(seal(content, [KEY.recipient]), [KEY]) == content
    assert open_sealed(seal_armoured(content, [KEY.recipient]).encode(), [KEY]) == content


@settings(max_examples=50)
@given(st.binary(max_size=300))
def test_armour_gives_back_what_it_was_given(content: bytes) -> None:
    from omtui.credentials.age.armour import armour, unarmour

    assert unarmour(armour(content).encode()) == content
    assert unarmour(armour(content).replace("\n", "\r\n").encode()) == content


@settings(max_examples=50)
@given(st.binary(min_size=32, max_size=32))
def test_a_key_reads_back_as_written(data: bytes) -> None:
    from omtui.credentials.age.bech32 import bech32, from_bech32

    assert from_bech32(bech32("age", data)) == ("age", data)
    assert from_bech32(bech32("age", data).upper()) == ("age", data)


def test_one_wrong_letter_makes_a_key_unsound() -> None:
    text = str(KEY.recipient)
    for at in range(4, len(text)):
        changed = text[:at] + ("q" if text[at] != "q" else "p") + text[at + 1 :]
        assert read_x25519_recipient(changed) is None


def test_mixed_case_is_unsound() -> None:
    text = str(KEY.recipient)
    assert read_x25519_recipient(text[:-1] + text[-1].upper()) is None or text[-1].isdigit()


def test_every_flipped_bit_and_every_shortening_is_refused() -> None:
    sealed = seal(b"secret content", [KEY.recipient])
    for at in range(len(sealed)):
        changed = bytearray(sealed)
        changed[at] ^= 1
        assert isinstance(open_sealed(bytes(changed), [KEY]), NotOpened), at
        assert isinstance(open_sealed(sealed[:at], [KEY]), NotOpened), at
    assert isinstance(open_sealed(sealed + b"x", [KEY]), NotOpened)


def test_armour_with_any_sign_changed_never_opens_to_something_else() -> None:
    text = seal_armoured(b"secret content", [KEY.recipient])
    for at, sign in enumerate(text):
        changed = text[:at] + ("A" if sign != "A" else "B") + text[at + 1 :]
        opened = open_sealed(changed.encode(), [KEY])
        assert isinstance(opened, NotOpened) or opened == b"secret content"


def test_a_passphrase_allows_no_other_recipient() -> None:
    with pytest.raises(ValueError, match="no other recipient"):
        seal(b"", [cheap(), KEY.recipient])


def test_neither_nobody_nor_a_crowd() -> None:
    for recipients in ([], [KEY.recipient] * 21):
        with pytest.raises(ValueError, match="recipients"):
            seal(b"", recipients)


def test_a_wrong_passphrase_reads_like_a_changed_file() -> None:
    sealed = seal(b"content", [cheap()])
    wrong = open_sealed(sealed, [cheap("another")])
    at = sealed.index(b"\n--- ") + 6
    changed = open_sealed(sealed[:at] + (b"A" if sealed[at : at + 1] != b"A" else b"B") + sealed[at + 1 :], [cheap()])
    assert isinstance(wrong, NotOpened)
    assert isinstance(changed, NotOpened)
    assert wrong.message == changed.message


def test_a_file_that_costs_too_much_is_refused_before_anything_is_derived(monkeypatch: pytest.MonkeyPatch) -> None:
    derived: list[int] = []
    monkeypatch.setattr(Passphrase, "_derive", lambda self, salt, cost: derived.append(cost) or bytes(32))
    sealed = seal(b"content", [Passphrase(Secret("of the tests"), work_factor=19)])
    assert derived == [19]
    opened = open_sealed(sealed, [cheap()])
    assert isinstance(opened, NotOpened)
    assert opened.fault is AgeFault.TOO_COSTLY
    assert "19" in opened.message
    assert derived == [19]


def test_more_may_be_allowed() -> None:
    sealed = seal(b"content", [Passphrase(Secret("of the tests"), work_factor=11)])
    assert isinstance(open_sealed(sealed, [cheap(highest=10)]), NotOpened)
    assert open_sealed(sealed, [cheap(highest=11)]) == b"content"


def test_a_file_too_large_is_refused_unread() -> None:
    opened = open_sealed(bytes(sealing.LARGEST + 1), [KEY])
    assert isinstance(opened, NotOpened)
    assert opened.fault is AgeFault.TOO_LARGE


def age(*arguments: str, given: bytes = b"") -> bytes:
    done = subprocess.run([require("age"), *arguments], input=given, capture_output=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    file = tmp_path / "key.txt"
    subprocess.run([require("age-keygen"), "-o", str(file)], check=True, capture_output=True)
    return file


@pytest.mark.parametrize("size", [0, 11, 200_000])
def test_the_age_command_opens_what_we_seal_and_we_what_it_seals(key_file: Path, size: int) -> None:
    content = b"x" * size
    identity = read_identity(Secret(key_file.read_text()))
    public = key_file.read_text().split("public key: ")[1].split()[0]
    recipient = read_recipient(public)
    assert str(recipient) == public
    assert age("-d", "-i", str(key_file), given=seal_armoured(content, [recipient]).encode()) == content
    assert age("-d", "-i", str(key_file), given=seal(content, [KEY.recipient, recipient])) == content
    assert open_sealed(age("-r", public, "-a", given=content), [identity]) == content
    assert open_sealed(age("-r", public, "-r", str(KEY.recipient), given=content), [KEY]) == content


def test_our_key_is_read_by_the_age_command(tmp_path: Path) -> None:
    own = new_identity()
    file = tmp_path / "own.txt"
    file.write_text(own.secret.reveal() + "\n")
    assert age("-d", "-i", str(file), given=seal(b"content", [own.recipient])) == b"content"
    assert str(read_x25519_identity(own.secret).recipient) == str(own.recipient)


@pytest.fixture(params=["ed25519", "rsa"])
def ssh_key(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    return make_ssh_key(tmp_path / "id", request.param)


def make_ssh_key(file: Path, kind: str, passphrase: str = "") -> Path:
    """An OpenSSH private key file with its .pub file, as `ssh-keygen` writes them."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
    from cryptography.hazmat.primitives.serialization import (
        BestAvailableEncryption,
        Encoding,
        NoEncryption,
        PrivateFormat,
        PublicFormat,
    )

    key = {
        "ed25519": ed25519.Ed25519PrivateKey.generate,
        "rsa": lambda: rsa.generate_private_key(65537, 2048),
        "rsa-short": lambda: rsa.generate_private_key(65537, 1024),
        "ecdsa": lambda: ec.generate_private_key(ec.SECP256R1()),
    }[kind]()
    protection = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, protection))
    file.chmod(0o600)
    public = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    file.with_suffix(".pub").write_bytes(public + b" somebody@host.example\n")
    return file


def test_ssh_keys_as_the_age_command_uses_them(ssh_key: Path) -> None:
    public = ssh_key.with_suffix(".pub").read_text()
    recipient = read_recipient(public)
    identity = read_identity(Secret(ssh_key.read_text()))
    assert age("-d", "-i", str(ssh_key), given=seal(b"content", [recipient])) == b"content"
    assert open_sealed(age("-R", str(ssh_key.with_suffix(".pub")), given=b"content"), [identity]) == b"content"
    assert str(recipient) == " ".join(public.split()[:2])


def test_somebody_elses_ssh_key_does_not_open(tmp_path: Path, ssh_key: Path) -> None:
    other = read_identity(Secret(make_ssh_key(tmp_path / "other", "ed25519").read_text()))
    sealed = seal(b"content", [read_recipient(ssh_key.with_suffix(".pub").read_text()), KEY.recipient])
    assert isinstance(open_sealed(sealed, [other]), NotOpened)
    assert open_sealed(sealed, [other, KEY]) == b"content"


def test_the_age_command_opens_our_passphrase_file(tmp_path: Path, open_terminal: object) -> None:
    file = tmp_path / "sealed.age"
    file.write_bytes(seal(b"the content is here", [Passphrase(Secret("four words and more"))]))
    with Terminal(require("age"), "-d", str(file), home=tmp_path / "home", folder=tmp_path) as terminal:
        terminal.wait_for("passphrase")
        terminal.type("four words and more\r")
        terminal.wait_for("the content is here")
