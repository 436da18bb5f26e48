"""Ending a review from anywhere. Importing this costs nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio


class Cancellation:
    """Ends a review from anywhere: any thread, a signal, before it starts or in its middle."""

    def __init__(self) -> None:
        self._lock = threading.RLock()  # a signal may ask while this very thread holds it
        self._requested = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: Callable[[], None] | None = None

    def cancel(self) -> None:
        """Asks for the end; what is finished by then stays finished."""
        with self._lock:
            self._requested = True
            if self._loop is not None and self._end is not None:
                self._loop.call_soon_threadsafe(self._end)

    def bind(self, loop: asyncio.AbstractEventLoop | None, end: Callable[[], None] | None) -> None:
        """For the running review: what to call, and in which loop; None when it is over."""
        with self._lock:
            self._loop, self._end = loop, end
            if self._requested and loop is not None and end is not None:
                loop.call_soon(end)
