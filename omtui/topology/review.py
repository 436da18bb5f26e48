"""Probing many targets: as many at once as this machine can serve, each result told as it comes.

What keeps a processor busy and what merely waits are counted apart. At most `concurrency` probes work at a
time; one that has only waited for a while gives its place to the next, so that a thousand filtered ports cost
their timeout once. When the processor is the bottleneck, nobody is let in early.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Sequence

from omtui.topology.evidence import Evidence
from omtui.topology.probe import probe
from omtui.topology.result import Result, Review
from omtui.topology.surroundings import Surroundings
from omtui.topology.target import Skipped, Target
from omtui.topology.transport import descriptor_room
from omtui.topology.verdict import cancelled, judge

CONCURRENCY = 200
MOST_WAITING = 2_000
_WAITS_AFTER = 0.2
_BUSY_SHARE = 0.7

OnResult = Callable[[Result], None]


class Cancellation:
    """Ends a review from anywhere: any thread, a signal, before it starts or in its middle."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: Callable[[], None] | None = None

    def cancel(self) -> None:
        """Asks for the end; what is finished by then stays finished."""
        with self._lock:
            self._wanted = True
            if self._loop is not None and self._end is not None:
                self._loop.call_soon_threadsafe(self._end)

    @property
    def wanted(self) -> bool:
        """Whether the end was asked for."""
        return self._wanted

    def bind(self, loop: asyncio.AbstractEventLoop | None, end: Callable[[], None] | None) -> None:
        """For the running review: what to call, and in which loop; None when it is over."""
        with self._lock:
            self._loop, self._end = loop, end
            if self._wanted and loop is not None and end is not None:
                loop.call_soon(end)


async def review(
    targets: Sequence[Target],
    around: Surroundings | None = None,
    *,
    profile: str = "",
    skipped: Sequence[Skipped] = (),
    on_result: OnResult | None = None,
    concurrency: int = CONCURRENCY,
    cancellation: Cancellation | None = None,
) -> Review:
    """Probes all targets in the running event loop and closes the transport.

    `on_result` hears of each result at once, in the order in which they come. A cancelled review tells its
    unfinished targets as `cancelled` (not through `on_result`) and has `interrupted` set.
    """
    around = around if around is not None else Surroundings()
    run = _Run(around, on_result, concurrency, len(targets))
    done = Review(
        profile, time.time(), run.results, around.transport.vantage, around.transport.machine, skipped=skipped
    )
    cancellation = cancellation if cancellation is not None else Cancellation()
    cancellation.bind(asyncio.get_running_loop(), run.cancel)
    try:
        await run.all(targets)
    finally:
        cancellation.bind(None, None)
        await around.transport.close()
    done.interrupted = run.cancelled
    done.finished = time.time()
    order = {id(target): at for at, target in enumerate(targets)}
    done.results.sort(key=lambda result: order[id(result.target)])
    return done


def run_review(
    targets: Sequence[Target],
    make_surroundings: Callable[[], Surroundings] = Surroundings,
    *,
    profile: str = "",
    skipped: Sequence[Skipped] = (),
    on_result: OnResult | None = None,
    concurrency: int = CONCURRENCY,
    cancellation: Cancellation | None = None,
) -> Review:
    """`review` for callers without an event loop: blocks until it is over; fit for a thread of its own.

    `on_result` is called in this thread. Ctrl+C in the main thread ends the review in good order: the results
    so far are returned, with `interrupted` set.
    """
    cancellation = cancellation if cancellation is not None else Cancellation()

    async def main() -> Review:
        with _interruptible(cancellation):
            return await review(
                targets,
                make_surroundings(),
                profile=profile,
                skipped=skipped,
                on_result=on_result,
                concurrency=concurrency,
                cancellation=cancellation,
            )

    return asyncio.run(main())


class _interruptible:  # noqa: N801 - reads as the context manager it is
    """While it holds, Ctrl+C cancels the review instead of tearing the loop down (main thread only)."""

    def __init__(self, cancellation: Cancellation) -> None:
        self._cancellation = cancellation
        self._before: object = None
        self._held = False

    def __enter__(self) -> None:
        import signal

        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, lambda *_: self._cancellation.cancel())
            self._held = True

    def __exit__(self, *_: object) -> None:
        import signal

        if self._held:
            signal.signal(signal.SIGINT, self._before or signal.default_int_handler)  # type: ignore[arg-type]


class _Run:
    """The targets of one review on their way."""

    def __init__(self, around: Surroundings, on_result: OnResult | None, concurrency: int, count: int) -> None:
        self.results: list[Result] = []
        self.cancelled = False
        self._around = around
        self._on_result = on_result
        self._concurrency = max(1, concurrency)
        # A probe may hold a second connection while it looks closer.
        wanted = min(count, max(MOST_WAITING, self._concurrency))
        self._most = max(1, descriptor_room(wanted * 2) // 2)
        self._working = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Event()
        self._failure: BaseException | None = None
        self._processor = _Processor()

    async def all(self, targets: Sequence[Target]) -> None:
        """Probes them; returns when all are done or the review was cancelled."""
        loop = asyncio.get_running_loop()
        waiting = iter(targets)
        for target in waiting:
            while not self.cancelled and (self._working >= self._concurrency or len(self._tasks) >= self._most):
                self._room.clear()
                await self._room.wait()
            if self.cancelled or self._failure is not None:
                self._tell_cancelled(target)
                break
            self._working += 1
            _Place(self, loop, target)
            # Lets the first ones go their way before the last ones are made.
            if len(self._tasks) % 16 == 0:
                await asyncio.sleep(0)
        for target in waiting:
            self._tell_cancelled(target)
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

    def leave(self, task: asyncio.Task[None], target: Target, *, working: bool) -> None:
        self._tasks.discard(task)
        if working:
            self._working -= 1
        if task.cancelled():
            self._tell_cancelled(target)
        elif (failure := task.exception()) is not None:
            # A defect of ours: nothing is swallowed, the review ends with it.
            self._failure = self._failure or failure
            self.cancel()
        self._room.set()

    def stand_aside(self) -> bool:
        """Whether a probe that only waits may leave its place to another."""
        if self._processor.busy():
            return False
        self._working -= 1
        self._room.set()
        return True

    async def one(self, target: Target) -> None:
        at = time.time()
        around = self._around
        evidence = await probe(target, around)
        verdict = judge(target, evidence, time.time(), slow_after=around.slow_after)
        result = Result(target, around.transport.vantage, around.transport.machine, at, verdict, evidence)
        self.results.append(result)
        if self._on_result is not None:
            self._on_result(result)

    def _tell_cancelled(self, target: Target) -> None:
        transport = self._around.transport
        self.results.append(
            Result(target, transport.vantage, transport.machine, time.time(), cancelled(target), Evidence())
        )


class _Place:
    """One probe's place among those that work."""

    __slots__ = ("_run", "_target", "_timer", "_working")

    def __init__(self, run: _Run, loop: asyncio.AbstractEventLoop, target: Target) -> None:
        self._run = run
        self._target = target
        self._working = True
        self._timer = loop.call_later(_WAITS_AFTER, self._waited, loop)
        task = loop.create_task(run.one(target))
        run.enter(task)
        task.add_done_callback(self._done)

    def _waited(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._run.stand_aside():
            self._working = False
        else:
            self._timer = loop.call_later(_WAITS_AFTER, self._waited, loop)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._timer.cancel()
        self._run.leave(task, self._target, working=self._working)


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


def warm_up(around: Surroundings | None = None) -> Surroundings:
    """Does ahead of time what the first probe would wait for: imports and the system's trust store (some 0.2 s).

    Meant for a background thread of the workbench. Give the surroundings it returns to the first review, and
    its `trust` to later ones.
    """
    import cryptography.x509  # noqa: F401
    import dns.asyncresolver  # noqa: F401

    around = around if around is not None else Surroundings()
    around.trust.context(None, None, verify=True)
    around.trust.context(None, None, verify=False)
    return around
