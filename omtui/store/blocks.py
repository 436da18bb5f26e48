"""The text of a profile as blocks: one block a header with all under it up to the next.

A block owns the comment lines right above its header, since they speak of the record that follows. A comment with a
blank line on either side is a block of its own (*loose*): a heading, which stays where it is when records around it
are added, removed or moved. So does a line such as `# Step 5: connectors`, and the end of the file.

The blocks are linked in the order of the file. Next to that is the tree that their headers spell out, which may
have another order: a table's parts need not be together.
"""

import re
from collections.abc import Iterator
from typing import TypeAlias

from omtui.setup.place import Path
from omtui.store.syntax import BODY, Entry, Key, header, statement_end, statements


class Block:
    """A header with its statements, or loose comments. `body` is where the text behind the header line starts."""

    __slots__ = ("_entries", "above", "array", "below", "body", "key", "line", "node", "text")

    def __init__(self, text: str, body: int, key: Key, array: bool) -> None:
        self.text = text
        self.body = body
        self.key = key
        self.array = array
        self.node: TableNode | None = None
        self.above: Block | None = None
        self.below: Block | None = None
        self.line = 0
        self._entries: list[Entry] | None = None

    def entries(self) -> list[Entry]:
        """The statements under the header."""
        if self._entries is None:
            self._entries = statements(self.text, self.body)
        return self._entries

    def splice(self, start: int, end: int, text: str) -> None:
        """Replace a piece of the text: of what is above the header, or under it."""
        self.text = self.text[:start] + text + self.text[end:]
        if end < self.body:
            self.body += len(text) - (end - start)
        self._entries = None

    @property
    def starts_blank(self) -> bool:
        """Whether a blank line is above the header and its comments."""
        return self.text.startswith(("\n", "\r\n"))

    @property
    def ends_in_comment(self) -> bool:
        """Whether a comment line is the last one, behind all statements."""
        entries = self.entries()
        tail = self.text[entries[-1].end if entries else self.body :]
        return tail.rstrip("\r\n \t").rpartition("\n")[2].lstrip(" \t").startswith("#") and not tail.endswith(
            ("\n\n", "\n\r\n")
        )

    @property
    def header_start(self) -> int:
        """Where the header line starts, behind the comments above it."""
        return self.text.rfind("\n", 0, max(self.body - 1, 0)) + 1


class TableNode:
    """A table of the tree. `block` is `None` when only tables inside it have a header (or it has dotted keys)."""

    __slots__ = ("block", "children", "name", "parent")

    def __init__(self, parent: "Node | None", name: str) -> None:
        self.parent = parent
        self.name = name
        self.block: Block | None = None
        self.children: dict[str, Node] = {}


class Records:
    """An array of tables of the tree."""

    __slots__ = ("items", "name", "parent")

    def __init__(self, parent: TableNode, name: str) -> None:
        self.parent = parent
        self.name = name
        self.items: list[TableNode] = []


Node: TypeAlias = TableNode | Records


class Blocks:
    """The blocks of a text and their tree. The text ends with a line break."""

    def __init__(self, text: str) -> None:
        self.root = TableNode(None, "")
        blocks = list(cut(text))
        self.first = blocks[0]
        self.first.node = self.root
        self.root.block = self.first
        above: Block | None = None
        for block in blocks:
            block.above = above
            if above is not None:
                above.below = block
                if block.body:
                    self._place(block, self.root, block.key)
            above = block

    def __iter__(self) -> Iterator[Block]:
        block: Block | None = self.first
        while block is not None:
            yield block
            block = block.below

    def text(self) -> str:
        """The whole text."""
        return "".join([block.text for block in self])

    def number_lines(self) -> None:
        """Note with every block the number of its first line, from 1."""
        line = 1
        for block in self:
            block.line = line
            line += block.text.count("\n")

    def _place(self, block: Block, here: TableNode, key: Key) -> None:
        """Give a block its table in the tree by its header, as TOML does: inside the last record so far."""
        *above, last = key
        for name in above:
            node = here.children.get(name)
            if node is None:
                node = here.children[name] = TableNode(here, name)
            here = node.items[-1] if isinstance(node, Records) else node
        found = here.children.get(last)
        if block.array:
            if found is None:
                found = here.children[last] = Records(here, last)
            assert isinstance(found, Records)
            block.node = TableNode(found, "")
            found.items.append(block.node)
        else:
            if found is None:
                found = here.children[last] = TableNode(here, last)
            assert isinstance(found, TableNode)
            block.node = found
        block.node.block = block

    def graft(self, path: Path, blocks: list[Block]) -> None:
        """Put a table with all inside it, given by its blocks, into the tree at a path."""
        node = self._grow(path)
        depth = sum(isinstance(part, str) for part in path)
        for block in blocks:
            if not block.body:
                continue
            inner = block.key[depth:]
            if inner:
                self._place(block, node, inner)
            else:
                block.node, node.block = node, block

    def _grow(self, path: Path) -> TableNode:
        """The table at a path, made with all above it that is not there yet; a record is made in any case."""
        here: TableNode = self.root
        for place, part in enumerate(path):
            if isinstance(part, int):
                continue
            child = here.children.get(part)
            number = path[place + 1] if place + 1 < len(path) else None
            if isinstance(number, int):
                records = child if child is not None else Records(here, part)
                assert isinstance(records, Records)
                here.children[part] = records
                if place + 2 == len(path):
                    records.items.insert(number, TableNode(records, ""))
                here = records.items[number]
            else:
                table = child if child is not None else TableNode(here, part)
                assert isinstance(table, TableNode)
                here.children[part] = table
                here = table
        return here

    def prune(self, node: Node) -> None:
        """Take a node out of the tree, and what then is empty above it."""
        parent = node.parent
        if isinstance(parent, Records):
            parent.items.remove(node)  # type: ignore[arg-type]
            if not parent.items:
                self.prune(parent)
        elif parent is not None:
            del parent.children[node.name]
            if parent.block is None and not parent.children:
                self.prune(parent)

    def is_sound(self) -> bool:
        """Whether TOML would read the headers, in their order now, as the tree."""
        seen: dict[Records, int] = {}
        for block in self:
            if not block.key:
                continue
            here = self.root
            *above, last = block.key
            for name in above:
                node = here.children.get(name)
                if isinstance(node, Records):
                    count = seen.get(node, 0)
                    if not count:
                        return False
                    here = node.items[count - 1]
                elif node is None:
                    return False
                else:
                    here = node
            found = here.children.get(last)
            if isinstance(found, Records):
                count = seen.get(found, 0)
                if not block.array or count >= len(found.items) or found.items[count] is not block.node:
                    return False
                seen[found] = count + 1
            elif block.array or found is not block.node:
                return False
        return True

    def node_at(self, path: Path) -> Node | None:
        """The node that headers spell out for a path."""
        node: Node | None = self.root
        for part in path:
            if isinstance(part, str):
                node = node.children.get(part) if isinstance(node, TableNode) else None
            elif isinstance(node, Records) and part < len(node.items):
                node = node.items[part]
            else:
                return None
        return node

    def span(self, node: TableNode) -> tuple[list[Block], bool]:
        """The blocks of a table and of all inside it, in the order of the file, and whether they are together.

        When they do, loose comments between them belong to them.
        """
        members = set(_inside(node))
        if node.block is not None and (found := _run(node.block, members)):
            return found, True
        ordered = [block for block in self if block in members]
        if found := _run(ordered[0], members):
            return found, True
        return ordered, False

    def first_block(self, node: Node) -> Block:
        """The first block in the file of a node and all inside it."""
        if isinstance(node, Records):
            node = node.items[0]
        return node.block if node.block and not isinstance(node.parent, TableNode) else self.span(node)[0][0]

    def last_block(self, node: Node) -> Block:
        """The last block in the file of a node and all inside it."""
        return self.span(node.items[-1] if isinstance(node, Records) else node)[0][-1]

    def link(self, blocks: list[Block], above: Block) -> None:
        """Put blocks behind another."""
        below = above.below
        for block in blocks:
            above.below, block.above = block, above
            above = block
        above.below = below
        if below is not None:
            below.above = above

    def unlink(self, blocks: list[Block]) -> None:
        """Take blocks out; they keep what they know of the tree."""
        for block in blocks:
            assert block.above is not None
            block.above.below = block.below
            if block.below is not None:
                block.below.above = block.above


def path_of(node: Node) -> Path:
    """The path of a node."""
    parts: list[str | int] = []
    here: Node | None = node
    while here is not None and here.parent is not None:
        parts.append(here.parent.items.index(here) if isinstance(here.parent, Records) else here.name)
        here = here.parent
    return tuple(reversed(parts))


def _run(start: Block, members: set[Block]) -> list[Block]:
    """The blocks from one on, with loose comments between them; empty when something else is between."""
    found: list[Block] = []
    left = len(members)
    block: Block | None = start
    while block is not None and left and (block in members or not block.body):
        found.append(block)
        left -= block in members
        block = block.below
    return [] if left else found


def _inside(node: Node) -> Iterator[Block]:
    if isinstance(node, Records):
        for item in node.items:
            yield from _inside(item)
        return
    if node.block is not None:
        yield node.block
    for child in node.children.values():
        yield from _inside(child)


def cut(text: str, *, fragment: bool = False) -> Iterator[Block]:
    """Cut a text into blocks. The first is the one before any header; in a fragment it is empty."""
    first = start = position = 0  # where the block starts, where its statements do, where to read on
    above: str | None = None
    size = len(text)
    while True:
        match = BODY.match(text, position)
        assert match
        line: str | None = match[2]
        content, end = match.span(1)
        if line is None and end < size:
            position = statement_end(text, end)
            continue
        tail = loose = 0
        if fragment and line is None:
            tail = end - content
        elif (line is None or "#" in match[1]) and (above is not None or not fragment):
            tail, loose = _parted(match[1], last=line is None)
        loose_start = content + tail
        key, array = header(above) if above is not None else _NO_HEADER
        yield Block(text[first:loose_start], start - first, key, array)
        first = loose_start + loose
        if loose:
            yield Block(text[loose_start:first], 0, (), False)
        if line is None:
            return
        above = line
        start = position = match.end()


_NO_HEADER: tuple[Key, bool] = ((), False)


def uncut(text: str) -> Block | None:
    """A text as one block: a header with what is above and under it, or loose comments; `None` for all else."""
    first, *blocks = cut(text, fragment=True)
    if not blocks:
        return first if not first.entries() else None
    return blocks[0] if len(blocks) == 1 and not first.text else None


_HEADING = re.compile(r"[ \t]*#+[ \t]*Steps? \d")
_LINES = re.compile(r"[^\n]*\n")


def _parted(gap: str, *, last: bool) -> tuple[int, int]:
    """Of what is between a statement and the next header, the lengths of the table's own and of the loose part."""
    lines = _LINES.findall(gap)
    comment = [line.lstrip(" \t")[0] == "#" for line in lines]
    count = len(lines)
    own = 0
    while own < count and comment[own]:
        own += 1
    if own == count:
        return 0, len(gap) if last else len(lines[0]) if _HEADING.match(lines[0]) else 0
    loose = count
    if not last:
        while comment[loose - 1]:
            loose -= 1
        if loose < count and _HEADING.match(lines[loose]):
            loose += 1
        else:
            while loose > own and not comment[loose - 1]:
                loose -= 1
    return sum(map(len, lines[:own])), sum(map(len, lines[own:loose]))
