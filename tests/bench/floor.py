"""The floor: what any Textual program costs that imports pydantic, reads the file and shows one table of its size.

python tests/bench/floor.py PROFILE
"""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pydantic
from textual.app import App, ComposeResult
from textual.widgets import DataTable

_KEYS = ("name", "code", "user_name", "internal", "number", "value")


class Row(pydantic.BaseModel):
    """A model, because importing pydantic alone costs next to nothing."""

    table: str
    key: str


def records(table: str, value: Any) -> Iterator[tuple[str, str]]:
    """Every record with a key below a value: the name of its table, and its key."""
    if isinstance(value, list):
        for item in value:
            if isinstance(item, dict):
                key = next((str(item[key]) for key in _KEYS if key in item), None)
                if key is not None and not {"operator", "action"} & item.keys():
                    yield table, key
                yield from records(table, item)
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from records(name, part)


class Floor(App[None]):
    """One table."""

    def compose(self) -> ComposeResult:
        """The table with its rows."""
        data = tomllib.loads(Path(sys.argv[1]).read_text())
        table: DataTable[str] = DataTable(cursor_type="row")
        table.add_columns("Number", "Table", "Key", "Length")
        for number, (name, key) in enumerate(records("", data)):
            table.add_row(str(number), name, key, str(len(key)))
        yield table


if __name__ == "__main__":
    Floor().run()
