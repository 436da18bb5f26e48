"""Reading certificates, and explaining why one is not trusted.

Whether a certificate is trusted is OpenSSL's judgement, made in the handshake. This module reads the
certificates that a server sent and reports in the words of the review what is wrong with them: all of it, not the
first reason only, at which a TLS library stops.
"""

from __future__ import annotations

import ipaddress
import re
import warnings
from collections.abc import Iterable, Sequence
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from omtui.setup.hosts import ascii_name
from omtui.topology.evidence import CertificateFacts

# Some authorities of every system carry odd serial numbers; nobody at a terminal can do anything about it.
warnings.filterwarnings("ignore", category=CryptographyDeprecationWarning, module=__name__)

_LEAST_BITS = {"RSA": 2048, "DSA": 2048, "EC": 224}


class Certificate:
    """A certificate as sent: its facts, and the parsed form for following a chain."""

    __slots__ = ("facts", "parsed")

    def __init__(self, parsed: x509.Certificate, facts: CertificateFacts) -> None:
        self.parsed = parsed
        self.facts = facts


@lru_cache(maxsize=1024)
def read(der: bytes) -> Certificate | None:
    """Reads one certificate; None when it cannot be read (it is foreign and may hold anything)."""
    parsed = _load(der)
    if parsed is None:
        return None
    try:
        return Certificate(parsed, _facts(parsed))
    except (ValueError, TypeError):
        return None


def _load(der: bytes) -> x509.Certificate | None:
    try:
        return x509.load_der_x509_certificate(der)
    except (ValueError, TypeError, x509.InvalidVersion):
        return None


def _facts(parsed: x509.Certificate) -> CertificateFacts:
    common = parsed.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    key, weakness = _key(parsed)
    try:
        algorithm = parsed.signature_hash_algorithm
        signature = algorithm.name if algorithm is not None else ""
    except UnsupportedAlgorithm:
        signature = parsed.signature_algorithm_oid.dotted_string
    self_signed = parsed.subject == parsed.issuer and is_issued_by(parsed, parsed)
    if not weakness and signature in ("md5", "sha1") and not self_signed:
        weakness = f"its signature uses {signature.upper()}"
    return CertificateFacts(
        subject=parsed.subject.rfc4514_string(),
        issuer=parsed.issuer.rfc4514_string(),
        common_name=str(common[0].value) if common else "",
        names=_names(parsed),
        not_before=parsed.not_valid_before_utc.timestamp(),
        not_after=parsed.not_valid_after_utc.timestamp(),
        key=key,
        weakness=weakness,
        signature=signature,
        self_signed=self_signed,
        fingerprint=parsed.fingerprint(hashes.SHA256()).hex(),
    )


def _key(parsed: x509.Certificate) -> tuple[str, str]:
    try:
        key = parsed.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return "unknown", ""
    if isinstance(key, rsa.RSAPublicKey):
        kind, bits = "RSA", key.key_size
    elif isinstance(key, ec.EllipticCurvePublicKey):
        kind, bits = "EC", key.key_size
    elif isinstance(key, dsa.DSAPublicKey):
        kind, bits = "DSA", key.key_size
    else:
        return type(key).__name__.removesuffix("PublicKey").lstrip("_"), ""
    weak = bits < _LEAST_BITS[kind]
    return f"{kind} {bits}", f"its {kind} key has {bits} bits, at least {_LEAST_BITS[kind]} are asked" if weak else ""


def _names(parsed: x509.Certificate) -> tuple[str, ...]:
    try:
        extension = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, x509.UnsupportedGeneralNameType, ValueError):
        return ()
    addresses = extension.get_values_for_type(x509.IPAddress)
    # An address given as a DNS name is none: every TLS library overlooks it.
    names = (f"DNS:{name}" if _address(name) else name for name in extension.get_values_for_type(x509.DNSName))
    return (*names, *(str(address) for address in addresses))


def is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether `issuer` signed `certificate`, by name and by signature."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def names_match(names: Sequence[str], host: str) -> bool:
    """Whether one of a certificate's alternative names matches a host (RFC 6125: one leftmost wildcard)."""
    address = _address(host)
    if address is None:
        return any(_name_matches(name, _ascii(host)) for name in names)
    return address in names


@lru_cache(maxsize=256)
def _address(host: str) -> str | None:
    try:
        return str(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        return None


def _name_matches(pattern: str, host: str) -> bool:
    pattern, host = _ascii(pattern), host
    if not pattern.startswith("*."):
        return pattern == host
    first, dot, rest = host.partition(".")
    # A wildcard matches exactly one label, and never for a whole top-level domain.
    return bool(first and dot) and "." in rest and rest == pattern[2:]


def _ascii(name: str) -> str:
    name = name.rstrip(".").lower()
    return ascii_name(name) or name


def explain(
    chain: Sequence[Certificate], anchors: Sequence[x509.Certificate], now: float
) -> tuple[tuple[str, str], ...]:
    """Why a chain that OpenSSL refused leads to no trusted authority: outcome words with what was seen.

    `anchors` are the trusted authorities that may matter (see `anchors_for`). Empty when the path itself is
    sound: then the reason lies in the leaf (its dates) or outside what is read here.
    """
    if not chain:
        return ()
    leaf, others = chain[0], list(chain[1:])
    if leaf.facts.self_signed:
        return (("certificate-self-signed", leaf.facts.subject),)
    words: list[tuple[str, str]] = []
    current = leaf
    for _ in range(len(chain) + 1):
        anchor = next((one for one in anchors if is_issued_by(current.parsed, one)), None)
        if anchor is not None:
            if anchor.not_valid_after_utc.timestamp() < now:
                name = anchor.subject.rfc4514_string()
                words.append(("certificate-untrusted", f"the authority {name} has expired"))
            return tuple(words)
        issuer = next((one for one in others if is_issued_by(current.parsed, one.parsed)), None)
        if issuer is None:
            return (*words, _missing_issuer(current, anchors))
        if issuer.facts.self_signed:
            return (*words, ("certificate-untrusted", f"the chain ends at {issuer.facts.subject}"))
        if issuer.facts.not_after < now or issuer.facts.not_before > now:
            words.append(("certificate-intermediate-expired", issuer.facts.subject))
        others.remove(issuer)
        current = issuer
    return (*words, ("certificate-untrusted", "the certificates sent form no chain"))


_INTERMEDIATE_WORDS = ("intermediate", "issuing", "subordinate", "sub ca", "subca", "server ca", "tls ca")


def _missing_issuer(last: Certificate, anchors: Sequence[x509.Certificate]) -> tuple[str, str]:
    """A chain that stops short: is a link missing, or is the authority a foreign one that is never sent?

    Servers leave the root out, so a missing issuer may be either. A link is missing when the certificate says
    where to get its issuer's certificate (roots need no such address), when the issuer's name says that
    it is an intermediate, or when a trusted authority of the same organisation exists.
    """
    issuer = last.facts.issuer
    incomplete = (
        any(word in issuer.casefold() for word in _INTERMEDIATE_WORDS)
        or _links_to_issuer(last.parsed)
        or bool(_organisations(last.parsed) & {o for anchor in anchors for o in _organisations(anchor)})
    )
    if incomplete and "root" not in issuer.casefold():
        return "certificate-chain-incomplete", f"the certificate of {issuer} is not sent"
    return "certificate-untrusted", f"issued by {issuer}"


def _links_to_issuer(parsed: x509.Certificate) -> bool:
    try:
        access = parsed.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, x509.UnsupportedGeneralNameType, ValueError):
        return False
    return any(entry.access_method == AuthorityInformationAccessOID.CA_ISSUERS for entry in access)


def _organisations(parsed: x509.Certificate) -> set[str]:
    """The organisation of the issuer: an authority's own certificates and those it issues share it."""
    return {str(entry.value).casefold() for entry in parsed.issuer.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)}


def parsed_anchors(trusted: Iterable[bytes]) -> list[x509.Certificate]:
    """A trust store's authorities, those that can be read."""
    return [anchor for anchor in map(_anchor, trusted) if anchor is not None]


@lru_cache(maxsize=1024)
def _anchor(der: bytes) -> x509.Certificate | None:
    """The stores of several targets hold the same authorities: each is read once."""
    return _load(der)


def anchors_for(chain: Sequence[Certificate], trusted: Iterable[x509.Certificate]) -> list[x509.Certificate]:
    """The trusted authorities whose name issued one of the chain, or shares its organisation."""
    issuers = {certificate.parsed.issuer for certificate in chain}
    organisations = {o for certificate in chain for o in _organisations(certificate.parsed)}
    return [anchor for anchor in trusted if anchor.subject in issuers or organisations & _organisations(anchor)]


def folded_name(name: x509.Name) -> str:
    """A name without what OpenSSL overlooks when it compares two: case and spaces (and no less than that)."""
    return re.sub(r"[\s\\]+", "", name.rfc4514_string()).casefold()
