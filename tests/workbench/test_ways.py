"""Ways through the program: g and its panel, the palette, the next field to fill in, help, the footer."""

from omtui.workbench.palette import Palette
from omtui.workbench.widgets.bars import KeyBar
from omtui.workbench.widgets.go_panel import GoPanel
from omtui.workbench.widgets.grid import Grid
from tests.workbench.conftest import Driven, Open


def found(driven: Driven) -> list[str]:
    """The titles in the palette."""
    grid = driven.app.screen.query_one(Grid)
    return [grid.row(number)[0].text for number in range(0, grid.row_count, 2)]


async def test_g_shows_where_it_leads_when_nobody_types_on(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g")
        await driven.until(lambda: bool(driven.app.screen.query(GoPanel)))
        await driven.press("5")
        assert not driven.app.screen.query(GoPanel)
        assert "Web Service" in driven.shown("#path")


async def test_a_click_on_the_panel_goes_there(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g")
        await driven.until(lambda: bool(driven.app.screen.query(GoPanel)))
        await driven.pilot.click(GoPanel, offset=(4, 4))
        await driven.pilot.pause()
        assert "Trading Community" in driven.shown("#path")


WORDS = {
    "password": "Credentials",
    "probe": "Topology review",
    "compare": "Difference",
    "runbook": "Walk-through",
    "explain": "Findings",
    "exit": "Quit",
    "connctr": "Connector01",
    "todo": "Next to fill in",
}


async def test_the_palette_finds_by_other_words_and_by_what_is_nearly_spelt_so(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        for words, title in WORDS.items():
            await driven.press("ctrl+p")
            assert isinstance(driven.app.screen, Palette)
            await driven.type(words)
            assert title in found(driven), (words, found(driven))
            await driven.press("escape")


async def test_what_was_chosen_lately_is_first(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("ctrl+p")
        await driven.type("trading community")
        await driven.press("enter", "ctrl+p")
        assert "Trading Community" in found(driven)[0]


async def test_the_search_says_where_it_found_the_words(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("ctrl+f")
        await driven.type("soa.pick")
        grid = driven.app.screen.query_one(Grid)
        assert [cell.text for cell in grid.row(0)] == [
            "Connector01",
            "connector, Connector URL: https://soa.pick.example/orders",
        ]


async def test_a_full_stop_goes_from_one_field_to_put_right_to_the_next(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        messages = []
        for _ in range(4):
            await driven.press(".")
            messages.append(driven.shown("#help").split(":")[0])
        total = messages[0].split(" of ")[1]
        assert messages[:2] == [f"1 of {total}", f"2 of {total}"]
        for _ in range(int(total)):
            await driven.press(".")
        assert driven.screen in ("RecordScreen", "RecordsScreen")
        await driven.press("escape")
        assert driven.screen == "OverviewScreen"


async def test_the_footer_shows_what_is_possible_and_how_to_leave(open_workbench: Open) -> None:
    async with open_workbench("dev", size=(60, 24)) as driven:
        footer = driven.app.screen.query_one(KeyBar)
        assert all(word in str(footer.render()) for word in ("Help", "Back", "Quit"))
        assert "Save" not in str(footer.render())
        await driven.press("g", "3", "enter", "enter")
        assert str(footer.app.screen.query_one(KeyBar).render()).split() == [
            *("⏎", "Accept", "tab", "Accept,", "next", "↓", "Choose", "esc", "Leave")
        ]


async def test_a_letter_that_means_nothing_says_what_is_possible(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("q")
        assert driven.shown("#help").startswith("q: nothing here; Escape goes back")
        await driven.press("down")
        assert "nothing here" not in driven.shown("#help")


async def test_help_begins_with_the_screen_and_its_signs(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("?")
        shown = str(driven.app.screen.query_one("#text").visual)  # type: ignore[attr-defined]
        assert shown.index("task by task") < shown.index("an error") < shown.index("Not now")
