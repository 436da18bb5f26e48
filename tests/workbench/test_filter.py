"""`/` narrows the list of any screen while one types."""

import pytest

from omtui.workbench.widgets.filter_line import FilterLine
from omtui.workbench.widgets.grid import Grid
from tests.workbench.conftest import Driven, Open


def names(driven: Driven) -> list[str]:
    return [line.split("  ")[1] for line in driven.lines()]


async def test_the_list_narrows_with_every_key_and_escape_restores_it(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "3", "/")
        everything = driven.lines()
        await driven.press("w", "e", "b")
        assert names(driven) == ["CSS02"]
        assert driven.shown("#filter-count").startswith("1 of 2")
        await driven.press("escape")
        assert driven.lines() == everything
        assert not driven.app.screen.query_one(FilterLine).display
        assert driven.app.focused is driven.app.screen.query_one(Grid)


async def test_enter_keeps_it_and_escape_takes_it_away_before_it_leaves(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "3", "/", "w", "e", "b", "enter")
        assert names(driven) == ["CSS02"]
        await driven.press("escape")
        assert names(driven) == ["CSS01", "CSS02"]
        assert driven.screen == "RecordsScreen"


async def test_arrows_move_while_one_types(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "3", "/", "c", "s", "s", "down", "0")
        assert driven.app.screen.query_one(Grid).cursor_row == 1  # the cursor stays on its record
        assert len(driven.lines()) == 2
        await driven.press("enter", "enter")
        assert "CSS02" in driven.shown("#path")


async def test_letters_are_words_and_no_commands(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "3", "/", "X", "g", "5", "d", "escape")
        assert names(driven) == ["CSS01", "CSS02"]
        assert driven.session.unsaved == 0


SCREENS = ("g o", "g 3", "g 3 enter", "!", "v", "C", "L", "D", "H")


async def test_it_opens_on_every_screen_with_a_list(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        for way in SCREENS:
            await driven.press(*way.split())
            if driven.screen == "Chooser":  # what to compare with
                await driven.press("escape")
            await driven.press("/")
            line = driven.app.screen.query_one(FilterLine)
            assert line.display, way
            await driven.press("z", "q", "escape")
            assert not line.display, way
            if way != "H":
                await driven.press("g", "o")


async def test_what_was_found_is_marked_in_the_rows(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "3", "/", "w", "e", "b")
        grid = driven.app.screen.query_one(Grid)
        marked = [segment.text for segment in grid.render_line(1) if segment.style and segment.style.reverse]
        assert marked == ["Web"]


@pytest.mark.parametrize("size", [(80, 24), (40, 10)])
async def test_there_is_room_for_it(open_workbench: Open, size: tuple[int, int]) -> None:
    async with open_workbench("dev", size=size) as driven:
        await driven.press("g", "3", "/", "w")
        assert driven.app.screen.query_one("#filter-words").size.width > 4
