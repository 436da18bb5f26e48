"""The editor of one field's value, in place, with what can be chosen below it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from omtui.setup.field import Field
from omtui.setup.values import shown, split_list
from omtui.workbench.widgets.bars import FooterKey
from omtui.workbench.widgets.grid import Cell, Column, Grid

MOST_OFFERED = 8

NEW = "new: not in the list"
"""The remark next to a text that is kept as it was typed."""


EDITING_KEYS = (
    FooterKey("⏎", "Accept"),
    FooterKey("tab", "Accept, next"),
    FooterKey("↓", "Choose"),
    FooterKey("esc", "Leave"),
)
"""What can be done while a field is edited."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that can be chosen: the value, and the remark next to it."""

    value: str
    remark: str = ""


class _TypedLine(Input):
    """A line that shows behind its text what this would become."""

    holds_word = False
    """Whether Space is no letter in it."""

    def on_key(self, event: events.Key) -> None:
        """A yes/no holds no blanks."""
        if event.key == "space" and self.holds_word:
            event.prevent_default()

    def show_ghost(self, choice: str, typed: int) -> None:
        """Show the end of a choice, of which so many letters are typed; the whole of one that begins otherwise."""
        begins = choice.casefold().startswith(self.value[len(self.value) - typed :].casefold())
        self._suggestion = self.value + (choice[typed:] if begins else f" = {choice}") if choice else ""

    def action_cursor_right(self, select: bool = False) -> None:
        """Move; Tab takes the ghost text."""
        self._suggestion, ghost = "", self._suggestion
        super().action_cursor_right(select)
        self._suggestion = ghost


class FieldEditor(Vertical):
    """A line to type in over the cell it edits, and a list to choose from that shrinks while typing.

    Enter takes the marked choice, or what was typed; Tab does too and goes on to the next field. A value that the
    list does not hold can always be typed: it is then the first line of the list, and says so. Where one choice alone
    fits what is typed, it is shown behind it, and Tab takes that.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", show=False),
        Binding("tab", "accept(1)", "Accept and go on", show=False),
        Binding("shift+tab", "accept(-1)", "Accept and go back", show=False),
        Binding("up", "choose(-1)", "Choose", show=False),
        Binding("down", "choose(1)", "Choose", show=False),
    ]

    class TurnedOver(Message):
        """Space was pressed in a yes/no."""

    @dataclass
    class Accepted(Message):
        """A value was typed or chosen. `step` is where to go on: 1 next field, -1 the one before, 0 stay."""

        entry: "FieldEditor"
        text: str
        step: int

    @dataclass
    class TextChanged(Message):
        """The text changed."""

        text: str

    class Cancelled(Message):
        """The entry was left without a value."""

    def __init__(self, field: Field, text: str, offers: Sequence[Offer], *, picks_first: bool) -> None:
        super().__init__()
        self.field = field
        self.before = text
        """The text when the editor was opened."""
        self._text = text
        self._offers = list(offers)
        self._picks_first = picks_first
        self._shown: list[Offer] = []
        self._marked = -1
        self._only = ""
        """The only choice that fits what is typed, where that is not spelt out."""
        self._chosen = False
        """Whether the mark was put there by hand."""
        self._line = _TypedLine(text, compact=True, select_on_focus=True, id="entry-line")
        self._line.cursor_blink = False
        self._line.holds_word = field.kind == "boolean"
        self._list = Grid(id="entry-offers", header=False)
        self._list.can_focus = False

    def compose(self) -> ComposeResult:
        """The line, and the list below it."""
        yield self._line
        if self._offers:
            yield self._list

    def on_key(self, event: events.Key) -> None:
        """Space in a yes/no turns it over: the line lets it through."""
        if event.key == "space" and self.field.kind == "boolean":
            event.stop()
            self.post_message(self.TurnedOver())

    def on_mount(self) -> None:
        """Offer everything first, and type at once."""
        if self._line.is_attached:
            self.screen.set_focus(self._line)
        if self._offers:
            self._offer("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Shrink the list to what fits."""
        event.stop()
        if self._narrow(event.value):
            self.post_message(self.TextChanged(event.value))

    def _narrow(self, text: str) -> bool:
        """Offer what fits a text; whether it is another than before."""
        if text == self._text:
            return False
        self._text, self._chosen = text, False
        if self._offers:
            self._offer(self._last_part(text))
        return True

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter."""
        event.stop()
        self.action_accept(0)

    def on_grid_row_selected(self, event: Grid.RowSelected) -> None:
        """A click on a choice."""
        event.stop()
        self._marked, self._chosen = event.cursor_row, True
        self.action_accept(0)

    def on_blur(self, event: events.Blur) -> None:
        """Leaving the line keeps nothing; the row still shows the old value."""
        event.stop()

    def action_choose(self, step: int) -> None:
        """Mark another choice."""
        if self._shown:
            self._mark(max(-1, min(self._marked + step, len(self._shown) - 1)))
            self._chosen = self._marked >= 0

    def action_accept(self, step: int) -> None:
        """Take the marked choice, or what was typed; Tab takes the only one that fits."""
        text = self.answer
        if step and self._only and not self._chosen and self.is_changed:
            text = self._with_last_part(self.text, self._only)
        self.post_message(self.Accepted(self, text, int(step)))

    @property
    def text(self) -> str:
        """The text of the line."""
        return self._line.value

    @property
    def is_changed(self) -> bool:
        """Whether something was typed."""
        return self.text != self.before

    @property
    def answer(self) -> str:
        """The marked choice, or what was typed."""
        text = self.text
        self._narrow(text)  # the message of the last letter may still be on its way
        if text == self.before and not self._chosen:
            return text
        if self._marked >= 0 and self._shown and self._shown[self._marked].remark != NEW:
            return self._with_last_part(text, self._shown[self._marked].value)
        if self.field.kind == "list" and self._offers:
            return shown([self._spelt(part) for part in split_list(text)])
        return text

    def action_cancel(self) -> None:
        """Leave without a value."""
        self.post_message(self.Cancelled())

    @property
    def rows_needed(self) -> int:
        """How many lines the entry takes: its own and those of the choices."""
        return 1 + min(len(self._offers) + 1, MOST_OFFERED)

    def place_over(self, grid: Grid, column: int) -> None:
        """Lie over the cell under the cursor; the choices below it, or above where there is no room."""
        left = grid.region.x + grid.left_of(column)
        top = grid.region.y + 1 + grid.cursor_row - int(grid.scroll_y)
        above = top + self.rows_needed > self.screen.size.height - 5 and top - self.rows_needed > 2
        self.set_class(above, "above")
        self.styles.offset = (left, top - self.rows_needed + 1 if above else top)
        self.styles.width = max(20, grid.region.right - left - 1)

    def _last_part(self, text: str) -> str:
        """What is being typed: of a list, its last element."""
        return text.rpartition(",")[2].strip() if self.field.kind == "list" else text.strip()

    def _with_last_part(self, text: str, chosen: str) -> str:
        if self.field.kind != "list":
            return chosen
        kept = [self._spelt(part) for part in split_list(text.rpartition(",")[0])]
        return shown([*(part for part in kept if part != chosen), chosen])

    def _spelt(self, part: str) -> str:
        """An element as the list spells it."""
        return next((offer.value for offer in self._offers if offer.value.casefold() == part.casefold()), part)

    def _offer(self, part: str) -> None:
        words = part.casefold().split()
        whole = part.casefold()
        found = [
            offer for offer in self._offers if all(word in f"{offer.value} {offer.remark}".casefold() for word in words)
        ]
        found.sort(
            key=lambda offer: (
                offer.value != part,
                offer.value.casefold() != whole,
                not offer.value.casefold().startswith(whole),
            )
        )
        exact = bool(found) and found[0].value.casefold() == whole
        begins = [offer for offer in found if offer.value.casefold().startswith(whole)]
        alone = found if len(found) == 1 else begins
        self._only = alone[0].value if part and len(alone) == 1 and not exact else ""
        self._line.show_ghost(self._only, len(part))
        if part and not exact and not (found and self._picks_first):
            found.insert(0, Offer(part, NEW))
        self._shown = found
        grid = self._list
        grid.display = bool(found)
        grid.styles.height = min(len(found), MOST_OFFERED)
        grid.fill(
            (Column("", 12), Column("", 4)),
            [(Cell(f" {offer.value}"), Cell(offer.remark, "dim")) for offer in found],
        )
        self._mark(0 if found and part else -1)

    def _mark(self, number: int) -> None:
        self._marked = number
        self._list.show_cursor(number >= 0)
        if number >= 0:
            self._list.move_cursor(number)
