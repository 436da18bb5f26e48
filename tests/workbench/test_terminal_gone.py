"""A terminal that vanishes ends the program, in the middle of anything: no process is left that nobody can see."""

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.terminal import Terminal
from tests.thorough import THOROUGH
from tests.workbench.conftest import PROFILE

SEED = int(os.environ.get("OMTUI_KEYS_SEED") or random.randrange(10_000))
IGNORES = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
RUN = "from omtui.cli import run; raise SystemExit(run())"
KEYS = (
    b"g3",
    b"\r",
    b"\x1b[B",
    b"/",
    b"\x10",
    b"W",
    b"v",
    b"!",
    b"P",
    b"\x1b[27u",
    b"abc",
    b"n",
    b"D",
    b"?",
    b"H",
    b"C",
)
"""Into lists, fields, dialogs and a review, whose worker goes on in the background."""


def burst(source: random.Random) -> bytes:
    return b"".join(source.choice(KEYS) for _ in range(source.randint(1, 60)))


def test_no_process_is_left_when_its_terminal_is_gone(open_terminal: Callable[..., Terminal], tmp_path: Path) -> None:
    print(f"OMTUI_KEYS_SEED={SEED}")
    source = random.Random(SEED)
    for number in range(60 if THOROUGH else 6):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        (folder / "dev.toml").write_text(PROFILE.replace("soa.pick.example", "127.0.0.1:9"))
        code = source.choice((IGNORES, "")) + RUN
        terminal = open_terminal("python", "-c", code, "--library", str(folder), "dev", home=folder / "home")
        if number % 3 == 0:
            terminal.process.read_for(source.random() * 1.5)  # while it starts
        else:
            terminal.wait_for("Manage Task Types")
            for _ in range(source.randint(0, 3)):
                terminal.send(burst(source))
                terminal.process.read_for(source.random() * 0.3)
            terminal.send(burst(source))
        terminal.hang_up()
        terminal.wait_for_exit(5)
        crashes = [path.read_text() for path in folder.rglob("crash-*.txt")]
        assert not crashes, (number, SEED, crashes)


WHILE_IT_STARTS = """
import select
import sys
from omtui.workbench import app
end_cleanly = app.end_cleanly
def late(leave):
    sys.__stderr__.write("nearly there\\n")
    gone = select.poll()
    gone.register(0, 0)
    gone.poll()
    end_cleanly(leave)
app.end_cleanly = late
"""
WITH_MUCH_TO_DRAW = """
from omtui.workbench.app import Workbench
leave = Workbench.leave
def draw_and_leave(self, code=0):
    for _ in range(100):
        self._driver.write("x")
    leave(self, code)
Workbench.leave = draw_and_leave
"""
"""More than Textual's thread that writes takes before it lets the program wait."""


@pytest.mark.parametrize("moment", [WHILE_IT_STARTS, WITH_MUCH_TO_DRAW])
def test_it_ends_where_no_signal_says_so(open_terminal: Callable[..., Terminal], tmp_path: Path, moment: str) -> None:
    (tmp_path / "dev.toml").write_text(PROFILE)
    code = IGNORES + moment + RUN
    terminal = open_terminal("python", "-c", code, "--library", str(tmp_path), "dev", home=tmp_path / "home")
    terminal.wait_for("nearly there" if moment is WHILE_IT_STARTS else "Manage Task Types")
    terminal.hang_up()
    terminal.wait_for_exit(5)
