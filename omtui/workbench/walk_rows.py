"""The walk-through for the screen: its entries one by one, and the rows of one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from omtui.setup.catalogue import BY_STEP, task_of
from omtui.setup.place import Path, table_at
from omtui.store.change import value_at

if TYPE_CHECKING:
    from omtui.documents.lines import TodoLine
    from omtui.documents.progress import Progress
    from omtui.documents.walk import Item, WalkSection
    from omtui.setup.indexed import Indexed
    from omtui.setup.table import Task
    from omtui.workbench.signs import Signs


@dataclass(frozen=True, slots=True)
class WalkEntry:
    """One thing to do on a page: a record to enter, or the deployment, or the proof. Its `item.place` is ticked."""

    item: Item
    section: WalkSection

    @property
    def title(self) -> str:
        """What it is, after what is done with it."""
        return f"{_VERBS.get(self.item.action, '')}{self.item.title}"

    @property
    def task(self) -> Task | None:
        """The setup task that it belongs to."""
        return BY_STEP.get(self.section.step)

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done, or to be done again."""
        return self.item.state in ("open", "changed")


@dataclass(frozen=True, slots=True)
class WalkRow:
    """A row of the screen: what to do, the value to paste (`None`: nothing to paste), a remark.

    The heading of a record inside the record is a row of its own.
    """

    text: str
    value: str | None = None
    remark: str = ""
    heading: bool = False


def entries(setup: Indexed, progress: Progress) -> list[WalkEntry]:
    """Everything to do, in the order in which it works."""
    from omtui.documents.walk import runbook

    made: list[WalkEntry] = []
    for section in runbook(setup, progress=progress).sections:
        if section.step in ("deploy", "proof"):
            made += _closing(setup, progress, section) if made else ()
        elif section.step != "flow":  # nothing is entered for it
            made += [WalkEntry(item, section) for item in section.items]
    return made


def entries_after_refresh(setup: Indexed, progress: Progress, source: Indexed | None) -> list[WalkEntry]:
    """What a refresh of the pod overwrote and nobody ticked since, harmful ones first."""
    from omtui.documents.refresh import refresh_runbook
    from omtui.documents.walk import WalkSection, navigation_of

    made = []
    for section in refresh_runbook(setup, progress, source, ways=False).sections:
        for item in section.items:
            table = table_at(item.path)
            record = value_at(setup.data, item.path)
            task = task_of(table.path, record if isinstance(record, dict) else {}) if table else None
            around = (
                WalkSection(task.step, task.title, navigation_of(task), section.title, (), task.procedure)
                if task
                else section
            )
            made.append(WalkEntry(item, around))
    return made


def first_entry(found: Sequence[WalkEntry], path: Path, step: str) -> int:
    """Which entry to show first: the one of a path, else the first of a step, else the first that is still to do."""
    for number, each in enumerate(found):
        if path and each.item.path and path[: len(each.item.path)] == each.item.path:
            return number
    for number, each in enumerate(found):
        if step and each.section.step == step:
            return number
    return next((number for number, each in enumerate(found) if each.is_open), 0)


def rows_of(entry: WalkEntry) -> list[WalkRow]:
    """What to enter, row by row."""
    rows = list(_lines(entry.item.lines))
    for part in entry.item.parts:
        rows += [WalkRow(part.title, heading=True), *_lines(part.lines)]
    return rows


def _lines(lines: Sequence[TodoLine]) -> Iterator[WalkRow]:
    for line in lines:
        depth = (len(line.text) - len(line.text.lstrip())) // 2
        yield WalkRow(f"{'  ' * depth}{line.text.strip()}", line.value, line.hint)


_VERBS: Mapping[str, str] = {"remove": "Remove: ", "change": "Change: ", "replace": "Delete and create: "}


def _closing(setup: Indexed, progress: Progress, section: WalkSection) -> Iterator[WalkEntry]:
    """The deployment, or the proof: all of it is ticked at once."""
    from omtui.documents.lines import TodoLine
    from omtui.documents.progress import closing_state
    from omtui.documents.walk import Item, WalkSection

    if section.items:
        lines = [
            (
                item.lines[0]._replace(text=item.title)
                if item.lines and item.lines[0].text == item.title
                else TodoLine(item.title)
            )
            for item in section.items
        ]
        state, done = closing_state(setup, progress, section.step), progress.of(section.step)
        closing = Item(section.step, section.title, "check", tuple(lines), state=state, done=done)
        yield WalkEntry(closing, WalkSection(section.step, section.title, purpose=section.purpose))


def state_sign(entry: WalkEntry, signs: Signs) -> tuple[str, str]:
    """The sign of an entry's state, and the level whose colour it has."""
    if entry.item.state == "changed":
        return signs.again, "warning"
    return (signs.incomplete, "") if entry.is_open else (signs.done, "fine")


def state_words(entry: WalkEntry) -> str:
    """The state of an entry: by whom it was ticked and when, and whether it changed since."""
    item, done = entry.item, entry.item.done
    if done is None or item.state == "open":
        return "to do"
    word = {"skipped": "left out on purpose", "changed": "changed since it was ticked"}.get(item.state, "ticked")
    step = f" with step {done.place}" if done.place == entry.section.step and item.path else ""
    on = f" on {done.when}" if done.on else ""
    by = f" by {done.by}" if done.by else ""
    note = f": {done.note}" if done.note else ""
    return f"{word}{step}{by}{on}{note}"
