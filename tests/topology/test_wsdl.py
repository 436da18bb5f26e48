import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.practice.authority import Authority
from omtui.practice.wsdls import schema, service_wsdl
from omtui.topology.oracle_services import SERVICES
from omtui.topology.wsdl import MAX_DEPTH, MAX_ELEMENTS, MAX_TOKEN, Body, ParsedBody, resolved_imports
from tests.topology.memory_streams import cut

NAMESPACE = "urn:x/"
TEXT = service_wsdl("S", NAMESPACE, ("one", "two"), "https://h.example/s", schema="s?XSD=a.xsd").encode()


def read(data: bytes, at: list[int] | None = None, *, complete: bool = True, parse: bool = True) -> ParsedBody:
    body = Body(parse=parse)
    for piece in cut(data, at or []):
        if not body.take(piece):
            break
    return body.document(complete=complete)


@given(st.lists(st.integers(0, len(TEXT)), max_size=12))
def test_a_wsdl_is_the_same_wherever_it_is_cut(at: list[int]) -> None:
    document = read(TEXT, at)
    assert (document.kind, document.services, document.namespace) == ("wsdl", ["S"], NAMESPACE)
    assert (document.operations, document.styles) == (["one", "two"], ["document"])
    assert document.addresses == ["https://h.example/s"]
    assert document.imports == ["s?XSD=a.xsd"]


@given(st.integers(1, len(TEXT.rstrip()) - 1))
def test_a_cut_wsdl_is_never_taken_for_a_whole_one(at: int) -> None:
    assert read(TEXT[:at]).kind in ("truncated", "text", "blank")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding: str) -> None:
    text = TEXT.decode().replace('encoding="UTF-8"', f'encoding="{encoding.removesuffix("-sig")}"')
    assert read(text.encode(encoding)).kind == "wsdl"


@pytest.mark.parametrize("service", SERVICES.values(), ids=lambda service: service.name)
def test_our_own_wsdls_say_what_the_catalogue_says(service: object) -> None:
    assert hasattr(service, "namespace")
    namespace = service.namespace or "urn:y/"
    document = read(service_wsdl(service.name, namespace, service.operations, "https://h.example/").encode())  # type: ignore[attr-defined]
    assert document.namespace == namespace
    assert document.operations == list(service.operations)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "blank"),
        (b" \r\n\t ", "blank"),
        (b"hello", "text"),
        (b"<", "truncated"),
        (b"<a/>", "xml"),
        (b"<status>up</status>", "xml"),
        (b"<!DOCTYPE html><html></html>", "html"),
        (b"\n <html><body>", "html"),
        (b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "x.dtd"><html/>', "html"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', "html"),
        (b"<a><b></a>", "malformed"),
        (b"<a>&undeclared;</a>", "malformed"),
        (b"<a><b>", "truncated"),
        (schema(NAMESPACE, ("one",)).encode(), "schema"),
        (b'<description xmlns="http://www.w3.org/ns/wsdl"/>', "wsdl-2"),
        (b'<definitions xmlns="urn:not-wsdl"/>', "xml"),
        (b'<E:Envelope xmlns:E="http://www.w3.org/2003/05/soap-envelope"><E:Body><E:Fault/></E:Body></E:Envelope>',
         "soap-fault"),
        (b"<!DOCTYPE a><a/>", "hostile"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "hostile"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "hostile"),
        (b'<!DOCTYPE a SYSTEM "http://h.example/x.dtd"><a/>', "hostile"),
        (b"<a>" * (MAX_DEPTH + 1), "hostile"),
        (b"<a>" + b"<b/>" * (MAX_ELEMENTS + 1), "too-large"),
        (b'<a b="' + b"x" * (MAX_TOKEN * 2), "too-large"),
    ],
)  # fmt: skip
def test_kinds(data: bytes, kind: str) -> None:
    pieces = list(range(0, len(data), 16384))
    assert read(data, pieces).kind == kind


def test_a_soap_fault_shows_its_text() -> None:
    text = (
        b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault>'
        b"<faultstring>JBO-1:\n no</faultstring></e:Fault></e:Body></e:Envelope>"
    )
    assert read(text).detail == "JBO-1: no"


def test_what_is_not_parsed_is_distinguished_all_the_same() -> None:
    assert read(TEXT, parse=False).kind == "xml"
    assert read(b"<!DOCTYPE html><p>", parse=False).kind == "html"


def test_the_certificate_inside_is_read() -> None:
    identity = Authority.root("r").issue(("owsm.example",))
    text = service_wsdl("S", NAMESPACE, ("o",), "https://h/", certificate=identity.der_base64())
    document = read(text.encode())
    assert document.certificate is not None
    assert document.certificate.names == ("owsm.example",)


@pytest.mark.parametrize("inside", ["", "bm90IGEgY2VydA==", "%%%", "A" * 100_000])
def test_a_certificate_that_is_none_does_no_harm(inside: str) -> None:
    text = service_wsdl("S", NAMESPACE, ("o",), "https://h/", certificate=inside)
    assert read(text.encode()).kind == "wsdl"


def test_rpc_style_is_seen_on_bindings_and_operations() -> None:
    text = service_wsdl("S", NAMESPACE, ("o",), "https://h/", style="rpc")
    assert read(text.encode()).styles == ["rpc"]
    text = TEXT.decode().replace("<soap:operation ", '<soap:operation style="rpc" ')
    assert "rpc" in read(text.encode()).styles


def test_imports_here_and_elsewhere() -> None:
    document = ParsedBody("wsdl")
    document.imports = [
        "a.xsd", "?XSD=b", "/c", "https://H.example:443/d", "https://h.example:8443/e", "http://h.example/f",
        "//other.example/g", "https://h.example:bad/h", "file:///etc/passwd",
    ]  # fmt: skip
    here, elsewhere = resolved_imports(document, "https://h.example/x/s?WSDL")
    assert here == [
        "https://h.example/x/a.xsd", "https://h.example/x/s?XSD=b", "https://h.example/c", "https://H.example:443/d",
    ]  # fmt: skip
    assert len(elsewhere) == 5


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=5))
def test_garbage_never_raises(data: bytes, at: list[int]) -> None:
    read(data, at)
    read(b"<?xml version='1.0'?><a>" + data, at)
    read(b'<definitions xmlns="http://schemas.xmlsoap.org/wsdl/">' + data, at)
