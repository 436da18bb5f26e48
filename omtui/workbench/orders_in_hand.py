"""The orders that are rehearsed while a profile is open: what its rules, as they are now, do to them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from omtui.plain_text import few, plain

if TYPE_CHECKING:
    from omtui.checks.finding import Finding
    from omtui.problem import Problem
    from omtui.rehearsal.job import EditImpact, RehearsalCounts


@dataclass
class OrdersInHand:
    """A file of orders, and what was counted last. Nothing of the orders but counts and a few examples is kept."""

    profile: FilePath
    file: FilePath
    counts: RehearsalCounts | None = None
    trouble: Problem | None = None
    """Why there are no counts."""
    lines: int = 0
    """Lines read so far, while it is judged."""
    asked: tuple[int, bool] | None = None
    """The revision of the profile that is or was judged, and whether it held unsaved edits."""
    is_judging: bool = False

    def rule_words(self, rule: str) -> str:
        """What the orders say of a routing rule, in a line."""
        if self.counts is None:
            return ""
        taken = self.counts.taken.get(rule, 0)
        if not self.counts.is_whole:
            return f"takes {taken:,} requests so far: {self.lines:,} lines of {plain(self.file.name)} read"
        if self.is_judging or self.counts.edit is not None:
            edit = "judging the edit" if self.is_judging or self.counts.edit is None else impact_words(self.counts.edit)
            return f"takes {taken:,} {'request' if taken == 1 else 'requests'}; {edit}"
        return f"takes {taken:,} of {self.counts.requests:,} requests of {plain(self.file.name)}"

    def finding_words(self, finding: Finding, rule: str) -> str:
        """How often orders meet what a finding says of rules: two that are both true, one that is never taken."""
        if self.counts is None or finding.check not in ("S7-04", "S7-12"):
            return ""
        if finding.check == "S7-12":
            return self.rule_words(rule)
        hit = sum(number for pair, number in self.counts.pairs.items() if rule in pair)
        return f"hit by {hit:,} of {self.counts.requests:,} requests of {plain(self.file.name)}"


def impact_words(edit: EditImpact) -> str:
    """What an edit changes, in a sentence."""
    if not edit.requests:
        return "your edit: no request changes connector"
    ways = [f"{plain(before or 'nothing')} to {plain(after or 'nothing')} {number:,}"
            for _, before, after, number in edit.ways]  # fmt: skip
    requests = "1 request" if edit.requests == 1 else f"{edit.requests:,} requests"
    lines = "1 line" if edit.lines == 1 else f"{edit.lines:,} lines"
    return f"your edit: {requests} of {lines} change connector ({few(ways)})"
