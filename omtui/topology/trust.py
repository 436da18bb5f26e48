"""Trust stores and TLS contexts: what certificates are judged by.

The trust store is the operating system's, with a target's `ca_file` next to it. Contexts allow every protocol
version and cipher that the TLS library still speaks, because the review is to report how weak an endpoint is
and not only that it refused: nothing secret is ever sent over these connections.
"""

from __future__ import annotations

import codecs
import ipaddress
import ssl
import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from omtui.topology.certificate import Certificate, anchors_for, explain, folded_name, parsed_anchors, read
from omtui.topology.evidence import TlsFacts

_OP_LEGACY_SERVER_CONNECT = 0x4
_CIPHERS = "ALL:!aNULL:!PSK:!SRP:@SECLEVEL=0"
"""All that a server can be spoken to with which shows a certificate, and shares no secret beforehand."""

_MOST_JUDGED = 4096
_MOST_OF_A_FILE = 4 * 1024 * 1024
_REFUSALS = {18: "certificate-self-signed"}
"""OpenSSL's numbers that say more than that it does not trust; dates and names are judged by themselves."""

_KNOWN_STORES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


@dataclass(frozen=True, slots=True)
class ChainJudgement:
    """What is to be said of a chain of certificates as it was sent.

    `trust` is "system" or "ca_file" by whose authority vouches for it, else "". `words` are the outcome words that
    say why none does (the leaf's own dates and names apart); `text` is the TLS library's reason if it was asked.
    """

    trust: str
    words: tuple[tuple[str, str], ...] = ()
    complete: bool | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """The contents of a trust store: certificates (DER) and their names. Not `whole`: there may be more."""

    authorities: tuple[bytes, ...] = ()
    names: frozenset[str] = frozenset()
    whole: bool = True


Shown = tuple[str, str | None, tuple[bytes, ...], str, str]
"""What an endpoint is known by: the name asked for, `ca_file`, the chain as sent, the TLS version and the cipher."""


class Trust:
    """Contexts, made once for each `ca_file`, and what chains are worth."""

    def __init__(self) -> None:
        self._contexts: dict[tuple[str | None, bool], ssl.SSLContext] = {}
        self._system: Listing | None = None
        self._system_name = ""
        self._folder: Listing | None = None
        self._files: dict[str, Listing | str] = {}
        self._store_names: dict[str | None, str] = {}
        self._anchors: dict[str | None, _Anchors] = {}
        self._judged: dict[tuple[str | None, tuple[bytes, ...]], ChainJudgement] = {}
        self.shown_facts: dict[Shown, TlsFacts] = {}

    def prepare(self) -> None:
        """Reads the system's store ahead of time."""
        self.context(None, verify=False)
        self._anchors_of(None)
        self._of_folder()
        self.store_name(None)

    def refresh(self) -> None:
        """Forgets what may have changed since the last review: files and dates. The system's store stays."""
        self._judged.clear()
        self.shown_facts.clear()
        self._files.clear()
        for key in [key for key in self._contexts if key[0] is not None]:
            del self._contexts[key]
        for ca_file in [ca_file for ca_file in self._anchors if ca_file is not None]:
            del self._anchors[ca_file]

    def context(self, ca_file: str | None, *, verify: bool) -> ssl.SSLContext:
        """The context for a handshake; without `verify` every certificate is taken, to be read."""
        key = (ca_file, verify)
        if key not in self._contexts:
            context = self._contexts[key] = _open_context()
            if verify:
                context.verify_mode = ssl.CERT_REQUIRED
                self._system_name = _load_system(context)
                if ca_file:
                    _load_file(context, ca_file)
        return self._contexts[key]

    def problem_of(self, ca_file: str | None) -> str:
        """Why a `ca_file` cannot be used; empty where it can."""
        read = self._of_file(ca_file) if ca_file else None
        return read if isinstance(read, str) else ""

    def store_name(self, ca_file: str | None) -> str:
        """Which trust store judges, for people."""
        if ca_file not in self._store_names:
            self._of_system()
            own = self._system_name
            self._store_names[ca_file] = f"{own} and {ca_file}" if ca_file else own
        return self._store_names[ca_file]

    def judge(self, ca_file: str | None, sent: Sequence[bytes]) -> ChainJudgement | None:
        """Judges a chain (DER, the leaf first) without a connection; None when only OpenSSL can decide.

        A path that the strict verifier of `cryptography` accepts is sound. A sound path whose end is out of date
        is refused by everybody, and so is a chain that names no authority of this system's. All else is left to
        OpenSSL, in a handshake that verifies: it forgives old-fashioned extensions. Its answer goes to `remember`.
        """
        key = ca_file, tuple(sent)
        judged = self._judged.get(key)
        if judged is None:
            judged = self._judge(ca_file, sent)
            if judged is not None:
                self.remember(ca_file, sent, judged)
        return judged

    def remember(self, ca_file: str | None, sent: Sequence[bytes], judged: ChainJudgement) -> None:
        """Endpoints behind one load balancer show one chain: it is judged once."""
        if len(self._judged) >= _MOST_JUDGED:
            self._judged.clear()
        self._judged[ca_file, tuple(sent)] = judged

    def keep_facts(self, shown: Shown, facts: TlsFacts) -> None:
        """Keeps the facts for endpoints that show the same, unless their chain was only presumed to be good or bad."""
        if (shown[1], shown[2]) in self._judged:
            if len(self.shown_facts) >= _MOST_JUDGED:
                self.shown_facts.clear()
            self.shown_facts[shown] = facts

    def verified(self, ca_file: str | None, sent: Sequence[bytes], path: Sequence[bytes]) -> ChainJudgement:
        """The judgement of a chain that OpenSSL verified along a path (the authority last)."""
        if not path:
            return ChainJudgement("system")
        # A system that keeps its authorities in a folder does not list them; those of ca_file are always known.
        own = path[-1] in self._listed_in(ca_file).authorities
        trust = "ca_file" if own and path[-1] not in self._of_system().authorities else "system"
        missing = [read(certificate) for certificate in path[1:-1] if certificate not in sent]
        if not missing:
            return ChainJudgement(trust, complete=True)
        # It verified, because this machine happens to have the link. The caller may not.
        names = ", ".join(certificate.facts.subject for certificate in missing if certificate)
        word = ("certificate-chain-incomplete", f"only this machine's trust store has {names}")
        return ChainJudgement(trust, (word,), complete=False)

    def refused(self, ca_file: str | None, sent: Sequence[bytes], code: int, text: str) -> ChainJudgement:
        """The judgement of a chain that OpenSSL refused with a number and a text, in the words of the review."""
        chain = [certificate for certificate in map(read, sent) if certificate is not None]
        words = self._explained(ca_file, chain)
        if not words and code in _REFUSALS:
            words = ((_REFUSALS[code], text),)
        incomplete = any(word == "certificate-chain-incomplete" for word, _ in words)
        return ChainJudgement("", words, complete=False if incomplete else None, text=text)

    def presumed(self, ca_file: str | None, sent: Sequence[bytes]) -> ChainJudgement:
        """The judgement of a chain that could not be put before OpenSSL: by names and signatures alone."""
        chain = [certificate for certificate in map(read, sent) if certificate is not None]
        words = self._explained(ca_file, chain)
        if words or not chain:
            return ChainJudgement("", words, text="it could not be verified")
        return ChainJudgement("ca_file" if ca_file else "system", complete=True)

    def _judge(self, ca_file: str | None, sent: Sequence[bytes]) -> ChainJudgement | None:
        chain = [certificate for certificate in map(read, sent) if certificate is not None]
        if not chain or len(chain) != len(sent):
            return None
        path = self._anchors_of(ca_file).path(chain)
        if path is not None:
            return self.verified(ca_file, sent, path)
        leaf, now = chain[0].facts, time.time()
        if (leaf.not_after < now or leaf.not_before > now) and not self._explained(ca_file, chain):
            return ChainJudgement("", complete=True)
        if self._knows_nobody_of(ca_file, chain):
            return self.refused(ca_file, sent, 0, "")
        return None

    def _knows_nobody_of(self, ca_file: str | None, chain: Sequence[Certificate]) -> bool:
        """Whether no authority at hand bears a name of a chain; false when not all can be listed."""
        listings = self._of_system(), self._of_folder(), self._listed_in(ca_file)
        named = {folded_name(name) for one in chain for name in (one.parsed.issuer, one.parsed.subject)}
        return all(listing.whole and named.isdisjoint(listing.names) for listing in listings)

    def _explained(self, ca_file: str | None, chain: Sequence[Certificate]) -> tuple[tuple[str, str], ...]:
        anchors = anchors_for(chain, self._anchors_of(ca_file).all)
        return explain(chain, anchors, time.time())

    def _anchors_of(self, ca_file: str | None) -> _Anchors:
        if ca_file not in self._anchors:
            ders = dict.fromkeys((*self._of_system().authorities, *self._listed_in(ca_file).authorities))
            self._anchors[ca_file] = _Anchors(tuple(ders))
        return self._anchors[ca_file]

    def _listed_in(self, ca_file: str | None) -> Listing:
        read = self._of_file(ca_file) if ca_file else None
        return read if isinstance(read, Listing) else Listing()

    def _of_file(self, ca_file: str) -> Listing | str:
        if ca_file not in self._files:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            self._files[ca_file] = _load_file(context, ca_file) or _listing(context)
        return self._files[ca_file]

    def _of_system(self) -> Listing:
        if self._system is None:
            self._system = _listing(self.context(None, verify=True))
        return self._system

    def _of_folder(self) -> Listing:
        if self._folder is None:
            self._folder = _listed_in_folder(ssl.get_default_verify_paths().capath)
        return self._folder


class _Anchors:
    """The authorities of one trust store, for judging without a connection."""

    def __init__(self, ders: Sequence[bytes]) -> None:
        self.all = parsed_anchors(ders)
        roots = [anchor for anchor in self.all if anchor.subject == anchor.issuer]
        self._links = [anchor for anchor in self.all if anchor.subject != anchor.issuer]
        self._store = Store(roots) if roots else None

    def path(self, chain: Sequence[Certificate]) -> list[bytes] | None:
        """The path to an authority that the strict verifier finds, however the leaf is named; None for none."""
        names = chain[0].facts.names
        if not names or self._store is None:
            return None
        try:
            subject: x509.IPAddress | x509.DNSName
            try:
                subject = x509.IPAddress(ipaddress.ip_address(names[0]))
            except ValueError:
                # A wildcard matches any name below it.
                subject = x509.DNSName(names[0].replace("*.", "any.", 1))
            verifier = PolicyBuilder().store(self._store).time(datetime.now(UTC)).build_server_verifier(subject)
            path = verifier.verify(chain[0].parsed, [one.parsed for one in chain[1:]] + self._links)
        except (VerificationError, ValueError):
            return None
        return [certificate.public_bytes(Encoding.DER) for certificate in path]


def _open_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers(_CIPHERS)
    context.options |= _OP_LEGACY_SERVER_CONNECT | ssl.OP_IGNORE_UNEXPECTED_EOF
    # Tickets serve a second connection that never comes.
    context.options |= ssl.OP_NO_TICKET
    # Python 3.13 turns these on by default; a review judges alike on every Python, as OpenSSL does by itself.
    context.verify_flags &= ~ssl.VerifyFlags.VERIFY_X509_STRICT
    return context


def _load_system(context: ssl.SSLContext) -> str:
    """Loads the system's authorities; a Python that brings its own OpenSSL may look in the wrong place."""
    context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    paths = ssl.get_default_verify_paths()
    if context.cert_store_stats()["x509_ca"] or (paths.capath and any(Path(paths.capath).glob("*.0"))):
        places = ", ".join(place for place in (paths.cafile, paths.capath) if place)
        return f"the system's trust store ({places or 'kept by the system itself'})"
    for path in _KNOWN_STORES:
        try:
            context.load_verify_locations(cafile=path)
        except (OSError, ssl.SSLError):
            continue
        return f"the system's trust store ({path})"
    return "an empty trust store (this system has none)"


def _load_file(context: ssl.SSLContext, ca_file: str) -> str:
    """Load the certificates of a file; why it cannot be used."""
    try:
        context.load_verify_locations(cafile=ca_file)
    except ssl.SSLError:
        with suppress(ssl.SSLError):
            if certificates := _in_other_shapes(ca_file):
                context.load_verify_locations(cadata=b"".join(certificates))
                return ""
        return f"ca_file {ca_file} can't be used: it holds no certificate as PEM, DER or P7B"
    except OSError as error:
        return f"ca_file {ca_file} can't be used: {error.strerror or error}"
    return ""


def _in_other_shapes(ca_file: str) -> list[bytes]:
    """The certificates (DER) of a file that the TLS library does not read: DER, P7B, or a text in UTF-16."""
    try:
        with Path(ca_file).open("rb") as file:
            content = file.read(_MOST_OF_A_FILE)
        if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            content = content.decode("utf-16").encode()
    except (OSError, ValueError):
        return []
    for load in (
        x509.load_pem_x509_certificates,
        lambda der: [x509.load_der_x509_certificate(der)],
        pkcs7.load_pem_pkcs7_certificates,
        pkcs7.load_der_pkcs7_certificates,
    ):
        with suppress(ValueError, TypeError, UnsupportedAlgorithm):
            return [certificate.public_bytes(Encoding.DER) for certificate in load(content)]
    return []


def _listing(context: ssl.SSLContext) -> Listing:
    """The authorities that a context has loaded; a trusted certificate that is no authority is not listed."""
    authorities = context.get_ca_certs(binary_form=True)
    return _listed(authorities, whole=context.cert_store_stats()["x509"] == len(authorities))


def _listed_in_folder(folder: str | None) -> Listing:
    """The certificates of the system's folder, in which OpenSSL looks for each when it is asked for."""
    found: set[bytes] = set()
    whole = True
    for path in Path(folder).glob("*.[0-9]*") if folder else ():
        try:
            found.add(ssl.PEM_cert_to_DER_cert(path.read_text(encoding="ascii")))
        except (OSError, ValueError):
            whole = False
    return _listed(found, whole=whole)


def _listed(authorities: Collection[bytes], *, whole: bool) -> Listing:
    """What cannot be read here may still be good to OpenSSL: then the list is not whole."""
    anchors = parsed_anchors(authorities)
    names = frozenset(folded_name(anchor.subject) for anchor in anchors)
    return Listing(tuple(authorities), names, whole and len(anchors) == len(authorities))
