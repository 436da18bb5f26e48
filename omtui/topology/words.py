"""The closed list of outcome words, worst first inside each grade.

The list is part of the public format of `omtui probe --format json`: no word is added or renamed without a new
schema. The order of `WORDS` is the order of the layers a connection passes, and inside a layer the order in
which a person should fix things. `grade` says what a word does to a result: `fine` words and `warning` words
leave it ok, `fault` words do not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """What a word means for a result being ok."""

    FINE = "fine"
    WARNING = "warning"
    FAULT = "fault"


class Layer(StrEnum):
    """The layer of the connection a word speaks about."""

    FINE = "fine"
    RESOLVE = "resolve"
    CONNECT = "connect"
    TLS = "tls"
    HTTP = "http"
    WSDL = "wsdl"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Word:
    """One outcome word: its layer, its grade, and its severity (0 is the worst)."""

    name: str
    layer: Layer
    grade: Grade
    severity: int


_BY_LAYER: tuple[tuple[Layer, str], ...] = (
    (
        Layer.RESOLVE,
        "name-unknown name-without-address name-server-failed name-server-silent",
    ),
    (
        Layer.CONNECT,
        "refused timed-out host-unreachable network-unreachable reset closed-early family-broken"
        " open-but-expected-closed",
    ),
    (
        Layer.TLS,
        "not-tls plain-http-on-tls-port tls-stalled tls-closed tls-too-old tls-handshake-failed"
        " client-certificate-required certificate-expired certificate-not-yet-valid certificate-expiring"
        " certificate-wrong-name certificate-self-signed certificate-untrusted certificate-chain-incomplete"
        " certificate-intermediate-expired certificate-weak-key cipher-weak",
    ),
    (
        Layer.HTTP,
        "tls-on-plain-port not-http answer-stalled empty-answer answer-truncated too-large redirect-loop"
        " redirected-to-plain-http sign-in-page forbidden not-found unavailable http-error wrong-content-type",
    ),
    (
        Layer.WSDL,
        "not-a-wsdl wsdl-truncated wsdl-wrong-service wsdl-import-missing wsdl-style-unsupported soap-fault"
        " hostile-xml",
    ),
    (Layer.OTHER, "cancelled caller-cannot slow"),
    (Layer.FINE, "credentials-required redirected ok"),
)

_WARNINGS = frozenset(
    {
        "certificate-expiring",
        "redirected-to-plain-http",
        "family-broken",
        "wsdl-import-missing",
        "wrong-content-type",
        "slow",
        "caller-cannot",
    }
)


def _words() -> dict[str, Word]:
    words: dict[str, Word] = {}
    graded = ((layer, name, _grade(layer, name)) for layer, names in _BY_LAYER for name in names.split())
    order = {Grade.FAULT: 0, Grade.WARNING: 1, Grade.FINE: 2}
    for severity, (layer, name, grade) in enumerate(sorted(graded, key=lambda entry: order[entry[2]])):
        words[name] = Word(name, layer, grade, severity)
    return words


def _grade(layer: Layer, name: str) -> Grade:
    if layer is Layer.FINE:
        return Grade.FINE
    return Grade.WARNING if name in _WARNINGS else Grade.FAULT


WORDS: dict[str, Word] = _words()
"""Every outcome word by its name, the worst first."""


def worst_first(names: Iterable[str]) -> list[str]:
    """Outcome words without doubles, the worst first."""
    return sorted(set(names), key=lambda name: WORDS[name].severity)


def is_fault(name: str) -> bool:
    """Whether a word means that what was expected does not hold."""
    return WORDS[name].grade is Grade.FAULT


def is_warning(name: str) -> bool:
    """Whether a word leaves a result ok, but should be looked at."""
    return WORDS[name].grade is Grade.WARNING
