"""The sheet of one record: its fields as rows, before anything is changed."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.content import Content

from omtui.plain_text import plain
from omtui.setup.catalogue import task_of
from omtui.setup.place import Path, key_text, table_at
from omtui.setup.table import Record, Table, Task
from omtui.setup.values import shown
from omtui.setup.wording import rule_words
from omtui.store.anchor import Anchor
from omtui.store.change import MISSING
from omtui.workbench.rule_tree import comparison
from omtui.workbench.screens.profile import ProfileScreen
from omtui.workbench.sheets import SheetRow, sheet
from omtui.workbench.widgets.grid import Cell, Column, Grid

SPACES = 8
"""The cells of a row that belong to no text: the mark, what is around the columns, and the scroll bar."""


class SheetScreen(ProfileScreen):
    """One record: a row for every field, nested records below their field."""

    def __init__(self, path: Path, focus: Path | None = None) -> None:
        super().__init__()
        self.path = path
        self._focus: Path | None = focus or (*path, *self.app.left_at.get(path, ()))
        self._rows: Sequence[SheetRow] = []
        self._cursor = 0
        self._fault = ""
        self._anchor: Anchor | None = None
        self._row_anchor: Anchor | None = None

    def concerns(self, path: Path) -> bool:
        """Findings of this record."""
        return path[: len(self.path)] == self.path

    def about(self) -> str:
        """The record by its place."""
        return f"Findings of {self.session.indexed.place(self.path)}"

    @property
    def table(self) -> Table:
        """The table that the record belongs to."""
        table = table_at(self.path)
        assert table is not None, f"{self.path} is no record"
        return table

    @property
    def record(self) -> Record:
        """The present record."""
        value = self.session.value(self.path)
        return value if isinstance(value, dict) else {}

    @property
    def row(self) -> SheetRow | None:
        """The row under the cursor."""
        return self.under_cursor(self._rows)

    @property
    def at(self) -> Path | None:
        """The field or record under the cursor."""
        return self.row.path if self.row else None

    # Showing

    def body(self) -> ComposeResult:
        """The sheet."""
        yield Grid(id="list", expected=self.list_width)

    def fresh(self) -> None:
        """Show the record where it is now; leave when it is gone."""
        if not self.follow():
            self.gone()
            return
        self.setup_task = self._task_here()
        rows = sheet(self.table, self.record, self.path, self.app.signs)
        self._rows = self.fitting(rows, lambda row: f"{row.label} {row.value}")
        at = self._row_anchor.found(self.session.data) if self._row_anchor else None
        if self._focus == self.path:
            self._cursor = next((number for number, row in enumerate(self._rows) if _is_wanting(row)), 0)
            self._focus = None
        elif self._focus is not None:
            self._cursor = self._row_of(self._focus)
            self._focus = None
        elif at is not None:
            self._cursor = next((number for number, row in enumerate(self._rows) if row.path == at), self._cursor)
        grid = self.grid
        grid.fill(
            (Column("", 1), Column("Field", 12), Column("Value", 20)),
            [self._cells(row) for row in self._rows],
            self._cursor,
        )
        self._hold_row()
        super().fresh()

    def follow(self) -> bool:
        """Follow the record; whether it is still there."""
        data = self.session.data
        path = self._anchor.found(data) if self._anchor else self.path
        if path is None or (self.session.value(path) is MISSING and not self.table.single):
            return False
        self.path, self._anchor = path, Anchor(data, path)
        return True

    def gone(self) -> None:
        """The record is gone: another program, or an undo, took it away."""
        self.app.call_later(self.app.leave_screen, self)

    def _hold_row(self) -> None:
        here = self._rows[self._cursor] if self._cursor < len(self._rows) else None
        self._row_anchor = Anchor(self.session.data, here.path) if here else None

    def _cells(self, row: SheetRow) -> list[Cell]:
        level = self.session.levels.get(row.path, "")
        mark = Cell(self.app.signs.level(level), self.app.level_style(level))
        indent = "  " * row.depth
        if row.kind in ("section", "branch"):
            return [mark, Cell(row.label, "bold"), Cell(row.value, "dim")]
        if row.kind in ("condition", "action", "group"):
            value, leaf = row.value, self.session.value(row.path)
            labels = max((cell_len(each.label) for each in self._rows if each.kind == "field"), default=0)
            room = self.list_width - labels - len(indent) - SPACES
            if row.kind == "condition" and isinstance(leaf, dict) and cell_len(plain(value)) > room:
                value = comparison(leaf, room, self.app.signs).plain
            words = (
                f"{indent}{row.label}{' ' if row.label else ''}{value}" if row.kind != "group" else indent + row.label
            )
            return [mark, Cell("", ""), Cell(words, "italic" if row.kind == "group" else "")]
        if row.kind == "record":
            return [mark, Cell(f"{indent}{row.label}"), Cell(row.value)]
        label = row.label + (" *" if row.field and row.field.required and not row.value else "")
        if not row.value and row.field is not None:
            default = shown(row.field.default)
            hint = f"Oracle's default: {default}" if default and not row.field.own else ""
            return [mark, Cell(label, "" if row.field.required else "dim"), Cell(hint, "dim italic")]
        return [mark, Cell(label), Cell(row.value)]

    def steps_here(self) -> list[str]:
        """The task, then the records on the way to this one."""
        names = super().steps_here() if self.setup_task else []
        for end in range(1, len(self.path) + 1):
            table = table_at(self.path[:end])
            if table is None:
                continue
            if isinstance(self.path[end - 1], int):
                value = self.session.value(self.path[:end])
                name = key_text(value, table.key) if table.key else f"{table.singular} {int(self.path[end - 1]) + 1}"
                names.append(name or _without(table, int(self.path[end - 1])))
            elif table.single and end == len(self.path):
                names.append(table.title)
        return names

    def help_lines(self) -> Content:
        """The field under the cursor: limits, help, source, and what is wrong with it."""
        row = self.row
        if self._fault:
            return Content.assemble((f"{self._fault}", "$text-error"))
        if row is None:
            return Content("")
        results = self.session.results_at(row.path)
        lines: list[Content] = []
        orders = self.app.orders
        if orders is not None and self.path[0] == "routing_rules" and (words := orders.rule_words(self._record_name())):
            lines.append(Content.styled(words, "bold $accent"))
        if self.path[0] == "routing_rules" and len(self.path) > 2:
            lines.append(Content(plain(rule_words(self._rule()))))
        if results:
            worst = results[0].finding
            style = self.app.level_style(worst.level)
            sign = self.app.signs.level(worst.level)
            lines.append(
                Content.assemble((f"{sign} {worst.check} {plain(worst.message)}", style), f": {plain(worst.fix)}")
            )
        field = row.field
        if field is not None and row.kind == "field":
            limits = f" ({field.limits})" if field.limits else ""
            source = f"  [{field.source}]" if field.source else ""
            if field.name in ("credential", "client_certificate") and row.value:
                lines.append(Content.styled(plain(self._secret_words(row.value)), "dim"))
            lines.append(Content.assemble((f"{field.label}", "bold"), f"{limits}: {field.help}", (source, "dim")))
        elif self.path[0] == "routing_rules" and row.kind != "field":
            lines.append(Content(plain(rule_words(self._rule()))))
        else:
            lines.append(Content.assemble((f"{row.table.title}: {row.table.help}", "dim")))
        return Content("\n").join(lines[:3])

    def _record_name(self) -> str:
        """What the record, or the one that holds it, is called."""
        record = self.session.value(self.path[:2])
        return str(record.get("name")) if isinstance(record, dict) else ""

    def _secret_words(self, name: str) -> str:
        """Whether the secret of a credential is set, as far as this run knows: no store is asked for a sheet."""
        secrets = self.app.workspace.secrets_in_use
        facts = secrets.known(self.session.data, name) if secrets else None
        if facts is None:
            return "C shows whether its secret is set"
        from omtui.service.secrets import state_words

        return f"Its secret: {state_words(facts)}; C shows more"

    def _rule(self) -> Record:
        value = self.session.value(self.path[:2])
        return value if isinstance(value, dict) else {}

    def _task_here(self) -> Task | None:
        """The task that the record at the top of a list, or the single one, belongs to."""
        end = next((end for end, part in enumerate(self.path, 1) if isinstance(part, int)), len(self.path))
        table, record = table_at(self.path[:end]), self.session.value(self.path[:end])
        return task_of(table.path, record if isinstance(record, dict) else {}) if table else None

    def _row_of(self, path: Path) -> int:
        best = 0
        for number, row in enumerate(self._rows):
            if path[: len(row.path)] == row.path and len(row.path) >= len(self._rows[best].path):
                best = number
        return best

    def moved(self) -> None:
        """The message about a value goes with its row."""
        self._cursor = self.grid.cursor_row  # the event may be older than a refill
        self._fault = ""
        self._hold_row()
        if (row := self.row) is not None:
            self.app.left_at[self.path] = row.path[len(self.path) :]
        super().moved()

    # Values

    def value_shown(self) -> tuple[str, str] | None:
        """The value under the cursor as Oracle's page takes it."""
        row = self.row
        if row is None:
            return None
        if row.kind == "field":
            return row.label, row.value
        return row.table.singular, row.label.strip() if row.kind == "record" else row.value

    def go_next(self) -> None:
        """The next field that has a value."""
        self.go_to_next_of([row.value if row.kind == "field" else "" for row in self._rows])

    def plain_lines(self) -> list[str]:
        """The values, one a line."""
        return [row.value for row in self._rows if row.value and row.kind in ("field", "record", "condition", "action")]

    # Filter

    def filtered(self) -> None:
        """Begin at the top."""
        self._cursor = 0
        self.fresh()

    def select(self, path: Path) -> None:
        """Put the cursor on a field or nested record."""
        self._focus = path
        self.fresh()


def _is_wanting(row: SheetRow) -> bool:
    """Whether a row is a field that the page requires, and empty."""
    return row.kind == "field" and row.field is not None and row.field.required and not row.value


def _without(table: Table, number: int) -> str:
    """What a record without a key is called: what is missing, or where that is called as the record is, its place."""
    label = table.by_name[table.key or ""].label
    if label.casefold() == table.singular.casefold():
        return f"{table.singular} {number + 1}"
    return f"{table.singular} without {label}"
