"""Budgets in bytes hold on every run, so they are tests: what a key sends over a slow line."""

from itertools import chain

import pytest

from tests.bench.generate import write_profile
from tests.bench.keys import MOVE_BYTES, SCREEN_BYTES, SCREENS, TO_A_FIELD, TO_A_LIST, TYPING_BYTES
from tests.bench.start import BYTES, RECORDS
from tests.terminal import Terminal
from tests.terminal.test_terminal import Opener


def workbench(open_terminal: Opener, size: tuple[int, int] = (120, 40)) -> Terminal:
    home = open_terminal("true").home
    terminal = open_terminal("omtui", str(write_profile(home, RECORDS)), size=size)
    terminal.wait_until_quiet(0.3)
    return terminal


def test_the_start(open_terminal: Opener) -> None:
    assert 0 < workbench(open_terminal).bytes_written <= BYTES


def test_a_move_in_a_list(open_terminal: Opener) -> None:
    terminal = workbench(open_terminal)
    terminal.press(*chain(*TO_A_LIST))
    moves = [terminal.bytes_of(key) for key in ("down",) * 8 + ("up",) * 4]
    assert min(moves) > 0
    assert max(moves) <= MOVE_BYTES


def test_a_typed_character_and_then_nothing(open_terminal: Opener) -> None:
    terminal = workbench(open_terminal)
    terminal.press(*chain(*TO_A_FIELD))
    typed = [terminal.bytes_of(character) for character in "New name"]
    assert min(typed) > 0
    assert max(typed) <= TYPING_BYTES
    before = terminal.bytes_written
    terminal.process.read_for(2)
    assert terminal.bytes_written == before


@pytest.mark.parametrize("size", SCREEN_BYTES)
def test_a_change_of_screen(open_terminal: Opener, size: tuple[int, int]) -> None:
    terminal = workbench(open_terminal, size)
    changes = {number: terminal.bytes_of("g", number) for number in SCREENS}
    assert min(changes.values()) > 0
    assert max(changes.values()) <= SCREEN_BYTES[size], changes
