"""The application: opens the library and profiles, carries out actions, ends cleanly."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any, ClassVar

from rich.console import RenderableType
from textual import events, work
from textual.app import App
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.timer import Timer

from omtui.garbage import collect_seldom
from omtui.plain_text import for_pasting, plain
from omtui.service.outcomes import Done
from omtui.service.session import Session
from omtui.service.workspace import Workspace
from omtui.setup.catalogue import BY_STEP, TABLES, task_of
from omtui.setup.place import Path, table_at
from omtui.workbench.action import Action
from omtui.workbench.actions import BY_NAME
from omtui.workbench.go_key import GoKey
from omtui.workbench.input_order import InputOrder
from omtui.workbench.input_parser import guard_input
from omtui.workbench.keymap import Keymap
from omtui.workbench.output_filter import OnlyAscii, OnlyLetters
from omtui.workbench.screens.base import WorkScreen, doer
from omtui.workbench.screens.profile import ProfileScreen, why_locked
from omtui.workbench.signs import ASCII, UNICODE
from omtui.workbench.terminal import (
    CLIPBOARD_LIMIT,
    Terminal,
    clipboard_sequences,
    driver_class,
    end_cleanly,
    give_to_tmux,
    tolerate_bytes,
)
from omtui.workbench.terminal_diff import TerminalDiff
from omtui.workbench.themes import register_themes, theme_for
from omtui.workbench.title import level_style, title_line


class Workbench(App[None]):
    """The workbench on one library."""

    CSS_PATH = "styles/workbench.tcss"
    TITLE = "omtui"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, workspace: Workspace, terminal: Terminal, keymap: Keymap, *, profile: str | None = None) -> None:
        super().__init__(driver_class=driver_class())
        self.workspace = workspace
        workspace.in_background = True
        self.terminal = terminal
        self.keymap = keymap
        self.signs = ASCII if terminal.ascii_only else UNICODE
        self.session: Session | None = None
        self.git_answers = True
        """Whether Git is asked about the state of files: not any more once it was slow."""
        self._first = profile
        self.go_key = GoKey(self)
        self.left_at: dict[Path, Path] = {}
        """For each record of the open profile that was shown, the field on which its cursor was left."""
        self._terminal_diff = TerminalDiff()
        self.input_order = InputOrder(self)
        self._check_timer: Timer | None = None
        self._filters.append(OnlyLetters())
        self.animation_level = "none"
        if terminal.ascii_only:
            self._filters.append(OnlyAscii())
            ScrollBar.renderer = AsciiScrollBar
        # Only what was changed: Textual goes through the whole keymap at every key.
        changed = {name: keys for name, keys in keymap.keys.items() if keys != BY_NAME[name].keys}
        self.set_keymap({name: ",".join(keys) for name, keys in changed.items()})
        register_themes(self)
        self.theme = theme_for(terminal, os.environ)

    # Start and end

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own colours, for Textual's themes, which do not know them."""
        return {"cursor": "ansi_blue", "entry": "ansi_bright_black"}

    def on_load(self) -> None:
        """Handle signals from here on: the terminal's modes are still to be entered."""
        end_cleanly(self.leave)

    def on_mount(self) -> None:
        """Show the first screen."""
        from omtui.workbench.screens.library import LibraryScreen

        self._finish()
        self.push_screen(LibraryScreen())
        if self._first is not None:
            self.open_profile(self._first)
        else:
            self.call_later(collect_seldom)
        self.set_interval(LOOK_EVERY, self._look_at_files)
        for fault in self.keymap.faults:
            self.notify(plain(fault), title="settings", markup=False, severity="warning")

    def _finish(self) -> None:
        """Finish what a killed program left half done, and say so."""
        for words in self.workspace.finish():
            self.notify(plain(words), markup=False, severity="warning", timeout=10)

    def leave(self, code: int = 0) -> None:
        """End, the first time with its exit code. What is unsaved was kept when it was made."""
        if not self._exit:
            self.exit(return_code=code)

    def _handle_exception(self, error: Exception) -> None:
        """A bug: Textual would print local variables; only the place of the fault is shown."""
        from omtui.workbench.crash import keep_report

        self._crash = keep_report(error)
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        self._exit_renderables.clear()
        self._close_messages_no_wait()

    def _look_at_files(self) -> None:
        """Show what other programs wrote: an editor, Git, a second omtui."""
        screen = self.screen
        if not isinstance(screen, WorkScreen):
            return
        if screen.where == "library":
            self._look_at_library()
        elif self.session is not None and self.session.is_stale():
            outcome = self.session.merge_from_disk()
            self._follow()
            screen.fresh()
            screen.show_message(f"changed by another program: {outcome}", wrong=not isinstance(outcome, Done))
        elif self.session is not None and self.session.walk.noticed():
            screen.fresh()
        self.say_news()

    @work(thread=True, exclusive=True, group="library")
    def _look_at_library(self) -> None:
        """In the background: a library may have thousands of files."""
        if self.workspace.watch.changed():
            self.call_from_thread(self._show_library)

    def _show_library(self) -> None:
        screen = self.screen
        if isinstance(screen, WorkScreen) and screen.where == "library":
            screen.fresh()

    def say_news(self) -> None:
        """Say what is not kept for a later run, as soon as it is known."""
        screen = self.screen
        if self.session is not None and isinstance(screen, WorkScreen) and (news := self.session.news()):
            screen.show_message(news, wrong=True)

    def _follow(self) -> None:
        """Let the screens below go where their records went, before anything else changes."""
        for screen in self.screen_stack[:-1]:
            if isinstance(screen, ProfileScreen):
                screen.follow()

    def offer_text(self, text: str, label: str) -> None:
        """Offer what was typed for a record that is gone."""
        from omtui.workbench.screens.dialogs import Ask

        def copy(answer: str | None) -> None:
            if answer:
                self.give_to_clipboard(answer, label)

        words = f"Its record is gone from the file. This was typed for {plain(label)}; Enter sends it to the clipboard."
        self.push_screen(Ask("What you typed is kept", words, value=text), copy)

    def check_soon(self) -> None:
        """Check the open profile once nothing was changed for a moment."""
        if self._check_timer is not None:
            self._check_timer.stop()
        self._check_timer = self.set_timer(CHECK_AFTER, self._check_now)

    def _check_now(self) -> None:
        screen = self.screen
        if self.session is not None and not self.session.is_checked:
            self.session.check()
            if isinstance(screen, WorkScreen):
                screen.fresh()

    # Drawing

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Write only what differs from what the terminal shows."""
        if not self._batch_count:
            super()._display(screen, self._terminal_diff.changes(renderable))  # type: ignore[arg-type]

    def on_resize(self) -> None:
        """A terminal shows what it likes after a change of its size."""
        self._terminal_diff.forget()

    def redraw(self) -> None:
        """Write the whole screen again, also what the terminal shows already."""
        self._terminal_diff.forget()
        self.screen.refresh()

    # Actions

    def carry_out(self, name: str) -> None:
        """Carry out an action by its name, or say why it is not possible now."""
        action = BY_NAME[name]
        screen = self.screen
        if not isinstance(screen, WorkScreen):
            return
        reason = self.why_not(screen, action)
        if reason is not None:
            screen.show_message(f"{action.title}: {reason}", wrong=True)
            return
        method = doer(screen, self, "do", action)
        method()

    def why_not(self, screen: WorkScreen, action: Action) -> str | None:
        """Why an action is not possible now; `None` when it is."""
        if doer(screen, self, "do", action) is None:
            return "not on this screen"
        locked = why_locked(screen, action)
        if locked is not None:
            return locked
        ask: Callable[[], str | None] | None = doer(screen, self, "why_not", action)
        return ask() if ask else None

    # Where to go

    def open_profile(self, name: str) -> None:
        """Open a profile of the library, or a path, and show its tasks."""
        from omtui.workbench.screens.overview import OverviewScreen

        self._finish()
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
        screen = self.screen
        if self.session is None or not isinstance(screen, WorkScreen):
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

        self._once_settled(OverviewScreen, shown)

    def show_overview(self) -> None:
        """Go back to the list of tasks."""
        from omtui.workbench.screens.overview import OverviewScreen

        self._once_settled(OverviewScreen, lambda: self._down_to(OverviewScreen))

    def show_record(self, path: Path, *, new: bool = False) -> None:
        """Show one record on top of what is shown; of a new one the first empty field is open."""
        from omtui.workbench.screens.record import RecordScreen

        self.push_screen(RecordScreen(path, new=new))

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

    def leave_screen(self, screen: WorkScreen | None = None) -> None:
        """Go back to the screen before; of the one given only if it is still in front."""
        from omtui.workbench.screens.overview import OverviewScreen

        if screen is not None and screen is not self.screen:
            return
        if isinstance(self.screen, OverviewScreen):
            self.do_home()
        elif len(self.screen_stack) > 2:
            self._close_screen()

    def _once_settled(self, kind: type[WorkScreen], then: Callable[[], None]) -> None:
        """Go on when all screens on the way down to a kind of screen hold nothing that would be lost."""
        from omtui.workbench.screens.lines import Lines

        for above in reversed(self.screen_stack):
            if isinstance(above, kind):
                break
            if isinstance(above, (WorkScreen, Lines)) and above.holds():
                above.settle(lambda: self._once_settled(kind, then))
                return
        then()

    def _down_to(self, kind: type[WorkScreen]) -> None:
        while len(self.screen_stack) > 2 and not isinstance(self.screen, kind):
            self._close_screen()

    def _close_screen(self) -> None:
        """Close the screen in front, and with it at once what it does in the background."""
        self.workers.cancel_node(self.screen)
        self.pop_screen()

    # Actions that every screen has

    def do_back(self) -> None:
        """Leave the screen."""
        screen = self.screen
        if isinstance(screen, WorkScreen) and screen.holds():
            screen.settle(self.leave_screen)
        else:
            self.leave_screen()

    def do_home(self) -> None:
        """Back to the library; the profile's unsaved changes are kept."""
        from omtui.workbench.screens.library import LibraryScreen

        def left() -> None:
            self.session = None
            with self.batch_update():
                self._down_to(LibraryScreen)

        self._once_settled(LibraryScreen, left)

    def action_help_quit(self) -> None:
        """ctrl+c: Textual's own words would cover the help line."""
        if isinstance(self.screen, WorkScreen):
            self.screen.show_message("ctrl+c copies what is selected; ctrl+q leaves omtui")

    def why_not_home(self) -> str | None:
        """From everywhere else."""
        is_there = isinstance(self.screen, WorkScreen) and self.screen.where == "library"
        return "this is the list of profiles" if is_there else None

    def do_quit(self) -> None:
        """Leave; only what is kept nowhere is asked about."""
        from omtui.workbench.screens.library import LibraryScreen

        self._once_settled(LibraryScreen, self.leave)

    async def action_quit(self) -> None:
        """ctrl+q in a dialog."""
        self.do_quit()

    def do_save(self) -> None:
        """Write the file."""
        from omtui.workbench.save_dialog import save

        save(self)

    def why_not_save(self) -> str | None:
        """There must be something to save."""
        session = self.session
        return None if session and session.unsaved else "nothing has changed since it was saved"

    def do_save_why(self) -> None:
        """Ask why it was changed, and write the file."""
        from omtui.workbench.save_dialog import save
        from omtui.workbench.screens.dialogs import Ask

        def typed(reason: str | None) -> None:
            if reason is not None:
                save(self, reason.strip())

        self.push_screen(Ask("Save: why was it changed?", "A ticket, a decision, who asked for it."), typed)

    def why_not_save_why(self) -> str | None:
        """There must be something to save."""
        return self.why_not_save()

    def do_undo(self) -> None:
        """Take back the last change."""
        self._step(lambda session: session.undo())

    def do_redo(self) -> None:
        """Do again what was taken back."""
        self._step(lambda session: session.redo())

    def do_discard(self) -> None:
        """Go back to the file."""
        self._step(lambda session: session.discard())

    def why_not_discard(self) -> str | None:
        """There must be something to discard."""
        return self.why_not_save()

    def _step(self, change: Callable[[Session], Any]) -> None:
        screen = self.screen
        if self.session is None or not isinstance(screen, WorkScreen):
            return
        screen.show_message(str(change(self.session)))
        screen.fresh()
        self.say_news()

    def do_unlock(self) -> None:
        """Ask for the production profile's name."""
        from omtui.workbench.screens.dialogs import Ask

        session = self.session
        if session is None:
            return

        def typed(name: str | None) -> None:
            if name is not None and isinstance(self.screen, WorkScreen):
                self.screen.show_message(str(session.unlock(name)))
                self.screen.fresh()

        text = f"This is production. Type its name, {plain(session.own_name)}, to change its file until omtui ends."
        self.push_screen(Ask("Unlock production", text, must_be=session.own_name), typed)

    def why_not_unlock(self) -> str | None:
        """Only a locked profile can be unlocked."""
        session = self.session
        return None if session and session.locked else "this profile is not locked"

    def do_refresh(self) -> None:
        """Read and check the file again."""
        screen = self.screen
        if isinstance(screen, WorkScreen):
            if self.session is not None:
                screen.show_message(str(self.session.refresh()))
            screen.fresh()
            self.redraw()

    def do_findings(self) -> None:
        """The findings of the screen; from there all."""
        from omtui.workbench.screens.findings import ALL, FindingsScreen

        screen = self.screen
        if isinstance(screen, ProfileScreen):
            self.push_screen(FindingsScreen(screen.concerns, screen.about()))
        else:
            self.push_screen(FindingsScreen(lambda path: True, ALL))

    def do_credentials(self) -> None:
        """The credentials of the profile, or of the whole library."""
        from omtui.workbench.screens.credentials import CredentialsScreen

        self.push_screen(CredentialsScreen())

    def why_not_credentials(self) -> str | None:
        """They are shown already."""
        screen = self.screen
        return "this is it" if isinstance(screen, WorkScreen) and screen.where == "credentials" else None

    def do_walk(self) -> None:
        """The walk-through, at what is under the cursor, or at the next that is to be done."""
        from omtui.workbench.screens.walk import WalkScreen

        screen = self.screen
        at = screen.at if isinstance(screen, ProfileScreen) else None
        task = screen.setup_task if isinstance(screen, ProfileScreen) else None
        self.push_screen(WalkScreen(at or (), task.step if task else ""))

    def do_promote(self) -> None:
        """Carry the profile over to another environment."""
        from omtui.workbench.promotion_dialogs import choose_target

        if self.session is not None:
            choose_target(self, self.session)

    def why_not_promote(self) -> str | None:
        """Only what is in the file travels."""
        if self.session is not None and self.session.unsaved:
            return "what is not saved would not travel; save it first"
        return None

    def do_review(self, *, run: bool = False) -> None:
        """The topology review of the profile."""
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

    def do_theme(self) -> None:
        """Choose a theme."""
        from omtui.workbench.screens.dialogs import Choice, Chooser

        def chosen(name: str | None) -> None:
            if name:
                self.theme = name

        self.push_screen(Chooser("Theme", [Choice(name, name) for name in sorted(self.available_themes)]), chosen)

    def do_palette(self) -> None:
        """Every action and every screen, by a word of it."""
        from omtui.workbench.palette import open_palette

        open_palette(self)

    def do_search(self) -> None:
        """Search the fields of all records."""
        from omtui.workbench.palette import open_search

        open_search(self)

    def do_help(self) -> None:
        """About the screen and its keys."""
        from omtui.workbench.help import open_help

        open_help(self)

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
        if isinstance(self.screen, WorkScreen):
            self.go_key.begin(self.screen)

    def why_not_go(self) -> str | None:
        """Only a profile has steps."""
        screen = self.screen
        if isinstance(screen, WorkScreen) and screen.opened is None:
            return "no profile is open" + ("; Enter opens one" if screen.where == "library" else "")
        return None

    why_not_findings = why_not_search = why_not_go

    async def on_event(self, event: events.Event) -> None:
        """One key after the other; the key after g before anything else gets it. Work in the background waits."""
        if isinstance(event, (events.InputEvent, events.Paste)) and not event.is_forwarded:
            if isinstance(event, events.Key):
                self.workspace.hands.pressed()
            if self.input_order.holds(event):
                return
            if isinstance(event, events.Key):
                if isinstance(self.screen, WorkScreen):
                    self.screen.clear_message()
                if self.go_key.takes(event.key):
                    event.stop()
                    return
        await super().on_event(event)

    # Clipboard

    def give_to_clipboard(self, text: str, what: str) -> None:
        """Hand a value to the terminal. Nobody confirms that it arrived, so nothing is claimed."""
        screen = self.screen
        if not isinstance(screen, WorkScreen):
            return
        given = text
        text = for_pasting(given)
        if len(text.encode("utf-8", "replace")) > CLIPBOARD_LIMIT:
            screen.show_message(f"{what} is too long for terminals on the way; p shows it plain", wrong=True)
            return
        if os.environ.get("TMUX"):
            give_to_tmux(text)
        driver = self._driver
        if driver is not None:
            for sequence in clipboard_sequences(text, os.environ):
                driver.write(sequence)
            driver.flush()
        left_out = "" if text == given else " (without line breaks and characters that cannot be seen)"
        screen.show_message(f"sent to your terminal{left_out}: {text}")

    # Looks

    def level_style(self, level: str) -> str:
        """The colour of a finding's level, as Rich and Textual both understand it."""
        return level_style(level, dark=self.current_theme.dark)

    def title_line(self, screen: WorkScreen) -> Content:
        """The first line of a screen."""
        session = screen.titled
        if session is None or screen.where == "library":
            return Content.assemble((" omtui ", "bold"), (f" {plain(self.workspace.folder_words)}", ""))
        dark, sixteen_colours = self.current_theme.dark, self.theme.startswith("ansi")
        return title_line(session, self.signs, dark=dark, sixteen_colours=sixteen_colours)


CHECK_AFTER = 0.5
"""Seconds without a change after which a big profile is checked."""

LOOK_EVERY = 2.0
"""Seconds between two looks at the files that are open."""


def _sheet_end(path: Path) -> int:
    """Where the path of the record ends whose sheet shows a path: rules show their conditions, others do not."""
    if path[0] == "routing_rules":
        return min(2, len(path))
    for end in range(len(path), 0, -1):
        table = table_at(path[:end])
        if table is not None and (isinstance(path[end - 1], int) or table.single):
            return end
    return len(path)


class AsciiScrollBar(ScrollBarRender):
    """A scroll bar of coloured spaces."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8


def run(app: Workbench) -> int:
    """Run the workbench; the exit code."""
    tolerate_bytes()
    guard_input()
    app.run(mouse=app.terminal.mouse)
    app.workspace.secrets.close()
    if trouble := app.workspace.end():
        print(f"omtui: the last changes are not kept: {trouble}", file=sys.stderr)
    crash = getattr(app, "_crash", None)
    if crash:
        print(crash, file=sys.stderr)
    return app.return_code or 0


__all__ = ["BY_NAME", "TABLES", "Action", "Screen", "Workbench", "run"]
