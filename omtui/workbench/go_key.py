"""The two-key way to a step: `g`, then the step's number or letter, typed or clicked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omtui.setup.catalogue import BY_STEP
from omtui.workbench.screens.base import WorkScreen
from omtui.workbench.screens.profile import ProfileScreen
from omtui.workbench.widgets.bars import KeyBar

if TYPE_CHECKING:
    from omtui.workbench.host import Host

LETTERS = {"p": "profile", "f": "flow", "r": "related"}

PLACES = (
    *((number, number) for number in "0123"),
    ("4", "4 (4.1)"),
    *((number, number) for number in "56789"),
    ("p", "p profile"),
    ("f", "f flow"),
    ("r", "r related"),
    ("o", "o overview"),
    ("h", "h library"),
)
"""The second keys, and how the line in place of the footer shows them."""


class GoKey:
    """What the key after `g` means. It waits on the screen on which `g` was pressed, and nowhere else."""

    def __init__(self, app: Host) -> None:
        self._app = app
        self._screen: WorkScreen | None = None
        self._again = False
        """Whether step 4 was just gone to: another 4 goes on to 4.1, any other key means what it always means."""

    def begin(self, screen: WorkScreen) -> None:
        """Wait for the second key, and show what it can be."""
        self._screen = screen
        screen.query_one(KeyBar).hint("go:", PLACES)

    def takes(self, key: str) -> bool:
        """Go where a key leads, if one is waited for; whether the key was used up by that."""
        screen, again = self._end()
        if screen is None or screen is not self._app.screen:
            return False
        if again and key != "4":
            return False
        self._go(screen, "4.1" if again else key)
        return True

    def _end(self) -> tuple[WorkScreen | None, bool]:
        screen, again = self._screen, self._again
        self._screen, self._again = None, False
        if screen is not None and screen.is_attached:
            screen.query_one(KeyBar).hint("")
        return screen, again

    def _go(self, screen: WorkScreen, key: str) -> None:
        app = self._app
        if key == "4":
            here = screen.setup_task.step if isinstance(screen, ProfileScreen) and screen.setup_task else ""
            app.show_step("4.1" if here == "4" else "4")
            if here != "4" and isinstance(app.screen, WorkScreen):
                self._screen, self._again = app.screen, True
        elif key in BY_STEP or key in LETTERS:
            app.show_step(LETTERS.get(key, key))
        elif key == "o":
            app.show_overview()
        elif key == "h":
            screen.carry_out("home")
        elif key != "escape":
            screen.show_message(f"g {key} goes nowhere: {', '.join(key for key, _ in PLACES)}", wrong=True)
