"""How far each setup task is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from omtui.plain_text import counted
from omtui.service.session import Session
from omtui.setup.catalogue import TABLES, TASKS
from omtui.setup.place import Path
from omtui.setup.table import Task
from omtui.setup.wording import table_words

if TYPE_CHECKING:
    from omtui.checks.finding import ShownFinding

Word = Literal["empty", "incomplete", "errors", "changed", "warnings", "fine", "done"]


@dataclass(frozen=True, slots=True)
class TaskState:
    """The state of a task in a word, what is in it in words and as a number, and its findings in words.

    `entered` says how much of it was ticked in the walk-through; empty where none is kept or nothing is entered.
    """

    task: Task
    word: Word
    contents: str
    count: int
    findings: str
    entered: str = ""


TASK_ORDER = {task.step: number for number, task in enumerate(TASKS)}
"""The number of each task in the list of tasks, by its step."""


class Gap(NamedTuple):
    """A field to fill in or put right: the number of its task, its place in the profile to sort by, the finding."""

    task: int
    order: tuple[str, ...]
    found: ShownFinding


def gaps(session: Session) -> list[Gap]:
    """The errors and warnings over all tasks, in the order of the tasks and of the fields in the file."""
    found: dict[Path, Gap] = {}
    for each in session.results_where(lambda _: True):
        path = each.finding.path
        if each.finding.level in ("error", "warning"):
            found.setdefault(path, Gap(TASK_ORDER[each.step], order_of(path), each))
    return sorted(found.values(), key=lambda gap: gap[:2])


def order_of(path: Path) -> tuple[str, ...]:
    """A path as what is sorted: by table, then by the number of the record."""
    return tuple(f"{part:08}" if isinstance(part, int) else part for part in path)


MISSING_VALUE = "P0-07"
"""The check of a value that a page requires: with nothing worse, the task is not wrong but unfinished."""


REVIEWED = "6"
"""The task whose endpoints are probed: its state shows the last topology review."""


def state_of(session: Session, task: Task) -> TaskState:
    """The state of a task: nothing in it, something missing, something wrong, fine, or entered in the pod as it is.

    What changed after it was ticked is to be entered again: that comes before warnings.
    """
    setup = session.indexed
    sizes: list[tuple[str, int]] = []
    for path in task.tables:
        table = TABLES[path]
        if table.single:
            sizes.append((path, 1 if setup.single(path) else 0))
        elif not table.parent or TABLES[table.parent].single:
            found = setup.records(path)
            sizes.append((path, sum(task.holds(path, each.record) for each in found) if task.only else len(found)))
    present = [(path, count) for path, count in sizes if count]
    contents = ", ".join(table_words(path, count) for path, count in present)
    errors = warnings = missing = 0
    for result in session.results:
        if result.waived or not concerns(session, task, result.finding.path):
            continue
        if result.finding.check == MISSING_VALUE:
            missing += 1
        elif result.finding.level == "error":
            errors += 1
        elif result.finding.level == "warning":
            warnings += 1
    ticked = session.walk.counts.get(task.step)
    word: Word
    if errors:
        word, findings = "errors", counted(errors, "error")
    elif not present:
        word, findings = "empty", "empty"
    elif missing:
        word, findings = "incomplete", f"{missing} to fill in"
    elif ticked and ticked.changed:
        word, findings = "changed", f"{ticked.changed} changed"
    elif warnings:
        word, findings = "warnings", counted(warnings, "warning")
    elif ticked and ticked.is_done:
        word, findings = "done", "done"
    else:
        word, findings = "fine", "fine"
    entered = f"{ticked.done} of {ticked.total}" if ticked and ticked.total else ""
    last = session.last_review if task.step == REVIEWED else None
    if last is not None and last.on is not None:
        failed = len(last.failed)
        review = f"review of {last.on}: {f'{failed} failed' if failed else 'all as expected'}"
        contents = "; ".join(filter(None, (contents, review)))
        if word == "warnings" and failed:
            findings = f"{failed} failed"
        elif word == "fine":
            findings = f"seen {last.on:%m-%d}"
    return TaskState(task, word, contents, sum(count for _, count in present), findings, entered)


def concerns(session: Session, task: Task, path: Path) -> bool:
    """Whether a finding's path lies in one of the task's tables, and in a record that belongs to it."""
    if not path:
        return False
    top = str(path[0])
    if top not in task.tables and not any(name.startswith(f"{top}.") for name in task.tables):
        return False
    if task.only and len(path) > 1 and top in dict(task.only):
        record = session.value(path[:2])
        return isinstance(record, dict) and task.holds(top, record)
    return True
