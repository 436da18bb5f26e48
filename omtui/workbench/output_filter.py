"""The last filter before the terminal: no text of any widget writes anything but letters.

Foreign text is made plain where it is shown. What a widget of Textual shows by itself, such as the line in which a
value is edited, passes here.
"""

from __future__ import annotations

import re

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)


class OnlyLetters(LineFilter):
    """Takes out what moves the cursor, hides or turns text. None of it has a width, so that lines stay as long."""

    pattern = _UNSEEN
    """What is not written."""

    def instead(self, _: re.Match[str]) -> str:
        """What is written in its place."""
        return ""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same line without it, as long as it was; mostly the very same list."""
        del background
        if not any(self.pattern.search(segment.text) for segment in segments):
            return segments
        return [
            segment if segment.control else Segment(self.pattern.sub(self.instead, segment.text), segment.style)
            for segment in segments
        ]


class OnlyAscii(OnlyLetters):
    """For terminals that show nothing else: our signs by the nearest one, other letters as a question mark a cell."""

    pattern = re.compile(r"[^\x00-\x7f]+")

    def instead(self, match: re.Match[str]) -> str:
        """The nearest signs."""
        text = match.group()
        known = [_OURS.get(sign) for sign in text]
        if None not in known:
            return "".join(sign for sign in known if sign)
        drawn = "".join(_OURS.get(sign) or "?" * cell_len(sign) for sign in text)
        return drawn.ljust(cell_len(text), "?")[: cell_len(text)]


_OURS = {
    **dict(zip("…›·→←⏎⇧×—–‘’“”✓●○■±◷◇◆", "~>-><<^x--''\"\"+*o#~~?=", strict=True)),
    **dict.fromkeys("─━═╌", "-"),
    **dict.fromkeys("│┃║▏▎▌▐▕", "|"),
    **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╰╯", "+"),
    **dict.fromkeys("▀▁▂▃▄▅▆▇█▊▔\u00a0", " "),
    **dict(zip("▶◀▼▲", "><v^", strict=True)),
}
