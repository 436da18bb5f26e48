"""Reviews from other machines next to what is seen from here."""

import time
from pathlib import Path

from omtui.topology.probe_history import EndpointState
from omtui.workbench.screens.machines import MachinesScreen
from omtui.workbench.screens.review import ReviewScreen
from tests.topology.test_side_by_side import result, written
from tests.workbench.conftest import Driven, Open

CONNECTOR = {"host": "soa.pick.example", "url": "https://soa.pick.example/orders", "caller": "fusion"}


def state(**more: object) -> EndpointState:
    """How the connector was found from here."""
    known = {"name": "Connector01", "host": "soa.pick.example", "port": 443, "url": "https://soa.pick.example/orders",
             "at": time.time() - 60, "outcome": "refused", "faults": ("refused",), "ok": False, "warned": False,
             "message": "It refuses.", "advice": "", "milliseconds": 1.0, "certificate_ends": None,
             "used_by": ()}  # fmt: skip
    return EndpointState(**{**known, **more})  # type: ignore[arg-type]


def from_dmz(library: Path, outcome: str, name: str = "dmz-1", **more: object) -> Path:
    started = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return written(library, name, started, result("Connector01", outcome, **{**CONNECTOR, **more}), file=f"{name}.json")


async def reviewed(driven: Driven, seen: EndpointState) -> None:
    """The review, with something known from here."""
    await driven.press("g", "6", "v")
    screen = driven.app.screen
    assert isinstance(screen, ReviewScreen)
    await screen.workers.wait_for_complete()
    screen._states.before = {seen.name: seen}
    screen.fresh()


async def choose(driven: Driven, key: str, row: int) -> None:
    """Ask for a file and take one that is offered."""
    await driven.press(key)
    await driven.until(lambda: driven.screen == "Chooser")
    await driven.press(*["down"] * row, "enter")


async def test_a_review_from_the_dmz_next_to_what_is_seen_from_here(open_workbench: Open, library: Path) -> None:
    from_dmz(library, "ok")
    async with open_workbench("dev", size=(120, 40)) as driven:
        await reviewed(driven, state())
        await choose(driven, "m", 0)
        await driven.until(lambda: driven.screen == "MachinesScreen")
        assert [line.split("  ")[1:4] for line in driven.lines()] == [["Connector01", "refused", "ok"]]
        assert driven.shown("#help") == "refused from here, answers from dmz-1"
        assert "1 differ" in driven.shown("#tabs")
        await driven.press("enter")
        assert driven.screen == "TextWindow"
        assert "It refuses." in driven.shown("#text")
        await driven.press("escape", "e")
        await driven.until(lambda: driven.screen == "Ask")
        await driven.press("ctrl+u")
        await driven.type(str(library / "machines.md"))
        await driven.press("enter")
        await driven.until(lambda: (library / "machines.md").exists())
        assert "refused from here, answers from dmz-1" in (library / "machines.md").read_text()


async def test_another_is_added_and_what_is_no_such_review_is_said(open_workbench: Open, library: Path) -> None:
    from_dmz(library, "ok", "a-jump")
    (library / "broken.json").write_text("{}")
    async with open_workbench("dev", size=(120, 40)) as driven:
        await reviewed(driven, state())
        names = ["a-jump.json", "broken.json"]
        await driven.press("m")
        await driven.until(lambda: driven.screen == "Chooser")
        order = [next(name for name in [*names, "Another"] if name in line) for line in driven.lines()]
        await driven.press("escape")
        await choose(driven, "m", order.index("broken.json"))
        await driven.until(lambda: "is no review of one profile" in driven.shown("#help"))
        assert driven.screen == "ReviewScreen"
        await choose(driven, "m", order.index("a-jump.json"))
        await driven.until(lambda: driven.screen == "MachinesScreen")
        await choose(driven, "a", order.index("a-jump.json"))
        await driven.until(lambda: "is named twice" in driven.shown("#help"))
        screen = driven.app.screen
        assert isinstance(screen, MachinesScreen)
        assert len(screen._made) == 2


async def test_a_former_address_is_not_seen_from_here(open_workbench: Open, library: Path) -> None:
    from_dmz(library, "ok", "dmz\x1b[31m", expect="http\x1b[2J")
    async with open_workbench("dev", size=(80, 24)) as driven:
        await reviewed(driven, state(url="https://soa.pick.example/former"))
        await choose(driven, "m", 0)
        await driven.until(lambda: driven.screen == "MachinesScreen")
        assert [line.split("  ")[1:3] for line in driven.lines()] == [["Connector01", "ok"]]
        assert "\x1b" not in driven.shown("#path")
        await driven.press("enter")
        assert "is expected" in driven.shown("#text")
        assert "\x1b" not in driven.shown("#text")


async def test_a_review_of_another_profile_is_refused(open_workbench: Open, library: Path) -> None:
    path = from_dmz(library, "ok")
    path.write_text(path.read_text().replace('"profile": "dev"', '"profile": "prod"'))
    async with open_workbench("dev", size=(120, 40)) as driven:
        await reviewed(driven, state())
        await choose(driven, "m", 0)
        await driven.until(lambda: "a review of prod, not of dev" in driven.shown("#help"))
