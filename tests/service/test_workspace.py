"""Whole profiles: what is next to them, their journal and their undo go along, as one."""

import json
from pathlib import Path

import pytest

from omtui.problem import Done, Problem
from omtui.service import editing
from omtui.service.session import Session
from omtui.service.workspace import Workspace
from omtui.store.folders import PENDING
from omtui.store.together import FileMove

TEXT = 'schema = 1\n\n[profile]\nname = "a"  # ours\nenvironment = "test"\n\n[[task_types]]\nname = "Pick"\n'


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "a.toml").write_text(TEXT)
    (folder / "a.map.toml").write_text('schema = 1\nsource = "b"\ntarget = "a"\n')
    (folder / "a.progress.toml").write_text("schema = 1\n")
    return Workspace(folder, state=tmp_path / "state")


def opened(workspace: Workspace, name: str) -> Session:
    session = workspace.open(name)
    assert isinstance(session, Session)
    return session


def edited(workspace: Workspace, name: str, title: str) -> Session:
    session = opened(workspace, name)
    session.edit(editing.set_value(session.indexed, ("profile", "title"), title))
    return session


def names(workspace: Workspace) -> list[str]:
    return sorted(each.name for each in workspace.library.folder.iterdir())


def left_by_a_killed_program(workspace: Workspace, new: str) -> list[FileMove]:
    """A note of a rename that was begun by a program that is gone."""
    folder = workspace.library.folder
    moves = [FileMove(str(folder / f"a{end}"), str(folder / f"{new}{end}")) for end in (".toml", ".map.toml")]
    workspace.journal.of(folder / "a.toml").intend_moves(moves, (), "rename", f"Rename a to {new}")
    [note] = (workspace.state / PENDING).iterdir()
    note.write_text(json.dumps(json.loads(note.read_text()) | {"process": ["elsewhere", 1, ""]}))
    return moves


def test_changes_that_are_not_saved_and_undo_go_along_with_a_rename(workspace: Workspace) -> None:
    assert isinstance(edited(workspace, "a", "saved").save(), Done)
    edited(workspace, "a", "a draft")
    assert isinstance(workspace.rename("a", "new"), Done)
    session = opened(Workspace(workspace.library.folder, state=workspace.state), "new")
    assert isinstance(session.undo(), Done)
    assert session.document.text() == TEXT.replace('"a"', '"new"')
    assert sum(each.count for each in workspace.journal.of(session.path).drafts()) == 1


@pytest.mark.parametrize("unlock", ["", "b", "A", "new"])
def test_production_moves_by_its_own_name_alone(workspace: Workspace, unlock: str) -> None:
    (workspace.library.folder / "a.toml").write_text(TEXT.replace('"test"', '"production"'))
    before = names(workspace)
    assert isinstance(workspace.rename("a", "new", unlock=unlock), Problem)
    assert isinstance(workspace.delete("a", unlock=unlock), Problem)
    assert names(workspace) == before
    assert isinstance(workspace.rename("a", "new", unlock="a"), Done)


def test_no_file_moves_where_one_of_the_new_names_is_taken(workspace: Workspace) -> None:
    (workspace.library.folder / "new.map.toml").write_text("mine")
    before = names(workspace)
    assert isinstance(workspace.rename("a", "new"), Problem)
    assert names(workspace) == before


def test_a_rename_that_was_broken_off_is_finished_and_said(workspace: Workspace) -> None:
    left_by_a_killed_program(workspace, "new")[0].make()
    again = Workspace(workspace.library.folder, state=workspace.state)
    assert again.finish() == ["Rename a to new: it was broken off and is finished now"]
    assert names(again) == ["a.progress.toml", "new.map.toml", "new.toml"]
    assert again.finish() == []


def test_a_rename_that_was_not_begun_is_let_go_and_said(workspace: Workspace) -> None:
    left_by_a_killed_program(workspace, "new")
    before = names(workspace)
    again = Workspace(workspace.library.folder, state=workspace.state)
    assert again.finish() == ["Rename a to new: it was broken off before anything was changed; do it again"]
    assert (names(again), again.finish()) == (before, [])


def test_a_file_that_another_program_put_in_the_way_is_never_replaced(workspace: Workspace) -> None:
    left_by_a_killed_program(workspace, "new")[0].make()
    (workspace.library.folder / "new.map.toml").write_text("mine")
    again = Workspace(workspace.library.folder, state=workspace.state)
    [words] = again.finish()
    assert "a.map.toml cannot be moved: file exists" in words
    assert (workspace.library.folder / "new.map.toml").read_text() == "mine"
    (workspace.library.folder / "new.map.toml").unlink()
    assert "finished now" in again.finish()[0]


def test_a_copy_starts_its_own_walk_through(workspace: Workspace) -> None:
    assert isinstance(workspace.duplicate("a", "b"), Done)
    assert names(workspace) == ["a.map.toml", "a.progress.toml", "a.toml", "b.map.toml", "b.toml"]
    assert isinstance(workspace.duplicate("none", "c"), Problem)


def test_a_deleted_profile_comes_back_with_what_was_next_to_it_and_its_undo(workspace: Workspace) -> None:
    before = names(workspace)
    assert isinstance(edited(workspace, "a", "saved").save(), Done)
    assert isinstance(workspace.delete("a"), Done)
    [trashed] = workspace.library.trashed()
    assert isinstance(workspace.restore(trashed), Done)
    assert names(workspace) == before
    session = opened(Workspace(workspace.library.folder, state=workspace.state), "a")
    assert isinstance(session.undo(), Done)
    assert session.document.text() == TEXT
    assert workspace.library.trashed() == []


def test_no_file_comes_back_where_one_is(workspace: Workspace) -> None:
    assert isinstance(workspace.delete("a"), Done)
    (workspace.library.folder / "a.map.toml").write_text("mine")
    [trashed] = workspace.library.trashed()
    assert isinstance(workspace.restore(trashed), Problem)
    assert names(workspace) == ["a.map.toml"]
    assert workspace.library.trashed() == [trashed]


def test_ticks_that_could_not_follow_a_rename_do_with_the_next_saving(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = opened(workspace, "a")
    assert isinstance(session.walk.tick(["task_types[Pick]"], by="Anna"), Done)
    plan = editing.rename_field(session.indexed, ("task_types", 0), "name", "Ship")
    assert isinstance(plan, editing.Plan)
    session.edit(plan)
    with monkeypatch.context() as full:
        full.setattr("omtui.service.ticks.write_file", lambda *_: Problem("no space left", "free some"))
        assert "did not follow: no space left" in str(session.save())
    assert [each.place for each in session.walk.progress.ticks] == ["task_types[Ship]"]
    session.edit(editing.set_value(session.indexed, ("profile", "title"), "more"))
    assert isinstance(session.save(), Done)
    assert [each.place for each in session.walk.ticks.progress.ticks] == ["task_types[Ship]"]
    assert list((workspace.state / PENDING).iterdir()) == []


@pytest.mark.parametrize("name", ["a/b", "/", "..", "", ".", "a/.", "a\0b", "\\", "x" * 300, "../c", "a\nb", "-x"])
def test_a_rename_to_what_is_no_name_is_refused_and_changes_nothing(workspace: Workspace, name: str) -> None:
    before = names(workspace)
    assert isinstance(workspace.rename("a", name), Problem)
    assert names(workspace) == before
