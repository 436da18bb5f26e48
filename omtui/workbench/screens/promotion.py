"""The plan of a promotion: what the target gains, changes and loses, record by record, and what is in the way."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.content import Content
from textual.timer import Timer

from omtui.checks.explaining import UnknownCheck, explain, explanation
from omtui.compare.manual import Group
from omtui.compare.merge_inputs import OnlyThere
from omtui.compare.plan_finding import PlanFinding
from omtui.compare.promotion import Promotion
from omtui.compare.promotion_report import counts, group_lines, manual_lines, side_words, what_blocks
from omtui.compare.three_way import Conflict, Decision
from omtui.plain_text import few, plain
from omtui.problem import Done
from omtui.service.promoting import Promoting
from omtui.service.session import Session
from omtui.setup.wording import place_words
from omtui.workbench.actions import Where
from omtui.workbench.difference_rows import both_sides
from omtui.workbench.promotion_dialogs import opened, settle_mapping
from omtui.workbench.promotion_rows import COLUMNS, Outlook, PlanRow, PlanSelection
from omtui.workbench.screens.base import WorkScreen
from omtui.workbench.screens.dialogs import TextWindow
from omtui.workbench.widgets.detail_pane import DetailPane

PAUSE = 0.4
"""Seconds without another choice after which the plan of a big profile is made again."""


class PromotionScreen(WorkScreen):
    """Blockers first, then conflicts, then the records in the order in which the set-up works, then findings."""

    where: ClassVar[Where] = "promotion"
    opens: ClassVar[str] = "promo_open"
    row_decides: ClassVar[bool] = True

    def __init__(self, source: Session, promoting: Promoting) -> None:
        super().__init__()
        self._source = source
        self._promoting = promoting
        self._chosen = PlanSelection()
        self._shown: list[PlanRow] = []
        self._kept = self._chosen.choices
        """The choices that a file has."""
        self._late: Timer | None = None
        """Runs while the plan of a big profile waits for further choices."""
        self._done: list[str] = []
        """What is to be done by hand after the last one that was carried out."""

    @property
    def titled(self) -> Session | None:
        """What will be changed is shown."""
        return self._promoting.target

    @property
    def _target(self) -> Session:
        return self._promoting.target

    @property
    def _plan(self) -> Promotion | None:
        return self._chosen.plan

    def _make(self) -> None:
        self._promoting.source = self._source.data
        self._chosen.make(self._promoting, (self._source.revision, self._target.revision))

    def _choose_later(self) -> None:
        """Show the choice at once, and make the plan now, or where that takes long, when no other choice follows."""
        if self._late is not None:
            self._late.stop()
        if not (self._source.is_big or self._target.is_big):
            self.fresh()
            return
        self._late = self.set_timer(PAUSE, self._now)
        self._draw()

    def _now(self) -> None:
        if self._late is not None:
            self._late.stop()
            self._late = None
        self.fresh()

    # Showing

    def fresh(self) -> None:
        """Show the present plan."""
        current = self._current()
        if self._late is None:
            self._make()
        self._draw(current)
        super().fresh()

    def _draw(self, current: PlanRow | None = None) -> None:
        styles = {level: self.app.level_style(level) for level in ("error", "warning", "info", "fine")}
        drawn = [(row, self._chosen.cells(row, self.app.signs, styles)) for row in self._chosen.rows]
        shown = self.fitting(drawn, lambda each: " ".join(cell.text for cell in each[1]))
        self._shown = rows = [row for row, _ in shown]
        grid = self.grid
        cursor = grid.cursor_row if grid.row_count else 0
        if current is not None:
            same = [n for n, row in enumerate(rows) if type(row.what) is type(current.what)]
            cursor = next((n for n in same if rows[n].where == current.where), cursor)
        name = plain(self._target.name)
        words = f"{name} has all that travels." if not self._done else f"{name} has it now. h lists what is left to do."
        empty = "No row fits the filter." if self.words else f"Nothing to do: {words}"
        self.show_list(COLUMNS, [cells for _, cells in shown], empty, cursor)
        self.show_summary(self._verdict())

    def _verdict(self) -> Content:
        plan = self._plan
        if plan is None:
            return Content("")
        if self._late is not None:
            return Content.styled(f" The plan is being made again {self.app.signs.ellipsis}", "dim")
        summary = counts(plan)
        parts: list[tuple[str, str]] = [(f" {summary or 'Nothing to do'}", "bold")]
        if plan.manual:
            steps = len(plan.manual)
            parts.append((f"; {steps} {'step' if steps == 1 else 'steps'} by hand", ""))
        if left := len(self._chosen.left_out):
            parts.append((f"; {left} left out", "$text-warning"))
        if blocked := what_blocks(plan):
            parts.append((f"; blocked by {blocked}", "bold $text-error"))
        return Content.assemble(*parts)

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
        """Help for the row under the cursor."""
        row = self._current()
        if row is None:
            return Content("")
        what = row.what
        if isinstance(what, PlanFinding):
            fix = f"Enter goes to the mapping, to say what it is called in {self._target.name}."
            if what.check != "D-01":
                fix = "t keeps both, s takes the old one away." if what.check == "D-07" else what.fix
            return Content.assemble((plain(what.message), self.app.level_style("error")), "\n", plain(fix))
        if isinstance(what, Conflict):
            lines = _sides(what, "t takes the target's", "s takes the source's")
            return Content("\n").join([Content(plain(line)) for line in lines])
        if isinstance(what, Outlook):
            style = self.app.level_style(what.finding.level)
            return Content.assemble((plain(what.words), style), "\n", plain(what.finding.fix))
        if isinstance(what, OnlyThere):
            return Content.styled("Only the target has it. Nothing is removed unless space says so.", "dim")
        if self.query_one(DetailPane).display and not self._chosen.comes_along(what):
            return Content.styled("space takes it along or leaves it out, h lists what is left to do by hand", "dim")
        whole = self._chosen.whole
        lines = [plain(line.text.strip()) for line in group_lines(whole, what)] if whole else []
        more = f"   and {len(lines) - 2} more; enter shows all" if len(lines) > 2 else ""
        if self._chosen.comes_along(what) and self._plan is not None:
            why = self._plan.brought.get(self._plan.origins.get(what.where, ""), "")
            lines = [f"comes along: {plain(why)} names it" if why else "comes along", *lines]
        return Content("\n").join(
            [Content(lines[0] if lines else ""), Content(f"{lines[1]}{more}" if lines[1:] else "")]
        )

    def _current(self) -> PlanRow | None:
        return self.under_cursor(self._shown)

    def holds(self) -> bool:
        """A mapping that is in no file, and choices that are neither carried out nor in the file of a plan."""
        return self._promoting.is_mapping_changed or self._chosen.choices not in (PlanSelection().choices, self._kept)

    async def settle(self) -> bool:
        """Ask what becomes of the mapping, and of the choices."""
        if self._promoting.is_mapping_changed and not await settle_mapping(self, self._promoting):
            return False
        text = "a carries it out, w writes it to a file."
        return not self.holds() or await self.confirm("Forget what you chose?", text, yes="Forget", no="Stay")

    # Choosing

    def why_not_promo_choose(self) -> str | None:
        """The cursor must be on a record."""
        row = self._current()
        if row is None:
            return "there is nothing to choose"
        if isinstance(row.what, Conflict):
            return "t keeps the target's value, s takes the source's"
        if isinstance(row.what, PlanFinding):
            is_question = row.what.check == "D-07"
            return "t keeps both, s removes it" if is_question else "it is settled in the mapping: enter goes there"
        if isinstance(row.what, Outlook):
            return "it is a finding: it comes or goes with the records"
        whole = self._chosen.whole
        if isinstance(row.what, Group) and whole and row.where not in whole.origins:
            return "several records have this key: they go together"
        return None

    def do_promo_choose(self) -> None:
        """Take a record along, or leave it out; of what only the target has, remove it or keep it."""
        row = self._current()
        if row is None:
            return
        chosen = self._chosen.removed if isinstance(row.what, OnlyThere) else self._chosen.left_out
        chosen ^= {row.where}
        self._choose_later()
        if self._late is None and isinstance(row.what, Group) and self._chosen.comes_along(row.what):
            self.show_message("it comes along all the same: a record that is chosen refers to it")

    def do_promo_all(self) -> None:
        """All records, or none when all are chosen."""
        whole = self._chosen.whole
        assert whole is not None
        self._chosen.left_out = set() if self._chosen.left_out else set(whole.origins)
        self._choose_later()

    def why_not_promo_all(self) -> str | None:
        """There must be records."""
        return None if self._chosen.whole and self._chosen.whole.origins else "there is nothing to choose"

    def _decide(self, decision: Decision) -> None:
        row = self._current()
        if row is None:
            return
        if isinstance(row.what, PlanFinding) and decision == "theirs":
            self._chosen.removed.add(row.where)
        else:
            self._chosen.decisions[row.where] = decision
        self._choose_later()

    def do_promo_source(self) -> None:
        """Take what the source says."""
        self._decide("theirs")

    def do_promo_target(self) -> None:
        """Keep what the target says."""
        self._decide("ours")

    def _why_no_conflict(self) -> str | None:
        row = self._current()
        is_conflict = row is not None and isinstance(row.what, Conflict)
        is_question = row is not None and isinstance(row.what, PlanFinding) and row.what.check == "D-07"
        return None if is_conflict or is_question else "the cursor is on nothing that both sides changed"

    why_not_promo_source = why_not_promo_target = _why_no_conflict

    # Looking closer

    def do_promo_open(self) -> None:
        """All about a record; of what is in the way, to the mapping."""
        row = self._current()
        if row is not None and isinstance(row.what, PlanFinding) and row.what.check == "D-01":
            self._open_mapping(row.what.where)
        elif row is not None and (content := self.detail()) is not None:
            self.app.push_screen(TextWindow(row.where, content))

    def detail(self) -> Content | None:
        """All about the row under the cursor: fields, both sides, what is in the way and why."""
        row, whole = self._current(), self._chosen.whole
        if row is None or whole is None:
            return None
        what = row.what
        sides: list[Content] = []
        if isinstance(what, Group):
            lines = []
            for change in what.changes:
                if change.where != what.where:
                    sides.append(Content.styled(f"\n{plain(place_words(change.where))}", "bold"))
                sides += both_sides(change, self._target.name, f"{self._target.name}, then")
            by_hand = [step.what for step in whole.manual if step.where == what.where]
            if by_hand:
                lines += ["", "By hand:", *(f"  {each}" for each in by_hand)]
        elif isinstance(what, Conflict):
            lines = _sides(what, "target", "source")
        elif isinstance(what, PlanFinding | Outlook):
            finding = what.finding if isinstance(what, Outlook) else what
            check = explain(finding.check)
            lines = [finding.message, "", finding.fix, ""]
            lines += [] if isinstance(check, UnknownCheck) else explanation(check).splitlines()
        else:
            lines = ["Only the target has it.", "", "Space marks it to be removed, or keeps it."]
        title = Content.styled(plain(place_words(row.where)), "bold")
        return Content("\n").join([title, *sides, *(Content(plain(line)) for line in lines)])

    def why_not_promo_open(self) -> str | None:
        """There must be a row."""
        return None if self._shown else "there is nothing to do"

    def do_promo_mapping(self) -> None:
        """What the target calls the source's hosts, users and credentials."""
        row = self._current()
        self._open_mapping(row.where if row is not None and isinstance(row.what, PlanFinding) else "")

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
        self.app.push_screen(TextWindow(f"By hand in {self._target.name}", Content("\n".join(map(plain, lines)))))

    def why_not_promo_manual(self) -> str | None:
        """There must be something to show."""
        plan = self._plan
        return None if self._done or (plan and (plan.manual or plan.findings)) else "nothing is to be done by hand"

    @work
    async def do_promo_plan(self) -> None:
        """Write the plan to a file, to be reviewed and carried out exactly."""
        plan = self._plan
        assert plan is not None
        text = "Then: omtui promote SOURCE TARGET --plan FILE --apply carries out exactly this, or refuses it as stale."
        value = f"{self._promoting.source_name}-to-{self._target.name}.plan.json"
        path = await self.ask_file("Write the plan to", text, value=value)
        if path is not None:
            outcome = self._promoting.write_plan(plan, path)
            if isinstance(outcome, Done):
                self._kept = self._chosen.choices
            self.show_outcome(outcome)

    def why_not_promo_plan(self) -> str | None:
        """A file from a mapping that is nowhere could not be explained."""
        if self._promoting.is_mapping_changed:
            return "the mapping is not saved; m goes there"
        if self._late is not None:
            return "the plan is being made"
        return None if self._plan and not self._plan.is_empty else "there is nothing to do"

    # Carrying it out

    def why_not_promo_apply(self) -> str | None:
        """Nothing may be in the way, and production must be unlocked."""
        plan = self._plan
        if plan is None or self._late is not None:
            return "the plan is being made"
        if plan.merged.open:
            return "conflicts are to be decided: t keeps the target's value, s takes the source's"
        blocking = [finding for finding in plan.findings if finding.blocks]
        if blocking:
            return f"{blocking[0].check} {plain(blocking[0].where)} is to be settled first"
        if (locked := self._target.why_locked()) is not None:
            return f"{locked.message}; U unlocks it"
        if plan.is_empty and not self._chosen.decisions:
            return "there is nothing to do"
        return None

    @work
    async def do_promo_apply(self) -> None:
        """Ask why, and change the target's profile."""
        plan = self._plan
        assert plan is not None
        name = plain(self._target.name)
        text = f"{plain(counts(plan) or 'Only decisions')}. Why? It is kept in the log of {name}; [TICKET] goes first."
        if errors := [f"{each.check} {plain(each.where)}" for each in plan.gained if each.level != "info"]:
            text += f" {name} gains {len(errors)} findings: {few(errors, 3)}."
        reason = await self.ask(f"Promote to {name}", text)
        if reason is None:
            return
        if self._source.changed_on_disk() or self._target.changed_on_disk():
            self.do_refresh()
            self.show_message("a profile was changed by another program: look at the plan again", wrong=True)
            return
        outcome = self._promoting.apply(plan, reason.strip())
        if isinstance(outcome, Done):
            self._done = manual_lines(plan)
            self._chosen.reset()
            words = f"{outcome}; ctrl+z in {plain(self._target.name)} takes it back"
            self.fresh()
            if self._done:
                lines = [words, "", *self._done, "", "h shows this again."]
                self.app.push_screen(TextWindow("Now by hand, in this order", Content("\n".join(map(plain, lines)))))
            self.show_message(words)
        else:
            self.show_message(str(outcome), wrong=True)

    @work
    async def do_promo_unlock(self) -> None:
        """Ask for the production profile's name."""
        target = self._target
        text = f"This is production. Type its name, {plain(target.own_name)}, to change its file."
        name = await self.ask("Unlock production", text, must_be=target.own_name)
        if name is not None:
            self.show_message(str(target.unlock(name)))
            self.fresh()

    def why_not_promo_unlock(self) -> str | None:
        """Only what is locked can be unlocked."""
        return None if self._target.locked else f"{plain(self._target.name)} is not locked"

    def do_refresh(self) -> None:
        """Read both files and the mapping again."""
        promoting = opened(self.app, self._source, self._target.name, str(self._target.path))
        if isinstance(promoting, Promoting):
            promoting.target.unlocked = self._target.unlocked
            if self._promoting.is_mapping_changed:
                promoting.mapping = self._promoting.mapping
            self._source.refresh()
            self._promoting = promoting
        else:
            self.show_message(str(promoting), wrong=True)
        self._chosen.forget_plan()
        self.fresh()
        self.app.redraw()


def _sides(what: Conflict, ours: str, theirs: str) -> list[str]:
    """What both sides of a conflict say, and what it was before."""
    sides = ((ours, what.ours), (theirs, what.theirs), ("before", what.base))
    return [f"{name}: {side_words(what, value)}" for name, value in sides]
