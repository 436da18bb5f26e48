"""Probing many targets: as many at once as this machine can serve, each result reported at once.

What keeps a processor busy and what merely waits are counted apart. At most `concurrency` probes work at a
time; one that has only waited for a while makes room for the next, so that a thousand filtered ports cost
their timeout once. When the processor is the bottleneck, none makes room: it would only take memory.
"""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections.abc import Callable, Coroutine, Sequence
from enum import Enum
from typing import Any

from omtui.topology.cancellation import Cancellation
from omtui.topology.evidence import Evidence
from omtui.topology.probe import probe
from omtui.topology.probe_context import ProbeContext
from omtui.topology.result import ProbeResult, ProbeReview
from omtui.topology.target import Skipped, Target
from omtui.topology.transport import descriptor_room
from omtui.topology.trust import Trust
from omtui.topology.verdict import Verdict, broken, cancelled, judge

CONCURRENCY = 200
MOST_CONNECTING = 2_000
"""Probes that wait for a name or a connection at the same time: they cost next to nothing."""

MOST_STALLED = 200
"""Probes that wait for a server's words at the same time, next to those that work: each holds TLS buffers."""

_CONNECTS_LONG = 0.2
_STALLS = 1.0
_TICK = 0.1
_BUSY_SHARE = 0.7

OnResult = Callable[[ProbeResult], None]


class Aside(Enum):
    """Where a probe waits, if it has made room for another."""

    NO = 0
    CONNECTING = 1
    STALLED = 2


def run_review(
    targets: Sequence[Target],
    make_surroundings: Callable[[], ProbeContext] = ProbeContext,
    *,
    profile: str = "",
    skipped: Sequence[Skipped] = (),
    on_result: OnResult | None = None,
    concurrency: int = CONCURRENCY,
    cancellation: Cancellation | None = None,
) -> ProbeReview:
    """Probes all targets; for callers without an event loop: blocks until it is over, fit for a thread of its own.

    `on_result` gets each result at once, in this thread and in the order in which they come; an error that it raises
    ends the review and is raised. An error inside a probe costs that target's result, which says so. Ctrl+C in the main
    thread cancels the review in good order. A cancelled review reports its unfinished targets as `cancelled` (not
    through `on_result`) and has `interrupted` set.
    """
    cancellation = cancellation if cancellation is not None else Cancellation()

    async def review() -> ProbeReview:
        around = make_surroundings()
        around.trust.refresh()
        run = _Run(around, on_result, concurrency, len(targets))
        transport = around.transport
        done = ProbeReview(profile, time.time(), run.results, transport.vantage, transport.machine, skipped=skipped)
        cancellation.bind(asyncio.get_running_loop(), run.cancel)
        try:
            await run.all(targets)
        finally:
            cancellation.bind(None, None)
            await transport.close()
        done.interrupted = run.cancelled
        done.finished = time.time()
        order = {id(target): at for at, target in enumerate(targets)}
        done.results.sort(key=lambda result: order[id(result.target)])
        return done

    async def interruptible() -> ProbeReview:
        # Ctrl+C is to cancel the review instead of tearing the loop down; only the main thread may say so.
        if threading.current_thread() is not threading.main_thread():
            return await review()
        before = signal.signal(signal.SIGINT, lambda *_: cancellation.cancel())
        try:
            return await review()
        finally:
            signal.signal(signal.SIGINT, before or signal.default_int_handler)

    return asyncio.run(interruptible())


class _Run:
    """The targets of one review on their way."""

    def __init__(self, around: ProbeContext, on_result: OnResult | None, concurrency: int, count: int) -> None:
        self.results: list[ProbeResult] = []
        self.cancelled = False
        self._around = around
        self._on_result = on_result
        self._concurrency = max(1, concurrency)
        # A probe may hold a second connection while it looks closer.
        needed = min(count, MOST_CONNECTING + MOST_STALLED + self._concurrency)
        self._most = max(1, descriptor_room(needed * 2) // 2)
        self._stalled = 0
        self.working: set[_Place] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Event()
        self._failure: BaseException | None = None
        self._processor = _Processor()

    async def all(self, targets: Sequence[Target]) -> None:
        """Probes them; returns when all are done or the review was cancelled."""
        loop = asyncio.get_running_loop()
        self._ticker = loop.call_later(_TICK, self._tick, loop)
        try:
            await self._all(targets, loop)
        finally:
            self._ticker.cancel()

    def _tick(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for place in list(self.working):
            place.look(now)
        self._ticker = loop.call_later(_TICK, self._tick, loop)

    async def _all(self, targets: Sequence[Target], loop: asyncio.AbstractEventLoop) -> None:
        waiting = iter(targets)
        for target in waiting:
            while not self.cancelled and (len(self.working) >= self._concurrency or len(self._tasks) >= self._most):
                self._room.clear()
                await self._room.wait()
            if self.cancelled or self._failure is not None:
                self._report_cancelled(target)
                break
            self.working.add(_Place(self, loop, target))
            # Lets the first ones go their way before the last ones are made.
            if len(self._tasks) % 16 == 0:
                await asyncio.sleep(0)
        for target in waiting:
            self._report_cancelled(target)
        self._ticker.cancel()  # nobody waits for a place any more
        while self._tasks:
            await asyncio.wait(self._tasks)
        if self._failure is not None:
            raise self._failure

    def cancel(self) -> None:
        """Ends what is on its way."""
        self.cancelled = True
        for task in self._tasks:
            task.cancel()
        self._room.set()

    def enter(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)

    def leave(self, task: asyncio.Task[None], place: _Place) -> None:
        self._tasks.discard(task)
        self._stalled -= place.aside is Aside.STALLED
        if task.cancelled():
            self._report_cancelled(place.target)
        elif (failure := task.exception()) is None:
            pass
        elif place.judged:
            # What takes the results has failed: nobody would see the others either.
            self._failure = self._failure or failure
            self.cancel()
        else:
            place.follow(self._report(place, broken(place.target, failure)))
        self._room.set()

    def make_room(self, *, connected: bool) -> Aside:
        """Whether a probe that only waits leaves its place to another."""
        if self._processor.busy() or (connected and self._stalled >= MOST_STALLED):
            return Aside.NO
        self._stalled += connected
        self._room.set()
        return Aside.STALLED if connected else Aside.CONNECTING

    async def one(self, place: _Place) -> None:
        around, target, evidence = self._around, place.target, place.evidence
        await probe(target, around, evidence)
        await self._report(place, judge(target, evidence, time.time(), slow_after=around.slow_after))

    async def _report(self, place: _Place, verdict: Verdict) -> None:
        transport = self._around.transport
        result = ProbeResult(place.target, transport.vantage, transport.machine, place.at, verdict, place.evidence)
        self.results.append(result)
        place.judged = True
        if self._on_result is not None:
            self._on_result(result)

    def _report_cancelled(self, target: Target) -> None:
        transport = self._around.transport
        self.results.append(
            ProbeResult(target, transport.vantage, transport.machine, time.time(), cancelled(target), Evidence())
        )


class _Place:
    """One probe's place among those that work."""

    __slots__ = ("_loop", "_run", "_since", "aside", "at", "evidence", "judged", "target")

    def __init__(self, run: _Run, loop: asyncio.AbstractEventLoop, target: Target) -> None:
        self._run = run
        self._loop = loop
        self.target = target
        self.evidence = Evidence()
        self.judged = False
        self.aside = Aside.NO
        self.at = time.time()
        self._since = loop.time()
        self.follow(run.one(self))

    def follow(self, steps: Coroutine[Any, Any, None]) -> None:
        """Has something done for this probe in a task."""
        task = self._loop.create_task(steps)
        self._run.enter(task)
        task.add_done_callback(self._done)

    def look(self, now: float) -> None:
        """Leaves the place to another if this probe has only waited for a while."""
        connected = self.evidence.times.connect is not None
        if self.aside is Aside.NO and now - self._since >= (_STALLS if connected else _CONNECTS_LONG):
            self.aside = self._run.make_room(connected=connected)
            if self.aside is not Aside.NO:
                self._run.working.discard(self)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._run.working.discard(self)
        self._run.leave(task, self)
        self.aside = Aside.NO


class _Processor:
    """Whether this thread has kept its processor busy of late."""

    def __init__(self) -> None:
        self._wall = time.perf_counter()
        self._used = time.thread_time()
        self._busy = False

    def busy(self) -> bool:
        """Looks at a tenth of a second at a time."""
        wall = time.perf_counter()
        if wall - self._wall >= 0.1:
            used = time.thread_time()
            self._busy = (used - self._used) / (wall - self._wall) > _BUSY_SHARE
            self._wall, self._used = wall, used
        return self._busy


def warm_up() -> Trust:
    """Does ahead of time what the first probe would wait for: imports and the system's trust store (some 0.2 s).

    Meant for a background thread of the workbench. The trust store serves one review after the other.
    """
    trust = Trust()
    trust.prepare()
    return trust
