"""What a screen can ask of the application that shows it. The answers are above the screens: `navigation` and `app`."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from textual.app import App

from omtui.service.progress import Gap
from omtui.service.session import Session
from omtui.service.workspace import Workspace
from omtui.setup.place import Path
from omtui.workbench.input_order import InputOrder
from omtui.workbench.keymap import Keymap
from omtui.workbench.orders_in_hand import OrdersInHand
from omtui.workbench.signs import ASCII, UNICODE
from omtui.workbench.terminal import Terminal, driver_class
from omtui.workbench.title import level_style

if TYPE_CHECKING:
    from omtui.problem import Problem
    from omtui.rehearsal.job import LineRules, LinesRead, RehearsalCounts, RehearsalJob, TraceJob, WayLines
    from omtui.rehearsal.tracing import Trace
    from omtui.service.rehearsing import Rehearser


class Host(App[None]):
    """The application as screens know it: the library, the open profile, and the ways to other screens."""

    def __init__(self, workspace: Workspace, terminal: Terminal, keymap: Keymap) -> None:
        super().__init__(driver_class=driver_class())
        self.workspace = workspace
        self.terminal = terminal
        self.keymap = keymap
        self.signs = ASCII if terminal.ascii_only else UNICODE
        self.session: Session | None = None
        """The open profile."""
        self.git_answers = True
        """Whether Git is asked about the state of files: not any more once it was slow."""
        self.left_at: dict[Path, Path] = {}
        """For each record of the open profile that was shown, the field on which its cursor was left."""
        self.input_order = InputOrder(self)
        self.pane_chosen: bool | None = None
        """Whether the detail pane is wanted; `None` where there is room for it."""
        self.orders: OrdersInHand | None = None
        """The orders that the open profile is rehearsed with."""
        self.rehearser: Rehearser | None = None
        """What judges them in a process of its own; made at the first question."""
        self.welcome = ""
        """What a newcomer may try, shown until the first key; empty for others."""
        self.is_far = bool(os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY"))
        """Whether each byte drawn goes over a network."""

    def level_style(self, level: str) -> str:
        """The colour of a finding's level, as Rich and Textual both understand it."""
        return level_style(level, dark=self.current_theme.dark)

    def choose_pane(self, shown: bool) -> None:
        """Show the detail pane or not, in later runs, too."""
        raise NotImplementedError

    def take_orders(self, file: FilePath | None) -> None:
        """Take a file of orders in hand, or put away those that are."""
        raise NotImplementedError

    async def ask_orders(
        self, job: RehearsalJob | TraceJob, report: Callable[[LinesRead], None] | None = None
    ) -> RehearsalCounts | WayLines | LineRules | Trace | Problem:
        """Ask the process that keeps orders; `report` hears how far it is."""
        raise NotImplementedError

    def rehearse_soon(self) -> None:
        """Judge the orders by the rules as they are now, if that was not done yet."""
        raise NotImplementedError

    # Where to go

    def open_profile(self, name: str) -> None:
        """Open a profile of the library, or a path, and show its tasks."""
        raise NotImplementedError

    def show_step(self, step: str) -> None:
        """Show a task's records."""
        raise NotImplementedError

    def show_overview(self) -> None:
        """Go back to the list of tasks."""
        raise NotImplementedError

    def show_record(self, path: Path, *, new: bool = False) -> None:
        """Show one record on top of what is shown; of a new one the first empty field is open."""
        raise NotImplementedError

    def add_another(self, path: Path) -> None:
        """Leave a record, and add one next to it."""
        raise NotImplementedError

    def show_path(self, path: Path) -> None:
        """Show the record that holds a path, with the cursor on the field; what was shown stays below."""
        raise NotImplementedError

    def choose_target(self, source: Session) -> object:
        """Ask which profile to promote to, and show the plan."""
        raise NotImplementedError

    def leave_screen(self, screen: object = None) -> None:
        """Go back to the screen before; of the one given only if it is still in front."""
        raise NotImplementedError

    def go_to_gap(self, gap: Gap, message: str) -> None:
        """Show a field to fill in, in place of a record that is shown, and what is to be done."""
        raise NotImplementedError

    def press_second_key(self, key: str) -> None:
        """Act as if a key was pressed after `g`."""
        raise NotImplementedError

    # What more than one screen does

    def do_review(self, *, run: bool = False) -> None:
        """Show the topology review of the profile."""
        raise NotImplementedError

    def do_save(self, reason: str = "") -> None:
        """Write the file; `reason` is kept in the log."""
        raise NotImplementedError

    def why_not_save(self) -> str | None:
        """There must be something to save."""
        raise NotImplementedError

    def do_refresh(self) -> None:
        """Read and check the file again."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Write the whole screen again, also what the terminal shows already."""
        raise NotImplementedError

    def check_soon(self) -> None:
        """Check the open profile once nothing was changed for a moment."""
        raise NotImplementedError

    def say_news(self) -> None:
        """Say what is not kept for a later run, as soon as it is known."""
        raise NotImplementedError

    def offer_text(self, text: str, label: str) -> object:
        """Offer what was typed for a record that is gone."""
        raise NotImplementedError
