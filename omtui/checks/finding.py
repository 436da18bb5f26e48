"""What a check says, and what it may know in addition to the profile."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from omtui.checks.neighbours import Neighbours
from omtui.setup.place import Path

Level = Literal["error", "warning", "info"]
"""error: Oracle refuses it or the integration cannot work; warning: it will probably hurt; info: good to know."""

LEVELS: tuple[Level, ...] = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class Flaw:
    """What the function of a check yields: one thing that is wrong, at one path.

    The path is exact: it ends with the field, and for one element of a plain list with the element's index. The field
    may be one that is not set. A key that is used twice is reported on the later record, at its key field. `message`
    says what is wrong, with the value shown by `wording.quoted`; `fix` says what to enter. Neither ends with a full
    stop.

    `level` is only given where it differs from the level of the check; it is final then (no release changes it).
    `unless` are checks that report the same better: when one of them points at the same path, this flaw is dropped. A
    `general` one is dropped when a check of the setup task reports its fault at the same path: see `judges_fields`.
    """

    path: Path
    message: str
    fix: str
    level: Level | None = None
    unless: tuple[str, ...] = ()
    general: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a profile."""

    check: str
    level: Level
    path: Path
    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding as it is shown: with its place, its line in the file (from 1), and whether it was accepted.

    The place of a finding on one element of a plain list is the field's place; the line is the element's.
    """

    finding: Finding
    place: str
    line: int | None = None
    waived: bool = False
    reason: str = ""
    """Why it was accepted."""
    lapsed: str = ""
    """Why a waiver of it does not hold any more: it became worse, or what it is about changed."""
    step: str = "profile"
    """The setup task it belongs to by its place (`4.1`, `flow`, `related`), or `profile`."""


@dataclass(frozen=True, slots=True)
class LastReview:
    """The last topology review whose results are kept on this machine."""

    on: date
    failed: tuple[str, ...] = ()
    """The names of the targets that were not as expected."""


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What checks may know in addition to the profile. Checks report nothing from a part that is `None`."""

    today: date
    neighbours: Neighbours | None = None
    """The other profiles of the library."""
    file_name: str | None = None
    """The name under which the library knows the profile: the file's name without .toml."""
    credential_names: Collection[str] | None = None
    """The entries of the credential store."""
    last_review: LastReview | None = None
    progress: Sequence[Mapping[str, object]] | None = None
    """The `done` records of NAME.progress.toml."""
    unsettled: Sequence[tuple[Path, str]] = ()
    """What a merge left open, in the profile's text and next to it: what it is about, and what is wrong."""
