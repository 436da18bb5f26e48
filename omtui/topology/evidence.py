"""What a probe saw: facts only, no judgement. `verdict` reads them, `result` prints them."""

from dataclasses import dataclass, field

from omtui.topology.expiry import days_until

IPV4 = "IPv4"
IPV6 = "IPv6"


@dataclass(slots=True)
class Stop:
    """Why a probe could not go on: an outcome word and what exactly was seen (foreign text, unfiltered)."""

    word: str
    detail: str = ""


@dataclass(slots=True)
class AddressTry:
    """One address of the name: `word` is `ok` when it took the connection.

    `milliseconds` passed until that was clear; `judged` is false where this machine has no route to that family at all.
    """

    address: str
    family: str
    word: str
    detail: str = ""
    milliseconds: float | None = None
    judged: bool = True


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """The contents of a certificate. Times are seconds since 1970; names are of the alternative names only."""

    subject: str
    issuer: str
    common_name: str
    names: tuple[str, ...]
    not_before: float
    not_after: float
    key: str
    weakness: str
    signature: str
    self_signed: bool
    fingerprint: str

    def days_left(self, now: float) -> int:
        """Days until it ends, negative when it has ended."""
        return days_until(self.not_after, now)


@dataclass(frozen=True, slots=True)
class TlsFacts:
    """What the TLS handshake gave. Endpoints that show the same share one of these.

    `trust` says which store vouches for the certificate: "system", "ca_file" or "" for none. `trust_words` are
    the outcome words that explain why none does, `verify_text` is the TLS library's own reason.
    """

    version: str
    cipher: str
    chain: tuple[CertificateFacts, ...] = ()
    trust: str = ""
    trust_words: tuple[tuple[str, str], ...] = ()
    verify_text: str = ""
    chain_complete: bool | None = None
    name: str = ""
    name_matches: bool = True
    trust_store: str = ""
    offers_tls_1_2: bool | None = None

    @property
    def leaf(self) -> CertificateFacts | None:
        """The server's own certificate."""
        return self.chain[0] if self.chain else None


@dataclass(slots=True)
class HttpFacts:
    """The last answer. `kind` and `detail` say what its body is (`wsdl.ParsedBody`), `sign_in` what gave a sign-in
    page away, `schemes` the ways to sign in that a 401 offers.
    """

    status: int
    reason: str = ""
    server: str = ""
    location: str = ""
    content_type: str = ""
    url: str = ""
    redirects: tuple[str, ...] = ()
    sign_in: str = ""
    body_bytes: int = 0
    kind: str = ""
    detail: str = ""
    schemes: tuple[str, ...] = ()


@dataclass(slots=True)
class WsdlFacts:
    """What a WSDL says, imports on the same host and port included."""

    services: tuple[str, ...] = ()
    namespace: str = ""
    operations: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    imports_read: tuple[str, ...] = ()
    imports_missing: tuple[tuple[str, str], ...] = ()
    imports_elsewhere: tuple[str, ...] = ()
    certificate: CertificateFacts | None = None


@dataclass(slots=True)
class Times:
    """Milliseconds per phase, None for a phase that was not entered."""

    resolve: float | None = None
    connect: float | None = None
    tls: float | None = None
    http: float | None = None
    wsdl: float | None = None

    def phases(self) -> dict[str, float | None]:
        """The phases by name, in their order."""
        return {
            "resolve": self.resolve, "connect": self.connect, "tls": self.tls, "http": self.http, "wsdl": self.wsdl,
        }  # fmt: skip

    def total(self) -> float:
        """All phases together."""
        return sum(took or 0.0 for took in self.phases().values())


@dataclass(slots=True)
class Evidence:
    """Everything seen of one target, filled as the phases go on."""

    times: Times = field(default_factory=Times)
    addresses: tuple[AddressTry, ...] = ()
    answered_by: str = ""
    proxy: str = ""
    resolved_by: str = ""
    tls: TlsFacts | None = None
    http: HttpFacts | None = None
    wsdl: WsdlFacts | None = None
    stop: Stop | None = None
    found: tuple[Stop, ...] = ()
    notes: tuple[str, ...] = ()  # tuples: most stay empty, ten thousand times

    @property
    def http_sign_in(self) -> str:
        """What gave a sign-in page away, or the empty text."""
        return self.http.sign_in if self.http is not None else ""

    def add(self, word: str, detail: str = "") -> None:
        """Notes a fault that does not end the probe."""
        self.found += (Stop(word, detail),)

    def note(self, text: str) -> None:
        """Notes what is no fault, in words."""
        if text not in self.notes:
            self.notes += (text,)
