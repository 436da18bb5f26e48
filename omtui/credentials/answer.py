"""What a store and a verb answer: values that a screen and a command can both distinguish and show.

An error is never `Absent`: only a store that was asked and said so makes a secret absent.
"""

from dataclasses import dataclass

from omtui.credentials.reason import Reason
from omtui.credentials.record import SecretRecord


@dataclass(frozen=True)
class Found:
    """The store has it."""

    record: SecretRecord


@dataclass(frozen=True)
class Absent:
    """The store was asked and has no such secret."""


@dataclass(frozen=True)
class Unavailable:
    """The store could not answer, so nothing is known about the secret.

    `detail` says what happened and where, `remedy` what the person can do. Both are plain one-line text without
    a secret.
    """

    reason: Reason
    detail: str
    remedy: str


@dataclass(frozen=True)
class Declined:
    """The program declined: nothing was changed and no secret was given out."""

    reason: Reason
    detail: str
    remedy: str


@dataclass(frozen=True)
class Completed:
    """It was done. `detail` is a sentence for the person; `changed` is false when there was nothing to do."""

    detail: str
    changed: bool = True
