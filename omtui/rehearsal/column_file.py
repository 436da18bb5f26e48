"""The file next to a profile that says which column is which attribute: `NAME.columns.toml`."""

import tomllib
from typing import Literal

import tomlkit
from pydantic import Field

from omtui.plain_text import plain
from omtui.problem import Wrong
from omtui.rehearsal.cells import DateFormat
from omtui.rehearsal.columns import ColumnChoice
from omtui.setup.read_model import ForeignModel, read_model


class _Column(ForeignModel):
    heading: str
    entity: str = ""
    attribute: str = ""
    type: Literal["text", "number", "date", "time", "boolean"] | None = None
    format: str = ""
    decimal: Literal[".", ","] = "."
    ignore: bool = False
    role: Literal["order", "line", "weight", "expected"] | None = Field(None, alias="is")


class _File(ForeignModel):
    version: Literal[1] = Field(alias="schema")
    column: list[_Column] = Field(default_factory=list)


def read_choices(content: bytes, name: str) -> list[ColumnChoice] | Wrong:
    """What a mapping file says of columns."""
    file = plain(name)
    try:
        data = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return Wrong(f"{file} cannot be read: {plain(error)}", "correct it")
    found = read_model(_File, data)
    if isinstance(found, list):
        return Wrong(f"{file}: {found[0].message}", found[0].fix)
    choices = [ColumnChoice(**each.model_dump()) for each in found.column]
    for each in choices:
        if each.format and not DateFormat.is_format(each.format):
            fix = "make it of YYYY YY MM MON DD HH24 HH12 MI SS AM, each once"
            return Wrong(f"{file}: {plain(each.heading)}: {plain(each.format)} is no format", fix)
        if bool(each.entity) != bool(each.attribute):
            return Wrong(f"{file}: {plain(each.heading)} needs entity and attribute", "name both")
    return choices


def with_choice(content: bytes, choice: ColumnChoice) -> bytes:
    """The mapping file with what a person says of one column; everything else in it stays as it is.

    `content` is a file that can be read, or empty for a new one.
    """
    document = tomlkit.parse(content.decode("utf-8-sig")) if content else tomlkit.document().append("schema", 1)
    columns = document.setdefault("column", tomlkit.aot())
    entry = next((each for each in columns if each.get("heading") == choice.heading), None)
    if entry is None:
        entry = tomlkit.table()
        columns.append(entry)
    values = {
        "heading": choice.heading,
        "entity": choice.entity,
        "attribute": choice.attribute,
        "is": choice.role,
        "ignore": choice.ignore,
    }
    for key, value in values.items():
        if value:
            entry[key] = value
        else:
            entry.pop(key, None)
    return tomlkit.dumps(document).encode()
