"""The text of a profile: where a path is in it, and the three ways in which it changes.

A piece of a table's text is replaced, a table with all inside it is added, or it is removed.
"""

import tomllib
from decimal import Decimal
from typing import NamedTuple

from omtui.setup.place import Data, Path
from omtui.store import values
from omtui.store.blocks import Block, Blocks, Node, Records, TableNode, path_of, uncut
from omtui.store.change import same, value_at
from omtui.store.syntax import Entry, Key


class Held(NamedTuple):
    """Something inside the value of a statement. `exact` is false for a table that only dotted keys make up."""

    block: Block
    entry: Entry
    rest: Path
    exact: bool

    @property
    def value(self) -> str:
        """The text of the statement's value."""
        return self.block.text[self.entry.value_start : self.entry.value_end]


class Headed(NamedTuple):
    """A table or list that headers or dotted keys make up, and where its own keys are: in a block, with a prefix."""

    node: Node | None
    block: Block | None
    prefix: Key


class Text:
    """The blocks of a text that can be changed. The text ends with a line break."""

    def __init__(self, text: str, newline: str) -> None:
        self.blocks = Blocks(text)
        self.newline = newline
        self.touched: set[Block] = set()
        """Blocks that were changed or added since this was last cleared."""
        self.headers_moved = False
        """Whether headers were added or removed since this was last cleared."""
        self._lines_known = False

    def find(self, path: Path) -> Held | Headed | None:
        """Where the text says what is at a path; `None` when it says nothing."""
        node: Node | None = self.blocks.root
        block: Block | None = self.blocks.first
        prefix: Key = ()
        for number, part in enumerate(path):
            if isinstance(part, int):
                if not isinstance(node, Records) or part >= len(node.items):
                    return None
                node = node.items[part]
                block, prefix = node.block, ()
                continue
            name = (*prefix, part)
            dotted = False
            for entry in block.entries() if block is not None else ():
                if entry.key == name:
                    assert block is not None
                    rest = path[number + 1 :]
                    found = values.find(block.text[entry.value_start : entry.value_end], rest)
                    return None if found is False else Held(block, entry, rest, found is True)
                dotted = dotted or entry.key[: len(name)] == name
            node = node.children.get(part) if isinstance(node, TableNode) else None
            if node is None and not dotted:
                return None
            if isinstance(node, TableNode) and node.block is not None:
                block, prefix = node.block, ()
            elif dotted:
                prefix = name
            else:
                block, prefix = None, ()
        return Headed(node, block, prefix)

    def has(self, path: Path) -> bool:
        """Whether the text says anything about a path."""
        return self.find(path) is not None

    def position(self, path: Path) -> tuple[int, int] | None:
        """The line and column, from 1, of a header, a key or an element; `None` when the text says nothing of it."""
        spot = self.find(path)
        if spot is None:
            return None
        if isinstance(spot, Held):
            block = spot.block
            if spot.rest:
                start = spot.entry.value_start + values.offset(spot.value, spot.rest)
            else:
                start = spot.entry.start + len(indentation(block.text, spot.entry.start))
        elif spot.prefix and spot.block is not None:
            block = spot.block
            start = next(entry.start for entry in block.entries() if entry.key[: len(spot.prefix)] == spot.prefix)
            start += len(indentation(block.text, start))
        else:
            assert spot.node is not None
            own = spot.node.block if isinstance(spot.node, TableNode) else None
            block = own or self.blocks.first_block(spot.node)
            start = block.header_start
            start += len(indentation(block.text, start))
        if not self._lines_known:
            self.blocks.number_lines()
            self._lines_known = True
        return block.line + block.text.count("\n", 0, start), start - block.text.rfind("\n", 0, start)

    def texts_at(self, path: Path) -> tuple[str, ...]:
        """The text of a record, header by header, with its comments; empty where it is not in one piece."""
        found, together = self._span(path)
        return tuple(block.text for block in found) if together else ()

    def fitting(self, path: Path, index: int, texts: tuple[str, ...]) -> tuple[list[Block], Block | None]:
        """The blocks that have these texts, and behind which block they become a record of the list at a path.

        Behind none when they are no such record, or when the one before it is not in one piece.
        """
        above, together = self._span((*path, index - 1)) if index else ([], False)
        new, names = blocks_of(texts) if together else [], names_of(path)
        is_record = bool(new) and new[0].array and new[0].key == names
        fits = is_record and all(each.key[: len(names)] == names for each in new if each.body)
        return new, above[-1] if fits else None

    def _span(self, path: Path) -> tuple[list[Block], bool]:
        node = self.blocks.node_at(path)
        return self.blocks.span(node) if isinstance(node, TableNode) else ([], False)

    def agrees(self, block: Block, data: Data) -> bool:
        """Whether a block alone reads as its part of the data."""
        assert block.node is not None
        expected = value_at(data, path_of(block.node))
        try:
            read: object = tomllib.loads(block.text, parse_float=Decimal)
        except tomllib.TOMLDecodeError:
            return False
        for name in block.key:
            read = read[name] if isinstance(read, dict) else None
        if isinstance(read, list):
            read = read[0]
        if not isinstance(read, dict) or not isinstance(expected, dict):
            return False
        inside = block.node.children.keys()
        return (
            not read.keys() & inside
            and read.keys() | inside == expected.keys()
            and all(same(value, expected[key]) for key, value in read.items())
        )

    # The three changes

    def change(self, block: Block, start: int, end: int, text: str) -> None:
        """Replace a piece of a block's text, behind its header."""
        block.splice(start, end, text)
        self.touched.add(block)
        self._lines_known = False

    def attach(self, path: Path, blocks: list[Block], above: Block) -> None:
        """Add the blocks of a table at a path, in the text behind another block."""
        self.blocks.link(blocks, above)
        self.blocks.graft(path, blocks)
        self.touched.update(block for block in blocks if block.body)
        self.headers_moved = True
        self._lines_known = False

    def detach(self, node: TableNode) -> list[Block]:
        """Take a table with all inside it out of the text. Returns its blocks."""
        blocks, _ = self.blocks.span(node)
        neighbours = [above_of(block) for block in blocks]
        self.blocks.unlink(blocks)
        self.blocks.prune(node)
        self.touched.difference_update(blocks)
        self.headers_moved = True
        self._lines_known = False
        for above in neighbours:
            if above not in blocks:
                self.part(above)
        return blocks

    def part(self, above: Block) -> None:
        """Keep a comment from the header that now follows it, or that it now follows, with a blank line."""
        below = above.below
        if below is not None and not below.starts_blank:
            if not below.body and (above.body or above.ends_in_comment):
                below.splice(0, 0, self.newline)
            elif below.body and above.ends_in_comment:
                self.change(below, 0, 0, self.newline)
        if not above.body and above.above is not None and (below is None or below.starts_blank):
            self.part(above.above)


def blocks_of(texts: tuple[str, ...]) -> list[Block]:
    """The blocks that have these texts; none when the texts are no TOML."""
    try:
        tomllib.loads("".join(texts))
    except tomllib.TOMLDecodeError:
        return []
    blocks = [block for text in texts if text.endswith("\n") and (block := uncut(text))]
    return blocks if len(blocks) == len(texts) else []


def names_of(path: Path) -> Key:
    """The names of a path, as a header spells them."""
    return tuple(part for part in path if isinstance(part, str))


def above_of(block: Block) -> Block:
    """The block above one that is not the first."""
    assert block.above is not None
    return block.above


def indentation(text: str, start: int) -> str:
    """The spaces and tabs at a position."""
    end = start
    while text[end] in " \t":
        end += 1
    return text[start:end]
