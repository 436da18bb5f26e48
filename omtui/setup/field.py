"""The description of one field: all that forms, tables, help, schema, checks, diff and documents need to know."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal

FieldKind = Literal[
    "text",
    "integer",
    "number",
    "boolean",
    "date",
    "list",  # of texts, a set: its order is kept and never compared
    "integers",  # a list of whole numbers
    "place",  # the place of another record, written as in a message
    "scalar",  # any TOML value, or a list of them: the value of a condition
    "condition",  # a tree of conditions: all, any, not, or one comparison
    "records",  # a table within a record; described by a table of its own
]

Travels = Literal["portable", "environment", "state", "secret"]
"""What a promotion does with a field: carries it, maps it to the target's own value, or leaves it behind."""


@dataclass(frozen=True, slots=True)
class FieldReference:
    """The field's value names a record of `table` by that record's `field`.

    `through` is the field next to this one that names the parent record to look in: a step's `task` is a task of the
    task type named by the step's `task_type`. `strict` is false where a name that is not found may well exist in the
    pod (a predefined role, an entry of the credential store). `when` limits the reference to records whose field has
    a value: an action's value names a connector only when the action is Set Connector Name.
    """

    table: str
    field: str
    through: str = ""
    strict: bool = True
    when: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a set-up page.

    `label` is Oracle's label where the page has one. `help` says in a sentence or two what to enter. `values` are the
    words Oracle's list offers; `closed` means that no other word can be right (an open list never makes an error).
    `default` is what Oracle's page fills in. `source` says where the fact was read; empty for a field of omtui's own,
    and `NOT_READ` for one that Oracle's page has without a public text that says so.
    """

    name: str
    label: str
    kind: FieldKind = "text"
    help: str = ""
    required: bool = False
    maximum_length: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    values: tuple[str, ...] = ()
    closed: bool = False
    also: tuple[str, ...] = ()
    """Further words that are right and kept as typed, but not offered: `=` for `is equal to`."""
    refers: tuple[FieldReference, ...] = ()
    default: object = None
    travels: Travels = "portable"
    source: str = ""
    other_labels: tuple[str, ...] = ()
    """What pages of Oracle's and people's sheets call it, too."""
    own: bool = False
    """True for a field of omtui's own that no page of Oracle's asks for: it is not pasted into a page."""

    @property
    def limits(self) -> str:
        """The limits in words for the help line: `up to 30 characters`, `1 to 65535`; empty without any."""
        parts = []
        if self.required:
            parts.append("required")
        if self.maximum_length:
            parts.append(f"up to {self.maximum_length} characters")
        if self.minimum is not None and self.maximum is not None:
            parts.append(f"{self.minimum} to {self.maximum}")
        elif self.minimum is not None:
            parts.append(f"{self.minimum} or more")
        elif self.maximum is not None:
            parts.append(f"at most {self.maximum}")
        return ", ".join(parts)


NOT_READ = "read in no public text of Oracle"
"""The source of a field whose label and words are on Oracle's page by all that is known, and in no page that was
read: nothing about it may be presented as Oracle's."""

KIND_WORDS: dict[FieldKind, str] = {
    "text": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "date": "a date or date-time",
    "list": "a list of texts",
    "integers": "a list of whole numbers",
    "place": "a text (a place)",
    "scalar": "a text, number, date, true or false, or a list of them",
    "condition": "a table (all, any, not, or one condition)",
    "records": "an array of tables",
}


def has_kind(value: object, kind: FieldKind) -> bool:
    """Whether a value as `tomllib` gives it has the TOML type that the kind asks for."""
    match kind:
        case "text" | "place":
            return isinstance(value, str)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case "date":
            return isinstance(value, date)
        case "list":
            return isinstance(value, list) and all(isinstance(item, str) for item in value)
        case "integers":
            return isinstance(value, list) and all(has_kind(item, "integer") for item in value)
        case "scalar":
            return is_scalar(value) or (isinstance(value, list) and all(is_scalar(item) for item in value))
        case "condition":
            return isinstance(value, dict)
        case "records":
            return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def is_scalar(value: object) -> bool:
    """Whether a value is a single TOML value: neither an array nor a table."""
    return isinstance(value, (str, int, float, bool, Decimal, date, datetime, time))


NOTE = Field("note", "Note", help="Goes into the runbook, next to the record.", own=True)
OWNER = Field("owner", "Owner", help="Whom to call about this record.", own=True)
TAGS = Field("tags", "Tags", "list", help="Words to filter by, for example 3PL.", own=True)
PREDEFINED = Field(
    "predefined",
    "Predefined",
    "boolean",
    help="Oracle's own record, noted as the pod shows it and not entered by hand. It needs nothing but its key.",
    default=False,
    own=True,
)
