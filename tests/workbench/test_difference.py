"""The difference and the history on the screen, Git next to them, and the question when the file was changed."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.content import Content
from textual.widgets import Input, Static

from omtui.service import editing
from omtui.setup.place import Path as ProfilePath
from omtui.store.change import value_at
from omtui.workbench.difference_rows import in_sight
from omtui.workbench.signs import ASCII, UNICODE
from omtui.workbench.widgets.grid import MARKED, Grid
from tests.programs import require
from tests.service.git import commit, git
from tests.workbench.conftest import PROFILE, Driven, Open

URL: ProfilePath = ("connectors", 0, "url")
OTHER = (
    PROFILE.replace('name = "dev"', 'name = "other"')
    .replace("soa.pick.example", "soa-test.pick.example")
    .replace('code = "CSS02"', 'code = "SHOP"')
    .replace('name = "Web shop"', 'name = "Another shop"\nowner = "shop@vision.example"')
    .replace("active = true\npublished = true", "active = true\npublished = false")
)


async def shown(driven: Driven, ready: Callable[[], bool]) -> None:
    """Wait for what a worker brings."""
    for _ in range(3000):
        await driven.app.workers.wait_for_complete()
        await driven.pilot.pause(0.01)
        if ready():
            return
    raise AssertionError(f"it does not come:\n{driven.screen}\n{driven.shown('#tabs')}")


async def compared_with(driven: Driven, *letters: str) -> None:
    """Open the difference and choose what the letters find."""
    await driven.press("D")
    await wait_for_chooser(driven)
    await driven.type("".join(letters))
    await driven.press("enter")
    await shown(driven, lambda: driven.screen == "DifferenceScreen" and "Compare with" not in driven.shown("#tabs"))


async def wait_for_chooser(driven: Driven) -> None:
    for _ in range(3000):
        if driven.screen == "Chooser":
            return
        await driven.pilot.pause(0.01)
    raise AssertionError("there is no chooser")


@pytest.fixture
def other(library: Path) -> Path:
    """Another profile in the library."""
    path = library / "other.toml"
    path.write_text(OTHER)
    return path


async def test_two_profiles_side_by_side(open_workbench: Open, other: Path) -> None:
    async with open_workbench("dev", size=(120, 40)) as driven:
        await compared_with(driven, "other")
        rows = driven.lines()
        assert driven.shown("#tabs").startswith(" 1 added, 1 changed, 1 removed, 1 only in the state of the pods")
        url = next(row for row in rows if "connectors[Connector01].url" in row)
        assert re.search(r"^~  5  .*https://soa-test\.pick\.example/orders  https://soa\.pick\.example/orders$", url)
        assert rows[-1].startswith("~  7  routing_rules[Route Invoice Request 01].published"), "states come last"
        assert any(row.startswith("-  3  source_systems[SHOP]") for row in rows)
        assert any(row.startswith("+  3  source_systems[CSS02]") for row in rows)


async def test_the_changed_part_is_marked(open_workbench: Open, other: Path) -> None:
    async with open_workbench("dev", size=(120, 40)) as driven:
        await compared_with(driven, "other")
        grid = driven.app.screen.query_one(Grid)
        number = next(at for at, row in enumerate(driven.lines()) if "Connector01].url" in row)
        left = grid.row(number)[3]
        assert [left.text[start:end] for start, end in left.marks] == ["-test"]


async def test_filters_by_kind_step_and_words(open_workbench: Open, other: Path) -> None:
    async with open_workbench("dev") as driven:
        await compared_with(driven, "other")
        everything = len(driven.lines())
        await driven.press("k")
        assert [line[0] for line in driven.lines()] == ["+"]
        await driven.press("k")
        assert [line[0] for line in driven.lines()] == ["-"]
        await driven.press("escape", "s")
        await driven.type("5 ")
        await driven.press("enter")
        assert [line.split()[1] for line in driven.lines()] == ["5"]
        await driven.press("escape", "slash")
        await driven.type("published")
        await driven.press("enter")
        assert len(driven.lines()) == 1
        assert "1 shown: published" in driven.shown("#tabs")
        await driven.press("escape")
        assert len(driven.lines()) == everything
        await driven.press("escape")
        assert driven.screen == "OverviewScreen"


async def test_it_leads_to_the_record(open_workbench: Open, other: Path) -> None:
    async with open_workbench("dev") as driven:
        await compared_with(driven, "other")
        await driven.press("slash")
        await driven.type("Connector01")
        await driven.press("enter", "enter")
        assert driven.screen == "RecordScreen"
        assert driven.app.screen.at == URL  # type: ignore[attr-defined]
        await driven.press("escape", "escape", "k", "k", "enter")
        assert driven.screen == "DifferenceScreen"
        assert "it is not in the open profile" in driven.shown("#help")
        await driven.press("space")
        assert driven.screen == "TextWindow"


async def test_a_long_text_in_full_has_its_changed_part_marked(open_workbench: Open, other: Path) -> None:
    note = "The first line is the same in both.\\nThe second is not: {} calls back.\\n" + "The rest is. " * 40
    other.write_text(OTHER.replace('name = "Connector01"', f'name = "Connector01"\nnote = "{note.format("nobody")}"'))
    dev = other.with_name("dev.toml")
    dev.write_text(
        PROFILE.replace('name = "Connector01"', f'name = "Connector01"\nnote = "{note.format("the pick system")}"')
    )
    async with open_workbench("dev") as driven:
        await compared_with(driven, "other")
        await driven.press("slash")
        await driven.type("note")
        await driven.press("enter", "space")
        content = driven.app.screen.query_one("#page Static", Static).visual
        assert isinstance(content, Content)
        marked = [content.plain[span.start : span.end] for span in content.spans if span.style == MARKED]
        assert marked == ["nobody", "the pick system"]


async def test_another_profile_is_promoted_not_brought_back(open_workbench: Open, other: Path) -> None:
    async with open_workbench("dev") as driven:
        await compared_with(driven, "other")
        await driven.press("end", "b")
        assert "another's is promoted" in driven.shown("#help")
        assert driven.session.unsaved == 0


async def test_moved_records_are_no_difference(open_workbench: Open, library: Path) -> None:
    first, second = PROFILE.index("[[source_systems]]"), PROFILE.index("[[planning")
    records = PROFILE[first:second].split("[[source_systems]]")
    turned = "[[source_systems]]".join(["", records[2], records[1]])
    (library / "moved.toml").write_text(PROFILE.replace(PROFILE[first:second], turned))
    async with open_workbench("dev") as driven:
        await compared_with(driven, "moved")
        assert driven.lines() == []
        assert "Nothing differs. Order does not count" in driven.shown("#empty")


async def test_the_list_of_what_to_compare_with_can_be_left(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("D")
        await wait_for_chooser(driven)
        await driven.press("escape")
        await shown(driven, lambda: driven.screen == "OverviewScreen")


async def test_an_unknown_revision_is_reported(open_workbench: Open) -> None:
    require("git")
    async with open_workbench("dev") as driven:
        await driven.press("D")
        await wait_for_chooser(driven)
        await driven.type("another time")
        await driven.press("enter")
        await driven.pilot.pause()
        await driven.type("yesterday")
        await driven.press("enter")
        await shown(driven, lambda: "yesterday is no time" in driven.shown("#help"))


async def test_what_is_not_saved_is_compared_with_the_file_and_brought_back(open_workbench: Open) -> None:
    async with open_workbench("dev") as driven:
        await driven.press("g", "5", "enter", "enter", "ctrl+u")
        await driven.type("CSS02")
        await driven.press("enter", "escape", "escape")
        await compared_with(driven, "on disk")
        (row,) = driven.lines()
        assert "connectors[Connector01].target_system" in row
        await driven.press("b")
        assert driven.session.value(("connectors", 0, "target_system")) == "CSS01"
        assert driven.lines() == []
        await driven.press("ctrl+z")
        assert driven.session.value(("connectors", 0, "target_system")) == "CSS02"
        assert len(driven.lines()) == 1


async def test_it_is_written_to_a_file(open_workbench: Open, other: Path, tmp_path: Path) -> None:
    async with open_workbench("dev") as driven:
        await compared_with(driven, "other")
        await driven.press("e")
        driven.app.screen.query_one(Input).value = str(tmp_path / "found.md")
        await driven.press("enter")
        assert (tmp_path / "found.md").read_text().startswith("**other → dev: 1 added")


async def test_foreign_text_and_narrow_screens(open_workbench: Open, other: Path) -> None:
    other.write_text(OTHER.replace("Another shop", r"[bold]\u001b[2J[/bold] shop"))
    for size in ((40, 10), (200, 60)):
        async with open_workbench("dev", size=size) as driven:
            await compared_with(driven, "other")
            await driven.press("space", "escape", "k", "k", "space")
            assert "\x1b" not in str(driven.app.screen.query("Static").last().visual)


@pytest.mark.parametrize(
    ("text", "marks", "room", "wanted"),
    [
        ("short", ((0, 5),), 20, ("short", ((0, 5),))),
        ("a" * 30 + "X", ((30, 31),), 20, ("…" + "a" * 12 + "X", ((13, 14),))),
        ("a" * 30 + "X" * 18, ((30, 48),), 20, ("…aa" + "X" * 18, ((3, 21),))),
    ],
)
def test_the_first_changed_part_is_in_sight(
    text: str, marks: tuple[tuple[int, int], ...], room: int, wanted: tuple[str, tuple[tuple[int, int], ...]]
) -> None:
    assert in_sight(text, marks, room, UNICODE) == wanted
    assert in_sight(text, marks, room, ASCII) == (wanted[0].replace("…", "~"), wanted[1])


class TestHistory:
    async def changed_twice(self, driven: Driven) -> None:
        session = driven.session
        for path, value in ((("connectors", 0, "target_system"), "CSS02"), (("source_systems", 0, "name"), "Picker")):
            session.edit(editing.set_value(session.indexed, path, value))
            session.save()

    async def test_who_what_and_when(self, open_workbench: Open) -> None:
        async with open_workbench("dev", size=(120, 30)) as driven:
            await self.changed_twice(driven)
            await driven.press("L")
            await shown(driven, lambda: driven.screen == "HistoryScreen" and len(driven.lines()) == 3)
            newest, middle, oldest = driven.lines()
            assert "Set source_systems[CSS01].name" in newest
            assert "Set connectors[Connector01].target_system" in middle
            assert "as it was found" in oldest
            assert "source_systems[CSS01].name: Pick system → Picker" in driven.shown("#help")
            assert "3 states kept" in driven.shown("#tabs")

    async def test_a_state_is_looked_at_and_brought_back(self, open_workbench: Open) -> None:
        async with open_workbench("dev") as driven:
            await self.changed_twice(driven)
            await driven.press("L")
            await shown(driven, lambda: driven.screen == "HistoryScreen" and len(driven.lines()) == 3)
            await driven.press("down", "enter")
            await shown(driven, lambda: driven.screen == "DifferenceScreen")
            assert [line.split()[2] for line in driven.lines()] == ["source_systems[CSS01].name"]
            await driven.press("escape", "end", "b")
            await shown(driven, lambda: driven.session.unsaved > 0)
            assert value_at(driven.session.data, ("source_systems", 0, "name")) == "Pick system"
            assert value_at(driven.session.data, ("connectors", 0, "target_system")) == "CSS01"
            await shown(driven, lambda: len(driven.lines()) == 4)
            assert "not saved yet" in driven.lines()[0]
            await driven.press("home", "b")
            assert "this is the present state" in driven.shown("#help")
            await driven.press("ctrl+z")
            await shown(driven, lambda: len(driven.lines()) == 3)
            assert driven.session.unsaved == 0

    async def test_of_one_record(self, open_workbench: Open) -> None:
        async with open_workbench("dev") as driven:
            await self.changed_twice(driven)
            await driven.press("g", "5", "enter", "L")
            await shown(driven, lambda: driven.screen == "HistoryScreen" and len(driven.lines()) == 1)
            assert "1 change of connectors[Connector01]" in driven.shown("#tabs")
            await driven.press("m")
            assert len(driven.lines()) == 3
            await driven.press("slash")
            await driven.type("source")
            await driven.press("enter")
            assert len(driven.lines()) == 1
            await driven.press("space")
            assert driven.screen == "TextWindow"

    async def test_why_is_asked_where_that_is_wanted(self, open_workbench: Open) -> None:
        async with open_workbench("dev", size=(120, 30)) as driven:
            await driven.press("S")
            assert "nothing has changed" in driven.shown("#help")
            await driven.press("g", "5", "enter", "enter", "ctrl+u")
            await driven.type("CSS02")
            await driven.press("enter", "S")
            await driven.type("ticket 4711")
            await driven.press("enter", "L")
            await shown(driven, lambda: driven.screen == "HistoryScreen" and len(driven.lines()) == 1)
            assert driven.lines()[0].endswith("ticket 4711")

    async def test_nothing_yet(self, open_workbench: Open) -> None:
        async with open_workbench("dev") as driven:
            await driven.press("L")
            await shown(driven, lambda: "Nothing was changed" in driven.shown("#empty"))
            await driven.press("b")
            assert "there is no change under the cursor" in driven.shown("#help")

    async def test_production_is_not_brought_back(self, open_workbench: Open, library: Path) -> None:
        async with open_workbench("dev") as driven:
            await self.changed_twice(driven)
        (library / "dev.toml").write_text((library / "dev.toml").read_text().replace("development", "production"))
        async with open_workbench("dev") as driven:
            await driven.press("L")
            await shown(driven, lambda: driven.screen == "HistoryScreen" and len(driven.lines()) == 4)
            await driven.press("end", "b")
            assert "production and read-only" in driven.shown("#help")
            assert driven.session.unsaved == 0


class TestGit:
    async def test_the_branch_and_what_is_committed(self, open_workbench: Open, library: Path) -> None:
        require("git")
        git(library, "init", "-q")
        commit(library, "first")
        async with open_workbench("dev") as driven:
            await shown(driven, lambda: "Git: main, as committed" in driven.shown("#path"))
            await driven.press("g", "5", "enter", "enter", "ctrl+u")
            await driven.type("CSS02")
            await driven.press("enter", "ctrl+s", "escape", "escape")
            await shown(driven, lambda: "differs from what is committed" in driven.shown("#path"))
            await compared_with(driven, "as committed")
            assert [line.split()[2] for line in driven.lines()] == ["connectors[Connector01].target_system"]

    async def test_outside_of_git_none_is_started(
        self, open_workbench: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        called = tmp_path / "called"
        fake = tmp_path / "bin/git"
        fake.parent.mkdir()
        fake.write_text(f"#!/bin/sh\n: >{called}\n")
        fake.chmod(0o755)
        monkeypatch.setenv("PATH", str(fake.parent), prepend=":")
        async with open_workbench("dev") as driven:
            await driven.app.workers.wait_for_complete()
            assert "Git" not in driven.shown("#path")
            await driven.press("escape")
            assert "Git" not in driven.shown("#path")
        assert not called.exists()

    async def test_a_slow_one_is_not_asked_again(
        self, open_workbench: Open, library: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (library / ".git").mkdir()
        (library / ".git/HEAD").write_text("ref: refs/heads/feature/labels\n")
        calls = tmp_path / "calls"
        fake = tmp_path / "bin/git"
        fake.parent.mkdir()
        fake.write_text(f"#!/bin/sh\necho >>{calls}\nexec sleep 60\n")
        fake.chmod(0o755)
        monkeypatch.setenv("PATH", str(fake.parent), prepend=":")
        monkeypatch.setattr("omtui.service.working_copy.committed.__defaults__", (0.2,))
        async with open_workbench("dev") as driven:
            await shown(driven, lambda: not driven.app.git_answers)
            assert driven.shown("#path").endswith(" Git: feature/labels")
            driven.session.file_hash = "another"
            driven.app.screen.fresh()  # type: ignore[attr-defined]
            await driven.app.workers.wait_for_complete()
        assert calls.read_text() == "\n"


class TestTheFileWasChanged:
    @pytest.fixture(autouse=True)
    def _look_away(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("omtui.workbench.app.LOOK_EVERY", 3600.0)

    async def edit(self, driven: Driven) -> None:
        await driven.press("g", "5", "enter", "enter", "ctrl+u")
        await driven.type("CSS02")
        await driven.press("enter")

    async def test_the_question_says_what_differs(self, open_workbench: Open, library: Path) -> None:
        async with open_workbench("dev", size=(100, 30)) as driven:
            await self.edit(driven)
            path = library / "dev.toml"
            path.write_text(
                path.read_text().replace("25D", "26A").replace('target_system = "CSS01"', 'target_system = "X"')
            )
            await driven.press("ctrl+s")
            assert driven.screen == "Chooser"
            question = "\n".join(str(each.visual) for each in driven.app.screen.query("Static"))
            assert "~ pod.release: 25D → 26A" in question
            assert "Changed here as well: connectors[Connector01].target_system" in question
            await driven.press("enter")
            assert driven.screen == "DifferenceScreen"
            assert len(driven.lines()) == 2
            assert path.read_text().count("26A") == 1, "nothing was written"

    async def test_only_its_layout(self, open_workbench: Open, library: Path) -> None:
        async with open_workbench("dev") as driven:
            await self.edit(driven)
            path = library / "dev.toml"
            path.write_text(f"# a remark\n{path.read_text()}")
            await driven.press("ctrl+s")
            question = "\n".join(str(each.visual) for each in driven.app.screen.query("Static"))
            assert "Only its layout or comments." in question
            await driven.press("down", "enter", "ctrl+s")
            assert path.read_text().startswith("# a remark\n")
            assert 'target_system = "CSS02"' in path.read_text()

    async def test_it_is_gone(self, open_workbench: Open, library: Path) -> None:
        async with open_workbench("dev") as driven:
            await self.edit(driven)
            (library / "dev.toml").unlink()
            await driven.press("ctrl+s")
            question = "\n".join(str(each.visual) for each in driven.app.screen.query("Static"))
            assert "The file is gone." in question

    async def test_it_is_no_profile_any_more(self, open_workbench: Open, library: Path) -> None:
        async with open_workbench("dev") as driven:
            await self.edit(driven)
            (library / "dev.toml").write_text("<<<<<<< ours\n")
            await driven.press("ctrl+s")
            question = "\n".join(str(each.visual) for each in driven.app.screen.query("Static"))
            assert "cannot be read as a profile" in question


async def test_what_a_file_of_the_pod_says_is_shown_and_taken_over(open_workbench: Open, library: Path) -> None:
    (library / "pod.csv").write_text("name,url\nConnector01,https://soa.pick.example/v2\nNew,https://new.example/x\n")
    async with open_workbench("dev", size=(120, 40)) as driven:
        before = driven.session.document.to_bytes()
        await driven.press("D")
        await wait_for_chooser(driven)
        await driven.type("read out")
        await driven.press("enter")
        await wait_for_chooser(driven)
        await driven.type("pod.csv")
        await driven.press("enter")
        await shown(driven, lambda: driven.screen == "DifferenceScreen" and len(driven.lines()) == 2)
        rows = driven.lines()
        assert "Connector01" in rows[0], rows
        assert "v2" in rows[0], rows
        await driven.press("b")
        assert driven.session.value(URL) == "https://soa.pick.example/v2"
        assert "drift accepted, as in pod.csv" in driven.shown("#help")
        await driven.press("b")
        assert driven.session.value(("connectors", 1, "name")) == "New"
        assert driven.lines() == []
        await driven.press("ctrl+z", "ctrl+z")
        assert driven.session.document.to_bytes() == before
