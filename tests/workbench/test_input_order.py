"""Keys that arrive together do what they do one by one, all keys on all screens."""

import asyncio
import random
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from omtui.workbench.input_parser import InputParser
from omtui.workbench.screens.record import RecordScreen
from omtui.workbench.widgets.grid import Grid
from tests.terminal import Terminal
from tests.terminal.keys import bytes_of_key
from tests.thorough import THOROUGH
from tests.workbench.conftest import PROFILE, Driven, Open

ESCAPE = "\x1b[27u"
"""Escape as terminals send it that can distinguish it from the start of a sequence."""

LINE = ["a", "b", "Z", "1", " ", "backspace", "delete", "home", "end", "left", "right", "ctrl+u", "ctrl+k", "ctrl+w"]
MOVES = ["up", "down", "pageup", "pagedown", "home", "end"]
EDITS = ["enter", "tab", "shift+tab", "escape", "d", "delete", "ctrl+z", "ctrl+y", "n"]
SHEETS = ("source_systems", "planning_source_systems", "connectors", "routing_rules")


def sent(key: str) -> str:
    return ESCAPE if key == "escape" else bytes_of_key(key).decode()


def random_keys(source: random.Random) -> list[str]:
    """Keys as in real work: going somewhere, then editing and moving in any order."""
    way = source.choice((["g", "3"], ["g", "4"], ["g", "5"], ["g", "7"], ["g", "g"], ["ctrl+p"], ["/"]))
    weights = source.choice(((6, 2, 2), (1, 4, 4), (2, 1, 6)))
    keys = [source.choice(source.choices((LINE, MOVES, EDITS), weights)[0]) for _ in range(source.randint(3, 25))]
    return [*way, *source.choice(([], ["enter"], ["enter", "enter"])), *keys]


async def pressed_together(driven: Driven, keys: list[str]) -> None:
    """What the terminal's thread does with keys that come in one read."""
    for message in InputParser().feed("".join(map(sent, keys))):
        driven.app.post_message(message)
    await asyncio.sleep(0)
    while driven.app.input_order.is_busy:
        await asyncio.sleep(0)
    await driven.pilot.pause()


async def pressed_one_by_one(driven: Driven, keys: list[str]) -> None:
    for key in keys:
        await pressed_together(driven, [key])


def state(driven: Driven) -> object:
    """What a person has in front of himself, and what was changed."""
    screens = [
        (type(screen).__name__, screen.path if isinstance(screen, RecordScreen) else ())
        for screen in driven.app.screen_stack
    ]
    rows = [(grid.cursor_row, grid.scroll_y) for grid in driven.app.screen.query(Grid)]
    lines = [(line.value, line.cursor_position) for line in driven.app.screen.query("Input").results()]  # type: ignore[attr-defined]
    focused = type(driven.app.focused).__name__
    session = driven.app.session
    return screens, rows, lines, focused, session.data if session else None


@pytest.mark.parametrize("seed", range(200 if THOROUGH else 12))
async def test_keys_of_one_burst_keep_their_order(open_workbench: Open, library: Path, seed: int) -> None:
    keys = random_keys(random.Random(seed))
    found = []
    for press in (pressed_together, pressed_one_by_one):
        async with open_workbench("dev", size=(100, 30)) as driven:
            await press(driven, keys)
            found.append(state(driven))
        for kept in library.parent.joinpath("xdg_state_home").rglob("*.sqlite*"):
            kept.unlink()
    assert found[0] == found[1], keys


BURSTS = [
    (["backspace", "backspace", "X", "Y"], "Pick systXY"),
    (["ctrl+u", *"NEW"], "NEW"),
    (["home", "Z"], "ZPick system"),
    (["left", "left", "Z", "end", "!"], "Pick systZem!"),
]


@pytest.mark.parametrize(("keys", "name"), BURSTS, ids=lambda value: "".join(value))
def test_a_slow_line_delivers_everything_in_one_read(
    open_terminal: Callable[..., Terminal], tmp_path: Path, keys: list[str], name: str
) -> None:
    (tmp_path / "dev.toml").write_text(PROFILE)
    terminal = open_terminal("omtui", "--library", str(tmp_path), "dev")
    terminal.wait_for("Manage Task Types")
    everything = ["g", "3", "enter", "down", "enter", "right", *keys, "enter", "ctrl+s"]
    terminal.send("".join(map(sent, everything)).encode())
    terminal.wait_for("saved dev.toml")
    assert tomllib.loads((tmp_path / "dev.toml").read_text())["source_systems"][0]["name"] == name
