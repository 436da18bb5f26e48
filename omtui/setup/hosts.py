"""Host names: what a host is to an Oracle set-up, by its name alone.

Classification is a hint from public names, never a proof, and nothing is ever invented from it. The reserved domain
`example` counts as Oracle's own in these patterns, so that invented hosts behave like real ones.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Literal, NamedTuple

from omtui.setup.indexed import rows, text
from omtui.setup.place import Path

HostKind = Literal["pod", "integration run-time", "integration design-time", "oracle", "other"]
"""`oracle` is a host of Oracle's cloud that is neither a known form of pod nor of Integration Cloud."""

_POD = (
    r"(?:(?:fa|login)-)?[a-z0-9]{4,6}(?:-(?:test|dev\d*))?(?:-saasfaprod1)?"
    r"\.(?:fa|fs|fin|scm|hcm|crm|prc)(?:\.(?:ocs|[a-z]{2}\d(?:\.[a-z]+)?))?\.(?:oraclecloud\.com|example)"
)
"""Forms of pod hosts seen in public text: Gen2 (`fa-xxxx-test-saasfaprod1.fa.ocs`), vanity names, classic data
centres (`xxxx-test.fa.us2`), and hosts of one pillar (`.fs.`)."""

_VANITY_POD = r"[a-z0-9-]+\.fa\.(?:ocs\.)?(?:oraclecloud\.com|example)"
_DESIGN_TIME = r"design\.integration\..+"
_RUN_TIME = r"[^.]+\.integration\.(?:[^.]+\.)?ocp\.(?:oraclecloud\.com|example)"
_ORACLE = r"(?:.+\.)?(?:oraclecloud\.com|oraclegovcloud\.com|oraclecorp\.com|oracle\.com)"

_URL = re.compile(
    r"\s*(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<sign_in>[^/?#\\]*@)?(?P<host>\[[^\]/?#\\]*\]|[^/?#\\:]*)"
    r"(?::(?P<port>[^/?#\\]*))?(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?P<fragment>#.*)?",
    re.DOTALL,
)
"""As browsers and urllib3 split it: a slash, ?, # or backslash ends the host, and the last @ before it the sign-in."""

_LABELS = r"(?=.{1,253}\.?$)[^\W](?:[\w-]{0,61}[^\W])?(?:\.[^\W](?:[\w-]{0,61}[^\W])?)*\.?"
_TOKEN = r"\$\{[^}]*\}?|\(\s*\w+\s*,\s*\w+\s*\)"

_INTERNAL_ENDINGS = (
    "local",
    "localdomain",
    "localhost",
    "internal",
    "intranet",
    "intra",
    "corp",
    "lan",
    "home",
    "private",
    "oraclevcn.com",
)


_DEFAULT_PORTS = {"https": 443, "http": 80}
_LOOPBACK = re.compile(r"localhost|.+\.localhost|127\.\d+\.\d+\.\d+|::1|")


class Address(NamedTuple):
    """The parts of a URL. `port` is as typed, empty when none is; the host is in lower case and without brackets."""

    scheme: str
    host: str
    port: str
    path: str
    query: str
    fragment: str = ""


def split_url(url: str) -> Address | None:
    """The parts of an absolute URL, also of one whose port is no number; `None` for anything else.

    A user name and password in it are dropped. Where a password holds a bare slash, ? or #, what is in the place
    of the host is none: there is `None`, too.
    """
    match = _URL.fullmatch(url)
    if not match:
        return None
    scheme, _, host, port, path, query, fragment = (each or "" for each in match.groups())
    if port.strip("0123456789") and "@" in path + query + fragment:
        return None
    return Address(scheme.lower(), (host[1:-1] if ":" in host else host).lower(), port, path, query, fragment)


def without_sign_in(url: str) -> tuple[str, str]:
    """A URL without the `user:password@` in it, and that without its @; the URL as it is where there is none."""
    match = _URL.fullmatch(url)
    if not match or not match["sign_in"]:
        return url, ""
    return url[: match.start("sign_in")] + url[match.end("sign_in") :], match["sign_in"][:-1]


def host_of(url: str) -> str:
    """The host of an absolute URL in lower case; empty when there is none."""
    address = split_url(url)
    return address.host if address else ""


def host_name(host: str) -> str:
    """A host name or address in the form in which two of them can be compared, and in which it is asked for.

    In lower case and ASCII, without a last dot and without the brackets of IPv6.
    """
    bare = host.strip().strip("[]")
    if ":" in bare:
        return _ipv6(bare) or bare.lower()
    return (ascii_name(bare) or bare).rstrip(".").lower()


@lru_cache(maxsize=1024)
def ascii_name(host: str) -> str:
    """A host's name as DNS, TLS and HTTP spell it: `bücher.example` as `xn--bcher-kva.example`. "" where it has none.

    By IDNA 2008 as browsers and curl apply it; where that knows no spelling, by IDNA 2003, which knew more letters.
    """
    if host.isascii():
        return host
    import idna

    try:
        labels = idna.uts46_remap(host, std3_rules=False).split(".")
        return ".".join(label if label.isascii() else idna.alabel(label).decode("ascii") for label in labels)
    except idna.IDNAError:
        pass
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


class Reached(NamedTuple):
    """Where something is reached on the network. Two that are equal lead to the same place."""

    host: str
    """In lower case, without a final dot and without the brackets of IPv6."""
    port: int | None
    path: str
    """With the query, without the slash at its end."""


def reached_at(url: str) -> Reached | None:
    """Where a URL leads; `None` when the text holds no host."""
    parts = split_url(url.strip())
    if parts is None or not parts.host:
        return None
    port = int(parts.port) if re.fullmatch(r"[0-9]{1,5}", parts.port) else _DEFAULT_PORTS.get(parts.scheme)
    return Reached(host_name(parts.host), port, parts.path.rstrip("/") + parts.query)


def host_kind(host: str) -> HostKind:
    """What a host is, by its name. Names compare without case, a last dot does not count."""
    name = host.strip().lower().rstrip(".")
    if re.fullmatch(_DESIGN_TIME, name):
        return "integration design-time"
    if re.fullmatch(_RUN_TIME, name):
        return "integration run-time"
    if re.fullmatch(_POD, name) or re.fullmatch(_VANITY_POD, name):
        return "pod"
    return "oracle" if re.fullmatch(_ORACLE, name) else "other"


def is_integration_cloud(host: str) -> bool:
    """Whether a host is one of Integration Cloud, run-time or design-time."""
    return host_kind(host).startswith("integration")


def environment_hint(host: str) -> str | None:
    """`test` or `development` when the host's first label says -test or -devN, in any domain; else `None`."""
    match = re.search(r"-(test|dev\d*)(?=-|$)", host.strip().lower().partition(".")[0])
    return None if match is None else "test" if match[1] == "test" else "development"


def is_loopback(host: str) -> bool:
    """Whether a host is the machine itself: every machine has it, so it says nothing about an environment."""
    return _LOOPBACK.fullmatch(host) is not None


def pod_hosts(data: Mapping[str, object]) -> Iterator[tuple[Path, str]]:
    """The hosts that are a profile's own pod: `[pod].url` and the rows of `topology.applications`."""
    pod = data.get("pod")
    if isinstance(pod, dict) and (host := host_name(host_of(text(pod, "url")))):
        yield ("pod", "url"), host
    topology = data.get("topology")
    for number, row in enumerate(rows(topology, "applications") if isinstance(topology, dict) else ()):
        if host := host_name(text(row, "host")):
            yield ("topology", "applications", number, "host"), host


def token_in(name: str) -> str | None:
    """The first unresolved topology token in a text: `${…}` or `(FADomain,FSCMServices)`; `None` without any."""
    match = re.search(_TOKEN, name)
    return match[0] if match else None


def is_host(name: str) -> bool:
    """Whether a text is a valid host name (underscores allowed, as in practice) or an address."""
    if re.fullmatch(r"[\d.]+", name):
        return _octets(name) is not None
    if ":" in name:
        return bool(_ipv6(name.partition("%")[0]))
    return re.fullmatch(_LABELS, name) is not None


def private_reason(host: str) -> str | None:
    """Why a host can only be reached from inside: `a private address`, `a name without a domain`; else `None`.

    An unresolved token or a text that is no host at all gives `None`: other checks report those.
    """
    name = host.strip().lower().rstrip(".").strip("[]")
    if not name or token_in(name) or not is_host(name):
        return None
    octets = _octets(name)
    if octets is not None:
        return _private_ipv4(octets)
    if ":" in name:
        if name in ("::1", "0:0:0:0:0:0:0:1"):
            return "an address of the machine itself"
        return "a private address" if re.match(r"f[cd]|fe[89ab]", name) else None
    if name == "localhost" or name.endswith(".localhost"):
        return "a name of the machine itself"
    if "." not in name:
        return "a name without a domain"
    if any(name.endswith(f".{ending}") for ending in _INTERNAL_ENDINGS):
        return "a name of an internal network"
    if re.search(r"(?:^|-)internal(?:-|$)|internal$", name.partition(".")[0]):
        return "an internal virtual host by its name"
    return None


def _private_ipv4(octets: tuple[int, ...]) -> str | None:
    first, second = octets[:2]
    if first == 127 or first == 0:
        return "an address of the machine itself"
    private = first == 10 or (first == 172 and 16 <= second <= 31) or (first == 192 and second == 168)
    shared = (first == 169 and second == 254) or (first == 100 and 64 <= second <= 127)
    return "a private address" if private or shared else None


def _octets(name: str) -> tuple[int, ...] | None:
    if not re.fullmatch(r"\d{1,3}(?:\.\d{1,3}){3}", name):
        return None
    parts = name.split(".")
    octets = tuple(int(part) for part in parts)
    clear = all(str(octet) == part for octet, part in zip(octets, parts, strict=True))  # 010 may mean 8
    return octets if clear and max(octets) <= 255 else None


def _ipv6(name: str) -> str:
    """An IPv6 address in its shortest form; empty for any other text."""
    import ipaddress  # most names are none

    try:
        return ipaddress.IPv6Address(name).compressed
    except ValueError:
        return ""
