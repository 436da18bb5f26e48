"""What a person reads: the outcome words of each layer, a sentence for each, and what to do about it.

The order is that of the layers a connection passes, and inside a layer that in which a person should fix things.

`{host}`, `{port}`, `{url}` and `{detail}` are filled in by `verdict`, all foreign text already made harmless.
`{seen}` is the detail in brackets, or nothing when there is none.
"""

from enum import StrEnum


class Layer(StrEnum):
    """The layer of the connection a word speaks about."""

    FINE = "fine"
    RESOLVE = "resolve"
    CONNECT = "connect"
    TLS = "tls"
    HTTP = "http"
    WSDL = "wsdl"
    OTHER = "other"


SENTENCES: dict[Layer, dict[str, tuple[str, str]]] = {
    Layer.RESOLVE: {
        "name-unknown": (
            "The name {host} is unknown{seen}.",
            "Correct the host, or have the name entered in DNS; a name of another network can't be seen from here.",
        ),
        "name-without-address": (
            "The name {host} exists, but has no address{seen}.",
            "Have an address record (A or AAAA) entered for it, or use the name that has one.",
        ),
        "name-server-failed": (
            "The name server could not answer for {host}{seen}.",
            "Ask the operators of the name server; until it answers, nothing can be said of the endpoint.",
        ),
        "name-server-silent": (
            "No name server answered for {host}{seen}.",
            "Check this machine's name servers and VPN; until one answers, nothing can be said of the endpoint.",
        ),
    },
    Layer.CONNECT: {
        "refused": (
            "{host} refuses connections on port {port}{seen}.",
            "The machine answers, but nothing listens on the port: start the service, or correct the port.",
        ),
        "timed-out": (
            "{host} does not answer on port {port}{seen}.",
            "Most often a firewall drops the packets: ask for the port to be opened for the caller's addresses.",
        ),
        "host-unreachable": (
            "{host} can't be reached{seen}.",
            "The machine is down, or a firewall or router turns the way away: ask the network team.",
        ),
        "network-unreachable": (
            "There is no way from here to {host}{seen}.",
            "Check this machine's network or VPN, or probe from a vantage point that has a way.",
        ),
        "reset": (
            "{host}:{port} breaks the connection{seen}.",
            "Something between or on the server resets it: look at its log, at a load balancer, or at an allow-list.",
        ),
        "closed-early": (
            "{host}:{port} takes the connection and closes it at once{seen}.",
            "Typical of a load balancer with no server behind it, or of an allow-list: ask who runs it.",
        ),
        "family-broken": (
            "One way to {host} is dead: {detail}.",
            "Callers that try this address wait or fail: have it repaired, or its record removed from DNS.",
        ),
        "open-but-expected-closed": (
            "{host}:{port} is open, but is expected to be closed.",
            "Have it closed, or correct what is expected.",
        ),
    },
    Layer.TLS: {
        "not-tls": (
            "What answers on {host}:{port} is no TLS{seen}.",
            "Another service listens there: correct the port, or the protocol.",
        ),
        "plain-http-on-tls-port": (
            "{host}:{port} speaks plain HTTP where TLS is expected{seen}.",
            "Switch TLS on for this port, or use the port that has it; do not fall back to http.",
        ),
        "tls-stalled": (
            "{host}:{port} takes the connection, but does not go on with the TLS handshake{seen}.",
            "The server hangs, or a firewall cuts in after the connection: look at the server first.",
        ),
        "tls-closed": (
            "{host}:{port} closes the connection during the TLS handshake{seen}.",
            "Look at the server's TLS log: often the name asked for (SNI) is not served there.",
        ),
        "tls-too-old": (
            "{host}:{port} offers nothing newer than {detail}.",
            "Have TLS 1.2 switched on; Oracle's callers speak nothing older.",
        ),
        "tls-handshake-failed": (
            "The TLS handshake with {host}:{port} fails{seen}.",
            "Compare protocol versions, ciphers and the name asked for (SNI) with what the server allows.",
        ),
        "client-certificate-required": (
            "{host}:{port} wants a client certificate{seen}.",
            "Name one with client_certificate, and check that the caller can present one.",
        ),
        "certificate-expired": (
            "The certificate has expired{seen}.",
            "Have it renewed.",
        ),
        "certificate-not-yet-valid": (
            "The certificate is not valid yet{seen}.",
            "Wait for its day, have it issued again, or correct the clock that is wrong.",
        ),
        "certificate-expiring": (
            "The certificate ends soon{seen}.",
            "Have it renewed before that day.",
        ),
        "certificate-wrong-name": (
            "The name asked for is not in the certificate: {detail}.",
            "Ask for a certificate that names it, or correct the URL.",
        ),
        "certificate-self-signed": (
            "The certificate is self-signed{seen}.",
            "Have a certificate issued by a public authority; Oracle asks for one.",
        ),
        "certificate-untrusted": (
            "No trusted authority vouches for the certificate{seen}.",
            "Use a certificate of a public authority, or name the authority's own certificate with ca_file.",
        ),
        "certificate-chain-incomplete": (
            "The server does not send the whole certificate chain{seen}.",
            "Have the intermediate certificate added to the server; browsers fetch it, Oracle's callers do not.",
        ),
        "certificate-intermediate-expired": (
            "An intermediate certificate that the server sends has expired{seen}.",
            "Have the authority's current intermediate certificate put on the server.",
        ),
        "certificate-weak-key": (
            "The certificate is too weak: {detail}.",
            "Have it issued again with a key of at least RSA 2048 or EC 256 bits, signed with SHA-256.",
        ),
        "cipher-weak": (
            "The cipher is weak: {detail}.",
            "Have cipher suites with forward secrecy and GCM or ChaCha20 switched on.",
        ),
    },
    Layer.HTTP: {
        "tls-on-plain-port": (
            "{host}:{port} wants TLS, but the address says http{seen}.",
            "Write https in the URL.",
        ),
        "not-http": (
            "What answers on {host}:{port} is no HTTP{seen}.",
            "Another service listens there: correct the port, or expect `open` or `tls`.",
        ),
        "answer-stalled": (
            "{host} does not finish its answer{seen}.",
            "Look at the service behind it; an order would hang the same way.",
        ),
        "empty-answer": (
            "{host} closes the connection without an answer{seen}.",
            "Look at the server's log, and whether the protocol in the URL is the right one.",
        ),
        "answer-truncated": (
            "The answer breaks off{seen}.",
            "Look at the server and at any proxy or gateway between.",
        ),
        "too-large": (
            "The answer is too large{seen}.",
            "This is no service description: correct the URL.",
        ),
        "redirect-loop": (
            "It redirects in a circle{seen}.",
            "Usually a load balancer that ends TLS, while the server behind it redirects to https: configure it for"
            " that.",
        ),
        "redirected-to-plain-http": (
            "It redirects from https to plain http{seen}.",
            "Have it redirect to https: what a caller sends there, a password too, goes unencrypted.",
        ),
        "sign-in-page": (
            "A sign-in page answers instead of the service{seen}.",
            "Exempt the service's path from single sign-on, or correct the URL: a caller can't fill in a form.",
        ),
        "forbidden": (
            "Access is forbidden{seen}.",
            "Often an allow-list or location-based access: have the caller's addresses added.",
        ),
        "not-found": (
            "Nothing is there{seen}.",
            "Correct the path, or have the service deployed.",
        ),
        "unavailable": (
            "The service is not available at present{seen}.",
            "Ask whether it is being patched, and look again later.",
        ),
        "http-error": (
            "It answers with an error{seen}.",
            "Look at the server's log; correct the path, or what status is expected.",
        ),
        "wrong-content-type": (
            "The WSDL comes with the wrong content type{seen}.",
            "Have it sent as text/xml: some clients refuse to read it otherwise.",
        ),
    },
    Layer.WSDL: {
        "not-a-wsdl": (
            "What comes is no WSDL{seen}.",
            "Correct the URL; the contract is usually at the endpoint's address with ?WSDL.",
        ),
        "wsdl-truncated": (
            "The WSDL breaks off{seen}.",
            "Look at the server and at any proxy or gateway between.",
        ),
        "wsdl-wrong-service": (
            "The WSDL describes something else: {detail}.",
            "Correct the URL, or what is expected of it.",
        ),
        "wsdl-import-missing": (
            "A part that the WSDL imports is missing: {detail}.",
            "Have the missing file deployed next to the WSDL; a caller that reads the whole contract fails.",
        ),
        "wsdl-style-unsupported": (
            "The WSDL uses the style {detail}, which the caller does not support.",
            "Offer the service with document style; Oracle's adapters do not speak RPC style.",
        ),
        "soap-fault": (
            "A SOAP fault comes instead of a WSDL{seen}.",
            "The service is there, but fails: read the fault, and look at its log.",
        ),
        "hostile-xml": (
            "The document is not read, for it could do harm: {detail}.",
            "A WSDL needs nothing of the kind: find out who put it there.",
        ),
    },
    Layer.OTHER: {
        "cancelled": ("The probe was cancelled.", "Run it again."),
        "caller-cannot": (
            "It works from here, but is outside what the caller supports: {detail}.",
            "Change the endpoint, or put something between that the caller can speak to.",
        ),
        "slow": (
            "It works, but slowly{seen}.",
            "Look where the time goes in the phases; Fusion waits for synchronous answers only so long.",
        ),
    },
    Layer.FINE: {
        "credentials-required": (
            "{host} is reachable and asks for credentials; it offers {detail} only, and none were sent.",
            "Have Basic offered next to {detail}, or put something between that signs in for the caller.",
        ),
        "redirected": ("", ""),
        "ok": ("", ""),
    },
}
