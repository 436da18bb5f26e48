"""The pane next to a list: the whole of what is under the cursor."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static


class DetailPane(VerticalScroll, can_focus=True):
    """Text that scrolls. It is drawn again only when it is another."""

    def __init__(self) -> None:
        super().__init__(id="pane")
        self.display = False
        self._text = Static("", markup=False)
        self._shown: Content | None = None

    def compose(self) -> ComposeResult:
        """The text."""
        yield self._text

    def show(self, content: Content) -> None:
        """Show a text, from its beginning."""
        if self._shown is None or not content.is_same(self._shown):
            self._shown = content
            self._text.update(content)
            self.scroll_home(animate=False)
