"""Deadlines inside deadlines for one task, at next to no cost.

A probe enters four or five deadlines, nearly all of which never pass. `asyncio.timeout` makes and cancels a
timer for each, and every timer costs its place in the loop's queue. Here nothing is made for a deadline but the first:
one clock per event loop looks at all tasks' deadlines when the next one is due.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from math import inf
from types import TracebackType
from weakref import WeakKeyDictionary


class Deadlines:
    """The deadlines of the task that makes it."""

    __slots__ = ("clock", "loop", "scopes", "soonest", "task")

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        task = asyncio.current_task()
        assert task is not None, "deadlines are kept for a task"
        self.task: asyncio.Task[object] = task
        self.clock = _clock_of(self.loop)
        self.scopes: list[Scope] = []
        self.soonest = inf

    def within(self, seconds: float) -> Scope:
        """A deadline for a `with` block, as `asyncio.timeout`: raises TimeoutError when it passes."""
        return Scope(self, self.loop.time() + seconds)

    def after(self, seconds: float, action: Callable[[], object]) -> Scope:
        """What is to be done when a `with` block takes so long; the block goes on."""
        return Scope(self, self.loop.time() + seconds, action)

    def expire_soon(self) -> None:
        """For `Scope` and the clock: a deadline has passed.

        What arrived while this machine paused is read before the deadline counts.
        """
        self.loop.call_soon(self._expire)

    def _expire(self) -> None:
        now = self.loop.time()
        for scope in self.scopes:  # the outermost first
            if scope.when > now:
                continue
            if scope.action is None:
                if not scope.expired:
                    scope.expired = True
                    self.task.cancel()
                break
            if not scope.expired:
                scope.expired = True
                scope.action()
        self.look_ahead()

    def look_ahead(self) -> None:
        """For `Scope`: finds the deadline that comes next."""
        self.soonest = min((scope.when for scope in self.scopes if not scope.expired), default=inf)
        if self.soonest < self.clock.due:
            self.clock.set(self.soonest, self.loop)


class Scope:
    """One deadline. `when` is in the loop's time."""

    __slots__ = ("_deadlines", "action", "cancelling", "expired", "when")

    def __init__(self, deadlines: Deadlines, when: float, action: Callable[[], object] | None = None) -> None:
        self._deadlines = deadlines
        self.when = when
        self.action = action
        self.expired = False
        self.cancelling = 0

    def __enter__(self) -> Scope:
        deadlines = self._deadlines
        if not deadlines.scopes:
            deadlines.soonest = inf
            deadlines.clock.watch(deadlines)
        deadlines.scopes.append(self)
        if self.when < deadlines.soonest:
            deadlines.soonest = self.when
            if self.when < deadlines.clock.due:
                deadlines.clock.set(self.when, deadlines.loop)
        self.cancelling = deadlines.task.cancelling()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        deadlines = self._deadlines
        deadlines.scopes.remove(self)
        if not deadlines.scopes:
            deadlines.clock.forget(deadlines)
        if not self.expired or self.action is not None:
            return
        deadlines.look_ahead()
        # Its own expiry may be the only reason why the task was asked to end.
        alone = deadlines.task.uncancel() <= self.cancelling
        if alone and kind is not None and issubclass(kind, asyncio.CancelledError):
            raise TimeoutError from error

    def expire(self) -> None:
        """Ends the block now, as if its time had come."""
        self.when = 0.0
        self._deadlines.expire_soon()


class _Clock:
    """Looks at the deadlines of all tasks of one event loop; `due` is when it does so next."""

    __slots__ = ("_timer", "_watched", "due")

    def __init__(self) -> None:
        self._watched: set[Deadlines] = set()
        self._timer: asyncio.TimerHandle | None = None
        self.due = inf

    def watch(self, deadlines: Deadlines) -> None:
        self._watched.add(deadlines)

    def forget(self, deadlines: Deadlines) -> None:
        self._watched.discard(deadlines)
        if not self._watched:
            self._cancel()

    def set(self, due: float, loop: asyncio.AbstractEventLoop) -> None:
        self._cancel()
        self.due = due
        self._timer = loop.call_at(due, self._look, loop)

    def _cancel(self) -> None:
        self.due = inf
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None  # it holds the loop, which would never go

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._cancel()
        now = loop.time()
        next_due = inf
        for deadlines in self._watched:
            if deadlines.soonest <= now:
                deadlines.expire_soon()
            elif deadlines.soonest < next_due:
                next_due = deadlines.soonest
        if next_due < inf:
            self.set(next_due, loop)


_clocks: WeakKeyDictionary[asyncio.AbstractEventLoop, _Clock] = WeakKeyDictionary()
"""A clock that has nothing to look at holds no loop: a loop that has ended takes its clock along."""


def _clock_of(loop: asyncio.AbstractEventLoop) -> _Clock:
    clock = _clocks.get(loop)
    if clock is None:
        clock = _clocks[loop] = _Clock()
    return clock
