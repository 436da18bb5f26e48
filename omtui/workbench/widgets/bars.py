"""The lines above and below every screen: where one is, what can be done, what the field means."""

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from omtui.workbench.action import Action


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

    class Chosen(Message):
        """A table was clicked."""

        def __init__(self, number: int) -> None:
            self.number = number
            super().__init__()

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
                self.post_message(self.Chosen(number))
                return


class KeyBar(Widget):
    """The footer: keys of what can be done here, most useful first, as many as fit. A click carries one out."""

    class Clicked(Message):
        """A key of the footer was clicked."""

        def __init__(self, action: str) -> None:
            self.action = action
            super().__init__()

    def __init__(self) -> None:
        super().__init__(id="keys")
        self._entries: list[tuple[str, str, Action, bool]] = []
        self._hint = ""

    def show(self, entries: list[tuple[str, str, Action, bool]]) -> None:
        """Show entries: key, title, action, and whether it is possible now."""
        if entries != self._entries:
            self._entries = entries
            self.refresh()

    def hint(self, text: str) -> None:
        """Show a text in place of the keys until it is taken away with an empty one."""
        if text != self._hint:
            self._hint = text
            self.refresh()

    def render(self) -> Content:
        """The entries that fit the width."""
        if self._hint:
            return Content.styled(f" {self._hint}", "bold")
        return Content.assemble(*(part for _, _, parts in self._layout() for part in parts))

    def _layout(self) -> list[tuple[int, Action, list[tuple[str, str]]]]:
        """For each entry that fits: the column after it, the action, its parts."""
        room, column, laid = self.size.width, 0, []
        for key, title, action, possible in self._entries:
            width = cell_len(key) + cell_len(title) + 3
            if column + width > room:
                continue
            style = ("$footer-key-foreground bold", "$footer-description-foreground") if possible else ("dim", "dim")
            column += width
            laid.append((column, action, [(f" {key} ", style[0]), (f"{title} ", style[1])]))
        return laid

    def on_click(self, event: events.Click) -> None:
        """Carry out the action whose key was clicked."""
        for end, action, _ in self._layout():
            if event.x < end:
                self.post_message(self.Clicked(action.name))
                return
