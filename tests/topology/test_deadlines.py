import asyncio
import gc
import threading
import weakref

import pytest

from omtui.topology.deadlines import Deadlines


async def for_ever() -> None:
    await asyncio.Event().wait()


async def test_a_deadline_that_is_kept_does_nothing() -> None:
    deadlines = Deadlines()
    with deadlines.within(10):
        await asyncio.sleep(0)


async def test_a_deadline_passes() -> None:
    deadlines = Deadlines()
    with pytest.raises(TimeoutError), deadlines.within(0.01):
        await for_ever()
    await asyncio.sleep(0)  # nothing of it is left in the task


async def test_the_outer_deadline_goes_through_the_inner_one() -> None:
    deadlines = Deadlines()
    late = []
    try:
        with deadlines.within(0.01):
            try:
                with deadlines.within(10):
                    await for_ever()
            except TimeoutError:
                late.append("inner")
    except TimeoutError:
        late.append("outer")
    assert late == ["outer"]


async def test_the_inner_deadline_leaves_the_outer_one_as_it_is() -> None:
    deadlines = Deadlines()
    order = []
    try:
        with deadlines.within(0.2):
            try:
                with deadlines.within(0.01):
                    await for_ever()
            except TimeoutError:
                order.append("inner")
            await for_ever()
    except TimeoutError:
        order.append("outer")
    assert order == ["inner", "outer"]


async def test_a_later_deadline_after_a_kept_one_passes_in_its_own_time() -> None:
    deadlines = Deadlines()
    loop = asyncio.get_running_loop()
    with deadlines.within(0.02):
        await asyncio.sleep(0)
    began = loop.time()
    with pytest.raises(TimeoutError), deadlines.within(0.06):
        await for_ever()
    assert loop.time() - began >= 0.055


async def test_being_cancelled_is_not_being_late() -> None:
    async def work() -> str:
        deadlines = Deadlines()
        try:
            with deadlines.within(10):
                await for_ever()
        except TimeoutError:
            return "late"
        return "done"

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_deadline_can_be_made_to_pass() -> None:
    deadlines = Deadlines()
    late = False
    try:
        with deadlines.within(10) as scope:
            asyncio.get_running_loop().call_soon(scope.expire)
            await for_ever()
    except TimeoutError:
        late = True
    assert late


async def test_another_error_stays_what_it_is() -> None:
    deadlines = Deadlines()
    with pytest.raises(OSError, match="broken"), deadlines.within(10):
        raise OSError("broken")


async def test_all_tasks_share_one_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    made = 0
    loop = asyncio.get_running_loop()
    call_at = loop.call_at

    def count(*arguments, **how):  # type: ignore[no-untyped-def]
        nonlocal made
        made += 1
        return call_at(*arguments, **how)

    async def work() -> None:
        deadlines = Deadlines()
        with deadlines.within(30):
            for _ in range(20):
                with deadlines.within(5):
                    await asyncio.sleep(0)

    monkeypatch.setattr(loop, "call_at", count)
    await asyncio.gather(*(work() for _ in range(20)))
    assert made == 2  # for the first long one, and for the first short one inside it


async def test_what_takes_long_is_reported_and_goes_on() -> None:
    deadlines = Deadlines()
    late = asyncio.Event()
    with deadlines.within(10), deadlines.after(0.01, late.set):
        await late.wait()
    with deadlines.after(0.01, late.clear):
        pass
    with deadlines.within(10):
        await asyncio.sleep(0.1)  # longer than the forgotten one would have taken
    assert late.is_set()


async def test_a_deadline_passes_while_something_else_takes_long() -> None:
    deadlines = Deadlines()
    late = []
    with pytest.raises(TimeoutError), deadlines.within(0.1), deadlines.after(0.01, lambda: late.append("long")):
        await for_ever()
    assert late == ["long"]


def test_a_loop_that_has_ended_is_let_go() -> None:
    async def work() -> asyncio.AbstractEventLoop:
        with Deadlines().within(10):
            await asyncio.sleep(0)
        return asyncio.get_running_loop()

    ended = weakref.ref(asyncio.run(work()))
    gc.collect()
    assert ended() is None


async def test_what_arrived_in_time_counts_even_when_this_machine_paused() -> None:
    deadlines = Deadlines()
    loop = asyncio.get_running_loop()
    heard: asyncio.Future[str] = loop.create_future()

    def pause() -> None:
        loop.call_later(0, heard.set_result, "in time")
        threading.Event().wait(0.05)

    loop.call_soon(pause)
    with deadlines.within(0.01):
        assert await heard == "in time"
