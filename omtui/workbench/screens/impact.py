"""What the next update of a pod changes: for one profile, or for each of the library with the day of its update."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path as FilePath
from typing import ClassVar

from textual import work
from textual.content import Content

from omtui.checks.impact import Impact, UpdateImpact
from omtui.credentials.deadline import TimedOut, call_off_loop
from omtui.documents.impact_document import WHEN_WORDS, heading, impact_document, level_words, summary
from omtui.plain_text import plain
from omtui.problem import Problem
from omtui.service.impact import profile_impact, update_impact
from omtui.service.session import Session
from omtui.workbench.actions import Where
from omtui.workbench.screens.base import WorkScreen
from omtui.workbench.screens.dialogs import TextWindow
from omtui.workbench.widgets.grid import Cell, Column

PATIENCE = 30.0
"""Seconds until a profile counts as one that cannot be judged."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the list: a change, or a profile with its changes, or why they are not known."""

    name: str = ""
    of: Impact | UpdateImpact | None = None
    trouble: str = ""


class ImpactScreen(WorkScreen):
    """What is to be done first, and by when. Enter shows all of a change; of a profile its changes."""

    where: ClassVar[Where] = "impact"
    opens: ClassVar[str] = "impact_open"
    row_decides: ClassVar[bool] = True

    def __init__(self, of: UpdateImpact | None = None) -> None:
        super().__init__()
        self._given = of
        self._of: UpdateImpact | None = of
        self._to: str | None = None
        self._judged: tuple[int, str | None] | None = None
        """Of which revision, and up to which release, `_of` is."""
        self._profiles: list[_Row] | None = None
        self._shown: Sequence[_Row] = []
        self._trouble = ""

    # Showing

    @property
    def _is_library(self) -> bool:
        return self.opened is None and self._given is None

    def fresh(self) -> None:
        """Judge the open profile as it is now; the library's are judged once, one after another."""
        if self.opened is not None:
            if self._judged != (self.opened.revision, self._to):
                self._judged = self.opened.revision, self._to
                self._judge_open(self.opened)
        elif self._profiles is None and self._is_library:
            self._profiles = []
            self._judge()
        self._draw()
        super().fresh()

    @work(group="impact", exclusive=True)
    async def _judge_open(self, session: Session) -> None:
        around = self.app.workspace.surroundings(session.path, session.data, session.document)
        judge = partial(update_impact, session.name, session.indexed, around, to=self._to)
        found = await call_off_loop(judge, PATIENCE)
        if isinstance(found, UpdateImpact):
            self._of, self._trouble = found, ""
        else:
            self._of, self._trouble = None, "it takes too long" if isinstance(found, TimedOut) else str(found)
        self._draw()
        super().fresh()

    @work(group="impact", exclusive=True)
    async def _judge(self) -> None:
        workspace, to = self.app.workspace, self._to
        rows: list[_Row] = []
        for each in workspace.listed():
            found = await call_off_loop(partial(profile_impact, workspace, each.path, to), PATIENCE)
            if isinstance(found, TimedOut | Problem):
                rows.append(_Row(each.name, None, "it takes too long" if isinstance(found, TimedOut) else str(found)))
            else:
                rows.append(_Row(each.name, found))
            self._profiles = sorted(rows, key=_urgency)
            self._draw()
            super().fresh()

    def _draw(self) -> None:
        signs = self.app.signs
        if self._is_library:
            self._shown = self.fitting(self._profiles or (), _text)
            columns = [Column("Update", 10), Column("Profile", 12), Column("From, to", 10), Column("What changes", 24)]
            rows = [self._profile_cells(each) for each in self._shown]
        else:
            changes = self._of.changes if self._of else ()
            self._shown = self.fitting([_Row(of=each) for each in changes], _text)
            columns = [Column("", 1), Column("From", 4), Column("Check", 6), Column("Where", 20), Column("What", 24)]
            rows = [
                [
                    Cell(signs.level(each.of.level or "info"), self.app.level_style(each.of.level or "fine")),
                    Cell(str(each.of.release)),
                    Cell(each.of.check),
                    Cell(each.of.where or "the profile"),
                    Cell(f"{level_words(each.of)}: {each.of.message}"),
                ]
                for each in self._shown
                if isinstance(each.of, Impact)
            ]
        self.show_list(columns, rows, self._empty_words())
        self.show_summary(self._summary())

    def _profile_cells(self, row: _Row) -> list[Cell]:
        found = row.of
        if not isinstance(found, UpdateImpact):
            return [Cell(""), Cell(row.name), Cell(""), Cell(row.trouble, "dim")]
        style = self.app.level_style("warning") if found.matters else "dim"
        day = Cell(found.on.isoformat() if found.on else "not noted", "" if found.on else "dim")
        return [day, Cell(row.name), Cell(f"{found.start} {found.to}"), Cell(summary(found), style)]

    def _summary(self) -> Content:
        filtered = (f"   filter: {plain(self.words)}" if self.words else "", "$text-warning")
        if self._is_library:
            urgent = sum(isinstance(each.of, UpdateImpact) and each.of.matters > 0 for each in self._profiles or ())
            words = f" {urgent} of {len(self._profiles or ())} profiles with something to do before the next update"
            return Content.assemble((words, "bold"), filtered)
        if self._of is None:
            return Content.styled(
                f" {plain(self._trouble) or 'reading'}", "bold $text-warning" if self._trouble else "dim"
            )
        note = (f"   {self._of.note}" if self._of.note else "", "$text-warning")
        return Content.assemble((f" {summary(self._of)}", "bold"), note, filtered)

    def _empty_words(self) -> str:
        if self.words:
            return "Nothing fits the filter. Escape takes it away."
        if self._is_library:
            return "There is no profile here yet."
        if self._of:
            return "Nothing changes with this update."
        return "t asks for a release." if self._trouble else self.app.signs.ellipsis

    def path_line(self) -> Content:
        """Which update of which pod."""
        title = plain(heading(self._of)) if self._of else "Every profile" if self._is_library else ""
        then = self.app.signs.then
        words = (" From the facts known to omtui; no pod is asked.", "dim")
        return Content.assemble((f" Update impact {then} {title}", "bold"), "\n", words)

    def help_lines(self) -> Content:
        """What to do, and when."""
        row = self.current()
        if row is None or row.of is None:
            return Content(plain(row.trouble) if row else "")
        if isinstance(row.of, UpdateImpact):
            return Content.styled(plain(heading(row.of)), "bold")
        when = WHEN_WORDS[row.of.when] if row.of.matters else "nothing has to be done"
        return Content.assemble((plain(row.of.fix), "bold"), (f"\n{when}   omtui explain {row.of.check}", "dim"))

    def current(self) -> _Row | None:
        """The row under the cursor."""
        return self.under_cursor(self._shown)

    # Acting

    def do_impact_open(self) -> None:
        """All of a change, or the changes of a profile."""
        row = self.current()
        if row is None or row.of is None:
            return
        if isinstance(row.of, UpdateImpact):
            self.app.push_screen(ImpactScreen(row.of))
        else:
            self.app.push_screen(TextWindow(f"{row.of.check} from {row.of.release}", _details(row.of)))

    def why_not_impact_open(self) -> str | None:
        """There must be something under the cursor."""
        row = self.current()
        return row.trouble or None if row else "there is nothing under the cursor"

    def do_impact_record(self) -> None:
        """Go to the field."""
        row = self.current()
        if row is not None and isinstance(row.of, Impact):
            self.app.show_path(row.of.path)

    def why_not_impact_record(self) -> str | None:
        """A profile must be open, and a change under the cursor."""
        if self.opened is None:
            return "open the profile first, then I shows it there"
        return None if self._shown else "there is nothing under the cursor"

    @work
    async def do_impact_to(self) -> None:
        """Ask up to which release."""
        value = str(self._of.to) if self._of else self._to or ""
        answer = await self.ask(
            "Update to which release?", "For example 26D; empty: as the profile notes it.", value=value
        )
        if answer is None:
            return
        self._to, self._profiles = answer.strip() or None, None
        self.fresh()

    def why_not_impact_to(self) -> str | None:
        """Asked for in the list of profiles, where one was opened from it."""
        return "go back to the list of profiles for another release" if self._given is not None else None

    @work
    async def do_impact_export(self) -> None:
        """Write it to a file."""
        from omtui.documents.render import render
        from omtui.service.reviewing import put

        name = self._of.profile if self._of else "library"
        file = await self.ask_file("Write to", "End the name in .md or .html.", value=f"{name}-update.html")
        if file is None:
            return
        form = {".md": "md", ".html": "html", ".htm": "html"}.get(file.suffix.lower())
        if form is None:
            self.show_message("end the name in .md or .html", wrong=True)
            return
        content = render(impact_document(self._impacts()), "md" if form == "md" else "html")
        self.show_written(file, put(FilePath(file), content))

    def why_not_impact_export(self) -> str | None:
        """There must be something to write."""
        return None if self._impacts() else "there is nothing to write"

    def _impacts(self) -> list[UpdateImpact]:
        if not self._is_library:
            return [self._of] if self._of else []
        return [each.of for each in self._profiles or () if isinstance(each.of, UpdateImpact)]

    def detail(self) -> Content | None:
        """All of the change under the cursor."""
        row = self.current()
        return _details(row.of) if row is not None and isinstance(row.of, Impact) else None


def _details(change: Impact) -> Content:
    lines = [
        ("Where", change.where or "the profile"),
        ("Level", level_words(change)),
        ("From", str(change.release)),
        ("What", change.message),
        ("Do", change.fix),
        ("When", WHEN_WORDS[change.when] if change.matters else "nothing has to be done"),
    ]
    lines += [("Oracle", f"{fact.text} ({fact.source.title}) {fact.source.url}") for fact in change.facts]
    return Content("\n".join(f"{label:<8}{plain(words)}" for label, words in lines))


def _urgency(row: _Row) -> tuple[bool, str, bool, str]:
    found = row.of
    if not isinstance(found, UpdateImpact):
        return True, "", True, row.name
    return found.on is None, str(found.on), not found.matters, row.name


def _text(row: _Row) -> str:
    found = row.of
    if isinstance(found, Impact):
        return f"{found.release} {found.check} {found.kind} {found.level} {found.where} {found.message}"
    return f"{row.name} {found.on} {found.start} {found.to} {summary(found)}" if found else f"{row.name} {row.trouble}"
