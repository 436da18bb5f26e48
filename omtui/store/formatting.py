"""The canonical layout of a whole profile, as `omtui fmt` writes it.

Tables and keys stand in the order of the pages, with a blank line above every header. Short rows are arrays of inline
tables, everything else has headers. Comments stay with what they stand beside or above, and single values are kept
letter for letter. Formatting twice changes nothing more.
"""

import tomllib
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

from omtui.problem import Problem
from omtui.store.blocks import Blocks, cut
from omtui.store.change import same
from omtui.store.comments import Comments, read
from omtui.store.document import Document
from omtui.store.layout import Comment, Layout


def canonical(document: Document) -> bytes | Problem:
    """The document's content in canonical layout; the same data, and every comment."""
    text = document.text()
    newline = document.newline
    remarks = read(Blocks(text if text.endswith("\n") else text + newline))
    formatted = _written(document.data, remarks, newline)
    if not _is_faithful(formatted, document.data, remarks):
        return Problem("the canonical layout would not read back as what was meant; nothing was written", "report it")
    try:
        return document.encoded(formatted)
    except UnicodeEncodeError:
        return Problem("a text holds half a character (a lone surrogate), which no file can hold", "enter it again")


def written(data: Mapping[str, object], newline: str = "\n") -> str:
    """The text of a new profile in canonical layout."""
    return _written(data, Comments(), newline)


def _written(data: Mapping[str, object], remarks: Comments, newline: str) -> str:
    statements, headed = Layout(newline, remarks.by_path, remarks.literals).body((), data)
    text = newline.join("".join(f"{line}{newline}" for line in group) for group in remarks.head)
    if remarks.head_apart:
        text += newline
    root = remarks.by_path.get((), Comment())
    text += statements + "".join(f"{line}{newline}" for line in root.below) + headed
    for group in remarks.end:
        text += newline + "".join(f"{line}{newline}" for line in group)
    *_, last = cut(text)
    if not remarks.end and last.node is None and not last.body and not last.starts_blank and last.text != text:
        # What stands below the last statement of a file belongs to its end; reading it again would find it there.
        text = f"{text[: -len(last.text)]}{newline}{last.text}"
    return text


def _is_faithful(text: str, data: Mapping[str, object], remarks: Comments) -> bool:
    try:
        if not same(tomllib.loads(text, parse_float=Decimal), data):
            return False
    except tomllib.TOMLDecodeError:
        return False
    return _all_comments(read(Blocks(text))) == _all_comments(remarks)


def _all_comments(remarks: Comments) -> Counter[str]:
    groups = [*remarks.head, *remarks.end, *(remark.lines() for remark in remarks.by_path.values())]
    return Counter(line for group in groups for line in group)
