"""The first screen: the library as a list of environments."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.worker import get_current_worker

from omtui.plain_text import plain
from omtui.problem import Done
from omtui.service.listing import Listed
from omtui.service.working_copy import branch_of
from omtui.setup.profile import is_production
from omtui.setup.release import Release
from omtui.store.library import companion_path
from omtui.store.watching import Mark, mark_of
from omtui.workbench.actions import Where
from omtui.workbench.panes.profile import profile_detail
from omtui.workbench.screens.base import WIDE, WorkScreen
from omtui.workbench.screens.dialogs import Choice
from omtui.workbench.widgets.bars import Bar
from omtui.workbench.widgets.grid import Cell, Column

MANY = 200
"""From how many profiles on a library is shown bit by bit."""


class LibraryScreen(WorkScreen):
    """Every profile with its environment, pod, release, findings, progress, next expiry and last change."""

    where: ClassVar[Where] = "library"
    opens: ClassVar[str] = "open"
    has_summary: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self._listed: list[Listed] = []
        self._fitting: Sequence[int] = ()
        """The numbers of the profiles that the list shows."""
        self._marks: dict[Path, tuple[Mark | None, Mark | None]] = {}
        """The state of a profile's file, and of its ticks, when its findings were counted last."""
        self._counted_since: list[tuple[int, Listed]] = []
        self._shown: list[str] = []

    def body(self) -> ComposeResult:
        """What a newcomer can try, and the list."""
        yield Bar(id="welcome")
        yield from super().body()

    def begin(self) -> None:
        """Show the counts of a big library ten times a second: more often nobody sees it."""
        super().begin()
        welcome = self.query_one("#welcome", Bar)
        welcome.display = bool(self.app.welcome)
        welcome.show(Content(self.app.welcome))
        self.set_interval(0.1, self._show_counted)

    def fresh(self) -> None:
        """Show the profiles as they are on disk now; their findings are counted one after another.

        A big library is listed in the background, once it was shown.
        """
        if not self._is_big:
            self._listed = self.app.workspace.listed(MANY)
            self._draw()
        super().fresh()
        if self.is_current:
            self._count()

    def filtered(self) -> None:
        """Narrow what is listed; nothing is read again."""
        self._draw()
        self.show_bars()

    @property
    def _is_big(self) -> bool:
        return len(self._listed) > MANY

    @work(thread=True, exclusive=True, group="count")
    def _count(self) -> None:
        """Count the findings of one profile after the other in the background, while the list is in front."""
        worker = get_current_worker()
        workspace, big = self.app.workspace, self._is_big
        if big:
            self.app.call_from_thread(self._take, workspace.listed(0))
        for number, each in enumerate(self._listed):
            if worker.is_cancelled or not self.is_current:
                return
            marks = (mark_of(each.path), mark_of(companion_path(each.path, "progress")))
            if each.fault or (each.counts is not None and self._marks.get(each.path) == marks):
                continue
            workspace.key_priority.give_way()
            counted = workspace.counted(each)
            if big:
                self._marks[each.path] = marks
                self._counted_since.append((number, counted))
            else:
                self.app.call_from_thread(self._counted, number, counted)

    def _take(self, listed: list[Listed]) -> None:
        """A big library as it is now; of files that did not change, what was counted stays."""
        known = {each.path: each for each in self._listed}
        before = [each.path for each in self._listed]
        self._listed = [
            old if (old := known.get(each.path)) is not None and old.changed == each.changed else each
            for each in listed
        ]
        if before != [each.path for each in self._listed]:
            self._draw()

    def _show_counted(self) -> None:
        counted_since, self._counted_since = self._counted_since, []
        for number, counted in counted_since:
            if number < len(self._listed) and self._listed[number].path == counted.path:
                self._listed[number] = counted
                row = bisect_left(self._fitting, number)
                if row < len(self._fitting) and self._fitting[row] == number:
                    self.grid.redraw(row)
        if counted_since:
            self.show_help()

    def _counted(self, number: int, counted: Listed) -> None:
        if number < len(self._listed) and self._listed[number].path == counted.path:
            self._listed[number] = counted
            self._draw()

    def _draw(self) -> None:
        shown = self._columns_shown()
        self._shown = list(shown)
        self._fitting = self.fitting(range(len(self._listed)), self._text)
        if self._is_big:
            grid = self.grid
            grid.display, self.query_one("#empty").display = True, False
            columns = [Column(name, least, room=least) for name, least in shown.items()]
            grid.fill_lazily(columns, len(self._fitting), self._row, grid.cursor_row if grid.row_count else 0)
            return
        if self.words:
            empty = Content("\nNo profile fits the filter. Escape takes it away.")
        else:
            empty = Content.assemble(
                ("\nNo profiles yet.", "bold"),
                " n makes one, i takes one in from elsewhere. To see a whole set-up first, end this (ctrl+q)\n"
                "and type omtui demo: it brings samples, orders and a practice pod.\n\n"
                "One profile is the set-up of one environment: "
                f"a TOML file in\n{plain(self.app.workspace.library.folder)}",
            )
        columns = [Column(name, least) for name, least in shown.items()]
        self.show_list(columns, [self._row(number) for number in range(len(self._fitting))], empty)

    def _columns_shown(self) -> dict[str, int]:
        """The columns that make sense here, with their least widths: what nobody has is left out on narrow screens."""
        narrow = self.app.size.width < WIDE
        some = self._listed[:MANY]
        shown = {"": 1, "Profile": 11, "Environment": 17, "Pod": 7, "Release": 7, "Findings": 11}
        if not narrow or any(each.progress or each.trouble for each in some):
            shown["Progress"] = 8
        if not narrow or any(each.next_expiry for each in some):
            shown["Expires"] = 10
        if narrow and {"Progress", "Expires"} <= set(shown):
            del shown["Pod"]  # there is no room for everything; the line below the list shows the host
        return shown if narrow and "Expires" in shown else shown | {"Changed": 10 if narrow else 16}

    def _row(self, number: int) -> list[Cell]:
        cells = self._cells(self._listed[self._fitting[number]])
        return [cells.get(name, Cell("")) for name in self._shown]

    def _cells(self, each: Listed) -> dict[str, Cell]:
        signs = self.app.signs
        if each.fault:
            style = self.app.level_style("error")
            return {
                "": Cell(signs.error, style),
                "Profile": Cell(each.name, "bold"),
                "Environment": Cell("not readable", style),
                "Pod": Cell(each.fault),
            }
        found = [level for level in ("error", "warning", "info") if each.counts and each.counts[level]]
        worst = found[0] if found else "fine"
        style = self.app.level_style(worst) if each.counts is not None else "dim"
        findings = " ".join(f"{signs.level(level)}{each.counts[level]}" for level in found if each.counts)
        production = is_production(each.environment)
        stage = f" {signs.middle} {each.stage}" if each.stage else ""
        soon = each.next_expiry is not None and (each.next_expiry - date.today()).days <= 30
        return {
            "": Cell((signs.level(worst) or signs.fine) if each.counts is not None else "", style),
            "Profile": Cell(each.name + (f" {signs.unsaved}" if each.unsaved else ""), "bold"),
            "Environment": Cell(
                (each.environment.upper() if production else each.environment) + stage,
                self.app.level_style("error") if production else "",
            ),
            "Pod": Cell(each.pod_host),
            "Release": Cell(each.release),
            "Findings": Cell(findings or ("none" if each.counts is not None else signs.ellipsis), style),
            "Progress": self._progress(each),
            "Expires": Cell(
                each.next_expiry.isoformat() if each.next_expiry else "",
                self.app.level_style("warning") if soon else "",
            ),
            "Changed": Cell(each.changed_words if self.app.size.width >= WIDE else each.changed_words[:10], "dim"),
        }

    def _progress(self, each: Listed) -> Cell:
        """How far the walk-through is, and what has to be entered again."""
        if each.trouble:
            return Cell("not readable", self.app.level_style("error"))
        count = each.progress
        if count is None or not count.total:
            return Cell("")
        if count.changed:
            words = f"{count.done}/{count.total} {self.app.signs.again}{count.changed}"
            return Cell(words, self.app.level_style("warning"))
        return Cell(count.short, self.app.level_style("fine") if count.is_done else "dim")

    def path_line(self) -> Content:
        """What this list is."""
        branch = branch_of(self.app.workspace.library.folder / "any")
        count = len(self._listed)
        return Content.assemble(
            (" Library", "bold"),
            (f"   {count} environment{'' if count == 1 else 's'}\n", "dim"),
            (f" Git: {branch}" if branch else " ", "dim"),
        )

    def detail(self) -> Content | None:
        """The profile under the cursor: pod, findings, progress, what expires."""
        each = self._current()
        return profile_detail(each, self.app.signs, self.app.level_style) if each else None

    def help_lines(self) -> Content:
        """The profile under the cursor in words."""
        each = self._current()
        if each is None:
            return Content("")
        facts = [each.pod_host, f"changed {each.changed_words}" if each.changed else ""]
        if each.unsaved:
            facts.append(f"{each.unsaved} unsaved, to be taken up when it is opened")
        return Content.assemble(
            (plain(each.title or each.name), "bold"),
            (f"  {plain(each.description)}\n", "dim"),
            ("   ".join(plain(fact) for fact in facts if fact), "dim"),
        )

    def _current(self) -> Listed | None:
        number = self.under_cursor(self._fitting)
        return self._listed[number] if number is not None and number < len(self._listed) else None

    def _text(self, number: int) -> str:
        each = self._listed[number]
        return f"{each.name} {each.environment} {each.stage} {each.pod_host} {each.release} {each.fault}"

    def _why_none(self) -> str | None:
        return None if self._fitting else "there is no profile yet; n makes one"

    why_not_open = why_not_hand_over = why_not_duplicate_profile = why_not_rename_profile = why_not_delete_profile = (
        _why_none
    )

    def do_open(self) -> None:
        """Open the profile under the cursor."""
        each = self._current()
        if each:
            self.app.open_profile(each.name)

    @work
    async def do_new_profile(self) -> None:
        """Ask for name, environment, release and URL, and open the new profile."""
        name = await self.ask("New profile: name", "The file's name without .toml, for example vision-dev.")
        if not name:
            return
        listed = [
            Choice("development", "development"),
            Choice("test", "test"),
            Choice("production", "production", "read-only until unlocked"),
            Choice("practice", "practice", "a pod of your own on loopback"),
        ]
        environment = await self.choose("Environment", listed)
        release = await self._ask_release() if environment else None
        if environment is None or release is None:
            return
        url = await self.ask(
            "URL of the pod",
            "The address in the browser, up to the host; empty if it is not known yet.",
        )
        if url is not None:
            outcome = self.app.workspace.new(name, environment, url=url.strip(), release=release)
            self._report(outcome, opens=name)

    async def _ask_release(self) -> str | None:
        """Ask for the pod's release until it is one, or empty; `None` when the person leaves."""
        text = "It decides which checks hold, for example 25D; empty if it is not known yet."
        while (release := await self.ask("Release of the pod", text)) is not None:
            if not release.strip() or Release.parse(release.strip().upper()) is not None:
                return release.strip().upper()
            text = f"{plain(release)} is no release: type the year and a letter, such as 25D, or nothing."
        return None

    def do_promote_profile(self) -> None:
        """Carry the profile over to another environment."""
        from omtui.service.session import Session

        each = self._current()
        source = self.app.workspace.open(str(each.path)) if each else None
        if isinstance(source, Session):
            self.app.choose_target(source)
        elif source is not None:
            self.show_outcome(source)

    def why_not_promote_profile(self) -> str | None:
        """There must be a profile whose changes are all in its file."""
        each = self._current()
        if each is None:
            return "there is no profile"
        return "what is not saved would not travel; open it and save it first" if each.unsaved else None

    @work
    async def do_duplicate_profile(self) -> None:
        """Copy the profile under a new name."""
        each = self._current()
        if each is not None and (name := await self._new_name("Duplicate", each)):
            self._report(self.app.workspace.duplicate(each.name, name))

    @work
    async def do_rename_profile(self) -> None:
        """Rename the profile and its companions."""
        from omtui.workbench.secret_moves import after_rename

        each = self._current()
        if each is None or not (name := await self._new_name("Rename", each)):
            return
        unlock = await self._own_name("Rename", each) if is_production(each.environment) else ""
        if unlock is None:
            return
        outcome = self.app.workspace.rename(each.name, name, unlock=unlock)
        self._report(outcome)
        if isinstance(outcome, Done):
            await after_rename(self, each.name, name)

    @work
    async def do_import_profile(self) -> None:
        """Look at a file from elsewhere; nothing is written before that."""
        from omtui.workbench.screens.importing import look_at

        text = "The path of a hand-over file, a profile (.toml), or sheets (.xlsx, .csv)."
        if path := await self.ask("Import a profile", text):
            await look_at(self, path)

    @work(group="hand over", exclusive=True)
    async def do_hand_over(self) -> None:
        """Make one file of the profile for a colleague."""
        from omtui.service.session import Session
        from omtui.workbench.hand_over_dialog import hand_over

        each = self._current()
        session = self.app.workspace.open(str(each.path)) if each else None
        outcome = await hand_over(self, session) if isinstance(session, Session) else session
        self.show_outcome(outcome)

    @work
    async def do_delete_profile(self) -> None:
        """Move the profile to the trash."""
        from omtui.workbench.secret_moves import after_delete

        each = self._current()
        if each is None:
            return
        text = "It goes to the trash in the state folder, with its progress and mappings."
        unlock: str | None = ""
        if is_production(each.environment):
            unlock = await self._own_name("Delete", each, f"{text} ")
        elif not await self.confirm(f"Delete {each.name}?", text, yes="Delete", no="Keep"):
            unlock = None
        if unlock is None:
            return
        data = self.app.workspace.data(each.name)
        outcome = self.app.workspace.delete(each.name, unlock=unlock)
        self._report(outcome)
        if isinstance(outcome, Done) and data is not None:
            await after_delete(self, data)

    @work
    async def do_restore_profile(self) -> None:
        """Choose a profile of the trash."""
        trashed = {str(each.folder): each for each in self.app.workspace.library.trashed()}
        choices = [Choice(key, each.name, f"deleted {each.when}") for key, each in trashed.items()]
        if folder := await self.choose("Bring back from the trash", choices):
            self._report(self.app.workspace.restore(trashed[folder]))

    def why_not_restore_profile(self) -> str | None:
        """There must be one."""
        return None if self.app.workspace.library.trashed() else "no profile is in the trash"

    async def _own_name(self, verb: str, each: Listed, text: str = "") -> str | None:
        """The own name of a production profile, typed by the person: nothing is done to it before."""
        name = _file_name(each.path)
        words = f"{text}It is production: type its name, {plain(name)}."
        return await self.ask(f"{verb} {each.name}", words, must_be=name)

    async def _new_name(self, verb: str, each: Listed) -> str | None:
        return await self.ask(f"{verb} {each.name}: new name", value=each.name)

    def _report(self, outcome: object, opens: str = "") -> None:
        """Show an outcome and what it changed; open a new profile."""
        self.show_outcome(outcome)
        self.fresh()
        if opens and isinstance(outcome, Done):
            self.app.open_profile(opens)

    def do_back(self) -> None:
        """There is nothing before the library."""
        self.show_message("ctrl+q leaves omtui")


def _file_name(path: Path) -> str:
    return Path(os.path.realpath(path)).name.removesuffix(".toml")
