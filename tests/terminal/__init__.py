"""A real terminal for tests: a command in a PTY, its output on an emulated screen.

See `Terminal` for the use; `python -m tests.terminal.picture` draws a screen as PNG or SVG.
"""

from tests.terminal.screen import Cell
from tests.terminal.terminal import Terminal

__all__ = ["Cell", "Terminal"]
