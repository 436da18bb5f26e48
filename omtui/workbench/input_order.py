"""Keys of one burst act one after another, as if somebody had waited between them.

In Textual a letter acts where it arrives, in the line that has the focus, while a key with a binding (backspace, Home,
Enter) first travels through the queues of all that is around the line: letters behind it in the same read overtake it.
What it opens appears later still. Here the next key is handed on when nothing is left to do for the one before.
"""

from __future__ import annotations

import asyncio
from collections import deque
from time import monotonic
from typing import Any

from textual import events
from textual._queue import Queue
from textual.app import App, ScreenStackError
from textual.message_pump import MessagePump
from textual.widgets import Input
from textual.worker import WorkerState

LONGEST_WAIT = 5.0
"""Seconds after which a key is handed on even though something is still at work for the one before."""

_ROUNDS = 3
"""Turns of the loop in which nothing happens: a result that was just set wakes its worker in the next turn."""

_DRAWN_EVERY = 0.1
"""Seconds between two pictures while keys are held back."""


class InputOrder:
    """Holds back what was pressed, pasted or clicked until the app is done with what came before."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._held: deque[events.Event] = deque()
        self._next: events.Event | None = None
        self._task: asyncio.Task[None] | None = None
        self._drawn = 0.0

    @property
    def is_busy(self) -> bool:
        """Whether something is held back, or was handed on and has not arrived again."""
        return self._task is not None or self._next is not None

    def holds(self, event: events.Event) -> bool:
        """Whether an event that arrives now is kept for later; it arrives again when it is its turn."""
        if event is self._next:
            self._next = None
            return False
        if self._task is None and self._is_done(event):
            return False
        if self._held and isinstance(event, events.MouseMove) and isinstance(self._held[-1], events.MouseMove):
            self._held.pop()
        self._held.append(event)
        if self._task is None:
            self._task = asyncio.create_task(self._hand_on())
        return True

    async def _hand_on(self) -> None:
        try:
            while self._held:
                await self._wait(self._held[0])
                self._next = self._held.popleft()
                self._app.post_message(self._next)
            self._app.screen.check_idle()  # a picture of it all
        finally:
            self._task = None

    def is_drawing(self) -> bool:
        """Whether a picture is to be drawn now: of what many keys change together only some are."""
        if self._held and monotonic() < self._drawn + _DRAWN_EVERY:
            return False
        self._drawn = monotonic()
        return True

    async def _wait(self, event: events.Event) -> None:
        """Wait until it is an event's turn."""
        until = monotonic() + LONGEST_WAIT
        turns = quiet = 0
        while quiet < _ROUNDS and monotonic() < until:
            await asyncio.sleep(0 if turns < 100 else 0.001)
            turns += 1
            done = self._next is None and _waits(self._app) and self._is_done(event)
            quiet = quiet + 1 if done else 0

    def _is_done(self, event: events.Event) -> bool:
        """Whether nothing is left to do, but for what the app does just now."""
        app = self._app
        try:
            screen = app.screen
        except ScreenStackError:
            return app._exit
        if _has_mail(app) or any(worker.state is WorkerState.PENDING for worker in app.workers):
            return False
        for node in app._registry:
            if node._closing or node._closed:
                continue
            if not node._is_mounted or node._pruning or not _waits(node):
                return False
        if screen._callbacks or (screen._layout_required and not self._edits_a_line(event)):
            screen.call_later(screen._on_timer_update)  # places and sizes are needed now, not with the next picture
            return False
        return True

    def _edits_a_line(self, event: events.Event) -> bool:
        """Whether it is a letter or a key of the line that has the focus: they act the same wherever things are."""
        line = self._app.focused
        if not isinstance(line, Input) or not isinstance(event, events.Key):
            return False
        return event.is_printable or event.key in line._bindings.key_to_bindings


def _has_mail(pump: MessagePump) -> bool:
    queue: Queue[Any] = pump._message_queue
    return queue.ready_event.is_set()


def _waits(pump: MessagePump) -> bool:
    """Whether somebody waits for the next message, and there is none."""
    queue: Queue[Any] = pump._message_queue
    return not queue.ready_event.is_set() and bool(queue.ready_event._waiters)
