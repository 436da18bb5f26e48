"""What all screens share: the bars, the keys made from the registry, and how actions find who carries them out."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path as FilePath
from typing import Any, ClassVar, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget

from omtui.plain_text import for_pasting, plain
from omtui.problem import Done, Problem
from omtui.service.session import Session
from omtui.typed_path import typed_path
from omtui.workbench.actions import BY_NAME, Action, Where, at_home
from omtui.workbench.keymap import key_name
from omtui.workbench.screens.dialogs import Ask, Choice, Chooser, Confirm
from omtui.workbench.screens.pane import PaneScreen
from omtui.workbench.terminal import CLIPBOARD_LIMIT, clipboard_sequences, give_to_tmux
from omtui.workbench.title import title_line
from omtui.workbench.widgets.bars import Bar, FooterKey, KeyBar
from omtui.workbench.widgets.detail_pane import DetailPane
from omtui.workbench.widgets.filter_line import FilterLine
from omtui.workbench.widgets.go_panel import GoPanel
from omtui.workbench.widgets.grid import Cell, Column, Grid

Item = TypeVar("Item")


def bindings_for(where: Where) -> list[BindingType]:
    """Textual's bindings of the actions at home on a kind of screen. Enter belongs to the list or field itself."""
    return [
        Binding(
            ",".join(key for key in action.keys if key != "enter"),
            f"carry_out('{action.name}')",
            action.title,
            id=action.name,
            show=False,
        )
        for action in at_home(where)
        if any(key != "enter" for key in action.keys)
    ]


STAYS = ("help", "back", "quit")
"""Actions that the footer shows however little room there is."""

WIDE = 120
"""From how many columns on the tasks are shown at the left."""


class WorkScreen(PaneScreen):
    """A screen of the workbench: title, path, body, help line and keys."""

    AUTO_FOCUS = "#list"
    where: ClassVar[Where] = "profile"
    """The kind of screen: its actions are at home there, and their keys are bound."""

    opens: ClassVar[str] = ""
    """The action that Enter and a click on a row of the list carry out."""

    has_summary: ClassVar[bool] = True
    """Whether a line about the whole is above the list."""

    row_decides: ClassVar[bool] = False
    """Whether what is possible depends on the row under the cursor."""

    filters: ClassVar[bool] = True
    """Whether the list can be narrowed."""

    words = ""
    """What the list is filtered by."""

    found_of = (0, 0)
    """How many rows hold the words, and how many there are."""

    def __init__(self) -> None:
        super().__init__()
        self._message: Content | None = None
        self.opened: Session | None = self.app.session
        """The profile that was open when the screen was made: what ends late keeps it when another is open then."""

    def __init_subclass__(cls, **options: Any) -> None:
        """Bind the keys of a kind of screen."""
        if "where" in vars(cls):
            cls.BINDINGS = bindings_for(cls.where)
        super().__init_subclass__(**options)

    def compose(self) -> ComposeResult:
        """The bars around the body."""
        yield Bar(id="title")
        yield Bar(id="path")
        with Horizontal(id="middle"):
            side = self.side()
            if side is not None:
                yield side
            with Vertical(id="parts"):
                with Vertical(id="body"):
                    yield from self.body()
                yield DetailPane()
        yield Bar(id="help")
        yield FilterLine()
        yield KeyBar()

    @property
    def titled(self) -> Session | None:
        """The profile that the first line is about."""
        return self.opened

    @property
    def session(self) -> Session:
        """The profile that the screen is about, on screens that are only made while one is open."""
        assert self.opened is not None, "this screen is only made while a profile is open"
        return self.opened

    def side(self) -> Widget | None:
        """What is shown at the left on wide screens."""
        return None

    @property
    def list_width(self) -> int:
        """The width that the list in the body has."""
        return self.app.size.width - 1

    def body(self) -> ComposeResult:
        """A line about the whole, the list, and the text in its place when it is empty."""
        if self.has_summary:
            yield Bar(id="tabs")
        yield Grid(id="list", expected=self.list_width)
        yield Bar(id="empty")

    def on_mount(self) -> None:
        """Begin, unless the screen is closing already."""
        if self.has_parts:
            self.grid.follow = self.moved
            self.begin()

    @property
    def has_parts(self) -> bool:
        """Whether its parts are there: they are not any more when it closes before it was mounted."""
        return self.display and bool(self.query("#list"))

    def begin(self) -> None:
        """Show the screen's content."""
        self.fresh()

    def on_screen_resume(self) -> None:
        """Show what changed while another screen was in front; not on the way past, when that one closes too."""
        if self.is_mounted and self.is_current and self.has_parts:
            self.fresh()

    def on_idle(self, event: events.Idle) -> None:
        """Draw, unless more keys wait."""
        if not self.app.input_order.is_drawing():
            event.prevent_default()

    def on_screen_suspend(self) -> None:
        """A message is old when another screen has been in front; after a question it is not."""
        if isinstance(self.app.screen, WorkScreen):
            self._message = None

    def fresh(self) -> None:
        """Show the present state: called when the screen appears and after every change."""
        self.app.rehearse_soon()
        self.grid.mark_words(self.words)
        self.show_bars()
        self.show_pane_soon()

    @on(Grid.RowHighlighted, "#list")
    def _row_highlighted(self, event: Grid.RowHighlighted) -> None:
        event.stop()
        self.moved()

    def moved(self) -> None:
        """The cursor is on another row of the list."""
        self.show_help()
        self.show_pane_soon()
        if self.row_decides:
            self.show_keys()

    @on(Grid.RowSelected, "#list")
    def _row_selected(self, event: Grid.RowSelected) -> None:
        event.stop()
        if self.opens:
            self.carry_out(self.opens)

    # The list

    def show_list(
        self,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Cell]],
        empty: Content | str,
        cursor: int | None = None,
    ) -> None:
        """Show rows, the cursor in its row where it is put in no other; `empty` is said where there are none."""
        grid = self.grid
        if cursor is None:
            cursor = grid.cursor_row if grid.row_count else 0
        grid.display = bool(rows)
        grid.fill(columns, rows, cursor)
        bar = self.query_one("#empty", Bar)
        bar.display = not rows
        bar.show(Content(f"\n{empty}") if isinstance(empty, str) else empty)

    def show_summary(self, content: Content) -> None:
        """Draw the line above the list."""
        self.query_one("#tabs", Bar).show(content)

    def under_cursor(self, items: Sequence[Item]) -> Item | None:
        """Which of the items that the rows show is under the cursor."""
        number = self.grid.cursor_row if items else -1
        return items[number] if 0 <= number < len(items) else None

    def fitting(self, items: Sequence[Item], text_of: Callable[[Item], str]) -> Sequence[Item]:
        """The items whose text holds every word of the filter; no text is made where there is none."""
        words = self.words.casefold().split()
        if not words:
            self.found_of = (len(items), len(items))
            return items
        texts = ((item, text_of(item).casefold()) for item in items)
        found = [item for item, text in texts if all(word in text for word in words)]
        self.found_of = (len(found), len(items))
        return found

    # Narrowing it

    def do_filter(self) -> None:
        """Narrow the list while one types."""
        line = self.query_one(FilterLine)
        self.query_one(KeyBar).display = False
        line.open(self.words)
        line.count(*self.found_of)

    def why_not_filter(self) -> str | None:
        """There must be a list of several rows."""
        return None if self.filters else "there is nothing to narrow here"

    @on(FilterLine.Typed)
    def _words_typed(self, message: FilterLine.Typed) -> None:
        message.stop()
        self.narrow(message.words)
        self.query_one(FilterLine).count(*self.found_of)

    @on(FilterLine.Ended)
    def _words_ended(self, message: FilterLine.Ended) -> None:
        message.stop()
        self.query_one(KeyBar).display = True
        self.grid.focus()
        self.narrow(message.words)

    @on(FilterLine.KeyMoved)
    def _moved_while_typing(self, message: FilterLine.KeyMoved) -> None:
        message.stop()
        grid = self.grid
        match message.key:
            case "up" | "down":
                grid.action_step(1 if message.key == "down" else -1)
            case _:
                grid.action_turn(1 if message.key == "pagedown" else -1)

    def narrow(self, words: str) -> None:
        """Show the rows that hold some words."""
        words = " ".join(words.split())
        if words != self.words:
            self.words = words
            self.filtered()

    def filtered(self) -> None:
        """Other words were typed."""
        self.fresh()

    # Leaving

    def step_back(self) -> bool:
        """Take back what Escape takes back before it leaves the screen, such as a filter; whether anything was."""
        if not self.words:
            return False
        self.narrow("")
        return True

    def holds(self) -> bool:
        """Whether something would be lost if the screen were closed now."""
        return False

    async def settle(self) -> bool:
        """Ask what becomes of what it holds; whether to go on, and not where the person would rather stay."""
        return True

    # Bars

    def show_bars(self) -> None:
        """Draw the lines around the body; what did not change is not written."""
        if not self.children:
            return  # the screen is gone, and what worked for it ends only now
        self.query_one("#title", Bar).show(self._title_line())
        self.query_one("#path", Bar).show(self.path_line())
        self.show_help()
        self.show_keys()

    def _title_line(self) -> Content:
        session, app = self.titled, self.app
        if session is None or self.where == "library":
            return Content.assemble((" omtui ", "bold"), (f" {plain(app.workspace.folder_words)}", ""))
        dark, sixteen_colours = app.current_theme.dark, app.theme.startswith("ansi")
        return title_line(session, app.signs, dark=dark, sixteen_colours=sixteen_colours)

    def path_line(self) -> Content:
        """Where this screen is: in omtui, and in Fusion."""
        return Content("")

    def help_lines(self) -> Content:
        """Help for the thing under the cursor."""
        return Content("")

    def show_help(self) -> None:
        """Draw the help line: the message if there is one, else what is under the cursor."""
        if not self.children:
            return
        self.query_one("#help", Bar).show(self._message or self.help_lines())

    def show_keys(self) -> None:
        """Draw the footer: what is possible now."""
        ascii_text = self.app.signs.ascii_text
        shown = [each._replace(key=ascii_text(each.key)) for each in self.editing_keys()]
        actions = () if shown else sorted(at_home(self.where), key=lambda each: each.footer)
        for action in actions:
            keys = self.app.keymap.of(action)
            if action.footer and keys and self.why_not(action) is None:
                key, words = ascii_text(key_name(keys[0])), action.short or action.title
                shown.append(FooterKey(key, words, action.name, action.name in STAYS))
        self.query_one(KeyBar).show(shown)

    def editing_keys(self) -> Sequence[FooterKey]:
        """What can be done while something is being typed; nothing while nothing is."""
        return ()

    def say_nothing_here(self, letter: str) -> None:
        """Say what is possible where a letter means nothing."""
        shown = self.app.signs.ascii_text(plain(letter))
        self.show_message(f"{shown}: nothing here; Escape goes back, ? shows the keys, ctrl+q quits", wrong=True)

    def on_key_bar_clicked(self, message: KeyBar.Clicked) -> None:
        """A key of the footer was clicked."""
        self.carry_out(message.action)

    def on_go_panel_way_clicked(self, message: GoPanel.WayClicked) -> None:
        """A way of the panel that `g` shows was clicked."""
        message.stop()
        self.app.press_second_key(message.key)

    def show_message(self, text: str, *, wrong: bool = False) -> None:
        """Show a message in the help line, until the next key."""
        self._message = Content.styled(plain(text), "bold $text-warning" if wrong else "bold $text-success")
        self.show_help()

    def show_outcome(self, outcome: object) -> None:
        """Show how something ended."""
        self.show_message(str(outcome), wrong=not isinstance(outcome, Done))

    def show_written(self, path: FilePath, failure: Problem | None) -> None:
        """Say that a file was written, or why it was not."""
        self.show_message(str(failure or f"written to {path}"), wrong=failure is not None)

    def clear_message(self) -> None:
        """Remove the message: the next key was pressed."""
        if self._message is not None:
            self._message = None
            self.show_help()

    def give_to_clipboard(self, text: str, what: str) -> None:
        """Send a value to the terminal. Nobody confirms that it arrived, so nothing is claimed."""
        sent = for_pasting(text)
        if len(sent.encode("utf-8", "replace")) > CLIPBOARD_LIMIT:
            self.show_message(f"{what} is too long for terminals on the way; p shows it plain", wrong=True)
            return
        if os.environ.get("TMUX"):
            give_to_tmux(sent)
        driver = self.app._driver
        if driver is not None:
            for sequence in clipboard_sequences(sent, os.environ):
                driver.write(sequence)
            driver.flush()
        left_out = "" if sent == text else " (without line breaks and characters that cannot be seen)"
        self.show_message(f"sent to your terminal{left_out}: {sent}")

    # Questions, to be awaited in a worker

    async def ask(self, title: str, text: str = "", *, value: str = "", must_be: str = "") -> str | None:
        """Ask for a line of text; `None` when the person leaves."""
        return await self.app.push_screen_wait(Ask(title, text, value=value, must_be=must_be))

    async def ask_file(self, title: str, text: str, *, value: str) -> FilePath | None:
        """Ask for a file; `None` when the person leaves."""
        name = await self.ask(title, text, value=value)
        return file_of(name) if name and name.strip() else None

    async def choose(self, title: str, choices: Sequence[Choice], *, empty: str = "Nothing fits.") -> str | None:
        """Ask for one of several; its value, or `None` when the person leaves."""
        return await self.app.push_screen_wait(Chooser(title, choices, empty=empty))

    async def confirm(self, title: str, text: str, *, yes: str, no: str) -> bool:
        """Ask a question that is answered with yes or no."""
        return await self.app.push_screen_wait(Confirm(title, text, yes=yes, no=no))

    # Actions

    def carry_out(self, name: str) -> None:
        """Carry out an action by its name, or say why it is not possible now."""
        action = BY_NAME[name]
        if (reason := self.why_not(action)) is not None:
            self.show_message(f"{action.title}: {reason}", wrong=True)
        else:
            self._method("do", action)()

    action_carry_out = carry_out

    def why_not(self, action: Action) -> str | None:
        """Why an action is not possible now; `None` when it is."""
        if self._method("do", action) is None:
            return "not on this screen"
        if (locked := self.why_locked(action)) is not None:
            return locked
        ask = self._method("why_not", action)
        return ask() if ask else None

    def why_locked(self, action: Action) -> str | None:
        """Why an action that changes the profile is not possible now; `None` when it is."""
        locked = self.opened.why_locked() if action.changes and self.opened is not None else None
        return f"{locked.message}; U unlocks it" if locked is not None else None

    def _method(self, prefix: str, action: Action) -> Any:
        """The method that carries out an action, or says why it cannot: the screen's, else the app's."""
        name = f"{prefix}_{action.name}"
        return getattr(self, name, None) or getattr(self.app, name, None)


def file_of(name: str) -> FilePath:
    """The file that a person named; a `~` at the start is the home folder, also of another user that there is."""
    return typed_path(name.strip())
