"""WSDLs of our own writing, with Oracle's true namespaces and operation names.

Only names are Oracle's: the messages are reduced to what makes a valid contract. Do not build an integration on
them; take the real ones from your own pod.
"""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

XML_TYPE = "text/xml; charset=utf-8"


def service_wsdl(
    service: str,
    namespace: str,
    operations: tuple[str, ...],
    address: str,
    *,
    schema: str | None = None,
    one_way: bool = False,
    style: str = "document",
    certificate: str | None = None,
) -> str:
    """A WSDL 1.1 with one service, one port and the given operations.

    `schema` is the location of an imported schema (without it the schema is inside), `certificate` a base64
    certificate published in the port, as Oracle Web Services Manager does it.
    """
    types = f"{namespace.rstrip('/')}/types/"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        "<!-- Written for practice with omtui. Namespaces and operation names are Oracle's, the rest is not. -->\n"
        f"<wsdl:definitions name={quoteattr(service)} targetNamespace={quoteattr(namespace)}\n"
        f"    xmlns:tns={quoteattr(namespace)} xmlns:types={quoteattr(types)}\n"
        '    xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"\n'
        '    xmlns:xs="http://www.w3.org/2001/XMLSchema">\n'
        f"  <wsdl:types>{_types(types, operations, schema)}</wsdl:types>\n"
        + "".join(_messages(operation, one_way) for operation in operations)
        + f"  <wsdl:portType name={quoteattr(service)}>\n"
        + "".join(_operation(operation, one_way) for operation in operations)
        + "  </wsdl:portType>\n"
        f'  <wsdl:binding name="{escape(service)}Soap" type="tns:{escape(service)}">\n'
        f'    <soap:binding style="{style}" transport="http://schemas.xmlsoap.org/soap/http"/>\n'
        + "".join(_bound(namespace, operation, one_way) for operation in operations)
        + "  </wsdl:binding>\n"
        f"  <wsdl:service name={quoteattr(service)}>\n"
        f'    <wsdl:port name="{escape(service)}SoapPort" binding="tns:{escape(service)}Soap">\n'
        f"      <soap:address location={quoteattr(address)}/>\n{_identity(address, certificate)}"
        "    </wsdl:port>\n  </wsdl:service>\n</wsdl:definitions>\n"
    )


def schema(namespace: str, operations: tuple[str, ...]) -> str:
    """The schema that `service_wsdl` imports."""
    types = f"{namespace.rstrip('/')}/types/"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_schema(types, operations)}\n'


def _types(types: str, operations: tuple[str, ...], location: str | None) -> str:
    if location is None:
        return _schema(types, operations)
    return (
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
        f"<xs:import namespace={quoteattr(types)} schemaLocation={quoteattr(location)}/></xs:schema>"
    )


def _schema(types: str, operations: tuple[str, ...]) -> str:
    elements = "".join(
        f'<xs:element name="{name}{suffix}"><xs:complexType><xs:sequence>'
        '<xs:any minOccurs="0" maxOccurs="unbounded" processContents="lax"/>'
        "</xs:sequence></xs:complexType></xs:element>"
        for name in operations
        for suffix in ("", "Response")
    )
    return (
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace={quoteattr(types)}'
        f' elementFormDefault="qualified">{elements}</xs:schema>'
    )


def _messages(operation: str, one_way: bool) -> str:
    suffixes = ("",) if one_way else ("", "Response")
    return "".join(
        f'  <wsdl:message name="{operation}{suffix}"><wsdl:part name="parameters"'
        f' element="types:{operation}{suffix}"/></wsdl:message>\n'
        for suffix in suffixes
    )


def _operation(operation: str, one_way: bool) -> str:
    output = "" if one_way else f'<wsdl:output message="tns:{operation}Response"/>'
    return f'    <wsdl:operation name="{operation}"><wsdl:input message="tns:{operation}"/>{output}</wsdl:operation>\n'


def _bound(namespace: str, operation: str, one_way: bool) -> str:
    output = "" if one_way else '<wsdl:output><soap:body use="literal"/></wsdl:output>'
    action = quoteattr(f"{namespace}{operation}")
    return (
        f'    <wsdl:operation name="{operation}"><soap:operation soapAction={action}/>'
        f'<wsdl:input><soap:body use="literal"/></wsdl:input>{output}</wsdl:operation>\n'
    )


def _identity(address: str, certificate: str | None) -> str:
    if certificate is None:
        return ""
    return (
        '      <wsa:EndpointReference xmlns:wsa="http://www.w3.org/2005/08/addressing">'
        f"<wsa:Address>{escape(address)}</wsa:Address>"
        '<wsid:Identity xmlns:wsid="http://schemas.xmlsoap.org/ws/2006/02/addressingidentity">'
        '<dsig:KeyInfo xmlns:dsig="http://www.w3.org/2000/09/xmldsig#"><dsig:X509Data>'
        f"<dsig:X509Certificate>{certificate}</dsig:X509Certificate>"
        "</dsig:X509Data></dsig:KeyInfo></wsid:Identity></wsa:EndpointReference>\n"
    )
