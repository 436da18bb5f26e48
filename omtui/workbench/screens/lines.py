"""Editing a text of several lines. In a module of its own: Textual's editor costs the start tens of milliseconds."""

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static, TextArea

from omtui.workbench.screens.dialogs import Confirm, Dialog


class Lines(Dialog[str | None]):
    """A window for a text with line breaks: ctrl+s keeps it, Escape leaves it as it was."""

    AUTO_FOCUS = "TextArea"

    size_class: ClassVar[str] = "tall"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "keep", "Keep", show=False, priority=True),
        Binding("escape", "leave", "Back", show=False, priority=True),
    ]

    def __init__(self, title: str, text: str) -> None:
        super().__init__(title)
        self._before = text

    def parts(self) -> ComposeResult:
        """The text."""
        area = TextArea(self._before)
        area.cursor_blink = False
        yield area
        yield Static(Content.styled("ctrl+s keeps the text, Escape leaves it as it was", "dim"))

    def action_keep(self) -> None:
        """Give the text back."""
        self.dismiss(self.query_one(TextArea).text)

    @work
    async def action_leave(self) -> None:
        """Close the window, and ask first where something was typed."""
        if not self.holds() or await self.settle():
            self.dismiss(None)

    def holds(self) -> bool:
        """Whether the text is another than before."""
        return self.query_one(TextArea).text != self._before

    async def settle(self) -> bool:
        """Ask whether what was typed is forgotten."""
        question = Confirm("Forget what you typed?", "ctrl+s in the text keeps it.", yes="Forget", no="Go on typing")
        return await self.app.push_screen_wait(question)
