"""What a person chose of a promotion, the plan made of it, and the rows that show both."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from omtui.compare.manual import WALK_ORDER, Group
from omtui.compare.merge_inputs import OnlyThere
from omtui.compare.plan_finding import PlanFinding
from omtui.compare.promotion import Promotion, PromotionRequest
from omtui.compare.promotion_report import SIGNS, group_words, side_words
from omtui.compare.three_way import Conflict, Decision
from omtui.service.promoting import Promoting
from omtui.setup.place import Place, Selector, parse, resolve
from omtui.setup.wording import place_words
from omtui.workbench.signs import Signs
from omtui.workbench.widgets.grid import Cell, Column

COLUMNS = (Column("", 1), Column("", 3), Column("", 4), Column("Step", 4), Column("Record", 20), Column("What", 16))


@dataclass(frozen=True, slots=True)
class Outlook:
    """A finding of the checks that the target gains, or loses."""

    finding: PlanFinding
    gained: bool

    @property
    def where(self) -> str:
        """The place of the finding."""
        return self.finding.where

    @property
    def words(self) -> str:
        """What becomes of it."""
        return f"{'gained' if self.gained else 'lost'}: {self.finding.message}"


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One line of the plan: something in the way, a conflict, a record, one that only the target has, or a finding."""

    what: PlanFinding | Conflict | Group | OnlyThere | Outlook
    more: int = 0
    """How many other places the same entry of the mapping settles."""

    @property
    def where(self) -> str:
        """The place it is about."""
        return self.what.where


@dataclass
class PlanSelection:
    """What was chosen and decided, by places of the target, and the plan as it was made last."""

    left_out: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    decisions: dict[str, Decision] = field(default_factory=dict)
    whole: Promotion | None = None
    """The plan of everything: what there is to choose from."""
    plan: Promotion | None = None
    """The plan of what was chosen."""
    rows: list[PlanRow] = field(default_factory=list)
    _whole_of: object = None
    _plan_of: object = None
    _brought_along: set[str] = field(default_factory=set)

    @property
    def choices(self) -> tuple[frozenset[str], frozenset[str], tuple[tuple[str, Decision], ...]]:
        """What a person chose: left out, removed, decided."""
        return frozenset(self.left_out), frozenset(self.removed), tuple(self.decisions.items())

    def reset(self) -> None:
        """Forget what was chosen, and both plans."""
        self.left_out.clear()
        self.removed.clear()
        self.decisions.clear()
        self.forget_plan()

    def forget_plan(self) -> None:
        """Make the plan again the next time, even of the same choices."""
        self._whole_of = self._plan_of = None

    def make(self, promoting: Promoting, revisions: tuple[int, int]) -> None:
        """Make the plan again where anything that it is made of has changed."""
        whole_of = (revisions, promoting.mapping, *self.choices[1:])
        if whole_of != self._whole_of or self.whole is None:
            self.whole = self._of_everything(promoting)
            self._whole_of, self._plan_of = whole_of, None
        self.left_out &= set(self.whole.origins)
        plan_of = frozenset(self.left_out)
        if plan_of == self._plan_of and self.plan is not None:
            return
        found = promoting.plan(self._request(promoting, self.whole)) if self.left_out else self.whole
        self.plan = promoting.with_outlook(found if isinstance(found, Promotion) else self.whole)
        self._plan_of = plan_of
        groups = sorted(self.whole.groups, key=lambda group: _ORDER.get(group.step, len(_ORDER)))
        self.rows = [
            *_in_the_way(self.plan),
            *(PlanRow(conflict) for conflict in self.plan.conflicts),
            *(PlanRow(group) for group in groups if group.where not in self.removed),
            *(PlanRow(each) for each in self.whole.only_there),
            *(PlanRow(Outlook(each, gained=True)) for each in self.plan.gained),
            *(PlanRow(Outlook(each, gained=False)) for each in self.plan.lost),
        ]
        self._brought_along = {group.where for group in self.plan.groups} & self.left_out

    def _of_everything(self, promoting: Promoting) -> Promotion:
        whole = promoting.plan(PromotionRequest(remove=tuple(sorted(self.removed)), decisions=self.decisions))
        if not isinstance(whole, Promotion):  # what was asked to be removed is gone
            self.removed.clear()
            whole = promoting.plan(PromotionRequest(decisions=self.decisions))
        assert isinstance(whole, Promotion), "nothing was named"
        return whole

    def _request(self, promoting: Promoting, whole: Promotion) -> PromotionRequest:
        """What was chosen, as places of the source; what they refer to comes along."""
        only = [
            whole.origins[g.where] for g in whole.groups if g.where in whole.origins and g.where not in self.left_out
        ]
        for conflict in whole.conflicts:
            record = _record_of(conflict.where)
            if record is not None and isinstance(resolve(promoting.source, record), tuple):
                only.append(str(record))
        remove = tuple(sorted(self.removed))
        if not only:
            return PromotionRequest(without=tuple(whole.origins.values()), remove=remove, decisions=self.decisions)
        return PromotionRequest(only=tuple(dict.fromkeys(only)), remove=remove, decisions=self.decisions)

    def comes_along(self, group: Group) -> bool:
        """Whether a record that was left out travels all the same: one that was chosen refers to it."""
        return group.where in self._brought_along

    def cells(self, row: PlanRow, signs: Signs, styles: dict[str, str]) -> list[Cell]:
        """A row as it is shown. `styles` are the colours by level."""
        what = row.what
        if isinstance(what, PlanFinding):
            style, more = styles["error"], f" and {row.more} more" if row.more else ""
            return _cells(Cell(signs.error, style), Cell(what.check, style), what.where, Cell(what.message), more=more)
        if isinstance(what, Conflict):
            ours, theirs = side_words(what, what.ours), side_words(what, what.theirs)
            decided = {"ours": f"stays: {ours}", "theirs": f"taken: {theirs}"}
            words = decided.get(what.decided or "", f"both changed it: {ours} or {theirs}")
            style = styles["fine" if what.decided else "warning"]
            sign = signs.fine if what.decided else signs.warning
            return _cells(Cell(sign, style), Cell("<>", style), what.where, Cell(words, style))
        if isinstance(what, Outlook):
            level, check = what.finding.level, what.finding.check
            style, tone = (styles[level], "") if what.gained else ("dim", "dim")
            return _cells(Cell(signs.level(level), style), Cell(check, style), what.where, Cell(what.words, tone), tone)
        if isinstance(what, OnlyThere):
            removed = row.where in self.removed
            origin = "came from the source, which has it no more" if what.was_promoted else "only there; stays"
            dash, fate = Cell("-", styles["error"] if removed else "dim"), Cell("goes" if removed else origin, "dim")
            return _cells(Cell(""), dash, row.where, fate, "" if removed else "dim", "[x]" if removed else "[ ]")
        mark = "[x]" if what.where not in self.left_out else "[+]" if self.comes_along(what) else "[ ]"
        quiet = "dim" if mark == "[ ]" else ""
        kind = Cell(SIGNS[what.op], quiet or styles[{"add": "fine", "change": "warning"}.get(what.op, "error")])
        step = Cell(what.step if what.step[:1].isdigit() else "", quiet or "dim")
        return _cells(Cell(""), kind, what.where, Cell(group_words(what), "dim"), quiet, mark, step)


def _cells(
    sign: Cell,
    kind: Cell,
    where: str,
    words: Cell,
    tone: str = "",
    mark: str = "",
    step: Cell | None = None,
    more: str = "",
) -> list[Cell]:
    """The cells of a row by the columns; `tone` is the style of its place."""
    return [sign, Cell(mark), kind, step or Cell(""), Cell(place_words(where) + more, tone), words]


def _in_the_way(plan: Promotion) -> list[PlanRow]:
    """What blocks, one row for all that one entry of the mapping settles."""
    rows: dict[tuple[str, str], PlanRow] = {}
    for finding in plan.findings:
        if finding.blocks:
            key = (finding.check, finding.fix if finding.check == "D-01" else finding.where)
            rows[key] = replace(rows[key], more=rows[key].more + 1) if key in rows else PlanRow(finding)
    return list(rows.values())


def _record_of(where: str) -> Place | None:
    """The record at the top of a table that a place lies in, or the single table."""
    place = parse(where)
    if not isinstance(place, Place):
        return None
    for number, part in enumerate(place.parts):
        if isinstance(part, Selector):
            return Place(place.parts[: number + 1])
    return Place(place.parts[:1])


_ORDER = {step: number for number, step in enumerate(WALK_ORDER)}
