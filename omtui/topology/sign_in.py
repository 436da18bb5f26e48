"""Distinguishes a sign-in page from a service: what an integration's caller gets behind single sign-on."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_ADDRESS = re.compile(
    r"(?:^|[/.\-_])(?:sso|oam|idcs|saml2?|adfs|login|logon|signin|sign-in|authorize|oauth2|openid|openam|cas)(?=$|[/.\-_?=])",
    re.IGNORECASE,
)
_PAGE = (
    (("password",), re.compile(r"type\s*=\s*[\"']?password\b"), "a field for a password"),
    (("j_security_check",), re.compile(r"\bj_security_check\b"), "a sign-in form (j_security_check)"),
    (
        ("samlrequest", "samlresponse", "relaystate"),
        re.compile(r"\b(?:samlrequest|samlresponse|relaystate)\b"),
        "a form for single sign-on (SAML)",
    ),
    (
        ("/oam/server/", "/oauth2/v1/authorize", "idcs-"),
        re.compile(r"/oam/server/|/oauth2/v1/authorize|idcs-[0-9a-f]{8}"),
        "an Oracle sign-in",
    ),
    (("<title>",), re.compile(r"<title>[^<]{0,80}(?:sign[ -]?in|log[ -]?in|log[ -]?on|single sign)"), "its title"),
)
"""For pages in lower case: one of these texts must be in them before the expensive pattern is looked for."""


def sign_in_address(url: str) -> bool:
    """Whether a redirect's address looks like a sign-in: by its host's labels or the parts of its path."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(_ADDRESS.search(parts.hostname or "") or _ADDRESS.search(parts.path))


def sign_in_page(html: str) -> str:
    """What gives a page away as a sign-in, or the empty text."""
    page = html.lower()
    for texts, pattern, what in _PAGE:
        for text in texts:
            if text in page and pattern.search(page):
                return what
    return ""
