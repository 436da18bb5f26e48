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
from omtui.workbench.widgets.editor import FieldEditor
from tests.thorough import THOROUGH
from tests.workbench.conftest import Driven
from tests.workbench.test_no_key_ends_it import SAMPLES

KEYS = ("tab", "shift+tab", "enter")
PROFILES = sorted(path.stem for path in SAMPLES.glob("*.toml") if not path.stem.endswith(".map"))


def walks(session: Session, part: int) -> list[tuple[Place, str]]:
    """Records and the key that goes through each.

    All of them in a long run; else those that have, of all together, each kind of field, filled in and empty.
    """
    setup = Indexed(session.data)
    here = [
        (tuple(path), table, record)
        for table in TABLES.values()
        for path, record in ([((table.path,), setup.single(table.path))] if table.single else setup.records(table.path))
    ]
    if THOROUGH:
        return [(path, key) for path, _, _ in here for key in KEYS]
    found: list[tuple[Place, str]] = []
    seen: set[object] = set()
    for path, table, record in sorted(here, key=lambda each: -len(each[2])):
        kinds = {(f.kind, f.closed, bool(f.refers), type(record.get(f.name))) for f in table.fields}
        if not kinds <= seen:
            seen |= kinds
            found.append((path, KEYS[(len(found) + part) % 3]))
    return found


@pytest.mark.parametrize("name", PROFILES if THOROUGH else ["vision-dev"])
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
    async with app.run_test(size=(30, 8)) as pilot:
        await pilot.pause()
        driven = Driven(app, pilot)
        session = driven.session
        session.unlock(session.name)
        for path, key in walks(session, PROFILES.index(name)):
            await app.push_screen(RecordScreen(path))
            await driven.settle()
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
        before = grid.cursor_row, bool(driven.app.screen.query(FieldEditor))  # type: ignore[attr-defined]
        await driven.hit(key)
        if not isinstance(driven.app.screen, RecordScreen):
            return
        if (grid.cursor_row, bool(driven.app.screen.query(FieldEditor))) == before:  # type: ignore[attr-defined]
            return
