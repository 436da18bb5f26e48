"""The screen of one setup task: its tables, one at a time, as lists of records."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from omtui.plain_text import plain
from omtui.service import editing
from omtui.setup.catalogue import TABLES
from omtui.setup.field import Field
from omtui.setup.indexed import LocatedRecord, texts
from omtui.setup.place import Path, key_text
from omtui.setup.table import Table, Task
from omtui.setup.values import shown
from omtui.setup.wording import cell, condition_words, records_words, rule_words, table_words
from omtui.store.anchor import Anchor
from omtui.workbench.panes.record import record_detail
from omtui.workbench.rule_tree import condition_line
from omtui.workbench.screens.dialogs import Choice
from omtui.workbench.screens.profile import ProfileScreen
from omtui.workbench.widgets.bars import Bar, Tabs
from omtui.workbench.widgets.grid import Cell, Column, Grid

REVIEWED = "6"
"""The step that notes hosts and ports."""


class RecordsScreen(ProfileScreen):
    """A task's records. Tab goes to the next table of the task, Enter opens a record."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab,right_square_bracket", "table(1)", "Next table", show=False),
        Binding("shift+tab,left_square_bracket", "table(-1)", "Table before", show=False),
    ]

    def __init__(self, task: Task, table: str = "") -> None:
        super().__init__()
        self.setup_task: Task = task
        self.tables = [TABLES[path] for path in task.tables if "." not in path or TABLES[TABLES[path].parent].single]
        self.number = next((number for number, each in enumerate(self.tables) if each.path == table), 0)
        self._found: list[LocatedRecord] = []
        self._cursors: dict[str, int] = {}
        self._anchor: tuple[Anchor, int] | None = None
        self._sorted: dict[str, tuple[str, bool]] = {}
        """For a table that is not shown in the file's order: the field it is sorted by, and whether it falls."""

    @property
    def table(self) -> Table:
        """The table that is shown."""
        return self.tables[self.number]

    @property
    def at(self) -> Path | None:
        """The record under the cursor."""
        found = self._under_cursor()
        return found.path if found else None

    @property
    def rows_path(self) -> Path:
        """The list that holds the table's records."""
        return tuple(self.table.path.split("."))

    # Showing

    def body(self) -> ComposeResult:
        """Tabs of the task's tables, the list, and the text in its place when it is empty."""
        yield Tabs(id="tabs")
        yield Grid(id="list", expected=self.list_width)
        yield Bar(id="empty")

    def fresh(self) -> None:
        """Show the records that belong here."""
        found = self._records(self.table)
        words = self.words.casefold().split()
        self._found = [each for each in found if all(passes(each, word, self.table) for word in words)]
        self.found_of = (len(self._found), len(found))
        by, falls = self._sorted.get(self.table.path, ("", False))
        if by:
            self._found.sort(key=lambda each: _order(each.record.get(by)), reverse=falls)
        self._follow_cursor()
        key, mark = self.table.key, f" {self.app.signs.falling if falls else self.app.signs.rising}"
        titles = [(each, f"{each.label}{mark if each.name == by else ''}") for each in self._columns]
        columns = [Column("", 1), *(Column(title, 12 if each.name == key else 6) for each, title in titles)]
        cursor = self._cursors.get(self.table.path, 0)
        self.show_list(columns, [self._cells(found) for found in self._found], self._empty_words(), cursor)
        self.query_one(Tabs).show_tabs(*self._tabs())
        self._hold_cursor()
        super().fresh()

    # Sorting

    @on(Grid.HeadingClicked)
    def _heading_clicked(self, message: Grid.HeadingClicked) -> None:
        message.stop()
        if message.column:
            self._sort_by(self._columns[message.column - 1].name)

    @work
    async def do_sort(self) -> None:
        """Choose the column."""
        listed = [Choice(each.name, f"Sort by {each.label}") for each in self._columns]
        if chosen := await self.choose("Sort", listed):
            self._sort_by(chosen)

    def why_not_sort(self) -> str | None:
        """There must be several records."""
        return f"there is one {self.table.singular} only" if self.table.single else None

    def _sort_by(self, name: str) -> None:
        """Sort by a column; the second time in a row turn the order, the third time show the file's."""
        path = self.table.path
        by, falls = self._sorted.pop(path, ("", False))
        if by != name or not falls:
            self._sorted[path] = (name, by == name)
        self.fresh()

    def _hold_cursor(self) -> None:
        self._anchor = (Anchor(self.session.data, at), self.grid.cursor_row) if (at := self.at) else None

    def _follow_cursor(self) -> None:
        """Keep the cursor on its record, wherever that is now."""
        if self._anchor is None or self._anchor[1] != self.grid.cursor_row:
            return
        at = self._anchor[0].found(self.session.data)
        for number, found in enumerate(self._found):
            if found.path == at:
                self._cursors[self.table.path] = number

    def _cells(self, found: LocatedRecord) -> list[Cell]:
        level = self.session.levels.get(found.path, "")
        mark = Cell(self.app.signs.level(level), self.app.level_style(level))
        return [mark, *(Cell(self._words(field, found.record.get(field.name))) for field in self._columns)]

    def _words(self, field: Field, value: object) -> str:
        """A value in a cell; conditions as short as they go, so that their values are in view."""
        return condition_line(value, self.app.signs) if field.kind == "condition" else cell(field, value)

    @property
    def _columns(self) -> Sequence[Field]:
        """The fields that the list shows."""
        return [self.table.by_name[name] for name in self.table.columns] or self.table.own_fields[:5]

    def _records(self, table: Table) -> list[LocatedRecord]:
        """The records of a table that belong to the task."""
        if table.single:
            return [LocatedRecord((table.path,), self.session.indexed.single(table.path))]
        found = self.session.indexed.records(table.path)
        if self.setup_task.only:
            found = [each for each in found if self.setup_task.holds(table.path, each.record)]
        return found

    def _tabs(self) -> tuple[list[str], int, str]:
        counts = ["" if table.single else f" {len(self._records(table))}" for table in self.tables]
        titles = [f"{table.title}{count}" for table, count in zip(self.tables, counts, strict=True)]
        return titles, self.number, f" filter: {plain(self.words)}" if self.words else ""

    @on(Tabs.TabClicked)
    def _tab_chosen(self, message: Tabs.TabClicked) -> None:
        message.stop()
        self.action_table(message.number - self.number)

    def _empty_words(self) -> Content:
        if self.words:
            return Content(f"\nNo {self.table.title.lower()} fit the filter. Escape takes it away.")
        return Content.assemble(
            (f"\nNo {self.table.title.lower()} yet.", "bold"),
            f" n adds one.\n\n{self.table.help or self.setup_task.purpose}",
        )

    def help_lines(self) -> Content:
        """What the task is for; for a rule, what it says."""
        if self.setup_task.step == REVIEWED:
            return Content.assemble(
                (f"{self.setup_task.purpose}", "dim"), "\n", "v shows which hosts answer from here, r probes them"
            )
        return Content.assemble((f"{self.setup_task.purpose}", "dim"))

    def do_refresh(self) -> None:
        """Where hosts are noted, to run is to probe them."""
        if self.setup_task.step == REVIEWED:
            self.app.do_review(run=True)
        else:
            self.app.do_refresh()

    # Moving

    def on_screen_suspend(self) -> None:
        """Remember the row."""
        self._remember()

    def action_table(self, step: int) -> None:
        """Show the next table of the task."""
        self._remember()
        self.number = (self.number + int(step)) % len(self.tables)
        self._anchor = None
        self.words = ""
        self.fresh()
        self.grid.focus()

    def moved(self) -> None:
        """The help is about the table, the same for each row."""
        self._hold_cursor()
        self.show_pane_soon()

    def detail(self) -> Content | None:
        """The record under the cursor."""
        found = self._under_cursor()
        if found is None:
            return None
        app = self.app
        return record_detail(self.session, found.path, self.pane_width, app.signs, app.level_style, app.orders)

    def do_edit(self) -> None:
        """Open the record under the cursor."""
        found = self._under_cursor()
        if found:
            self.app.show_record(found.path)

    def select(self, path: Path) -> None:
        """Put the cursor on a record."""
        self.fresh()
        for number, found in enumerate(self._found):
            if found.path == path[: len(found.path)]:
                self._cursors[self.table.path] = number
                self.grid.move_cursor(number)

    def _under_cursor(self) -> LocatedRecord | None:
        return self.under_cursor(self._found)

    def _remember(self) -> None:
        if self._found:
            self._cursors[self.table.path] = self.grid.cursor_row

    # Filter

    def filtered(self) -> None:
        """Begin at the top."""
        self._cursors.pop(self.table.path, None)
        self.fresh()

    # Changing

    def why_not_new(self) -> str | None:
        """Single tables hold one record."""
        return f"there is one {self.table.singular} only; Enter opens it" if self.table.single else None

    @work
    async def do_new(self) -> None:
        """Ask for the key, add the record and open it."""
        table, key = self.table, self.table.by_name[self.table.key or ""]
        offered: list[str] = []
        if table.path == "trigger_points" or key.refers or (key.values and key.closed):
            taken = {key_text(each.record, table.key) for each in self.session.indexed.records(table.path)}
            offered = [word for word in self.offered((*self.rows_path, 0, key.name)) if word not in taken]
        if self.setup_task.only:
            offered = [word for word in offered if self.setup_task.holds(table.path, {"name": word})]
        word = await self.ask_key(table, key, offered)
        if word is None:
            return
        plan = editing.add_record(self.session.indexed, self.rows_path, word)
        if self.succeeded(self.session.edit(plan)):
            self.words = ""
            self.select(plan.path)
            self.app.show_record(plan.path, new=True)

    def do_duplicate(self) -> None:
        """Copy the record under the cursor, and open the copy."""
        found = self._under_cursor()
        if found:
            self.edited(editing.duplicate_record(self.session.indexed, found.path))

    def do_remove(self) -> None:
        """Remove the record under the cursor; undo brings it back."""
        found = self._under_cursor()
        if found:
            place = str(self.session.indexed.place(found.path))
            if self.succeeded(self.session.edit(editing.remove_record(self.session.indexed, found.path))):
                self._remember()
                self.fresh()
                self.show_message(f"removed {place}; ctrl+z brings it back")

    def do_move_up(self) -> None:
        """Move the record up."""
        self._move(-1)

    def do_move_down(self) -> None:
        """Move the record down."""
        self._move(1)

    def _move(self, step: int) -> None:
        found = self._under_cursor()
        if not found or not isinstance(found.path[-1], int):
            return
        shown = [each.path[-1] for each in self._found]
        here = shown.index(found.path[-1]) + step
        if 0 <= here < len(shown):
            target = shown[here]
            assert isinstance(target, int)
            self.edited(editing.move_record(self.session.indexed, found.path, target))

    def _why_no_record(self) -> str | None:
        if self.table.single:
            return f"there is one {self.table.singular} only"
        return None if self._found else f"there are no {self.table.title.lower()} here"

    why_not_duplicate = why_not_remove = _why_no_record

    def why_not_move_up(self) -> str | None:
        """Only the file's order can be changed."""
        by = self._sorted.get(self.table.path)
        words = f"sorted by {self.table.by_name[by[0]].label}: the file's order is not shown" if by else None
        return words or self._why_no_record()

    why_not_move_down = why_not_move_up

    def why_not_edit(self) -> str | None:
        """Something must be there to be opened."""
        return None if self._found else f"there are no {self.table.title.lower()} here; n adds one"

    # Values

    def value_shown(self) -> tuple[str, str] | None:
        """The record's key."""
        found = self._under_cursor()
        if found is None or not self.table.key:
            return None
        return self.table.by_name[self.table.key].label, key_text(found.record, self.table.key)

    def plain_lines(self) -> list[str]:
        """The records' keys, for the plain view."""
        return [key_text(found.record, self.table.key) or table_words(self.table.path, 1) for found in self._found]


def passes(found: LocatedRecord, word: str, table: Table) -> bool:
    """Whether a record holds a word; `#tag` asks for one of its tags."""
    if word.startswith("#"):
        return word[1:] in (tag.casefold() for tag in texts(found.record, "tags"))
    if table.path == "routing_rules" and word in rule_words(found.record).casefold():
        return True
    return any(word in _all_text(value) for value in found.record.values())


def _order(value: object) -> tuple[bool, bool, float, str]:
    """What records are sorted by: numbers by size, then texts; what is empty comes last."""
    if isinstance(value, int | float | Decimal):
        return False, False, float(value), ""
    words = condition_words(value) if isinstance(value, dict) else records_words(value) or shown(value)
    return not words, True, 0.0, words.casefold()


def _all_text(value: object) -> str:
    if isinstance(value, dict):
        return " ".join(_all_text(item) for item in value.values())
    if isinstance(value, list):
        return " ".join(_all_text(item) for item in value)
    return shown(value).casefold()
