"""Getting around: steps, lists, filter, findings, palette, what is not possible."""

from pathlib import Path

import pytest

from omtui.setup.catalogue import TASKS
from tests.workbench.conftest import Open


async def test_the_library_lists_profiles_with_their_findings(open_workbench: Open) -> None:
    async with open_workbench() as driven:
        await driven.app.workers.wait_for_complete()
        assert driven.screen == "LibraryScreen"
        assert "dev" in driven.lines()[0]
        assert "25D" in driven.lines()[0]


async def test_the_library_shows_what_expires_next(open_workbench: Open, library: Path) -> None:
    path = library / "dev.toml"
    days = ("2031-05-06", "2030-01-02", "2032-07-08")
    path.write_text(
        path.read_text() + "".join(f'[[credentials]]\nname = "c{day}"\nexpires_on = {day}\n' for day in days)
    )
    async with open_workbench(size=(140, 30)) as driven:
        await driven.app.workers.wait_for_complete()
        await driven.pilot.pause()
        assert "2030-01-02" in driven.lines()[0]


async def test_a_profile_opens_on_its_tasks(open_workbench: Open) -> None:
    async with open_workbench() as driven:
        await driven.press("enter")
        assert driven.screen == "OverviewScreen"
        assert len(driven.lines()) == len(TASKS)


@pytest.mark.parametrize("step", [task.step for task in TASKS])
@pytest.mark.parametrize("size", [(80, 24), (200, 60), (40, 10)])
async def test_every_task_opens_at_every_size(open_workbench: Open, step: str, size: tuple[int, int]) -> None:
    keys = {"4.1": ("g", "4", "4"), "flow": ("g", "f"), "related": ("g", "r"), "profile": ("g", "p")}
    async with open_workbench("dev", size=size) as driven:
        await driven.press(*keys.get(step, ("g", step)))
        assert driven.app.screen.setup_task.step == step  # type: ignore[attr-defined]


@pytest.mark.parametrize("columns", [80, 119, 120, 200])
async def test_the_picture_of_the_flow_fits(open_workbench: Open, columns: int) -> None:
    async with open_workbench("dev", size=(columns, 30)) as driven:
        await driven.press("g", "f")
        picture = driven.app.screen.query_one("#picture")
        width = max(len(line) for line in driven.shown("#picture").splitlines())
        assert picture.size.width - 3 <= width <= picture.size.width
        await driven.pilot.resize_terminal(100, 30)
        await driven.pilot.pause()
        assert max(len(line) for line in driven.shown("#picture").splitlines()) <= picture.size.width


async def test_four_again_goes_to_4_1(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "4", "escape", "g", "4")
        assert driven.app.screen.setup_task.step == "4"  # type: ignore[attr-defined]
        await driven.press("down", "g", "4")
        assert driven.app.screen.setup_task.step == "4.1"  # type: ignore[attr-defined]


async def test_a_tag_filters(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "3", "slash", "number_sign")
        await driven.type("3PL")
        await driven.press("enter")
        assert [line.split()[0] for line in driven.lines()] == ["CSS01"]
        await driven.press("escape")
        assert len(driven.lines()) == 2


async def test_findings_jump_to_the_field(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "5", "enter", "enter", "ctrl+u")
        await driven.type("CSS09")
        await driven.press("enter", "escape", "escape", "exclamation_mark", "exclamation_mark", "slash")
        await driven.type("S5-08")
        await driven.press("enter", "enter")
        assert driven.screen == "RecordScreen"
        assert "CSS09" in driven.shown("#help")


async def test_an_action_that_is_not_possible_says_why(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "9", "d")
        assert "no trigger points" in driven.shown("#help")
        await driven.press("ctrl+s")
        assert "nothing has changed" in driven.shown("#help")


async def test_the_palette_goes_to_a_screen_by_an_old_name(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("ctrl+p")
        await driven.type("manage orchestration source")
        await driven.press("enter")
        assert driven.app.screen.setup_task.step == "4.1"  # type: ignore[attr-defined]


async def test_search_finds_a_value_in_any_record(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("ctrl+f")
        await driven.type("cm5008")
        await driven.press("enter")
        assert "Route Invoice Request 01" in driven.shown("#path")


async def test_foreign_text_is_shown_as_it_is(open_workbench: Open, library: object) -> None:
    hostile = "[/x] [b]bold[/b] \\u001b[31m \\u202e 漢字"
    path = library / "dev.toml"  # type: ignore[operator]
    path.write_text(path.read_text().replace('name = "Connector01"', f'name = "{hostile}"'))
    async with open_workbench("dev", size=(120, 40)) as driven:
        await driven.press("g", "5")
        assert "[/x] [b]bold[/b] ␛[31m \\u{202e} 漢字" in driven.lines()[0]
        await driven.press("enter")
        assert "[/x] [b]bold[/b] ␛[31m" in driven.shown("#path")
        await driven.press("question_mark", "escape", "exclamation_mark", "escape", "p", "escape", "ctrl+p", "escape")
        assert driven.screen == "RecordScreen"


# What is said


async def test_g_and_h_work_on_every_screen_of_a_profile(open_workbench: Open) -> None:
    ways = (["v"], ["C"], ["L"], ["W"], ["g", "6", "v"], ["g", "5", "enter"], ["exclamation_mark"], ["D", "escape"])
    leave = ["H"]
    async with open_workbench("dev") as driven:
        for keys in ways:
            await driven.press(*keys, "g", "5")
            assert driven.screen == "RecordsScreen", keys
            assert driven.app.screen.setup_task.step == "5"  # type: ignore[attr-defined]
            await driven.press("g", "o", *keys, *leave)
            assert driven.screen == "LibraryScreen", keys
            await driven.press("enter")
            assert driven.screen == "OverviewScreen", keys
            leave = ["g", "h"] if leave == ["H"] else ["H"]


async def test_where_no_profile_is_open_g_says_so(open_workbench: Open) -> None:
    async with open_workbench() as driven:
        for key in ("g", "exclamation_mark", "ctrl+f"):
            await driven.press(key)
            assert "no profile is open; Enter opens one" in driven.shown("#help")
        assert driven.screen == "LibraryScreen"


async def test_a_key_that_leads_nowhere_after_g_says_what_does(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "x")
        assert "g x goes nowhere: 0, 1, 2" in driven.shown("#help")


async def test_the_line_of_a_question_is_in_sight_in_a_small_window(open_workbench: Open) -> None:
    async with open_workbench("dev", size=(40, 10)) as driven:
        await driven.press("g", "5", "n")
        line = driven.app.screen.query_one("Input").region
        assert driven.app.screen.region.contains_region(line)
        dialog = driven.app.screen.query_one(".dialog").content_region
        assert dialog.contains_region(line)


async def test_a_window_that_grows_shows_all_rows(open_workbench: Open) -> None:
    async with open_workbench("dev", size=(60, 10)) as driven:
        await driven.press("end")
        assert driven.app.screen.query_one("#list").scroll_y > 0
        await driven.pilot.resize_terminal(60, 45)
        await driven.pilot.pause()
        assert driven.app.screen.query_one("#list").scroll_y == 0


async def test_ctrl_c_says_how_to_leave(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("ctrl+c")
        assert "ctrl+q leaves omtui" in driven.shown("#help")


async def test_a_message_is_gone_after_another_screen(open_workbench: Open) -> None:
    async with open_workbench() as driven:
        await driven.press("n")
        await driven.type("my dev")
        await driven.press("enter")
        await driven.type("dev")
        await driven.press("enter")
        await driven.type("25d")
        await driven.press("enter", "enter")
        assert driven.screen == "OverviewScreen"
        assert driven.session.value(("pod", "release")) == "25D"
        await driven.press("escape")
        assert "created" not in driven.shown("#help")


async def test_the_cursor_comes_back_to_where_it_was(open_workbench: Open) -> None:
    async with open_workbench("dev", size=(80, 40)) as driven:
        await driven.press("g", "7", "enter", *["down"] * 5)
        at = driven.app.screen.at  # type: ignore[attr-defined]
        await driven.press("escape", "enter")
        assert driven.app.screen.at == at  # type: ignore[attr-defined]
