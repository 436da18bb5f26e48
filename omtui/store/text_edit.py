"""Operations on the text of a profile: what is written where, so that all else stays as it is."""

import re
from collections.abc import Mapping

from omtui.setup.place import Path
from omtui.store import values
from omtui.store.arrays import Array
from omtui.store.blocks import Block, Node, Records, TableNode, cut
from omtui.store.change import MISSING, Insert, Move, Operation, Remove, Set, same, value_at
from omtui.store.layout import Layout
from omtui.store.literals import key_text
from omtui.store.shape import form, order, table_name
from omtui.store.syntax import Key, elements
from omtui.store.text import Headed, Held, Text, above_of, indentation, names_of


def edit(text: Text, operation: Operation, data: Mapping[str, object]) -> None:
    """Make the text follow an operation as it was performed on the data."""
    match operation:
        case Set(path, old, new, holders):
            if new is MISSING:
                _drop(text, path)
                _settle(text, path[:-1], holders, data)
            else:
                _set(text, path, old, new, data)
        case Insert(path, index, record):
            _insert(text, path, index, record, data)
        case Remove(path, index, _, holders):
            _remove(text, path, index)
            _settle(text, path, holders or 0, data)
        case Move(path, start, end):
            _move(text, path, start, end)


def _set(text: Text, path: Path, old: object, new: object, data: Mapping[str, object]) -> None:
    if same(old, new):
        return
    spot = text.find(path)
    if spot is None:
        _add(text, path, new)
    elif isinstance(spot, Held) and _deserves_headers(text, spot, path, new):
        _drop_to_comments(text, spot)
        _add(text, path, new)
    elif isinstance(spot, Held) and spot.exact:

        def step(value: str, where: values.Where) -> str:
            return values.changed(value, old, new, where)

        _rewrite(text, spot, path, step)
    elif isinstance(old, dict) and isinstance(new, dict):
        for key in old:
            if key not in new:
                _drop(text, (*path, key))
        for key in sorted(new, key=lambda key: order(table_name(path), key)):
            _set(text, (*path, key), old.get(key, MISSING), new[key], data)
        if not text.has(path):
            _add(text, path, new)
    elif isinstance(old, list) and isinstance(new, list) and _are_records(new):
        for first, last, start, end in reversed(list(values.differences(old, new))):
            both = min(last - first, end - start)
            for index in reversed(range(first + both, last)):
                _remove(text, path, index)
            for number in range(start + both, end):
                _insert(text, path, first + number - start, new[number], data)
            for number in range(both):
                _set(text, (*path, first + number), old[first + number], new[start + number], data)
    elif isinstance(path[-1], int):
        _write_again(text, path[:-1], data)
    else:
        _drop(text, path)
        _add(text, path, new)


def _insert(text: Text, path: Path, index: int, record: object, data: Mapping[str, object]) -> None:
    spot = text.find(path)
    if spot is None:
        _add(text, path, [record])
    elif isinstance(spot, Headed):
        assert isinstance(spot.node, Records)
        if not isinstance(record, dict):
            _write_again(text, path, data)
            return
        new = Layout(text.newline).table((*path, index), record)
        _attach_item(text, (*path, index), _blocks(new), _above_item(text, spot.node, index))
    elif _deserves_headers(text, spot, path, [record]):
        _drop_to_comments(text, spot)
        _add(text, path, [record])
    else:

        def step(value: str, where: values.Where) -> str:
            return values.inserted(value, index, record, where)

        _rewrite(text, spot, path, step)


def _write_again(text: Text, path: Path, data: Mapping[str, object]) -> None:
    """Write a list that has headers again: it is to hold what is no record."""
    _drop(text, path)
    _add(text, path, value_at(data, path))


def _remove(text: Text, path: Path, index: int) -> None:
    spot = text.find(path)
    if isinstance(spot, Held):
        _rewrite(text, spot, path, lambda value, _where: Array(value).remove(index).text)
        return
    assert spot is not None
    assert isinstance(spot.node, Records)
    text.detach(spot.node.items[index])


def _move(text: Text, path: Path, start: int, end: int) -> None:
    spot = text.find(path)
    if start == end:
        return
    if isinstance(spot, Held):
        _rewrite(text, spot, path, lambda value, _where: Array(value).move(start, end).text)
        return
    assert spot is not None
    assert isinstance(spot.node, Records)
    blocks = text.detach(spot.node.items[start])
    _attach_item(text, (*path, end), blocks, _above_item(text, spot.node, end))
    text.part(blocks[-1])


def _attach_item(text: Text, path: Path, blocks: list[Block], above: Block) -> None:
    """Put a record's blocks behind another block. The first one below a heading is right below it."""
    first, below = blocks[0], above.below
    if above.node is None and below is not None and below.body and not below.starts_blank:
        first.splice(0, len(first.text) - len(first.text.lstrip("\r\n")), "")
        text.attach(path, blocks, above)
        text.change(below, 0, 0, text.newline)
        return
    if above.node is not None and first.above is not None and first.above.node is None and not first.starts_blank:
        first.splice(0, 0, text.newline)
    text.attach(path, blocks, above)
    text.part(above)


def _above_item(text: Text, records: Records, index: int) -> Block:
    """Behind which block a record belongs that gets an index."""
    if index:
        return text.blocks.last_block(records.items[index - 1])
    return above_of(text.blocks.first_block(records))


def _settle(text: Text, path: Path, gone: int, data: Mapping[str, object]) -> None:
    """After a removal: remove emptied tables and lists that are gone with it, and write one that stays."""
    for _ in range(gone):
        _drop(text, path)
        path = path[:-1]
    if path and not text.has(path):
        _add(text, path, value_at(data, path))


def _drop(text: Text, path: Path) -> None:
    """Take what is at a path out of the text, if anything is."""
    spot = text.find(path)
    if spot is None:
        return
    if isinstance(spot, Held):
        if not spot.rest:
            text.change(spot.block, spot.entry.start, spot.entry.end, "")
            text.part(spot.block)
        else:
            _rewrite_table(text, path, {str(path[-1]): True}, {})
        return
    if isinstance(spot.node, Records):
        for item in reversed(spot.node.items):
            text.detach(item)
    elif spot.node is not None:
        text.detach(spot.node)
    if spot.prefix and spot.block is not None:
        for entry in reversed(spot.block.entries()):
            if entry.key[: len(spot.prefix)] == spot.prefix:
                text.change(spot.block, entry.start, entry.end, "")
        text.part(spot.block)


def _add(text: Text, path: Path, value: object) -> None:
    """Write something that is not in the text yet, with the tables above it that are not either."""
    for length in range(1, len(path)):
        if not text.has(path[:length]):
            for part in reversed(path[length:]):
                value = {part: value}
            path = path[:length]
            break
    key = str(path[-1])
    spot = text.find(path[:-1])
    if isinstance(spot, Held):
        _rewrite_table(text, path, {}, {key: value})
        return
    assert spot is not None
    table = table_name(path[:-1])
    if not isinstance(spot.node, TableNode) or spot.prefix or form(table, key, value) == "statement":
        block = spot.block or _give_header(text, path[:-1], spot.node)
        _add_statement(text, block, (*spot.prefix, key), value, path)
        return
    above = _place_for(text, spot.node, key, table)
    for number, new in enumerate(Layout(text.newline).tables(path[:-1], key, value)):
        blocks = _blocks(new)
        text.attach((*path, number) if isinstance(value, list) else path, blocks, above)
        text.part(above)
        above = blocks[-1]


def _add_statement(text: Text, block: Block, key: Key, value: object, path: Path) -> None:
    entries = block.entries()
    number = values.predecessors(entries, key, table_name(path[:-1]))
    if number:
        start = entries[number - 1].end
        indent = indentation(block.text, entries[number - 1].start)
    elif block.key:
        start, indent = block.body, indentation(block.text, block.header_start)
    else:  # before any header: what is above the first statement may be the head of the file
        start, indent = entries[0].start if entries else len(block.text), ""
    name = ".".join(map(key_text, key))
    new = Layout(text.newline).statement(path, name, value, indent)
    text.change(block, start, start, new)


def _give_header(text: Text, path: Path, node: Node | None) -> Block:
    """Write the header of a table that only the headers of tables inside it have made so far."""
    assert node is not None
    name = ".".join(map(key_text, names_of(path)))
    block = _blocks(f"{text.newline}[{name}]{text.newline}")[0]
    above = above_of(text.blocks.first_block(node))
    text.attach(path, [block], above)
    text.part(above)
    return block


def _place_for(text: Text, node: TableNode, key: str, table: str) -> Block:
    """Behind which block a new table or list of a table belongs, by the order of the catalogue."""
    place = order(table, key)
    before = [child for child in node.children.values() if order(table, child.name) <= place]
    if before:
        return text.blocks.last_block(max(reversed(before), key=lambda child: order(table, child.name)))
    return node.block or above_of(text.blocks.first_block(node))


def _deserves_headers(text: Text, spot: Held, path: Path, new: object) -> bool:
    """Whether a value written as `key = []` (or as something else altogether) is to become tables of its own."""
    if spot.rest or spot.value.startswith("{") or (spot.value.startswith("[") and elements(spot.value, 0)):
        return False
    parent = text.find(path[:-1])
    if not isinstance(parent, Headed) or parent.prefix:
        return False
    return form(table_name(path[:-1]), str(path[-1]), new) != "statement"


def _drop_to_comments(text: Text, spot: Held) -> None:
    """Take a statement out whose value is written elsewhere. Comments in it and next to it stay as lines."""
    block, entry = spot.block, spot.entry
    indent = indentation(block.text, entry.start)
    where = spot.value if spot.value.startswith("[") else ""
    comments = re.findall(r"#[^\r\n]*", where + block.text[entry.value_end : entry.end])
    text.change(block, entry.start, entry.end, "".join(f"{indent}{line}{text.newline}" for line in comments))
    text.part(block)


def _rewrite(text: Text, spot: Held, path: Path, step: values.Step) -> None:
    """Change the value at a path, inside the statement that holds it."""
    block, entry, rest, _ = spot
    above = path[: len(path) - len(rest)]
    column = entry.value_start - block.text.rfind("\n", 0, entry.value_start) - 1
    where = values.Where(above, text.newline, indentation(block.text, entry.start), column)
    new = values.at(spot.value, rest, where, step)
    text.change(block, entry.value_start, entry.value_end, new)


_ALONE = "\ud800"
"""A key that no file can hold."""


def _rewrite_table(text: Text, path: Path, old: Mapping[str, object], new: Mapping[str, object]) -> None:
    """Put a key into an inline table, or take one out: the innermost that is there as a whole."""
    for length in range(len(path) - 1, 0, -1):
        spot = text.find(path[:length])
        if isinstance(spot, Held) and spot.exact:
            break
        # A table that dotted keys make up. The change as seen from the one around it, in which it is not empty.
        old, new = ({str(path[length - 1]): {_ALONE: True, **part}} for part in (old, new))
    else:
        raise KeyError(path)

    def step(value: str, where: values.Where) -> str:
        return values.table_changed(value, old, new, where)

    _rewrite(text, spot, path[:length], step)


def _blocks(text: str) -> list[Block]:
    return list(cut(text, fragment=True))[1:]


def _are_records(value: list[object]) -> bool:
    return bool(value) and all(isinstance(item, dict) for item in value)
