"""The text of a map file after a merge: every entry as one side wrote it, with the comments of both."""

import re
from collections.abc import Mapping, Sequence

from omtui.compare.map_file import entry_blocks, entry_lines, header_at, named, read, write
from omtui.compare.mapping import EnvironmentMap, MapEntry, identity

_COMMENT = re.compile(r"""^(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^"'#])*(#.*?)\s*$""")


def merged_text(
    base: str, ours: str, theirs: str, merged: EnvironmentMap, marks: Mapping[tuple[object, ...] | None, Sequence[str]]
) -> str:
    """A text that reads as `merged`. `marks` are comments to put above entries, by identity; `None`: at the head.

    Marks of entries that are not in the file come to the head as well.
    """
    sides = [_side(text) for text in (base, ours, theirs)]
    heads = [head for head, _ in sides]
    b, o, t = (entries for _, entries in sides)
    left = dict(marks)
    body: list[str] = []
    for entry in merged.entries:
        key = identity(entry)
        block = _chosen(b.get(key), o.get(key), t.get(key), entry)
        at = header_at(block)
        body += [*block[:at], *left.pop(key, ()), *block[at:]]
    head = [named(line, merged) for line in heads[1]]
    known = {_bare(line) for side in (heads[0], heads[1]) for line in _comments(side)}
    above = [mark for lines in left.values() for mark in lines]
    above += [line for line in _comments(heads[2]) if _bare(line) not in known]
    text = "\n".join([*above, *head, *body]).rstrip("\n") + "\n"
    if read(text) == merged:
        return text
    return "".join(f"{line}\n" for lines in marks.values() for line in lines) + write(merged)


def _side(text: str) -> tuple[list[str], dict[tuple[object, ...], tuple[MapEntry, list[str]]]]:
    """The head of a text and its entries with their lines. Of a text in another form as it would be written here."""
    found = read(text)
    if isinstance(found, list):
        return [], {}
    head, *parts = entry_blocks(text)
    if len(parts) != len(found.entries):
        head, *parts = entry_blocks(write(found))
    return head, {identity(each): (each, part) for each, part in zip(found.entries, parts, strict=True)}


_EntryWithLines = tuple[MapEntry, list[str]] | None


def _chosen(base: _EntryWithLines, ours: _EntryWithLines, theirs: _EntryWithLines, entry: MapEntry) -> list[str]:
    """The lines of an entry: of the side that changed them; of both, with the comments that the other side wrote."""
    b, o, t = ([] if each is None else _trimmed(each[1]) for each in (base, ours, theirs))
    if ours is not None and ours[0] == entry and (o == t or t == b or theirs is None):
        return ours[1]
    if theirs is not None and theirs[0] == entry and (o == b or ours is None):
        return theirs[1]
    chosen = next((each[1] for each in (ours, theirs) if each is not None and each[0] == entry), None)
    if chosen is None:
        kept = (ours or theirs or (entry, [""]))[1]
        above = [line for line in kept[: header_at(kept)] if line.lstrip().startswith("#") or not line.strip()]
        chosen = [*(above or [""]), *entry_lines(entry)]
    known = {_bare(line) for line in (*_comments(b), *_comments(chosen))}
    more = [line for line in (*_comments(o), *_comments(t)) if _bare(line) not in known]
    at = header_at(chosen)
    return [*chosen[:at], *dict.fromkeys(more), *chosen[at:]]


def _comments(lines: Sequence[str]) -> list[str]:
    """All comments of some lines, also those after a value."""
    return [match[1] for line in lines if (match := _COMMENT.match(line))]


def _bare(comment: str) -> str:
    return comment.strip("# \t")


def _trimmed(lines: Sequence[str]) -> list[str]:
    return [line.rstrip() for line in lines if line.strip()]
