"""Every check under its id, with the words that explain it.

A check joins by the decorator on its function, whose docstring says what a finding means, why, and how to fix it:

    @check("S1-03", "error", "a task type without a task", oracle_pages.TASK_TYPE)
    def no_task(setup: Indexed) -> Iterator[Flaw]:
        ...
        yield Flaw((*found.path, "tasks"), f"{quoted(name)} has no task", "add a task")

It takes what it asks for by name: `setup`, the profile, `context`, what else may be known, and `rules`, its routing
rules as of today. A function without
parameters only explains: another part of the program reports its findings. Its module joins in `running.MODULES`.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from omtui.checks.facts.fact import Fact, OraclePage
from omtui.checks.finding import LEVELS, CheckContext, Flaw, Level
from omtui.checks.routing_rules import rules_of
from omtui.setup.indexed import Indexed
from omtui.setup.release import NEWEST, Release

CheckFunction = Callable[..., Iterable[Flaw] | None]
_Function = TypeVar("_Function", bound=CheckFunction)


@dataclass(frozen=True, slots=True)
class Check:
    """One row of the list of checks."""

    id: str
    level: Level
    title: str
    """What it finds, in a few words without a full stop."""
    facts: tuple[Fact, ...]
    """What it rests on, and where Oracle says so. The first one carries the level."""
    explanation: str
    """The docstring of its function: the meaning, then `Why: ` and `Fix: ` on lines of their own."""
    function: CheckFunction
    asks_for: tuple[str, ...]
    """What the function takes; nothing where another part of the program reports the findings."""
    since: Release | None = None
    """The level holds from this release on."""
    before: Level | None = None
    """The level on earlier releases; `None`: the check reports nothing there."""
    announced: Release | None = None
    """`before` holds from this release on; `None`: on every earlier one."""
    weakest: Level | None = None
    """The weakest level of single findings, where it is below the others."""

    @property
    def step(self) -> str:
        """The step it belongs to: a number, `flow`, `profile`, or `between` two environments."""
        group = self.id.partition("-")[0]
        return {"P0": "profile", "F": "flow", "D": "between"}.get(group, group.removeprefix("S"))

    @property
    def judges_fields(self) -> bool:
        """Whether it says of a field what the general checks P0-07 and P0-08 would say there; P0-09 does of waivers."""
        return self.id == "P0-09" or (self.level == "error" and self.id.startswith(("S", "F")))

    @property
    def page(self) -> OraclePage:
        """Where Oracle says so."""
        return self.facts[0].source

    @property
    def levels(self) -> str:
        """The level in words, with what a release changes: `error from 26C, info before`."""
        if self.since is None:
            return self.level
        earlier = f"from {self.announced}" if self.announced else "before"
        return f"{self.level} from {self.since}" + (f", {self.before} {earlier}" if self.before else "")

    @property
    def lowest(self) -> Level:
        """The lowest level that a finding of it can have on a pod whose release is known."""
        return max((each for each in (self.level, self.before, self.weakest) if each), key=LEVELS.index)

    @property
    def meaning(self) -> str:
        """What a finding says."""
        return self._part(0)

    @property
    def why(self) -> str:
        """Why Oracle asks for it, or what happens otherwise."""
        return self._part(1)

    @property
    def fix(self) -> str:
        """How to put it right."""
        return self._part(2)

    def _part(self, number: int) -> str:
        return " ".join(re.split(r"\n\s*(?:Why|Fix): ", self.explanation)[number].split())

    def flaws(self, setup: Indexed, context: CheckContext) -> Iterable[Flaw]:
        """What it finds in a profile."""
        known: dict[str, object] = {"setup": setup, "context": context}
        if "rules" in self.asks_for:
            known["rules"] = rules_of(setup, context.today)
        return self.function(*(known[name] for name in self.asks_for)) or ()


CHECKS: dict[str, Check] = {}
"""Every check by its id. Filled when the modules are imported: see `running.all_checks`."""


def check(
    id: str,
    level: Level,
    title: str,
    *facts: Fact,
    since: str | None = None,
    before: Level | None = None,
    announced: str | None = None,
    weakest: Level | None = None,
) -> Callable[[_Function], _Function]:
    """Register a function as the check `id`. With `since`, level and findings follow the pod's release."""

    def register(function: _Function) -> _Function:
        if id in CHECKS:
            raise ValueError(f"check {id} is registered twice")
        code = function.__code__
        asks_for = code.co_varnames[: code.co_argcount]
        explanation = function.__doc__ or ""
        first, earlier = Release.parse(since), Release.parse(announced)
        CHECKS[id] = Check(id, level, title, facts, explanation, function, asks_for, first, before, earlier, weakest)
        return function

    return register


def lower(level: Level) -> Level:
    """One level lower; info stays info."""
    return "warning" if level == "error" else "info"


def level_on(
    release: Release | None,
    since: Release | None,
    level: Level,
    before: Level | None = None,
    announced: Release | None = None,
) -> Level | None:
    """The level that a rule has on a pod: `level` from the release `since` on (or always), `before` on earlier ones.

    With `announced`, `before` only from that release on. `None`: nothing is reported. A pod without a release gets the
    level of the newest release, one lower.
    """
    if since is None:
        return level
    on = release or NEWEST
    current = level if on >= since else before if announced is None or on >= announced else None
    return lower(current) if current and release is None else current
