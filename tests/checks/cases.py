"""Cases of checks: what makes one appear, where and how loud it is, and what makes it vanish again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from omtui.checks.finding import CheckContext, Level
from tests.checks.profiles import CONTEXT, Edits, shown, sound
from tests.looping import loop_over


@dataclass(frozen=True)
class Case:
    """`spoil` makes the check appear at `at`; `fixed` after it makes it vanish.

    Without `fixed`, the sound profile itself shows that the check reports nothing. `says` and `fix` are words that the
    message and the fix must hold.
    """

    id: str
    spoil: Edits
    at: str
    level: Level = "error"
    fixed: Edits | None = None
    says: str = ""
    fix: str = ""
    context: CheckContext = field(default=CONTEXT)
    fixed_context: CheckContext | None = None

    def __str__(self) -> str:
        return f"{self.id} {self.at}"


def appears(case: Case) -> None:
    """The check reports what is wrong, exactly there, once."""
    data = sound(case.spoil)
    found = [result for result in shown(data, case.context) if result.finding.check == case.id]
    assert [(result.place, result.finding.level) for result in found] == [(case.at, case.level)]
    assert case.says in found[0].finding.message
    assert case.fix in found[0].finding.fix
    for words in (found[0].finding.message, found[0].finding.fix):
        assert words
        assert not words.endswith(".")


def vanishes(case: Case) -> None:
    """Once it is fixed, the check reports nothing."""
    data = sound(case.spoil, case.fixed) if case.fixed is not None else sound()
    reported = {result.finding.check for result in shown(data, _context(case))}
    assert case.id not in reported


def each_case(cases: Sequence[Case]) -> Callable[[Any], Callable[[], None]]:
    """One test for all cases."""
    return loop_over("case", cases, ids=map(str, cases))


def each_fixed_case(cases: Sequence[Case]) -> Callable[[Any], Callable[[], None]]:
    """One test for all cases that end in another profile than the sound one, or are checked in other surroundings.

    That nothing at all is wrong with the sound profile has a test of its own.
    """
    return each_case([case for case in cases if case.fixed is not None or _context(case) != CONTEXT])


def _context(case: Case) -> CheckContext:
    return case.fixed_context or case.context
