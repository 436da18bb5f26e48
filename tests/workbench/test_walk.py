"""The walk-through on the screen: one record at a time, values to copy, ticks with name and time."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from omtui.problem import Done
from omtui.service.handing_over import write_hand_over
from omtui.service.ticks import Ticks
from omtui.service.walking import tick
from tests.workbench.conftest import PROFILE, Driven, Open


def ticks(library: Path) -> dict[str, dict[str, Any]]:
    file = library / "dev.progress.toml"
    return {each["place"]: each for each in tomllib.loads(file.read_text()).get("done", [])} if file.exists() else {}


def values(driven: Driven) -> list[str]:
    return [row.value for row in driven.app.screen._rows if row.value]  # type: ignore[attr-defined]


async def test_it_begins_with_what_is_to_be_done_first(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("W")
        assert driven.screen == "WalkScreen"
        assert "3 Manage Trading Community Source Systems › Source system CSS01" in driven.shown("#path")
        assert "Setup and Maintenance › Order Management" in driven.shown("#path")
        assert "1 of 7" in driven.shown("#tabs")
        assert "to do" in driven.shown("#tabs")
        assert "1. Search Results > Actions > Create." in driven.shown("#how")
        assert [line.split("  ")[0] for line in driven.lines()][:3] == ["Code", "Name", "Type"]


async def test_values_are_copied_one_after_another(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("W", "Y")
        assert "sent to your terminal: CSS01" in driven.shown("#help")
        await driven.press("Y")
        assert "sent to your terminal: Pick system" in driven.shown("#help")
        await driven.press("y")
        assert "sent to your terminal: Spoke" in driven.shown("#help")
        await driven.press("t")
        assert "sent to your terminal: Manage Trading Community Source Systems" in driven.shown("#help")


async def test_a_record_is_ticked_with_name_and_time(open_workbench: Open, library: Path) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("W", "b")
        await driven.press("ctrl+u")
        await driven.type("A. Admin")
        await driven.press("enter", "space")
        assert "ticked by A. Admin on 20" in driven.shown("#tabs")
        assert "1 of 7" in driven.shown("#tabs")
        only = ticks(library)["source_systems[CSS01]"]
        assert only["by"] == "A. Admin"
        assert only["on"].tzinfo is not None
        await driven.press("n")
        assert "CSS02" in driven.shown("#path")
        await driven.press("space", "escape")
        row = next(line for line in driven.lines() if "Manage Trading" in line)
        assert "done" in row
        assert "2 of 2" in row
        assert driven.session.unsaved == 0
        assert (library / "dev.toml").read_text() == PROFILE


async def test_what_changed_after_its_tick_is_marked_again(open_workbench: Open, library: Path) -> None:
    async with open_workbench("dev", size=(130, 40)) as driven:
        await driven.press("W", "space", "enter")
        assert driven.screen == "RecordScreen"
        await driven.press("down", "enter", "ctrl+u")
        await driven.type("Other system")
        await driven.press("enter", "escape")
        assert "changed since it was ticked" in driven.shown("#tabs")
        assert "±  3 " in driven.shown("#rail")
        await driven.press("space")
        assert "ticked by" in driven.shown("#tabs")


async def test_left_out_with_a_reason(open_workbench: Open, library: Path) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("W", "s")
        await driven.type("not here")
        await driven.press("enter")
        assert "left out on purpose" in driven.shown("#tabs")
        assert ticks(library)["source_systems[CSS01]"]["skipped"] is True
        assert ticks(library)["source_systems[CSS01]"]["note"] == "not here"


async def test_a_note_and_taking_back(open_workbench: Open, library: Path) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("W", "m")
        await driven.type("by phone")
        await driven.press("enter")
        assert ": by phone" in driven.shown("#tabs")
        await driven.press("space", "n")
        assert ticks(library), "asked before, and answered no"
        await driven.press("X", "y")
        assert "to do" in driven.shown("#tabs")
        assert ticks(library) == {}
        await driven.press("X")
        assert "not ticked" in driven.shown("#help")


async def test_it_begins_at_the_record_that_one_came_from(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "5", "enter", "W")
        assert "Connector Connector01" in driven.shown("#path")
        assert "https://soa.pick.example/orders" in values(driven)
        assert not any(value == "connector01" for value in values(driven)), "never what a credential is called"
        await driven.press("escape", "escape", "g", "7", "W")
        assert "Routing rule Route Invoice Request 01" in driven.shown("#path")
        assert "CM5008" in values(driven)


async def test_back_and_forth_and_by_name(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("W", "left")
        assert "the first one" in driven.shown("#help")
        await driven.press("right")
        assert "CSS02" in driven.shown("#path")
        await driven.press("left_square_bracket")
        assert "CSS01" in driven.shown("#path")
        await driven.press("l")
        await driven.type("proof")
        await driven.press("enter")
        assert "Proof" in driven.shown("#path")
        assert any("reaches Connector01" in line for line in driven.lines())
        await driven.press("space", "right_square_bracket")
        assert "the last one" in driven.shown("#help")


async def test_what_another_program_ticked_shows(open_workbench: Open, library: Path) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("W")
        other = tick(Ticks(library / "dev.toml"), driven.session.indexed, ["source_systems[CSS01]"], by="B. Buddy")
        assert isinstance(other, Done)
        driven.app._look_at_files()
        await driven.pilot.pause()
        assert "ticked by B. Buddy" in driven.shown("#tabs")


async def test_after_a_refresh_only_what_it_overwrote(open_workbench: Open, library: Path) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("W", "a")
        assert "no refresh of this pod is noted; f notes one" in driven.shown("#help")
    (library / "dev.toml").write_text(PROFILE.replace('release = "25D"', 'release = "25D"\nrefreshed_on = 2024-10-02'))
    async with open_workbench("dev") as driven:
        await driven.press("W", "a")
        assert "1 of 1" in driven.shown("#tabs")
        assert "Connector Connector01" in driven.shown("#path")
        assert "until the URL is entered again" in driven.shown("#how")
        await driven.press("space")
        assert "Everything that the refresh overwrote was entered" in driven.shown("#empty")
        await driven.press("escape")
        assert "of 7" in driven.shown("#tabs")
        assert "connectors[Connector01]" in ticks(library)


async def test_production_is_entered_though_its_file_is_locked(open_workbench: Open, library: Path) -> None:
    (library / "dev.toml").write_text(PROFILE.replace('"development"', '"production"'))
    async with open_workbench("dev") as driven:
        await driven.press("W", "space")
        assert "ticked by" in driven.shown("#tabs")


async def test_ticks_that_cannot_be_read_are_reported(open_workbench: Open, library: Path) -> None:
    (library / "dev.progress.toml").write_text("nonsense")
    async with open_workbench("dev") as driven:
        await driven.press("W", "space")
        assert "dev.progress.toml" in driven.shown("#help")
        assert (library / "dev.progress.toml").read_text() == "nonsense"


@pytest.mark.parametrize("ending", ["html", "md", "csv", "xlsx"])
async def test_it_is_written_to_a_file(open_workbench: Open, tmp_path: Path, ending: str) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("W", "e", "ctrl+u")
        await driven.type(str(tmp_path / f"x.{ending}"))
        await driven.press("enter")
        assert "written to" in driven.shown("#help")
        assert (tmp_path / f"x.{ending}").stat().st_size > 1000


async def test_the_home_of_a_user_that_there_is_not_is_no_crash(
    open_workbench: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with open_workbench("dev") as driven:
        await driven.press("W", "e", "ctrl+u")
        await driven.type("~nobody-here/x.html")
        await driven.press("enter")
        assert "nobody-here" in driven.shown("#help")
        assert driven.app.is_running
        await driven.press("H", "i")
        await driven.type("~nobody-here/x.toml")
        await driven.press("enter")
        assert driven.screen == "LibraryScreen"
    assert not isinstance(write_hand_over("~nobody-here/x.json", b"{}"), Done)


async def test_keys_of_other_screens_mean_nothing_here(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("W", "W")
        assert driven.shown("#help").startswith("W: nothing here"), "nothing was done"
        await driven.press("d", "K", "w")
        assert driven.screen == "WalkScreen"
        assert "to do" in driven.shown("#tabs")
        assert driven.session.unsaved == 0
        await driven.press("slash")
        assert "there is nothing to narrow here" in driven.shown("#help")
        await driven.press("escape")
        assert driven.screen == "OverviewScreen"


async def test_a_profile_with_nothing_to_enter(open_workbench: Open, library: Path) -> None:
    (library / "dev.toml").write_text('schema = 1\n[profile]\nname = "dev"\nenvironment = "test"\n')
    async with open_workbench("dev", size=(40, 10)) as driven:
        await driven.press("W")
        assert "nothing to enter yet" in driven.shown("#empty")
        await driven.press("space", "n", "y", "right", "l", "enter")
        assert driven.screen == "WalkScreen"


async def test_the_library_shows_how_far_it_is(open_workbench: Open, library: Path) -> None:
    (library / "dev.progress.toml").write_text('schema = 1\n[[done]]\nplace = "3"\nby = "A"\non = 2024-10-02\n')
    async with open_workbench() as driven:
        await driven.app.workers.wait_for_complete()
        assert "2 of 7" in driven.lines()[0]


async def test_a_refresh_is_noted_and_shows_what_to_do(open_workbench: Open, library: Path) -> None:
    (library / "prod.toml").write_text(PROFILE.replace('"dev"', '"prod"').replace("soa.pick", "live.pick"))
    (library / "dev.progress.toml").write_text('schema = 1\n[[done]]\nplace = "5"\nby = "A"\non = 2024-10-01\n')
    async with open_workbench("dev") as driven:
        await driven.press("W", "f")
        await driven.type("prod")
        await driven.press("enter", "ctrl+u")
        await driven.type("2024-10-02")
        await driven.press("enter")
        assert "1 tick taken away" in driven.shown("#help")
        assert "https://live.pick.example/orders until the URL is entered again" in driven.shown("#how")
        assert ticks(library) == {}
        assert driven.session.unsaved == 1
        await driven.press("ctrl+s")
    assert "refreshed_on = 2024-10-02" in (library / "dev.toml").read_text()


async def test_foreign_text_is_shown_as_it_is(open_workbench: Open, library: Path) -> None:
    hostile = "[/x] [b]bold[/b] \\u001b[2J \\u202e"
    (library / "dev.toml").write_text(
        PROFILE.replace('name = "Pick system"', f'name = "{hostile}"\nnote = "{hostile}"')
    )
    ticked = f'place = "source_systems[CSS01]"\nby = "{hostile}"\nnote = "{hostile}"'
    (library / "dev.progress.toml").write_text(f"schema = 1\n[[done]]\n{ticked}\n")
    async with open_workbench("dev", size=(160, 40)) as driven:
        await driven.press("g", "3", "W")
        safe = "[/x] [b]bold[/b] \u241b[2J \\u{202e}"
        assert any(safe in line for line in driven.lines())
        assert safe in driven.shown("#tabs")
        assert safe in driven.shown("#how")
        await driven.press("l", "escape", "X", "n", "m", "escape", "p", "escape", "question_mark", "escape")
        assert driven.screen == "WalkScreen"
