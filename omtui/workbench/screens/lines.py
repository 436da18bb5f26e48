"""Editing a text of several lines."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static, TextArea

from omtui.plain_text import plain
from omtui.workbench.screens.dialogs import Confirm


class Lines(ModalScreen[str | None]):
    """A window for a text with line breaks: ctrl+s keeps it, Escape leaves it as it was."""

    AUTO_FOCUS = "TextArea"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "keep", "Keep", show=False, priority=True),
        Binding("escape", "leave", "Back", show=False, priority=True),
    ]

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title, self._text = title, text

    def compose(self) -> ComposeResult:
        """Title and text."""
        with Vertical(classes="dialog tall"):
            yield Static(Content(plain(self._title)), classes="dialog-title")
            area = TextArea(self._text)
            area.cursor_blink = False
            yield area
            yield Static(Content.styled("ctrl+s keeps the text, Escape leaves it as it was", "dim"))

    def action_keep(self) -> None:
        """Give the text back."""
        self.dismiss(self.query_one(TextArea).text)

    def action_leave(self) -> None:
        """Close the window, and ask first where something was typed."""

        def leave() -> None:
            self.dismiss(None)

        if self.holds():
            self.settle(leave)
        else:
            leave()

    def holds(self) -> bool:
        """Whether the text is another than before."""
        return self.query_one(TextArea).text != self._text

    def settle(self, then: Callable[[], None]) -> None:
        """Ask whether what was typed is forgotten, then go on."""
        question = Confirm("Forget what you typed?", "ctrl+s in the text keeps it.", yes="Forget", no="Go on typing")
        self.app.push_screen(question, lambda yes: then() if yes else None)
