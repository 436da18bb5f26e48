"""A line for a secret: shows marks, gives what was typed to one caller, and nothing to anybody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from omtui.credentials.secret import Secret
from omtui.plain_text import plain

REVEALED = 3.0
"""Seconds for which a person sees what was typed."""


class HiddenEntry(Widget, can_focus=True):
    """A masked line of our own: no text is ever selected, copied, cut, sent in a message or kept for undo.

    Pasted text keeps its lines: a key with its certificate has many.
    """

    ALLOW_SELECT: ClassVar[bool] = False
    DEFAULT_CSS = "HiddenEntry { height: 1; margin-bottom: 1; background: $entry; text-wrap: nowrap; }"

    class Submitted(Message):
        """Enter was pressed."""

    @dataclass
    class Rejected(Message):
        """Something was pasted that is no secret: why."""

        why: str

    def __init__(self) -> None:
        super().__init__()
        self._letters: list[str] = []
        self._revealed: Timer | None = None

    def take(self) -> Secret:
        """What was typed, once: the line is empty afterwards."""
        secret = Secret("".join(self._letters))
        self._clear()
        return secret

    def reveal(self) -> None:
        """Show what was typed for a few seconds."""
        if self._revealed is not None:
            self._revealed.stop()
        self._revealed = self.set_timer(REVEALED, self._hide)
        self.refresh()

    def render(self) -> Content:
        """Marks, as many as were typed and fit; or what was typed, while it is revealed."""
        room = max(1, self.size.width - 2)
        lines = self._letters.count("\n") + 1
        if self._revealed is not None:
            shown = plain("".join(self._letters))[-room:]
        elif lines > 1:
            shown = f"{lines} lines"
        else:
            shown = "*" * min(len(self._letters), room)
        return Content.assemble(shown, (" ", "reverse"))

    def on_key(self, event: events.Key) -> None:
        """Take letters; leave everything else to the dialog."""
        if event.key == "enter":
            self.post_message(self.Submitted())
        elif event.key == "backspace":
            if self._letters:
                self._letters.pop()
        elif event.key == "ctrl+u":
            self._clear()
        elif event.character is not None and event.is_printable:
            self._letters.append(event.character)
        else:
            return
        event.stop()
        event.prevent_default()
        self._hide()

    def on_paste(self, event: events.Paste) -> None:
        """Take all lines, less the line end at the end."""
        event.stop()
        event.prevent_default()
        text = event.text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
        if any(not (sign.isprintable() or sign in "\n\t\u00a0") for sign in text):
            self.post_message(self.Rejected("what was pasted holds characters that cannot be seen; nothing was taken"))
            return
        self._letters.extend(text)
        self._hide()

    def on_unmount(self) -> None:
        """Nothing stays behind."""
        self._letters.clear()

    def _clear(self) -> None:
        self._letters.clear()
        self._hide()

    def _hide(self) -> None:
        if self._revealed is not None:
            self._revealed.stop()
            self._revealed = None
        self.refresh()
