"""The last filter before the terminal: no text of whatever widget writes anything but letters.

Foreign text is made plain where it is shown. What a widget of Textual shows by itself, such as the line in which a
value is edited, passes here.
"""

from __future__ import annotations

import re

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)


class OnlyLetters(LineFilter):
    """Takes out what moves the cursor, hides or turns text. None of it has a width, so that lines stay as long."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same line without them; mostly the very same list."""
        if not any(_UNSEEN.search(segment.text) for segment in segments):
            return segments
        return [
            segment if segment.control else Segment(_UNSEEN.sub("", segment.text), segment.style)
            for segment in segments
        ]
