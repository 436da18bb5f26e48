"""Writing only what changed must show what writing everything would show."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.terminal import Terminal
from tests.workbench.conftest import PROFILE

WALKS = {
    "tasks": ["g 5", "enter", "down", "down", "enter", "escape", "escape", "g 7", "enter", "end", "escape"],
    "dialogs": ["ctrl+p", "down", "escape", "?", "pagedown", "escape", "g 3", "/", "escape", "p", "escape"],
    "findings": ["!", "down", "enter", "escape", "escape", "g f", "g 4", "4", "ctrl+f", "escape"],
}


@pytest.mark.parametrize("size", [(80, 24), (130, 40)])
def test_the_screen_is_what_a_whole_repaint_shows(
    open_terminal: Callable[..., Terminal], tmp_path: Path, size: tuple[int, int]
) -> None:
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "dev.toml").write_text(PROFILE.replace("Pick system", "倉庫 pick 漢字 system"))
    terminal = open_terminal("omtui", "--library", str(folder), "dev", size=size)
    terminal.wait_for("Roles")
    for walk, step in ((walk, step) for walk, steps in WALKS.items() for step in steps):
        terminal.press(*(key for key in step.split()))
        terminal.wait_until_quiet()
        shown = cells(terminal)
        terminal.resize(size[0] - 1, size[1])
        terminal.wait_until_quiet()
        terminal.resize(*size)
        terminal.wait_until_quiet()
        assert cells(terminal) == shown, (walk, step)


def cells(terminal: Terminal) -> list[list[tuple[object, ...]]]:
    """Every cell with its looks."""
    columns, lines = terminal.screen.columns, terminal.screen.lines
    return [
        [(c.data, c.fg, c.bg, c.bold, c.reverse) for c in (terminal.screen.buffer[y][x] for x in range(columns))]
        for y in range(lines)
    ]
