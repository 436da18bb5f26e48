"""What a terminal is shown, and what two programs at once do to each other."""

import re
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from omtui.text_width import width_of
from tests.commands.conftest import PROFILE
from tests.terminal import Terminal
from tests.terminal.process import TerminalProcess
from tests.terminal.terminal import environment, resolved

OpenTerminal = Callable[..., Terminal]


def shown(terminal: Terminal) -> str:
    terminal.wait_for_exit()
    return terminal.text()


class TestTerminal:
    def test_colour_only_here_and_not_where_it_is_unwanted(self, library: Path, open_terminal: OpenTerminal) -> None:
        def colours(**env: str) -> bool:
            terminal = open_terminal("omtui", "check", "dev", env=env, size=(80, 60))
            terminal.wait_for_exit()
            row = next(number for number, line in enumerate(terminal.lines()) if "  error  " in line)
            cell = terminal.cell(terminal.lines()[row].index("error"), row)
            return cell.fg != terminal.cell(60, row).fg or cell.bold

        assert colours()
        assert not colours(NO_COLOR="1")
        assert not colours(TERM="dumb")

    @pytest.mark.parametrize("columns", [50, 80, 132])
    @pytest.mark.parametrize("words", [("list",), ("show", "dev"), ("show", "dev", "--step", "5"), ("doctor",)])
    def test_no_line_is_longer_than_the_terminal(
        self, library: Path, home: Path, columns: int, words: tuple[str, ...]
    ) -> None:
        pieces: list[bytes] = []
        process = TerminalProcess(
            resolved(("omtui", *words)),
            size=(columns, 40),
            environment=environment(home, {}),
            folder=library.parent,
            on_output=lambda piece, _: pieces.append(piece),
        )
        with closing(process):
            process.wait(30)
        lines = re.sub(r"\x1b\[[0-9;]*m", "", b"".join(pieces).decode()).split("\r\n")
        assert len(lines) > 2
        assert [line for line in lines if width_of(line) > columns] == []

    def test_wide_letters_keep_columns_straight(self, library: Path, open_terminal: OpenTerminal) -> None:
        (library / "dev.toml").write_text(PROFILE.replace('"Connector01"', '"接続器一号"').replace("Connector02", "B"))
        terminal = open_terminal("omtui", "show", "dev", "--step", "5", size=(200, 60))
        terminal.wait_for_exit()
        rows = [number for number, line in enumerate(terminal.lines()) if "https://soa.pick" in line]
        assert len(rows) == 2
        starts = {[terminal.cell(column, row).data for column in range(200)].index("h") for row in rows}
        assert len(starts) == 1

    def test_a_terminal_that_is_not_utf_8(self, library: Path, open_terminal: OpenTerminal) -> None:
        env = {"LC_ALL": "POSIX", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
        text = shown(open_terminal("omtui", "check", "--help", env=env))
        assert "check PROFILE...\n" in text
        (library / "dev.toml").write_text(PROFILE.replace("Pick system", "漢字"))
        text = shown(open_terminal("omtui", "show", "dev", "--step", "3", env=env))
        assert "\\u6f22\\u5b57" in text


class TestTwoAtOnce:
    def test_nothing_that_was_said_to_be_done_is_lost(self, library: Path, home: Path) -> None:
        started = [
            subprocess.Popen(
                resolved(("omtui", "add", "dev", "source_systems", f"SYS{number}")),
                env=environment(home, {}),
                cwd=library.parent,
                stderr=subprocess.PIPE,
            )
            for number in range(8)
        ]
        codes = []
        for process in started:
            _, shown = process.communicate(timeout=60)
            codes.append(process.returncode)
            assert b"Traceback" not in shown
            if process.returncode:
                assert b"changed by another program" in shown
        assert set(codes) <= {0, 3}
        text = (library / "dev.toml").read_text()
        for number, code in enumerate(codes):
            assert (f'code = "SYS{number}"' in text) == (code == 0)
