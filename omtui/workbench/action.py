"""What an action of the workbench is."""

from dataclasses import dataclass
from typing import Literal

Where = Literal[
    "everywhere",
    "library",
    "profile",
    "records",
    "record",
    "chooser",
    "credentials",
    "review",
    "walk",
    "difference",
    "history",
    "import",
    "promotion",
    "mapping",
]
"""On which screens an action is at home: everywhere, on every screen of an open profile, or on one kind of screen."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a person can do in the workbench.

    `footer` is its rank in the footer (lower comes first, 0 is never shown there). `changes` marks actions that change
    the profile: they are refused while it is read-only.
    """

    name: str
    title: str
    keys: tuple[str, ...]
    help: str
    where: Where = "everywhere"
    group: str = "Workbench"
    footer: int = 0
    short: str = ""
    """The title in the footer, where the title is too long for it."""
    changes: bool = False
