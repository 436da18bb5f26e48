"""The list of findings, with a jump to the field."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import work
from textual.content import Content

from omtui.checks.finding import ShownFinding
from omtui.plain_text import plain, plain_lines
from omtui.problem import Problem
from omtui.service import editing
from omtui.service.fixing import fix, words
from omtui.service.progress import TASK_ORDER
from omtui.setup.catalogue import TABLES
from omtui.setup.place import Path
from omtui.setup.values import from_form
from omtui.setup.wording import place_words
from omtui.workbench.panes.finding import finding_detail
from omtui.workbench.screens.dialogs import TextWindow
from omtui.workbench.screens.profile import ProfileScreen
from omtui.workbench.widgets.grid import Cell, Column

ALL = "All findings"


def everything(_: Path) -> bool:
    """Findings at any place."""
    return True


class FindingsScreen(ProfileScreen):
    """Findings of one screen or of the whole profile, the worst first. Enter goes to the field."""

    def __init__(self, concerned: Callable[[Path], bool], words: str) -> None:
        super().__init__()
        self._concerned = concerned
        self._title = words
        self._shown: Sequence[ShownFinding] = []

    def fresh(self) -> None:
        """Show the findings as they are now."""
        found = sorted(self.session.results_where(self._concerned), key=lambda each: TASK_ORDER[each.step])
        self._shown = self.fitting(found, _text)
        signs = self.app.signs
        rows = [
            [
                Cell(signs.level(each.finding.level), self.app.level_style(each.finding.level)),
                Cell("" if number and self._shown[number - 1].step == each.step else each.step, "bold"),
                Cell(place_words(each.place)),
                Cell(each.finding.message),
            ]
            for number, each in enumerate(self._shown)
        ]
        columns = [Column("", 1), Column("Step", 7), Column("Where", 18, 3), Column("What is wrong", 40)]
        self.show_list(columns, rows, "No finding fits the filter." if self.words else "Nothing is wrong here.")
        waived = sum(1 for each in self.session.results if each.waived)
        accepted = f"   {waived} accepted" if waived else ""
        filtered = f"   filter: {self.words}" if self.words else ""
        self.show_summary(
            Content.assemble((f" {self._title}: {len(rows)}", "bold"), (accepted, "dim"), (filtered, "$text-warning"))
        )
        super().fresh()

    def steps_here(self) -> list[str]:
        """Under the profile."""
        return [self.session.name, "Findings"]

    def help_lines(self) -> Content:
        """What is wrong, and what to do."""
        result = self._current()
        if result is None:
            words = "! shows the findings of all screens" if self._title != ALL else ""
            return Content.styled(words, "dim")
        finding = result.finding
        return Content.assemble(
            (f"{plain(finding.message)}", self.app.level_style(finding.level)),
            "\n",
            f"{plain(finding.fix)}",
            (f"   {finding.check}; x explains it", "dim"),
            "   f carries it out" if finding.operations else "",
        )

    @property
    def at(self) -> Path | None:
        """The place of the finding."""
        result = self._current()
        return result.finding.path if result else None

    def detail(self) -> Content | None:
        """The whole finding, with its explanation."""
        result = self._current()
        return finding_detail(result, self.app.level_style, self._rehearsed(result)) if result else None

    def _rehearsed(self, result: ShownFinding) -> str:
        """What the orders in hand say of a finding."""
        orders, path = self.app.orders, result.finding.path
        record = self.session.value(path[:2])
        if orders is None or not isinstance(record, dict):
            return ""
        return orders.finding_words(result.finding, str(record.get("name")))

    def do_explain(self) -> None:
        """The same in a window."""
        result = self._current()
        if result is not None:
            self.app.push_screen(
                TextWindow(result.finding.check, finding_detail(result, self.app.level_style, self._rehearsed(result)))
            )

    def _current(self) -> ShownFinding | None:
        return self.under_cursor(self._shown)

    def why_not_edit(self) -> str | None:
        """There must be a finding."""
        return None if self._shown else "there are no findings here"

    why_not_waive = why_not_explain = why_not_edit

    def do_edit(self) -> None:
        """Go to the field."""
        result = self._current()
        if result is not None:
            self.app.show_path(result.finding.path)

    def do_findings(self) -> None:
        """From one screen's findings to all."""
        self._concerned, self._title = everything, ALL
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
        if until is None:
            return
        values: dict[str, object] = {"where": place, "reason": reason, "level": result.finding.level}
        if release := self.session.indexed.release:
            values["release"] = str(release)
        if until:
            last_day = from_form(TABLES["waivers"].by_name["until"], until)
            if isinstance(last_day, Problem):
                self.show_message(f"{last_day.message}; {last_day.fix}", wrong=True)
                return
            values["until"] = last_day
        plan = editing.add_record(self.session.indexed, ("waivers",), check, values=values)
        if self.succeeded(self.session.edit(plan)):
            self.fresh()

    @work
    async def do_fix(self) -> None:
        """Carry out the fix; one that activates, publishes, deletes or chooses is asked for first."""
        result = self._current()
        if result is None:
            return
        finding, setup = result.finding, self.session.indexed
        before = [each.finding for each in self.session.results]
        plan = fix(setup, finding, self.session.surroundings(), before)
        if isinstance(plan, Problem):
            self.show_message(str(plan), wrong=True)
            return
        if finding.asks:
            text = "\n".join(words(setup, each) for each in finding.operations)
            if not await self.confirm(finding.fix, plain_lines(text), yes="Do it", no="Leave it"):
                return
        if self.succeeded(self.session.edit(plan)):
            self.fresh()
            self.show_message(f"{plan.label}; ctrl+z undoes")

    def why_not_fix(self) -> str | None:
        """The finding under the cursor must have a fix that needs no knowledge."""
        result = self._current()
        if result is None or result.finding.operations:
            return self.why_not_edit()
        return f"a person has to: {plain(result.finding.fix)}"

    def value_shown(self) -> tuple[str, str] | None:
        """The place of the finding."""
        result = self._current()
        return ("the place", result.place) if result else None

    def plain_lines(self) -> list[str]:
        """Each finding on a line."""
        return [f"{each.finding.check} {each.place}: {each.finding.message}" for each in self._shown]


def _text(result: ShownFinding) -> str:
    finding = result.finding
    return f"{finding.check} {finding.level} {result.place} {place_words(result.place)} {finding.message}"
