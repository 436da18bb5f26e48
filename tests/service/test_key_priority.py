import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.service import key_priority
from omtui.service.key_priority import MOMENT, KeyPriority


def test_nobody_waits_while_no_key_is_pressed() -> None:
    began = time.monotonic()
    for _ in range(1000):
        KeyPriority().give_way()
    assert time.monotonic() - began < 10 * MOMENT, "not one of a thousand waited its moment"


def test_the_background_pauses_for_a_moment() -> None:
    found = KeyPriority()
    found.pressed()
    began = time.monotonic()
    background = threading.Thread(target=found.give_way)
    background.start()
    background.join(10)
    assert not background.is_alive()
    assert time.monotonic() - began > MOMENT / 2


@given(st.lists(st.floats(0.0, 0.5), min_size=1, max_size=200))
def test_a_key_held_down_leaves_the_background_half_of_the_time(gaps: list[float]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        clock = [1000.0]
        patch.setattr(key_priority.time, "monotonic", lambda: clock[0])
        found = KeyPriority()
        halted = 0.0
        for gap in gaps:
            found.pressed()
            halted += max(0.0, min(found._until - clock[0], gap))
            clock[0] += gap
        assert halted <= (clock[0] - 1000.0) / 2 + MOMENT
