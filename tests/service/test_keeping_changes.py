"""Changes are kept for later runs: every law closes the profile and opens it again before it judges."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random

import pytest

from omtui.commands.profile_arguments import saved_or_refused
from omtui.problem import Done, Problem
from omtui.service import editing
from omtui.service.editing import Plan
from omtui.service.session import FileChanged, Session
from omtui.service.workspace import Workspace
from omtui.setup.place import Path as Place
from omtui.store.change import MISSING, fits
from omtui.store.database import FILE
from omtui.store.document import Document
from omtui.store.files import read_hash
from omtui.store.journal import Journal
from tests.store.laws import law
from tests.store.profiles import Maker

HERE = Path(__file__).parent
TITLE: Place = ("profile", "title")
TEXT = """schema = 1

[profile]
name = "dev"
environment = "test"

[[roles]]  # the role
code = "R"
# why
note = "x"   # agreed
[[roles]]
code = "S"
"""


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "dev.toml").write_text(TEXT)
    return folder


def opened(library: Path, *, in_background: bool = False, keeps_drafts: bool = True) -> Session:
    """The profile in a new run of the program."""
    workspace = Workspace(library, state=library.parent / "state")
    workspace.in_background = in_background
    session = workspace.open("dev", keeps_drafts=keeps_drafts)
    assert isinstance(session, Session)
    return session


def set_to(session: Session, path: Place, value: object) -> None:
    assert isinstance(session.edit(editing.set_value(session.indexed, path, value)), Done)


def end_all(library: Path) -> None:
    """Let every run so far look ended: as if its process had another start."""
    with closing(sqlite3.connect(library.parent / "state" / FILE)) as connection, connection:
        connection.execute("UPDATE drafts SET started = 'before'")


@contextmanager
def held(library: Path) -> Iterator[None]:
    """Another program holds the journal."""
    (library.parent / "state").mkdir(exist_ok=True)
    with closing(sqlite3.connect(library.parent / "state" / FILE, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield


def wild(path: Path, state: Path) -> Session:
    """A file in any layout, also one that makes no profile, in a new run."""
    content = path.read_bytes()
    document = Document.from_bytes(content, lambda _: [])
    assert isinstance(document, Document)
    made = Session(path, document, content, lambda: None, lambda: Journal(state))  # type: ignore[arg-type, return-value]
    made.unlocked = True
    return made


@law(10)
def test_later_runs_undo_and_redo_every_byte(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    maker = Maker(Random(seed))
    maker.talkative = maker.random.choice((0.2, 0.5))
    folder = tmp_path_factory.mktemp("wild")
    path, state = folder / "wild.toml", folder / "state"
    path.write_bytes(maker.text(maker.profile()).encode())
    states = [path.read_bytes()]
    for _ in range(maker.random.randint(1, 4)):
        session = wild(path, state)
        steps = []
        for _ in range(maker.random.randint(1, 2)):
            operation = maker.operation(session.data)
            if operation is not None and fits(session.data, operation):
                if not isinstance(session.edit(Plan("Change", (operation,), ())), Done):
                    continue
                steps.append(operation)
        if steps and maker.chance(0.8):
            assert isinstance(session.save(), Done)
            states += [b""] * (len(steps) - 1) + [path.read_bytes()]
    for way in ("undo", "redo"):
        for expected in [*states[-2::-1]] if way == "undo" else states[1:]:
            session = wild(path, state)
            assert isinstance(getattr(session, way)(), Done)
            assert isinstance(session.save(), Done)
            assert path.read_bytes() == expected or not expected
    assert isinstance(wild(path, state).redo(), Problem)


def test_undo_in_a_later_run_brings_comments_and_layout_back(library: Path) -> None:
    for path, value in ((("roles", 0, "note"), MISSING), (TITLE, "x")):
        session = opened(library)
        set_to(session, path, value)
        session.save()
    session = opened(library)
    session.edit(editing.remove_record(session.indexed, ("roles", 0)))
    session.save()
    for _ in range(3):
        session = opened(library)
        assert isinstance(session.undo(), Done)
        session.save()
    assert (library / "dev.toml").read_text() == TEXT


def test_laying_out_can_be_undone(library: Path) -> None:
    session = opened(library)
    assert session.lay_out() is True
    session.save()
    assert (library / "dev.toml").read_text() != TEXT
    session = opened(library)
    assert isinstance(session.undo(), Done)
    session.save()
    assert (library / "dev.toml").read_text() == TEXT


def test_a_comment_of_a_cleared_field_stays_with_its_record(library: Path) -> None:
    session = opened(library)
    set_to(session, ("roles", 0, "note"), MISSING)
    session.save()
    session = opened(library)
    session.edit(editing.remove_record(session.indexed, ("roles", 1)))
    session.save()
    assert (library / "dev.toml").read_text().endswith('[[roles]]  # the role\ncode = "R"\n# why\n')


@pytest.mark.parametrize("after_a_save", [False, True])
def test_a_change_that_looks_like_a_secret_is_named_and_the_others_are_kept(
    library: Path, *, after_a_save: bool
) -> None:
    session = opened(library)
    set_to(session, TITLE, "one")
    if after_a_save:
        session.save()
    assert session.news() == ""
    set_to(session, ("roles", 1, "note"), "Authorization: Basic c2VjcmV0OnBhc3N3b3Jk")
    assert "looks like a secret" in session.news()
    assert session.news() == ""
    set_to(session, ("pod", "release"), "25D")
    end_all(library)
    later = opened(library)
    assert later.resume() is not None
    assert later.value(TITLE) == "one"
    assert later.value(("pod", "release")) == "25D"
    assert later.value(("roles", 1, "note")) is MISSING


def test_a_journal_that_is_damaged_while_a_profile_is_open_keeps_the_next_changes(library: Path) -> None:
    session = opened(library)
    set_to(session, TITLE, "one")
    session.save()
    set_to(session, TITLE, "two")
    (library.parent / "state" / FILE).write_bytes(b"\xa5" * 50_000)
    set_to(session, ("pod", "release"), "25D")
    assert "damaged" in session.news()
    session.undo()
    set_to(session, ("pod", "release"), "26A")
    end_all(library)
    later = opened(library)
    assert later.resume() is not None
    assert (later.value(TITLE), later.value(("pod", "release"))) == ("two", "26A")
    assert (later.document.text(), later.unsaved) == (session.document.text(), 2)


def test_a_draft_that_fits_nothing_never_keeps_a_profile_from_being_opened(library: Path) -> None:
    session = opened(library)
    set_to(session, TITLE, "one")
    set_to(session, TITLE, "two")
    end_all(library)
    with closing(sqlite3.connect(library.parent / "state" / FILE)) as connection, connection:
        connection.execute("UPDATE edits SET operations = replace(operations, 'one', 'three')")
    later = opened(library)
    resumed = later.resume()
    assert resumed is not None
    assert later.document.to_bytes()


def test_a_held_journal_keeps_no_key_waiting_and_gets_all_when_it_is_free(library: Path) -> None:
    session = opened(library, in_background=True)
    set_to(session, ("roles", 0, "note"), MISSING)
    with held(library):
        start = time.monotonic()
        set_to(session, TITLE, "one")
        session.undo()
        session.redo()
        session.save()
        set_to(session, TITLE, "two")
        assert time.monotonic() - start < 3, "five keys"
        waited = time.monotonic() + 5
        while not (news := session.news()) and time.monotonic() < waited:
            pass
        assert "another program holds it" in news
    assert session._open_journal().end(10)
    assert session.news() == "changes are kept again"
    later = opened(library, keeps_drafts=False)
    assert isinstance(later.undo(), Done)
    assert isinstance(later.undo(), Done)
    assert later.document.text() == TEXT
    end_all(library)
    later = opened(library)
    assert later.resume() is not None
    assert later.value(TITLE) == "two"


def test_what_a_command_does_while_the_journal_is_held_is_entered_later(library: Path) -> None:
    session = opened(library, keeps_drafts=False)
    set_to(session, ("roles", 0, "note"), MISSING)
    session.save()
    with held(library):
        for title in ("one", "two"):
            start = time.monotonic()
            session = opened(library, keeps_drafts=False)
            set_to(session, TITLE, title)
            assert isinstance(session.save(), Done)
            assert "another program holds it" in session.news()
            assert time.monotonic() - start < 4
        for note in (library.parent / "state" / "pending").iterdir():
            note.write_text(note.read_text().replace('"process": ["', '"process": ["not '))
    for _ in range(3):
        session = opened(library, keeps_drafts=False)
        assert isinstance(session.undo(), Done)
        session.save()
    assert (library / "dev.toml").read_text() == TEXT
    labels = [entry.label for entry in Journal(library.parent / "state").of(library / "dev.toml").entries()]
    assert labels[:3] == ["Clear roles[R].note", "Set profile.title", "Set profile.title"]


def test_a_refused_command_leaves_no_draft(library: Path) -> None:
    session = opened(library, keeps_drafts=False)
    set_to(session, TITLE, "one")
    (library / "dev.toml").write_text(TEXT.replace('"S"', '"T"'))
    assert isinstance(session.save(), FileChanged)
    end_all(library) if (library.parent / "state" / FILE).exists() else None
    assert Journal(library.parent / "state").of(library / "dev.toml").drafts() == []
    assert list((library.parent / "state" / "pending").iterdir()) == []


def test_a_command_makes_its_change_again_on_what_another_program_wrote(library: Path) -> None:
    first, second, third = (opened(library, keeps_drafts=False) for _ in range(3))
    set_to(first, TITLE, "one")
    set_to(second, ("pod", "release"), "25D")
    set_to(third, TITLE, "three")
    assert saved_or_refused(first, "a") is None
    assert saved_or_refused(second, "b") is None
    assert isinstance(saved_or_refused(third), Problem)
    last = opened(library)
    assert (last.value(TITLE), last.value(("pod", "release"))) == ("one", "25D")
    entries = Journal(library.parent / "state").of(library / "dev.toml").entries()
    assert [(entry.label, entry.reason) for entry in entries] == [("Set profile.title", "a"), ("Set pod.release", "b")]
    for _ in range(2):
        assert isinstance(last.undo(), Done)
    assert last.document.text() == TEXT


def test_edits_carry_their_own_time(library: Path) -> None:
    session = opened(library)
    set_to(session, TITLE, "one")
    set_to(session, TITLE, "two")
    made = [step.at for step in session._done]
    session.save()
    session.undo()
    session.save()
    entries = Journal(library.parent / "state").of(library / "dev.toml").entries()
    assert [entry.at for entry in entries[:2]] == made
    assert entries[2].at > made[1]
    assert [entry.action for entry in entries] == ["edit", "edit", "undo"]


def test_who_edits_is_whom_the_system_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pwd = pytest.importorskip("pwd")
    import os

    name = pwd.getpwuid(os.getuid()).pw_name
    for variable in ("SUDO_USER", "LOGNAME", "USER"):
        monkeypatch.delenv(variable, raising=False)
    assert Journal(tmp_path).who == name
    monkeypatch.setenv("USER", "maria\x1b[31m")
    assert Journal(tmp_path).who.startswith(f"{name} (USER maria")
    assert Journal(tmp_path).who.isprintable()


@pytest.fixture
def of_0_1_0(library: Path) -> Path:
    """A library with the journal of omtui 0.1.0: one change saved, three saved together, two left unsaved."""
    (library / "dev.toml").write_bytes((HERE / "saved_by_0_1_0.toml").read_bytes())
    state = library.parent / "state"
    state.mkdir()
    rows = (
        (HERE / "journal_of_0_1_0.sql").read_text().replace("/library/old.toml", str((library / "dev.toml").resolve()))
    )
    with closing(sqlite3.connect(state / FILE)) as connection:
        connection.executescript(rows)
    return library


def test_a_journal_of_0_1_0_is_undone_to_the_letter(of_0_1_0: Path) -> None:
    file = of_0_1_0 / "dev.toml"
    journal = Journal(of_0_1_0.parent / "state").of(file)
    assert journal.verify_chain() is None
    assert len(journal.entries()) == 4
    before, *_, first = journal.states()[::-1]
    for _ in range(4):
        session = opened(of_0_1_0)
        assert isinstance(session.undo(), Done)
        session.save()
    assert read_hash(file) == before.hash
    for _ in range(4):
        session = opened(of_0_1_0)
        assert isinstance(session.redo(), Done)
        session.save()
    assert read_hash(file) == first.hash


def test_a_draft_of_0_1_0_comes_back(of_0_1_0: Path) -> None:
    session = opened(of_0_1_0)
    resumed = session.resume()
    assert resumed is not None
    assert (resumed.count, resumed.lost) == (2, ())
    assert (session.value(TITLE), session.value(("profile", "stage"))) == ("draft", "SIT")
    for _ in range(6):
        assert isinstance(session.undo(), Done)
    assert "# agreed with Ravi" in session.document.text()
