"""Keys go first: work in the background pauses for a moment when somebody presses one.

Python runs one thread at a time, and a thread that wants to run waits its turn many times while it draws a screen.
"""

from __future__ import annotations

import time

MOMENT = 0.1
"""Seconds in which a key is answered."""

_PIECE = 0.005


class KeyPriority:
    """Whether somebody has just pressed a key. One thread sets it, any other may ask."""

    def __init__(self) -> None:
        self._until = 0.0
        self._again = 0.0

    def pressed(self) -> None:
        """A key was pressed. Held down, it pauses the background for half of the time only."""
        now = time.monotonic()
        if now >= self._again:
            self._until, self._again = now + MOMENT, now + 2 * MOMENT

    def give_way(self) -> None:
        """For the background, between two pieces of work: returns when the moment is over."""
        while time.monotonic() < self._until:
            time.sleep(_PIECE)
