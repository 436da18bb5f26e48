"""The file next to a profile that says which column is which attribute: `NAME.columns.toml`."""

import tomllib
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from omtui.plain_text import plain
from omtui.problem import Wrong
from omtui.rehearsal.cells import DateFormat
from omtui.rehearsal.columns import ColumnChoice

SUFFIX = ".columns.toml"


class _Column(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    heading: str
    entity: str = ""
    attribute: str = ""
    type: Literal["text", "number", "date", "time", "boolean"] | None = None
    format: str = ""
    decimal: Literal[".", ","] = "."
    ignore: bool = False
    role: Literal["order", "line", "weight", "expected"] | None = None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    schema_version: Literal[1]
    column: list[_Column] = []


def read_choices(content: bytes, name: str) -> list[ColumnChoice] | Wrong:
    """What a mapping file says of columns."""
    file = plain(name)
    try:
        data = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return Wrong(f"{file} cannot be read: {plain(error)}", "correct it")
    if "schema" in data:
        data["schema_version"] = data.pop("schema")
    columns = data.get("column")
    for each in columns if isinstance(columns, list) else ():
        if isinstance(each, dict) and "is" in each:
            each["role"] = each.pop("is")
    try:
        found = _File.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        names = {"schema_version": "schema", "role": "is"}
        place = ".".join(names.get(str(part), str(part)) for part in first["loc"])
        return Wrong(f"{file}: {plain(place)}: {first['msg'][:1].lower()}{first['msg'][1:]}", "correct it")
    choices = [ColumnChoice(**each.model_dump()) for each in found.column]
    for each in choices:
        if each.format:
            try:
                DateFormat(each.format)
            except ValueError:
                return Wrong(
                    f"{file}: {plain(each.heading)}: {plain(each.format)} is no format",
                    "make it of YYYY YY MM MON DD HH24 HH12 MI SS AM, each once",
                )
        if bool(each.entity) != bool(each.attribute):
            return Wrong(f"{file}: {plain(each.heading)} needs entity and attribute", "name both")
    return choices
