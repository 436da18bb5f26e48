"""The pane next to a list: the whole of what is under the cursor."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.message import Message
from textual.widgets import Static


class DetailPane(VerticalScroll, can_focus=True):
    """Text that scrolls. It is drawn again only when it is another."""

    class Widened(Message):
        """The pane got its width, or another one: what is wrapped at it is to be drawn again."""

    def __init__(self) -> None:
        super().__init__(id="pane")
        self.display = False
        self._text = Static("", markup=False)
        self._shown: Content | None = None
        self._width = 0

    def on_resize(self, event: Resize) -> None:
        """The width is known after the first layout only."""
        if event.size.width != self._width:
            self._width = event.size.width
            self.post_message(self.Widened())

    def compose(self) -> ComposeResult:
        """The text."""
        yield self._text

    def show(self, content: Content) -> None:
        """Show a text, from its beginning."""
        if self._shown is None or not content.is_same(self._shown):
            self._shown = content
            size = self._text.size
            is_as_high = bool(size) and content.get_height({}, size.width) == size.height
            self._text.update(content, layout=not is_as_high)  # arranging the screen is most of what a move costs
            if self.scroll_y:
                self.scroll_home(animate=False)
