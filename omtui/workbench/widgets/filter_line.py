"""The line in which a list is narrowed while one types, in place of the footer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from omtui.workbench.widgets.bars import Bar

ROOM_FOR_KEYS = 60
"""From how many columns on the line says what Enter and Escape do."""


class FilterLine(Horizontal):
    """`/`, the words, how many rows hold them. It is out of sight until it is opened."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "end(True)", show=False),
        Binding("escape", "end(False)", show=False),
        *(Binding(key, f"move('{key}')", show=False) for key in ("up", "down", "pageup", "pagedown")),
    ]

    @dataclass
    class Typed(Message):
        """Other words are there."""

        words: str

    @dataclass
    class Ended(Message):
        """Enter keeps the words, Escape brings those from before back."""

        words: str

    @dataclass
    class KeyMoved(Message):
        """A key that moves the cursor of the list."""

        key: str

    def __init__(self) -> None:
        super().__init__(id="filter-line")
        self.display = False
        self._before = ""
        self._words = Input("", compact=True, placeholder="words, or #tag", id="filter-words", select_on_focus=False)
        self._words.cursor_blink = False

    def compose(self) -> ComposeResult:
        """Sign, words, count."""
        yield Static(" /", id="filter-sign")
        yield self._words
        yield Bar(id="filter-count")

    def open(self, words: str) -> None:
        """Type in it from here on."""
        self._before = words
        self.display = True
        with self._words.prevent(Input.Changed):
            self._words.value = words
        self._words.cursor_position = len(words)
        self._words.focus()

    def count(self, found: int, total: int) -> None:
        """Say how many rows there are of how many."""
        text = f"{found} of {total}"
        if self.size.width >= ROOM_FOR_KEYS:
            text += "   Enter keeps, Esc restores"
        self.query_one("#filter-count", Bar).show(Content.styled(text, "dim"))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self.display:
            self.post_message(self.Typed(event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_end(True)

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Somebody clicked elsewhere: what was typed is kept."""
        event.stop()
        self.action_end(True)

    def action_end(self, keep: bool) -> None:
        """End it, with the words typed or with those from before."""
        if self.display:
            self.display = False
            self.post_message(self.Ended(self._words.value if keep else self._before))

    def action_move(self, key: str) -> None:
        """Move in the list, and type on."""
        self.post_message(self.KeyMoved(key))
