"""The mapping of a pair of environments: what the target calls the source's hosts, users and credentials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.content import Content

from omtui.compare.binding import KINDS
from omtui.compare.mapping import MapEntry
from omtui.compare.proposal import NeededEntry, filled
from omtui.plain_text import plain
from omtui.problem import Done
from omtui.service.promoting import Promoting
from omtui.service.session import Session
from omtui.setup.field import Field
from omtui.setup.place import NotAPlace, parse
from omtui.setup.values import split_list
from omtui.workbench.actions import Where
from omtui.workbench.promotion_dialogs import settle_mapping
from omtui.workbench.screens.base import WorkScreen
from omtui.workbench.screens.dialogs import Choice
from omtui.workbench.widgets.editor import FieldEditor, Offer
from omtui.workbench.widgets.grid import Cell, Column

_KIND_WORDS = {
    "host": "a host, with or without a port",
    "url": "a URL, and all that begins with it",
    "user_name": "a user",
    "credential": "a credential or key, by its name",
    "code": "a code or alias",
    "value": "any other value",
    "role": "a role's code",
    "ssh": "a host as OpenSSH knows it",
}
_STATES = {
    "open": ("error", "to be filled in", "Nobody has said what it is called there. Enter fills it in."),
    "proposed": (
        "warning",
        "proposed",
        "Proposed: both profiles say so of the same record. Saving takes it over, X leaves it out.",
    ),
    "set": ("fine", "set", "Enter changes it."),
    "unused": ("", "not used", "Nothing in the source needs it any more."),
}
"""For each state of an entry the level whose sign it has, its words, and what can be done."""

_VALUE = Field("to", "In the target")
_TARGET = 3
"""The column of what the target calls it."""


class MappingScreen(WorkScreen):
    """A row for each entry that the mapping has or needs: what is open first, then what is proposed."""

    where: ClassVar[Where] = "mapping"
    opens: ClassVar[str] = "map_edit"

    def __init__(self, promoting: Promoting, *, at: str = "") -> None:
        super().__init__()
        self._promoting = promoting
        self._at = at
        """A place of the source whose entry the cursor goes to first."""
        self._before = promoting.mapping
        self._rows: list[NeededEntry] = []
        self._shown: Sequence[NeededEntry] = []

    @property
    def titled(self) -> Session | None:
        """What is mapped to is shown."""
        return self._promoting.target

    # Showing

    def fresh(self) -> None:
        """Show what is mapped, proposed and open."""
        grid = self.grid
        current = self._current()
        known = {_identity(each.entry): number for number, each in enumerate(self._rows)}
        # What was decided just now stays where it is.
        found = self._promoting.needed()
        self._rows = sorted(found, key=lambda each: known.get(_identity(each.entry), len(known)))
        self._shown = self.fitting(self._rows, _text)
        cursor = grid.cursor_row if grid.row_count else 0
        if self._at:
            cursor = next((n for n, each in enumerate(self._shown) if self._at in each.used_by), 0)
            self._at = ""
        elif current is not None:
            same = [n for n, each in enumerate(self._shown) if _same(each.entry, current.entry)]
            cursor = same[0] if same else cursor
        source, target = self._promoting.source_name, self._promoting.target.name
        sides = [Column(f"In {source}", 16), Column(f"In {target}", 16)]
        columns = [Column("", 1), Column("Kind", 10), *sides, Column("Used by", 10, 3)]
        empty = "Nothing of the source is bound to its environment: no mapping is needed."
        empty = "No entry fits the filter." if self.words else empty
        self.show_list(columns, [self._cells(each) for each in self._shown], empty, cursor)
        self.show_summary(Content.styled(f" {self._summary()}", "bold"))
        super().fresh()

    def _cells(self, each: NeededEntry) -> list[Cell]:
        level = _STATES[each.state][0]
        signs = self.app.signs
        sign = signs.level(level) or (signs.fine if level else signs.empty)
        style = self.app.level_style(level) or "dim"
        entry = each.entry
        words = entry.target or "to be filled in"
        only = f" only {', '.join(entry.only)}" if entry.only else ""
        used = ", ".join(each.used_by) or ("nothing now" if each.state == "unused" else "the pod, and texts")
        return [
            Cell(sign, style),
            Cell(entry.kind, "dim"),
            Cell(entry.source),
            Cell(words, style if each.state in ("open", "proposed") else "bold"),
            Cell(used + only, "dim"),
        ]

    def _summary(self) -> str:
        counts = [(sum(each.state == state for each in self._rows), words) for state, (_, words, _) in _STATES.items()]
        summary = ", ".join(f"{count} {word}" for count, word in counts if count) or "nothing to map"
        return f"{summary}{'   not saved' if self._is_unsaved else ''}"

    @property
    def _is_unsaved(self) -> bool:
        return self._promoting.is_mapping_changed

    def path_line(self) -> Content:
        """Which pair, and where the mapping is kept."""
        arrow = f" {self.app.signs.then} "
        pair = arrow.join((self._promoting.source_name, self._promoting.target.name, "Mapping"))
        file = self._promoting.file
        where = f"{file.path.name}{', made when it is saved' if file.is_new else ''}"
        return Content.assemble((f" {plain(pair)}", "bold"), "\n", (f" {plain(where)}", "dim"))

    def help_lines(self) -> Content:
        """What the entry under the cursor is for."""
        each = self._current()
        if each is None:
            return Content("")
        advice = _STATES[each.state][2]
        first = Content.assemble((plain(each.entry.source), "bold"), f" is {_KIND_WORDS[each.entry.kind]}. {advice}")
        places = ", ".join(each.used_by)
        lines = [first]
        if places:
            lines.append(Content.styled(plain(f"used by {places}"), "dim"))
        if each.entry.note and each.state != "open":
            lines.append(Content.styled(plain(each.entry.note), "dim"))
        return Content("\n").join(lines)

    def _current(self) -> NeededEntry | None:
        return self.under_cursor(self._shown)

    # Changing

    def do_map_edit(self) -> None:
        """Edit the target's value in place."""
        each = self._current()
        if each is None:
            return
        offers = [Offer(value) for value in self._promoting.offers(each.entry.kind)]
        entry = FieldEditor(_VALUE, each.entry.target, offers, picks_first=False)
        self.mount(entry)
        entry.place_over(self.grid, _TARGET)

    def why_not_map_edit(self) -> str | None:
        """There must be an entry."""
        return None if self._rows else "there is nothing to map"

    why_not_map_remove = why_not_map_only = why_not_map_edit

    def do_map_remove(self) -> None:
        """Take the entry away; a proposal is not taken over, an open one stays open."""
        each = self._current()
        if each is None:
            return
        if each.state == "open":
            self.show_message("it is needed: Enter fills it in", wrong=True)
            return
        if each.state == "proposed":  # an empty entry says that somebody looked at it
            self._promoting.mapping = self._promoting.mapping.with_entry(filled(each.entry, ""))
        else:
            self._promoting.mapping = self._promoting.mapping.without(each.entry)
        self.fresh()

    @work
    async def do_map_new(self) -> None:
        """Add an entry that nothing asked for, for example a value of a rule."""
        title = f"New entry: what {plain(self._promoting.source_name)} calls it"
        source = await self.ask(title, "A host may have a port; a URL also covers all below it.")
        if not source or not source.strip():
            return
        listed = [Choice(kind, kind, _KIND_WORDS[kind]) for kind in KINDS]
        kind = await self.choose(f"What {plain(source.strip())} is", listed)
        if kind is None:
            return
        entry = MapEntry(next(each for each in KINDS if each == kind), source.strip(), "")
        if any(_same(each.entry, entry) for each in self._rows):
            self.show_message(f"{source.strip()} is in the list", wrong=True)
        else:
            self._promoting.mapping = self._promoting.mapping.with_entry(entry)
        self.fresh()
        self._go_to(entry)
        self.call_after_refresh(self.do_map_edit)

    @work
    async def do_map_only(self) -> None:
        """Limit the entry to places: the same value may be called otherwise elsewhere."""
        each = self._current()
        if each is None:
            return
        words = "Places of the source, separated by commas: a table, a record or a field. Empty: everywhere."
        title = f"{plain(each.entry.source)} only at"
        only = await self.ask(title, words, value=", ".join(each.entry.only))
        if only is None:
            return
        places = tuple(split_list(only))
        for text in places:
            place = parse(text)
            if isinstance(place, NotAPlace):
                self.show_message(f"{text} is no place: column {place.column}, {place.message}", wrong=True)
                return
        new = replace(each.entry, only=places)
        others = [entry for entry in self._promoting.mapping.entries if entry != each.entry]
        if any(_same(entry, new) for entry in others):
            self.show_message("there is another entry for this value and these places", wrong=True)
            return
        self._promoting.mapping = self._promoting.mapping.without(each.entry).with_entry(new)
        self.fresh()
        self._go_to(new)

    def _go_to(self, entry: MapEntry) -> None:
        for number, each in enumerate(self._shown):
            if _same(each.entry, entry):
                self.grid.move_cursor(number)

    @on(FieldEditor.Accepted)
    def _accepted(self, event: FieldEditor.Accepted) -> None:
        event.stop()
        self._take(event.text)
        if event.step:
            self.grid.action_step(event.step)
            self.call_after_refresh(self.do_map_edit)

    @on(FieldEditor.Cancelled)
    def _cancelled(self, event: FieldEditor.Cancelled) -> None:
        event.stop()
        self._end_entry()

    def _take(self, text: str) -> None:
        each = self._current()
        self._end_entry()
        if each is not None:
            self._promoting.mapping = self._promoting.mapping.with_entry(filled(each.entry, text))
            self.fresh()

    def _end_entry(self) -> None:
        for entry in self.query(FieldEditor):
            entry.remove()
        self.grid.focus()

    def on_resize(self) -> None:
        """Keep the entry over its cell."""
        for entry in self.query(FieldEditor):
            self.call_after_refresh(entry.place_over, self.grid, _TARGET)

    # Saving and leaving

    def do_map_save(self) -> None:
        """Take the proposals over, and write the file."""
        for entry in self.query(FieldEditor):
            self._take(entry.answer)
        for each in self._rows:
            if each.state in ("proposed", "open"):
                self._promoting.mapping = self._promoting.mapping.with_entry(each.entry)
        outcome = self._promoting.save_mapping()
        if isinstance(outcome, Done):
            self._before = self._promoting.mapping
        self.show_outcome(outcome)
        self.fresh()

    def why_not_map_save(self) -> str | None:
        """There must be something to write."""
        proposed = any(each.state == "proposed" for each in self._rows)
        if self._is_unsaved or proposed or self.query(FieldEditor):
            return None
        return "nothing has changed since it was saved"

    def holds(self) -> bool:
        """Changes that are in no file."""
        return bool(self.query(FieldEditor)) or (self._is_unsaved and self._promoting.mapping != self._before)

    async def settle(self) -> bool:
        """Ask what becomes of the changes, of the value that is being typed too."""
        for entry in self.query(FieldEditor):
            self._take(entry.answer)
        return not self.holds() or await settle_mapping(self, self._promoting)

    def step_back(self) -> bool:
        """Leave the entry."""
        entered = bool(self.query(FieldEditor))
        if entered:
            self._end_entry()
        return entered

    def do_back(self) -> None:
        """Leave the entry; then the screen, when it was asked what becomes of what is not saved."""
        if self.step_back():
            return
        if self.holds():
            self.run_worker(self._leave())
        else:
            self.app.leave_screen()

    async def _leave(self) -> None:
        if await settle_mapping(self, self._promoting, may_wait=True):
            self.app.leave_screen()

    def do_refresh(self) -> None:
        """Look again."""
        self.fresh()
        self.app.redraw()


def _same(one: MapEntry, other: MapEntry) -> bool:
    return _identity(one) == _identity(other)


def _identity(entry: MapEntry) -> tuple[str, str, tuple[str, ...]]:
    return entry.kind, entry.source, entry.only


def _text(each: NeededEntry) -> str:
    return f"{each.entry.kind} {each.entry.source} {each.entry.target} {each.state} {' '.join(each.used_by)}"
