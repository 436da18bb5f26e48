"""Whose authority vouches for a chain, as far as that is certain without a connection that verifies."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from omtui.practice.authority import Authority, ServerIdentity, self_signed
from omtui.topology.trust import Trust

ROOT = Authority.root("Root of the Test")
LINK = ROOT.intermediate("Intermediate of the Test")
STRANGER = Authority.root("Somebody else")


def sent(identity: ServerIdentity) -> list[bytes]:
    """The chain of an identity as a server sends it."""
    return [one.public_bytes(Encoding.DER) for one in (identity.certificate, *identity.chain)]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A system that keeps its authorities in a folder, in which OpenSSL looks for what it is asked for."""
    folder = tmp_path / "system"
    folder.mkdir()
    (folder / "0a1b2c3d.0").write_bytes(Authority.root("Some Root").pem())
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(folder))
    return folder


@pytest.fixture
def ca_file(tmp_path: Path) -> str:
    path = tmp_path / "root.pem"
    path.write_bytes(ROOT.pem())
    return str(path)


@pytest.mark.parametrize("identity", [ROOT.issue(), LINK.issue()])
def test_a_sound_path_is_found(identity: ServerIdentity, ca_file: str) -> None:
    judged = Trust().judge(ca_file, sent(identity))
    assert judged is not None
    assert (judged.trust, judged.words, judged.complete) == ("ca_file", (), True)


@pytest.mark.parametrize(
    ("identity", "word", "complete"),
    [
        (STRANGER.issue(), "certificate-untrusted", None),
        (self_signed(), "certificate-self-signed", None),
        (LINK.issue(send_chain=False), "certificate-chain-incomplete", False),
    ],
)
def test_a_chain_that_names_nobody_known_is_refused(
    identity: ServerIdentity, word: str, complete: bool | None, ca_file: str
) -> None:
    judged = Trust().judge(ca_file, sent(identity))
    assert judged is not None
    assert (judged.trust, [said for said, _ in judged.words], judged.complete) == ("", [word], complete)


def test_a_name_of_the_systems_folder_is_left_to_openssl(folder: Path) -> None:
    assert Trust().judge(None, sent(STRANGER.issue())) is not None
    (folder / "11111111.0").write_bytes(STRANGER.pem())
    assert Trust().judge(None, sent(STRANGER.issue())) is None


def test_case_and_spaces_make_no_other_name(ca_file: str) -> None:
    namesake = Authority.root("ROOT  of the  test")
    assert Trust().judge(ca_file, sent(namesake.issue())) is None


def test_a_folder_that_cannot_be_read_leaves_it_to_openssl(folder: Path) -> None:
    (folder / "22222222.0").write_text("no certificate")
    assert Trust().judge(None, sent(STRANGER.issue())) is None


def test_a_trusted_certificate_that_is_no_authority_leaves_it_to_openssl(tmp_path: Path) -> None:
    """A server's own certificate as `ca_file`: TLS libraries trust it, but do not list it."""
    own = self_signed()
    path = tmp_path / "own.pem"
    path.write_bytes(own.certificate.public_bytes(Encoding.PEM))
    assert Trust().judge(str(path), sent(own)) is None


@pytest.mark.parametrize("content", [None, b"", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_a_file_that_is_none_is_reported(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "odd.pem"
    if content is not None:
        path.write_bytes(content)
    problem = Trust().problem_of(str(path))
    assert str(path) in problem


def test_a_file_that_changed_is_read_again(ca_file: str) -> None:
    trust = Trust()
    assert trust.judge(ca_file, sent(STRANGER.issue())) is not None
    Path(ca_file).write_bytes(STRANGER.pem())
    trust.refresh()
    judged = trust.judge(ca_file, sent(STRANGER.issue()))
    assert judged is not None
    assert judged.trust == "ca_file"


@pytest.mark.parametrize(
    "shape", ["PEM", "DER", "P7B", "P7B as text", "UTF-16", "UTF-16 BE", "UTF-8 BOM", "with words", "CRLF"]
)
def test_an_authority_file_is_read_in_every_shape_that_windows_exports(shape: str, tmp_path: Path) -> None:
    certificate, text = ROOT.identity.certificate, ROOT.pem().decode()
    content = {
        "PEM": text.encode(), "DER": certificate.public_bytes(Encoding.DER),
        "P7B": pkcs7.serialize_certificates([certificate, STRANGER.identity.certificate], Encoding.DER),
        "P7B as text": pkcs7.serialize_certificates([certificate], Encoding.PEM),
        "UTF-16": text.encode("utf-16"), "UTF-16 BE": b"\xfe\xff" + text.encode("utf-16-be"),
        "UTF-8 BOM": text.encode("utf-8-sig"), "with words": b"subject=x\n" + text.encode(),
        "CRLF": text.replace("\n", "\r\n").encode(),
    }[shape]  # fmt: skip
    path = tmp_path / "authority"
    path.write_bytes(content)
    trust = Trust()
    assert not trust.problem_of(str(path))
    judged = trust.judge(str(path), sent(ROOT.issue()))
    assert judged is not None
    assert (judged.trust, judged.words) == ("ca_file", ())


@pytest.mark.parametrize(
    "content", [b"", b"nothing", b"\xff\xfe\x00", b"-----BEGIN CERTIFICATE-----\nAAAA\n", b"0\x82"]
)
def test_an_authority_file_without_a_certificate_is_named(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "authority"
    path.write_bytes(content)
    problem = Trust().problem_of(str(path))
    assert "holds no certificate as PEM, DER or P7B" in problem
