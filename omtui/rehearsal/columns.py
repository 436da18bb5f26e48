"""Which column of an orders file is which attribute. Only exact names are taken; what is merely alike is offered."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal

from omtui.rehearsal.cells import DateFormat, read_cell
from omtui.rehearsal.rules import OPERATION, TASK_TYPE
from omtui.setup.comparisons import Attribute, Unreadable, Value, ValueKind
from omtui.setup.did_you_mean import nearest

REST_NAMES: Final[Mapping[str, Attribute]] = {
    "ProductNumber": ("Order Fulfill Line", "Item"),
    "OrderedQuantity": ("Order Fulfill Line", "Ordered Quantity"),
    "RequestedShipDate": ("Order Fulfill Line", "Requested Ship Date"),
    "BuyingPartyName": ("Order Header", "Customer"),
    "BusinessUnitName": ("Order Header", "Business Unit"),
    "TransactionTypeCode": ("Order Header", "Order Type"),
    "SourceTransactionSystem": ("Order Header", "Source Order System"),
}
"""Fields of Oracle's REST resource Sales Orders for Order Hub (26B)."""

PROCESS_NAME: Final[Attribute] = ("Orchestration Process", "Process Name")
OF_THE_REQUEST: Final[tuple[Attribute, ...]] = (("Order Header", TASK_TYPE), ("Order Header", OPERATION), PROCESS_NAME)

Role = Literal["order", "line", "weight", "expected"]
ROLES: Final[dict[Role, tuple[str, ...]]] = {
    "order": ("OrderNumber", "SourceTransactionNumber", "Order"),
    "line": ("FulfillLineId", "LineNumber", "Line"),
    "weight": (),
    "expected": ("Expected Connector",),
}
"""The headings by which a column is known that is no attribute, the best first."""


@dataclass(frozen=True)
class ColumnChoice:
    """What a person says of a column, in `NAME.columns.toml` or on the screen."""

    heading: str
    entity: str = ""
    attribute: str = ""
    type: ValueKind | None = None
    format: str = ""
    decimal: Literal[".", ","] = "."
    ignore: bool = False
    role: Role | None = None


@dataclass(frozen=True)
class MappedColumn:
    """A column that holds an attribute."""

    index: int
    heading: str
    attribute: Attribute
    zone: tzinfo
    choice: ColumnChoice | None = None

    def read(self, cell: object, kind: ValueKind) -> Value | Unreadable:
        """A cell that is not missing, as a value of a type."""
        choice = self.choice
        if choice is not None and isinstance(cell, str):
            if choice.format and kind == "date":
                return DateFormat(choice.format).read(cell, self.zone)
            if choice.decimal == "," and kind == "number":
                cell = cell.replace(".", "").replace(",", ".")
        if choice is not None and choice.type == "text" == kind and isinstance(cell, int | Decimal):
            return str(cell)
        return read_cell(cell, kind, self.zone)


@dataclass
class ColumnMap:
    """The columns of a file: attributes, those with a role, and what was not taken."""

    columns: list[MappedColumn] = field(default_factory=list)
    roles: dict[Role, int] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    """Headings that are nothing the rules read: their cells are not kept."""
    refused: list[str] = field(default_factory=list)
    """Why headings that could be an attribute were not taken."""

    def of(self, attribute: Attribute) -> MappedColumn | None:
        """The column of an attribute."""
        return next((each for each in self.columns if each.attribute == attribute), None)

    def nearest_heading(self, attribute: Attribute) -> str:
        """The unknown heading that is most like an attribute; empty when none is."""
        by_name = {_folded(each): each for each in self.unknown}
        near = nearest(_folded(attribute[1]), by_name)
        return by_name.get(near or "", "")


def map_columns(
    headings: Sequence[str],
    wanted: Iterable[Attribute],
    zone: tzinfo,
    choices: Sequence[ColumnChoice] = (),
) -> ColumnMap:
    """The columns of a file whose headings are known. `wanted` are the attributes that the rules read."""
    attributes = dict.fromkeys((*wanted, *OF_THE_REQUEST))
    chosen = {_folded(each.heading): each for each in choices}
    candidates: dict[Attribute, list[tuple[int, ColumnChoice | None]]] = {}
    result = ColumnMap()
    for index, heading in enumerate(headings):
        choice = chosen.get(_folded(heading))
        if choice is not None and choice.ignore:
            continue
        if choice is not None and choice.role is not None:
            result.roles[choice.role] = index
            continue
        attribute = (choice.entity, choice.attribute) if choice and choice.attribute else _named(heading, attributes)
        if attribute is None:
            result.unknown.append(heading)
        elif isinstance(attribute, str):
            result.unknown.append(heading)
            result.refused.append(attribute)
        else:
            candidates.setdefault(attribute, []).append((index, choice))
    for attribute, found in candidates.items():
        explicit = [each for each in found if each[1] is not None]
        if len(found) > 1 and len(explicit) != 1:
            names = " and ".join(headings[index] for index, _ in found)
            result.refused.append(f"{names} are both {attribute[1]} ({attribute[0]}): the mapping must choose one")
            continue
        index, choice = (explicit or found)[0]
        result.columns.append(MappedColumn(index, headings[index], attribute, zone, choice))
    result.columns.sort(key=lambda each: each.index)
    _find_roles(headings, result)
    return result


def _find_roles(headings: Sequence[str], result: ColumnMap) -> None:
    by_name = {_folded(heading): index for index, heading in reversed(list(enumerate(headings)))}
    for role, names in ROLES.items():
        if role in result.roles:
            continue
        places = (by_name.get(_folded(variant)) for name in names for variant in (name, f"lines.{name}", _spaced(name)))
        place = next((each for each in places if each is not None), None)
        if place is not None:
            result.roles[role] = place
            if headings[place] in result.unknown:
                result.unknown.remove(headings[place])


def _named(heading: str, attributes: Iterable[Attribute]) -> Attribute | str | None:
    """The attribute that a heading names; a sentence when it could be several."""
    text = _folded(heading)
    for attribute in attributes:
        entity, name = map(_folded, attribute)
        if text in (f"{name} ({entity})", f"{entity}.{name}", f"{entity}: {name}"):
            return attribute
    rest = text.removeprefix("lines.")
    for name, attribute in REST_NAMES.items():
        if rest == _folded(name) and attribute in attributes:
            return attribute
    alone = [attribute for attribute in attributes if _folded(attribute[1]) == text]
    if len(alone) > 1:
        entities = " and ".join(entity for entity, _ in alone)
        return f"{heading} is on {entities}: name it {alone[0][1]} ({alone[0][0]}), or map it"
    return alone[0] if alone else None


@lru_cache(1_000)
def _folded(text: str) -> str:
    return re.sub(r"[\s_\-\u00a0]+", " ", text.removeprefix("\ufeff")).strip().casefold()


def _spaced(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
