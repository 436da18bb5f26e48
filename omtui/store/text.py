"""The text of a profile: where a path stands in it, and the three ways in which it changes.

A piece of a table's text is replaced, a table with all inside it comes, or it goes. Each is remembered as a step of the
running operation's trace, and can be done again or taken back by such a step.
"""

import tomllib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from omtui.setup.place import Path
from omtui.store import values
from omtui.store.blocks import Block, Blocks, Node, Records, Table, path_of, uncut
from omtui.store.change import Run, Splice, Trace
from omtui.store.syntax import Entry, Key

_TRACEABLE = 65_536
"""Up to how many characters the text of a table is remembered with an operation."""


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
    """A table or list that headers or dotted keys make up, and where keys of its own stand: in a block, prefixed."""

    node: Node | None
    block: Block | None
    prefix: Key


class Text:
    """The blocks of a text that can be changed. The text ends with a line break."""

    def __init__(self, text: str, newline: str) -> None:
        self.blocks = Blocks(text)
        self.newline = newline
        self.touched: set[Block] = set()
        """Blocks that were changed or came, since this was last cleared."""
        self.headers_moved = False
        """Whether headers came or went since this was last cleared."""
        self._lines_known = False
        self._trace: list[Splice | Run] | None = None
        self._fresh: set[Block] = set()

    def find(self, path: Path) -> Held | Headed | None:
        """Where the text says what stands at a path; `None` when it says nothing."""
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
            node = node.children.get(part) if isinstance(node, Table) else None
            if node is None and not dotted:
                return None
            if isinstance(node, Table) and node.block is not None:
                block, prefix = node.block, ()
            elif dotted:
                prefix = name
            else:
                block, prefix = None, ()
        return Headed(node, block, prefix)

    def stands(self, path: Path) -> bool:
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
            own = spot.node.block if isinstance(spot.node, Table) else None
            block = own or self.blocks.first_block(spot.node)
            start = block.header_start
            start += len(indentation(block.text, start))
        if not self._lines_known:
            self.blocks.number_lines()
            self._lines_known = True
        return block.line + block.text.count("\n", 0, start), start - block.text.rfind("\n", 0, start)

    # The three changes

    def change(self, block: Block, start: int, end: int, text: str) -> None:
        """Replace a piece of a block's text, behind its header."""
        old = block.text
        before = old[start:end]
        shared = _shared(before, text)
        start += shared
        before, text = before[shared:], text[shared:]
        if shared := _shared(before[::-1], text[::-1]):
            before, text = before[:-shared], text[:-shared]
        block.splice(start, start + len(before), text)
        self.touched.add(block)
        self._fresh.add(block)
        self._lines_known = False
        if self._trace is not None and block.node is not None and len(old) <= _TRACEABLE:
            self._trace.append(Splice(path_of(block.node), start, before, text, _sum(old), _sum(block.text)))
        else:
            self._trace = None

    def attach(self, path: Path, blocks: list[Block], above: Block) -> None:
        """Let the blocks of a table come to stand at a path, and in the text behind another block."""
        there = self.blocks.node_at(path) if isinstance(path[-1], str) else None
        self._remember(path, blocks, above, came=True, alone=there is not None)
        self.blocks.link(blocks, above)
        self.blocks.graft(path, blocks)
        self.touched.update(block for block in blocks if block.body)
        self._fresh.update(block for block in blocks if block.body)
        self.headers_moved = True
        self._lines_known = False

    def detach(self, node: Table) -> list[Block]:
        """Take a table with all inside it out of the text; its blocks are given back."""
        blocks, together = self.blocks.span(node)
        path = path_of(node)
        above = above_of(blocks[0])
        self.blocks.unlink(blocks)
        self.blocks.prune(node)
        self.touched.difference_update(blocks)
        self._fresh.difference_update(blocks)
        self.headers_moved = True
        self._lines_known = False
        if together:
            self._remember(path, blocks, above, came=False)
        else:
            self._trace = None
        return blocks

    def detach_header(self, node: Table) -> None:
        """Take the header (and statements) of a table out of the text; the tables inside it stay."""
        assert node.block is not None
        above = above_of(node.block)
        self.blocks.unlink([node.block])
        self.touched.discard(node.block)
        self._fresh.discard(node.block)
        self.headers_moved = True
        self._lines_known = False
        self._remember(path_of(node), [node.block], above, came=False, alone=True)
        node.block = None

    def _remember(self, path: Path, blocks: list[Block], above: Block, *, came: bool, alone: bool = False) -> None:
        texts = tuple(block.text for block in blocks)
        if self._trace is None or sum(map(len, texts)) > _TRACEABLE:
            self._trace = None
            return
        skip = 0
        while above.node is None:
            skip += 1
            above = above_of(above)
        self._trace.append(Run(path, texts, path_of(above.node), skip, came, alone))

    # Traces

    @contextmanager
    def traced(self, into: list[Trace | None]) -> Iterator[None]:
        """Note what is done meanwhile; the trace is put into the list, `None` when it could not be noted."""
        self._trace = []
        self._fresh = set()
        yield
        into.append(None if self._trace is None else tuple(self._trace))
        self._trace = None

    def follow(self, trace: Trace) -> bool:
        """Do what a trace says, or nothing when the text is not what it was made for."""
        if all(self._redo(step) for step in trace):
            return True
        self.take_back()
        return False

    def take_back(self) -> None:
        """Undo what was done since the trace was begun; only after `follow`, all of whose steps are noted."""
        for step in reversed(tuple(self._trace or ())):
            undone = self._redo(step.inverse())
            assert undone
        self._trace = []

    @property
    def fresh(self) -> set[Block]:
        """Blocks that were changed or came since the trace was begun."""
        return self._fresh

    def _redo(self, step: Splice | Run) -> bool:
        node = self.blocks.node_at(step.path)
        if isinstance(step, Splice):
            if not isinstance(node, Table) or node.block is None or _sum(node.block.text) != step.sum_before:
                return False
            end = step.start + len(step.before)
            if node.block.text[step.start : end] != step.before:
                return False
            self.change(node.block, step.start, end, step.after)
            return True
        if not step.came and step.alone:
            if not isinstance(node, Table) or node.block is None or (node.block.text,) != step.texts:
                return False
            self.detach_header(node)
            return True
        if not step.came:
            blocks, together = self.blocks.span(node) if isinstance(node, Table) else ([], False)
            if not isinstance(node, Table) or not together or tuple(part.text for part in blocks) != step.texts:
                return False
            self.detach(node)
            return True
        above = self.blocks.node_at(step.behind)
        block = above.block if isinstance(above, Table) else None
        for _ in range(step.skip):
            block = block.below if block is not None else None
            if block is not None and block.body:
                return False
        if block is None or not self._takes(step.path):
            return False
        blocks = _remembered(step.texts)
        names = names_of(step.path)
        if not blocks or any(part.body and part.key[: len(names)] != names for part in blocks):
            return False
        if isinstance(step.path[-1], int) and not (blocks[0].key == names and blocks[0].array):
            return False
        self.attach(step.path, blocks, block)
        return True

    def _takes(self, path: Path) -> bool:
        """Whether a table can come to stand at a path: nothing does yet, or other records do."""
        node = self.blocks.node_at(path)
        if path and isinstance(path[-1], str) and self.stands(path):
            return isinstance(node, Table) and node.block is None
        for length in range(len(path) - 1, -1, -1):
            part = path[length]
            spot = self.find(path[:length])
            if spot is None and part and isinstance(part, int):
                return False
            if spot is not None:
                items = spot.node.items if isinstance(spot, Headed) and isinstance(spot.node, Records) else None
                if isinstance(part, int):
                    return items is not None and part <= len(items)
                return items is None and isinstance(spot, Headed)
        return False


def _remembered(texts: tuple[str, ...]) -> list[Block]:
    """The blocks that had these texts; none when the texts are no TOML."""
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
    """The spaces and tabs that stand at a position."""
    end = start
    while text[end] in " \t":
        end += 1
    return text[start:end]


def _shared(one: str, other: str) -> int:
    """How many characters two texts share at their start."""
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        count += 1
    return count


def _sum(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))
