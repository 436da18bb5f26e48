"""How often Python looks for garbage once a program runs on: seldom, and never in what start-up brought."""

import gc

_YOUNG, _MIDDLE, _OLD = 10_000, 20, 50
"""Objects made since the last look, and looks at the younger after which the older are looked at: Python's own 700, 10
and 10 cost a review of thousands of endpoints a sixtieth of its time, in two hundred pauses instead of four."""


def collect_seldom() -> None:
    """From here on garbage is looked for; what is there already stays and is not looked at again."""
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
    gc.enable()
