"""The order in which the steps of a process run, with its branches.

Steps run by ascending number. A Conditional step opens branches, a step with a branching condition (or marked
Otherwise) begins the next one, a Merge brings them together. Two steps of different branches never run for one line.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from omtui.setup.indexed import LocatedRecord, flag, text

SERVICE, CONDITIONAL, MERGE = "Service", "Conditional", "Merge"


class OrderedStep(NamedTuple):
    """One step in its place in the run."""

    found: LocatedRecord
    kind: str
    """Service (also when the type is not given), Conditional or Merge; any other word unchanged."""
    branches: tuple[tuple[int, int], ...]
    """The branches it is in, outermost first: which Conditional opened it, and which of its branches it is."""
    starts_branch: bool = False

    @property
    def depth(self) -> int:
        """How deep in branches it is."""
        return len(self.branches)

    @property
    def sign(self) -> Literal["call", "wait", "branch", "merge"]:
        """What a sequence shows it as."""
        if self.kind in (CONDITIONAL, MERGE):
            return "branch" if self.kind == CONDITIONAL else "merge"
        return "wait" if flag(self.found.record, "wait") else "call"

    def excludes(self, other: "OrderedStep") -> bool:
        """Whether no order line ever runs both steps: they are in different branches of one Conditional."""
        mine = dict(self.branches)
        return any(mine.get(opened, branch) != branch for opened, branch in other.branches)


def in_order(steps: list[LocatedRecord]) -> list[OrderedStep]:
    """The steps in the order of the run; those without a number keep their place after the one before them."""
    ordered: list[OrderedStep] = []
    open_branches: list[tuple[int, int]] = []
    for number, found in enumerate(sorted_by_number(steps)):
        kind = text(found.record, "type") or SERVICE
        begins = bool(text(found.record, "condition").strip()) or flag(found.record, "otherwise")
        if kind == MERGE and open_branches:
            open_branches.pop()
        elif open_branches and begins:
            opened, branch = open_branches[-1]
            open_branches[-1] = (opened, branch + 1)
        follows = bool(ordered) and ordered[-1].kind == CONDITIONAL
        starts = kind != MERGE and bool(open_branches) and (begins or follows)
        ordered.append(OrderedStep(found, kind, tuple(open_branches), starts))
        if kind == CONDITIONAL:
            open_branches.append((number, 0))
    return ordered


def sorted_by_number(steps: list[LocatedRecord]) -> list[LocatedRecord]:
    """The steps by their number."""
    return [found for _, _, found in sorted(_ranked(steps), key=lambda each: each[:2])]


def _ranked(steps: list[LocatedRecord]) -> Iterator[tuple[int, int, LocatedRecord]]:
    last = 0
    for place, found in enumerate(steps):
        number = found.record.get("number")
        last = number if isinstance(number, int) else last
        yield last, place, found
