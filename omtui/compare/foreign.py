"""Text of TOML that comes from elsewhere: read within bounds, and with a fault instead of an exception."""

from omtui.plain_text import plain
from omtui.setup.place import Data
from omtui.setup.reading import Fault, parse

LARGEST = 16_000_000
"""Characters. A profile of 10,000 records has less than 3 million."""


def parsed(text: str) -> Data | Fault:
    """The data of a TOML text, or why it cannot be read."""
    if len(text) > LARGEST:
        return Fault(f"the text has {len(text):,} characters; {LARGEST:,} are read", "ask for a smaller one")
    try:
        return parse(text)
    except (ValueError, ArithmeticError) as error:
        # Numbers of thousands of digits, and exponents beyond all measure, are refused by Python itself.
        return Fault(f"a number cannot be read: {plain(error)}"[:200], "write a number that an order can hold")
