"""The ways through the workbench: which screen shows what. It is above the screens, which know only the `Host`."""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from textual import work
from textual.content import Content

from omtui.gc_tuning import collect_seldom
from omtui.plain_text import plain
from omtui.problem import Problem
from omtui.service.progress import Gap
from omtui.service.session import Session
from omtui.service.workspace import Workspace
from omtui.setup.catalogue import BY_STEP, task_of
from omtui.setup.place import Path, table_at
from omtui.workbench.go_key import GoKey
from omtui.workbench.host import Host
from omtui.workbench.keymap import Keymap
from omtui.workbench.orders_in_hand import OrdersInHand
from omtui.workbench.screens.base import WorkScreen
from omtui.workbench.screens.dialogs import Dialog
from omtui.workbench.screens.profile import ProfileScreen
from omtui.workbench.terminal import Terminal

if TYPE_CHECKING:
    from omtui.rehearsal.job import LineRules, LinesRead, RehearsalCounts, RehearsalJob, TraceJob, WayLines
    from omtui.rehearsal.tracing import Trace

# Screens are imported when they are shown: a start needs the library or one profile's tasks only.


class Navigation(Host):
    """Goes from screen to screen, and carries out the actions that do."""

    def __init__(self, workspace: Workspace, terminal: Terminal, keymap: Keymap) -> None:
        super().__init__(workspace, terminal, keymap)
        self.go_key = GoKey(self)

    @property
    def front(self) -> WorkScreen | None:
        """The screen in front, unless a dialog covers it."""
        screen = self.screen
        return screen if isinstance(screen, WorkScreen) else None

    # Where to go

    def show_library(self) -> None:
        """Show the first screen."""
        from omtui.workbench.screens.library import LibraryScreen

        self.push_screen(LibraryScreen())

    def finish_killed(self) -> None:
        """Finish what a killed program left half done, and say so."""
        for words in self.workspace.finish():
            self.notify(plain(words), markup=False, severity="warning", timeout=10)

    def open_profile(self, name: str) -> None:
        """Open a profile of the library, or a path, and show its tasks."""
        from omtui.workbench.screens.overview import OverviewScreen

        self.finish_killed()
        opened = self.workspace.open(name)
        if not isinstance(opened, Session):
            self.notify(plain(opened), title="not opened", markup=False, severity="error", timeout=10)
            return
        self.session = opened
        self.left_at.clear()
        self.push_screen(OverviewScreen())
        self.call_after_refresh(self._resume)
        self.call_later(collect_seldom)

    def _resume(self) -> None:
        """Take up what an earlier run left unsaved. The first screen does not wait for it."""
        screen = self.front
        if self.session is None or screen is None:
            return
        resumed = self.session.resume()
        if resumed is not None:
            screen.fresh()
            screen.show_message(str(resumed))
        self.say_news()

    def show_step(self, step: str) -> None:
        """Show a task's records."""
        from omtui.workbench.screens.flow import FlowScreen
        from omtui.workbench.screens.overview import OverviewScreen
        from omtui.workbench.screens.records import RecordsScreen

        def shown() -> None:
            with self.batch_update():  # the screens below are not drawn in between
                self._down_to(OverviewScreen)
                self.push_screen((FlowScreen if step == "flow" else RecordsScreen)(BY_STEP[step]))

        self._once_settled(self._above(OverviewScreen), shown)

    def show_overview(self) -> None:
        """Go back to the list of tasks."""
        from omtui.workbench.screens.overview import OverviewScreen

        self._once_settled(self._above(OverviewScreen), lambda: self._down_to(OverviewScreen))

    def show_record(self, path: Path, *, new: bool = False) -> None:
        """Show one record on top of what is shown; of a new one the first empty field is open."""
        from omtui.workbench.screens.record import RecordScreen

        self.push_screen(RecordScreen(path, new=new))

    def add_another(self, path: Path) -> None:
        """Leave a record, and add one next to it."""
        from omtui.workbench.another import add_another

        add_another(self, path)

    def show_path(self, path: Path) -> None:
        """Show the record that holds a path, with the cursor on the field; what was shown stays below."""
        from omtui.workbench.screens.record import RecordScreen
        from omtui.workbench.screens.records import RecordsScreen

        session = self.session
        if session is None:
            return
        end = _sheet_end(path)
        table = table_at(path[:end])
        if table is None:
            return
        record = session.value(path[:end])
        if not isinstance(record, dict) and not table.single:
            task = task_of(table.path)
            if task:
                self.push_screen(RecordsScreen(task, table.path))
            return
        self.push_screen(RecordScreen(path[:end], focus=path))

    def go_to_gap(self, gap: Gap, message: str) -> None:
        """Show a field to put right in place of a record that is shown: Escape leads to where the way began."""
        from omtui.workbench.screens.record import RecordScreen

        if isinstance(self.screen, RecordScreen):
            self.pop_screen()
        self.show_path(gap.found.finding.path)
        if isinstance(self.front, ProfileScreen):
            self.front.came_for = gap[:2]
            self.front.show_message(message, wrong=True)

    @work
    async def choose_target(self, source: Session) -> None:
        """Ask which profile to promote to, and show the plan."""
        from omtui.workbench.promotion_dialogs import ask_target

        name = await ask_target(self, source)
        if name is not None:
            self.show_promotion(source, name)

    def show_promotion(self, source: Session, name: str) -> None:
        """Show the plan for a target, or say why there is none."""
        from omtui.service.promoting import Promoting
        from omtui.workbench.promotion_dialogs import opened
        from omtui.workbench.screens.promotion import PromotionScreen

        promoting = opened(self, source, name, str(self.workspace.library.path(name)))
        if isinstance(promoting, Promoting):
            self.push_screen(PromotionScreen(source, promoting))
        elif (screen := self.front) is not None:
            screen.show_message(str(promoting), wrong=True)

    def leave_screen(self, screen: object = None) -> None:
        """Go back to the screen before; of the one given only if it is still in front."""
        from omtui.workbench.screens.overview import OverviewScreen

        if screen is not None and screen is not self.screen:
            return
        if isinstance(self.screen, OverviewScreen):
            self.do_home()
        elif len(self.screen_stack) > 2:
            self._close_screen()

    def _above(self, kind: type[WorkScreen]) -> list[WorkScreen | Dialog[Any]]:
        """The screens on the way down to a kind of screen that can hold something."""
        way = takewhile(lambda screen: not isinstance(screen, kind), reversed(self.screen_stack))
        return [screen for screen in way if isinstance(screen, WorkScreen | Dialog)]

    def _once_settled(self, screens: list[WorkScreen | Dialog[Any]], then: Callable[[], None]) -> None:
        """Go on when the screens hold nothing that would be lost: at once, where nothing has to be asked."""
        if any(screen.holds() for screen in screens):
            self.run_worker(self._settle(screens, then))
        else:
            then()

    async def _settle(self, screens: list[WorkScreen | Dialog[Any]], then: Callable[[], None]) -> None:
        for screen in screens:
            if screen.holds() and not await screen.settle():
                return
        then()

    def _down_to(self, kind: type[WorkScreen]) -> None:
        while len(self.screen_stack) > 2 and not isinstance(self.screen, kind):
            self._close_screen()

    def _close_screen(self) -> None:
        """Close the screen in front, and with it at once what it does in the background."""
        self.workers.cancel_node(self.screen)
        self.pop_screen()

    # Back, home, end

    def do_back(self) -> None:
        """Leave the screen."""
        screen = self.front
        if screen is not None and not screen.step_back():
            self._once_settled([screen], self.leave_screen)

    def do_home(self) -> None:
        """Go back to the library; the profile's unsaved changes are kept."""
        from omtui.workbench.screens.library import LibraryScreen

        def left() -> None:
            self.session = None
            with self.batch_update():
                self._down_to(LibraryScreen)

        self._once_settled(self._above(LibraryScreen), left)

    def why_not_home(self) -> str | None:
        """From everywhere else."""
        return "this is the list of profiles" if self.front and self.front.where == "library" else None

    def do_quit(self) -> None:
        """Leave; only what is kept nowhere is asked about."""
        from omtui.workbench.screens.library import LibraryScreen

        self._once_settled(self._above(LibraryScreen), self.leave)

    def leave(self, code: int = 0) -> None:
        """End, the first time with its exit code. What is unsaved was kept when it was made."""
        if not self._exit:
            self.exit(return_code=code)

    # The screens that every screen leads to

    def do_findings(self) -> None:
        """The findings of the screen; from there all."""
        from omtui.workbench.screens.findings import ALL, FindingsScreen, everything

        screen = self.screen
        if isinstance(screen, ProfileScreen):
            self.push_screen(FindingsScreen(screen.concerns, screen.about()))
        else:
            self.push_screen(FindingsScreen(everything, ALL))

    def do_credentials(self) -> None:
        """The credentials of the profile, or of the whole library."""
        from omtui.workbench.screens.credentials import CredentialsScreen

        self.push_screen(CredentialsScreen())

    def why_not_credentials(self) -> str | None:
        """They are shown already."""
        return "this is it" if self.front and self.front.where == "credentials" else None

    def do_walk(self) -> None:
        """The walk-through, at what is under the cursor, or at the next that is to be done."""
        from omtui.workbench.screens.walk import WalkScreen

        screen = self.screen
        at = screen.at if isinstance(screen, ProfileScreen) else None
        task = screen.setup_task if isinstance(screen, ProfileScreen) else None
        self.push_screen(WalkScreen(at or (), task.step if task else ""))

    def do_promote(self) -> None:
        """Carry the profile over to another environment."""
        if self.session is not None:
            self.choose_target(self.session)

    def why_not_promote(self) -> str | None:
        """Only what is in the file travels."""
        if self.session is not None and self.session.unsaved:
            return "what is not saved would not travel; save it first"
        return None

    def do_review(self, *, run: bool = False) -> None:
        """Show the topology review of the profile."""
        from omtui.workbench.screens.review import ReviewScreen

        self.push_screen(ReviewScreen(run=run))

    def do_difference(self) -> None:
        """What differs from another state, which is asked for."""
        from omtui.workbench.screens.difference import DifferenceScreen

        self.push_screen(DifferenceScreen())

    def do_history(self) -> None:
        """Who changed what, when and why: of the record whose sheet is open, else of the profile."""
        from omtui.workbench.screens.history import HistoryScreen
        from omtui.workbench.screens.record import RecordScreen

        screen = self.screen
        self.push_screen(HistoryScreen(screen.path if isinstance(screen, RecordScreen) else ()))

    def do_impact(self) -> None:
        """What the next update changes: for the open profile, or for each of the library."""
        from omtui.workbench.screens.impact import ImpactScreen

        self.push_screen(ImpactScreen())

    def do_rehearse(self) -> None:
        """Which connector orders would get by the rules as they are now."""
        from omtui.workbench.screens.rehearsal import RehearsalScreen

        self.push_screen(RehearsalScreen())

    def rehearse_soon(self) -> None:
        """Judge the orders by the rules as they are now, if that was not done yet."""
        orders, session = self.orders, self.session
        if orders is None or session is None:
            return
        if orders.profile != session.path:
            self.take_orders(None)
        elif orders.asked != (state := (session.revision, session.unsaved > 0)):
            orders.asked = state
            self._rehearse(orders, session)

    def take_orders(self, file: FilePath | None) -> None:
        """Take a file of orders in hand, or put away those that are: the process that keeps them ends."""
        if self.rehearser is not None:
            self.rehearser.close()
        self.orders = OrdersInHand(self.session.path, file) if file is not None and self.session is not None else None

    async def ask_orders(
        self, job: RehearsalJob | TraceJob, report: Callable[[LinesRead], None] | None = None
    ) -> RehearsalCounts | WayLines | LineRules | Trace | Problem:
        """Ask the process that keeps orders; without orders in hand it ends with the answer."""
        from omtui.service.rehearsing import Rehearser

        if self.rehearser is None:
            self.rehearser = Rehearser()
        answer = await self.rehearser.ask(job, report)
        if self.orders is None:
            self.rehearser.close()
        return answer

    async def on_unmount(self) -> None:
        """Nothing of the orders outlives the workbench."""
        if self.rehearser is not None:
            await self.rehearser.end()

    @work(group="rehearsal", exclusive=True)
    async def _rehearse(self, orders: OrdersInHand, session: Session) -> None:
        from omtui.rehearsal.job import RehearsalCounts
        from omtui.service.rehearsing import job_of

        def report(read: LinesRead) -> None:
            orders.lines = read.lines
            if read.counts is not None:
                orders.counts, orders.is_judging = read.counts, not read.counts.is_whole
            self._show_rehearsed(orders, is_progress=read.counts is None)

        orders.lines, orders.is_judging = 0, True
        job = job_of(session, orders.file)
        found = job if isinstance(job, Problem) else await self.ask_orders(job, report)
        orders.is_judging = False
        if isinstance(found, Problem):
            orders.counts, orders.trouble = None, found
        else:
            assert isinstance(found, RehearsalCounts)
            orders.counts, orders.trouble = found, found.problem
        self._show_rehearsed(orders)

    def _show_rehearsed(self, orders: OrdersInHand, *, is_progress: bool = False) -> None:
        front = self.front
        if self.orders is not orders or not front or not front.is_mounted or not front.has_parts:
            return
        if front.editing_keys():
            front.show_help()
        elif not is_progress or front.where == "rehearsal":
            front.fresh()

    def why_not_impact(self) -> str | None:
        """It is shown already."""
        return "this is it" if self.front and self.front.where == "impact" else None

    def do_palette(self) -> None:
        """Every action and every screen, by a word of it."""
        from omtui.workbench.palette import open_palette

        if self.front is not None:
            self.run_worker(open_palette(self, self.front))

    def do_search(self) -> None:
        """Search the fields of all records."""
        from omtui.workbench.palette import open_search

        if self.session is not None:
            self.run_worker(open_search(self, self.session))

    def do_help(self) -> None:
        """About the screen and its keys."""
        from omtui.workbench.help import open_help

        if self.front is not None:
            open_help(self, self.front)

    def do_plain(self) -> None:
        """The values, one a line, without a frame."""
        from omtui.workbench.screens.dialogs import TextWindow

        screen = self.screen
        if isinstance(screen, ProfileScreen):
            lines = [plain(line) for line in screen.plain_lines()]
            self.push_screen(TextWindow("", Content("\n".join(lines)), framed=False))

    # The two-key way to a step

    def do_go(self) -> None:
        """Wait for the second key."""
        if self.front is not None:
            self.go_key.begin(self.front)

    def press_second_key(self, key: str) -> None:
        """Act as if a key was pressed after `g`."""
        self.go_key.takes(key)

    def why_not_go(self) -> str | None:
        """Only a profile has steps."""
        screen = self.front
        if screen is not None and screen.opened is None:
            return "no profile is open" + ("; Enter opens one" if screen.where == "library" else "")
        return None

    why_not_findings = why_not_search = why_not_go


def _sheet_end(path: Path) -> int:
    """Where the path of the record ends whose sheet shows a path: rules show their conditions, others do not."""
    if path[0] == "routing_rules":
        return min(2, len(path))
    for end in range(len(path), 0, -1):
        table = table_at(path[:end])
        if table is not None and (isinstance(path[end - 1], int) or table.single):
            return end
    return len(path)
