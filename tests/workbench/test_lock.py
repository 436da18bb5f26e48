"""A locked profile in the workbench: every way to change it, its map file or its name asks for the name first."""

from pathlib import Path

import pytest

from omtui.service.workspace import Workspace
from omtui.workbench.app import Workbench
from omtui.workbench.keymap import keymap
from omtui.workbench.terminal import Terminal
from tests.workbench.conftest import Driven
from tests.workbench.test_promotion import Open, opened, samples  # noqa: F401 - fixtures


def state(samples: Path) -> dict[str, bytes]:  # noqa: F811
    return {each.name: each.read_bytes() for each in sorted(samples.iterdir())}


@pytest.mark.parametrize("environment", ["production", "Production", "prod"])
async def test_a_rename_and_a_deletion_ask_for_its_name(samples: Path, environment: str) -> None:  # noqa: F811
    file = samples / "vision-prod.toml"
    file.write_text(file.read_text().replace('environment = "production"', f'environment = "{environment}"', 1))
    before = state(samples)
    app = Workbench(Workspace(samples), Terminal(mouse=False), keymap({}))
    async with app.run_test(size=(100, 30)) as pilot:
        driven = Driven(app, pilot)
        await driven.pilot.pause()
        await driven.press("down", "down")
        await driven.press("R", "ctrl+u")
        await driven.type("prodx")
        await driven.press("enter")
        assert "type its name, vision-prod" in driven.shown(".dialog-text")
        await driven.press("enter")
        await driven.type("prodx")
        await driven.press("enter")
        assert state(samples) == before, "only its own name unlocks it"
        await driven.press("escape")
        await driven.press("delete")
        assert "type its name, vision-prod" in driven.shown(".dialog-text")
        await driven.press("y", "enter", "escape")
        assert state(samples) == before
        await driven.press("R", "ctrl+u")
        await driven.type("prodx")
        await driven.press("enter")
        await driven.type("vision-prod")
        await driven.press("enter")
        await driven.pilot.pause()
        assert set(state(samples)) - set(before) == {"prodx.toml", "prodx.map.toml"}


async def test_the_mapping_of_a_locked_target_is_locked_with_it(opened: Open, samples: Path) -> None:  # noqa: F811
    before = state(samples)
    async with opened("vision-test", "vision-prod") as driven:
        await driven.press("m", "delete", "ctrl+s")
        assert "production and read-only" in driven.shown("#help")
        assert state(samples) == before
        await driven.press("escape")
        await driven.pilot.pause()
        await driven.press("enter")  # save it, of what is offered first
        await driven.pilot.pause()
        assert state(samples) == before
