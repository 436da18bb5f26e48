"""Calls that may hang, made where they cannot keep the program from ending.

Each call runs in a daemon thread of its own: an executor's threads are joined when the program ends, and a
credential store that hangs would then hang the program with it.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from omtui.credentials.redact import without_frames

_Answer = TypeVar("_Answer")

STORE_SECONDS = 3.0
"""How long one call of a credential store may take."""


@dataclass(frozen=True)
class TimedOut:
    """No answer within so many seconds. The call may still end; its answer is then dropped."""

    seconds: float


class _Outcome(Generic[_Answer]):
    """What the call returned or raised, once it has."""

    def __init__(self) -> None:
        self._ended = threading.Event()
        self._result: _Answer | None = None
        self._error: BaseException | None = None

    def run(self, call: Callable[[], _Answer], then: Callable[[], None]) -> None:
        try:
            self._result = call()
        except BaseException as error:  # noqa: BLE001 - carried to the caller's thread and raised there
            self._error = without_frames(error)
        finally:
            self._ended.set()
            then()

    def wait(self, seconds: float) -> bool:
        return self._ended.wait(seconds)

    @property
    def ended(self) -> bool:
        return self._ended.is_set()

    def get(self) -> _Answer:
        if self._error is not None:
            raise self._error
        return self._result  # type: ignore[return-value]


def call_within(seconds: float, call: Callable[[], _Answer]) -> _Answer | TimedOut:
    """The call's result, or `TimedOut` after so many seconds; what the call raises is raised here."""
    outcome: _Outcome[_Answer] = _Outcome()
    _start(outcome, call, lambda: None)
    return outcome.get() if outcome.wait(seconds) else TimedOut(seconds)


async def call_off_loop(call: Callable[[], _Answer], seconds: float | None = None) -> _Answer | TimedOut:
    """Like `call_within`, awaited: the event loop goes on drawing meanwhile.

    For every verb of this package from a screen. Not `asyncio.to_thread` nor a thread worker: those are waited
    for when the program ends. When the waiting task is cancelled, the call's answer is dropped.
    """
    import asyncio

    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    outcome: _Outcome[_Answer] = _Outcome()

    def wake() -> None:
        try:
            loop.call_soon_threadsafe(ended.set)
        except RuntimeError:
            # The loop is closed: nothing waits for the answer.
            return

    _start(outcome, call, wake)
    try:
        async with asyncio.timeout(seconds):
            await ended.wait()
    except TimeoutError:
        if not outcome.ended:
            return TimedOut(seconds or 0.0)
    return outcome.get()


def readable_within(seconds: float, descriptor: int) -> bool:
    """Whether something can be read from a pipe, or its end was reached, within so many seconds."""
    import selectors

    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        return bool(selector.select(max(0.0, seconds)))


def _start(outcome: _Outcome[_Answer], call: Callable[[], _Answer], then: Callable[[], None]) -> None:
    threading.Thread(target=outcome.run, args=(call, then), name="credential-store", daemon=True).start()
