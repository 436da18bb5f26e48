"""The review on the screen: it fills while it runs, what hurts first, and keys are answered meanwhile."""

import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.widgets import Static

from omtui.practice.lessons import LESSONS
from omtui.practice.practice import Practice, running
from omtui.practice.profiles import BROKEN, DEV, write_profiles
from omtui.service.progress import state_of
from omtui.service.reviewing import last_states
from omtui.service.workspace import Workspace
from omtui.setup.catalogue import BY_STEP
from omtui.topology.words import WORDS
from omtui.workbench.app import Workbench
from omtui.workbench.keymap import keymap
from omtui.workbench.review_words import ending_bar, level_of, sparkline
from omtui.workbench.screens.review import ReviewScreen
from omtui.workbench.terminal import Terminal as Looks
from tests.terminal import Terminal
from tests.workbench.conftest import Driven, Open


@pytest.fixture(scope="module")
def practice() -> Iterator[Practice]:
    with running() as started:
        yield started


@pytest.fixture
def library(practice: Practice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample profiles; state and configuration in folders of their own."""
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    folder = tmp_path / "library"
    write_profiles(practice, folder)
    return folder


def screen_of(driven: Driven) -> ReviewScreen:
    """The review in front."""
    assert isinstance(driven.app.screen, ReviewScreen)
    return driven.app.screen


async def until(driven: Driven, holds: Callable[[], bool], seconds: float = 40.0) -> None:
    """Let the workbench go on until something is so."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came to that"
        await driven.pilot.pause(0.02)


@asynccontextmanager
async def review_of(open_workbench: Open, profile: str, size: tuple[int, int] = (100, 40)) -> AsyncIterator[Driven]:
    async with open_workbench(profile, size=size) as driven:
        await driven.press("g", "6", "v")
        yield driven


async def test_all_endpoints_are_listed_before_any_was_probed(open_workbench: Open) -> None:
    async with review_of(open_workbench, BROKEN) as driven:
        assert len(driven.lines()) == len(LESSONS) + 1
        assert all("not probed yet" in line for line in driven.lines())
        assert "no probe from here can show" in driven.shown("#path")


async def test_a_review_fills_the_list_with_what_hurts_first(open_workbench: Open, library: Path) -> None:
    async with review_of(open_workbench, BROKEN) as driven:
        screen = screen_of(driven)
        await driven.press("a")
        await until(driven, lambda: bool(screen._states.results))
        assert screen.running, "the first results were shown before the last came"
        await until(driven, lambda: not screen.running)
        words = [line.split("  ")[1] for line in driven.lines()]
        severities = [WORDS[word].severity for word in words]
        assert severities == sorted(severities)
        assert sorted(words) == sorted([*(lesson.outcome for lesson in LESSONS), "credentials-required"])
        assert "46 failed, 6 warned, 1 fine" in driven.shown("#tabs")
        assert "S6-07" in {each.finding.check for each in driven.session.results}
        assert len(last_states(driven.app.workspace.state, library / f"{BROKEN}.toml")) == len(LESSONS) + 1


async def test_brackets_go_from_endpoint_to_endpoint_while_the_pane_is_read(open_workbench: Open) -> None:
    async with review_of(open_workbench, BROKEN) as driven:
        screen = screen_of(driven)
        await driven.press("f6", "]", "]", "[")
        assert screen.grid.cursor_row == 1
        assert not screen.grid.has_focus
        await driven.press("[", "[", "[")
        assert screen.grid.cursor_row == 0


async def test_r_on_step_6_runs_it(open_workbench: Open) -> None:
    async with open_workbench(DEV, size=(100, 40)) as driven:
        await driven.press("g", "6", "r")
        screen = screen_of(driven)
        await until(driven, lambda: not screen.running and bool(screen._states.results))
        assert "5 endpoints: 5 fine" in driven.shown("#tabs")


async def test_it_watches_until_it_is_stopped(open_workbench: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("omtui.workbench.screens.review.WATCH_EVERY", 0.05)
    async with review_of(open_workbench, DEV) as driven:
        screen = screen_of(driven)
        begun: list[float] = []
        probe_all = screen.do_probe_all
        monkeypatch.setattr(screen, "do_probe_all", lambda: (begun.append(time.monotonic()), probe_all()))
        await driven.press("w")
        await until(driven, lambda: len(begun) >= 3)
        await driven.press("w")
        await until(driven, lambda: not screen.running)
        assert not screen._watching
        assert screen._watch is None
        assert "5 endpoints: 5 fine" in driven.shown("#tabs")


async def test_one_and_the_failed_ones(open_workbench: Open) -> None:
    async with review_of(open_workbench, BROKEN) as driven:
        screen = screen_of(driven)
        screen.words = "refused"
        screen.fresh()
        await driven.press("o")
        await until(driven, lambda: not screen.running)
        assert set(screen._states.results) == {"Refused"}
        await driven.press("escape")
        assert len(driven.lines()) == len(LESSONS) + 1
        await driven.press("f")
        assert screen._states.waiting == {"Refused"} or not screen.running
        await until(driven, lambda: not screen.running)


async def test_a_fault_of_omtui_in_one_probe_is_shown_as_its_outcome(
    open_workbench: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise LookupError("no such thing")

    monkeypatch.setattr("omtui.topology.wsdl.Body.document", fails)
    async with review_of(open_workbench, BROKEN) as driven:
        screen = screen_of(driven)
        for name in ("Wrong content type", "Refused"):
            screen.words = name.casefold()
            screen.fresh()
            await driven.press("o")
            await until(driven, lambda: not screen.running)
            await driven.press("escape")
        outcomes = {name: result.verdict.outcome for name, result in screen._states.results.items()}
        assert outcomes == {"Wrong content type": "cancelled", "Refused": "refused"}
        await open_detail(driven, "Wrong content")
        assert "LookupError in test_review.py" in str(driven.app.screen.query_one("#page Static").visual)  # type: ignore[attr-defined]


async def test_it_is_cancelled_and_keeps_what_was_finished(open_workbench: Open) -> None:
    async with review_of(open_workbench, BROKEN) as driven:
        screen = screen_of(driven)
        await driven.press("a")
        await until(driven, lambda: len(screen._states.results) > 5)
        await driven.press("c")
        await until(driven, lambda: not screen.running, seconds=5)
        assert 5 < len(screen._states.results) < len(LESSONS)
        assert "not known" in driven.shown("#tabs")
        assert "ended before all" in driven.shown("#help")


async def test_leaving_ends_it(open_workbench: Open) -> None:
    async with review_of(open_workbench, BROKEN) as driven:
        screen = screen_of(driven)
        await driven.press("a")
        await until(driven, lambda: len(screen._states.results) > 5)
        await driven.press("escape")
        live = screen._live
        assert live is not None
        assert not live.running


async def test_filters(open_workbench: Open) -> None:
    async with review_of(open_workbench, BROKEN) as driven:
        screen = screen_of(driven)
        await driven.press("a")
        await until(driven, lambda: not screen.running)
        await driven.press("s", "s")
        assert len(driven.lines()) == 6
        assert "warnings only" in driven.shown("#tabs")
        await driven.press("escape", "/")
        await driven.type("certificate")
        await driven.press("enter")
        assert all("certificate" in line.casefold() for line in driven.lines())
        await driven.press("escape")
        assert len(driven.lines()) == len(LESSONS) + 1


async def open_detail(driven: Driven, name: str) -> None:
    """Everything about the endpoint that a word filters out."""
    await driven.press("/")
    await driven.type(name)
    await driven.press("enter", "enter")
    await until(driven, lambda: driven.screen == "TextWindow")


async def test_detail_shows_phases_certificates_and_history(open_workbench: Open) -> None:
    async with review_of(open_workbench, DEV, (120, 60)) as driven:
        screen = screen_of(driven)
        await driven.press("a")
        await until(driven, lambda: not screen.running)
        await driven.press("a")
        await until(driven, lambda: not screen.running)
        await open_detail(driven, "OrderImport")
        text = str(driven.app.screen.query_one("#page Static").visual)  # type: ignore[attr-defined]
        for word in ("resolve", "connect", "tls ", "http ", "wsdl ", "days left", "Names", "127.0.0.1", "createOrders"):
            assert word in text, word
        assert "History" in text
        assert "✓✓" in text


@pytest.mark.parametrize("width", [60, 80, 120])
async def test_long_values_of_the_detail_stay_in_their_column(open_workbench: Open, width: int) -> None:
    async with review_of(open_workbench, DEV, (width, 60)) as driven:
        screen = screen_of(driven)
        await driven.press("a")
        await until(driven, lambda: not screen.running)
        await open_detail(driven, "OrderImport")
        page = driven.app.screen.query_one("#page")

        def fits() -> bool:
            lines = str(page.query_one(Static).visual).split("\n")
            first = next(number for number, line in enumerate(lines) if line.startswith("  Trusted by"))
            end = next(number for number in range(first + 1, len(lines)) if not lines[number].startswith(" " * 17))
            text = "".join(line[17:] for line in lines[first:end])
            room = page.scrollable_content_region.width
            return "practice-root.pem" in text and all(len(line) < room for line in lines[first:end])

        await until(driven, fits)


async def test_last_states_are_there_when_it_is_opened_again(open_workbench: Open) -> None:
    async with review_of(open_workbench, DEV) as driven:
        screen = screen_of(driven)
        await driven.press("a")
        await until(driven, lambda: not screen.running)
        await driven.press("escape", "v")
        await until(driven, lambda: "5 fine" in driven.shown("#tabs"))
        assert "as of" in driven.shown("#tabs")


async def test_what_changed_since_the_review_before(open_workbench: Open, library: Path) -> None:
    async with review_of(open_workbench, DEV) as driven:
        screen = screen_of(driven)

        async def changes() -> str:
            await driven.press("d")
            await until(driven, lambda: driven.screen == "TextWindow")
            text = str(driven.app.screen.query_one("#page Static").visual)  # type: ignore[attr-defined]
            await driven.press("escape")
            return text

        assert "no two reviews" in await changes()
        for _ in range(2):
            await driven.press("a")
            await until(driven, lambda: not screen.running)
        assert "found as before" in await changes()
        path = library / f"{DEV}.toml"
        path.write_text(path.read_text() + '\n[[topology.endpoints]]\nname = "Printer"\nhost = "127.0.0.1"\nport = 1\n')
        await driven.press("escape", "escape")
        await until(driven, lambda: "Printer" in str(driven.session.data))
        await driven.press("v", "a")
        await until(driven, lambda: not screen_of(driven).running and bool(screen_of(driven)._states.results))
        assert "new      Printer: not there → refused" in await changes()


async def test_the_tasks_show_the_last_review(open_workbench: Open) -> None:
    async with review_of(open_workbench, BROKEN, size=(140, 40)) as driven:
        assert state_of(driven.session, BY_STEP["6"]).findings != "46 failed"
        await driven.press("a")
        await until(driven, lambda: not screen_of(driven).running and bool(screen_of(driven)._states.results))
        state = state_of(driven.session, BY_STEP["6"])
        assert "46 failed" in state.contents
        assert driven.session.last_review is not None
        assert len(driven.session.last_review.failed) == 46


async def test_it_is_written_to_a_file(open_workbench: Open, tmp_path: Path) -> None:
    async with review_of(open_workbench, DEV) as driven:
        screen = screen_of(driven)
        await driven.press("a")
        await until(driven, lambda: not screen.running)
        await driven.press("e", "ctrl+u")
        await driven.type(str(tmp_path / "review.html"))
        await driven.press("enter")
        assert (tmp_path / "review.html").read_text().startswith("<!DOCTYPE")


async def test_two_thousand_endpoints_leave_the_keys_free(tmp_path: Path, library: Path, practice: Practice) -> None:
    lines = ['schema = 1\n[profile]\nname = "many"\nenvironment = "practice"\n[topology]\n']
    lines += [
        f'[[topology.endpoints]]\nname = "E{n}"\nhost = "127.0.0.1"\nport = {practice.pod_port}\n'
        f'protocol = "https"\npath = "/{n}"\n'
        for n in range(2000)
    ]
    (library / "many.toml").write_text("".join(lines))
    app = Workbench(Workspace(library), Looks(mouse=False), keymap({}), profile="many")
    async with app.run_test(size=(100, 40)) as pilot:
        driven = Driven(app, pilot)
        await pilot.pause()
        await driven.press("g", "6", "v")
        screen = screen_of(driven)
        assert screen.grid.row_count == 2000
        await driven.press("a")
        await until(driven, lambda: len(screen._states.results) > 20)
        before = screen.grid.cursor_row
        await driven.press("down", "down")
        assert screen.grid.cursor_row == before + 2 or not screen.running
        await driven.press("c")
        await until(driven, lambda: not screen.running)


class TestWords:
    @pytest.mark.parametrize("ascii_only", [False, True])
    def test_a_sparkline(self, ascii_only: bool) -> None:
        line = sparkline([1.0, None, 5.0, 10.0], ascii_only=ascii_only)
        assert len(line) == 4
        assert line[1] == " "
        assert line.isascii() == ascii_only
        assert sparkline([], ascii_only=ascii_only) == sparkline([None, 0.0], ascii_only=ascii_only) == ""

    @pytest.mark.parametrize("ascii_only", [False, True])
    def test_the_bar_of_a_certificate(self, ascii_only: bool) -> None:
        full = "#" if ascii_only else "█"
        ends = (-12, 1, 183, 365, 4000)
        bars = [ending_bar(days * 86_400.0, 0.0, ascii_only=ascii_only) for days in ends]
        assert [bar.count(full) for bar in bars] == [0, 1, 14, 26, 26]
        assert {len(bar) for bar in bars} == {26}
        assert all(bar.isascii() == ascii_only for bar in bars)

    def test_every_outcome_has_a_level(self) -> None:
        assert {level_of(word) for word in WORDS} == {"error", "warning", "fine"}


def test_in_a_real_terminal(open_terminal: Callable[..., Terminal], library: Path) -> None:
    terminal = open_terminal("omtui", "--library", str(library), BROKEN, size=(110, 40))
    terminal.wait_for("Manage Task Types")
    terminal.press("g", "6", "v")
    terminal.wait_for("not probed yet")
    terminal.press("a")
    terminal.wait_for("46 failed, 6 warned, 1 fine", 30)
    assert "refuses connections" in terminal.text()
    terminal.press("enter")
    terminal.wait_for("Phases")
    terminal.press("escape")
    terminal.wait_until_quiet()
    terminal.press("ctrl+q")
    assert terminal.wait_for_exit(5) == 0
    assert terminal.modes_left_on() == []


def test_the_demo_in_a_real_terminal(open_terminal: Callable[..., Terminal]) -> None:
    terminal = open_terminal("omtui", "demo", size=(110, 40))
    terminal.wait_for(DEV, 20)
    terminal.press("down", "enter")
    terminal.wait_for("Manage Task Types")
    terminal.press("g", "6", "r")
    terminal.wait_for("5 endpoints: 5 fine", 30)
    terminal.press("ctrl+q")
    assert terminal.wait_for_exit(10) == 0


def test_quitting_in_its_middle_ends_at_once(open_terminal: Callable[..., Terminal], library: Path) -> None:
    terminal = open_terminal("omtui", "--library", str(library), BROKEN, size=(110, 40))
    terminal.wait_for("Manage Task Types")
    terminal.press("g", "6", "r")
    terminal.wait_for("running:")
    terminal.press("ctrl+q")
    assert terminal.wait_for_exit(4) == 0
