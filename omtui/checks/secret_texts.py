"""Texts that look like a secret: found so that they can be refused, and hidden wherever a value is shown."""

import re
from collections.abc import Iterable

from omtui.plain_text import PASSWORD, USER

_VALUES: dict[str, str] = {
    "private": r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|AGE-SECRET-KEY-1[0-9A-Z]{20,}",
    "url": USER + PASSWORD,
    "token": r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*|\b(?:ghp|gho|ghs|github_pat|glpat|xox[abpr])[_-][\w-]{16,}"
    r"|\bAKIA[0-9A-Z]{16}\b",
    "header": r"\b(?i:bearer|basic) {1,9}(?=[\w+/.~-]{0,200}\d)[\w+/.~-]{16,}=*",
    "parameter": r"(?i:\b(?:pass(?:word|wd|phrase)?|pwd|secret|client[_-]?secret|(?:access[_-]?)?token|api[_-]?key)"
    r"\s{0,9}[:=]\s{0,9})(?=[^\s<>&;,]{0,200}[0-9!#%^])(?![<{$*(])[^\s<>&;,]{6,}",
}
_NAMES = {
    "private": "a private key",
    "url": "a user name with its password",
    "token": "an access token",
    "header": "a sign-in header",
    "parameter": "a password",
}
_SECRET = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _VALUES.items()))
_HINT = re.compile(
    r"-----BEGIN|AGE-SEC|://[^/?#\\]*@|eyJ|gh[pos]_|github_pat|glpat|xox|AKIA|(?i:bearer|basic|pass|pwd|secret|token|api.?key)"
)
"""A cheap first look: most values of a profile hold none of these."""

_KEY = re.compile(
    r"(?i)(?:.*[_-])?(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|api_?key|private_?key|access_?key|client_?secret)"
)


_NEEDLES = ("-----begin", "age-secret-key", "eyj", "ghp", "gho", "ghs", "github_pat", "glpat", "xox", "akia")
_WORDS = ("bearer ", "basic ", "pass", "pwd", "secret", "token", "apikey", "api_key", "api-key")
_USER_INFO = re.compile(r"://[^/?#\s\\]*@")


def may_hold_secret(texts: Iterable[str]) -> bool:
    """Whether any of many texts can hold a secret at all: one quick look at all of them together."""
    joined = "\n".join(texts)
    lowered = joined.lower()
    return any(needle in lowered for needle in (*_NEEDLES, *_WORDS)) or _USER_INFO.search(joined) is not None


def secret_in(text: str) -> str | None:
    """What kind of secret a text seems to hold (`a private key`), or `None`."""
    if not _HINT.search(text):
        return None
    match = _SECRET.search(text)
    return _NAMES[match.lastgroup or ""] if match else None


def secret_words(text: str) -> set[str]:
    """The words, in lower case, of which the secrets in a text are made: none of them may be shown."""
    words: set[str] = set()
    for match in _SECRET.finditer(text):
        secret = match.group()
        if match.lastgroup == "url":
            secret = secret.partition(":")[2]
        elif match.lastgroup in ("header", "parameter"):
            secret = re.split(r"[\s:=]+", secret, maxsplit=1)[-1]
        words.update(word.lower() for word in re.findall(r"\w{4,}", secret))
    return words


def is_secret_key(name: str) -> bool:
    """Whether a key is one under which people keep a secret: `password`, `client_secret`."""
    return _KEY.fullmatch(name) is not None


def hidden(text: str) -> str:
    """The text with every secret replaced by dots."""
    return _SECRET.sub("•••", text) if _HINT.search(text) else text


_PLACEHOLDER = re.compile(r"\s*|[*•.xX]+|<.*>|\$\{.*\}|\{\{.*\}\}", re.DOTALL)


def is_placeholder(value: object) -> bool:
    """Whether a value is only a placeholder for a secret (`***`, `<password>`), or is no text or number at all."""
    if isinstance(value, str):
        return _PLACEHOLDER.fullmatch(value) is not None
    return isinstance(value, bool) or not isinstance(value, int)
