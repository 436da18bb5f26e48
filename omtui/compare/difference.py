"""The difference of two profiles, or of a profile and its earlier state: by key, never by position.

One change for each field that differs, one for each record that was added, removed or renamed. Order does not count
for records, for lists of plain values, and under `all` and `any`. A reference that only follows a rename is no change
of its own. What is a state of the pod (deployed, published …) is marked: it is no part of the set-up.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from omtui.compare.change import Change
from omtui.compare.difference_walk import DifferenceWalk
from omtui.compare.matching import NO_RENAMES, Matching, Renames
from omtui.setup.indexed import has_tag
from omtui.setup.place import Path, found_at


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs between two states, in the order of the file."""

    source: str
    target: str
    changes: tuple[Change, ...]

    @property
    def setup_changes(self) -> tuple[Change, ...]:
        """What differs in the set-up itself."""
        return tuple(change for change in self.changes if not change.is_state)

    @property
    def states(self) -> tuple[Change, ...]:
        """What differs only in the state of the two pods."""
        return tuple(change for change in self.changes if change.is_state)

    def __bool__(self) -> bool:
        return bool(self.changes)


def difference(
    first: Mapping[str, object],
    second: Mapping[str, object],
    source: str = "",
    target: str = "",
    *,
    whole: bool = False,
    known: Renames = NO_RENAMES,
    renames: bool = True,
) -> Difference:
    """What must be done to the first profile so that it says what the second says.

    The schema number and `profile.name` say which file it is, not what is in it: they are left out unless the
    `whole` file is asked for. `known` are renames that are known to have been made. Without `renames` a record under
    another key is another record.
    """
    changes = DifferenceWalk(Matching(first, second, known=known, renames=renames)).changes()
    if not whole:
        changes = (each for each in changes if each.where not in ("schema", "profile.name"))
    return Difference(source, target, tuple(changes))


def limited(
    found: Difference,
    first: Mapping[str, object],
    second: Mapping[str, object],
    *,
    steps: Collection[str] = (),
    tags: Collection[str] = (),
) -> Difference:
    """Only the changes of some steps, or of records with one of some tags."""
    changes = []
    for change in found.changes:
        if steps and change.step not in steps:
            continue
        if tags and not (_is_tagged(first, change.first_path, tags) or _is_tagged(second, change.second_path, tags)):
            continue
        changes.append(change)
    return Difference(found.source, found.target, tuple(changes))


def _is_tagged(data: Mapping[str, object], path: Path | None, tags: Collection[str]) -> bool:
    """Whether something, or a record that holds it, has one of some tags."""
    return any(has_tag(found_at(data, path[:end]), tags) for end in range(1, len(path or ()) + 1) if path)
