"""Tables of a profile and the setup tasks that own them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from omtui.setup.field import NOTE, OWNER, PREDEFINED, TAGS, Field, Travels

Record = Mapping[str, object]
"""One record as plain data."""


@dataclass(frozen=True)
class Table:
    """One table of the file.

    `path` is its dotted name from the top of the file (`orchestration_processes.steps`). `key` is the field that
    distinguishes its records; `None` for a single table (`single`) or for records that are only counted. `columns` are
    the fields a list shows, most useful first. `identity` are further fields that Oracle's page freezes on save.
    """

    path: str
    title: str
    singular: str
    own_fields: tuple[Field, ...]
    key: str | None = None
    single: bool = False
    columns: tuple[str, ...] = ()
    help: str = ""
    may_be_predefined: bool = False
    frozen: tuple[str, ...] = ()
    """Fields that Oracle's page does not let anyone change once the record was saved."""
    common: bool = True
    """Whether its records may carry `note`, `owner` and `tags`."""
    own: bool = False
    """Whether all of `own_fields` are omtui's own."""
    entered_first: tuple[str, ...] = ()
    """The fields that are entered first, where the file has others before them: what is required before what is not."""
    travels: Travels = "portable"
    """What a promotion does with those of `own_fields` that say nothing else."""
    source: str = ""
    """Where the facts about the page were read, for those of `own_fields` that name no source of their own."""

    def __post_init__(self) -> None:
        if self.own or self.travels != "portable" or self.source:
            object.__setattr__(self, "own_fields", tuple(map(self._with_defaults, self.own_fields)))

    def _with_defaults(self, field: Field) -> Field:
        own = self.own or field.own
        travels = self.travels if field.travels == "portable" else field.travels
        return replace(field, own=own, travels=travels, source=field.source or ("" if own else self.source))

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All fields in the order of the file, with those that every record may carry."""
        extra: tuple[Field, ...] = (PREDEFINED,) if self.may_be_predefined else ()
        if self.common and not self.single:
            extra += (OWNER, TAGS, NOTE)
        have = {field.name for field in self.own_fields}
        return self.own_fields + tuple(field for field in extra if field.name not in have)

    @cached_property
    def page_fields(self) -> tuple[Field, ...]:
        """All fields in the order in which they are entered."""
        order = {name: number for number, name in enumerate(self.entered_first)}
        return tuple(sorted(self.fields, key=lambda field: order.get(field.name, len(order))))

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """The fields by the key they have in the file."""
        return {field.name: field for field in self.fields}

    @property
    def name(self) -> str:
        """The last part of the path: the key under which the parent holds the table."""
        return self.path.rpartition(".")[2]

    @property
    def parent(self) -> str:
        """The path of the table that holds this one; empty at the top of the file."""
        return self.path.rpartition(".")[0]


@dataclass(frozen=True)
class Task:
    """One setup task, as Oracle's Setup and Maintenance lists it.

    `step` is the number by which the set-up is known (0 to 9, 4.1) or a word for what is around it. `only` maps a
    table's path to the names of its records that belong to this task, where two tasks share a table (a leading `!`
    means all but these).
    """

    step: str
    short: str
    title: str
    """Oracle's task name, as typed into the search box of Setup and Maintenance."""
    tables: tuple[str, ...]
    offering: str = "Order Management"
    functional_area: str = "Orders"
    page: str = ""
    """The heading of the page, where it differs from the task's name."""
    other_names: tuple[str, ...] = ()
    """Names the task has or had elsewhere: older releases, Redwood, other guides."""
    abbreviations: str = ""
    """Short words that stand for something on the page, and what they stand for: found by a search."""
    redwood: str = ""
    """How the Redwood page is switched on, and from which release."""
    privilege: str = ""
    purpose: str = ""
    """What the task is for, in two or three sentences."""
    procedure: tuple[str, ...] = ()
    """What to do on the page, one action a line."""
    source: str = ""
    only: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def navigation(self) -> tuple[str, ...]:
        """The click path to the page."""
        path = ("Setup and Maintenance", self.offering, self.functional_area, self.title)
        return tuple(part for part in path if part)

    def holds(self, table: str, record: Record) -> bool:
        """Whether a record of one of its tables belongs to this task; of a table inside records, the outermost."""
        for path, names in self.only:
            if path == table or table.startswith(f"{path}."):
                name = str(record.get("name", ""))
                if names and names[0].startswith("!"):
                    return name not in {each.removeprefix("!") for each in names}
                return name in names
        return table in self.tables
