"""The closed list of outcome words, worst first inside each grade.

The list is part of the public format of `omtui probe --format json`: no word is added or renamed without a new schema.
The order of `WORDS` is that of their grades, and inside a grade that of `SENTENCES`. `grade` says what a word does to a
result: `fine` words and `warning` words leave it ok, `fault` words do not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from omtui.topology.sentences import SENTENCES, Layer


class Grade(StrEnum):
    """What a word means for a result being ok; the worst first."""

    FAULT = "fault"
    WARNING = "warning"
    FINE = "fine"


@dataclass(frozen=True, slots=True)
class Word:
    """One outcome word: its layer, its grade, its severity (0 is the worst), a sentence, and what to do about it."""

    name: str
    layer: Layer
    grade: Grade
    severity: int
    sentence: str
    advice: str


_WARNINGS = frozenset(
    {
        "certificate-expiring",
        "redirected-to-plain-http",
        "family-broken",
        "wsdl-import-missing",
        "wrong-content-type",
        "slow",
        "caller-cannot",
    }
)


def _words() -> dict[str, Word]:
    graded = [
        (_grade(layer, name), layer, name, texts) for layer, words in SENTENCES.items() for name, texts in words.items()
    ]
    graded.sort(key=lambda entry: list(Grade).index(entry[0]))
    return {
        name: Word(name, layer, grade, severity, *texts) for severity, (grade, layer, name, texts) in enumerate(graded)
    }


def _grade(layer: Layer, name: str) -> Grade:
    if layer is Layer.FINE:
        return Grade.FINE
    return Grade.WARNING if name in _WARNINGS else Grade.FAULT


WORDS: dict[str, Word] = _words()
"""Every outcome word by its name, the worst first."""


def worst_first(names: Iterable[str]) -> list[str]:
    """Outcome words without doubles, the worst first."""
    return sorted(set(names), key=lambda name: WORDS[name].severity)


def is_fault(name: str) -> bool:
    """Whether a word means that what was expected does not hold."""
    return WORDS[name].grade is Grade.FAULT


def is_warning(name: str) -> bool:
    """Whether a word leaves a result ok, but should be looked at."""
    return WORDS[name].grade is Grade.WARNING
