"""The panel that shows where the key after `g` leads: steps with their states, in two columns; a click goes there."""

from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import set_cell_size
from textual import events
from textual.content import Content
from textual.message import Message

from omtui.workbench.widgets.bars import Bar


class Way(NamedTuple):
    """A key that may follow, its words, and the sign of a state with its style."""

    key: str
    words: str
    sign: str = ""
    style: str = ""


class GoPanel(Bar):
    """Where the next key leads."""

    @dataclass
    class WayClicked(Message):
        """A way was clicked."""

        key: str

    def __init__(self, ways: list[Way], width: int) -> None:
        super().__init__(id="go-panel")
        self._ways = ways
        self._rows = (len(ways) + 1) // 2
        self._width = (width - 4) // 2
        self.show(Content("\n").join([Content.styled(" Go to", "bold"), *map(self._line, range(self._rows))]))

    def _line(self, row: int) -> Content:
        parts: list[tuple[str, str]] = []
        for number in (row, row + self._rows):
            if number < len(self._ways):
                way = self._ways[number]
                parts += [(f"  {way.key:<4}", "bold"), (f"{way.sign or ' '} ", way.style)]
                parts.append((set_cell_size(way.words, self._width - 8), ""))
        return Content.assemble(*parts)

    def on_click(self, event: events.Click) -> None:
        """Go there."""
        row, column = event.y - 1, int(event.x >= self._width)
        number = row + column * self._rows
        if 0 <= row < self._rows and number < len(self._ways):
            self.post_message(self.WayClicked(self._ways[number].key.split(" ")[0]))
