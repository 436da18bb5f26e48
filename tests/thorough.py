"""Whether long runs were asked for (OMTUI_THOROUGH=1)."""

import os

THOROUGH = os.environ.get("OMTUI_THOROUGH", "") not in ("", "0")


def examples(full: int) -> int:
    """How many examples a law of some seconds gets: all in a long run, half of them in others."""
    return full if THOROUGH else full // 2
