"""Writes to the terminal only what changed.

Textual 8.2 writes whole regions again, without a look at what is on the screen: a change of screen is painted three or
four times while widgets find their sizes. Over a slow line that is what one waits for. Here every update is compared
with what was written before, line by line, and only the differing part goes out.
"""

from collections.abc import Iterator
from typing import NamedTuple

from rich.cells import cell_len
from rich.console import Console
from rich.control import Control
from rich.segment import Segment
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

Line = list[Segment]


class Changes(CompositorUpdate):
    """The parts of an update that differ from what the terminal shows."""

    def __init__(self, parts: list[tuple[int, int, Line]]) -> None:
        self.parts = parts

    def render_segments(self, console: Console) -> str:
        """The escape sequences that bring the terminal up to date."""
        return "".join(
            f"{Control.move_to(x, y).segment.text}{Strip(segments).render(console)}" for y, x, segments in self.parts
        )


class TerminalDiff:
    """What the terminal shows, as far as it was written by us: for each line the pieces it was written in, by column.

    Textual cuts a line at the edges of widgets, the same way each time, so that a new piece mostly finds the one it
    replaces. Where it does not, it is written whole.
    """

    def __init__(self) -> None:
        self._lines: dict[int, dict[int, ScreenPiece]] = {}

    def forget(self) -> None:
        """The terminal may show anything: the next update is written whole."""
        self._lines.clear()

    def changes(self, update: object) -> object:
        """What of an update must be written; `None` when the terminal shows it already."""
        if not isinstance(update, (LayoutUpdate, ChopsUpdate)):
            self.forget()
            return update
        parts = [part for y, x, strip in _writes(update) if (part := self._write(y, x, strip)) is not None]
        return Changes(parts) if parts else None

    def _write(self, y: int, x: int, strip: Strip) -> tuple[int, int, Line] | None:
        """Note what is written at a place; the part of it that is new, and where that starts."""
        new = list(strip)
        width = strip.cell_length
        line = self._lines.setdefault(y, {})
        before = line.get(x)
        if before is None or before.width != width:
            before = _carve(line, x, width)
        line[x] = ScreenPiece(width, new)
        if before is None:
            return (y, x, _simple(new)) if width else None
        old = before.segments
        if old == new:
            return None
        first, last = 0, 0
        shorter = min(len(old), len(new))
        while first < shorter and old[first] == new[first]:
            first += 1
        while last < shorter - first and old[-1 - last] == new[-1 - last]:
            last += 1
        left = sum(cell_len(segment.text) for segment in new[:first])
        return y, x + left, _simple(new[first : len(new) - last])


class ScreenPiece(NamedTuple):
    """A piece of a line: how many cells it takes, and what it shows."""

    width: int
    segments: Line


def _carve(line: dict[int, ScreenPiece], x: int, width: int) -> ScreenPiece | None:
    """Cut a line so that a piece fits at a place; what the terminal shows there now, when all of it is known."""
    inside: list[Segment] = []
    known = x
    for start, piece in sorted(line.items()):
        end = start + piece.width
        if start >= x + width or end <= x:
            continue
        del line[start]
        strip = Strip(piece.segments, piece.width)
        if start < x:
            line[start] = ScreenPiece(x - start, list(strip.crop(0, x - start)))
        if end > x + width:
            line[x + width] = ScreenPiece(end - x - width, list(strip.crop(x + width - start)))
        if max(start, x) == known:
            known = min(end, x + width)
            inside.extend(strip.crop(max(0, x - start), known - start))
    return ScreenPiece(width, inside) if known == x + width and width else None


def _writes(update: LayoutUpdate | ChopsUpdate) -> Iterator[tuple[int, int, Strip]]:
    """The pieces of an update: line, column and content."""
    if isinstance(update, LayoutUpdate):
        for y, strips in enumerate(update.strips, update.region.y):
            x = update.region.x
            for strip in strips:
                yield y, x, strip
                x += strip.cell_length
        return
    for y, x1, x2 in update.spans:
        for end, (x, piece) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if piece is not None and x <= x2 and end > x1:
                yield y, x, piece if x2 > x >= x1 and end <= x2 else piece.crop(0, min(end, x2) - x)


def _simple(segments: Line) -> Line:
    return [segment for segment in Segment.simplify(segments) if segment.text]
