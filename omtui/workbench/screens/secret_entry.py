"""The dialog in which a secret is typed."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from omtui.credentials.secret import Secret
from omtui.plain_text import plain
from omtui.workbench.screens.dialogs import Dialog
from omtui.workbench.widgets.bars import Bar
from omtui.workbench.widgets.hidden import REVEALED, HiddenEntry


class AskSecret(Dialog[Secret | None]):
    """One secret, typed or pasted without being shown. `None` when the person leaves."""

    AUTO_FOCUS = "HiddenEntry"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+r", "reveal", "Reveal", show=False),
    ]

    def parts(self) -> ComposeResult:
        """Line, and how to go on."""
        yield HiddenEntry()
        yield Bar(id="answer")

    def begin(self) -> None:
        """Say how to go on."""
        words = f"Enter accepts, Escape leaves, ctrl+r shows it for {REVEALED:g} seconds, ctrl+u clears it"
        self.query_one("#answer", Bar).show(Content.styled(words, "dim"))

    def action_reveal(self) -> None:
        """Show what was typed, on purpose and for seconds."""
        self.query_one(HiddenEntry).reveal()

    def on_hidden_entry_submitted(self, message: HiddenEntry.Submitted) -> None:
        """Enter: give the secret to who asked."""
        message.stop()
        self.dismiss(self.query_one(HiddenEntry).take())

    def on_hidden_entry_rejected(self, message: HiddenEntry.Rejected) -> None:
        """Say why nothing was taken."""
        message.stop()
        self.query_one("#answer", Bar).show(Content.styled(message.why, "$text-error"))


class NotTyped(Dialog[None]):
    """Why no secret may be typed now, in place of the dialog: what a person types before reading goes nowhere."""

    def __init__(self, why: str) -> None:
        super().__init__("No secret is typed now", plain(why))

    def parts(self) -> ComposeResult:
        """How to leave."""
        yield Static(Content.styled("Escape leaves; other keys do nothing here", "dim"))
