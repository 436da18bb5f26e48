"""The lines above and below every screen: where one is, what can be done, what the field means."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from omtui.workbench.actions import Action


class Bar(Static):
    """A line or two of text that is drawn again only when it changes."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__("", id=id, classes=classes, markup=False)
        self._shown: Content | None = None

    def show(self, content: Content) -> None:
        """Show a text, and write nothing to the terminal when it is the text already shown."""
        if self._shown is None or not content.is_same(self._shown):
            self._shown = content
            height = self.styles.height
            self.update(content, layout=height is None or height.is_auto)


class Tabs(Bar):
    """The tables of a task; a click shows one."""

    @dataclass
    class TabClicked(Message):
        """A table was clicked."""

        number: int

    def show_tabs(self, titles: list[str], here: int, after: str) -> None:
        """Show the titles, the one that is shown in reverse, and a text after them."""
        parts: list[tuple[str, str]] = []
        self._ends: list[int] = []
        column = 0
        for number, title in enumerate(titles):
            parts += [(f" {title} ", "bold reverse" if number == here else ""), (" ", "")]
            column += cell_len(title) + 3
            self._ends.append(column)
        self.show(Content.assemble(*parts, (after, "$text-warning")))

    def on_click(self, event: events.Click) -> None:
        """Show the table that was clicked."""
        for number, end in enumerate(self._ends):
            if event.x < end:
                self.post_message(self.TabClicked(number))
                return


class KeyBar(Widget):
    """The footer: keys of what can be done here, most useful first, as many as fit. A click carries one out."""

    @dataclass
    class Clicked(Message):
        """A key of the footer was clicked."""

        action: str

    @dataclass
    class SecondKey(Message):
        """A key was clicked in the line that waits for one."""

        key: str

    def __init__(self) -> None:
        super().__init__(id="keys")
        self._entries: list[tuple[str, str, Action, bool]] = []
        self._hint = ""
        self._seconds: Sequence[tuple[str, str]] = ()

    def show(self, entries: list[tuple[str, str, Action, bool]]) -> None:
        """Show entries: key, title, action, and whether it is possible now."""
        if entries != self._entries:
            self._entries = entries
            self.refresh()

    def hint(self, text: str, seconds: Sequence[tuple[str, str]] = ()) -> None:
        """Show a text and the keys that may follow, each with its words, in place of the keys; an empty one ends it."""
        if text != self._hint:
            self._hint, self._seconds = text, seconds
            self.refresh()

    def render(self) -> Content:
        """The entries that fit the width."""
        return Content.assemble(*(part for _, _, parts in self._layout() for part in parts))

    def _layout(self) -> list[tuple[int, Message | None, list[tuple[str, str]]]]:
        """For each part that fits: the column after it, what a click on it says, its texts."""
        laid: list[tuple[int, Message | None, list[tuple[str, str]]]] = []
        if self._hint:
            column = cell_len(self._hint) + 2
            laid.append((column, None, [(f" {self._hint} ", "bold")]))
            for key, words in self._seconds:
                column += cell_len(words) + 1
                laid.append((column, self.SecondKey(key), [(f"{words} ", "bold")]))
            return laid
        room, column = self.size.width, 0
        for key, title, action, possible in self._entries:
            width = cell_len(key) + cell_len(title) + 3
            if column + width > room:
                continue
            style = ("$footer-key-foreground bold", "$footer-description-foreground") if possible else ("dim", "dim")
            column += width
            laid.append((column, self.Clicked(action.name), [(f" {key} ", style[0]), (f"{title} ", style[1])]))
        return laid

    def on_click(self, event: events.Click) -> None:
        """Carry out the action whose key was clicked, or go on with the second key."""
        for end, message, _ in self._layout():
            if event.x < end:
                if message is not None:
                    self.post_message(message)
                return
