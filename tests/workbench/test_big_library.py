"""A library of thousands of profiles: it fills bit by bit, and keys are answered meanwhile."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from omtui.service.workspace import Workspace
from omtui.workbench.app import Workbench
from omtui.workbench.keymap import keymap
from omtui.workbench.screens.library import LibraryScreen
from omtui.workbench.terminal import Terminal
from tests.thorough import THOROUGH

COUNT = 5000 if THOROUGH else 300
PROFILE = """\
schema = 1

[profile]
name = "p{number:05}"
environment = "{environment}"

[pod]
url = "https://fa-p{number}-test.fa.ocs.example"
"""


def _library(folder: Path, count: int) -> Workbench:
    (folder / "library").mkdir(parents=True)
    for number in range(count):
        text = PROFILE.format(number=number, environment=("development", "test")[number % 2])
        (folder / "library" / f"p{number:05}.toml").write_text(text)
    workspace = Workspace(folder / "library", state=folder / "state")
    return Workbench(workspace, Terminal(mouse=False), keymap({}), profile=None)


async def _longest(app: Workbench, done: Callable[[], bool]) -> float:
    """The longest stretch, in seconds of this thread's own time, for which a key would have waited."""
    longest, turns, deadline = 0.0, 0, time.monotonic() + 110
    while turns < 60 or not done():
        assert time.monotonic() < deadline
        if turns % 10 == 0:
            app.simulate_key("up" if turns % 20 else "down")
        start = time.thread_time()
        await asyncio.sleep(0)
        longest = max(longest, time.thread_time() - start)
        turns += 1
        await asyncio.sleep(0.001)
    return longest


def _is_filled(app: Workbench, count: int) -> bool:
    screen = app.screen
    assert isinstance(screen, LibraryScreen)
    return screen.grid.row_count == count and all(each.counts is not None for each in screen._listed)


async def test_no_key_waits_for_a_big_library(tmp_path: Path) -> None:
    """However busy the machine is: compared with a library of a few screens, whose rows are drawn as well."""
    app = _library(tmp_path / "small", 120)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        small = await _longest(app, lambda: _is_filled(app, 120))
    app = _library(tmp_path / "big", COUNT)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, LibraryScreen)
        assert await _longest(app, lambda: _is_filled(app, COUNT)) < max(0.05, 3 * small)
        await pilot.press("end")
        assert screen.grid.cursor_row == COUNT - 1
        folder = tmp_path / "big" / "library"
        (folder / "p00003.toml").unlink()
        (folder / "p00001.toml").write_text(PROFILE.format(number=1, environment="production"))
        screen.fresh()
        deadline = time.monotonic() + 60
        while len(screen._listed) == COUNT or screen._listed[1].environment != "production":
            assert time.monotonic() < deadline
            await pilot.pause(0.05)
        assert [each.name for each in screen._listed[:5]] == ["p00000", "p00001", "p00002", "p00004", "p00005"]
