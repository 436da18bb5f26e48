"""Which files a document may replace: those that omtui wrote, and nothing that somebody else keeps under that name.

A document is known by how it begins (a workbook by who made it), so that one that is written again every night, or that
came from Git, is replaced without a question.
"""

import re
import stat
import zipfile
import zlib
from pathlib import Path

from omtui.plain_text import plain

_MOST = 4096
"""How much of a file is looked at, in bytes."""

_WORKBOOK = b"PK\x03\x04"

_PART = "docProps/core.xml"


def why_not_replaced(path: Path, content: bytes) -> str:
    """Why a document is not written to a file; empty when it may be. Devices and pipes take everything.

    Raises OSError and ValueError for a path that cannot be looked at.
    """
    if not path.exists() and not path.is_symlink():
        return ""
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):
        return ""
    if path.is_symlink():
        return f"{plain(path)} is a link; name the file that it leads to: {plain(path.resolve())}"
    with path.open("rb") as stream:
        old = stream.read(_MOST)
    if not old.strip():
        return ""
    if content.startswith(_WORKBOOK):
        return "" if _is_ours_unchanged(path) else f"{plain(path)} is there already and {_NOT_OURS}"
    return "" if _beginning(old) == _beginning(content[:_MOST]) else f"{plain(path)} is there already and {_NOT_OURS}"


_NOT_OURS = "is no such document as omtui wrote it; choose another name, or move it away"


def _beginning(content: bytes) -> list[bytes]:
    """The first lines of a document, each up to where it names a profile, a day, a number or a page's own rules."""
    lines = content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").split(b"\n")
    count = 3 if content.startswith(b"<!DOCTYPE") else 1 if b"," in lines[0] and lines[0][:1] != b"#" else 2
    return [re.split(rb"[:;\d]", line, maxsplit=1)[0] for line in lines[:count]]


def _is_ours_unchanged(path: Path) -> bool:
    """Whether omtui made a workbook, and no other program has saved it since: people fill them in."""
    try:
        with zipfile.ZipFile(path) as book, book.open(_PART) as part:
            said = part.read(_MOST)
    except (OSError, ValueError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error):
        return False
    return b"<dc:creator>omtui</dc:creator>" in said and b"lastModifiedBy" not in said and b"revision" not in said
