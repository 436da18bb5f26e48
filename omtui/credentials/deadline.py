"""Calls that may hang, made where they cannot keep the program from ending.

Each call runs in a daemon thread of its own: an executor's threads are joined when the program ends, and a
credential store that hangs would then hang the program with it.
"""

import selectors
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass
from typing import TypeVar

from omtui.credentials.redact import without_frames

_Answer = TypeVar("_Answer")

STORE_SECONDS = 3.0
"""How long one call of a credential store may take."""


@dataclass(frozen=True)
class TimedOut:
    """No answer within so many seconds. The call may still end; its answer is then dropped."""

    seconds: float


def call_within(seconds: float, call: Callable[[], _Answer]) -> _Answer | TimedOut:
    """The call's result, or `TimedOut` after so many seconds; what the call raises is raised here."""
    future = _started(call)
    return future.result() if wait([future], seconds).done else TimedOut(seconds)


async def call_off_loop(call: Callable[[], _Answer], seconds: float | None = None) -> _Answer | TimedOut:
    """Like `call_within`, awaited: the event loop goes on drawing meanwhile.

    For every verb of this package from a screen. Not `asyncio.to_thread` nor a thread worker: those are waited
    for when the program ends. When the waiting task is cancelled, the call's answer is dropped.
    """
    import asyncio

    future = _started(call)
    try:
        async with asyncio.timeout(seconds):
            return await asyncio.wrap_future(future)
    except TimeoutError:
        return future.result() if future.done() else TimedOut(seconds or 0.0)


def readable_within(seconds: float, descriptor: int) -> bool:
    """Whether something can be read from a pipe, or its end was reached, within so many seconds."""
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        return bool(selector.select(max(0.0, seconds)))


def _started(call: Callable[[], _Answer]) -> "Future[_Answer]":
    future: Future[_Answer] = Future()
    future.set_running_or_notify_cancel()  # who stops waiting does not cancel it

    def run() -> None:
        try:
            future.set_result(call())
        except BaseException as error:  # noqa: BLE001 - carried to the caller's thread and raised there
            future.set_exception(without_frames(error))

    threading.Thread(target=run, name="credential-store", daemon=True).start()
    return future
