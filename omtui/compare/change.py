"""One thing that differs between two states of a profile."""

from dataclasses import dataclass
from typing import Literal

from omtui.setup.field import Travels
from omtui.setup.place import Path

Op = Literal["add", "remove", "change", "rename"]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs. `old` and `new` are `None` where there is nothing.

    `where` is the place in the second state; of what is gone, and of a rename, the place in the first state. For a
    rename `old` and `new` are the keys.
    """

    op: Op
    where: str
    old: object
    new: object
    table: str
    field: str = ""
    """The field that differs; empty for a whole record."""
    step: str = "profile"
    """The setup task it belongs to, `profile` for the profile itself and its pod."""
    travels: Travels = "portable"
    replaces: bool = False
    """Oracle freezes what differs here: in a pod the record is deleted and created again."""
    first_path: Path | None = None
    """Where it is in the first state; `None` for what was added."""
    second_path: Path | None = None
    """Where it is in the second state; `None` for what was removed."""
    holder: Path | None = None
    """Of what was removed from inside a record: that record in the second state."""

    @property
    def is_state(self) -> bool:
        """Whether it is a state of the pod and not a part of the set-up: shown apart, never promoted."""
        return self.travels == "state"

    @property
    def sign(self) -> str:
        """How it is marked in text: `+`, `-`, `~`, or `-/+` for delete and create."""
        return {"add": "+", "remove": "-"}.get(self.op) or ("-/+" if self.replaces else "~")
