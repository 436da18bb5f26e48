"""The driver itself, with real programs: a shell, tmux and a Textual app."""

import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.programs import require
from tests.terminal import Terminal

Opener = Callable[..., Terminal]

APP = """
from textual.app import App
from textual.content import Content
from textual.widgets import Input, Static

class Echo(App):
    BINDINGS = [
        ("ctrl+s", "copy", ""), ("shift+f12,f24", "say('usages')", ""), ("escape", "say('escaped')", "")
    ]

    def compose(self):
        yield Input(placeholder="a name")
        yield Static("[b]ready[/b] 注文|", id="said")

    def action_copy(self):
        self.copy_to_clipboard("copied " + self.query_one(Input).value)

    def action_say(self, text):
        self.query_one("#said", Static).update(Content(text))

    def on_input_submitted(self, event):
        self.action_say(f"submitted <{event.value}>")

    def on_click(self, event):
        self.action_say(f"clicked {event.screen_x},{event.screen_y}")

    def on_resize(self, event):
        self.title = f"{event.size.width}x{event.size.height}"
        self.query_one(Input).placeholder = self.title

Echo().run()
"""


@pytest.fixture
def app(open_terminal: Opener, tmp_path: Path) -> Terminal:
    (tmp_path / "echo.py").write_text(APP)
    terminal = open_terminal("python", "echo.py", size=(60, 12))
    terminal.wait_for("ready")
    return terminal


def test_keys_text_and_paste_arrive(app: Terminal) -> None:
    app.type("Connector01")
    app.press("space", "x", "backspace", "é")
    app.paste(" [Invoice]")
    app.press("enter")
    app.wait_for("submitted <Connector01 é [Invoice]>")
    app.press("f24")
    app.wait_for("usages")
    app.press("escape", "ctrl+s")
    app.wait_for("escaped")
    assert app.clipboard == ["copied Connector01 é [Invoice]"]


def test_cells_have_colours_and_width(app: Terminal) -> None:
    x, y = app.find("ready")
    assert app.cell(x, y).bold
    assert app.find("注文|") == (x + 6, y)
    assert app.find("|") == (x + 10, y)
    assert app.cell(x + 7, y).data == ""
    assert re.fullmatch("[0-9a-f]{6}", app.cell(x, y).bg)


def test_the_mouse_and_the_size(app: Terminal) -> None:
    x, y = app.find("ready")
    app.click_on("ready")
    app.wait_for(f"clicked {x + 2},{y}")
    app.resize(50, 9)
    app.wait_for("50x9")
    assert app.modes_left_on()  # while it runs: alternate screen, mouse …
    with pytest.raises(AssertionError, match="not on the screen"):
        app.find("60x12")


def test_nothing_is_left_after_a_clean_end(app: Terminal) -> None:
    app.press("ctrl+q")
    assert app.wait_for_exit() == 0
    assert app.modes_left_on() == []


def test_what_a_killed_program_leaves_is_reported(app: Terminal) -> None:
    app.send_signal(signal.SIGKILL)
    assert app.wait_for_exit() == -signal.SIGKILL
    left = app.modes_left_on()
    assert {"alternate screen (1049)", "cursor hidden", "line settings (raw, no echo)"} <= set(left)


def test_hanging_up_sends_sighup(open_terminal: Opener) -> None:
    terminal = open_terminal("sh", "-c", "trap 'echo gone >gone; exit 3' HUP; echo up; while :; do read x; done")
    terminal.wait_for("up")
    terminal.hang_up()
    assert terminal.wait_for_exit() == 3
    assert (terminal.home.parent / "gone").exists()


def test_the_environment_is_clean(open_terminal: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "1.2.3.4 5 6.7.8.9 22")
    terminal = open_terminal("env", env={"NO_COLOR": "1", "LANG": None}, size=(300, 40))
    assert terminal.wait_for_exit() == 0
    variables = dict(line.split("=", 1) for line in terminal.lines() if line)
    assert not {"SSH_CONNECTION", "LANG", "TMUX", "COLORTERM"} & set(variables)
    assert variables["NO_COLOR"] == "1"
    assert variables["HOME"] == str(terminal.home)


def test_a_wait_that_fails_shows_the_screen(open_terminal: Opener) -> None:
    terminal = open_terminal("sh", "-c", "echo something else; exit 7")
    with pytest.raises(AssertionError, match=r"ended with 7(?s:.)*something else"):
        terminal.wait_for("the text")


def test_a_condition_is_waited_for(open_terminal: Opener, tmp_path: Path) -> None:
    terminal = open_terminal("sh", "-c", "read line; echo $line >saved; read more")
    terminal.type("kept\r")
    terminal.wait_for(lambda _: (tmp_path / "saved").exists() and (tmp_path / "saved").read_text() == "kept\n")


def test_quiet_means_done(open_terminal: Opener) -> None:
    terminal = open_terminal("python", "-c", "sum(range(20_000_000)); print('done'); input()")
    terminal.wait_until_quiet()
    assert "done" in terminal.text()


def test_costs_are_measured(open_terminal: Opener) -> None:
    terminal = open_terminal("python", "-c", "x = bytearray(50_000_000); print(sum(range(3_000_000))); input()")
    terminal.wait_for("4499998500000")
    assert terminal.process.cpu_seconds() > 0.01
    assert terminal.process.peak_memory() > 50_000_000
    terminal.press("enter")
    assert terminal.wait_for_exit() == 0
    assert terminal.process.usage is not None
    assert terminal.bytes_written == len("4499998500000\r\n\r\n")


def test_more_input_than_the_kernel_holds(open_terminal: Opener) -> None:
    """Both directions at once, far above the buffers of a terminal."""
    script = "import os, sys, tty; tty.setraw(0); n = 0\nprint('go', flush=True)\n"
    script += "while n < 300_000: data = os.read(0, 65536); n += len(data); os.write(1, data)\nprint('all', n)"
    terminal = open_terminal(sys.executable, "-c", script)
    terminal.wait_for("go")
    terminal.send(b"x" * 300_000)
    terminal.wait_for("all 300000")


def test_inside_tmux(open_terminal: Opener, tmp_path: Path) -> None:
    require("tmux")
    (tmp_path / "echo.py").write_text(APP)
    (tmp_path / "tmux.conf").write_text("set -s escape-time 10\nset -g default-terminal tmux-256color\n")
    tmux = ("tmux", "-f", "tmux.conf", "-S", "tmux.socket")
    terminal = open_terminal(*tmux, "new-session", f"{sys.executable} echo.py", size=(60, 12))
    try:
        terminal.wait_for("ready 注文|")
        terminal.type("abc")
        terminal.press("enter")
        terminal.wait_for("submitted <abc>")
        terminal.resize(70, 15)
        terminal.press("shift+f12")
        terminal.wait_for("usages")
        terminal.press("ctrl+q")
        assert terminal.wait_for_exit() == 0
        assert terminal.modes_left_on() == []
    finally:
        open_terminal(*tmux, "kill-server").wait_for_exit()
