"""How far each setup task has come."""

from dataclasses import dataclass
from typing import Literal

from omtui.service.session import Session
from omtui.setup.catalogue import TABLES
from omtui.setup.place import Path
from omtui.setup.table import Task
from omtui.setup.wording import table_words

Word = Literal["empty", "incomplete", "errors", "warnings", "fine", "done"]


@dataclass(frozen=True, slots=True)
class TaskState:
    """The state of a task in a word, what is in it in words, and its findings in words."""

    task: Task
    word: Word
    contents: str
    findings: str


MISSING_VALUE = "P0-07"
"""The check of a value that a page requires: with nothing worse, the task is not wrong but unfinished."""


def state_of(session: Session, task: Task) -> TaskState:
    """How a task stands: nothing in it, something missing, something wrong, or fine."""
    setup = session.indexed
    counted: list[tuple[str, int]] = []
    for path in task.tables:
        table = TABLES[path]
        if table.single or (table.parent and not TABLES[table.parent].single):
            continue
        count = sum(1 for found in setup.records(path) if task.holds(path, found.record))
        if count or not counted:
            counted.append((path, count))
    present = [(path, count) for path, count in counted if count]
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
    if errors:
        return TaskState(task, "errors", contents, _counted(errors, "error"))
    if not present:
        return TaskState(task, "empty", contents, "empty")
    if missing:
        return TaskState(task, "incomplete", contents, f"{missing} to fill in")
    if warnings:
        return TaskState(task, "warnings", contents, _counted(warnings, "warning"))
    return TaskState(task, "fine", contents, "fine")


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


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
