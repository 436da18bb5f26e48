"""Text of TOML and JSON that comes from elsewhere, read within bounds; what is wrong with it, in people's words."""

import json

from omtui.plain_text import plain
from omtui.setup.place import Data
from omtui.setup.reading import ReadingFault, parse

LARGEST = 16_000_000
"""Characters. A profile of 10,000 records has less than 3 million."""


def parsed(text: str) -> Data | ReadingFault:
    """The data of a TOML text, or why it cannot be read."""
    if len(text) > LARGEST:
        return ReadingFault(f"the text has {len(text):,} characters; {LARGEST:,} are read", "ask for a smaller one")
    return parse(text)


def json_words(error: ValueError | RecursionError) -> str:
    """Why a text of JSON cannot be read, and where."""
    if isinstance(error, RecursionError):
        return "lists or objects are nested too deep"
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}, column {error.colno} is not JSON; the file is damaged, or was cut off"
    if "integer string conversion" in str(error):
        return "a number is too large"
    return plain(error)[:200]
