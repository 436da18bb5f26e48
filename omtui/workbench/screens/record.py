"""The screen of one record: its sheet, where values are edited in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content

from omtui.problem import Problem
from omtui.service import editing
from omtui.setup.field import Field
from omtui.setup.limits import fault_of
from omtui.setup.place import Path
from omtui.setup.references import Edit, after
from omtui.setup.table import Record
from omtui.setup.values import from_form, shown
from omtui.store.anchor import Anchor
from omtui.store.change import MISSING
from omtui.workbench.actions import BY_NAME
from omtui.workbench.screens.holding import HoldingScreen
from omtui.workbench.sheets import SheetRow
from omtui.workbench.widgets.bars import FooterKey
from omtui.workbench.widgets.editor import EDITING_KEYS, FieldEditor, Offer

RULE_PARTS = ("routing_rules.when", "routing_rules.then")

_VALUE = 2
"""The column of the values."""


class RecordScreen(HoldingScreen):
    """One record: a row for every field, nested records below their field. Enter edits, Tab goes on to the next."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "edit_next(1)", "Edit the next field", show=False),
        Binding("shift+tab", "edit_next(-1)", "Edit the field before", show=False),
        Binding("space", "turn_over", "Turn a yes/no over", show=False),
    ]

    _entry: FieldEditor | None = None
    """The field that is open."""

    _edited: tuple[SheetRow, Anchor] | None = None
    """The row whose value is typed, and what finds it again."""

    _stopped = False
    """Whether Tab stopped on an empty list: it counts as an open field, so Escape ends it first, as every other."""

    def __init__(self, path: Path, focus: Path | None = None, *, new: bool = False) -> None:
        super().__init__(path, focus)
        self._new = new

    def begin(self) -> None:
        """Show the record; a new one waits for typing at once, with no moment in which a letter is a command."""
        super().begin()
        if self._new:
            self._begin()

    # Editing

    def why_not_edit(self) -> str | None:
        """Something must be under the cursor."""
        return None if self._rows else "nothing is shown here"

    def do_edit(self) -> None:
        """Edit the field, or open the record under the cursor."""
        row = self.row
        if row is None:
            return
        if row.kind == "field":
            self._edit_field(row)
        elif row.opens:
            self.app.show_record(row.path)
        elif row.rows is not None and len(self._what_can_be_added(row)) == 1 and editing.table_of(row.rows).key is None:
            self.show_message(f"n adds a {row.table.singular.lower()} here")
        else:
            self.do_new()

    def action_turn_over(self) -> None:
        """Make a yes a no, or a no a yes, and say so; edit a field of another kind."""
        row = self.row
        if row is None or row.field is None or row.field.kind != "boolean":
            self.carry_out("edit")
        elif (refusal := self.why_locked(BY_NAME["new"])) is not None:
            self.show_message(f"{row.label}: {refusal}", wrong=True)
        else:
            old = self.session.value(row.path)
            if self._set(row, old is not True):
                before, after = row.value or "not set", shown(self.session.value(row.path))
                self.show_message(f"{row.label}: {before} {self.app.signs.call} {after}   ctrl+z undoes")

    def action_edit_next(self, step: int) -> None:
        """Go to the next field and edit it; an empty list is only gone to, and behind the last one nothing comes."""
        if self._to_field(int(step)) and self.row is not None and self.row.kind == "field":
            self.do_edit()
        else:
            self._stopped = True
            self.show_help()

    def _to_field(self, step: int) -> bool:
        """Put the cursor on the next field or empty list, or the one before; whether there is one.

        What `n` asked for is not asked again.
        """
        number = self.grid.cursor_row + step
        while 0 <= number < len(self._rows):
            row = self._rows[number]
            if row.path not in self._asked and (row.kind == "field" or self._is_empty_list(row)):
                self.grid.move_cursor(number)
                self._cursor = number
                self._stopped = False
                return True
            number += step
        return False

    def _is_empty_list(self, row: SheetRow) -> bool:
        return row.kind == "section" and not self.session.records_at(row.path) and self.path[0] != "routing_rules"

    @property
    def _asked(self) -> tuple[Path, ...]:
        """The field that was asked for when the record was made: its key, of a step its name."""
        key = self.table.by_name.get(self.table.key or "") if self._new else None
        return ((*self.path, "name" if key.kind == "integer" else key.name),) if key else ()

    def _begin(self) -> None:
        """Open the first empty field that is required, else the first empty one of Oracle's page, else of omtui's."""
        rows = enumerate(self._rows)
        empty = [(number, row) for number, row in rows if row.kind == "field" and row.field and not row.value]
        empty.sort(key=lambda each: (each[1].path in self._asked, _rank(each[1].field)))
        if empty:
            self._cursor = empty[0][0]
            self.grid.move_cursor(self._cursor)
            self.do_edit()

    def editing_keys(self) -> Sequence[FooterKey]:
        """The keys of the open field."""
        return EDITING_KEYS if self._entry is not None else ()

    def help_lines(self) -> Content:
        """At an empty list where Tab stopped, how it is filled."""
        lines = super().help_lines()
        if not self._stopped:
            return lines
        return Content.assemble(("Enter adds the first one, Tab goes on, Escape ends\n", "bold"), lines)

    def _rule(self) -> Record:
        """The rule around this record, with what is typed just now."""
        row, now = self._row_edited(), super()._rule()
        if row is None or row.field is None or self._entry is None or row.table.path not in RULE_PARTS:
            return now
        text = self._entry.answer
        value = from_form(row.field, text, self._current(row)) if text else ""
        if isinstance(value, Problem):
            return now
        rules = after(self.session.data, [Edit(row.path, value)])["routing_rules"]
        return rules[int(row.path[1])] if isinstance(rules, list) else now

    def moved(self) -> None:
        """Moving on ends what Tab stopped at."""
        if self.grid.cursor_row != self._cursor:
            self._stopped = False
        super().moved()

    def _edit_field(self, row: SheetRow) -> None:
        field = row.field
        if field is None or (refusal := self.why_locked(BY_NAME["new"])) is not None:
            self.show_message(f"{row.label}: {refusal}", wrong=True)
            return
        self._stopped = False
        current = self.session.value(row.path)
        if isinstance(current, str) and "\n" in current:
            self.run_worker(self._edit_lines(row, current))
            return
        words = ["yes", "no"] if field.kind == "boolean" else self.offered(row.path)
        proposed = {} if field.kind == "boolean" else self.proposed(row.path)
        words = [*proposed, *(word for word in words if word not in proposed)]
        offers = [Offer(value, proposed.get(value) or self.remark_of(row.path, value)) for value in words]
        picks = field.closed or bool(field.refers) or field.kind == "boolean"
        entry = FieldEditor(field, "" if current is MISSING else shown(current), offers, picks_first=picks)
        self._edited = row, Anchor(self.session.data, row.path)
        self._entry = entry
        self.show_keys()
        self.show_help()
        self.mount(entry)
        self.call_after_refresh(entry.place_over, self.grid, _VALUE)

    async def _edit_lines(self, row: SheetRow, current: str) -> None:
        from omtui.workbench.screens.lines import Lines

        text = await self.app.push_screen_wait(Lines(row.label, current))
        if text is not None:
            self._set(row, text)

    @on(FieldEditor.TextChanged)
    def _text_changed(self, event: FieldEditor.TextChanged) -> None:
        row = self._row_edited()
        if row is None or row.field is None:
            return
        value = from_form(row.field, event.text, self._current(row))
        self._fault = value.message if isinstance(value, Problem) else fault_of(row.field, value)
        self.show_help()

    @on(FieldEditor.TurnedOver)
    def _turned_over(self) -> None:
        self._end_entry()
        self.action_turn_over()

    @on(FieldEditor.Cancelled)
    def _cancelled(self) -> None:
        self._end_entry()

    @on(FieldEditor.Accepted)
    def _accepted(self, event: FieldEditor.Accepted) -> None:
        if event.entry is not self._entry:
            return  # it was accepted already: a second Enter was faster than its end
        row, before = self.row, self.session.revision
        if not self._take(event.text):
            return
        if event.step:
            self.action_edit_next(event.step)
        elif self._to_field(1) and row is not None and self.session.revision != before and self._message is None:
            for result in self.session.results_at(row.path)[:1]:  # the cursor has left what it is about
                finding = result.finding
                self.show_message(f"{row.label}: {finding.check} {finding.message}: {finding.fix}", wrong=True)

    def _row_edited(self) -> SheetRow | None:
        """The row whose value is typed, where it is now; what changed under it is no reason to write elsewhere."""
        if self._edited is None:
            return None
        row, anchor = self._edited
        path = anchor.found(self.session.data)
        return replace(row, path=path) if path is not None else None

    def follow(self) -> bool:
        """Follow the record, with the line in which a value is typed."""
        if not super().follow() or (self._edited is not None and self._row_edited() is None):
            return False
        if self._edited is not None:
            row = self._row_edited()
            assert row is not None
            self._edited, self._focus = (row, Anchor(self.session.data, row.path)), row.path
        return True

    def gone(self) -> None:
        """Leave; what was being typed is offered."""
        super().gone()
        if self._edited is not None and self._entry is not None:
            if self._entry.is_changed:
                self.app.call_later(self.app.offer_text, self._entry.text, self._edited[0].label)
            self._edited = self._entry = None

    def _take(self, text: str) -> bool:
        """End the entry with a text, if it is a value of the field."""
        row = self._row_edited()
        if row is None or row.field is None:
            return False
        if self._entry is not None and text == self._entry.before:
            self._end_entry()
            return True
        value: object = MISSING if text == "" else from_form(row.field, text, self._current(row))
        if isinstance(value, Problem):
            self._fault = f"{value.message}; {value.fix}"
            self.show_help()
            return False
        self._end_entry()
        return self._set(row, value)

    def takes_entry(self) -> bool:
        """End what is being typed by taking it; false where it is no value of its field."""
        return self._entry is None or self._take(self._entry.answer)

    def do_save(self) -> None:
        """Take what is being typed, then write the file."""
        if self.takes_entry():
            self.app.do_save()

    def go_to_task(self, step: int) -> None:
        """Take what is being typed, then go."""
        if self.takes_entry():
            super().go_to_task(step)

    def why_not_save(self) -> str | None:
        """There must be something to save, or something being typed."""
        return None if self._entry else self.app.why_not_save()

    def _current(self, row: SheetRow) -> object:
        value = self.session.value(row.path)
        return None if value is MISSING else value

    def _end_entry(self) -> None:
        self._fault, self._edited = "", None
        if self._entry is not None:
            self._entry.remove()
            self._entry = None
        self.set_focus(self.grid)
        self.show_help()
        self.show_keys()

    def _set(self, row: SheetRow, value: object) -> bool:
        setup = self.session.indexed
        field = row.path[-1]
        path = row.path[:-1]
        old = self.session.value(row.path)
        renames = old is not MISSING and value is not MISSING and editing.is_referred_to(row.table, str(field))
        if renames and isinstance(value, (str, int)):
            plan = editing.rename_field(setup, path, str(field), value)
        else:
            plan = editing.set_value(setup, row.path, value)
        if not self.succeeded(self.session.edit(plan)):
            return False
        followed = len(plan.operations) - 1
        said = f"renamed; {followed} reference{'s' if followed > 1 else ''} followed" if renames and followed else ""
        if said or plan.remark:
            self.show_message("; ".join(filter(None, (said, plan.remark))), wrong=bool(plan.remark))
        self.fresh()
        return True

    # Leaving

    def holds(self) -> bool:
        """A value that is being typed."""
        return self._entry is not None and self._entry.is_changed

    async def settle(self) -> bool:
        """Ask whether what is being typed is forgotten."""
        text = "Enter in the field keeps it."
        return await self.confirm("Forget what you typed?", text, yes="Forget", no="Go on typing")

    def step_back(self) -> bool:
        """Leave the entry, then the filter."""
        if self._entry is not None:
            self._end_entry()
        elif self._stopped:
            self._stopped = False
            self.show_help()
        else:
            return super().step_back()
        return True

    def on_resize(self) -> None:
        """Keep the entry over its cell."""
        super().on_resize()
        if self._entry is not None:
            self.call_after_refresh(self._entry.place_over, self.grid, _VALUE)


def _rank(field: Field | None) -> tuple[bool, bool]:
    """The order in which empty fields are opened."""
    return (field is None or not field.required, field is None or field.own)
