"""What a store and a verb answer: values that a screen and a command can both tell apart and show.

An error is never `Absent`: only a store that was asked and said so makes a secret absent.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from omtui.credentials.reason import Reason

if TYPE_CHECKING:
    from omtui.credentials.record import Record


@dataclass(frozen=True)
class Found:
    """The store has it."""

    record: "Record"


@dataclass(frozen=True)
class Absent:
    """The store was asked and has no such secret."""


@dataclass(frozen=True)
class Unavailable:
    """The store could not answer, so nothing is known of the secret.

    `detail` says what happened and where, `remedy` what the person can do; neither holds a secret, both are
    plain one-line text.
    """

    reason: Reason
    detail: str
    remedy: str


@dataclass(frozen=True)
class Refused:
    """The program would not do it; nothing was changed and no secret was given out."""

    reason: Reason
    detail: str
    remedy: str


@dataclass(frozen=True)
class Done:
    """It was done. `detail` is a sentence for the person; `changed` tells whether anything is different now."""

    detail: str
    changed: bool = True
