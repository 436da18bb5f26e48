"""The application: starts and ends cleanly, draws, saves, undoes, and shows what other programs wrote."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from rich.console import RenderableType
from textual import events, work
from textual.binding import BindingType
from textual.keys import key_to_character
from textual.screen import Screen
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.timer import Timer
from textual.widgets import Input

from omtui.gc_tuning import collect_seldom
from omtui.plain_text import plain
from omtui.problem import Done
from omtui.service.session import Session
from omtui.service.settings import keep_setting
from omtui.service.workspace import Workspace
from omtui.workbench.actions import BY_NAME
from omtui.workbench.input_parser import guard_input
from omtui.workbench.keymap import Keymap
from omtui.workbench.navigation import Navigation
from omtui.workbench.output_filter import OnlyAscii, OnlyLetters
from omtui.workbench.screens.profile import ProfileScreen
from omtui.workbench.terminal import Terminal, end_cleanly, tolerate_bytes
from omtui.workbench.terminal_diff import TerminalDiff
from omtui.workbench.themes import register_themes, theme_for


class Workbench(Navigation):
    """The workbench on one library."""

    CSS_PATH = "styles/workbench.tcss"
    TITLE = "omtui"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, workspace: Workspace, terminal: Terminal, keymap: Keymap, *, profile: str | None = None) -> None:
        super().__init__(workspace, terminal, keymap)
        workspace.in_background = True
        self._first = profile
        self.settings_file: Path | None = None
        """Where choices are kept for later runs."""
        self._terminal_diff = TerminalDiff()
        self._check_timer: Timer | None = None
        self._said_nothing = False
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

    def end_welcome(self) -> None:
        """It was read; where the settings cannot keep that, it is shown again in the next run."""
        self.welcome = ""
        self.screen.query("#welcome").set(display=False)
        if self.settings_file is not None:
            keep_setting(self.settings_file, "welcomed", True)

    def choose_pane(self, shown: bool) -> None:
        """Show the detail pane or not; the settings keep it."""
        self.pane_chosen = shown
        trouble = keep_setting(self.settings_file, "pane", shown) if self.settings_file else None
        if trouble is not None and self.front is not None:
            self.front.show_message(f"not kept for a later run: {trouble}", wrong=True)

    # Start and end

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own colours, for Textual's themes, which do not know them."""
        return {"cursor": "ansi_blue", "entry": "ansi_bright_black"}

    def on_load(self) -> None:
        """Handle signals from here on: the terminal's modes are still to be entered."""
        end_cleanly(self.leave)

    def on_mount(self) -> None:
        """Show the first screen."""
        self.finish_killed()
        self.show_library()
        if self._first is not None:
            self.open_profile(self._first)
        else:
            self.call_later(collect_seldom)
        self.set_interval(LOOK_EVERY, self._look_at_files)
        for fault in self.keymap.faults:
            self.notify(plain(fault), title="settings", markup=False, severity="warning")

    def _handle_exception(self, error: Exception) -> None:
        """A bug: Textual would print local variables; only the place of the fault is shown."""
        from omtui.workbench.crash import keep_report

        if self._exit:  # it is ending: a screen that was just opened finds its parts gone
            return
        self._crash = keep_report(error)
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        self._exit_renderables.clear()
        self._close_messages_no_wait()

    def _look_at_files(self) -> None:
        """Show what other programs wrote: an editor, Git, a second omtui."""
        screen = self.front
        if screen is None:
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
        if self.front is not None and self.front.where == "library":
            self.front.fresh()

    def say_news(self) -> None:
        """Say what is not kept for a later run, as soon as it is known."""
        screen = self.front
        if self.session is not None and screen is not None and (news := self.session.news()):
            screen.show_message(news, wrong=True)

    def _follow(self) -> None:
        """Let the screens below go where their records went, before anything else changes."""
        for screen in self.screen_stack[:-1]:
            if isinstance(screen, ProfileScreen):
                screen.follow()

    @work
    async def offer_text(self, text: str, label: str) -> None:
        """Offer what was typed for a record that is gone."""
        from omtui.workbench.screens.dialogs import Ask

        words = f"Its record is gone from the file. This was typed for {plain(label)}; Enter sends it to the clipboard."
        answer = await self.push_screen_wait(Ask("What you typed is kept", words, value=text))
        if answer and self.front is not None:
            self.front.give_to_clipboard(answer, label)

    def check_soon(self) -> None:
        """Check the open profile once nothing was changed for a moment."""
        if self._check_timer is not None:
            self._check_timer.stop()
        self._check_timer = self.set_timer(CHECK_AFTER, self._check_now)

    def _check_now(self) -> None:
        if self.session is not None and not self.session.is_checked:
            self.session.check()
            if self.front is not None:
                self.front.fresh()

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

    # Actions that every screen has

    def action_help_quit(self) -> None:
        """ctrl+c: Textual's own words would cover the help line."""
        if self.front is not None:
            self.front.show_message("ctrl+c copies what is selected; ctrl+q leaves omtui")

    async def action_quit(self) -> None:
        """ctrl+q in a dialog."""
        self.do_quit()

    def do_save(self, reason: str = "") -> None:
        """Write the file."""
        from omtui.workbench.save_dialog import save

        if self.front is not None and self.session is not None:
            save(self, self.front, self.session, reason)

    def why_not_save(self) -> str | None:
        """There must be something to save."""
        session = self.session
        return None if session and session.unsaved else "nothing has changed since it was saved"

    why_not_save_why = why_not_discard = why_not_save

    @work
    async def do_save_why(self) -> None:
        """Ask why it was changed, and write the file."""
        from omtui.workbench.screens.dialogs import Ask

        question = Ask("Save: why was it changed?", "A ticket, a decision, who asked for it.")
        reason = await self.push_screen_wait(question)
        if reason is not None:
            self.do_save(reason.strip())

    def do_undo(self) -> None:
        """Take back the last change."""
        self._step(lambda session: session.undo())

    def do_redo(self) -> None:
        """Do again what was taken back."""
        self._step(lambda session: session.redo())

    def do_discard(self) -> None:
        """Go back to the file."""
        self._step(lambda session: session.discard())

    def _step(self, change: Callable[[Session], object]) -> None:
        screen = self.front
        if self.session is None or screen is None:
            return
        screen.show_message(str(change(self.session)))
        screen.fresh()
        self.say_news()

    @work
    async def do_unlock(self) -> None:
        """Ask for the production profile's name."""
        from omtui.workbench.screens.dialogs import Ask

        session = self.session
        if session is None:
            return
        text = f"This is production. Type its name, {plain(session.own_name)}, to change its file until omtui ends."
        name = await self.push_screen_wait(Ask("Unlock production", text, must_be=session.own_name))
        if name is not None and self.front is not None:
            self.front.show_message(str(session.unlock(name)))
            self.front.fresh()

    def why_not_unlock(self) -> str | None:
        """Only a locked profile can be unlocked."""
        session = self.session
        return None if session and session.locked else "this profile is not locked"

    def do_refresh(self) -> None:
        """Read and check the file again."""
        screen = self.front
        if screen is not None:
            if self.session is not None:
                screen.show_message(str(self.session.refresh()))
            screen.fresh()
            self.redraw()

    @work
    async def do_theme(self) -> None:
        """Choose a theme: each is shown while the mark is on it, Escape brings back the one before."""
        from omtui.workbench.screens.dialogs import Choice, Chooser

        def show(name: str) -> None:
            if name != self.theme:
                self.theme = name

        before = self.theme
        listed = [Choice(name, name) for name in sorted(self.available_themes)]
        chosen = await self.push_screen_wait(Chooser("Theme", listed, current=before, preview=show))
        show(chosen or before)

    async def on_event(self, event: events.Event) -> None:
        """One key after the other; the key after g before anything else gets it. Work in the background waits."""
        if isinstance(event, (events.InputEvent, events.Paste)) and not event.is_forwarded:
            if isinstance(event, events.Key):
                self.workspace.key_priority.pressed()
            if self.input_order.holds(event):
                return
            if isinstance(event, events.Key):
                if self.welcome:
                    self.end_welcome()
                if self.front is not None:
                    self.front.clear_message()
                if self.go_key.takes(event.key):
                    event.stop()
                    return
        await super().on_event(event)

    async def _check_bindings(self, key: str, priority: bool = False) -> bool:
        """Carry out what a key is bound to; say so where a letter means nothing, once until one means something."""
        is_taken = await super()._check_bindings(key, priority)
        if is_taken:
            self._said_nothing = False
        elif not priority and self.front is not None and not isinstance(self.focused, Input):
            letter = key if len(key) == 1 else key_to_character(key) or ""
            if letter.isprintable() and not letter.isspace() and letter and not self._said_nothing:
                self._said_nothing = True
                self.front.say_nothing_here(letter)
        return is_taken


CHECK_AFTER = 0.5
"""Seconds without a change after which a big profile is checked."""

LOOK_EVERY = 2.0
"""Seconds between two looks at the files that are open."""


class AsciiScrollBar(ScrollBarRender):
    """A scroll bar of coloured spaces."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8


def run(app: Workbench) -> int:
    """Run the workbench; the exit code."""
    tolerate_bytes()
    guard_input()
    app.run(mouse=app.terminal.mouse)
    if app.workspace.secrets_in_use:
        app.workspace.secrets_in_use.close()
    if trouble := app.workspace.end():
        print(f"omtui: the last changes are not kept: {trouble}", file=sys.stderr)
    crash = getattr(app, "_crash", None)
    if crash:
        print(crash, file=sys.stderr)
    return app.return_code or 0
