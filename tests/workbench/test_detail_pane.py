"""The pane next to a list shows all of what is under the cursor, and changes nothing."""

from pathlib import Path

import pytest

from omtui.service.settings import read_settings
from omtui.workbench.widgets.detail_pane import DetailPane
from omtui.workbench.widgets.grid import Grid
from tests.workbench.conftest import Driven, Open


def pane(driven: Driven) -> DetailPane:
    return driven.app.screen.query_one(DetailPane)


async def text(driven: Driven) -> str:
    driven.app.screen.show_pane()  # type: ignore[attr-defined]
    await driven.settle()
    return str(pane(driven).query_one("Static").visual) if pane(driven).display else ""


async def test_it_follows_the_cursor(open_workbench: Open) -> None:
    async with open_workbench("dev", size=(150, 40)) as driven:
        await driven.press("g", "3")
        assert "CSS01" in await text(driven)
        await driven.press("down")
        assert "Web shop" in await text(driven)


@pytest.mark.parametrize(("size", "is_shown"), [((80, 24), False), ((80, 32), True), ((140, 24), True)])
async def test_it_is_there_where_there_is_room(open_workbench: Open, size: tuple[int, int], is_shown: bool) -> None:
    async with open_workbench("dev", size=size) as driven:
        await driven.press("g", "3")
        assert bool(await text(driven)) is is_shown


async def test_z_shows_and_hides_it_and_the_settings_keep_that(open_workbench: Open, tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text('# mine\ntheme = "dark"\n\n[keys]\nsave = "f3"\n')
    async with open_workbench("dev", size=(80, 24)) as driven:
        driven.app.settings_file = settings
        await driven.press("g", "3", "z")
        assert await text(driven)
        assert read_settings(settings).pane is True
        await driven.press("z")
        assert not await text(driven)
        assert read_settings(settings).pane is False
        assert settings.read_text() == 'pane = false\n# mine\ntheme = "dark"\n\n[keys]\nsave = "f3"\n'


async def test_f6_goes_there_and_back(open_workbench: Open) -> None:
    async with open_workbench("dev", size=(150, 40)) as driven:
        await driven.press("g", "3")
        await text(driven)
        await driven.press("f6")
        assert driven.app.focused is pane(driven)
        await driven.press("f6")
        assert driven.app.focused is driven.app.screen.query_one(Grid)


WAYS = {
    "g o": "What it is for",
    "g 3": "Pick system",
    "g 7": "If Item",
    "! !": "What it means",
    "v": "Endpoint",
    "H": "Environment",
}


async def test_every_list_has_something_to_show(open_workbench: Open) -> None:
    async with open_workbench("dev", size=(150, 40)) as driven:
        for way, words in WAYS.items():
            await driven.press(*way.split())
            assert words in await text(driven), way
            if way != "H":
                await driven.press("g", "o")


async def test_a_finding_is_explained_where_there_is_no_room(open_workbench: Open) -> None:
    async with open_workbench("dev", size=(80, 24)) as driven:
        await driven.press("!", "!", "x")
        assert driven.screen == "TextWindow"
        assert "What it means" in str(driven.app.screen.query_one("#text").visual)  # type: ignore[attr-defined]
