"""The library: a folder of profiles, by name."""

import os
import time
from pathlib import Path

import pytest

from omtui.problem import Problem
from omtui.store.document import Document
from omtui.store.library import Library, Trashed, companion_path, why_not
from tests.store.test_files import inside

PROFILE = """\
# head
schema = 1

[profile]
name = "NAME"  # its name
environment = "test"
title = "T"

[pod]
release = "25D"
"""


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "profiles", tmp_path / "state" / "trash")


def add(library: Library, name: str, *kinds: str) -> Path:
    path = library.create(name, PROFILE.encode())
    assert isinstance(path, Path), path
    for kind in kinds:
        companion_path(path, kind).write_text(f'schema = 1\nkind = "{kind}"\n')  # type: ignore[arg-type]
    return path


def test_a_new_profile_gets_its_name(library: Library) -> None:
    path = add(library, "vision-dev")
    assert path.read_text() == PROFILE.replace("NAME", "vision-dev")
    assert path.stat().st_mode & 0o777 == 0o600
    assert library.names() == ["vision-dev"]
    refused = library.create("vision-dev", PROFILE.encode())
    assert isinstance(refused, Problem)
    assert "already" in refused.message


def test_an_absent_folder_is_an_empty_library(library: Library) -> None:
    assert library.names() == []
    assert isinstance(library.find("x"), Problem)


def test_only_profiles_are_listed_by_name(library: Library) -> None:
    for name in ("b", "A", "c d"):
        add(library, name, "progress", "map", "columns", "fsm")
    (library.folder / ".hidden.toml").write_text("")
    (library.folder / "notes.md").write_text("")
    (library.folder / "folder.toml").mkdir()
    assert library.names() == ["A", "b", "c d"]


@pytest.mark.parametrize(
    "name",
    [
        "", " ", ".", "..", "../x", "a/b", "/etc/passwd", "a\\b", ".hidden", "-x",
        "a\0b", "a\nb", "\x1b[31m", "a\u202eb", "\ud800",
        "con", "NUL", "com1", "lpt9.x", "aux.toml", "x.toml", "x.progress", "x.map", "x.columns", "x.fsm", "X.MAP",
        "a ", " a", "a.", "a:b", "a*", 'a"b', "a|b", "x" * 201, "ü" * 101,
    ],
)  # fmt: skip
def test_names_with_tricks_are_refused(library: Library, name: str) -> None:
    assert why_not(name)
    for outcome in (library.create(name, PROFILE.encode()), library.find(name)):
        assert isinstance(outcome, Problem)
        assert outcome.message.isprintable()
        outcome.message.encode()
    assert not library.folder.exists()
    add(library, "fine")
    assert isinstance(library.rename("fine", name), Problem)
    assert library.names() == ["fine"]
    assert inside(library.folder.parent) == ["profiles"]


@pytest.mark.parametrize("name", ["a@b", "vision-dev@promoted", "@", "a@"])
def test_no_new_name_reads_like_an_earlier_state(library: Library, name: str) -> None:
    assert why_not(name)
    add(library, "fine")
    content = library.path("fine").read_bytes()
    outcomes = (library.create(name, content), library.rename("fine", name))
    assert all(isinstance(outcome, Problem) and "an earlier state" in outcome.message for outcome in outcomes)
    library.path(name).write_bytes(content)
    assert library.find(name) == library.path(name)
    trashed = library.delete(name)
    assert isinstance(trashed, Trashed)
    assert library.restore(trashed) == library.path(name)
    renamed = library.rename(name, "other")
    assert isinstance(renamed, Path)
    assert library.names() == ["fine", "other"]


@pytest.mark.parametrize("name", ["vision-dev", "受注", "a.b", "Vision dev 2", "x" * 200, "confirm", "comet"])
def test_names_that_are_fine(library: Library, name: str) -> None:
    add(library, name, "progress", "map")
    assert library.names() == [name]
    assert library.find(name) == library.path(name)


def test_a_profile_is_found_by_name_or_by_path(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    path = add(library, "vision-dev")
    assert library.find("vision-dev") == path
    assert library.find(str(path)) == path
    monkeypatch.chdir(library.folder)
    assert library.find("vision-dev.toml") == Path("vision-dev.toml")
    refused = library.find("visiondev")
    assert isinstance(refused, Problem)
    assert "vision-dev?" in refused.fix
    assert isinstance(library.find("else/where.toml"), Problem)


def test_a_renamed_profile_takes_its_companions_along(library: Library) -> None:
    add(library, "a", "progress", "map", "columns", "fsm")
    path = library.rename("a", "b")
    assert path == library.path("b")
    assert library.path("b").read_text() == PROFILE.replace("NAME", "b")
    assert inside(library.folder) == ["b.columns.toml", "b.fsm.toml", "b.map.toml", "b.progress.toml", "b.toml"]


def test_a_rename_takes_no_name_that_is_taken(library: Library) -> None:
    add(library, "a")
    add(library, "b")
    assert isinstance(library.rename("a", "b"), Problem)
    assert library.path("a").read_text() == PROFILE.replace("NAME", "a")
    assert library.path("b").read_text() == PROFILE.replace("NAME", "b")


def test_a_broken_profile_can_be_renamed_and_deleted(library: Library) -> None:
    path = add(library, "a")
    path.write_text("schema = \n")
    assert library.rename("a", "b") == library.path("b")
    assert library.path("b").read_text() == "schema = \n"
    assert isinstance(library.delete("b"), Trashed)
    assert library.names() == []


def test_what_was_deleted_can_be_restored(library: Library) -> None:
    add(library, "a", "progress", "map")
    add(library, "b")
    first = library.delete("a")
    assert isinstance(first, Trashed)
    assert inside(library.folder) == ["b.toml"]
    assert library.trash.stat().st_mode & 0o777 == 0o700
    add(library, "a")
    second = library.delete("a")
    assert isinstance(second, Trashed)
    assert [trashed.folder for trashed in library.trashed()] == [second.folder, first.folder]
    assert library.restore(first) == library.path("a")
    assert inside(library.folder) == ["a.map.toml", "a.progress.toml", "a.toml", "b.toml"]
    assert isinstance(library.restore(second), Problem)
    assert not first.folder.exists()
    assert [trashed.folder for trashed in library.trashed()] == [second.folder]


def test_a_delete_that_fails_leaves_everything(library: Library) -> None:
    add(library, "a", "progress")
    library.trash.parent.mkdir()
    library.trash.write_text("in the way")
    assert isinstance(library.delete("a"), Problem)
    assert inside(library.folder) == ["a.progress.toml", "a.toml"]


def test_broken_profiles_are_listed_with_their_fault(library: Library) -> None:
    add(library, "fine")
    add(library, "broken").write_text('schema = 1\n[profile]\nname = "x"\n')
    add(library, "torn").write_text("schema = 1\nx = [\n")
    add(library, "empty").write_bytes(b"")
    os.mkfifo(library.folder / "pipe.toml")
    listed = {each.name: each for each in library.listed()}
    assert sorted(listed) == ["broken", "empty", "fine", "pipe", "torn"]
    assert listed["fine"].faults == ()
    assert "environment is missing" in listed["broken"].faults[0].message
    assert listed["torn"].faults[0].line == 3
    assert "is empty" in listed["empty"].faults[0].message
    assert "is a pipe" in listed["pipe"].faults[0].message
    assert listed["fine"].head == {
        "profile": {"name": "fine", "environment": "test", "title": "T"},
        "pod": {"release": "25D"},
    }
    assert listed["broken"].head == {"profile": {"name": "x"}, "pod": {}}
    assert listed["torn"].head == listed["pipe"].head == {}


def test_the_head_is_found_at_every_place(library: Library) -> None:
    path = add(library, "late")
    text = PROFILE.replace("schema = 1\n", 'schema = 1\nx = """\n[[not]]\n"""\n\n[[roles]]\ncode = "r"\n')
    path.write_text(text)
    [listed] = library.listed()
    assert listed.head["pod"] == {"release": "25D"}


def test_two_hundred_profiles_are_listed_at_once(library: Library) -> None:
    library.folder.mkdir()
    body = "".join(f'\n[[connectors]]\nname = "c{number}"\nurl = "https://x.example"\n' for number in range(300))
    for number in range(200):
        library.path(f"p{number}").write_text(PROFILE + body)
    start = time.process_time()
    listed = library.listed()
    named = time.process_time() - start
    assert len(listed) == 200
    assert all(each.head["profile"] for each in listed)
    heads = time.process_time() - start
    document = Document.from_bytes(library.path("p0").read_bytes())
    one = -time.process_time()
    document = Document.from_bytes(library.path("p0").read_bytes())
    one += time.process_time()
    assert isinstance(document, Document)
    assert named < 20 * one
    assert heads < 100 * one  # half of what reading them all would take, at the very least
