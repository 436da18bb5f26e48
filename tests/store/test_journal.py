"""The journal: undo across restarts, drafts of runs that ended, a log that shows when it was changed."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from omtui.store.change import MISSING, Operation, Set, inverse
from omtui.store.database import FILE
from omtui.store.document import Document
from omtui.store.files import content_hash
from omtui.store.journal import Journal, ProfileJournal
from omtui.store.splice import between
from omtui.store.step import Draft, RunState
from omtui.store.together import FileMove
from tests.store.test_files import as_nobody, in_child, inside, open_folder

__all__ = ["open_folder"]

TEXT = b'schema = 1\n\n[profile]\nname = "a"\nenvironment = "test"\n'


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "a.toml"


def logged(of: ProfileJournal, label: str, reason: str = "", operations: Sequence[Operation] = ()) -> None:
    """Adds an entry to the log of a profile."""
    words = (of._journal.who, "edit", of._clean(label), of._clean(reason), operations)
    of._journal.write(lambda connection: of._append(connection, *words) is None)


def opened(content: bytes = TEXT) -> Document:
    document = Document.from_bytes(content)
    assert isinstance(document, Document)
    return document


class Run:
    """A run of the program with one open profile, as far as the journal is concerned."""

    def __init__(self, state: Path, profile: Path, content: bytes = TEXT) -> None:
        self.document = opened(content)
        self.journal = Journal(state, who="A. Admin")
        self.of: ProfileJournal = self.journal.of(profile)
        self.state = RunState(base=content, base_hash=content_hash(content))

    def edit(self, title: object) -> bool:
        before = self.document.text()
        operation = Set(("profile", "title"), self.document.data["profile"].get("title", MISSING), title)  # type: ignore[attr-defined]
        done = [self.document.perform(operation)]
        step = self.of.step(f"Title {title}", done, between(before, self.document.text()))
        self.state = replace(self.state, done=(*self.state.done, step), undone=())
        return self.of.keep_state(self.state)

    def undo(self) -> None:
        *done, last = self.state.done
        self.state = replace(self.state, done=tuple(done), undone=(last, *self.state.undone))
        self.of.keep_state(self.state)

    def save(self, reason: str = "", *, found: str = "") -> bytes:
        content = self.document.to_bytes()
        assert isinstance(content, bytes)
        before = self.state
        self.state = RunState(before.done, before.done, before.undone, base=content, base_hash=content_hash(content))
        intention = self.of.intend(before, self.state, reason, found=found)
        self.of.complete(intention, before.base, content)
        return content


def end(state: Path) -> None:
    """Let every run that left a draft look ended: as if its process had another start."""
    with closing(sqlite3.connect(state / FILE)) as connection, connection:
        connection.execute("UPDATE drafts SET started = 'before'")


def titles(operations: list[Operation] | tuple[Operation, ...]) -> list[object]:
    return [operation.new for operation in operations if isinstance(operation, Set)]


def test_a_run_that_ended_leaves_its_draft(state: Path, profile: Path) -> None:
    run = Run(state, profile)
    assert run.edit("one")
    assert run.edit("two")
    numbers = [step.number for step in run.state.done]
    assert numbers[0] < numbers[1]
    other = Run(state, profile)
    assert other.of.drafts() == []  # it may still go on
    end(state)
    [draft] = other.of.drafts()
    assert draft.base == content_hash(TEXT)
    assert draft.count == 2
    assert titles(draft.operations) == ["one", "two"]
    assert [kept.number for kept in draft.done] == numbers
    assert draft.done[0].who == "A. Admin"
    assert draft.done[0].label == "Title one"
    assert other.of.content(draft.base) == TEXT
    document = opened()
    for operation in draft.operations:
        document.perform(operation)
    assert document.to_bytes() == run.document.to_bytes()


def test_a_draft_is_taken_up_once(state: Path, profile: Path) -> None:
    Run(state, profile).edit("one")
    end(state)
    first, second = Run(state, profile), Run(state, profile)
    [draft], [same_draft] = first.of.drafts(), second.of.drafts()
    assert first.of.take(draft)
    assert not second.of.take(same_draft)
    assert second.of.drafts() == []
    [mine] = first.of.drafts()  # until its state changes, so that a crash loses nothing
    assert mine.count == 1
    assert first.of.keep_state(first.state)
    assert first.of.drafts() == []


def test_what_was_saved_is_no_draft_and_can_be_undone_after_a_restart(state: Path, profile: Path) -> None:
    run = Run(state, profile)
    run.edit("one")
    run.edit("two")
    run.edit("three")
    run.undo()
    run.document = opened(TEXT + b'title = "two"\n')
    content = run.save()
    end(state)
    other = Run(state, profile, content)
    assert other.of.drafts() == []
    done, undone = other.of.changes_in(content_hash(content))
    assert [titles(kept.operations) for kept in done] == [["one"], ["two"]]
    assert [titles(kept.operations) for kept in undone] == [["three"]]
    for kept in reversed(done):
        for operation in reversed(kept.operations):
            other.document.perform(inverse(operation))
    assert other.document.to_bytes() == TEXT
    assert other.of.changes_in(content_hash(b"another state")) == ((), ())


def test_a_draft_may_be_behind_the_file(state: Path, profile: Path) -> None:
    run = Run(state, profile)
    run.edit("one")
    run.edit("two")
    content = run.save()
    run.undo()
    run.undo()
    run.edit("three")
    number = run.state.done[-1].number
    end(state)
    [draft] = Run(state, profile, content).of.drafts()
    assert (len(draft.saved), draft.shared, [kept.number for kept in draft.done], draft.count) == (2, 0, [number], 3)
    assert titles(draft.operations) == ["one", MISSING, "three"]


def test_an_undo_without_a_save_is_a_draft(state: Path, profile: Path) -> None:
    run = Run(state, profile)
    run.edit("one")
    content = run.save()
    run.undo()
    end(state)
    [draft] = Run(state, profile, content).of.drafts()
    assert titles(draft.operations) == [MISSING]
    assert [kept.label for kept in draft.undone] == ["Title one"]


def test_back_where_the_file_is_there_is_no_draft(state: Path, profile: Path) -> None:
    run = Run(state, profile)
    run.edit("one")
    run.undo()
    end(state)
    assert Run(state, profile).of.drafts() == []


def move(of: ProfileJournal, profile: Path, new: Path) -> None:
    of.complete(of.intend_moves([FileMove(str(profile), str(new))], (), "rename", "Rename"))


def test_links_and_names_lead_to_one_journal(state: Path, profile: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.toml"
    link.symlink_to(profile)
    Run(state, link).edit("one")
    end(state)
    assert len(Run(state, profile).of.drafts()) == 1
    new = tmp_path / "b.toml"
    move(Run(state, profile).of, profile, new)
    assert Run(state, profile).of.drafts() == []
    assert len(Run(state, new).of.drafts()) == 1


def test_the_log_shows_who_did_what_and_why(state: Path, profile: Path) -> None:
    run = Run(state, profile)
    run.edit("one")
    run.edit("two")
    first = run.save("asked for by SIT")
    run.undo()
    run.document = opened(TEXT + b'title = "one"\n')
    run.save()
    logged(run.of, "By hand", "go-live", [Set(("pod", "url"), MISSING, "x")])
    entries = run.of.entries()
    assert [(entry.action, entry.label, entry.reason, entry.who) for entry in entries] == [
        ("edit", "Title one", "asked for by SIT", "A. Admin"),
        ("edit", "Title two", "asked for by SIT", "A. Admin"),
        ("undo", "Title two", "", "A. Admin"),
        ("edit", "By hand", "go-live", "A. Admin"),
    ]
    assert entries[0].file_hash == content_hash(first)
    assert entries[0].changes == ({"op": "set", "path": ["profile", "title"], "new": "one"},)
    assert run.of.verify_chain() is None
    assert Run(state, profile.with_name("b.toml")).of.entries() == []


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE changes SET entry = replace(entry, 'Title 2', 'Title 9') WHERE id = 3",
        "DELETE FROM changes WHERE id = 3",
        "INSERT INTO changes SELECT 99, profile, entry, hash FROM changes WHERE id = 1",
        "UPDATE changes SET entry = 'torn' WHERE id = 3",
        "DELETE FROM changes WHERE id = 5",
        "DELETE FROM changes WHERE id IN (4, 5)",
        "DELETE FROM changes",
    ],
)
def test_a_log_that_was_changed_shows_it(state: Path, profile: Path, forgery: str) -> None:
    run = Run(state, profile)
    for number in range(5):
        logged(run.of, f"Title {number}")
    assert run.of.verify_chain() is None
    with closing(sqlite3.connect(state / FILE)) as connection, connection:
        assert connection.execute(forgery).rowcount
    assert run.of.verify_chain() is not None
    assert len(run.of.entries()) in (0, 3, 4, 5, 6)


def test_former_states_are_found_by_time(state: Path, profile: Path) -> None:
    run = Run(state, profile)
    run.edit("one")
    first = run.save()
    run.edit("two")
    second = run.save()
    newest, oldest, found = run.of.states()
    assert (newest.hash, oldest.hash, found.hash) == (content_hash(second), content_hash(first), content_hash(TEXT))
    assert (newest.who, found.who) == ("A. Admin", "")
    assert run.of.content_at(oldest.at) == first
    assert run.of.content_at(found.at) == TEXT
    assert run.of.content_at("9999") == second
    assert run.of.content_at("2000") is None
    assert run.of.content(oldest.hash) == first


def test_what_another_program_wrote_is_a_state_too(state: Path, profile: Path) -> None:
    run = Run(state, profile)
    run.edit("one")
    run.save()
    by_hand = TEXT.replace(b'"test"', b'"production"')
    later = Run(state, profile, by_hand)
    later.edit("two")
    later.save(found="2026-11-20T08:00:00.000000+00:00")
    assert [saved.who for saved in later.of.states()] == ["A. Admin", "", "A. Admin", ""]
    assert later.of.states()[1].at == "2026-11-20T08:00:00.000000+00:00"
    assert later.of.content(content_hash(by_hand)) == by_hand
    assert later.of.changes_in(content_hash(by_hand)) == ((), ())


def test_the_base_of_the_next_promotion(state: Path, profile: Path) -> None:
    run = Run(state, profile)
    assert run.of.last_promoted() is None
    run.of.promoted("vision-dev", b"one")
    run.of.promoted("vision-design", b"two")
    run.of.promoted("vision-dev", b"three")
    assert run.of.last_promoted() == b"three"


def base(run: Run, source: str = "vision-dev") -> bytes | None:
    found = run.of.last_decided(source)
    return found.content if found else None


def test_what_was_decided_goes_with_its_change(state: Path, profile: Path) -> None:
    run = Run(state, profile)
    assert base(run) is None
    run.edit("first")
    run.save()
    run.of.decided("vision-dev", b"one", run.state.done[-1].number)
    run.edit("second")
    run.save()
    run.of.decided("vision-dev", b"two", run.state.done[-1].number)
    run.of.decided("vision-dev", b"two and a decision")
    assert base(run) == b"two and a decision"
    assert base(run, "vision-design") is None
    run.undo()
    assert base(run) == b"two and a decision", "the file still holds it"
    run.save()
    assert base(run) == b"one"
    again = run.state
    run.state = replace(again, done=(*again.done, again.undone[0]), undone=())
    run.save()
    assert base(run) == b"two and a decision"
    moved = profile.with_name("renamed.toml")
    move(run.of, profile, moved)
    assert base(Run(state, moved)) == b"two and a decision"


def test_old_states_go_and_what_is_needed_stays(state: Path, profile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from omtui.store import journal, rows

    monkeypatch.setattr(rows, "KEPT_SAVES", 5)
    monkeypatch.setattr(journal, "UNDOABLE", 4)
    run = Run(state, profile)
    for number in range(12):
        run.edit(str(number))
        content = run.save()
    assert len(run.of.states()) == 5
    assert all(run.of.content(saved.hash) for saved in run.of.states())
    done, _ = run.of.changes_in(content_hash(content))
    assert [titles(kept.operations) for kept in done] == [["8"], ["9"], ["10"], ["11"]]
    with closing(sqlite3.connect(state / FILE)) as connection:
        assert connection.execute("SELECT count(*) FROM edits").fetchone()[0] < 12
        assert connection.execute("SELECT count(*) FROM contents").fetchone()[0] == 5
    assert len(run.of.entries()) == 12
    assert run.of.verify_chain() is None


def test_nothing_that_looks_like_a_secret_is_kept(state: Path, profile: Path) -> None:
    journal = Journal(state, who="a", redact=lambda text: text.replace("hunter2", "…"))
    of = journal.of(profile)
    before = RunState(base=TEXT, base_hash=content_hash(TEXT))
    secret = Set(("profile", "title"), MISSING, "hunter2")
    hidden = of.step("Title", [secret])
    clean = of.step("Title hunter2", [Set(("profile", "title"), MISSING, "x")], reason="hunter2")
    assert (hidden.is_private, clean.is_private) == (True, False)
    assert of.keep_state(replace(before, done=(hidden, clean)))
    logged(of, "hunter2", "hunter2", [secret])
    of.promoted("other", b"hunter2")
    bad = TEXT + b'title = "hunter2"\n'
    of.complete(of.intend(before, RunState((), (hidden, clean), base=bad, base_hash=content_hash(bad))), TEXT, bad)
    assert b"hunter2" not in (state / FILE).read_bytes()
    assert journal.trouble is None


def test_only_its_owner_can_read_it(state: Path, profile: Path) -> None:
    Run(state, profile).edit("one")
    assert state.stat().st_mode & 0o777 == 0o700
    assert (state / FILE).stat().st_mode & 0o777 == 0o600


# What must never stop the program


def trouble(state: Path, profile: Path) -> str:
    """What is reported when nothing can be kept; every verb answers all the same."""
    run = Run(state, profile)
    assert not run.edit("one")
    run.undo()
    run.of.keep_state(run.state)
    run.save()
    logged(run.of, "x")
    run.of.promoted("x", b"x")
    run.of.decided("x", b"x")
    move(run.of, profile, profile)
    assert run.of.drafts() == []
    assert run.of.changes_in("x") in (None, ((), ()))
    assert run.of.entries() == []
    assert run.of.states() == []
    assert run.of.content("x") is None
    assert run.of.content_at("x") is None
    assert run.of.last_promoted() is None
    assert run.of.last_decided("x") is None
    assert run.of.verify_chain() is None
    assert not run.of.take(Draft(run="x", at="", base=""))
    assert run.journal.trouble is not None
    assert run.journal.trouble.isprintable()
    return run.journal.trouble


def test_a_state_folder_that_cannot_be_made(tmp_path: Path, profile: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    assert "cannot be used" in trouble(tmp_path / "state", profile)


def test_a_folder_in_the_place_of_the_database(state: Path, profile: Path) -> None:
    (state / FILE).mkdir(parents=True)
    assert "cannot be used" in trouble(state, profile)


def test_a_read_only_state_folder(open_folder: Path) -> None:
    state = open_folder / "state"
    Run(state, open_folder / "a.toml").edit("one")
    state.chmod(0o555)
    (state / FILE).chmod(0o444)
    assert "cannot be used" in as_nobody(lambda: trouble(state, open_folder / "a.toml"))


def test_a_newer_database_is_left_alone(state: Path, profile: Path) -> None:
    Run(state, profile).edit("one")
    with closing(sqlite3.connect(state / FILE)) as connection, connection:
        connection.execute("UPDATE journal_schema SET version = 99")
    assert "newer omtui" in trouble(state, profile)


def test_a_damaged_database_is_put_aside(state: Path, profile: Path) -> None:
    state.mkdir()
    (state / FILE).write_bytes(b"no database, but long enough to be one " * 100)
    run = Run(state, profile)
    assert run.edit("one")
    assert "damaged" in (run.journal.trouble or "")
    assert [name.partition("-")[0] for name in inside(state)] == [FILE, f"{FILE}.damaged"]
    end(state)
    assert len(Run(state, profile).of.drafts()) == 1


def test_a_database_damaged_in_its_middle(state: Path, profile: Path) -> None:
    run = Run(state, profile)
    for number in range(50):
        run.edit(str(number))
    content = bytearray((state / FILE).read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    (state / FILE).write_bytes(content)
    other = Run(state, profile)
    assert other.edit("later")
    assert "damaged" in (other.journal.trouble or "")


def test_rows_that_cannot_be_read_are_left_out(state: Path, profile: Path) -> None:
    run = Run(state, profile)
    run.edit("one")
    end(state)
    for damage in ("UPDATE edits SET operations = '[{}]'", "UPDATE edits SET operations = '{'", "DELETE FROM edits"):
        with closing(sqlite3.connect(state / FILE)) as connection, connection:
            connection.execute(damage)
        assert Run(state, profile).of.drafts() == []
    with closing(sqlite3.connect(state / FILE)) as connection, connection:
        connection.execute("UPDATE drafts SET done = 'x', saved = '[1.5, \"x\"]'")
        connection.execute("UPDATE contents SET content = x'00'")
    other = Run(state, profile)
    assert other.of.drafts() == []
    assert other.of.content(content_hash(TEXT)) is None
    assert other.journal.trouble is None


def test_a_locked_database_is_waited_for_and_then_left(
    state: Path, profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from omtui.store import database

    Run(state, profile).edit("one")
    monkeypatch.setattr(database, "PATIENCE", 0.05)
    with closing(sqlite3.connect(state / FILE, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        assert "locked" in trouble(state, profile)
        connection.execute("ROLLBACK")
    assert Run(state, profile).edit("two")


KEEPER = """
import sys
from pathlib import Path
from omtui.store import database
from omtui.store.change import MISSING, Set
from omtui.store.files import content_hash
from omtui.store.journal import Journal
from omtui.store.step import RunState

database.PATIENCE = 30
state, profile, name = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
journal = Journal(state, who=name)
of = journal.of(profile)
text = b"schema = 1"
for number in range(25):
    step = of.step(f"{name}{number}", [Set(("x",), MISSING, number)])
    assert of.keep_state(RunState((), (step,), base=text, base_hash=content_hash(text)))
    journal.write(lambda connection: of._append(connection, name, "edit", f"{name}{number}", "", ()) is None)
"""


def test_two_programs_at_once(state: Path, profile: Path) -> None:
    command = [sys.executable, "-c", KEEPER, str(state), str(profile)]
    programs = [subprocess.Popen([*command, name]) for name in ("a", "b", "c")]
    assert [program.wait(60) for program in programs] == [0, 0, 0]
    of = Journal(state).of(profile)
    assert of.verify_chain() is None
    labels = [entry.label for entry in of.entries()]
    for name in "abc":
        assert [label for label in labels if label[0] == name] == [f"{name}{number}" for number in range(25)]
    assert len(of.drafts()) == 3  # each of its own run, which has ended


def test_kill_at_any_moment_loses_nothing_that_was_kept(state: Path, profile: Path) -> None:
    for _ in range(10 * int(os.environ.get("OMTUI_THOROUGH", "1"))):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            run = Run(state, profile)
            while True:
                run.edit(str(len(run.state.done)))
                os.write(writing, b"x")
        kept = 0
        while kept < 5:
            kept += len(os.read(reading, 1))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(writing)
        while more := os.read(reading, 100):
            kept += len(more)
        os.close(reading)
        run = Run(state, profile)
        [draft] = run.of.drafts()
        assert len(draft.done) in (kept, kept + 1)
        document = opened()
        for operation in draft.operations:
            document.perform(operation)
        assert run.of.take(draft)
        assert run.of.keep_state(run.state)
        assert run.journal.trouble is None


def test_a_run_that_goes_on_keeps_its_draft(state: Path, profile: Path) -> None:
    Run(state, profile).edit("one")
    assert in_child(lambda: str(Run(state, profile).of.drafts())) == "[]"


def test_a_link_in_place_of_the_journal_is_not_followed(tmp_path: Path) -> None:
    state, elsewhere = tmp_path / "state", tmp_path / "elsewhere"
    state.mkdir()
    (state / FILE).symlink_to(elsewhere)
    journal = Journal(state)
    logged(journal.of(tmp_path / "a.toml"), "Make a")
    assert journal.trouble
    assert not elsewhere.exists()
