"""How a file fails to open, in the words of the age test vectors, and the message for the person."""

from dataclasses import dataclass
from enum import StrEnum


class AgeFault(StrEnum):
    """Why bytes do not open. The first five are the failures the format itself knows."""

    ARMOUR = "armour"
    HEADER = "header"
    NO_MATCH = "no-match"
    MAC = "mac"
    PAYLOAD = "payload"
    TOO_COSTLY = "too-costly"
    NO_MEMORY = "no-memory"
    TOO_LARGE = "too-large"


_WORDS = {
    AgeFault.ARMOUR: "the armoured text is damaged or is not an age file",
    AgeFault.HEADER: "the header is damaged or is not of an age file",
    # A wrong passphrase and a changed file read alike on purpose: the difference would help only who guesses.
    AgeFault.NO_MATCH: "the passphrase or key is not the one it was sealed for, or the file was changed",
    AgeFault.MAC: "the passphrase or key is not the one it was sealed for, or the file was changed",
    AgeFault.PAYLOAD: "the file was changed or cut short after it was sealed",
    AgeFault.TOO_COSTLY: "opening it would cost more memory and time than is allowed here",
    AgeFault.NO_MEMORY: "there is not enough memory free to open it",
    AgeFault.TOO_LARGE: "the file is larger than such a file ever is",
}


@dataclass(frozen=True)
class NotOpened:
    """The bytes could not be opened (or sealed); nothing of their content is given out.

    `detail` adds a fact (a line, a work factor), never anything from the sealed content.
    """

    fault: AgeFault
    detail: str = ""

    @property
    def message(self) -> str:
        """One sentence for the person, without a trailing stop."""
        return f"{_WORDS[self.fault]} ({self.detail})" if self.detail else _WORDS[self.fault]


@dataclass(frozen=True)
class BadKey:
    """A key that is not taken, and why. What was given is never repeated.

    `needs_passphrase`: the key is protected; ask for its passphrase and try again.
    """

    reason: str
    needs_passphrase: bool = False


class AgeError(Exception):
    """Used inside this package only: carries a fault from the depth of a parser to its one catcher."""

    def __init__(self, fault: AgeFault, detail: str = "") -> None:
        super().__init__(fault.value, detail)
        self.answer = NotOpened(fault, detail)
