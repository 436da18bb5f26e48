"""How hard the laws are tried: quickly on a person's machine, thoroughly where OMTUI_THOROUGH says so (CI)."""

import os
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

TIMES = int(os.environ.get("OMTUI_THOROUGH", "1"))


def law(examples: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A test that takes a `seed` and must hold for any. So many are tried, times OMTUI_THOROUGH."""

    def decorate(test: Callable[..., Any]) -> Callable[..., Any]:
        return settings(max_examples=examples * TIMES)(given(seed=st.integers(0, 2**64 - 1))(test))

    return decorate
