"""Taking secrets out of text on its way to a log, a screen or a file.

Two nets: the secrets this process holds, in every form they travel in; and the places where a
secret is expected, of any form (an Authorization header, a password in an address or in a SOAP envelope).
"""

import base64
import json
import logging
import re
import traceback
from html import escape
from types import TracebackType
from urllib.parse import quote, quote_plus

from omtui.credentials.secret import texts_held
from omtui.plain_text import PASSWORD, USER

MARK = "(hidden)"

_SHORTEST = 4
"""Characters. Shorter ones would blot out half of any text, and the blots would give them away."""

# Every repetition has an end: the text may come from a server that would like to keep us busy.
_SIGN_IN_HEADER = (
    r"(?i)((?:proxy-)?authorization['\"]?\s{0,4}[:=,]\s{0,4}(?:b?['\"])?\s{0,4}"
    r"(?:basic|bearer|negotiate|digest)?\s{0,4})[^\s'\",)]+"
)
_PLACES = (
    (re.compile(_SIGN_IN_HEADER), r"\1"),
    (re.compile(r"(?i)\b((?:basic|bearer)\s{1,4})[A-Za-z0-9+/_.~-]{8,}=*"), r"\1"),
    (re.compile(f"({USER}){PASSWORD}"), r"\1"),
    (re.compile(r"(?i)(<(?:[\w.-]{1,40}:)?(?:Password|Nonce)\b[^<>]{0,500}>)[^<]+(?=</)"), r"\1"),
    (re.compile(r"(?i)([?&](?:access_)?(?:token|password|passwd|secret|api_?key|client_secret)=)[^&\s'\"#]+"), r"\1"),
    (re.compile(r"(?i)AGE-SECRET-KEY-[A-Z0-9-]+"), ""),
    (re.compile(r"(-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----)(?:(?!-----)[\s\S])+"), r"\1"),
)


def redact(text: str) -> str:
    """The text without any secret this process holds and without what is in the places of secrets."""
    for form in _forms(tuple(texts_held())):
        text = text.replace(form, MARK)
    for pattern, kept in _PLACES:
        text = pattern.sub(kept + MARK, text)
    return text


def forms(secret: str) -> list[str]:
    """The forms a secret is written in when it leaks: as it is, base64 in any position, in URLs, JSON, XML, Python."""
    found = {
        secret,
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        escape(secret),
        escape(secret, quote=False),
        escape(secret).replace("&#x27;", "&apos;"),
        repr(secret)[1:-1],
        ascii(secret)[1:-1],
        secret.encode().hex(),
    }
    return sorted((form for form in found | _base64(secret.encode()) if len(form) >= _SHORTEST), key=len, reverse=True)


def redacted_traceback(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> str:
    """A traceback without the values of variables and without secrets: for a crash file or a screen."""
    return redact("".join(traceback.format_exception(kind, error, trace)))


def without_frames(error: BaseException) -> BaseException:
    """The error without the frames it came through, whose variables may hold secrets; a note lists them instead.

    For unforeseen errors, which a handler may show with the values of variables.
    """
    trace = redacted_traceback(type(error), error, error.__traceback__)
    found: BaseException | None = error
    seen: set[int] = set()
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        found.__traceback__ = None
        found = found.__cause__ or found.__context__
    error.add_note(trace)
    return error


def protect_logging() -> None:
    """Takes secrets out of every record any library logs from now on, at any level, tracebacks included."""
    make = logging.getLogRecordFactory()
    if getattr(make, "takes_secrets_out", False):
        return

    def record(*arguments: object, **named: object) -> logging.LogRecord:
        made = make(*arguments, **named)
        made.msg = redact(made.getMessage())
        made.args = None
        if made.exc_info and made.exc_info[0] is not None and made.exc_info[1] is not None:
            # Handlers take this text in place of formatting the traceback themselves.
            made.exc_text = redacted_traceback(*made.exc_info).rstrip("\n")
        return made

    record.takes_secrets_out = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(record)


def _forms(secrets: tuple[str, ...]) -> list[str]:
    everything = {form for secret in secrets if len(secret) >= _SHORTEST for form in forms(secret)}
    # The longest first, so that a shorter secret inside it leaves no rest.
    return sorted(everything, key=len, reverse=True)


def _base64(data: bytes) -> set[str]:
    """What stays the same of the data's base64 anywhere in a longer text, such as `user:password`."""
    found: set[str] = set()
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + data).decode("ascii").rstrip("=")
        first = (0, 2, 3)[before]
        # The last sign mixes in what follows, unless the data ends where a sign ends.
        last = len(encoded) if (before + len(data)) % 3 == 0 else len(encoded) - 1
        core = encoded[first:last]
        if len(core) >= 2 * _SHORTEST - 2:
            found |= {core, core.replace("+", "-").replace("/", "_")}
    return found
