"""What is not kept for a later run is said on the screen at once, and holds up no key."""

import sqlite3
import time
from contextlib import closing

from omtui.store.database import FILE
from tests.workbench.conftest import Open


async def test_a_change_that_looks_like_a_secret_is_named(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "3", "enter", "down", "enter", "ctrl+u")
        await driven.type("password=hunter2hunter2")
        await driven.press("enter")
        assert "not kept for a later run" in driven.shown("#help")
        assert driven.session.news() == "", "once"


async def test_a_held_journal_is_named_and_holds_up_no_key(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        path = driven.app.workspace.state / FILE
        await driven.press("g", "3", "enter", "down", "enter", "ctrl+u")
        await driven.type("One")
        await driven.press("enter")
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            for key in ("enter", "ctrl+u", "X", "enter", "ctrl+s"):
                start = time.monotonic()
                await driven.press(key)
                assert time.monotonic() - start < 2, key
            start = time.monotonic()
            while "another program holds it" not in driven.shown("#help"):
                assert time.monotonic() - start < 20
                await driven.pilot.pause()
                driven.app.say_news()
        assert driven.app.workspace.end() == ""
        assert driven.session.news() == "changes are kept again"
        assert driven.session.unsaved == 0
