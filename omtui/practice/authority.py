"""A certificate authority for practice: made at start, kept in memory and one temporary folder."""

from __future__ import annotations

import base64
import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class ServerIdentity:
    """A certificate with its key, and the certificates that a server sends after it."""

    certificate: x509.Certificate
    key: PrivateKey
    chain: tuple[x509.Certificate, ...] = ()

    def pem(self) -> bytes:
        """Key, certificate and chain in one text, as TLS libraries read it."""
        key = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        sent = (self.certificate, *self.chain)
        return key + b"".join(one.public_bytes(serialization.Encoding.PEM) for one in sent)

    def der_base64(self) -> str:
        """The certificate alone, as WSDLs hold it."""
        return base64.b64encode(self.certificate.public_bytes(serialization.Encoding.DER)).decode("ascii")


class Authority:
    """A certificate authority, or an intermediate one of it."""

    def __init__(self, identity: ServerIdentity) -> None:
        self.identity = identity

    @classmethod
    def root(cls, name: str, *, days: tuple[float, float] = (-1, 30)) -> Authority:
        """A self-signed root; `days` from now is when it begins and ends."""
        key = _ec_key()
        return cls(ServerIdentity(_signed(name, key, key, days=days, authority=True), key))

    def intermediate(self, name: str, *, days: tuple[float, float] = (-1, 30)) -> Authority:
        """An authority that this one vouches for. What it issues carries it in its chain."""
        key = _ec_key()
        own = self.identity
        certificate = _signed(name, key, own.key, days=days, authority=True, issuer=own.certificate)
        return Authority(ServerIdentity(certificate, key, self._above()))

    def issue(
        self,
        names: tuple[str, ...] = LOOPBACK,
        *,
        common_name: str | None = None,
        days: tuple[float, float] = (-1, 29 * 12),
        rsa_bits: int | None = None,
        client: bool = False,
        send_chain: bool = True,
        alternative_names: bool = True,
    ) -> ServerIdentity:
        """A certificate for names and addresses."""
        key = _ec_key() if rsa_bits is None else _rsa_key(rsa_bits)
        own = self.identity
        certificate = _signed(
            common_name or names[0],
            key,
            own.key,
            days=days,
            names=names if alternative_names else (),
            client=client,
            issuer=own.certificate,
        )
        chain = self._above() if send_chain else ()
        return ServerIdentity(certificate, key, chain)

    def _above(self) -> tuple[x509.Certificate, ...]:
        """What a server sends after a certificate of this authority: the links up to the root, without it."""
        own = self.identity
        is_root = own.certificate.issuer == own.certificate.subject
        return () if is_root else (own.certificate, *own.chain)

    def pem(self) -> bytes:
        """The authority's certificate, for `ca_file`."""
        return self.identity.certificate.public_bytes(serialization.Encoding.PEM)


def self_signed(names: tuple[str, ...] = LOOPBACK, *, days: tuple[float, float] = (-1, 90)) -> ServerIdentity:
    """A certificate that nobody vouches for."""
    key = _ec_key()
    return ServerIdentity(_signed(names[0], key, key, days=days, names=names), key)


def server_context(identity: ServerIdentity, folder: Path) -> ssl.SSLContext:
    """A server's TLS context. The key passes through a file that is gone when this returns."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    path = folder / "identity.pem"
    path.touch(mode=0o600)
    try:
        path.write_bytes(identity.pem())
        # Weak keys are practised on, too.
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.load_cert_chain(path)
    finally:
        path.unlink()
    return context


def _signed(
    name: str,
    key: PrivateKey,
    issuer_key: PrivateKey,
    *,
    days: tuple[float, float],
    authority: bool = False,
    names: tuple[str, ...] = (),
    client: bool = False,
    issuer: x509.Certificate | None = None,
) -> x509.Certificate:
    now = datetime.now(UTC).replace(microsecond=0)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(issuer.subject if issuer is not None else _name(name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if authority:
        builder = builder.add_extension(_usage(sign_certificates=True), critical=True)
    else:
        purpose = ExtendedKeyUsageOID.CLIENT_AUTH if client else ExtendedKeyUsageOID.SERVER_AUTH
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        builder = builder.add_extension(_usage(sign_certificates=False), critical=True)
    if names:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([_general_name(one) for one in names]), critical=False
        )
    return builder.sign(issuer_key, hashes.SHA256())


def _usage(*, sign_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not sign_certificates,
        content_commitment=False,
        key_encipherment=not sign_certificates,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=sign_certificates,
        crl_sign=sign_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _rsa_key(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)
