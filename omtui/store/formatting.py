"""The canonical layout of a whole profile, as `omtui fmt` writes it.

Tables and keys are in the order of the pages, with a blank line above every header. Short rows are arrays of inline
tables, everything else has headers. Comments stay with what they are next to or above, and single values are kept
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
    comments = read(Blocks(text if text.endswith("\n") else text + newline))
    formatted = canonical_text(document.data, comments, newline)
    if not _is_faithful(formatted, document.data, comments):
        return Problem("the canonical layout would not read back as what was meant; nothing was written", "report it")
    try:
        return document.encoded(formatted)
    except UnicodeEncodeError:
        return Problem("a text holds half a character (a lone surrogate), which no file can hold", "enter it again")


def canonical_text(data: Mapping[str, object], comments: Comments | None = None, newline: str = "\n") -> str:
    """The text of a profile in canonical layout."""
    comments = comments or Comments()
    statements, headed = Layout(newline, comments.by_path, comments.literals).body((), data)
    text = newline.join("".join(f"{line}{newline}" for line in group) for group in comments.head)
    if comments.head_apart:
        text += newline
    root = comments.by_path.get((), Comment())
    text += statements + "".join(f"{line}{newline}" for line in root.below) + headed
    for group in comments.end:
        text += newline + "".join(f"{line}{newline}" for line in group)
    *_, last = cut(text)
    if not comments.end and last.node is None and not last.body and not last.starts_blank and last.text != text:
        # What is below the last statement of a file belongs to its end; reading it again would find it there.
        text = f"{text[: -len(last.text)]}{newline}{last.text}"
    return text


def _is_faithful(text: str, data: Mapping[str, object], comments: Comments) -> bool:
    try:
        if not same(tomllib.loads(text, parse_float=Decimal), data):
            return False
    except tomllib.TOMLDecodeError:
        return False
    return _all_comments(read(Blocks(text))) == _all_comments(comments)


def _all_comments(comments: Comments) -> Counter[str]:
    groups = [*comments.head, *comments.end, *(comment.lines() for comment in comments.by_path.values())]
    return Counter(line for group in groups for line in group)
