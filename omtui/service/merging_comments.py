"""The comments of a merged profile: what the other side wrote, changed or took out is there, too.

A comment belongs to a record, a field or a table, and is merged there line by line. Where both sides wrote another
one, both stay.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from omtui.setup.place import NotFound, Path, Place, place_of, resolve
from omtui.setup.reading import comments
from omtui.store.document import Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from omtui.compare.matching import Renames
    from omtui.setup.place import Data

_HEAD: Path = ("#head",)
_END: Path = ("#end",)


def with_comments(base: Document | None, result: Document, theirs: Document, renamed: Renames) -> Document:
    """A merged profile with the comments of the other side; the same data. `renamed`: by this side since the base."""
    if _all(base) == _all(theirs):
        return result
    before = _by_path(base) if base is not None else {}
    its, here = _by_path(theirs), _by_path(result)
    edits = _Edits(result)
    for path, sides in _by_result(base, result, theirs, before, its, renamed).items():
        was, new = sides
        present = Counter(here.get(path, ()))
        gone = [line for line in _less(was, new) if present[line] > 0]
        come = _less(_less(new, was), here.get(path, ()))
        if gone or come:
            edits.change(path, gone, come)
    read = Document.from_bytes(result.encoded(edits.text()))
    return read if isinstance(read, Document) and _is_same(read, result) else result


def _by_result(
    base: Document | None,
    result: Document,
    theirs: Document,
    before: Mapping[Path, Sequence[str]],
    its: Mapping[Path, Sequence[str]],
    renamed: Renames,
) -> dict[Path, tuple[Sequence[str], Sequence[str]]]:
    """The comments of base and theirs by what they belong to in the result; of what is gone there, none."""
    from omtui.compare.matching import Matching

    data: Data = base.data if base is not None else {}
    to_theirs, to_result = Matching(data, theirs.data), Matching(data, result.data, known=renamed)
    found: dict[Path, tuple[Sequence[str], Sequence[str]]] = {}
    for path, lines in its.items():
        if path in (_HEAD, _END):
            found[path] = (before.get(path, ()), lines)
            continue
        # From theirs to the base, where that has the record, and from there to the result.
        record = _record(path)
        origin = to_theirs.first_path(record)
        was = before.get((*origin, *path[len(record) :]), ()) if origin is not None else ()
        there = to_result.second_path(origin) if origin is not None else None
        if there is None:
            there = _resolved(result.data, place_of(theirs.data, record))
        if there is not None:
            found[(*there, *path[len(record) :])] = (was, lines)
    for path, lines in before.items():
        if path in (_HEAD, _END):
            found.setdefault(path, (lines, ()))
            continue
        record = _record(path)
        there = to_theirs.second_path(record)
        if there is not None and (*there, *path[len(record) :]) not in its:  # theirs took all of it out
            here = to_result.second_path(record)
            if here is not None:
                found[(*here, *path[len(record) :])] = (lines, ())
    return found


def _record(path: Path) -> Path:
    """The record that a path lies in, or the path of its table."""
    end = max((at + 1 for at, part in enumerate(path) if isinstance(part, int)), default=0)
    return path[:end]


def _resolved(data: Data, place: Place) -> Path | None:
    found = resolve(data, place)
    return None if isinstance(found, NotFound) else found


def _by_path(document: Document) -> dict[Path, list[str]]:
    """The comments of a text by the record, table or field that they belong to."""
    from omtui.store.blocks import Blocks
    from omtui.store.comments import read

    text = document.text()
    found_comments = read(Blocks(text if text.endswith("\n") else f"{text}\n"))
    found: dict[Path, list[str]] = {}
    for path, comment in found_comments.by_path.items():
        found.setdefault(_owner(document.data, path), []).extend(comment.lines())
    for path, groups in ((_HEAD, found_comments.head), (_END, found_comments.end)):
        if groups:
            found[path] = [line for group in groups for line in group]
    return found


def _owner(data: Data, path: Path) -> Path:
    """A path without what lies inside a list of plain values: elements have no name."""
    here: object = data
    for at, part in enumerate(path):
        if isinstance(part, int):
            here = here[part] if isinstance(here, list) and part < len(here) else None
            if not isinstance(here, dict):
                return path[:at]
        else:
            here = here.get(part) if isinstance(here, dict) else None
    return path


def _less(lines: Iterable[str], others: Iterable[str]) -> list[str]:
    """Lines without those that others have, too."""
    left = Counter(others)
    found = []
    for line in lines:
        if left[line] > 0:
            left[line] -= 1
        else:
            found.append(line)
    return found


def _all(document: Document | None) -> Counter[str]:
    return Counter(comment.rstrip() for _, comment in comments(document.text())) if document is not None else Counter()


def _is_same(one: Document, other: Document) -> bool:
    from omtui.store.change import same

    return same(one.data, other.data)


class _Edits:
    """Changes of the comments of a text, made all at once."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._text = document.text()
        self._lines = self._text.split("\n")
        self._comments = [(start, comment) for start, comment in comments(self._text)]
        self._line_of = [self._text.count("\n", 0, start) + 1 for start, _ in self._comments]
        self._new: dict[int, str] = {}
        """Number of a comment, and what it becomes; empty when it goes."""
        self._above: dict[int, list[str]] = {}

    def change(self, path: Path, gone: Sequence[str], come: Sequence[str]) -> None:
        """Remove comments of what is at a path, and add others: in their place, else above it."""
        at = self._at(path)
        left = list(come)
        for line in gone:
            near = [n for n, (_, text) in enumerate(self._comments) if text.rstrip() == line and n not in self._new]
            if near:
                nearest = min(near, key=lambda number: abs(self._line_of[number] - at))
                self._new[nearest] = left.pop(0) if left else ""
        if left:
            self._above.setdefault(at, []).extend(left)

    def _at(self, path: Path) -> int:
        if path == _END:
            return len(self._lines)
        return 1 if path == _HEAD else self._document.line(path) or 1

    def text(self) -> str:
        """The text with all changes."""
        text = self._text
        empty = set()
        for number in sorted(self._new, reverse=True):
            start, comment = self._comments[number]
            before, after = text[:start], text[start + len(comment) :]
            if not self._new[number]:
                before = before.rstrip(" \t")
                if not before or before.endswith("\n"):
                    empty.add(self._line_of[number])
            text = before + self._new[number] + after
        end = "\r" if self._document.newline == "\r\n" else ""
        lines: list[str] = []
        for number, line in enumerate(text.split("\n"), 1):
            indent = line[: len(line) - len(line.lstrip())] if line.strip() else ""
            lines += [f"{indent}{comment}{end}" for comment in self._above.get(number, ())]
            if number not in empty:
                lines.append(line)
        return "\n".join(lines)
