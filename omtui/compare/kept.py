"""What a promotion leaves in the target although the source says otherwise, and why.

Together with the changes, the blockers and what was left out on request, this is every difference between the target
and the source: a plan hides nothing.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from omtui.compare.binding import NEVER, is_fact
from omtui.compare.change import Change
from omtui.compare.choice import ChosenRecords, head
from omtui.compare.difference import difference
from omtui.compare.difference_report import change_to_json
from omtui.compare.matching import Renames
from omtui.compare.three_way import Merged
from omtui.compare.translation import Translated
from omtui.setup.indexed import is_predefined
from omtui.setup.place import Data, NotAPlace, Path, Place, Places, found_at, parse, table_at

Why = Literal["changed there", "deleted there", "decided", "no name", "only there", "Oracle's own", "own sign-in"]
WILL: Final[frozenset[Why]] = frozenset({"changed there", "deleted there", "decided"})
"""What the target says on purpose; the rest is what every environment has of its own."""


@dataclass(frozen=True, slots=True)
class KeptDifference:
    """One difference that stays. `change` leads from the target to the source."""

    change: Change
    why: Why

    @property
    def where(self) -> str:
        """The place it is about."""
        return self.change.where

    def to_json(self) -> dict[str, object]:
        """The change, and why it is not made."""
        return {**change_to_json(self.change), "why": self.why}


def kept(
    merged: Merged, translated: Translated, choice: ChosenRecords, blocked: Collection[Path], known: Renames
) -> tuple[KeptDifference, ...]:
    """What differs after the plan and is neither blocked nor left out, in the order of the file."""
    source: Data = {name: value for name, value in merged.data.items() if name in NEVER or name == "schema"}
    source |= translated.data
    work = _Kept(merged, translated, choice, blocked, source)
    return tuple(work.of(difference(merged.data, source, known=known).changes))


class _Kept:
    def __init__(
        self, merged: Merged, translated: Translated, choice: ChosenRecords, blocked: Collection[Path], source: Data
    ) -> None:
        self._data = merged.data
        self._source = source
        self._places = Places(merged.data)
        self._translated = translated
        self._choice = choice
        self._blocked = blocked
        self._conflicts = [
            (place, conflict.decided)
            for conflict in merged.conflicts
            if not isinstance(place := parse(conflict.where), NotAPlace)
        ]

    def of(self, changes: Collection[Change]) -> Iterator[KeptDifference]:
        """The changes that are not made, each with its reason."""
        for change in changes:
            if change.is_state or is_fact(change.table, change.field) or self._is_left_out(change):
                continue
            decided = self._decided(change)
            if decided is not None:
                if decided:
                    yield KeptDifference(change, "decided")
            elif not self._meets(change.second_path, self._blocked):
                yield KeptDifference(change, self._why(change))

    def _is_left_out(self, change: Change) -> bool:
        """Whether it was not asked for, or is a record that is listed as one that only the target has."""
        path = change.second_path or change.holder
        if path is None:
            first = change.first_path or ()
            return head(first) == first or not self._choice.is_all
        record = head(path)
        if path[: len(record)] != record or record not in self._choice.records:
            return True
        fields = self._choice.fields.get(record)
        return fields is not None and len(path) > len(record) and path[len(record)] not in fields

    def _decided(self, change: Change) -> bool | None:
        """Whether both sides changed it and somebody decided so; `None` where only one side did."""
        if not self._conflicts:
            return None
        place = self._places.of(change.first_path) if change.first_path is not None else parse(change.where)
        if isinstance(place, Place):
            for where, decided in self._conflicts:
                if place.within(where) or where.within(place):
                    return decided is not None
        return None

    def _meets(self, path: Path | None, others: Collection[Path]) -> bool:
        return path is not None and any(
            each[: len(path)] == path or path[: len(each)] == each for each in others if each[:1] == path[:1]
        )

    def _why(self, change: Change) -> Why:
        if self._is_predefined(self._data, change.first_path) or self._is_predefined(self._source, change.second_path):
            return "Oracle's own"
        if change.op in ("change", "rename") and self._meets(change.second_path, self._translated.unmapped):
            return "no name"
        if change.new is None:
            return "only there"
        if change.table == "connectors" and change.field in ("csf_key", "user_name", "credential"):
            return "own sign-in" if change.old is None else "changed there"
        return "deleted there" if change.old is None else "changed there"

    def _is_predefined(self, data: Data, path: Path | None) -> bool:
        record = found_at(data, head(path)) if path else None
        return isinstance(record, dict) and table_at(head(path or ())) is not None and is_predefined(record)
