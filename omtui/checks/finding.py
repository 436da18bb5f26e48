"""What a check says, and what it may know in addition to the profile."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from omtui.checks.neighbours import Neighbours
from omtui.plain_text import counted
from omtui.setup.place import Data, Path, found_at
from omtui.store.change import MISSING, Insert, Operation, Remove, Set, value_at

Level = Literal["error", "warning", "info"]
"""error: Oracle refuses it or the integration cannot work; warning: it will probably hurt; info: good to know."""

LEVELS: tuple[Level, ...] = ("error", "warning", "info")


def counts_words(counts: Mapping[Level, int] | Mapping[str, int]) -> str:
    """`2 errors, 1 warning, 3 info`; empty where nothing was found."""
    plurals = {"info": "info"}
    return ", ".join(counted(counts[level], level, plurals.get(level, "")) for level in LEVELS if counts.get(level))


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
    enter: object = None
    """The fix is to enter this at the path: a value, or in the place of one element of a list."""
    operations: tuple[Operation, ...] = ()
    """The fix where it is something else than to enter one value."""
    chooses: bool = False
    """The fix is one of several that may be meant."""

    def fix_operations(self, data: Data) -> tuple[Operation, ...]:
        """What carries out the fix where it is mechanical."""
        if self.enter is None:
            return self.operations
        path, new = self.path, self.enter
        holder = found_at(data, path[:-1])
        if isinstance(holder, list) and isinstance(path[-1], int):
            rest = [each for each in holder if each != new]
            new = [new if each == holder[path[-1]] else each for each in rest]
            path = path[:-1]
        return (Set(path, value_at(data, path), new), *self.operations)


_SWITCHES = frozenset(("active", "published", "changed_since_publish", "deployed", "raise_event", "status"))
"""What activates or publishes something, or says that this was done in the pod."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a profile."""

    check: str
    level: Level
    path: Path
    message: str
    fix: str
    operations: tuple[Operation, ...] = field(default=(), compare=False)
    """What carries out the fix; nothing where a person has to decide or to know something."""
    chooses: bool = False

    @property
    def asks(self) -> bool:
        """Whether the fix activates, publishes, deletes, or chooses among several: then a person decides."""
        kept = [each.new for each in self.operations if isinstance(each, Set)]
        return self.chooses or any(
            isinstance(each, Remove)
            or _is_other_number(each)
            or each.path[-1] in _SWITCHES
            or (isinstance(each, Set) and each.new is MISSING and each.old not in kept)
            for each in self.operations
        )

    @property
    def is_safe(self) -> bool:
        """Whether the fix only adds what is missing, and leaves no choice."""
        return bool(self.operations) and not self.asks and all(map(_adds, self.operations))


def _is_other_number(operation: Operation) -> bool:
    """Whether a name gets other digits: CSS02 is hardly a slip for CSS01."""
    names = (operation.old, operation.new) if isinstance(operation, Set) else ()
    return len({tuple(filter(str.isdigit, each)) for each in names if isinstance(each, str)}) > 1


def _adds(operation: Operation) -> bool:
    return isinstance(operation, Insert) or (isinstance(operation, Set) and operation.old in (MISSING, "", []))


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
    operations: tuple[Mapping[str, object], ...] = field(default=(), compare=False)
    """What carries out the fix, for other programs: `op` (set, add, remove), `where`, `value`."""


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
