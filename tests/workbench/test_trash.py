"""A profile that was deleted in the library is brought back there."""

from pathlib import Path

from omtui.service.workspace import Workspace
from omtui.workbench.app import Workbench
from omtui.workbench.keymap import keymap
from omtui.workbench.terminal import Terminal
from tests.workbench.conftest import Driven
from tests.workbench.test_promotion import samples  # noqa: F401 - a fixture


async def test_a_deleted_profile_is_brought_back(samples: Path) -> None:  # noqa: F811
    before = {each.name: each.read_bytes() for each in samples.iterdir()}
    app = Workbench(Workspace(samples), Terminal(mouse=False), keymap({}))
    async with app.run_test(size=(100, 30)) as pilot:
        driven = Driven(app, pilot)
        await driven.pilot.pause()
        await driven.press("b")
        assert "no profile is in the trash" in driven.shown("#help")
        await driven.press("X", "y")
        assert len(list(samples.iterdir())) < len(before)
        await driven.press("b", "enter")
        await driven.pilot.pause()
        assert "is back from the trash" in driven.shown("#help")
    assert {each.name: each.read_bytes() for each in samples.iterdir()} == before
