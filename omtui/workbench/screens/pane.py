"""The detail pane of a screen with a list: where it is, what it shows, and when it is drawn."""

from __future__ import annotations

from time import monotonic
from typing import Literal

from textual.content import Content
from textual.screen import Screen
from textual.timer import Timer

from omtui.workbench.host import Host
from omtui.workbench.widgets.detail_pane import DetailPane
from omtui.workbench.widgets.grid import Grid

RIGHT, BELOW = 140, 32
"""From how many columns on the pane is at the right, and from how many rows on below the list."""

DRAWN_AFTER, DRAWN_AFTER_FAR = 0.02, 0.15
"""Seconds that the cursor rests before the pane is drawn, here and over SSH."""

DRAWN_AT_ONCE = 0.003
"""Seconds that making the text may take for the pane to be drawn with the move: twice as cheap as drawn after it."""


class PaneScreen(Screen[None]):
    """A screen with a list, and a pane for all of what is under the cursor."""

    app: Host

    def __init__(self) -> None:
        super().__init__()
        self._pane_timer: Timer | None = None
        self._pane_took = DRAWN_AFTER

    @property
    def grid(self) -> Grid:
        """The list in the body."""
        return self.query_one("#list", Grid)

    def detail(self) -> Content | None:
        """All of what is under the cursor; `None` where there is nothing to show."""
        return None

    @property
    def pane_width(self) -> int:
        """The cells of a line in the pane."""
        pane = self.query_one(DetailPane)
        return max(20, pane.scrollable_content_region.width or self.app.size.width // 3)

    @property
    def pane_place(self) -> Literal["right", "below", ""]:
        """Where the pane is; nowhere on a small screen, or when it was put away."""
        size, chosen = self.app.size, self.app.pane_chosen
        if chosen is False:
            return ""
        if size.width >= RIGHT:
            return "right"
        return "below" if size.height >= BELOW or chosen else ""

    def show_pane(self) -> None:
        """Draw the pane for the row under the cursor."""
        place = self.pane_place if self.is_attached else ""
        for pane in self.query(DetailPane):
            began = monotonic()
            content = self.detail() if place else None
            self._pane_took = monotonic() - began
            pane.display = content is not None
            self.query_one("#parts").set_class(place == "right", "right")
            if content is not None:
                pane.show(content)

    def on_detail_pane_widened(self) -> None:
        """Draw the pane at its width."""
        self.show_pane()

    def show_pane_soon(self) -> None:
        """Draw the pane with the move where its text is made at once, else when the cursor has rested."""
        if self._pane_timer is not None:
            self._pane_timer.stop()
        if self._pane_took <= DRAWN_AT_ONCE and not self.app.is_far:
            self.show_pane()
            return
        self._pane_timer = self.set_timer(DRAWN_AFTER_FAR if self.app.is_far else DRAWN_AFTER, self.show_pane)

    def do_pane(self) -> None:
        """Show or hide the pane; the choice is kept."""
        self.app.choose_pane(not self.query_one(DetailPane).display)
        self.show_pane()

    def why_not_pane(self) -> str | None:
        """There must be something to show."""
        return None if self.detail() is not None else "there is nothing more to show of this"

    def do_next_pane(self) -> None:
        """From the list to the pane, and back."""
        pane = self.query_one(DetailPane)
        (self.grid if pane.has_focus else pane).focus()

    def why_not_next_pane(self) -> str | None:
        """There must be two."""
        return None if self.query_one(DetailPane).display else "there is one pane here"
