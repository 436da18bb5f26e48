"""The flow: who calls what and who hears what, drawn from the set-up, above its two tables."""

from __future__ import annotations

from textual import work
from textual.app import ComposeResult
from textual.content import Content

from omtui.plain_text import plain
from omtui.workbench.flow_picture import picture
from omtui.workbench.screens.records import RecordsScreen
from omtui.workbench.widgets.bars import Bar


class FlowScreen(RecordsScreen):
    """The picture of the flow, then the services called and the event subscriptions."""

    def body(self) -> ComposeResult:
        """The picture above the list."""
        yield Bar(id="picture")
        yield from super().body()

    def fresh(self) -> None:
        """Draw the picture again."""
        self._draw()
        super().fresh()

    def show_pane(self) -> None:
        """The pane takes room from the picture."""
        super().show_pane()
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        """The picture, as wide as there is room."""
        for bar in self.query("#picture").results(Bar):
            room = min(self.list_width, bar.size.width - 1) if bar.size.width else self.list_width
            lines = picture(self.session.indexed, max(40, room - 1), ascii_only=self.app.terminal.ascii_only)
            bar.show(Content("\n".join(f" {plain(line)}" for line in lines)))

    def on_resize(self) -> None:
        """There is another room for the picture."""
        super().on_resize()
        self.fresh()

    @work
    async def do_trace(self) -> None:
        """Ask for a file and an order, and show the way of its line."""
        from omtui.workbench.screens.rehearsal import choose_orders
        from omtui.workbench.screens.trace import show_trace

        file = self.app.orders.file if self.app.orders else await choose_orders(self)
        order = await self.ask(f"Which order of {file.name}?", "Its number, as the file has it.") if file else None
        if file and order:
            await show_trace(self, file, order)
