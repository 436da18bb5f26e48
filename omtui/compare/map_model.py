"""The form of NAME.map.toml."""

from typing import Literal

from pydantic import Field

from omtui.compare.binding import Kind
from omtui.setup.read_model import ForeignModel


class EntryModel(ForeignModel):
    """One entry of the mapping."""

    kind: Kind
    source: str = Field(alias="from")
    to: str
    only: list[str] = Field(default_factory=list)
    note: str = ""


class MapModel(ForeignModel):
    """The whole file."""

    schema_: Literal[1] = Field(alias="schema")
    source: str
    target: str
    map: list[EntryModel] = Field(default_factory=list)
