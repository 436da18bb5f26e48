"""From the text of a place to what it names in a profile; or what is wrong with it, and what was probably meant."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from omtui.plain_text import plain
from omtui.problem import Wrong
from omtui.setup.catalogue import children
from omtui.setup.field import Field
from omtui.setup.place import Data, NotAPlace, Path, parse, place_of, resolve, table_at
from omtui.setup.table import Table
from omtui.store.change import MISSING, value_at

Sort = Literal["record", "records", "table", "field", "element", "unknown"]
"""One record, a list of records, a single table, a field that is described, one of the values of a list, a key that is
in the file without a description."""


@dataclass(frozen=True, slots=True)
class Spot:
    """What a place names. `table` describes the record or the field's holder; only fields have a `field`."""

    path: Path
    sort: Sort
    table: Table | None = None
    field: Field | None = None


_EXAMPLE = "write for example connectors[Connector01].url"


def find(data: Data, text: str) -> Spot | Wrong:
    """What a place names."""
    place = parse(text)
    if isinstance(place, NotAPlace):
        at = f" at column {place.column}" if place.column <= len(text) else ""
        return Wrong(f"{plain(text) or 'an empty text'} is no place{at}: {place.message}", _EXAMPLE)
    path = resolve(data, place)
    if not isinstance(path, tuple):
        holder = plain(path.where) if path.where.parts else "the profile"
        if path.missing.startswith("["):
            return Wrong(f"{holder} has no {plain(path.missing)}", _meant(place_key(path.missing), path.known))
        return Wrong(f"{holder} has no {plain(path.missing)}", _meant(path.missing, path.known))
    return _spot(data, path)


def find_record(data: Data, text: str) -> Spot | Wrong:
    """The record that a place names."""
    spot = find(data, text)
    if isinstance(spot, Wrong) or spot.sort == "record":
        return spot
    if spot.sort == "records":
        return Wrong(f"{plain(text)} are all of them", f"name one: {_some(data, spot)}")
    return Wrong(f"{plain(text)} is no record", "name one, for example connectors[Connector01]")


def find_rows(data: Data, text: str) -> Spot | Wrong:
    """The list of records that a place names, empty or not."""
    spot = find(data, text)
    if isinstance(spot, Wrong) or spot.sort == "records":
        return spot
    if spot.sort == "record" and spot.table is not None:
        return Wrong(
            f"{plain(text)} is one {spot.table.singular}", f"name the table: {plain(place_of(data, spot.path[:-1]))}"
        )
    if spot.sort == "table":
        return Wrong(f"{plain(text)} is a single table without records", "omtui set gives its fields values")
    return Wrong(f"{plain(text)} takes no records", "name a table, for example connectors")


def place_key(selector: str) -> str:
    """The key in a bracket as it was typed."""
    return selector[1:-1].rpartition("#")[0] or selector[1:-1]


def _spot(data: Data, path: Path) -> Spot | Wrong:
    last = path[-1]
    if isinstance(last, int):
        is_record = isinstance(value_at(data, path), dict)
        return Spot(path, "record", table_at(path)) if is_record else Spot(path, "element")
    holder = table_at(path[:-1])
    if len(path) == 1:
        table = children("").get(last)
        if table is not None:
            return Spot(path, "table" if table.single else "records", table)
        if last == "schema" or last in data:
            return Spot(path, "unknown")
        return Wrong(f"the profile has no {plain(last)}", _meant(last, [*children(""), *data]))
    own = table_at(path)
    field = holder.by_name.get(last) if holder else None
    if field is not None and field.kind != "records":
        return Spot(path, "field", holder, field)
    if own is not None:
        return Spot(path, "table" if own.single or last in ("not", "when") else "records", own, field)
    if value_at(data, path) is not MISSING:
        return Spot(path, "unknown", holder)
    known = (*holder.by_name, *children(holder.path)) if holder else ()
    return Wrong(f"{plain(place_of(data, path[:-1]))} has no {plain(last)}", _meant(last, known))


def _meant(name: str, known: Iterable[str]) -> str:
    from omtui.setup.did_you_mean import did_you_mean

    names = list(dict.fromkeys(name for name in known if name))
    near = did_you_mean(name, names)
    if near:
        return f"did you mean {plain(near)}?"
    if not names:
        return "there is none"
    shown = ", ".join(plain(name) for name in names[:8])
    return f"known are {shown}" + (f" and {len(names) - 8} more" if len(names) > 8 else "")


def _some(data: Data, spot: Spot) -> str:
    records = value_at(data, spot.path)
    if not isinstance(records, list) or not records:
        return "there is none"
    shown = [plain(place_of(data, (*spot.path, number))) for number in range(min(len(records), 3))]
    return ", ".join(shown) + (" …" if len(records) > 3 else "")
