"""A library of thousands of profiles: it fills bit by bit, and keys are answered meanwhile."""

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from textual.pilot import Pilot

from omtui.service.workspace import Workspace
from omtui.workbench.app import Workbench
from omtui.workbench.keymap import keymap
from omtui.workbench.screens.library import LibraryScreen
from omtui.workbench.terminal import Terminal as Dumb
from tests.terminal import Terminal
from tests.terminal.keys import bytes_of_key
from tests.thorough import THOROUGH

COUNT = 5000
ONE_SCREEN = 36

PROFILE = """\
schema = 1

[profile]
name = "p{number:05}"
environment = "{environment}"

[pod]
url = "https://fa-p{number}-test.fa.ocs.example"
"""


def _write(folder: Path, count: int) -> None:
    folder.mkdir()
    for number in range(count):
        text = PROFILE.format(number=number, environment=("development", "test")[number % 2])
        (folder / f"p{number:05}.toml").write_text(text)


def _cost(terminal: Terminal, key: str, shows: bytes) -> float:
    """Milliseconds of the drawing thread's own time from a key to the end of the frame that shows what it did."""
    raw = bytearray()
    terminal.process.on_output = lambda piece, _: raw.extend(piece)
    before = _own_time(terminal)
    terminal.send(bytes_of_key(key))
    terminal.wait_for(lambda _: shows in raw and raw.endswith(b"\x1b[?2026l"))
    return _own_time(terminal) - before


def _own_time(terminal: Terminal) -> float:
    return int(Path(f"/proc/{terminal.process.pid}/schedstat").read_text().split()[0]) / 1e6


KEYS = {"down": 1, "up": -1, "pagedown": 23, "pageup": -23, "end": COUNT, "home": -COUNT}


def test_no_key_waits_for_a_big_library(open_terminal: Callable[..., Terminal], tmp_path: Path) -> None:
    """While it fills, a key costs about what it costs in a library of one screen, however busy the machine is."""
    terminals = {}
    for count in (ONE_SCREEN, COUNT):
        _write(tmp_path / str(count), count)
        terminals[count] = open_terminal("omtui", "--library", str(tmp_path / str(count)), size=(120, 31))
        terminals[count].wait_for("p00001")
        terminals[count].is_watched = False
    costs: dict[int, list[float]] = {count: [] for count in terminals}
    rows = dict.fromkeys(terminals, 0)
    for key in ["down", "down", "pagedown", "up", "pageup", "end", "up", "home"] * (20 if THOROUGH else 4):
        for count, terminal in terminals.items():
            rows[count] = max(0, min(count - 1, rows[count] + KEYS.get(key, 0)))
            costs[count].append(_cost(terminal, key, b"p%05d" % rows[count]))
    small, big = (sorted(each) for each in costs.values())
    assert median(big) < 2.5 * median(small), costs
    assert big[-1 - len(big) // 20] < 4 * small[-1 - len(small) // 20], costs
    if THOROUGH:  # on a machine that does nothing else
        assert big[-1] < 80, costs


async def test_a_big_library_fills_and_follows_its_files(tmp_path: Path) -> None:
    count = COUNT if THOROUGH else 300
    folder = tmp_path / "library"
    _write(folder, count)
    app = Workbench(Workspace(folder, state=tmp_path / "state"), Dumb(mouse=False), keymap({}), profile=None)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, LibraryScreen)
        await _until(pilot, lambda: all(each.counts is not None for each in screen._listed))
        await pilot.press("end")
        assert screen.grid.cursor_row == count - 1
        (folder / "p00003.toml").unlink()
        (folder / "p00001.toml").write_text(PROFILE.format(number=1, environment="production"))
        screen.fresh()
        await _until(pilot, lambda: len(screen._listed) < count and screen._listed[1].environment == "production")
        assert [each.name for each in screen._listed[:5]] == ["p00000", "p00001", "p00002", "p00004", "p00005"]
        assert [screen.grid.row(number)[1].text for number in (2, 3)] == ["p00002", "p00004"]


async def _until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 110
    while not holds():
        assert time.monotonic() < deadline
        await pilot.pause(0.05)
