"""Everything that has a key can be reached by mouse; and values reach the clipboard through tmux."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.programs import require
from tests.terminal import Terminal
from tests.workbench.conftest import PROFILE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library with one profile, `dev`."""
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "dev.toml").write_text(PROFILE)
    return folder


def test_by_mouse_alone(open_terminal: Callable[..., Terminal], folder: Path) -> None:
    terminal = open_terminal("omtui", "--library", str(folder), size=(80, 24))
    terminal.wait_for("dev")
    terminal.click_on("dev")
    terminal.click_on("Open")
    terminal.wait_for("Manage Task Types")
    terminal.click_on("Manage External Interface Web")
    terminal.click_on("Edit")
    terminal.wait_for("Connector01")
    terminal.click_on("Certificates 0")
    terminal.wait_for("No certificates yet")
    terminal.click_on("Help")
    terminal.wait_for("Escape goes back")
    terminal.press("escape")
    terminal.click_on("Go")
    terminal.wait_for("Go to")
    terminal.click_on("Routing rules")
    terminal.wait_for("Route Invoice")


def test_the_tasks_at_the_left_are_clicked(open_terminal: Callable[..., Terminal], folder: Path) -> None:
    terminal = open_terminal("omtui", "--library", str(folder), "dev", size=(140, 40))
    terminal.wait_for("Manage Task Types")
    terminal.press("g", "5")
    terminal.wait_for("Connector01")
    terminal.click_on("Routing rules")
    terminal.wait_for("Route Invoice Request 01")


def test_over_ssh_in_tmux_a_value_reaches_its_buffer(open_terminal: Callable[..., Terminal], folder: Path) -> None:
    require("tmux")
    socket = folder / "tmux"
    tmux = [shutil.which("tmux") or "tmux", "-S", str(socket), "-f", "/dev/null"]
    run = f"{sys.executable} -c 'from omtui.cli import run; raise SystemExit(run())' --library {folder} dev"
    environment = {"PYTHONPATH": os.getcwd(), "SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"}  # noqa: PTH109
    terminal = open_terminal(*tmux, "new-session", run, size=(100, 30), env=environment)
    try:
        terminal.wait_for("Manage Task Types")
        terminal.press("g", "5", "y")
        terminal.wait_for("sent to your terminal: Connector01")
        shown = subprocess.run([*tmux, "show-buffer"], capture_output=True, text=True, check=True).stdout
        assert shown == "Connector01"
        terminal.press("ctrl+q")
        terminal.wait_for_exit()
    finally:
        subprocess.run([*tmux, "kill-server"], capture_output=True, check=False)
