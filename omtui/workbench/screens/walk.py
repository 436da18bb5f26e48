"""The walk-through: one record at a time, with the values to paste into Oracle's page, ticked when it was entered."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.content import Content

from omtui.plain_text import plain
from omtui.problem import Done, Wrong
from omtui.service import documenting, walking
from omtui.service.reviewing import put
from omtui.setup.indexed import Indexed, text
from omtui.setup.place import Path
from omtui.workbench.actions import Where
from omtui.workbench.screens.dialogs import Choice
from omtui.workbench.screens.profile import ProfileScreen
from omtui.workbench.walk_rows import (
    WalkEntry,
    WalkRow,
    entries,
    entries_after_refresh,
    first_entry,
    rows_of,
    state_sign,
    state_words,
)
from omtui.workbench.widgets.bars import Bar
from omtui.workbench.widgets.grid import Cell, Column, Grid
from omtui.workbench.widgets.rail import Rail

ROOM_FOR_PROCEDURE = 20
"""From how many lines on it is said above the values how the page is worked."""

ROOM_FOR_LINES = 32
"""From how many lines on each thing to do there has a line of its own."""


class WalkScreen(ProfileScreen, inherit_bindings=False):
    """One record of the walk-through: where its page is, how it is worked, what to enter; ticked with name and time.

    Begins at the record at `path`, at the first one of `step`, or at the next that is to be done.
    """

    where: ClassVar[Where] = "walk"
    filters: ClassVar[bool] = False
    opens: ClassVar[str] = "walk_record"

    def __init__(self, path: Path = (), step: str = "") -> None:
        super().__init__()
        self._start = path, step
        self._entries: list[WalkEntry] = []
        self._known: object = None
        self._here = 0
        self._drawn = ""
        self._rows: list[WalkRow] = []
        self._after_refresh = False
        self._by = ""

    @property
    def entry(self) -> WalkEntry | None:
        """What is shown."""
        return self._entries[self._here] if self._entries else None

    @property
    def at(self) -> Path | None:
        """The record that is shown."""
        return self.entry.item.path or None if self.entry else None

    # Showing

    def body(self) -> ComposeResult:
        """The summary, the rows, and the text shown when there is nothing to do."""
        yield Bar(id="tabs")
        yield Bar(id="how")
        yield Grid(id="list", expected=self.list_width)
        yield Bar(id="empty")

    def fresh(self) -> None:
        """Show the record, and how far the whole is."""
        self._update_entries()
        entry = self.entry
        self.setup_task = entry.task if entry else None
        self._rows = rows_of(entry) if entry else []
        cursor = None
        if entry is not None and entry.item.place != self._drawn:
            self._drawn = entry.item.place
            cursor = 0
        how = self.query_one("#how", Bar)
        said = self._procedure()
        how.display = bool(said.plain) and self.app.size.height >= ROOM_FOR_PROCEDURE
        how.show(said)
        rows = [self._cells(row) for row in self._rows]
        columns = [Column("Do", 24), Column("Value", 20), Column("Remark", 8)]
        filled = [number for number in range(len(columns)) if not number or any(row[number].text for row in rows)]
        rows = [[row[number] for number in filled] for row in rows]
        self.show_list([columns[number] for number in filled], rows, plain(self._nothing()), cursor)
        self.show_summary(self._summary())
        super().fresh()

    def _update_entries(self) -> None:
        """List what is to be done, if anything changed; what was shown stays in view."""
        session = self.session
        known = (session.revision, session.walk.ticks.mark, self._after_refresh)
        if known == self._known:
            return
        before = self.entry
        self._known = known
        setup, progress = session.indexed, session.walk.progress
        if self._after_refresh:
            self._entries = entries_after_refresh(setup, progress, self._source())
        else:
            self._entries = entries(setup, progress)
        if before is not None:
            same = (number for number, each in enumerate(self._entries) if each.item.place == before.item.place)
            self._here = next(same, min(self._here, len(self._entries) - 1))
        else:
            self._here = first_entry(self._entries, *self._start)
        self._here = max(0, self._here)

    def _source(self) -> Indexed | None:
        """The profile of the pod that was copied over this one, where the library has it."""
        name = text(self.session.indexed.single("pod"), "refreshed_from")
        data = self.app.workspace.data(name) if name else None
        return Indexed(data) if data is not None else None

    def _cells(self, row: WalkRow) -> list[Cell]:
        return [Cell(row.text, "bold" if row.heading else ""), Cell(row.value or "", "bold"), Cell(row.remark, "dim")]

    def _summary(self) -> Content:
        entry = self.entry
        what = "after the refresh" if self._after_refresh else "walk-through"
        if entry is None:
            return Content.styled(f" {what}", "bold")
        sign, level = state_sign(entry, self.app.signs)
        if trouble := self.session.walk.ticks.trouble:
            return Content.styled(f" {plain(trouble)}", self.app.level_style("error"))
        whole = self.session.walk.counts.get("")
        return Content.assemble(
            (f" {self._here + 1} of {len(self._entries)} ", "bold"),
            (f" {sign} {plain(state_words(entry))}", self.app.level_style(level) or "bold"),
            (f"   {what}: {whole.short}" if whole else f"   {what}", "dim"),
        )

    def _procedure(self) -> Content:
        """How the page is worked, and what was noted of the record."""
        entry = self.entry
        if entry is None:
            return Content("")
        between = "\n" if self.app.size.height >= ROOM_FOR_LINES else "  "
        steps = between.join(
            f"{number}. {plain(each)}" for number, each in enumerate(entry.task.procedure if entry.task else (), 1)
        )
        parts = [
            (f"{plain(entry.item.harm)}\n", self.app.level_style("error")),
            (steps, "dim"),
            *((f"\nNote: {plain(each)}", "") for each in entry.item.notes),
        ]
        return Content.assemble(*(part for part in parts if part[0].strip()))

    def _nothing(self) -> str:
        if self._after_refresh:
            return "Everything that the refresh overwrote was entered and ticked since; a shows all records."
        return "The profile has nothing to enter yet."

    def path_line(self) -> Content:
        """Step, task, record; then the way to the page in Fusion."""
        entry = self.entry
        arrow = f" {self.app.signs.then} "
        if entry is None:
            return Content.assemble((" Walk-through\n", "bold"), " ")
        number = f"{entry.section.step} " if entry.section.step[:1].isdigit() else ""
        here = arrow.join(dict.fromkeys((f"{number}{entry.section.title}", entry.title)))
        way = arrow.join(entry.section.navigation) or entry.section.purpose
        return Content.assemble((f" {plain(here)}\n", "bold"), (f" {plain(way)}", "dim"))

    def help_lines(self) -> Content:
        """The row under the cursor in full."""
        row = self.row
        if row is None:
            return Content("")
        if row.value is not None:
            return Content.assemble(
                (f"{plain(row.text.strip())}: ", "dim"),
                (plain(row.value), "bold"),
                (f"   {plain(row.remark)}" if row.remark else "", "dim"),
            )
        remark = f" ({row.remark})" if row.remark else ""
        return Content(plain(f"{row.text.strip()}{remark}"))

    @property
    def row(self) -> WalkRow | None:
        """The row under the cursor."""
        return self.under_cursor(self._rows)

    # Values

    def value_shown(self) -> tuple[str, str] | None:
        """The value to paste."""
        row = self.row
        return (row.text.strip(), row.value) if row and row.value is not None else None

    def go_next(self) -> None:
        """The next value of the record."""
        self.go_to_next_of([row.value for row in self._rows])

    def plain_lines(self) -> list[str]:
        """The values, one a line."""
        return [row.value for row in self._rows if row.value]

    # Going about

    def _why_nothing(self) -> str | None:
        return None if self._entries else "there is nothing to enter"

    why_not_walk_tick = why_not_walk_skip = why_not_walk_note = why_not_walk_take_back = _why_nothing
    why_not_walk_open = why_not_walk_list = why_not_walk_next = why_not_walk_previous = _why_nothing
    why_not_copy = why_not_copy_next = _why_nothing

    def _go(self, number: int) -> None:
        if 0 <= number < len(self._entries):
            self._here = number
            self.fresh()
        else:
            self.show_message(f"this is the {'first' if number < 0 else 'last'} one")

    def do_walk_next(self) -> None:
        """The record after."""
        self._go(self._here + 1)

    def do_walk_previous(self) -> None:
        """The record before."""
        self._go(self._here - 1)

    def do_walk_open(self) -> None:
        """The next one that is to be done, from the beginning again when there is none after this one."""
        count = len(self._entries)
        for step in range(1, count + 1):
            number = (self._here + step) % count
            if self._entries[number].is_open:
                if number == self._here:
                    self.show_message("this is the only one that is left")
                else:
                    self._go(number)
                return
        self.show_message("everything was entered")

    @work
    async def do_walk_list(self) -> None:
        """Choose one of all."""
        listed = []
        for number, each in enumerate(self._entries):
            step = f"{each.section.step:<4}" if each.section.step[:1].isdigit() else "    "
            title = f"{state_sign(each, self.app.signs)[0]} {step}{each.title}"
            listed.append(Choice(str(number), title, state_words(each), also=f"{each.item.place} {each.section.title}"))

        chosen = await self.choose("Walk-through", listed)
        if chosen is not None:
            self._go(int(chosen))

    def do_walk_refresh(self) -> None:
        """Only what a refresh of the pod overwrote, or everything again."""
        self._after_refresh = not self._after_refresh
        self._start, self._drawn, self._entries, self._here = ((), ""), "", [], 0
        self.fresh()

    def why_not_walk_refresh(self) -> str | None:
        """A refresh must have been noted."""
        if self._after_refresh or text(self.session.indexed.single("pod"), "refreshed_on"):
            return None
        return "no refresh of this pod is noted; f notes one"

    @work
    async def do_walk_refreshed(self) -> None:
        """Note that another pod was copied over this one: what that overwrote is to be entered again."""
        names = [name for name in self.app.workspace.names() if name != self.session.name]

        listed = [Choice(name, name) for name in names]
        title = "Which pod was copied over this one"
        source = await self.choose(title, listed, empty="The library has no other profile.")
        if source is None:
            return
        day = await self.ask("On which day?", "For example 2026-10-02.", value=f"{date.today()}")
        if day is None:
            return
        session = self.session
        on = walking.refresh_day(day)
        if isinstance(on, Wrong):
            self.show_message(str(on), wrong=True)
            return
        again = session.value(("pod", "refreshed_on")) == on
        noted = walking.note_refresh(session, source, on)
        if not self.succeeded(noted):
            return
        refresh = walking.Refresh(session.walk.ticks, session.indexed, self._source(), on, again=again)
        outcome = refresh.carry_out()
        taken = "1 tick" if len(refresh.gone) == 1 else f"{len(refresh.gone)} ticks"
        words = f"{taken} taken away; ctrl+s keeps the day" if isinstance(outcome, Done) else str(outcome)
        session.revision += 1
        odd = walking.why_odd(session, source)
        self.show_message("; ".join(filter(None, (words, odd))), wrong=bool(odd) or not isinstance(outcome, Done))
        if not self._after_refresh:
            self.do_walk_refresh()

    def do_walk_record(self) -> None:
        """Open the record itself."""
        if self.at is not None:
            self.app.show_path(self.at)

    def why_not_walk_record(self) -> str | None:
        """There must be a record."""
        return None if self.at else "there is no record behind this"

    def on_rail_task_clicked(self, message: Rail.TaskClicked) -> None:
        """A task was clicked: its first record, else its list."""
        for number, each in enumerate(self._entries):
            if each.section.step == message.step:
                self._go(number)
                return
        self.app.show_step(message.step)

    def step_back(self) -> bool:
        """From what a refresh overwrote to everything."""
        if self._after_refresh:
            self.do_walk_refresh()
            return True
        return False

    # Ticking

    def do_walk_tick(self) -> None:
        """Mark the record as entered; of one that is marked, ask whether to take that back."""
        entry = self.entry
        if entry is not None and not entry.is_open and not self._after_refresh:
            self.do_walk_take_back()
        else:
            self._tick()

    @work
    async def do_walk_skip(self) -> None:
        """Leave the record out on purpose; why is asked."""
        note = await self.ask("Leave out on purpose: why?", "It counts as done, with your name and the time.")
        if note is not None:
            self._tick(note=note.strip(), skip=True)

    @work
    async def do_walk_note(self) -> None:
        """Mark the record as entered, with a remark."""
        done = self.entry.item.done if self.entry else None
        text = "A remark that is kept with the tick."
        note = await self.ask("Tick with a note", text, value=done.note if done else "")
        if note is not None:
            self._tick(note=note.strip(), skip=bool(done and done.skipped))

    @work
    async def do_walk_take_back(self) -> None:
        """Take the tick away, once that was confirmed."""
        entry = self.entry
        if entry is None or entry.item.done is None:
            self.show_message("this is not ticked", wrong=True)
            return
        place = entry.item.done.place
        whole = f" It is a tick of the whole step {place}." if place == entry.section.step and entry.item.path else ""
        text = f"{plain(entry.title)}: {plain(state_words(entry))}.{whole}"
        if await self.confirm("Take the tick back?", text, yes="Take back", no="Keep"):
            self._report(self.session.walk.take_back([place]))

    @work
    async def do_walk_by(self) -> None:
        """Who ticks from here on."""
        name = await self.ask("Who ticks", "The name that is kept with each tick.", value=self._who)
        if name and name.strip():
            self._by = name.strip()
            self.show_message(f"ticked by {self._by} from here on")

    @property
    def _who(self) -> str:
        return self._by or walking.person()

    def _tick(self, note: str = "", *, skip: bool = False) -> None:
        entry = self.entry
        if entry is None:
            return
        gone = [entry.item.place] if entry.item.action == "remove" else []
        outcome = self.session.walk.tick([entry.item.place], by=self._who, note=note, skip=skip, gone=gone)
        left = isinstance(outcome, Done) and any(
            each.is_open for each in self._entries if each.item.place != entry.item.place
        )
        self._report(Done(f"{outcome}; n goes to the next") if left else outcome)

    def _report(self, outcome: object) -> None:
        self.show_outcome(outcome)
        self.fresh()

    # A document of it

    @work
    async def do_walk_export(self) -> None:
        """Write the walk-through to a file."""
        text = "The ending chooses: .html with a copy button at each value, .md, .csv, .xlsx."
        path = await self.ask_file("Write the walk-through to", text, value=f"{self.session.name}-runbook.html")
        if path is None:
            return
        form = documenting.form_of(path.name)
        if isinstance(form, Wrong):
            self.show_message(str(form), wrong=True)
            return
        setup = self.session.indexed
        if form == "xlsx":
            content = documenting.workbook_bytes(setup)[0]
        else:
            refresh = self._after_refresh
            source = self._source() if refresh else None
            progress = self.session.walk.progress
            made = documenting.made_runbook(setup, progress=progress, refresh=refresh, source=source)
            content = documenting.runbook_bytes(made, form)
        self.show_written(path, put(path, content))
