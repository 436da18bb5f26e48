"""The list of findings, with a jump to the field."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from omtui.checks.finding import ShownFinding
from omtui.plain_text import plain
from omtui.problem import Problem
from omtui.service import editing
from omtui.setup.catalogue import TABLES
from omtui.setup.place import Path
from omtui.setup.values import from_form
from omtui.workbench.screens.base import bindings_for
from omtui.workbench.screens.profile import ProfileScreen
from omtui.workbench.widgets.bars import Bar
from omtui.workbench.widgets.grid import Cell, Column, Grid

ALL = "All findings"


class FindingsScreen(ProfileScreen):
    """Findings of one screen or of the whole profile, the worst first. Enter goes to the field."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("profile")

    def __init__(self, concerned: Callable[[Path], bool], words: str) -> None:
        super().__init__()
        self._concerned = concerned
        self._words = words
        self._filter = ""
        self._shown: list[ShownFinding] = []

    def body(self) -> ComposeResult:
        """The list, and the text shown when there is none."""
        yield Bar(id="tabs")
        yield Grid(id="list", expected=self.list_width)
        yield Bar(id="empty")

    def fresh(self) -> None:
        """Show the findings as they are now."""
        found = self.session.results_where(self._concerned)
        words = self._filter.casefold().split()
        self._shown = [each for each in found if all(word in _text(each) for word in words)]
        signs = self.app.signs
        rows = [
            [
                Cell(signs.level(each.finding.level), self.app.level_style(each.finding.level)),
                Cell(each.finding.check),
                Cell(each.place),
                Cell(each.finding.message),
            ]
            for each in self._shown
        ]
        grid = self.grid
        grid.display = bool(rows)
        grid.fill(
            [Column("", 1), Column("Check", 6), Column("Where", 20), Column("What is wrong", 24)],
            rows,
            grid.cursor_row if grid.row_count else 0,
        )
        empty = self.query_one("#empty", Bar)
        empty.display = not rows
        empty.show(Content("\nNothing is wrong here." if not words else "\nNo finding fits the filter."))
        waived = sum(1 for each in self.session.results if each.waived)
        accepted = f"   {waived} accepted" if waived else ""
        filtered = f"   filter: {self._filter}" if self._filter else ""
        self.query_one("#tabs", Bar).show(
            Content.assemble((f" {self._words}: {len(rows)}", "bold"), (accepted, "dim"), (filtered, "$text-warning"))
        )
        super().fresh()

    def steps_here(self) -> list[str]:
        """Under the profile."""
        return [self.session.name, "Findings"]

    def help_lines(self) -> Content:
        """What is wrong, and what to do."""
        result = self._current()
        if result is None:
            words = "! shows the findings of all screens" if self._words != ALL else ""
            return Content.styled(words, "dim")
        finding = result.finding
        return Content.assemble(
            (f"{plain(finding.message)}", self.app.level_style(finding.level)),
            "\n",
            f"{plain(finding.fix)}",
            (f"   {result.place}   omtui explain {finding.check}", "dim"),
        )

    @property
    def at(self) -> Path | None:
        """The place of the finding."""
        result = self._current()
        return result.finding.path if result else None

    def _current(self) -> ShownFinding | None:
        row = self.grid.cursor_row if self._shown else -1
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def why_not_edit(self) -> str | None:
        """There must be a finding."""
        return None if self._shown else "there are no findings here"

    def do_edit(self) -> None:
        """Go to the field."""
        result = self._current()
        if result is not None:
            self.app.show_path(result.finding.path)

    def do_findings(self) -> None:
        """From one screen's findings to all."""
        self._concerned, self._words = (lambda path: True), ALL
        self.fresh()

    @work
    async def do_waive(self) -> None:
        """Ask for a reason and an end, and accept the finding."""
        result = self._current()
        if result is None:
            return
        check, place = result.finding.check, result.place
        reason = await self.ask(f"Accept {check} at {plain(place)}: why?", "The reason is kept in the profile.")
        if not reason:
            return
        until = await self.ask("Until when?", "A date such as 2027-06-30; empty for ever.")
        if until is not None:
            self._waive(check, place, reason, until)

    def _waive(self, check: str, place: str, reason: str, until: str) -> None:
        values: dict[str, object] = {"where": place, "reason": reason}
        if until:
            last_day = from_form(TABLES["waivers"].by_name["until"], until)
            if isinstance(last_day, Problem):
                self.show_message(f"{last_day.message}; {last_day.fix}", wrong=True)
                return
            values["until"] = last_day
        plan = editing.add_record(self.session.indexed, ("waivers",), check, values=values)
        if self.succeeded(self.session.edit(plan)):
            self.fresh()

    def why_not_waive(self) -> str | None:
        """There must be a finding."""
        return self.why_not_edit()

    @work
    async def do_filter(self) -> None:
        """Narrow the list."""
        words = await self.ask("Filter findings", "For example S5 or error", value=self._filter)
        if words is not None:
            self._filter = words.strip()
            self.fresh()

    def do_back(self) -> None:
        """Take the filter away, else leave."""
        if self._filter:
            self._filter = ""
            self.fresh()
        else:
            self.app.leave_screen()

    def value_shown(self) -> tuple[str, str] | None:
        """The place of the finding."""
        result = self._current()
        return ("the place", result.place) if result else None

    def go_next(self) -> None:
        """The next finding."""
        self.grid.action_cursor_down()

    def plain_lines(self) -> list[str]:
        """Each finding on a line."""
        return [f"{each.finding.check} {each.place}: {each.finding.message}" for each in self._shown]

    def _not_here(self) -> str | None:
        return "findings are changed at their field: Enter goes there"

    why_not_new = why_not_duplicate = why_not_remove = why_not_move_up = why_not_move_down = _not_here


def _text(result: ShownFinding) -> str:
    finding = result.finding
    return f"{finding.check} {finding.level} {result.place} {finding.message}".casefold()
