"""Cases of checks: what makes one appear, where and how loud it is, and what makes it vanish again."""

from dataclasses import dataclass, field

from omtui.checks.finding import Level, Surroundings
from tests.checks.profiles import SURROUNDINGS, Edits, shown, sound


@dataclass(frozen=True)
class Case:
    """`spoil` makes the check appear at `at`; `mend` after it makes it vanish.

    Without `mend`, the sound profile itself shows that the check tells nothing. `says` and `fix` are words that the
    message and the mend must hold.
    """

    id: str
    spoil: Edits
    at: str
    level: Level = "error"
    mend: Edits | None = None
    says: str = ""
    fix: str = ""
    around: Surroundings = field(default=SURROUNDINGS)
    mended_around: Surroundings | None = None

    def __str__(self) -> str:
        return f"{self.id} {self.at}"


def appears(case: Case) -> None:
    """The check tells what is wrong, exactly there, once."""
    data = sound(case.spoil)
    found = [result for result in shown(data, case.around) if result.finding.check == case.id]
    assert [(result.place, result.finding.level) for result in found] == [(case.at, case.level)]
    assert case.says in found[0].finding.message
    assert case.fix in found[0].finding.fix
    for words in (found[0].finding.message, found[0].finding.fix):
        assert words
        assert not words.endswith(".")


def vanishes(case: Case) -> None:
    """Once mended, the check tells nothing."""
    data = sound(case.spoil, case.mend) if case.mend is not None else sound()
    told = {result.finding.check for result in shown(data, case.mended_around or case.around)}
    assert case.id not in told
