"""Every check under its id, with the words that explain it.

A check joins by the decorator on its function:

    @check("S1-03", "error", "a task type has no task", meaning=…, why=…, page=oracle_pages.TASK_TYPE, fix=…)
    def no_task(setup: Indexed, context: CheckContext) -> Iterator[Flaw]:
        for found in setup.records("task_types"):
            …
            yield Flaw((*found.path, "tasks"), f"{quoted(name)} has no task", "add a task")

Its module joins by its name in `running.MODULES`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from omtui.checks.finding import CheckContext, Flaw, Level
from omtui.checks.oracle_pages import OraclePage
from omtui.setup.indexed import Indexed
from omtui.setup.release import NEWEST, Release

CheckFunction = Callable[[Indexed, CheckContext], Iterable[Flaw]]


@dataclass(frozen=True, slots=True)
class Check:
    """One row of the list of checks."""

    id: str
    level: Level
    title: str
    """What it finds, in a few words without a full stop."""
    meaning: str
    """What a finding says, in one or two sentences."""
    why: str
    """Why Oracle asks for it, or what happens otherwise."""
    page: OraclePage
    """Where Oracle says so."""
    fix: str
    """How to put it right."""
    function: CheckFunction | None = None
    """`None` for a check that another part applies, such as the comparison of two environments."""
    since: Release | None = None
    """The level holds from this release on."""
    before: Level | None = None
    """The level on earlier releases; `None`: the check reports nothing there."""

    @property
    def step(self) -> str:
        """The step it belongs to: a number, `flow`, `profile`, or `between` two environments."""
        group = self.id.partition("-")[0]
        return {"P0": "profile", "F": "flow", "D": "between"}.get(group, group.removeprefix("S"))

    @property
    def levels(self) -> str:
        """The level in words, with what a release changes: `error from 26C, info before`."""
        if self.since is None:
            return self.level
        return f"{self.level} from {self.since}" + (f", {self.before} before" if self.before else "")


CHECKS: dict[str, Check] = {}
"""Every check by its id. Filled when the modules are imported: see `running.all_checks`."""


def check(
    id: str,
    level: Level,
    title: str,
    *,
    meaning: str,
    why: str,
    page: OraclePage,
    fix: str,
    since: str | None = None,
    before: Level | None = None,
) -> Callable[[CheckFunction], CheckFunction]:
    """Register a function as the check `id`. With `since`, level and findings follow the pod's release."""

    def register(function: CheckFunction) -> CheckFunction:
        add(Check(id, level, title, meaning, why, page, fix, function, _release(since), before))
        return function

    return register


def add(new: Check) -> None:
    """Register a check. Two checks of one id are a bug."""
    if new.id in CHECKS:
        raise ValueError(f"check {new.id} is registered twice")
    CHECKS[new.id] = new


def lower(level: Level) -> Level:
    """One level lower; info stays info."""
    return "warning" if level == "error" else "info"


def by_release(setup: Indexed, since: str, level: Level, before: Level | None = None) -> Level | None:
    """The level that a rule has on this pod: `level` from the release `since` on, `before` on earlier ones.

    `None`: nothing is reported. A profile without a release gets the level of the newest release, one lower.
    """
    return level_on(setup.release, Release.parse(since), level, before)


def level_on(release: Release | None, since: Release | None, level: Level, before: Level | None) -> Level | None:
    """Like `by_release`, for a release; without `since` the level holds always."""
    if since is None:
        return level
    current = level if (release or NEWEST) >= since else before
    return lower(current) if current and release is None else current


def _release(text: str | None) -> Release | None:
    release = Release.parse(text) if text else None
    if text and release is None:
        raise ValueError(f"{text} is no release")
    return release
