"""Trust stores and TLS contexts: what certificates are judged by.

The trust store is the operating system's, with a target's `ca_file` beside it. Contexts allow every protocol
version and cipher that the TLS library still speaks, because the review wants to tell how weak an endpoint is
and not only that it refused: nothing secret is ever sent over these connections.
"""

from __future__ import annotations

import os
import ssl
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from omtui.topology.certificate import parsed_anchors

if TYPE_CHECKING:
    from cryptography import x509

_OP_LEGACY_SERVER_CONNECT = 0x4
_CIPHERS = "ALL:!aNULL:@SECLEVEL=0"
_KNOWN_STORES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


@dataclass(frozen=True, slots=True)
class ClientIdentity:
    """A client certificate with its key (PEM, both in one text) and the key's pass phrase."""

    pem: str
    password: str | None = None


@dataclass(frozen=True, slots=True)
class TrustProblem:
    """Why a target's own trust or identity could not be used: nothing to do with the server."""

    text: str


ClientIdentities = Callable[[str], ClientIdentity | None]


class Trust:
    """One review's contexts, made once for each pair of `ca_file` and client certificate."""

    def __init__(self, identities: ClientIdentities | None = None) -> None:
        self._identities = identities
        self._contexts: dict[tuple[str | None, str | None, bool], ssl.SSLContext | TrustProblem] = {}
        self._system: tuple[frozenset[bytes], str] | None = None
        self._store_names: dict[str | None, str] = {}
        self._anchors: dict[str | None, list[x509.Certificate]] = {}

    def context(
        self, ca_file: str | None, client_certificate: str | None, *, verify: bool
    ) -> ssl.SSLContext | TrustProblem:
        """The context for a handshake; without `verify` every certificate is taken, to be read."""
        key = (ca_file, client_certificate, verify)
        made = self._contexts.get(key)
        if made is None:
            made = self._contexts[key] = self._made(ca_file, client_certificate, verify)
        return made

    def store_name(self, ca_file: str | None) -> str:
        """Which trust store judges, for people."""
        if ca_file not in self._store_names:
            own = self._of_system()[1]
            self._store_names[ca_file] = f"{own} and {ca_file}" if ca_file else own
        return self._store_names[ca_file]

    def vouched_by(self, root: bytes) -> str:
        """Whether a trusted authority is the system's own: "system" or "ca_file"."""
        return "system" if root in self._of_system()[0] else "ca_file"

    def anchors(self, ca_file: str | None) -> list[x509.Certificate]:
        """Every authority that is trusted with a `ca_file` beside the system's.

        Reading all of a system's takes some 10 ms; it is done when the first certificate has failed.
        """
        if ca_file not in self._anchors:
            context = self.context(ca_file, None, verify=True)
            ders = context.get_ca_certs(binary_form=True) if isinstance(context, ssl.SSLContext) else []
            self._anchors[ca_file] = parsed_anchors(ders)
        return self._anchors[ca_file]

    def _made(self, ca_file: str | None, client_certificate: str | None, verify: bool) -> ssl.SSLContext | TrustProblem:
        context = _open_context()
        if verify:
            context.verify_mode = ssl.CERT_REQUIRED
            _load_system(context)
            if ca_file:
                try:
                    context.load_verify_locations(cafile=ca_file)
                except (OSError, ssl.SSLError) as error:
                    return TrustProblem(f"ca_file {ca_file} can't be used: {_reason(error)}")
        if client_certificate is not None:
            problem = self._load_identity(context, client_certificate)
            if problem is not None:
                return problem
        return context

    def _load_identity(self, context: ssl.SSLContext, name: str) -> TrustProblem | None:
        identity = self._identities(name) if self._identities is not None else None
        if identity is None:
            return TrustProblem(f"the client certificate {name!r} is not at hand")
        # The TLS library reads files only; the file is gone before anybody could come for it.
        descriptor, path = tempfile.mkstemp(prefix="omtui-")
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(identity.pem)
            context.load_cert_chain(path, password=identity.password or "")
        except (OSError, ssl.SSLError, ValueError) as error:
            return TrustProblem(f"the client certificate {name!r} can't be used: {_reason(error)}")
        finally:
            Path(path).unlink()
        return None

    def _of_system(self) -> tuple[frozenset[bytes], str]:
        if self._system is None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            name = _load_system(context)
            self._system = frozenset(context.get_ca_certs(binary_form=True)), name
        return self._system


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
        return f"the system's trust store ({paths.cafile or paths.capath or 'of the system'})"
    for path in _KNOWN_STORES:
        try:
            context.load_verify_locations(cafile=path)
        except (OSError, ssl.SSLError):
            continue
        return f"the system's trust store ({path})"
    return "an empty trust store (this system has none)"


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return error.reason or "it is no certificate file"
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
