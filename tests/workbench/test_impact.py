"""What the next update changes, for the open profile and for each of the library, by keys only."""

import shutil
from pathlib import Path

from omtui.workbench.screens.impact import ImpactScreen
from tests.workbench.conftest import Driven, Open

SAMPLES = Path(__file__).parents[2] / "profiles"


def samples(library: Path) -> None:
    shutil.rmtree(library)
    shutil.copytree(SAMPLES, library)


def rows(driven: Driven) -> list[str]:
    screen = driven.app.screen
    assert isinstance(screen, ImpactScreen)
    return [str(row) for row in screen._shown]


async def test_the_library_shows_which_profile_has_something_to_do_first(open_workbench: Open, library: Path) -> None:
    samples(library)
    async with open_workbench() as driven:
        await driven.press("I")
        await driven.app.workers.wait_for_complete()
        await driven.settle()
        screen = driven.app.screen
        assert isinstance(screen, ImpactScreen)
        assert [row.name for row in screen._shown] == ["vision-dev", "vision-test", "vision-prod", "source-text"]
        assert "not noted" in screen._shown[-1].trouble
        await driven.press("enter")
        inner = driven.app.screen
        assert isinstance(inner, ImpactScreen)
        assert inner is not screen
        assert any("S8-06" in row for row in rows(driven))
        await driven.press("enter")
        assert not isinstance(driven.app.screen, ImpactScreen)
        await driven.press("escape", "escape")
        assert driven.app.screen is screen


async def test_a_profile_shows_its_changes_and_goes_to_the_record(open_workbench: Open, library: Path) -> None:
    samples(library)
    async with open_workbench("vision-dev") as driven:
        await driven.press("I")
        await driven.app.workers.wait_for_complete()
        assert any("S8-06" in row for row in rows(driven))
        await driven.press("t")
        await driven.press(*["backspace"] * 3)
        await driven.type("25D")
        await driven.press("enter")
        await driven.app.workers.wait_for_complete()
        assert rows(driven) == []
        await driven.press("t")
        await driven.press(*["backspace"] * 3)
        await driven.type("26X")
        await driven.press("enter")
        await driven.app.workers.wait_for_complete()
        assert rows(driven) == []
        await driven.press("t")
        await driven.press(*["backspace"] * 3)
        await driven.type("26D")
        await driven.press("enter")
        await driven.app.workers.wait_for_complete()
        assert any("F-06" in row for row in rows(driven))
        await driven.press("f")
        assert not isinstance(driven.app.screen, ImpactScreen)


async def test_an_accepted_finding_keeps_its_level_and_the_release(open_workbench: Open, library: Path) -> None:
    samples(library)
    path = library / "vision-dev.toml"
    path.write_text(path.read_text().partition("# Findings that were looked at")[0])
    async with open_workbench("vision-dev") as driven:
        await driven.press("!", "!", "w")
        await driven.type("looked at")
        await driven.press("enter", "enter")
        await driven.app.workers.wait_for_complete()
        (waiver,) = driven.session.data["waivers"]
        assert (waiver["level"], waiver["release"]) == ("info", "25D")
        assert driven.session.counts["info"] == 2


async def test_another_name_of_a_connector_says_what_it_means_in_the_pod(open_workbench: Open) -> None:
    async with open_workbench("dev", size=(120, 40)) as driven:
        await driven.press("g", "5", "enter", "down", "enter")
        await driven.type("X")
        await driven.press("enter")
        assert driven.session.data["connectors"][0]["name"] == "X"
        assert "the pod renames no connector" in driven.shown("#help")
