"""The task list of one profile: number, Oracle's task name, what is in it, and its state."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path as FilePath
from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content

from omtui.plain_text import plain
from omtui.service.progress import TaskState, state_of
from omtui.service.working_copy import QUICKLY, Committed, branch_of, committed
from omtui.setup.catalogue import TASKS
from omtui.setup.place import Path
from omtui.setup.table import Task
from omtui.workbench.panes.task import task_detail
from omtui.workbench.screens.profile import ProfileScreen
from omtui.workbench.widgets.grid import Cell, Column, Grid
from omtui.workbench.widgets.rail import state_sign

ROOM_FOR_WORDS = 100
"""From how many columns on what is in a task is said in words."""


COMMITTED_WORDS: dict[Committed, str] = {
    "same": ", as committed",
    "differs": ", differs from what is committed: D shows it",
    "new": ", not committed yet",
    "unknown": "",
}


class OverviewScreen(ProfileScreen):
    """All tasks of the profile, with what is in them and their state."""

    has_side: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self._committed: Committed = "unknown"
        self._asked_of: str | None = None
        self._shown: Sequence[Task] = TASKS

    def side(self) -> None:
        """The list is the tasks."""

    def body(self) -> ComposeResult:
        """The list of tasks."""
        yield Grid(id="list", expected=self.list_width)

    def fresh(self) -> None:
        """Show the state of every task."""
        named = (("", 1), ("Step", 4), ("Oracle's task", 30), ("In it", 5), ("State", 10))
        columns = [Column(name, least) for name, least in named]
        states = self.fitting([state_of(self.session, task) for task in TASKS], _text)
        self._shown = [state.task for state in states]
        rows = [self._cells(state) for state in states]
        if any(state.entered for state in states):
            columns.append(Column("Entered", 7))
            for row, state in zip(rows, states, strict=True):
                row.append(Cell(state.entered, "dim"))
        grid = self.grid
        grid.fill(columns, rows, grid.cursor_row if grid.row_count else 0)
        super().fresh()
        # Git is a program: it is started once the screen is drawn, and only in a working copy.
        self.call_after_refresh(self._ask_git)

    def _ask_git(self) -> None:
        """Find out whether the file is the committed one, once for each of its states."""
        session = self.session
        if not self.app.git_answers or self._asked_of == session.file_hash:
            return
        self._asked_of = session.file_hash
        if branch_of(session.path) is not None:
            self.run_worker(self._compare_with_committed(session.path), group="git", exclusive=True)

    async def _compare_with_committed(self, path: FilePath) -> None:
        # Imported here: most starts are not in a working copy, and each millisecond of a start is felt.
        from omtui.credentials.deadline import TimedOut, call_off_loop

        found = await call_off_loop(lambda: committed(path), 2 * QUICKLY)
        if isinstance(found, TimedOut) or found == "unknown":
            self.app.git_answers = False  # it is slow here, or not there: it is not asked again in this run
            found = "unknown"
        self._committed = found
        if self.is_current:
            self.show_bars()

    def path_line(self) -> Content:
        """Under the profile's name its branch in Git, and whether the file is the committed one."""
        branch = branch_of(self.session.path)
        words = f" Git: {branch}{COMMITTED_WORDS[self._committed]}" if branch else " "
        style = "$text-warning" if self._committed in ("differs", "new") else "dim"
        first = Content.styled(f" {plain(self.session.name)}", "bold")
        return Content.assemble(first, "\n", (words, style if branch else "dim"))

    def _cells(self, state: TaskState) -> list[Cell]:
        task = state.task
        sign = state_sign(self.app.signs, state.word)
        level = {"incomplete": "warning", "errors": "error", "changed": "warning", "warnings": "warning"}
        style = self.app.level_style(level.get(state.word, "" if state.word == "empty" else "fine")) or "dim"
        number = task.step if task.step[0].isdigit() else ""
        quiet = "dim" if state.word == "empty" else ""
        return [
            Cell(sign, style),
            Cell(number, "bold"),
            Cell(task.title),
            Cell(state.contents if self.app.size.width >= ROOM_FOR_WORDS else str(state.count or ""), quiet),
            Cell(state.findings, style),
        ]

    def help_lines(self) -> Content:
        """What to do here."""
        return Content.assemble(("Enter opens a task; g and its number goes there from anywhere.", "dim"))

    @property
    def at(self) -> Path | None:
        """Nothing of the profile itself is under the cursor."""
        return None

    def moved(self) -> None:
        """The help is the same for every task."""
        self.show_pane_soon()

    def detail(self) -> Content | None:
        """What the task is for, where it is in Fusion, and what is wrong there."""
        task = self.under_cursor(self._shown)
        return task_detail(self.session, task, self.app.signs, self.app.level_style) if task else None

    def do_edit(self) -> None:
        """Open the task under the cursor."""
        task = self.under_cursor(self._shown)
        if task is not None:
            self.app.show_step(task.step)

    def do_new(self) -> None:
        """Open the task and add to it there."""
        self.do_edit()

    def value_shown(self) -> tuple[str, str] | None:
        """The task's name."""
        task = self.under_cursor(self._shown)
        return ("the task's name", task.title) if task else None

    def do_copy_task(self) -> None:
        """Send the task's name to the clipboard."""
        self.do_copy()

    def plain_lines(self) -> list[str]:
        """The tasks' names."""
        return [task.title for task in TASKS]

    def _nothing(self) -> str | None:
        return "open a task first"

    why_not_new = why_not_definition = why_not_usages = _nothing


def _text(state: TaskState) -> str:
    task = state.task
    return f"{task.step} {task.title} {task.short} {' '.join(task.other_names)} {state.findings}"
