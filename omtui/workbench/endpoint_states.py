"""What is known of each endpoint of a review: its result of this run, else its last state, else nothing yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from omtui.topology.words import WORDS
from omtui.workbench.review_words import level_of

if TYPE_CHECKING:
    from omtui.topology.probe_history import EndpointState
    from omtui.topology.result import ProbeResult
    from omtui.topology.target import Target

_UNKNOWN = len(WORDS)
"""After everything that is wrong, before everything that is fine."""


class EndpointStates:
    """Results of this run, last states from the history, and the endpoints whose probe is on its way."""

    def __init__(self) -> None:
        self.results: dict[str, ProbeResult] = {}
        self.before: Mapping[str, EndpointState] = {}
        self.waiting: set[str] = set()

    def outcome(self, target: Target) -> str:
        """The present outcome word; empty while it is not known."""
        if target.name in self.waiting:
            return ""
        if (result := self.results.get(target.name)) is not None:
            return result.verdict.outcome
        state = self.before.get(target.name)
        return state.outcome if state is not None and state.outcome in WORDS else ""

    def urgency(self, target: Target) -> tuple[int, float]:
        """The sort key: the worst first, then the certificate that ends first."""
        outcome = self.outcome(target)
        if not outcome:
            return (_UNKNOWN, 0.0)
        severity = WORDS[outcome].severity
        ends = self.certificate_ends(target) or float("inf")
        return (severity if level_of(outcome) != "fine" else _UNKNOWN + severity, ends)

    def certificate_ends(self, target: Target) -> float | None:
        """When its certificate ends, in seconds since 1970."""
        if (result := self.results.get(target.name)) is not None:
            leaf = result.evidence.tls.leaf if result.evidence.tls is not None else None
            return leaf.not_after if leaf is not None else None
        state = self.before.get(target.name)
        return state.certificate_ends if state is not None else None

    def milliseconds(self, target: Target) -> float | None:
        """How long the last probe took."""
        if (result := self.results.get(target.name)) is not None:
            return result.evidence.times.total()
        state = self.before.get(target.name)
        return state.milliseconds if state is not None else None
