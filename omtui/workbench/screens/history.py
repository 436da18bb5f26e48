"""Who changed what, when and why: of the profile, or of one record; every state to be looked at and brought back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.content import Content

from omtui.credentials.deadline import TimedOut, call_off_loop
from omtui.plain_text import plain
from omtui.problem import Done, Problem
from omtui.service.comparable import kept
from omtui.service.comparing import State
from omtui.service.history import UNSAVED, Event, History, bring_back, history_of, step_words, when
from omtui.service.working_copy import branch_of
from omtui.setup.place import Path, Place
from omtui.store.files import read_file
from omtui.workbench.actions import Where
from omtui.workbench.screens.base import WorkScreen
from omtui.workbench.screens.dialogs import TextWindow
from omtui.workbench.screens.difference import PATIENCE, DifferenceScreen
from omtui.workbench.widgets.grid import Cell, Column


class HistoryScreen(WorkScreen):
    """The newest change first. Enter shows how that state differs from now; it can be brought back as one change."""

    where: ClassVar[Where] = "history"
    opens: ClassVar[str] = "history_open"
    row_decides: ClassVar[bool] = True

    def __init__(self, path: Path = ()) -> None:
        super().__init__()
        self._record = path
        self._path = path
        self._history: History | None = None
        self._of = -1
        self._shown: Sequence[Event] = []

    # Showing

    def fresh(self) -> None:
        """Show what is known; read it again when the profile is another than before."""
        if self._of != self.session.revision:
            self._of = self.session.revision
            self.run_worker(self._read(), group="history", exclusive=True)
        self._draw()
        super().fresh()

    async def _read(self) -> None:
        session = self.session
        journal = self.app.workspace.journal.of(session.path)

        def read() -> History:
            content = read_file(session.path)
            return history_of(journal, session.data, in_file=None if isinstance(content, Problem) else content)

        found = await call_off_loop(read, PATIENCE)
        if isinstance(found, TimedOut):
            self.show_message("the journal does not answer", wrong=True)
            return
        self._history = found
        self._draw()
        super().fresh()
        if found.broken_words:
            self.show_message(found.broken_words, wrong=True)

    def _draw(self) -> None:
        found = self._history
        events = () if found is None else found.of(self._path) if self._path else found.events
        self._shown = self.fitting(events, _text)
        columns = [Column("When", 19), Column("Who", 6), Column("What", 24), Column("Why", 12)]
        self.show_list(columns, [self._cells(event) for event in self._shown], self._empty_words())
        self.show_summary(self._summary())

    def _cells(self, event: Event) -> list[Cell]:
        """When, who, what, why."""
        is_unsaved = event.action == UNSAVED
        style = self.app.level_style("warning") if is_unsaved else ""
        known = event.who or ("you" if is_unsaved else "")
        return [
            Cell(when(event.at), "dim"),
            Cell(known, "dim" if is_unsaved else ""),
            Cell(event.words, style),
            Cell(event.reason),
        ]

    def _summary(self) -> Content:
        if self._history is None:
            return Content.styled(" reading", "dim")
        count = len(self._shown)
        count_words = f" {count} change{'' if count == 1 else 's'}"
        whose = f" of {plain(self._place)}" if self._place else ""
        branch = branch_of(self.session.path)
        return Content.assemble(
            (f"{count_words}{whose}", "bold"),
            (f"   {len(self._history.states)} states kept", "dim"),
            (f"   Git: {branch}" if branch else "", "dim"),
            (f"   filter: {plain(self.words)}" if self.words else "", "$text-warning"),
            ("   the record was tampered with" if self._history.broken_at is not None else "", "bold $text-error"),
        )

    @property
    def _place(self) -> Place | None:
        return self.session.indexed.place(self._path) if self._path else None

    def _empty_words(self) -> str:
        if self._history is None:
            return self.app.signs.ellipsis
        if self.words:
            return "No change fits the filter. Escape takes it away."
        return "Nothing was changed with omtui on this machine yet. D compares with a Git revision."

    def path_line(self) -> Content:
        """Whose history."""
        signs = self.app.signs
        parts = [self.session.name, "History", *([str(self._place)] if self._place else [])]
        line = f" {signs.then} ".join(plain(part) for part in parts)
        return Content.assemble(
            (f" {line}", "bold"), "\n", (" What another program changed has no name next to it.", "dim")
        )

    def help_lines(self) -> Content:
        """What the change under the cursor did, value by value."""
        event = self.current()
        if event is None:
            return Content("")
        lines = self._lines(event)[:2]
        more = len(event.operations) - len(lines)
        width = max(20, self.app.size.width - 3)
        return Content.assemble(
            (plain(event.words), "bold"),
            (f"   and {more} more: space shows all" if more > 0 else "", "dim"),
            *(f"\n{self.app.signs.cut(line, width)}" for line in lines),
        )

    def _lines(self, event: Event) -> list[str]:
        """Each operation of a change in one line."""
        return [step_words(*each, arrow=self.app.signs.call) for each in event.steps]

    # What to do with a state

    @work(group="open", exclusive=True)
    async def do_history_open(self) -> None:
        """How the state after this change differs from now."""
        state = await self._load()
        if state is not None:
            self.app.push_screen(DifferenceScreen(state, path=self._path))

    async def _load(self) -> State | None:
        event = self.current()
        if event is None:
            return None
        workspace, path = self.app.workspace, self.session.path
        loaded = await call_off_loop(lambda: kept(workspace, path, event.state, when(event.at)), PATIENCE)
        if isinstance(loaded, State):
            return loaded
        self.show_message("the journal does not answer" if isinstance(loaded, TimedOut) else loaded.message, wrong=True)
        return None

    def _why_no_state(self) -> str | None:
        event = self.current()
        if event is None:
            return "there is no change under the cursor"
        if event.action == UNSAVED:
            return "this is the present state"
        return None if event.state else "that state is not kept"

    why_not_history_open = _why_no_state

    @work(group="open", exclusive=True)
    async def do_history_back(self) -> None:
        """Make the profile, or the record, say again what it said after this change."""
        state = await self._load()
        if state is None:
            return
        words, path = state.name.rpartition("@")[2], self._path or None
        plan = bring_back(self.session, state.data, words, path, returns_to=state.hash)
        if plan is None:
            self.show_message("nothing differs from that state", wrong=True)
            return
        outcome = self.session.edit(plan)
        done = isinstance(outcome, Done)
        self.fresh()
        self.show_message(f"{outcome}; ctrl+z takes it back" if done else str(outcome), wrong=not done)

    why_not_history_back = _why_no_state

    def do_history_all(self) -> None:
        """The whole profile's history, or the record's again."""
        self._path = () if self._path else self._record
        self.fresh()

    def why_not_history_all(self) -> str | None:
        """It must have come from a record."""
        return None if self._record else "this is all; L on a record shows that record's"

    def do_history_full(self) -> None:
        """Everything that the change did."""
        if (content := self.detail()) is not None:
            self.app.push_screen(TextWindow("One change", content))

    def detail(self) -> Content | None:
        """The change under the cursor: when, who, why, and value by value."""
        event = self.current()
        if event is None:
            return None
        facts = [("When", when(event.at)), ("Who", f"{event.who} on {event.host}" if event.host else event.who)]
        facts += [("Why", event.reason), ("Entry", f"{event.number or ''}"), ("Hash", event.hash)]
        parts = [Content.styled(plain(event.words), "bold")]
        parts += [Content(f"{name:<6}{plain(value)}") for name, value in facts if value]
        parts += [Content("")] + [Content(line) for line in self._lines(event)]
        return Content("\n").join(parts)

    def why_not_history_full(self) -> str | None:
        """There must be one."""
        return None if self.current() else "there is no change under the cursor"

    def do_history_undo(self) -> None:
        """Take back the last change of the profile."""
        self.carry_out("undo")

    def current(self) -> Event | None:
        """The change under the cursor."""
        return self.under_cursor(self._shown)


def _text(event: Event) -> str:
    return f"{when(event.at)} {event.who} {event.words} {event.reason}"
