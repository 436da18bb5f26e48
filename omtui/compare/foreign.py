"""Text of TOML that comes from elsewhere, read within bounds."""

from omtui.setup.place import Data
from omtui.setup.reading import Fault, parse

LARGEST = 16_000_000
"""Characters. A profile of 10,000 records has less than 3 million."""


def parsed(text: str) -> Data | Fault:
    """The data of a TOML text, or why it cannot be read."""
    if len(text) > LARGEST:
        return Fault(f"the text has {len(text):,} characters; {LARGEST:,} are read", "ask for a smaller one")
    return parse(text)
