"""Reading a WSDL piece by piece, without trusting it.

The parser sees each piece of the answer as it comes, so no document is ever in memory as a whole. Document type
declarations are refused (no entity is ever declared, let alone expanded), depth, number of elements and length
of a single token have caps. What is collected is what the review compares: services, namespace, operations,
styles, addresses, imports, and the certificate that Oracle Web Services Manager puts into a WSDL.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urljoin, urlsplit
from xml.parsers import expat

from omtui.topology.certificate import read
from omtui.topology.evidence import CertificateFacts

WSDL_NAMESPACE = "http://schemas.xmlsoap.org/wsdl/"
WSDL_2_NAMESPACE = "http://www.w3.org/ns/wsdl"
_SCHEMA = "http://www.w3.org/2001/XMLSchema"
_SOAP_BINDINGS = ("http://schemas.xmlsoap.org/wsdl/soap/", "http://schemas.xmlsoap.org/wsdl/soap12/")
_ENVELOPES = ("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope")

MAX_DEPTH = 100
MAX_ELEMENTS = 200_000
MAX_TOKEN = 512 * 1024
_MAX_LIST = 2_000
_MAX_CERTIFICATE = 16 * 1024
_HEAD = 32 * 1024
_BLANKS = " \t\r\n"
_INCOMPLETE = {3, 5, 6, 20}
"""expat's numbers for a document that just ends: no element, token, character or CDATA section unclosed."""


@dataclass(slots=True)
class ParsedBody:
    """What an answer's body is.

    `kind` is one of blank, text, html, xml, malformed, truncated, hostile, too-large, soap-fault, schema, wsdl,
    wsdl-2.
    """

    kind: str = "blank"
    detail: str = ""
    head: str = ""
    services: list[str] = field(default_factory=list)
    namespace: str = ""
    operations: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    imports: list[str] = field(default_factory=list)
    certificate: CertificateFacts | None = None


class _HostileError(Exception):
    """The document asks for something that a WSDL never needs."""


class _TooLargeError(Exception):
    """The document has more of something than a WSDL ever has."""


class Body:
    """The sink of one answer's body: keeps its beginning, and parses it piece by piece when it looks like XML."""

    def __init__(self, *, parse: bool) -> None:
        self._parse = parse
        self._head = bytearray()
        self._undecided: bytearray | None = bytearray()
        self._reader: _XmlReader | None = None

    def take(self, piece: bytes) -> bool:
        """See `http1.Sink`: False when nothing more is wanted."""
        if len(self._head) < _HEAD:
            self._head += piece[: _HEAD - len(self._head)]
        if self._reader is not None:
            return self._reader.feed(piece)
        if self._undecided is not None:
            self._undecided += piece
            return self._decide(at_end=False)
        return True

    def _decide(self, *, at_end: bool) -> bool:
        """Whether it is XML shows in the first characters that are no space."""
        undecided = self._undecided or bytearray()
        start = undecided[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
        if len(start) < 15 and not at_end and len(undecided) < _HEAD:
            return True
        self._undecided = None
        if self._parse and start and _looks_like_xml(bytes(start[:64])):
            self._reader = _XmlReader()
            return self._reader.feed(bytes(undecided))
        return True

    def document(self, *, complete: bool = True) -> ParsedBody:
        """What it was. `complete` says whether the answer was received whole."""
        text = bytes(self._head).decode("utf-8", "replace")
        if self._undecided is not None:
            self._decide(at_end=True)
        if self._reader is not None:
            document = self._reader.finish(complete)
        elif not text.strip():
            document = ParsedBody("blank")
        elif _looks_like_html(text):
            document = ParsedBody("html")
        elif _looks_like_xml(bytes(self._head).lstrip(b"\xef\xbb\xbf \t\r\n")):
            document = ParsedBody("xml")
        else:
            document = ParsedBody("text", text.strip().splitlines()[0][:60])
        document.head = text
        return document


def _looks_like_xml(start: bytes) -> bool:
    wide = start[:4] in (b"<\x00?\x00", b"\x00<\x00?") or start[:2] in (b"\xff\xfe", b"\xfe\xff")
    return wide or (start[:1] == b"<" and not _looks_like_html(start[:64].decode("latin-1")))


def _looks_like_html(text: str) -> bool:
    start = text.lstrip("\ufeff \t\r\n")[:64].lower()
    return start.startswith(("<!doctype html", "<html", "<head", "<body", "<script"))


class _XmlReader:
    """expat with the caps of this module."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.EntityDeclHandler = self._entity
        self._found = ParsedBody("xml")
        self._path: list[tuple[str, str]] = []
        self._elements = 0
        self._fed = 0
        self._gathered: list[str] | None = None
        self._gathered_length = 0
        self._stopped = False

    def feed(self, piece: bytes) -> bool:
        """Parses a piece; False when there is no use in going on."""
        if self._stopped:
            return True  # Read on to its end: that it never ends would be the worse fault.
        self._fed += len(piece)
        self._parse(piece)
        return self._found.kind not in ("hostile", "too-large")

    def finish(self, complete: bool) -> ParsedBody:
        """The document's end."""
        if not self._stopped:
            self._parse(b"", at_end=True, complete=complete)
        return self._found

    def _parse(self, piece: bytes, *, at_end: bool = False, complete: bool = True) -> None:
        try:
            self._parser.Parse(piece, at_end)
            if self._fed - max(0, self._parser.CurrentByteIndex) > MAX_TOKEN + len(piece):
                raise _TooLargeError(f"a single piece of it is longer than {MAX_TOKEN // 1024} KiB")
        except _HostileError as reason:
            self._stop("hostile", str(reason))
        except _TooLargeError as reason:
            self._stop("too-large", str(reason))
        except expat.ExpatError as error:
            cut = at_end and (error.code in _INCOMPLETE or not complete)
            self._stop("truncated" if cut else "malformed", f"line {error.lineno}: {_reason(error)}")
        except (ValueError, LookupError) as error:
            # An encoding that expat leaves to Python, and that is unknown or none of single bytes.
            self._stop("malformed", f"its encoding is not read: {str(error)[:100]}")

    def _stop(self, kind: str, detail: str) -> None:
        self._stopped = True
        self._found = ParsedBody(kind, detail)

    def _doctype(self, name: str, _system: str | None, _public: str | None, internal: bool) -> None:
        if name.lower() == "html":
            # A page of XHTML, not an attack. Nothing in it matters.
            self._stop("html", "")
            return
        raise _HostileError("it has a document type declaration" + (" with entities" if internal else ""))

    def _entity(self, name: str, *_: object) -> None:
        if not self._stopped:
            raise _HostileError(f"it declares the entity {name!r}")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._stopped:
            return
        namespace, _, name = tag.rpartition(" ")
        self._elements += 1
        self._path.append((namespace, name))
        if len(self._path) > MAX_DEPTH:
            raise _HostileError(f"it is nested deeper than {MAX_DEPTH} levels")
        if self._elements > MAX_ELEMENTS:
            raise _TooLargeError(f"it has more than {MAX_ELEMENTS} elements")
        if len(self._path) == 1:
            self._root(namespace, name, attributes)
        if namespace == WSDL_NAMESPACE:
            self._wsdl(name, attributes)
        elif namespace in _SOAP_BINDINGS:
            self._soap(name, attributes)
        elif namespace == _SCHEMA and name in ("import", "include", "redefine"):
            _keep(self._found.imports, attributes.get("schemaLocation", ""))
        elif namespace in _ENVELOPES and name == "Fault":
            self._found.kind = "soap-fault"
        certificate = name == "X509Certificate" and self._found.certificate is None
        if certificate or (self._found.kind == "soap-fault" and name in ("faultstring", "Text")):
            self._gathered, self._gathered_length = [], 0
            self._parser.CharacterDataHandler = self._text

    def _root(self, namespace: str, name: str, attributes: dict[str, str]) -> None:
        self._found.detail = f"its root is {name}"
        if (namespace, name) == (WSDL_NAMESPACE, "definitions"):
            self._found.kind = "wsdl"
            self._found.namespace = attributes.get("targetNamespace", "").strip(_BLANKS)
        elif (namespace, name) == (WSDL_2_NAMESPACE, "description"):
            self._found.kind = "wsdl-2"
        elif (namespace, name) == (_SCHEMA, "schema"):
            self._found.kind = "schema"
        elif name.lower() == "html":
            self._stop("html", "")

    def _wsdl(self, name: str, attributes: dict[str, str]) -> None:
        above = self._path[-2] if len(self._path) > 1 else ("", "")
        if name == "service":
            _keep(self._found.services, attributes.get("name", ""))
        elif name == "operation" and above == (WSDL_NAMESPACE, "portType"):
            _keep(self._found.operations, attributes.get("name", ""))
        elif name == "import":
            _keep(self._found.imports, attributes.get("location", ""))

    def _soap(self, name: str, attributes: dict[str, str]) -> None:
        if name == "binding":
            _keep(self._found.styles, attributes.get("style", "document"))
        elif name == "operation" and "style" in attributes:
            _keep(self._found.styles, attributes["style"])
        elif name == "address":
            _keep(self._found.addresses, attributes.get("location", ""))

    def _text(self, text: str) -> None:
        if self._gathered is not None and self._gathered_length <= _MAX_CERTIFICATE:
            self._gathered.append(text)
            self._gathered_length += len(text)

    def _end(self, _tag: str) -> None:
        if self._stopped:
            return
        self._path.pop()
        if self._gathered is None:
            return
        text = "".join(self._gathered)
        self._gathered = None
        self._parser.CharacterDataHandler = None
        if self._found.kind == "soap-fault":
            self._found.detail = " ".join(text.split())[:200] or self._found.detail
        else:
            self._found.certificate = _certificate(text)


def _keep(values: list[str], value: str) -> None:
    value = value.strip(_BLANKS)  # as XML Schema reads names and addresses
    if value and len(values) < _MAX_LIST and value not in values:
        values.append(value[:1000])


def _certificate(text: str) -> CertificateFacts | None:
    try:
        certificate = read(base64.b64decode("".join(text.split()), validate=True))
    except (binascii.Error, ValueError):
        return None
    return certificate.facts if certificate is not None else None


def _reason(error: Exception) -> str:
    return expat.ErrorString(getattr(error, "code", 0)) or "not well-formed"


def resolved_imports(document: ParsedBody, url: str) -> tuple[list[str], list[str]]:
    """The imports of a document as absolute URLs: on the same scheme, host and port, and elsewhere."""
    here: list[str] = []
    elsewhere: list[str] = []
    own = origin(url)
    for location in document.imports:
        try:
            absolute = urljoin(url, location).partition("#")[0]
            same = origin(absolute) == own
        except ValueError:
            absolute, same = location, False
        values = here if same else elsewhere
        if absolute not in values:
            values.append(absolute)
    return here, elsewhere


@lru_cache(maxsize=1024)
def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port of a URL. Raises ValueError when the port is none."""
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme.lower())
    return parts.scheme.lower(), (parts.hostname or "").rstrip("."), port
