"""A routing rule typed in one line, with what could follow and the place of a fault."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.suggester import Suggester
from textual.widgets import Input

from omtui.plain_text import plain
from omtui.setup.place import Data
from omtui.setup.rule_line_parser import LineFault, completions, parse_rule
from omtui.workbench.screens.dialogs import Dialog
from omtui.workbench.widgets.bars import Bar

_MOST = 8


class _Following(Suggester):
    """The first way in which the line could go on, as ghost text."""

    def __init__(self, offered: Callable[[str], list[str]]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._offered = offered

    async def get_suggestion(self, value: str) -> str | None:
        """The line as it could go on."""
        return next(iter(self._offered(value)), None) if value else None


class RuleLine(Dialog[Data | None]):
    """One line that holds the whole rule. Tab takes what is offered, Enter gives the rule back."""

    size_class: ClassVar[str] = "wide"

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "take", "Take what is offered", show=False)]

    def __init__(
        self, title: str, line: str, connectors: Iterable[str], values: Callable[[str], Iterable[str]]
    ) -> None:
        super().__init__(title)
        self._line = line
        self._connectors, self._values = list(connectors), values

    def _offered(self, text: str) -> list[str]:
        return completions(text, self._connectors, self._values)

    def parts(self) -> ComposeResult:
        """The line, what could follow, and the fault."""
        line = Input(self._line, compact=True, select_on_focus=False, suggester=_Following(self._offered))
        line.cursor_blink = False
        yield line
        yield Bar(id="follow")
        yield Bar(id="answer")

    def on_mount(self) -> None:
        """Show what could follow."""
        self._show(self._line)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show what could follow now."""
        self._show(event.value)

    def action_take(self) -> None:
        """Take the first of what is offered."""
        line = self.query_one(Input)
        if offered := self._offered(line.value[: line.cursor_position]):
            rest = line.value[line.cursor_position :]
            line.value, line.cursor_position = offered[0] + rest, len(offered[0])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give the rule back, or show where the line stops making sense."""
        found = parse_rule(event.value)
        if isinstance(found, LineFault):
            self._show_fault(event.value, found)
        else:
            self.dismiss(found)

    def _show(self, text: str) -> None:
        offered = [each[len(text.rstrip()) :].strip() or each for each in self._offered(text)]
        words = [each.rpartition("  ")[2] for each in offered[:_MOST]]
        more = "" if len(offered) <= _MOST else f"  and {len(offered) - _MOST} more"
        self.query_one("#follow", Bar).show(Content.styled("  ".join(plain(each) for each in words) + more, "dim"))
        found = parse_rule(text)
        if isinstance(found, LineFault) and found.column <= len(text.rstrip()):
            self._show_fault(text, found)
        else:
            self.query_one("#answer", Bar).show(Content.styled("Tab takes, Enter accepts, Escape leaves", "dim"))

    def _show_fault(self, text: str, fault: LineFault) -> None:
        start, end = fault.column - 1, max(fault.end - 1, fault.column)
        before, there, after = plain(text[:start]), plain(text[start:end]) or " ", plain(text[end:])
        width = max(self.size.width * 9 // 10 - 10, 20)
        before = before if len(before) < width // 2 else f"...{before[-width // 2 :]}"
        line = Content.assemble((before, "dim"), (there, "underline $text-error"), (after, "dim"))
        self.query_one("#answer", Bar).show(
            Content.assemble(line, "\n", (f"{plain(fault.message)}; {plain(fault.fix)}", "$text-error"))
        )
