"""Going through a record changes nothing: only Space and an accepted entry do, and they say so."""

import shutil
from pathlib import Path

import pytest

from omtui.service.session import Session
from omtui.service.workspace import Workspace
from omtui.setup.catalogue import TABLES
from omtui.setup.indexed import Indexed
from omtui.setup.place import Path as Place
from omtui.workbench.app import Workbench
from omtui.workbench.keymap import keymap
from omtui.workbench.screens.record import RecordScreen
from omtui.workbench.terminal import Terminal
from omtui.workbench.widgets.editor import Entry
from tests.thorough import THOROUGH
from tests.workbench.conftest import Driven
from tests.workbench.test_no_key_ends_it import SAMPLES

PROFILES = sorted(path.stem for path in SAMPLES.glob("*.toml") if not path.stem.endswith(".map"))


def records(session: Session) -> list[Place]:
    """Every record with a sheet of its own; of those with the same fields filled in, one is enough."""
    setup, seen, found = Indexed(session.data), set(), []
    for table in TABLES.values():
        here = [((table.path,), setup.single(table.path))] if table.single else setup.records(table.path)
        for path, record in here:
            kind = (table.path, *(f"{name} {type(value)}" for name, value in record.items()))
            if THOROUGH or kind not in seen:
                seen.add(kind)
                found.append(tuple(path))
    return found


@pytest.mark.parametrize("name", PROFILES)
async def test_walking_through_every_record_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for each in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(each, str(tmp_path / each.lower()))
    folder = tmp_path / "profiles"
    shutil.copytree(SAMPLES, folder)
    before = (folder / f"{name}.toml").read_bytes()
    app = Workbench(Workspace(folder), Terminal(mouse=False), keymap({}), profile=name)
    changed: list[str] = []
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        driven = Driven(app, pilot)
        session = driven.session
        session.unlock(session.name)
        for number, path in enumerate(records(session)):
            await app.push_screen(RecordScreen(path))
            await driven.settle()
            steps = ["tab", "shift+tab", "enter"] if THOROUGH else [("tab", "shift+tab", "enter")[number % 3]]
            for key in steps:
                await walk(driven, key)
                if session.unsaved or driven.screen != "RecordScreen":
                    changed.append(f"{key} at {path}: {session.unsaved} unsaved, {driven.screen}")
                    session.discard()
            await driven.hit("escape")
            if driven.screen == "RecordScreen":
                await driven.hit("escape")
            if driven.screen != "OverviewScreen":
                changed.append(f"escape at {path}: {driven.screen}")
                break
    assert changed == []
    assert (folder / f"{name}.toml").read_bytes() == before


async def walk(driven: Driven, key: str) -> None:
    """Press a key all the way through a record, from its first row, or its last."""
    grid = driven.app.screen.query_one("#list")
    await driven.hit("end" if key == "shift+tab" else "home")
    for _ in range(3 * grid.row_count):  # type: ignore[attr-defined]
        before = grid.cursor_row, bool(driven.app.screen.query(Entry))  # type: ignore[attr-defined]
        await driven.hit(key)
        if not isinstance(driven.app.screen, RecordScreen):
            return
        if (grid.cursor_row, bool(driven.app.screen.query(Entry))) == before:  # type: ignore[attr-defined]
            return
