"""Telling a sign-in page from a service: what an integration's caller gets where single sign-on stands guard."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_ADDRESS = re.compile(
    r"(?:^|[/.\-_])(?:sso|oam|idcs|saml2?|adfs|login|logon|signin|sign-in|authorize|oauth2|openid|openam|cas)(?=$|[/.\-_?=])",
    re.IGNORECASE,
)
_PAGE = (
    (re.compile(r"type\s*=\s*[\"']?password\b", re.IGNORECASE), "a field for a password"),
    (re.compile(r"\bj_security_check\b"), "a sign-in form (j_security_check)"),
    (re.compile(r"\b(?:SAMLRequest|SAMLResponse|RelayState)\b"), "a form for single sign-on (SAML)"),
    (re.compile(r"/oam/server/|/oauth2/v1/authorize|idcs-[0-9a-f]{8}", re.IGNORECASE), "an Oracle sign-in"),
    (re.compile(r"<title>[^<]{0,80}(?:sign[ -]?in|log[ -]?in|log[ -]?on|single sign)", re.IGNORECASE), "its title"),
)


def sign_in_address(url: str) -> bool:
    """Whether a redirect's address looks like a sign-in: by its host's labels or the parts of its path."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(_ADDRESS.search(parts.hostname or "") or _ADDRESS.search(parts.path))


def sign_in_page(html: str) -> str:
    """What gives a page away as a sign-in, or the empty text."""
    return next((what for pattern, what in _PAGE if pattern.search(html)), "")
