"""What a verb answers: outcomes are values, so that both fronts can tell them in their own way."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed: why, and what to do. A command exits with 3."""

    message: str
    fix: str = ""

    def __str__(self) -> str:
        return f"{self.message}; {self.fix}" if self.fix else self.message


@dataclass(frozen=True, slots=True)
class Wrong:
    """What was asked for makes no sense here: an unknown name, place or value. A command exits with 2."""

    message: str
    fix: str = ""

    def __str__(self) -> str:
        return f"{self.message}; {self.fix}" if self.fix else self.message


@dataclass(frozen=True, slots=True)
class Done:
    """It was done. `message` says what, in the past tense."""

    message: str

    def __str__(self) -> str:
        return self.message


Outcome = Done | Refused | Wrong
