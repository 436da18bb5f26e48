"""A workbench on a library of its own, driven without a terminal."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from unicodedata import lookup

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation
from textual.events import Key
from textual.keys import REPLACED_KEYS, _character_to_key, _get_unicode_name_from_key
from textual.pilot import Pilot

from omtui.plain_text import plain
from omtui.service.session import Session
from omtui.service.workspace import Workspace
from omtui.workbench.app import Workbench
from omtui.workbench.keymap import keymap
from omtui.workbench.terminal import Terminal
from omtui.workbench.widgets.grid import Grid

PROFILE = """\
schema = 1

[profile]
name = "dev"
environment = "development"

[pod]
release = "25D"

[[source_systems]]
code = "CSS01"
name = "Pick system"
type = "Spoke"
enabled_for = ["Order Orchestration and Planning"]
tags = ["3PL"]

[[source_systems]]
code = "CSS02"
name = "Web shop"
type = "Spoke"
enabled_for = ["Order Orchestration and Planning"]

[[planning_source_systems]]
code = "CSS01"
time_zone = "US Eastern Time"
version = "Others"
order_orchestration_type = "Fulfillment"
collections_allowed = true

# the picker's endpoint
[[connectors]]
name = "Connector01"
target_system = "CSS01"
url = "https://soa.pick.example/orders"
user_name = "pick.service"
credential = "connector01"
invocation_mode = "Asynchronous Service"

[[routing_rules]]
name = "Route Invoice Request 01"
active = true
published = true

[routing_rules.when]
all = [
    { entity = "Order Fulfill Line", attribute = "Item", operator = "is equal to", value = "CM5008" },
    { entity = "Order Header", attribute = "Task Type", operator = "is equal to", value = "Invoice" },
]

[[routing_rules.then]]
action = "Set Connector Name"
value = "Connector01"
"""


class Driven:
    """An open workbench: its app, and what a person would see and press."""

    def __init__(self, app: Workbench, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        """Press keys one after another, each when the one before is done with; then wait until this process rests."""
        await self.hit(*keys)
        await self.pilot.pause()

    async def hit(self, *keys: str) -> None:
        """Press keys, each when the messages of the one before are handled.

        What a worker or a timer does is not waited for.
        """
        for key in keys:
            self.app.post_message(pressed(key))
            await self.settle()

    async def settle(self) -> None:
        """Wait until all messages are handled, those that they caused included, and the screen is drawn."""
        for _ in range(2):
            await self.pilot.pause(0)
            for _ in range(1000):
                if self.app.screen.is_mounted and not self.app.input_order.is_busy:
                    break
                await self.pilot.pause(0)

    async def until(self, holds: Callable[[], bool], seconds: float = 20.0) -> None:
        """Wait for a state."""
        async with asyncio.timeout(seconds):
            while not holds():
                await asyncio.sleep(0.01)
                await self.pilot.pause(0)

    async def type(self, text: str) -> None:
        """Type a text: nothing is waited for but after its last letter."""
        await self.press(*text)

    @property
    def session(self) -> Session:
        """The open profile."""
        assert self.app.session is not None
        return self.app.session

    def lines(self) -> list[str]:
        """The rows of the list on the screen, cells joined by two spaces."""
        grid = self.app.screen.query_one(Grid)
        return ["  ".join(plain(cell.text) for cell in grid.row(number)) for number in range(grid.row_count)]

    def offers(self) -> list[str]:
        """The rows of the list below an open field."""
        grid = self.app.screen.query_one("#entry-offers", Grid)
        return ["  ".join(plain(cell.text) for cell in grid.row(number)) for number in range(grid.row_count)]

    def shown(self, selector: str) -> str:
        """The text of a bar."""
        return str(self.app.screen.query_one(selector).visual)

    @property
    def screen(self) -> str:
        """The kind of screen that is in front."""
        return type(self.app.screen).__name__


def pressed(key: str) -> Key:
    """A key by its name or its character, as `Pilot.press` has it."""
    name = _character_to_key(key) if len(key) == 1 and not key.isalnum() else key
    try:
        return Key(name, lookup(_get_unicode_name_from_key(REPLACED_KEYS.get(name, name))))
    except KeyError:
        return Key(name, name if len(name) == 1 else None)


Open = Callable[..., AbstractAsyncContextManager[Driven]]


@pytest.fixture(scope="session", autouse=True)
def styles_are_parsed_once() -> Iterator[None]:
    """Each application parses the same style sheets again: a sixth of its start."""
    kept: dict[object, list[RuleSet]] = {}
    parse = Stylesheet._parse_rules

    def parsed(
        self: Stylesheet, css: str, read_from: CSSLocation, is_default_rules: bool = False, *more: int | str,
        **named: int | str,
    ) -> list[RuleSet]:  # fmt: skip
        key = (css, read_from, is_default_rules, more, *named.items(), *self._variables.items())
        if key not in kept:
            kept[key] = parse(self, css, read_from, is_default_rules, *more, **named)  # type: ignore[arg-type]
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parsed)
        yield


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one profile, `dev`; state and configuration in folders of their own."""
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "dev.toml").write_text(PROFILE)
    return folder


@pytest.fixture
def open_workbench(library: Path) -> Open:
    """Opens the workbench: `async with open_workbench("dev", size=(80, 24)) as driven`."""

    @asynccontextmanager
    async def opened(profile: str | None = None, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Driven]:
        app = Workbench(Workspace(library), Terminal(mouse=False), keymap({}), profile=profile)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            yield Driven(app, pilot)

    return opened
