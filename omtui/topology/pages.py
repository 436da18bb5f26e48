"""Reading pages and WSDLs over a target's connection."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from sys import intern
from urllib.parse import urljoin, urlsplit

from omtui.topology.connection import Connection, header_host, wants_tls
from omtui.topology.deadlines import Deadlines
from omtui.topology.evidence import HttpFacts, Stop, WsdlFacts
from omtui.topology.handshake import Handshakes
from omtui.topology.http1 import MAX_BODY, Answer, Exchange, get_request, quoted_path
from omtui.topology.names import clock
from omtui.topology.sign_in import sign_in_address, sign_in_page
from omtui.topology.tls import TlsAlertError
from omtui.topology.transport import Stream
from omtui.topology.wsdl import Body, ParsedBody, origin, resolved_imports

MOST_REDIRECTS = 5
MOST_IMPORTS = 30
_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(slots=True)
class FetchedPage:
    """One answer with what its body is."""

    url: str
    answer: Answer
    document: ParsedBody


class HttpPhases:
    """The HTTP and WSDL phases of one probe."""

    def __init__(self, connection: Connection, handshakes: Handshakes, deadlines: Deadlines) -> None:
        self.connection = connection
        self.target = connection.target
        self.around = connection.around
        self.evidence = connection.evidence
        self._handshakes = handshakes
        self._deadlines = deadlines
        self._stream: Stream | None = None
        self._used: Stream | None = None
        self._stream_origin: tuple[str, str, int | None] | None = None
        self._exchange: Exchange | None = None
        self._asked = ""
        self._impression: Stop | None = None

    async def visit(self, stream: Stream) -> None:
        """Asks for the target's page and fills `evidence` with the answer."""
        assert self.target.url is not None
        self._stream, self._stream_origin = stream, self._origin(self.target.url)
        began = clock()
        page: FetchedPage | None = None
        try:
            with self._deadlines.within(self.target.timeout):
                page = await self._follow(self.target.url)
        except TimeoutError:
            self._out_of_time()
        finally:
            self.evidence.times.http = clock() - began
        if page is not None and (self.target.expect == "wsdl" or self.target.role == "connector"):
            began = clock()
            try:
                with self._deadlines.within(self.target.timeout):
                    await self._read_wsdl(page)
            except TimeoutError:
                self._imports_out_of_time()
            finally:
                self.evidence.times.wsdl = clock() - began

    async def _follow(self, start: str) -> FetchedPage | None:
        """The page at the end of the redirects on this host; other hosts are reported, never asked."""
        url, seen = start, [start]
        while True:
            page = await self._get(url, first=len(seen) == 1)
            if isinstance(page, Stop):
                self.evidence.stop = page
                return None
            location = _location(page.answer)
            self._note(page, tuple(seen[1:]))
            if page.answer.status not in _REDIRECTS or not location or page.answer.status in self.target.status:
                return page
            next_url = self._followed(url, location)
            if next_url is None:
                return page
            if next_url in seen or len(seen) > MOST_REDIRECTS:
                again = "back to where it was" if next_url in seen else f"more than {MOST_REDIRECTS} times"
                self.evidence.add("redirect-loop", f"{again}: {next_url}")
                return None
            seen.append(next_url)
            url = next_url

    def _followed(self, url: str, location: str) -> str | None:
        """Where a redirect leads, if it may be followed: to a page of the same host that is no sign-in."""
        assert self.evidence.http is not None
        try:
            next_url = urljoin(url, location).partition("#")[0]
            here, there = origin(url), origin(next_url)
        except ValueError:
            return None
        self.evidence.http.location = next_url
        if here[0] == "https" and there[0] == "http":
            self.evidence.add("redirected-to-plain-http", next_url)
        if sign_in_address(next_url):
            self.evidence.http.sign_in = "its redirect leads to a sign-in"
            return None
        same_host = there[0] in ("http", "https") and here[1].lower() == there[1].lower()
        # Another port is another service, which nobody asked to probe; from http to https it is the same one, secured.
        return next_url if same_host and (here[0] != there[0] or here[2] == there[2]) else None

    async def _get(self, url: str, *, first: bool = False) -> FetchedPage | Stop:
        """One page. The connection at hand is used again where the server allows it."""
        used = self._used
        stream = await self._connection(url)
        if stream is None:
            return Stop("empty-answer", f"no second connection for {url}")
        outcome = await self._asked_once(url, stream)
        if not isinstance(outcome, Stop) or outcome.word not in ("reset", "empty-answer"):
            return outcome
        if stream is used:
            # The server had closed it after its last answer, as it may.
            return await self._get(url)
        if not first:
            return outcome
        self._impression = outcome
        if not url.startswith("https:"):
            if await self.connection.answers_tls():
                return Stop("tls-on-plain-port", "it answers a TLS greeting")
            ended = await self.connection.look()
            if ended is not None:
                return ended
        # By chance, or for good? Only a second answer shows it.
        stream = await self._connection(url)
        again = await self._asked_once(url, stream) if stream is not None else outcome
        if isinstance(again, FetchedPage):
            self.evidence.note(f"the first request got no answer ({outcome.word}), the second did")
        return again

    async def _asked_once(self, url: str, stream: Stream) -> FetchedPage | Stop:
        scheme, _, port = self._origin(url)
        if url == self.target.url:
            path = self.target.path
        else:
            parts = urlsplit(url)
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        body = Body(parse=self.target.expect == "wsdl" or self.target.role == "connector")
        exchange = self._exchange = Exchange(stream, body.take)
        self._asked, self._stream = url, None
        host = header_host(self.target.host, port or 443, scheme)
        if self.connection.proxy and scheme == "http":
            path = f"http://{host}{path}"
        try:
            answer = await exchange.run(get_request(path, host, self.around.user_agent))
        except TlsAlertError as alert:
            if alert.about_client_certificate and not self.target.client_certificate:
                return Stop("client-certificate-required", alert.reason)
            return Stop("tls-handshake-failed", alert.reason)
        except OSError as error:
            return Stop("reset", error.strerror or str(error))
        if isinstance(answer, Stop):
            return answer
        if answer.reusable:
            self._used = self._stream = stream
            self._stream_origin = self._origin(url)
        document = body.document(complete=answer.stop is None)
        if scheme == "http" and wants_tls(answer.status, document.head):
            return Stop("tls-on-plain-port", "it says that it wants TLS")
        return FetchedPage(url, answer, document)

    async def _connection(self, url: str) -> Stream | None:
        if self._stream is not None and self._stream_origin == self._origin(url):
            return self._stream
        scheme, _, port = self._origin(url)
        return await self._handshakes.reach(scheme, port or 443)

    def _origin(self, url: str) -> tuple[str, str, int | None]:
        """Where a page is to be asked for; of the target's own, taking addresses apart costs more than it is worth."""
        target = self.target
        return (target.scheme, target.host, target.port) if url == target.url else origin(url)

    def _note(self, page: FetchedPage, redirects: tuple[str, ...]) -> None:
        answer, document = page.answer, page.document
        self.evidence.http = HttpFacts(
            status=answer.status,
            reason=intern(answer.reason[:200]),
            server=intern(answer.header("server")[:200]),
            location=(self.evidence.http.location if self.evidence.http else "") or _location(answer)[:1000],
            content_type=intern(answer.header("content-type")[:200]),
            url=page.url,
            redirects=redirects,
            body_bytes=answer.body_bytes,
            kind=document.kind,
            detail=document.detail,
            schemes=_schemes(answer.header("www-authenticate")) if answer.status == 401 else (),
        )
        if document.kind == "html" and 200 <= answer.status < 300:
            self.evidence.http.sign_in = sign_in_page(document.head)
        if document.kind == "too-large":
            self.evidence.stop = Stop("too-large", document.detail)
        elif answer.stop is not None:
            self.evidence.stop = answer.stop

    def _out_of_time(self) -> None:
        exchange = self._exchange
        answer = exchange.answer if exchange is not None else None
        within = f"within {self.target.timeout:g} s"
        if answer is None:
            # A closer look that took too long does not change the first impression.
            self.evidence.stop = self._impression or Stop("answer-stalled", f"no answer {within}")
            return
        self._note(FetchedPage(self._asked, answer, ParsedBody("truncated")), ())
        self.evidence.stop = Stop("answer-stalled", f"{answer.body_bytes} bytes arrived {within}, and no end")

    async def _read_wsdl(self, page: FetchedPage) -> None:
        found: FetchedPage | None = page
        if page.document.kind != "wsdl" and not urlsplit(page.url).query and self._worth_asking(page):
            found = await self._contract_of(page)
        if found is None or found.document.kind != "wsdl" or found.answer.stop is not None:
            return
        facts = self.evidence.wsdl = WsdlFacts(namespace=found.document.namespace)
        _merge(facts, found.document)
        await self._read_imports(found, facts)

    def _worth_asking(self, page: FetchedPage) -> bool:
        alive = page.answer.status < 500 or page.document.kind == "soap-fault"
        return self.evidence.stop is None and alive and not self.evidence.http_sign_in

    async def _contract_of(self, page: FetchedPage) -> FetchedPage | None:
        """The WSDL of an endpoint: the same address with `?WSDL`. Nothing is wrong when there is none."""
        contract = await self._get(f"{page.url}?WSDL")
        if isinstance(contract, Stop) or contract.answer.status != 200 or contract.document.kind != "wsdl":
            return None
        if self.target.expect == "wsdl":
            self.evidence.http = None
            self._note(contract, ())
        return contract

    async def _read_imports(self, page: FetchedPage, facts: WsdlFacts) -> None:
        """Fetches what is imported from the same host and port, a level at a time, under the same caps."""
        here, elsewhere = resolved_imports(page.document, page.url)
        waiting, done, size = list(here), {page.url}, page.answer.body_bytes
        facts.imports_elsewhere = tuple(elsewhere)
        while waiting:
            url = waiting.pop(0)
            if url in done:
                continue
            done.add(url)
            if len(done) > MOST_IMPORTS or size > MAX_BODY:
                self.evidence.note(f"{len(waiting) + 1} further imports were not read")
                return
            # Missing until it is read: a deadline may pass while it is being read.
            reported = facts.imports_missing
            facts.imports_missing = (*reported, (url, "no answer in time"))
            got = await self._get(url)
            why = _why_missing(got)
            facts.imports_missing = (*reported, (url, why)) if why else reported
            if isinstance(got, Stop) or why:
                continue
            size += got.answer.body_bytes
            facts.imports_read = (*facts.imports_read, url)
            _merge(facts, got.document)
            more, other = resolved_imports(got.document, url)
            waiting += more
            facts.imports_elsewhere = tuple(dict.fromkeys((*facts.imports_elsewhere, *other)))

    def _imports_out_of_time(self) -> None:
        if self.evidence.wsdl is not None:
            self.evidence.note("reading the imports took too long and was ended")


def _location(answer: Answer) -> str:
    """A redirect's address; letters beyond ASCII as UTF-8, other bytes as they are."""
    said = answer.header("location")
    if said.isascii():
        return said
    raw = said.encode("latin-1")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return quoted_path(raw)


_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"?')
_SCHEME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+(?=\s*$|\s+(?!=)\S)")


@lru_cache(maxsize=256)
def _schemes(challenges: str) -> tuple[str, ...]:
    """The names of the ways to sign in that WWW-Authenticate offers; parameters and quoted texts left out."""
    parts = (part.strip() for part in _QUOTED.sub('""', challenges[:8192]).split(","))
    return tuple(dict.fromkeys(match[0] for part in parts if (match := _SCHEME.match(part))))[:8]


def _why_missing(got: FetchedPage | Stop) -> str:
    if isinstance(got, Stop):
        return got.detail or got.word
    if got.answer.stop is not None:
        return got.answer.stop.word
    if got.answer.status != 200:
        return f"answered {got.answer.status}"
    if got.document.kind not in ("wsdl", "schema"):
        return f"is no schema and no WSDL ({got.document.kind})"
    return ""


def _merge(facts: WsdlFacts, document: ParsedBody) -> None:
    """What a WSDL says, or adds when it is imported: Oracle's composites keep port types and operations in one."""
    facts.services = tuple(dict.fromkeys((*facts.services, *document.services)))
    facts.operations = tuple(dict.fromkeys((*facts.operations, *document.operations)))
    facts.styles = tuple(dict.fromkeys((*facts.styles, *document.styles)))
    facts.addresses = tuple(dict.fromkeys((*facts.addresses, *document.addresses)))
    facts.certificate = facts.certificate or document.certificate
