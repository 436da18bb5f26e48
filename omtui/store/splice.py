"""The piece of a text that a change replaced: what undo puts back to the letter, also in a later run."""

from __future__ import annotations

import zlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Splice:
    """`after` took the place of `before` at a position, in characters. The sums are CRC-32 of the whole text."""

    start: int
    before: str
    after: str
    sum_before: int
    sum_after: int

    def inverse(self) -> Splice:
        """The splice that takes this one back."""
        return Splice(self.start, self.after, self.before, self.sum_after, self.sum_before)

    def applied_to(self, content: bytes) -> bytes | None:
        """The same with the content of a file."""
        text = self.applied(content.decode("utf-8", "surrogateescape"))
        return text.encode("utf-8", "surrogateescape") if text is not None else None

    def applied(self, text: str) -> str | None:
        """The text with the piece replaced; `None` when it is not the text that this was made for."""
        end = self.start + len(self.before)
        if text[self.start : end] != self.before or _sum(text) != self.sum_before:
            return None
        replaced = text[: self.start] + self.after + text[end:]
        return replaced if _sum(replaced) == self.sum_after else None


def between(before: str, after: str) -> Splice:
    """The one piece that has to be replaced to make one text of another."""
    start = _shared(before, after)
    most = min(len(before), len(after)) - start
    end = _shared(before[len(before) - most :][::-1], after[len(after) - most :][::-1])
    piece = before[start : len(before) - end], after[start : len(after) - end]
    return Splice(start, *piece, _sum(before), _sum(after))


def between_contents(before: bytes, after: bytes) -> Splice:
    """The one piece that has to be replaced to make one content of a file of another."""
    return between(*(each.decode("utf-8", "surrogateescape") for each in (before, after)))


def to_json(splice: Splice) -> list[object]:
    """The splice as a list that `json.dumps` takes."""
    return [splice.start, splice.before, splice.after, splice.sum_before, splice.sum_after]


def from_json(found: object) -> Splice | None:
    """The splice that `to_json` wrote; `None` when this is none."""
    match found:
        case [int(start), str(before), str(after), int(one), int(other)]:
            return Splice(start, before, after, one, other)
    return None


def _shared(one: str, other: str) -> int:
    """How many characters two texts share at their start. Halves are compared whole: big texts take no loop."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _sum(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))
