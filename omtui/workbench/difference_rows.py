"""The rows of a difference: the value on each side, changed parts marked and in view."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from textual.content import Content

from omtui.compare.change import Change
from omtui.compare.difference_report import is_condition, value_words
from omtui.compare.marking import is_worth_marking, spans
from omtui.compare.plan_finding import PlanFinding
from omtui.plain_text import plain, plain_lines
from omtui.service.comparing import Compared
from omtui.setup.catalogue import TABLES
from omtui.setup.values import shown, toml
from omtui.workbench.signs import Signs
from omtui.workbench.widgets.grid import MARKED

KINDS = ("", "add", "remove", "change", "rename", "replace", "state", "finding")
KIND_WORDS = {
    "": "",
    "add": "added only",
    "remove": "removed only",
    "change": "changed only",
    "rename": "renamed only",
    "replace": "what Oracle freezes only",
    "state": "states of the pods only",
    "finding": "what a promotion would meet only",
}

Marks = tuple[tuple[int, int], ...]

_ROOM_BEFORE = 12
"""How much of an unchanged beginning is shown before the first changed part."""


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """One line: a change with both sides, or a finding."""

    sign: str
    step: str
    where: str
    old: str
    new: str
    old_marks: Marks = ()
    new_marks: Marks = ()
    change: Change | None = None
    finding: PlanFinding | None = None

    @property
    def tone(self) -> str:
        """Which level's colour it has."""
        if self.finding is not None:
            return self.finding.level
        if self.change is None or self.change.is_state:
            return ""
        return {"add": "fine", "remove": "error"}.get(self.change.op, "error" if self.change.replaces else "warning")


def rows_of(found: Compared) -> list[DifferenceRow]:
    """Findings first, then what differs in the set-up in the order of the file, states of the pods last."""
    rows = [
        DifferenceRow(each.level, each.check, plain(each.where), plain(each.message), plain(each.fix), finding=each)
        for each in found.concerns
    ]
    return rows + [_row(each) for each in (*found.difference.setup_changes, *found.difference.states)]


def is_of_kind(row: DifferenceRow, kind: str) -> bool:
    """Whether a row is of a kind that was asked for."""
    change = row.change
    if not kind:
        return True
    if change is None:
        return kind == "finding"
    if kind in ("state", "replace"):
        return change.is_state if kind == "state" else change.replaces
    return change.op == kind and not change.is_state


def steps_in(rows: Collection[DifferenceRow]) -> list[str]:
    """The steps in which something differs, in the order of the rows."""
    return list(dict.fromkeys(row.step for row in rows if row.change is not None))


def sides(change: Change) -> tuple[str, str]:
    """The value on each side, in one line; empty where there is none."""
    if change.op == "rename":
        return plain(shown(change.old)), plain(shown(change.new))
    old = "" if change.old is None else value_words(change, change.old)
    new = "" if change.new is None else value_words(change, change.new)
    if change.op == "add" and not new:
        new = "new"
    if change.op == "remove" and not old:
        old = "gone"
    return old, new


def both_sides(change: Change, left: str, right: str) -> list[Content]:
    """Both sides of a change in full under their names, what differs marked."""
    texts = [_whole(change, value) for value in (change.old, change.new)]
    marks = spans(*texts) if is_worth_marking(*texts) else ([], [])
    parts: list[Content] = []
    for name, text, marked in zip((left, right), texts, marks, strict=True):
        content = Content(text or "nothing")
        for start, end in marked if (0, len(text)) not in marked else ():
            content = content.stylize(MARKED, start, end)
        parts += [Content.styled(f"\n{plain(name)}", "bold $accent"), content]
    return parts


def _whole(change: Change, value: object) -> str:
    """A value with one line for each of its fields and elements, safe to show."""
    if value is None:
        return ""
    if isinstance(value, dict):
        if is_condition(change):
            return value_words(change, value)
        known = TABLES[change.table].by_name if change.table in TABLES else {}
        lines = ((known[name].label if name in known else name, item) for name, item in value.items())
        return "\n".join(plain(f"{label}: {_words(item)}") for label, item in lines)
    if isinstance(value, list):
        return "\n".join(plain(_words(item)) for item in value)
    return plain_lines(shown(value))


def _words(value: object) -> str:
    inner = isinstance(value, dict) or (isinstance(value, list) and any(isinstance(each, dict) for each in value))
    return toml(value) if inner else shown(value)


def in_sight(text: str, marks: Marks, room: int, signs: Signs) -> tuple[str, Marks]:
    """A text shortened to `room` cells so that its first changed part is in view."""
    if not marks:
        return signs.ascii_text(text), ()
    if len(text) <= room or marks[0][1] <= room:
        return text, marks
    start, end = marks[0]
    cut = max(0, start - max(2, min(_ROOM_BEFORE, room - (end - start) - 4)))
    return f"{signs.ellipsis}{text[cut:]}", tuple((start - cut + 1, end - cut + 1) for start, end in marks)


def _row(change: Change) -> DifferenceRow:
    old, new = sides(change)
    old_marks: Marks = ()
    new_marks: Marks = ()
    if change.op == "rename" or (change.op == "change" and is_worth_marking(change.old, change.new)):
        lost, gained = spans(old, new)
        old_marks, new_marks = tuple(lost), tuple(gained)
    elif change.op == "change" and isinstance(change.old, list) and isinstance(change.new, list):
        old_marks = tuple(_missing(old, change.old, change.new))
        new_marks = tuple(_missing(new, change.new, change.old))
    if (0, len(old)) in old_marks and (0, len(new)) in new_marks:
        old_marks = new_marks = ()  # all of it: marks would say nothing
    return DifferenceRow(change.sign, change.step, plain(change.where), old, new, old_marks, new_marks, change)


def _missing(text: str, here: list[object], there: list[object]) -> Iterator[tuple[int, int]]:
    """Where the elements of a list that the other one lacks are in its text."""
    other = [shown(item) for item in there]
    position = 0
    for item in here:
        word = plain(shown(item))
        start = text.find(word, position)
        if start < 0 or not word:
            continue
        position = start + len(word)
        if shown(item) not in other:
            yield start, position
