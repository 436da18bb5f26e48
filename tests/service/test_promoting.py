"""Promoting as both fronts do it: the file of the mapping, what is remembered, and what happens when it goes wrong."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from omtui.compare.mapping import MapEntry
from omtui.compare.promotion import Promotion, PromotionRequest
from omtui.problem import Done, Problem, Wrong
from omtui.service import editing
from omtui.service.promoting import Promoting, find_map
from omtui.service.session import Session
from omtui.service.workspace import Workspace

SAMPLES = Path(__file__).parents[2] / "profiles"
PICK = ("connectors", 0, "description")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    folder = tmp_path / "profiles"
    shutil.copytree(SAMPLES, folder)
    return Workspace(folder, state=tmp_path / "state")


def opened(workspace: Workspace, name: str) -> Session:
    session = workspace.open(name)
    assert isinstance(session, Session)
    return session


def promoting(workspace: Workspace, source: str = "vision-dev", target: str = "vision-test") -> Promoting:
    first = opened(workspace, source)
    found = Promoting.between(workspace, source, first.data, opened(workspace, target), source_path=first.path)
    assert isinstance(found, Promoting)
    return found


def planned(found: Promoting, request: PromotionRequest | None = None) -> Promotion:
    plan = found.plan(request)
    assert isinstance(plan, Promotion)
    return plan


def set_pick(workspace: Workspace, name: str, value: str) -> None:
    session = opened(workspace, name)
    session.edit(editing.set_value(session.indexed, PICK, value))
    assert isinstance(session.save(), Done)


def test_looking_leaves_no_trace(workspace: Workspace) -> None:
    planned(promoting(workspace))
    assert not workspace.state.exists()


def test_what_was_decided_is_remembered_for_each_source(workspace: Workspace) -> None:
    first = promoting(workspace)
    assert isinstance(first.apply(planned(first), "release 7"), Done)
    assert first.base.at
    assert promoting(workspace).base == first.base
    assert promoting(workspace, "vision-prod").base.data is None


def test_a_decision_is_remembered_without_a_change(workspace: Workspace) -> None:
    first = promoting(workspace)
    first.apply(planned(first))
    set_pick(workspace, "vision-test", "of test")
    set_pick(workspace, "vision-dev", "of dev")
    later = promoting(workspace)
    (conflict,) = planned(later).conflicts
    before = later.target.path.read_bytes()
    outcome = later.apply(planned(later, PromotionRequest(decisions={conflict.where: "ours"})))
    assert outcome == Done("vision-test: nothing to do")
    assert later.target.path.read_bytes() == before
    assert planned(promoting(workspace)).conflicts == ()


def test_nothing_stays_when_the_file_was_changed_meanwhile(workspace: Workspace) -> None:
    found = promoting(workspace)
    plan = planned(found)
    set_pick(workspace, "vision-test", "of another program")
    before = found.target.path.read_bytes()
    outcome = found.apply(plan)
    assert isinstance(outcome, Problem)
    assert "changed by another program meanwhile" in outcome.message
    assert found.target.path.read_bytes() == before
    assert found.target.unsaved == 0
    assert promoting(workspace).base.data is None
    assert workspace.journal.of(found.target.path).drafts() == []


def test_a_plan_of_another_moment_is_refused(workspace: Workspace) -> None:
    found = promoting(workspace)
    plan = planned(found)
    found.target.edit(editing.set_value(found.target.indexed, PICK, "typed since"))
    outcome = found.apply(plan)
    assert isinstance(outcome, Problem)
    assert "changed since the plan was made" in outcome.message


def test_without_a_journal_it_works_and_says_so(workspace: Workspace) -> None:
    workspace.state.write_text("a file where the folder should be")
    found = promoting(workspace)
    assert isinstance(found.apply(planned(found)), Done)
    assert "LabelConnector" in found.target.path.read_text()
    assert "journal" in found.target.trouble


def test_two_profiles_of_one_name(workspace: Workspace, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(SAMPLES / "vision-test.toml", elsewhere)
    first = opened(workspace, "vision-test")
    other = opened(workspace, str(elsewhere / "vision-test.toml"))
    found = Promoting.between(workspace, first.name, first.data, other, source_path=first.path)
    assert isinstance(found, Promoting)
    assert planned(found).is_empty
    itself = Promoting.between(workspace, first.name, first.data, first, source_path=first.path)
    assert isinstance(itself, Wrong)


class TestMapFile:
    def test_whichever_names_the_pair(self, workspace: Workspace) -> None:
        folder = workspace.library.folder
        (folder / "vision-test.map.toml").rename(folder / "of-last-year.map.toml")
        (folder / "broken.map.toml").write_text("schema = ")
        target = opened(workspace, "vision-test")
        found = find_map("vision-dev", target)
        assert not isinstance(found, Wrong)
        assert found.path.name == "of-last-year.map.toml"
        new = find_map("vision-prod", target)
        assert not isinstance(new, Wrong)
        assert (new.path.name, new.is_new) == ("vision-test.map.toml", True)

    def test_a_rename_takes_everything_along(self, workspace: Workspace) -> None:
        first = promoting(workspace)
        first.apply(planned(first))
        for old, new in (("vision-dev", "design"), ("vision-test", "uat")):
            assert isinstance(workspace.rename(old, new), Done)
        found = promoting(workspace, "design", "uat")
        assert found.file.path.name == "uat.map.toml"
        assert found.mapping.entries == first.mapping.entries
        assert "# The pick system" in found.file.text
        assert found.base.data == first.base.data
        assert planned(found).is_empty
        onward = promoting(workspace, "uat", "vision-prod")
        assert onward.mapping.entries, "it is a source, too"

    def test_a_copy_has_a_mapping_of_its_own(self, workspace: Workspace) -> None:
        assert isinstance(workspace.duplicate("vision-test", "test-2"), Done)
        found = promoting(workspace, "vision-dev", "test-2")
        assert found.file.path.name == "test-2.map.toml"
        assert not planned(found).is_blocked

    def test_a_broken_one_of_the_target_is_reported(self, workspace: Workspace) -> None:
        (workspace.library.folder / "vision-test.map.toml").write_text("schema = ")
        assert isinstance(find_map("vision-dev", opened(workspace, "vision-test")), Wrong)

    def test_it_is_written_and_comments_stay(self, workspace: Workspace) -> None:
        found = promoting(workspace)
        found.mapping = found.mapping.with_entry(MapEntry("value", "CM5008", "CM9000"))
        assert found.is_mapping_changed
        assert found.save_mapping() == Done("saved vision-test.map.toml")
        assert not found.is_mapping_changed
        text = found.file.path.read_text()
        assert "# The pick system" in text
        assert 'to = "CM9000"' in text
        assert promoting(workspace).mapping == found.mapping

    def test_what_another_program_wrote_is_not_overwritten(self, workspace: Workspace) -> None:
        found = promoting(workspace)
        found.file.path.write_text("# mine\n" + found.file.text)
        found.mapping = replace(found.mapping, entries=())
        outcome = found.save_mapping()
        assert isinstance(outcome, Problem)
        assert found.file.path.read_text().startswith("# mine")
        found.forget_mapping()
        assert not found.is_mapping_changed

    def test_what_is_needed_and_by_whom(self, workspace: Workspace) -> None:
        (workspace.library.folder / "vision-test.map.toml").unlink()
        found = promoting(workspace)
        (open_one,) = [each for each in found.needed() if each.state == "open"]
        assert open_one.entry.source == "old-dev.pick.example"
        assert open_one.used_by == ("topology.endpoints[Old pick system].host",)
        proposed = {each.entry.source: each for each in found.needed() if each.state == "proposed"}
        assert "connectors[LabelConnector].url" in proposed["soa-dev.pick.example"].used_by
        assert "soa-test.pick.example" in found.offers("host")
        assert "TEST_WMS" in found.offers("user_name")
