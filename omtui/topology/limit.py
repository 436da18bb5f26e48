"""Deadlines inside deadlines for one task, at the cost of one timer.

A probe enters four or five deadlines, nearly all of which never strike. `asyncio.timeout` makes and cancels a
timer for each, and every timer costs its place in the loop's heap. Here one timer per task is left standing
when a deadline has been kept, and set anew only when it goes off too early.
"""

from __future__ import annotations

import asyncio
from types import TracebackType


class Limit:
    """The deadlines of the task that makes it. `close` when the task has no more use for it."""

    __slots__ = ("_loop", "_scopes", "_task", "_timer")

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        task = asyncio.current_task()
        assert task is not None, "deadlines are kept for a task"
        self._task: asyncio.Task[object] = task
        self._scopes: list[Scope] = []
        self._timer: asyncio.TimerHandle | None = None

    def within(self, seconds: float) -> Scope:
        """A deadline for a `with` block, as `asyncio.timeout`: raises TimeoutError when it strikes."""
        return Scope(self, self._loop.time() + seconds)

    def close(self) -> None:
        """Lets go of the timer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def enter(self, scope: Scope) -> int:
        """For `Scope`: a deadline begins. Returns how often the task has been asked to end already."""
        self._scopes.append(scope)
        self._arm(scope.when)
        return self._task.cancelling()

    def leave(self, scope: Scope) -> bool:
        """For `Scope`: a deadline ends. Whether its own striking is all that the task was asked to end for."""
        self._scopes.remove(scope)
        if not scope.struck:
            return False
        if self._scopes:
            self._arm(min(outer.when for outer in self._scopes))
        return self._task.uncancel() <= scope.cancelling

    def soonest(self) -> None:
        """For `Scope`: a deadline was moved."""
        self._arm(min(scope.when for scope in self._scopes))

    def _arm(self, when: float) -> None:
        if self._timer is not None:
            if self._timer.when() <= when:
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(when, self._went_off)

    def _went_off(self) -> None:
        # What came in while this machine halted is heard before the deadline is said to have passed.
        self._timer = self._loop.call_at(self._loop.time(), self._strike)

    def _strike(self) -> None:
        self._timer = None
        # The loop's clock may be a tick behind the timer's.
        now = self._loop.time() + 0.001
        for scope in self._scopes:  # the outermost first
            if scope.when <= now:
                if not scope.struck:
                    scope.struck = True
                    self._task.cancel()
                return
        if self._scopes:
            self._arm(min(scope.when for scope in self._scopes))


class Scope:
    """One deadline. `when` is in the loop's time."""

    __slots__ = ("_limit", "cancelling", "struck", "when")

    def __init__(self, limit: Limit, when: float) -> None:
        self._limit = limit
        self.when = when
        self.struck = False
        self.cancelling = 0

    def __enter__(self) -> Scope:
        self.cancelling = self._limit.enter(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._limit.leave(self) and kind is not None and issubclass(kind, asyncio.CancelledError):
            raise TimeoutError from error

    def strike(self) -> None:
        """Ends the block now, as if its time had come."""
        self.when = 0.0
        self._limit.soonest()
