"""Ctrl+C while orders are judged: what was judged so far is reported, and nothing is left half written."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

Item = TypeVar("Item")


class Interruption:
    """The first Ctrl+C only asks for an end; the second one ends the program."""

    def __init__(self) -> None:
        self.is_asked = False
        self.pass_on: Callable[[], None] | None = None
        """Called when it is asked for."""

    @contextmanager
    def heeded(self) -> Iterator[None]:
        """While this lasts, Ctrl+C asks."""
        before = signal.getsignal(signal.SIGINT)

        def ask(_: int, __: FrameType | None) -> None:
            self.is_asked = True
            signal.signal(signal.SIGINT, before)
            if self.pass_on is not None:
                self.pass_on()

        signal.signal(signal.SIGINT, ask)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def until_asked(self, items: Iterator[Item], broken_off: Callable[[], None]) -> Iterator[Item]:
        """The items that come before it is asked for; `broken_off` is called when there were more."""
        for item in items:
            if self.is_asked:
                broken_off()
                return
            yield item
