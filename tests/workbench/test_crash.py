"""A fault of omtui's own ends it with the terminal whole, says what it was, and keeps where it was."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.terminal import Terminal
from tests.workbench.conftest import PROFILE

CODE = """
from omtui.workbench.app import Workbench
def broken():
    raise ValueError("the fault that was planted")
def in_a_key(self):
    broken()
def in_a_worker(self):
    self.run_worker(broken, thread=True)
Workbench.do_help = {where}
from omtui.cli import run
raise SystemExit(run())
"""


@pytest.mark.parametrize("keys", ["?", "g3\x1b[B\r?abc\x1b[B\rg5"], ids=["one key", "a burst"])
@pytest.mark.parametrize("options", [[], ["--ascii"]], ids=["normal", "ascii"])
@pytest.mark.parametrize("where", ["in_a_key", "in_a_worker"])
def test_a_crash_leaves_the_terminal_whole_and_a_report(
    open_terminal: Callable[..., Terminal], tmp_path: Path, where: str, options: list[str], keys: str
) -> None:
    (tmp_path / "dev.toml").write_text(PROFILE)
    command = ["python", "-c", CODE.format(where=where), "--library", str(tmp_path), *options, "dev"]
    terminal = open_terminal(*command, home=tmp_path / "home")
    terminal.wait_for("Manage Task Types")
    terminal.send(keys.encode())
    assert terminal.wait_for_exit() not in (0, None)
    assert terminal.modes_left_on() == []
    said = " ".join(terminal.text().split())
    assert "omtui stopped on a fault of its own (ValueError: the fault that was planted)" in said
    assert "Traceback" not in said
    [report] = (tmp_path / "home").rglob("crash-*.txt")
    lines = report.read_text().splitlines()
    assert "ValueError: the fault that was planted" in lines
    assert any(line.startswith("  ") and line.endswith(" broken") for line in lines)
