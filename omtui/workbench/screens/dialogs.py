"""What is shown over a screen: choose one of many, type a name, confirm, read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from omtui.plain_text import plain
from omtui.workbench.widgets.bars import Bar
from omtui.workbench.widgets.editor import NEW
from omtui.workbench.widgets.grid import Cell, Column, Grid, Row


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a chooser: what it gives back, and what it shows."""

    value: str
    title: str
    remark: str = ""
    style: str = ""
    also: str = ""
    """Further words by which it is found."""
    fields: tuple[tuple[str, str], ...] = ()
    """Labels and texts in which it is found: where it was is shown."""


Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer]):
    """A window with a title, a text below it, and what is asked."""

    AUTO_FOCUS = "Input"

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Back", show=False)]

    size_class: ClassVar[str] = ""

    def __init__(self, title: str, text: Content | str = "") -> None:
        super().__init__()
        self._title = plain(title)
        self._text = Content(text) if isinstance(text, str) else text

    def compose(self) -> ComposeResult:
        """Title, text, parts."""
        with Vertical(classes=f"dialog {self.size_class}"):
            yield Static(Content(self._title), classes="dialog-title")
            if self._text:
                yield Static(self._text, classes="dialog-text")
            yield from self.parts()

    def parts(self) -> ComposeResult:
        """What is below the text."""
        yield from ()

    def on_mount(self) -> None:
        """Begin, unless it is closing already: then its parts are not there."""
        if self.display and self.query(".dialog-title"):
            self.begin()

    def begin(self) -> None:
        """Fill in the parts."""

    def holds(self) -> bool:
        """Whether something would be lost if the dialog were closed now."""
        return False

    async def settle(self) -> bool:
        """Ask what becomes of what it holds; whether to go on."""
        return True


def _line(value: str, placeholder: str = "", *, selected: bool = True) -> Input:
    """A line to type in, whose cursor does not blink."""
    line = Input(value, compact=True, placeholder=placeholder, select_on_focus=selected)
    line.cursor_blink = False
    return line


class Chooser(Dialog[str | None]):
    """Type to narrow, Enter to choose: the palette, the search, pick lists and lists of usages are all this."""

    size_class: ClassVar[str] = "wide"
    lines_each: ClassVar[int] = 1
    """How many rows a choice takes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("pageup", "move(-10)", "Up", show=False),
        Binding("pagedown", "move(10)", "Down", show=False),
    ]

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice],
        *,
        empty: str = "Nothing fits.",
        text: Content | str = "",
        accepts_other: bool = False,
        current: str | None = None,
        preview: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(title, text)
        self._choices = list(choices)
        self._current, self._preview = current, preview
        """The choice that holds now, and what shows another one while the mark is on it."""
        self._found = self._choices
        self._texts: list[str] = []
        """The text of each choice that words are looked for in."""
        self._narrowed: str | None = None
        self._empty = empty
        self._accepts_other = accepts_other
        """Whether a text that is none of the choices can be chosen."""

    def parts(self) -> ComposeResult:
        """Line, list, count."""
        yield _line("", "type to narrow", selected=False)
        yield Grid(header=False, expected=min(100, self.app.size.width * 96 // 100) - 5)
        yield Bar(id="count")

    def begin(self) -> None:
        """Show everything."""
        grid = self.query_one(Grid)
        grid.can_focus = False
        rows = len(self._choices) * self.lines_each
        grid.styles.height = min(max(rows, 3), max(4, self.app.size.height - 10))
        self._narrow("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show what fits."""
        self._narrow(event.value)

    def on_input_submitted(self) -> None:
        """Enter."""
        self._narrow(self.query_one(Input).value)
        self._choose(self.query_one(Grid).cursor_row)

    def on_grid_row_selected(self, event: Grid.RowSelected) -> None:
        """A click."""
        self._choose(event.cursor_row)

    def on_grid_row_highlighted(self, event: Grid.RowHighlighted) -> None:
        """The mark is on another choice."""
        number = event.cursor_row // self.lines_each
        if self._preview is not None and number < len(self._found):
            self._preview(self._found[number].value)

    def action_move(self, step: int) -> None:
        """Move the mark."""
        for grid in self.query(Grid) if self._found else ():
            row = grid.cursor_row // self.lines_each + int(step)
            grid.move_cursor(self.lines_each * max(0, min(row, len(self._found) - 1)))

    def _choose(self, number: int) -> None:
        number //= self.lines_each
        if 0 <= number < len(self._found):
            self.dismiss(self._found[number].value)

    def _narrow(self, text: str) -> None:
        if text == self._narrowed:
            return
        self._narrowed = text
        words, whole = text.casefold().split(), text.strip().casefold()
        found = self.fitting(words)
        if self._accepts_other and whole and not (found and found[0].title.casefold() == whole):
            found.insert(0, Choice(text.strip(), text.strip(), NEW))
        self._found = found
        grid = self.query_one(Grid)
        grid.mark_words(text)
        rows = [row for choice in found[:500] for row in self.rows_of(choice, words)]
        here = next((number for number, choice in enumerate(found) if choice.value == self._current), 0)
        grid.fill((Column("", 20), Column("", 8)), rows, 0 if words else here * self.lines_each)
        count = f"{len(found)} of {len(self._choices)}" if words else f"{len(self._choices)}"
        self.query_one("#count", Bar).show(Content.styled(count if found else self._empty, "dim"))

    def fitting(self, words: Sequence[str]) -> list[Choice]:
        """The choices that hold all words, those first whose title is or begins like them."""
        if not words:
            return list(self._choices)
        whole = " ".join(words)
        self._texts += map(_text, self._choices[len(self._texts) :])
        texts = zip(self._choices, self._texts, strict=True)
        found = [choice for choice, text in texts if all(word in text for word in words)]
        found.sort(
            key=lambda choice: (
                choice.title.casefold() != whole,
                not choice.title.casefold().startswith(words[0]),
                not all(word in f"{choice.title} {choice.also}".casefold() for word in words),
            )
        )
        return found

    def rows_of(self, choice: Choice, words: Sequence[str]) -> list[Row]:
        """How a choice is shown; where a field holds the words, it is named with what is around them."""
        where = next((each for each in choice.fields if words and words[0] in each[1].casefold()), None)
        remark = choice.remark
        if where is not None and words[0] not in choice.title.casefold():
            start = max(0, where[1].casefold().find(words[0]) - 10)
            remark = f"{remark}, {where[0]}: {'…' if start else ''}{where[1][start:]}"
        return [(Cell(choice.title, choice.style), Cell(remark, "dim"))]


def _text(choice: Choice) -> str:
    fields = " ".join(f"{label} {text}" for label, text in choice.fields)
    return f"{choice.title} {choice.remark} {choice.also} {fields}".casefold()


class Ask(Dialog[str | None]):
    """One line to type: a name, a path, the name that unlocks production."""

    def __init__(self, title: str, text: str = "", *, value: str = "", must_be: str = "") -> None:
        super().__init__(title, text)
        self._value = value
        self._must_be = must_be

    def parts(self) -> ComposeResult:
        """Line, and how to go on."""
        yield _line(self._value)
        yield Bar(id="answer")

    def begin(self) -> None:
        """Say how to go on."""
        self.query_one("#answer", Bar).show(Content.styled("Enter accepts, Escape leaves", "dim"))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter: give the text back, unless it had to be another."""
        if self._must_be and event.value != self._must_be:
            self.query_one("#answer", Bar).show(Content.styled(f"type exactly {plain(self._must_be)}", "$text-error"))
            return
        self.dismiss(event.value)


class Confirm(Dialog[bool]):
    """A question answered with y or n."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "dismiss(True)", "Yes", show=False),
        Binding("n,escape", "dismiss(False)", "No", show=False),
    ]

    def __init__(self, title: str, text: str, *, yes: str, no: str) -> None:
        super().__init__(title, text)
        self._answers = Content.assemble((" y ", "bold $accent"), f"{yes}   ", (" n ", "bold $accent"), no)

    def parts(self) -> ComposeResult:
        """Both answers."""
        yield Static(self._answers)


class TextWindow(ModalScreen[None]):
    """Text to read: help, an explanation, values to be selected with the mouse.

    Text that is laid out in columns comes as a function of the cells there are for a line.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "dismiss(None)", "Back", show=False),
        Binding("down,j", "scroll_text(1)", "Down", show=False),
        Binding("up,k", "scroll_text(-1)", "Up", show=False),
        Binding("pagedown", "scroll_text(0, 1)", "A page down", show=False),
        Binding("pageup", "scroll_text(0, -1)", "A page up", show=False),
        Binding("home", "scroll_text(-1000000)", "To the beginning", show=False),
        Binding("end", "scroll_text(1000000)", "To the end", show=False),
    ]

    def __init__(self, title: str, content: Content | Callable[[int], Content], *, framed: bool = True) -> None:
        super().__init__(classes="" if framed else "unframed")
        self._title, self._content, self._framed = title, content, framed

    def compose(self) -> ComposeResult:
        """The text in a window that scrolls."""
        with Vertical(classes="dialog tall" if self._framed else "plain-page"):
            if self._framed:
                yield Static(Content(plain(self._title)), classes="dialog-title")
            with VerticalScroll(id="page", can_focus=False):
                yield Static(self._laid_out(self.app.size.width), id="text")
            yield Static(Content.styled("Escape goes back", "dim"))

    def action_scroll_text(self, lines: int, pages: int = 0) -> None:
        """Scroll: the text takes no keys itself, so they work wherever the focus is."""
        for page in self.query("#page"):  # on a busy machine a key may arrive before the text is there
            by = int(lines) + int(pages) * page.scrollable_content_region.height
            page.scroll_to(y=page.scroll_y + by, animate=False, immediate=True)

    def on_resize(self) -> None:
        """Lay the text out for the width there is now."""
        if callable(self._content):
            self.call_after_refresh(self._lay_out_again)

    def _lay_out_again(self) -> None:
        if not self.query("#text"):
            return  # closed meanwhile
        width = self.query_one("#page").scrollable_content_region.width
        self.query_one("#text", Static).update(self._laid_out(width))

    def _laid_out(self, width: int) -> Content:
        return self._content(width) if callable(self._content) else self._content
