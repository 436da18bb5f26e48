"""Text of TOML and JSON that comes from elsewhere, read within bounds; what is wrong with it, in people's words."""

import json
from collections.abc import Mapping

from omtui.plain_text import plain
from omtui.setup.place import Data
from omtui.setup.reading import ReadingFault, parse
from omtui.setup.record_hash import hash_of

LARGEST = 16_000_000
"""Characters. A profile of 10,000 records has less than 3 million."""


def parsed(text: str) -> Data | ReadingFault:
    """The data of a TOML text, or why it cannot be read."""
    if len(text) > LARGEST:
        return ReadingFault(f"the text has {len(text):,} characters; {LARGEST:,} are read", "ask for a smaller one")
    return parse(text)


def parsed_json(text: str) -> object | ReadingFault:
    """The data of a JSON text, or why it cannot be read and where."""
    try:
        found: object = json.loads(text, object_pairs_hook=_once, parse_constant=_never)
        return found
    except json.JSONDecodeError as error:
        line, column = error.lineno, error.colno
        message = f"line {line}, column {column} is not JSON; the file is damaged, or was cut off"
        return ReadingFault(message, line=line, column=column)
    except RecursionError:
        return ReadingFault("lists or objects are nested too deep")
    except ValueError as error:
        is_long = "integer string conversion" in str(error)
        return ReadingFault("a number is too large" if is_long else plain(error)[:200])


def sealed(contents: Mapping[str, object]) -> dict[str, object]:
    """The contents of a file with a sum over all of them, which shows whether anybody changed it."""
    return {**contents, "sum": sum_of(contents)}


def sum_of(contents: Mapping[str, object]) -> str:
    """The sum over the contents of a file, its own left out."""
    rest = {name: value for name, value in contents.items() if name != "sum"}
    return hash_of(rest)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object whose names are all different: of two parts with one name, one could be shown and the other taken."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is used twice in one object")
    return found


def _never(word: str) -> object:
    raise ValueError(f"{word} is no number of JSON")
