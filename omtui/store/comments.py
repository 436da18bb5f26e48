"""The comments of a text by what they belong to, and its scalars as they were typed."""

import re
from dataclasses import dataclass, field

from omtui.setup.place import Path
from omtui.store.arrays import Array
from omtui.store.blocks import Block, Blocks, Node, Records
from omtui.store.layout import Comment
from omtui.store.syntax import entries

_COMMENT = re.compile(r"#[^\n]*")


@dataclass(slots=True)
class Comments:
    """All comments of a text: those of a path, the head and the end of the file in groups; and scalars by path."""

    by_path: dict[Path, Comment] = field(default_factory=dict)
    head: list[list[str]] = field(default_factory=list)
    head_apart: bool = False
    """Whether a blank line is between the head of the file and the first statement."""
    end: list[list[str]] = field(default_factory=list)
    literals: dict[Path, str] = field(default_factory=dict)

    def of(self, path: Path) -> Comment:
        """The comment of a path, to be added to."""
        return self.by_path.setdefault(path, Comment())


def read(blocks: Blocks) -> Comments:
    """Every comment of a text with what it belongs to."""
    found = Comments()
    paths: dict[Block, Path] = {}
    _number(blocks.root, (), paths)
    waiting: list[list[str]] = []
    for block in blocks:
        if block not in paths:
            waiting += _groups(block.text)
            continue
        path = paths[block]
        if waiting:
            found.of(path).sections = waiting
            found.of(path).close = not block.starts_blank and len(waiting[-1]) == 1
            waiting = []
        start = block.header_start if block.key else 0
        if above := _comments(block.text[:start]):
            found.of(path).above = above
        _trailing(block.text[start : block.body], path, found)
        _statements(block, path, found)
    found.end = waiting
    return found


def _statements(block: Block, path: Path, found: Comments) -> None:
    position = block.body
    for number, entry in enumerate(block.entries()):
        here = (*path, *entry.key)
        gap = block.text[position : entry.start]
        if "#" in gap:
            if not block.key and not number:
                found.head = _groups(gap)
                found.head_apart = gap.replace("\r", "").endswith("\n\n")
            else:
                found.of(here).above = _comments(gap)
        if entry.end - entry.value_end > 2:
            _trailing(block.text[entry.value_end : entry.end], here, found)
        _value(block.text[entry.value_start : entry.value_end], here, found)
        position = entry.end
    if below := _comments(block.text[position:]):
        if block.key or position:
            found.of(path).below = below
        else:
            found.head = _groups(block.text)


def _value(text: str, path: Path, found: Comments) -> None:
    if text[0] == "{":
        for entry in entries(text, 0):
            _value(text[entry.value_start : entry.value_end], (*path, *entry.key), found)
        return
    if text[0] != "[":
        found.literals[path] = text
        return
    array = Array(text)
    waiting = _comments(array.head[1:])
    for number, piece in enumerate(array.pieces):
        here = (*path, number)
        above = waiting + _comments(piece.lead) + _comments(piece.gap)
        waiting = []
        if above:
            found.of(here).above = above
        _trailing(piece.rest, here, found)
        _value(piece.value, here, found)
    if below := waiting + _comments(array.tail):
        found.of(path).below = below


def _number(node: Node, path: Path, paths: dict[Block, Path]) -> None:
    """Note the path of every block."""
    if isinstance(node, Records):
        for number, item in enumerate(node.items):
            _number(item, (*path, number), paths)
        return
    if node.block is not None:
        paths[node.block] = path
    for name, child in node.children.items():
        _number(child, (*path, name), paths)


def _trailing(text: str, path: Path, found: Comments) -> None:
    """Note the comment at the end of a line, and how far away it is. `text` is a header or what follows a value."""
    if "#" not in text:
        return
    text = _HEADER.sub("", text)
    blank, sign, words = text.partition("#")
    comment = found.of(path)
    comment.trailing = f"{sign}{words}".rstrip()
    if len(blank) > 1 and not blank.strip(" "):
        comment.gap = blank


def _comments(text: str) -> list[str]:
    """The comments of a text that holds nothing else than comments, blanks and brackets."""
    return [comment.rstrip() for comment in _COMMENT.findall(text)] if "#" in text else []


_HEADER = re.compile(r"""^[ \t]*\[(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^"'\n#])*\]""")


def _groups(text: str) -> list[list[str]]:
    """Comment lines in groups, as blank lines part them."""
    groups: list[list[str]] = [[]]
    for line in text.split("\n"):
        if comment := line.strip():
            groups[-1].append(comment)
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]
