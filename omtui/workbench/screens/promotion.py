"""The plan of a promotion: what the target gains, changes and loses, record by record, and what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from omtui.compare.concern import Concern
from omtui.compare.manual import WALK_ORDER, Group
from omtui.compare.promotion import Promotion, Request
from omtui.compare.promotion_report import (
    SIGNS,
    counts,
    group_lines,
    group_words,
    manual_lines,
    side_words,
    what_blocks,
)
from omtui.compare.three_way import Conflict, Decision
from omtui.compare.wanted import OnlyThere
from omtui.plain_text import plain
from omtui.service.outcomes import Done
from omtui.service.promoting import Promoting
from omtui.service.session import Session
from omtui.setup.place import Place, parse, resolve
from omtui.workbench.actions import Where
from omtui.workbench.screens.base import WorkScreen, bindings_for
from omtui.workbench.screens.dialogs import Ask, Pages
from omtui.workbench.widgets.bars import Bar
from omtui.workbench.widgets.grid import Cell, Column, Grid

_COLUMNS = (Column("", 1), Column("", 3), Column("", 4), Column("Step", 4), Column("Record", 20), Column("What", 16))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the plan: something in the way, a conflict, a record, or a record that only the target has."""

    what: Concern | Conflict | Group | OnlyThere

    @property
    def where(self) -> str:
        """The place it is about."""
        return self.what.where


class PromotionScreen(WorkScreen):
    """Blockers first, then conflicts, then the records in the order in which the set-up works."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("promotion")
    where: ClassVar[Where] = "promotion"

    def __init__(self, source: Session, promoting: Promoting) -> None:
        super().__init__()
        self._source = source
        self._promoting = promoting
        self._left_out: set[str] = set()
        """Records that were not chosen, by their place in the target."""
        self._removed: set[str] = set()
        self._decisions: dict[str, Decision] = {}
        self._whole: Promotion | None = None
        """The plan of everything: what there is to choose from."""
        self._plan: Promotion | None = None
        """The plan of what was chosen."""
        self._made_of: object = None
        self._fault = ""
        self._rows: list[Row] = []
        self._done: list[str] = []
        """What is to be done by hand after the last one that was carried out."""

    @property
    def titled(self) -> Session | None:
        """What will be changed is shown."""
        return self._promoting.target

    @property
    def _target(self) -> Session:
        return self._promoting.target

    # The plan

    def _make(self) -> None:
        """Make the plan anew when anything that it is made of has changed."""
        made_of = (
            self._source.revision,
            self._target.revision,
            self._promoting.mapping,
            frozenset(self._left_out),
            frozenset(self._removed),
            tuple(self._decisions.items()),
        )
        if made_of == self._made_of:
            return
        self._made_of = made_of
        self._promoting.source = self._source.data
        whole = self._promoting.plan(Request(remove=tuple(sorted(self._removed)), decisions=self._decisions))
        if not isinstance(whole, Promotion):  # what was asked to be removed is gone
            self._removed.clear()
            whole = self._promoting.plan(Request(decisions=self._decisions))
        assert isinstance(whole, Promotion), "nothing was named"
        self._whole = whole
        self._left_out &= {group.where for group in whole.groups}
        chosen = self._promoting.plan(self._request(whole)) if self._left_out else whole
        self._plan = chosen if isinstance(chosen, Promotion) else whole
        self._rows = [
            *(Row(finding) for finding in self._plan.findings if finding.blocks),
            *(Row(conflict) for conflict in self._plan.conflicts),
            *(Row(group) for group in sorted(whole.groups, key=_in_order) if group.where not in self._removed),
            *(Row(each) for each in whole.only_there),
        ]

    def _request(self, whole: Promotion) -> Request:
        """What was chosen, as places of the source; what they refer to comes along."""
        only = [
            whole.origins[group.where]
            for group in whole.groups
            if group.where not in self._left_out and group.where in whole.origins
        ]
        for conflict in whole.conflicts:
            place = parse(conflict.where)
            record = Place(place.parts[:1]) if isinstance(place, Place) else None
            if record is not None and isinstance(resolve(self._source.data, record), tuple):
                only.append(str(record))
        remove = tuple(sorted(self._removed))
        if not only:
            everything = tuple(whole.origins.values())
            return Request(without=everything, remove=remove, decisions=self._decisions)
        return Request(only=tuple(dict.fromkeys(only)), remove=remove, decisions=self._decisions)

    # Showing

    def body(self) -> ComposeResult:
        """The verdict, the list, and what is said when there is nothing to do."""
        yield Bar(id="tabs")
        yield Grid(id="list", expected=self.list_width)
        yield Bar(id="empty")

    def fresh(self) -> None:
        """Show the plan as it stands."""
        grid = self.grid
        current = self._current()
        self._make()
        cursor = grid.cursor_row if grid.row_count else 0
        if current is not None:
            same = [n for n, row in enumerate(self._rows) if type(row.what) is type(current.what)]
            cursor = next((n for n in same if self._rows[n].where == current.where), cursor)
        grid.display = bool(self._rows)
        grid.fill(_COLUMNS, [self._cells(row) for row in self._rows], cursor)
        empty = self.query_one("#empty", Bar)
        empty.display = not self._rows
        name = plain(self._target.name)
        words = f"{name} has all that travels." if not self._done else f"{name} has it now. h lists what is left to do."
        empty.show(Content(f"\n Nothing to do: {words}"))
        self.query_one("#tabs", Bar).show(self._verdict())
        super().fresh()

    def _verdict(self) -> Content:
        plan = self._plan
        if plan is None:
            return Content("")
        told = counts(plan)
        parts: list[tuple[str, str]] = [(f" {told or 'Nothing to do'}", "bold")]
        if plan.manual:
            steps = len(plan.manual)
            parts.append((f"; {steps} {'step' if steps == 1 else 'steps'} by hand", ""))
        if left := len(self._left_out):
            parts.append((f"; {left} left out", "$text-warning"))
        if blocked := what_blocks(plan):
            parts.append((f"; blocked by {blocked}", "bold $text-error"))
        return Content.assemble(*parts)

    def _cells(self, row: Row) -> list[Cell]:
        signs, what = self.app.signs, row.what
        if isinstance(what, Concern):
            style = self.app.level_style("error")
            return [
                Cell(signs.error, style),
                Cell(""),
                Cell(what.check, style),
                Cell(""),
                Cell(what.where),
                Cell(what.message),
            ]
        if isinstance(what, Conflict):
            style = self.app.level_style("fine" if what.decided else "warning")
            words = {
                "ours": f"stays: {side_words(what, what.ours)}",
                "theirs": f"taken: {side_words(what, what.theirs)}",
            }.get(
                what.decided or "", f"both changed it: {side_words(what, what.ours)} or {side_words(what, what.theirs)}"
            )
            sign = signs.fine if what.decided else signs.warning
            return [Cell(sign, style), Cell(""), Cell("<>", style), Cell(""), Cell(what.where), Cell(words, style)]
        if isinstance(what, OnlyThere):
            came = "came from the source, which has it no more" if what.was_promoted else "only there; stays"
            going = row.where in self._removed
            words = "goes" if going else came
            return [
                Cell(""),
                Cell("[x]" if going else "[ ]"),
                Cell("-", self.app.level_style("error") if going else "dim"),
                Cell(""),
                Cell(row.where, "" if going else "dim"),
                Cell(words, "dim"),
            ]
        state = self._state_of(what)
        quiet = "dim" if state == "left out" else ""
        marks = {"chosen": "[x]", "comes along": "[+]", "left out": "[ ]"}
        levels = {"add": "fine", "change": "warning", "replace": "error", "remove": "error"}
        return [
            Cell(""),
            Cell(marks[state]),
            Cell(SIGNS[what.op], quiet or self.app.level_style(levels[what.op])),
            Cell(what.step if what.step[:1].isdigit() else "", quiet or "dim"),
            Cell(what.where, quiet),
            Cell(group_words(what), "dim"),
        ]

    def _state_of(self, group: Group) -> str:
        if group.where not in self._left_out:
            return "chosen"
        plan = self._plan
        return "comes along" if plan and any(each.where == group.where for each in plan.groups) else "left out"

    def path_line(self) -> Content:
        """From where to where; by which mapping, and against which base."""
        arrow = f" {self.app.signs.then} "
        first = f"Promote {plain(self._promoting.source_name)}{arrow}{plain(self._target.name)}"
        file = self._promoting.file
        entries = sum(bool(entry.target) for entry in self._promoting.mapping.entries)
        mapping = f"{plain(file.path.name)}: {entries} mapped" if entries else "nothing mapped yet: m begins"
        if self._promoting.is_mapping_changed:
            mapping += ", not saved"
        at = self._promoting.base.at
        base = f"merged with that of {at[:16].replace('T', ' ')}" if at else "the first one from here"
        return Content.assemble((f" {first}", "bold"), "\n", (f" {mapping}   {base}", "dim"))

    def help_lines(self) -> Content:
        """What is said about the row under the cursor."""
        row = self._current()
        if row is None:
            return Content("")
        what = row.what
        if isinstance(what, Concern):
            fix = f"Enter goes to the mapping, to say what it is called in {self._target.name}."
            fix = fix if what.check == "D-01" else what.fix
            return Content.assemble((plain(what.message), self.app.level_style("error")), "\n", plain(fix))
        if isinstance(what, Conflict):
            sides = (("target", what.ours, "t"), ("source", what.theirs, "s"), ("before", what.base, ""))
            lines = [
                f"{name}: {side_words(what, value)}{f'   {key} takes it' if key else ''}" for name, value, key in sides
            ]
            return Content("\n").join([Content(plain(line)) for line in lines])
        if isinstance(what, OnlyThere):
            return Content.styled("Only the target has it. Nothing is removed unless space says so.", "dim")
        lines = [plain(line.text.strip()) for line in group_lines(self._whole, what)] if self._whole else []
        more = f"   and {len(lines) - 2} more; enter shows all" if len(lines) > 2 else ""
        if self._state_of(what) == "comes along" and self._plan is not None:
            why = self._plan.brought.get(self._plan.origins.get(what.where, ""), "")
            lines = [f"comes along: {plain(why)} names it" if why else "comes along", *lines]
        return Content("\n").join(
            [Content(lines[0] if lines else ""), Content(f"{lines[1]}{more}" if lines[1:] else "")]
        )

    def _current(self) -> Row | None:
        number = self.grid.cursor_row if self._rows else -1
        return self._rows[number] if 0 <= number < len(self._rows) else None

    @on(Grid.RowHighlighted)
    def _moved(self, event: Grid.RowHighlighted) -> None:
        event.stop()
        self.show_help()
        self.show_keys()

    @on(Grid.RowSelected)
    def _selected(self, event: Grid.RowSelected) -> None:
        event.stop()
        self.app.carry_out("promo_open")

    # Choosing

    def why_not_promo_choose(self) -> str | None:
        """The cursor must be on a record."""
        row = self._current()
        if row is None:
            return "there is nothing to choose"
        if isinstance(row.what, Conflict):
            return "t keeps the target's value, s takes the source's"
        if isinstance(row.what, Concern):
            return "it is settled in the mapping: enter goes there"
        if isinstance(row.what, Group) and self._whole and row.where not in self._whole.origins:
            return "several records have this key: they go together"
        return None

    def do_promo_choose(self) -> None:
        """Take a record along, or leave it out; of what only the target has, remove it or keep it."""
        row = self._current()
        if row is None:
            return
        chosen = self._removed if isinstance(row.what, OnlyThere) else self._left_out
        chosen ^= {row.where}
        self.fresh()
        if isinstance(row.what, Group) and self._state_of(row.what) == "comes along":
            self.tell("it comes along all the same: a record that is chosen refers to it")

    def do_promo_all(self) -> None:
        """All records, or none when all are chosen."""
        whole = self._whole
        assert whole is not None
        self._left_out = set() if self._left_out else set(whole.origins)
        self.fresh()

    def why_not_promo_all(self) -> str | None:
        """There must be records."""
        return None if self._whole and self._whole.origins else "there is nothing to choose"

    def _decide(self, decision: Decision) -> None:
        row = self._current()
        if row is not None and isinstance(row.what, Conflict):
            self._decisions[row.where] = decision
            self.fresh()

    def do_promo_source(self) -> None:
        """Take what the source says."""
        self._decide("theirs")

    def do_promo_target(self) -> None:
        """Keep what the target says."""
        self._decide("ours")

    def _why_no_conflict(self) -> str | None:
        row = self._current()
        is_conflict = row is not None and isinstance(row.what, Conflict)
        return None if is_conflict else "the cursor is on nothing that both sides changed"

    why_not_promo_source = why_not_promo_target = _why_no_conflict

    # Looking closer

    def do_promo_open(self) -> None:
        """All about a record; of what is in the way, to the mapping."""
        row = self._current()
        if row is None or self._whole is None:
            return
        what = row.what
        if isinstance(what, Concern) and what.check == "D-01":
            self._open_mapping(what.where)
            return
        if isinstance(what, Group):
            lines = [line.text for line in group_lines(self._whole, what)]
            by_hand = [step.what for step in self._whole.manual if step.where == what.where]
            if by_hand:
                lines += ["", "By hand:", *(f"  {each}" for each in by_hand)]
        elif isinstance(what, Conflict):
            sides = (("target", what.ours), ("source", what.theirs), ("before", what.base))
            lines = [f"{name}: {side_words(what, value)}" for name, value in sides]
        elif isinstance(what, Concern):
            lines = [what.message, "", what.fix, "", f"omtui explain {what.check}"]
        else:
            lines = ["Only the target has it.", "", "Space marks it to be removed, or keeps it."]
        self.app.push_screen(Pages(row.where, Content("\n".join(map(plain, lines)))))

    def why_not_promo_open(self) -> str | None:
        """There must be a row."""
        return None if self._rows else "there is nothing to do"

    def do_promo_mapping(self) -> None:
        """What the target calls the source's hosts, users and credentials."""
        row = self._current()
        self._open_mapping(row.where if row is not None and isinstance(row.what, Concern) else "")

    def _open_mapping(self, where: str) -> None:
        from omtui.workbench.screens.mapping import MappingScreen

        self.app.push_screen(MappingScreen(self._promoting, at=where))

    def do_promo_manual(self) -> None:
        """What is to be done by hand, page by page, and what should be known."""
        plan = self._plan
        lines = manual_lines(plan) if plan is not None and plan.manual else self._done
        known = (
            [f"{each.check} {each.where}: {each.message}" for each in plan.findings if not each.blocks] if plan else []
        )
        if known:
            lines = [*lines, "", "To be known", *(f"  {each}" for each in known)]
        self.app.push_screen(Pages(f"By hand in {self._target.name}", Content("\n".join(map(plain, lines)))))

    def why_not_promo_manual(self) -> str | None:
        """There must be something to tell."""
        plan = self._plan
        return None if self._done or (plan and (plan.manual or plan.findings)) else "nothing is to be done by hand"

    def do_promo_plan(self) -> None:
        """Write the plan to a file, to be reviewed and carried out exactly."""
        plan = self._plan
        assert plan is not None

        def typed(name: str | None) -> None:
            if name and name.strip():
                outcome = self._promoting.write_plan(plan, FilePath(name.strip()).expanduser())
                self.tell(str(outcome), wrong=not isinstance(outcome, Done))

        text = "Then: omtui promote SOURCE TARGET --plan FILE --apply carries out exactly this, or refuses it as stale."
        value = f"{self._promoting.source_name}-to-{self._target.name}.plan.json"
        self.app.push_screen(Ask("Write the plan to", text, value=value), typed)

    def why_not_promo_plan(self) -> str | None:
        """A file from a mapping that is nowhere could not be explained."""
        if self._promoting.is_mapping_changed:
            return "the mapping is not saved; m goes there"
        return None if self._plan and not self._plan.is_empty else "there is nothing to do"

    # Carrying it out

    def why_not_promo_apply(self) -> str | None:
        """Nothing may stand in the way, and production must be unlocked."""
        plan = self._plan
        if plan is None:
            return "there is no plan"
        if plan.merged.open:
            return "conflicts are to be decided: t keeps the target's value, s takes the source's"
        blocking = [finding for finding in plan.findings if finding.blocks]
        if blocking:
            return f"{blocking[0].check} {plain(blocking[0].where)} is to be settled first"
        if self._target.locked:
            return f"{plain(self._target.name)} is production and read-only; U unlocks it"
        if plan.is_empty and not self._decisions:
            return "there is nothing to do"
        return None

    def do_promo_apply(self) -> None:
        """Ask why, and change the target's profile."""
        plan = self._plan
        assert plan is not None

        def typed(reason: str | None) -> None:
            if reason is not None:
                self._apply(plan, reason.strip())

        text = f"{plain(counts(plan) or 'Only decisions')}. Why? It is kept in the log of {plain(self._target.name)}."
        self.app.push_screen(Ask(f"Promote to {plain(self._target.name)}", text), typed)

    def _apply(self, plan: Promotion, reason: str) -> None:
        if self._source.changed_on_disk() or self._target.changed_on_disk():
            self.do_refresh()
            self.tell("a profile was changed by another program: look at the plan again", wrong=True)
            return
        outcome = self._promoting.apply(plan, reason)
        if isinstance(outcome, Done):
            self._done = manual_lines(plan)
            self._decisions.clear()
            self._left_out.clear()
            self._removed.clear()
            words = f"{outcome}; ctrl+z in {plain(self._target.name)} takes it back"
            self._made_of = None
            self.fresh()
            if self._done:
                lines = [words, "", *self._done, "", "h shows this again."]
                self.app.push_screen(Pages("Now by hand, in this order", Content("\n".join(map(plain, lines)))))
            self.tell(words)
        else:
            self.tell(str(outcome), wrong=True)

    def do_promo_unlock(self) -> None:
        """Ask for the production profile's name."""
        target = self._target

        def typed(name: str | None) -> None:
            if name is not None:
                self.tell(str(target.unlock(name)))
                self.fresh()

        text = f"This is production. Type its name, {plain(target.name)}, to change its file."
        self.app.push_screen(Ask("Unlock production", text, must_be=target.name), typed)

    def why_not_promo_unlock(self) -> str | None:
        """Only what is locked can be unlocked."""
        return None if self._target.locked else f"{plain(self._target.name)} is not locked"

    def do_refresh(self) -> None:
        """Read both files and the mapping again."""
        from omtui.workbench.promoting import opened

        promoting = opened(self.app, self._source, self._target.name, str(self._target.path))
        if isinstance(promoting, Promoting):
            promoting.target.unlocked = self._target.unlocked
            if self._promoting.is_mapping_changed:
                promoting.mapping = self._promoting.mapping
            self._source.refresh()
            self._promoting = promoting
        else:
            self.tell(str(promoting), wrong=True)
        self._made_of = None
        self.fresh()
        self.app.redraw()


_ORDER = {step: number for number, step in enumerate(WALK_ORDER)}


def _in_order(group: Group) -> int:
    return _ORDER.get(group.step, len(_ORDER))
