"""What a comparison of two environments finds beyond the changes: rows D-01 to D-06 of the checks."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class PlanFinding:
    """One finding of a comparison. `message` and `fix` are safe to show and do not end with a full stop.

    `blocks` is set where nothing may be promoted until it is settled.
    """

    check: str
    level: Level
    where: str
    message: str
    fix: str
    blocks: bool = False
    group: str = ""
    """Findings of one check with the same group are shown together; `item` is what is in question in each."""
    item: str = ""

    def to_json(self) -> dict[str, object]:
        """The finding in the shape of `check --json`."""
        return {
            "id": self.check,
            "level": self.level,
            "where": self.where,
            "line": None,
            "message": self.message,
            "fix": self.fix,
            "waived": False,
            "blocks": self.blocks,
        }
