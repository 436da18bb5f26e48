"""What a function answers that changes something, or that reads what others wrote: outcomes are values."""

from dataclasses import dataclass
from typing import ClassVar, Literal


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something was not done: what happened and where, and what to do. Nothing was changed."""

    message: str
    fix: str = ""

    exit_code: ClassVar[Literal[2, 3]] = 3

    def __str__(self) -> str:
        return f"{self.message}; {self.fix}" if self.fix else self.message


@dataclass(frozen=True, slots=True)
class Wrong(Problem):
    """What was asked for makes no sense here: an unknown name, place or value."""

    exit_code: ClassVar[Literal[2, 3]] = 2


@dataclass(frozen=True, slots=True)
class Done:
    """It was done. `message` says what, in the past tense."""

    message: str

    def __str__(self) -> str:
        return self.message


Outcome = Done | Problem
