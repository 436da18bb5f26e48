"""Ticks: never lost when two programs write, followed by renames, known to the checks and the task list."""

import multiprocessing
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omtui.problem import Done, Problem, Wrong
from omtui.service import editing
from omtui.service.progress import state_of
from omtui.service.session import Session
from omtui.service.ticks import Ticks, followed, renames_of
from omtui.service.walking import Refresh, person, tick
from omtui.service.workspace import Workspace
from omtui.setup.catalogue import BY_STEP
from omtui.setup.indexed import Indexed
from omtui.setup.place import Data

PROFILE = """\
schema = 1

[profile]
name = "test"
environment = "test"

[pod]
url = "https://fa-one-test-saasfaprod1.fa.ocs.example"
release = "25D"

[[source_systems]]
code = "CSS01"
name = "Pick system"
type = "Spoke"
enabled_for = ["Order Orchestration and Planning"]

[[connectors]]
name = "A"
target_system = "CSS01"
url = "https://a.pick.example/orders"
user_name = "pick"
credential = "pick"
invocation_mode = "Asynchronous Service"

[[connectors]]
name = "B"
target_system = "CSS01"
url = "https://b.pick.example/orders"
user_name = "pick"
credential = "pick"
invocation_mode = "Asynchronous Service"

[[routing_rules]]
name = "R"
active = true
published = true
when = { entity = "Order Header", attribute = "Customer", operator = "is equal to", value = "X" }
then = [{ action = "Set Connector Name", value = "A" }]
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "test.toml").write_text(PROFILE)
    return Workspace(folder, state=tmp_path / "state")


@pytest.fixture
def session(workspace: Workspace) -> Session:
    return opened(workspace)


def opened(workspace: Workspace) -> Session:
    found = workspace.open("test")
    assert isinstance(found, Session)
    return found


def ticked(session: Session, *places: str, skip: bool = False) -> None:
    assert isinstance(session.walk.tick(places, by="A. Admin", skip=skip), Done)


def places(session: Session) -> list[str]:
    path = session.walk.ticks.path
    return [each["place"] for each in tomllib.loads(path.read_text())["done"]] if path.exists() else []


def rename(session: Session, old: str, new: str) -> None:
    number = next(n for n, each in enumerate(session.data["connectors"]) if each["name"] == old)
    plan = editing.rename_field(session.indexed, ("connectors", number), "name", new)
    assert isinstance(plan, editing.Plan)
    assert isinstance(session.edit(plan), Done)


def state(session: Session, place: str) -> str:
    return {str(session.indexed.place(path)): each for path, each in session.walk.states().items()}[place]


class TestTicking:
    def test_a_tick_has_name_and_time_and_is_next_to_the_profile(self, session: Session) -> None:
        assert not session.walk.is_kept
        ticked(session, "connectors[A]")
        text = session.walk.ticks.path.read_text()
        assert session.walk.ticks.path.name == "test.progress.toml"
        (only,) = tomllib.loads(text)["done"]
        assert (only["place"], only["by"]) == ("connectors[A]", "A. Admin")
        assert only["on"].tzinfo is not None
        assert only["entered"].startswith("sha256:")
        assert session.path.read_text() == PROFILE

    def test_all_of_them_or_none(self, session: Session) -> None:
        outcome = session.walk.tick(["connectors[A]", "connectors[X]"], by="A")
        assert isinstance(outcome, Wrong)
        assert not session.walk.is_kept

    def test_it_is_taken_back(self, session: Session) -> None:
        ticked(session, "connectors[A]", "5")
        assert isinstance(session.walk.take_back(["connectors[A]"]), Done)
        assert places(session) == ["5"]
        assert isinstance(session.walk.take_back(["connectors[A]"]), Wrong)

    def test_a_file_that_cannot_be_read_is_never_overwritten(self, session: Session, workspace: Workspace) -> None:
        path = session.walk.ticks.path
        for text in ("nonsense", "schema = 2\n", "schema = 1\n[[done]]\nplace = 3\n"):
            path.write_text(text)
            outcome = session.walk.tick(["connectors[A]"], by="A")
            assert isinstance(outcome, Problem)
            assert path.name in outcome.message
            assert path.read_text() == text
            assert session.walk.ticks.trouble
            assert workspace.surroundings(session.path, session.document).progress is None

    def test_a_link_is_followed(self, session: Session, tmp_path: Path) -> None:
        there = tmp_path / "there.toml"
        there.write_text("schema = 1\n")
        session.walk.ticks.path.symlink_to(there)
        ticked(session, "connectors[A]")
        assert "connectors[A]" in there.read_text()
        assert session.walk.ticks.path.is_symlink()

    def test_what_another_program_ticked_is_seen(self, session: Session, workspace: Workspace) -> None:
        assert not session.walk.noticed()
        other = Ticks(session.path)
        assert isinstance(tick(other, session.indexed, ["connectors[B]"], by="B"), Done)
        assert session.walk.noticed()
        assert not session.walk.noticed()
        assert state(session, "connectors[B]") == "done"
        ticked(session, "connectors[A]")
        assert places(session) == ["connectors[A]", "connectors[B]"]

    def test_nobody_is_nameless(self) -> None:
        assert person()


def _tick_many(path: Path, name: str) -> None:
    setup = Indexed(tomllib.loads(path.read_text()))
    for number in range(20):
        outcome = tick(Ticks(path), setup, [f"connectors[{name}{number}]"], by=name)
        assert isinstance(outcome, Done), outcome


def test_no_tick_is_lost_when_two_programs_write(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    records = "".join(f'[[connectors]]\nname = "{name}{number}"\n' for name in "AB" for number in range(20))
    path.write_text(f'schema = 1\n[profile]\nname = "x"\nenvironment = "test"\n{records}')
    context = multiprocessing.get_context("spawn")
    programs = [context.Process(target=_tick_many, args=(path, name)) for name in "AB"]
    for each in programs:
        each.start()
    for each in programs:
        each.join(120)
        assert each.exitcode == 0
    assert len(Ticks(path).progress.ticks) == 40


class TestRenames:
    def test_a_tick_follows_when_the_rename_is_saved(self, session: Session, workspace: Workspace) -> None:
        ticked(session, "connectors[A]")
        rename(session, "A", "C")
        assert state(session, "connectors[C]") == "changed", "shown at once"
        assert places(session) == ["connectors[A]"], "kept when it is saved"
        assert isinstance(session.save(), Done)
        assert places(session) == ["connectors[C]"]
        assert state(opened(workspace), "connectors[C]") == "changed"

    def test_and_comes_back_when_it_is_undone(self, session: Session) -> None:
        ticked(session, "connectors[A]")
        rename(session, "A", "C")
        assert isinstance(session.save(), Done)
        session.undo()
        assert state(session, "connectors[A]") == "done"
        assert isinstance(session.save(), Done)
        assert places(session) == ["connectors[A]"]

    def test_not_when_it_is_undone_before(self, session: Session) -> None:
        ticked(session, "connectors[A]")
        rename(session, "A", "C")
        session.undo()
        assert isinstance(session.save(), Done)
        assert places(session) == ["connectors[A]"]

    def test_two_change_their_names(self, session: Session) -> None:
        ticked(session, "connectors[A]")
        for old, new in (("A", "C"), ("B", "A"), ("C", "B")):
            rename(session, old, new)
        assert isinstance(session.save(), Done)
        assert places(session) == ["connectors[B]"]

    def test_a_tick_under_the_new_name_stays(self, session: Session) -> None:
        ticked(session, "connectors[A]")
        rename(session, "A", "C")
        ticked(session, "connectors[C]")
        assert isinstance(session.save(), Done)
        assert places(session) == ["connectors[C]"]
        assert state(session, "connectors[C]") == "done"

    def test_before_it_is_saved_it_can_be_taken_back(self, session: Session) -> None:
        ticked(session, "connectors[A]", "connectors[B]")
        rename(session, "A", "C")
        assert isinstance(session.walk.take_back(["connectors[C]"]), Done)
        assert places(session) == ["connectors[B]"]

    def test_what_cannot_follow_is_reported(self, session: Session) -> None:
        ticked(session, "connectors[A]")
        rename(session, "A", "C")
        session.walk.ticks.path.write_text("nonsense")
        outcome = session.save()
        assert isinstance(outcome, Done)
        assert "did not follow" in outcome.message


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from("ABCDEFGH")), max_size=8))
def test_ticks_stay_with_their_records(steps: list[tuple[int, str]]) -> None:
    """However records are renamed, as long as no two share a name, each tick ends where its record is."""
    from omtui.documents.progress import Progress, Tick
    from omtui.store.change import Set, apply

    def fresh() -> Data:
        return {"connectors": [{"name": name} for name in "WXYZ"]}

    data, operations = fresh(), []
    for number, name in steps:
        if name not in [each["name"] for each in data["connectors"]]:
            operation = Set(("connectors", number, "name"), data["connectors"][number]["name"], name)
            operations.append(apply(data, operation) or operation)
    progress = Progress(tuple(Tick(f"connectors[{name}]", by=name) for name in "WXYZ"))
    after = followed(progress, renames_of(fresh(), operations))
    assert {each.by: each.place for each in after.ticks} == {
        was: f"connectors[{now['name']}]" for was, now in zip("WXYZ", data["connectors"], strict=True)
    }


class TestStates:
    def test_a_task_is_done_when_all_of_it_was_entered(self, session: Session) -> None:
        task = BY_STEP["3"]
        assert (state_of(session, task).word, state_of(session, task).entered) == ("fine", "")
        ticked(session, "connectors[A]")
        assert (state_of(session, task).word, state_of(session, task).entered) == ("fine", "0 of 1")
        ticked(session, "source_systems[CSS01]")
        assert (state_of(session, task).word, state_of(session, task).findings) == ("done", "done")

    def test_what_changed_since_is_to_be_entered_again(self, session: Session) -> None:
        ticked(session, "3")
        session.edit(editing.set_value(session.indexed, ("source_systems", 0, "name"), "Other"))
        found = state_of(session, BY_STEP["3"])
        assert (found.word, found.findings, found.entered) == ("changed", "1 changed", "0 of 1")

    def test_errors_outweigh_ticks(self, session: Session) -> None:
        ticked(session, "5")
        session.edit(editing.set_value(session.indexed, ("connectors", 0, "target_system"), "CSS09"))
        assert state_of(session, BY_STEP["5"]).word == "errors"

    def test_the_library_shows_how_far_each_profile_is(self, session: Session, workspace: Workspace) -> None:
        (listed,) = workspace.listed()
        assert workspace.counted(listed).progress is None
        ticked(session, "connectors[A]", "3")
        count = workspace.counted(listed).progress
        assert count is not None
        assert count.short == "2 of 6", "a system, two connectors, a rule; and to deploy and to prove"


class TestFindings:
    def checks(self, session: Session) -> set[str]:
        return {f"{each.finding.check} {each.place}" for each in session.results if not each.waived}

    def test_a_rule_that_was_edited_since_it_was_entered(self, session: Session) -> None:
        place = "S7-05 routing_rules[R].changed_since_publish"
        assert place not in self.checks(session)
        ticked(session, "routing_rules[R]")
        assert place not in self.checks(session)
        session.edit(editing.set_value(session.indexed, ("routing_rules", 0, "when", "value"), "Y"))
        assert place in self.checks(session)
        ticked(session, "routing_rules[R]")
        assert place not in self.checks(session)
        session.edit(editing.set_value(session.indexed, ("routing_rules", 0, "note"), "nothing of the page"))
        assert place not in self.checks(session)

    def test_a_rule_that_was_left_out(self, session: Session) -> None:
        ticked(session, "routing_rules[R]", skip=True)
        session.edit(editing.set_value(session.indexed, ("routing_rules", 0, "when", "value"), "Y"))
        assert not any("S7-05" in each for each in self.checks(session))

    def test_after_a_refresh_each_record_of_the_environment_is_asked_for(self, session: Session) -> None:
        assert not any(each.startswith("P0-11") for each in self.checks(session))
        session.edit(editing.set_value(session.indexed, ("pod", "refreshed_on"), date(2024, 10, 2)))
        assert not any(each.startswith("P0-11") for each in self.checks(session)), "nothing is kept yet"
        Refresh(session.walk.ticks, session.indexed, None, date(2024, 10, 2), again=False).carry_out()
        session.revision += 1
        assert {each for each in self.checks(session) if each.startswith("P0-11")} == {
            "P0-11 connectors[A]", "P0-11 connectors[B]"
        }  # fmt: skip
        ticked(session, "connectors[A]")
        assert {each for each in self.checks(session) if each.startswith("P0-11")} == {"P0-11 connectors[B]"}
        ticked(session, "5")
        assert not any(each.startswith("P0-11") for each in self.checks(session))


class TestRefresh:
    def test_it_takes_away_what_it_overwrote_and_nothing_later(self, session: Session) -> None:
        ticks = session.walk.ticks
        session.walk.ticks.path.write_text(
            "schema = 1\n"
            + "".join(
                f'[[done]]\nplace = "{place}"\nby = "A"\non = {on}\n'
                for place, on in (
                    ("connectors[A]", "2024-10-01"),
                    ("connectors[B]", "2024-10-02"),
                    ("source_systems[CSS01]", "2024-10-01"),
                    ("5", "2024-10-03"),
                )
            )
        )
        on = date(2024, 10, 2)
        refresh = Refresh(ticks, session.indexed, None, on, again=True)
        outcome, gone = refresh.carry_out(), list(refresh.gone)
        assert isinstance(outcome, Done)
        assert gone == ["connectors[A]"], "what was ticked on the day itself may have been ticked after it"
        refresh = Refresh(ticks, session.indexed, None, on, again=False)
        outcome, gone = refresh.carry_out(), list(refresh.gone)
        assert gone == ["connectors[B]"]
        assert places(session) == ["5", "source_systems[CSS01]"]

    def test_from_then_on_ticks_are_kept(self, session: Session) -> None:
        refresh = Refresh(session.walk.ticks, session.indexed, None, date(2024, 10, 2), again=False)
        outcome, gone = refresh.carry_out(), list(refresh.gone)
        assert isinstance(outcome, Done)
        assert (gone, session.walk.ticks.path.read_text()) == ([], "schema = 1\n")
