"""Two states side by side: what differs, by key; filtered by step and kind; with a way to each record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path as FilePath
from typing import ClassVar

from textual import work
from textual.content import Content

from omtui.compare.difference_report import step_words, verdict
from omtui.credentials.deadline import TimedOut, call_off_loop
from omtui.documents.sheet import POD_ENDINGS
from omtui.plain_text import plain
from omtui.problem import Done, Problem
from omtui.service.comparable import Comparable, Loaded, comparables, earlier
from omtui.service.comparing import Compared, State, compared, is_one_profile, only_at, report
from omtui.service.history import take_back
from omtui.service.pod_files import pod_state
from omtui.service.reviewing import put
from omtui.setup.catalogue import BY_STEP
from omtui.setup.place import Path, Place, parse, resolve
from omtui.setup.wording import place_words
from omtui.workbench.actions import Where
from omtui.workbench.difference_rows import (
    KIND_WORDS,
    KINDS,
    DifferenceRow,
    both_sides,
    in_sight,
    is_of_kind,
    rows_of,
    steps_in,
)
from omtui.workbench.screens.base import WorkScreen
from omtui.workbench.screens.dialogs import Choice, TextWindow
from omtui.workbench.screens.nearby import choose_nearby
from omtui.workbench.signs import Signs
from omtui.workbench.widgets.grid import MARKED, Cell, Column

PATIENCE = 20.0
"""Seconds after which a state that is being read is given up."""

_POD_FORMS = "CSV, XLSX, or a setup data package"

MOST_ROWS = 2_000
"""Rows that are shown at once."""


class DifferenceScreen(WorkScreen):
    """What differs between a state at the left and the open profile at the right, unsaved changes included.

    Without a state it asks for one. `path` limits it to that record of the open profile.
    """

    where: ClassVar[Where] = "difference"
    opens: ClassVar[str] = "diff_open"
    row_decides: ClassVar[bool] = True

    def __init__(self, state: State | None = None, *, path: Path = ()) -> None:
        super().__init__()
        self._state = state
        self._path = path
        self._found: Compared | None = None
        self._of = -1
        self._rows: list[DifferenceRow] = []
        self._shown: Sequence[DifferenceRow] = []
        self._step = ""
        self._kind = ""

    # Showing

    def begin(self) -> None:
        """Show the difference, or ask what to compare with."""
        super().begin()
        if self._state is None:
            self.do_diff_with()

    def fresh(self) -> None:
        """Show what differs now."""
        if self._state is not None and self._of != self.session.revision:
            self._of = self.session.revision
            here = State(self.session.name, self.session.data, self.session.path)
            self._found = compared(self._state, here)
            if self._path:
                self._found = only_at(self._found, self._path)
            self._rows = rows_of(self._found)
        found = [row for row in self._rows if is_of_kind(row, self._kind) and self._step in ("", row.step)]
        fitting = self.fitting(found, lambda row: f"{row.step} {row.where} {row.old} {row.new}")
        self._shown = fitting[:MOST_ROWS]
        left = self._state.name if self._state else ""
        left = left.rpartition("@")[2] if self._is_own else left
        columns = [Column("", 1), Column("Step", 4), Column("Place", 22), Column(left, 20), Column(self._here, 20)]
        self.show_list(columns, [self._cells(row) for row in self._shown], self._empty_words())
        self.show_summary(self._summary(len(fitting)))
        super().fresh()

    @property
    def _here(self) -> str:
        unsaved = f" {self.app.signs.unsaved}" if self.session.unsaved else ""
        return f"{'now' if self._is_own else self.session.name}{unsaved}"

    @property
    def _is_own(self) -> bool:
        """Whether the state at the left is one of the open profile itself."""
        here = State(self.session.name, self.session.data, self.session.path)
        return self._state is not None and is_one_profile(self._state, here)

    def _cells(self, row: DifferenceRow) -> list[Cell]:
        """Sign, step, place, both sides."""
        style = self.app.level_style(row.tone) if row.tone else "dim"
        sign = self.app.signs.level(row.sign) or row.sign
        room = max(20, (self.list_width - 44) // 2)
        old, old_marks = in_sight(row.old, row.old_marks, room, self.app.signs)
        new, new_marks = in_sight(row.new, row.new_marks, room, self.app.signs)
        quiet = "dim" if row.change is not None and row.change.is_state else ""
        return [
            Cell(sign, style),
            Cell(row.step if row.finding or row.step[:1].isdigit() else ""),
            Cell(row.where, quiet),
            Cell(old, quiet, old_marks),
            Cell(new, quiet, new_marks),
        ]

    def _summary(self, count: int) -> Content:
        if self._found is None:
            return Content(" Compare with…")
        words = verdict(replace(self._found.difference, source="", target="")).partition(": ")[2]
        filters = [KIND_WORDS[self._kind], f"step {self._step}" if self._step else "", self.words]
        shown = ", ".join(filter(None, filters))
        more = f"   the first {MOST_ROWS:,} of {count:,}" if count > MOST_ROWS else ""
        return Content.assemble(
            (f" {words}", "bold"),
            (f"   {count} shown: {plain(shown)}" if shown else "", "$text-warning"),
            (more, "$text-warning"),
        )

    def _empty_words(self) -> str:
        if self._found is None:
            return "w chooses what to compare with: another profile, or an earlier state of this one."
        if self._rows:
            return "Nothing that differs fits the filter. Escape takes it away."
        return "Nothing differs. Order does not count, and neither does how a condition is written."

    def path_line(self) -> Content:
        """Which two states."""
        signs = self.app.signs
        left = plain(self._state.name) if self._state else signs.ellipsis
        place = f"   {plain(self.session.indexed.place(self._path))}" if self._path else ""
        words = "+ right only  - left only  ~ other  -/+ frozen by Oracle: delete and create"
        return Content.assemble(
            (f" Difference {signs.then} {left} {signs.call} {plain(self._here)}", "bold"),
            (place, ""),
            "\n",
            (f" {words}", "dim"),
        )

    def help_lines(self) -> Content:
        """Both sides of the change under the cursor; of a finding what to do."""
        row = self.current()
        if row is None:
            return Content("")
        if row.finding is not None:
            style = self.app.level_style(row.finding.level)
            place = f"   {row.where}   omtui explain {row.finding.check}"
            return Content.assemble((row.old, style), "\n", row.new, (place, "dim"))
        width = max(20, self.app.size.width - 6)
        return Content.assemble(
            (row.where, "bold"),
            "\n- ",
            _marked(row.old, row.old_marks, width, self.app.signs),
            "\n+ ",
            _marked(row.new, row.new_marks, width, self.app.signs),
        )

    # What to compare with

    @work(group="choose", exclusive=True)
    async def do_diff_with(self) -> None:
        """Choose another profile, an earlier state, or type one."""
        workspace, session = self.app.workspace, self.session
        found = await call_off_loop(lambda: comparables(workspace, session), PATIENCE)
        listed = [] if isinstance(found, TimedOut) else found
        choices = [Choice(str(number), each.title, each.remark) for number, each in enumerate(listed)]
        choices.append(
            Choice("file", "a file read out of the pod", "CSV of omtui query, XLSX, or a setup data package")
        )
        choices.append(Choice("other", "another time, or a Git revision", "2026-11-20T08:00, HEAD~3, a tag"))
        chosen = await self.choose("Compare with", choices)
        if chosen is None:
            if self._state is None:
                self.app.leave_screen()
            return
        if chosen == "file":
            path = await choose_nearby(
                self, "What the pod says", "CSV, XLSX or a setup data package.", POD_ENDINGS, "pod"
            )
            if path is not None:
                await self._load(Comparable(path.name, "", lambda: self._of_pod(path)))
            elif self._state is None:
                self.app.leave_screen()
            return
        if chosen == "other":
            name = await self.ask("Which state?", "A time, promoted, or a Git revision.")
            if name:
                await self._load(Comparable(name, "", lambda: earlier(session.path, name)))
            elif self._state is None:
                self.app.leave_screen()
            return
        await self._load(listed[int(chosen)])

    def _of_pod(self, path: FilePath) -> Loaded:
        return pod_state(self.session.name, self.session.data, path, self.session.path)

    async def _load(self, chosen: Comparable) -> None:
        self.show_message(f"reading {chosen.title}")
        loaded: Loaded | TimedOut = await call_off_loop(chosen.load, PATIENCE)
        if isinstance(loaded, TimedOut):
            loaded = Problem(f"{plain(chosen.title)} could not be read in {PATIENCE:.0f} seconds", "choose another")
        if isinstance(loaded, Problem):
            self.show_message(f"{loaded.message}; {loaded.fix}", wrong=True)
            return
        self.clear_message()
        self._state, self._of, self._path = loaded, -1, self._path if chosen.own else ()
        self._step = self._kind = self.words = ""
        self.fresh()

    # Filters

    @work
    async def do_diff_step(self) -> None:
        """Only one step."""
        counts = [(step, sum(row.step == step for row in self._rows)) for step in steps_in(self._rows)]
        choices = [Choice("", "all steps")]
        choices += [Choice(step, _step_words(step), f"{count}") for step, count in counts]
        step = await self.choose("Only this step", choices)
        if step is not None:
            self._step = step
            self.fresh()

    def do_diff_kind(self) -> None:
        """All kinds, then one after the other of those there are."""
        there = [kind for kind in KINDS if not kind or any(is_of_kind(row, kind) for row in self._rows)]
        self._kind = there[(there.index(self._kind) + 1) % len(there)] if self._kind in there else ""
        self.fresh()

    def _why_nothing(self) -> str | None:
        return None if self._rows else "nothing differs"

    why_not_diff_step = why_not_diff_kind = why_not_diff_export = _why_nothing

    def step_back(self) -> bool:
        """Take the filters away."""
        filtered = bool(self.words or self._kind or self._step)
        self.words = self._kind = self._step = ""
        if filtered:
            self.fresh()
        return filtered

    def current(self) -> DifferenceRow | None:
        """The row under the cursor."""
        return self.under_cursor(self._shown)

    # What to do with a change

    def do_diff_open(self) -> None:
        """Go to the record in the open profile."""
        path = self._path_here()
        if path is not None:
            self.app.show_path(path)

    def why_not_diff_open(self) -> str | None:
        """It must be in the open profile."""
        if self.current() is None:
            return "there is nothing under the cursor"
        return None if self._path_here() is not None else "it is not in the open profile; space shows it"

    def _path_here(self) -> Path | None:
        row = self.current()
        if row is None:
            return None
        if row.change is not None:
            return row.change.second_path
        place = parse(row.where)
        found = resolve(self.session.data, place) if isinstance(place, Place) else None
        return found if isinstance(found, tuple) else None

    def do_diff_full(self) -> None:
        """Both sides whole, one value a line."""
        if (content := self.detail()) is not None:
            self.app.push_screen(TextWindow("In full", content))

    def detail(self) -> Content | None:
        """Both sides of the change under the cursor, what differs marked."""
        row = self.current()
        if row is None or self._found is None:
            return None
        parts = [Content.styled(plain(place_words(row.where)), "bold")]
        if row.change is None:
            parts += [Content(row.old), Content(row.new)]
        else:
            parts += both_sides(row.change, self._found.first.name, self._here)
        return Content("\n").join(parts)

    def why_not_diff_full(self) -> str | None:
        """There must be something."""
        return None if self.current() else "there is nothing under the cursor"

    def do_diff_back(self) -> None:
        """Make what is under the cursor say again what it said at the left."""
        row, state = self.current(), self._state
        if row is None or row.change is None or state is None:
            return
        plan = take_back(self.session, state.data, state.name, row.change, returns_to=state.hash)
        if plan is not None and state.of_pod:
            plan = replace(plan, label=f"{row.change.where}: drift accepted, as in {plain(state.name)}")
        if plan is None:
            self.show_message("it is so already", wrong=True)
            return
        outcome = self.session.edit(plan)
        self.show_message(f"{outcome}; ctrl+z takes it back" if isinstance(outcome, Done) else str(outcome))
        self.fresh()

    def why_not_diff_back(self) -> str | None:
        """Only an own earlier state can come back: what another profile says has to be translated first."""
        row, state = self.current(), self._state
        if row is None or row.change is None or state is None:
            return "there is no change under the cursor"
        if not self._is_own:
            return "only what this profile said earlier comes back; another's is promoted"
        return None

    def do_diff_undo(self) -> None:
        """Take back the last change of the profile."""
        self.carry_out("undo")

    @work
    async def do_diff_export(self) -> None:
        """Write the difference to a file."""
        text = "The ending chooses: .md, .json, else text."
        path = await self.ask_file("Write the difference to", text, value=f"{self.session.name}-difference.md")
        if path is not None and self._found is not None:
            self.show_written(path, put(path, report(self._found, path.suffix.lower())))


def _marked(text: str, marks: tuple[tuple[int, int], ...], width: int, signs: Signs) -> Content:
    """A text on one line, its changed parts marked and in view."""
    if not text:
        return Content.styled("nothing", "dim")
    text, marks = in_sight(text, marks, width, signs)
    content = Content(signs.cut(text, width))
    for start, end in marks:
        content = content.stylize(MARKED, min(start, width), min(end, width))
    return content


def _step_words(step: str) -> str:
    return step_words(step) if step in BY_STEP else "Profile and pod"
