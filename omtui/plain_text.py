"""The one filter between foreign text and a terminal.

What comes from a profile, a server or a certificate may hold control characters, escape sequences or
direction marks that change what a person sees. Both fronts, the workbench and the command line, show such
text only after it went through `plain`.
"""

import re
from collections.abc import Sequence
from typing import Final

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # C0 and C1 controls: escape sequences start here
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # direction marks: reorder what is read
    "\u2028\u2029"  # line breaks that are not seen
    "\u00ad\u180e\u200b\u2060-\u2065\ufeff"  # there without being seen: one name looks like another
    "\u115f\u1160\u3164\uffa0"  # letters without a shape
    "\ud800-\udfff"  # lone surrogates: cannot be written as UTF-8
    "\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"  # annotations, tags: not seen
)
"""The joiners U+200C and U+200D stay: words of some scripts are spelt with them."""

USER: Final = r"(?<=://)[^\s/?#\\:]*:"
PASSWORD: Final = r"[^\s/?#\\]+(?=@)"
"""A user name and a password in an address: all up to the last @ before the path."""

# Also one with a space, a slash, ? or #, which should be written in another way there; not a port and what follows it.
_USER_INFO = re.compile(rf"({USER})(?!\d{{0,5}}(?:[\s/?#\\]|\Z))(?:[^/?#\\]+|\S{{1,2000}})(?=@)")
_PARAMETER = re.compile(
    r"(?i)([?&;#](?:[\w.-]{0,40}[_.-])?(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|sig(?:nature)?)=)[^&;#\s\"<>]+"
)

_PICTURES = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "\u2421"}


def plain(text: object, *, ascii_only: bool = False) -> str:
    r"""Show any value as harmless one-line text.

    Control characters become their visible pictures (a newline becomes `␊`), invisible and reordering
    characters become `\u{…}`, a password in an address becomes dots. The result holds neither a line break nor an
    escape sequence. It is not protected against markup: give it to a widget as content, never as markup.
    """
    shown = _UNSAFE.sub(_picture, without_passwords(str(text)))
    return shown.encode("ascii", "backslashreplace").decode("ascii") if ascii_only else shown


def is_unsafe(letter: str) -> bool:
    """Whether `plain` shows a character by its picture or number instead of itself."""
    return _UNSAFE.match(letter) is not None


def plain_lines(text: object) -> str:
    """Like `plain`, but line feeds stay: for text that is meant to have lines."""
    return "\n".join(plain(line) for line in str(text).split("\n"))


def without_passwords(text: str) -> str:
    """The text with dots for the passwords in its addresses: before the host, and as parameters."""
    if "://" not in text:
        return text
    return _PARAMETER.sub(r"\1•••", _USER_INFO.sub(r"\1•••", text))


def for_pasting(text: str) -> str:
    """The text to be pasted elsewhere, without what acts there or cannot be seen; line breaks and tabs are spaces.

    Where it is pasted is not known: in a shell, a second line would be a command.
    """
    return _UNSAFE.sub("", _BREAKS.sub(" ", text.strip("\r\n")))


_BREAKS = re.compile("\r\n|[\t\n\v\f\r\x85\u2028\u2029]")


def few(names: Sequence[str], most: int = 10) -> str:
    """Names on one harmless line, of many the first and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(map(plain, names[:most]))}{more}"


def counted(number: int, noun: str, plural: str = "") -> str:
    """How many, in words: `1 error`, `3 errors`; `plural` where no s makes one."""
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"


def _picture(match: re.Match[str]) -> str:
    code = ord(match.group())
    return _PICTURES.get(code) or f"\\u{{{code:x}}}"
