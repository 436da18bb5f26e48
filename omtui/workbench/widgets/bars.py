"""The lines above and below every screen: where one is, what can be done, what the field means."""

from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static


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


class FooterKey(NamedTuple):
    """A key of the footer: how it is shown, its words, and the action that a click carries out, if any."""

    key: str
    words: str
    action: str = ""
    stays: bool = False
    """Whether it is there however little room there is."""


class KeyBar(Widget):
    """The footer: what can be done now, most useful first, as much as fits. A click carries it out."""

    @dataclass
    class Clicked(Message):
        """A key of the footer was clicked."""

        action: str

    def __init__(self) -> None:
        super().__init__(id="keys")
        self._keys: list[FooterKey] = []

    def show(self, keys: list[FooterKey]) -> None:
        """Show other keys."""
        if keys != self._keys:
            self._keys = keys
            self.refresh()

    def render(self) -> Content:
        """The keys that fit the width."""
        parts: list[tuple[str, str]] = []
        for _, key in self._layout():
            parts.append((f" {key.key} ", "$footer-key-foreground bold"))
            parts.append((f"{key.words} ", "$footer-description-foreground"))
        return Content.assemble(*parts)

    def _layout(self) -> list[tuple[int, FooterKey]]:
        """The keys that fit, each with the column after it. Those that stay get their room first."""
        room = self.size.width - sum(_width(key) for key in self._keys if key.stays)
        shown: list[FooterKey] = []
        for key in self._keys:
            if key.stays:
                shown.append(key)
            elif _width(key) <= room:
                room -= _width(key)
                shown.append(key)
        laid: list[tuple[int, FooterKey]] = []
        for key in shown:
            laid.append(((laid[-1][0] if laid else 0) + _width(key), key))
        return laid

    def on_click(self, event: events.Click) -> None:
        """Carry out the action whose key was clicked."""
        for end, key in self._layout():
            if event.x < end:
                if key.action:
                    self.post_message(self.Clicked(key.action))
                return


def _width(key: FooterKey) -> int:
    return cell_len(key.key) + cell_len(key.words) + 3
