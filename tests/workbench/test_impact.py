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
