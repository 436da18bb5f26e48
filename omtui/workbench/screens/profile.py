"""What every screen of an open profile shares: the session, values to copy, references to follow, undo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.content import Content
from textual.widget import Widget

from omtui.plain_text import plain
from omtui.problem import Done, Outcome, Problem
from omtui.service import editing, progress
from omtui.service.editing import Plan
from omtui.setup.catalogue import TABLES, TASKS
from omtui.setup.field import Field
from omtui.setup.indexed import text
from omtui.setup.place import Path, table_at
from omtui.setup.references import choices, definition, usages
from omtui.setup.routing import CONDITION
from omtui.setup.rule_line import print_rule
from omtui.setup.table import Table, Task
from omtui.setup.values import shown
from omtui.store.anchor import Anchor
from omtui.store.change import MISSING, Set
from omtui.workbench.actions import Where
from omtui.workbench.screens.base import WIDE, WorkScreen
from omtui.workbench.screens.dialogs import Choice, Chooser
from omtui.workbench.screens.rule_line import RuleLine
from omtui.workbench.widgets.rail import WIDTH as RAIL_WIDTH
from omtui.workbench.widgets.rail import Rail


class ProfileScreen(WorkScreen):
    """A screen of an open profile. `at` is the path under the cursor, `setup_task` the task it serves."""

    where: ClassVar[Where] = "profile"
    opens: ClassVar[str] = "edit"
    setup_task: Task | None = None
    came_for: tuple[int, tuple[str, ...]] | None = None
    """The field to put right for which the screen was opened, as its task and its place in the file."""
    has_side: ClassVar[bool] = True

    @property
    def at(self) -> Path | None:
        """The path of what is under the cursor; `None` when there is nothing."""
        return None

    def do_next_gap(self) -> None:
        """Go to the next field to fill in or put right, step by step, from the first one after the last."""
        gaps = progress.gaps(self.session)
        task = progress.TASK_ORDER[self.setup_task.step] if self.setup_task else -1
        here = self.came_for or (task, progress.order_of(self.at or ()))
        number = next((number for number, gap in enumerate(gaps) if gap[:2] > here), 0)
        finding = gaps[number].found.finding
        again = "; that was the last one, this is the first" if here >= gaps[-1][:2] and len(gaps) > 1 else ""
        self.app.go_to_gap(gaps[number], f"{number + 1} of {len(gaps)}: {finding.message}{again}")

    def why_not_next_gap(self) -> str | None:
        """There must be one."""
        counts = self.session.counts
        return None if counts["error"] or counts["warning"] else "nothing is left to fill in or put right"

    def do_next_task(self) -> None:
        """Go on to the next task."""
        self.go_to_task(1)

    def do_previous_task(self) -> None:
        """Go back to the task before."""
        self.go_to_task(-1)

    def go_to_task(self, step: int) -> None:
        """Show the task so many further on; after the last one comes the first."""
        here = progress.TASK_ORDER[self.setup_task.step] if self.setup_task else -1 if step > 0 else 0
        self.app.show_step(TASKS[(here + step) % len(TASKS)].step)

    def concerns(self, path: Path) -> bool:
        """Whether a finding at a path belongs to this screen."""
        return self.setup_task is None or progress.concerns(self.session, self.setup_task, path)

    def fresh(self) -> None:
        """Draw the bars; a big profile is checked when its person pauses."""
        super().fresh()
        if not self.session.is_checked:
            self.app.check_soon()

    def follow(self) -> bool:
        """Follow the record that the screen is about; whether it is still there."""
        return True

    # The tasks at the left

    def side(self) -> Widget | None:
        """The tasks, on wide screens."""
        rail = Rail()
        rail.display = self.app.size.width >= WIDE
        return rail

    @property
    def list_width(self) -> int:
        """The width that the tasks leave."""
        rail = RAIL_WIDTH if self.app.size.width >= WIDE and self.has_side else 0
        return super().list_width - rail

    def on_resize(self) -> None:
        """Show the tasks when there is room for them."""
        for rail in self.query(Rail):
            if rail.display != (self.app.size.width >= WIDE):
                rail.display = not rail.display
                self.show_bars()

    def show_bars(self) -> None:
        """Draw the tasks too."""
        super().show_bars()
        for rail in self.query(Rail):
            if self.app.size.width >= WIDE:
                here = self.setup_task.step if self.setup_task else ""
                rail.show_states([progress.state_of(self.session, task) for task in TASKS], here, self.app.signs)

    def on_rail_task_clicked(self, message: Rail.TaskClicked) -> None:
        """A task was clicked."""
        self.app.show_step(message.step)

    # Words

    def path_line(self) -> Content:
        """Step, task and record; then where the page is in Fusion."""
        signs = self.app.signs
        parts = [*self.steps_here()]
        arrow = f" {signs.then} "
        first = Content.assemble((" " + arrow.join(plain(part) for part in parts), "bold"))
        task = self.setup_task
        where = arrow.join(task.navigation[:-1]) if task and task.offering else ""
        if task and task.page:
            where += f"{'   page: ' if where else ''}{task.page}"
        if task and task.other_names:
            where += f"   also: {', '.join(task.other_names)}"
        return Content.assemble(first, "\n", (f" {where}" if where else " ", "dim"))

    def steps_here(self) -> list[str]:
        """The names on the way to this screen."""
        if self.setup_task is None:
            return [self.session.name]
        number = self.setup_task.step if self.setup_task.step[0].isdigit() else ""
        return [f"{number} {self.setup_task.title}".strip()]

    def about(self) -> str:
        """What the findings of this screen are called."""
        return f"Findings of {self.setup_task.title}" if self.setup_task else "All findings"

    def plain_lines(self) -> list[str]:
        """The values of the screen, one a line."""
        return []

    # References and search

    def do_definition(self) -> None:
        """Open the record that the value under the cursor names."""
        target = definition(self.session.indexed, self.at) if self.at else None
        if target is None:
            self.show_message(
                "nothing is defined elsewhere for this value: it names no record of the profile", wrong=True
            )
        else:
            self.app.show_path(target)

    @work
    async def do_usages(self) -> None:
        """List what refers to the record under the cursor."""
        setup = self.session.indexed
        path = self.at
        while path and not isinstance(path[-1], int):
            path = path[:-1]
        found = usages(setup, path) if path else []
        if not found or path is None:
            self.show_message("nothing refers to this record", wrong=True)
            return
        listed = [
            Choice(str(number), str(setup.place(each.path)), each.field.label) for number, each in enumerate(found)
        ]
        chosen = await self.choose(f"Usages of {setup.place(path)}", listed)
        if chosen is not None:
            self.app.show_path(found[int(chosen)].path)

    # Values

    def value_shown(self) -> tuple[str, str] | None:
        """The label and the value under the cursor, for the clipboard; `None` when there is none."""
        return None

    def go_next(self) -> None:
        """Move the cursor to the next value."""
        self.grid.action_step(1)

    def go_to_next_of(self, values: Sequence[str | None]) -> None:
        """Move the cursor to the next row that has a value."""
        following = range(self.grid.cursor_row + 1, len(values))
        number = next((number for number in following if values[number]), None)
        if number is not None:
            self.grid.move_cursor(number)

    def do_copy(self) -> None:
        """Send the value under the cursor to the terminal's clipboard."""
        value = self.value_shown()
        if value is None or not value[1]:
            self.show_message("there is no value under the cursor", wrong=True)
            return
        self.give_to_clipboard(value[1], value[0])

    def do_copy_next(self) -> None:
        """Copy, then go to the next value."""
        self.do_copy()
        self.go_next()

    def do_copy_task(self) -> None:
        """Send the task's name to the clipboard, for Oracle's search box."""
        if self.setup_task is None or not (self.setup_task.offering or self.setup_task.step == "6"):
            self.show_message("this screen has no task of Oracle's", wrong=True)
            return
        self.give_to_clipboard(self.setup_task.title, "the task's name")

    # Changes

    def succeeded(self, outcome: Outcome) -> bool:
        """Whether it was done; if not, show why."""
        if isinstance(outcome, Done):
            self.app.call_later(self.app.say_news)
            return True
        self.show_message(str(outcome), wrong=True)
        return False

    def edited(self, plan: Plan) -> bool:
        """Make a change, and go to what it is about; whether it could be made."""
        done = self.succeeded(self.session.edit(plan))
        if done:
            self.select(plan.path)
        return done

    def select(self, path: Path) -> None:
        """Put the cursor on a record or a field."""

    async def ask_key(self, table: Table, field: Field, offered: Sequence[str]) -> str | None:
        """Ask for a new record's key: chosen of what is offered, or typed. It may stay empty; `None` when left.

        It is always asked first, so that what is typed after `n` is never a command.
        """
        title = f"New {table.singular}: {field.label}"
        if offered:
            listed = [Choice(word, word) for word in offered]
            return await self.app.push_screen_wait(Chooser(title, listed, accepts_other=True))
        return await self.ask(title, f"{field.help} It can be left empty for now.".strip())

    def _rule_path(self) -> Path | None:
        """The routing rule that the cursor is on, or in."""
        at = self.at
        return at[:2] if at and at[0] == "routing_rules" and len(at) > 1 else None

    def why_not_rule_line(self) -> str | None:
        """The cursor must be on a routing rule."""
        return None if self._rule_path() else "only a routing rule is one line"

    @work
    async def do_rule_line(self) -> None:
        """Type the whole rule in one line; one that the line cannot hold opens as a tree."""
        path = self._rule_path()
        rule = self.session.value(path) if path else None
        if path is None or not isinstance(rule, dict):
            return
        line = print_rule(rule)
        if isinstance(line, Problem):
            self.app.show_path(path)
            screen = self.app.screen
            if isinstance(screen, WorkScreen):
                screen.call_after_refresh(screen.show_message, str(line), wrong=True)
            return
        setup, anchor = self.session.indexed, Anchor(self.session.data, path)
        value = CONDITION.by_name["value"]
        found = await self.app.push_screen_wait(
            RuleLine(
                f"{text(rule, 'name')}: the whole rule",
                line,
                setup.by_key("connectors"),
                lambda attribute: choices(setup, {"attribute": attribute}, value),
            )
        )
        now = anchor.found(self.session.data)
        if found is not None and now is not None:
            plan = editing.set_rule(self.session.indexed, now, found)
            if self.succeeded(self.session.edit(plan)):
                self.fresh()

    def why_not_definition(self) -> str | None:
        """Whether there is something to follow."""
        return None if self.at else "there is nothing under the cursor"

    why_not_usages = why_not_definition

    def offered(self, path: Path) -> list[str]:
        """What can be chosen for the field at a path."""
        table, field = field_at(path)
        if table is None or field is None:
            return []
        record = self.session.value(path[:-1])
        return choices(self.session.indexed, record if isinstance(record, dict) else {}, field, path[:-1])

    def proposed(self, path: Path) -> dict[str, str]:
        """What an empty field most probably holds, with the reason: what a check asks for, and Oracle's default."""
        _, field = field_at(path)
        if field is None or self.session.value(path) is not MISSING:
            return {}
        found = {shown(field.default): "Oracle's default"} if field.default and not field.own else {}
        for each in self.session.results_at(path):
            for operation in each.finding.operations:
                if isinstance(operation, Set) and operation.path == path and isinstance(operation.new, str):
                    found[operation.new] = f"proposed by {each.finding.check}"
        return found

    def remark_of(self, path: Path, value: str) -> str:
        """The remark next to a choice: the name of the record that it names."""
        _, field = field_at(path)
        for reference in field.refers if field else ():
            for found in self.session.indexed.by(reference.table, reference.field).get(value, [])[:1]:
                target = TABLES[reference.table]
                for name in ("title", "description", "type", "invocation_mode", "operation", "display", "code"):
                    if name in target.by_name and text(found.record, name) not in ("", value):
                        return text(found.record, name)
                return target.singular
        return ""


def field_at(path: Path) -> tuple[Table | None, Field | None]:
    """The field at a path, and its table."""
    table = table_at(path[:-1])
    return table, table.by_name.get(str(path[-1])) if table else None
