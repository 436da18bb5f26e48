"""A list about the open profile: its lines, what is under the cursor, what Enter does, what an empty one says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from textual.app import ComposeResult
from textual.content import Content

from omtui.workbench.screens.base import WorkScreen
from omtui.workbench.widgets.bars import Bar
from omtui.workbench.widgets.grid import Cell, Column, Grid

Item = TypeVar("Item")


class ListScreen(WorkScreen, Generic[Item]):
    """A screen that is one list of items."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: Sequence[Item] = ()

    def body(self) -> ComposeResult:
        """A line about the whole, the list, and the text shown when there is nothing."""
        yield Bar(id="tabs")
        yield Grid(id="list", expected=self.list_width)
        yield Bar(id="empty")

    def show_list(self, columns: Sequence[Column], items: Sequence[Item], empty: str) -> None:
        """Show items, the cursor staying in its row; `empty` is said where there are none."""
        self._shown = items
        grid = self.grid
        grid.display = bool(items)
        grid.fill(columns, [self.cells_of(item) for item in items], grid.cursor_row if grid.row_count else 0)
        bar = self.query_one("#empty", Bar)
        bar.display = not items
        bar.show(Content(f"\n{empty}"))

    def cells_of(self, item: Item) -> list[Cell]:
        """The cells of an item."""
        raise NotImplementedError

    def current(self) -> Item | None:
        """The item under the cursor."""
        row = self.grid.cursor_row if self._shown else -1
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def moved(self) -> None:
        """What is possible depends on the row."""
        super().moved()
        self.show_keys()
