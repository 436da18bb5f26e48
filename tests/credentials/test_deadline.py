"""Calls that hang keep neither the caller nor the end of the program."""

import asyncio
import subprocess
import sys
import threading
import time

import pytest

from omtui.credentials.deadline import TimedOut, call_off_loop, call_within


def test_the_result_and_the_error_come_through() -> None:
    assert call_within(5, lambda: 42) == 42
    with pytest.raises(KeyError, match="x"):
        call_within(5, lambda: {}["x"])


def test_a_call_that_hangs_ends_in_time() -> None:
    release = threading.Event()
    started = time.monotonic()
    assert call_within(0.05, release.wait) == TimedOut(0.05)
    assert time.monotonic() - started < 1
    release.set()


async def test_the_loop_goes_on_meanwhile() -> None:
    release = threading.Event()
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while not release.is_set():
            ticks += 1
            await asyncio.sleep(0)
            if ticks == 100:
                release.set()

    answer, _ = await asyncio.gather(call_off_loop(lambda: release.wait(10)), tick())
    assert answer is True
    assert ticks >= 100


async def test_off_the_loop_there_is_a_deadline_too() -> None:
    release = threading.Event()
    assert await call_off_loop(release.wait, 0.05) == TimedOut(0.05)
    release.set()


async def test_who_no_longer_waits_gets_no_answer() -> None:
    release = threading.Event()
    task = asyncio.create_task(call_off_loop(release.wait))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    release.set()


@pytest.mark.parametrize(
    "script",
    [
        "from omtui.credentials.deadline import *; print(call_within(0.05, lambda: time.sleep(60)))",
        "from omtui.credentials.deadline import *; print(asyncio.run(call_off_loop(lambda: time.sleep(60), 0.05)))",
    ],
)
def test_the_program_ends_at_once_while_a_call_hangs(script: str) -> None:
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", "import asyncio, time; " + script],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert "TimedOut" in done.stdout
    assert time.monotonic() - started < 5
