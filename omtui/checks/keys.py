"""Keys and lengths by the descriptions of their fields: empty, too long, used twice."""

from collections.abc import Iterator

from omtui.checks.finding import Flaw
from omtui.checks.wording import quoted
from omtui.setup.field import Field
from omtui.setup.indexed import Indexed, is_predefined, text
from omtui.setup.place import Path
from omtui.setup.table import Table

EXAMPLE = ", for example to {}"
"""Advice that offers the value cut to its length."""


def length_flaw(path: Path, field: Field, value: str, who: str, *, called: str = "", advice: str = "") -> Flaw | None:
    """What is wrong with the length of a text that `who` must have; `None` when nothing is."""
    most = field.maximum_length
    if not value.strip():
        return Flaw(path, f"{who} has no {field.name}", f"enter a {field.name} of up to {most} characters")
    if most is None or len(value) <= most:
        return None
    message = f"{called}{quoted(value)} has {len(value)} characters; Oracle takes {most}"
    return Flaw(path, message, f"shorten it by {len(value) - most}" + advice.format(quoted(value[:most].strip())))


def name_flaws(setup: Indexed, table: Table, advice: str) -> Iterator[Flaw]:
    """What is wrong with the names by which the records of a table are known. Oracle's own may be long."""
    field = table.by_name["name"]
    seen: set[str] = set()
    for path, record in setup.records(table.path):
        value = text(record, field.name)
        here = (*path, field.name)
        flaw = length_flaw(here, field, value, f"the {table.singular}", advice=advice)
        if value in seen and value.strip():
            message = f"another {table.singular} is also called {quoted(value)}"
            yield Flaw(here, message, "give this one a name of its own")
        elif flaw and not (is_predefined(record) and value.strip()):
            yield flaw
        seen.add(value)
