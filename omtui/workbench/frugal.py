"""Writes to the terminal only what changed.

Textual 8.2 writes whole regions again, without a look at what is on the screen: a change of screen is painted three or
four times while widgets find their sizes. Over a slow line that is what one waits for. Here every update is compared
with what was written before, line by line, and only the differing part goes out.
"""

from collections.abc import Iterator

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


class Shown:
    """What the terminal shows, as far as it was written by us."""

    def __init__(self) -> None:
        self._lines: dict[int, Line] = {}

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
        """Note what is written at a place; what of it is new, and where that starts."""
        new = _simple(strip)
        width = strip.cell_length
        line = self._lines.get(y)
        if line is None:
            if x == 0:
                self._lines[y] = new
            return (y, x, new) if new else None
        whole = Strip(line)
        old = _simple(whole.crop(x, x + width))
        if old == new:
            return None
        self._lines[y] = _simple(Strip([*whole.crop(0, x), *new, *whole.crop(x + width)]))
        start = 0
        while start < min(len(old), len(new)) and old[start] == new[start]:
            start += 1
        if sum(cell_len(segment.text) for segment in old) != width:
            return y, x, new
        end = 0
        while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
            end += 1
        before = sum(cell_len(segment.text) for segment in new[:start])
        return y, x + before, new[start : len(new) - end]


def _writes(update: LayoutUpdate | ChopsUpdate) -> Iterator[tuple[int, int, Strip]]:
    """The pieces of an update: line, column and content."""
    if isinstance(update, LayoutUpdate):
        for y, strips in enumerate(update.strips, update.region.y):
            yield y, update.region.x, Strip.join(strips)
        return
    for y, x1, x2 in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is not None and x <= x2 and end > x1:
                yield y, x, strip if x2 > x >= x1 and end <= x2 else strip.crop(0, min(end, x2) - x)


def _simple(strip: Strip) -> Line:
    return [segment for segment in Segment.simplify(strip) if segment.text]
