"""Leaving out what was not saved, when another program changed the file meanwhile."""

from pathlib import Path

import pytest

from omtui.service import editing
from omtui.service.session import FileChanged, Session
from omtui.service.workspace import Workspace
from omtui.store.change import MISSING

TEXT = 'schema = 1\n\n[profile]\nname = "dev"\nenvironment = "test"\n\n[pod]\nrelease = "25D"\n'


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "dev.toml").write_text(TEXT)
    return Workspace(folder, state=tmp_path / "state")


def opened(workspace: Workspace) -> Session:
    session = workspace.open("dev")
    assert isinstance(session, Session)
    return session


def test_what_was_left_out_comes_back_with_redo(workspace: Workspace) -> None:
    session = opened(workspace)
    session.edit(editing.set_value(session.indexed, ("profile", "title"), "mine"))
    session.path.write_text(TEXT.replace("25D", "26A"))
    assert isinstance(session.save(), FileChanged)
    assert "redo brings them back" in str(session.discard())
    assert (session.value(("profile", "title")), session.unsaved) == (MISSING, 0)
    assert session.value(("pod", "release")) == "26A"
    assert workspace.journal.of(session.path).drafts() == [], "the next run does not take up what was left out"
    session.redo()
    assert session.value(("profile", "title")) == "mine"
    session.save()
    assert session.path.read_text() == TEXT.replace("25D", "26A").replace('"dev"\n', '"dev"\ntitle = "mine"\n')


def test_what_does_not_fit_any_more_is_gone(workspace: Workspace) -> None:
    session = opened(workspace)
    session.edit(editing.set_value(session.indexed, ("pod", "release"), "26B"))
    session.path.write_text(TEXT.replace("25D", "26A"))
    assert str(session.discard()) == "read dev.toml again; 1 unsaved changes left out"
    assert (session.value(("pod", "release")), session.unsaved) == ("26A", 0)
