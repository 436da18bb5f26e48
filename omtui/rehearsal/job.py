"""What the workbench asks of a rehearsal, and what it gets: plain data that goes from process to process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from omtui.problem import Wrong
    from omtui.rehearsal.columns import ColumnChoice
    from omtui.rehearsal.tracing import ReviewedEndpoint


LENGTH: Final = 8
"""Bytes of the length that is written before each question and each answer."""


class RequestWay(NamedTuple):
    """Where requests of a task type go: a connector, or an outcome in brackets."""

    task_type: str | None
    to: str


@dataclass(frozen=True)
class RehearsalJob:
    """What is to be rehearsed, and what is asked of it: the counts, the lines that go one way, or one of them."""

    data: Mapping[str, Any]
    file: str
    choices: tuple[ColumnChoice, ...] = ()
    before: bytes | None = None
    """The profile's file, without the edit: what the edit changes is counted."""
    way: RequestWay | None = None
    line: int | None = None
    """A line by its number from 0."""


@dataclass(frozen=True)
class TraceJob:
    """An order line that is to be traced through its process."""

    data: Mapping[str, Any]
    file: str
    choices: tuple[ColumnChoice, ...]
    profile: str
    order: str
    line: str
    endpoints: Mapping[str, ReviewedEndpoint]


@dataclass(frozen=True)
class ListedLine:
    """A line of the file with a request that goes some way, and why."""

    number: int
    """Among the lines, from 0."""
    place: int
    """The line or row of the file."""
    order: str
    line: str
    cells: tuple[str, ...]
    """Of the columns that the rules read."""
    why: str


@dataclass(frozen=True)
class SeenColumn:
    """A column of the file: what is in it, and what it is taken for."""

    heading: str
    samples: tuple[str, ...]
    attribute: str = ""
    """An attribute with its entity, or what else the column says of a line."""
    missing: int | None = None
    """Cells; `None` where no rule reads it."""
    unreadable: int | None = None


@dataclass(frozen=True)
class EditImpact:
    """What an edit of the rules changes."""

    requests: int
    lines: int
    ways: tuple[tuple[str | None, str, str, int], ...]
    """Task type, from, to and requests: the most frequent."""


@dataclass(frozen=True)
class RehearsalCounts:
    """The orders through the rules, counted."""

    lines: int
    requests: int
    outcomes: Mapping[str, int]
    ways: Mapping[RequestWay, int]
    examples: Mapping[RequestWay, tuple[ListedLine, ...]]
    taken: Mapping[str, int]
    """Requests by the rule that they take."""
    pairs: Mapping[tuple[str, str], int]
    """Requests by the two rules that they both take."""
    columns: tuple[SeenColumn, ...]
    not_there: tuple[tuple[str, str], ...]
    """What the rules read and no column holds, with the nearest heading."""
    notes: tuple[str, ...] = ()
    edit: EditImpact | None = None
    problem: Wrong | None = None
    """Why the file was not read to its end."""
    is_whole: bool = True
    """Whether all lines are in it that can be read."""


class LinesRead(NamedTuple):
    """How far the reading is, and what was counted so far; of an edit all counts, before their examples."""

    lines: int
    counts: RehearsalCounts | None = None


@dataclass(frozen=True)
class WayLines:
    """Lines that go one way: the first ones, and how many more there are."""

    columns: tuple[str, ...]
    lines: tuple[ListedLine, ...]
    more: int = 0


class RuleWords(NamedTuple):
    """A line of the explanation of one request: a rule, a branch of it, or one comparison with what came of it."""

    depth: int
    holds: bool | None
    text: str


@dataclass(frozen=True)
class LineRules:
    """What every rule makes of one line."""

    words: tuple[RuleWords, ...] = field(default=())


class Question(NamedTuple):
    """What the workbench asks; without a job, that the question of this number is taken back."""

    number: int
    job: RehearsalJob | TraceJob | None


class ChildAnswer(NamedTuple):
    """What the process says to a question: how far it is, or the answer."""

    number: int
    content: object
