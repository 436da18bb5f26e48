"""Promoting in the workbench: the plan, the mapping, conflicts, production, and what is shown afterwards."""

import json
import re
import shutil
import tomllib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from omtui.cli import run
from omtui.service import editing
from omtui.service.workspace import Workspace
from omtui.setup.wording import place_words
from omtui.workbench.app import Workbench
from omtui.workbench.keymap import keymap
from omtui.workbench.screens.promotion import PromotionScreen
from omtui.workbench.terminal import Terminal
from tests.workbench.conftest import Driven
from tests.workbench.test_difference import shown

SAMPLES = Path(__file__).parents[2] / "profiles"
PICK = "connectors[Connector01].description"
LABELS = "connectors[LabelConnector]"

Open = Callable[..., AbstractAsyncContextManager[Driven]]


@pytest.fixture
def samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample profiles, as a library."""
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    folder = tmp_path / "profiles"
    shutil.copytree(SAMPLES, folder)
    monkeypatch.setenv("OMTUI_LIBRARY", str(folder))
    return folder


@pytest.fixture
def opened(samples: Path) -> Open:
    """Opens the workbench on a promotion: `async with opened("vision-dev", "vision-test")`."""

    @asynccontextmanager
    async def opened(source: str, target: str, size: tuple[int, int] = (100, 30)) -> AsyncIterator[Driven]:
        app = Workbench(Workspace(samples), Terminal(mouse=False), keymap({}), profile=source)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            driven = Driven(app, pilot)
            await driven.press("P")
            await driven.type(target)
            await driven.press("enter")
            yield driven

    return opened


@pytest.mark.parametrize("way", ["command", "workbench"])
async def test_what_was_gone_back_from_is_promoted_again(
    samples: Path, capsys: pytest.CaptureFixture[str], way: str
) -> None:
    head = 'schema = 1\n\n[profile]\nname = "{}"\nenvironment = "{}"\n{}\n[[task_types]]\nname = "Pick"\n'
    (samples / "one.toml").write_text(head.format("one", "development", ""))
    (samples / "two.toml").write_text(head.format("two", "test", ""))
    assert run(["promote", "one", "two", "--apply"]) == 0
    assert run(["set", "one", "task_types[Pick].description", "new"]) == 0
    assert run(["set", "two", "task_types[Pick].note", "its own"]) == 0
    capsys.readouterr()
    assert run(["log", "two", "--json"]) == 0
    before = json.loads(capsys.readouterr().out)["states"][0]["at"]
    assert run(["promote", "one", "two", "--apply"]) == 0
    if way == "command":
        assert run(["undo", "two", "--to", before]) == 0
    else:
        app = Workbench(Workspace(samples), Terminal(mouse=False), keymap({}), profile="two")
        async with app.run_test(size=(100, 30)) as pilot:
            driven = Driven(app, pilot)
            await driven.press("L")
            await shown(driven, lambda: driven.screen == "HistoryScreen" and len(driven.lines()) > 1)
            await driven.press("down", "b")
            await shown(driven, lambda: driven.session.unsaved > 0)
            driven.session.save()
    assert 'description = "new"' not in (samples / "two.toml").read_text()
    capsys.readouterr()
    assert run(["log", "two", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["entries"][-1]["action"] == "back"
    assert run(["promote", "one", "two", "--apply"]) == 0
    assert 'description = "new"' in (samples / "two.toml").read_text()
    assert 'note = "its own"' in (samples / "two.toml").read_text()


def row(driven: Driven, words: str) -> str:
    """The one line of the list that holds some words, or names a place; but for the findings that come of it."""
    words = place_words(words)
    [found] = [line for line in driven.lines() if words in line and not re.search("  (gained|lost): ", line)]
    return found


async def go_to(driven: Driven, words: str) -> None:
    """Put the cursor on the one line that holds some words."""
    lines = driven.lines()
    number = lines.index(row(driven, words))
    await driven.press("home", *["down"] * number)


def data_of(samples: Path, name: str = "vision-test") -> dict[str, object]:
    return tomllib.loads((samples / f"{name}.toml").read_text())


async def test_the_plan_is_chosen_from_and_carried_out(opened: Open, samples: Path) -> None:
    async with opened("vision-dev", "vision-test") as driven:
        assert driven.screen == "PromotionScreen"
        assert "4 added, 1 changed; 7 steps by hand" in driven.shown("#tabs")
        assert "vision-test" in driven.shown("#title"), "what will be changed is named first"
        await go_to(driven, "topology.endpoints[Old pick system]")
        await driven.press("space")
        assert "3 added, 1 changed" in driven.shown("#tabs")
        assert "1 left out" in driven.shown("#tabs")
        await go_to(driven, "task_types[Print_Labels]")
        await driven.press("space")
        assert "[+]" in row(driven, "task_types[Print_Labels]"), "the others refer to it"
        await driven.press("a")
        await driven.type("release 7")
        await driven.press("enter")
        assert "create connector LabelConnector" in str(driven.app.screen.query_one("#page Static").visual)  # type: ignore[attr-defined]
        await driven.press("escape")
        assert driven.screen == "PromotionScreen"
        assert "ctrl+z in vision-test takes it back" in driven.shown("#help")
        assert "1 added" in driven.shown("#tabs"), "what was left out is there to be chosen again"
    after = (samples / "vision-test.toml").read_text()
    assert "LabelConnector" in after
    assert "Old pick system" not in after


async def test_it_can_be_undone_in_the_target(opened: Open, samples: Path) -> None:
    before = data_of(samples)
    async with opened("vision-dev", "vision-test") as driven:
        await driven.press("a", "enter", "escape")
        assert data_of(samples) != before
        assert "Nothing to do" in driven.shown("#tabs")
        assert driven.app.screen.query_one("#empty").display
        driven.app.do_home()
        driven.app.open_profile("vision-test")
        await driven.pilot.pause()
        await driven.press("ctrl+z", "ctrl+s")
    assert data_of(samples) == before


async def test_blockers_lead_to_the_mapping(opened: Open, samples: Path) -> None:
    (samples / "vision-test.map.toml").unlink()
    async with opened("vision-dev", "vision-test") as driven:
        assert "blocked by 9 findings" in driven.shown("#tabs")
        assert "and 1 more" in row(driven, "connectors[LabelConnector].credential"), "one entry settles both"
        await driven.press("a")
        assert "is to be settled first" in driven.shown("#help")
        await go_to(driven, "connectors[LabelConnector].keystore_alias")
        await driven.press("enter")
        assert driven.screen == "MappingScreen"
        assert "pick-system-dev" in driven.shown("#help"), "the cursor is on the entry that is missing"
        assert "1 to be filled in, 22 proposed" in driven.shown("#tabs")
        assert "soa-test.pick.example" in row(driven, "soa-dev.pick.example")
        await go_to(driven, "old-dev.pick.example")
        await driven.press("enter")
        await driven.type("old-test.pick.example")
        await driven.press("enter", "ctrl+s")
        assert "saved vision-test.map.toml" in driven.shown("#help")
        await driven.press("escape")
        assert "4 added, 1 changed; 7 steps by hand" in driven.shown("#tabs")
        assert "blocked" not in driven.shown("#tabs")
    assert 'to = "old-test.pick.example"' in (samples / "vision-test.map.toml").read_text()
    assert run(["promote", "vision-dev", "vision-test"]) == 0


async def test_a_mapping_that_is_not_saved_is_asked_about(opened: Open, samples: Path) -> None:
    before = (samples / "vision-test.map.toml").read_text()
    async with opened("vision-dev", "vision-test") as driven:
        await driven.press("m")
        await go_to(driven, "labels-dev.pick.example")
        await driven.press("enter", "ctrl+u")
        await driven.type("p.example")
        await driven.press("enter")
        assert "not saved" in driven.shown("#tabs")
        await driven.press("escape", "down", "enter")
        assert driven.screen == "PromotionScreen"
        assert "not saved" in driven.shown("#path")
        assert row(driven, "Endpoint Label"), "the plan goes by it"
        await driven.press("m", "n")
        await driven.type("V1")
        await driven.press("enter")
        await driven.type("value")
        await driven.press("enter")
        await driven.type("V2")
        await driven.press("enter", "escape", "down", "down", "enter")
        assert "not saved" not in driven.shown("#path")
    assert (samples / "vision-test.map.toml").read_text() == before


async def test_an_entry_is_limited_to_places(opened: Open, samples: Path) -> None:
    async with opened("vision-dev", "vision-test") as driven:
        await driven.press("m")
        await go_to(driven, "labels-dev.pick.example")
        await driven.press("o")
        await driven.type("x[")
        await driven.press("enter")
        assert "is no place" in driven.shown("#help")
        await driven.press("o")
        await driven.type("topology, x[Y].url")
        await driven.press("enter", "ctrl+s")
        assert "only topology, x[Y].url" in row(driven, "labels-dev.pick.example")
    text = (samples / "vision-test.map.toml").read_text()
    assert 'only = ["topology", "x[Y].url"]' in text
    assert run(["promote", "vision-dev", "vision-test"]) == 0


@pytest.mark.parametrize(("key", "stays"), [("t", "of test"), ("s", "of dev")])
async def test_conflicts_are_decided_by_key(opened: Open, samples: Path, key: str, stays: str) -> None:
    assert run(["promote", "vision-dev", "vision-test", "--apply"]) == 0
    assert run(["set", "vision-test", PICK, "of test"]) == 0
    assert run(["set", "vision-dev", PICK, "of dev"]) == 0
    async with opened("vision-dev", "vision-test") as driven:
        assert "blocked by 1 conflict" in driven.shown("#tabs")
        assert "merged with that of" in driven.shown("#path")
        await driven.press("a")
        assert "conflicts are to be decided" in driven.shown("#help")
        await go_to(driven, PICK)
        assert "t takes the target's: of test" in driven.shown("#help")
        await driven.press(key)
        assert stays in row(driven, PICK)
        await driven.press("a", "enter", *(["escape"] if key == "s" else []))  # of a change, what is to be done by hand
        assert "Nothing to do" in driven.shown("#tabs")
    assert f'description = "{stays}"' in (samples / "vision-test.toml").read_text()


async def test_a_conflict_stays_when_others_are_left_out(opened: Open, samples: Path) -> None:
    where = "jeopardy.thresholds[PICK_LATE].name"
    assert run(["promote", "vision-dev", "vision-test", "--apply"]) == 0
    assert run(["set", "vision-test", where, "of test"]) == 0
    assert run(["set", "vision-dev", where, "of dev"]) == 0
    assert run(["set", "vision-dev", PICK, "new"]) == 0
    assert run(["set", "vision-dev", f"{LABELS}.description", "new"]) == 0
    async with opened("vision-dev", "vision-test") as driven:
        await go_to(driven, "connectors[LabelConnector]")
        await driven.press("space")
        assert "blocked by 1 conflict" in driven.shown("#tabs")
        assert "1 left out" in driven.shown("#tabs")
        await go_to(driven, where)
        await driven.press("s", "a", "enter", "escape")
        assert "1 changed" in driven.shown("#tabs"), "what was left out"
    text = (samples / "vision-test.toml").read_text()
    assert text.count('"of dev"') == 1
    assert text.count('description = "new"') == 1


async def test_all_or_none(opened: Open, samples: Path) -> None:
    async with opened("vision-dev", "vision-test") as driven:
        await driven.press("A")
        assert "Nothing to do; 5 left out" in driven.shown("#tabs")
        await driven.press("a")
        assert "there is nothing to do" in driven.shown("#help")
        await go_to(driven, "routing_rules[Route labels]")
        await driven.press("space")
        assert "3 added" in driven.shown("#tabs"), "with its connector and task type"
        assert "[+]" in row(driven, "connectors[LabelConnector]")
        await go_to(driven, "connectors[LabelConnector]")
        assert "comes along: routing_rules[Route labels] names it" in driven.shown("#help")
        await driven.press("A")
        assert "4 added, 1 changed" in driven.shown("#tabs")


async def test_production_is_unlocked_first(opened: Open, samples: Path) -> None:
    before = data_of(samples, "vision-prod")
    async with opened("vision-test", "vision-prod") as driven:
        assert "PRODUCTION" in driven.shown("#title")
        await driven.press("a")
        assert "U unlocks it" in driven.shown("#help")
        await driven.press("U")
        await driven.type("vision-prod")
        await driven.press("enter", "a", "enter", "escape")
        assert "vision-prod: " in driven.shown("#help")
    assert data_of(samples, "vision-prod") != before


async def test_removal_is_asked_for(opened: Open, samples: Path) -> None:
    assert run(["add", "vision-test", "source_systems", "OWN", "name=Own"]) == 0
    async with opened("vision-dev", "vision-test") as driven:
        assert "only there; stays" in row(driven, "source_systems[OWN]")
        assert "removed" not in driven.shown("#tabs")
        await go_to(driven, "source_systems[OWN]")
        await driven.press("space")
        assert "1 removed" in driven.shown("#tabs")
        await driven.press("a", "enter", "escape")
    assert "OWN" not in (samples / "vision-test.toml").read_text()


async def test_another_program_changes_the_target_meanwhile(opened: Open, samples: Path) -> None:
    async with opened("vision-dev", "vision-test") as driven:
        assert run(["set", "vision-test", PICK, "of another program"]) == 0
        before = data_of(samples)
        await driven.press("a", "enter")
        assert "look at the plan again" in driven.shown("#help")
        assert data_of(samples) == before
        assert row(driven, "connectors[Connector01]"), "the plan was made again"


async def test_the_plan_as_a_file(opened: Open, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened("vision-dev", "vision-test") as driven:
        await driven.press("w", "enter")
        assert "the plan is in vision-dev-to-vision-test.plan.json" in driven.shown("#help")
    file = tmp_path / "vision-dev-to-vision-test.plan.json"
    assert json.loads(file.read_text())["target"] == "vision-test"
    assert run(["promote", "vision-dev", "vision-test", "--plan", str(file), "--apply"]) == 0


async def test_from_the_list_of_profiles(samples: Path) -> None:
    app = Workbench(Workspace(samples), Terminal(mouse=False), keymap({}))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        driven = Driven(app, pilot)
        await driven.press("down", "P")
        assert driven.lines()[0].startswith("vision-test"), "the one that follows it comes first"
        await driven.press("enter")
        assert isinstance(app.screen, PromotionScreen)
        assert "Promote vision-dev" in driven.shown("#path")


async def test_what_is_not_saved_does_not_travel(samples: Path) -> None:
    app = Workbench(Workspace(samples), Terminal(mouse=False), keymap({}), profile="vision-dev")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        driven = Driven(app, pilot)
        plan = editing.set_value(driven.session.indexed, ("profile", "title"), "Other")
        driven.session.edit(plan)
        await driven.press("P")
        assert "save it first" in driven.shown("#help")
        driven.session.save()
        await driven.press("P", "enter")
        assert driven.screen == "PromotionScreen"


async def test_findings_that_the_target_gains_and_loses_are_rows(opened: Open, samples: Path) -> None:
    assert run(["set", "vision-dev", "connectors[LabelConnector].url", "http://labels-dev.pick.example/x"]) == 0
    async with opened("vision-dev", "vision-test") as driven:
        gained = [line for line in driven.lines() if "  gained: " in line]
        assert gained
        assert driven.lines()[-len(gained) :] == gained, "a group of their own"
        await driven.press("end", "enter")
        page = str(driven.app.screen.query_one("#page Static").visual)  # type: ignore[attr-defined]
        assert "Oracle" in page
        await driven.press("escape", "space")
        assert "it is a finding" in driven.shown("#help")


@pytest.mark.parametrize("key", ["t", "s"])
async def test_a_question_about_a_new_name_is_answered_by_key(opened: Open, samples: Path, key: str) -> None:
    """`t` keeps the target's own rule next to the one that comes, `s` takes it away."""
    test = samples / "vision-test.toml"
    head, _, rest = (samples / "vision-dev.toml").read_text().rpartition('[[routing_rules]]\nname = "Route labels"')
    rule = rest.partition("\n[[routing_rules]]")[0].replace("LabelConnector", "Connector01")
    assert head
    test.write_text(f'{test.read_text()}\n[[routing_rules]]\nname = "Own"{rule}\n')
    async with opened("vision-dev", "vision-test") as driven:
        print("\n".join(driven.lines()))
        await go_to(driven, "D-07")
        assert "t keeps both, s takes the old one away" in driven.shown("#help")
        await driven.press(key)
        assert not [line for line in driven.lines() if "D-07" in line]
        await driven.press("a", "enter", "escape")
    names = [rule["name"] for rule in data_of(samples)["routing_rules"]]  # type: ignore[attr-defined]
    assert "Route labels" in names
    assert ("Own" in names) == (key == "t")


LEAVES = {
    "the plan": (["escape"], ["g", "o"], ["g", "5"], ["H"], ["ctrl+q"]),
    "the mapping": (["g", "o"], ["g", "5"], ["H"], ["ctrl+q"]),
    "a dialog": (["ctrl+q"],),
}


@pytest.mark.parametrize("where", LEAVES)
async def test_no_way_of_leaving_loses_a_mapping_silently(opened: Open, samples: Path, where: str) -> None:
    async with opened("vision-dev", "vision-test") as driven:
        await driven.press("m")
        await go_to(driven, "labels-dev.pick.example")
        await driven.press("enter", "ctrl+u")
        await driven.type("p.example")
        await driven.press("enter")
        if where != "the mapping":
            await driven.press("escape", "down", "enter")
        if where == "a dialog":
            await driven.press("ctrl+p")
        before = driven.screen
        for keys in LEAVES[where]:
            await driven.press(*keys)
            assert driven.screen == "Chooser", keys
            assert "The mapping is not saved" in str(driven.app.screen.query_one(".dialog-title").visual), keys  # type: ignore[attr-defined]
            assert not driven.app._exit
            await driven.press("escape")
            assert driven.screen == before, keys
        await driven.press(*LEAVES[where][0], "enter")
    assert "p.example" in (samples / "vision-test.map.toml").read_text()


@pytest.mark.parametrize("keys", [["ctrl+q"], ["escape"], ["H"]])
async def test_choices_that_were_not_carried_out_are_not_lost_silently(opened: Open, keys: list[str]) -> None:
    async with opened("vision-dev", "vision-test") as driven:
        screen = driven.app.screen
        assert isinstance(screen, PromotionScreen)
        await driven.press("A", *keys)
        assert driven.screen == "Confirm"
        await driven.press("n")
        assert driven.app.screen is screen
        assert driven.app.is_running
        await driven.press("A", *keys)
        assert driven.screen != "Confirm", "nothing is chosen otherwise than proposed"


async def test_choices_that_are_in_the_file_of_a_plan_can_be_left(opened: Open, samples: Path) -> None:
    async with opened("vision-dev", "vision-test") as driven:
        await go_to(driven, LABELS)
        await driven.press("space", "w")
        if driven.screen == "Ask":
            await driven.press("ctrl+u")
            await driven.type(f"{samples}/the.plan.json")
            await driven.press("enter")
            assert (samples / "the.plan.json").exists(), driven.shown("#help")
            await driven.press("escape")
            assert driven.screen == "OverviewScreen"
