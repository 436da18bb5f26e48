"""Make the README's pictures from the running program: `python -m tests.screens`. Needs rsvg-convert."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.terminal import Terminal
from tests.terminal.picture import save

FOLDER = Path(__file__).parent
PROFILES = FOLDER.parents[1] / "profiles"
SIZE = (120, 36)


class Shot(NamedTuple):
    """What is started, and the keys and waits that lead to the picture."""

    command: tuple[str, ...]
    steps: tuple[str, ...]


VISION = ("omtui", "--library", str(PROFILES), "vision-dev")
SHOTS = {
    "rule": Shot(VISION, ("wait:Manage Task Types", "g", "7", "wait:If Task Type")),
    "findings": Shot(("omtui", "--library", str(PROFILES), "source-text"), ("wait:Manage Task Types", "f2", "f2")),
    "review": Shot(
        ("omtui", "demo"), ("wait:practice-broken", "enter", "wait:Manage", "v", "wait:probes all", "a",
         "wait:46 failed", *["down"] * 11)
    ),
    "promotion": Shot(VISION, ("wait:Manage Task Types", "P", "wait:vision-test", "enter", "wait:By hand")),
    "rehearsal": Shot(
        ("omtui", "demo"),
        ("wait:practice-dev", "down", "enter", "wait:Manage Task Types", "R", "wait:Orders to rehearse",
         *"orders", "enter", "wait:ambiguous"),
    ),
}  # fmt: skip


def take(shot: Shot) -> Terminal:
    """Start the program and press the keys."""
    terminal = Terminal(*shot.command, size=SIZE)
    for step in shot.steps:
        if step.startswith("wait:"):
            terminal.wait_for(step.removeprefix("wait:"))
        else:
            terminal.press(step)
    terminal.wait_until_quiet(0.8)
    return terminal


def main(report: Callable[[str], object] = print) -> None:
    """Make every picture."""
    for name, shot in SHOTS.items():
        with take(shot) as terminal:
            save(terminal.screen, FOLDER / f"{name}.png")
            report(terminal.picture())


if __name__ == "__main__":
    main()
