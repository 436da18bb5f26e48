"""A library of thousands of profiles: it fills bit by bit, and keys are answered meanwhile."""

import asyncio
import time
from pathlib import Path

from omtui.service.workspace import Workspace
from omtui.workbench.app import Workbench
from omtui.workbench.keymap import keymap
from omtui.workbench.screens.library import LibraryScreen
from omtui.workbench.terminal import Terminal
from tests.thorough import THOROUGH

COUNT = 5000 if THOROUGH else 600
PROFILE = """\
schema = 1

[profile]
name = "p{number:05}"
environment = "{environment}"

[pod]
url = "https://fa-p{number}-test.fa.ocs.example"
"""


async def test_no_key_waits_for_a_big_library(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    folder.mkdir()
    for number in range(COUNT):
        text = PROFILE.format(number=number, environment=("development", "test")[number % 2])
        (folder / f"p{number:05}.toml").write_text(text)
    app = Workbench(Workspace(folder, state=tmp_path / "state"), Terminal(mouse=False), keymap({}), profile=None)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = app.screen
        assert isinstance(screen, LibraryScreen)
        longest, turns = 0.0, 0
        rows = {screen.grid.row_count}
        deadline = time.monotonic() + 100
        while not all(each.counts is not None for each in screen._listed) or screen.grid.row_count < COUNT:
            assert time.monotonic() < deadline
            if turns % 50 == 0:
                app.simulate_key("down" if turns % 100 else "up")
            start = time.thread_time()
            await asyncio.sleep(0)
            # What this thread works at a stretch is how long a key waits, however busy the machine is.
            longest = max(longest, time.thread_time() - start)
            turns += 1
            rows.add(screen.grid.row_count)
            await asyncio.sleep(0.001)
        assert longest < 0.1 if not THOROUGH else 0.05, longest
        assert len(rows) > 5, "bit by bit"
        await pilot.press("end")
        assert screen.grid.cursor_row == COUNT - 1
        (folder / "p00003.toml").unlink()
        (folder / "p00001.toml").write_text(PROFILE.format(number=1, environment="production"))
        screen.fresh()
        while len(screen._listed) == COUNT or screen._listed[1].environment != "production":
            assert time.monotonic() < deadline
            await pilot.pause(0.05)
        assert [each.name for each in screen._listed[:5]] == ["p00000", "p00001", "p00002", "p00004", "p00005"]
