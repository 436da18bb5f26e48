"""A window or screen that is closed before it was ready ends without a fault."""

from collections.abc import Callable
from typing import Any

from textual.screen import Screen

from omtui.workbench.screens.dialogs import Ask, Choice, Chooser, Confirm
from omtui.workbench.screens.history import HistoryScreen
from omtui.workbench.screens.secret_entry import AskSecret
from tests.workbench.conftest import Open

MADE: dict[str, Callable[[], Screen[Any]]] = {
    "chooser": lambda: Chooser("Choose", [Choice("a", "A")]),
    "line": lambda: Ask("Name"),
    "question": lambda: Confirm("Sure?", "", yes="Yes", no="No"),
    "secret": lambda: AskSecret("Secret"),
    "history": HistoryScreen,
}


async def test_a_screen_is_closed_before_it_was_there(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        for make in MADE.values():
            before = driven.screen
            driven.app.push_screen(make())
            driven.app.pop_screen()
            await driven.settle()
            assert driven.screen == before
