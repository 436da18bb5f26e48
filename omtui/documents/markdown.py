"""A document as Markdown, for a ticket or a merge request."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from omtui.documents.model import (
    Bullets,
    Cell,
    DocumentTable,
    FactList,
    Line,
    Paragraph,
    Part,
    ReportDocument,
    Section,
    Signature,
    StyledText,
    Text,
)
from omtui.plain_text import plain

_BLOCK_START = re.compile(r"^(\s*(?:\d+(?=[.)]))?)([>+=.)-])")
"""What would begin a quotation, a list or a heading at the start of a line."""

_BOXES = {None: "", "open": "[ ] ", "done": "[x] ", "left out": "[-] "}


def to_markdown(document: ReportDocument) -> str:
    """The whole document."""
    blocks = [f"# {_inline(document.title)}"] if document.title else []
    blocks += _blocks(document.parts)
    if document.end:
        blocks += ["---", *_blocks(document.end)]
    return "\n\n".join(blocks) + "\n"


def escaped(value: str) -> str:
    """A text that says in Markdown what it says, and is never read as markup."""
    return _BLOCK_START.sub(r"\1\\\2", _inline(value), count=1)


def _inline(value: str) -> str:
    return "".join(f"\\{letter}" if letter in "\\`*_[]<#|~&$" else letter for letter in plain(value))


def code(value: str) -> str:
    """A text as a code span, also of a table, with any content."""
    shown = plain(value).replace("|", "\\|")
    longest = max((len(list(run)) for letter, run in groupby(shown) if letter == "`"), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}" if shown else ""


def _blocks(parts: Iterable[Part]) -> Iterator[str]:
    for part in parts:
        match part:
            case Section(title, inner, level, _, box):
                yield f"{'#' * level} {_BOXES[box]}{_inline(title)}"
                yield from _blocks(inner)
            case Paragraph(line, style):
                yield f"**{_line(line)}**" if style in ("warn", "bad") else _line(line)
            case FactList(pairs) if pairs:
                yield "\n".join(f"- {escaped(label)}: {escaped(value)}" for label, value in pairs)
            case Bullets(items) if items:
                yield "\n".join(_list(part))
            case DocumentTable(_, rows, empty):
                yield "\n".join(_table(part)) if rows else f"*{escaped(empty)}*"
            case Signature(what):
                yield f"{escaped(what)}: ______________________  on: ______________"


def _list(part: Bullets) -> Iterator[str]:
    if part.lead:
        yield f"{escaped(part.lead)}:"
    for number, item in enumerate(part.items, 1):
        yield f"{f'{number}.' if part.numbered else '-'} {_BOXES[item.box]}{_line(item.line)}"
        yield from (f"  - {_line(line)}" for line in item.inner)


def _table(part: DocumentTable) -> Iterator[str]:
    yield f"| {' | '.join(map(escaped, part.columns))} |"
    yield f"| {' | '.join('---' for _ in part.columns)} |"
    for row in part.rows:
        yield f"| {' | '.join(map(_cell, row))} |"


def _cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return "<br>".join(map(escaped, cell.split("\n")))
    return _span(cell) if isinstance(cell, StyledText) else _line(cell)


def _line(line: Line) -> str:
    words = ""
    for text in map(_span, line):
        # Two spans of code that touch would be read as one.
        words += f" {text}" if words.endswith("`") and text.startswith("`") else text
    return words


def _span(text: Text) -> str:
    if isinstance(text, str):
        return escaped(text)
    match text.style:
        case "strong":
            return f"**{escaped(text.text)}**"
        case "note":
            return f"*{escaped(text.text)}*"
        case "hint":
            return f" ({escaped(text.text)})"
        case "code" | "copy":
            return code(text.text)
        case "gone":
            return f"~~{code(text.text)}~~"
        case "new":
            return f"**{code(text.text)}**"
        case "search":
            return ""
    return escaped(text.text)
