"""The two-key way to a step: `g`, then the step's number or letter, typed or clicked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omtui.plain_text import plain
from omtui.service.progress import state_of
from omtui.setup.catalogue import BY_STEP, TASKS
from omtui.workbench.screens.base import WorkScreen
from omtui.workbench.screens.profile import ProfileScreen
from omtui.workbench.widgets.go_panel import GoPanel, Way
from omtui.workbench.widgets.rail import STATE_STYLES, state_sign

if TYPE_CHECKING:
    from omtui.workbench.host import Host

LETTERS = {"p": "profile", "f": "flow", "r": "related"}

OTHERS = {"o": "Overview", "h": "Library"}

SHOWN_AFTER = 0.25
"""Seconds after which the panel is shown: who knows the way types faster than that."""


class GoKey:
    """What the key after `g` means. It waits on the screen on which `g` was pressed, and nowhere else."""

    def __init__(self, app: Host) -> None:
        self._app = app
        self._screen: WorkScreen | None = None
        self._again = False
        """Whether step 4 was just gone to: another 4 goes on to 4.1, any other key means what it always means."""
        self._panel: GoPanel | None = None

    def begin(self, screen: WorkScreen) -> None:
        """Wait for the second key, and show what it can be when it does not come at once."""
        self._screen = screen
        screen.set_timer(SHOWN_AFTER, self._show)

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
        if self._panel is not None:
            self._panel.remove()
            self._panel = None
        return screen, again

    def _show(self) -> None:
        screen = self._screen
        if screen is None or self._again or self._panel is not None or screen is not self._app.screen:
            return
        signs = self._app.signs
        states = {task.step: state_of(screen.session, task) for task in TASKS}
        ways = []
        for step, state in states.items():
            key = next((key for key, name in LETTERS.items() if name == step), "4 4" if step == "4.1" else step)
            ways.append(Way(key, state.task.short, state_sign(signs, state.word), STATE_STYLES[state.word]))
        ways.sort(key=lambda way: not way.key[0].isdigit())
        self._panel = GoPanel([*ways, *(Way(key, words) for key, words in OTHERS.items())], screen.size.width)
        screen.mount(self._panel)

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
            keys = ", ".join([*"0123456789", *LETTERS, *OTHERS])
            screen.show_message(f"g {plain(key)} goes nowhere: {keys}", wrong=True)
