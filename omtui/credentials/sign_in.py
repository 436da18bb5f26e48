"""Testing a user name and password at the place they are for: HTTP Basic, one attempt, never repeated by itself.

An Oracle account locks after five wrong passwords and then refuses the right one too, so the secret is sent once
and a 401 is final. First the same request is made without it: that proves the certificate, shows whether the
server asks for a sign-in at all, and costs the account nothing.
"""

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from omtui.credentials.answer import Reason, SecretProblem
from omtui.credentials.deadline import TimedOut, call_within
from omtui.credentials.destination import Destination, destination, without_sign_in
from omtui.credentials.secret import Secret
from omtui.plain_text import plain

if TYPE_CHECKING:
    import ssl

    import httpx

SECONDS = 30.0
"""For the whole test, both requests together."""

_PHASE_SECONDS = 10.0


class SignInOutcome(StrEnum):
    """The result of the attempt."""

    ACCEPTED = "accepted"
    WITHOUT_PRIVILEGE = "without-privilege"
    REFUSED = "refused"
    NOT_ASKED = "not-asked"
    NOT_OFFERED = "not-offered"
    UNCLEAR = "unclear"
    UNREACHABLE = "unreachable"
    BAD_CERTIFICATE = "bad-certificate"
    BEGUN = "begun"
    """Only in what is remembered: the end is not known, or not yet."""


@dataclass(frozen=True)
class SignIn:
    """The result of a test, kept without the secret. `secret_sent` says whether the account was used."""

    outcome: SignInOutcome
    destination: Destination
    on: datetime
    secret_sent: bool
    message: str
    status: int | None = None
    proxy: str = ""

    @property
    def good(self) -> bool:
        """Whether the password is known to be right."""
        return self.outcome in (SignInOutcome.ACCEPTED, SignInOutcome.WITHOUT_PRIVILEGE)


def proxy_for(to: Destination, environ: Mapping[str, str] | None = None) -> str | None:
    """The proxy that the environment asks for on the way to a destination; show it before a secret is sent there.

    Use `shown_proxy` to show it: the address may hold a password. `.netrc` is never read.
    """
    from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined] # unknown to the stubs

    proxies = _environment_proxies(os.environ if environ is None else environ)
    if proxy_bypass_environment(f"{to.host}:{to.port}", proxies):
        return None
    return proxies.get(to.scheme) or proxies.get("all") or None


def shown_proxy(proxy: str | None) -> str:
    """A proxy's address without what signs in to it."""
    return plain(without_sign_in(proxy).url) if proxy else ""


def try_sign_in(
    url: str,
    to: Destination,
    secret: Secret,
    *,
    allow_plain_http: bool = False,
    allow_bad_certificate: bool = False,
    proxy: str | None = None,
    ca_file: Path | None = None,
    seconds: float = SECONDS,
) -> SignIn | SecretProblem:
    """Signs in once. The two `allow_` hold for this attempt only; nothing remembers them.

    `url` must lead to exactly the destination the secret was released for. Redirects are not followed, the
    answer's body is not read.
    """
    import httpx

    if to.scheme == "http" and not allow_plain_http:
        return SecretProblem(
            f"the password would travel to {to.origin} in clear text, to be read on every host between",
            "Use https; or allow plain http for this one attempt.",
            Reason.PLAIN_HTTP,
        )
    if fault := _unsound(url, to):
        return SecretProblem(fault, "Fix the address or the user name in the profile.", Reason.NO_DESTINATION)
    try:
        context = _context(allow_bad_certificate, ca_file)
        client = httpx.Client(
            verify=context,
            trust_env=False,
            proxy=proxy,
            follow_redirects=False,
            timeout=_PHASE_SECONDS,
            headers={"User-Agent": "omtui", "Accept": "*/*"},
        )
    except (OSError, ValueError, ImportError):
        return SecretProblem(
            "the file of certificate authorities or the proxy cannot be used",
            f"Look at the CA file and at the proxy variables ({shown_proxy(proxy) or 'no proxy is set'}).",
            Reason.NO_DESTINATION,
        )
    attempt = _Attempt(url, to, proxy)
    answer = call_within(seconds, lambda: attempt.run(client, secret))
    if isinstance(answer, TimedOut):
        attempt.give_up()
        return attempt.result(SignInOutcome.UNREACHABLE, f"no whole answer within {seconds:g} seconds")
    return answer


class _Attempt:
    def __init__(self, url: str, to: Destination, proxy: str | None) -> None:
        self._url = url
        self._to = to
        self._proxy = proxy
        self._sent = False
        self._given_up = False
        self._deciding = threading.Lock()

    def give_up(self) -> None:
        """From now on the secret is not sent any more, if it was not yet."""
        with self._deciding:
            self._given_up = True

    def result(self, outcome: SignInOutcome, message: str, status: int | None = None) -> SignIn:
        return SignIn(outcome, self._to, datetime.now(UTC), self._sent, message, status, shown_proxy(self._proxy))

    def run(self, client: "httpx.Client", secret: Secret) -> SignIn:
        import httpx

        with client:
            try:
                before = self._ask(client, None)
                if skipped := self._pointless(before):
                    return skipped
                with self._deciding:
                    if self._given_up:
                        return self.result(SignInOutcome.UNREACHABLE, "given up before the password was sent")
                    self._sent = True
                after = self._ask(client, httpx.BasicAuth(self._to.user, secret.reveal()))
            except httpx.TransportError as error:
                return self._failed(error)
            except httpx.HTTPError:
                return self.result(SignInOutcome.UNCLEAR, "the server's answer cannot be understood")
        return self._judged(before.status_code, after.status_code)

    def _ask(self, client: "httpx.Client", sign_in: "httpx.BasicAuth | None") -> "httpx.Response":
        with client.stream("GET", self._url, auth=sign_in) as answer:
            return answer

    def _pointless(self, before: "httpx.Response") -> SignIn | None:
        """Why the secret is not even sent, if it is not."""
        status = before.status_code
        offered = before.headers.get("www-authenticate", "")
        if status < 300:
            outcome, why = SignInOutcome.NOT_ASKED, f"the address answers without a sign-in (status {status})"
        elif status == 407:
            outcome, why = SignInOutcome.UNREACHABLE, "the proxy asks for a sign-in of its own"
        elif status >= 500:
            outcome, why = SignInOutcome.UNCLEAR, f"the server is in trouble (status {status})"
        elif status == 401 and offered and "basic" not in offered.lower():
            kind = plain(offered[:80])
            outcome, why = SignInOutcome.NOT_OFFERED, f"the server asks for another kind of sign-in ({kind})"
        else:
            return None
        return self.result(outcome, f"{why}, so the password was not tried", status)

    def _judged(self, before: int, after: int) -> SignIn:
        # A 500 is no answer: Oracle's web services answer so to a wrong password as well.
        outcome = SignInOutcome.UNCLEAR
        words = f"the answer does not say whether the password is right (status {before} without it, {after} with it)"
        if after == 401:
            outcome = SignInOutcome.REFUSED
            words = (
                "the server refuses user name and password, or the account is locked (Oracle locks it after five "
                "wrong passwords and answers so even to the right one); it is not tried again by itself"
            )
        elif before == 401 and after == 403:
            outcome, words = SignInOutcome.WITHOUT_PRIVILEGE, "signed in, but this user may not use the address"
        elif after < 300 or (before == 401 and 400 <= after < 500):
            outcome, words = SignInOutcome.ACCEPTED, f"signed in (status {after})"
        return self.result(outcome, words, after)

    def _failed(self, error: "httpx.TransportError") -> SignIn:
        import httpx

        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError):
            # There was no connection over which anything could have gone.
            self._sent = False
        if _certificate_failed(error):
            return self.result(
                SignInOutcome.BAD_CERTIFICATE,
                "the server's certificate does not hold, so the password was not sent; see the topology's probe",
            )
        # The library's words may repeat what the server sent: only the kind of failure is reported.
        words = {"ConnectTimeout": "no connection in time", "ReadTimeout": "no answer in time"}
        kind = type(error).__name__
        return self.result(SignInOutcome.UNREACHABLE, words.get(kind, f"the connection failed ({kind})"))


def _certificate_failed(error: BaseException) -> bool:
    import ssl

    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return isinstance(seen, ssl.SSLCertVerificationError)
        seen = seen.__cause__ or seen.__context__
    return "CERTIFICATE_VERIFY_FAILED" in str(error)


def _unsound(url: str, to: Destination) -> str:
    import httpx

    if destination(url, to.user) != to:
        return f"the address does not lead to {to.origin}"
    if ":" in to.user or not to.user:
        return "HTTP Basic needs a user name, and one without a colon"
    # Two readers of one address: the secret is sent only where both see the same host.
    try:
        read = httpx.URL(url)
    except httpx.InvalidURL:
        return "the address is not one for every reader"
    ports = {"http": 80, "https": 443}
    host = read.raw_host.decode("ascii").lower().strip("[]").removesuffix(".")
    if (read.scheme, host, read.port or ports.get(read.scheme)) != (to.scheme, to.host, to.port):
        return f"the address does not lead to {to.origin} for every reader"
    return ""


def _context(allow_bad_certificate: bool, ca_file: Path | None) -> "ssl.SSLContext":
    import ssl

    context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    paths = ssl.get_default_verify_paths()
    if ca_file is None and not paths.cafile and not paths.capath:
        # Python from python.org on macOS knows no authorities of its own.
        import certifi

        context.load_verify_locations(certifi.where())
    if allow_bad_certificate:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _environment_proxies(variables: Mapping[str, str]) -> dict[str, str]:
    """By scheme, `all` and `no`; the lower-case name wins over the one in capitals, as in curl."""
    proxies: dict[str, str] = {}
    for name, value in sorted(variables.items()):  # capitals sort first
        if name.lower().endswith("_proxy") and value:
            proxies[name.lower().removesuffix("_proxy")] = value
    return proxies
