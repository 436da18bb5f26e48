"""Noticing that files changed."""

import os
from pathlib import Path

from omtui.store.files import read_hash, write_file
from omtui.store.watching import FolderWatch, Watch


def test_a_file_that_changes_comes_and_goes(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    watch = Watch(path)
    assert not watch.changed()
    path.write_text("a = 1\n")
    assert watch.changed()
    assert not watch.changed()
    write_file(path, b"a = 2\n", read_hash(path))  # the same size
    os.utime(path, (0, 0))
    assert watch.changed()
    path.unlink()
    assert watch.changed()
    assert not watch.changed()


def test_own_writes_are_settled(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text("a = 1\n")
    watch = Watch(path)
    write_file(path, b"a = 2\n", read_hash(path))
    watch.settled()
    assert not watch.changed()


def test_a_folder_shows_which_profiles_changed(tmp_path: Path) -> None:
    folder = tmp_path / "profiles"
    watch = FolderWatch(folder)
    assert watch.changed() == set()
    folder.mkdir()
    (folder / "a.toml").write_text("a = 1\n")
    (folder / "b.toml").write_text("b = 1\n")
    (folder / ".omtui-1.tmp").write_text("")
    (folder / "notes.md").write_text("")
    assert watch.changed() == {"a.toml", "b.toml"}
    (folder / "a.toml").write_text("a = 22\n")
    (folder / "b.toml").unlink()
    assert watch.changed() == {"a.toml", "b.toml"}
    assert watch.changed() == set()
