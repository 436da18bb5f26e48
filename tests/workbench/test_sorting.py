"""Lists are sorted by a column; what is done goes to the record under the cursor, wherever it is shown."""

from tests.workbench.conftest import Driven, Open


def codes(driven: Driven) -> list[str]:
    return [line.split("  ")[1] for line in driven.lines()]


def heading(driven: Driven) -> str:
    return " ".join(column.title for column in driven.app.screen.query_one("#list")._columns)  # type: ignore[attr-defined]


async def sort_by(driven: Driven, label: str) -> None:
    driven.app.screen.carry_out("sort")  # type: ignore[attr-defined]
    await driven.until(lambda: driven.screen == "Chooser")
    await driven.settle()
    await driven.type(label)
    await driven.press("enter")


async def test_sorting_turns_and_goes_back_to_the_order_of_the_file(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "3")
        await sort_by(driven, "Name")
        assert codes(driven) == ["CSS01", "CSS02"]
        assert "Name ↑" in heading(driven)
        await sort_by(driven, "Name")
        assert codes(driven) == ["CSS02", "CSS01"]
        assert "Name ↓" in heading(driven)
        await sort_by(driven, "Name")
        assert codes(driven) == ["CSS01", "CSS02"]
        assert "↑" not in heading(driven)
        assert "↓" not in heading(driven)


async def test_the_cursor_stays_on_its_record_and_edits_go_there(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "3")
        await sort_by(driven, "Name")
        await sort_by(driven, "Name")
        assert driven.app.screen.at == ("source_systems", 0)  # type: ignore[attr-defined]
        await driven.press("enter", "down", "enter", "ctrl+u")
        await driven.type("Zebra")
        await driven.press("enter", "escape")
        assert driven.session.value(("source_systems", 0, "name")) == "Zebra"
        assert codes(driven) == ["CSS01", "CSS02"], "it is sorted again"
        assert driven.app.screen.at == ("source_systems", 0)  # type: ignore[attr-defined]
        await driven.press("K")
        assert "sorted by Name" in driven.shown("#help")
        await driven.press("down", "delete")
        assert codes(driven) == ["CSS01"]
        await driven.press("ctrl+z", "ctrl+z")
        assert codes(driven) == ["CSS02", "CSS01"]
        assert driven.session.unsaved == 0


async def test_a_click_on_a_heading_sorts(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "3")
        grid = driven.app.screen.query_one("#list")
        left = grid.left_of(2)  # type: ignore[attr-defined]
        for marks in ("↑", "↓", ""):
            await driven.pilot.click("#list", offset=(left, 0))
            await driven.settle()
            assert [mark for mark in "↑↓" if mark in heading(driven)] == list(marks)


async def test_a_theme_is_shown_while_it_is_marked_and_escape_brings_the_old_one_back(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        before = driven.app.theme
        for last, wanted in (("escape", before), ("enter", None)):
            driven.app.do_theme()
            await driven.until(lambda: driven.screen == "Chooser")
            await driven.settle()
            assert driven.app.theme == before
            await driven.press("down")
            shown = driven.app.theme
            assert shown != before
            await driven.press(last)
            assert driven.app.theme == (wanted or shown)


async def test_a_wrong_key_says_what_is_possible_once(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "3", "q")
        assert "nothing here" in driven.shown("#help")
        focused = driven.app.focused
        await driven.press("q")
        assert "nothing here" not in driven.shown("#help")
        assert driven.app.focused is focused
        await driven.press("down", "q")
        assert "nothing here" in driven.shown("#help")
