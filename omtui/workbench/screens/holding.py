"""The records that a record holds: added, copied, moved, removed on the sheet of the one around them."""

from __future__ import annotations

from collections.abc import Mapping

from textual import work

from omtui.service import editing
from omtui.setup.field import Field
from omtui.setup.indexed import text
from omtui.setup.place import Path, key_text
from omtui.store.change import MISSING
from omtui.workbench.actions import BY_NAME
from omtui.workbench.conditions import Addition, additions, plan_addition, plan_removal
from omtui.workbench.keymap import key_name
from omtui.workbench.screens.dialogs import Choice
from omtui.workbench.screens.sheet import SheetScreen
from omtui.workbench.sheets import SheetRow


class HoldingScreen(SheetScreen):
    """A sheet to whose lists records are added."""

    def takes_entry(self) -> bool:
        """End what is being typed by taking it; false where it is no value of its field."""
        return True

    @work
    async def do_new(self) -> None:
        """Add what belongs where the cursor is, else to the lists of the record."""
        if not self.takes_entry():
            return
        kinds = self._what_can_be_added(self.row) or self._lists()
        if not kinds:
            self.show_message(f"a {self.table.singular} holds no list; {self._another_words}", wrong=True)
        elif len(kinds) == 1:
            await self._add(kinds[0])
        else:
            listed = [Choice(str(number), kind[0], kind[1]) for number, kind in enumerate(kinds)]
            chosen = await self.choose("Add", listed)
            if chosen is not None:
                await self._add(kinds[int(chosen)])

    def _what_can_be_added(self, row: SheetRow | None) -> list[Addition]:
        """What can be added at a row: title, remark, what, and the path that it is added to."""
        if row is None:
            return []
        if self.path[0] == "routing_rules":
            return additions(self.path, row)
        if row.rows is not None:
            return [(row.table.singular, row.table.help, "record", row.rows)]
        return []

    def _lists(self) -> list[Addition]:
        """What the lists of the record can hold."""
        sections = [row for row in self._rows if row.kind == "section" and row.rows is not None]
        return [found for row in sections for found in self._what_can_be_added(row)]

    @property
    def _another_words(self) -> str:
        key = self.app.signs.ascii_text(key_name(self.app.keymap.of(BY_NAME["another"])[0]))
        return f"{key} adds another {self.table.singular}"

    def do_another(self) -> None:
        """Take what is being typed, and add a record next to this one."""
        if self.takes_entry():
            self.app.add_another(self.path)

    def why_not_another(self) -> str | None:
        """It must be a record of a list."""
        return None if isinstance(self.path[-1], int) else f"there is one {self.table.singular} only"

    @work
    async def add_next_to(self, path: Path) -> None:
        """Add a record next to one that this record holds."""
        what = {"routing_rules.when": "condition", "routing_rules.then": "action"}.get(editing.table_of(path).path)
        await self._add(("", "", what or "record", path if what == "condition" else path[:-1]))

    async def _add(self, kind: Addition) -> None:
        _, _, what, rows = kind
        if what != "record":
            plan = plan_addition(self.session.indexed, what, rows)
            if self.edited(plan) and what in ("condition", "or", "action", "last action"):
                self.app.show_record(plan.path, new=True)
            return
        table = editing.table_of(rows)
        if table.key is None:
            self._add_record(rows, None)
            return
        key = table.by_name[table.key]
        name = table.by_name["name"] if key.kind == "integer" else key  # a step's number is given, its name is asked
        offered = [] if name is not key else self.offered((*rows, 0, key.name)) or self._words_for(rows)
        word = await self.ask_key(table, name, offered)
        if word is not None and name is not key:
            self._add_record(rows, self._next_number(rows, key), {name.name: word} if word else {})
        elif word is not None:
            self._add_record(rows, word)

    def _words_for(self, rows: Path) -> list[str]:
        """The values a trigger point's details can have: they depend on which trigger point it is."""
        from omtui.setup.trigger_points import (
            ATTRIBUTE_UPDATE,
            HEADER_STATUS,
            HEADER_STATUSES,
            HOLD,
            JEOPARDY,
            JEOPARDY_PRIORITIES,
            ORDER_ATTRIBUTES,
            RELEASE_HOLD,
        )

        if rows[0] != "trigger_points" or rows[-1] != "details":
            return []
        known = {
            JEOPARDY: JEOPARDY_PRIORITIES,
            HEADER_STATUS: HEADER_STATUSES,
            ATTRIBUTE_UPDATE: ORDER_ATTRIBUTES,
            HOLD: (HOLD,),
            RELEASE_HOLD: (RELEASE_HOLD,),
        }
        taken = {key_text(each, "value") for each in self.session.records_at(rows)}
        return [word for word in known.get(text(self.record, "name"), ()) if word not in taken]

    def _next_number(self, rows: Path, key: Field) -> int:
        numbers = [each.get(key.name) for each in self.session.records_at(rows)]
        return max((number for number in numbers if isinstance(number, int)), default=0) // 100 * 100 + 100

    def _add_record(self, rows: Path, key: object, values: Mapping[str, object] | None = None) -> None:
        plan = editing.add_record(self.session.indexed, rows, key, values=values)
        if self.edited(plan):
            self.app.show_record(plan.path, new=True)

    def do_duplicate(self) -> None:
        """Copy the nested record under the cursor."""
        row = self.row
        if row and isinstance(row.path[-1], int):
            self.edited(editing.duplicate_record(self.session.indexed, row.path))

    def do_remove(self) -> None:
        """Clear the field, or remove the nested record."""
        row = self.row
        if row is None:
            return
        if row.kind == "field":
            plan = editing.set_value(self.session.indexed, row.path, MISSING)
        else:
            removal = plan_removal(self.session.indexed, row.path, row.kind)
            if removal is None:
                self.show_message("this cannot be removed by itself", wrong=True)
                return
            plan = removal
        if self.succeeded(self.session.edit(plan)):
            if isinstance(row.path[-1], int):
                left = len(self.session.records_at(row.path[:-1]))
                self._focus = (*row.path[:-1], min(row.path[-1], left - 1)) if left else row.path[:-1]
            self.fresh()

    def do_move_up(self) -> None:
        """Move the nested record up."""
        self._move(-1)

    def do_move_down(self) -> None:
        """Move the nested record down."""
        self._move(1)

    def _move(self, step: int) -> None:
        row = self.row
        if row and isinstance(row.path[-1], int):
            self.edited(editing.move_record(self.session.indexed, row.path, row.path[-1] + step))

    def _why_no_record(self) -> str | None:
        row = self.row
        return None if row and isinstance(row.path[-1], int) else "the cursor is on no record of a list"

    why_not_duplicate = why_not_move_up = why_not_move_down = _why_no_record
