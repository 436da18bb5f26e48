"""No key ends the program but quit, and no key changes anything but one that edits."""

import asyncio
import importlib
import pkgutil
import re
import shutil
from collections import deque
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.content import Content
from textual.dom import DOMNode

import omtui.workbench
from omtui.rehearsal.job import RequestWay
from omtui.service.comparing import State
from omtui.service.handing_over import Arriving, look, read_arrived
from omtui.service.session import Session
from omtui.service.workspace import Workspace
from omtui.setup.catalogue import TABLES, TASKS
from omtui.topology.side_by_side import MadeReview, SeenEndpoint, SideBySide, side_by_side
from omtui.workbench.actions import BY_NAME, at_home
from omtui.workbench.app import Workbench
from omtui.workbench.keymap import keymap
from omtui.workbench.orders_in_hand import OrdersInHand
from omtui.workbench.screens.base import WorkScreen
from omtui.workbench.screens.dialogs import TextWindow
from omtui.workbench.screens.difference import DifferenceScreen
from omtui.workbench.screens.importing import ImportScreen
from omtui.workbench.screens.machines import MachinesScreen
from omtui.workbench.screens.mapping import MappingScreen
from omtui.workbench.screens.promotion import PromotionScreen
from omtui.workbench.screens.record import RecordScreen
from omtui.workbench.screens.rehearsal import RehearsalColumnsScreen, RehearsalLinesScreen
from omtui.workbench.terminal import Terminal
from tests.thorough import THOROUGH
from tests.workbench.conftest import Driven, Open

SAMPLES = Path(__file__).parents[2] / "profiles"
NESTED = (
    ("task_types", 0, "statuses", 0),
    ("task_types", 0, "tasks", 0),
    ("orchestration_processes", 0, "steps", 1),
    ("routing_rules", 0, "when", "all", 0),
    ("routing_rules", 0, "then", 0),
)
Show = Callable[[Workbench], object]
ORDERS = SAMPLES / "changes.csv"
WAY = RequestWay("Invoice", "(cannot-evaluate)")


def OVERVIEW(app: Workbench) -> None:  # noqa: N802
    """It is there."""


@pytest.fixture
def samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample profiles as a library; every host of theirs is this machine, where nothing listens."""
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.delenv("TMUX", raising=False)
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "profiles"
    shutil.copytree(SAMPLES, folder)
    hosts: dict[str, str] = {}
    for path in folder.glob("vision-*.toml"):
        here = lambda found: hosts.setdefault(found.group(), f"127.0.1.{len(hosts) + 1}")  # noqa: E731
        path.write_text(re.sub(r"\b[\w.-]+\.example\b", here, path.read_text()))
    return folder


def screens(session: Session) -> Iterator[tuple[str, Show]]:
    """Every kind of screen of a profile with a name, and what shows it from the overview."""
    yield "overview", OVERVIEW
    for task in TASKS:
        yield f"step {task.step}", lambda app, step=task.step: app.show_step(step)  # type: ignore[misc]
    for table in TABLES.values():
        path = (table.path,) if table.single else (table.path, 0)
        if "." not in table.path and session.value(path):
            yield f"a record of {table.path}", lambda app, at=path: app.push_screen(RecordScreen(at))  # type: ignore[misc]
    for path in NESTED:
        yield f"{path}", lambda app, at=path: app.push_screen(RecordScreen(at))  # type: ignore[misc]
    yield "findings", Workbench.do_findings
    yield "review", Workbench.do_review
    yield "walk-through", Workbench.do_walk
    yield "history", Workbench.do_history
    yield "impact", Workbench.do_impact
    yield "rehearsal", rehearsal
    yield "lines of a rehearsal", lambda app: (rehearsal(app), app.push_screen(RehearsalLinesScreen(ORDERS, WAY)))
    yield "columns of a rehearsal", lambda app: (rehearsal(app), app.push_screen(RehearsalColumnsScreen()))
    yield "reviews of several machines", machines
    yield "credentials", Workbench.do_credentials
    yield "difference", lambda app: app.push_screen(DifferenceScreen(other(app)))
    yield "import", arrived
    yield "promotion", lambda app: app.show_promotion(session, "vision-test")
    yield "mapping", mapping


def rehearsal(app: Workbench) -> None:
    assert app.session is not None
    app.orders = OrdersInHand(app.session.path, ORDERS)
    app.do_rehearse()


def machines(app: Workbench) -> None:
    assert app.session is not None
    seen = SeenEndpoint(name="A", host="h", port=1, expect="open", outcome="refused", ok=False)
    made = [MadeReview("a.json", app.session.name, name, datetime.now(UTC), [seen]) for name in ("here", "dmz-1")]
    merged = side_by_side(made, datetime.now(UTC))
    assert isinstance(merged, SideBySide)
    app.push_screen(MachinesScreen(made, merged))


def other(app: Workbench) -> State:
    session = app.workspace.open("vision-test")
    assert isinstance(session, Session)
    return State(session.name, session.data, session.path)


def arrived(app: Workbench) -> None:
    file = read_arrived(app.workspace.library.path("vision-test"))
    found = look(app.workspace, [file])  # type: ignore[list-item]
    assert isinstance(found, Arriving)
    app.push_screen(ImportScreen(file, found))  # type: ignore[arg-type]


def mapping(app: Workbench) -> None:
    assert app.session is not None
    app.show_promotion(app.session, "vision-test")
    assert isinstance(app.screen, PromotionScreen)
    app.push_screen(MappingScreen(app.screen._promoting))


async def back_to(driven: Driven, show: Show, shown: WorkScreen | None) -> WorkScreen:
    """The screen again: what was opened on top of it is left; it is opened again when it was closed."""
    app = driven.app
    while not isinstance(app.screen, WorkScreen):
        modal = app.screen
        await driven.hit("escape")
        for _ in range(50):
            if app.screen is modal:
                await driven.settle()
        assert app.screen is not modal, f"Escape does not leave {driven.screen}"
    if shown is app.screen:
        return shown
    if app.screen.where == "library":
        app.open_profile("vision-dev")
    else:
        app.session = app.session or app.screen.opened
        while len(app.screen_stack) > 3:
            app._close_screen()
    await driven.settle()
    overview = app.screen
    show(app)
    await driven.settle()
    assert isinstance(app.screen, WorkScreen)
    assert app.screen is not overview or show is OVERVIEW, driven.shown("#help")
    return app.screen


async def offends(driven: Driven, action: str) -> bool:
    """Carry out an action and scroll what it opens; whether it changed the profile although it is no edit."""
    app = driven.app
    session = app.session
    assert session is not None
    before = session.unsaved, session.path.read_bytes()
    assert isinstance(app.screen, WorkScreen)
    app.screen.carry_out(action)
    await driven.settle()
    if isinstance(app.screen, TextWindow):
        await driven.hit("j", "end", "k", "home")
    after = session.unsaved, session.path.read_bytes()
    while session.unsaved:
        session.undo()
    return after != before and not BY_NAME[action].changes


async def offenders(folder: Path, shows: deque[tuple[str, Show]]) -> list[str]:
    """What goes wrong with any action on any of the screens; after a crash it goes on in another run."""
    found: list[str] = []
    seen: set[type] = set()
    todo: list[str] | None = None
    doing = ""
    while shows:
        app = Workbench(Workspace(folder), Terminal(mouse=False), keymap({}), profile="vision-dev")
        try:
            async with app.run_test(size=(40, 10)) as pilot:
                await pilot.pause(0)
                driven, screen = Driven(app, pilot), None
                while shows:
                    name, show = shows[0]
                    screen = await back_to(driven, show, screen)
                    if todo is None:
                        todo = actions_of(screen, seen)
                        seen.add(type(screen))
                    if not todo:
                        shows.popleft()
                        todo, screen = None, None
                        continue
                    doing = f"{todo[-1]} on {name}"
                    if await offends(driven, todo.pop()):
                        found.append(f"{doing}: the profile was changed")
        except (Exception, asyncio.CancelledError) as crash:  # noqa: BLE001 - what ends the program is looked for
            found.append(f"{doing} ({shows[0][0]}): {crash!r}")
            if todo is None:
                shows.popleft()
    return found


def actions_of(screen: WorkScreen, seen: set[type]) -> list[str]:
    """The actions of a screen but quit. What is the same code elsewhere is left to long runs."""
    names = [each.name for each in at_home(screen.where) if each.name != "quit"]
    if THOROUGH or not seen:
        return names
    if type(screen) in seen:
        return ["edit"]
    return [name for name in names if name in ("home", "help") or hasattr(screen, f"do_{name}")]


async def test_every_action_on_every_screen(samples: Path) -> None:
    session = Workspace(samples).open("vision-dev")
    assert isinstance(session, Session)
    found = await offenders(samples, deque(screens(session)))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("lines", [1, 100])
async def test_a_text_scrolls_with_every_key(open_workbench: Open, lines: int) -> None:
    async with open_workbench("dev", size=(60, 14)) as driven:
        for framed in (True, False):
            text = Content("\n".join(map(str, range(lines))))
            await driven.app.push_screen(TextWindow("A text", text, framed=framed))
            await driven.settle()
            page = driven.app.screen.query_one("#page")
            for key, back, by in (("j", "k", 1), ("down", "up", 1), ("pagedown", "pageup", 5), ("end", "home", lines)):
                await driven.hit(key)
                assert page.scroll_y >= min(by, page.max_scroll_y), key
                await driven.hit(back)
                assert page.scroll_y == 0, back


def test_every_bound_key_has_something_that_carries_it_out() -> None:
    names = [each.name for each in pkgutil.walk_packages(omtui.workbench.__path__, "omtui.workbench.")]
    classes = {
        each for name in names for each in vars(importlib.import_module(name)).values() if isinstance(each, type)
    }
    for each in classes:
        if issubclass(each, DOMNode) and each.__module__.startswith("omtui."):
            for binding in each.BINDINGS:
                assert isinstance(binding, Binding)
                name = binding.action.partition("(")[0]
                space, _, name = name.rpartition(".")
                holder = {"": each, "app": Workbench, "screen": WorkScreen}[space]
                assert hasattr(holder, f"action_{name}"), (each, binding)
