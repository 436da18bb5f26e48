"""For which task types and operations a line is judged: a request is one line for one of them."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from omtui.rehearsal.cells import is_missing
from omtui.setup.indexed import Indexed, LocatedRecord, flag, is_predefined, text
from omtui.setup.table import Record

Source = Literal["task type", "process", "all"]
"""What says which requests a line makes: its own task type, its process, or nothing (then all that the profile has)."""


class Request(NamedTuple):
    """A task type and an operation. `None`: not known, so that nothing about it can be evaluated; empty: missing."""

    task_type: str | None
    operation: str | None = None


UNKNOWN = (Request(None),)


class Requests:
    """The requests of lines."""

    def __init__(self, setup: Indexed, source: Source, *, task_type: str = "") -> None:
        self.source = source
        self.only = task_type
        """The task type to which they are narrowed; empty where they are not."""
        self._of_process = {
            text(process.record, "name"): tuple(dict.fromkeys(_sent(setup, steps)))
            for process in setup.records("orchestration_processes")
            if (steps := setup.within(process, "steps")) or not is_predefined(process.record)
        }
        """Oracle's own processes without noted steps are not known."""
        self._all = tuple(dict.fromkeys(each for sent in self._of_process.values() for each in sent))

    @property
    def everything(self) -> tuple[Request, ...]:
        """What the steps of all processes send."""
        return self._all

    def is_like(self, other: "Requests") -> bool:
        """Whether lines make the same requests."""
        return vars(self) == vars(other)

    def of(self, cell: object, operation: object = None) -> tuple[Request, ...]:
        """The requests of a line, by the cell of its task type or process and by the cell of its operation."""
        if self.source == "task type":
            if not isinstance(cell, str) or not cell:
                return () if self.only else UNKNOWN
            word = "" if is_missing(operation) else operation
            return (Request(cell, word if isinstance(word, str) else None),) if self.only in ("", cell) else ()
        if self.source == "process" and cell not in self._of_process:
            return (Request(self.only),) if self.only else UNKNOWN
        sent = self._all if self.source == "all" else self._of_process[str(cell)]
        return tuple(each for each in sent if self.only in ("", each.task_type))


def _sent(setup: Indexed, steps: Iterable[LocatedRecord]) -> Iterable[Request]:
    """What the steps of a process send."""
    return filter(None, (request_of(setup, step.record) for step in steps))


def request_of(setup: Indexed, step: Record) -> Request | None:
    """What a step sends; `None` for those that wait or take an answer, and for those that call no service."""
    name = text(step, "task_type")
    if not name or text(step, "type") not in ("Service", "") or flag(step, "wait"):
        return None
    operation = _operation(setup, name, text(step, "service"))
    return Request(name, operation) if operation != "Inbound" else None


def _operation(setup: Indexed, task_type: str, service: str) -> str | None:
    """The operation of a service by its name or code; `None` for Oracle's own, which are not noted."""
    for holder in setup.by_key("task_types").get(task_type, ()):
        for each in setup.within(holder, "services"):
            if service in (text(each.record, "name"), text(each.record, "code")):
                return text(each.record, "operation") or None
    return None
